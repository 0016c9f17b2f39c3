//! Owns what every key of an experiment file means: one table, from which `explain` and the schema's descriptions are made.

/// The meaning of one key.
#[derive(Debug, Clone, Copy)]
pub struct KeyDoc {
    /// Dotted path; `[]` stands for the tables of a list.
    pub path: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Type, unit and range.
    pub range: &'static str,
    /// What holds when it is absent.
    pub default: &'static str,
}

const fn key(path: &'static str, meaning: &'static str, range: &'static str, default: &'static str) -> KeyDoc {
    KeyDoc {
        path,
        meaning,
        range,
        default,
    }
}

/// Every key, in the order of a file.
pub const KEYS: &[KeyDoc] = &[
    key("title", "What the experiment shows, in one line.", "text", "required"),
    key(
        "about",
        "Prose printed beside the table: what it shows, and what would refute it.",
        "text",
        "empty",
    ),
    key(
        "study",
        "The kind of question asked. It decides which tables, measures and estimands there are.",
        "selection, training",
        "required",
    ),
    key(
        "seed",
        "Names the random streams, together with the world. Another seed gives independent draws.",
        "integer from 0",
        "required",
    ),
    key(
        "measures",
        "The statistics taken of what was kept; each has estimands of its own.",
        "selection: list of mode-mass, mode-mass-by-mode, gradient, loss; training: list of excess-nll, test-nll, reverse-kl, total-variation, entropy, missing-mode, unconverged, steps",
        "required",
    ),
    key(
        "world",
        "The data-generating mechanism, whose truth is known exactly.",
        "table",
        "required",
    ),
    key(
        "world.kind",
        "Which mechanism.",
        "dirichlet: pi(x) ~ Dirichlet(concentration * base), responses independent given the prompt; copies: the same, but each response is one common draw with `copy-probability`",
        "required",
    ),
    key(
        "world.modes",
        "Number of modes M.",
        "integer from 2 to 65535",
        "required, except with a listed base",
    ),
    key(
        "world.base",
        "Mean response distribution over modes.",
        "\"uniform\", { geometric = r } for weights proportional to r^m with r in (0, 1], or a list of positive weights",
        "\"uniform\"",
    ),
    key(
        "world.concentration",
        "alpha: how alike prompts are. V_{y|x}/V_x of every statistic, and 1/ICC - 1.",
        "number above 0",
        "required",
    ),
    key(
        "world.copy-probability",
        "World `copies` only: the probability c that a response is the prompt's common draw. Two responses then have correlation c^2 given the prompt.",
        "number from 0 to 1",
        "required in `copies`",
    ),
    key(
        "policy",
        "The policy at which gradient and loss are measured.",
        "table",
        "absent",
    ),
    key(
        "policy.theta",
        "Logits of the shared softmax at which gradient and loss are measured. A method key.",
        "\"uniform\" (all logits 0), \"optimum\" (the world's mean distribution), or a list of one number per mode",
        "\"uniform\"",
    ),
    key(
        "training",
        "Study `training`: how the policy is fitted, by full-batch gradient descent from zero logits.",
        "table",
        "the defaults of its keys",
    ),
    key(
        "training.rate",
        "Step length. A method key, as are the others of this table.",
        "number from 1e-6 to 1e3; at 2 and below the loss falls with every step",
        "1.0",
    ),
    key(
        "training.steps",
        "The most steps.",
        "integer from 1 to 10000000",
        "3000",
    ),
    key(
        "training.ridge",
        "Strength of the penalty (ridge/2) |theta|^2.",
        "number from 0 to 1e3",
        "0.0",
    ),
    key(
        "training.tolerance",
        "A fit stops once no coordinate of its gradient is beyond this; 0 stops only where the gradient is exactly 0.",
        "number from 0 to 1",
        "1e-6",
    ),
    key(
        "budget",
        "Study `training`: each arm has as many prompts as the budget buys, N_p = floor(B/(C_p + K C_r)), instead of `prompts`.",
        "table",
        "absent",
    ),
    key(
        "budget.total",
        "B: the budget, in the currency of the costs. A method key, as are the costs.",
        "number above 0",
        "required there",
    ),
    key(
        "budget.prompt-cost",
        "C_p: the cost of a prompt.",
        "number above 0",
        "required there",
    ),
    key(
        "budget.response-cost",
        "C_r: the cost of a response.",
        "number above 0",
        "required there",
    ),
    key(
        "arms",
        "The methods compared inside a scenario, on the same draws. A method key may stand here alone, for all arms, or in grid, zip or points.",
        "table",
        "required",
    ),
    key(
        "arms.prompts",
        "N_p: training prompts.",
        "integer from 1 to 4294967295; N_p times the depth of the pool stays below 2^32",
        "required",
    ),
    key(
        "arms.responses",
        "K: responses kept per prompt.",
        "integer from 1 to 1048576, at most `candidates`",
        "required",
    ),
    key(
        "arms.candidates",
        "N: candidates in a prompt's pool. With it, the variance given the pools is estimated too.",
        "integer from K to 1048576",
        "as many as are kept",
    ),
    key(
        "arms.selector",
        "Which K of the N candidates are kept.",
        "random",
        "\"random\"",
    ),
    key(
        "arms.grid",
        "Every combination of the listed values.",
        "table of lists",
        "absent",
    ),
    key(
        "arms.zip",
        "The listed values side by side: first with first, second with second.",
        "table of lists of one length",
        "absent",
    ),
    key(
        "arms.points",
        "Single arms, each a table of keys; added to those of grid and zip.",
        "list of tables",
        "absent",
    ),
    key(
        "arms.exclude",
        "Arms to leave out: those that match every key of one of these tables.",
        "list of tables of a value or a list of values",
        "absent",
    ),
    key(
        "sweep",
        "The scenarios: settings with draws of their own. Takes method keys and those that change the draws (seed, world.*).",
        "table",
        "one scenario",
    ),
    key(
        "sweep.grid",
        "Every combination of the listed values.",
        "table of lists",
        "absent",
    ),
    key(
        "sweep.zip",
        "The listed values side by side.",
        "table of lists of one length",
        "absent",
    ),
    key(
        "sweep.points",
        "Single scenarios, added to those of grid and zip.",
        "list of tables",
        "absent",
    ),
    key(
        "sweep.exclude",
        "Scenarios to leave out.",
        "list of tables of a value or a list of values",
        "absent",
    ),
    key("run", "How long to run.", "table", "required"),
    key(
        "run.replicates",
        "Independent repetitions of each scenario, rounded up to whole blocks (32 replicates in `selection`).",
        "integer from 1 to 10^12",
        "required",
    ),
    key(
        "run.quick",
        "Replicates of each scenario under `mode-lottery reproduce --quick`, never more than `run.replicates`.",
        "integer from 1 to 10^12",
        "1024",
    ),
    key(
        "claims",
        "Statements about estimands, each judged confirmed, refuted or inconclusive.",
        "list of tables",
        "none",
    ),
    key(
        "claims[].kind",
        "agrees: equals its exact value within a margin (two one-sided tests on the log ratio); at-most, at-least: does not pass a bound; sign: is positive or negative; zero: is 0 within `absolute`; monotone: falls or rises at every step along a column; ordering: lies below or above a partner row; optimum: no arm along a column is smaller than the claimed one by more than a factor. The last three compare arms of one scenario by paired differences.",
        "agrees, at-most, at-least, sign, zero, monotone, ordering, optimum",
        "required",
    ),
    key("claims[].name", "A short name for tables.", "text", "kind and number"),
    key(
        "claims[].statement",
        "The claim in words, for tables.",
        "text",
        "made from the claim",
    ),
    key(
        "claims[].estimand",
        "What the claim is about.",
        "measure.quantity: see `mode-lottery explain`",
        "required",
    ),
    key(
        "claims[].where",
        "Which rows it covers: each is a cell, and all must hold.",
        "table of columns, each with a value or a list",
        "all rows of the estimand",
    ),
    key(
        "claims[].with-exact",
        "Leave out rows without an exact value, which lie outside the range of the theory. A claim that keeps no row is refused.",
        "true, false",
        "false",
    ),
    key(
        "claims[].expect",
        "How it must come out. `refuted` makes it a negative control, which needs a positive refutation.",
        "confirmed, refuted",
        "\"confirmed\"",
    ),
    key(
        "claims[].alpha",
        "Level of its tests.",
        "number above 0 and below 0.5",
        "0.05",
    ),
    key(
        "claims[].margin",
        "agrees: the ratio to the target stays within 1/(1+margin) and 1+margin.",
        "number above 0",
        "required, or `absolute`",
    ),
    key(
        "claims[].absolute",
        "agrees: the difference from the target stays within this, for estimands that may be 0 or negative. zero: so does the estimand itself; a squared norm is judged by its score bounds.",
        "number above 0, in the estimand's unit",
        "agrees: `margin`; zero: required",
    ),
    key(
        "claims[].value",
        "agrees: the target.",
        "number",
        "the exact value of each cell",
    ),
    key(
        "claims[].bound",
        "at-most, at-least: the bound.",
        "number, in the estimand's unit",
        "required there",
    ),
    key(
        "claims[].sign",
        "sign: which one.",
        "positive, negative",
        "required there",
    ),
    key(
        "claims[].along",
        "monotone, optimum: the column whose values are compared, among rows of one scenario that are equal in all other columns.",
        "a numeric column of arms",
        "required there",
    ),
    key(
        "claims[].direction",
        "monotone: which way each step goes; ordering: on which side of its partner a row lies.",
        "monotone: decreasing, increasing; ordering: below, above",
        "required there",
    ),
    key(
        "claims[].versus",
        "ordering: columns that replace those of a row in its partner, which is equal to it in all others and in the same scenario.",
        "table of columns, each with one value",
        "required there",
    ),
    key(
        "claims[].factor",
        "ordering: the row is compared with this many times its partner, by the log ratio. For positive estimands.",
        "number above 0",
        "the difference is compared with 0",
    ),
    key(
        "claims[].at",
        "optimum: where along the column the claimed arm stands.",
        "number, or \"theory\" for the optimum that the study's theory names",
        "required there",
    ),
    key(
        "claims[].within",
        "optimum: how much larger than that of any other arm the claimed arm's estimand may be, as a share of it. For positive estimands.",
        "number above 0",
        "0.02",
    ),
    key("figures", "Figures of the estimates.", "list of tables", "none"),
    key(
        "figures[].kind",
        "line: estimates with error bars against a numeric column; heat-map: a colour per pair of columns.",
        "line, heat-map",
        "required",
    ),
    key(
        "figures[].name",
        "Name of the file, without ending.",
        "lower-case letters, digits, hyphens",
        "the experiment's name, numbered if there are several",
    ),
    key(
        "figures[].title",
        "Printed above the figure.",
        "text; $...$ sets symbols",
        "none",
    ),
    key("figures[].x", "Column on the horizontal axis.", "a column", "required"),
    key(
        "figures[].y",
        "line: the estimand on the vertical axis; heat-map: the column there.",
        "line: measure.quantity; heat-map: a column",
        "required",
    ),
    key(
        "figures[].value",
        "heat-map: the estimand shown as colour.",
        "measure.quantity",
        "required there",
    ),
    key(
        "figures[].series",
        "line: one line per value of this column.",
        "a column",
        "one line",
    ),
    key(
        "figures[].panel",
        "One panel per value of this column.",
        "a column",
        "one panel",
    ),
    key(
        "figures[].where",
        "Which rows are shown.",
        "table of columns, each with a value or a list",
        "all rows of the estimand",
    ),
    key("figures[].exact", "line: draw the exact curve.", "true, false", "false"),
    key(
        "figures[].floor",
        "line: draw the prompt floor V_x/N_p of each series.",
        "true, false",
        "false",
    ),
    key(
        "figures[].reference",
        "line: also draw the reference curve, such as the first-order law beside the exact one.",
        "true, false",
        "false",
    ),
    key(
        "figures[].optimum",
        "line: mark K*, the best number of responses for the budget (study `training`, x = responses, one scenario a panel).",
        "true, false",
        "false",
    ),
    key(
        "figures[].x-scale",
        "Scale of the horizontal axis.",
        "linear, log, log2",
        "log2 if all values are powers of two, else log if they span a factor of 20, else linear",
    ),
    key(
        "figures[].y-scale",
        "line: scale of the vertical axis.",
        "linear, log",
        "log if all values are positive and span a factor of 5, else linear",
    ),
    key(
        "figures[].centre",
        "heat-map: the value in the middle of a diverging colour map.",
        "number",
        "a sequential map",
    ),
    key(
        "figures[].width",
        "Width in print.",
        "one-column (85 mm), two-columns (178 mm)",
        "\"one-column\"",
    ),
];

