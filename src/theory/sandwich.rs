//! Owns the components of what a fitted policy loses: the sandwich of M-estimation with prompts as clusters (Huber 1967, White 1982,
//! Liang and Zeger 1986).
//!
//! Near its optimum in a population the gradient of a response is g = J'(p - e_y), J the derivatives of the policy's logits; its mean
//! given the prompt is g_x = J'(p - pi). With C_x = Cov_x(g_x), C_y = E_x J'(diag pi - pi pi')J and H = E_x J'(diag p - p p')J, a fit to N_p
//! prompts drawn with replacement and K responses of each errs by Cov = H^-1 (C_x/N_p + C_y/(N_p K)) H^-1, and so loses on average
//! 1/2 (V_x/N_p + V_{y|x}/(N_p K)) nats, V = tr(H^-1 C). H is that of Gauss and Newton where logits are not linear in the parameters; damping
//! delta makes it H + delta, and V = tr((H + delta)^-1 H (H + delta)^-1 C).
//!
//! Neither C is ever formed. Of each prompt M x M products J A J' say all: the rows of J, less their mean under p, which p - pi and both
//! covariances do not see.

use super::budget::{Budget, Costs};
use super::variance_law::Components;
use crate::numerics::cholesky::Cholesky;
use crate::numerics::elementary::ln;
use crate::numerics::gram::Gram;
use crate::numerics::lanes::LANES;

/// What theory knows of a policy near its optimum in a population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicyComponents {
    /// V_x = tr(H^-1 C_x) and V_{y|x} = tr(H^-1 C_y), damped where the matrix is: twice the nats lost, times N_p and N_p K.
    pub sandwich: Components,
    /// tr C_x and tr C_y, which change with the units of features: a naive choice of components.
    pub raw: Components,
    /// Var_x E[l given x] and E_x Var(l given x) of the loss l = -ln p(y given x), in squared nats: a naive choice, as prompts that are
    /// hard for every policy are no error of this one.
    pub loss: Components,
    /// c = E_x tr[(H^-1 H_x)^2]/D - 1, H_x the Hessian of one prompt: the excess error of few prompts is c/N_p to second order. Damped:
    /// E_x tr[(A (H_x - H))^2]/tr(A H) with A = (H + delta)^-1.
    pub design: f64,
    /// D: parameters.
    pub parameters: usize,
    /// tr((H + delta)^-1 H): D where nothing is damped, fewer where directions are.
    pub effective_parameters: f64,
}

impl PolicyComponents {
    /// (V_x w + V_{y|x}/(N_p K))/2: expected excess NLL of a converged fit to `responses` N_p K in all, in nats, to first order. `spread` w is
    /// the variance of the mean over prompts as a share of V_x: 1/N_p for independent ones, see [`without_replacement`].
    pub fn first_order(&self, spread: f64, responses: f64) -> f64 {
        0.5 * (self.sandwich.prompt * spread + self.sandwich.response / responses)
    }

    /// [`first_order`](Self::first_order) times 1 + c w + D/(N_p K), D the effective parameters.
    pub fn second_order(&self, spread: f64, responses: f64) -> f64 {
        let few = self.design * spread + self.effective_parameters / responses;
        self.first_order(spread, responses) * (1.0 + few)
    }

    /// The same for prompts that occur so often each: V_x and c count for as many.
    #[must_use]
    pub fn copied(&self, copies: u32) -> Self {
        let times = |own: Components| Components {
            prompt: own.prompt * f64::from(copies),
            ..own
        };
        Self {
            sandwich: times(self.sandwich),
            raw: times(self.raw),
            loss: times(self.loss),
            design: self.design * f64::from(copies),
            ..*self
        }
    }

    /// [`Costs::best_finite`] under a budget.
    pub fn best_finite(&self, budget: &Budget) -> Option<f64> {
        budget.costs.best_finite(budget.total, self.design)
    }

    /// The share by which K = `naive` exceeds the error at K*, for continuous N_p and to first order.
    pub fn regret(&self, costs: &Costs, naive: f64) -> f64 {
        costs.regret(&self.sandwich, naive)
    }
}

