//! Owns the best aggregator of the first layer's drafts: it knows the laws of the world and takes the likeliest right mode of each slot.
//!
//! A pass that recalls learns nothing from votes of the model's own drafts, since they depend on the features alone: it takes the largest
//! d phi_0 + z (kappa s - kappa^2/2). One that lapses has votes and checks: the posterior over sets of right modes, with the law of votes
//! averaged over the queries that models learn from.

use super::arm::{AftArm, Answer};
use super::bench::Bench;
use super::lessons::School;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::aggregator::{Pass, Weights};
use crate::theory::aggregation::{Posterior, Votes, VotesGivenValid};

pub(super) struct Bayes {
    posterior: Posterior,
}

impl Bayes {
    /// That of drafts of a model.
    pub fn new(school: &School<'_>, arm: &AftArm, weights: &Weights, pass: Pass) -> Option<Self> {
        let world = school.world();
        let votes = Votes::new(arm.answer.width(), world.modes as u32);
        let mut given = VotesGivenValid::new(votes, world.valid as u32);
        school.for_slots(weights, pass, &arm.model, arm.answer.temperature, |p, valid| {
            given.record(p, valid)
        });
        given.finish().map(|posterior| Self { posterior })
    }

    /// Its mean reward.
    pub fn score(&self, bench: &Bench<'_>, counts: &[Lanes<f64>], evidence: &[Lanes<f64>], answer: &Answer) -> f64 {
        let (world, modes) = (bench.world, bench.world.modes);
        let kappa = answer.verification.unwrap_or(world.verification);
        let mut sum = 0.0;
        for slot in 0..bench.count() * world.slots {
            let (query, slot) = (slot / world.slots, slot % world.slots);
            let (first, lane) = ((query * world.groups() + slot / LANES) * modes, slot % LANES);
            let votes: Vec<u8> = (0..modes).map(|m| counts[first + m][lane] as u8).collect();
            let checked = |m: usize| match votes[m] {
                0 => 0.0,
                _ => kappa * evidence[first + m][lane] - 0.5 * kappa * kappa,
            };
            let llr: Vec<f64> = (0..modes).map(checked).collect();
            let recalled: Vec<f64> = (0..modes)
                .map(|m| world.discriminability * bench.queries.features[(first + m) * world.features][lane] + llr[m])
                .collect();
            let reward = |of: &[f64]| bench.queries.valid[first + likeliest(of)][lane];
            let lapsed = self
                .posterior
                .validity(&votes, &llr)
                .map_or(f64::NAN, |own| reward(&own));
            sum += (1.0 - world.lapse) * reward(&recalled) + world.lapse * lapsed;
        }
        sum / (bench.count() * world.slots) as f64
    }
}

/// The first of the largest.
fn likeliest(of: &[f64]) -> usize {
    (1..of.len()).fold(0, |best, m| if of[m] > of[best] { m } else { best })
}
