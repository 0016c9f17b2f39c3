//! Owns how unequally Best-K-of-N weighs candidates, whatever the reward, and the most that any rule keeps of a set of modes.
//!
//! A candidate that an independent rival beats with probability u counts w(u) = (N/K) P(Bin(N - 1, u) <= K - 1) times; u is uniform where
//! rewards do not tie, and w integrates to 1. Its variance bounds what any reward can do.

use super::PoolLaw;
use super::urn::{outward, pmf};

/// sigma_w: the standard deviation of w(u), of `keep` = K of `candidates` = N, 1 <= K <= N; 0 where all are kept.
///
/// With n = N - 1 the square of w integrates to (N/K)^2/(2 N - 1) times the sum over i, j < K of
/// C(n, i) C(n, j)/C(2 n, i + j), a hypergeometric probability: positive terms alone.
pub fn weight_spread(candidates: u32, keep: u32) -> f64 {
    if keep >= candidates {
        return 0.0;
    }
    let (n, k) = (candidates as usize - 1, keep as usize);
    let terms: f64 = (0..=2 * (k - 1)).map(|both| within(n, k, both)).sum();
    let ratio = f64::from(candidates) / f64::from(keep);
    (ratio * ratio / f64::from(2 * candidates - 1) * terms - 1.0)
        .max(0.0)
        .sqrt()
}

/// P(i < K and j < K) where i of `both` = i + j draws without replacement are of the first of two kinds, n of each.
fn within(n: usize, keep: usize, both: usize) -> f64 {
    let (low, high) = (both.saturating_sub(n), both.min(n));
    let probabilities = outward(high - low + 1, both / 2 - low, |at| {
        let i = (low + at) as f64;
        let j = both as f64 - i;
        let n = n as f64;
        ((n - i) * j, (i + 1.0) * (n - j + 1.0))
    });
    let all: f64 = probabilities.iter().sum();
    let good = (low..=high)
        .zip(&probabilities)
        .filter(|(i, _)| *i < keep && both - i < keep);
    good.map(|(_, p)| p).sum::<f64>() / all
}

/// E min(K, C)/K, C the candidates in a set of modes of mass `mass` of a pool: the most that any rule which keeps K of N, each counting
/// 1/K, keeps of the set in mean, and what it keeps where the set is preferred.
///
/// `keep` is 1 to N, and `mass` from 0 to 1.
pub fn most_kept(law: &PoolLaw, keep: u32, mass: f64) -> f64 {
    let mass = mass.clamp(0.0, 1.0);
    let counts = pmf(law.candidates(), mass, 1.0 - mass, law.spread());
    let kept = counts
        .iter()
        .zip(0_u32..)
        .map(|(p, count)| p * f64::from(count.min(keep)));
    kept.sum::<f64>() / f64::from(keep)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::selected::legendre::Legendre;
    use crate::theory::selected::urn::at_most;
    use crate::theory::selected::{best_mean, tests::geo8};

    /// The second route: w is a polynomial of degree N - 1, so N nodes integrate its square without error.
    #[test]
    fn the_spread_of_weights_is_that_of_the_density() {
        for candidates in [2_u32, 3, 16, 64, 256] {
            let rule = Legendre::new(candidates as usize);
            for keep in [1, candidates.div_ceil(3), candidates / 2, candidates - 1] {
                let ratio = f64::from(candidates) / f64::from(keep);
                let square = rule.integrate(1.0, |u| {
                    let w = ratio * at_most(candidates - 1, keep - 1, u, 1.0 - u);
                    w * w
                });
                let own = weight_spread(candidates, keep);
                assert!(
                    (own * own / (square - 1.0) - 1.0).abs() < 1e-9,
                    "{candidates} {keep}: {own}"
                );
            }
            assert_eq!(weight_spread(candidates, candidates), 0.0);
        }
    }

    /// K = 1: w = N (1 - u)^(N - 1), whose square integrates to N^2/(2 N - 1). The others are those of an independent code, to 1e-12.
    #[test]
    fn the_spread_of_weights_has_these_values() {
        for candidates in [2_u32, 16, 1024] {
            let n = f64::from(candidates);
            let own = weight_spread(candidates, 1);
            assert!(
                (own * own / (n * n / (2.0 * n - 1.0) - 1.0) - 1.0).abs() < 1e-12,
                "{candidates}"
            );
        }
        let known = [
            (1, 2.694_079_530_401_697),
            (2, 2.048_630_134_566_44),
            (4, 1.433_613_117_358_82),
            (6, 1.092_388_184_748_19),
            (7, 0.963_738_349_920_222),
            (8, 0.851_137_296_012_491),
            (10, 0.655_432_910_848_915),
            (12, 0.477_871_039_119_604),
        ];
        for (keep, spread) in known {
            let own = weight_spread(16, keep);
            assert!((own - spread).abs() < 1e-12, "K = {keep}: {own} {spread}");
        }
    }

    /// Where a set is preferred Best-K-of-N keeps the most of it, and its own law says as much.
    #[test]
    fn the_most_that_is_kept_of_a_set_is_what_the_best_keep_of_it() {
        for concentration in [4.0, f64::INFINITY] {
            let law = PoolLaw::new(geo8(), concentration, 16).unwrap();
            for set in [0b1_usize, 0b1010_0010, 0b0111_1111] {
                let own = |mode: usize| set >> mode & 1 == 1;
                let rewards: Vec<f64> = (0..8).map(|mode| f64::from(u8::from(own(mode)))).collect();
                let mass: f64 = (0..8).filter(|&mode| own(mode)).map(|mode| law.weights()[mode]).sum();
                for keep in [1, 4, 8, 16] {
                    let mean = best_mean(&law, &rewards, keep).unwrap();
                    let kept: f64 = (0..8).filter(|&mode| own(mode)).map(|mode| mean[mode]).sum();
                    let most = most_kept(&law, keep, mass);
                    assert!((most - kept).abs() < 1e-13, "{set:b} {keep}: {most} {kept}");
                }
            }
        }
    }
}
