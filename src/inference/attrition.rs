//! Groups that say nothing of an arm, because it failed in each of their replicates: they do not count as groups.
//!
//! The jackknife leaves each of them out without any change of the estimate, which is right for a ratio of sums; but its standard error
//! is no better known for them, and so they bring no degree of freedom.

use super::cell::Measured;
use super::groups::{Group, Groups};

impl Groups {
    /// How many groups hold a valid replicate of each of these arms: those that say something of them.
    #[must_use]
    pub fn with_any_of(&self, arms: &[usize]) -> usize {
        let says = |group: &&Group| arms.iter().all(|&arm| group.valid[arm] > 0);
        self.groups().iter().filter(says).count()
    }
}

impl Measured {
    /// The same on so many degrees of freedom, where some groups have nothing to say of it.
    #[must_use]
    pub fn on(self, df: f64) -> Self {
        match self {
            Self::Smooth(estimate) => Self::Smooth(estimate.on(df)),
            Self::SquaredNorm(norm) => Self::SquaredNorm(norm.on(df)),
            Self::Norm(norm) => Self::Norm(norm.on(df)),
            Self::Quotient(quotient) => Self::Quotient(quotient.on(df)),
            Self::Angle(angle) => Self::Angle(angle.on(df)),
            Self::Skewed(skewed) => Self::Skewed(skewed.on(df)),
            Self::Proportion(share) => Self::Proportion(share.on(df)),
            Self::Mass(mass) => Self::Mass(mass.on(df)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::groups::Layout;

    #[test]
    fn groups_in_which_an_arm_failed_throughout_do_not_count() {
        let layout = Layout::new(vec![0, 1], 2);
        let group = |valid: [u64; 2]| Group {
            replicates: 4,
            valid: valid.to_vec(),
            ..Group::empty(&layout)
        };
        let groups = Groups::new(layout.clone(), vec![group([4, 2]), group([4, 0]), group([0, 1])]);
        let counts = [&[0][..], &[1], &[0, 1]].map(|arms| groups.with_any_of(arms));
        assert_eq!(counts, [2, 2, 1]);
    }
}
