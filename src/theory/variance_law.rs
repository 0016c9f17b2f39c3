//! Owns the variance law of multi-response training (arXiv 2606.00544): two-stage cluster sampling with prompts as
//! clusters (Cochran 1977, chapter 10; Kish 1965 for the design effect).
//!
//! Symbols: V_x the variance between prompts of the mean response, V_{y|x} the mean variance between responses to one
//! prompt, N_p prompts drawn independently, K responses kept of N candidates per prompt.

/// The two variances of a statistic, or their traces for a vector. In squared units of the statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// V_x: variance over prompts of the statistic's conditional mean.
    pub prompt: f64,
    /// V_{y|x}: mean over prompts of the statistic's variance over responses.
    pub response: f64,
}

impl Components {
    /// Var = V_x/N_p + V_{y|x}/(N_p K): the variance of the mean over `prompts` and `responses` independent draws each.
    pub fn law(&self, prompts: u64, responses: u64) -> f64 {
        (self.prompt + self.response / responses as f64) / prompts as f64
    }

    /// V_x/N_p: what no number of responses can remove.
    pub fn prompt_floor(&self, prompts: u64) -> f64 {
        self.prompt / prompts as f64
    }

    /// V_x/(V_x + V_{y|x}): the intraclass correlation, the share of variance that a prompt's responses have in common.
    pub fn icc(&self) -> f64 {
        self.prompt / (self.prompt + self.response)
    }

    /// The same with V_x times the design effect of prompts that are not independent.
    #[must_use]
    pub fn with_design_effect(&self, effect: f64) -> Self {
        Self {
            prompt: self.prompt * effect,
            ..*self
        }
    }

    /// The variance when any two responses to a prompt have correlation `r` given the prompt:
    /// V_x/N_p + V_{y|x} [1 + (K-1) r]/(N_p K). At r = 0 it is the law.
    pub fn law_with_correlated_responses(&self, prompts: u64, responses: u64, r: f64) -> f64 {
        let k = responses as f64;
        (self.prompt + self.response * (1.0 + (k - 1.0) * r) / k) / prompts as f64
    }

    /// The mean variance of Random-K-of-N given prompts and pools: V_{y|x} (1 - r) (1/K - 1/N)/N_p, the
    /// finite-population correction (Cochran 1977, chapter 2). Zero when the whole pool is kept.
    pub fn conditional_on_pool(&self, prompts: u64, responses: u64, candidates: u64, r: f64) -> f64 {
        let correction = 1.0 / responses as f64 - 1.0 / candidates as f64;
        self.response * (1.0 - r) * correction / prompts as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GEO8_AT_8: Components = Components {
        prompt: 0.7663 / 9.0,
        response: 8.0 * 0.7663 / 9.0,
    };

    /// The second route: V/(N_p K) [1 + (K-1) ICC], the law as a design effect.
    fn by_design_effect(of: &Components, prompts: u64, responses: u64) -> f64 {
        let k = responses as f64;
        (of.prompt + of.response) / (prompts as f64 * k) * (1.0 + (k - 1.0) * of.icc())
    }

    #[test]
    fn the_law_equals_the_design_effect_route() {
        for (np, k) in [(1, 1), (16, 3), (256, 64)] {
            let (a, b) = (GEO8_AT_8.law(np, k), by_design_effect(&GEO8_AT_8, np, k));
            assert!((a / b - 1.0).abs() < 1e-15, "{np} {k}: {a} {b}");
        }
    }

    /// Total variance: the variance given the pools, plus that of the pool means, is the law (Cochran 1977, 2.2).
    #[test]
    fn conditional_variance_and_that_of_pool_means_add_up_to_the_law() {
        for r in [0.0, 0.25] {
            let law = |k| GEO8_AT_8.law_with_correlated_responses(16, k, r);
            let parts = GEO8_AT_8.conditional_on_pool(16, 4, 32, r) + law(32);
            assert!((parts / law(4) - 1.0).abs() < 1e-15, "r = {r}");
        }
    }

    #[test]
    fn many_responses_reach_the_prompt_floor_and_no_lower() {
        let floor = GEO8_AT_8.prompt_floor(64);
        assert!(GEO8_AT_8.law(64, 1 << 40) > floor);
        assert!(GEO8_AT_8.law(64, 1 << 40) / floor - 1.0 < 1e-10);
    }
}
