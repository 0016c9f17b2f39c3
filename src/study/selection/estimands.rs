//! Owns what the study estimates, with the exact value of each.
//!
//! With X the statistic of one replicate, t its truth and R replicates: the variance is R/(R-1) (mean|X-t|^2 -
//! |mean(X-t)|^2), the trace of the covariance matrix for a vector; bias^2 is |mean(X-t)|^2 less the variance of
//! the mean; EMSE is mean|X-t|^2. What compares two arms takes them on the same draws; where no arm of the scenario is the second one,
//! there is no estimand.

use super::Method;
use super::measures::{Entry, How, Measure, VARIANCE, Where};
use super::statistic::{Place, Slots};
use super::truth::Truth;
use crate::engine::{Estimand, Exact, ExactBudget, ExactCache, Functional, Moments, Of};
use crate::study::entry::RowOf;
use crate::study::laws::{KnownLaws, Laws};
use crate::study::pools::Trained;
use crate::world::World;
use std::cell::OnceCell;
use std::collections::HashMap;

/// A row of a scenario.
pub(super) type Row = RowOf<Measure, How>;

/// The exact value of the quantity `quantity` of a measure in an arm, for a scalar or the trace of a vector; none where the measure has
/// no such quantity or part, or it compares arms.
///
/// `part` is the mode of a by-mode measure and 0 otherwise.
pub fn exact(world: &dyn World, arm: &Method, measure: Measure, quantity: &str, part: usize) -> Option<f64> {
    let (asked, mut exact_budget) = (|| std::iter::once(arm.pool.asked()), ExactBudget::default());
    let mut laws = Laws::new(world, asked(), &mut exact_budget);
    laws.ask_crossings(world, asked(), &mut exact_budget);
    let entry = measure
        .entries()
        .iter()
        .find(|own| own.kind.quantity.name == quantity)?;
    let laws = laws.known(&ExactCache::on_demand());
    let truth = Truth::of(world, &laws, arm, measure.own());
    match part < truth.parts() {
        true => entry.exact(world, &laws, arm, &truth, part)?.value(),
        false => None,
    }
}

impl Entry {
    /// The exact value in an arm of which theory knows the truth; none where the arm is compared with none.
    pub fn exact(
        &self,
        world: &dyn World,
        laws: &KnownLaws<'_>,
        arm: &Method,
        truth: &Truth,
        part: usize,
    ) -> Option<Exact> {
        let (other, ratio) = match self.asked.how {
            How::One { exact, .. } => return Some(truth.exact(arm, exact, part)),
            How::Two { other, ratio } => (other(world, arm)?, ratio),
        };
        let variance = |arm: &Method, truth: &Truth| truth.exact(arm, VARIANCE, part);
        let beside = Truth::of(world, laws, &other, Measure::Returns.own());
        Some(match (variance(arm, truth), variance(&other, &beside)) {
            (Exact::Is(own), Exact::Is(other)) => Exact::Is(ratio(own, other)),
            (Exact::Pending, _) | (_, Exact::Pending) => Exact::Pending,
            (none, Exact::Is(_)) | (_, none) => none,
        })
    }
}

/// The arms of a scenario, where what compares two finds the second.
pub(super) struct Beside<'a> {
    world: &'a dyn World,
    arms: &'a [Method],
    /// The first that keeps at random, by how many prompts and responses and the policy that sees them.
    at_random: OnceCell<HashMap<(u32, u32, String), usize>>,
    /// The first of each canonical text.
    by_text: OnceCell<HashMap<String, usize>>,
}

impl<'a> Beside<'a> {
    pub fn new(world: &'a dyn World, arms: &'a [Method]) -> Self {
        Self {
            world,
            arms,
            at_random: OnceCell::new(),
            by_text: OnceCell::new(),
        }
    }

