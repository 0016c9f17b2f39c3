//! Owns what the study estimates of fits, and what theory says of it.

use super::known::{Known, Limit};
use super::law::MOST_STEPS;
use super::laws::Laws;
use super::measures::{How, Measure, OfFit, Statistic};
use super::{SequenceArm, SequencePolicy};
use crate::engine::{Estimand, Exact, ExactCache, Functional, Of, Reference};
use crate::format::keys::Named;
use crate::inference::groups::Means;
use crate::study::entry::RowOf;
use crate::study::pools::Trained;
use crate::theory::budget::Budget;
use crate::world::PlanWorld;

/// A row of a scenario. Of a number of theory the arm is the first with its policy.
pub(super) type Row = RowOf<Measure, How>;

/// The largest decay that leaves what theory says of fits without one as it is.
const NEGLIGIBLE_DECAY: f64 = 1e-5;

/// Responses per parameter below which some parameter is often without a best value.
const FEWEST_PER_PARAMETER: f64 = 4.0;

/// Why a mean has no exact value.
const FINITE_DATA: &str = "of fits to finitely many data theory has expansions at most";

/// What the law is called where it is not exact.
const FIRST_ORDER: &str = "first order";

/// What it is called that ever more data lead to.
const LIMIT: &str = "limit of many data";

const NO_LAW: &str = "what these rewards keep has no exact law";

const SINGULAR: &str = "the Hessian has no inverse";

