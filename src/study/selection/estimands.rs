//! Owns what the study estimates, with the exact value of each.
//!
//! With X the statistic of one replicate, t its truth and R replicates: the variance is R/(R-1) (mean|X-t|^2 -
//! |mean(X-t)|^2), the trace of the covariance matrix for a vector; bias^2 is |mean(X-t)|^2 less the variance of
//! the mean; EMSE is mean|X-t|^2. Random-K-of-N is unbiased, so its exact EMSE is its exact variance. Of other selectors
//! the exact law of the kept share f is taken from [`Laws`], where there is one; prompts are independent, so the
//! variance over N_p of them is that of one divided by N_p.

use super::Method;
use super::measures::{Measure, Slots};
use crate::engine::{Estimand, Exact, ExactBudget, ExactCache, Functional, Moments, Of};
use crate::inference::groups::Means;
use crate::study::laws::{KnownLaws, Law, Laws};
use crate::theory::selected::Selected;
use crate::theory::variance_law::Components;
use crate::world::World;
use std::sync::Arc;

/// Whether an arm has a quantity of a measure. `partner` says whether an arm keeps at random beside it.
fn has(arm: &Method, quantity: &str, partner: bool) -> bool {
    match quantity {
        "conditional-variance" => arm.pool.choice.is_random() && arm.pool.candidates.is_some(),
        // All of a pool is kept alike by every selector.
        "crossover" => partner && !arm.pool.choice.is_random() && arm.pool.responses < arm.pool.depth(),
        _ => true,
    }
}

/// The exact value of the quantity `quantity` of a measure in an arm, for a scalar or the trace of a vector.
///
/// `part` is the mode of a by-mode measure and 0 otherwise.
pub fn exact(world: &dyn World, arm: &Method, measure: Measure, quantity: &str, part: usize) -> Option<f64> {
    let asked = std::iter::once((arm.pool.choice, arm.pool.depth(), arm.pool.responses));
    let laws = Laws::new(world, asked, &mut ExactBudget::default());
    let laws = laws.known(&ExactCache::on_demand());
    Truth::of(world, &laws, arm, measure).exact(arm, quantity, part).value()
}

/// What the exact values of a measure in an arm rest on, worked out once for all its quantities and modes.
pub(super) struct Truth {
    values: Vec<f64>,
    /// The gradient of the statistic in the kept share f, for a scalar statistic; a vector is f itself but for its sign.
    slope: Option<Vec<f64>>,
    parts: Vec<Components>,
    /// The correlation of two responses given the prompt.
    correlation: f64,
    /// E f without selection.
    mean: Vec<f64>,
    /// The law of f; of `random` the components say all.
    kept: Kept,
}

enum Kept {
    AtRandom,
    ByLaw(Arc<Selected>),
    /// By a law that has not been worked out yet.
    ByPending,
    /// Theory does not know, and why.
    Unknown(&'static str),
}

impl Kept {
    fn by(law: Law) -> Self {
        match law {
            Law::None(why) => Kept::Unknown(why),
            Law::Is(law) => Kept::ByLaw(law),
            Law::Pending => Kept::ByPending,
        }
    }
}

impl Truth {
    pub fn of(world: &dyn World, laws: &KnownLaws<'_>, arm: &Method, measure: Measure) -> Self {
        let loss = || arm.theta.policy(world).log_probabilities().iter().map(|l| -l).collect();
        Self {
            values: measure.truth(world, arm),
            slope: (measure == Measure::Loss).then(loss),
            parts: measure.components(world, arm),
            correlation: world.response_correlation(),
            mean: world.mean().to_vec(),
            kept: match arm.pool.choice.is_random() {
                true => Kept::AtRandom,
                false => Kept::by(laws.of(world, &arm.pool.choice, arm.pool.depth(), arm.pool.responses)),
            },
        }
    }

