//! Owns the memory that `check` foretells of a run: the plan, what is drawn and folded, and what is found.

use super::foretell::Planned;
use crate::engine::{Spec, list, piece};
use crate::experiment::{Experiment, Scenario};
use crate::record::{BlockDigest, MOST_BLOCKS, ScenarioRecord};
use crate::session::Findings;

/// The program itself, with its threads: what a run of nothing much takes.
const PROGRAM: u64 = 9_000_000;

/// What drawing figures takes beside the rest: a font, and a picture at 300 dots per inch with what it is made of.
const FIGURES: u64 = 20_000_000;

/// Blocks that wait for the disk, at most.
const WAITING: u64 = 2_000_000;

/// The digest of a key, in hexadecimal.
const DIGEST: usize = 64;

/// Bytes that a run takes at its worst, about.
pub(super) fn foretold(experiment: &Experiment, planned: &[Planned]) -> u64 {
    let threads = rayon::current_num_threads() as u64;
    let all = || experiment.scenarios.iter().zip(planned);
    let blocks = |spec: &Spec, own: &Planned| spec.blocks(own.replicates);
    let drawn = all().map(|(scenario, own)| {
        let (study, spec) = (scenario.study.as_ref(), scenario.study.spec());
        let blocks = blocks(spec, own);
        let unfolded = spec.unfolded(blocks);
        let memory = study.memory();
        let drawn = unfolded + unfolded.min(WAITING) + memory.prepared + threads * memory.worker;
        // One scenario is drawn while the one before is estimated.
        drawn + spec.estimated(blocks) + 2 * spec.folded(blocks)
    });
    let digests: u64 = all().map(|(scenario, own)| digests(scenario, own)).sum();
    let figures = if experiment.figures.is_empty() { 0 } else { FIGURES };
    PROGRAM + figures + experiment.memory() + Findings::memory(experiment) + digests + drawn.max().unwrap_or(0)
}

/// What is kept of a scenario for the manifest.
fn digests(scenario: &Scenario, planned: &Planned) -> u64 {
    let blocks = scenario.study.spec().blocks(planned.replicates).min(MOST_BLOCKS) as usize;
    list::<BlockDigest>(blocks) + size_of::<ScenarioRecord>() as u64 + 2 * piece(DIGEST)
}
