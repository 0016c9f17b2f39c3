//! Owns the run of an experiment that somebody owns: exact jobs, drawing, and what follows at any time.

use super::curves::curves;
use super::drawing::Drawing;
use super::error::SessionError;
use super::findings::Findings;
use super::jobs;
use super::judge::Judged;
use super::observer::Observer;
use super::store::Store;
use crate::engine::{self, NoStore, Row, StudyError};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::{CurveRecord, EstimateRecord};

/// A run that somebody owns: it goes on piece by piece, knows its estimates at any time, and needs no terminal and no files.
pub struct Session {
    experiment: Experiment,
    drawing: Drawing,
}

/// What a run gives, as it is stored.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rows of `estimates.csv`.
    pub estimates: Vec<EstimateRecord>,
    /// The claims, judged.
    pub claims: Vec<Judged>,
    /// The rows of `curves.csv`.
    pub curves: Vec<CurveRecord>,
}

/// Runs an experiment from its exact values to its claims. Nothing is kept on the way.
///
/// # Errors
///
/// See [`SessionError`].
pub fn run(experiment: Experiment) -> Result<Outcome, SessionError> {
    let mut session = Session::new(experiment);
    session.run(&NoStore, &())?;
    Ok(session.outcome())
}

impl Session {
    /// A run of which nothing is done.
    pub fn new(experiment: Experiment) -> Self {
        Self {
            drawing: Drawing::new(&experiment),
            experiment,
        }
    }

    /// The experiment, settled as far as its exact jobs are done.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Finds in a store or works out what exact values rest on, and settles the experiment.
    ///
    /// # Errors
    ///
    /// See [`SessionError`].
    pub fn settle(&mut self, store: &dyn Store, observer: &dyn Observer) -> Result<(), SessionError> {
        jobs::settle(&mut self.experiment, store, observer)
    }

    /// Draws one piece; see [`Drawing::advance`]. Whether there was any.
    ///
    /// # Errors
    ///
    /// See [`SessionError`].
    pub fn advance(&mut self, store: &dyn Store, observer: &dyn Observer) -> Result<bool, SessionError> {
        Ok(self.drawing.advance(&self.experiment, store, observer)?)
    }

    /// Settles the experiment and draws all of it.
    ///
    /// # Errors
    ///
    /// See [`SessionError`].
    pub fn run(&mut self, store: &dyn Store, observer: &dyn Observer) -> Result<(), SessionError> {
        self.settle(store, observer)?;
        while self.advance(store, observer)? {}
        Ok(())
    }

    /// Blocks that are drawn, and that are needed as far as is known.
    pub fn blocks(&self) -> (u64, u64) {
        self.drawing.blocks()
    }

    /// What is estimated of a scenario by what is drawn so far.
    pub fn rows(&mut self, scenario: usize) -> Vec<Row> {
        let groups = self.drawing.standing(&self.experiment, scenario);
        self.experiment.scenarios[scenario].estimate(groups)
    }

    /// What follows from what is drawn so far.
    pub fn outcome(&mut self) -> Outcome {
        let mut findings = Findings::new(&self.experiment);
        for scenario in 0..self.experiment.scenarios.len() {
            findings.add(&self.experiment, self.drawing.standing(&self.experiment, scenario));
        }
        Outcome {
            claims: findings.judge(&self.experiment),
            estimates: findings.estimates,
            curves: curves(&self.experiment),
        }
    }

    /// What one replicate of a scenario adds to its batch, bit for bit.
    ///
    /// # Errors
    ///
    /// Where the scenario cannot be prepared.
    pub fn replay(&self, scenario: usize, replicate: u64) -> Result<Group, StudyError> {
        engine::replay(self.experiment.scenarios[scenario].study.as_ref(), replicate)
    }
}
