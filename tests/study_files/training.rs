//! Files of the study `training`.

use super::{Base, read, templates};

/// The file that the table changes a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "A fit"
study = "training"
seed = 1
measures = ["excess-nll", "missing-mode"]

[world]
kind = "dirichlet"
modes = 4
base = { geometric = 0.8 }
concentration = 8.0

[training]
rate = 1.0
steps = 100

[budget]
total = 1000
prompt-cost = 4.0
response-cost = 1.0

[arms]
selector = "random"
grid = { responses = [1, 2, 4, 8] }

[run]
replicates = 64
"#,
);

/// The same without a budget.
const PROMPTS: (&str, &str) = (
    "[budget]\ntotal = 1000\nprompt-cost = 4.0\nresponse-cost = 1.0\n\n[arms]",
    "[arms]\nprompts = 20",
);

const CLAIM: &str = "replicates = 64\n\n[[claims]]\nkind = \"agrees\"\nmargin = 0.1\nestimand = ";
const FIGURE: &str = "replicates = 64\n\n[[figures]]\nkind = \"line\"\nx = \"responses\"\ny = ";

#[test]
fn the_file_that_is_changed_is_right_with_a_budget_and_without() {
    assert!(read(BASE.0).is_ok());
    assert!(read(&BASE.changed(&[PROMPTS])).is_ok());
}

#[test]
fn budgets_and_descents_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("[arms]", "[arms]\nprompts = 5")],
            "x.toml:22:11: prompts: is set, but the budget decides how many prompts there are\n  x.toml:16:1: the budget",
        ),
        (
            &[("grid = { responses", "grid = { prompts = [3, 4], responses")],
            "x.toml:23:21: prompts: is set, but the budget decides how many prompts there are\n  x.toml:16:1: the budget\nx.toml:23:24: prompts: is set, but the budget decides how many prompts there are\n  x.toml:16:1: the budget",
        ),
        (
            &[(PROMPTS.0, "[arms]")],
            "x.toml:16:1: arms: neither `prompts` nor a [budget] says how many prompts there are",
        ),
        (
            &[("total = 1000", "total = 11"), ("[1, 2, 4, 8]", "[1, 8]")],
            "x.toml:17:9: budget.total: 11 buys no prompt: one with its responses costs 12\n  x.toml:23:26: responses = 8",
        ),
        (
            &[("total = 1000", "total = 1e30")],
            "x.toml:17:9: budget.total: 1000000000000000000000000000000 buys more than 4294967295 prompts, at 5 each with its responses\n  x.toml:23:23: responses = 1",
        ),
        (
            &[("total = 1000", "total = 2e10")],
            "x.toml:17:9: budget.total: 3333333333 prompts of 2 candidates are 6666666666 responses; a replicate has fewer than 2^32\n  x.toml:23:26: responses = 2",
        ),
        (
            &[PROMPTS, ("prompts = 20", "prompts = 4294967295")],
            "x.toml:17:11: prompts: 4294967295 prompts of 2 candidates are 8589934590 responses; a replicate has fewer than 2^32\n  x.toml:19:26: responses = 2",
        ),
        (
            &[("total = 1000", "total = 0")],
            "x.toml:17:9: budget.total: 0 is out of range: a number from 1e-100 to 1e100 is expected",
        ),
        (
            &[("prompt-cost = 4.0\nresponse-cost = 1.0", "prompt-cost = 0\nresponse-cost = 0")],
            "x.toml:18:15: budget.prompt-cost: prompts and responses are both free, so the budget buys any number of them: give one of them a cost above 0\n  x.toml:19:17: response-cost = 0",
        ),
        (
            &[("prompt-cost = 4.0", "prompt-cost = nan")],
            "x.toml:18:15: budget.prompt-cost: NaN is out of range: 0 or a number from 1e-100 to 1e100 is expected",
        ),
        (
            &[("response-cost = 1.0", "response-cost = -1")],
            "x.toml:19:17: budget.response-cost: -1 is out of range: 0 or a number from 1e-100 to 1e100 is expected",
        ),
        (
            &[("response-cost = 1.0\n", "")],
            "x.toml:16:1: budget: no `response-cost` says what a response costs, nor do `generation-cost` and `training-cost`",
        ),
        (
            &[("response-cost = 1.0", "response-cost = 1.0\ntraining-cost = 1.0")],
            "x.toml:19:17: budget.response-cost: is the sum of the costs of generation and training: state it, or both of them\n  x.toml:20:17: training-cost",
        ),
        (
            &[("response-cost = 1.0", "training-cost = 1.0")],
            "x.toml:19:17: budget.training-cost: is set, but no `generation-cost`: set that too, 0 if candidates are free",
        ),
        (
            &[("response-cost = 1.0", "generation-cost = 1.0")],
            "x.toml:19:19: budget.generation-cost: is set, but no `training-cost`: set that too, 0 if training is free",
        ),
        (
            &[("response-cost = 1.0", "respons-cost = 1.0")],
            "x.toml:19:1: budget: unknown key \"respons-cost\" (known: total, prompt-cost, response-cost, generation-cost, training-cost; did you mean \"response-cost\"?)",
        ),
        (
            &[("steps = 100", "steps = 0")],
            "x.toml:14:9: training.steps: 0 is out of range: an integer from 1 to 10000000 is expected",
        ),
        (
            &[("steps = 100", "steps = 1.5")],
            "x.toml:14:9: training.steps: the number 1.5 where an integer is expected",
        ),
        (
            &[("rate = 1.0", "rate = 0")],
            "x.toml:13:8: training.rate: 0 is out of range: a number from 1e-6 to 1000 is expected",
        ),
        (
            &[("rate = 1.0", "rate = nan")],
            "x.toml:13:8: training.rate: NaN is out of range: a number from 1e-6 to 1000 is expected",
        ),
        (
            &[("rate = 1.0", "rate = 1.0\nridge = -1")],
            "x.toml:14:9: training.ridge: -1 is out of range: a number from 0 to 1000 is expected",
        ),
        (
            &[("rate = 1.0", "rate = 1.0\ntolerance = 2")],
            "x.toml:14:13: training.tolerance: 2 is out of range: a number from 0 to 1 is expected",
        ),
        (
            &[("rate = 1.0", "rat = 1.0")],
            "x.toml:13:1: training: unknown key \"rat\" (known: rate, steps, ridge, tolerance, smoothing, pseudo-count; did you mean \"rate\"?)",
        ),
    ]);
}

