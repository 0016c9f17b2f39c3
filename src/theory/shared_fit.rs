//! Owns the expected error of a shared softmax fitted to responses of World A, to first order: excess NLL.
//!
//! The converged fit without a ridge is the mode mass f itself, so the excess NLL over the best shared policy is KL(pi || f), with
//! pi the mean response distribution: to first order 1/2 sum v/pi, v the variance of a mode's mass. Where a mode is missing
//! ([`super::missing`]) KL is infinite, and a fit is finite only for its finite steps or ridge; [`super::complete`] has the mean
//! over the other fits.

/// First-order excess NLL: (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)), in nats.
pub fn excess_nll_first_order(modes: usize, concentration: f64, prompts: u64, responses: u64) -> f64 {
    let (np, k) = (prompts as f64, responses as f64);
    if concentration == f64::INFINITY {
        return 0.5 * (modes as f64 - 1.0) / (k * np);
    }
    0.5 * (modes as f64 - 1.0) / (concentration + 1.0) * (1.0 + concentration / k) / np
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_that_are_all_alike_are_the_limit_of_large_concentrations() {
        let [large, infinite] = [1e12, f64::INFINITY].map(|alpha| excess_nll_first_order(8, alpha, 100, 4));
        assert!((large / infinite - 1.0).abs() < 1e-11, "{large} {infinite}");
        // (1/2)(M-1)/n, Wilks.
        assert!((infinite / (3.5 / 400.0) - 1.0).abs() < 1e-15, "{infinite}");
    }
}
