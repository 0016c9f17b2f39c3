//! Owns what the study estimates, with the exact value of each.
//!
//! With X the statistic of one replicate, t its truth and R replicates: the variance is R/(R-1) (mean|X-t|^2 -
//! |mean(X-t)|^2), the trace of the covariance matrix for a vector; bias^2 is |mean(X-t)|^2 less the variance of
//! the mean; EMSE is mean|X-t|^2. Random-K-of-N is unbiased, so its exact EMSE is its exact variance. Of other selectors
//! the exact law of the kept share f is taken from [`Laws`], where there is one; prompts are independent, so the
//! variance over N_p of them is that of one divided by N_p.

use super::measure::{CONTRASTS, Measure, Slots};
use super::{Method, Pool};
use crate::engine::{Estimand, Exact, Functional, Known, Moments, Reading};
use crate::inference::groups::Means;
use crate::study::EstimandDoc;
use crate::study::laws::{Law, Laws};
use crate::theory::selected::Selected;
use crate::theory::variance_law::Components;
use crate::world::World;
use std::sync::Arc;

const LAW: &str = "arXiv 2606.00544, the variance law; Cochran 1977, chapter 10";

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 11] = [
    EstimandDoc {
        quantity: "mean",
        meaning: "expected value of the statistic (of `mode-mass-by-mode` only)",
        formula: "mean over replicates; exact: the truth for random-K-of-N, which is unbiased; else the exact selected distribution",
        unit: "the statistic's own",
        source: "Cochran 1977, theorem 2.1",
    },
    EstimandDoc {
        quantity: "variance",
        meaning: "variance over replicates of the statistic; for a vector the trace of its covariance matrix",
        formula: "R/(R-1) (mean|X-t|^2 - |mean(X-t)|^2); exact: V_x/N_p + V_{y|x} [1 + (K-1) r]/(N_p K), r the correlation of two responses given the prompt (0 but in `copies`); of other selectors tr Var f/N_p",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "bias2",
        meaning: "squared distance of the expected statistic from the truth, debiased (so it may come out below 0)",
        formula: "|mean(X-t)|^2 - tr S, S the covariance of the mean; MCSE by the score; exact: 0 for random-K-of-N, else |E f - pi|^2 of the exact law",
        unit: "squared units of the statistic",
        source: "score interval of a squared norm",
    },
    EstimandDoc {
        quantity: "emse",
        meaning: "expected squared error of the statistic: bias^2 + variance",
        formula: "mean|X-t|^2; exact: bias^2 + variance",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "bias-share",
        meaning: "share of the EMSE that is bias, which more prompts do not remove: 0 for an unbiased selector",
        formula: "bias^2/EMSE; judged as `bias^2 - c EMSE` by the score, with the covariance of the two",
        unit: "dimensionless, at most 1; an estimate may come out below 0",
        source: "score interval of a squared norm; Fieller 1954",
    },
    EstimandDoc {
        quantity: "crossover",
        meaning: "prompts beyond which `random` has the smaller EMSE than this selector at the same K (needs an arm with `random` beside it)",
        formula: "N_p (variance of `random` - variance)/bias^2, by Fieller's method, since bias^2 may be 0; exact: the same of exact values; \
                  none where bias^2 is 0, as it is then infinite",
        unit: "prompts; negative where `random` is better from the first",
        source: "bias^2 + tr Var f/N_p of both, set equal",
    },
    EstimandDoc {
        quantity: "ratio",
        meaning: "variance as a multiple of the law for independent responses: 1 where the law holds",
        formula: "variance / (V_x/N_p + V_{y|x}/(N_p K)); exact: the same ratio of exact variances",
        unit: "dimensionless, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "conditional-variance",
        meaning: "mean variance over selections, given prompts and pools (needs `candidates`)",
        formula: "mean|X - X_pool|^2, X_pool the statistic of whole pools; exact: V_{y|x} (1 - r) (1/K - 1/N)/N_p",
        unit: "squared units of the statistic, not negative",
        source: "finite-population correction, Cochran 1977, theorem 2.2",
    },
    EstimandDoc {
        quantity: "prompt-floor",
        meaning: "the part of the law that no number of independent responses removes; theory only, no estimate",
        formula: "V_x/N_p",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "gain",
        meaning: "what a budget gains by keeping the best number of responses instead of one (of `returns`, in arms with K = 1 and \
                  a budget whose Cochran's integer is another arm's K); 1 where K = 1 is the best",
        formula: "variance at K = 1 over that at Cochran's integer, on the same draws; exact: the same of exact variances",
        unit: "dimensionless, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "doubling",
        meaning: "what twice the responses per prompt leave of the variance (of `returns`, where an arm keeps 2 K of as many \
                  prompts, or of the same budget)",
        formula: "variance at 2 K over that at K, on the same draws; exact: the same of exact variances, for as many prompts \
                  (1 + alpha/(2 K))/(1 + alpha/K) with alpha = V_{y|x}/V_x",
        unit: "dimensionless, positive",
        source: LAW,
    },
];

