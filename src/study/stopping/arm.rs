//! Owns one arm: when a run looks, what it has to reach, and what theory knows of it.

use super::Law;
use crate::engine::{Goal, Looks};
use crate::inference::groups;
use crate::numerics::text::float;

/// Samples per batch of a run, one batch per block: its groups are those of so many samples, or of their doublings.
pub const SAMPLES: u64 = 8;

/// One arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoppingArm {
    /// When a run decides whether it is precise enough.
    pub looks: Looks,
    /// Groups before the first look: batches, from 2 to [`StoppingArm::MOST_GROUPS`].
    pub groups: u32,
    /// The standard error to reach.
    pub goal: Goal,
    /// Samples after which a run ends all the same: at least two batches, rounded up to whole ones.
    pub at_most: u64,
}

impl StoppingArm {
    /// Beyond it groups are merged, and fewer stand.
    pub const MOST_GROUPS: u32 = groups::MOST_GROUPS as u32;

    /// T: the standard error to reach, in the unit of the samples.
    pub fn target(&self, law: &Law) -> f64 {
        match self.goal {
            Goal::Relative(share) => share * law.mean().abs(),
            Goal::Absolute(error) => error,
        }
    }

    /// (sigma/T)^2: the samples whose average has the standard error T.
    pub fn ideal(&self, law: &Law) -> f64 {
        let ratio = law.deviation() / self.target(law);
        ratio * ratio
    }

    /// An error where there can be no such arm.
    pub(super) fn check(&self, law: &Law) -> Result<(), String> {
        let (groups, most) = (self.groups, Self::MOST_GROUPS);
        if !(2..=most).contains(&groups) {
            return Err(format!(
                "{groups} groups before the first look: there must be 2 to {most}"
            ));
        }
        if self.at_most < 2 * SAMPLES {
            return Err(format!(
                "{} samples are fewer than two batches of {SAMPLES}",
                self.at_most
            ));
        }
        // A share of a mean of 0 is no target, and one so small that its ideal number of samples overflows is none either.
        match self.target(law) > 0.0 && self.ideal(law).is_finite() {
            true => Ok(()),
            false => Err(format!(
                "a target of {:e} cannot be reached by any number of samples (the mean is {})",
                self.target(law),
                law.mean()
            )),
        }
    }

    /// Batches that a run takes at most.
    fn most(&self) -> u64 {
        self.at_most.div_ceil(SAMPLES)
    }

    /// Samples of every run, where a run ends at its first look whatever it sees.
    pub fn fixed(&self) -> Option<u64> {
        (self.most() <= u64::from(self.groups)).then(|| self.most() * SAMPLES)
    }

    /// About how many samples a run takes.
    pub(super) fn expected(&self, law: &Law) -> u64 {
        let first = u64::from(self.groups) * SAMPLES;
        // A number beyond u64 saturates, and is cut.
        (self.ideal(law) as u64).max(first).min(self.most() * SAMPLES)
    }

    /// Whether the average is unbiased, whatever the rule sees.
    ///
    /// Reflecting normal samples about mu turns the sign of every error and moves no standard error, so an absolute target is
    /// met at the same look. Of exponential samples the shares of their sum are independent of it (Basu 1955), and
    /// whether a relative target is met depends on the shares alone. Of a fixed number of samples it is unbiased anyhow.
    pub fn unbiased(&self, law: &Law) -> bool {
        match (law, self.goal) {
            (_, Goal::Absolute(_)) if self.fixed().is_some() => true,
            (Law::Normal { .. }, Goal::Absolute(_)) | (Law::Exponential { .. }, Goal::Relative(_)) => true,
            _ => false,
        }
    }

    /// Whether intervals cover as often as they say: those of a fixed number of normal samples that are never refused.
    pub fn exact_interval(&self, law: &Law) -> bool {
        let (normal, absolute) = (
            matches!(law, Law::Normal { .. }),
            matches!(self.goal, Goal::Absolute(_)),
        );
        normal && absolute && self.fixed().is_some()
    }

    pub(super) fn canonical(&self) -> String {
        let looks = match self.looks {
            Looks::Rounds => "rounds",
            Looks::TwoStage => "two-stage",
            Looks::EveryBlock => "every-block",
        };
        let goal = match self.goal {
            Goal::Relative(share) => format!("relative {}", float(share)),
            Goal::Absolute(error) => format!("absolute {}", float(error)),
        };
        format!("{looks} groups {} {goal} at-most {}", self.groups, self.at_most)
    }
}
