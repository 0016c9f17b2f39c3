//! Owns what is kept of scenarios once they are drawn: their estimates, and what claims rest on. A sweep of thousands may be long, and
//! the joint sums of one scenario are more than all else that is known of it.

use super::case::Found;
use super::drawn::Drawn;
use super::judge::{self, Judged};
use super::records::Records;
use super::remarks::Barred;
use crate::engine::{list, piece};
use crate::experiment::{Experiment, Scenario};
use crate::inference::cell::{Cell, NoVerdict};
use crate::inference::groups::{Group, Groups};
use crate::numerics::text::Text;
use crate::record::EstimateRecord;

/// Judges every claim of an experiment on the joint group sums of its scenarios.
pub fn judge(experiment: &Experiment, groups: &[Groups]) -> Vec<Judged> {
    let mut findings = Findings::new(experiment);
    groups.iter().for_each(|own| findings.add(experiment, own));
    findings.judge(experiment)
}

/// What is known of the scenarios of an experiment that are drawn, the first ones so far.
pub struct Findings {
    /// The rows of `estimates.csv`.
    pub estimates: Vec<EstimateRecord>,
    /// The sums over all replicates of each scenario.
    pub totals: Vec<Group>,
    records: Records,
    /// The cells of claims in the order of their scenarios.
    places: Vec<Place>,
    /// What is found of the first of them.
    found: Vec<Found>,
}

/// A cell of a claim, by its scenario, its claim and its place there.
#[derive(Clone, Copy)]
struct Place {
    scenario: u32,
    claim: u32,
    cell: u32,
}

impl Findings {
    /// Nothing yet of an experiment, whose exact values are settled.
    pub fn new(experiment: &Experiment) -> Self {
        let mut places = Vec::new();
        for (claim, own) in (0..).zip(&experiment.claims) {
            places.extend((0..).zip(&own.cells).map(|(cell, of)| Place {
                scenario: of.scenario() as u32,
                claim,
                cell,
            }));
        }
        places.sort_by_key(|own| own.scenario);
        // At once: to grow is to have the old list and the new one.
        Self {
            estimates: Vec::with_capacity(experiment.rows().count()),
            totals: Vec::with_capacity(experiment.scenarios.len()),
            records: Records::default(),
            found: Vec::with_capacity(places.len()),
            places,
        }
    }

    /// About what it takes once all is found, in bytes.
    pub fn memory(experiment: &Experiment) -> u64 {
        let scenario = |own: &Scenario| {
            let (spec, columns) = (own.study.spec(), experiment.columns.len());
            let arms = spec.layout.arms() as u64;
            let total = piece(spec.layout.arms() * size_of::<u64>()) + list::<f64>(spec.layout.slots());
            let records = spec.estimands.len() * size_of::<EstimateRecord>();
            // Of a swept value nobody else has the text.
            records as u64 + size_of::<Group>() as u64 + total + arms * list::<Text>(columns + 1) + 2 * piece(1)
        };
        let cells: usize = experiment.claims.iter().map(|own| own.cells.len()).sum();
        let cell = size_of::<Found>() + size_of::<&Found>() + size_of::<Place>() + size_of::<Result<Cell, NoVerdict>>();
        experiment.scenarios.iter().map(scenario).sum::<u64>() + (cells * cell) as u64
    }

    /// How many scenarios.
    pub fn scenarios(&self) -> usize {
        self.totals.len()
    }

    /// Takes in the joint group sums of the next scenario.
    pub fn add(&mut self, experiment: &Experiment, groups: &Groups) {
        let scenario = self.scenarios();
        let rows = experiment.scenarios[scenario].estimate(groups);
        let barred = &Barred::new(&experiment.scenarios[scenario]);
        let drawn = Drawn {
            rows: &rows,
            groups,
            barred,
        };
        let own = self.places[self.found.len()..].iter();
        for place in own.take_while(|own| own.scenario as usize == scenario) {
            let claim = &experiment.claims[place.claim as usize];
            self.found
                .push(Found::new(experiment, claim, claim.cells[place.cell as usize], drawn));
        }
        self.records.add(experiment, scenario, rows, &mut self.estimates);
        self.totals.push(groups.total().clone());
    }

    /// Judges every claim, once all scenarios are drawn.
    pub fn judge(&self, experiment: &Experiment) -> Vec<Judged> {
        judge::judge(experiment, &self.cells(experiment))
    }

    /// What is found of each cell, claim by claim.
    pub(super) fn cells(&self, experiment: &Experiment) -> Vec<Vec<&Found>> {
        debug_assert_eq!(self.scenarios(), experiment.scenarios.len(), "all are drawn");
        let mut of_claims: Vec<Vec<(u32, &Found)>> = experiment.claims.iter().map(|_| Vec::new()).collect();
        for (place, found) in self.places.iter().zip(&self.found) {
            of_claims[place.claim as usize].push((place.cell, found));
        }
        of_claims.into_iter().map(in_order).collect()
    }
}

fn in_order(mut own: Vec<(u32, &Found)>) -> Vec<&Found> {
    own.sort_by_key(|(cell, _)| *cell);
    own.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
#[path = "findings_tests.rs"]
mod tests;