/// The quantities that a measure has in arms of every kind, in row order.
pub fn names(measure: Measure) -> Vec<String> {
    quantities(measure)
        .map(|quantity| format!("{}.{quantity}", measure.name()))
        .collect()
}

fn quantities(measure: Measure) -> impl Iterator<Item = &'static str> {
    let has = move |quantity: &&str| match (measure, *quantity) {
        (Measure::ModeMassByMode, q) => matches!(q, "mean" | "variance"),
        (Measure::Returns, q) => CONTRASTS.contains(&q),
        (_, q) => q != "mean" && !CONTRASTS.contains(&q),
    };
    QUANTITIES.iter().map(|doc| doc.quantity).filter(has)
}

/// Whether an arm has a quantity of a measure. `partner` says whether an arm keeps at random beside it.
fn has(arm: &Method, quantity: &str, partner: bool) -> bool {
    match quantity {
        "conditional-variance" => arm.choice.is_random() && matches!(arm.candidates, Pool::Of(_)),
        // All of a pool is kept alike by every selector.
        "crossover" => partner && !arm.choice.is_random() && arm.responses < arm.depth(),
        _ => true,
    }
}

/// The exact value of the quantity `quantity` of a measure in an arm, for a scalar or the trace of a vector.
///
/// `part` is the mode of a by-mode measure and 0 otherwise.
pub fn exact(world: &dyn World, arm: &Method, measure: Measure, quantity: &str, part: usize) -> Option<f64> {
    let asked = std::iter::once((arm.choice, arm.depth(), arm.responses));
    let laws = Laws::new(world, asked, &mut Reading::new(Known::on_demand()));
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
    pub fn of(world: &dyn World, laws: &Laws, arm: &Method, measure: Measure) -> Self {
        let loss = || arm.theta.policy(world).log_probabilities().iter().map(|l| -l).collect();
        Self {
            values: measure.truth(world, arm),
            slope: (measure == Measure::Loss).then(loss),
            parts: measure.components(world, arm),
            correlation: world.response_correlation(),
            mean: world.mean().to_vec(),
            kept: match arm.choice.is_random() {
                true => Kept::AtRandom,
                false => Kept::by(laws.of(world, &arm.choice, arm.depth(), arm.responses)),
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
        let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
        let law = components.law(np, k);
        match (quantity, &self.kept) {
            ("prompt-floor", _) => Some(components.prompt_floor(np)),
            ("conditional-variance", _) => match arm.candidates {
                Pool::AsKept => None,
                Pool::Of(n) => Some(components.conditional_on_pool(np, k, u64::from(n), self.correlation)),
            },
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

/// One measure in one arm, and where its slots lie; beside it those of an arm that keeps as many at random.
pub(super) struct Asked<'a> {
    pub index: usize,
    pub arm: &'a Method,
    pub measure: Measure,
    pub slots: Slots,
    pub random: Option<Slots>,
}

impl Asked<'_> {
    /// Its estimands.
    pub fn estimands(&self, world: &dyn World, laws: &Laws) -> Vec<Estimand> {
        let parts = match self.measure {
            Measure::ModeMassByMode => world.mean().len(),
            _ => 1,
        };
        let truth = Truth::of(world, laws, self.arm, self.measure);
        let mut estimands = Vec::new();
        for quantity in quantities(self.measure).filter(|q| has(self.arm, q, self.random.is_some())) {
            for part in 0..parts {
                estimands.push(Estimand {
                    name: format!("{}.{quantity}", self.measure.name()),
                    at: if parts > 1 { part.to_string() } else { String::new() },
                    arm: Some(self.index),
                    functional: self.functional(&truth, quantity, part),
                    exact: truth.exact(self.arm, quantity, part),
                    reference: None,
                    given: None,
                });
            }
        }
        estimands
    }

    fn functional(&self, truth: &Truth, quantity: &str, part: usize) -> Functional {
        let moments = self.moments(part);
        match quantity {
            "mean" => Functional::Mass {
                slot: moments.deviation.start,
                most: moments.unit,
                parts: [self.arm.prompts, self.arm.responses].map(u64::from),
            },
            "variance" => Functional::Variance { moments, factor: 1.0 },
            "ratio" => {
                let law = truth.parts[part].law(u64::from(self.arm.prompts), u64::from(self.arm.responses));
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
            _ => Functional::ExactOnly,
        }
    }

    /// Where the moments of the statistic stand, of one mode or of the whole.
    fn moments(&self, part: usize) -> Moments {
        match self.measure {
            Measure::ModeMassByMode => Moments {
                deviation: self.slots.deviation.start + part..self.slots.deviation.start + part + 1,
                square: self.slots.squares.start + part,
                unit: f64::from(self.arm.prompts) * f64::from(self.arm.responses),
            },
            _ => moments(&self.slots),
        }
    }

    /// N_p (variance of `random` - own variance)/bias^2, of which the last may be 0.
    fn crossover(&self, own: Moments) -> Functional {
        let np = f64::from(self.arm.prompts);
        match &self.random {
            None => Functional::ExactOnly,
            Some(slots) => {
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
