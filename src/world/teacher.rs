//! Owns the world of a teacher with a hidden layer: features that decide a prompt's distribution in no linear way.
//!
//! z ~ N(0, I_d) and u ~ N(0, I_M) per prompt; pi(x) = softmax(W_2 tanh(gain (W_1 z + b)) + sigma_u u). Entries of W_1 and b are N(0, 1/d), those
//! of W_2 N(0, scale^2/hidden), and the outputs have no biases. Streams know the seed alone, as in [`super::FeatureWorld`].

use super::population::{Population, normals};
use crate::numerics::elementary::tanh;
use crate::numerics::softmax::softmax;
use crate::numerics::stream::Streams;
use crate::numerics::text::float;

/// A world of prompts with features and a hidden layer, by what decides it.
#[derive(Debug, Clone, PartialEq)]
pub struct TeacherWorld {
    /// Decides the teacher, the features and the unseen effects.
    pub seed: u64,
    /// P, at least 1.
    pub prompts: usize,
    /// d, at least 1.
    pub features: usize,
    /// M, at least 2.
    pub modes: usize,
    /// Hidden units, at least 1.
    pub hidden: usize,
    /// How far from linear hidden units are: 1.5 in the reference.
    pub gain: f64,
    /// The standard deviation of logits were hidden units all at 1 or -1: 2 in the reference.
    pub scale: f64,
    /// sigma_u: the standard deviation of a prompt's unseen effect on each logit.
    pub effect: f64,
}

impl TeacherWorld {
    /// The population, worked out.
    pub fn population(&self) -> Population {
        let streams = Streams::new(&format!("teacher seed {}", self.seed));
        let units = self.units(&streams);
        let (features, effect) = (streams.purpose("features"), streams.purpose("effect"));
        let (mut seen, mut conditionals) = (Vec::new(), Vec::new());
        for prompt in 0..self.prompts as u32 {
            let z = normals(features.stream(0, prompt), self.features);
            let mut pi = normals(effect.stream(0, prompt), self.modes);
            pi.iter_mut().for_each(|u| *u *= self.effect);
            for (into, out) in &units {
                let sum = into[0] + into[1..].iter().zip(&z).map(|(w, z)| w * z).sum::<f64>();
                let hidden = tanh(self.gain * sum);
                pi.iter_mut().zip(out).for_each(|(logit, w)| *logit += w * hidden);
            }
            softmax(&mut pi);
            conditionals.extend(pi);
            seen.push(1.0);
            seen.extend(z);
        }
        let coordinates = self.features + 1;
        Population::new(self.canonical(), coordinates, seen, self.modes, conditionals, None)
    }

    /// Of each hidden unit its bias with its d weights, and its weights in the M logits.
    fn units(&self, streams: &Streams) -> Vec<(Vec<f64>, Vec<f64>)> {
        let purpose = streams.purpose("teacher");
        let scaled = |layer: u64, unit: usize, count: usize, by: f64| -> Vec<f64> {
            let drawn = normals(purpose.stream(layer, unit as u32), count);
            drawn.iter().map(|x| x * by).collect()
        };
        let (into, out) = (
            1.0 / (self.features as f64).sqrt(),
            self.scale / (self.hidden as f64).sqrt(),
        );
        let unit = |unit| {
            (
                scaled(0, unit, self.features + 1, into),
                scaled(1, unit, self.modes, out),
            )
        };
        (0..self.hidden).map(unit).collect()
    }

    fn canonical(&self) -> String {
        format!(
            "world teacher seed {} prompts {} features {} modes {} hidden {} gain {} scale {} effect {}",
            self.seed,
            self.prompts,
            self.features,
            self.modes,
            self.hidden,
            float(self.gain),
            float(self.scale),
            float(self.effect)
        )
    }
}
