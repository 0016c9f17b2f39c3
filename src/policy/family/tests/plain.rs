//! Owns the same by scalar arithmetic, straight from the formulas.

use super::*;
use crate::numerics::elementary::{exp, ln, tanh};
use crate::policy::family::evaluation::Data;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub fn logits(family: Family, modes: usize, theta: &[f64], x: &[f64]) -> Vec<f64> {
    let outer = |units: &[f64], m: usize| theta[m] + dot(&theta[modes + m * units.len()..][..units.len()], units);
    match family {
        Family::LogLinear { inputs } => {
            let row = |m: usize| dot(&theta[m * (1 + inputs)..][..1 + inputs], &x[..1 + inputs]);
            (0..modes).map(|m| if m + 1 < modes { row(m) } else { 0.0 }).collect()
        }
        Family::LowRank { inputs, rank } => {
            let v = &theta[modes * (1 + rank)..];
            let units: Vec<f64> = (0..rank)
                .map(|r| dot(&v[r * inputs..][..inputs], &x[1..1 + inputs]))
                .collect();
            (0..modes).map(|m| outer(&units, m)).collect()
        }
        Family::Network { inputs, hidden } => {
            let w = &theta[modes * (1 + hidden)..];
            let unit = |u: usize| tanh(dot(&w[u * (1 + inputs)..][..1 + inputs], &x[..1 + inputs]));
            let units: Vec<f64> = (0..hidden).map(unit).collect();
            (0..modes).map(|m| outer(&units, m)).collect()
        }
    }
}

pub fn log_policy(family: Family, modes: usize, theta: &[f64], x: &[f64]) -> Vec<f64> {
    let logits = logits(family, modes, theta, x);
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total = ln(logits.iter().map(|v| exp(v - top)).sum());
    logits.iter().map(|v| v - top - total).collect()
}

/// Features and targets of the prompts of lane `l`.
fn prompts(data: Data<'_>, modes: usize, l: usize) -> Vec<(Vec<f64>, Vec<f64>)> {
    let features = data.prompts.features.chunks_exact(data.prompts.coordinates);
    let target = shares(data, modes);
    let both = features.zip(target.chunks_exact(modes));
    both.map(|(x, t)| (column(x, l), column(t, l))).collect()
}

pub fn loss(family: Family, modes: usize, theta: &[f64], data: Data<'_>, decay: f64, l: usize) -> f64 {
    let prompts = prompts(data, modes, l);
    let of_prompt = |(x, t): &(Vec<f64>, Vec<f64>)| -dot(t, &log_policy(family, modes, theta, x));
    prompts.iter().map(of_prompt).sum::<f64>() / prompts.len() as f64 + 0.5 * decay * dot(theta, theta)
}

/// The mean of J' (p - target), with the family's own jacobian, and the decay.
pub fn gradient(family: Family, modes: usize, theta: &[f64], data: Data<'_>, decay: f64, l: usize) -> Vec<f64> {
    let prompts = prompts(data, modes, l);
    let mut gradient: Vec<f64> = theta.iter().map(|theta| decay * theta).collect();
    let mut jacobian = vec![f64::NAN; modes * theta.len()];
    for (x, t) in &prompts {
        family.jacobian(modes, theta, x, &mut jacobian);
        let logs = log_policy(family, modes, theta, x);
        for m in 0..modes {
            let slope = (exp(logs[m]) - t[m]) / prompts.len() as f64;
            for (g, j) in gradient.iter_mut().zip(&jacobian[m * theta.len()..]) {
                *g += slope * j;
            }
        }
    }
    gradient
}

/// Central differences of `f` in each coordinate.
pub fn slopes(theta: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let h = 1e-5;
    let slope = |i: usize| {
        let at = |step: f64| {
            let mut theta = theta.to_vec();
            theta[i] += step;
            f(&theta)
        };
        (at(h) - at(-h)) / (2.0 * h)
    };
    (0..theta.len()).map(slope).collect()
}
