//! Owns which of its rows a claim leaves out by what theory says of them, and the refusal of comparisons that what is left out
//! would decide.

use super::keys::ClaimKeys;
use super::kind::Pairing;
use super::model::ClaimCell;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::tree::Node;
use crate::numerics::text::{float, short};

/// How often the arms of an optimum must meet the condition of a conditional estimand, where the claim says nothing else.
const OFTEN: f64 = 0.99;

/// The key that says so.
const KEY: &str = "condition-at-least";

/// Whether a claim looks at a row.
pub(super) fn holds(keys: &ClaimKeys, experiment: &Experiment, row: RowRef) -> bool {
    let exact = !keys.with_exact || !experiment.exact(row).is_none();
    // What is not known is refused later, not left out.
    let often = |least: f64| share(experiment, row).is_none_or(|share| share >= least);
    exact && keys.condition_at_least.is_none_or(often)
}

/// Refuses a least share of what has no condition, or one that theory does not know.
pub(super) fn can_be_told(
    keys: &ClaimKeys,
    experiment: &Experiment,
    node: &Node,
    cells: &[ClaimCell],
) -> Result<(), Fault> {
    if keys.condition_at_least.is_none() {
        return Ok(());
    }
    let mut rows = cells.iter().flat_map(|cell| cell.rows());
    let Some(row) = rows.find(|&row| share(experiment, row).is_none()) else {
        return Ok(());
    };
    let (name, place) = (experiment.estimand(row).name(), experiment.describe(row));
    let what = match experiment.estimand(row).given {
        None => format!("{name} leaves no replicates out, so that it has no condition"),
        Some(_) => format!(
            "how often replicates meet the condition of {name} is not known by theory at {place}: leave that row out by `where`"
        ),
    };
    Err(Fault::new(&node.origin_of(KEY), format!("claims.{KEY}"), what))
}

/// How often replicates meet the condition of a row, by theory.
fn share(experiment: &Experiment, row: RowRef) -> Option<f64> {
    experiment.scenarios[row.scenario].study.condition_share(row.estimand)
}

/// Refuses a claim of which no row is left.
pub(super) fn some_left(node: &Node, any: bool) -> Result<(), Fault> {
    if any {
        return Ok(());
    }
    let (key, what) = match (node.get("with-exact").is_some(), node.get(KEY).is_some()) {
        (false, true) => (KEY, "no row of the claim meets its condition so often"),
        (true, true) => (
            "with-exact",
            "no row of the claim has an exact value and meets its condition so often",
        ),
        _ => ("with-exact", "no row of the claim has an exact value"),
    };
    let what = format!("{what}, so nothing is left to judge");
    Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
}

/// Refuses an optimum whose claimed arm is left out while others that it is compared with are not: they would go with it.
pub(super) fn refuse_lost_optimum(
    experiment: &Experiment,
    node: &Node,
    cells: &[ClaimCell],
    in_range: &dyn Fn(RowRef) -> bool,
) -> Result<(), Fault> {
    let lost = |cell: &ClaimCell| match *cell {
        ClaimCell::Pair(claimed, rival) if !in_range(claimed) && in_range(rival) => Some(claimed),
        _ => None,
    };
    let Some(claimed) = cells.iter().find_map(lost) else {
        return Ok(());
    };
    let what = format!(
        "the claimed arm, {}, is left out by `with-exact` or `{KEY}`, and others of its scenario are not: claim another, or \
         leave its scenario out by `where`",
        experiment.describe(claimed)
    );
    Err(Fault::new(&node.origin_of("at"), "claims.at", what))
}

/// Refuses an optimum over arms of which some often leave replicates out: the smallest may be so for what it leaves out.
pub(super) fn refuse_rare_conditions(
    experiment: &Experiment,
    node: &Node,
    keys: &ClaimKeys,
    cells: &[ClaimCell],
) -> Result<(), Fault> {
    if !matches!(keys.kind.pairing(), Pairing::Rivals(..)) || keys.condition_at_least.is_some() {
        return Ok(());
    }
    let rows = cells.iter().flat_map(|cell| cell.rows());
    let shares = rows.filter_map(|row| Some((row, share(experiment, row)?)));
    let rarest = shares.min_by(|a, b| a.1.total_cmp(&b.1));
    let Some((row, least)) = rarest.filter(|(_, least)| *least < OFTEN) else {
        return Ok(());
    };
    let left_out = experiment.scenarios[row.scenario].study.left_out(row.estimand);
    let what = format!(
        "{} leaves out {} ({}% of all at {}), and what seems smallest may be so for that: add `{KEY} = {}`, which leaves such \
         arms out (a smaller number keeps more of them)",
        experiment.estimand(row).name(),
        left_out.map_or("replicates", |words| words.who),
        short((1000.0 * (1.0 - least)).round() / 10.0),
        experiment.describe(row),
        float(OFTEN)
    );
    Err(Fault::new(&node.origin_of("estimand"), "claims.estimand", what))
}
