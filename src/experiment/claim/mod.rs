//! Owns validated claims: which rows or pairs of rows each covers, what it says of them, and that it can be judged at all.
//! It judges nothing.

mod kinds;
mod left_out;
mod pairs;
mod range;
mod spec;
pub(super) mod wire;
mod words;

use super::check::one_line;
use super::fault::{Fault, Origin, quoted};
use super::rows::{Rows, kind, select, tables};
use super::tree::Node;
use super::{Experiment, RowRef};
use crate::engine::{Exact, Functional};
use kinds::{Pairing, Read};
use left_out::Lost;
use range::{Range, refuse_lost_optimum, refuse_rare_conditions, some_left};
pub use spec::{Claim, ClaimCell, ClaimKind, Direction, Expect, LeftOut, Margin, Side, Sign, Target};
use wire::WireExpect;

/// The level of tests where a claim names none.
const ALPHA: f64 = 0.05;

/// The share of an arm's fits that may not have converged where a claim names none.
const UNCONVERGED: f64 = 0.01;

/// The claim kinds, each with what it says of an estimand.
pub const CLAIM_KINDS: [(&str, &str); 8] = [
    (
        "agrees",
        "equals its exact value, its reference or a number, within a margin",
    ),
    ("at-most", "does not exceed a bound"),
    ("at-least", "does not fall below a bound"),
    ("sign", "is positive, or negative"),
    (
        "zero",
        "is 0 within a stated amount (a squared norm: by its score bound)",
    ),
    (
        "monotone",
        "falls, or rises, at every step along a column, on the same draws",
    ),
    (
        "ordering",
        "lies below, or above, that of a partner row, on the same draws",
    ),
    (
        "optimum",
        "is nowhere along a column smaller than at a stated arm by more than a factor, on the same draws",
    ),
];

impl ClaimCell {
    /// The keys of its rows in words.
    pub fn describe(self, experiment: &Experiment) -> String {
        let rows: Vec<String> = self.rows().map(|row| experiment.describe(row)).collect();
        rows.join(" against ")
    }
}

/// Reads `[[claims]]`.
pub(super) fn read(root: &Node, experiment: &Experiment, rows: &mut Rows) -> Result<Vec<Claim>, Fault> {
    let nodes = tables(root, "claims")?;
    let mut claims: Vec<Claim> = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        let claim = read_one(node, index, experiment, rows)?;
        if let Some(earlier) = claims.iter().position(|earlier| earlier.name == claim.name) {
            let what = format!("two claims are called {}", quoted(&claim.name));
            let fault = Fault::new(&node.origin_of("name"), "claims.name", what);
            return Err(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
        }
        claims.push(claim);
    }
    Ok(claims)
}

fn read_one(node: &Node, index: usize, experiment: &Experiment, rows: &mut Rows) -> Result<Claim, Fault> {
    let word = kind(node, "claims", &CLAIM_KINDS.map(|(name, _)| name))?;
    let read = kinds::read(word, node)?;
    let alpha = read.common.alpha.unwrap_or(ALPHA);
    if !(alpha > 0.0 && alpha < 0.5) {
        let what = format!("{alpha} is out of range: a number above 0 and below 0.5 is expected");
        return Err(Fault::new(&node.origin_of("alpha"), "claims.alpha", what));
    }
    let unconverged = read.common.unconverged_at_most.unwrap_or(UNCONVERGED);
    let noticed_at_most = kinds::share(node, "unconverged-at-most", unconverged, 0.0..=1.0)?;
    let range = Range::read(node, &read.common)?;
    let (cells, left_out) = cells(node, experiment, rows, &read, &|row| range.holds(experiment, row))?;
    range.can_be_told(experiment, node, &cells)?;
    refuse_rare_conditions(experiment, node, &read, &cells)?;
    let first = cells.iter().flat_map(|cell| cell.rows()).next();
    let reference = first.and_then(|row| experiment.estimand(row).reference);
    let Read { common, kind, pairing } = read;
    let given = |key: &str, text: Option<String>| {
        text.map(|text| one_line(node, key, &format!("claims.{key}"), text))
            .transpose()
    };
    let said = words::statement(&kind, &pairing, &common.estimand, reference, node);
    let statement = given("statement", common.statement)?.unwrap_or(said);
    Ok(Claim {
        name: given("name", common.name)?.unwrap_or_else(|| format!("{}-{}", kind.name(), index + 1)),
        statement: match &left_out {
            Some(left_out) => format!("{statement} ({left_out})"),
            None => statement,
        },
        attrition: given("attrition", common.attrition)?,
        kind,
        estimand: common.estimand,
        cells,
        expect: match common.expect {
            WireExpect::Confirmed => Expect::Confirmed,
            WireExpect::Refuted => Expect::Refuted,
        },
        alpha,
        noticed_at_most,
        left_out,
    })
}