    /// The exact value of the quantity `quantity` in an arm, for a scalar or the trace of a vector. `part` is the mode of a
    /// by-mode measure and 0 otherwise.
    pub fn exact(&self, arm: &Method, quantity: &str, part: usize) -> Exact {
        match (&self.kept, quantity) {
            (Kept::ByPending, quantity) if !of_the_world(quantity) => Exact::Pending,
            _ => Exact::or_none(self.value(arm, quantity, part), self.why_none(quantity)),
        }
    }

    /// Why a quantity has no exact value, where it has none.
    fn why_none(&self, quantity: &str) -> &'static str {
        match (&self.kept, quantity) {
            (Kept::Unknown(why), _) => why,
            (_, "crossover") => {
                "it is infinite, since the selector is unbiased: the order of the two EMSEs is the same at every number of prompts"
            }
            _ => "theory has none for this quantity",
        }
    }

    fn value(&self, arm: &Method, quantity: &str, part: usize) -> Option<f64> {
        let components = self.parts.get(part)?;
        let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
        let law = components.law(np, k);
        match (quantity, &self.kept) {
            ("prompt-floor", _) => Some(components.prompt_floor(np)),
            ("conditional-variance", _) => {
                let n = u64::from(arm.pool.candidates?);
                Some(components.conditional_on_pool(np, k, n, self.correlation))
            }
            (_, Kept::Unknown(_) | Kept::ByPending) => None,
            (_, Kept::AtRandom) => {
                let variance = components.law_with_correlated_responses(np, k, self.correlation);
                self.of_moments(quantity, part, [0.0, variance, law])
            }
            (_, Kept::ByLaw(kept)) => {
                let (bias2, variance) = self.moments(kept, part);
                if quantity == "crossover" {
                    let random = components.law_with_correlated_responses(1, k, self.correlation);
                    return Some((random - variance) / bias2).filter(|_| bias2 > 0.0);
                }
                self.of_moments(quantity, part, [bias2, variance / np as f64, law])
            }
        }
    }

    fn of_moments(&self, quantity: &str, part: usize, [bias2, variance, law]: [f64; 3]) -> Option<f64> {
        match (quantity, &self.kept) {
            ("mean", Kept::ByLaw(kept)) => kept.mean.get(part).copied(),
            ("mean", _) => self.values.get(part).copied(),
            ("variance", _) => Some(variance),
            ("emse", _) => Some(bias2 + variance),
            ("bias2", _) => Some(bias2),
            ("bias-share", _) => Some(bias2 / (bias2 + variance)),
            ("ratio", _) => Some(variance / law),
            _ => None,
        }
    }

    /// Bias^2 and variance of one prompt's statistic.
    fn moments(&self, kept: &Selected, part: usize) -> (f64, f64) {
        if let Some(slope) = &self.slope {
            let shift: f64 = slope
                .iter()
                .zip(&kept.mean)
                .zip(&self.mean)
                .map(|((v, q), p)| v * (q - p))
                .sum();
            return (unless_rounding(shift * shift), kept.linear_variance(slope));
        }
        if self.parts.len() == 1 {
            return (unless_rounding(kept.bias2(&self.mean)), kept.variance_trace());
        }
        let shift = kept.mean[part] - self.mean[part];
        (unless_rounding(shift * shift), kept.mode_variance(part))
    }
}

/// Whether a quantity has its exact value whatever is kept.
fn of_the_world(quantity: &str) -> bool {
    matches!(quantity, "prompt-floor" | "conditional-variance")
}

/// A squared bias, or 0 where it is what rounding leaves of an unbiased selection's sums of probabilities: sums of millions of
/// terms are off by some 1e-12.
fn unless_rounding(bias2: f64) -> f64 {
    if bias2 > 1e-22 { bias2 } else { 0.0 }
}

