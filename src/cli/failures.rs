//! Owns what is said of arms that failed: in how many replicates, which command shows one, and when it is too many.

use super::journal::Own;
use super::{CliError, eprint};
use crate::engine::{self, BlockStore};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::journal::Kept;
use crate::report::page::shell_word;

/// An arm that failed in some replicates.
struct Failing {
    scenario: usize,
    arm: usize,
    failed: u64,
    of: u64,
}

/// Says which arms failed, with the command that shows the first failure of each. Refuses more than the file allows:
/// what is left of such an arm would be an estimate of something else.
pub(super) fn warn(experiment: &Experiment, totals: &[Group], kept: &Kept, quiet: bool) -> Result<(), CliError> {
    /// Who has read of three arms knows what is wrong.
    const SHOWN: usize = 3;
    let failing = failing(totals);
    let worst = failing.iter().max_by(|a, b| share(a).total_cmp(&share(b)));
    if let Some(worst) = worst.filter(|worst| share(worst) > experiment.failures) {
        return Err(CliError::Run(format!(
            "{}; more than run.failures = {} allows, and so no result is written; the blocks are kept, and with a larger \
             run.failures they are used",
            sentence(experiment, worst, kept)?,
            experiment.failures
        )));
    }
    if quiet {
        return Ok(());
    }
    for own in failing.iter().take(SHOWN) {
        eprint(&sentence(experiment, own, kept)?);
    }
    if failing.len() > SHOWN {
        eprint(&format!(
            "{}: {} more arms failed somewhere",
            experiment.name,
            failing.len() - SHOWN
        ));
    }
    Ok(())
}

fn share(own: &Failing) -> f64 {
    own.failed as f64 / own.of as f64
}

fn failing(totals: &[Group]) -> Vec<Failing> {
    let mut found = Vec::new();
    for (scenario, own) in totals.iter().enumerate() {
        let of = own.replicates;
        let valid = own.valid.iter().enumerate();
        found.extend(valid.filter(|(_, valid)| **valid < of).map(|(arm, valid)| Failing {
            scenario,
            arm,
            failed: of - valid,
            of,
        }));
    }
    found
}

fn sentence(experiment: &Experiment, own: &Failing, kept: &Kept) -> Result<String, CliError> {
    let words = experiment.describe_arm(own.scenario, own.arm);
    let show = first(experiment, own, kept)?.map_or_else(String::new, |replicate| {
        let sets: String = experiment
            .sets
            .iter()
            .map(|set| format!(" --set {}", shell_word(set)))
            .collect();
        format!(
            "; mode-lottery replay {}{sets} --scenario {} --replicate {replicate} shows the first",
            shell_word(&experiment.source.name),
            own.scenario
        )
    });
    Ok(format!(
        "{}: arm {} ({words}) of scenario {} failed in {} of {} replicates{show}",
        experiment.name, own.arm, own.scenario, own.failed, own.of
    ))
}

/// The first replicate in which an arm failed: of the first block that lost some, each is run alone.
fn first(experiment: &Experiment, own: &Failing, kept: &Kept) -> Result<Option<u64>, CliError> {
    let study = experiment.scenarios[own.scenario].study.as_ref();
    let (spec, size) = (study.spec(), study.spec().block_replicates());
    let blocks = Own::new(kept, None, spec);
    let lost = |block: &u64| {
        let batches = blocks.get(*block).unwrap_or_default();
        batches.iter().any(|batch| batch.valid[own.arm] < batch.replicates)
    };
    let Some(block) = (0..spec.blocks(own.of)).find(lost) else {
        return Ok(None);
    };
    for replicate in block * size..(block + 1) * size {
        if engine::replay(study, replicate).map_err(CliError::run)?.valid[own.arm] == 0 {
            return Ok(Some(replicate));
        }
    }
    Ok(None)
}
