//! Owns what theory knows of a statistic in an arm.
//!
//! Random-K-of-N is unbiased, so its exact EMSE is its exact variance, unless responses may be wrong: then its share of them is its
//! bias. Of other selectors the exact law of the kept share f is taken
//! from [`Laws`](crate::study::laws::Laws), where there is one; prompts are independent, so the variance over N_p of them is that of one
//! divided by N_p.

use super::Method;
use super::statistic::{Form, Statistic};
use crate::engine::Exact;
use crate::study::laws::{KnownLaws, Law};
use crate::theory::gradient_path::divergence;
use crate::theory::selected::Selected;
use crate::theory::variance_law::Components;
use crate::world::World;
use std::sync::Arc;

/// Why a statistic that is centred on the mean has no exact value.
const OF_RANDOM: &str = "theory has it for responses kept at random only";

/// How the exact value of a quantity follows.
#[derive(Clone, Copy)]
pub(super) enum Exactly {
    /// From the world, whatever is kept: from its components, and the correlation of two responses given the prompt.
    OfWorld(fn(&Components, &Method, f64) -> Option<f64>),
    /// From the moments of what is kept.
    OfKept(fn(&KeptMoments) -> Exact),
    /// The share of errors beyond which the arm is right.
    CrossingShare,
}

/// Of one part of a statistic.
pub(super) struct KeptMoments {
    /// The expected share of the mode, of a measure by mode; of one that is a number, its own.
    pub mean: f64,
    pub bias2: f64,
    /// Over the arm's prompts.
    pub variance: f64,
    /// Of one prompt.
    pub of_one: f64,
    /// Of one prompt with as many responses at random.
    pub at_random: f64,
    /// Of as many prompts with independent responses: the law.
    pub law: f64,
    /// The mean of responses kept at random.
    pub mean_at_random: f64,
    /// KL(target || E f), and the same of random responses.
    pub divergence: f64,
    pub divergence_at_random: f64,
    /// What a prompt costs, under a budget.
    pub cost_of_prompt: Option<f64>,
    /// The variance times the budget of `random` at Cochran's integer, for as much.
    pub random_per_budget: Option<f64>,
}

/// What the exact values of a measure in an arm rest on, worked out once for all its quantities and modes.
pub(super) struct Truth {
    /// The gradient of the statistic in the kept share f, for a scalar statistic; a vector is f itself but for its sign.
    slope: Option<Vec<f64>>,
    parts: Vec<Components>,
    /// The correlation of two responses given the prompt, and the design effect of the arm's prompts.
    correlation: f64,
    effect: f64,
    /// V_x and V_{y|x} as a budget divides them.
    shared: Components,
    /// E f without selection, and what it should be.
    mean: Vec<f64>,
    target: Vec<f64>,
    /// The law of f; of `random` the components say all.
    kept: Kept,
    crossing: Exact,
}

enum Kept {
    AtRandom,
    ByLaw(Arc<Selected>),
    /// By a law that has not been worked out yet.
    ByPending,
    /// Theory does not know, and why.
    Unknown(&'static str),
}

impl Truth {
    pub fn of(world: &dyn World, laws: &KnownLaws<'_>, arm: &Method, own: &Statistic) -> Self {
        let form = (own.form)(world, arm);
        let scaled = matches!(form, Form::Scaled(_));
        Self {
            parts: own.components(world, &form),
            slope: match form {
                Form::Weighed(weights) => Some(weights),
                Form::Mass | Form::From(_) | Form::Scaled(_) => None,
            },
            correlation: world.response_correlation(),
            effect: world.prompt_design_effect(u64::from(arm.pool.prompts)),
            shared: world.budget_components(),
            mean: world.mean().to_vec(),
            target: world.target().to_vec(),
            crossing: laws.crossing(&arm.pool),
            kept: match laws.of_arm(world, &arm.pool) {
                _ if arm.pool.choice.is_random() => Kept::AtRandom,
                // Of what selectors keep only the moments of shares are at hand.
                _ if scaled => Kept::Unknown(OF_RANDOM),
                Law::None(why) => Kept::Unknown(why),
                Law::Is(law) => Kept::ByLaw(law),
                Law::Pending => Kept::ByPending,
            },
        }
    }

