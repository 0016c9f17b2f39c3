//! Owns the validation of one scenario of the study `stopping`: the law of its samples and its arms.

use super::check::{arm_tree, integer};
use super::de;
use super::fault::Fault;
use super::grid::Point;
use super::length::{RELATIVE, is_absolute, is_relative};
use super::tree::Node;
use super::wire::{WireExponential, WireNormal, WireRunLooks, WireStoppingArm, WireStoppingMeasure};
use crate::engine::{FIRST_BATCHES, Goal, Looks};
use crate::study::stopping::{Law, Measure, SAMPLES, StoppingArm};

/// The kinds of `world` of this study.
pub(super) const KINDS: [&str; 2] = ["normal", "exponential"];

/// Sums that an arm keeps, at most: one per measure.
pub(super) const SUMS: usize = 4;

/// Past this, squares of samples leave the range in which sums of them keep their digits.
const LARGEST: f64 = 1e6;

/// Samples of a run where none are stated, and the most that may be.
const AT_MOST: [i64; 2] = [100_000, 10_000_000];

/// The measures of a file, each once.
pub(super) fn measures(tree: &Node, wire: &[WireStoppingMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireStoppingMeasure| match wire {
        WireStoppingMeasure::Coverage => Measure::Coverage,
        WireStoppingMeasure::Bias => Measure::Bias,
        WireStoppingMeasure::Replicates => Measure::Replicates,
        WireStoppingMeasure::Missed => Measure::Missed,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    super::check::refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

/// The law of a scenario's tree.
pub(super) fn law(tree: &Node) -> Result<Law, Fault> {
    let (node, word) = super::worlds::kind(tree, &KINDS)?;
    if word == "normal" {
        let wire: WireNormal = de::from_node(node, "world")?;
        let mean = wire.mean.unwrap_or(1.0);
        if !(-LARGEST..=LARGEST).contains(&mean) {
            let what = format!("{mean} is out of range: a number from -1e6 to 1e6 is expected");
            return Err(Fault::new(&tree.origin_of("world.mean"), "world.mean", what));
        }
        let deviation = positive(tree, "world.deviation", wire.deviation)?;
        return Ok(Law::Normal { mean, deviation });
    }
    let wire: WireExponential = de::from_node(node, "world")?;
    let mean = positive(tree, "world.mean", wire.mean)?;
    Ok(Law::Exponential { mean })
}

fn positive(tree: &Node, path: &str, value: Option<f64>) -> Result<f64, Fault> {
    let value = value.unwrap_or(1.0);
    if value > 0.0 && value <= LARGEST {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a number above 0, up to 1e6, is expected");
    Err(Fault::new(&tree.origin_of(path), path, what))
}

/// One arm of the tree that its scenario's settings are laid over.
pub(super) fn arm(tree: &Node, point: &Point, law: &Law) -> Result<StoppingArm, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let wire: WireStoppingArm = de::from_node(own.get("arms").unwrap_or(&own), "arms")?;
    let groups = wire.groups.unwrap_or(FIRST_BATCHES as i64);
    let groups = integer(&own, "arms.groups", groups, 2, i64::from(StoppingArm::MOST_GROUPS))?;
    // A single batch has no standard error.
    let [stated, most] = AT_MOST;
    let at_most = integer(
        &own,
        "arms.at-most",
        wire.at_most.unwrap_or(stated),
        2 * SAMPLES as i64,
        most,
    )?;
    let arm = StoppingArm {
        looks: match wire.looks {
            WireRunLooks::Rounds => Looks::Rounds,
            WireRunLooks::TwoStage => Looks::TwoStage,
            WireRunLooks::EveryBlock => Looks::EveryBlock,
        },
        groups: groups as u32,
        goal: goal(&own, &wire)?,
        at_most: at_most as u64,
    };
    refuse_no_target(&own, tree, &arm, law)?;
    Ok(arm)
}

/// One of two ways to say how precise a run has to be.
fn goal(own: &Node, wire: &WireStoppingArm) -> Result<Goal, Fault> {
    let fault = |path: &str, what: String| Err(Fault::new(&own.origin_of(path), path, what));
    match (wire.relative, wire.absolute) {
        (Some(share), None) if is_relative(share) => Ok(Goal::Relative(share)),
        (None, Some(error)) if is_absolute(error) => Ok(Goal::Absolute(error)),
        (Some(share), None) => {
            let [low, high] = RELATIVE;
            let what = format!("{share} is out of range: a number from {low} to {high} is expected");
            fault("arms.relative", what)
        }
        (None, Some(error)) => {
            let what = format!("{error} is out of range: a number above 0 is expected");
            fault("arms.absolute", what)
        }
        (None, None) => fault("arms", "one of `relative` and `absolute` is expected".to_owned()),
        (Some(_), Some(_)) => {
            let what = "is set, but `relative` is too: one of them is expected";
            let fault = Fault::new(&own.origin_of("arms.absolute"), "arms.absolute", what);
            Err(fault.and(&own.origin_of("arms.relative"), "the other one"))
        }
    }
}

/// A share of a mean of 0 is no target, and one so small that its ideal number of samples overflows is none either.
fn refuse_no_target(own: &Node, tree: &Node, arm: &StoppingArm, law: &Law) -> Result<(), Fault> {
    let target = arm.target(law);
    if target > 0.0 && arm.ideal(law).is_finite() {
        return Ok(());
    }
    let path = match arm.goal {
        Goal::Relative(_) => "arms.relative",
        Goal::Absolute(_) => "arms.absolute",
    };
    let what = format!("a target of {target:e} cannot be reached by any number of samples");
    let fault = Fault::new(&own.origin_of(path), path, what);
    Err(fault.and(&tree.origin_of("world.mean"), format!("mean = {}", law.mean())))
}
