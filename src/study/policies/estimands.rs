//! Owns what the study estimates of fits, and what theory says of it.

use super::measures::{How, Measure, Order, Statistic};
use super::optimum::{Known, Optima};
use super::{Labels, PolicyArm, Prompts, minibatch};
use crate::engine::{Estimand, Exact, ExactCache, Functional, Of, Reference};
use crate::inference::groups::Means;
use crate::policy::Batch;
use crate::study::entry::RowOf;
use crate::theory::budget::Budget;

/// A row of a scenario. Of a number of theory the arm is the first with its policy.
pub(super) type Row = RowOf<Measure, How>;

/// The largest decay that leaves what theory says of fits without one as it is.
const NEGLIGIBLE_DECAY: f64 = 1e-5;

/// Why a mean has no exact value.
const FINITE_DATA: &str = "of fits to finitely many data theory has expansions at most";

/// Why a number of theory is not exact.
const BEST_OF_EIGHT: &str = "best of eight trained on the population";

/// What theory says of rows, as far as the best policies are known.
pub(super) struct Told<'a> {
    pub prompts: &'a Prompts,
    pub arms: &'a [PolicyArm],
    pub measures: &'a [Measure],
    pub optima: &'a Optima,
    /// None before anything is worked out.
    pub known: Option<&'a ExactCache>,
}

impl Told<'_> {
    /// Every row, in order, and what is estimated there.
    pub fn rows(&self) -> (Vec<Row>, Vec<Estimand>) {
        let mut found = Vec::new();
        for arm in 0..self.arms.len() {
            for &measure in self.measures {
                for entry in measure.entries() {
                    let rows = Row::at(arm, measure, entry, 1);
                    found.extend(rows.filter_map(|row| Some((self.estimand(&row)?, row))));
                }
            }
        }
        found.into_iter().map(|(estimand, row)| (row, estimand)).unzip()
    }

    /// The slot of an arm's measure.
    fn slot(&self, arm: usize, measure: Measure) -> usize {
        // Cannot be absent because rows are of measures asked for.
        let place = self.measures.iter().position(|own| *own == measure).unwrap_or(0);
        arm * self.measures.len() + place
    }

    /// What is estimated at a row; none where the arm has no such number.
    fn estimand(&self, row: &Row) -> Option<Estimand> {
        let (index, arm) = (row.arm, &self.arms[row.arm]);
        let slot = self.slot(index, row.measure);
        let (of, functional) = match (&row.entry.asked.how, row.measure.own()) {
            (How::Mean, Statistic::Fit(_, true)) if !arm.training.may_converge() => return None,
            (How::Mean, Statistic::Minibatch) if arm.training.batch == Batch::Full => return None,
            (How::Mean, Statistic::Fit(_, true)) => (Of::Arm(index), Functional::Proportion(slot)),
            (How::Mean, _) => (Of::Arm(index), Functional::smooth(move |means| means.mean(slot))),
            (&How::Over(order), _) => (Of::Arm(index), self.over(index, slot, order)?),
            (How::NoiseShare, _) => self.noise_share(index)?,
            (How::OfPolicy(_), _) => (self.all_of_policy(index)?, Functional::TheoryOnly),
            (How::Saturation, _) => self.saturation(index, row.measure)?,
            (How::OfBudget(..), _) => {
                self.budget()?;
                (self.all_of_policy(index)?, Functional::TheoryOnly)
            }
        };
        Some(Estimand {
            reference: self.reference(row),
            ..Estimand::new(&row.entry.kind, of, functional, self.exact(row))
        })
    }

    /// The mean as a multiple of an expansion.
    fn over(&self, arm: usize, slot: usize, order: Order) -> Option<Functional> {
        let (own, optimum, population) = (self.arms[arm], self.optima.shared(arm)?, self.prompts.finite());
        own.has_expansion().then(|| {
            Functional::smooth(move |means| {
                let expected = own.expansion(optimum.known(), population, order);
                means.mean(slot) / expected.unwrap_or(f64::NAN)
            })
        })
    }

    /// (L(K) - L(exact labels))/(L(1) - L(exact labels)), where there are such arms.
    fn noise_share(&self, arm: usize) -> Option<(Of, Functional)> {
        let own = &self.arms[arm];
        let equal = |other: &PolicyArm| own.differs_by_labels_from(other);
        let kept = |other: &PolicyArm| other.labels == Labels::Responses && other.pool.responses == 1;
        if own.labels == Labels::Exact || kept(own) {
            return None;
        }
        let one = self.arms.iter().position(|other| equal(other) && kept(other))?;
        let limit = self
            .arms
            .iter()
            .position(|other| equal(other) && other.labels == Labels::Exact)?;
        let slots = [arm, one, limit].map(|arm| self.slot(arm, Measure::ExcessLoss));
        let share = move |means: &Means<'_>| {
            let [own, one, limit] = slots.map(|slot| means.mean(slot));
            (own - limit) / (one - limit)
        };
        let others = vec![one, limit];
        Some((Of::Beside { arm, others }, Functional::smooth(share)))
    }

    /// (m(K) - m(K/2))/(m(2) - m(1)), where there are such arms.
    fn saturation(&self, arm: usize, measure: Measure) -> Option<(Of, Functional)> {
        let own = &self.arms[arm];
        let k = own.pool.responses;
        if own.labels == Labels::Exact || k < 4 || k % 2 == 1 {
            return None;
        }
        let with = |responses: u32| {
            let same = |other: &PolicyArm| other.labels == own.labels && other.pool.responses == responses;
            self.arms
                .iter()
                .position(|other| same(other) && own.differs_by_labels_from(other))
        };
        let others = vec![with(k / 2)?, with(2)?, with(1)?];
        let slots = [arm, others[0], others[1], others[2]].map(|arm| self.slot(arm, measure));
        let share = move |means: &Means<'_>| {
            let [last, before, second, first] = slots.map(|slot| means.mean(slot));
            (last - before) / (second - first)
        };
        Some((Of::Beside { arm, others }, Functional::smooth(share)))
    }

    /// All arms, where they have one policy; else the first of those that have this one, at that arm alone.
    fn all_of_policy(&self, arm: usize) -> Option<Of> {
        let first = self.arms.iter().position(|own| own.family == self.arms[arm].family)?;
        let all = self.arms.iter().all(|own| own.family == self.arms[arm].family);
        (first == arm).then(|| match all {
            true => Of::Arms((0..self.arms.len()).collect()),
            false => Of::Arm(arm),
        })
    }

    fn budget(&self) -> Option<Budget> {
        Budget::shared(self.arms.iter().map(|arm| arm.pool.budget))
    }

    /// The exact value of a row.
    pub fn exact(&self, row: &Row) -> Exact {
        let arm = &self.arms[row.arm];
        match (&row.entry.asked.how, row.measure.own()) {
            (How::Mean, Statistic::Minibatch) => match self.optima.at_hand(row.arm, self.known) {
                Some(known) if arm.pool.choice.is_random() => Exact::or_none(
                    minibatch::expected(arm, known),
                    "it is known for responses kept at random",
                ),
                Some(_) => Exact::None("it is known for responses kept at random"),
                None => Exact::Pending,
            },
            (How::OfPolicy(of), _) if arm.family.is_convex() => match self.optima.at_hand(row.arm, self.known) {
                Some(known) => Exact::or_none(of(known), "the Hessian has no inverse"),
                None => Exact::Pending,
            },
            (How::OfPolicy(_), _) => Exact::None("no training is known to end in the best of several minima"),
            (How::OfBudget(..), _) => Exact::None("which K is best is known to first order"),
            _ => Exact::None(FINITE_DATA),
        }
    }

    /// The value to compare a row with that is not exact; no number as long as the best policy is not known.
    pub fn reference(&self, row: &Row) -> Option<Reference> {
        let arm = &self.arms[row.arm];
        let pending = |value: Option<Option<f64>>, name| match value {
            None => Some(Reference { value: f64::NAN, name }),
            Some(value) => value.map(|value| Reference { value, name }),
        };
        let known = || self.optima.at_hand(row.arm, self.known);
        let first = |known: &Known| arm.expansion(known, self.prompts.finite(), Order::First);
        match (&row.entry.asked.how, row.measure) {
            (How::Mean, Measure::ExcessLoss) if arm.has_expansion() => pending(known().map(first), Order::First.name()),
            (How::Mean, Measure::ReferenceLoss) if arm.has_expansion() && self.optima.shared(row.arm).is_some() => {
                let loss = |known: &Known| Some(known.loss + first(known)?);
                pending(known().map(loss), Order::First.name())
            }
            (How::Over(order), _) => Some(Reference {
                value: 1.0,
                name: order.name(),
            }),
            (How::NoiseShare, _) => Some(Reference {
                value: 1.0 / arm.responses(),
                name: Order::First.name(),
            }),
            (How::OfPolicy(of), _) if !arm.family.is_convex() => pending(known().map(of), BEST_OF_EIGHT),
            (&How::OfBudget(of, name), _) => {
                let budget = self.budget()?;
                pending(known().map(|known| of(known, &budget)), name)
            }
            _ => None,
        }
    }
}

