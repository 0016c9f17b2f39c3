//! Owns the study `greedy`: how close greedy picks come to the best set.
//!
//! A replicate draws one instance, a pool of candidates with rewards and similarities of a named [`Family`], and compares the
//! greedy picks of every arm with the best set of the same size, found by trying all. It fits nothing and knows no prompts.

mod arm;
mod estimands;
mod family;
mod file;
mod judge;
mod measures;
mod seam;
#[cfg(test)]
mod tests;
mod worker;

pub use arm::{GreedyArm, bound, limit};
pub use estimands::{RATIOS, TRIPLES};
pub use family::Family;
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Key, Spec, StudyError};
use crate::inference::groups::Layout;
use crate::numerics::NUMERICS_VERSION;
use estimands::Slots;
use std::sync::Arc;

/// Replicates per batch, and one batch per block: a block of costly arms still ends within a second.
pub const BATCH: u64 = 32;

/// One scenario of the study: a family, a seed and the arms compared on its instances.
#[derive(Debug, Clone)]
pub struct Greedy {
    family: Family,
    arms: Arc<[GreedyArm]>,
    measures: Arc<[Measure]>,
    /// One list per arm, one entry per measure.
    slots: Arc<[Vec<Slots>]>,
    pick: judge::Pick,
    spec: Arc<Spec>,
}

impl Greedy {
    /// The scenario of `seed` and `family`: an error where there can be no such arm. Each keeps from 1 to N of N candidates, N
    /// from 2 to [`MOST_SEARCHED`](crate::select::MOST_SEARCHED), by `diverse` or `diverse-best`.
    pub fn new(seed: u64, family: Family, arms: Vec<GreedyArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        for (index, arm) in arms.iter().enumerate() {
            arm.check().map_err(|error| StudyError::of_arm(index, error))?;
        }
        let mut arm_of_slot = Vec::new();
        let slots: Vec<Vec<Slots>> = (0..arms.len())
            .map(|index| {
                let place = |&measure: &Measure| {
                    let first = arm_of_slot.len();
                    let slots = Slots { measure, first };
                    arm_of_slot.resize(first + slots.count(), index);
                    slots
                };
                measures.iter().map(place).collect()
            })
            .collect();
        let layout = Layout::new(arm_of_slot, arms.len());
        let spec = spec(seed, &family, (&arms, &measures), &slots, layout);
        Ok(Self {
            family,
            arms: arms.into(),
            measures: measures.into(),
            slots: slots.into(),
            pick: judge::greedy,
            spec: spec.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[GreedyArm] {
        &self.arms
    }

    /// The law of its instances.
    pub fn family(&self) -> &Family {
        &self.family
    }
}

fn spec(
    seed: u64,
    family: &Family,
    (arms, measures): (&[GreedyArm], &[Measure]),
    slots: &[Vec<Slots>],
    layout: Layout,
) -> Spec {
    let draws = format!("draws 1\nseed {seed}\ninstances {}", family.canonical());
    let names: Vec<&str> = measures.iter().map(|measure| measure.name()).collect();
    let methods: Vec<String> = arms.iter().map(GreedyArm::canonical).collect();
    let climb = family
        .steps()
        .map_or_else(String::new, |steps| format!(" climb {steps}"));
    let work = format!(
        "work 1\n{draws}\nstudy greedy{climb} batch {BATCH} block 1 numerics {NUMERICS_VERSION}\nmeasures {}\narm {}",
        names.join(" "),
        methods.join("\narm ")
    );
    let of_arm = |(index, arm)| {
        let slots: &Vec<Slots> = &slots[index];
        let of_measure = move |&slots| estimands::estimands(index, arm, family, slots);
        slots.iter().flat_map(of_measure)
    };
    Spec {
        draws: Key::new(draws),
        work: Key::new(work),
        unit: "one pool of candidates",
        batch: BATCH,
        block: 1,
        layout,
        estimands: arms.iter().enumerate().flat_map(of_arm).collect(),
        exact: Vec::new(),
        words: words(family, arms, measures),
    }
}

/// Random words of one replicate.
fn words(family: &Family, arms: &[GreedyArm], measures: &[Measure]) -> u64 {
    let mut sizes: Vec<u32> = arms.iter().map(|arm| arm.candidates).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let most = sizes.last().copied().unwrap_or(2) as usize;
    let per_triple = |&n: &u32| TRIPLES as u64 * u64::from(n + 1);
    let triples = match measures.contains(&Measure::Conditions) {
        true => sizes.iter().map(per_triple).sum(),
        false => 0,
    };
    family.words(most) + triples + u64::from(family.steps().unwrap_or(0)) * sizes.len() as u64
}
