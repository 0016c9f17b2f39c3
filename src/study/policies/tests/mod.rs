//! Tests of the study: draws, fits and what theory says of them, on small worlds.

mod allocated;
mod draws;
mod teachers;
mod truth;

use super::*;
use crate::policy::{Average, Batch, Family, Optimiser, Training};
use crate::study::pools::PoolArm;
use crate::world::{Amplitude, FeatureWorld, Sharpness};

/// A small population, and an effect of prompts that no feature shows.
fn prompts(population: usize, effect: f64) -> Prompts {
    of_world(&FeatureWorld {
        seed: 5,
        prompts: population,
        features: 1,
        modes: 3,
        main_modes: 3,
        tail_logit: 0.0,
        skew: 0.0,
        slope: 1.0,
        intercept: 1.0,
        effect,
        amplitude: Amplitude::Constant,
        stretch: 1.0,
        sharpness: Sharpness::NONE,
    })
}

fn of_world(world: &FeatureWorld) -> Prompts {
    Prompts {
        population: Arc::new(world.population(None)),
        replacement: true,
    }
}

/// Newton's fit of a log-linear policy to all responses of so many prompts.
fn arm(prompts: u32, responses: u32) -> PolicyArm {
    PolicyArm {
        pool: PoolArm::all(prompts, responses),
        copies: 1,
        labels: Labels::Responses,
        teacher: Teacher::PLAIN,
        smoothing: 0.0,
        allocation: Allocate::Constant,
        weighting: Weighting::Prompts,
        family: Family::LogLinear { inputs: 1 },
        training: Training {
            optimiser: Optimiser::Newton,
            decay: 1e-6,
            steps: 100,
            tolerance: 1e-8,
            batch: Batch::Full,
            average: Average::Last,
        },
        start: Start::Drawn,
    }
}

fn study(prompts: &Prompts, arms: &[PolicyArm], measures: &[Measure]) -> Policies {
    Policies::new(3, prompts.clone(), arms.to_vec(), measures.to_vec()).expect("there is such a scenario")
}
