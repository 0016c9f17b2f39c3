//! Owns the probability that the best of some normals of a shifted mean beats all others: what evidence of a given strength is worth.

use super::line::{END, integral};
use crate::numerics::elementary::power;
use crate::numerics::special::{normal_cdf, normal_density};

/// A_V(d): the probability that the largest of M normals of variance 1 is one of the V whose mean is d = `strength` and not 0, i.e.
/// the integral of V phi(x - d) Phi(x - d)^(V-1) Phi(x)^(M-V). Absolute error below 1e-12.
///
/// It is how often the argmax of features (mean d on valid modes) is valid; with independent evidence of strengths d and kappa the
/// sufficient strength is sqrt(d^2 + kappa^2), and with a feature that only correlates with it, d times the correlation. `strength` may
/// be infinite; with as many valid modes as there are modes, or more, it is 1.
pub fn ceiling(strength: f64, modes: u32, valid: u32) -> f64 {
    if valid >= modes {
        return 1.0;
    }
    if valid == 0 {
        return 0.0;
    }
    // In x - d, so that a large d moves no mass out of the interval.
    integral(-END, END, |z| {
        let own = f64::from(valid) * normal_density(z) * power(normal_cdf(z), u64::from(valid - 1));
        own * power(normal_cdf(z + strength), u64::from(modes - valid))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::special::normal_from_uniform;
    use crate::numerics::stream::Streams;
    use crate::theory::aggregation::checks::{Checks, Frequency};

    #[test]
    fn values_are_those_of_the_reference() {
        for (strength, listed) in [
            (1.5, 0.8821),
            ((2.0 * 1.5 * 1.5_f64).sqrt(), 0.9638),
            (1.5 * 0.5_f64.sqrt(), 0.7726),
        ] {
            let found = ceiling(strength, 8, 3);
            assert!((found - listed).abs() < 1e-4, "{strength}: {found}");
        }
    }

    #[test]
    fn closed_forms() {
        assert_eq!((ceiling(1.5, 8, 8), ceiling(1.5, 8, 0)), (1.0, 0.0));
        for (modes, valid) in [(2, 1), (8, 3), (64, 1), (300, 299)] {
            let share = f64::from(valid) / f64::from(modes);
            assert!((ceiling(0.0, modes, valid) - share).abs() < 1e-12, "without evidence");
            assert!((ceiling(f64::INFINITY, modes, valid) - 1.0).abs() < 1e-12);
            assert_eq!(ceiling(f64::NEG_INFINITY, modes, valid), 0.0);
        }
        for d in [-3.0, 0.4, 1.5, 6.0] {
            let two = normal_cdf(d / 2.0_f64.sqrt());
            assert!((ceiling(d, 2, 1) - two).abs() < 1e-13, "{d}");
        }
    }

    /// The best is valid or is not; the other integral has another integrand.
    #[test]
    fn the_best_is_valid_or_invalid() {
        for d in [-2.0, 0.3, 1.5, 4.0] {
            for (modes, valid) in [(8, 3), (5, 1), (40, 39)] {
                let sum = ceiling(d, modes, valid) + ceiling(-d, modes, modes - valid);
                assert!((sum - 1.0).abs() < 1e-12, "{d} {modes} {valid}");
            }
        }
    }

    #[test]
    fn simulated_shares_are_the_integral() {
        let mut checks = Checks::default();
        for (item, (d, modes, valid)) in [(1.5, 8, 3), (0.7, 5, 1), (-1.0, 6, 4)].into_iter().enumerate() {
            let mut stream = Streams::new("ceiling").purpose("normals").stream(0, item as u32);
            let mut hits = Frequency::default();
            for _ in 0..20_000 {
                let x: Vec<f64> = (0..modes)
                    .map(|m| normal_from_uniform(stream.uniform()) + if m < valid { d } else { 0.0 })
                    .collect();
                let best = (0..modes as usize).max_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
                hits.add(best < valid as usize);
            }
            checks.add(
                hits.score(ceiling(d, modes, valid)),
                hits.score(ceiling(d, modes + 1, valid)),
            );
        }
        checks.finish();
    }
}