/// The variance of the mean over prompts drawn without replacement from a population of so many, and judged by it, as a share of V_x
/// (Cochran 1977, section 2.6): `squares` is the sum of squares of the prompts' shares, 1/N_p where each occurs once.
pub fn without_replacement(squares: f64, population: usize) -> f64 {
    let all = population as f64;
    match all > 1.0 {
        true => ((all * squares - 1.0) / (all - 1.0)).max(0.0),
        false => 0.0,
    }
}

/// Prompts whose systems are solved together: their columns fill lanes whatever the number of modes.
pub(super) const BATCH: usize = LANES;

/// The components of a policy with probabilities `p` in a population of conditionals `pi` (prompts x modes each). `jacobian(x, out)` writes
/// the derivatives of the logits of prompt x, modes x parameters; it is asked twice for each prompt. None where the Hessian with `damping`
/// (0 or more) is not positive definite.
///
/// # Panics
///
/// Where `p` or `pi` do not have prompts * modes entries.
pub fn policy_components(
    prompts: usize,
    modes: usize,
    parameters: usize,
    p: &[f64],
    pi: &[f64],
    damping: f64,
    jacobian: impl FnMut(usize, &mut [f64]),
) -> Option<PolicyComponents> {
    assert!(
        p.len() == prompts * modes && pi.len() == prompts * modes,
        "{prompts} prompts of {modes} modes"
    );
    let mut rows = CentredRows::new(modes, parameters, p, jacobian);
    let factor = Cholesky::of(rows.hessian(prompts, damping))?;
    let mut sums = Sums::new(parameters);
    let mut columns = vec![0.0; parameters * BATCH * modes];
    for first in (0..prompts).step_by(BATCH) {
        let batch = first..prompts.min(first + BATCH);
        for (place, prompt) in batch.clone().enumerate() {
            let differences = differences(&p[prompt * modes..][..modes], &pi[prompt * modes..][..modes]);
            rows.write_columns(prompt, place, &mut columns);
            sums.add_gradient(&rows.rows, &differences);
        }
        let metrics = Metrics::of(&factor, modes, damping, &mut columns);
        for (place, prompt) in batch.enumerate() {
            let own = prompt * modes..(prompt + 1) * modes;
            sums.add(&metrics.of_prompt(place), &p[own.clone()], &pi[own]);
        }
    }
    let loss = loss_components(modes, p, pi);
    Some(sums.components(&factor, prompts as f64, damping, loss))
}

/// p - pi of a prompt.
pub(super) fn differences(p: &[f64], pi: &[f64]) -> Vec<f64> {
    p.iter().zip(pi).map(|(p, pi)| p - pi).collect()
}

/// Jacobians of prompts, of which rows have mean 0 under the policy.
pub(super) struct CentredRows<'a, J> {
    modes: usize,
    parameters: usize,
    p: &'a [f64],
    rows: Vec<f64>,
    jacobian: J,
}

impl<'a, J: FnMut(usize, &mut [f64])> CentredRows<'a, J> {
    /// Those of a policy with probabilities `p`.
    pub fn new(modes: usize, parameters: usize, p: &'a [f64], jacobian: J) -> Self {
        Self {
            modes,
            parameters,
            p,
            rows: vec![0.0; modes * parameters],
            jacobian,
        }
    }

    /// The rows of a prompt.
    pub fn of(&mut self, prompt: usize) -> &[f64] {
        self.centre(prompt);
        &self.rows
    }

