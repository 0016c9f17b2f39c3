//! Owns what a scenario is foretold to hold while it is drawn, folded and estimated.

use super::exact::ExactJob;
use super::executor::wave;
use super::functional::Functional;
use super::memory::{list, piece};
use super::spec::{Estimand, Spec};
use crate::inference::groups::{Group, MOST_GROUPS};

impl Spec {
    /// What it takes itself.
    pub fn memory(&self) -> u64 {
        let texts = piece(self.draws.text().len()) + piece(self.work.text().len());
        let own = |estimand: &Estimand| piece(estimand.at.len()) + estimand.functional.memory();
        let estimands: u64 = self.estimands.iter().map(own).sum();
        texts
            + list::<u32>(self.layout.slots())
            + list::<Estimand>(self.estimands.len())
            + list::<ExactJob>(self.exact.len())
            + estimands
    }

    /// The sums of a batch or a group.
    fn group(&self) -> u64 {
        size_of::<Group>() as u64 + list::<u64>(self.layout.arms()) + list::<f64>(self.layout.slots())
    }

    /// What is folded of so many blocks: the groups, and their total.
    pub fn folded(&self, blocks: u64) -> u64 {
        let groups = blocks.saturating_mul(self.block).min(MOST_GROUPS as u64);
        (groups + 1) * self.group()
    }

    /// What is drawn of so many blocks and not folded yet.
    pub fn unfolded(&self, blocks: u64) -> u64 {
        wave(self).min(blocks) * self.block * self.group()
    }

    /// What estimating takes at its worst, from so many blocks: the largest vector, once for each group.
    pub fn estimated(&self, blocks: u64) -> u64 {
        let groups = blocks.saturating_mul(self.block).min(MOST_GROUPS as u64) as usize;
        let longest = self.estimands.iter().map(|own| own.functional.coordinates()).max();
        list::<f64>((groups + 4) * longest.unwrap_or(0))
    }
}

impl Functional {
    /// What it keeps on the heap.
    fn memory(&self) -> u64 {
        match self {
            Functional::Smooth(own) | Functional::OverSquaredNorm { over: own, .. } => piece(size_of_val(own.as_ref())),
            Functional::Difference(one, other) => piece(size_of_val(one.as_ref())) + piece(size_of_val(other.as_ref())),
            Functional::SquaredNormOf { vector, .. }
            | Functional::Norm { vector, .. }
            | Functional::Angle { vectors: vector, .. } => piece(size_of_val(vector.as_ref())),
            Functional::Mean(_)
            | Functional::Proportion(_)
            | Functional::Mass { .. }
            | Functional::Variance { .. }
            | Functional::SquaredNorm(_)
            | Functional::SquaredNormShare { .. }
            | Functional::TheoryOnly => 0,
        }
    }

    /// Coordinates of the vector that it is a function of.
    fn coordinates(&self) -> usize {
        match self {
            Functional::Mean(_)
            | Functional::Smooth(_)
            | Functional::Difference(..)
            | Functional::Proportion(_)
            | Functional::Mass { .. }
            | Functional::TheoryOnly => 1,
            Functional::Variance { moments, .. } => moments.deviation.len() + 1,
            Functional::SquaredNorm(slots) => slots.len(),
            Functional::SquaredNormShare { slots, .. } | Functional::OverSquaredNorm { slots, .. } => slots.len() + 1,
            Functional::SquaredNormOf { len, .. } | Functional::Norm { len, .. } => *len,
            Functional::Angle { len, .. } => 2 * len,
        }
    }
}
