//! Files of the study `alignment`.

use super::{Base, read, right, templates};
use mode_lottery::experiment::{ClaimCell, ColumnRef, Line};

/// The file that the tables change a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "A path"
study = "alignment"
seed = 1
measures = ["alignment", "path"]

[world]
kind = "embedded"
modes = 4
base = { geometric = 0.8 }
concentration = 8.0
reward = "opposed"

[path]
rate = 1.0
steps = [0, 1, 5]

[arms]
prompts = 4
candidates = 6
responses = 2
grid = { selector = ["random", "best"], "path.along" = ["own", "true"] }

[run]
replicates = 64
"#,
);

#[test]
fn rows_have_steps_as_at_and_arms_their_paths() {
    let experiment = right(BASE.0);
    let names: Vec<&str> = experiment.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["selector", "along"]);
    assert_eq!(experiment.rows().count(), 4 * 5 * 3);
    let row = experiment.rows().nth(1).unwrap();
    assert_eq!(experiment.describe(row), "selector = random, along = own, at = 1");
    let defaults = BASE.changed(&[("[path]\nrate = 1.0\nsteps = [0, 1, 5]\n", "")]);
    assert_eq!(read(&defaults).unwrap().rows().count(), 4 * 5 * 9);
}

/// The tilt of every arm; what bounds it, of arms that keep the best; where a path turns, of arms that take that of what they keep.
#[test]
fn bounds_are_of_the_best_and_turns_of_their_own_path() {
    let text = BASE.changed(&[("[\"alignment\", \"path\"]", "[\"condition\", \"turn\"]")]);
    let experiment = read(&text).unwrap();
    let rows: Vec<String> = experiment
        .rows()
        .map(|row| format!("{} {}", experiment.estimand(row).name(), experiment.describe(row)))
        .collect();
    let of = |name: &str| rows.iter().filter(|row| row.starts_with(name)).count();
    assert_eq!(
        (
            of("condition.ratio"),
            of("condition.greatest"),
            of("condition.certificate")
        ),
        (12, 6, 6)
    );
    assert_eq!((of("turn.zero"), of("turn.least"), of("turn.gap")), (2, 2, 2));
    assert!(
        rows.iter().any(|row| row == "turn.gap selector = best, along = own"),
        "{rows:?}"
    );
    assert!(
        rows.iter()
            .all(|row| !row.starts_with("turn") || row.ends_with("along = own")),
        "{rows:?}"
    );
}

#[test]
fn paths_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (&[("steps = [0, 1, 5]", "steps = []")], "x.toml:15:9: path.steps: the list is empty: nothing would be recorded"),
        (&[("steps = [0, 1, 5]", "steps = [0, 5, 1]")], "x.toml:15:16: path.steps: 1 stands after 5: list steps from low to high, each once"),
        (&[("steps = [0, 1, 5]", "steps = [0, 5, 5]")], "x.toml:15:16: path.steps: 5 stands after 5: list steps from low to high, each once"),
        (&[("steps = [0, 1, 5]", "steps = [-1, 5]")], "x.toml:15:10: path.steps: -1 is out of range: an integer from 0 to 10000 is expected"),
        (&[("steps = [0, 1, 5]", "steps = [0, 10001]")], "x.toml:15:13: path.steps: 10001 is out of range: an integer from 0 to 10000 is expected"),
        (&[("steps = [0, 1, 5]", "steps = [0.5]")], "x.toml:15:10: path.steps: the number 0.5 where an integer is expected"),
        (&[("rate = 1.0", "rate = 0")], "x.toml:14:8: path.rate: 0 is out of range: a number from 1e-6 to 1000 is expected"),
        (&[("rate = 1.0", "rate = nan")], "x.toml:14:8: path.rate: NaN is out of range: a number from 1e-6 to 1000 is expected"),
        (&[("[\"own\", \"true\"]", "[\"own\", \"truth\"]")], "x.toml:21:64: path.along: unknown value \"truth\" (known: own, true)"),
        (&[("rate = 1.0", "rates = 1.0")], "x.toml:14:1: path: unknown key \"rates\" (known: along, rate, steps; did you mean \"rate\"?)"),
        (&[("\"path.along\" = [\"own\", \"true\"]", "\"path.steps\" = [[0], [1]]")], "x.toml:21:41: arms.grid.path.steps: unknown key \"path.steps\" (known: prompts, responses, candidates, selector, train, \
             objective.reward-share, objective.reward-scale, objective.balance, objective.similarity, objective.threshold, objective.ties, \
             budget.total, budget.prompt-cost, budget.response-cost, budget.generation-cost, budget.training-cost, path.along, path.rate)"),
    ]);
}