    /// Works out the rows of a prompt.
    fn centre(&mut self, prompt: usize) {
        let p = &self.p[prompt * self.modes..][..self.modes];
        (self.jacobian)(prompt, &mut self.rows);
        let mut mean = vec![0.0; self.parameters];
        for (row, p) in self.rows.chunks_exact(self.parameters).zip(p) {
            mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += p * x);
        }
        for row in self.rows.chunks_exact_mut(self.parameters) {
            row.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
        }
    }

    /// H + damping.
    pub fn hessian(&mut self, prompts: usize, damping: f64) -> Gram {
        let (modes, mut hessian) = (self.modes, Gram::new(self.parameters));
        let width = hessian.width();
        let mut weighted = vec![0.0; BATCH * modes * width];
        for first in (0..prompts).step_by(BATCH) {
            let batch = first..prompts.min(first + BATCH);
            let used = batch.len() * modes * width;
            for (prompt, block) in batch.zip(weighted.chunks_exact_mut(modes * width)) {
                self.centre(prompt);
                let rows = self
                    .rows
                    .chunks_exact(self.parameters)
                    .zip(block.chunks_exact_mut(width));
                for ((row, weighted), p) in rows.zip(&self.p[prompt * modes..]) {
                    let root = p.sqrt();
                    weighted.iter_mut().zip(row).for_each(|(out, x)| *out = root * x);
                }
            }
            hessian.add(&weighted[..used]);
        }
        hessian.scale(1.0 / prompts as f64);
        hessian.add_to_diagonal(damping);
        hessian
    }

    /// Works out the rows of a prompt, and writes them as columns at its place of a batch.
    pub fn write_columns(&mut self, prompt: usize, place: usize, columns: &mut [f64]) {
        self.centre(prompt);
        for (m, row) in self.rows.chunks_exact(self.parameters).enumerate() {
            let own = columns[place * self.modes + m..].iter_mut().step_by(BATCH * self.modes);
            own.zip(row).for_each(|(out, x)| *out = *x);
        }
    }
}

/// The modes x modes products J A J' of each prompt of a batch, for three A.
pub(super) struct Metrics {
    modes: usize,
    /// A = 1.
    raw: Vec<f64>,
    /// A = (H + delta)^-1.
    inverse: Vec<f64>,
    /// A = (H + delta)^-1 H (H + delta)^-1 = (H + delta)^-1 - delta (H + delta)^-2.
    sandwich: Vec<f64>,
}

impl Metrics {
    /// Those of J' in columns, which are left changed.
    pub fn of(factor: &Cholesky, modes: usize, damping: f64, columns: &mut [f64]) -> Self {
        let raw = products(modes, columns);
        factor.forward(columns, BATCH * modes);
        let inverse = products(modes, columns);
        let mut sandwich = inverse.clone();
        if damping > 0.0 {
            factor.backward(columns, BATCH * modes);
            let twice = products(modes, columns);
            sandwich.iter_mut().zip(twice).for_each(|(out, x)| *out -= damping * x);
        }
        Self {
            modes,
            raw,
            inverse,
            sandwich,
        }
    }

    /// The three of one prompt, in their order.
    pub fn of_prompt(&self, place: usize) -> [&[f64]; 3] {
        let size = self.modes * self.modes;
        [&self.raw, &self.inverse, &self.sandwich].map(|all| &all[place * size..][..size])
    }
}

/// Z'Z for each prompt of a batch, Z its columns.
fn products(modes: usize, columns: &[f64]) -> Vec<f64> {
    let mut all = vec![0.0; BATCH * modes * modes];
    for row in columns.chunks_exact(BATCH * modes) {
        for (own, out) in row.chunks_exact(modes).zip(all.chunks_exact_mut(modes * modes)) {
            for (a, out) in own.iter().zip(out.chunks_exact_mut(modes)) {
                out.iter_mut().zip(own).for_each(|(out, b)| *out += a * b);
            }
        }
    }
    all
}

/// Sums over prompts.
struct Sums {
    /// g_x.
    gradient: Vec<f64>,
    raw: Components,
    sandwich: Components,
    /// tr[(A H_x)^2], A = (H + delta)^-1.
    squares: f64,
    /// tr(A H_x A H).
    crossed: f64,
    /// tr(A H_x).
    trace: f64,
}

impl Sums {
    fn new(parameters: usize) -> Self {
        const NOTHING: Components = Components {
            prompt: 0.0,
            response: 0.0,
        };
        Self {
            gradient: vec![0.0; parameters],
            raw: NOTHING,
            sandwich: NOTHING,
            squares: 0.0,
            crossed: 0.0,
            trace: 0.0,
        }
    }

    /// Adds J'(p - pi).
    fn add_gradient(&mut self, rows: &[f64], differences: &[f64]) {
        for (row, difference) in rows.chunks_exact(self.gradient.len()).zip(differences) {
            let pairs = self.gradient.iter_mut().zip(row);
            pairs.for_each(|(sum, x)| *sum += difference * x);
        }
    }

