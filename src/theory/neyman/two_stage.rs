//! Owns what a pilot does to an estimate that it also says the size of: k_0 responses of each prompt, and how many more by whether they
//! agree. World A, exact.
//!
//! A prompt whose k_0 pilot responses n (counts by mode) are all alike has K_a responses in all, any other K_o. With the pilot counted
//! among them the estimate y = (n + F)/K, F the later counts, is biased: K depends on n. For k_0 = K_a = 2
//!
//! ```text
//! E y_m - pi_m = (1 - 2/K_o) (E pi_m^2 - E[pi_m sum_j pi_j^2])
//! ```
//!
//! With fixed weights, y = a n/k_0 + (1 - a) F/(K - k_0), it is unbiased whatever the rule: the pilot by itself, and the later responses
//! whatever the pilot was. The weight must not depend on the pilot.
//!
//! F given n is Dirichlet-multinomial of K - k_0 draws with the weights alpha pi + n, so that mean and second moment of y_m are
//! polynomials in n_m; agreement on mode m has the probability q_m = E pi_m^k_0, and there n_m = k_0.

/// A pilot and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoStage {
    /// k_0, at least 1: responses of the pilot.
    pub pilot: u64,
    /// K_a, at least k_0: responses in all of a prompt whose pilot agrees.
    pub agreed: u64,
    /// K_o, at least k_0: of any other.
    pub open: u64,
    /// How the pilot counts.
    pub pooling: Pooling,
}

/// How responses of the pilot count beside later ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pooling {
    /// Each response counts the same.
    Reused,
    /// The mean of the pilot has this weight, from 0 (later ones alone) to below 1; K_a and K_o are then above k_0.
    Weighted(f64),
}

/// The law of the estimate of one prompt's shares, up to its second moment.
#[derive(Debug, Clone, PartialEq)]
pub struct OfPrompt {
    /// E y_m - pi_m, by mode.
    pub bias: Vec<f64>,
    /// Var y_m over prompts and responses, by mode.
    pub variance: Vec<f64>,
    /// E K: responses of a prompt.
    pub responses: f64,
}

impl TwoStage {
    /// What each response of the pilot counts, and each later one, if there are so many in all.
    pub fn weights(&self, responses: u64) -> [f64; 2] {
        let (pilot, later) = (self.pilot as f64, (responses - self.pilot) as f64);
        match self.pooling {
            Pooling::Reused => [1.0 / responses as f64; 2],
            Pooling::Weighted(weight) => [weight / pilot, (1.0 - weight) / later],
        }
    }

    /// The law of the estimate of one prompt, of those with the distribution Dirichlet(alpha * base); `base` has mass 1, alpha is above 0.
    pub fn of_prompt(&self, base: &[f64], alpha: f64) -> OfPrompt {
        let agrees: Vec<f64> = base.iter().map(|&pi| self.agrees(pi, alpha)).collect();
        let never: f64 = 1.0 - agrees.iter().sum::<f64>();
        let moments = |(mode, &pi): (usize, &f64)| {
            let (own, others) = (agrees[mode], 1.0 - never - agrees[mode]);
            let (k, all) = (self.pilot as f64, self.all_moments(pi, alpha));
            // Given agreement n_m is k_0, or 0 where they agree on another mode; the rest is disagreement.
            let open = [never, all[0] - own * k, all[1] - own * k * k];
            let agreed = [own + others, own * k, own * k * k];
            let [first, second] = [(self.open, open), (self.agreed, agreed)].map(|(k, n)| self.given(k, n, pi, alpha));
            let (mean, square) = (first[0] + second[0], first[1] + second[1]);
            (mean - pi, square - mean * mean)
        };
        let (bias, variance) = base.iter().enumerate().map(moments).unzip();
        OfPrompt {
            bias,
            variance,
            responses: never * self.open as f64 + (1.0 - never) * self.agreed as f64,
        }
    }

    /// q: the probability that all of a pilot have this mode.
    fn agrees(&self, pi: f64, alpha: f64) -> f64 {
        let factor = |j: u64| (alpha * pi + j as f64) / (alpha + j as f64);
        (0..self.pilot).map(factor).product()
    }

    /// E n_m and E n_m^2.
    fn all_moments(&self, pi: f64, alpha: f64) -> [f64; 2] {
        let k = self.pilot as f64;
        let mean = k * pi;
        [mean, mean * mean + mean * (1.0 - pi) * (alpha + k) / (alpha + 1.0)]
    }

    /// E[y_m; A] and E[y_m^2; A] on an event A of the pilot on which there are so many responses in all, of P(A), E[n_m; A] and
    /// E[n_m^2; A].
    fn given(&self, responses: u64, n: [f64; 3], pi: f64, alpha: f64) -> [f64; 2] {
        let (k, later) = (self.pilot as f64, (responses - self.pilot) as f64);
        let [pilot, own] = match later > 0.0 {
            true => self.weights(responses),
            false => [1.0 / k, 0.0],
        };
        // s = u + v n: what is expected of a later response.
        let (u, v) = (alpha * pi / (alpha + k), 1.0 / (alpha + k));
        let (constant, slope) = (own * later * u, pilot + own * later * v);
        let spread = own * own * later * (alpha + k + later) / (alpha + k + 1.0);
        let s = u * n[0] + v * n[1];
        let s_square = u * u * n[0] + 2.0 * u * v * n[1] + v * v * n[2];
        let square = constant * constant * n[0] + 2.0 * constant * slope * n[1] + slope * slope * n[2];
        [constant * n[0] + slope * n[1], square + spread * (s - s_square)]
    }
}

impl OfPrompt {
    /// sum_m bias_m^2/base_m: what no number of prompts takes away, in the chi-square metric of the base.
    pub fn bias_squared(&self, base: &[f64]) -> f64 {
        self.bias.iter().zip(base).map(|(bias, pi)| bias * bias / pi).sum()
    }

    /// sum_m Var y_m/base_m: of one prompt; of the mean over N prompts it is an N-th.
    pub fn spread(&self, base: &[f64]) -> f64 {
        self.variance.iter().zip(base).map(|(variance, pi)| variance / pi).sum()
    }
}

#[cfg(test)]
#[path = "two_stage_tests.rs"]
mod tests;
