//! The committed experiments on lost modes, collapse and budgets: with fewer replicates their controls are refuted, and confirmed with
//! the honest case in their place.

use mode_lottery::engine;
use mode_lottery::engine::ExactCache;
use mode_lottery::experiment::{Experiment, parse};
use mode_lottery::session::judge;

/// A committed file with one of its claims, no figures, and parts of it, each standing there once, replaced.
fn with_claim(name: &str, claim: &str, changes: &[(&str, &str)]) -> String {
    let text = changed(name, &[]);
    let (head, tables) = text.split_once("\n[[").expect("claims");
    let own = tables.split("\n[[").filter(|table| table.starts_with("claims"));
    let mut own = own.filter(|table| table.contains(&format!("name = {claim:?}\n")));
    let table = own.next().unwrap_or_else(|| panic!("no claim {claim}"));
    replaced(format!("{head}\n[[{table}"), changes)
}

/// A committed file with parts of it, each standing there once, replaced.
fn changed(name: &str, changes: &[(&str, &str)]) -> String {
    let path = format!("{}/experiments/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    replaced(text, changes)
}

fn replaced(text: String, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text, |text, (find, with)| {
        assert_eq!(text.matches(find).count(), 1, "{find:?} in {text}");
        text.replace(find, with)
    })
}

/// What a claim of a file comes out as, with so many replicates.
fn verdict(name: &str, changes: &[(&str, &str)], claim: &str, replicates: u64) -> String {
    let sets = [format!("run.replicates={replicates}")];
    let experiment: Experiment = parse(name, name, with_claim(name, claim, changes), &sets)
        .and_then(|own| own.settle(ExactCache::on_demand()))
        .unwrap_or_else(|fault| panic!("{fault}"));
    let groups: Vec<_> = experiment
        .scenarios
        .iter()
        .map(|own| engine::run(own.study.as_ref(), experiment.most_replicates()).expect("a run"))
        .collect();
    let judged = judge(&experiment, &groups);
    let found = judged.into_iter().find(|judged| judged.record.claim == claim);
    found.unwrap_or_else(|| panic!("no claim {claim}")).record.verdict
}

const RANDOM_AND_BEST: (&str, &str) = (
    r#"selector = ["random", "best", "diverse", "diverse-best"]"#,
    r#"selector = ["random", "best"]"#,
);

const ALL_SELECTORS: &str = r#"selector = ["random", "best", "diverse", "diverse-best"], responses = [1, 2, 4, 8, 16]"#;

const TWO_CONCENTRATIONS: (&str, &str) = ("[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]", "[1.0, 64.0]");

/// A claim that must be refuted, in a smaller version of its file, and confirmed with the honest case in its place.
#[track_caller]
fn control(name: &str, claim: &str, smaller: &[(&str, &str)], honest: (&str, &str), replicates: u64) {
    assert_eq!(verdict(name, smaller, claim, replicates), "refuted", "{claim}");
    let honest = [smaller, &[honest]].concat();
    assert_eq!(
        verdict(name, &honest, claim, replicates),
        "confirmed",
        "{claim}, honest"
    );
}

#[test]
fn equal_responses_of_fewer_prompts_are_no_gain_but_those_of_a_budget_are() {
    let honest = (
        "where = { total = 256, responses = 8 }",
        "where = { total = 1000, responses = 8 }",
    );
    control("mode-lottery", "more-is-better-at-equal-responses", &[], honest, 4_096);
}

#[test]
fn one_prompt_shows_few_modes_but_64_prompts_nearly_all() {
    let honest = (
        "where = { total = 1, responses = 64 }",
        "where = { total = 64, responses = 16 }",
    );
    control("mode-lottery", "one-prompt-shows-all", &[], honest, 2_048);
}

#[test]
fn rewards_that_are_noise_collapse_nothing_but_rewards_of_modes_do() {
    let honest = (
        "responses = [1, 2, 4], reward-noise = 1000 }",
        "responses = [1, 2, 4], reward-noise = 0.0 }",
    );
    control("collapse", "collapse-by-noise", &[RANDOM_AND_BEST], honest, 1_024);
}

#[test]
fn a_single_random_response_collapses_nothing_but_the_best_one_does() {
    let honest = (
        "selector = \"random\", responses = 1,",
        "selector = \"best\", responses = 1,",
    );
    control("collapse", "random-collapses", &[RANDOM_AND_BEST], honest, 1_024);
}

#[test]
fn the_diverse_selection_wins_before_the_crossover_only() {
    let honest = ("responses = 2, total = 8000 }", "responses = 2, total = 125 }");
    let smaller = [
        (ALL_SELECTORS, r#"selector = ["random", "diverse"], responses = [2]"#),
        ("[125, 500, 2000, 8000]", "[125, 8000]"),
    ];
    control("selector-budget", "diverse-always-wins", &smaller, honest, 640);
}

#[test]
fn a_budget_does_not_help_the_best_but_helps_random() {
    let honest = (
        "selector = \"best\", responses = 1, total = 8000 }",
        "selector = \"random\", responses = 1, total = 8000 }",
    );
    let smaller = [
        (ALL_SELECTORS, r#"selector = ["random", "best"], responses = [1]"#),
        ("[125, 500, 2000, 8000]", "[500, 8000]"),
    ];
    control("selector-budget", "best-falls-in-proportion", &smaller, honest, 640);
}

#[test]
fn two_responses_are_worse_than_one_where_prompts_are_cheap_and_better_where_they_are_dear() {
    let honest = (
        "where = { concentration = 1, prompt-cost = 0.25, responses = 2 }",
        "where = { concentration = 64, prompt-cost = 16, responses = 2 }",
    );
    control(
        "when-to-keep-more",
        "two-is-worse",
        &[TWO_CONCENTRATIONS],
        honest,
        2_048,
    );
}

#[test]
fn the_sixth_doubling_is_not_worth_the_first_but_the_second_nearly_is() {
    let honest = (
        "where = { response-cost = 0, responses = 32 }",
        "where = { response-cost = 0, responses = 2 }",
    );
    control("when-to-keep-more", "halving", &[TWO_CONCENTRATIONS], honest, 4_096);
}

/// The ratios that the work text states, by the closed form (1 + alpha/(2 K))/(1 + alpha/K) and by the program.
#[test]
fn what_a_doubling_leaves_is_the_stated_ratio() {
    let text = changed("when-to-keep-more", &[]);
    let experiment = parse("x", "x", text, &[]).unwrap_or_else(|fault| panic!("{fault}"));
    let free = experiment.scenarios.last().expect("the scenario with free responses");
    let column = experiment.columns.iter().position(|column| column.key == "responses");
    let column = column.expect("a column");
    let exact = |responses: f64| {
        let own = free.study.estimands().iter().find(|own| {
            let kept = own.of.shown().and_then(|arm| free.cells[arm][column].number);
            own.name() == "returns.doubling" && kept == Some(responses)
        });
        own.and_then(|own| own.exact.value())
    };
    for (responses, stated) in [
        (1.0, 0.556),
        (2.0, 0.600),
        (4.0, 0.667),
        (8.0, 0.750),
        (16.0, 0.833),
        (32.0, 0.900),
    ] {
        let found = exact(responses).expect("an exact value");
        let closed = (1.0 + 8.0 / (2.0 * responses)) / (1.0 + 8.0 / responses);
        assert!(
            (found / closed - 1.0).abs() < 1e-12 && (found - stated).abs() < 5e-4,
            "{responses}: {found}"
        );
    }
}
