//! Owns base weights: the mean response distribution of a world, as a validated point of the simplex.

use super::urn::MOST_MODES;
use std::fmt;

/// Positive weights over modes that sum to one (to rounding).
#[derive(Debug, Clone, PartialEq)]
pub struct BaseWeights(Vec<f64>);

/// Why weights are not a distribution over modes.
#[derive(Debug, Clone, PartialEq)]
pub enum BaseError {
    /// A weight is zero, negative or not finite: its mode could never be learned or never drawn.
    NotPositive {
        /// Which weight, from 0.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The ratio of geometric weights is not in (0, 1], or so small that the last weight vanishes.
    Ratio(f64),
    /// Fewer than two modes, or more than 65,535.
    Modes(usize),
}

impl fmt::Display for BaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BaseError::NotPositive { index, value } => {
                write!(f, "weight {index} is {value}, but weights must be positive and finite")
            }
            BaseError::Ratio(ratio) => write!(
                f,
                "the ratio {ratio} is outside (0, 1] or leaves the last mode without weight"
            ),
            BaseError::Modes(modes) => write!(f, "{modes} modes, but a world has 2 to 65,535"),
        }
    }
}

impl std::error::Error for BaseError {}

impl BaseWeights {
    /// Equal weights on `modes` modes.
    pub fn uniform(modes: usize) -> Result<Self, BaseError> {
        Self::listed(&vec![1.0; checked(modes)?])
    }

    /// Weights proportional to `ratio`^m for m = 0 .. `modes`-1; `ratio` in (0, 1].
    pub fn geometric(modes: usize, ratio: f64) -> Result<Self, BaseError> {
        if !(ratio > 0.0 && ratio <= 1.0) {
            return Err(BaseError::Ratio(ratio));
        }
        let powers = std::iter::successors(Some(1.0), |w| Some(w * ratio));
        let weights: Vec<f64> = powers.take(checked(modes)?).collect();
        Self::listed(&weights).map_err(|_| BaseError::Ratio(ratio))
    }

    /// Weights proportional to the positive numbers given.
    pub fn listed(weights: &[f64]) -> Result<Self, BaseError> {
        checked(weights.len())?;
        let bad = weights.iter().position(|w| !(*w > 0.0 && w.is_finite()));
        if let Some(index) = bad {
            let value = weights[index];
            return Err(BaseError::NotPositive { index, value });
        }
        // Divided by the largest first, so that no sum of finite weights overflows.
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let total: f64 = weights.iter().map(|w| w / largest).sum();
        let shares: Vec<f64> = weights.iter().map(|w| w / largest / total).collect();
        match shares.iter().position(|&share| share < f64::MIN_POSITIVE) {
            Some(index) => Err(BaseError::NotPositive {
                index,
                value: shares[index],
            }),
            None => Ok(Self(shares)),
        }
    }

    /// The probabilities, one per mode.
    pub fn probabilities(&self) -> &[f64] {
        &self.0
    }
}

fn checked(modes: usize) -> Result<usize, BaseError> {
    if (2..=MOST_MODES).contains(&modes) {
        Ok(modes)
    } else {
        Err(BaseError::Modes(modes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// science.md lists geo8 to four digits and 1 - sum of squares = 0.7663.
    #[test]
    fn geometric_weights_are_those_of_the_reference() {
        let base = BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap();
        let listed = [0.3726, 0.2375, 0.1515, 0.0966, 0.0616, 0.0393, 0.0250, 0.0160];
        for (p, q) in base.probabilities().iter().zip(listed) {
            assert!((p - q).abs() < 5e-5, "{p} {q}");
        }
        let gini = 1.0 - base.probabilities().iter().map(|p| p * p).sum::<f64>();
        assert!((gini - 0.7663).abs() < 5e-5, "{gini}");
    }

    #[test]
    fn weights_that_are_no_distribution_are_refused_by_kind() {
        let bad = BaseWeights::listed(&[1.0, f64::NAN]).unwrap_err();
        assert!(matches!(bad, BaseError::NotPositive { index: 1, .. }));
        assert!(matches!(
            BaseWeights::listed(&[0.0, 1.0]).unwrap_err(),
            BaseError::NotPositive { index: 0, .. }
        ));
        assert_eq!(BaseWeights::uniform(1), Err(BaseError::Modes(1)));
        assert_eq!(BaseWeights::geometric(4, 0.0), Err(BaseError::Ratio(0.0)));
        assert_eq!(BaseWeights::geometric(2000, 0.1), Err(BaseError::Ratio(0.1)));
    }

    #[test]
    fn huge_weights_do_not_overflow() {
        let base = BaseWeights::listed(&[f64::MAX, f64::MAX]).unwrap();
        assert_eq!(base.probabilities(), [0.5, 0.5]);
    }
}
