//! Owns the keys of the study's files.

use super::{FitArm, MEASURES, Measure, NAME, NO_REVERSE, NO_REWARDS, Training};
use crate::format::keys::{File, Integer, Number, Range, Read, Table, key};
use crate::policy::Descent;
use crate::study::Question;
use crate::study::kind::{Registry, Site, StudyKind, made, pool_setting};
use crate::study::pools::{PoolKeys, smoothing};
use crate::world::World;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "policies fitted to selected responses, against the best one",
    symbols: "pi the world's target (its mean response distribution, unless responses may be wrong), p the fitted policy, H the entropy, M modes, alpha the concentration, \
              N_p prompts, K responses kept, C_p and C_r costs, B budget",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let (own, setting) = pool_setting(file, site, Measure::ALL, arm)?;
    let place = setting.measures.iter().position(|own| *own == Measure::ReverseKl);
    if let Some(place) = place.filter(|_| setting.world.target().contains(&0.0)) {
        let fault = crate::format::Fault::new(&own.item("measures", place), "measures", NO_REVERSE);
        return own.refuse(fault.and(&own.place("world.error-share"), "wrong responses"));
    }
    let rewards = setting.world.attributes().is_some();
    let place = setting.measures.iter().position(|own| *own == Measure::ExpectedReward);
    if let Some(place) = place.filter(|_| !rewards) {
        let fault = crate::format::Fault::new(&own.item("measures", place), "measures", NO_REWARDS);
        return own.refuse(fault.and(&own.place("world.kind"), "the world"));
    }
    made(&own, Training::read(setting, site.exact_budget))
}

fn arm(keys: &mut Table<'_>, registry: &Registry, world: Option<&dyn World>) -> Read<FitArm> {
    let pool = PoolKeys::ask(keys, &registry.selectors, true);
    let about = "How the policy is fitted, by full-batch gradient descent from zero logits.";
    let training = keys.table("training", about, training);
    let own = keys.end()?;
    let pool = pool.settle(&own, world)?;
    let (descent, smoothing, pseudo_count) = training.take(&own);
    pool.derive(keys);
    Ok(FitArm {
        pool,
        descent,
        smoothing,
        pseudo_count,
    })
}

/// How the policy descends, its smoothing, and the responses that are added to those kept.
fn training(table: &mut Table<'_>) -> Read<(Descent, f64, f64)> {
    let usual = Descent::USUAL;
    let rate = key(
        "rate",
        "Step length. At 2 and below the loss falls with every step.",
        Number(Range::between(1e-6, 1e3)),
    );
    let rate = table.get(rate.or(usual.rate));
    let steps = key("steps", "The most steps.", Integer(1, 10_000_000)).or(i64::from(usual.steps));
    let steps = table.get(steps.symbol("steps", "steps of gradient descent"));
    let ridge = key(
        "ridge",
        "Strength of the penalty (ridge/2) |theta|^2.",
        Number(Range::between(0.0, 1e3)),
    );
    let ridge = table.get(ridge.or(usual.ridge));
    let tolerance = key(
        "tolerance",
        "A fit stops once no coordinate of its gradient is beyond this; 0 stops only where the gradient is exactly 0.",
        Number(Range::between(0.0, 1.0)),
    );
    let tolerance = table.get(tolerance.or(usual.tolerance));
    let smoothing = table.get(smoothing());
    let pseudo_count = key(
        "pseudo-count",
        "Responses that are added to those kept, in equal parts to all modes, so that a mode without any has a share (Laplace's rule).",
        Number(Range::between(0.0, 1e6)),
    );
    let pseudo_count = table.get(pseudo_count.symbol("pseudo-count", "pseudo-count").or(0.0));
    let own = table.end()?;
    let descent = Descent {
        rate: rate.take(&own),
        steps: steps.take(&own) as u32,
        ridge: ridge.take(&own),
        tolerance: tolerance.take(&own),
    };
    Ok((descent, smoothing.take(&own), pseudo_count.take(&own)))
}
