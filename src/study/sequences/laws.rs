//! Owns the laws of the policies that a scenario fits: each once, and each an exact job.

use super::SequenceArm;
use super::arm::Seen;
use super::fitter::Fitter;
use super::known::Known;
use super::law::PolicyLaw;
use crate::engine::{ExactBudget, ExactCache, ExactJob, NeededJob};
use crate::policy::Training;
use crate::world::PlanWorld;
use std::sync::Arc;

/// The laws of a scenario's policies, each once.
#[derive(Debug)]
pub(super) struct Laws {
    all: Vec<(Arc<PolicyLaw>, NeededJob)>,
    of_arm: Vec<usize>,
}

impl Laws {
    pub fn new(world: &Arc<PlanWorld>, arms: &[SequenceArm], exact_budget: &mut ExactBudget) -> Self {
        let mut seen: Vec<Seen> = Vec::new();
        for arm in arms {
            if !seen.contains(&arm.seen()) {
                seen.push(arm.seen());
            }
        }
        let place = |arm: &SequenceArm| seen.iter().position(|own| *own == arm.seen());
        // Cannot be absent because every arm's is among them.
        let of_arm = arms.iter().map(|arm| place(arm).unwrap_or(0)).collect();
        let law = |&own: &Seen| {
            let own = Arc::new(PolicyLaw::new(world, own));
            let needed = exact_budget.need(own.job());
            (own, needed)
        };
        Self {
            all: seen.iter().map(law).collect(),
            of_arm,
        }
    }

    /// What is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        self.all.iter().filter_map(|(_, needed)| needed.deferred())
    }

    /// What they take, in bytes, gradients included.
    pub fn memory(&self) -> u64 {
        self.all.iter().map(|(own, _)| own.memory()).sum()
    }

    /// What fits take of each worker.
    pub fn worker_memory(&self, arms: &[SequenceArm]) -> u64 {
        let mut fits: Vec<(Seen, Training)> = Vec::new();
        for arm in arms.iter().filter(|arm| arm.policy.is_fitted()) {
            let own = (arm.seen(), arm.training);
            if !fits.contains(&own) {
                fits.push(own);
            }
        }
        let world = self.all.first().map(|(law, _)| law.world());
        let one = |(seen, training): &(Seen, Training)| world.map_or(0, |world| Fitter::memory(world, seen, *training));
        fits.iter().map(one).sum()
    }

    /// Which law is an arm's.
    pub fn place(&self, arm: usize) -> usize {
        self.of_arm[arm]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// One of them.
    pub fn of(&self, place: usize) -> &Arc<PolicyLaw> {
        &self.all[place].0
    }

    /// That of an arm, if it is known or quickly worked out.
    pub fn at_hand(&self, arm: usize, known: Option<&ExactCache>) -> Option<&Known> {
        let (law, needed) = &self.all[self.of_arm[arm]];
        if law.at_hand().is_none() {
            let numbers = known.and_then(|known| needed.numbers(known))?;
            law.know(&numbers);
        }
        law.at_hand()
    }
}
