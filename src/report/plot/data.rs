//! Owns what a figure is made from, the experiment beside its records, and what is made of it.

use crate::experiment::{Experiment, FigureSpec, RowRef, by_column};
use crate::inference::cell::FEWEST_GROUPS;
use crate::record::{CurveRecord, EstimateRecord, PoolRecord};
use crate::report::figure::Body;
use std::sync::Arc;

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

/// A figure's rows beside their records.
pub(super) struct Data<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) records: &'a Records,
    pub(super) spec: &'a FigureSpec,
    /// The rows of each panel, after the value that they have in common.
    pub(super) panels: Vec<(String, Vec<RowRef>)>,
    /// Index of each scenario's first record.
    first: Vec<usize>,
}

impl<'a> Data<'a> {
    pub(super) fn new(experiment: &'a Experiment, records: &'a Records, spec: &'a FigureSpec) -> Self {
        let mut first = vec![0; experiment.scenarios.len()];
        for (index, row) in experiment.rows().enumerate() {
            if row.estimand == 0 {
                first[row.scenario] = index;
            }
        }
        Self {
            experiment,
            records,
            spec,
            panels: by_column(experiment, &spec.rows, spec.panel),
            first,
        }
    }

    /// The rows of each panel.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[RowRef]> {
        self.panels.iter().map(|(_, rows)| rows.as_slice())
    }

    pub(super) fn record(&self, row: RowRef) -> &'a EstimateRecord {
        &self.records.estimates[self.line(row)]
    }

    /// Place of a row's record among all.
    pub(super) fn line(&self, row: RowRef) -> usize {
        self.first[row.scenario] + row.estimand
    }

    /// The values of a column in all panels, so that each looks the same in all of them.
    pub(super) fn values(&self, column: Option<usize>) -> Vec<String> {
        let groups = by_column(self.experiment, &self.spec.rows, column);
        groups.into_iter().map(|(value, _)| value).collect()
    }

    pub(super) fn text(&self, row: RowRef, column: usize) -> &'a str {
        &self.experiment.cells(row)[column].text
    }
}

/// Whether an error rests on so few groups that no claim is judged by it either.
pub(super) fn is_unsure(record: &EstimateRecord) -> bool {
    record.df.is_some_and(|df| df < FEWEST_GROUPS - 1.0)
}

/// A panel as its kind draws it.
pub(super) struct Drawn {
    pub(super) body: Arc<dyn Body>,
    /// The rows of which it shows estimates.
    pub(super) rows: Vec<RowRef>,
    /// The rows behind each number that it shows: by series, and by item there.
    pub(super) sources: Vec<Vec<Vec<RowRef>>>,
    /// Which numbers of its rows it shows, where a panel beside it shows others of the same.
    pub(super) shows: Option<&'static str>,
    /// What must be known beside it, but for what these rows leave out.
    pub(super) notes: Vec<String>,
}

impl Drawn {
    /// One that shows these rows, of which nothing else must be known.
    pub(super) fn new(body: impl Body, rows: &[RowRef]) -> Self {
        Self {
            body: Arc::new(body),
            rows: rows.to_vec(),
            sources: Vec::new(),
            shows: None,
            notes: Vec::new(),
        }
    }
}
