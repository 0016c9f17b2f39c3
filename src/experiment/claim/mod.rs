//! Owns validated claims: which rows or pairs of rows each covers, what it says of them, and that it can be judged at all.
//! It judges nothing.

mod kinds;
mod left_out;
mod pairs;
mod range;
pub(super) mod wire;
mod words;

use super::fault::{Fault, Origin, quoted};
use super::load::one_line;
use super::rows::{Rows, kind, select, tables};
use super::tree::Node;
use super::{Experiment, RowRef};
use crate::engine::{Exact, Functional};
use kinds::{Pairing, Read};
pub use left_out::LeftOut;
use left_out::Lost;
use range::{Range, refuse_lost_optimum, refuse_rare_conditions, some_left};
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
            estimand.name(),
            experiment.describe(row)
        )),
        (Functional::ExactOnly, _) => refuse(format!(
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
        _ => match estimand.exact {
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
    match (target, margin, estimand.exact) {
        (Target::Exact, _, Exact::None(why)) => refuse(format!(
            "{} has no exact value at {} ({why}): give another `target`, or leave such rows out by `where` or `with-exact`",
            estimand.name(),
            place()
        )),
        (Target::Reference, ..) if estimand.reference.is_none() => refuse(format!(
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
