//! Owns arithmetic on rows of lanes that lessons and answers share.

use super::arm::BaseModel;
use crate::numerics::elementary::ln;
use crate::numerics::lanes::{self, LANES, Lanes, across};
use crate::numerics::stream::Purpose;
use crate::policy::aggregator::expected;
use crate::world::{Queries, SlotWorld};

/// Uniforms of each group and draft: draft by draft of a query, slot by slot. Fewer drafts are a prefix.
pub(super) fn uniforms(
    world: &SlotWorld,
    purpose: Purpose,
    replicate: u64,
    queries: usize,
    drafts: usize,
) -> Vec<Lanes<f64>> {
    let (groups, each) = (world.groups(), drafts * world.slots);
    let mut all = vec![[0.0; LANES]; queries * groups * drafts];
    let mut drawn = vec![0.0; queries * each];
    purpose.fill_items(replicate, 0..queries as u32, &mut drawn);
    for (at, slots) in drawn.chunks_exact(world.slots).enumerate() {
        let (query, draft) = (at / drafts, at % drafts);
        for (group, own) in slots.chunks(LANES).enumerate() {
            all[(query * groups + group) * drafts + draft][..own.len()].copy_from_slice(own);
        }
    }
    all
}

/// w_0 phi of the first `rows` rows.
pub(super) fn prior(queries: &Queries<'_>, base: &BaseModel, rows: usize) -> Vec<Lanes<f64>> {
    let width = queries.world().features;
    let of = |x: &[Lanes<f64>]| std::array::from_fn(|l| base.informative * x[0][l] + base.nuisance * x[1][l]);
    queries.features.chunks_exact(width).take(rows).map(of).collect()
}

/// Adds rows to others.
pub(super) fn add(sums: &mut [Lanes<f64>], rows: &[Lanes<f64>]) {
    sums.iter_mut().zip(rows).for_each(|(sum, row)| lanes::add(sum, row));
}

/// Rows of the next query instead of each query's own; of the first instead of the last's.
pub(super) fn of_next_query(rows: &[Lanes<f64>], world: &SlotWorld) -> Vec<Lanes<f64>> {
    let mut moved = rows.to_vec();
    moved.rotate_left((world.groups() * world.modes).min(rows.len()));
    moved
}

/// The mean over slots of sum_m p_m value_m.
pub(super) fn mean(world: &SlotWorld, queries: usize, p: &[Lanes<f64>], values: &[Lanes<f64>]) -> f64 {
    // All rows as of one group.
    let mut sum = [[0.0; LANES]];
    expected(p, values, p.len(), &mut sum);
    across(&sum[0]) / (queries * world.slots) as f64
}

/// The mean over slots of sum_m p_m ln(p_m/q_m); of the negative entropy without `q`.
pub(super) fn divergence(world: &SlotWorld, queries: usize, p: &[Lanes<f64>], q: Option<&[Lanes<f64>]>) -> f64 {
    let mut sum = [0.0; LANES];
    for (row, p) in p.iter().enumerate() {
        let active = world.active(row / world.modes % world.groups());
        for l in 0..LANES {
            if active[l] > 0.0 && p[l] > 0.0 {
                sum[l] += p[l] * (ln(p[l]) - q.map_or(0.0, |q| ln(q[row][l])));
            }
        }
    }
    across(&sum) / (queries * world.slots) as f64
}
