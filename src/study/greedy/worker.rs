//! Owns the slots of the study: one instance per replicate, every arm compared on it.

use super::family::Instance;
use super::judge::{Adversary, Judge};
use super::measures::{Seen, Statistic};
use super::triples::{TRIPLES, Triple};
use super::{Greedy, bound};
use crate::engine::{Prepared, Worker};
use crate::inference::groups::Group;
use crate::numerics::stream::{Purpose, Streams};
use crate::select::{Rule, Similarity};

/// What all workers share.
pub(super) struct Plan {
    study: Greedy,
    streams: Streams,
    similarities: Vec<Similarity>,
    /// Distinct N, ascending.
    sizes: Vec<usize>,
    jobs: Vec<Job>,
}

/// One greedy run and one search, which serve every K of arms that are otherwise equal.
struct Job {
    rule: Rule,
    candidates: usize,
    /// The largest K.
    keep: usize,
    /// Among the tables of the instance.
    table: usize,
    /// Among the sizes.
    size: usize,
    targets: Vec<Target>,
}

/// An arm that a job serves.
struct Target {
    arm: usize,
    keep: usize,
    bound: f64,
    /// Where each measure's slots begin.
    slots: Vec<(&'static Statistic, usize)>,
}

impl Plan {
    pub fn new(study: &Greedy, streams: Streams) -> Self {
        let mut similarities: Vec<Similarity> = Vec::new();
        let mut sizes: Vec<usize> = study.arms.iter().map(|arm| arm.candidates as usize).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let mut jobs: Vec<Job> = Vec::new();
        for (index, arm) in study.arms.iter().enumerate() {
            let known = similarities.iter().position(|s| *s == arm.choice.similarity);
            let table = known.unwrap_or_else(|| {
                similarities.push(arm.choice.similarity);
                similarities.len() - 1
            });
            let (rule, keep) = (arm.choice.rule, arm.responses as usize);
            let candidates = arm.candidates as usize;
            let target = Target {
                arm: index,
                keep,
                bound: bound(arm.responses),
                slots: study.slots(index).collect(),
            };
            // An adversary works against one arm; means change F with K.
            let shares = |job: &&mut Job| {
                let alike = job.rule == rule && job.candidates == candidates && job.table == table;
                alike && study.family.steps().is_none() && (rule.nested() || job.keep == keep)
            };
            match jobs.iter_mut().find(shares) {
                Some(job) => {
                    job.keep = job.keep.max(keep);
                    job.targets.push(target);
                }
                None => jobs.push(Job {
                    rule,
                    candidates,
                    keep,
                    table,
                    size: sizes.partition_point(|&size| size < candidates),
                    targets: vec![target],
                }),
            }
        }
        Self {
            study: study.clone(),
            streams,
            similarities,
            sizes,
            jobs,
        }
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let room = self.sizes.last().copied().unwrap_or(0);
        Box::new(Pools {
            plan: self,
            instance: Instance::new(self.study.family, room, &self.similarities, &self.streams),
            triples: self.streams.purpose("triples"),
            flips: self.streams.purpose("flips"),
            judge: Judge::new(self.study.pick),
            matrix: vec![0.0; room * room],
            drawn: vec![[Triple::default(); TRIPLES]; self.sizes.len()],
        })
    }
}

/// A worker: the plan, the draws and scratch.
struct Pools<'a> {
    plan: &'a Plan,
    instance: Instance,
    triples: Purpose,
    flips: Purpose,
    judge: Judge,
    /// The adversary's similarities.
    matrix: Vec<f64>,
    /// The triples of each size.
    drawn: Vec<[Triple; TRIPLES]>,
}

impl Worker for Pools<'_> {
    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        alone.replicates += 1;
        self.replicate(replicate, alone);
    }
}

impl Pools<'_> {
    fn replicate(&mut self, replicate: u64, group: &mut Group) {
        let plan = self.plan;
        self.instance.draw(replicate);
        if plan.study.measures.iter().any(|measure| measure.own().triples) {
            for (&size, triples) in plan.sizes.iter().zip(&mut self.drawn) {
                let mut stream = self.triples.stream(replicate, size as u32);
                triples.fill_with(|| Triple::draw(size, &mut stream));
            }
        }
        for job in &plan.jobs {
            let start = match plan.study.family.steps() {
                Some(steps) => self.duel(job, replicate, steps),
                None => self.compare(job),
            };
            for target in &job.targets {
                self.record(job, target, start, group);
            }
        }
    }

    /// Looks at the pool of a job; the ratio at the start has no meaning there.
    fn compare(&mut self, job: &Job) -> f64 {
        let pool = self.instance.pool(job.table, job.candidates);
        self.judge.look(&job.rule, &pool, job.keep);
        if self.plan.study.compares() {
            self.judge.compare(&job.rule, &pool, job.keep);
        }
        0.0
    }

    /// Sets the adversary on the pool of a job: the ratio before it.
    fn duel(&mut self, job: &Job, replicate: u64, steps: u32) -> f64 {
        let pool = self.instance.pool(job.table, job.candidates);
        self.matrix.copy_from_slice(pool.similarity);
        let duel = Adversary {
            rule: &job.rule,
            keep: job.keep,
            pool,
        };
        let mut flips = self.flips.stream(replicate, job.candidates as u32);
        duel.climb(&mut self.judge, &mut self.matrix, &mut flips, steps)[0]
    }

    /// Adds an arm's slots, or counts it void where its ratio is no number.
    fn record(&self, job: &Job, target: &Target, start: f64, group: &mut Group) {
        let seen = Seen {
            ratio: match self.plan.study.compares() {
                true => self.judge.ratio(target.keep),
                false => 0.0,
            },
            bound: target.bound,
            start,
            small: self.judge.small(),
            triples: &self.drawn[job.size],
        };
        if !seen.ratio.is_finite() {
            return;
        }
        for (own, first) in &target.slots {
            (own.add)(&seen, &mut group.sums[*first..first + own.slots]);
        }
        group.valid[target.arm] += 1;
    }
}
