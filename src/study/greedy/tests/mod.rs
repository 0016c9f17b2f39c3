//! Tests of the study on arms of several kinds.

mod draws;
mod truth;

use super::*;
use crate::engine::{self, Estimand, Study};
use crate::inference::groups::{Group, Groups};
use crate::numerics::stream::Streams;
use crate::select::{Balance, Objective, RewardScale, Rule, Selector, Similarity};
use crate::study::chosen::Choice;

const FAMILIES: [Family; 6] = [
    Family::Sphere { dimension: 5 },
    Family::Clusters {
        clusters: 4,
        dimension: 6,
        noise: 0.3,
    },
    Family::Clusters {
        clusters: 3,
        dimension: 3,
        noise: 0.0,
    },
    Family::Uniform,
    Family::Binary { density: 0.3 },
    Family::Adversarial {
        density: 0.3,
        steps: 20,
    },
];

const BOTH: [Measure; 2] = [Measure::Guarantee, Measure::Conditions];

/// An arm of `diverse-best` with sums.
fn arm(candidates: u32, responses: u32, reward_share: f64) -> GreedyArm {
    GreedyArm {
        choice: Choice {
            rule: Rule {
                selector: Selector::DiverseBest,
                objective: Objective {
                    reward_share,
                    rewards: RewardScale::MinMax,
                    balance: Balance::Sums,
                    ..Objective::USUAL
                },
            },
            similarity: Similarity::Cosine,
        },
        responses,
        candidates,
    }
}

fn scaled(mut arm: GreedyArm, rewards: RewardScale) -> GreedyArm {
    arm.choice.rule.objective.rewards = rewards;
    arm
}

fn study(family: Family, arms: &[GreedyArm]) -> Greedy {
    Greedy::new(7, family, arms.to_vec(), BOTH.to_vec()).unwrap()
}

fn groups(study: &Greedy, replicates: u64) -> Groups {
    engine::run(study, replicates).expect("a run")
}

fn total(study: &Greedy, replicates: u64) -> Group {
    groups(study, replicates).total().clone()
}

fn index(study: &Greedy, arm: usize, name: &str, at: &str) -> usize {
    let own = |e: &Estimand| e.of.shown() == Some(arm) && e.name() == name && e.at == at;
    study.scenario.spec.estimands.iter().position(own).expect("an estimand")
}

/// Value and standard error of an estimand, from a run.
fn estimate(study: &Greedy, groups: &Groups, arm: usize, name: &str, at: &str) -> (f64, f64) {
    let rows = engine::estimate(&study.scenario.spec, groups);
    let measured = rows[index(study, arm, name, at)].measured.expect("an estimate");
    (measured.estimate().value, measured.estimate().mcse)
}

fn exact_of(study: &Greedy, arm: usize, name: &str, at: &str) -> Option<f64> {
    study.scenario.spec.estimands[index(study, arm, name, at)].exact.value()
}
