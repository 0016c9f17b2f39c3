//! Owns what theory says of a scenario's rows, of the arms between its own and of the steps between those recorded, once laws are known.

use super::{Alignment, PathArm, estimands};
use crate::engine::{EstimandKind, Exact, ExactCache};
use crate::study::laws::KnownLaws;
use crate::study::theory::{Theory, TheoryRow};
use std::collections::VecDeque;

/// The theory of a scenario.
pub(super) struct OfPaths<'a> {
    study: &'a Alignment,
    laws: KnownLaws<'a>,
    /// Rows that were met in the descent of the row before, from the next one on.
    ahead: (usize, VecDeque<Exact>),
}

impl<'a> OfPaths<'a> {
    /// As far as laws are known.
    pub fn new(study: &'a Alignment, known: &ExactCache) -> Self {
        Self {
            study,
            laws: study.laws.known(known),
            ahead: (0, VecDeque::new()),
        }
    }

    /// The exact value of a row. All steps of a path are met in one descent, so that the rows after it are kept.
    fn exact(&mut self, estimand: usize) -> Exact {
        if self.ahead.0 != estimand || self.ahead.1.is_empty() {
            let rows = &self.study.spec.estimands[estimand..];
            let first = &rows[0];
            let same = rows
                .iter()
                .take_while(|own| own.of == first.of && own.name() == first.name());
            let steps: Vec<u32> = same.filter_map(|own| own.at.parse().ok()).collect();
            self.ahead.1 = self.at_steps(estimand, &steps).into();
        }
        self.ahead.0 = estimand + 1;
        self.ahead.1.pop_front().unwrap_or(Exact::Pending)
    }

    /// The exact values of a row's estimand at steps that ascend.
    fn at_steps(&self, estimand: usize, steps: &[u32]) -> Vec<Exact> {
        let own = &self.study.spec.estimands[estimand];
        match own.of.shown() {
            Some(arm) => self.exact_of(&self.study.arms[arm], own.kind, steps),
            None => Vec::new(),
        }
    }

    fn exact_of(&self, arm: &PathArm, kind: &EstimandKind, steps: &[u32]) -> Vec<Exact> {
        estimands::exact(self.study.world.as_ref(), &self.laws, arm, kind, steps)
    }
}

impl Theory for OfPaths<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        let stated = TheoryRow::stated(&self.study.spec.estimands[estimand]);
        match stated.exact {
            Exact::Pending => TheoryRow {
                exact: self.exact(estimand),
                ..stated
            },
            _ => stated,
        }
    }

    /// Also at other steps, as `at`. The number of prompts changes no exact value here.
    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let own = &self.study.spec.estimands[estimand];
        let (Some(arm), Ok(step)) = (own.of.shown().map(|index| &self.study.arms[index]), own.at.parse()) else {
            return vec![None; values.len()];
        };
        if key == "at" {
            return self.at_steps(estimand, values).into_iter().map(Exact::value).collect();
        }
        let of_other = |&value: &u32| {
            let mut other = arm.clone();
            if key != "prompts" {
                other.pool = arm.pool.with(key, value)?;
            }
            self.exact_of(&other, own.kind, &[step]).pop()?.value()
        };
        values.iter().map(of_other).collect()
    }
}
