//! Owns what studies of prompts and responses say of the memory that they take.

use super::draws::DrawPlan;
use crate::engine::{ExactJob, Memory, Spec, list, piece};
use crate::numerics::lanes::Lanes;
use crate::world::World;

/// What a world holds of each mode: weights, cumulated, and as the search among them needs them.
const OF_MODE: usize = 3 * size_of::<f64>();

/// What a scenario takes whose arms, each of `arm` bytes, have `policies` vectors over modes of their own while it is drawn.
pub(super) fn of_pools(world: &dyn World, pass: &DrawPlan, spec: &Spec, (arm, policies): (usize, usize)) -> Memory {
    let (modes, arms, slots) = (world.mean().len(), spec.layout.arms(), spec.layout.slots());
    // Of the numbers of a deferred job: whoever answers it keeps another.
    let laws: u64 = spec.exact.iter().map(|job: &ExactJob| list::<f64>(job.numbers)).sum();
    let attributes = world
        .attributes()
        .map_or(0, |own| list::<f64>(modes * (2 + own.embedding.dimension)));
    Memory {
        held: 3 * piece(modes * OF_MODE / 3) + URN + attributes + laws + arms as u64 * piece(arm) + pass.memory(),
        prepared: arms as u64 * (policies as u64 * list::<f64>(modes) + piece(3 * size_of::<usize>())),
        worker: list::<Lanes<f64>>(slots + arms + 2 * modes) + pass.worker_memory(),
    }
}

/// The table that an urn looks modes up in, at its usual size.
const URN: u64 = 1024;
