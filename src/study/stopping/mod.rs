//! Owns the study `stopping`: what a rule that looks at its own precision does to estimates and intervals.
//!
//! A replicate is one whole simulated run: samples of a [`Law`] whose mean is known, in batches, until the engine's own
//! rule ([`engine::Stopping`](crate::engine::Stopping)) says that the standard error of their mean is small enough.
//! It decides nothing itself, and knows no prompts.

mod arm;
mod estimands;
mod law;
mod measures;
#[cfg(test)]
mod tests;
mod worker;

pub use arm::StoppingArm;
pub use estimands::NOMINAL;
pub use law::Law;
pub use measures::{MEASURES, Measure};

use crate::engine::{Goal, Key, Ready, Reference, Spec, Study, StudyError};
use crate::inference::groups::Layout;
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::stream::Streams;
use crate::study::{Question, StudyKind};
use crate::world::World;

/// What the study is.
pub static KIND: StudyKind = StudyKind {
    name: "stopping",
    about: "coverage, bias and cost of runs that stop when their standard error is small enough",
    symbols: "a run draws samples of mean mu and standard deviation sigma until the standard error of their average is at most the target T",
    measures: MEASURES,
};

/// Replicates per batch, and one batch per block: a block of long runs still ends within a second.
pub const BATCH: u64 = 32;

/// Samples per batch of a run, one batch per block: its groups are those of so many samples, or of their doublings.
pub const SAMPLES: u64 = 8;

/// One scenario of the study: a law, a seed, and the rules compared on its samples.
#[derive(Debug)]
pub struct Stopping {
    law: Law,
    arms: Vec<StoppingArm>,
    measures: Vec<Measure>,
    spec: Spec,
    covers: worker::Covers,
}

impl Stopping {
    /// The scenario of `seed` and `law`. Every arm looks first after 2 to 128 groups and takes at least two batches.
    pub fn new(seed: u64, law: Law, arms: Vec<StoppingArm>, measures: Vec<Measure>) -> Self {
        for arm in &arms {
            assert!((2..=StoppingArm::MOST_GROUPS).contains(&arm.groups));
            assert!(arm.at_most >= 2 * SAMPLES && arm.target(&law) > 0.0);
        }
        let spec = spec(seed, &law, &arms, &measures);
        Self {
            law,
            arms,
            measures,
            spec,
            covers: worker::covers,
        }
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
        batch: BATCH,
        block: 1,
        layout: Layout::new(arm_of_slot.collect(), arms.len()),
        estimands: arms.iter().enumerate().flat_map(of_arm).collect(),
        exact: Vec::new(),
        words: arms.iter().map(|arm| arm.expected(law)).max().unwrap_or(0),
    }
}

impl Study for Stopping {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, &streams)))
    }
}

impl Question for Stopping {
    fn world(&self) -> Option<&dyn World> {
        None
    }

    fn exact_at(&self, _estimand: usize, _key: &str, _value: u32) -> Option<f64> {
        None
    }

    /// Of other targets: nothing else changes a reference.
    fn reference_at(&self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.spec.estimands[estimand];
        let goal = match key {
            "absolute" => Goal::Absolute(value),
            "relative" => Goal::Relative(value),
            _ => return None,
        };
        let index = own.of.shown().filter(|_| value > 0.0)?;
        let arm = StoppingArm {
            goal,
            ..self.arms[index]
        };
        let all = estimands::estimands(Measure::of(own.kind)?, (index, 0), &arm, &self.law);
        all.into_iter().find(|other| other.name() == own.name())?.reference
    }
}