#[test]
fn measures_and_keys_of_the_other_study_are_refused_with_those_of_this_one() {
    BASE.check(&[
        (
            &[("\"missing-mode\"", "\"mode-mass\"")],
            "x.toml:4:27: measures: unknown value \"mode-mass\" (known: excess-nll, test-nll, reverse-kl, total-variation, entropy, expected-reward, missing-mode, modes-seen, unconverged, steps)",
        ),
        (
            &[("\"missing-mode\"", "\"missing-modes\"")],
            "x.toml:4:27: measures: unknown value \"missing-modes\" (known: excess-nll, test-nll, reverse-kl, total-variation, entropy, expected-reward, missing-mode, modes-seen, unconverged, steps; did you mean \"missing-mode\"?)",
        ),
        (
            &[("[arms]", "[arms]\ncandidates = 4")],
            "x.toml:24:32: responses: K = 8 responses cannot be kept of N = 4 candidates\n  x.toml:22:14: candidates = 4",
        ),
        (
            &[("[training]", "[policy]\ntheta = \"optimum\"\n\n[training]")],
            "x.toml:12:2: unknown key \"policy\" (known: title, about, study, seed, measures, world, objective, budget, training, arms, sweep, run, claims, figures)",
        ),
        (
            &[("study = \"training\"", "study = \"selection\"")],
            "x.toml:4:13: measures: unknown value \"excess-nll\" (known: mode-mass, mode-mass-by-mode, gradient, loss, excess-quadratic, limit, wrong, returns)\nx.toml:4:27: measures: unknown value \"missing-mode\"\nx.toml:12:2: unknown key \"training\" (known: title, about, study, seed, measures, world, objective, budget, policy, arms, sweep, run, claims, figures)",
        ),
        (
            &[
                ("study = \"training\"", "study = \"selection\""),
                ("[\"excess-nll\", \"missing-mode\"]", "[\"mode-mass\"]"),
            ],
            "x.toml:12:2: unknown key \"training\" (known: title, about, study, seed, measures, world, objective, budget, policy, arms, sweep, run, claims, figures)",
        ),
    ]);
}

