//! Owns what theory knows where responses end by themselves: the law of the policy with one hazard, and what losses by length and rewards
//! lead it to instead.

use super::arm::{ResponseLoss, Seen};
use super::known::{Known, Limit};
use super::reading::KindReading;
use crate::numerics::lanes::LANES;
use crate::theory::sequences::{Endings, PlanShares};
use crate::world::PlanWorld;

/// All of it.
pub(super) fn known(world: &PlanWorld, endings: &Endings, seen: &Seen) -> Known {
    let cells = endings.mean_cells(&endings.mean(), false);
    let probabilities = endings.policy(&cells);
    let scores = endings.scores(&cells, &probabilities);
    let stages = endings.stages(&scores);
    let loss = endings.loss(&probabilities);
    let posteriors: Vec<f64> = endings
        .kinds()
        .iter()
        .flat_map(|kind| endings.posterior(kind))
        .collect();
    let policies: Vec<_> = probabilities.iter().map(|&p| [p; LANES]).collect();
    let looks = PlanShares::of(&endings.of_policies(&policies), &posteriors);
    Known {
        loss,
        entropy: endings.entropy(),
        stages: Some(stages),
        components: Some(stages.components(world.concentration())),
        token_merged: Some(stages.token_merged(world.concentration())),
        parameters: scores.parameters(),
        purity: Some(looks.purity[0]),
        shares: looks.shares.iter().map(|row| row[0]).collect(),
        limit: limit(world, endings, seen, &probabilities, loss),
        probabilities,
    }
}

/// What ever more data lead to; none where an arm's rewards have no law.
fn limit(world: &PlanWorld, endings: &Endings, seen: &Seen, best: &[f64], loss: f64) -> Option<Limit> {
    let rewards = rewards(world, endings, seen, best);
    let kept = match rewards.zip(seen.best) {
        None => endings.kept_at_random(),
        Some((rewards, best)) => endings.kept_best(world.concentration(), &rewards, best).ok()?,
    };
    let kinds = kept.kinds();
    let taught = endings.policy(&endings.mean_cells(&kinds, seen.taught.loss == ResponseLoss::Mean));
    let length = |(kind, p): (&crate::theory::sequences::Kind, &f64)| f64::from(kind.length) * p;
    Some(Limit {
        // Rounding may leave less than 0 of nothing.
        excess: (endings.loss(&taught) - loss).max(0.0),
        length: endings.kinds().iter().zip(&kinds).map(length).sum(),
        plans: kept.plans(),
    })
}

/// The rewards of kinds, where the best are kept.
fn rewards(world: &PlanWorld, endings: &Endings, seen: &Seen, best: &[f64]) -> Option<Vec<f64>> {
    let reward = seen.taught.reward?;
    Some(endings.rewards(reward, best, world.scores()))
}

/// What an arm counts.
pub(super) fn reading(world: &PlanWorld, endings: Endings, seen: &Seen, best: &[f64]) -> KindReading {
    let rewards = rewards(world, &endings, seen, best);
    KindReading::new(endings, world.plans().tokens(), seen, rewards.as_deref())
}
