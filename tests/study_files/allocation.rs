//! Files of the study `allocation`, and of numbers of responses that differ between prompts in `policies`.

use super::{Base, right, templates};
use mode_lottery::study::allocation::{AllocationArm, Allocations, Rule};

/// The file that the tables change a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Allocation"
study = "allocation"
seed = 1
measures = ["open-shares", "prompt-price"]

[world]
kind = "dirichlet"
modes = 4
concentration = 4.0

[arms]
prompts = 50
open-share = 0.2
responses = 12
grid = { rule = ["constant", "known", "reused-pilot", "weighted-pilot"] }

[run]
replicates = 64
"#,
);

#[test]
fn arms_are_read_with_their_keys_and_their_defaults() {
    let experiment = right(BASE.0);
    let study = experiment.scenarios[0].study.downcast_ref::<Allocations>();
    let arms = study.expect("the study").arms();
    let own = |rule: Rule, later: u32| AllocationArm {
        prompts: 50,
        open_share: 0.2,
        rule,
        responses: 12,
        pilot: 3,
        later,
        pilot_weight: 0.3,
        cost_ratio: 1.0,
    };
    let expected = [
        own(Rule::Constant, 0),
        own(Rule::Known, 0),
        own(Rule::Reused, 0),
        own(Rule::Weighted, 1),
    ];
    assert_eq!(arms, expected);
    assert_eq!(templates("allocation").map(|own| own.scenarios.len()), [1, 2]);
}

#[test]
fn arms_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("open-share = 0.2", "open-share = 0.0")],
            "x.toml:13:14: open-share: 0 is out of range: a number above 0 and up to 1 is expected",
        ),
        (
            &[("\"known\"", "\"knwon\"")],
            "x.toml:15:30: rule: unknown value \"knwon\" (known: constant, known, reused-pilot, weighted-pilot; did you mean \"known\"?)",
        ),
    ]);
}

/// What no single key says; the schema cannot know it.
#[test]
fn pilots_that_leave_nothing_to_follow_are_refused_at_their_key() {
    let refused = |changes: &[(&str, &str)], message: &str| {
        let found = super::read(&BASE.changed(changes)).expect_err("it is refused");
        assert_eq!(found, message);
    };
    refused(
        &[("responses = 12", "responses = 12\npilot = 13")],
        "x.toml:15:9: pilot: 13 responses: a pilot has 2 to 12, as `responses` counts them with the later ones",
    );
    refused(
        &[("responses = 12", "responses = 12\nlater = 0")],
        "x.toml:15:9: later: 0: with fixed weights every prompt has later responses; take 1",
    );
    refused(
        &[("responses = 12", "responses = 3")],
        "x.toml:14:13: responses: 3: with fixed weights it must be above the pilot's 3",
    );
}

const POLICIES: Base = Base(
    r#"title = "Policies"
study = "policies"
seed = 1
measures = ["excess-loss"]

[world]
kind = "features"
population = 64
features = 2
modes = 3
sharp-share = 0.5
sharp-factor = 4.0

[arms]
prompts = 40
responses = 3
grid = { allocation = ["constant", "neyman"], weighting = ["prompts", "responses"] }

[run]
replicates = 8
"#,
);

#[test]
fn numbers_of_ones_own_are_read_or_refused() {
    let experiment = right(POLICIES.0);
    let kinds = &experiment.scenarios[0].study.spec().estimands;
    let gains = kinds.iter().filter(|own| own.name() == "excess-loss.allocation-gain");
    assert_eq!(gains.count(), 2, "of the two arms that allocate");
    let refused = |changes: &[(&str, &str)], message: &str| {
        let found = super::read(&POLICIES.changed(changes)).expect_err("it is refused");
        assert!(found.contains(message), "{found}");
    };
    refused(
        &[("responses = 3\n", "responses = 3\nlabels = \"exact\"\n")],
        "allocation: \"neyman\" takes responses kept at random, without `candidates`, and no exact or distilled labels",
    );
    refused(
        &[("responses = 3\n", "responses = 3\npolicy = \"network 4\"\n")],
        "allocation: \"neyman\" goes by the best policy of the family, which is known of shared and log-linear ones",
    );
    refused(
        &[("sharp-share = 0.5", "sharp-share = 1.5")],
        "x.toml:11:15: world.sharp-share: 1.5 is out of range: a number from 0 to 1 is expected",
    );
}
