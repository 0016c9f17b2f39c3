//! Owns the fits: eight data sets in lanes, every arm fitted to its own counts and measured by forward recursion.

use super::counts::Counter;
use super::fitter::Fitter;
use super::law::{MOST_STEPS, Measured};
use super::measures::{OfFit, Statistic};
use super::reading::Looks;
use super::{SequenceArm, Sequences};
use crate::engine::{Prepared, StudyError, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::elementary::{exp_lanes, ln};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::numerics::text::short;
use crate::policy::{FitReport, Training};
use crate::study::TraceTable;
use crate::theory::sequences::Scores;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// What all workers share.
pub(super) struct Plan {
    study: Sequences,
    streams: Streams,
    /// By law.
    laws: Vec<LawPlan>,
    /// The different ways to fit: laws and trainings, and which of them each arm takes.
    fits: Vec<(usize, Training)>,
    fit_of_arm: Vec<usize>,
}

/// What fits of one policy are measured against.
struct LawPlan {
    measured: Measured,
    /// None of nets.
    scores: Option<Scores>,
    /// ln p of the best policy, by cell.
    log_best: Vec<f64>,
    /// What its loss lies above the entropy, in nats.
    floor: f64,
    looks: Option<Looks>,
}

impl Plan {
    pub fn new(study: &Sequences) -> Result<Self, StudyError> {
        let (mut laws, mut fits) = (Vec::new(), Vec::new());
        for place in 0..study.laws.count() {
            laws.push(LawPlan::new(study, place)?);
        }
        let mut fit_of_arm = Vec::new();
        for (index, arm) in study.arms.iter().enumerate() {
            let own = (study.laws.place(index), arm.training);
            let known = fits.iter().position(|other| *other == own);
            fit_of_arm.push(known.unwrap_or(fits.len()));
            if known.is_none() {
                fits.push(own);
            }
        }
        Ok(Self {
            streams: Streams::new(study.scenario.spec.draws.text()),
            study: study.clone(),
            laws,
            fits,
            fit_of_arm,
        })
    }

    fn law(&self, arm: usize) -> &LawPlan {
        &self.laws[self.study.laws.place(arm)]
    }

    fn fits(&self) -> Fits<'_> {
        let fitted = |place: usize| {
            let mut arms = self.study.arms.iter().zip(&self.fit_of_arm);
            arms.any(|(arm, &own)| own == place && arm.policy.is_fitted())
        };
        let measured = self.study.measures.iter().any(|own| own.needs_fits());
        let tokens = self.study.world.plans().tokens();
        let fitter = |(place, &(law, training)): (usize, &(usize, Training))| {
            let (reading, seen) = (&self.laws[law].measured.reading, self.study.laws.of(law).seen());
            (measured && fitted(place)).then(|| Fitter::new(reading, tokens, seen, training))
        };
        Fits {
            counter: self.study.counts.counter(&self.study.world, &self.streams),
            fitters: self.fits.iter().enumerate().map(fitter).collect(),
            plan: self,
            cells: Vec::new(),
            log_p: Vec::new(),
            p: Vec::new(),
        }
    }

    /// The first prompts of a replicate and how its fits went.
    pub fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let mut fits = self.fits();
        let lane = (replicate % LANES as u64) as usize;
        let done = fits.all(replicate - lane as u64, &|| false);
        let (mut drawn, mut ended) = (Vec::new(), Vec::new());
        for (index, (arm, done)) in self.study.arms.iter().zip(&done).enumerate() {
            for prompt in 0..prompts.min(arm.pool.prompts) {
                for (plan, increments) in fits.counter.seen(replicate, prompt, arm).iter().take(16) {
                    let increments: Vec<String> = increments.iter().map(u8::to_string).collect();
                    let own = [index.to_string(), prompt.to_string(), plan.to_string()];
                    drawn.push(own.into_iter().chain([increments.join(" ")]).collect());
                }
            }
            let words = self.study.measures.iter().zip(&done.values);
            let words: Vec<String> = words
                .map(|(own, value)| format!("{} {}", own.name(), short(value[lane])))
                .collect();
            ended.push(vec![index.to_string(), arm.name().to_owned(), words.join(", ")]);
        }
        vec![
            TraceTable {
                title: "Responses drawn, with their plans and increments".to_owned(),
                header: vec!["arm", "prompt", "plan", "increments"],
                rows: drawn,
            },
            TraceTable {
                title: "Fits".to_owned(),
                header: vec!["arm", "policy", "measures"],
                rows: ended,
            },
        ]
    }
}

impl LawPlan {
    fn new(study: &Sequences, place: usize) -> Result<Self, StudyError> {
        let law = study.laws.of(place);
        let mut measured = law.measured();
        let scores = measured.scores.take();
        if scores.is_none() && law.seen().net.is_none() {
            let what = "parameters of a policy do not determine each other: its Hessian has no inverse";
            return Err(StudyError(what.to_owned()));
        }
        let plans = study.measures.iter().any(|own| own.needs_plans()) && law.steps() <= MOST_STEPS;
        let known = law.known();
        Ok(Self {
            log_best: known.probabilities.iter().map(|&p| ln(p)).collect(),
            floor: known.floor(),
            looks: plans.then(|| measured.reading.looks(study.world.plans())),
            scores,
            measured,
        })
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(self.fits())
    }
}

/// A worker: counts, and scratch of fits.
struct Fits<'a> {
    plan: &'a Plan,
    counter: Counter<'a>,
    /// One for each way to fit, where anything rests on fits.
    fitters: Vec<Option<Fitter>>,
    /// How often a response goes through each cell on average.
    cells: Vec<Lanes<f64>>,
    log_p: Vec<Lanes<f64>>,
    p: Vec<Lanes<f64>>,
}

