//! Owns how quantities of the study follow from the means of slots where that takes more than a line, and the weights that its
//! statistics give to modes.

use super::Method;
use super::statistic::Place;
use super::truth::KeptMoments;
use crate::engine::{Exact, Functional, Moments};
use crate::inference::groups::Means;
use crate::theory::gradient_path::{divergence, divergence_roots};
use crate::theory::prices::crossover as crossover_of_budgets;
use crate::world::World;
use std::ops::Range;

/// N_p (variance of `random` - own variance)/bias^2, of which the last may be 0.
pub(super) fn crossover(place: &Place<'_>, own: Moments) -> Functional {
    let np = f64::from(place.arm.pool.prompts);
    match place.versus {
        None => Functional::TheoryOnly,
        Some(slots) => {
            let (random, slots) = (slots.whole(), own.deviation.clone());
            let over = move |means: &Means<'_>| np * (random.variance(means) - own.variance(means));
            Functional::OverSquaredNorm {
                over: Box::new(over),
                slots,
            }
        }
    }
}

pub(super) fn exact_crossover(own: &KeptMoments) -> Exact {
    const INFINITE: &str = "it is infinite, since the selector is unbiased: the order of the two EMSEs is the same at every number of prompts";
    Exact::or_none(
        Some((own.at_random - own.of_one) / own.bias2).filter(|_| own.bias2 > 0.0),
        INFINITE,
    )
}

/// (A_R - A_S)/bias^2, A the variance of one prompt times what it costs.
pub(super) fn budget_crossover(place: &Place<'_>, own: Moments) -> Functional {
    let spent = |arm: &Method| arm.pool.cost();
    let (Some(slots), Some(other)) = (place.versus, place.other) else {
        return Functional::TheoryOnly;
    };
    let (Some(own_cost), Some(other_cost)) = (spent(place.arm), spent(other)) else {
        return Functional::TheoryOnly;
    };
    let (random, slots) = (slots.whole(), own.deviation.clone());
    let over = move |means: &Means<'_>| other_cost * random.variance(means) - own_cost * own.variance(means);
    Functional::OverSquaredNorm {
        over: Box::new(over),
        slots,
    }
}

pub(super) fn exact_budget_crossover(own: &KeptMoments) -> Exact {
    const NONE: &str =
        "no budget makes the two alike: the selector is unbiased, or no number of random responses is best";
    let costs = own.cost_of_prompt.zip(own.random_per_budget);
    let found = costs.map(|(cost, random)| crossover_of_budgets(random, own.of_one * cost, own.bias2));
    Exact::or_none(found.filter(|_| own.bias2 > 0.0), NONE)
}

/// E f, whose deviations from the target are in slots.
fn expected(target: &[f64], slots: Range<usize>, means: &Means<'_>) -> Vec<f64> {
    target.iter().zip(slots).map(|(t, slot)| t + means.mean(slot)).collect()
}

/// sqrt(t_m/2)/mean_m of each mode.
pub(super) fn quadratic(world: &dyn World) -> Vec<f64> {
    let both = world.target().iter().zip(world.mean());
    both.map(|(t, mean)| if *t > 0.0 { (t / 2.0).sqrt() / mean } else { 0.0 })
        .collect()
}

/// 1 for modes of wrong responses.
pub(super) fn is_wrong(world: &dyn World) -> Vec<f64> {
    world
        .target()
        .iter()
        .map(|t| if *t > 0.0 { 0.0 } else { 1.0 })
        .collect()
}

/// -ln p_theta of each mode.
pub(super) fn losses(world: &dyn World, arm: &Method) -> Vec<f64> {
    arm.theta.policy(world).log_probabilities().iter().map(|l| -l).collect()
}

/// KL(target || E f) as half a squared norm.
pub(super) fn limit(place: &Place<'_>, own: Moments) -> Functional {
    let (target, slots) = (place.target.to_vec(), own.deviation.clone());
    Functional::SquaredNormOf {
        len: target.len(),
        factor: 0.5,
        slots: own.deviation,
        vector: Box::new(move |means: &Means<'_>, out: &mut [f64]| {
            divergence_roots(&expected(&target, slots.clone(), means), &target, out);
        }),
    }
}

/// That of the arm beside it less its own.
pub(super) fn advantage(place: &Place<'_>, own: Moments) -> Functional {
    let Some(versus) = place.versus else {
        return Functional::TheoryOnly;
    };
    let (target, own, other) = (place.target.to_vec(), own.deviation, versus.deviation.clone());
    Functional::smooth(move |means| {
        let of = |slots: &Range<usize>| divergence(&expected(&target, slots.clone(), means), &target);
        of(&other) - of(&own)
    })
}