    /// How many parts it has: the modes of a by-mode measure, else 1.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The variance that the law of independent responses gives the arm.
    pub fn law(&self, arm: &Method, part: usize) -> f64 {
        self.parts[part].law(u64::from(arm.pool.prompts), u64::from(arm.pool.responses))
    }

    /// V_x and V_{y|x} as they enter the variance over the arm's prompts.
    fn over_prompts(&self, part: usize) -> Components {
        self.parts[part].with_design_effect(self.effect)
    }

    /// An exact value in an arm, for a scalar or the trace of a vector. `part` is the mode of a by-mode measure and 0 otherwise.
    pub fn exact(&self, arm: &Method, exactly: Exactly, part: usize) -> Exact {
        const NONE: &str = "theory has none for this quantity";
        match (exactly, &self.kept) {
            (Exactly::OfWorld(value), _) => {
                Exact::or_none(value(&self.over_prompts(part), arm, self.correlation), NONE)
            }
            (Exactly::CrossingShare, _) => self.crossing,
            (_, Kept::Unknown(why)) => Exact::None(why),
            (_, Kept::ByPending) => Exact::Pending,
            (Exactly::OfKept(value), Kept::AtRandom) => value(&self.moments(arm, None, part)),
            (Exactly::OfKept(value), Kept::ByLaw(law)) => value(&self.moments(arm, Some(law), part)),
        }
    }

    fn moments(&self, arm: &Method, kept: Option<&Selected>, part: usize) -> KeptMoments {
        let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
        let variance = |of: &Components, prompts| of.law_with_correlated_responses(prompts, k, self.correlation);
        let (at_random, over_prompts) = (variance(&self.parts[part], 1), variance(&self.over_prompts(part), np));
        let of_one = kept.map_or(at_random, |kept| self.of_prompt(kept, part));
        let share = kept.map_or(&self.mean, |kept| &kept.mean);
        KeptMoments {
            mean: self.value(share).unwrap_or(share[part]),
            bias2: self.bias2(share, part),
            variance: kept.map_or(over_prompts, |_| of_one / np as f64),
            of_one,
            at_random,
            law: self.law(arm, part),
            mean_at_random: self.at_random(),
            divergence: divergence(share, &self.target),
            divergence_at_random: divergence(&self.mean, &self.target),
            cost_of_prompt: arm.pool.budget.map(|own| own.costs.of_prompt(k)),
            random_per_budget: arm.pool.random_costs().and_then(|costs| {
                let best = costs.best_integer(&self.shared)?;
                let of_one = self.parts[part].law_with_correlated_responses(1, best, self.correlation);
                Some(of_one * costs.of_prompt(best))
            }),
        }
    }

    /// The value of a scalar statistic.
    fn value(&self, share: &[f64]) -> Option<f64> {
        let slope = self.slope.as_ref()?;
        Some(slope.iter().zip(share).map(|(v, q)| v * q).sum())
    }

    /// That of the mean of responses kept at random; no number for a vector.
    pub fn at_random(&self) -> f64 {
        self.value(&self.mean).unwrap_or(f64::NAN)
    }

    /// The squared distance of the expected statistic from the truth.
    fn bias2(&self, share: &[f64], part: usize) -> f64 {
        let shifts = share.iter().zip(&self.target).map(|(q, p)| q - p);
        if let Some(slope) = &self.slope {
            let shift: f64 = slope.iter().zip(shifts).map(|(v, shift)| v * shift).sum();
            return unless_rounding(shift * shift);
        }
        if self.parts.len() == 1 {
            return unless_rounding(shifts.map(|shift| shift * shift).sum());
        }
        let shift = share[part] - self.target[part];
        unless_rounding(shift * shift)
    }

    /// The variance of one prompt's statistic.
    fn of_prompt(&self, kept: &Selected, part: usize) -> f64 {
        match &self.slope {
            Some(slope) => kept.linear_variance(slope),
            None if self.parts.len() == 1 => kept.variance_trace(),
            None => kept.mode_variance(part),
        }
    }
}

/// A squared bias, or 0 where it is what rounding leaves of an unbiased selection's sums of probabilities: sums of millions of
/// terms are off by some 1e-12.
fn unless_rounding(bias2: f64) -> f64 {
    if bias2 > 1e-22 { bias2 } else { 0.0 }
}