    /// The arms that an estimand of the arm at `index` is a function of; none where the arm does not have it.
    pub fn of(&self, how: &How, index: usize) -> Option<Of> {
        let (arm, pool) = (&self.arms[index], &self.arms[index].pool);
        let versus = match how {
            How::One { of: Where::Every, .. } => return Some(Of::Arm(index)),
            How::One { of: Where::Pools, .. } => {
                return (pool.choice.is_random() && pool.candidates.is_some()).then_some(Of::Arm(index));
            }
            // All of a pool is kept alike by every selector.
            How::One { of: Where::Erring, .. } => return self.errs().then_some(Of::Arm(index)),
            How::One {
                of: Where::Choosing, ..
            } => return (self.errs() && !pool.choice.is_random()).then_some(Of::Arm(index)),
            How::One {
                of: Where::BesideUnbiased,
                ..
            } if self.errs() => None,
            How::One {
                of: Where::Beside | Where::BesideUnbiased,
                ..
            } => match pool.choice.is_random() || pool.responses == pool.depth() {
                true => None,
                false => self.at_random().get(&seen(arm)).copied(),
            },
            How::One { of: Where::Bought, .. } if pool.choice.is_random() || self.errs() => None,
            How::One { of: Where::Bought, .. } => self.bought_at_random(arm),
            How::Two { other, .. } => self.by_text().get(&other(self.world, arm)?.canonical()).copied(),
        };
        versus.map(|versus| Of::Contrast { arm: index, versus })
    }

    /// Whether some responses are wrong.
    fn errs(&self) -> bool {
        self.world.target() != self.world.mean()
    }

    fn at_random(&self) -> &HashMap<(u32, u32, String), usize> {
        let random = |own: &(usize, &Method)| own.1.pool.choice.is_random();
        self.at_random.get_or_init(|| {
            let arms = self.arms.iter().enumerate().filter(random);
            first(arms.map(|(index, arm)| (seen(arm), index)))
        })
    }

    /// The first that keeps the best number at random, and trains on each, for as much.
    fn bought_at_random(&self, arm: &Method) -> Option<usize> {
        let total = arm.pool.budget?.total;
        let best = arm.pool.random_costs()?.best_integer(&self.world.budget_components())?;
        self.arms.iter().position(|other| {
            let own = &other.pool;
            let alike = own.choice.is_random() && own.trained == Trained::Every && other.theta == arm.theta;
            let paid =
                own.budget.is_some_and(|budget| budget.total == total) && own.random_costs() == arm.pool.random_costs();
            alike && paid && u64::from(own.responses) == best
        })
    }

    fn by_text(&self) -> &HashMap<String, usize> {
        self.by_text.get_or_init(|| {
            let arms = self.arms.iter().enumerate();
            first(arms.map(|(index, arm)| (arm.canonical(), index)))
        })
    }
}

/// How much an arm keeps, and the policy that sees it.
fn seen(arm: &Method) -> (u32, u32, String) {
    (arm.pool.prompts, arm.pool.responses, arm.theta.canonical())
}

/// The first of each key.
fn first<K: Eq + std::hash::Hash>(all: impl Iterator<Item = (K, usize)>) -> HashMap<K, usize> {
    let mut first = HashMap::new();
    for (key, index) in all {
        first.entry(key).or_insert(index);
    }
    first
}

/// The estimand of a row that is a function of the arms `of`, whose slots of this measure are where `slots` says.
pub(super) fn estimand<'a>(
    row: &Row,
    of: Of,
    beside: &Beside<'a>,
    laws: &KnownLaws<'_>,
    truth: &Truth,
    slots: impl Fn(usize) -> &'a Slots,
) -> Option<Estimand> {
    let (world, arm, own) = (beside.world, &beside.arms[row.arm], slots(row.arm));
    let other = match of {
        Of::Contrast { versus, .. } => Some(versus),
        _ => None,
    };
    let versus = other.map(&slots);
    let place = Place {
        arm,
        slots: own,
        versus,
        other: other.map(|other| &beside.arms[other]),
        law: truth.law(arm, row.place),
        target: world.target(),
        at_random: truth.at_random(),
    };
    Some(Estimand {
        kind: &row.entry.kind,
        of,
        at: row
            .entry
            .kind
            .at
            .map(|_| row.place.to_string().into())
            .unwrap_or_default(),
        functional: match row.entry.asked.how {
            How::One { functional, .. } => functional(&place, moments(row.measure, arm, own, row.place)),
            How::Two { ratio, .. } => {
                let (own, other) = (own.whole(), versus?.whole());
                Functional::smooth(move |means| ratio(own.variance(means), other.variance(means)))
            }
        },
        exact: row.entry.exact(world, laws, arm, truth, row.place)?,
        reference: None,
        given: None,
    })
}

/// Where the moments of a statistic stand, of one mode or of the whole.
fn moments(measure: Measure, arm: &Method, slots: &Slots, part: usize) -> Moments {
    match measure.own().by_mode {
        true => Moments {
            deviation: slots.deviation.start + part..slots.deviation.start + part + 1,
            square: slots.squares.start + part,
            unit: f64::from(arm.pool.prompts) * f64::from(arm.pool.responses),
        },
        false => slots.whole(),
    }
}