#[test]
fn claims_and_figures_of_what_is_not_there_are_refused_with_their_place() {
    let claim = |estimand: &str| format!("{CLAIM}{estimand:?}");
    let figure = |y: &str, keys: &str| format!("{FIGURE}{y:?}\n{keys}");
    BASE.check(&[
        (
            &[("replicates = 64", &claim("mode-mass.variance"))],
            "x.toml:31:12: claims.estimand: unknown estimand \"mode-mass.variance\", which belongs to the study \"selection\" (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean, excess-nll.three-term)",
        ),
        (
            &[("replicates = 64", &claim("excess-nll.variance"))],
            "x.toml:31:12: claims.estimand: unknown estimand \"excess-nll.variance\" (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean, excess-nll.three-term)",
        ),
        (
            &[("replicates = 64", &claim("excess-nll.vertex")), PROMPTS],
            "x.toml:27:12: claims.estimand: unknown estimand \"excess-nll.vertex\", which needs a [budget] that all arms share (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean)",
        ),
        (
            &[
                ("replicates = 64", &claim("excess-nll.vertex")),
                ("[1, 2, 4, 8]", "[1, 2, 4]"),
            ],
            "x.toml:31:12: claims.estimand: unknown estimand \"excess-nll.vertex\", which needs arms with 4 different `responses` from K*/4 to 4 K*, here 1.41421 to 22.6274, that keep at random and of which at most 1% of fits miss a mode; found 2: 2, 4 (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean)",
        ),
        (
            &[
                ("replicates = 64", &claim("excess-nll.three-term")),
                ("[1, 2, 4, 8]", "[1, 2, 4]"),
            ],
            "x.toml:31:12: claims.estimand: unknown estimand \"excess-nll.three-term\", which needs arms with 4 different `responses` that keep at random and of which at most 1% of fits miss a mode; found 3: 1, 2, 4 (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean)",
        ),
        // Two scenarios: with concentration 2, K* is half as large, and K = 1 is inside the window.
        (
            &[
                ("replicates = 64", &claim("excess-nll.vertex")),
                ("[1, 2, 4, 8]", "[1, 2, 4]"),
                (
                    "[run]",
                    "[sweep]\ngrid = { \"world.concentration\" = [8.0, 2.0] }\n\n[run]",
                ),
            ],
            "x.toml:34:12: claims.estimand: unknown estimand \"excess-nll.vertex\", which needs arms with 4 different `responses` from K*/4 to 4 K*, here 0.707107 to 11.3137, that keep at random and of which at most 1% of fits miss a mode; found 3: 1, 2, 4, in the best of 2 scenarios (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean)",
        ),
        // So few prompts that modes go missing: no exact value at all.
        (
            &[
                ("replicates = 64", &figure("excess-nll.three-term", "")),
                ("total = 1000", "total = 30"),
            ],
            "x.toml:31:5: figures.y: unknown estimand \"excess-nll.three-term\", which needs arms with 4 different `responses` that keep at random and of which at most 1% of fits miss a mode; found none (known: excess-nll.mean, excess-nll.complete, missing-mode.mean, unconverged.mean)",
        ),
        (
            &[
                ("replicates = 64", &figure("excess-nll.mean", "optimum = true")),
                PROMPTS,
            ],
            "x.toml:28:11: figures.optimum: no K* to mark: it needs a study of fits (`training`, `policies`) or `selection`, and a [budget] that all arms share",
        ),
        (
            &[("replicates = 64", &figure("missing-mode.mean", "reference = true"))],
            "x.toml:32:13: figures.reference: missing-mode.mean has no reference curve to draw",
        ),
        (
            &[("replicates = 64", &figure("excess-nll.mean", "floor = true"))],
            "x.toml:32:9: figures.floor: the prompt floor is one of variance or emse, not of excess-nll.mean\n  x.toml:31:5: the estimand",
        ),
    ]);
}

