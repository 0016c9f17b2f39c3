//! Owns the reading of claims: which rows or pairs of rows each covers, and that it can be judged at all. It judges nothing.
//!
//! - `kinds`: the kinds of claims, a file each; `kind`: what each has to say of itself.
//! - `model`: validated claims.

mod keys;
pub(super) mod kind;
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
use crate::format::{Fault, quoted};
pub(crate) use keys::{ClaimKeys, read as read_keys};
use kind::Contrast;
pub use kind::{ClaimKind, KindKeys, Pairing, SCALES, Said};
use kinds::KINDS;
use left_out::Lost;
pub use model::{Claim, ClaimCell, Expect, LeftOut};
use pairs::{Axis, partners};
use range::{refuse_lost_optimum, refuse_rare_conditions, some_left};

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
    let in_range = |row| range::holds(&keys, experiment, row);
    let (cells, left_out) = cells(node, experiment, rows, &keys, &in_range)?;
    range::can_be_told(&keys, experiment, node, &cells)?;
    refuse_rare_conditions(experiment, node, &keys, &cells)?;
    let reference = experiment.reference(cells[0].first());
    let said = statement::statement(&keys, reference, node);
    let statement = keys.statement.unwrap_or(said);
    Ok(Claim {
        name: keys
            .name
            .unwrap_or_else(|| format!("{}-{}", keys.kind.name(), index + 1)),
        statement: match &left_out {
            Some(left_out) => format!("{statement} ({left_out})"),
            None => statement,
        },
        attrition: keys.attrition,
        kind: keys.kind,
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
    let pairing = keys.kind.pairing();
    if matches!(pairing, Pairing::None | Pairing::Steps(_)) {
        chosen.retain(|&row| lost.keep([row].into_iter(), in_range));
        some_left(node, !chosen.is_empty())?;
    }
    if let Some(what) = chosen.iter().find_map(|&row| refusal(experiment, row, &*keys.kind)) {
        return Err(Fault::new(&origin, "claims.estimand", what));
    }
    let axis = |along| Axis::new(experiment, node, &chosen, along);
    let mut cells = match pairing {
        Pairing::None => chosen.iter().copied().map(ClaimCell::Row).collect(),
        Pairing::Steps(along) => axis(along)?.steps()?,
        Pairing::Partners => partners(experiment, node, &all, &chosen)?,
        Pairing::Rivals(along, at) => axis(along)?.rivals(at)?,
    };
    if let Pairing::Rivals(..) = pairing {
        refuse_lost_optimum(experiment, node, &cells, in_range)?;
    }
    // Of what was left out before, no cell was made.
    cells.retain(|cell| lost.keep(cell.rows(), in_range));
    some_left(node, !cells.is_empty())?;
    let left_out = lost.told(experiment, cells.len());
    Ok((cells, left_out))
}

/// Why no data could decide a claim at a row: no target, a ratio to 0, a test of a value that is theory alone.
fn refusal(experiment: &Experiment, row: RowRef, kind: &dyn ClaimKind) -> Option<String> {
    let estimand = experiment.estimand(row);
    let (name, theory, place) = (estimand.name(), experiment.theory(row), || experiment.describe(row));
    match (&estimand.functional, kind.says(theory, false), theory.exact) {
        (_, _, Exact::Undefined(_)) | (Functional::TheoryOnly, _, Exact::None(_)) => Some(format!(
            "{name} has no value at {}: leave it out by `where`, or by `with-exact`",
            place()
        )),
        (Functional::TheoryOnly, ..) => Some(format!("{name} is a value of theory with no estimate to judge")),
        (functional, Said::Two(..), _) if functional.compared().is_none() => Some(format!(
            "{name} is a squared norm, and near 0 a difference of two has no standard error to judge pairs by: \
             use `zero`, `at-most` or `at-least`"
        )),
        (_, Said::Two(Contrast::LogRatio, _), Exact::Is(exact)) if exact <= 0.0 => Some(format!(
            "the exact value of {name} at {} is {exact}, and a ratio needs a positive one",
            place()
        )),
        _ => kind.refusal(estimand, theory, &place),
    }
}

#[cfg(test)]
mod tests;