/// The keys that a word or path may mean: the one with this path (`claims.kind` as well as `claims[].kind`), a method key
/// by its name in grids, a key as messages name it (`arms.grid.prompts`), or every key that ends in this word.
pub fn find(path: &str) -> Vec<&'static KeyDoc> {
    let in_grid = ["grid", "zip", "points", "exclude"]
        .iter()
        .find_map(|part| path.split_once(&format!(".{part}.")));
    if let Some(("arms" | "sweep", key)) = in_grid {
        return find(key);
    }
    let listed = path.replace("claims.", "claims[].").replace("figures.", "figures[].");
    for whole in [path, &listed, &format!("arms.{path}")] {
        if let Some(doc) = KEYS.iter().find(|doc| doc.path == whole) {
            return vec![doc];
        }
    }
    KEYS.iter()
        .filter(|doc| doc.path.rsplit('.').next() == Some(path))
        .collect()
}

/// Method keys that stand directly in `[arms]`.
pub const ARM_KEYS: [&str; 4] = ["prompts", "responses", "candidates", "selector"];

/// The keys of one study that methods are made of.
#[derive(Debug, Clone, Copy)]
pub struct StudyKeys {
    /// The study's name in files.
    pub study: &'static str,
    /// Method keys that stand directly in `[arms]`.
    pub arms: &'static [&'static str],
    /// Method keys, as they are named in grids.
    pub methods: &'static [&'static str],
}

/// The method keys of every study.
pub const STUDY_KEYS: [StudyKeys; 2] = [
    StudyKeys {
        study: "selection",
        arms: &ARM_KEYS,
        methods: &["prompts", "responses", "candidates", "selector", "policy.theta"],
    },
    StudyKeys {
        study: "training",
        arms: &["prompts", "responses", "selector"],
        methods: &[
            "prompts",
            "responses",
            "selector",
            "training.rate",
            "training.steps",
            "training.ridge",
            "training.tolerance",
            "budget.total",
            "budget.prompt-cost",
            "budget.response-cost",
        ],
    },
];

/// Keys that change the draws, as they are named in grids.
pub const DRAWS_KEYS: [&str; 6] = [
    "seed",
    "world.kind",
    "world.modes",
    "world.base",
    "world.concentration",
    "world.copy-probability",
];
