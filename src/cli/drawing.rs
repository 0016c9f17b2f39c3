//! Owns the drawing of an experiment's replicates: every block from the journal or computed into it.

use super::journal::{self, Own, Plan};
use super::progress::Progress;
use super::run::How;
use super::{CliError, say};
use crate::engine::{Run, RunError, Spec, Watch, fill};
use crate::experiment::Experiment;
use crate::inference::groups::Groups;
use crate::record::journal::Journal;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The replicates of an experiment, drawn.
pub(super) struct Drawn {
    /// Group sums of each scenario.
    pub groups: Vec<Groups>,
    /// Seconds that it took.
    pub seconds: f64,
    /// Blocks computed now.
    pub computed: u64,
    /// Blocks kept by earlier runs.
    pub reused: u64,
}

/// Draws every scenario, or the share of them that `how` names: then there is nothing to fold.
pub(super) fn draw(
    experiment: &Experiment,
    file: &str,
    directory: &Path,
    how: &How<'_>,
    stop: &AtomicBool,
) -> Result<Drawn, CliError> {
    let journal = journal::open(directory, experiment, file, how.shard, how.fresh)?;
    let plan = plan(&journal, experiment, how);
    if !how.quiet {
        plan.lines()
            .iter()
            .for_each(|line| say(&format!("{}: {line}", experiment.name)));
    }
    let progress = Progress::new(experiment, &plan, how);
    let watch = Watch {
        finished: &|came| progress.block(came),
        stop,
    };
    let groups = scenarios(experiment, &journal, how, &watch);
    let seconds = progress.finish();
    // Even of a run that was interrupted or failed, what is finished is kept.
    let synced = journal.out.sync();
    let groups = groups.map_err(|error| failure(experiment, &error))?;
    synced.map_err(CliError::run)?;
    Ok(Drawn {
        groups,
        seconds,
        computed: progress.computed(),
        reused: plan.reused,
    })
}

/// What there is to do.
fn plan(journal: &Journal, experiment: &Experiment, how: &How<'_>) -> Plan {
    let blocks = |_: usize, spec: &Spec| spec.blocks(experiment.replicates);
    match how.shard {
        None => Plan::new(&journal.kept, experiment, |index, spec| {
            (0..blocks(index, spec)).collect()
        }),
        Some(shard) => {
            let mut before = 0;
            Plan::new(&journal.kept, experiment, |index, spec| {
                let own = blocks(index, spec);
                before += own;
                shard.mine(before - own, own).collect()
            })
        }
    }
}

/// The group sums of each scenario; of a share nothing.
fn scenarios(
    experiment: &Experiment,
    journal: &Journal,
    how: &How<'_>,
    watch: &Watch<'_>,
) -> Result<Vec<Groups>, RunError> {
    let mut before = 0;
    let mut groups = Vec::new();
    for scenario in &experiment.scenarios {
        let (study, spec) = (scenario.study.as_study(), scenario.study.spec());
        let own = Own::new(&journal.kept, Some(&journal.out), spec);
        let blocks = spec.blocks(experiment.replicates);
        match how.shard {
            Some(shard) => fill(study, shard.mine(before, blocks), &own, watch)?,
            None => {
                let mut run = Run::new(study, &own, watch);
                run.to(blocks)?;
                groups.push(run.groups());
            }
        }
        before += blocks;
    }
    Ok(groups)
}

fn failure(experiment: &Experiment, error: &RunError) -> CliError {
    match error {
        RunError::Interrupted => CliError::Run(format!(
            "{}: interrupted; finished blocks are kept, and the same command goes on from there",
            experiment.name
        )),
        other => CliError::run(other),
    }
}
