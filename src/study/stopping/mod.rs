//! Owns the study `stopping`: what a rule that looks at its own precision does to estimates and intervals.
//!
//! A replicate is one whole simulated run: samples of a [`Law`] whose mean is known, in batches, until the engine's own
//! rule ([`engine::Stopping`](crate::engine::Stopping)) says that the standard error of their mean is small enough.
//! It decides nothing itself, and knows no prompts.

mod arm;
mod cover;
mod estimands;
mod file;
mod law;
mod measures;
mod seam;
#[cfg(test)]
mod tests;
mod worker;

pub use arm::{SAMPLES, StoppingArm};
pub use estimands::NOMINAL;
pub use file::KIND;
pub use law::Law;
pub use measures::{MEASURES, Measure};

use crate::engine::{Key, Spec, StudyError};
use crate::inference::groups::Layout;
use crate::numerics::NUMERICS_VERSION;
use std::sync::Arc;

/// Replicates per batch, and one batch per block: a block of long runs still ends within a second.
pub const BATCH: u64 = 32;

/// One scenario of the study: a law, a seed, and the rules compared on its samples.
#[derive(Debug, Clone)]
pub struct Stopping {
    law: Law,
    arms: Arc<[StoppingArm]>,
    measures: Arc<[Measure]>,
    spec: Arc<Spec>,
    covers: cover::Covers,
}

impl Stopping {
    /// The scenario of `seed` and `law`: an error where there can be no such arm. Each looks first after 2 to
    /// [`StoppingArm::MOST_GROUPS`] groups, takes at least two batches and has a target that some number of samples reaches.
    pub fn new(seed: u64, law: Law, arms: Vec<StoppingArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        for (index, arm) in arms.iter().enumerate() {
            arm.check(&law).map_err(|why| StudyError::of_arm(index, why))?;
        }
        let spec = spec(seed, &law, &arms, &measures);
        Ok(Self {
            law,
            arms: arms.into(),
            measures: measures.into(),
            spec: spec.into(),
            covers: cover::covers,
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[StoppingArm] {
        &self.arms
    }

    /// The law of the samples.
    pub fn law(&self) -> &Law {
        &self.law
    }
}

fn spec(seed: u64, law: &Law, arms: &[StoppingArm], measures: &[Measure]) -> Spec {
    let draws = format!("draws 1\nseed {seed}\nsamples {}", law.canonical());
    let names: Vec<&str> = measures.iter().map(|measure| measure.name()).collect();
    let methods: Vec<String> = arms.iter().map(StoppingArm::canonical).collect();
    let work = format!(
        "work 1\n{draws}\nstudy stopping samples {SAMPLES} batch {BATCH} block 1 numerics {NUMERICS_VERSION}\nmeasures {}\narm {}",
        names.join(" "),
        methods.join("\narm ")
    );
    // One slot per arm and measure, arm by arm.
    let arm_of_slot = (0..arms.len() * measures.len()).map(|slot| slot / measures.len());
    let of_arm = |(index, arm)| {
        let of_measure = move |(place, &measure)| {
            let slot = index * measures.len() + place;
            estimands::estimands(measure, (index, slot), arm, law)
        };
        measures.iter().enumerate().flat_map(of_measure)
    };
    Spec {
        draws: Key::new(draws),
        work: Key::new(work),
        unit: "one simulated run",
        batch: BATCH,
        block: 1,
        layout: Layout::new(arm_of_slot.collect(), arms.len()),
        estimands: arms.iter().enumerate().flat_map(of_arm).collect(),
        exact: Vec::new(),
        words: arms.iter().map(|arm| arm.expected(law)).max().unwrap_or(0),
    }
}
