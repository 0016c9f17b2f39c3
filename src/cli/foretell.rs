//! Owns what `check` says of claims before a run: those that will not be judged, and those that will hardly be settled.

use super::CliError;
use crate::engine;
use crate::experiment::Experiment;
use crate::inference::cell::FEWEST_GROUPS;
use crate::session::{Findings, foretell, remarks};

/// A scenario as it will be run.
pub(super) struct Planned {
    /// Replicates.
    pub replicates: u64,
    /// Seconds of one core that a block of it takes.
    pub seconds: f64,
}

/// One line for each thing to know. What would take more than `most` seconds of one core is not tried: a check is no run.
pub(super) fn lines(experiment: &Experiment, planned: &[Planned], most: f64) -> Result<Vec<String>, CliError> {
    if experiment.claims.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(line) = too_few(experiment, planned) {
        return Ok(vec![line]);
    }
    if !foretell::any(experiment) {
        return Ok(Vec::new());
    }
    let seconds: f64 = (0..planned.len())
        .map(|scenario| pilot_seconds(experiment, planned, scenario))
        .sum();
    if seconds > most {
        // Blocks are tried within it too.
        let asked = (2.0 * seconds + most).ceil();
        return Ok(vec![format!(
            "whether claims can be settled is not foretold: that takes about {} s of one core (--try {asked})",
            super::short_2(seconds)
        )]);
    }
    let mut few = Findings::new(experiment);
    for (index, scenario) in experiment.scenarios.iter().enumerate() {
        let own = engine::run(scenario.study.as_ref(), remarks::fewest(experiment, index)).map_err(CliError::run)?;
        few.add(experiment, &own);
    }
    let replicates: Vec<u64> = planned.iter().map(|own| own.replicates).collect();
    Ok(foretell::foretell(experiment, &few, &replicates))
}

/// Said where a scenario that claims look at will have too few groups.
fn too_few(experiment: &Experiment, planned: &[Planned]) -> Option<String> {
    let looked_at = experiment.claims.iter().flat_map(|claim| &claim.cells);
    let few = |&scenario: &usize| {
        let batch = experiment.scenarios[scenario].study.spec().batch;
        planned[scenario].replicates / batch < FEWEST_GROUPS as u64
    };
    let scenario = looked_at.map(|cell| cell.scenario()).find(few)?;
    let (planned, needed) = (planned[scenario].replicates, remarks::fewest(experiment, scenario));
    let groups = planned / experiment.scenarios[scenario].study.spec().batch;
    Some(format!(
        "claims will not be judged: {planned} replicates make {}, and at least {needed} replicates are needed",
        super::count(groups as usize, "group")
    ))
}

fn pilot_seconds(experiment: &Experiment, planned: &[Planned], scenario: usize) -> f64 {
    let spec = experiment.scenarios[scenario].study.spec();
    planned[scenario].seconds * spec.blocks(remarks::fewest(experiment, scenario)) as f64
}
