//! Owns what theory says of a scenario's rows and of the arms between its own, once laws are known.

use super::estimands::Truth;
use super::{Measure, Selection, contrast};
use crate::engine::{Exact, ExactCache};
use crate::study::laws::KnownLaws;
use crate::study::theory::{Theory, TheoryRow};

/// The theory of a scenario.
pub(super) struct OfArms<'a> {
    study: &'a Selection,
    laws: KnownLaws<'a>,
    /// That of the row before, which is often of the same arm and measure.
    last: Option<(usize, Measure, Truth)>,
}

impl<'a> OfArms<'a> {
    /// As far as laws are known.
    pub fn new(study: &'a Selection, known: &ExactCache) -> Self {
        Self {
            study,
            laws: study.laws.known(known),
            last: None,
        }
    }

    /// The exact value of a row whose law has been asked for.
    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        let own = &self.study.spec.estimands[estimand];
        let (index, measure) = (own.of.shown()?, Measure::of(own.kind)?);
        let arm = &self.study.arms[index];
        if measure == Measure::Returns {
            return contrast::exact(self.study.world.as_ref(), &self.laws, arm, own.kind.quantity.name);
        }
        let same = |(arm, of, _): &(usize, Measure, Truth)| (*arm, *of) == (index, measure);
        let (.., truth) = match self.last.take().filter(same) {
            Some(last) => self.last.insert(last),
            None => {
                let truth = Truth::of(self.study.world.as_ref(), &self.laws, arm, measure);
                self.last.insert((index, measure, truth))
            }
        };
        Some(truth.exact(arm, own.kind.quantity.name, own.at.parse().unwrap_or(0)))
    }

    /// The same if the arm had `value` for `key`. None where the key is neither, or the arm would keep more than its pool. A budget buys
    /// as many prompts as it then does.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.study.spec.estimands[estimand];
        let arm = self.study.arms[own.of.shown()?].with(key, value)?;
        let (measure, quantity) = (Measure::of(own.kind)?, own.kind.quantity.name);
        let world = self.study.world.as_ref();
        if measure == Measure::Returns {
            return contrast::exact(world, &self.laws, &arm, quantity)?.value();
        }
        let truth = Truth::of(world, &self.laws, &arm, measure);
        truth.exact(&arm, quantity, own.at.parse().unwrap_or(0)).value()
    }
}

impl Theory for OfArms<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        let stated = TheoryRow::stated(&self.study.spec.estimands[estimand]);
        match stated.exact {
            Exact::Pending => TheoryRow {
                exact: self.exact(estimand).unwrap_or(stated.exact),
                ..stated
            },
            _ => stated,
        }
    }

    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let at = |&value: &u32| self.exact_at(estimand, key, value);
        values.iter().map(at).collect()
    }
}
