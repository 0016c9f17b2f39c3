//! Owns the study `selection`: how close estimators made of selected responses come to the truth.
//!
//! Each arm averages a statistic over N_p prompts and the K responses that its selector keeps of each. All arms see
//! the same prompts and pools; fewer prompts or responses are a prefix (law 3). The statistics are the mode-mass
//! vector, the gradient of a shared softmax policy, and its loss.

mod arm;
mod contrast;
mod estimands;
mod file;
mod measures;
mod pool;
mod seam;
mod theory;
mod worker;

pub use arm::{Method, Theta};
pub use estimands::exact;
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Estimand, ExactBudget, Spec, StudyError};
use crate::study::draws::DrawPlan;
use crate::study::laws::Laws;
use crate::study::spec_builder::SpecBuilder;
use crate::world::World;
use std::collections::HashMap;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "selection";

/// One scenario of the study: a world, a seed and the arms compared on its draws.
#[derive(Debug, Clone)]
pub struct Selection {
    world: Arc<dyn World>,
    arms: Arc<[Method]>,
    measures: Arc<[Measure]>,
    pass: Arc<DrawPlan>,
    laws: Arc<Laws>,
    spec: Arc<Spec>,
}

impl Selection {
    /// The scenario of `seed` and `world`: an error where it cannot have one of the arms. Each keeps at least one response of
    /// at least one prompt, and no more than its pool has; a replicate of it counts fewer than 2^32 responses; selectors beside
    /// `random` need a world with attributes, and stated logits are as many as modes.
    ///
    /// Exact values that rest on laws are pending: see [`Question::theory`](crate::study::Question::theory).
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<Method>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(seed, world, arms, measures, &mut ExactBudget::default())
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<Method>,
        measures: Vec<Measure>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        for (index, arm) in arms.iter().enumerate() {
            arm.theta
                .check(world.as_ref())
                .map_err(|why| StudyError::of_arm(index, why))?;
        }
        let pools = || arms.iter().map(|arm| arm.pool);
        let pass = DrawPlan::new(world.as_ref(), pools())?;
        let asked = pools().map(|arm| (arm.choice, arm.depth(), arm.responses));
        let laws = Laws::new(world.as_ref(), asked, exact_budget);
        let spec = spec(seed, world.as_ref(), &arms, &measures, &pass, &laws);
        Ok(Self {
            world,
            arms: arms.into(),
            measures: measures.into(),
            pass: pass.into(),
            laws: laws.into(),
            spec: spec.into(),
        })
    }
}

/// For each arm that does not keep at random the first that does, of as many prompts and responses and seen by the same policy.
fn partners(arms: &[Method]) -> Vec<Option<usize>> {
    if arms.iter().all(|arm| arm.pool.choice.is_random()) {
        return vec![None; arms.len()];
    }
    // A file may have a hundred thousand arms: no search through all of them for each.
    let key = |arm: &Method| (arm.pool.prompts, arm.pool.responses, arm.theta.canonical());
    let mut at_random = HashMap::new();
    for (index, arm) in arms.iter().enumerate().filter(|(_, arm)| arm.pool.choice.is_random()) {
        at_random.entry(key(arm)).or_insert(index);
    }
    let partner = |arm: &Method| {
        at_random
            .get(&key(arm))
            .copied()
            .filter(|_| !arm.pool.choice.is_random())
    };
    arms.iter().map(partner).collect()
}

fn spec(seed: u64, world: &dyn World, arms: &[Method], measures: &[Measure], pass: &DrawPlan, laws: &Laws) -> Spec {
    let mut arm_of_slot = Vec::new();
    let mut placed: Vec<Vec<measures::Slots>> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let mut place = |&measure: &Measure| {
            let slots = measure.slots(world, arm, arm_of_slot.len());
            arm_of_slot.resize(slots.deviation.start + slots.count(), index);
            slots
        };
        placed.push(measures.iter().map(&mut place).collect());
    }
    let pending = &laws.pending();
    let partners = partners(arms);
    let others = contrast::Others::of(arms, measures);
    let mut estimands: Vec<Estimand> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let partner = partners[index];
        for (place, &measure) in measures.iter().enumerate() {
            if measure == Measure::Returns {
                let slots = |arm: usize| &placed[arm][place];
                estimands.extend(others.estimands(world, pending, (index, arm), &slots));
                continue;
            }
            let asked = estimands::Asked {
                index,
                arm,
                measure,
                slots: placed[index][place].clone(),
                random: partner.map(|partner| (partner, placed[partner][place].clone())),
            };
            estimands.extend(asked.estimands(world, pending));
        }
    }
    let declared = SpecBuilder {
        seed,
        world,
        pass,
        study: NAME,
        unit: "one data set: prompts, and the responses kept of each",
        // Slots of counts are read by the measure that has them alone; journals of the others stay good.
        versions: if measures.contains(&Measure::ModeMassByMode) {
            &["counts by mode"]
        } else {
            &[]
        },
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: Vec::new(),
        arms: arms.iter().map(Method::canonical).collect(),
        slots: arm_of_slot,
        estimands,
        exact: laws.jobs().cloned().collect(),
    };
    declared.spec()
}

impl Selection {
    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.spec.estimands
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[Method] {
        &self.arms
    }
}
