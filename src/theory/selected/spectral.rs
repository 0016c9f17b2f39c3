//! Owns the spectral weight of Best-K-of-N and the bounds on divergence that follow from it without knowing the reward.
//!
//! Let u be the probability that an independent rival beats a candidate. The candidate is kept when at most K - 1 of its N - 1
//! rivals beat it, so its density among the kept, relative to that among candidates, is
//! w(u) = (N/K) P(Bin(N - 1, u) <= K - 1), which integrates to 1 over [0, 1] (K = 1: N (1 - u)^(N-1), Beirami et al. 2025).

use super::law::LawError;
use super::legendre::Legendre;
use super::{PoolLaw, urn};
use crate::numerics::elementary::ln;

/// w of one pair (N, K).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spectral {
    candidates: u32,
    keep: u32,
}

impl Spectral {
    /// The weight of keeping the best `keep` of `candidates`.
    ///
    /// # Errors
    ///
    /// When N is not 1 to 1024 or K not 1 to N.
    pub fn new(candidates: u32, keep: u32) -> Result<Self, LawError> {
        PoolLaw::new(vec![1.0], f64::INFINITY, candidates)?.check_keep(keep)?;
        Ok(Self { candidates, keep })
    }

    /// w(u), from the probability `u` in [0, 1] that a rival is better. Near u = 1 use [`at_tail`](Self::at_tail).
    pub fn at(&self, u: f64) -> f64 {
        self.weight(u, 1.0 - u)
    }

    /// w(1 - v), from the probability `v` in [0, 1] that a rival is no better. It keeps its relative precision however small v is:
    /// w(1 - v) ~ (N/K) C(N-1, K-1) v^(N-K).
    pub fn at_tail(&self, v: f64) -> f64 {
        self.weight(1.0 - v, v)
    }

    fn weight(&self, u: f64, v: f64) -> f64 {
        let (n, k) = (f64::from(self.candidates), f64::from(self.keep));
        if self.keep == self.candidates {
            return 1.0;
        }
        n / k * at_most(self.candidates - 1, self.keep - 1, u, v)
    }

    /// The bound on KL(q || pi) over all rewards, int w ln w in nats; reached by a continuous reward. At K = 1 it is
    /// ln N - (N-1)/N (Beirami et al. 2025).
    pub fn forward_bound(&self) -> f64 {
        // w = v^(N-K) g(v). Under w the logarithm of v has a mean in closed form: w is a mixture with equal weights of the
        // densities Beta(N - j, j + 1) of v, j < K, and E ln v = -sum of 1/i over i = N - j, ..., N.
        let n = self.candidates;
        let mean: f64 = (0..self.keep)
            .map(|j| -(n - j..=n).map(|i| 1.0 / f64::from(i)).sum::<f64>())
            .sum::<f64>()
            / f64::from(self.keep);
        let rest = settled(|v| self.at_tail(v) * ln(self.regular(v)));
        f64::from(n - self.keep) * mean + rest
    }

    /// The bound on KL(pi || q) over all rewards, -int ln w in nats.
    pub fn reverse_bound(&self) -> f64 {
        f64::from(self.candidates - self.keep) - settled(|v| ln(self.regular(v)))
    }

    /// g(v) = w(1 - v)/v^(N-K) = (N/K) sum over j < K of C(N-1, j) (1-v)^j v^(K-1-j): positive and smooth on [0, 1].
    fn regular(&self, v: f64) -> f64 {
        let (n, k) = (self.candidates, self.keep);
        let mut binomial = 1.0;
        let mut powers = 1.0;
        let mut sum = 0.0;
        // Horner's scheme in v, with the powers of 1 - v carried along.
        for j in 0..k {
            sum = sum * v + binomial * powers;
            binomial = binomial * f64::from(n - 1 - j) / f64::from(j + 1);
            powers *= 1.0 - v;
        }
        sum * (f64::from(n) / f64::from(k))
    }
}

/// P(Bin(n, u) <= most), with both u and v = 1 - u given, for each may be the smaller one.
pub(super) fn at_most(n: u32, most: u32, u: f64, v: f64) -> f64 {
    if most >= n {
        return 1.0;
    }
    urn::pmf(n, u, v, 0.0)[..=most as usize].iter().sum()
}

/// Integrals of ln g converge geometrically; more nodes than this are never needed for N <= 1024.
const MOST_NODES: usize = 1024;

/// An integral over [0, 1] by rules of doubled size, until two agree to 1e-13 of the larger of 1 and the value.
fn settled(f: impl Fn(f64) -> f64) -> f64 {
    let mut nodes = 32;
    let mut before = Legendre::new(nodes).integrate(1.0, &f);
    while nodes < MOST_NODES {
        nodes *= 2;
        let value = Legendre::new(nodes).integrate(1.0, &f);
        if (value - before).abs() <= 1e-13 * value.abs().max(1.0) {
            return value;
        }
        before = value;
    }
    before
}

/// KL(from || to) in nats, of two distributions over the same modes: infinite where `to` has underflowed to 0 and `from` has not.
pub fn divergence(from: &[f64], to: &[f64]) -> f64 {
    from.iter()
        .zip(to)
        .filter(|(f, _)| **f > 0.0)
        .map(|(f, t)| if *t > 0.0 { f * ln(f / t) } else { f64::INFINITY })
        .sum()
}
