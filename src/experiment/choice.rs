//! Owns the validation of how an arm chooses among candidates: its selector and what that maximises.

use super::de;
use super::fault::Fault;
use super::tree::Node;
use super::wire::{WireBalance, WireCosine, WireObjective, WireRewardScale, WireSelector, WireSimilarity, WireTies};
use crate::select::{Balance, CoverageTies, Objective, RewardScale, Rule, Selector, Similarity};
use crate::study::Choice;
use crate::world::World;

/// The deepest pool that is chosen from: its similarities are a matrix.
const MOST_CANDIDATES: i64 = 1024;

/// The choice of an arm's own tree.
pub(super) fn read(
    own: &Node,
    world: &dyn World,
    selector: WireSelector,
    candidates: Option<i64>,
) -> Result<Choice, Fault> {
    let selector = domain(selector);
    let (objective, similarity) = objective_and_similarity(own)?;
    let rule = Rule { selector, objective };
    let choice = Choice { rule, similarity };
    if choice.is_random() {
        return Ok(Choice::RANDOM);
    }
    refuse_without_pool(own, world, selector, candidates)?;
    Ok(choice)
}

/// The table `[objective]` of an arm's own tree.
pub(super) fn objective_and_similarity(own: &Node) -> Result<(Objective, Similarity), Fault> {
    let wire: WireObjective = match own.get("objective") {
        None => WireObjective::default(),
        Some(node) => de::from_node(node, "objective")?,
    };
    Ok((objective(own, &wire)?, similarity(own, &wire.similarity)?))
}

fn domain(wire: WireSelector) -> Selector {
    match wire {
        WireSelector::Random => Selector::Random,
        WireSelector::Best => Selector::Best,
        WireSelector::Diverse => Selector::Diverse,
        WireSelector::DiverseMaxMin => Selector::DiverseMaxMin,
        WireSelector::DiverseBest => Selector::DiverseBest,
        WireSelector::DiverseWeighted => Selector::DiverseWeighted,
        WireSelector::DiverseBestWeighted => Selector::DiverseBestWeighted,
    }
}

/// Everything but `random` looks at rewards or embeddings of more candidates than it keeps.
fn refuse_without_pool(
    own: &Node,
    world: &dyn World,
    selector: Selector,
    candidates: Option<i64>,
) -> Result<(), Fault> {
    let name = selector.name();
    let origin = own.origin_of("arms.selector");
    if world.attributes().is_none() {
        let what = format!("{name:?} looks at rewards or embeddings, which only world.kind = \"embedded\" has");
        return Err(Fault::new(&origin, "selector", what));
    }
    match candidates {
        None => {
            let what = format!("{name:?} chooses among candidates: set `candidates`, how many a prompt has");
            Err(Fault::new(&origin, "selector", what))
        }
        Some(n) if n > MOST_CANDIDATES => {
            let what = format!("{name:?} chooses among at most {MOST_CANDIDATES} candidates, not {n}");
            let fault = Fault::new(&own.origin_of("arms.candidates"), "candidates", what);
            Err(fault.and(&origin, format!("selector = {name:?}")))
        }
        Some(_) => Ok(()),
    }
}

fn objective(own: &Node, wire: &WireObjective) -> Result<Objective, Fault> {
    let share = wire.reward_share;
    if !(0.0..=1.0).contains(&share) {
        let path = "objective.reward-share";
        let what = format!("{share} is no share: a number from 0 to 1 is expected");
        return Err(Fault::new(&own.origin_of(path), path, what));
    }
    Ok(Objective {
        reward_share: share,
        rewards: match wire.reward_scale {
            WireRewardScale::MinMax => RewardScale::MinMax,
            WireRewardScale::Raw => RewardScale::Raw,
            WireRewardScale::ZScore => RewardScale::ZScore,
        },
        balance: match wire.balance {
            WireBalance::Sums => Balance::Sums,
            WireBalance::Means => Balance::Means,
        },
        ties: match wire.ties {
            WireTies::Split => CoverageTies::Split,
            WireTies::First => CoverageTies::First,
        },
    })
}

fn similarity(own: &Node, wire: &WireSimilarity) -> Result<Similarity, Fault> {
    match wire {
        WireSimilarity::Named(WireCosine::Cosine) => Ok(Similarity::Cosine),
        WireSimilarity::Named(WireCosine::RawCosine) => Ok(Similarity::RawCosine),
        WireSimilarity::Rbf(wire) if wire.rbf >= 1e-6 && wire.rbf <= 1e6 => Ok(Similarity::Rbf { bandwidth: wire.rbf }),
        WireSimilarity::Rbf(wire) => {
            let path = "objective.similarity";
            let what = format!("{} is out of range: a bandwidth from 1e-6 to 1e6 is expected", wire.rbf);
            Err(Fault::new(&own.origin_of(path), path, what))
        }
    }
}
