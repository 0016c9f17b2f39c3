//! Owns the memory that `check` foretells of a run: the plan, what is drawn and folded, and the records that are written.

use super::foretell::Planned;
use crate::engine::{Estimand, Row, Spec, list, piece};
use crate::experiment::{Experiment, Scenario};
use crate::inference::cell::FEWEST_GROUPS;
use crate::record::{BlockDigest, EstimateRecord, MOST_BLOCKS, ScenarioRecord};
use crate::study::TheoryRow;

/// The program itself, with its threads: what a run of nothing much takes.
const PROGRAM: u64 = 9_000_000;

/// What drawing figures takes beside the rest: a font, and a picture at 300 dots per inch with what it is made of.
const FIGURES: u64 = 20_000_000;

/// Blocks that wait for the disk, at most.
const WAITING: u64 = 2_000_000;

/// A number in a file, with its comma.
const NUMBER: u64 = 20;

/// The digest of a key, in hexadecimal.
const DIGEST: usize = 64;

/// The digest of a block in the manifest, with its index and its line.
const BLOCK: usize = 36;

/// A caution, where there are few groups.
const CAUTION: usize = 130;

/// Bytes that a run takes at its worst, about.
pub(super) fn foretold(experiment: &Experiment, planned: &[Planned]) -> u64 {
    let threads = rayon::current_num_threads() as u64;
    let all = || experiment.scenarios.iter().zip(planned);
    let blocks = |spec: &Spec, own: &Planned| spec.blocks(own.replicates);
    let plan = experiment.memory();
    let folded: u64 = all()
        .map(|(scenario, own)| scenario.study.spec().folded(blocks(scenario.study.spec(), own)))
        .sum();
    let drawn = all().map(|(scenario, own)| {
        let (study, spec) = (scenario.study.as_ref(), scenario.study.spec());
        let unfolded = spec.unfolded(blocks(spec, own));
        let memory = study.memory();
        unfolded + unfolded.min(WAITING) + memory.prepared + threads * memory.worker
    });
    let estimated = all().map(|(scenario, own)| scenario.study.spec().estimated(blocks(scenario.study.spec(), own)));
    let written: u64 = all().map(|(scenario, own)| written(experiment, scenario, own)).sum();
    let phases = [drawn.max(), estimated.max().map(|most| most + written)];
    let figures = if experiment.figures.is_empty() { 0 } else { FIGURES };
    PROGRAM + figures + plan + folded + phases.into_iter().flatten().max().unwrap_or(0)
}

/// The rows of a scenario in memory and as text, and its place in the manifest.
fn written(experiment: &Experiment, scenario: &Scenario, planned: &Planned) -> u64 {
    let spec = scenario.study.spec();
    let few = planned.replicates / spec.batch < FEWEST_GROUPS as u64;
    let caution = if few { CAUTION } else { 0 };
    let row = |(estimand, theory): (&Estimand, &TheoryRow)| {
        let cells = match estimand.of.shown() {
            Some(arm) => &scenario.cells[arm],
            None => &scenario.shared,
        };
        let texts = [estimand.name().len(), estimand.at.len(), caution];
        let reference = estimand.reference.map_or(0, |reference| reference.name.len());
        let of_cells: usize = cells.iter().map(|cell| cell.text.len() + 1).sum();
        let held: u64 = cells.iter().map(|cell| piece(cell.text.len())).sum();
        let held = held + texts.iter().map(|len| piece(*len)).sum::<u64>() + piece(reference);
        let numbers = [Some(()), Some(()), theory.exact.value().map(|_| ())];
        let text = of_cells + texts.iter().sum::<usize>() + reference + 20;
        held + list::<String>(experiment.columns.len()) + text as u64 + NUMBER * numbers.iter().flatten().count() as u64
    };
    let rows: u64 = spec.estimands.iter().zip(scenario.theory()).map(row).sum();
    let count = spec.estimands.len();
    let blocks = spec.blocks(planned.replicates).min(MOST_BLOCKS) as usize;
    let digests = list::<BlockDigest>(blocks) + (blocks * 2 * BLOCK) as u64;
    let manifest = size_of::<ScenarioRecord>() as u64 + 2 * piece(DIGEST) + 4 * DIGEST as u64 + digests;
    rows + list::<Row>(count) + list::<EstimateRecord>(count) + manifest
}
