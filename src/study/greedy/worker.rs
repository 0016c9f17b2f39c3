//! Owns the slots of the study: one instance per replicate, every arm compared on it.

use super::estimands::{EQUAL, RATIOS, Slots, TRIPLES};
use super::family::Instance;
use super::judge::{Adversary, Judge};
use super::measures::Measure;
use super::{Greedy, bound};
use crate::engine::{Prepared, Worker};
use crate::inference::groups::Group;
use crate::numerics::stream::{Purpose, Stream, Streams};
use crate::select::{Pool, Rule, Similarity, Small};

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
    guarantee: Option<usize>,
    conditions: Option<usize>,
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
            let slot = |measure| study.slots[index].iter().find(|slots| slots.measure == measure);
            let target = Target {
                arm: index,
                keep,
                bound: bound(arm.responses),
                guarantee: slot(Measure::Guarantee).map(|slots| slots.first),
                conditions: slot(Measure::Conditions).map(|slots| slots.first),
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
            room,
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
    room: usize,
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
        if plan.study.measures.contains(&Measure::Conditions) {
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
        let pool = Pool {
            rewards: &self.instance.rewards,
            similarity: &self.instance.tables[job.table],
            stride: self.room,
            computed: false,
            words: &self.instance.words,
            embeddings: &[],
            dimension: 0,
            candidates: job.candidates,
        };
        self.judge.look(&job.rule, &pool, job.keep);
        if job.targets.iter().any(|target| target.guarantee.is_some()) {
            self.judge.compare(&job.rule, &pool, job.keep);
        }
        0.0
    }

    /// Sets the adversary on the pool of a job: the ratio before it.
    fn duel(&mut self, job: &Job, replicate: u64, steps: u32) -> f64 {
        self.matrix.copy_from_slice(&self.instance.tables[job.table]);
        let duel = Adversary {
            rule: &job.rule,
            keep: job.keep,
            candidates: job.candidates,
            stride: self.room,
            rewards: &self.instance.rewards,
            words: &self.instance.words,
        };
        let mut flips = self.flips.stream(replicate, job.candidates as u32);
        duel.climb(&mut self.judge, &mut self.matrix, &mut flips, steps)[0]
    }

    /// Adds an arm's slots, or counts it void where its ratio is no number.
    fn record(&self, job: &Job, target: &Target, start: f64, group: &mut Group) {
        if let Some(first) = target.guarantee {
            let ratio = self.judge.ratio(target.keep);
            if !ratio.is_finite() {
                return;
            }
            let slots = &mut group.sums[first..first + Slots::OF_GUARANTEE];
            add_ratio(slots, ratio, target.bound, start);
        }
        if let Some(first) = target.conditions {
            let slots = &mut group.sums[first..first + Slots::OF_CONDITIONS];
            add_violations(slots, self.judge.small(), &self.drawn[job.size]);
        }
        group.valid[target.arm] += 1;
    }
}

fn add_ratio(slots: &mut [f64], ratio: f64, bound: f64, start: f64) {
    let event = |seen: bool| f64::from(u8::from(seen));
    slots[0] += ratio;
    slots[1] += event(ratio == 1.0);
    for (slot, at) in slots[2..].iter_mut().zip(RATIOS) {
        *slot += event(ratio < at - EQUAL);
    }
    slots[2 + RATIOS.len()] += event(ratio < bound - EQUAL);
    slots[3 + RATIOS.len()] += start;
}

fn add_violations(slots: &mut [f64], small: &Small, triples: &[Triple]) {
    let mut counts = [0_u32; 2];
    for triple in triples {
        let found = small.violations(triple.a, triple.b, triple.x);
        counts[0] += u32::from(found.monotone > 0.0);
        counts[1] += u32::from(found.submodular > 0.0);
    }
    for (place, count) in counts.into_iter().enumerate() {
        slots[place] += f64::from(count) / TRIPLES as f64;
        slots[2 + place] += f64::from(u8::from(count > 0));
    }
}

/// Sets A inside B, and x outside B, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Triple {
    pub a: u32,
    pub b: u32,
    pub x: usize,
}

impl Triple {
    /// |B| uniform from 1 to n - 1, |A| uniform from 0 to |B| - 1, their members and x a uniformly random order of n (at
    /// least 2). It takes n + 1 words.
    pub fn draw(n: usize, stream: &mut Stream) -> Self {
        let mut below = |n: usize| (stream.uniform() * n as f64) as usize;
        let large = 1 + below(n - 1);
        let small = below(large);
        let mut order = [0; crate::select::MOST_SEARCHED];
        for (j, place) in order.iter_mut().enumerate() {
            *place = j;
        }
        for last in (1..n).rev() {
            order.swap(last, below(last + 1));
        }
        let word = |members: &[usize]| members.iter().fold(0, |set, j| set | 1 << j);
        Self {
            a: word(&order[..small]),
            b: word(&order[..large]),
            x: order[large],
        }
    }
}