/// What theory says of rows, as far as the laws are known.
pub(super) struct Told<'a> {
    pub world: &'a PlanWorld,
    pub arms: &'a [SequenceArm],
    pub measures: &'a [Measure],
    pub laws: &'a Laws,
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
                    let places = match entry.asked.how {
                        How::OfPlans | How::OfKeptPlans => self.world.plans().plans(),
                        _ => 1,
                    };
                    let rows = Row::at(arm, measure, entry, places);
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
        if row.measure.needs_fits() && !arm.policy.is_fitted() {
            return None;
        }
        if !self.has(row, arm) {
            return None;
        }
        if row.measure.needs_plans() && self.laws.of(self.laws.place(index)).steps() > MOST_STEPS {
            return None;
        }
        let slot = self.slot(index, row.measure);
        let (of, functional) = match &row.entry.asked.how {
            How::Mean if row.measure == Measure::Unconverged => (Of::Arm(index), Functional::Proportion(slot)),
            How::Mean => (Of::Arm(index), Functional::smooth(move |means| means.mean(slot))),
            How::PerToken => (Of::Arm(index), scaled(slot, 1.0 / f64::from(arm.length))),
            How::DesignEffect => (Of::Arm(index), self.design_effect(index, slot)),
            How::OverLaw => (Of::Arm(index), self.over_law(index, slot)?),
            How::BetweenPrompts => self.between(index, row.measure)?,
            How::OfPolicy(_) | How::Bound | How::OfPlans | How::OfLimit(_) | How::OfKeptPlans => {
                (self.all_of_policy(index)?, Functional::TheoryOnly)
            }
            How::OfBudget(..) => {
                self.bought(index)?;
                (self.all_of_policy(index)?, Functional::TheoryOnly)
            }
        };
        Some(Estimand {
            at: row
                .entry
                .kind
                .at
                .map(|_| row.place.to_string().into())
                .unwrap_or_default(),
            reference: self.reference(row),
            ..Estimand::new(&row.entry.kind, of, functional, self.exact(row))
        })
    }

    /// Whether an arm has such a number: lengths where responses end by themselves, and numbers of single increments where they do not; the
    /// law of gradients where every response counts as it is, and the policy is no net.
    fn has(&self, row: &Row, arm: &SequenceArm) -> bool {
        let ends = !self.world.hazards().is_empty();
        match (row.measure.own(), &row.entry.asked.how) {
            (Statistic::KeptLength, _) | (_, How::OfLimit(_) | How::OfKeptPlans) => ends,
            (_, How::PerToken) => !ends && arm.taught.is_plain(),
            (Statistic::Score, _) => arm.taught.is_plain() && !arm.policy.is_net(),
            (Statistic::Unconverged, _) => !arm.policy.is_net(),
            (_, How::OfBudget(..)) => arm.taught.is_plain(),
            _ => true,
        }
    }

    fn design_effect(&self, index: usize, slot: usize) -> Functional {
        let arm = &self.arms[index];
        let parameters = parameters(arm, self.world) as f64;
        scaled(slot, 2.0 * arm.all_responses() / parameters)
    }

    /// The mean as a multiple of the law.
    fn over_law(&self, index: usize, slot: usize) -> Option<Functional> {
        let (arm, law) = (self.arms[index], self.laws.of(self.laws.place(index)).clone());
        arm.has_expansion(self.world)
            .then(|| Functional::smooth(move |means| means.mean(slot) / arm.law(law.known()).unwrap_or(f64::NAN)))
    }

    /// V_x from an arm and the one that is equal but for K = 1 and what a budget buys then.
    fn between(&self, index: usize, measure: Measure) -> Option<(Of, Functional)> {
        let own = &self.arms[index];
        if own.pool.responses < 2 || own.pool.trained != Trained::Every {
            return None;
        }
        let one = self.arms.iter().position(|other| {
            let paid = other.pool.budget == own.pool.budget && other.pool.trained == own.pool.trained;
            let equal = other.seen() == own.seen() && paid;
            let prompts = own.pool.budget.is_some() || other.pool.prompts == own.pool.prompts;
            equal && prompts && other.pool.responses == 1
        })?;
        let slots = [index, one].map(|arm| (self.slot(arm, measure), 2.0 * f64::from(self.arms[arm].pool.prompts)));
        let k = f64::from(own.pool.responses);
        let between = move |means: &Means<'_>| {
            let [many, one] = slots.map(|(slot, by)| by * means.mean(slot));
            (k * many - one) / (k - 1.0)
        };
        let others = vec![one];
        Some((Of::Beside { arm: index, others }, Functional::smooth(between)))
    }

    /// All arms, where they have one policy; else the first of those that have this one, at that arm alone.
    fn all_of_policy(&self, arm: usize) -> Option<Of> {
        let same = |other: &SequenceArm| other.seen() == self.arms[arm].seen();
        let first = self.arms.iter().position(same)?;
        (first == arm).then(|| match self.arms.iter().all(same) {
            true => Of::Arms((0..self.arms.len()).collect()),
            false => Of::Arm(arm),
        })
    }

    /// The budget that all arms of one's policy share.
    pub fn bought(&self, arm: usize) -> Option<Budget> {
        let own = self.arms.iter().filter(|other| other.seen() == self.arms[arm].seen());
        Budget::shared(own.map(|arm| arm.pool.budget))
    }

    fn law(&self, arm: usize) -> Option<&Known> {
        self.laws.at_hand(arm, self.known)
    }

    /// The exact value of a row.
    pub fn exact(&self, row: &Row) -> Exact {
        let arm = &self.arms[row.arm];
        if let How::Bound = row.entry.asked.how {
            let plans = self.world.plans().plans() as f64;
            return Exact::Is((plans - 1.0) / (self.world.concentration() + 1.0));
        }
        if matches!(row.measure.own(), Statistic::Fit(_) | Statistic::Unconverged) {
            return Exact::None(FINITE_DATA);
        }
        let Some(known) = self.law(row.arm) else {
            return match row.entry.asked.how {
                How::OfBudget(..) => Exact::None("which K is best is known to first order"),
                _ => Exact::Pending,
            };
        };
        if let Statistic::KeptLength = row.measure.own() {
            let length = known.limit.as_ref().map(|limit| limit.length);
            return Exact::or_none(length, NO_LAW);
        }
        match &row.entry.asked.how {
            how @ (How::Mean | How::PerToken | How::DesignEffect | How::BetweenPrompts) => {
                Exact::or_none(arm.of_score(how, known), SINGULAR)
            }
            How::OfPolicy(of) => Exact::or_none(of(known), "the Hessian has no inverse, or it would take too long"),
            How::OfPlans => {
                let share = known.shares.get(row.place).copied().filter(|share| !share.is_nan());
                Exact::or_none(share, "it would take too long")
            }
            How::OfLimit(of) => Exact::or_none(known.limit.as_ref().map(of), NO_LAW),
            How::OfKeptPlans => {
                let share = |limit: &Limit| limit.plans.get(row.place).copied();
                Exact::or_none(known.limit.as_ref().and_then(share), NO_LAW)
            }
            How::OverLaw | How::Bound => Exact::None(FINITE_DATA),
            How::OfBudget(of, _) => {
                let value = self
                    .bought(row.arm)
                    .and_then(|own| of(known, &own, self.world.concentration()));
                match value {
                    Some(_) => Exact::None("which K is best is known to first order"),
                    None => Exact::None("there is none: prompts do not differ (V_x = 0), or nothing bounds it"),
                }
            }
        }
    }

    /// The value to compare a row with that is not exact; no number as long as the law is not known.
    pub fn reference(&self, row: &Row) -> Option<Reference> {
        let arm = &self.arms[row.arm];
        let pending = |value: Option<Option<f64>>, name| match value {
            None => Some(Reference { value: f64::NAN, name }),
            Some(value) => value.map(|value| Reference { value, name }),
        };
        let of_fit = |by: f64| {
            let floor = match row.measure.own() {
                Statistic::Fit(OfFit::Excess) => |_: &Known| 0.0,
                Statistic::Fit(OfFit::Kl) => Known::floor,
                _ => return None,
            };
            if !arm.taught.is_plain() {
                let value = |known: &Known| Some(by * (floor(known) + known.limit.as_ref()?.excess));
                return pending(self.law(row.arm).map(value), LIMIT);
            }
            let value = |known: &Known| Some(by * (floor(known) + arm.law(known)?));
            let expands = arm.has_expansion(self.world);
            expands.then(|| pending(self.law(row.arm).map(value), FIRST_ORDER))?
        };
        match &row.entry.asked.how {
            How::Mean => of_fit(1.0),
            How::PerToken => of_fit(1.0 / f64::from(arm.length)),
            How::OverLaw => Some(Reference {
                value: 1.0,
                name: FIRST_ORDER,
            }),
            &How::OfBudget(of, name) => {
                let budget = self.bought(row.arm)?;
                let value = |known: &Known| of(known, &budget, self.world.concentration());
                pending(self.law(row.arm).map(value), name)
            }
            _ => None,
        }
    }
}

