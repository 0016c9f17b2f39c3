//! Owns the path that gradient descent takes when it follows selected responses, and where their gradient points on it.
//!
//! The policy is one softmax over M modes, p = softmax(theta), from theta_0 = 0. Responses with the distribution pi give the
//! loss the gradient g = p - pi in theta, selected ones with the distribution q the gradient u = p - q. Descent follows one
//! of them: theta_{t+1} = theta_t - rate (p_t - drift), the drift being q on the selection's own path and pi on the true one.
//!
//! On both paths u - g = pi - q, whatever the step: what changes is g, which shrinks as the policy learns, until the part
//! that selection adds outweighs it.
//!
//! It never draws. The distributions are given by the caller: exact ones, or estimates of them.
//!
//! # The angle
//!
//! 1 - cos(u, g) = (1/2) |u/|u| - g/|g||^2 holds at every angle, and keeps its digits where it is small, which a difference
//! of 1 and a cosine does not. For a small angle it is |u_perp|^2/(2 |g|^2), u_perp the part of u orthogonal to g.

use crate::numerics::elementary::{exp_slice, ln, ln_1p};

/// The norm below which a gradient has no direction: coordinates of p - pi are differences of probabilities with errors of
/// 1e-16, so that a direction still has ten digits here; further on it would soon be rounding.
pub const LEAST_NORM: f64 = 1e-6;

/// Which gradient descent follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// That of the selected responses, u = p - q: what a training run on them does.
    Own,
    /// The true one, g = p - pi.
    Truth,
}

/// The shared softmax somewhere on a path. Every slice handed to it has one entry per mode.
#[derive(Debug, Clone, PartialEq)]
pub struct Descended {
    logits: Vec<f64>,
    p: Vec<f64>,
    /// ln sum_m exp(theta_m).
    log_total: f64,
}

impl Descended {
    /// Step 0: all logits 0. There must be at least one mode.
    pub fn start(modes: usize) -> Self {
        let mut start = Self {
            logits: vec![0.0; modes],
            p: vec![0.0; modes],
            log_total: 0.0,
        };
        start.normalise();
        start
    }

    /// The policy of these finite logits, at least one.
    pub fn at(logits: &[f64]) -> Self {
        let mut policy = Self::start(logits.len());
        policy.logits.copy_from_slice(logits);
        policy.normalise();
        policy
    }

    /// The policy after `steps` steps along `drift` (M probabilities) at a finite `rate` above 0.
    pub fn after(steps: u32, drift: &[f64], rate: f64) -> Self {
        let mut policy = Self::start(drift.len());
        for _ in 0..steps {
            policy.step(drift, rate);
        }
        policy
    }

    /// One step: theta - rate (p - drift).
    pub fn step(&mut self, drift: &[f64], rate: f64) {
        for ((theta, p), drift) in self.logits.iter_mut().zip(&self.p).zip(drift) {
            *theta -= rate * (p - drift);
        }
        self.normalise();
    }

    fn normalise(&mut self) {
        let top = self.logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (p, theta) in self.p.iter_mut().zip(&self.logits) {
            *p = theta - top;
        }
        exp_slice(&mut self.p);
        let total: f64 = self.p.iter().sum();
        self.p.iter_mut().for_each(|p| *p /= total);
        self.log_total = top + ln(total);
    }

    /// p, M probabilities.
    pub fn probabilities(&self) -> &[f64] {
        &self.p
    }

    /// |p - target|: the norm of the gradient that responses with this distribution give, in nats per unit of logit.
    pub fn distance(&self, target: &[f64]) -> f64 {
        let squares = self.p.iter().zip(target).map(|(p, t)| (p - t) * (p - t));
        squares.sum::<f64>().sqrt()
    }

    /// KL(target || p) in nats: what the policy loses on responses with this distribution, against the best one. Modes without
    /// mass in `target` add nothing.
    pub fn divergence(&self, target: &[f64]) -> f64 {
        divergence(&self.p, target)
    }

    /// Writes p - target: the gradient that responses with this distribution give.
    pub fn gradient(&self, target: &[f64], out: &mut [f64]) {
        for ((out, p), target) in out.iter_mut().zip(&self.p).zip(target) {
            *out = p - target;
        }
    }

    /// Those of [`divergence_roots`] of this policy.
    pub fn divergence_roots(&self, target: &[f64], out: &mut [f64]) {
        divergence_roots(&self.p, target, out);
    }

    /// Writes u/|u| - g/|g| with u = p - `selected` and g = p - `truth`: M numbers whose halved square sum is 1 - cos(u, g).
    /// Where either norm is below [`LEAST_NORM`] there is no angle: NaN is written, and false is returned.
    pub fn chord(&self, selected: &[f64], truth: &[f64], out: &mut [f64]) -> bool {
        let (u, g) = (self.distance(selected), self.distance(truth));
        // Written so that NaN has no angle either.
        if !(u >= LEAST_NORM && g >= LEAST_NORM) {
            out.fill(f64::NAN);
            return false;
        }
        for (m, out) in out.iter_mut().enumerate() {
            *out = (self.p[m] - selected[m]) / u - (self.p[m] - truth[m]) / g;
        }
        true
    }

    /// 1 - cos(u, g), from 0 to 2; none where there is no angle.
    pub fn misalignment(&self, selected: &[f64], truth: &[f64]) -> Option<f64> {
        let mut chord = vec![0.0; self.p.len()];
        let angle = self.chord(selected, truth, &mut chord);
        angle.then(|| 0.5 * chord.iter().map(|c| c * c).sum::<f64>())
    }
}

/// Writes M numbers whose halved square sum is KL(target || p), smooth in p and 0 where p = target: the signed roots of
/// 2 (t ln(t/p) - t + p), as deviance residuals are (McCullagh and Nelder 1989, section 2.4).
pub fn divergence_roots(p: &[f64], target: &[f64], out: &mut [f64]) {
    for ((out, p), t) in out.iter_mut().zip(p).zip(target) {
        *out = if *t > 0.0 {
            (p - t) * (2.0 * bregman((p - t) / t) / t).sqrt()
        } else {
            (2.0 * p).sqrt()
        };
    }
}

/// KL(target || p) in nats; infinite where p has none of a mode that the target has.
pub fn divergence(p: &[f64], target: &[f64]) -> f64 {
    let mut roots = vec![0.0; p.len()];
    divergence_roots(p, target, &mut roots);
    0.5 * roots.iter().fold(0.0, |sum, root| sum + root * root)
}

/// (x - ln(1 + x))/x^2 for x above -1: 1/2 at 0, by its series where the difference would cancel.
fn bregman(x: f64) -> f64 {
    if x.abs() > 0.03 {
        return (x - ln_1p(x)) / (x * x);
    }
    // Terms (-x)^k/(k + 2): the first left out is below 1e-17 of the sum.
    (0..12).rev().fold(0.0, |sum, k| 1.0 / f64::from(k + 2) - x * sum)
}

#[cfg(test)]
#[path = "gradient_path_tests.rs"]
mod tests;
