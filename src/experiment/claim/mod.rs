//! Owns validated claims: which rows or pairs of rows each covers, what it says of them, and that it can be judged at all.
//! It judges nothing.

mod kinds;
mod left_out;
mod pairs;
mod range;
mod words;

use super::rows::{Rows, select};
use super::{Experiment, RowRef};
use crate::engine::{Exact, Functional};
use crate::format::tree::Node;
use crate::format::{Fault, Origin, quoted};
pub(crate) use kinds::{ClaimKeys, read as read_keys};
use kinds::{KINDS, Pairing};
pub use left_out::LeftOut;
use left_out::Lost;
use range::{Range, refuse_lost_optimum, refuse_rare_conditions, some_left};

/// The claim kinds, each with what it says of an estimand.
pub fn claim_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.name, kind.about))
}

/// A statement about cells, each of which must hold.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Short name.
    pub name: String,
    /// The claim in words.
    pub statement: String,
    /// What is said of each cell.
    pub kind: ClaimKind,
    /// The estimand's name.
    pub estimand: String,
    /// What is covered; at least one.
    pub cells: Vec<ClaimCell>,
    /// How it must come out.
    pub expect: Expect,
    /// Level of its tests, in (0, 0.5).
    pub alpha: f64,
    /// The largest share of the replicates of an arm of which notice may be given ([`Notice`](crate::engine::Notice)), from 0 to 1:
    /// beyond it no estimand that this bars is judged.
    pub noticed_at_most: f64,
    /// What `with-exact` or `condition-at-least` left out; none where it left out nothing. The statement says it too.
    pub left_out: Option<LeftOut>,
    /// Why it may be judged although many replicates failed, in words; without it, it is not.
    pub attrition: Option<String>,
}

/// What one cell of a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimCell {
    /// One row.
    Row(RowRef),
    /// The first row compared with the second: both of one scenario, so that they share their draws.
    Pair(RowRef, RowRef),
}

impl ClaimCell {
    /// The scenario that its rows stand in.
    pub fn scenario(self) -> usize {
        let (ClaimCell::Row(row) | ClaimCell::Pair(row, _)) = self;
        row.scenario
    }

    /// The rows it looks at.
    pub fn rows(self) -> impl Iterator<Item = RowRef> {
        let (first, second) = match self {
            ClaimCell::Row(row) => (row, None),
            ClaimCell::Pair(first, second) => (first, Some(second)),
        };
        std::iter::once(first).chain(second)
    }

    /// The keys of its rows in words.
    pub fn describe(self, experiment: &Experiment) -> String {
        let rows: Vec<String> = self.rows().map(|row| experiment.describe(row)).collect();
        rows.join(" against ")
    }
}

/// What a claim says of each cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClaimKind {
    /// Equals a target within a margin.
    Agrees {
        /// The target.
        target: Target,
        /// The margin.
        margin: Margin,
    },
    /// Does not exceed a bound.
    AtMost(f64),
    /// Does not fall below a bound.
    AtLeast(f64),
    /// Has a sign.
    Sign(Sign),
    /// Is 0 within this.
    Zero(f64),
    /// The first of a pair, the next along an axis, lies on this side of the second.
    Monotone(Direction),
    /// The first of a pair lies on a side of the second.
    Ordering {
        /// Which side.
        side: Side,
        /// Of that many times the second; without it the difference is looked at.
        factor: Option<f64>,
    },
    /// The first of a pair, the claimed optimum, is above the second by no more than a factor of 1 plus this.
    Optimum {
        /// A share, such as 0.02.
        within: f64,
    },
}

impl ClaimKind {
    /// The kind's name in files.
    pub fn name(&self) -> &'static str {
        match self {
            ClaimKind::Agrees { .. } => "agrees",
            ClaimKind::AtMost(_) => "at-most",
            ClaimKind::AtLeast(_) => "at-least",
            ClaimKind::Sign(_) => "sign",
            ClaimKind::Zero(_) => "zero",
            ClaimKind::Monotone(_) => "monotone",
            ClaimKind::Ordering { .. } => "ordering",
            ClaimKind::Optimum { .. } => "optimum",
        }
    }

    /// Whether it compares pairs by the logarithm of their ratio.
    pub fn by_log_ratio(&self) -> bool {
        matches!(
            self,
            ClaimKind::Ordering { factor: Some(_), .. } | ClaimKind::Optimum { .. }
        )
    }
}

/// What `agrees` compares with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Each cell's exact value.
    Exact,
    /// Each cell's reference: a value of theory that is not exact.
    Reference,
    /// A stated number.
    Value(f64),
}

/// How far `agrees` lets an estimand be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// The ratio stays within 1/(1+m) and 1+m.
    Ratio(f64),
    /// The difference stays within this.
    Absolute(f64),
    /// The difference stays within the absolute part plus this share of the target's size: for targets of which some are near 0.
    Both {
        /// A share, such as 0.03.
        ratio: f64,
        /// In the unit of the estimand.
        absolute: f64,
    },
}

impl Margin {
    /// The margin at a target: a share for a margin of the ratio, else in the unit of the estimand.
    pub fn at(self, target: f64) -> f64 {
        match self {
            Margin::Ratio(margin) | Margin::Absolute(margin) => margin,
            Margin::Both { ratio, absolute } => absolute + ratio * target.abs(),
        }
    }
}

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Above 0.
    Positive,
    /// Below 0.
    Negative,
}

/// Which way an estimand goes along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It falls at every step.
    Decreasing,
    /// It rises at every step.
    Increasing,
}

/// A side of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Smaller.
    Below,
    /// Larger.
    Above,
}

/// How a claim must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// An ordinary claim.
    Confirmed,
    /// A negative control: it must be positively refuted.
    Refuted,
}

/// Finds the rows of `[[claims]]`, whose tables are `nodes`. What is wrong with one says nothing of the others.
pub(super) fn resolve(
    keys: Vec<ClaimKeys>,
    nodes: &[Node],
    experiment: &Experiment,
    rows: &mut Rows,
) -> Result<Vec<Claim>, Vec<Fault>> {
    let mut claims: Vec<Claim> = Vec::with_capacity(nodes.len());
    let mut faults = Vec::new();
    for (index, (keys, node)) in keys.into_iter().zip(nodes).enumerate() {
        match resolve_one(keys, node, index, experiment, rows) {
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
    let reference = first.and_then(|row| experiment.estimand(row).reference);
    let ClaimKeys { kind, pairing, .. } = keys;
    let said = words::statement(&kind, &pairing, &keys.estimand, reference, node);
    let statement = keys.statement.unwrap_or(said);
    Ok(Claim {
        name: keys.name.unwrap_or_else(|| format!("{}-{}", kind.name(), index + 1)),
        statement: match &left_out {
            Some(left_out) => format!("{statement} ({left_out})"),
            None => statement,
        },
        attrition: keys.attrition,
        kind,
        estimand: keys.estimand,
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
