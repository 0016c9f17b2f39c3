//! Costs in three parts, and one response of each mode, in files.

use super::{Base, read, right};
use mode_lottery::study::pools::Trained;
use mode_lottery::study::selection::Selection;
use mode_lottery::theory::missing::modes_seen;

/// Lines in messages count in it.
const BASE: Base = Base(
    r#"title = "Costs"
study = "selection"
seed = 1
measures = ["mode-mass"]

[world]
kind = "embedded"
modes = 4
base = [0.4, 0.3, 0.2, 0.1]
concentration = 8.0

[budget]
total = 1000
prompt-cost = 4.0
generation-cost = 0.1
training-cost = 1.0

[arms]
zip = { selector = ["random", "diverse", "random"], candidates = [8, 8, 12], responses = [4, 3, 12], train = ["every", "every", "one-per-mode"] }

[run]
replicates = 64
"#,
);

/// Random responses pay for those that are kept, another selector for its pool, and one of each mode for the training of T(N).
#[test]
fn a_budget_buys_what_is_generated_and_trained_on() {
    let experiment = right(BASE.0);
    let study = experiment.scenarios[0].study.downcast_ref::<Selection>().unwrap();
    let modes = modes_seen(&[0.4, 0.3, 0.2, 0.1], 8.0, 1, 12);
    let prices = [4.0 + 4.0 * 1.1, 4.0 + 0.8 + 3.0, 4.0 + 1.2 + modes];
    for (arm, price) in study.arms().iter().zip(prices) {
        let prompts = (1000.0 / price) as u32;
        assert_eq!(arm.pool.prompts, prompts, "{arm:?}");
        let cost = arm.pool.cost().expect("a budget");
        assert!((cost / (f64::from(prompts) * price) - 1.0).abs() < 1e-12, "{cost}");
    }
    assert_eq!(study.arms()[2].pool.trained, Trained::OnePerMode);
    assert!((2.5..4.0).contains(&modes), "{modes}");
    // The sum of both is the price of a response where nothing is generated that is not kept.
    let whole = BASE.changed(&[("generation-cost = 0.1\ntraining-cost = 1.0", "response-cost = 1.1")]);
    let experiment = read(&whole).unwrap();
    let whole = experiment.scenarios[0].study.downcast_ref::<Selection>().unwrap();
    assert_eq!(whole.arms()[0].pool.prompts, study.arms()[0].pool.prompts);
    assert_eq!(
        whole.arms()[1].pool.prompts,
        (1000.0 / (4.0 + 3.3)) as u32,
        "whatever its pool costs"
    );
}

#[test]
fn one_response_of_each_mode_that_cannot_be_is_refused_with_its_place() {
    BASE.check(&[
        (
            &[("train = [\"every\", \"every\"", "train = [\"every\", \"one-per-mode\"")],
            "x.toml:19:120: train: \"one-per-mode\" trains on one response of each mode of those kept at random: set selector = \"random\"",
        ),
        (
            &[
                ("kind = \"embedded\"", "kind = \"clusters\"\nclusters = 8\nwithin = 2.0\nbetween = 8.0"),
                ("concentration = 8.0\n", ""),
                ("\"random\", \"diverse\"", "\"random\", \"random\""),
            ],
            "x.toml:21:128: train: the world does not say how many modes a prompt's responses have, and so not what one of each costs",
        ),
    ]);
}
