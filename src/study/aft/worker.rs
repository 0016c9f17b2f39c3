//! Owns a replicate: models are trained, and every arm measured on the same queries.

use super::arm::AftArm;
use super::bench::{Bench, BenchStreams};
use super::measures::Statistic;
use super::scored::Case;
use super::teaching::Teaching;
use super::{Aft, rows};
use crate::engine::{Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::lanes::Lanes;
use crate::numerics::stream::Streams;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// What all workers share.
pub(super) struct Plan {
    pub study: Aft,
    teaching: Teaching,
    bench: BenchStreams,
}

impl Plan {
    pub fn new(study: &Aft) -> Self {
        let streams = Streams::new(study.scenario.spec.draws.text());
        Self {
            teaching: Teaching::new(&streams, study.arms.iter().map(|arm| &arm.model)),
            bench: BenchStreams::new(&streams, &study.arms),
            study: study.clone(),
        }
    }

    /// Every arm of a replicate, one by one, as long as nobody stops it.
    pub fn each(&self, replicate: u64, stopped: &dyn Fn() -> bool, mut each: impl FnMut(usize, &mut Case<'_, '_>)) {
        let (study, world) = (&self.study, &self.study.asked.world);
        let school = self.teaching.school(world, replicate);
        let trained = self.teaching.train(school.as_ref(), world, replicate, stopped);
        let bench = Bench::new(world, study.asked.queries, &self.bench, replicate, &study.arms);
        let mut seen: Vec<Sight<'_>> = Vec::new();
        for (index, arm) in study.arms.iter().enumerate() {
            if stopped() {
                return;
            }
            let place = seen.iter().position(|own| own.is_of(arm)).unwrap_or_else(|| {
                seen.push(Sight::new(&bench, arm));
                seen.len() - 1
            });
            let model = &trained[self.teaching.place(&arm.model)];
            let Sight { prior, evidence, .. } = &seen[place];
            let mut case = Case::new(&bench, school.as_ref(), arm, model, prior, evidence);
            each(index, &mut case);
        }
    }

    fn measure(&self, replicate: u64, stopped: &dyn Fn() -> bool, group: &mut Group) {
        let measures = &self.study.measures;
        group.replicates += 1;
        self.each(replicate, stopped, |arm, case| {
            let values: Vec<f64> = measures
                .iter()
                .map(|measure| match measure.own() {
                    Statistic::Answers(of, _) if measure.applies(case.arm) => of(case),
                    _ => 0.0,
                })
                .collect();
            // Training that diverged is void whatever is measured of it (law 8).
            if values.iter().all(|value| value.is_finite()) {
                group.valid[arm] += 1;
                let slots = &mut group.sums[arm * values.len()..][..values.len()];
                slots.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
        });
    }
}

/// What a model sees of the queries: the base model's opinion, and what checking finds.
struct Sight<'a> {
    arm: &'a AftArm,
    prior: Vec<Lanes<f64>>,
    evidence: Vec<Lanes<f64>>,
}

impl<'a> Sight<'a> {
    fn new(bench: &Bench<'_>, arm: &'a AftArm) -> Self {
        let kappa = arm.answer.verification.unwrap_or(bench.world.verification);
        Self {
            arm,
            prior: rows::prior(&bench.queries, &arm.model.base, bench.queries.rows()),
            evidence: bench.queries.evidence(kappa),
        }
    }

    /// Whether another arm sees the same.
    fn is_of(&self, arm: &AftArm) -> bool {
        self.arm.model.base == arm.model.base && self.arm.answer.verification == arm.answer.verification
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Runs { plan: self })
    }
}

struct Runs<'a> {
    plan: &'a Plan,
}

impl Worker for Runs<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        let stop = tally.stop_flag();
        let stopped = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        for replicate in replicates {
            if tally.is_stopped() {
                return;
            }
            self.plan.measure(replicate, &stopped, tally.batch(replicate));
        }
        // Whoever was stopped on the way says so.
        tally.is_stopped();
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        self.plan.measure(replicate, &|| false, alone);
    }
}
