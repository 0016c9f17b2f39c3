//! Owns what is said of two arms on the same draws: what more responses per prompt are worth.
//!
//! Both quantities are ratios of the variance of the mode mass in two arms that differ in K, and in N_p where a budget buys
//! it. The second arm follows from the first; where no arm of the scenario is it, there is no estimand.

use super::Method;
use super::estimands::{Truth, moments};
use super::measures::{Measure, Slots};
use crate::engine::{Estimand, EstimandKind, Exact, Functional, Of};
use crate::study::laws::KnownLaws;
use crate::world::World;
use std::collections::HashMap;

/// Where to find the second arm of a contrast.
pub(super) struct Others {
    /// The first arm of each canonical text.
    index_of: HashMap<String, usize>,
}

impl Others {
    /// Of these arms; of none where nothing measured compares arms.
    pub fn of(arms: &[Method], measures: &[Measure]) -> Self {
        let mut index_of = HashMap::new();
        if measures.contains(&Measure::Returns) {
            for (index, arm) in arms.iter().enumerate() {
                index_of.entry(arm.canonical()).or_insert(index);
            }
        }
        Self { index_of }
    }

    /// The contrasts of an arm, whose slots and those of other arms are where `slots` says.
    pub fn estimands<'a>(
        &self,
        world: &dyn World,
        laws: &KnownLaws<'_>,
        (index, arm): (usize, &Method),
        slots: &dyn Fn(usize) -> &'a Slots,
    ) -> Vec<Estimand> {
        let one = |kind: &'static EstimandKind| {
            let quantity = kind.quantity.name;
            let versus = *self.index_of.get(&other(world, arm, quantity)?.canonical())?;
            let [over, under] = in_order(quantity, index, versus).map(|arm| moments(slots(arm)));
            Some(Estimand {
                kind,
                of: Of::Contrast { arm: index, versus },
                at: String::new(),
                functional: Functional::Smooth(Box::new(move |means| over.variance(means) / under.variance(means))),
                exact: exact(world, laws, arm, quantity)?,
                reference: None,
                given: None,
            })
        };
        Measure::Returns.kind().estimands.iter().filter_map(one).collect()
    }
}

/// The arm that `arm` is compared with; none where it is compared with none.
fn other(world: &dyn World, arm: &Method, quantity: &str) -> Option<Method> {
    match quantity {
        "doubling" => arm.with("responses", arm.pool.responses.checked_mul(2)?),
        _ if arm.pool.responses != 1 => None,
        _ => {
            let best = arm.pool.budget?.costs.best_integer(&world.trace_components())?;
            arm.with("responses", u32::try_from(best).ok()?)
        }
    }
}

/// Numerator and denominator of an arm and the other one: a gain is the arm's own over the other, what a doubling leaves is
/// the other's over its own.
fn in_order<T>(quantity: &str, own: T, other: T) -> [T; 2] {
    match quantity {
        "gain" => [own, other],
        _ => [other, own],
    }
}

/// The exact value of a contrast of an arm; none where the arm is compared with none.
pub(super) fn exact(world: &dyn World, laws: &KnownLaws<'_>, arm: &Method, quantity: &str) -> Option<Exact> {
    let other = other(world, arm, quantity)?;
    let variance = |arm: &Method| Truth::of(world, laws, arm, Measure::Returns).exact(arm, "variance", 0);
    Some(match in_order(quantity, variance(arm), variance(&other)) {
        [Exact::Is(over), Exact::Is(under)] => Exact::Is(over / under),
        [Exact::Pending, _] | [_, Exact::Pending] => Exact::Pending,
        [none, Exact::Is(_)] | [_, none] => none,
    })
}
