//! Owns a claim with all that is known about it: what its cells rest on, and what they say together.

use super::drawn::Drawn;
use super::evidence::{Evidence, said};

use super::remarks::{Lost, left_out_share};
use crate::experiment::{Claim, ClaimCell, Expect, Experiment, Said};
use crate::inference::cell::{Cell, NoVerdict};
use crate::inference::claim::{self, Outcome};

/// What is known of a cell of a claim once its scenario is drawn.
pub(super) struct Found {
    /// What the claim says of it.
    pub said: Said,
    /// What it rests on.
    pub evidence: Result<Evidence, NoVerdict>,
    /// Replicates drawn of its scenario.
    pub drawn: u64,
    /// The largest share of replicates that do not meet the condition of its estimand.
    pub left_out: f64,
    /// The replicates that its arms lost.
    pub lost: Lost,
}

impl Found {
    /// Of a cell of a drawn scenario.
    pub fn new(experiment: &Experiment, claim: &Claim, cell: ClaimCell, drawn: Drawn<'_>) -> Self {
        Self {
            said: said(experiment, claim, cell, drawn),
            evidence: Evidence::new(experiment, claim, cell, drawn),
            drawn: drawn.groups.total().replicates,
            left_out: left_out_share(cell, drawn.rows),
            lost: Lost::of(experiment, cell, drawn.groups),
        }
    }
}

/// A claim with what its cells rest on.
pub(super) struct Case<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// How many claims its family has.
    pub family: usize,
    /// One per cell.
    pub cells: &'a [&'a Found],
    /// What the cells say together.
    pub judged: claim::Claim,
}

impl Case<'_> {
    /// What each cell rests on.
    pub fn evidence(&self) -> impl Iterator<Item = Result<Evidence, NoVerdict>> {
        self.cells.iter().map(|own| own.evidence)
    }
}

/// The claims that must come out so, each with its place in the file. `cells` are those of all claims.
pub(super) fn family<'a>(
    experiment: &'a Experiment,
    expect: Expect,
    cells: &'a [Vec<&'a Found>],
) -> Vec<(usize, Case<'a>)> {
    let claims = experiment.claims.iter().zip(cells).enumerate();
    let claims: Vec<_> = claims.filter(|(_, (claim, _))| claim.expect == expect).collect();
    let family = claims.len();
    let gathered =
        |(index, (claim, cells)): (usize, (&'a Claim, &'a Vec<&'a Found>))| (index, gather(claim, cells, family));
    claims.into_iter().map(gathered).collect()
}

fn gather<'a>(claim: &'a Claim, cells: &'a [&'a Found], family: usize) -> Case<'a> {
    let judge = |own: &&Found| own.evidence.and_then(|own| own.judge(claim.alpha));
    let judged: Vec<Result<Cell, NoVerdict>> = cells.iter().map(judge).collect();
    let needed = judged.len();
    Case {
        claim,
        family,
        cells,
        judged: claim::Claim::new(judged, needed),
    }
}

/// Whether the verdict follows without any chance of error: see [`Evidence::is_certain`].
pub(super) fn is_certain(case: &Case<'_>, outcome: &Outcome) -> bool {
    let judged = case.judged.cells()[outcome.cell];
    match (&case.cells[outcome.cell].evidence, judged) {
        (Ok(own), Ok(judged)) => outcome.p == 0.0 && own.is_certain(&judged),
        _ => false,
    }
}
