//! Owns integrals over the line of smooth functions that decay like the normal density.
//!
//! The trapezoid rule converges geometrically for such integrands (Trefethen and Weideman 2014): its steps are halved until two rules
//! agree.

/// Beyond this many standard deviations the normal mass is 2e-17.
pub(super) const END: f64 = 8.5;
/// The first rule's step, in standard deviations.
const FIRST_STEP: f64 = 0.125;
/// Two rules agree when they differ by no more.
const WITHIN: f64 = 1e-13;
/// Two or three halvings settle thousands of candidates; more only guard against an integrand that is not smooth.
const MOST_HALVINGS: u32 = 6;

/// The integral of `f` from `low` to `high`, beyond which it is negligible. `f` varies on the scale of 1.
pub(super) fn integral(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = ((high - low) / FIRST_STEP).ceil().max(1.0) as u64;
    let inner = (1..steps).map(|i| f(low + (high - low) * (i as f64 / steps as f64)));
    let ends = 0.5 * (f(low) + f(high));
    let mut value = (ends + inner.sum::<f64>()) * ((high - low) / steps as f64);
    for halving in 0..MOST_HALVINGS {
        let steps = steps << halving;
        let step = (high - low) / steps as f64;
        let between: f64 = (0..steps).map(|i| f(low + (i as f64 + 0.5) * step)).sum();
        let before = value;
        value = 0.5 * (before + between * step);
        if (value - before).abs() <= WITHIN {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::special::{normal_cdf, normal_density};

    #[test]
    fn moments_of_the_normal_law_are_those_of_the_textbook() {
        for (power, moment) in [(0, 1.0), (1, 0.0), (2, 1.0), (4, 3.0)] {
            let f = |x: f64| (0..power).map(|_| x).product::<f64>() * normal_density(x);
            let found = integral(-END, END, f);
            assert!((found - moment).abs() < 1e-12, "{power}: {found}");
        }
    }

    /// n phi Phi^(n-1) integrates to 1 however narrow it becomes; the first rule alone does not reach that.
    #[test]
    fn rules_are_halved_until_they_agree() {
        let largest = |n: i32| {
            move |x: f64| {
                let below = crate::numerics::elementary::powi(normal_cdf(x), n - 1);
                f64::from(n) * normal_density(x) * below
            }
        };
        for n in [1, 10, 1000, 100_000] {
            let found = integral(-END, END, largest(n));
            assert!((found - 1.0).abs() < 1e-11, "{n}: {found}");
        }
        let coarse: f64 = (-8..=8).map(|i| largest(1000)(f64::from(i))).sum();
        assert!((coarse - 1.0).abs() > 1e-3, "{coarse}");
    }
}
