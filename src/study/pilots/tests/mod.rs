//! Tests of the study: against a plain second route, against what theory knows, and that each check can fail.

mod pilots;
mod truth;

use super::*;
use crate::engine::{self, Study};
use crate::inference::groups::{Group, Groups};
use crate::world::{BaseWeights, Clusters, Copies, Dirichlet, Mixed};

fn dirichlet(alpha: f64) -> Dirichlet {
    // geo8: ratio exp(-.45).
    Dirichlet::new(BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap(), alpha)
}

fn arm(prompts: u32, responses: u32, sizes: PilotSizes) -> PilotArm {
    PilotArm {
        prompts,
        responses,
        sizes,
        cost_ratio: 4.0,
        most_responses: 64,
        test_draws: 99,
    }
}

fn study(world: impl World + 'static, arms: &[PilotArm], measures: &[Measure]) -> Pilots {
    Pilots::new(7, Arc::new(world), arms.to_vec(), measures.to_vec()).unwrap()
}

/// All measures that take no tests.
fn untested() -> Vec<Measure> {
    let all = Measure::ALL.iter().copied();
    all.filter(|measure| !measure.own().tests).collect()
}

fn groups(study: &Pilots, replicates: u64) -> Groups {
    engine::run(study, replicates).expect("a run")
}

/// Value, standard error and exact value of an estimand of an arm.
fn estimate(study: &Pilots, groups: &Groups, arm: usize, name: &str) -> (f64, f64, Option<f64>) {
    let spec = &study.scenario.spec;
    let own = |e: &engine::Estimand| e.of.shown() == Some(arm) && e.name() == name;
    let index = spec.estimands.iter().position(own).expect("an estimand");
    let rows = engine::estimate(spec, groups);
    let estimate = rows[index].measured.expect("an estimate").estimate();
    (estimate.value, estimate.mcse, spec.estimands[index].exact.value())
}
