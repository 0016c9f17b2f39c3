//! Owns the fits: eight data sets in lanes, every arm fitted to its own and measured over the population.

use super::allocation::{Allocate, Allocated};
use super::arm::distinct_fits;
use super::data::Data;
use super::measures::Statistic;
use super::minibatch::Measured;
use super::view::{FitView, PromptView};
use super::{Policies, PolicyArm, Start};
use crate::engine::{Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::elementary::exp_lanes;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{LaneStreams, Purpose, Streams};
use crate::numerics::text::short;
use crate::numerics::threads;
use crate::policy::{Examples, Family, FitReport, Fitter, Training};
use crate::study::TraceTable;
use crate::study::batches::in_sets;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What all workers share.
pub(super) struct Plan {
    study: Policies,
    streams: Streams,
    /// The different ways to fit, in order of first use, and which of them each arm takes.
    fits: Vec<(Family, Training)>,
    fit_of_arm: Vec<usize>,
    /// The same of the first fit of self-distillation.
    teacher_of_arm: Vec<Option<usize>>,
    /// How many responses each prompt has, of arms in which they have different numbers.
    allocated: Vec<Option<Arc<Allocated>>>,
}

/// Which draw of parameters a fit begins at, and which the first fit of self-distillation.
const START: u32 = 0;
const TEACHER_START: u32 = 1;

/// Prompts of the population that are measured at once.
const CHUNK: usize = 32;

impl Plan {
    pub fn new(study: &Policies) -> Self {
        let fits = distinct_fits(&study.arms);
        let place = |arm: &PolicyArm, training| fits.iter().position(|own| *own == (arm.family, training));
        // Cannot be absent because every arm's is among them.
        let fit_of_arm = study
            .arms
            .iter()
            .map(|arm| place(arm, arm.training).unwrap_or(0))
            .collect();
        let teacher = |arm: &PolicyArm| place(arm, arm.teacher_training()?);
        let teacher_of_arm = study.arms.iter().map(teacher).collect();
        let allocated = |(index, arm): (usize, &PolicyArm)| {
            let differs = arm.allocation != Allocate::Constant;
            let optimum = study.optima.shared(index).filter(|_| differs)?;
            Some(optimum.allocated(arm.allocation, arm.pool.responses))
        };
        Self {
            streams: Streams::new(study.scenario.spec.draws.text()),
            study: study.clone(),
            allocated: study.arms.iter().enumerate().map(allocated).collect(),
            fits,
            fit_of_arm,
            teacher_of_arm,
        }
    }

    fn fits(&self) -> Fits<'_> {
        Fits {
            data: self.study.data.data(&self.streams),
            desks: [self.desk(), self.desk()],
        }
    }

    fn desk(&self) -> Desk<'_> {
        let (study, modes) = (&self.study, self.study.prompts.population.modes());
        let most = study.arms.iter().map(|arm| arm.pool.prompts).max().unwrap_or(0) as usize;
        let fitter = |&(family, training): &(Family, Training)| Fitter::new(family, modes, training);
        let measured = |(family, _): &(Family, Training)| Measured::new(*family, modes);
        Desk {
            plan: self,
            fitters: self.fits.iter().map(fitter).collect(),
            measured: self.fits.iter().map(measured).collect(),
            order: self.streams.purpose("minibatches"),
            start: self.streams.purpose("start"),
            target: vec![[0.0; LANES]; most * modes],
            weights: Vec::new(),
            theta: Vec::new(),
            log_p: vec![[0.0; LANES]; CHUNK * modes],
            p: vec![[0.0; LANES]; CHUNK * modes],
        }
    }

    /// The first prompts of a replicate and how its fits went.
    pub fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let mut fits = self.fits();
        let lane = (replicate % LANES as u64) as usize;
        fits.data.draw(replicate - lane as u64);
        let (mut drawn, mut ended) = (Vec::new(), Vec::new());
        for (index, arm) in self.study.arms.iter().enumerate() {
            for place in 0..prompts.min(arm.pool.prompts) {
                let (prompt, modes) = fits.data.seen(index, arm, lane, place as usize);
                let modes: Vec<String> = modes.iter().take(64).map(u16::to_string).collect();
                drawn.push(vec![
                    index.to_string(),
                    place.to_string(),
                    prompt.to_string(),
                    modes.join(" "),
                ]);
            }
            let first = replicate - lane as u64;
            let done = fits.desks[0].arm(&fits.data, index, first, &|| false);
            let words = self.study.measures.iter().zip(&done.values);
            let words: Vec<String> = words
                .map(|(own, value)| format!("{} {}", own.name(), short(value[lane])))
                .collect();
            let [steps, gradient] = [done.report.steps[lane], done.report.gradient[lane]].map(short);
            ended.push(vec![index.to_string(), steps, gradient, words.join(", ")]);
        }
        vec![
            TraceTable {
                title: "Prompts drawn, and the modes of their candidates".to_owned(),
                header: vec!["arm", "place", "prompt of the population", "modes"],
                rows: drawn,
            },
            TraceTable {
                title: "Fits".to_owned(),
                header: vec!["arm", "steps", "largest gradient", "measures"],
                rows: ended,
            },
        ]
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(self.fits())
    }
}

