//! Owns a claim with all that is known about it: what its cells rest on, and what they say together.

use super::evidence::{Evidence, Runs};
use crate::experiment::{Claim, Expect, Experiment};
use crate::inference::cell::{Cell, NoVerdict};
use crate::inference::claim::{self, Outcome};

/// A claim with what its cells rest on.
pub(super) struct Case<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// How many claims its family has.
    pub family: usize,
    /// One per cell.
    pub evidence: Vec<Result<Evidence, NoVerdict>>,
    /// What the cells say together.
    pub judged: claim::Claim,
}

/// The claims that must come out so, each with its place in the file.
pub(super) fn family<'a>(experiment: &'a Experiment, expect: Expect, runs: Runs<'_>) -> Vec<(usize, Case<'a>)> {
    let claims: Vec<(usize, &Claim)> = experiment
        .claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| claim.expect == expect)
        .collect();
    let family = claims.len();
    claims
        .into_iter()
        .map(|(index, claim)| (index, gather(experiment, claim, family, runs)))
        .collect()
}

fn gather<'a>(experiment: &Experiment, claim: &'a Claim, family: usize, runs: Runs<'_>) -> Case<'a> {
    let cells = claim.cells.iter();
    let evidence: Vec<_> = cells
        .map(|&cell| Evidence::new(experiment, claim, cell, runs))
        .collect();
    let judge = |own: &Result<Evidence, NoVerdict>| (*own).and_then(|own| own.judge(claim.alpha));
    let cells: Vec<Result<Cell, NoVerdict>> = evidence.iter().map(judge).collect();
    let needed = cells.len();
    Case {
        claim,
        family,
        evidence,
        judged: claim::Claim::new(cells, needed),
    }
}

/// Whether the verdict follows without any chance of error: see [`Evidence::is_certain`].
pub(super) fn is_certain(case: &Case<'_>, outcome: &Outcome) -> bool {
    let judged = case.judged.cells()[outcome.cell];
    match (&case.evidence[outcome.cell], judged) {
        (Ok(own), Ok(judged)) => outcome.p == 0.0 && own.is_certain(&judged),
        _ => false,
    }
}
