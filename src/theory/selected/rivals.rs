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
//! Where prompts are all alike a term is the binomial probability itself, and what has been drawn changes nothing.

use super::PoolLaw;
use super::urn::pmf;

/// The most candidates with noisy rewards where prompts differ, responses may be wrong or are filtered: coefficients of more would leave
/// the range of a double.
pub const MOST_NOISY: u32 = 128;

/// The series of right rivals, at most `n` of them, fewer than [`MOST_NOISY`], as far as `most` scores.
#[derive(Debug, Clone)]
pub(super) struct Series {
    n: usize,
    most: usize,
    /// alpha pibar; the weights alone where prompts are all alike.
    weights: Vec<f64>,
    alpha: f64,
    /// What terms are scaled by per rival.
    scale: f64,
}

/// The coefficients of x^a y^b, scaled, by rows of equal a.
pub(super) type Terms = Vec<f64>;

impl Series {
    pub fn new(law: &PoolLaw, n: u32, most: u32) -> Self {
        let alpha = law.concentration();
        let factor = if alpha.is_finite() { alpha } else { 1.0 };
        Self {
            n: n as usize,
            most: most.min(n) as usize,
            weights: law.right_weights().iter().map(|weight| weight * factor).collect(),
            alpha,
            scale: if alpha.is_finite() { alpha.max(1.0) } else { 1.0 },
        }
    }

    /// How many terms there are.
    pub fn size(&self) -> usize {
        (self.most + 1) * (self.n + 1)
    }

    fn place(&self, a: usize, b: usize) -> usize {
        a * (self.n + 1) + b
    }

    /// The terms where right modes score with these probabilities, each given beside its complement, since either may be the small one.
    pub fn terms(&self, chances: &[[f64; 2]]) -> Terms {
        if self.alpha.is_finite() {
            return self.coefficients(&self.power_sums(chances));
        }
        let mean = |side: usize| self.weights.iter().zip(chances).map(|(p, c)| p * c[side]).sum::<f64>();
        let (score, miss) = (mean(0), mean(1));
        let mut terms = vec![0.0; self.size()];
        for total in 0..=self.n {
            let all = pmf(total as u32, score, miss, 0.0);
            for (a, p) in all.iter().enumerate().take(self.most + 1) {
                terms[self.place(a, total - a)] = *p;
            }
        }
        terms
    }

    /// C(a+b, a) sum_j a_j s_j^a t_j^b, scaled.
    fn power_sums(&self, chances: &[[f64; 2]]) -> Terms {
        let mut sums = vec![0.0; self.size()];
        for (weight, chance) in self.weights.iter().zip(chances) {
            let [s, t] = chance.map(|chance| chance / self.scale);
            let mut first = *weight;
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

    fn coefficients(&self, sums: &[f64]) -> Terms {
        let mut terms = vec![0.0; sums.len()];
        terms[0] = 1.0;
        for total in 1..=self.n {
            for a in 0..=self.most.min(total) {
                let b = total - a;
                let mut sum = 0.0;
                for i in 0..=a {
                    // The first number of the first row meets the term itself, which is still 0.
                    let row = &sums[self.place(i, 0)..][..=b];
                    let other = &terms[self.place(a - i, 0)..][..=b];
                    sum += row.iter().zip(other.iter().rev()).map(|(p, c)| p * c).sum::<f64>();
                }
                terms[self.place(a, b)] = sum / total as f64;
            }
        }
        terms
    }

    /// Multiplies terms by the factor of a candidate with these chances that has been drawn: by 1/(1 - s x - t y).
    pub fn draw(&self, terms: &mut Terms, chance: [f64; 2]) {
        if !self.alpha.is_finite() {
            return;
        }
        let [s, t] = chance.map(|chance| chance / self.scale);
        for a in 0..=self.most {
            for b in 0..=self.n - a {
                let fewer = if a > 0 { s * terms[self.place(a - 1, b)] } else { 0.0 };
                let before = if b > 0 { t * terms[self.place(a, b - 1)] } else { 0.0 };
                let place = self.place(a, b);
                terms[place] += fewer + before;
            }
        }
    }

    /// n!/(alpha + drawn)_n for n = 0, 1, ..., scaled as terms are: what a term of n rivals is to be multiplied by where so many right
    /// candidates have been drawn.
    fn norms(&self, drawn: u32) -> Vec<f64> {
        let alpha = self.alpha + f64::from(drawn);
        let next = |n: usize| match self.alpha.is_finite() {
            true => (n as f64 + 1.0) * self.scale / (alpha + n as f64),
            false => 1.0,
        };
        let mut norms = vec![1.0];
        for n in 0..self.n {
            norms.push(norms[n] * next(n));
        }
        norms
    }

    /// The numbers whose products with terms sum to the mean, over so many rivals beside so many right candidates, of a function of how many
    /// score: with probability `shares[w]` w of the rivals are wrong, of which k score with probability `wrong[w][k]`.
    pub fn mean_of(
        &self,
        rivals: u32,
        drawn: u32,
        shares: &[f64],
        wrong: &[Vec<f64>],
        of: impl Fn(usize) -> f64,
    ) -> Terms {
        let norms = self.norms(drawn);
        let mut weights = vec![0.0; self.size()];
        for ((w, share), scores) in shares
            .iter()
            .enumerate()
            .zip(wrong)
            .filter(|((_, share), _)| **share > 0.0)
        {
            let right = rivals as usize - w;
            for a in 0..=self.most.min(right) {
                let mean: f64 = scores.iter().enumerate().map(|(k, p)| p * of(a + k)).sum();
                weights[self.place(a, right - a)] += share * norms[right] * mean;
            }
        }
        weights
    }
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