/// A worker: data, and scratch of two threads that share the arms.
struct Fits<'a> {
    data: Data<'a>,
    desks: [Desk<'a>; 2],
}

/// What a thread fits with.
struct Desk<'a> {
    plan: &'a Plan,
    /// One for each way to fit.
    fitters: Vec<Fitter>,
    measured: Vec<Measured>,
    order: Purpose,
    start: Purpose,
    target: Vec<Lanes<f64>>,
    /// What each prompt counts, where not all count alike.
    weights: Vec<Lanes<f64>>,
    theta: Vec<Lanes<f64>>,
    log_p: Vec<Lanes<f64>>,
    p: Vec<Lanes<f64>>,
}

/// What eight fits of an arm gave.
struct Done {
    arm: usize,
    report: FitReport,
    /// By measure.
    values: Vec<Lanes<f64>>,
    /// Those that did not fail: a fit that diverged is void whatever is measured of it (law 8).
    valid: Lanes<bool>,
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
                let group = tally.batch(first + lane as u64);
                group.replicates += 1;
                all.iter().for_each(|done| done.give(lane, group));
            }
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        alone.replicates += 1;
        let all = self.all(replicate - lane as u64, &|| false);
        all.iter().for_each(|done| done.give(lane, alone));
    }

    fn each(&mut self, replicates: Range<u64>, alone: &mut Group, told: &mut dyn FnMut(&Group)) {
        in_sets(replicates, |first, lanes| {
            let all = self.all(first, &|| false);
            for lane in lanes {
                alone.clear();
                alone.replicates = 1;
                all.iter().for_each(|done| done.give(lane, alone));
                told(alone);
            }
        });
    }
}

impl Fits<'_> {
    /// The fits of every arm to the data sets of replicates `first..first + 8`. Two threads take every other arm each: a block may be all
    /// there is to do.
    fn all(&mut self, first: u64, stopped: &(dyn Fn() -> bool + Sync)) -> Vec<Done> {
        self.data.draw(first);
        let (data, [one, other]) = (&self.data, &mut self.desks);
        let half = |desk: &mut Desk<'_>, from: usize| -> Vec<Done> {
            let arms = from..desk.plan.study.arms.len();
            let going = arms.step_by(2).take_while(|_| !stopped());
            going.map(|arm| desk.arm(data, arm, first, stopped)).collect()
        };
        let (mut even, odd) = threads::join(|| half(one, 0), || half(other, 1));
        even.extend(odd);
        even
    }
}

impl Done {
    /// Adds the values of one lane.
    fn give(&self, lane: usize, group: &mut Group) {
        if !self.valid[lane] {
            return;
        }
        group.valid[self.arm] += 1;
        let count = self.values.len();
        for (sum, value) in group.sums[self.arm * count..][..count].iter_mut().zip(&self.values) {
            *sum += value[lane];
        }
    }
}

