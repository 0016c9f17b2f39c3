//! Owns worlds of prompts with features: World B of the reference, and the worlds of Figures 2 and 3.
//!
//! z ~ N(0, I_d) and u ~ N(0, I_M) per prompt; pi(x) = softmax(s [A (1, z) + sigma_u amp(z) u]). A policy sees z and never u: sigma_u makes prompts
//! differ in what no policy can know, and an amplitude that depends on z makes them differ more in one place than in another. s is 1, or one of
//! two numbers at random: some prompts have nearly one answer then, and others many.
//!
//! Streams know the seed alone. So a larger population has a smaller one as its prefix, and likewise with features and modes; and worlds
//! that differ in a scale differ in nothing else.

use super::Attributes;
use super::population::{Population, normals};
use crate::numerics::softmax::softmax;
use crate::numerics::stream::Streams;
use crate::numerics::text::float;

/// Where the unseen effect of a prompt is large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amplitude {
    /// 1 everywhere.
    Constant,
    /// `height` where |z_1| < `within`, else 0.
    Near {
        /// The bound of |z_1|.
        within: f64,
        /// The amplitude below it.
        height: f64,
    },
    /// `height` where |z_1| > `beyond`, else 0.
    Far {
        /// The bound of |z_1|.
        beyond: f64,
        /// The amplitude above it.
        height: f64,
    },
}

impl Amplitude {
    fn at(self, z_1: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Near { within, height } => height * f64::from(u8::from(z_1.abs() < within)),
            Self::Far { beyond, height } => height * f64::from(u8::from(z_1.abs() > beyond)),
        }
    }

    fn canonical(self) -> String {
        match self {
            Self::Constant => "constant".to_owned(),
            Self::Near { within, height } => format!("near {} {}", float(within), float(height)),
            Self::Far { beyond, height } => format!("far {} {}", float(beyond), float(height)),
        }
    }
}

/// Prompts of two kinds that differ in how sure their responses are: logits of a share of prompts are multiplied by one number, those of
/// the rest by another. Which kind a prompt is of no feature shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sharpness {
    /// The probability that a prompt is sharp, in [0, 1].
    pub share: f64,
    /// What its logits are multiplied by, 0 or more.
    pub sharp: f64,
    /// What those of the others are.
    pub rest: f64,
}

impl Sharpness {
    /// All logits as they are.
    pub const NONE: Self = Self {
        share: 0.0,
        sharp: 1.0,
        rest: 1.0,
    };
}

/// A world of prompts with features, by what decides it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureWorld {
    /// Decides the teacher, the features and the unseen effects.
    pub seed: u64,
    /// P, at least 1.
    pub prompts: usize,
    /// d: features beside the constant.
    pub features: usize,
    /// M, at least 2.
    pub modes: usize,
    /// The first so many modes are main modes; the rest are tail.
    pub main_modes: usize,
    /// Added to the intercepts of tail modes.
    pub tail_logit: f64,
    /// The intercept of mode m gets -`skew` m, m from 0.
    pub skew: f64,
    /// s_A: slopes are N(0, s_A^2/(d + 1)).
    pub slope: f64,
    /// Intercepts are N(0, `intercept`^2/(d + 1)) before what is added: s_A in World B, 0 for Figures 2 and 3.
    pub intercept: f64,
    /// sigma_u: the standard deviation of a prompt's unseen effect on each logit, where the amplitude is 1.
    pub effect: f64,
    /// amp(z).
    pub amplitude: Amplitude,
    /// The policy sees `stretch` z_1, the teacher z_1.
    pub stretch: f64,
    /// What logits are multiplied by.
    pub sharpness: Sharpness,
}

impl FeatureWorld {
    /// The population, worked out.
    ///
    /// # Panics
    ///
    /// Where attributes are not those of so many modes.
    pub fn population(&self, attributes: Option<Attributes>) -> Population {
        let streams = Streams::new(&format!("features seed {}", self.seed));
        let teacher = self.teacher(&streams);
        let (features, effect) = (streams.purpose("features"), streams.purpose("effect"));
        let kinds = streams.purpose("sharpness");
        let (mut seen, mut conditionals) = (Vec::new(), Vec::new());
        for prompt in 0..self.prompts as u32 {
            let z = normals(features.stream(0, prompt), self.features);
            let u = normals(effect.stream(0, prompt), self.modes);
            let z_1 = z.first().copied().unwrap_or(0.0);
            let scale = self.effect * self.amplitude.at(z_1);
            let of_mode = |(row, u): (&[f64], &f64)| {
                let slopes: f64 = row[1..].iter().zip(&z).map(|(a, z)| a * z).sum();
                row[0] + slopes + scale * u
            };
            let mut pi: Vec<f64> = teacher.chunks_exact(self.features + 1).zip(&u).map(of_mode).collect();
            if self.sharpness != Sharpness::NONE {
                let Sharpness { share, sharp, rest } = self.sharpness;
                let is_sharp = kinds.stream(0, prompt).uniform() < share;
                let factor = if is_sharp { sharp } else { rest };
                pi.iter_mut().for_each(|logit| *logit *= factor);
            }
            softmax(&mut pi);
            conditionals.extend(pi);
            seen.push(1.0);
            seen.extend(z.iter().take(1).map(|z| self.stretch * z));
            seen.extend(z.iter().skip(1));
        }
        Population::new(
            self.canonical(),
            self.features + 1,
            seen,
            self.modes,
            conditionals,
            attributes,
        )
    }

    /// A, modes x (d + 1), intercepts first.
    fn teacher(&self, streams: &Streams) -> Vec<f64> {
        let purpose = streams.purpose("teacher");
        let root = ((self.features + 1) as f64).sqrt();
        let row = |mode: usize| {
            let mut row = normals(purpose.stream(0, mode as u32), self.features + 1);
            row[0] *= self.intercept / root;
            row[1..].iter_mut().for_each(|slope| *slope *= self.slope / root);
            row[0] -= self.skew * mode as f64;
            if mode >= self.main_modes {
                row[0] += self.tail_logit;
            }
            row
        };
        (0..self.modes).flat_map(row).collect()
    }

    fn canonical(&self) -> String {
        let Sharpness { share, sharp, rest } = self.sharpness;
        let sharpness = match self.sharpness {
            Sharpness::NONE => String::new(),
            _ => format!(" sharp {} by {} rest {}", float(share), float(sharp), float(rest)),
        };
        format!(
            "world features seed {} prompts {} features {} modes {} main {} tail {} skew {} slope {} intercept {} effect {} amplitude {} stretch {}{sharpness}",
            self.seed,
            self.prompts,
            self.features,
            self.modes,
            self.main_modes,
            float(self.tail_logit),
            float(self.skew),
            float(self.slope),
            float(self.intercept),
            float(self.effect),
            self.amplitude.canonical(),
            float(self.stretch)
        )
    }
}
