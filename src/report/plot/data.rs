//! Owns what a figure is made from: the experiment beside its records.

use crate::experiment::{Experiment, RowRef};
use crate::record::{CurveRecord, EstimateRecord, PoolRecord};

/// What is stored of a run, as far as figures show it.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// One per row of the experiment, in its order.
    pub estimates: Vec<EstimateRecord>,
    /// Every point of the curves and marks of theory that figures draw.
    pub curves: Vec<CurveRecord>,
    /// The pools of figures that show one, by the figure's name.
    pub draws: Vec<(String, PoolRecord)>,
}

impl Records {
    /// The pool of a figure.
    pub(super) fn pool(&self, figure: &str) -> Option<&PoolRecord> {
        self.draws.iter().find(|(name, _)| name == figure).map(|(_, pool)| pool)
    }
}

/// The experiment beside its records.
pub(super) struct Data<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) records: &'a Records,
    /// Index of each scenario's first record.
    pub(super) first: Vec<usize>,
}

impl<'a> Data<'a> {
    pub(super) fn new(experiment: &'a Experiment, records: &'a Records) -> Self {
        let mut first = vec![0; experiment.scenarios.len()];
        for (index, row) in experiment.rows().enumerate() {
            if row.estimand == 0 {
                first[row.scenario] = index;
            }
        }
        Self {
            experiment,
            records,
            first,
        }
    }

    pub(super) fn record(&self, row: RowRef) -> &'a EstimateRecord {
        &self.records.estimates[self.first[row.scenario] + row.estimand]
    }

    pub(super) fn number(&self, row: RowRef, column: usize) -> Option<f64> {
        self.experiment.cells(row)[column].number
    }
}
