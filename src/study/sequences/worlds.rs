//! Owns the keys of worlds of plans.

use crate::format::keys::{Integer, Number, Range, Variant, key};
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
        let own = world.end()?;
        let base = plans.settle(&own)?;
        let count = base.probabilities().len();
        if count > PlanWorld::MOST_TOKENS {
            let what = format!("{count} plans; a world of plans has 2 to {}", PlanWorld::MOST_TOKENS);
            return own.refuse(own.fault("base", what));
        }
        Ok(Arc::new(PlanWorld::new(
            base,
            concentration.take(&own),
            vagueness.take(&own),
        )))
    },
};
