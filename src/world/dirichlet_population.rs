//! Owns populations of World A: so many prompts drawn once from a Dirichlet law, of which policies see nothing.
//!
//! pi(x) ~ Dirichlet(concentration * base) for each prompt, by normalised gamma variates; the only feature is the constant. What is true of
//! World A holds but for the draw of the population. Streams know the seed alone, as in [`super::FeatureWorld`].

use super::BaseWeights;
use super::population::Population;
use crate::numerics::softmax::softmax;
use crate::numerics::stream::Streams;
use crate::numerics::text::{float, floats};
use crate::numerics::variates::ln_gamma_variate;

/// A population of prompts with Dirichlet response distributions, by what decides it.
#[derive(Debug, Clone, PartialEq)]
pub struct DirichletPopulation {
    /// Decides the prompts.
    pub seed: u64,
    /// P, at least 1.
    pub prompts: usize,
    /// The mean of the law that prompts are drawn from.
    pub base: BaseWeights,
    /// alpha, positive and finite: V_{y|x}/V_x of that law.
    pub concentration: f64,
}

impl DirichletPopulation {
    /// The population, worked out.
    pub fn population(&self) -> Population {
        let base = self.base.probabilities();
        let purpose = Streams::new(&format!("dirichlet prompts seed {}", self.seed)).purpose("conditionals");
        let mut conditionals = Vec::with_capacity(self.prompts * base.len());
        for prompt in 0..self.prompts as u32 {
            // How many words a variate reads is random, so that each mode has a stream of its own.
            let of_mode = |(mode, share): (usize, &f64)| {
                ln_gamma_variate(self.concentration * share, &mut purpose.stream(mode as u64, prompt))
            };
            let mut pi: Vec<f64> = base.iter().enumerate().map(of_mode).collect();
            softmax(&mut pi);
            conditionals.extend(pi);
        }
        Population::new(
            self.canonical(),
            1,
            vec![1.0; self.prompts],
            base.len(),
            conditionals,
            None,
        )
    }

    fn canonical(&self) -> String {
        format!(
            "world dirichlet seed {} prompts {} concentration {} base {}",
            self.seed,
            self.prompts,
            float(self.concentration),
            floats(self.base.probabilities())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPTS: usize = 20_000;
    const ALPHA: f64 = 4.0;

    /// Shares have mean u and variance u(1 - u)/(alpha + 1). Five standard errors: that of a variance is at most sqrt(kurtosis/P) of it, and a share
    /// of mean .1 at alpha = 4 has kurtosis 7.4.
    #[test]
    fn prompts_have_the_moments_of_their_law() {
        let base = BaseWeights::listed(&[6.0, 3.0, 1.0]).unwrap();
        let own = |seed| DirichletPopulation {
            seed,
            prompts: PROMPTS,
            base: base.clone(),
            concentration: ALPHA,
        };
        let population = own(3).population();
        for (mode, share) in base.probabilities().iter().enumerate() {
            let drawn = || population.conditionals().iter().skip(mode).step_by(3);
            let variance = share * (1.0 - share) / (ALPHA + 1.0);
            let found = drawn().map(|pi| (pi - share) * (pi - share)).sum::<f64>() / PROMPTS as f64;
            let error = (variance / PROMPTS as f64).sqrt();
            assert!((population.mean()[mode] - share).abs() < 5.0 * error, "{mode}");
            assert!(
                (found / variance - 1.0).abs() < 5.0 * (7.4 / PROMPTS as f64).sqrt(),
                "{mode}: {found} {variance}"
            );
            // Prompts of another concentration would not have passed.
            assert!((found / variance - 5.0 / 4.5).abs() > 0.05);
        }
        assert_ne!(population.mean(), own(4).population().mean());
        assert_eq!((population.coordinates(), population.features()[0]), (1, 1.0));
    }
}
