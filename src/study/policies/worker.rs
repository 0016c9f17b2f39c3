//! Owns the fits: eight data sets in lanes, every arm fitted to its own and measured over the population.

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
use crate::numerics::stream::{Purpose, Stream, Streams};
use crate::numerics::text::short;
use crate::policy::{Examples, Family, FitReport, Fitter, Training};
use crate::study::TraceTable;
use std::ops::Range;

/// What all workers share.
pub(super) struct Plan {
    study: Policies,
    streams: Streams,
    /// The different ways to fit, in order of first use, and which of them each arm takes.
    fits: Vec<(Family, Training)>,
    fit_of_arm: Vec<usize>,
}

/// Prompts of the population that are measured at once.
const CHUNK: usize = 32;

impl Plan {
    pub fn new(study: &Policies) -> Self {
        let fits = distinct_fits(&study.arms);
        let place = |arm: &PolicyArm| fits.iter().position(|own| *own == (arm.family, arm.training));
        // Cannot be absent because every arm's is among them.
        let fit_of_arm = study.arms.iter().map(|arm| place(arm).unwrap_or(0)).collect();
        Self {
            streams: Streams::new(study.scenario.spec.draws.text()),
            study: study.clone(),
            fits,
            fit_of_arm,
        }
    }

    fn fits(&self) -> Fits<'_> {
        let (study, population) = (&self.study, self.study.prompts.population.as_ref());
        let modes = population.modes();
        let most = study.arms.iter().map(|arm| arm.pool.prompts).max().unwrap_or(0) as usize;
        let fitter = |&(family, training): &(Family, Training)| Fitter::new(family, modes, training);
        Fits {
            plan: self,
            data: study.data.data(&self.streams),
            fitters: self.fits.iter().map(fitter).collect(),
            measured: self
                .fits
                .iter()
                .map(|(family, _)| Measured::new(*family, modes))
                .collect(),
            order: self.streams.purpose("minibatches"),
            start: self.streams.purpose("start"),
            target: vec![[0.0; LANES]; most * modes],
            theta: Vec::new(),
            log_p: vec![[0.0; LANES]; CHUNK * modes],
            p: vec![[0.0; LANES]; CHUNK * modes],
            values: vec![[0.0; LANES]; study.measures.len()],
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
            let report = fits.fit(index, replicate - lane as u64, &mut || false);
            let values = fits.measure(index, &report, replicate - lane as u64);
            let words = self.study.measures.iter().zip(values);
            let words: Vec<String> = words
                .map(|(own, value)| format!("{} {}", own.name(), short(value[lane])))
                .collect();
            let [steps, gradient] = [report.steps[lane], report.gradient[lane]].map(short);
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

/// A worker: the plan, data and scratch.
struct Fits<'a> {
    plan: &'a Plan,
    data: Data<'a>,
    /// One for each way to fit.
    fitters: Vec<Fitter>,
    measured: Vec<Measured>,
    order: Purpose,
    start: Purpose,
    target: Vec<Lanes<f64>>,
    theta: Vec<Lanes<f64>>,
    log_p: Vec<Lanes<f64>>,
    p: Vec<Lanes<f64>>,
    values: Vec<Lanes<f64>>,
}

impl Worker for Fits<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        for first in replicates.step_by(LANES) {
            self.data.draw(first);
            (0..LANES as u64).for_each(|lane| tally.batch(first + lane).replicates += 1);
            for arm in 0..self.plan.study.arms.len() {
                let report = self.fit(arm, first, &mut || tally.is_stopped());
                if tally.is_stopped() {
                    return;
                }
                self.measure(arm, &report, first);
                (0..LANES).for_each(|lane| self.give(arm, lane, tally.batch(first + lane as u64)));
            }
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        let first = replicate - lane as u64;
        self.data.draw(first);
        alone.replicates += 1;
        for arm in 0..self.plan.study.arms.len() {
            let report = self.fit(arm, first, &mut || false);
            self.measure(arm, &report, first);
            self.give(arm, lane, alone);
        }
    }
}

