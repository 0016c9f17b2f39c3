//! Owns the noise of minibatch gradients given the data: as theory has it, and as it is measured at the best policy of the family.
//!
//! Grouped minibatches of g prompts with all K responses have the trace (1/g)(V_x + V_{y|x}/K) of a gradient's covariance, shuffled ones of
//! b responses (V_x + V_{y|x})/b, of data that are many; given N_p prompts of which minibatches are drawn without replacement the
//! former is (1/g)(1 - 1/N_p)(V_x + V_{y|x}/K)(N_p - g)/(N_p - 1), the latter (1/b)(V_x (1 - 1/N_p) + V_{y|x}(1 - 1/(N_p K)))(N_p K - b)/(N_p K - 1)
//! (Cochran 1977, chapter 2). Prompts drawn without replacement differ by V_x (1 - 1/N_p) P/(P - 1) instead of V_x (1 - 1/N_p).

use super::optimum::Known;
use super::{Labels, PolicyArm};
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Stream;
use crate::policy::{Batch, Family};
use crate::theory::sandwich::without_replacement;
use std::iter::repeat_n;

/// Its expectation; none of full batches, and of data that are not independent responses.
/// `population` is P where prompts are drawn without replacement.
pub(super) fn expected(arm: &PolicyArm, known: &Known, population: Option<u32>) -> Option<f64> {
    let raw = known.components?.raw;
    if arm.labels != Labels::Responses || arm.smoothing > 0.0 || arm.copies > 1 {
        return None;
    }
    let (prompts, k) = (f64::from(arm.pool.prompts), f64::from(arm.pool.responses));
    let all = prompts * k;
    // What of V_x prompts of one data set differ by.
    let among = population.map_or(1.0 - 1.0 / prompts, |p| {
        1.0 - without_replacement(1.0 / prompts, p as usize)
    });
    match arm.training.batch {
        Batch::Full => None,
        Batch::Grouped(_) => {
            let g = groups(arm) as f64;
            let one = raw.prompt * among + raw.response / k * (1.0 - 1.0 / prompts);
            Some(one / g * left(prompts, g))
        }
        Batch::Shuffled(b) => {
            let b = f64::from(b).min(all);
            let one = raw.prompt * among + raw.response * (1.0 - 1.0 / all);
            Some(one / b * left(all, b))
        }
    }
}

/// (n - taken)/(n - 1): what of a mean's variance is left where it is taken without replacement.
fn left(n: f64, taken: f64) -> f64 {
    if n > 1.0 { (n - taken) / (n - 1.0) } else { 0.0 }
}

/// Prompts of a grouped minibatch.
fn groups(arm: &PolicyArm) -> usize {
    match arm.training.batch {
        Batch::Grouped(b) => (b / arm.pool.responses).clamp(1, arm.pool.prompts) as usize,
        _ => arm.pool.prompts as usize,
    }
}

/// Measures it: one worker's scratch.
pub(super) struct Measured {
    family: Family,
    modes: usize,
    jacobian: Vec<f64>,
    full: Vec<f64>,
    part: Vec<f64>,
    /// The parameters, in every lane.
    theta: Vec<Lanes<f64>>,
    policy: Vec<Lanes<f64>>,
    /// Features of one prompt.
    own: Vec<f64>,
    /// What each prompt and mode counts in the minibatch.
    weights: Vec<f64>,
    /// What a minibatch is taken from.
    examples: Vec<u32>,
}

impl Measured {
    pub fn new(family: Family, modes: usize) -> Self {
        let parameters = family.parameters(modes);
        Self {
            family,
            modes,
            jacobian: vec![0.0; modes * parameters],
            full: vec![0.0; parameters],
            part: vec![0.0; parameters],
            theta: Vec::with_capacity(parameters),
            policy: vec![[0.0; LANES]; modes],
            own: Vec::new(),
            weights: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// Of the data of one lane, features and kept shares by prompt, and the first minibatch that `order` gives.
    pub fn of(
        &mut self,
        arm: &PolicyArm,
        known: &Known,
        features: &[Lanes<f64>],
        target: &[Lanes<f64>],
        lane: usize,
        order: &mut Stream,
    ) -> f64 {
        let (prompts, modes) = (arm.pool.prompts as usize, self.modes);
        let coordinates = features.len() / prompts;
        self.weigh(arm, target, lane, order);
        self.full.fill(0.0);
        self.part.fill(0.0);
        self.theta.clear();
        self.theta.extend(known.parameters.iter().map(|&value| [value; LANES]));
        for prompt in 0..prompts {
            self.own.clear();
            self.own.extend(
                features[prompt * coordinates..][..coordinates]
                    .iter()
                    .map(|row| row[lane]),
            );
            self.family
                .log_policies(modes, &self.theta, &self.own, coordinates, &mut self.policy);
            self.family
                .jacobian(modes, &known.parameters, &self.own, &mut self.jacobian);
            let kept = &target[prompt * modes..][..modes];
            let weight = &self.weights[prompt * modes..][..modes];
            let in_batch: f64 = weight.iter().sum();
            for m in 0..modes {
                let p = exp(self.policy[m][0]);
                let full = (p - kept[m][lane]) / prompts as f64;
                let part = in_batch * p - weight[m];
                let parameters = self.full.len();
                let row = &self.jacobian[m * parameters..][..parameters];
                for (at, slope) in row.iter().enumerate() {
                    self.full[at] += full * slope;
                    self.part[at] += part * slope;
                }
            }
        }
        self.full
            .iter()
            .zip(&self.part)
            .map(|(full, part)| (part - full) * (part - full))
            .sum()
    }

    /// What each prompt and mode counts in one minibatch: all sum to 1.
    fn weigh(&mut self, arm: &PolicyArm, target: &[Lanes<f64>], lane: usize, order: &mut Stream) {
        let (prompts, modes, k) = (arm.pool.prompts as usize, self.modes, arm.pool.responses as usize);
        let (weights, examples) = (&mut self.weights, &mut self.examples);
        weights.clear();
        weights.resize(prompts * modes, 0.0);
        examples.clear();
        if let Batch::Shuffled(b) = arm.training.batch {
            for (place, share) in target[..prompts * modes].iter().enumerate() {
                let count = (share[lane] * k as f64).round() as usize;
                examples.extend(repeat_n(place as u32, count));
            }
            let b = (b as usize).min(examples.len());
            for &place in taken(examples, b, order) {
                weights[place as usize] += 1.0 / b as f64;
            }
            return;
        }
        let g = groups(arm);
        examples.extend(0..prompts as u32);
        for &prompt in taken(examples, g, order) {
            let rows = prompt as usize * modes..(prompt as usize + 1) * modes;
            for (weight, share) in weights[rows.clone()].iter_mut().zip(&target[rows]) {
                *weight = share[lane] / g as f64;
            }
        }
    }
}

/// So many of `all` without replacement (Fisher and Yates).
fn taken<'a>(all: &'a mut [u32], many: usize, order: &mut Stream) -> &'a [u32] {
    for place in 0..many {
        let other = place + (order.uniform() * (all.len() - place) as f64) as usize;
        all.swap(place, other);
    }
    &all[..many]
}
