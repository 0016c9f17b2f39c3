//! Owns what the study estimates of fits, and what theory says of it.

use super::allocation::{Allocate, Weighting};
use super::measures::{How, Measure, Order, Statistic};
use super::optimum::{Known, Optima, Optimum};
use super::{Labels, PolicyArm, Prompts, minibatch};
use crate::engine::{Estimand, Exact, ExactCache, Functional, MeanOf, Of, Reference};
use crate::inference::groups::Means;
use crate::policy::Batch;
use crate::study::entry::RowOf;
use crate::theory::budget::Budget;
use crate::theory::sandwich::without_replacement;
use crate::theory::smoothing::smoothed_first_order;

/// A row of a scenario. Of a number of theory the arm is the first with its policy.
pub(super) type Row = RowOf<Measure, How>;

/// The largest decay that leaves what theory says of fits without one as it is.
const NEGLIGIBLE_DECAY: f64 = 1e-5;

/// Responses per parameter below which some parameter is often without a best value.
const FEWEST_PER_PARAMETER: f64 = 4.0;

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
            (How::Mean, _) => (Of::Arm(index), Functional::Mean(MeanOf::slot(slot))),
            (&How::Over(order), _) => (Of::Arm(index), self.over(index, slot, order)?),
            (How::NoiseShare, _) => self.noise_share(index)?,
            (How::AllocationGain, _) => self.allocation_gain(index, slot)?,
            (How::OfPolicy(_), _) => (self.all_of_policy(index)?, Functional::TheoryOnly),
            (How::Saturation, _) => self.saturation(index, row.measure)?,
            (How::OfBudget(..), _) => {
                self.bought()?;
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
        own.has_expansion(order).then(|| {
            Functional::smooth(move |means| {
                let expected = own.expansion(optimum.known(), own.worth(&optimum), population, order);
                means.mean(slot) / expected.unwrap_or(f64::NAN)
            })
        })
    }

    /// The arm that is equal but in that all prompts have as many responses, where there is one and the arm itself is none.
    fn constant_beside(&self, arm: usize) -> Option<usize> {
        let own = &self.arms[arm];
        let constant = PolicyArm {
            allocation: Allocate::Constant,
            weighting: Weighting::Prompts,
            ..*own
        };
        let differs = own.allocation != Allocate::Constant;
        self.arms
            .iter()
            .position(|other| *other == constant)
            .filter(|_| differs)
    }

    /// Mean excess of that arm over the arm's own.
    fn allocation_gain(&self, arm: usize, slot: usize) -> Option<(Of, Functional)> {
        let versus = self.constant_beside(arm)?;
        let other = self.slot(versus, Measure::ExcessLoss);
        let gain = move |means: &Means<'_>| means.mean(other) / means.mean(slot);
        Some((Of::Contrast { arm, versus }, Functional::smooth(gain)))
    }

    /// (L(K) - L(exact labels))/(L(1) - L(exact labels)), where there are such arms.
    fn noise_share(&self, arm: usize) -> Option<(Of, Functional)> {
        let own = &self.arms[arm];
        let equal = |other: &PolicyArm| own.differs_by_labels_from(other);
        let kept = |other: &PolicyArm| other.labels == Labels::Responses && other.pool.responses == 1;
        if !own.is_lawful() || kept(own) {
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

    /// m(K) - m(K/2) - (m(2) - m(1))/2, where there are such arms. No quotient: what the first doubling gains may be next to nothing.
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
        let beyond = move |means: &Means<'_>| {
            let [last, before, second, first] = slots.map(|slot| means.mean(slot));
            (last - before) - 0.5 * (second - first)
        };
        Some((Of::Beside { arm, others }, Functional::smooth(beyond)))
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

    /// The budget that all arms share and how often each prompt occurs, where the law says what that is worth: responses kept at random.
    pub fn bought(&self) -> Option<(Budget, u32)> {
        let copies = self.arms.first()?.copies;
        let lawful = self.arms.iter().all(|arm| arm.is_lawful() && arm.copies == copies);
        let budget = Budget::shared(self.arms.iter().map(|arm| arm.pool.budget)).filter(|_| lawful)?;
        Some((budget, copies))
    }

    /// The exact value of a row.
    pub fn exact(&self, row: &Row) -> Exact {
        let arm = &self.arms[row.arm];
        match (&row.entry.asked.how, row.measure.own()) {
            (How::Mean, Statistic::Minibatch) => match self.optima.at_hand(row.arm, self.known) {
                Some(known) if arm.pool.choice.is_random() => Exact::or_none(
                    minibatch::expected(arm, known, self.prompts.finite()),
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
            (&How::OfBudget(of, _), _) => match (self.bought(), self.optima.at_hand(row.arm, self.known)) {
                (Some((budget, copies)), Some(known))
                    if known
                        .components
                        .and_then(|own| of(&own.copied(copies), &budget))
                        .is_none() =>
                {
                    Exact::None("there is none: prompts do not differ (V_x = 0), or nothing bounds it")
                }
                _ => Exact::None("which K is best is known to first order"),
            },
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
        let optimum = self.optima.shared(row.arm);
        let worth = || optimum.as_ref().map_or(f64::NAN, |own| arm.worth(own));
        let first = |known: &Known| arm.expansion(known, worth(), self.prompts.finite(), Order::First);
        match (&row.entry.asked.how, row.measure) {
            (How::Mean, Measure::ExcessLoss) if arm.is_pooled() => {
                let limit = |_: &Known| {
                    Some(
                        optimum
                            .as_ref()?
                            .allocated(arm.allocation, arm.pool.responses)
                            .pooled_excess,
                    )
                };
                pending(known().map(limit), "limit of many prompts")
            }
            (How::Mean, Measure::ReferenceLoss) if arm.is_pooled() => None,
            (How::Mean, Measure::ExcessLoss) if arm.has_expansion(Order::First) => {
                pending(known().map(first), Order::First.name())
            }
            (How::Mean, Measure::ReferenceLoss)
                if arm.has_expansion(Order::First) && self.optima.shared(row.arm).is_some() =>
            {
                let loss = |known: &Known| Some(known.loss + first(known)?);
                pending(known().map(loss), Order::First.name())
            }
            (How::Over(order), _) => Some(Reference {
                value: 1.0,
                name: order.name(),
            }),
            (How::NoiseShare, _) if arm.reaches_minimum() => Some(Reference {
                value: 1.0 / arm.responses(),
                name: Order::First.name(),
            }),
            (How::AllocationGain, _) if arm.has_expansion(Order::First) && !arm.is_pooled() => {
                let constant = &self.arms[self.constant_beside(row.arm)?];
                let of_constant = |known: &Known| {
                    constant.expansion(known, constant.responses(), self.prompts.finite(), Order::First)
                };
                let gain = |known: &Known| Some(of_constant(known)? / first(known)?);
                pending(known().map(gain), Order::First.name())
            }
            (How::OfPolicy(of), _) if !arm.family.is_convex() => pending(known().map(of), BEST_OF_EIGHT),
            (&How::OfBudget(of, name), _) => {
                let (budget, copies) = self.bought()?;
                pending(
                    known().map(|known| of(&known.components?.copied(copies), &budget)),
                    name,
                )
            }
            _ => None,
        }
    }
}

impl PolicyArm {
    /// Whether its fits are the minimum of their loss, which is what theory speaks of.
    fn reaches_minimum(&self) -> bool {
        self.family.is_convex() && self.training.may_converge()
    }

    /// Whether theory says what its fits lose, but for higher orders: fits that reach their minimum, without a penalty to speak of, to
    /// responses kept at random.
    fn has_expansion(&self, order: Order) -> bool {
        let true_labels = match self.labels {
            Labels::Responses => self.is_random(),
            Labels::Exact => self.teacher.temperature == 1.0,
            Labels::Distilled => false,
        };
        let lawful = true_labels && self.training.decay <= NEGLIGIBLE_DECAY;
        self.reaches_minimum() && lawful && (self.smoothing == 0.0 || order == Order::First)
    }

    /// K, or the constant number of responses that is worth as much to first order where prompts that count the same have different numbers.
    /// Of an optimum that is known.
    fn worth(&self, optimum: &Optimum) -> f64 {
        match self.allocation {
            Allocate::Constant => self.responses(),
            rule => optimum.allocated(rule, self.pool.responses).effective,
        }
    }

    /// What its fits lose on average, so far, with so many responses of each prompt; none of data so few that some parameters have no best value. `population` is P where
    /// prompts are drawn without replacement.
    pub(super) fn expansion(
        &self,
        known: &Known,
        responses: f64,
        population: Option<u32>,
        order: Order,
    ) -> Option<f64> {
        let (components, spread) = (known.components?, self.spread());
        let left = population.map_or(spread, |all| without_replacement(spread, all as usize));
        let responses = f64::from(self.pool.prompts) * responses;
        if responses < FEWEST_PER_PARAMETER * components.effective_parameters {
            return None;
        }
        Some(match order {
            Order::First if self.smoothing > 0.0 => {
                let error = 2.0 * components.first_order(left, responses);
                smoothed_first_order(self.smoothing, error, known.smoothing?)
            }
            Order::First => components.first_order(left, responses),
            Order::Second => components.second_order(left, responses),
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
