//! What the tests of pilots share: World A, drawn as its definition says, and pilots of given labels.

mod components;
mod intervals;
mod judged;
mod nested;
mod paired;
mod prompts;

use super::{Kind, Meaning, Pilot, Responses};
use crate::numerics::elementary::{exp, power};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::{Stream, Streams};
use crate::numerics::variates::ln_gamma_variate;

/// The labels of a pilot, a list for each prompt.
type Labels = Vec<Vec<u32>>;

fn stream(name: &str) -> Stream {
    Streams::new("pilot tests").purpose(name).stream(0, 0)
}

fn normal(stream: &mut Stream) -> f64 {
    normal_from_uniform(stream.uniform() + 1e-17)
}

/// Geometric over eight modes with ratio exp(-.45).
fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| power(exp(-0.45), m)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// A mode from shares that sum to 1.
fn pick(shares: &[f64], stream: &mut Stream) -> u32 {
    let mut left = stream.uniform();
    for (mode, share) in shares.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return mode as u32;
        }
    }
    shares.len() as u32 - 1
}

/// Shares ~ Dirichlet(`alpha` `base`), by gamma variates.
fn shares(alpha: f64, base: &[f64], stream: &mut Stream) -> Vec<f64> {
    let logs: Vec<f64> = base
        .iter()
        .map(|share| ln_gamma_variate(alpha * share, stream))
        .collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logs.iter().map(|log| exp(log - most)).sum();
    logs.iter().map(|log| exp(log - most) / sum).collect()
}

/// World A over geo8 with prompts of `size` responses each.
fn world_a(alpha: f64, prompts: usize, mut size: impl FnMut(&mut Stream) -> usize, stream: &mut Stream) -> Labels {
    let base = geo8();
    let mut prompt = |_| {
        let own = shares(alpha, &base, stream);
        (0..size(stream)).map(|_| pick(&own, stream)).collect()
    };
    (0..prompts).map(&mut prompt).collect()
}

fn pilot(labels: &Labels) -> Pilot {
    let mut pilot = Pilot::new(Kind::Labels(Meaning::Shared), 7);
    for prompt in labels {
        pilot.push(Responses::Labels(prompt), None).unwrap();
    }
    pilot
}

fn pilot_of_values(values: &[Vec<f64>]) -> Pilot {
    let mut pilot = Pilot::new(Kind::Values, 7);
    for prompt in values {
        pilot.push(Responses::Values(prompt), None).unwrap();
    }
    pilot
}

fn pilot_of_vectors(vectors: &[Vec<f64>], dimension: usize) -> Pilot {
    let mut pilot = Pilot::new(Kind::Vectors { dimension }, 7);
    for numbers in vectors {
        pilot.push(Responses::Vectors { numbers, dimension }, None).unwrap();
    }
    pilot
}

/// A mean and its standard error.
fn mean_of(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let square: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (square / (count * (count - 1.0))).sqrt())
}
