//! Owns the slots of the study: one run per arm and replicate, all arms on the same samples.

use super::measures::Ended;
use super::{Law, SAMPLES, Stopping};
use crate::engine::{
    self, Estimand, EstimandKind, Exact, Functional, Key, Of, Precision, Prepared, Quantity, Spec, Stop, Target, Worker,
};
use crate::inference::estimate::Estimate;
use crate::inference::groups::{Folder, Group, Layout};
use crate::inference::jackknife::jackknife;
use crate::numerics::stream::{Purpose, Stream, Streams};

/// What all workers share.
pub(super) struct Plan {
    study: Stopping,
    samples: Purpose,
    /// What a run tells the engine of itself.
    run: Spec,
    /// One rule per arm.
    stops: Vec<Stop>,
}

/// The estimand of a run: the average of its samples.
static AVERAGE: EstimandKind = EstimandKind::new(
    "average",
    "average",
    &Quantity {
        name: "average",
        meaning: "average of the samples of a run",
        formula: "mean",
        unit: "that of the samples",
        source: "definition",
    },
);

impl Plan {
    pub fn new(study: &Stopping, streams: &Streams) -> Self {
        let mean = Functional::smooth(|means| means.mean(0));
        let average = Estimand::new(&AVERAGE, Of::Arm(0), mean, Exact::None("it is what is estimated"));
        let stop = |arm: &super::StoppingArm| {
            Stop::Precise(Precision {
                targets: vec![Target {
                    estimand: AVERAGE.name.to_owned(),
                    goal: arm.goal,
                }],
                at_most: arm.at_most,
                looks: arm.looks,
            })
        };
        Self {
            study: study.clone(),
            samples: streams.purpose("samples"),
            run: Spec {
                unit: "one batch of samples",
                draws: Key::new(String::new()),
                work: Key::new(String::new()),
                batch: SAMPLES,
                block: 1,
                layout: Layout::new(vec![0], 1),
                estimands: vec![average],
                exact: Vec::new(),
                words: SAMPLES,
            },
            stops: study.arms.iter().map(stop).collect(),
        }
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Runs {
            plan: self,
            sums: Vec::new(),
        })
    }
}

/// A worker: the plan and scratch.
struct Runs<'a> {
    plan: &'a Plan,
    /// Batch sums of the replicate at hand, as far as an arm needed them.
    sums: Vec<f64>,
}

impl Worker for Runs<'_> {
    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        alone.replicates += 1;
        self.replicate(replicate, alone);
    }
}

impl Runs<'_> {
    fn replicate(&mut self, replicate: u64, group: &mut Group) {
        let plan = self.plan;
        let study = &plan.study;
        self.sums.clear();
        let mut samples = Samples {
            law: study.law,
            stream: plan.samples.stream(replicate, 0),
            sums: &mut self.sums,
        };
        for (index, arm) in study.arms.iter().enumerate() {
            // A run that the engine refuses, or whose estimate is no number, voids this arm here.
            let Some(found) = plan.whole_run(index, &mut samples) else {
                continue;
            };
            group.valid[index] += 1;
            let run = Ended {
                found,
                arm,
                law: &study.law,
                covers: study.covers,
            };
            let count = study.measures.len();
            for (slot, measure) in group.sums[index * count..].iter_mut().zip(study.measures.iter()) {
                *slot += (measure.own().of_run)(&run);
            }
        }
    }
}

impl Plan {
    /// One run of an arm, as the engine's executor has it: batches are folded until the rule says that these are all.
    fn whole_run(&self, arm: usize, samples: &mut Samples<'_>) -> Option<Estimate> {
        let groups = u64::from(self.study.arms[arm].groups);
        let mut rule = engine::Stopping::after(groups, &self.stops[arm], &self.run);
        let mut folder = Folder::new(self.run.layout.clone());
        let mut batch = Group {
            replicates: SAMPLES,
            valid: vec![SAMPLES],
            sums: vec![0.0],
        };
        let mut folded = 0;
        loop {
            while folded < rule.blocks() {
                batch.sums[0] = samples.batch(folded as usize);
                folder.push(&batch);
                folded += 1;
            }
            if rule.is_finished() {
                break;
            }
            rule.look(&self.stops[arm], &self.run, folder.standing()).ok()?;
        }
        let found = jackknife(folder.standing(), |means| means.mean(0));
        (found.value.is_finite() && found.mcse.is_finite()).then_some(found)
    }
}

/// The samples of one replicate, drawn when first asked for and kept for all arms.
struct Samples<'a> {
    law: Law,
    stream: Stream,
    sums: &'a mut Vec<f64>,
}

impl Samples<'_> {
    /// The sum of a batch.
    fn batch(&mut self, index: usize) -> f64 {
        while self.sums.len() <= index {
            let mut samples = [0.0; SAMPLES as usize];
            self.law.fill(&mut self.stream, &mut samples);
            self.sums.push(samples.iter().sum());
        }
        self.sums[index]
    }
}