    /// Adds what the three metrics of a prompt say.
    fn add(&mut self, [raw, inverse, sandwich]: &[&[f64]; 3], p: &[f64], pi: &[f64]) {
        for (sum, metric) in [(&mut self.raw, raw), (&mut self.sandwich, sandwich)] {
            sum.prompt += quadratic(metric, &differences(p, pi));
            sum.response += trace(metric, pi) - quadratic(metric, pi);
        }
        let modes = p.len();
        for (a, row) in inverse.chunks_exact(modes).enumerate() {
            let squares: f64 = row.iter().zip(p).map(|(x, p)| p * (x * x)).sum();
            self.squares += p[a] * squares;
        }
        self.crossed += trace(sandwich, p);
        self.trace += trace(inverse, p);
    }

    /// Means over prompts; those of squares less the squares of means.
    fn components(&self, factor: &Cholesky, prompts: f64, damping: f64, loss: Components) -> PolicyComponents {
        let mean: Vec<f64> = self.gradient.iter().map(|sum| sum / prompts).collect();
        let solved = factor.solve(&mean);
        let bread = dot(&mean, &solved) - damping * dot(&solved, &solved);
        let split = |sum: &Components, of_mean: f64| {
            above_rounding(Components {
                prompt: sum.prompt / prompts - of_mean,
                response: sum.response / prompts,
            })
        };
        PolicyComponents {
            sandwich: split(&self.sandwich, bread),
            raw: split(&self.raw, dot(&mean, &mean)),
            loss,
            design: beyond_rounding((self.squares - self.crossed) / self.trace),
            parameters: mean.len(),
            effective_parameters: self.trace / prompts,
        }
    }
}

/// V_x below a rounding of V_{y|x} is none. What p and pi are rounded to leaves less, and no K that a pool could have tells one from the other.
fn above_rounding(components: Components) -> Components {
    let some = components.prompt > f64::EPSILON * components.response;
    Components {
        prompt: if some { components.prompt } else { 0.0 },
        ..components
    }
}

/// x'Ax.
pub(super) fn quadratic(a: &[f64], x: &[f64]) -> f64 {
    a.chunks_exact(x.len()).zip(x).map(|(row, x_a)| x_a * dot(row, x)).sum()
}

/// tr(diag(x) A).
pub(super) fn trace(a: &[f64], x: &[f64]) -> f64 {
    (0..x.len()).map(|m| x[m] * a[m * x.len() + m]).sum()
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The components of the loss of one response, -ln p(y given x).
fn loss_components(modes: usize, p: &[f64], pi: &[f64]) -> Components {
    let of_prompt = |(p, pi): (&[f64], &[f64])| {
        // A mode that is never drawn costs nothing, even where the policy has none of it.
        let drawn = || pi.iter().zip(p).filter(|(pi, _)| **pi > 0.0);
        let mean: f64 = drawn().map(|(pi, p)| -pi * ln(*p)).sum();
        let deviation = |p: f64| -ln(p) - mean;
        (
            mean,
            drawn().map(|(pi, p)| pi * (deviation(*p) * deviation(*p))).sum::<f64>(),
        )
    };
    let prompts = (p.len() / modes) as f64;
    let each: Vec<(f64, f64)> = p
        .chunks_exact(modes)
        .zip(pi.chunks_exact(modes))
        .map(of_prompt)
        .collect();
    let mean = each.iter().map(|(mean, _)| mean).sum::<f64>() / prompts;
    Components {
        prompt: each.iter().map(|(own, _)| (own - mean) * (own - mean)).sum::<f64>() / prompts,
        response: each.iter().map(|(_, within)| within).sum::<f64>() / prompts,
    }
}

/// c, 0 where it is what rounding leaves of two sums that are equal.
fn beyond_rounding(c: f64) -> f64 {
    const ROUNDING: f64 = 1e-9;
    if c.abs() < ROUNDING { 0.0 } else { c }
}

#[cfg(test)]
#[path = "sandwich_tests.rs"]
mod tests;
