//! Owns how many of n rivals score where prompts differ: each scores with a probability that is its mode's own.
//!
//! With weights pi ~ Dirichlet(a), a_j = alpha pibar_j, a rival of mode j scores with probability s_j and else not (t_j = 1 - s_j), so that
//! given pi the number of scores is binomial with probability sum pi_j s_j. By the moments of the Dirichlet distribution
//!
//! ```text
//! P(k of n score) = n!/(alpha)_n [x^k y^(n-k)] prod_j (1 - s_j x - t_j y)^(-a_j)
//! ```
//!
//! (alpha)_n the rising factorial. The series follows from its power sums p_{i,l} = C(i+l, i) sum_j a_j s_j^i t_j^l by
//! n c_n = sum p c, whose terms are all positive. A candidate of mode m that has been drawn adds 1 to a_m: one more factor of the product.

use super::PoolLaw;
use super::urn::pmf;

/// The most candidates with noisy rewards where prompts differ, responses may be wrong or are filtered: coefficients of more would leave
/// the range of a double.
pub const MOST_NOISY: u32 = 128;

/// The chance of each mode to score, and not to, each given for itself, since either may be the small one.
#[derive(Debug, Clone)]
pub(super) struct Chances {
    pub score: Vec<f64>,
    pub miss: Vec<f64>,
}

/// The series of one vector of chances: how many of up to n right rivals score, as far as `most` scores.
#[derive(Debug, Clone)]
pub(super) struct Series {
    n: usize,
    most: usize,
    /// alpha, and what coefficients are scaled by per rival; infinite concentrations have no series.
    alpha: f64,
    scale: f64,
    /// `[a][b]`: the coefficient of x^a y^b.
    terms: Vec<f64>,
    /// The means of both chances, where prompts are all alike.
    alike: [f64; 2],
}

impl Series {
    /// Of at most `n` rivals, fewer than [`MOST_NOISY`], of a law whose right modes have these chances.
    pub fn new(law: &PoolLaw, chances: &Chances, n: u32, most: u32) -> Self {
        let (n, most) = (n as usize, most.min(n) as usize);
        let alpha = law.concentration();
        let weights = law.right_weights();
        let mean = |chance: &[f64]| weights.iter().zip(chance).map(|(p, c)| p * c).sum::<f64>();
        let mut own = Self {
            n,
            most,
            alpha,
            scale: alpha.max(1.0),
            terms: Vec::new(),
            alike: [mean(&chances.score), mean(&chances.miss)],
        };
        if alpha.is_finite() {
            own.terms = own.coefficients(&own.power_sums(&weights, chances));
        }
        own
    }

    fn place(&self, a: usize, b: usize) -> usize {
        a * (self.n + 1) + b
    }

    /// C(a+b, a) sum_j a_j s_j^a t_j^b, scaled.
    fn power_sums(&self, weights: &[f64], chances: &Chances) -> Vec<f64> {
        let mut sums = vec![0.0; (self.most + 1) * (self.n + 1)];
        for (mode, weight) in weights.iter().enumerate() {
            let (s, t) = (chances.score[mode] / self.scale, chances.miss[mode] / self.scale);
            // Row by row, each number from its neighbour: C(a+b, a) grows by (a+b)/b, and from row to row by (a+b)/a.
            let mut first = self.alpha * weight;
            for a in 0..=self.most {
                if a > 0 {
                    first *= s;
                }
                let mut value = first;
                for b in 0..=self.n - a {
                    if b > 0 {
                        value *= t * (a + b) as f64 / b as f64;
                    }
                    sums[self.place(a, b)] += value;
                }
            }
        }
        sums
    }

    fn coefficients(&self, sums: &[f64]) -> Vec<f64> {
        let mut terms = vec![0.0; sums.len()];
        terms[0] = 1.0;
        for total in 1..=self.n {
            for a in 0..=self.most.min(total) {
                let b = total - a;
                let mut sum = 0.0;
                for i in 0..=a {
                    let row = &sums[self.place(i, 0)..][..=b];
                    let other = &terms[self.place(a - i, 0)..][..=b];
                    // Of the first row the first is not among them: it would be the term itself, which is still 0.
                    sum += row.iter().zip(other.iter().rev()).map(|(p, c)| p * c).sum::<f64>();
                }
                terms[self.place(a, b)] = sum / total as f64;
            }
        }
        terms
    }

    /// The same where a candidate of a mode with these two chances has been drawn.
    #[must_use]
    pub fn beside(&self, score: f64, miss: f64) -> Self {
        let mut own = self.clone();
        if !self.alpha.is_finite() {
            return own;
        }
        let (s, t) = (score / self.scale, miss / self.scale);
        for a in 0..=self.most {
            for b in 0..=self.n - a {
                let (left, below) = (
                    if a > 0 {
                        s * own.terms[self.place(a - 1, b)]
                    } else {
                        0.0
                    },
                    if b > 0 {
                        t * own.terms[self.place(a, b - 1)]
                    } else {
                        0.0
                    },
                );
                let place = self.place(a, b);
                own.terms[place] += left + below;
            }
        }
        own.alpha += 1.0;
        own
    }

    /// P(k of `rivals` score), k = 0, ..., as far as most.
    pub fn scores(&self, rivals: usize) -> Vec<f64> {
        let length = self.most.min(rivals) + 1;
        if !self.alpha.is_finite() {
            let [score, miss] = self.alike;
            let mut all = pmf(rivals as u32, score, miss, 0.0);
            all.truncate(length);
            return all;
        }
        // n!/(alpha)_n, scaled as the coefficients are.
        let norm: f64 = (0..rivals)
            .map(|i| (i as f64 + 1.0) * self.scale / (self.alpha + i as f64))
            .product();
        (0..length)
            .map(|a| self.terms[self.place(a, rivals - a)] * norm)
            .collect()
    }
}
