//! Owns the shared softmax policy: one distribution over modes, whatever the prompt.

use crate::numerics::elementary::{exp, ln};

/// p_theta(m) = exp(theta_m) / sum_j exp(theta_j), stored as log-probabilities in nats.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedSoftmax {
    log_probabilities: Vec<f64>,
}

impl SharedSoftmax {
    /// The policy of given logits, which must be finite. One entry per mode.
    pub fn from_logits(logits: &[f64]) -> Self {
        let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logits.iter().map(|theta| exp(theta - top)).sum();
        let log_total = ln(total);
        Self {
            log_probabilities: logits.iter().map(|theta| theta - top - log_total).collect(),
        }
    }

    /// The policy equal to a distribution with positive entries.
    pub fn from_probabilities(probabilities: &[f64]) -> Self {
        Self {
            log_probabilities: probabilities.iter().map(|&p| ln(p)).collect(),
        }
    }

    /// ln p_theta(m), in nats, one entry per mode.
    pub fn log_probabilities(&self) -> &[f64] {
        &self.log_probabilities
    }

    /// p_theta(m), one entry per mode, summing to one to rounding.
    pub fn probabilities(&self) -> Vec<f64> {
        self.log_probabilities.iter().map(|&l| exp(l)).collect()
    }

    /// The negative log-likelihood under a distribution `q` over modes: -sum_m q_m ln p_theta(m), in nats.
    pub fn nll(&self, q: &[f64]) -> f64 {
        -q.iter().zip(&self.log_probabilities).map(|(q, l)| q * l).sum::<f64>()
    }

    /// The gradient of [`nll`](Self::nll) in theta: p_theta - q. One entry per mode, summing to zero to rounding.
    pub fn gradient(&self, q: &[f64]) -> Vec<f64> {
        self.probabilities().iter().zip(q).map(|(p, q)| p - q).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f64; 4] = [0.3, -1.2, 2.0, 0.0];
    const Q: [f64; 4] = [0.1, 0.2, 0.3, 0.4];

    /// Central differences with step h have error h^2/6 times a third derivative below 1, and rounding 1e-16/h.
    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let h = 1e-5;
        let gradient = SharedSoftmax::from_logits(&LOGITS).gradient(&Q);
        for m in 0..4 {
            let at = |step: f64| {
                let mut logits = LOGITS;
                logits[m] += step;
                SharedSoftmax::from_logits(&logits).nll(&Q)
            };
            let slope = (at(h) - at(-h)) / (2.0 * h);
            assert!((slope - gradient[m]).abs() < 1e-10, "{m}: {slope} {}", gradient[m]);
        }
    }

    #[test]
    fn the_best_shared_policy_is_the_distribution_itself() {
        let best = SharedSoftmax::from_probabilities(&Q).nll(&Q);
        let entropy: f64 = -Q.iter().map(|&q| q * ln(q)).sum::<f64>();
        assert!((best - entropy).abs() < 1e-15);
        assert!(SharedSoftmax::from_logits(&LOGITS).nll(&Q) > best);
    }

    #[test]
    fn huge_logits_neither_overflow_nor_lose_the_sum() {
        let p = SharedSoftmax::from_logits(&[1e6, 1e6, -1e6]).probabilities();
        assert_eq!(p, [0.5, 0.5, 0.0]);
    }
}
