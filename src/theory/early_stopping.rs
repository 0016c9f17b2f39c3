//! Owns when training on selected responses should stop: where its gradient first stands at a right angle to the true one.
//!
//! Along gradient flow on q, theta' = -(p - q), the loss against pi changes at the rate -<g, u>, g = p - pi and u = p - q: it is least exactly
//! where the cosine of the two first vanishes. For one softmax that all prompts share this is where p enters the ball with the antipodes pi
//! and q (Thales). The loss is U-shaped if the product is positive at the start and negative near q, and falls throughout if it stays
//! positive.
//!
//! Beside the flow from logits of 0: descent in steps, a formula for early stops, and the flow of natural gradients, which is a mixture
//! p_t = q + (p_0 - q) e^-t and has a closed form.

use super::gradient_path::Descended;
use crate::numerics::elementary::ln;

/// Where the loss is least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// Steps times rate; that of the flow.
    pub time: f64,
    /// KL(pi || p) there, in nats.
    pub loss: f64,
}

/// Where the flow on `selected` should stop, up to `horizon`; none where the loss still falls there. Time 0 says that no step helps.
///
/// `step` is the length of a step of the classical Runge-Kutta method, whose error is of its fourth power.
pub fn flow(selected: &[f64], truth: &[f64], horizon: f64, step: f64) -> Option<Stop> {
    let mut logits = vec![0.0; selected.len()];
    let product = |logits: &[f64]| product(&Descended::at(logits), selected, truth);
    if product(&logits) <= 0.0 {
        return Some(stop(&logits, 0.0, truth));
    }
    let mut time = 0.0;
    while time < horizon {
        let next = advanced(&logits, selected, step);
        if product(&next) <= 0.0 {
            let within = crossing(&logits, selected, truth, step);
            return Some(stop(&advanced(&logits, selected, within), time + within, truth));
        }
        (logits, time) = (next, time + step);
    }
    None
}

fn stop(logits: &[f64], time: f64, truth: &[f64]) -> Stop {
    Stop {
        time,
        loss: Descended::at(logits).divergence(truth),
    }
}

/// How far into a step the product vanishes, by bisection.
fn crossing(logits: &[f64], selected: &[f64], truth: &[f64], step: f64) -> f64 {
    let (mut low, mut high) = (0.0, step);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        let there = Descended::at(&advanced(logits, selected, middle));
        match product(&there, selected, truth) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}

/// `<p - pi, p - q>`: positive where a step along the one still lowers the other's loss.
pub fn product(policy: &Descended, selected: &[f64], truth: &[f64]) -> f64 {
    let all = policy.probabilities().iter().zip(selected.iter().zip(truth));
    all.map(|(p, (q, pi))| (p - pi) * (p - q)).sum()
}

/// The logits a time `step` later.
fn advanced(logits: &[f64], selected: &[f64], step: f64) -> Vec<f64> {
    let slope = |from: &[f64], by: f64| -> Vec<f64> {
        let moved: Vec<f64> = logits.iter().zip(from).map(|(theta, k)| theta + by * k).collect();
        let policy = Descended::at(&moved);
        selected
            .iter()
            .zip(policy.probabilities())
            .map(|(q, p)| q - p)
            .collect()
    };
    let first = slope(&vec![0.0; logits.len()], 0.0);
    let second = slope(&first, 0.5 * step);
    let third = slope(&second, 0.5 * step);
    let last = slope(&third, step);
    let mean = |m: usize| (first[m] + 2.0 * (second[m] + third[m]) + last[m]) / 6.0;
    (0..logits.len()).map(|m| logits[m] + step * mean(m)).collect()
}

/// Where descent in steps of a `rate` should stop: the first step t with <g, u> < (rate/2) u^T H u, H = diag p - p p^T. None where it is not
/// within `most` steps.
pub fn of_descent(selected: &[f64], truth: &[f64], rate: f64, most: u32) -> Option<u32> {
    let mut policy = Descended::start(selected.len());
    (0..=most).find(|_| {
        let bound = 0.5 * rate * curvature(&policy, selected);
        let stops = product(&policy, selected, truth) < bound;
        policy.step(selected, rate);
        stops
    })
}

/// u^T H u = Var_p(u), u = p - q.
fn curvature(policy: &Descended, selected: &[f64]) -> f64 {
    let p = policy.probabilities();
    let u: Vec<f64> = p.iter().zip(selected).map(|(p, q)| p - q).collect();
    let mean: f64 = u.iter().zip(p).map(|(u, p)| u * p).sum();
    u.iter().zip(p).map(|(u, p)| p * (u - mean) * (u - mean)).sum()
}

