//! A validated experiment, and its rows.

use super::claim::model::{Claim, ClaimCell};
use super::figure::{Draws, FigureSpec};
use super::table::{Cell, Column, FixedKey, RowRef, VERSUS};
use crate::engine::{Estimand, ExactCache, ExactJob, Of, Stop};
use crate::format::{Faults, Source};
use crate::study::{Question, TheoryRow};
use std::collections::{BTreeMap, HashSet};
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
    /// What its exact values follow from, as far as it is [settled](Experiment::settle).
    pub known: ExactCache,
    /// How long each scenario is run.
    pub stop: Stop,
    /// The largest share of its replicates that an arm may fail in.
    pub failures: f64,
    /// Replicates of a quick run, at most as many.
    pub quick: u64,
    /// The columns of its results: swept keys, then arm keys.
    pub columns: Vec<Column>,
    /// The keys that might vary and do not, each with the one value that all rows have.
    pub(super) fixed: Vec<FixedKey>,
    /// The scenarios in order.
    pub scenarios: Vec<Scenario>,
    /// Claims in order.
    pub claims: Vec<Claim>,
    /// Figures in order.
    pub figures: Vec<FigureSpec>,
    pub(super) asked: Asked,
}

/// What of the file waits for its rows: finds them for its claims and figures, as far as exact values are settled.
#[derive(Clone)]
pub(super) struct Asked(pub Arc<Resolve>);

/// The claims and figures of an experiment, or what is wrong with them.
type Resolve = dyn Fn(&Experiment) -> Result<(Vec<Claim>, Vec<FigureSpec>), Faults> + Send + Sync;

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asked")
    }
}

/// One point of the sweep, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// One per arm: the cells of all columns.
    pub cells: Vec<Vec<Cell>>,
    /// The cells of a row that belongs to no one arm: those of arm keys are empty.
    pub shared: Vec<Cell>,
    /// The cells of rows that compare two arms, by the index of the estimand: those of the first, and the second under `versus`.
    pub contrasts: BTreeMap<usize, Vec<Cell>>,
    /// What the engine runs.
    pub study: Arc<dyn Question>,
    /// What theory says of each estimand, as far as it is settled; none where that is what its specification states.
    pub(super) settled: Option<Box<[TheoryRow]>>,
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

    /// Those of them that were not known when it was settled: rows that rest on them are pending.
    pub fn pending_jobs(&self) -> Vec<&ExactJob> {
        let mut jobs = self.exact_jobs();
        jobs.retain(|job| !self.known.has(job));
        jobs
    }

    /// The figures that show single replicates: name and what.
    pub fn draws(&self) -> impl Iterator<Item = (&str, Draws<'_>)> {
        let figures = self.figures.iter();
        figures.filter_map(|spec| Some((spec.name.as_str(), spec.view.draws()?)))
    }

    /// The estimand of a row.
    pub fn estimand(&self, row: RowRef) -> &Estimand {
        &self.scenarios[row.scenario].study.spec().estimands[row.estimand]
    }

    /// The cells of a row, one per column.
    pub fn cells(&self, row: RowRef) -> &[Cell] {
        let scenario = &self.scenarios[row.scenario];
        match self.estimand(row).of {
            Of::Arm(arm) | Of::Beside { arm, .. } => &scenario.cells[arm],
            Of::Contrast { .. } => &scenario.contrasts[&row.estimand],
            Of::Arms(_) => &scenario.shared,
        }
    }

    /// The level that a row cannot fall below however many responses are kept ([`EstimandKind::floor`](crate::engine::EstimandKind::floor)).
    ///
    /// None where the arm does not keep at random: what it keeps varies with the prompt by another amount than V_x.
    pub fn floor(&self, row: RowRef) -> Option<f64> {
        let estimand = self.estimand(row);
        let pools = self.scenarios[row.scenario].study.pools();
        let selects = |arm| pools.is_some_and(|pools| !pools.arm(arm).choice.is_random());
        let kind = estimand
            .kind
            .floor
            .filter(|_| !estimand.of.shown().is_some_and(selects));
        self.exact_beside(row, kind)
    }

    /// The exact value of another estimand of a row's arm, such as its [bound](crate::engine::EstimandKind::bound).
    pub fn exact_beside(&self, row: RowRef, other: Option<&str>) -> Option<f64> {
        let (own, other) = (self.estimand(row), other?);
        let mut estimands = self.scenarios[row.scenario].study.estimands().iter();
        let estimand = estimands.position(|estimand| estimand.of == own.of && estimand.name() == other)?;
        self.exact(RowRef { estimand, ..row }).value()
    }

    /// The keys of a row in words: `prompts = 16, responses = 4`.
    pub fn describe(&self, row: RowRef) -> String {
        let at = match self.estimand(row).at.as_str() {
            "" => None,
            at => Some(format!("at = {at}")),
        };
        joined(self.named(self.cells(row)).chain(at).collect())
    }

    /// The keys of an arm in words.
    pub fn describe_arm(&self, scenario: usize, arm: usize) -> String {
        joined(self.named(&self.scenarios[scenario].cells[arm]).collect())
    }

    /// Column by column, without a second arm that follows from the first.
    fn named<'a>(&'a self, cells: &'a [Cell]) -> impl Iterator<Item = String> + 'a {
        let named = self.columns.iter().zip(cells);
        let named = named.filter(|(column, _)| !(column.key == VERSUS && column.derived));
        let given = named.filter(|(_, cell)| !cell.text.is_empty());
        given.map(|(column, cell)| format!("{} = {}", column.name, cell.text))
    }

    /// The keys of a cell's rows in words.
    pub fn describe_cell(&self, cell: ClaimCell) -> String {
        let rows: Vec<String> = cell.rows().map(|row| self.describe(row)).collect();
        rows.join(" against ")
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
