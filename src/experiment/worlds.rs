//! Owns the validation of a scenario's world.

use super::check::{integer, item};
use super::de;
use super::fault::Fault;
use super::tree::{Node, Value};
use super::wire::{WireBase, WireCopies, WireDirichlet, WireEmbedded, WireOrder, WireReward};
use crate::world::{
    Attributes, BaseError, BaseWeights, Centres, Copies, Dirichlet, Embedded, Embedding, Rewards, World,
};
use std::sync::Arc;

/// The kinds of `world` with prompts and responses.
pub(super) const KINDS: [&str; 3] = ["dirichlet", "copies", "embedded"];

/// The table `[world]` and the word under its `kind`, which is one of `known`.
pub(super) fn kind<'a>(tree: &'a Node, known: &[&str]) -> Result<(&'a Node, &'a str), Fault> {
    let node = tree.get("world").filter(|node| matches!(node.value, Value::Table(_)));
    let Some(node) = node else {
        let found = tree.get("world").map_or("nothing", |node| node.value.kind());
        let what = format!("{found} where a table is expected");
        return Err(Fault::new(&tree.origin_of("world"), "world", what));
    };
    let Some(kind) = node.entry("kind") else {
        return Err(Fault::new(&node.origin, "world", "the key `kind` is missing"));
    };
    match &kind.node.value {
        Value::String(word) if known.contains(&word.as_str()) => Ok((node, word)),
        Value::String(word) => Err(Fault::unknown(&kind.node.origin, "world.kind", "value", word, known)),
        other => {
            let what = format!("{} where a word is expected", other.kind());
            Err(Fault::new(&kind.node.origin, "world.kind", what))
        }
    }
}

/// The world of a scenario's tree.
pub(super) fn read(tree: &Node) -> Result<Arc<dyn World>, Fault> {
    let (node, word) = kind(tree, &KINDS)?;
    match word {
        "dirichlet" => {
            let wire: WireDirichlet = de::from_node(node, "world")?;
            Ok(Arc::new(dirichlet(tree, wire.modes, &wire.base, wire.concentration)?))
        }
        "copies" => {
            let wire: WireCopies = de::from_node(node, "world")?;
            let prompts = dirichlet(tree, wire.modes, &wire.base, wire.concentration)?;
            let c = wire.copy_probability;
            if !(0.0..=1.0).contains(&c) {
                let what = format!("{c} is no probability: a number from 0 to 1 is expected");
                let path = "world.copy-probability";
                return Err(Fault::new(&tree.origin_of(path), path, what));
            }
            Ok(Arc::new(Copies::new(prompts, c)))
        }
        _ => {
            let wire: WireEmbedded = de::from_node(node, "world")?;
            Ok(Arc::new(embedded(tree, &wire)?))
        }
    }
}

fn dirichlet(tree: &Node, modes: Option<i64>, base: &WireBase, concentration: f64) -> Result<Dirichlet, Fault> {
    if !(concentration > 0.0 && concentration.is_finite()) {
        let path = "world.concentration";
        let what = format!("{concentration} is out of range: a finite number above 0 is expected");
        return Err(Fault::new(&tree.origin_of(path), path, what));
    }
    Ok(Dirichlet::new(base_weights(tree, modes, base)?, concentration))
}

fn base_weights(tree: &Node, modes: Option<i64>, base: &WireBase) -> Result<BaseWeights, Fault> {
    let modes = match modes {
        Some(modes) => Some(integer(tree, "world.modes", modes, 2, i64::from(u16::MAX))? as usize),
        None => None,
    };
    let origin = tree.origin_of("world.base");
    let refused = |error: BaseError| {
        let at = match error {
            BaseError::NotPositive { index, .. } => item(tree, "world.base", index),
            _ => origin.clone(),
        };
        let fault = Fault::new(&at, "world.base", error.to_string());
        match (&error, modes) {
            (BaseError::Ratio(_), Some(modes)) => fault.and(&tree.origin_of("world.modes"), format!("modes = {modes}")),
            _ => fault,
        }
    };
    match (base, modes) {
        (WireBase::Listed(weights), Some(modes)) if weights.len() != modes => {
            let fault = Fault::new(
                &origin,
                "world.base",
                format!("{} weights for {modes} modes", weights.len()),
            );
            Err(fault.and(&tree.origin_of("world.modes"), format!("modes = {modes}")))
        }
        (WireBase::Listed(weights), _) => BaseWeights::listed(weights).map_err(refused),
        (_, None) => Err(Fault::new(
            &tree.origin_of("world"),
            "world",
            "the key `modes` is missing: only a listed base says how many there are",
        )),
        (WireBase::Named(_), Some(modes)) => BaseWeights::uniform(modes).map_err(refused),
        (WireBase::Geometric(wire), Some(modes)) => BaseWeights::geometric(modes, wire.geometric).map_err(refused),
    }
}

