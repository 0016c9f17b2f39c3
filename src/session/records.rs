//! Owns the step from what is estimated to the rows of `estimates.csv`.

use crate::engine::{Estimand, Exact, Row, Stop};
use crate::experiment::{Cell, Experiment, RowRef};
use crate::inference::reported::Reported;
use crate::numerics::text::{Text, Texts};
use crate::record::EstimateRecord;
use std::sync::Arc;

/// The rows of `estimates.csv`, of the rows that are estimated for each scenario.
pub fn estimates(experiment: &Experiment, rows: Vec<Vec<Row>>) -> Vec<EstimateRecord> {
    let (mut records, mut all) = (Records::default(), Vec::new());
    for (scenario, rows) in rows.into_iter().enumerate() {
        records.add(experiment, scenario, rows, &mut all);
    }
    all
}

/// Makes them scenario by scenario: what many rows say alike is kept once.
#[derive(Default)]
pub(super) struct Records(Texts);

impl Records {
    /// Adds the rows of a scenario.
    pub fn add(&mut self, experiment: &Experiment, scenario: usize, rows: Vec<Row>, all: &mut Vec<EstimateRecord>) {
        let mut cells_before: (&[Cell], Arc<[Text]>) = Default::default();
        for own in rows {
            let row = RowRef {
                scenario,
                estimand: own.estimand,
            };
            let cells = experiment.cells(row);
            if !std::ptr::eq(cells, cells_before.0) {
                cells_before = (cells, cells.iter().map(|cell| cell.text.clone()).collect());
            }
            all.push(self.record(experiment, row, own, cells_before.1.clone()));
        }
    }

    fn record(&mut self, experiment: &Experiment, row: RowRef, own: Row, cells: Arc<[Text]>) -> EstimateRecord {
        let estimand = experiment.estimand(row);
        let estimate = own.measured.as_ref().map(|measured| measured.estimate());
        let exact = experiment.exact(row);
        let reported = own.measured.map(|measured| measured.reported(exact.value()));
        let reported = reported.unwrap_or_default();
        let reference = experiment.reference(row);
        EstimateRecord {
            scenario: row.scenario as u64,
            cells,
            estimand: self.0.share(estimand.name()),
            at: estimand.at.clone(),
            // Unknown is empty (law 5): an angle of a gradient that has none, the mean of a void arm.
            estimate: reported.value,
            mcse: reported.mcse,
            df: estimate.map(|e| e.df),
            low: reported.bounds.map(|(low, _)| low),
            high: reported.bounds.map(|(_, high)| high),
            exact: exact.value(),
            reference: reference.map(|reference| reference.value),
            reference_name: self.0.share(reference.map_or("", |reference| reference.name)),
            replicates: if estimate.is_some() {
                own.replicates - own.failed - own.left_out
            } else {
                0
            },
            failed: own.failed,
            left_out: own.left_out,
            note: self.0.share(&note(exact, &reported)),
            target: self.0.share(target(&experiment.stop, estimand, &own)),
        }
    }
}

/// Why a value of the row is empty, and what must be known of those that are not.
fn note(exact: Exact, reported: &Reported) -> String {
    let why = exact.why_none().map(|why| format!("no exact value: {why}"));
    let cautions = reported.cautions.iter().map(ToString::to_string);
    cautions.chain(why).collect::<Vec<String>>().join("; ")
}

/// Whether a row met its target of precision; empty without one.
fn target(stop: &Stop, estimand: &Estimand, own: &Row) -> &'static str {
    let met = match stop {
        Stop::Precise(precision) => precision.met(estimand, own.measured.as_ref()),
        Stop::Replicates(_) => None,
    };
    match met {
        None => "",
        Some(true) => "met",
        Some(false) => "missed",
    }
}
