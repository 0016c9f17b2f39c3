//! Owns the step from what is estimated to the rows of `estimates.csv`.

use crate::engine::{Estimand, Exact, Row, Stop};
use crate::experiment::Experiment;
use crate::inference::reported::Reported;
use crate::record::EstimateRecord;

/// The rows of `estimates.csv`, of the rows that are estimated for each scenario.
pub fn estimates(experiment: &Experiment, rows: Vec<Vec<Row>>) -> Vec<EstimateRecord> {
    experiment
        .rows()
        .zip(rows.into_iter().flatten())
        .map(|(row, own)| {
            let estimand = experiment.estimand(row);
            let estimate = own.measured.as_ref().map(|measured| measured.estimate());
            let exact = experiment.exact(row);
            let reported = own.measured.map(|measured| measured.reported(exact.value()));
            let reported = reported.unwrap_or_default();
            EstimateRecord {
                scenario: row.scenario as u64,
                cells: experiment.cells(row).iter().map(|cell| cell.text.clone()).collect(),
                estimand: estimand.name().to_owned(),
                at: estimand.at.clone(),
                // Unknown is empty (law 5): an angle of a gradient that has none, the mean of a void arm.
                estimate: reported.value,
                mcse: reported.mcse,
                df: estimate.map(|e| e.df),
                low: reported.bounds.map(|(low, _)| low),
                high: reported.bounds.map(|(_, high)| high),
                exact: exact.value(),
                reference: experiment.reference(row).map(|reference| reference.value),
                reference_name: experiment
                    .reference(row)
                    .map_or("", |reference| reference.name)
                    .to_owned(),
                replicates: if estimate.is_some() {
                    own.replicates - own.failed - own.left_out
                } else {
                    0
                },
                failed: own.failed,
                left_out: own.left_out,
                note: note(exact, &reported),
                target: target(&experiment.stop, estimand, &own),
            }
        })
        .collect()
}

/// Why a value of the row is empty, and what must be known of those that are not.
fn note(exact: Exact, reported: &Reported) -> String {
    let why = exact.why_none().map(|why| format!("no exact value: {why}"));
    let cautions = reported.cautions.iter().map(ToString::to_string);
    cautions.chain(why).collect::<Vec<String>>().join("; ")
}

/// Whether a row met its target of precision; empty without one.
fn target(stop: &Stop, estimand: &Estimand, own: &Row) -> String {
    let met = match stop {
        Stop::Precise(precision) => precision.met(estimand, own.measured.as_ref()),
        Stop::Replicates(_) => None,
    };
    match met {
        None => "",
        Some(true) => "met",
        Some(false) => "missed",
    }
    .to_owned()
}
