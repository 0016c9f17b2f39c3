//! Owns the reading of claims: which rows or pairs of rows each covers, and that it can be judged at all. It judges nothing.
//!
//! - `model`: validated claims, and what one says of a cell.

mod kinds;
mod left_out;
pub(super) mod model;
mod pairs;
mod range;
mod statement;

use super::rows::{Rows, select};
use super::table::RowRef;
use super::validated::Experiment;
use crate::engine::{Exact, Functional};
use crate::format::tree::Node;
use crate::format::{Fault, Origin, quoted};
pub(crate) use kinds::{ClaimKeys, read as read_keys};
use kinds::{KINDS, Pairing};
use left_out::Lost;
pub use model::{Claim, ClaimCell, ClaimKind, Direction, Expect, LeftOut, Margin, Side, Sign, Target};
use range::{Range, refuse_lost_optimum, refuse_rare_conditions, some_left};

/// The claim kinds, each with what it says of an estimand.
pub fn claim_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.name, kind.about))
}

/// Finds the rows of `[[claims]]`, whose tables are `nodes`. What is wrong with one says nothing of the others.
pub(super) fn resolve(
    keys: &[ClaimKeys],
    nodes: &[Node],
    experiment: &Experiment,
    rows: &mut Rows,
) -> Result<Vec<Claim>, Vec<Fault>> {
    let mut claims: Vec<Claim> = Vec::with_capacity(nodes.len());
    let mut faults = Vec::new();
    for (index, (keys, node)) in keys.iter().zip(nodes).enumerate() {
        match resolve_one(keys.clone(), node, index, experiment, rows) {
            Ok(claim) => {
                if let Some(earlier) = claims.iter().position(|earlier| earlier.name == claim.name) {
                    let what = format!("two claims are called {}", quoted(&claim.name));
                    let fault = Fault::new(&node.origin_of("name"), "claims.name", what);
                    faults.push(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
                }
                claims.push(claim);
            }
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => Ok(claims),
        false => Err(faults),
    }
}

fn resolve_one(
    keys: ClaimKeys,
    node: &Node,
    index: usize,
    experiment: &Experiment,
    rows: &mut Rows,
) -> Result<Claim, Fault> {
    let range = Range::new(&keys);
    let (cells, left_out) = cells(node, experiment, rows, &keys, &|row| range.holds(experiment, row))?;
    range.can_be_told(experiment, node, &cells)?;
    refuse_rare_conditions(experiment, node, &keys, &cells)?;
    let first = cells.iter().flat_map(|cell| cell.rows()).next();
    let reference = first.and_then(|row| experiment.reference(row));
    let ClaimKeys { kind, pairing, .. } = keys;
    let said = statement::statement(&kind, &pairing, &keys.estimand, reference, node);
    let statement = keys.statement.unwrap_or(said);
    Ok(Claim {
        name: keys.name.unwrap_or_else(|| format!("{}-{}", kind.name(), index + 1)),
        statement: match &left_out {
            Some(left_out) => format!("{statement} ({left_out})"),
            None => statement,
        },
        attrition: keys.attrition,
        kind,
        cells,
        expect: keys.expect,
        alpha: keys.alpha,
        noticed_at_most: keys.unconverged_at_most,
        left_out,
    })
}

/// The rows or pairs that a claim covers, each of which can be judged; rows out of range are left out, and told beside.
fn cells(
    node: &Node,
    experiment: &Experiment,
    rows: &mut Rows,
    keys: &ClaimKeys,
    in_range: &dyn Fn(RowRef) -> bool,
) -> Result<(Vec<ClaimCell>, Option<LeftOut>), Fault> {
    let origin = node.origin_of("estimand");
    let all = rows.of(experiment, &keys.estimand, &origin, "claims.estimand")?;
    let mut chosen = select(experiment, all.clone(), node, "claims")?;
    // A step joins what is left; a partner or a claimed optimum is looked for among all, so that a missing one is told.
    let mut lost = Lost::default();
    if matches!(keys.pairing, Pairing::None | Pairing::Steps { .. }) {
        chosen.retain(|&row| lost.keep([row].into_iter(), in_range));
        some_left(node, !chosen.is_empty())?;
    }
    for &row in &chosen {
        can_be_judged(experiment, row, &keys.kind, &origin)?;
    }
    let mut cells = match &keys.pairing {
        Pairing::None => chosen.into_iter().map(ClaimCell::Row).collect(),
        Pairing::Steps { along } => pairs::steps(experiment, node, &chosen, along)?,
        Pairing::Partners => pairs::partners(experiment, node, &all, &chosen)?,
        Pairing::Rivals { along, at } => pairs::rivals(experiment, node, &chosen, along, *at)?,
    };
    if let Pairing::Rivals { .. } = &keys.pairing {
        refuse_lost_optimum(experiment, node, &cells, in_range)?;
    }
    // Of what was left out before, no cell was made.
    cells.retain(|cell| lost.keep(cell.rows(), in_range));
    some_left(node, !cells.is_empty())?;
    let left_out = lost.told(experiment, cells.len());
    Ok((cells, left_out))
}

/// Refuses claims that no data could decide: no target, a ratio to 0, a test of a value that is theory alone.
fn can_be_judged(experiment: &Experiment, row: RowRef, kind: &ClaimKind, origin: &Origin) -> Result<(), Fault> {
    let (estimand, exact) = (experiment.estimand(row), experiment.exact(row));
    let refuse = |what: String| Err(Fault::new(origin, "claims.estimand", what));
    let none = matches!(exact, Exact::Undefined(_));
    match (&estimand.functional, kind) {
        (functional, _) if none || matches!(functional, Functional::TheoryOnly) && exact.is_none() => refuse(format!(
            "{} has no value at {}: leave it out by `where`, or by `with-exact`",
            estimand.name(),
            experiment.describe(row)
        )),
        (Functional::TheoryOnly, _) => refuse(format!(
            "{} is a value of theory with no estimate to judge",
            estimand.name()
        )),
        (_, ClaimKind::Agrees { target, margin }) => agreement_can_be_judged(experiment, row, *target, *margin, origin),
        (functional, ClaimKind::Monotone(_) | ClaimKind::Ordering { .. } | ClaimKind::Optimum { .. })
            if functional.compared().is_none() =>
        {
            refuse(format!(
                "{} is a squared norm, and near 0 a difference of two has no standard error to judge pairs by: \
             use `zero`, `at-most` or `at-least`",
                estimand.name()
            ))
        }
        _ => match exact {
            Exact::Is(exact) if kind.by_log_ratio() && exact <= 0.0 => refuse(format!(
                "the exact value of {} at {} is {exact}, and a ratio needs a positive one",
                estimand.name(),
                experiment.describe(row)
            )),
            _ => Ok(()),
        },
    }
}

fn agreement_can_be_judged(
    experiment: &Experiment,
    row: RowRef,
    target: Target,
    margin: Margin,
    origin: &Origin,
) -> Result<(), Fault> {
    let estimand = experiment.estimand(row);
    let refuse = |what: String| Err(Fault::new(origin, "claims.estimand", what));
    let place = || experiment.describe(row);
    match (target, margin, experiment.exact(row)) {
        (Target::Exact, _, Exact::None(why) | Exact::Undefined(why)) => refuse(format!(
            "{} has no exact value at {} ({why}): give another `target`, or leave such rows out by `where` or `with-exact`",
            estimand.name(),
            place()
        )),
        (Target::Reference, ..) if experiment.reference(row).is_none() => refuse(format!(
            "{} has no reference at {}: give another `target`, or leave such rows out by `where`",
            estimand.name(),
            place()
        )),
        (Target::Exact, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 => refuse(format!(
            "the exact value of {} at {} is {exact}, and a margin of the ratio needs a positive one: \
             use `absolute`, or leave that cell out",
            estimand.name(),
            place()
        )),
        (_, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 && estimand.functional.is_squared_norm() => {
            refuse(format!(
                "{} is 0 there by theory, so that its estimate may be below: use `absolute` instead of a margin of the ratio",
                estimand.name()
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
