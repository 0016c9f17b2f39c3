//! Owns populations of prompts: so many prompts, each with features that policies see and a distribution over modes that is known.

use super::{AttributeError, Attributes};
use crate::numerics::elementary::ln;
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Stream;

/// A finite population of prompts whose features are seen and whose response distributions are known: everything about it is exact by
/// enumeration.
///
/// A prompt of a replicate is one of them, each as likely as the other. Fields are written prompt by prompt.
#[derive(Debug, Clone)]
pub struct Population {
    canonical: String,
    modes: usize,
    coordinates: usize,
    features: Vec<f64>,
    conditionals: Vec<f64>,
    mean: Vec<f64>,
    conditional_entropy: f64,
    attributes: Option<Attributes>,
}

impl Population {
    /// The population whose prompts have these features, `coordinates` each, and conditionals, `modes` each.
    ///
    /// # Panics
    ///
    /// Where the two are not of one number of prompts, or attributes are not those of so many modes.
    pub(super) fn new(
        canonical: String,
        coordinates: usize,
        features: Vec<f64>,
        modes: usize,
        conditionals: Vec<f64>,
        attributes: Option<Attributes>,
    ) -> Self {
        let prompts = features.len() / coordinates;
        assert_eq!(
            conditionals.len(),
            prompts * modes,
            "{prompts} prompts of {modes} modes"
        );
        if let Some(Err(error)) = attributes.as_ref().map(|own| own.check(modes)) {
            panic!("{error}");
        }
        let mut mean = vec![0.0; modes];
        for row in conditionals.chunks_exact(modes) {
            mean.iter_mut().zip(row).for_each(|(sum, pi)| *sum += pi);
        }
        mean.iter_mut().for_each(|sum| *sum /= prompts as f64);
        let drawn = conditionals.iter().filter(|pi| **pi > 0.0);
        let entropy: f64 = drawn.map(|&pi| -pi * ln(pi)).sum();
        Self {
            canonical: match &attributes {
                Some(own) => format!("{} of {canonical}", own.canonical()),
                None => canonical,
            },
            modes,
            coordinates,
            features,
            conditionals,
            mean,
            conditional_entropy: entropy / prompts as f64,
            attributes,
        }
    }

    /// The same with these rewards and embeddings.
    ///
    /// # Errors
    ///
    /// Where they are not those of so many modes.
    pub fn with_attributes(self, attributes: Attributes) -> Result<Self, AttributeError> {
        attributes.check(self.modes)?;
        Ok(Self {
            canonical: format!("{} of {}", attributes.canonical(), self.canonical),
            attributes: Some(attributes),
            ..self
        })
    }

    /// The canonical text of everything that changes the draws: the world's part of the draws key.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// P: prompts.
    pub fn prompts(&self) -> usize {
        self.features.len() / self.coordinates
    }

    /// M: modes.
    pub fn modes(&self) -> usize {
        self.modes
    }

    /// d + 1: features of a prompt as the policy sees them, of which the first is 1.
    pub fn coordinates(&self) -> usize {
        self.coordinates
    }

    /// P x [`coordinates`](Self::coordinates).
    pub fn features(&self) -> &[f64] {
        &self.features
    }

    /// pi(x): P x M.
    pub fn conditionals(&self) -> &[f64] {
        &self.conditionals
    }

    /// E_x pi(x), one entry per mode.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// E_x H(pi(x)), in nats: the smallest NLL of any policy that knows the prompt.
    pub fn conditional_entropy(&self) -> f64 {
        self.conditional_entropy
    }

    /// Rewards and embeddings of responses, where they have any.
    pub fn attributes(&self) -> Option<&Attributes> {
        self.attributes.as_ref()
    }
}

/// Standard normal draws, one uniform each.
pub(super) fn normals(mut stream: Stream, count: usize) -> Vec<f64> {
    (0..count).map(|_| normal_from_uniform(stream.uniform())).collect()
}
