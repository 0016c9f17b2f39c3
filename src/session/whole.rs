//! Owns the run of an experiment from the first block to its estimates, with nothing kept.

use super::records::estimates;
use crate::engine::{NoStore, Run, RunError, Stopping, Watch};
use crate::experiment::{Experiment, Scenario};
use crate::record::EstimateRecord;
use std::sync::atomic::AtomicBool;

/// Runs every scenario of a settled experiment for as long as it says: the rows of `estimates.csv`.
pub fn run(experiment: &Experiment) -> Result<Vec<EstimateRecord>, RunError> {
    let watch = Watch {
        finished: &|_| (),
        stop: &AtomicBool::new(false),
    };
    let one = |scenario: &Scenario| {
        let (study, spec) = (scenario.study.as_ref(), scenario.study.spec());
        let mut run = Run::new(study, &NoStore, &watch);
        run.until(&mut Stopping::new(&experiment.stop, spec), &mut |_| ())?;
        Ok(scenario.estimate(&run.finish()))
    };
    let rows = experiment.scenarios.iter().map(one).collect::<Result<_, RunError>>()?;
    Ok(estimates(experiment, rows))
}
