//! Owns the laws of samples: two whose mean and standard deviation are known, one of them skew.

use crate::numerics::elementary::ln_slice;
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Stream;
use crate::numerics::text::float;

/// A law of independent samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Average and spread of samples are independent.
    Normal {
        /// mu, finite.
        mean: f64,
        /// sigma, above 0.
        deviation: f64,
    },
    /// Skew: samples that happen to lie low happen to be alike too, and look more precise than they are.
    Exponential {
        /// mu, above 0; sigma is the same.
        mean: f64,
    },
}

impl Law {
    /// mu.
    pub fn mean(&self) -> f64 {
        match self {
            Law::Normal { mean, .. } | Law::Exponential { mean } => *mean,
        }
    }

    /// sigma.
    pub fn deviation(&self) -> f64 {
        match self {
            Law::Normal { deviation, .. } => *deviation,
            Law::Exponential { mean } => *mean,
        }
    }

    /// The law as part of the draws key.
    pub(super) fn canonical(&self) -> String {
        match self {
            Law::Normal { mean, deviation } => {
                format!("normal mean {} deviation {}", float(*mean), float(*deviation))
            }
            Law::Exponential { mean } => format!("exponential mean {}", float(*mean)),
        }
    }

    /// The next samples of a stream, one word each, by inversion.
    pub(super) fn fill(&self, stream: &mut Stream, samples: &mut [f64]) {
        match *self {
            Law::Normal { mean, deviation } => {
                samples.fill_with(|| mean + deviation * normal_from_uniform(stream.uniform()));
            }
            Law::Exponential { mean } => {
                // Exact, and above 0: uniforms are multiples of 2^-52 below 1.
                samples.fill_with(|| 1.0 - stream.uniform());
                ln_slice(samples);
                samples.iter_mut().for_each(|sample| *sample *= -mean);
            }
        }
    }
}
