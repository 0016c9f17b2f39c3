//! Owns the estimated best K of a budget, by two routes over the arms of a scenario.
//!
//! Mean excess x cost is proportional to (V_x + V_{y|x}/K)(C_p + K C_r) = a + b K + c/K: symmetric in ln K about ln K*, with
//! a vertex there. A parabola in ln K is fitted in a window symmetric about K* (over a lopsided one the next even terms
//! would pull its vertex); the three terms themselves are fitted over all arms, and sqrt(c/b) is their minimum.

use super::complete::complete_share;
use super::curve::{OfPoints, Point};
use super::measures::{Entry, How, Measure, Slots};
use super::{Budget, FitArm};
use crate::engine::{Estimand, EstimandKind, Exact, Functional, Of, Reference};
use crate::inference::groups::Means;
use crate::numerics::text::short;
use crate::study::Lack;
use crate::world::World;
use std::sync::Arc;

/// The share of fits that miss a mode up to which an arm belongs to the estimated best K: beyond it, leaving such fits out shows
/// in what is compared.
pub const RARE: f64 = 0.01;

/// How far the parabola's window reaches on either side of K*, as a ratio.
pub const WINDOW: f64 = 4.0;

/// Different K that a fit of three coefficients needs, so that one is left to err by.
pub const FEWEST_RESPONSES: usize = 4;

/// What the optimum by theory is called.
pub const BEST: &str = "K*";

/// The budget that all arms share.
pub(super) fn shared_budget(arms: &[FitArm]) -> Option<Budget> {
    Budget::shared(arms.iter().map(|arm| arm.pool.budget))
}

/// What the arms of one budget bring to the estimated best K.
#[derive(Debug, Clone, PartialEq)]
pub struct BestK {
    /// K*, by theory; infinite where prompts do not differ.
    pub best: f64,
    /// The different K of arms that keep at random and of which few fits miss a mode, ascending: those of `three-term`.
    pub known: Vec<u32>,
    /// Those of them from K*/4 to 4 K*: those of `vertex`.
    pub window: Vec<u32>,
}

impl BestK {
    /// What the arms lack of what a fit of this kind needs; none of other estimands.
    pub(super) fn lack(&self, kind: &EstimandKind) -> Option<Lack> {
        let entries = Measure::ExcessNll.entries();
        let own = entries.iter().find(|own| own.kind.name == kind.name)?;
        let (found, place) = match own.asked.how {
            How::Best { windowed: true, .. } => {
                let ends = [self.best / WINDOW, self.best * WINDOW].map(short);
                let place = format!(" from K*/{WINDOW} to {WINDOW} K*, here {},", ends.join(" to "));
                (&self.window, place)
            }
            How::Best { .. } => (&self.known, String::new()),
            How::Mean | How::Complete => return None,
        };
        let ks: Vec<String> = found.iter().map(u32::to_string).collect();
        let told = match ks.len() {
            0 => "none".to_owned(),
            n => format!("{n}: {}", ks.join(", ")),
        };
        Some(Lack {
            has: found.len(),
            words: format!(
                "arms with {FEWEST_RESPONSES} different `responses`{place} that keep at random and of which at most {}% of fits \
                 miss a mode; found {told}",
                short(100.0 * RARE)
            ),
        })
    }
}

/// What these arms bring; none without a budget that all share.
pub(super) fn best_k(world: &dyn World, arms: &[FitArm]) -> Option<BestK> {
    let budget = shared_budget(arms)?;
    let best = budget.costs.best_responses(&world.budget_components());
    // Of responses that copy each other K* is another.
    // Smoothed fits lose another mean.
    let known = arms
        .iter()
        .filter(|arm| world.concentration().is_some() && arm.smoothing == 0.0);
    let known = known.filter(|arm| complete_share(world, arm).is_some_and(|share| share >= 1.0 - RARE));
    let mut known: Vec<u32> = known.map(|arm| arm.pool.responses).collect();
    known.sort_unstable();
    known.dedup();
    // The edges themselves belong to it, whatever K* was rounded to.
    let inside = |k: &u32| {
        let k = f64::from(*k);
        k >= best / WINDOW * 0.999 && k <= best * WINDOW * 1.001
    };
    let window = known.iter().copied().filter(inside).collect();
    Some(BestK { best, known, window })
}

/// The fits of the best K: none without a shared budget, or with too few arms for one.
pub(super) fn fits(world: &dyn World, arms: &[FitArm]) -> Vec<Arc<BestFit>> {
    let Some(own) = best_k(world, arms) else {
        return Vec::new();
    };
    let of = |entry: &'static Entry| {
        let How::Best { windowed, of_points } = entry.asked.how else {
            return None;
        };
        let ks = if windowed { &own.window } else { &own.known };
        // The list ascends.
        let arms = arms.iter().enumerate();
        let arms = arms.filter(|(_, arm)| arm.smoothing == 0.0 && ks.binary_search(&arm.pool.responses).is_ok());
        let points = arms.filter_map(|(index, arm)| {
            Some(Point {
                responses: f64::from(arm.pool.responses),
                cost: arm.pool.cost()?,
                arm: index,
            })
        });
        (ks.len() >= FEWEST_RESPONSES).then(|| {
            Arc::new(BestFit {
                entry,
                best: own.best,
                of_points,
                points: points.collect(),
            })
        })
    };
    Measure::ExcessNll.entries().iter().filter_map(of).collect()
}

/// One way to estimate the best K, and the arms that it rests on.
pub(super) struct BestFit {
    /// What it estimates.
    pub entry: &'static Entry,
    best: f64,
    of_points: OfPoints,
    points: Vec<Point>,
}

impl BestFit {
    /// The estimand, whose exact value follows from the exact `means` of arms.
    pub fn estimand(self: &Arc<Self>, means: &[Exact], slots: Slots) -> Estimand {
        let own = self.clone();
        let measured = move |means: &Means<'_>| {
            let excess = |arm| means.mean(slots.complete_excess(arm)) / means.mean(slots.complete(arm));
            let points = own.points.iter().map(|&point| (point, excess(point.arm)));
            (own.of_points)(&points.collect::<Vec<_>>(), own.best)
        };
        Estimand {
            kind: &self.entry.kind,
            of: Of::Arms(self.points.iter().map(|point| point.arm).collect()),
            at: Default::default(),
            functional: Functional::Smooth(Box::new(measured)),
            exact: self.exact(means),
            reference: self.best.is_finite().then_some(Reference {
                value: self.best,
                name: BEST,
            }),
            given: None,
        }
    }

    /// The same function of the exact means.
    pub fn exact(&self, means: &[Exact]) -> Exact {
        let mut known = Vec::new();
        for &point in &self.points {
            match means[point.arm] {
                Exact::Is(excess) => known.push((point, excess)),
                other => return other,
            }
        }
        let found = Some((self.of_points)(&known, self.best)).filter(|found| found.is_finite());
        Exact::or_none(found, "the curve through the exact means of these arms has no minimum")
    }
}

impl std::fmt::Debug for BestFit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BestFit({}, {:?})", self.entry.kind.name, self.points)
    }
}