impl PolicyArm {
    /// Whether theory says what its fits lose, but for higher orders: fits that reach their minimum, to responses kept at random.
    fn has_expansion(&self) -> bool {
        let random = self.pool.choice.is_random() || self.labels == Labels::Exact;
        let full = self.training.batch == Batch::Full && self.training.decay <= NEGLIGIBLE_DECAY;
        self.family.is_convex() && random && full
    }

    /// What its fits lose on average, so far. `population` is P where prompts are drawn without replacement.
    pub(super) fn expansion(&self, known: &Known, population: Option<u32>, order: Order) -> Option<f64> {
        let components = known.components?;
        let (distinct, prompts) = (f64::from(self.distinct()), f64::from(self.pool.prompts));
        let left = population.map_or(1.0, |all| f64::from(all - self.distinct()) / f64::from(all - 1));
        let responses = prompts * self.responses();
        let first = 0.5 * (components.sandwich.prompt * left / distinct + components.sandwich.response / responses);
        Some(match order {
            Order::First => first,
            Order::Second => first * (1.0 + components.design / distinct + components.effective_parameters / responses),
        })
    }

    /// Whether another arm is equal to it but for K and labels.
    fn differs_by_labels_from(&self, other: &Self) -> bool {
        let mut same = *other;
        same.labels = self.labels;
        same.pool.responses = self.pool.responses;
        same.pool.candidates = self.pool.candidates;
        same == *self
    }
}