/// The most modes of an embedded world: similarities between all of them are held in memory.
const MOST_EMBEDDED: usize = 1024;

fn embedded(tree: &Node, wire: &WireEmbedded) -> Result<Embedded, Fault> {
    if wire.concentration.is_nan() || wire.concentration <= 0.0 {
        let path = "world.concentration";
        let what = format!(
            "{} is out of range: a number above 0 is expected, or inf for prompts that are all alike",
            wire.concentration
        );
        return Err(Fault::new(&tree.origin_of(path), path, what));
    }
    let base = base_weights(tree, wire.modes, &wire.base)?;
    let modes = base.probabilities().len();
    if modes > MOST_EMBEDDED {
        let path = if wire.modes.is_some() {
            "world.modes"
        } else {
            "world.base"
        };
        let what = format!("{modes} modes; an embedded world has 2 to {MOST_EMBEDDED}");
        return Err(Fault::new(&tree.origin_of(path), path, what));
    }
    let attributes = Attributes {
        rewards: Rewards {
            values: rewards(tree, &wire.reward, base.probabilities())?,
            noise: deviation(tree, "world.reward-noise", wire.reward_noise)?,
        },
        embedding: embedding(tree, wire, modes)?,
    };
    Ok(Embedded::new(base, wire.concentration, attributes))
}

/// Past this, squares of rewards and embeddings leave the range in which sums of them keep their digits.
const LARGEST: f64 = 1e6;

pub(super) fn deviation(tree: &Node, path: &str, value: f64) -> Result<f64, Fault> {
    if (0.0..=LARGEST).contains(&value) {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a standard deviation from 0 to 1e6 is expected");
    Err(Fault::new(&tree.origin_of(path), path, what))
}

fn rewards(tree: &Node, wire: &WireReward, base: &[f64]) -> Result<Vec<f64>, Fault> {
    let path = "world.reward";
    match wire {
        WireReward::Named(WireOrder::Aligned) => Ok(Rewards::aligned(base)),
        WireReward::Named(WireOrder::Opposed) => Ok(Rewards::opposed(base)),
        WireReward::Permuted(wire) => {
            let seed = integer(tree, "world.reward.permuted", wire.permuted, 0, i64::MAX)?;
            Ok(Rewards::permuted(base, seed as u64))
        }
        WireReward::Listed(values) if values.len() != base.len() => {
            let what = format!("{} rewards, but the world has {} modes", values.len(), base.len());
            Err(Fault::new(&tree.origin_of(path), path, what))
        }
        WireReward::Listed(values) => match values.iter().position(|r| r.is_nan() || r.abs() > LARGEST) {
            None => Ok(values.clone()),
            Some(index) => {
                let what = format!(
                    "the reward {} is out of range: a number from -1e6 to 1e6 is expected",
                    values[index]
                );
                Err(Fault::new(&item(tree, path, index), path, what))
            }
        },
    }
}

fn embedding(tree: &Node, wire: &WireEmbedded, modes: usize) -> Result<Embedding, Fault> {
    let correlation = wire.centre_correlation;
    if !(0.0..1.0).contains(&correlation) {
        let path = "world.centre-correlation";
        let what = format!("{correlation} is out of range: a number from 0 to below 1 is expected");
        return Err(Fault::new(&tree.origin_of(path), path, what));
    }
    let centres = if correlation == 0.0 {
        Centres::OneHot
    } else {
        Centres::Correlated(correlation)
    };
    let fewest = Embedding::fewest(centres, modes);
    let dimension = match wire.dimension {
        None => fewest,
        Some(q) => integer(tree, "world.dimension", q, fewest as i64, 1 << 16)? as usize,
    };
    let noise = deviation(tree, "world.embedding-noise", wire.embedding_noise)?;
    Ok(Embedding {
        centres,
        dimension,
        noise,
    })
}