impl Desk<'_> {
    /// Fits an arm to the data at hand, and measures the fits.
    fn arm(&mut self, data: &Data<'_>, arm: usize, first: u64, stopped: &dyn Fn() -> bool) -> Done {
        let report = self.fit(data, arm, first, stopped);
        let values = self.measure(data, arm, &report, first);
        let finite = |rows: &[Lanes<f64>], lane: usize| rows.iter().all(|own| own[lane].is_finite());
        Done {
            arm,
            valid: std::array::from_fn(|lane| finite(&self.theta, lane) && finite(&values, lane)),
            report,
            values,
        }
    }

    /// Fits an arm to the data at hand, in [`theta`](Self::theta).
    fn fit(&mut self, data: &Data<'_>, index: usize, first: u64, stopped: &dyn Fn() -> bool) -> FitReport {
        let arm = &self.plan.study.arms[index];
        let population = self.plan.study.prompts.population.as_ref();
        let (prompts, modes) = (arm.pool.prompts as usize, population.modes());
        let allocated = self.plan.allocated[index].as_deref();
        data.target(index, arm, allocated, &mut self.target[..prompts * modes]);
        self.weights.clear();
        if let Some(allocated) = allocated.filter(|_| arm.is_pooled()) {
            data.weights(index, arm, allocated, &mut self.weights);
        }
        if let Some(teacher) = self.plan.teacher_of_arm[index] {
            // At parameters of its own, unless fits of this policy all begin at one place.
            self.begin(index, first, TEACHER_START);
            self.fit_to(data, index, teacher, first, stopped);
            let (features, target) = (data.features(index, arm), &mut self.target[..prompts * modes]);
            let coordinates = population.coordinates();
            arm.family
                .log_policies_of_lanes(modes, &self.theta, features, coordinates, target);
            exp_lanes::run(target.as_flattened_mut());
        }
        arm.finish_target(modes, &mut self.target[..prompts * modes]);
        self.begin(index, first, START);
        self.fit_to(data, index, self.plan.fit_of_arm[index], first, stopped)
    }

    /// Fits to the target at hand, from the parameters at hand.
    fn fit_to(
        &mut self,
        data: &Data<'_>,
        index: usize,
        fit: usize,
        first: u64,
        stopped: &dyn Fn() -> bool,
    ) -> FitReport {
        let arm = &self.plan.study.arms[index];
        let population = self.plan.study.prompts.population.as_ref();
        let (prompts, modes) = (arm.pool.prompts as usize, population.modes());
        let examples = Examples {
            prompts,
            coordinates: population.coordinates(),
            modes,
            features: data.features(index, arm),
            target: &self.target[..prompts * modes],
            weights: (!self.weights.is_empty()).then_some(&self.weights[..]),
            responses: arm.pool.responses as usize,
        };
        // Those of all arms are alike.
        let mut order = LaneStreams::open(self.order, first, 0);
        self.fitters[fit].fit_until(&examples, &mut self.theta, Some(&mut order), &mut || stopped())
    }

    /// Puts parameters where an arm's fits begin: `item` says which of the draws of a replicate.
    fn begin(&mut self, index: usize, first: u64, item: u32) {
        let (study, arm) = (&self.plan.study, &self.plan.study.arms[index]);
        let modes = study.prompts.population.modes();
        self.theta.clear();
        if let (Start::Best, Some(best)) = (arm.start, study.optima.of(index)) {
            self.theta.extend(best.start.iter().map(|&value| [value; LANES]));
            return;
        }
        self.theta.resize(arm.family.parameters(modes), [0.0; LANES]);
        for l in 0..LANES {
            let drawn = arm.family.start(modes, &mut self.start.stream(first + l as u64, item));
            self.theta.iter_mut().zip(drawn).for_each(|(row, value)| row[l] = value);
        }
    }

    /// What every measure is of the fits at hand.
    fn measure(&mut self, data: &Data<'_>, index: usize, report: &FitReport, first: u64) -> Vec<Lanes<f64>> {
        let study = &self.plan.study;
        let mut values = vec![[0.0; LANES]; study.measures.len()];
        if study.measures.iter().any(|own| own.is_of_policy()) {
            self.measure_policy(index, &mut values);
        }
        let fit = FitView {
            steps: report.steps,
            converged: match study.arms[index].training.may_converge() {
                true => report.converged,
                false => [1.0; LANES],
            },
        };
        for (value, measure) in values.iter_mut().zip(study.measures.iter()) {
            match measure.own() {
                Statistic::Fit(of, _) => *value = of(&fit),
                Statistic::Minibatch => *value = self.minibatch(data, index, first),
                Statistic::Excess => {
                    let loss = study.optima.of(index).map_or(f64::NAN, |own| own.loss);
                    *value = value.map(|value| value - loss);
                }
                Statistic::Policy(_) | Statistic::Theory => {}
            }
        }
        values
    }

    /// Means over the population, chunk by chunk.
    fn measure_policy(&mut self, index: usize, values: &mut [Lanes<f64>]) {
        let study = &self.plan.study;
        let (population, family) = (study.prompts.population.as_ref(), study.arms[index].family);
        let (modes, coordinates) = (population.modes(), population.coordinates());
        let share = 1.0 / population.prompts() as f64;
        for (chunk, features) in population.features().chunks(CHUNK * coordinates).enumerate() {
            let rows = features.len() / coordinates * modes;
            family.log_policies(modes, &self.theta, features, coordinates, &mut self.log_p[..rows]);
            self.p[..rows].copy_from_slice(&self.log_p[..rows]);
            exp_lanes::run(self.p[..rows].as_flattened_mut());
            for row in 0..features.len() / coordinates {
                let prompt = chunk * CHUNK + row;
                let view = PromptView {
                    population,
                    truth: &population.conditionals()[prompt * modes..][..modes],
                    log_p: &self.log_p[row * modes..][..modes],
                    p: &self.p[row * modes..][..modes],
                };
                for (value, measure) in values.iter_mut().zip(study.measures.iter()) {
                    let of = match measure.own() {
                        Statistic::Policy(of) => of(&view),
                        Statistic::Excess => view.loss(),
                        _ => continue,
                    };
                    (0..LANES).for_each(|l| value[l] += share * of[l]);
                }
            }
        }
    }

    fn minibatch(&mut self, data: &Data<'_>, index: usize, first: u64) -> Lanes<f64> {
        let (study, arm) = (&self.plan.study, &self.plan.study.arms[index]);
        let Some(known) = study.optima.of(index) else {
            return [f64::NAN; LANES];
        };
        let features = data.features(index, arm);
        let measured = &mut self.measured[self.plan.fit_of_arm[index]];
        std::array::from_fn(|l| {
            // The stream by which the fit of this lane was shuffled.
            let mut order = self.order.stream(first + l as u64, 0);
            measured.of(arm, known, features, &self.target, l, &mut order)
        })
    }
}
