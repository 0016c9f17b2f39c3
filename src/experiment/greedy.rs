//! Owns the validation of one scenario of the study `greedy`: its family of instances and its arms.

use super::check::{arm_tree, integer};
use super::fault::Fault;
use super::grid::Point;
use super::tree::Node;
use super::wire::{
    WireAdversarial, WireBinary, WireClusters, WireGreedyArm, WireGreedyMeasure, WireGreedySelector, WireSphere,
    WireUniformPairs,
};
use super::{choice, de};
use crate::select::{MOST_SEARCHED, Rule, Selector, Similarity};
use crate::study::Choice;
use crate::study::greedy::{Family, GreedyArm, Measure};

/// The kinds of `world` of this study.
pub(super) const KINDS: [&str; 5] = ["sphere", "clusters", "uniform", "binary", "adversarial"];

/// Sums that an arm keeps, at most: those of both measures.
pub(super) const SUMS: usize = 16;

/// The most coordinates of an embedding.
const MOST_COORDINATES: i64 = 256;

/// The measures of a file, each once.
pub(super) fn measures(tree: &Node, wire: &[WireGreedyMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireGreedyMeasure| match wire {
        WireGreedyMeasure::Guarantee => Measure::Guarantee,
        WireGreedyMeasure::Conditions => Measure::Conditions,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    super::check::refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

/// The family of a scenario's tree.
pub(super) fn family(tree: &Node) -> Result<Family, Fault> {
    let (node, word) = super::worlds::kind(tree, &KINDS)?;
    match word {
        "sphere" => {
            let wire: WireSphere = de::from_node(node, "world")?;
            let dimension = coordinates(tree, wire.dimension.unwrap_or(8), 1)?;
            Ok(Family::Sphere { dimension })
        }
        "clusters" => {
            let wire: WireClusters = de::from_node(node, "world")?;
            clusters(tree, &wire)
        }
        "binary" => {
            let wire: WireBinary = de::from_node(node, "world")?;
            let density = density(tree, wire.density)?;
            Ok(Family::Binary { density })
        }
        "adversarial" => {
            let wire: WireAdversarial = de::from_node(node, "world")?;
            let steps = integer(tree, "world.steps", wire.steps.unwrap_or(200), 0, 100_000)?;
            Ok(Family::Adversarial {
                density: density(tree, wire.density)?,
                steps: steps as u32,
            })
        }
        _ => {
            let _: WireUniformPairs = de::from_node(node, "world")?;
            Ok(Family::Uniform)
        }
    }
}

fn clusters(tree: &Node, wire: &WireClusters) -> Result<Family, Fault> {
    let clusters = integer(tree, "world.clusters", wire.clusters.unwrap_or(4), 1, MOST_COORDINATES)?;
    Ok(Family::Clusters {
        clusters: clusters as usize,
        dimension: coordinates(tree, wire.dimension.unwrap_or(clusters), clusters)?,
        noise: super::worlds::deviation(tree, "world.embedding-noise", wire.embedding_noise.unwrap_or(0.3))?,
    })
}

fn coordinates(tree: &Node, dimension: i64, fewest: i64) -> Result<usize, Fault> {
    Ok(integer(tree, "world.dimension", dimension, fewest, MOST_COORDINATES)? as usize)
}

fn density(tree: &Node, density: Option<f64>) -> Result<f64, Fault> {
    let (path, density) = ("world.density", density.unwrap_or(0.3));
    if (0.0..=1.0).contains(&density) {
        return Ok(density);
    }
    let what = format!("{density} is no probability: a number from 0 to 1 is expected");
    Err(Fault::new(&tree.origin_of(path), path, what))
}

/// One arm of the tree that its scenario's settings are laid over.
pub(super) fn arm(tree: &Node, point: &Point, family: &Family) -> Result<GreedyArm, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let wire: WireGreedyArm = de::from_node(own.get("arms").unwrap_or(&own), "arms")?;
    let candidates = integer(&own, "arms.candidates", wire.candidates, 2, MOST_SEARCHED as i64)?;
    let responses = integer(&own, "arms.responses", wire.responses, 1, MOST_SEARCHED as i64)?;
    super::check::pool(&own, candidates, responses)?;
    Ok(GreedyArm {
        choice: greedy_choice(&own, wire.selector, family)?,
        responses: responses as u32,
        candidates: candidates as u32,
    })
}

/// Only embeddings can be compared in several ways.
fn greedy_choice(own: &Node, wire: WireGreedySelector, family: &Family) -> Result<Choice, Fault> {
    let selector = match wire {
        WireGreedySelector::Diverse => Selector::Diverse,
        WireGreedySelector::DiverseBest => Selector::DiverseBest,
    };
    if own.get("objective.ties").is_some() {
        let path = "objective.ties";
        let what = "decides weights, and the study greedy weighs nothing: leave it out";
        return Err(Fault::new(&own.origin_of(path), path, what));
    }
    let (objective, similarity) = choice::objective_and_similarity(own)?;
    if !family.embedded() && similarity != Similarity::Cosine {
        let path = "objective.similarity";
        let what = format!(
            "compares embeddings, which world.kind = {:?} does not have: leave it out, or take \"sphere\" or \"clusters\"",
            family.name()
        );
        return Err(Fault::new(&own.origin_of(path), path, what));
    }
    let rule = Rule { selector, objective };
    Ok(Choice { rule, similarity })
}
