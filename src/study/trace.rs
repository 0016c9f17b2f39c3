//! Owns what a study shows of one replicate to people: draws, what was kept of them, and how fits went. Nothing that it
//! shows enters a result.

use super::draws::{DrawAt, DrawPlan};
use super::pools::PoolArm;
use crate::engine::Spec;
use crate::numerics::stream::Streams;
use crate::world::World;

/// A table about one replicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceTable {
    /// What it shows.
    pub title: String,
    /// Names of its columns.
    pub header: Vec<&'static str>,
    /// As many cells each.
    pub rows: Vec<Vec<String>>,
}

/// The first prompts of a replicate: the modes of their responses as drawn, and which of these each arm keeps, in the
/// order kept. Responses are counted from 0.
pub(super) fn draws(pass: &DrawPlan, world: &dyn World, spec: &Spec, replicate: u64, prompts: u32) -> Vec<TraceTable> {
    let (streams, all) = (Streams::new(spec.draws.text()), pass.arms());
    let most = all.iter().map(|arm| arm.prompts).max().unwrap_or(0);
    let (mut drawn, mut kept) = (Vec::new(), Vec::new());
    for prompt in 0..prompts.min(most) {
        let arms: Vec<usize> = (0..all.len()).filter(|&arm| all[arm].prompts > prompt).collect();
        let asked: Vec<PoolArm> = arms.iter().map(|&arm| all[arm]).collect();
        let (modes, picks) = pass.one(world, &streams, DrawAt { replicate, prompt }, &asked);
        drawn.push(vec![prompt.to_string(), words(modes.iter().map(ToString::to_string))]);
        for (arm, picks) in arms.iter().zip(&picks) {
            let of_modes = picks.iter().map(|&pick| modes[pick].to_string());
            let places = words(picks.iter().map(ToString::to_string));
            kept.push(vec![prompt.to_string(), arm.to_string(), places, words(of_modes)]);
        }
    }
    vec![
        TraceTable {
            title: "Responses drawn, by their modes".to_owned(),
            header: vec!["prompt", "modes"],
            rows: drawn,
        },
        TraceTable {
            title: "Responses kept, in the order kept".to_owned(),
            header: vec!["prompt", "arm", "responses", "their modes"],
            rows: kept,
        },
    ]
}

/// The first of many words, and how many more there are.
fn words(all: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 64;
    let all: Vec<String> = all.collect();
    let shown = all[..all.len().min(SHOWN)].join(" ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
