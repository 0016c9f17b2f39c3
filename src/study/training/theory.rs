//! Owns what theory says of a scenario's rows and of the arms between its own, once exact jobs are known.

use super::complete;
use super::selected::KnownSelected;
use super::{FitArm, Measure, Training, estimands};
use crate::engine::{Exact, ExactCache, Reference};
use crate::study::theory::{Theory, TheoryRow};

/// The theory of a scenario.
pub(super) struct OfFits<'a> {
    study: &'a Training,
    selected: KnownSelected<'a>,
    means: Vec<Exact>,
}

impl<'a> OfFits<'a> {
    /// As far as exact jobs are known.
    pub fn new(study: &'a Training, known: &ExactCache) -> Self {
        let asked = &study.asked;
        Self {
            study,
            selected: asked.selected.known(study.world.as_ref(), &study.arms, Some(known)),
            means: asked.means.known(Some(known)),
        }
    }

    /// The exact value of a row that rests on jobs.
    fn exact(&self, estimand: usize) -> Option<Exact> {
        let own = &self.study.spec.estimands[estimand];
        if let Some(best) = self.study.asked.best.iter().find(|best| best.kind.name == own.name()) {
            return Some(best.exact(&self.means));
        }
        let (index, measure) = (own.of.shown()?, Measure::of(own.kind)?);
        Some(match own.kind.quantity.name {
            "complete" => {
                let offset = estimands::offset(self.study.world.as_ref(), measure);
                estimands::with_offset(offset, self.means[index])
            }
            _ => self.selected.exact(index, measure),
        })
    }

    /// The reference of a row that rests on a law.
    fn reference(&self, estimand: usize) -> Option<Reference> {
        let own = &self.study.spec.estimands[estimand];
        let arm = &self.study.arms[own.of.shown()?];
        self.selected
            .many_prompts(self.study.world.as_ref(), arm, Measure::of(own.kind)?)
    }

    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.study.spec.estimands[estimand];
        let arm = self.arm_at(own.of.shown()?, key, value)?;
        let (world, measure) = (self.study.world.as_ref(), Measure::of(own.kind)?);
        match own.kind.quantity.name {
            "complete" => Some(estimands::offset(world, measure) + complete::at_once(world, &arm)?),
            _ if matches!(measure, Measure::MissingMode | Measure::ModesSeen) => {
                self.selected.exact_at(world, &arm, measure).value()
            }
            _ => None,
        }
    }
}

impl Theory for OfFits<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        let stated = TheoryRow::stated(&self.study.spec.estimands[estimand]);
        TheoryRow {
            exact: match stated.exact {
                Exact::Pending => self.exact(estimand).unwrap_or(stated.exact),
                known => known,
            },
            reference: match stated.reference {
                Some(pending) if pending.value.is_nan() => self.reference(estimand),
                known => known,
            },
        }
    }

    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let at = |&value: &u32| self.exact_at(estimand, key, value);
        values.iter().map(at).collect()
    }

    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.study.spec.estimands[estimand];
        let arm = self.arm_at(own.of.shown()?, key, value as u32)?;
        let (world, measure) = (self.study.world.as_ref(), Measure::of(own.kind)?);
        own.reference?;
        let of_many =
            || (own.kind.quantity.name == "mean").then(|| self.selected.many_prompts(world, &arm, measure))?;
        estimands::first_order(world, &arm, measure).or_else(of_many)
    }
}

impl OfFits<'_> {
    /// An arm with another number of prompts, responses or candidates; none where there can be no such arm.
    fn arm_at(&self, index: usize, key: &str, value: u32) -> Option<FitArm> {
        let arm = &self.study.arms[index];
        Some(FitArm {
            pool: arm.pool.with(key, value)?,
            descent: arm.descent,
        })
    }
}
