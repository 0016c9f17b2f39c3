//! Owns expected rewards by the chain of votes: slot by slot, without drawing a draft.

use super::answering::right;
use super::arm::{Answer, How, Source};
use super::bench::Bench;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::aggregator::Proposer;
use crate::theory::aggregation::{Chain, Votes, through_subsets};

/// The mean over slots of the probability that an answer is right.
pub(super) fn score(bench: &Bench<'_>, proposer: &Proposer<'_>, answer: &Answer) -> f64 {
    let (world, rows) = (bench.world, bench.queries.rows());
    let mut direct = vec![[0.0; LANES]; rows];
    proposer.direct(answer.temperature, &mut direct);
    if answer.source == Source::Uniform {
        direct.fill([1.0 / world.modes as f64; LANES]);
    }
    let How::Aggregate { width, depth, subset } = answer.how else {
        return f64::NAN;
    };
    if depth == 0 {
        return super::rows::mean(world, bench.count(), &direct, &bench.queries.valid);
    }
    let kept = subset.filter(|kept| *kept < width);
    let all = Votes::new(width, world.modes as u32);
    let seen = kept.map_or_else(|| all.clone(), |kept| Votes::new(kept, world.modes as u32));
    let answers: Vec<Vec<Lanes<f64>>> = (0..seen.len())
        .map(|state| to_state(proposer, &seen, state, rows, answer))
        .collect();
    let mut answer = vec![[0.0; LANES]; rows];
    for group in 0..rows / world.modes {
        let first = group * world.modes;
        for lane in 0..LANES {
            let policy = |p: &[Lanes<f64>]| -> Vec<f64> { p[first..][..world.modes].iter().map(|p| p[lane]).collect() };
            let mut policies: Vec<f64> = answers.iter().flat_map(|p| policy(p)).collect();
            if kept.is_some() {
                policies = through_subsets(&all, &seen, &policies);
            }
            let law = Chain::new(&all, &policies).after(&policy(&direct), depth);
            law.iter().enumerate().for_each(|(m, p)| answer[first + m][lane] = *p);
        }
    }
    let (queries, slots) = (bench.count(), world.slots);
    let sum: f64 = (0..queries * slots)
        .map(|at| right(bench, &answer, at / slots, at % slots))
        .sum();
    sum / (queries * slots) as f64
}

/// What is answered where all slots have the same votes.
fn to_state(proposer: &Proposer<'_>, votes: &Votes, state: usize, rows: usize, answer: &Answer) -> Vec<Lanes<f64>> {
    let own = votes.counts(state);
    let counts: Vec<Lanes<f64>> = (0..rows).map(|row| [f64::from(own[row % own.len()]); LANES]).collect();
    let mut p = vec![[0.0; LANES]; rows];
    proposer.aggregate(&counts, votes.width(), answer.temperature, &mut p);
    p
}
