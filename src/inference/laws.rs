//! Tails and quantiles of the normal, Student's t and chi-squared laws.
//!
//! They rest on platform maths and serve p-values and intervals only, which are printed to six significant digits: no number of an
//! [`Estimate`](super::estimate::Estimate) may come from here. An argument outside a law's domain gives NaN.

use crate::numerics::elementary::{exp, ln};
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

/// Degrees of freedom from which the cube root of a chi-squared variable is taken as normal (Wilson and Hilferty 1931). Its error
/// falls as `1/freedom`: below 1e-4 of the probability at 5 % here, while the exact series slows down.
const NORMAL_FROM: f64 = 1000.0;

/// The `probability` quantile of Student's t on `df` degrees of freedom.
#[must_use]
pub fn student_quantile(probability: f64, df: f64) -> f64 {
    if !(probability > 0.0 && probability < 1.0) {
        return f64::NAN;
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |law| law.inverse_cdf(probability))
}

/// `P(T >= t)` of Student's t on `df` degrees of freedom.
#[must_use]
pub fn student_above(t: f64, df: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN;
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |law| law.sf(t))
}

/// The standard normal score `z` with `P(Z >= z) = P(chi^2_freedom >= x)`.
#[must_use]
pub fn chi_squared_score(x: f64, freedom: f64) -> f64 {
    if freedom >= NORMAL_FROM {
        let spread = 2.0 / (9.0 * freedom);
        return (exp(ln(x / freedom) / 3.0) - (1.0 - spread)) / spread.sqrt();
    }
    let Ok(law) = ChiSquared::new(freedom) else {
        return f64::NAN;
    };
    // The smaller tail keeps its relative precision; the quantile of a tail near 1 would lose it.
    let (above, below) = (law.sf(x), law.cdf(x));
    if above < below {
        -Normal::standard().inverse_cdf(above)
    } else {
        Normal::standard().inverse_cdf(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_agrees_with_tables() {
        // Abramowitz and Stegun, table 26.10, four or five digits.
        for (probability, df, quantile) in [(0.975, 10.0, 2.228), (0.95, 30.0, 1.697), (0.995, 60.0, 2.660)] {
            assert!((student_quantile(probability, df) - quantile).abs() < 5e-4);
            assert!((student_above(quantile, df) - (1.0 - probability)).abs() < 5e-5);
            assert!((student_above(-quantile, df) - probability).abs() < 5e-5);
        }
        // On 1 degree of freedom (Cauchy), P(T >= 1) = 1/4.
        assert!((student_above(1.0, 1.0) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_score_of_one_degree_is_that_of_a_squared_normal() {
        // P(chi^2_1 >= 1.96^2) = 0.05, one-sided normal score 1.6449 (table 26.1).
        assert!((chi_squared_score(1.959_964 * 1.959_964, 1.0) - 1.644_854).abs() < 1e-5);
        assert!((chi_squared_score(0.000_982_07, 1.0) + 1.959_964).abs() < 1e-4);
    }

    #[test]
    fn the_cube_root_meets_the_exact_law_where_it_takes_over() {
        for offset in [-3.0, -1.0, 0.0, 1.0, 3.0] {
            let x = |freedom: f64| freedom + offset * (2.0 * freedom).sqrt();
            let exact = chi_squared_score(x(NORMAL_FROM - 1e-9), NORMAL_FROM - 1e-9);
            let cube = chi_squared_score(x(NORMAL_FROM), NORMAL_FROM);
            assert!((exact - cube).abs() < 1e-3, "{offset}: {exact} {cube}");
        }
        assert!(chi_squared_score(1e9, 1e9).abs() < 1e-4);
    }

    #[test]
    fn arguments_outside_the_domain_give_nan() {
        assert!(student_quantile(1.0, 5.0).is_nan());
        assert!(student_quantile(0.5, 0.0).is_nan());
        assert!(student_above(f64::NAN, 5.0).is_nan());
        assert!(chi_squared_score(1.0, -1.0).is_nan());
    }
}