/// t* = M log(|a|^2/(-a . b)) of a loss that is quadratic and alike in all directions, with curvature 1/M: a = -theta_q, b = theta_q - theta_pi,
/// both less their means. Right only for early stops. 0 where no step helps; infinite where all do. Distributions have no zeros.
pub fn isotropic(selected: &[f64], truth: &[f64]) -> f64 {
    let (q, pi) = (centred_logits(selected), centred_logits(truth));
    let square: f64 = q.iter().map(|q| q * q).sum();
    let against: f64 = q.iter().zip(&pi).map(|(q, pi)| q * (q - pi)).sum();
    if against <= 0.0 {
        return f64::INFINITY;
    }
    (q.len() as f64 * ln(square / against)).max(0.0)
}

fn centred_logits(distribution: &[f64]) -> Vec<f64> {
    let logits: Vec<f64> = distribution.iter().map(|&p| ln(p)).collect();
    let mean = logits.iter().sum::<f64>() / logits.len() as f64;
    logits.iter().map(|theta| theta - mean).collect()
}

/// lambda* in [0, 1]: how far natural gradients should lead from the uniform policy to q, p = (1 - lambda) p_0 + lambda q, at
/// t* = -log(1 - lambda*). KL(pi || p) is convex in lambda; the optimum is inside exactly if sum pi q/p_0 > 1 and sum pi p_0/q > 1.
pub fn natural(selected: &[f64], truth: &[f64]) -> f64 {
    let start = 1.0 / selected.len() as f64;
    let slope = |share: f64| -> f64 {
        let of_mode = |(q, pi): (&f64, &f64)| match *pi > 0.0 {
            true => pi * (q - start) / ((1.0 - share) * start + share * q),
            false => 0.0,
        };
        selected.iter().zip(truth).map(of_mode).sum()
    };
    if slope(0.0) <= 0.0 {
        return 0.0;
    }
    if slope(1.0) >= 0.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match slope(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}

/// Where descent in steps of a `rate` crosses and turns, as times: straight lines and a parabola between its steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Where the product of the gradients first vanishes.
    pub zero: f64,
    /// Where the loss is least.
    pub least: f64,
}

/// The turn of descent on `selected` within `steps` steps of a `rate`; both times are 0 where no step helps, and it is none where the loss
/// still falls at the last of them.
pub fn turn(selected: &[f64], truth: &[f64], rate: f64, steps: u32) -> Option<Turn> {
    let mut policy = Descended::start(selected.len());
    let mut zero = None;
    let mut products = [product(&policy, selected, truth); 2];
    let mut losses = [policy.divergence(truth); 3];
    if products[1] <= 0.0 {
        return Some(Turn { zero: 0.0, least: 0.0 });
    }
    for step in 1..=steps {
        policy.step(selected, rate);
        products = [products[1], product(&policy, selected, truth)];
        losses = [losses[1], losses[2], policy.divergence(truth)];
        if products[1] <= 0.0 && zero.is_none() {
            zero = Some(f64::from(step - 1) + products[0] / (products[0] - products[1]));
        }
        if losses[2] > losses[1] {
            let middle = f64::from(step - 1);
            // Before the first step there is no third loss: the turn is at the start.
            let shift = match step {
                1 => 0.0,
                _ => 0.5 * (losses[0] - losses[2]) / (losses[0] - 2.0 * losses[1] + losses[2]),
            };
            // On coarse steps the loss may rise over the zero before a product says so.
            let zero = zero.or_else(|| crossing_after(policy, selected, truth, rate, (step, steps)))?;
            return Some(Turn {
                zero: rate * zero,
                least: rate * (middle + shift),
            });
        }
    }
    None
}

/// The first crossing at or after a step, in steps.
fn crossing_after(
    mut policy: Descended,
    selected: &[f64],
    truth: &[f64],
    rate: f64,
    (step, steps): (u32, u32),
) -> Option<f64> {
    let mut before = product(&policy, selected, truth);
    for step in step..steps {
        policy.step(selected, rate);
        let next = product(&policy, selected, truth);
        if next <= 0.0 {
            return Some(f64::from(step) + before / (before - next));
        }
        before = next;
    }
    None
}

#[cfg(test)]
#[path = "early_stopping_tests.rs"]
mod tests;
