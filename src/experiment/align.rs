//! Owns the validation of one scenario of the study `alignment`: its measures, recorded steps, selections and paths.

use super::check::{DEEPEST_POOL, arm_tree, integer, item, pool, refuse_uncountable};
use super::choice;
use super::de;
use super::fault::Fault;
use super::grid::Point;
use super::tree::Node;
use super::wire::{MOST_STEPS, WireAlignMeasure, WireAlong, WireArm, WirePath};
use crate::study::alignment::{Measure, PathArm};
use crate::theory::gradient_path::Along;
use crate::world::World;

/// The most recorded steps: each is a row of every quantity and arm.
const MOST_RECORDED: usize = 256;

/// The measures of a file, each once.
pub(super) fn measures(tree: &Node, wire: &[WireAlignMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireAlignMeasure| match wire {
        WireAlignMeasure::Alignment => Measure::Alignment,
        WireAlignMeasure::Path => Measure::Path,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    super::check::refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

fn path(own: &Node) -> Result<WirePath, Fault> {
    match own.get("path") {
        None => Ok(WirePath::default()),
        Some(node) => de::from_node(node, "path"),
    }
}

/// The recorded steps of a scenario: at least one, ascending.
pub(super) fn steps(tree: &Node) -> Result<Vec<u32>, Fault> {
    let key = "path.steps";
    let steps = path(tree)?.steps;
    let refuse = |index: usize, what: String| Err(Fault::new(&item(tree, key, index), key, what));
    if steps.is_empty() {
        let what = "the list is empty: nothing would be recorded";
        return Err(Fault::new(&tree.origin_of(key), key, what));
    }
    if steps.len() > MOST_RECORDED {
        let what = format!("{} steps; at most {MOST_RECORDED} are recorded", steps.len());
        return refuse(MOST_RECORDED, what);
    }
    for (index, &step) in steps.iter().enumerate() {
        if !(0..=MOST_STEPS).contains(&step) {
            let what = format!("{step} is out of range: an integer from 0 to {MOST_STEPS} is expected");
            return refuse(index, what);
        }
        if index > 0 && step <= steps[index - 1] {
            let what = format!(
                "{step} stands after {}: list steps from low to high, each once",
                steps[index - 1]
            );
            return refuse(index, what);
        }
    }
    Ok(steps.into_iter().map(|step| step as u32).collect())
}

/// One arm of the tree that its scenario's settings are laid over.
pub(super) fn arm(tree: &Node, point: &Point, world: &dyn World) -> Result<PathArm, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let wire: WireArm = de::from_node(own.get("arms").unwrap_or(&own), "arms")?;
    let prompts = integer(&own, "arms.prompts", wire.prompts, 1, i64::from(u32::MAX))?;
    let responses = integer(&own, "arms.responses", wire.responses, 1, DEEPEST_POOL)?;
    let candidates = match wire.candidates {
        None => responses as u32,
        Some(n) => pool(&own, n, responses)?,
    };
    refuse_uncountable(&own, prompts, candidates)?;
    let path = path(&own)?;
    if !(1e-6..=1e3).contains(&path.rate) {
        let what = format!(
            "{} is out of range: a number from 0.000001 to 1000 is expected",
            path.rate
        );
        return Err(Fault::new(&own.origin_of("path.rate"), "path.rate", what));
    }
    Ok(PathArm {
        choice: choice::read(&own, world, wire.selector, wire.candidates)?,
        prompts: prompts as u32,
        responses: responses as u32,
        candidates,
        along: match path.along {
            WireAlong::Own => Along::Own,
            WireAlong::True => Along::Truth,
        },
        rate: path.rate,
    })
}
