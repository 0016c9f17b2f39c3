//! Owns the study `greedy`: how close greedy picks come to the best set.
//!
//! A replicate draws one instance, a pool of candidates with rewards and similarities of a named [`Family`], and compares the
//! greedy picks of every arm with the best set of the same size, found by trying all. It fits nothing and knows no prompts.

mod arm;
mod estimands;
mod family;
mod file;
mod judge;
mod measures;
#[cfg(test)]
mod tests;
mod theory;
mod triples;
mod worker;

pub use arm::{GreedyArm, bound, limit};
pub use family::Family;
pub use file::KIND;
pub use measures::{MEASURES, Measure, RATIOS};
pub use triples::TRIPLES;

use crate::engine::{Declared, Estimand, StudyError};
use crate::study::{Scenario, Setting};
use estimands::Row;
use measures::Statistic;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "greedy";

/// One scenario of the study: a family, a seed and the arms compared on its instances.
#[derive(Debug, Clone)]
pub struct Greedy {
    family: Family,
    arms: Arc<[GreedyArm]>,
    measures: Arc<[Measure]>,
    pick: judge::Pick,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Greedy {
    /// The scenario of `seed` and `family`: an error where there can be no such arm. Each keeps from 1 to N of N candidates, N
    /// from 2 to [`MOST_SEARCHED`](crate::select::MOST_SEARCHED), by `diverse` or `diverse-best`.
    pub fn new(seed: u64, family: Family, arms: Vec<GreedyArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, family, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: Setting<Family, GreedyArm, Measure>) -> Result<Self, StudyError> {
        let (family, arms, measures) = (setting.world, &setting.arms, &setting.measures);
        for (index, arm) in arms.iter().enumerate() {
            arm.check().map_err(|error| StudyError::of_arm(index, error))?;
        }
        let rows = arms.iter().enumerate().flat_map(|(index, arm)| {
            let places = measures.iter().zip(slots(measures, index));
            places.flat_map(move |(&measure, (_, first))| estimands::of_measure(measure, (index, arm), &family, first))
        });
        let (rows, estimands): (Vec<Row>, Vec<Estimand>) = rows.unzip();
        let climb = family.steps().map_or(String::new(), |steps| format!(" climb {steps}"));
        let declared = Declared {
            world: format!("instances {}", family.canonical()),
            study: format!("{}{climb}", NAME),
            unit: "one pool of candidates",
            estimands,
            words: words(&family, arms, measures),
            ..setting.declared(NAME, GreedyArm::canonical, per_arm(measures))
        };
        Ok(Self {
            scenario: Scenario::new(declared),
            family,
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            pick: judge::greedy,
            rows: rows.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[GreedyArm] {
        &self.arms
    }

    /// The law of its instances.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// The measures of an arm, and where the slots of each begin.
    fn slots(&self, arm: usize) -> impl Iterator<Item = (&'static Statistic, usize)> {
        slots(&self.measures, arm)
    }

    /// Whether greedy picks are compared with the best sets.
    fn compares(&self) -> bool {
        self.measures.iter().any(|measure| measure.own().compares)
    }
}

/// Slots of each arm.
fn per_arm(measures: &[Measure]) -> usize {
    measures.iter().map(|measure| measure.own().slots).sum()
}

fn slots(measures: &[Measure], arm: usize) -> impl Iterator<Item = (&'static Statistic, usize)> {
    let mut next = arm * per_arm(measures);
    measures.iter().map(move |measure| {
        let first = next;
        next += measure.own().slots;
        (measure.own(), first)
    })
}

/// Random words of one replicate.
fn words(family: &Family, arms: &[GreedyArm], measures: &[Measure]) -> u64 {
    let mut sizes: Vec<u32> = arms.iter().map(|arm| arm.candidates).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let most = sizes.last().copied().unwrap_or(2) as usize;
    let per_triple = |&n: &u32| TRIPLES as u64 * u64::from(n + 1);
    let triples = match measures.iter().any(|measure| measure.own().triples) {
        true => sizes.iter().map(per_triple).sum(),
        false => 0,
    };
    family.words(most) + triples + u64::from(family.steps().unwrap_or(0)) * sizes.len() as u64
}
