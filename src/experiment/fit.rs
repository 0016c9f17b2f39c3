//! Owns the validation of one scenario of the study `training`: its arms and descents.

use super::check::{DEEPEST_POOL, arm_tree, integer, item, pool, refuse_uncountable};
use super::de;
use super::fault::Fault;
use super::grid::Point;
use super::tree::Node;
use super::wire::{WireBudgetedArm, WireDescent, WireFitMeasure};
use super::{budget, choice};
use crate::policy::Descent;
use crate::study::training::{FitArm, Measure};
use crate::world::World;

/// The measures of a file, each once.
pub(super) fn measures(tree: &Node, wire: &[WireFitMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireFitMeasure| match wire {
        WireFitMeasure::ExcessNll => Measure::ExcessNll,
        WireFitMeasure::TestNll => Measure::TestNll,
        WireFitMeasure::ReverseKl => Measure::ReverseKl,
        WireFitMeasure::TotalVariation => Measure::TotalVariation,
        WireFitMeasure::Entropy => Measure::Entropy,
        WireFitMeasure::ExpectedReward => Measure::ExpectedReward,
        WireFitMeasure::ModesSeen => Measure::ModesSeen,
        WireFitMeasure::MissingMode => Measure::MissingMode,
        WireFitMeasure::Unconverged => Measure::Unconverged,
        WireFitMeasure::Steps => Measure::Steps,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    super::check::refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

/// An expected reward is one of responses that have rewards.
pub(super) fn refuse_no_reward(tree: &Node, measures: &[Measure], world: &dyn World) -> Result<(), Fault> {
    let place = measures.iter().position(|own| *own == Measure::ExpectedReward);
    match place.filter(|_| world.attributes().is_none()) {
        None => Ok(()),
        Some(place) => {
            let what = "\"expected-reward\" needs rewards, which only world.kind = \"embedded\" has";
            let fault = Fault::new(&item(tree, "measures", place), "measures", what);
            Err(fault.and(&tree.origin_of("world.kind"), "the world"))
        }
    }
}

/// One arm of the tree that its scenario's settings are laid over.
pub(super) fn arm(tree: &Node, point: &Point, world: &dyn World) -> Result<FitArm, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let wire: WireBudgetedArm = de::from_node(own.get("arms").unwrap_or(&own), "arms")?;
    let responses = integer(&own, "arms.responses", wire.responses, 1, DEEPEST_POOL)?;
    let bought_by = budget::read(&own)?;
    let prompts = budget::prompts(&own, wire.prompts, bought_by, responses)?;
    let candidates = match wire.candidates {
        None => responses as u32,
        Some(n) => pool(&own, n, responses)?,
    };
    refuse_uncountable(&own, prompts, candidates)?;
    Ok(FitArm {
        choice: choice::read(&own, world, wire.selector, wire.candidates)?,
        prompts: prompts as u32,
        responses: responses as u32,
        candidates,
        budget: bought_by,
        descent: descent(&own)?,
    })
}

fn descent(own: &Node) -> Result<Descent, Fault> {
    let wire: WireDescent = match own.get("training") {
        None => WireDescent::default(),
        Some(node) => de::from_node(node, "training")?,
    };
    let between = |path: &str, value: f64, low: f64, high: f64| {
        if (low..=high).contains(&value) {
            return Ok(value);
        }
        let what = format!("{value} is out of range: a number from {low} to {high} is expected");
        Err(Fault::new(&own.origin_of(path), path, what))
    };
    let steps = integer(own, "training.steps", wire.steps, 1, 10_000_000)?;
    Ok(Descent {
        rate: between("training.rate", wire.rate, 1e-6, 1e3)?,
        steps: steps as u32,
        ridge: between("training.ridge", wire.ridge, 0.0, 1e3)?,
        tolerance: between("training.tolerance", wire.tolerance, 0.0, 1.0)?,
    })
}