/// The mean, times a number.
fn scaled(slot: usize, by: f64) -> Functional {
    Functional::smooth(move |means| by * means.mean(slot))
}

/// D of an arm's policy.
fn parameters(arm: &SequenceArm, world: &PlanWorld) -> usize {
    match arm.policy {
        // Increments and one hazard.
        _ if !world.hazards().is_empty() => world.plans().tokens(),
        SequencePolicy::PlanWeights => world.plans().plans() - 1,
        SequencePolicy::Net(net) => net.parameters(world.plans().tokens(), arm.length as usize),
        SequencePolicy::Prefix(features) => features.parameters(world.plans().tokens(), arm.length as usize),
    }
}

impl SequenceArm {
    /// (V_x/N_p + V_{y|x}/(N_p K))/2; of one response of each plan with what it leaves of tokens beside.
    pub(super) fn law(&self, known: &Known) -> Option<f64> {
        let components = known.components?;
        let (prompts, responses) = (u64::from(self.pool.prompts), u64::from(self.pool.responses));
        let left = match self.pool.trained {
            Trained::Every => 0.0,
            Trained::OnePerMode => known.token_merged? * (1.0 - 1.0 / responses as f64) / prompts as f64,
        };
        Some(0.5 * (components.law(prompts, responses) + left))
    }

    /// What the law says of its quadratic excess.
    pub(super) fn of_score(&self, how: &How, known: &Known) -> Option<f64> {
        let law = self.law(known)?;
        match how {
            How::Mean => Some(law),
            How::PerToken => Some(law / f64::from(self.length)),
            How::DesignEffect => Some(2.0 * self.all_responses() * law / known.parameters as f64),
            How::BetweenPrompts => Some(known.components?.prompt),
            _ => None,
        }
    }

    /// Whether theory says what its fits lose, but for higher orders: fits to the end without a penalty to speak of, to enough data.
    fn has_expansion(&self, world: &PlanWorld) -> bool {
        let enough = self.all_responses() >= FEWEST_PER_PARAMETER * parameters(self, world) as f64;
        let fitted = self.policy.is_fitted() && !self.policy.is_net();
        fitted && self.taught.is_plain() && enough && self.training.decay <= NEGLIGIBLE_DECAY
    }

    /// Its policy's name.
    pub(super) fn name(&self) -> &'static str {
        self.policy.name()
    }
}
