//! Owns what experiments and figures ask of a scenario: the theory of its rows and of the arms between its own, once exact
//! jobs are known.

use super::complete::complete_share;
use super::estimands::Known;
use super::{FitArm, Training, descent_trace, worker};
use crate::engine::{EstimandKind, Exact, ExactCache, Prepared, Reference, Spec, StudyError};
use crate::study::{Lack, LeftOut, Question, Scenario, Theory, TraceTable, batches};
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfFits<'a> {
    study: &'a Training,
    known: Known<'a>,
}

impl<'a> OfFits<'a> {
    /// As far as exact jobs are known.
    pub fn new(study: &'a Training, known: &ExactCache) -> Self {
        let known = Known::new(study.draws.world.as_ref(), &study.arms, &study.asked, Some(known));
        Self { study, known }
    }

    /// The arm of an estimand with another number of prompts, responses or candidates; none where there can be no such arm.
    fn arm_at(&self, estimand: usize, key: &str, value: u32) -> Option<FitArm> {
        let arm = &self.study.arms[self.spec().estimands[estimand].of.shown()?];
        Some(FitArm {
            pool: arm.pool.with(key, value)?,
            ..*arm
        })
    }
}

impl Theory for OfFits<'_> {
    fn spec(&self) -> &Spec {
        &self.study.scenario.spec
    }

    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        Some(self.known.exact(&self.study.rows[estimand]))
    }

    fn reference(&mut self, estimand: usize) -> Option<Reference> {
        let row = &self.study.rows[estimand];
        self.known
            .reference(row.entry, row.measure.own(), &self.study.arms[row.arm])
    }

    fn exact_at(&mut self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let arm = self.arm_at(estimand, key, value)?;
        self.known.exact_at(&self.study.rows[estimand], &arm)
    }

    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let arm = self.arm_at(estimand, key, value as u32)?;
        self.spec().estimands[estimand].reference?;
        let row = &self.study.rows[estimand];
        self.known.reference(row.entry, row.measure.own(), &arm)
    }
}

impl Question for Training {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        batches::prepared(&self.draws, &self.scenario.spec, worker::Plan::new(self))
    }

    fn estimates_best(&self) -> bool {
        self.optimum("responses").is_some()
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let mut tables = self.scenario.trace(replicate, prompts);
        tables.push(descent_trace::trace(self, replicate));
        tables
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfFits::new(self, known))
    }

    fn optimum(&self, along: &str) -> Option<f64> {
        self.draws.optimum(along)
    }

    fn condition_share(&self, estimand: usize) -> Option<f64> {
        let own = &self.scenario.spec.estimands[estimand];
        own.given?;
        complete_share(self.draws.world.as_ref(), &self.arms[own.of.shown()?])
    }

    /// Arms of one budget that are too few for a best K.
    fn lack(&self, kind: &EstimandKind) -> Option<Lack> {
        self.best_k()?.lack(kind)
    }

    fn left_out(&self, estimand: usize) -> Option<LeftOut> {
        self.scenario.spec.estimands[estimand].given.map(|_| LeftOut {
            who: "fits that miss a mode",
            remark: "leaving them out flatters small K",
        })
    }
}
