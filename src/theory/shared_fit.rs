//! Owns the expected error of a shared softmax fitted to responses of World A: excess NLL.
//!
//! The converged fit without a ridge is the mode mass f itself, so the excess NLL over the best shared policy is
//! KL(pi || f), with pi the mean response distribution. With f = pi + d its expectation is, to third order in d,
//! E = 1/2 sum v/pi - 1/3 sum k3/pi^2 + 3/4 sum v^2/pi^3 with v and k3 the variance and third central moment of a mode's
//! mass (a normal fourth moment 3 v^2 stands in the last term). It holds while missing modes are rare: where one is
//! missing ([`super::missing`]) KL is infinite, and a fit is finite only for its finite steps or ridge.

/// First-order excess NLL: (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)), in nats.
pub fn excess_nll_first_order(modes: usize, concentration: f64, prompts: u64, responses: u64) -> f64 {
    let (np, k) = (prompts as f64, responses as f64);
    if concentration == f64::INFINITY {
        return 0.5 * (modes as f64 - 1.0) / (k * np);
    }
    0.5 * (modes as f64 - 1.0) / (concentration + 1.0) * (1.0 + concentration / k) / np
}

/// Excess NLL to third order, in nats, of prompts with pi(x) ~ Dirichlet(`concentration` * `base`).
///
/// v = pi(1-pi)(alpha+K)/((alpha+1) K N_p), k3 = pi(1-pi)(1-2pi)(alpha+K)(alpha+2K)/((alpha+1)(alpha+2) K^2 N_p^2): the second and
/// third central moments of a beta-binomial share, over N_p and N_p^2.
pub fn excess_nll_third_order(base: &[f64], concentration: f64, prompts: u64, responses: u64) -> f64 {
    // Beyond this bound the curve does not change any more, and an infinite concentration would divide itself.
    let (np, k, alpha) = (prompts as f64, responses as f64, f64::min(concentration, 1e100));
    let spread = (alpha + k) / ((alpha + 1.0) * k * np);
    let skew = (alpha + k) * (alpha + 2.0 * k) / ((alpha + 1.0) * (alpha + 2.0) * k * k * np * np);
    base.iter()
        .map(|&p| {
            let v = p * (1.0 - p) * spread;
            let k3 = p * (1.0 - p) * (1.0 - 2.0 * p) * skew;
            0.5 * v / p - k3 / (3.0 * p * p) + 0.75 * v * v / (p * p * p)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geo8() -> Vec<f64> {
        let weights: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * 0.637_628_151_621_773_3))
            .take(8)
            .collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|w| w / total).collect()
    }

    #[test]
    fn the_third_order_curve_tends_to_the_first_order_one() {
        let ratio = |np| excess_nll_third_order(&geo8(), 4.0, np, 8) / excess_nll_first_order(8, 4.0, np, 8);
        assert!((ratio(1_000_000) - 1.0).abs() < 1e-3);
        assert!(ratio(100) > 1.01, "and lies above it for few prompts: {}", ratio(100));
    }

    /// Two modes, N_p prompts, K = 1: the count is binomial(N_p, pi), so KL's expectation is a finite sum apart from the
    /// end points, whose mass is below 1e-20 here. The remainder is of order 1/N_p^3 relative to 1/N_p.
    #[test]
    fn the_third_order_curve_is_that_of_a_binomial_by_enumeration() {
        let (p, n) = (0.4_f64, 400_u64);
        let ln = crate::numerics::elementary::ln;
        let exp = crate::numerics::elementary::exp;
        let mut log_mass = n as f64 * ln(1.0 - p);
        let mut expected = 0.0;
        for count in 0..=n {
            if count > 0 {
                log_mass += ln((n - count + 1) as f64 / count as f64 * p / (1.0 - p));
            }
            let f = count as f64 / n as f64;
            if count > 0 && count < n {
                expected += exp(log_mass) * (p * ln(p / f) + (1.0 - p) * ln((1.0 - p) / (1.0 - f)));
            }
        }
        let found = excess_nll_third_order(&[p, 1.0 - p], 3.0, n, 1);
        assert!(
            (found / expected - 1.0).abs() < 20.0 / (n * n) as f64,
            "{found} {expected}"
        );
    }
}
