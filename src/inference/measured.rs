//! An estimate together with the law by which it errs: the one place where a kind of estimand meets its own tests.

use super::angle::Angle;
use super::estimate::{Estimate, Interval};
use super::laws::student_above;
use super::mass::Mass;
use super::proportion::Proportion;
use super::quotient::Quotient;
use super::score::SquaredNorm;
use super::skewed::Skewed;

/// An estimate and how it errs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// A smooth function of means away from a boundary: Student's t.
    Smooth(Estimate),
    /// A squared norm: the score test.
    SquaredNorm(SquaredNorm),
    /// The length whose square this is: the same test of squares.
    Norm(SquaredNorm),
    /// A squared norm over a number, or a number over a squared norm.
    Quotient(Quotient),
    /// A cosine, or 1 - cosine.
    Angle(Angle),
    /// A smooth function whose curvature counts.
    Skewed(Skewed),
    /// A share of replicates: the binomial's own tails.
    Proportion(Proportion),
    /// The mean of a number from 0 to 1 per replicate: a binomial's tails for what it is worth.
    Mass(Mass),
}

impl Measured {
    /// The estimate as it comes, whether or not it means anything: see [`reported`](Self::reported).
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        match self {
            Self::Smooth(estimate) => *estimate,
            Self::SquaredNorm(norm) => norm.estimate(),
            Self::Norm(norm) => norm.length(),
            Self::Quotient(quotient) => quotient.estimate(),
            Self::Angle(angle) => angle.estimate(),
            Self::Skewed(skewed) => skewed.estimate(),
            Self::Proportion(share) => share.estimate(),
            Self::Mass(mass) => mass.estimate(),
        }
    }

    /// Small where the truth is above `c`.
    pub(super) fn p_above(&self, c: f64) -> f64 {
        match self {
            Self::Smooth(estimate) => student_above((estimate.value - c) / estimate.mcse, estimate.df),
            Self::SquaredNorm(norm) => norm.p_above(c),
            Self::Norm(_) if c < 0.0 => 0.0,
            Self::Norm(norm) => norm.p_above(c * c),
            Self::Quotient(quotient) => quotient.p_above(c),
            Self::Angle(angle) => angle.p_above(c),
            Self::Skewed(skewed) => skewed.p_above(c),
            Self::Proportion(share) => share.p_above(c),
            Self::Mass(mass) => mass.p_above(c),
        }
    }

    /// Small where the truth is below `c`.
    pub(super) fn p_below(&self, c: f64) -> f64 {
        match self {
            Self::Smooth(estimate) => student_above((c - estimate.value) / estimate.mcse, estimate.df),
            Self::SquaredNorm(norm) => norm.p_below(c),
            Self::Norm(_) if c <= 0.0 => 1.0,
            Self::Norm(norm) => norm.p_below(c * c),
            Self::Quotient(quotient) => quotient.p_below(c),
            Self::Angle(angle) => angle.p_below(c),
            Self::Skewed(skewed) => skewed.p_below(c),
            Self::Proportion(share) => share.p_below(c),
            Self::Mass(mass) => mass.p_below(c),
        }
    }

    pub(super) fn interval(&self, level: f64) -> Interval {
        match self {
            Self::Smooth(estimate) => estimate.interval(level),
            Self::SquaredNorm(norm) => norm.interval(level),
            Self::Norm(norm) => norm.length_interval(level),
            Self::Quotient(quotient) => quotient.interval(level),
            Self::Angle(angle) => angle.interval(level),
            Self::Skewed(skewed) => skewed.interval(level),
            Self::Proportion(share) => share.interval(level),
            Self::Mass(mass) => mass.interval(level),
        }
    }

    /// The share of a mass or an event that was seen never or always.
    pub(super) fn unseen(&self) -> Option<Proportion> {
        match self {
            Self::Proportion(share) => Some(*share).filter(Proportion::is_unseen),
            Self::Mass(mass) => mass.unseen(),
            _ => None,
        }
    }

    /// Whether its MCSE of 0 says nothing.
    pub(super) fn is_unseen(&self) -> bool {
        matches!(self, Self::Proportion(_)) || self.unseen().is_some()
    }

    /// Whether it has no value below 0 by its nature.
    #[must_use]
    pub fn is_never_negative(&self) -> bool {
        match self {
            Self::SquaredNorm(_) | Self::Norm(_) | Self::Mass(_) | Self::Proportion(_) => true,
            Self::Quotient(quotient) => quotient.is_never_negative(),
            Self::Angle(angle) => angle.is_never_negative(),
            Self::Smooth(_) | Self::Skewed(_) => false,
        }
    }

    /// Whether 'above or below `c`' can be judged.
    pub(super) fn knows(&self, c: f64) -> bool {
        match self {
            Self::Angle(angle) => angle.knows(c),
            _ => true,
        }
    }

    /// Whether its denominator, or a length that is no denominator, is within four standard errors of 0.
    #[must_use]
    pub fn is_drowned(&self) -> bool {
        match self {
            Self::Norm(norm) => norm.is_drowned(),
            Self::Quotient(quotient) => quotient.is_drowned(),
            Self::Angle(angle) => angle.is_drowned(),
            _ => false,
        }
    }

    /// Whether it stands so near an end of its range that it has no slope there.
    #[must_use]
    pub fn is_near_boundary(&self) -> bool {
        match self {
            Self::SquaredNorm(norm) => norm.is_drowned(),
            Self::Quotient(quotient) => quotient.is_near_boundary(),
            Self::Angle(angle) => angle.is_near_boundary(),
            _ => false,
        }
    }
}