/// What a claim needs of its target and of the share of fits that it leaves out.
#[test]
fn claims_on_complete_fits_without_a_target_or_over_arms_that_leave_out_many_are_refused() {
    let claim = |kind: &str, estimand: &str, keys: &str| {
        format!("replicates = 64\n\n[[claims]]\nkind = {kind:?}\nestimand = {estimand:?}\n{keys}")
    };
    let agrees = |estimand: &str, keys: &str| claim("agrees", estimand, &format!("margin = 0.1\n{keys}"));
    let optimum = |keys: &str| {
        let keys = format!("along = \"responses\"\nat = 4\n{keys}");
        claim("optimum", "excess-nll.complete", &keys)
    };
    let few = ("total = 1000", "total = 120");
    BASE.check(&[
        (
            &[("replicates = 64", &agrees("excess-nll.mean", ""))],
            "x.toml:30:12: claims.estimand: excess-nll.mean has no exact value at responses = 1, prompts = 200 (without a ridge a fit that misses a mode has infinite excess but for its steps; `complete` leaves such fits out): give another `target`, or leave such rows out by `where` or `with-exact`",
        ),
        (
            &[("replicates = 64", &agrees("missing-mode.mean", "target = \"reference\""))],
            "x.toml:30:12: claims.estimand: missing-mode.mean has no reference at responses = 1, prompts = 200: give another `target`, or leave such rows out by `where`",
        ),
        (
            &[("replicates = 64", &agrees("excess-nll.complete", "target = \"exakt\""))],
            "x.toml:32:10: claims.target: unknown value \"exakt\" (known: exact, reference; did you mean \"exact\"?)",
        ),
        (
            &[("replicates = 64", &agrees("excess-nll.complete", "target = -1"))],
            "x.toml:32:10: claims.target: -1 is out of range: a number above 0 is expected",
        ),
        (
            &[("replicates = 64", &agrees("excess-nll.complete", "unconverged-at-most = 1.5"))],
            "x.toml:32:23: claims.unconverged-at-most: 1.5 is out of range: a number from 0 to 1 is expected",
        ),
        (
            &[("replicates = 64", &agrees("missing-mode.mean", "condition-at-least = 0.9"))],
            "x.toml:32:22: claims.condition-at-least: missing-mode.mean leaves no replicates out, so that it has no condition",
        ),
        (
            &[("replicates = 64", &agrees("excess-nll.complete", "condition-at-least = 2"))],
            "x.toml:32:22: claims.condition-at-least: 2 is out of range: a number above 0 and up to 1 is expected",
        ),
        (
            &[few, ("replicates = 64", &optimum(""))],
            "x.toml:30:12: claims.estimand: excess-nll.complete leaves out fits that miss a mode (1.4% of all at responses = 1, prompts = 24), and what seems smallest may be so for that: add `condition-at-least = 0.99`, which leaves such arms out (a smaller number keeps more of them)",
        ),
        (
            &[("total = 1000", "total = 20"), ("replicates = 64", &optimum("condition-at-least = 0.99"))],
            "x.toml:33:22: claims.condition-at-least: no row of the claim meets its condition so often, so nothing is left to judge",
        ),
    ]);
    for keys in ["condition-at-least = 0.99", "condition-at-least = 0.5"] {
        assert!(
            read(&BASE.changed(&[few, ("replicates = 64", &optimum(keys))])).is_ok(),
            "{keys}"
        );
    }
    let said = |keys: &str| {
        let text = agrees("excess-nll.three-term", keys);
        let read = read(&BASE.changed(&[("replicates = 64", &text)]));
        read.map(|experiment| experiment.claims[0].statement.clone())
    };
    assert_eq!(
        said("").unwrap(),
        "excess-nll.three-term equals its exact value within 10%"
    );
    assert_eq!(
        said("target = \"reference\"").unwrap(),
        "excess-nll.three-term equals K* within 10%"
    );
    assert_eq!(said("target = 5").unwrap(), "excess-nll.three-term equals 5 within 10%");
}

/// Free prompts make a budget a number of responses in all, free responses one of prompts.
#[test]
fn what_is_free_is_bought_as_often_as_there_is_need() {
    let prompts = |find: &str, with: &str| {
        let experiment = super::right(&BASE.changed(&[(find, with)]));
        let column = experiment.columns.iter().position(|own| own.key == "prompts").unwrap();
        let cells = experiment.scenarios[0].cells.iter();
        cells.map(|cells| cells[column].number.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(
        prompts("prompt-cost = 4.0", "prompt-cost = 0"),
        [1000.0, 500.0, 250.0, 125.0]
    );
    assert_eq!(prompts("response-cost = 1.0", "response-cost = 0"), [250.0; 4]);
}

/// Two columns of one name would leave readers of the CSV with either.
#[test]
fn stated_and_bought_prompts_stand_in_one_column() {
    let text = BASE.changed(&[
        PROMPTS,
        ("prompts = 20", "selector = \"random\""),
        ("selector = \"random\"\ngrid = { responses = [1, 2, 4, 8] }", "points = [{ prompts = 20, responses = 2 }, { responses = 4, \"budget.total\" = 1000, \"budget.prompt-cost\" = 4, \"budget.response-cost\" = 1 }]"),
    ]);
    let experiment = super::right(&text);
    let named: Vec<usize> = (0..experiment.columns.len())
        .filter(|&own| experiment.columns[own].name == "prompts")
        .collect();
    assert_eq!(named.len(), 1, "{:?}", experiment.columns);
    let cells = &experiment.scenarios[0].cells;
    assert_eq!(
        [cells[0][named[0]].number, cells[1][named[0]].number],
        [Some(20.0), Some(125.0)]
    );
    assert!(cells.iter().all(|cells| cells.len() == experiment.columns.len()));
}

#[test]
fn an_expected_reward_needs_a_world_with_rewards() {
    BASE.check(&[(
        &[("[\"excess-nll\", \"missing-mode\"]", "[\"entropy\", \"expected-reward\"]")],
        "x.toml:4:24: measures: \"expected-reward\" needs rewards, which only world.kind = \"embedded\" has\n  x.toml:7:8: the world",
    )]);
}

#[test]
fn the_template_of_training_is_right_and_so_is_what_it_offers_behind_a_mark() {
    let [plain, whole] = templates("training");
    assert_eq!(
        (plain.scenarios.len(), plain.claims.len(), plain.figures.len()),
        (1, 1, 1)
    );
    assert_eq!(plain.scenarios[0].cells.len(), 5);
    assert_eq!(whole.scenarios.len(), 2, "the sweep was uncommented");
    assert_eq!(whole.scenarios[0].cells.len(), 4, "the exclusion was uncommented");
}