/// What eight fits of an arm gave.
struct Done {
    /// By measure.
    values: Vec<Lanes<f64>>,
}

impl Worker for Fits<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        let stop = tally.stop_flag();
        let stopped = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        for first in replicates.step_by(LANES) {
            let all = self.all(first, &stopped);
            if tally.is_stopped() {
                return;
            }
            for lane in 0..LANES {
                give(&all, lane, tally.batch(first + lane as u64));
            }
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        let all = self.all(replicate - lane as u64, &|| false);
        give(&all, lane, alone);
    }
}

/// Adds the values of one lane. A fit that diverged is void, whatever is measured of it (law 8).
fn give(all: &[Done], lane: usize, group: &mut Group) {
    group.replicates += 1;
    for (arm, done) in all.iter().enumerate() {
        if !done.values.iter().all(|value| value[lane].is_finite()) {
            continue;
        }
        group.valid[arm] += 1;
        let count = done.values.len();
        for (sum, value) in group.sums[arm * count..][..count].iter_mut().zip(&done.values) {
            *sum += value[lane];
        }
    }
}

impl Fits<'_> {
    /// The fits of every arm to the data sets of replicates `first..first + 8`; nothing of use where they are left.
    fn all(&mut self, first: u64, stopped: &dyn Fn() -> bool) -> Vec<Done> {
        let plan = self.plan;
        let reading = |arm: usize| &plan.law(arm).measured.reading;
        if !self.counter.draw(first, reading, stopped) {
            return Vec::new();
        }
        let arms = 0..plan.study.arms.len();
        let going = arms.take_while(|_| !stopped());
        going.map(|arm| self.arm(arm, stopped)).collect()
    }

    /// Measures an arm's data, and fits them where anything rests on that.
    fn arm(&mut self, index: usize, stopped: &dyn Fn() -> bool) -> Done {
        let plan = self.plan;
        let (study, arm, law) = (&plan.study, &plan.study.arms[index], plan.law(index));
        let share = 1.0 / arm.all_responses();
        let (reading, counts) = (&law.measured.reading, self.counter.of(index));
        reading.cells(counts, share, &mut self.cells);
        let report = self.fit(index, stopped);
        let looks = law.looks.as_ref().filter(|_| report.is_some());
        let plans = looks.map(|own| own.shares(&self.p));
        let value = |measure: &super::Measure| match (measure.own(), &report, &plans) {
            (Statistic::Score, ..) => law.score(&self.cells),
            (Statistic::KeptLength, ..) => reading.length(self.counter.of(index), share),
            (Statistic::Unconverged, Some(report), _) => report.converged.map(|converged| 1.0 - converged),
            (Statistic::Fit(OfFit::Excess), Some(_), _) => law.excess(&self.log_p),
            (Statistic::Fit(OfFit::Kl), Some(_), _) => law.excess(&self.log_p).map(|excess| excess + law.floor),
            (Statistic::Fit(OfFit::Purity), Some(_), Some(plans)) => plans.purity,
            (Statistic::Fit(OfFit::Distance), Some(_), Some(plans)) => {
                let base = study.world.plans().base();
                std::array::from_fn(|l| {
                    let apart = plans
                        .shares
                        .iter()
                        .zip(base)
                        .map(|(share, base)| (share[l] - base).abs());
                    0.5 * apart.sum::<f64>()
                })
            }
            _ => [0.0; LANES],
        };
        Done {
            values: study.measures.iter().map(value).collect(),
        }
    }

    /// Fits an arm to the cells at hand, its probabilities in [`p`](Self::p); none where it is not fitted.
    fn fit(&mut self, index: usize, stopped: &dyn Fn() -> bool) -> Option<FitReport> {
        let arm: &SequenceArm = &self.plan.study.arms[index];
        let fitter = self.fitters[self.plan.fit_of_arm[index]].as_mut()?;
        if !arm.policy.is_fitted() {
            return None;
        }
        let report = fitter.fit(&self.cells, &mut || stopped());
        self.log_p.clear();
        self.log_p.resize(self.cells.len(), [0.0; LANES]);
        fitter.log_probabilities(&mut self.log_p);
        self.p.clear();
        self.p.extend_from_slice(&self.log_p);
        exp_lanes::run(self.p.as_flattened_mut());
        Some(report)
    }
}

impl LawPlan {
    /// L(theta) - L(theta*) of eight policies.
    fn excess(&self, log_p: &[Lanes<f64>]) -> Lanes<f64> {
        let mut sum = [0.0; LANES];
        for ((cell, best), log_p) in self.measured.cells.iter().zip(&self.log_best).zip(log_p) {
            (0..LANES).for_each(|l| sum[l] += cell * (best - log_p[l]));
        }
        sum
    }

    /// Half the squared length of the mean gradient, whitened.
    fn score(&self, cells: &[Lanes<f64>]) -> Lanes<f64> {
        let Some(scores) = &self.scores else {
            return [0.0; LANES];
        };
        let mut mean = vec![[0.0; LANES]; scores.dimension()];
        for (cell, count) in cells.iter().enumerate() {
            let (first, own) = scores.of(cell);
            for (sum, u) in mean[first..].iter_mut().zip(own) {
                (0..LANES).for_each(|l| sum[l] += count[l] * u);
            }
        }
        let mut squares = [0.0; LANES];
        for row in &mean {
            (0..LANES).for_each(|l| squares[l] += row[l] * row[l]);
        }
        squares.map(|square| 0.5 * square)
    }
}