/// The rows or pairs that a claim covers, each of which can be judged; rows out of range are left out, and told beside.
fn cells(
    node: &Node,
    experiment: &Experiment,
    rows: &mut Rows,
    read: &Read,
    in_range: &dyn Fn(RowRef) -> bool,
) -> Result<(Vec<ClaimCell>, Option<LeftOut>), Fault> {
    let origin = node.origin_of("estimand");
    let all = rows.of(experiment, &read.common.estimand, &origin, "claims.estimand")?;
    let mut chosen = select(experiment, all.clone(), node, "claims")?;
    // A step joins what is left; a partner or a claimed optimum is looked for among all, so that a missing one is told.
    let mut lost = Lost::default();
    if matches!(read.pairing, Pairing::None | Pairing::Steps { .. }) {
        chosen.retain(|&row| lost.keep([row].into_iter(), in_range));
        some_left(node, !chosen.is_empty())?;
    }
    for &row in &chosen {
        can_be_judged(experiment, row, &read.kind, &origin)?;
    }
    let mut cells = match &read.pairing {
        Pairing::None => chosen.into_iter().map(ClaimCell::Row).collect(),
        Pairing::Steps { along } => pairs::steps(experiment, node, &chosen, along)?,
        Pairing::Partners => pairs::partners(experiment, node, &all, &chosen)?,
        Pairing::Rivals { along, at } => pairs::rivals(experiment, node, &chosen, along, *at)?,
    };
    if let Pairing::Rivals { .. } = &read.pairing {
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
    let estimand = experiment.estimand(row);
    let refuse = |what: String| Err(Fault::new(origin, "claims.estimand", what));
    match (&estimand.functional, kind) {
        (Functional::ExactOnly, _) if estimand.exact.is_none() => refuse(format!(
            "{} has no value at {}: leave it out by `where`, or by `with-exact`",
            estimand.name,
            experiment.describe(row)
        )),
        (Functional::ExactOnly, _) => refuse(format!(
            "{} is a value of theory with no estimate to judge",
            estimand.name
        )),
        (_, ClaimKind::Agrees { target, margin }) => agreement_can_be_judged(experiment, row, *target, *margin, origin),
        (functional, ClaimKind::Monotone(_) | ClaimKind::Ordering { .. } | ClaimKind::Optimum { .. })
            if functional.compared().is_none() =>
        {
            refuse(format!(
                "{} is a squared norm, and near 0 a difference of two has no standard error to judge pairs by: \
             use `zero`, `at-most` or `at-least`",
                estimand.name
            ))
        }
        _ => match estimand.exact {
            Exact::Is(exact) if kind.by_log_ratio() && exact <= 0.0 => refuse(format!(
                "the exact value of {} at {} is {exact}, and a ratio needs a positive one",
                estimand.name,
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
    match (target, margin, estimand.exact) {
        (Target::Exact, _, Exact::None(why)) => refuse(format!(
            "{} has no exact value at {} ({why}): give another `target`, or leave such rows out by `where` or `with-exact`",
            estimand.name,
            place()
        )),
        (Target::Reference, ..) if estimand.reference.is_none() => refuse(format!(
            "{} has no reference at {}: give another `target`, or leave such rows out by `where`",
            estimand.name,
            place()
        )),
        (Target::Exact, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 => refuse(format!(
            "the exact value of {} at {} is {exact}, and a margin of the ratio needs a positive one: \
             use `absolute`, or leave that cell out",
            estimand.name,
            place()
        )),
        (_, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 && estimand.functional.is_squared_norm() => {
            refuse(format!(
                "{} is 0 there by theory, so that its estimate may be below: use `absolute` instead of a margin of the ratio",
                estimand.name
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
