//! Owns the keys of worlds of plans.

use crate::format::keys::{Integer, List, Number, Own, Range, Read, Variant, key};
use crate::study::pools::ModeKeys;
use crate::world::PlanWorld;
use std::sync::Arc;

/// The kinds of this study.
pub(super) const WORLDS: &[&Variant<Arc<PlanWorld>>] = &[&PLANS];

const PLANS: Variant<Arc<PlanWorld>> = Variant {
    name: "plans",
    about: "prompts mix plans, Dirichlet(concentration * base); a response follows one, and its increments are that plan's but for vagueness",
    read: |world| {
        let plans = key(
            "plans",
            "V: plans, and as many tokens.",
            Integer(2, PlanWorld::MOST_TOKENS as i64),
        );
        let plans = plans.symbol("$V$", "plans and tokens $V$");
        let plans = ModeKeys::called("plans", "Mean weights of plans.", plans, world);
        let concentration = key(
            "concentration",
            "alpha: how alike prompts are, V_{y|x}/V_x of every statistic of plans. Near 0 each prompt has one plan alone.",
            Number(Range::above(0.0)),
        );
        let concentration = world.get(concentration.symbol("$\\alpha$", "concentration of plans $\\alpha$"));
        let vagueness = key(
            "vagueness",
            "eta: the probability that an increment is any, each as likely, instead of the plan's own. At 1 all plans are alike.",
            Number(Range::above(0.0).up_to(1.0)),
        );
        let vagueness = world.get(vagueness.symbol("$\\eta$", "vagueness of plans $\\eta$"));
        let hazards = key(
            "hazards",
            "The probability that a response of each plan ends after an increment, at the latest after arms.length of them: one per plan. Policies \
             then have a hazard too, one for all.",
            List::of(Number(Range::above(0.0).below(1.0))),
        );
        let hazards = world.find(hazards, "responses do not end by themselves");
        let scores = key(
            "scores",
            "What a judge gives an increment of each kind, for arms.reward: one per plan.",
            List::of(Number(Range::FINITE)),
        );
        let scores = world.find(scores, "there is no judge");
        let own = world.end()?;
        let base = plans.settle(&own)?;
        let count = base.probabilities().len();
        if count > PlanWorld::MOST_TOKENS {
            let what = format!("{count} plans; a world of plans has 2 to {}", PlanWorld::MOST_TOKENS);
            return own.refuse(own.fault("base", what));
        }
        let mut found = PlanWorld::new(base, concentration.take(&own), vagueness.take(&own));
        if let Some(hazards) = hazards.take(&own) {
            found = found.ending(one_per_plan(&own, "hazards", hazards, count)?);
        }
        if let Some(scores) = scores.take(&own) {
            found = found.judged(one_per_plan(&own, "scores", scores, count)?);
        }
        Ok(Arc::new(found))
    },
};

/// Refuses a list that has not one value for each plan.
fn one_per_plan(own: &Own<'_, '_>, key: &str, values: Vec<f64>, plans: usize) -> Read<Vec<f64>> {
    match values.len() == plans {
        true => Ok(values),
        false => own.refuse(own.fault(key, format!("{} values for {plans} plans", values.len()))),
    }
}