impl Fits<'_> {
    /// Fits an arm to the data at hand, in [`theta`](Self::theta).
    fn fit(&mut self, index: usize, first: u64, stop: &mut dyn FnMut() -> bool) -> FitReport {
        let arm = &self.plan.study.arms[index];
        let population = self.plan.study.prompts.population.as_ref();
        let (prompts, modes) = (arm.pool.prompts as usize, population.modes());
        let target = &mut self.target[..prompts * modes];
        self.data.target(index, arm, target);
        self.begin(index, first);
        let examples = Examples {
            prompts,
            coordinates: population.coordinates(),
            modes,
            features: self.data.features(index, arm),
            target: &self.target[..prompts * modes],
            responses: arm.pool.responses as usize,
        };
        let mut order = self.order_of(first);
        self.fitters[self.plan.fit_of_arm[index]].fit_until(&examples, &mut self.theta, &mut order, stop)
    }

    /// The streams of minibatches: those of all arms are alike.
    fn order_of(&self, first: u64) -> Vec<Stream> {
        (0..LANES as u64)
            .map(|lane| self.order.stream(first + lane, 0))
            .collect()
    }

    /// Puts parameters where an arm's fits begin.
    fn begin(&mut self, index: usize, first: u64) {
        let (study, arm) = (&self.plan.study, &self.plan.study.arms[index]);
        let modes = study.prompts.population.modes();
        self.theta.clear();
        if let (Start::Best, Some(best)) = (arm.start, study.optima.of(index)) {
            self.theta.extend(best.start.iter().map(|&value| [value; LANES]));
            return;
        }
        self.theta.resize(arm.family.parameters(modes), [0.0; LANES]);
        for l in 0..LANES {
            let drawn = arm.family.start(modes, &mut self.start.stream(first + l as u64, 0));
            self.theta.iter_mut().zip(drawn).for_each(|(row, value)| row[l] = value);
        }
    }

    /// What every measure is of the fits at hand.
    fn measure(&mut self, index: usize, report: &FitReport, first: u64) -> &[Lanes<f64>] {
        self.values.fill([0.0; LANES]);
        if self.plan.study.measures.iter().any(|own| own.is_of_policy()) {
            self.measure_policy(index);
        }
        let fit = FitView {
            steps: report.steps,
            converged: match self.plan.study.arms[index].training.may_converge() {
                true => report.converged,
                false => [1.0; LANES],
            },
        };
        for place in 0..self.plan.study.measures.len() {
            match self.plan.study.measures[place].own() {
                Statistic::Fit(of, _) => self.values[place] = of(&fit),
                Statistic::Minibatch => self.values[place] = self.minibatch(index, first),
                Statistic::Excess => {
                    let loss = self.plan.study.optima.of(index).map_or(f64::NAN, |own| own.loss);
                    self.values[place] = self.values[place].map(|value| value - loss);
                }
                Statistic::Policy(_) | Statistic::Theory => {}
            }
        }
        &self.values
    }

    /// Means over the population, chunk by chunk.
    fn measure_policy(&mut self, index: usize) {
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
                for (value, measure) in self.values.iter_mut().zip(study.measures.iter()) {
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

    fn minibatch(&mut self, index: usize, first: u64) -> Lanes<f64> {
        let (study, arm) = (&self.plan.study, &self.plan.study.arms[index]);
        let Some(known) = study.optima.of(index) else {
            return [f64::NAN; LANES];
        };
        let (features, mut order) = (self.data.features(index, arm), self.order_of(first));
        let measured = &mut self.measured[self.plan.fit_of_arm[index]];
        std::array::from_fn(|l| measured.of(arm, known, features, &self.target, l, &mut order[l]))
    }

    /// Adds the values of one lane, unless some are no numbers: a fit that diverged is void whatever is measured of it (law 8).
    fn give(&self, arm: usize, lane: usize, group: &mut Group) {
        let finite = |values: &[Lanes<f64>]| values.iter().all(|own| own[lane].is_finite());
        if !finite(&self.theta) || !finite(&self.values) {
            return;
        }
        group.valid[arm] += 1;
        let count = self.values.len();
        for (sum, value) in group.sums[arm * count..][..count].iter_mut().zip(&self.values) {
            *sum += value[lane];
        }
    }
}
