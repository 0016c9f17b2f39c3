//! Joint sums of replicates in contiguous groups, in constant memory.
//!
//! Batches (a fixed number of consecutive replicates) arrive in index order. Each is a group of its own until there are
//! [`MOST_GROUPS`]; the next batch then merges neighbours in pairs and doubles the width of a group, so that more than half of
//! [`MOST_GROUPS`] groups stand at any later time. The groups, and every bit in them, are a function of the sequence of batches
//! alone: not of threads, shards, or of whether replicates were added later. The last group may hold fewer batches than the others.
//!
//! All arms of a scenario share their replicates, so the sums of one group are *joint*: leaving a group out leaves it out of every
//! arm, and the covariance between arms needs no further care (Quenouille 1956; for groups, Shao and Tu 1995, section 2.3).
//!
//! A slot is a number of a replicate whose mean an estimand needs. It belongs to one arm. A replicate whose arm failed is missing
//! from that arm's sums and from that arm's count of valid replicates, and from nothing else.
//!
//! Assumption: batches are independent and identically distributed, given their number of replicates.

use std::sync::Arc;

/// The number of groups that doubling never exceeds; from the first doubling on more than half of it stand.
///
/// A Monte Carlo standard error from `G` groups has a coefficient of variation of `1/sqrt(2(G-1))`: 9 % at 64, 6 % at 128.
pub const MOST_GROUPS: usize = 128;

/// Which arm each slot belongs to. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    arm_of_slot: Arc<[u32]>,
    arms: usize,
}

impl Layout {
    /// A layout of `arm_of_slot.len()` slots over `arms` arms.
    ///
    /// # Panics
    ///
    /// When a slot names an arm that does not exist.
    #[must_use]
    pub fn new(arm_of_slot: Vec<usize>, arms: usize) -> Self {
        assert!(
            arm_of_slot.iter().all(|&arm| arm < arms),
            "a slot names an arm beyond the {arms} arms"
        );
        let arm_of_slot = arm_of_slot.into_iter().map(|arm| arm as u32).collect();
        Self { arm_of_slot, arms }
    }

    /// The number of slots.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.arm_of_slot.len()
    }

    /// The number of arms.
    #[must_use]
    pub fn arms(&self) -> usize {
        self.arms
    }

    /// The arm that `slot` belongs to.
    #[must_use]
    pub fn arm_of(&self, slot: usize) -> usize {
        self.arm_of_slot[slot] as usize
    }
}

/// Sums over some replicates: a batch on its way in, a group, or the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Replicates drawn, whether or not their arms failed.
    pub replicates: u64,
    /// Per arm, the replicates in which it did not fail.
    pub valid: Vec<u64>,
    /// Per slot, the sum over the valid replicates of its arm.
    pub sums: Vec<f64>,
}

impl Group {
    /// A group of no replicates: the identity of [`Group::add`].
    #[must_use]
    pub fn empty(layout: &Layout) -> Self {
        Self {
            replicates: 0,
            valid: vec![0; layout.arms()],
            sums: vec![0.0; layout.slots()],
        }
    }

    /// Makes it a group of no replicates again.
    pub fn clear(&mut self) {
        self.replicates = 0;
        self.valid.fill(0);
        self.sums.fill(0.0);
    }

    /// Adds the replicates of `other`, which come after those of `self`.
    pub fn add(&mut self, other: &Self) {
        debug_assert_eq!(self.valid.len(), other.valid.len());
        debug_assert_eq!(self.sums.len(), other.sums.len());
        self.replicates += other.replicates;
        for (mine, theirs) in self.valid.iter_mut().zip(&other.valid) {
            *mine += theirs;
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            *mine += theirs;
        }
    }
}

/// Folds batches, in index order, into at most [`MOST_GROUPS`] groups.
#[derive(Clone, Debug)]
pub struct Folder {
    standing: Groups,
    /// Batches per full group: a power of two.
    width: u64,
    /// Batches in the last group, `1..=width` once there is one.
    filled: u64,
}

