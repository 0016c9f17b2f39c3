//! A validated experiment, and its rows.

use super::claim::{Claim, ClaimCell};
use super::figure::FigureSpec;
use super::table::{Cell, Column, RowRef};
use crate::engine::{Estimand, ExactJob, Known, Stop};
use crate::format::Source;
use crate::study::Setting;
use std::collections::HashSet;
use std::sync::Arc;

/// A validated experiment.
#[derive(Debug)]
pub struct Experiment {
    /// The file's name without directory and ending: the name of its results.
    pub name: String,
    /// What it shows, in one line.
    pub title: String,
    /// Prose printed beside the table.
    pub about: String,
    /// The file as read.
    pub source: Arc<Source>,
    /// `--set` arguments laid over it, in order.
    pub sets: Vec<String>,
    /// What was known, when the file was read, of exact values that take long.
    pub known: Known,
    /// How long each scenario is run.
    pub stop: Stop,
    /// The largest share of its replicates that an arm may fail in.
    pub failures: f64,
    /// Replicates of a quick run, at most as many.
    pub quick: u64,
    /// The columns of its results: swept keys, then arm keys.
    pub columns: Vec<Column>,
    /// The scenarios in order.
    pub scenarios: Vec<Scenario>,
    /// Claims in order.
    pub claims: Vec<Claim>,
    /// Figures in order.
    pub figures: Vec<FigureSpec>,
}

/// One point of the sweep, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// One per arm: the cells of all columns.
    pub cells: Vec<Vec<Cell>>,
    /// The cells of a row that belongs to no one arm: those of arm keys are empty.
    pub shared: Vec<Cell>,
    /// What the engine runs.
    pub study: Setting,
}

impl Experiment {
    /// The most replicates that a scenario may be run for, before they are rounded up to whole blocks.
    pub fn most_replicates(&self) -> u64 {
        match &self.stop {
            Stop::Replicates(replicates) => *replicates,
            Stop::Precise(precision) => precision.at_most,
        }
    }

    /// What exact values rest on and takes long, each once, in the order of the scenarios.
    pub fn exact_jobs(&self) -> Vec<&ExactJob> {
        let mut seen = HashSet::new();
        let all = self.scenarios.iter().flat_map(|scenario| &scenario.study.spec().exact);
        all.filter(|job| seen.insert(job.key.text())).collect()
    }

    /// Those of them that were not known when the file was read: rows that rest on them are pending.
    pub fn pending_jobs(&self) -> Vec<&ExactJob> {
        let mut jobs = self.exact_jobs();
        jobs.retain(|job| !self.known.has(job));
        jobs
    }

    /// The estimand of a row.
    pub fn estimand(&self, row: RowRef) -> &Estimand {
        &self.scenarios[row.scenario].study.spec().estimands[row.estimand]
    }

    /// The cells of a row, one per column.
    pub fn cells(&self, row: RowRef) -> &[Cell] {
        let scenario = &self.scenarios[row.scenario];
        match self.estimand(row).arm {
            Some(arm) => &scenario.cells[arm],
            None => &scenario.shared,
        }
    }

    /// The bound of the greedy guarantee in the arm of a row; none in other studies.
    pub fn bound_of(&self, row: RowRef) -> Option<f64> {
        let own = self.estimand(row);
        let estimands = self.scenarios[row.scenario].study.estimands();
        let bound = estimands
            .iter()
            .find(|e| e.arm == own.arm && e.name == "guarantee.bound")?;
        bound.exact.value()
    }

    /// The keys of a row in words: `prompts = 16, responses = 4`.
    pub fn describe(&self, row: RowRef) -> String {
        let at = match self.estimand(row).at.as_str() {
            "" => None,
            at => Some(format!("at = {at}")),
        };
        joined(self.named(row).chain(at).collect())
    }

    /// The keys of a cell's rows in words.
    pub fn describe_cell(&self, cell: ClaimCell) -> String {
        let rows: Vec<String> = cell.rows().map(|row| self.describe(row)).collect();
        rows.join(" against ")
    }

    /// The same without the place that the estimand stands at: the keys of its arm.
    pub fn describe_arm(&self, row: RowRef) -> String {
        joined(self.named(row).collect())
    }

    /// Column by column.
    fn named(&self, row: RowRef) -> impl Iterator<Item = String> + '_ {
        let named = self.columns.iter().zip(self.cells(row));
        let given = named.filter(|(_, cell)| !cell.text.is_empty());
        given.map(|(column, cell)| format!("{} = {}", column.name, cell.text))
    }

    /// All rows in the order of the results: scenario by scenario.
    pub fn rows(&self) -> impl Iterator<Item = RowRef> + '_ {
        self.scenarios.iter().enumerate().flat_map(|(scenario, one)| {
            (0..one.study.spec().estimands.len()).map(move |estimand| RowRef { scenario, estimand })
        })
    }
}

/// Keys in words; an experiment of one arm may have none.
fn joined(parts: Vec<String>) -> String {
    match parts.is_empty() {
        true => "the only arm".to_owned(),
        false => parts.join(", "),
    }
}