/// One measure in one arm, and where its slots lie; beside it an arm that keeps as many at random, and where its own lie.
pub(super) struct Asked<'a> {
    pub index: usize,
    pub arm: &'a Method,
    pub measure: Measure,
    pub slots: Slots,
    pub random: Option<(usize, Slots)>,
}

impl Asked<'_> {
    /// Its estimands.
    pub fn estimands(&self, world: &dyn World, laws: &KnownLaws<'_>) -> Vec<Estimand> {
        let parts = match self.measure {
            Measure::ModeMassByMode => world.mean().len(),
            _ => 1,
        };
        let truth = Truth::of(world, laws, self.arm, self.measure);
        let mut estimands = Vec::new();
        for kind in self.measure.kind().estimands {
            let quantity = kind.quantity.name;
            if !has(self.arm, quantity, self.random.is_some()) {
                continue;
            }
            for part in 0..parts {
                estimands.push(Estimand {
                    kind,
                    of: self.of(quantity),
                    at: if parts > 1 { part.to_string() } else { String::new() },
                    functional: self.functional(&truth, quantity, part),
                    exact: truth.exact(self.arm, quantity, part),
                    reference: None,
                    given: None,
                });
            }
        }
        estimands
    }

    /// The arms that a quantity is a function of.
    fn of(&self, quantity: &str) -> Of {
        let arm = self.index;
        match &self.random {
            Some((versus, _)) if quantity == "crossover" => Of::Contrast { arm, versus: *versus },
            _ => Of::Arm(arm),
        }
    }

    fn functional(&self, truth: &Truth, quantity: &str, part: usize) -> Functional {
        let moments = self.moments(part);
        match quantity {
            "mean" => Functional::Mass {
                slot: moments.deviation.start,
                most: moments.unit,
                parts: [self.arm.pool.prompts, self.arm.pool.responses].map(u64::from),
            },
            "variance" => Functional::Variance { moments, factor: 1.0 },
            "ratio" => {
                let law = truth.parts[part].law(u64::from(self.arm.pool.prompts), u64::from(self.arm.pool.responses));
                Functional::Variance {
                    moments,
                    factor: 1.0 / law,
                }
            }
            "emse" => Functional::Smooth(Box::new(move |means| means.mean(moments.square))),
            "bias2" => Functional::SquaredNorm(self.slots.deviation.clone()),
            "bias-share" => Functional::SquaredNormShare {
                slots: self.slots.deviation.clone(),
                of: moments.square,
            },
            "crossover" => self.crossover(moments),
            "conditional-variance" => {
                let slot = self.slots.selection.start;
                Functional::Smooth(Box::new(move |means| means.mean(slot)))
            }
            _ => Functional::TheoryOnly,
        }
    }

    /// Where the moments of the statistic stand, of one mode or of the whole.
    fn moments(&self, part: usize) -> Moments {
        match self.measure {
            Measure::ModeMassByMode => Moments {
                deviation: self.slots.deviation.start + part..self.slots.deviation.start + part + 1,
                square: self.slots.squares.start + part,
                unit: f64::from(self.arm.pool.prompts) * f64::from(self.arm.pool.responses),
            },
            _ => moments(&self.slots),
        }
    }

    /// N_p (variance of `random` - own variance)/bias^2, of which the last may be 0.
    fn crossover(&self, own: Moments) -> Functional {
        let np = f64::from(self.arm.pool.prompts);
        match &self.random {
            None => Functional::TheoryOnly,
            Some((_, slots)) => {
                let (random, slots) = (moments(slots), own.deviation.clone());
                let over = move |means: &Means<'_>| np * (random.variance(means) - own.variance(means));
                Functional::OverSquaredNorm {
                    over: Box::new(over),
                    slots,
                }
            }
        }
    }
}

/// The moments of a statistic that is one vector or one number.
pub(super) fn moments(slots: &Slots) -> Moments {
    Moments {
        deviation: slots.deviation.clone(),
        square: slots.squares.start,
        unit: 1.0,
    }
}