impl Folder {
    /// A folder that has seen no batch.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self {
            standing: Groups::new(layout, Vec::new()),
            width: 1,
            filled: 0,
        }
    }

    /// Folds in the next batch.
    ///
    /// # Panics
    ///
    /// When the batch has no replicates, or not the arms and slots of the layout: both are errors of the caller that
    /// would silently shift every later mean.
    pub fn push(&mut self, batch: &Group) {
        assert!(batch.replicates > 0, "a batch holds at least one replicate");
        assert_eq!(batch.valid.len(), self.standing.layout.arms(), "arms of a batch");
        assert_eq!(batch.sums.len(), self.standing.layout.slots(), "slots of a batch");
        if self.standing.groups.is_empty() || self.filled == self.width {
            self.open(batch);
        } else if let Some(last) = self.standing.groups.last_mut() {
            last.add(batch);
            self.filled += 1;
        }
    }

    /// Starts a group with `batch`, after making room for it where needed.
    fn open(&mut self, batch: &Group) {
        if self.standing.groups.len() == MOST_GROUPS {
            self.double();
        }
        self.standing.groups.push(batch.clone());
        self.filled = 1;
    }

    /// Merges neighbours in pairs.
    fn double(&mut self) {
        let groups = &mut self.standing.groups;
        for pair in 0..MOST_GROUPS / 2 {
            groups.swap(pair, 2 * pair);
            let (head, tail) = groups.split_at_mut(2 * pair + 1);
            head[pair].add(&tail[0]);
        }
        groups.truncate(MOST_GROUPS / 2);
        self.width *= 2;
    }

    /// The groups as they stand, without a copy: for many looks at few slots.
    pub fn standing(&mut self) -> &Groups {
        self.standing.sum();
        &self.standing
    }

    /// The groups, when no more batches follow.
    #[must_use]
    pub fn finish(mut self) -> Groups {
        self.standing.sum();
        self.standing
    }
}

/// Contiguous groups of replicates and their total.
#[derive(Clone, Debug)]
pub struct Groups {
    layout: Layout,
    groups: Vec<Group>,
    total: Group,
}

impl Groups {
    /// Takes groups as they are; [`Folder`] makes them from batches.
    #[must_use]
    pub fn new(layout: Layout, groups: Vec<Group>) -> Self {
        let total = Group::empty(&layout);
        let mut own = Self { layout, groups, total };
        own.sum();
        own
    }

    /// Sums the total anew, which a folder leaves behind until it is looked at.
    fn sum(&mut self) {
        self.total.clear();
        for group in &self.groups {
            self.total.add(group);
        }
    }

    /// Which arm each slot belongs to.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The groups in index order.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The sums over all groups.
    #[must_use]
    pub fn total(&self) -> &Group {
        &self.total
    }

    /// The means over all groups.
    #[must_use]
    pub fn means(&self) -> Means<'_> {
        Means {
            groups: self,
            without: None,
        }
    }

    /// The means over all groups but `group`.
    #[must_use]
    pub fn means_without(&self, group: usize) -> Means<'_> {
        Means {
            groups: self,
            without: Some(&self.groups[group]),
        }
    }
}

/// Slot means over all groups, or over all but one: what an estimand is a function of.
///
/// Means are formed when asked for, so that an estimand of a few slots costs the same however many slots a scenario has.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    groups: &'a Groups,
    without: Option<&'a Group>,
}

impl Means<'_> {
    /// The mean of `slot` over the valid replicates of its arm; NaN where there are none.
    #[must_use]
    pub fn mean(&self, slot: usize) -> f64 {
        let all = self.groups.total.sums[slot];
        let sum = self.without.map_or(all, |group| all - group.sums[slot]);
        sum / self.count_of(slot) as f64
    }

    /// The valid replicates of the arm that `slot` belongs to.
    #[must_use]
    pub fn count_of(&self, slot: usize) -> u64 {
        self.count(self.groups.layout.arm_of(slot))
    }

    /// The valid replicates of `arm`, `R` in corrections such as `R/(R-1)`.
    #[must_use]
    pub fn count(&self, arm: usize) -> u64 {
        let all = self.groups.total.valid[arm];
        self.without.map_or(all, |group| all - group.valid[arm])
    }
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