#[test]
fn measures_tables_and_pools_of_other_studies_are_refused() {
    BASE.check(&[
        (&[("[\"alignment\", \"path\"]", "[\"gradient\"]")], "x.toml:4:13: measures: unknown value \"gradient\" (known: alignment, path, condition, turn)"),
        (&[("[\"alignment\", \"path\"]", "[\"path\", \"path\"]")], "x.toml:4:21: measures: \"path\" stands here twice"),
        (&[("[path]\nrate", "[training]\nrate")], "x.toml:13:2: unknown key \"training\" (known: title, about, study, seed, measures, world, objective, budget, \
             path, arms, sweep, run, claims, figures)"),
        (&[("candidates = 6\n", "")], "x.toml:20:32: selector: \"best\" chooses among candidates: set `candidates`, how many a prompt has"),
        (&[("prompts = 4\n", "")], "x.toml:17:1: arms: neither `prompts` nor a [budget] says how many prompts there are"),
        (&[("prompts = 4", "prompts = 4294967295")], "x.toml:18:11: prompts: 4294967295 prompts of 6 candidates are 25769803770 responses; a replicate has fewer than 2^32\n  x.toml:19:14: candidates = 6"),
    ]);
}

fn with(part: &str) -> String {
    format!("{}\n{part}", BASE.0)
}

#[test]
fn claims_compare_steps_and_figures_have_them_on_the_axis() {
    let claim = "[[claims]]\nkind = \"monotone\"\nestimand = \"path.excess-nll\"\nalong = \"at\"\ndirection = \"increasing\"\n\
                 where = { selector = \"best\", at = [0, 5] }\n";
    let figure =
        "[[figures]]\nkind = \"line\"\nx = \"at\"\ny = \"path.excess-nll\"\nseries = \"selector\"\npanel = \"along\"\n";
    let experiment = read(&with(&format!("{claim}{figure}"))).unwrap();
    let steps =
        |cell: &ClaimCell| -> Vec<String> { cell.rows().map(|row| experiment.estimand(row).at.to_string()).collect() };
    let pairs: Vec<Vec<String>> = experiment.claims[0].cells.iter().map(steps).collect();
    assert_eq!(pairs, [["5", "0"], ["5", "0"]], "one pair on each path");
    let Some(line) = experiment.figures[0].view.of::<Line>() else {
        panic!("a line")
    };
    assert_eq!(line.x, ColumnRef::At);
    let two = read(&with(&figure.replace("panel = \"along\"\n", ""))).unwrap_err();
    assert!(two.contains("two rows would be drawn in one place"), "{two}");
    let log = read(&with(&format!("{figure}x-scale = \"log\"\n"))).unwrap_err();
    assert_eq!(
        log,
        "x.toml:32:11: figures.x-scale: at = 0 has no place on a logarithmic axis: \"log1p\" has one for 0"
    );
    assert!(read(&with(&format!("{figure}x-scale = \"log1p\"\n"))).is_ok());
}

#[test]
fn claims_that_nothing_could_decide_are_refused() {
    let angle = "[[claims]]\nkind = \"sign\"\nsign = \"positive\"\nestimand = \"alignment.cosine\"\n";
    let text = with(angle).replace("[0, 1, 5]", "[0, 5000]");
    assert_eq!(
        read(&text).err().unwrap_or_default(),
        "x.toml:29:12: claims.estimand: alignment.cosine has no value at selector = random, along = own, at = 5000: \
         leave it out by `where`, or by `with-exact`"
    );
    assert!(read(&format!("{text}with-exact = true\n")).is_ok());
    let pair = "[[claims]]\nkind = \"ordering\"\ndirection = \"above\"\nestimand = \"alignment.misalignment\"\n\
                versus = { selector = \"random\" }\nwhere = { selector = \"best\" }\n";
    assert_eq!(
        read(&with(pair)).err().unwrap_or_default(),
        "x.toml:29:12: claims.estimand: alignment.misalignment is a squared norm, and near 0 a difference of two has no \
         standard error to judge pairs by: use `zero`, `at-most` or `at-least`"
    );
    assert!(
        read(&with(&pair.replace("misalignment", "cosine"))).is_ok(),
        "which is no norm"
    );
}

#[test]
fn the_template_is_right_and_so_is_what_it_offers() {
    let [plain, swept] = templates("alignment");
    assert_eq!((plain.scenarios.len(), swept.scenarios.len()), (1, 2));
}
