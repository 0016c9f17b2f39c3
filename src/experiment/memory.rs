//! Owns what is foretold of an experiment's memory, once it is read: its text, its scenarios, their cells and estimands.

use super::table::Cell;
use super::validated::{Experiment, Scenario};
use crate::engine::{list, piece};
use crate::study::TheoryRow;

impl Experiment {
    /// Bytes that it takes.
    pub fn memory(&self) -> u64 {
        let jobs = self.exact_jobs().into_iter().map(|job| {
            let numbers = if self.known.has(job) {
                0
            } else {
                list::<f64>(job.numbers)
            };
            2 * piece(job.key.text().len()) + numbers
        });
        let scenarios = self.scenarios.iter().map(Scenario::memory);
        piece(self.source.text.len())
            + list::<Scenario>(self.scenarios.len())
            + self.known.memory()
            + scenarios.chain(jobs).sum::<u64>()
    }
}

impl Scenario {
    fn memory(&self) -> u64 {
        let cells = self.cells.iter().chain([&self.shared]).map(|cells| of_cells(cells));
        let study = &self.study;
        list::<Vec<Cell>>(self.cells.len())
            + cells.sum::<u64>()
            + study.spec().memory()
            + study.memory().held
            + list::<TheoryRow>(self.settled.as_ref().map_or(0, |own| own.len()))
    }
}

fn of_cells(cells: &[Cell]) -> u64 {
    list::<Cell>(cells.len()) + cells.iter().map(|cell| piece(cell.text.len())).sum::<u64>()
}
