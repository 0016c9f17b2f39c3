//! Tests of the study: against a plain second route, against what theory knows, and that each check can fail.

mod rules;
mod truth;

use super::*;
use crate::engine::{self, Goal, Looks, Study};
use crate::inference::groups::{Group, Groups};
use crate::numerics::stream::Streams;

const NORMAL: Law = Law::Normal {
    mean: 2.0,
    deviation: 0.5,
};
const EXPONENTIAL: Law = Law::Exponential { mean: 1.5 };

const ALL: [Measure; 4] = [Measure::Coverage, Measure::Bias, Measure::Replicates, Measure::Missed];

fn arm(looks: Looks, groups: u32, goal: Goal) -> StoppingArm {
    StoppingArm {
        looks,
        groups,
        goal,
        at_most: 100_000,
    }
}

fn study(law: Law, arms: &[StoppingArm]) -> Stopping {
    Stopping::new(11, law, arms.to_vec(), ALL.to_vec()).unwrap()
}

fn groups(study: &Stopping, replicates: u64) -> Groups {
    engine::run(study, replicates).expect("a run")
}

fn total(study: &Stopping, replicates: u64) -> Group {
    groups(study, replicates).total().clone()
}

/// Value, standard error and exact value of an estimand of an arm.
fn estimate(study: &Stopping, groups: &Groups, arm: usize, name: &str) -> (f64, f64, Option<f64>) {
    let own = |e: &engine::Estimand| e.of.shown() == Some(arm) && e.name() == name;
    let index = study.scenario.spec.estimands.iter().position(own).expect("an estimand");
    let rows = engine::estimate(&study.scenario.spec, groups);
    let estimate = rows[index].measured.expect("an estimate").estimate();
    (
        estimate.value,
        estimate.mcse,
        study.scenario.spec.estimands[index].exact.value(),
    )
}
