//! Owns what can be told of claims before a run, from the standard errors of a few replicates: those that the planned number of
//! replicates can hardly settle, even where the truth is known.
//!
//! The truth is put where theory has it, and where theory has none at the number that a claim names: the place at which it is easiest to
//! confirm. Claims about other truths are not foretold, since the estimates of a few replicates say too little of them.

use super::case::{Case, Found, family};
use super::evidence::Evidence;
use super::findings::Findings;
use super::needed::{self, Levels, Way};
use crate::experiment::{Claim, ClaimCell, Expect, Experiment, Said};
use crate::numerics::text::short_2;

/// What is told: claims that take this many times the planned replicates. A standard error of twenty groups is known to 16%, so that
/// up to (1 + 2 x 0.16)^2 may be its own.
const SURELY: f64 = 1.75;

/// Whether anything can be foretold at all: whether the truth of every cell of some claim is known.
pub fn any(experiment: &Experiment) -> bool {
    let known = |claim: &Claim| claim.cells.iter().all(|&cell| truth(experiment, claim, cell).is_some());
    experiment.claims.iter().any(known)
}

/// A line on each claim that the `planned` replicates of each scenario can hardly settle, by what is found of a few of all scenarios.
pub fn foretell(experiment: &Experiment, few: &Findings, planned: &[u64]) -> Vec<String> {
    let cells = few.cells(experiment);
    let families = [Expect::Confirmed, Expect::Refuted].map(|expect| family(experiment, expect, &cells));
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, case) in families.iter().flatten() {
        lines.extend(of_claim(experiment, case, planned).map(|line| (*index, line)));
    }
    lines.sort_by_key(|(index, _)| *index);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn of_claim(experiment: &Experiment, case: &Case<'_>, planned: &[u64]) -> Option<String> {
    let claim = case.claim;
    let then = |(&cell, own): (&ClaimCell, &&Found)| -> Option<Evidence> {
        let factor = planned[cell.scenario()] as f64 / own.drawn as f64;
        Some(
            own.evidence
                .ok()?
                .after(factor)
                .placed_at(truth(experiment, claim, cell)?),
        )
    };
    let cells = claim.cells.iter().zip(case.cells).map(then);
    let cells: Vec<Evidence> = cells.collect::<Option<_>>()?;
    let judged = cells.iter().map(|own| own.judge(claim.alpha));
    let judged: Vec<_> = judged.collect::<Result<_, _>>().ok()?;
    let at = |side: fn(&crate::inference::cell::Cell) -> f64| judged.iter().map(side).collect::<Vec<f64>>();
    let (confirm, refute) = (at(|own| own.p_confirm), at(|own| own.p_refute));
    let (worst, failing) = (
        largest(&confirm)?,
        largest(&refute.iter().map(|p| -p).collect::<Vec<f64>>())?,
    );
    let levels = Levels::of(claim.alpha, 1, cells.len());
    if confirm[worst] <= levels.confirm || refute[failing] <= levels.refute {
        return None;
    }
    let most = planned.iter().copied().max()?;
    let needed = match needed::way(&cells, failing, levels) {
        Way::Confirm(factor) | Way::Refute(factor) if factor < SURELY => return None,
        Way::Confirm(factor) | Way::Refute(factor) => {
            format!("needs about {} replicates", short_2(factor * most as f64))
        }
        Way::Never => "stands on its margin, where no number of replicates tells; state another one".to_owned(),
    };
    Some(format!(
        "claim {}: {most} replicates can hardly settle it: its cell {} {needed}",
        claim.name,
        experiment.describe_cell(claim.cells[worst])
    ))
}

/// Where the largest number stands; the first of equal ones.
fn largest(numbers: &[f64]) -> Option<usize> {
    let places = (0..numbers.len()).rev();
    places.max_by(|&a, &b| numbers[a].total_cmp(&numbers[b]))
}

/// What a cell's number is by theory; where theory has none, the number that a claim says it is.
fn truth(experiment: &Experiment, claim: &Claim, cell: ClaimCell) -> Option<f64> {
    let truth = match cell {
        ClaimCell::Row(row) => {
            let theory = experiment.theory(row);
            theory.exact.value().or_else(|| claim.kind.number(theory))
        }
        ClaimCell::Pair(first, second) => {
            let exact = |row| experiment.exact(row).value();
            match claim.kind.says(experiment.theory(first), false) {
                Said::One(_) => None,
                Said::Two(contrast, _) => Some(contrast.of(exact(first)?, exact(second)?)),
            }
        }
    };
    truth.filter(|truth| truth.is_finite())
}
