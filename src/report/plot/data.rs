//! Owns what a figure is made from, the experiment beside its records, and what is made of it.

use crate::experiment::{Experiment, FigureSpec, RowRef, by_column};
use crate::inference::cell::FEWEST_GROUPS;
use crate::record::{CurveRecord, DrawsRecord, EstimateRecord};
use crate::report::figure::Body;
use std::sync::Arc;

/// What is stored of a run, as far as figures show it.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// One per row of the experiment, in its order.
    pub estimates: Vec<EstimateRecord>,
    /// Every point of the curves and marks of theory that figures draw.
    pub curves: Vec<CurveRecord>,
    /// What figures show of single replicates, by the figure's name.
    pub draws: Vec<(String, DrawsRecord)>,
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

    /// What the figure shows of single replicates.
    pub(super) fn draws(&self) -> Option<&'a DrawsRecord> {
        let own = self.records.draws.iter().find(|(figure, _)| *figure == self.spec.name);
        own.map(|(_, draws)| draws)
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

    /// The same, numbers ascending and words in order of appearance.
    pub(super) fn ascending(&self, column: usize) -> Vec<String> {
        self.ascending_of(&self.spec.rows, column)
    }

    /// Those of some rows.
    pub(super) fn ascending_of(&self, rows: &[RowRef], column: usize) -> Vec<String> {
        let mut groups = by_column(self.experiment, rows, Some(column));
        let number = |rows: &[RowRef]| self.experiment.cells(rows[0])[column].number.unwrap_or(f64::INFINITY);
        groups.sort_by(|(_, a), (_, b)| number(a).total_cmp(&number(b)));
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

/// One standard error on either side of an estimate, where it is known well enough.
pub(super) fn error(record: &EstimateRecord) -> Option<[f64; 2]> {
    let (estimate, mcse) = (record.estimate?, record.mcse.filter(|_| !is_unsure(record))?);
    Some([estimate - mcse, estimate + mcse])
}

/// Why some of these rows have no error bars.
pub(super) fn unsure_note(data: &Data<'_>, rows: &[RowRef]) -> Vec<String> {
    let unsure = |row: &RowRef| Some(data.record(*row)).is_some_and(|own| own.mcse.is_some() && is_unsure(own));
    let note = "No error bars where errors rest on fewer than 20 groups of replicates.";
    rows.iter().any(unsure).then(|| note.to_owned()).into_iter().collect()
}

/// A panel as its kind draws it.
pub(super) struct Drawn {
    pub(super) body: Arc<dyn Body>,
    /// The rows of which it shows estimates.
    pub(super) rows: Vec<RowRef>,
    /// The rows behind each number that it shows: by series, and by item there.
    pub(super) sources: Vec<Vec<Vec<RowRef>>>,
    /// Which numbers of its rows it shows, where a panel beside it shows others of the same.
    pub(super) shows: Option<String>,
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
