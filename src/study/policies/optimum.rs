//! Owns the best policies of the families that a scenario fits, and what theory says near them: each an exact job.
//!
//! The best log-linear policy is found by Newton's method and is exact to rounding; of a family with several minima it is the best of
//! eight that were trained on the whole population from parameters drawn for them.

use super::allocation::{Allocate, Worked};
use super::{PolicyArm, Prompts, Start};
use crate::engine::{ExactBudget, ExactCache, ExactJob, Key, NeededJob, list};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::policy::{Average, Batch, Examples, Family, Fitter, Optimiser, Schedule, Training};
use crate::theory::optimum::{cross_entropy, log_linear_jacobian, log_linear_optimum, log_linear_policy};
use crate::theory::prompt_scores::{PromptScores, prompt_scores};
use crate::theory::sandwich::{PolicyComponents, policy_components};
use crate::theory::smoothing::smoothing_component;
use crate::theory::variance_law::Components;
use crate::world::Population;
use std::sync::{Arc, OnceLock};

/// How a policy with several minima is trained on the population: its loss is within .0005 of that after 4,000 steps from a rate of .02,
/// and with 2,000 steps it was not with 32 hidden units.
const LONG: Training = Training {
    optimiser: Optimiser::Adam {
        rate: 0.05,
        schedule: Schedule::Cosine,
    },
    decay: 0.0,
    steps: 2500,
    tolerance: 0.0,
    batch: Batch::Full,
    average: Average::Last,
};

/// What is added to the Hessian of a family whose parameters do not determine each other: it hardly moves what follows.
const DAMPING: f64 = 1e-3;

/// Numbers of a job before those of its parameters.
const NUMBERS: usize = 11;

/// The best policy of a family in a population.
#[derive(Debug)]
pub struct Optimum {
    population: Arc<Population>,
    family: Family,
    known: OnceLock<Known>,
    worked: Worked,
}

/// What is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// L(theta*), in nats.
    pub loss: f64,
    /// E_x H(pi(x)), in nats.
    pub entropy: f64,
    /// None where the Hessian has no inverse.
    pub components: Option<PolicyComponents>,
    /// What s^2/2 of label smoothing is multiplied by; none of policies with several minima, no number where the Hessian has no inverse.
    pub smoothing: Option<f64>,
    /// theta*.
    pub parameters: Vec<f64>,
    /// Where its training began.
    pub start: Vec<f64>,
}

impl Optimum {
    /// That of a family in a population.
    pub fn new(population: &Arc<Population>, family: Family) -> Self {
        Self {
            population: population.clone(),
            family,
            known: OnceLock::new(),
            worked: Worked::default(),
        }
    }

    pub(super) fn population(&self) -> &Population {
        &self.population
    }

    pub(super) fn worked(&self) -> &Worked {
        &self.worked
    }

    /// How much the responses of each prompt vary, of a convex family; nothing where the Hessian has no inverse.
    pub(super) fn scores(&self) -> PromptScores {
        let population = self.population.as_ref();
        let (features, coordinates, modes) = (population.features(), population.coordinates(), population.modes());
        let theta = &self.known().parameters;
        let used = theta.len() / (modes - 1);
        let p = log_linear_policy(features, coordinates, used, theta);
        let jacobian = |prompt: usize, out: &mut [f64]| {
            log_linear_jacobian(&features[prompt * coordinates..][..coordinates], used, modes, out);
        };
        let (prompts, pi) = (population.prompts(), population.conditionals());
        prompt_scores(prompts, modes, theta.len(), &p, pi, jacobian).unwrap_or_default()
    }

    /// What is known of it, worked out unless it is known.
    pub fn known(&self) -> &Known {
        self.known.get_or_init(|| self.work_out())
    }

    fn work_out(&self) -> Known {
        match self.family {
            Family::LogLinear { inputs } => self.by_newton(1 + inputs),
            Family::LowRank { .. } | Family::Network { .. } => self.best_of_eight(),
        }
    }

    /// That of a log-linear policy that sees the first `used` coordinates.
    fn by_newton(&self, used: usize) -> Known {
        let population = self.population.as_ref();
        let (features, coordinates, modes) = (population.features(), population.coordinates(), population.modes());
        let theta = log_linear_optimum(features, coordinates, used, population.conditionals(), modes, 0.0);
        let p = log_linear_policy(features, coordinates, used, &theta);
        let jacobian = |prompt: usize, out: &mut [f64]| {
            log_linear_jacobian(&features[prompt * coordinates..][..coordinates], used, modes, out);
        };
        let count = theta.len();
        let smoothing = smoothing_component(population.prompts(), modes, count, &p, jacobian);
        let known = self.near(
            cross_entropy(modes, &p, population.conditionals()),
            &p,
            theta,
            0.0,
            jacobian,
        );
        Known {
            smoothing: Some(smoothing.unwrap_or(f64::NAN)),
            ..known
        }
    }

    /// The best of eight that were trained on the whole population.
    fn best_of_eight(&self) -> Known {
        let population = self.population.as_ref();
        let (features, coordinates, modes) = (population.features(), population.coordinates(), population.modes());
        let starts = self.starts();
        let mut theta = starts.clone();
        let repeated = |values: &[f64]| values.iter().map(|&value| [value; LANES]).collect::<Vec<_>>();
        let examples = Examples {
            prompts: population.prompts(),
            coordinates,
            modes,
            features: &repeated(features),
            target: &repeated(population.conditionals()),
            weights: None,
            responses: 1,
        };
        Fitter::new(self.family, modes, LONG).fit(&examples, &mut theta, None);
        let mut log_p = vec![[0.0; LANES]; population.prompts() * modes];
        self.family
            .log_policies(modes, &theta, features, coordinates, &mut log_p);
        let losses = losses(population, &log_p);
        let best = (0..LANES).fold(0, |best, l| if losses[l] < losses[best] { l } else { best });
        let lane = |rows: &[Lanes<f64>]| rows.iter().map(|row| row[best]).collect::<Vec<f64>>();
        let (theta, p) = (
            lane(&theta),
            log_p.iter().map(|row| exp(row[best])).collect::<Vec<f64>>(),
        );
        let own = theta.clone();
        let jacobian = |prompt: usize, out: &mut [f64]| {
            let features = &features[prompt * coordinates..][..coordinates];
            self.family.jacobian(modes, &own, features, out);
        };
        let known = self.near(losses[best], &p, theta, DAMPING, jacobian);
        Known {
            start: lane(&starts),
            ..known
        }
    }

    /// What theory says near parameters of this loss and these probabilities.
    fn near(
        &self,
        loss: f64,
        p: &[f64],
        parameters: Vec<f64>,
        damping: f64,
        jacobian: impl FnMut(usize, &mut [f64]),
    ) -> Known {
        let population = self.population.as_ref();
        let (prompts, modes, pi) = (population.prompts(), population.modes(), population.conditionals());
        Known {
            loss,
            entropy: population.conditional_entropy(),
            components: policy_components(prompts, modes, parameters.len(), p, pi, damping, jacobian),
            smoothing: None,
            start: vec![0.0; parameters.len()],
            parameters,
        }
    }

    /// Eight draws of where training may begin.
    fn starts(&self) -> Vec<Lanes<f64>> {
        let modes = self.population.modes();
        let mut starts = vec![[0.0; LANES]; self.family.parameters(modes)];
        for l in 0..LANES {
            let mut stream = streams().purpose("start").stream(l as u64, 0);
            let drawn = self.family.start(modes, &mut stream);
            starts.iter_mut().zip(drawn).for_each(|(row, value)| row[l] = value);
        }
        starts
    }

    /// The way it is found. Another one may find another of several minima, and lose a little more or less.
    fn version(&self) -> &'static str {
        match self.family.is_convex() {
            true => "best policy 1 and its smoothing",
            false => "best policy 2",
        }
    }

    fn job(self: &Arc<Self>) -> ExactJob {
        let version = self.version();
        let key = format!(
            "{version} numerics {NUMERICS_VERSION}\n{}\n{}",
            self.population.canonical(),
            self.family.canonical()
        );
        let own = self.clone();
        let numbers = NUMBERS + 2 * self.family.parameters(self.population.modes());
        let numbers = numbers + usize::from(self.family.is_convex());
        ExactJob::new(Key::new(key), numbers, self.nanoseconds(), move || {
            own.known().numbers()
        })
    }

    /// About how long it takes: passes over the population in eight lanes, and the sums of products of gradients.
    fn nanoseconds(&self) -> u64 {
        let population = self.population.as_ref();
        let (prompts, modes) = (population.prompts() as u64, population.modes() as u64);
        let parameters = self.family.parameters(population.modes()) as u64;
        let squares = prompts * modes * parameters * parameters / 2;
        match self.family.is_convex() {
            true => prompts * parameters * parameters * 4 + squares,
            false => u64::from(LONG.steps) * prompts * (2 * parameters + 100) + squares,
        }
    }

    /// Takes in what was worked out elsewhere.
    fn know(&self, numbers: &[f64]) {
        if let Some(known) = Known::of(numbers, self.family.parameters(self.population.modes())) {
            // Whoever was first has the same.
            let _ = self.known.set(known);
        }
    }
}

/// Those of starts, the same in every world.
fn streams() -> Streams {
    Streams::new("best policy")
}

/// E_x sum_m -pi_m ln p_m of eight policies, in nats.
fn losses(population: &Population, log_p: &[Lanes<f64>]) -> Lanes<f64> {
    let mut sums = [0.0; LANES];
    for (pi, log_p) in population.conditionals().iter().zip(log_p) {
        for l in 0..LANES {
            sums[l] -= pi * log_p[l];
        }
    }
    sums.map(|sum| sum / population.prompts() as f64)
}

impl Known {
    fn numbers(&self) -> Vec<f64> {
        let components = self.components.map_or([f64::NAN; NUMBERS - 2], |own| {
            [
                own.sandwich.prompt,
                own.sandwich.response,
                own.raw.prompt,
                own.raw.response,
                own.loss.prompt,
                own.loss.response,
                own.design,
                own.parameters as f64,
                own.effective_parameters,
            ]
        });
        let first = [self.loss, self.entropy];
        let all = first
            .iter()
            .chain(&components)
            .chain(&self.parameters)
            .chain(&self.start)
            .chain(&self.smoothing);
        all.copied().collect()
    }

    fn of(numbers: &[f64], parameters: usize) -> Option<Self> {
        let (first, rest) = numbers.split_at_checked(NUMBERS)?;
        let &[loss, entropy, sx, sy, rx, ry, lx, ly, design, count, effective] = first else {
            return None;
        };
        let (theta, rest) = rest.split_at_checked(parameters)?;
        let (start, smoothing) = rest.split_at_checked(parameters)?;
        let of = |prompt, response| Components { prompt, response };
        let components = PolicyComponents {
            sandwich: of(sx, sy),
            raw: of(rx, ry),
            loss: of(lx, ly),
            design,
            parameters: count as usize,
            effective_parameters: effective,
        };
        (smoothing.len() <= 1).then(|| Self {
            loss,
            entropy,
            components: (!design.is_nan()).then_some(components),
            smoothing: smoothing.first().copied(),
            parameters: theta.to_vec(),
            start: start.to_vec(),
        })
    }
}

/// The best policies of a scenario's families, each once.
#[derive(Debug)]
pub(super) struct Optima {
    all: Vec<(Arc<Optimum>, NeededJob)>,
    /// Which of them is an arm's; none where nothing rests on it.
    of_arm: Vec<Option<usize>>,
}

impl Optima {
    /// Those that starts need, and where measures rest on them all.
    pub fn new(prompts: &Prompts, arms: &[PolicyArm], measured: bool, exact_budget: &mut ExactBudget) -> Self {
        let needs = |arm: &&PolicyArm| {
            let starts = !arm.family.is_convex() && arm.start == Start::Best;
            measured || starts || arm.allocation != Allocate::Constant
        };
        let mut families: Vec<Family> = Vec::new();
        for arm in arms.iter().filter(needs) {
            if !families.contains(&arm.family) {
                families.push(arm.family);
            }
        }
        let place = |arm: &PolicyArm| families.iter().position(|own| *own == arm.family);
        let of_arm = arms
            .iter()
            .map(|arm| needs(&arm).then(|| place(arm)).flatten())
            .collect();
        let optimum = |family: &Family| {
            let optimum = Arc::new(Optimum::new(&prompts.population, *family));
            let needed = exact_budget.need(optimum.job());
            (optimum, needed)
        };
        Self {
            all: families.iter().map(optimum).collect(),
            of_arm,
        }
    }

    /// What blocks rest on besides draws and arms: how those were found that are not the minimum of their family whatever finds them.
    pub fn settings(&self) -> Vec<String> {
        let mut found = self.all.iter().map(|(own, _)| own);
        let trained = found.find(|own| !own.family.is_convex());
        trained.map(|own| own.version().to_owned()).into_iter().collect()
    }

    /// What is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        self.all.iter().filter_map(|(_, needed)| needed.deferred())
    }

    /// What working one of them out takes, in bytes: sums of products of its gradient.
    pub fn memory(&self) -> u64 {
        let one = |(own, _): &(Arc<Optimum>, NeededJob)| {
            let parameters = own.family.parameters(own.population.modes());
            3 * list::<f64>(parameters * parameters)
        };
        self.all.iter().map(one).max().unwrap_or(0)
    }

    /// That of an arm, worked out unless it is known.
    pub fn of(&self, arm: usize) -> Option<&Known> {
        Some(self.all[self.of_arm[arm]?].0.known())
    }

    /// That of an arm, if it is known or quickly worked out.
    pub fn at_hand(&self, arm: usize, known: Option<&ExactCache>) -> Option<&Known> {
        let (optimum, needed) = &self.all[self.of_arm[arm]?];
        if optimum.known.get().is_none() {
            let numbers = known.and_then(|known| needed.numbers(known))?;
            optimum.know(&numbers);
        }
        optimum.known.get()
    }

    /// The optimum itself, for functions that are called when it is known.
    pub fn shared(&self, arm: usize) -> Option<Arc<Optimum>> {
        Some(self.all[self.of_arm[arm]?].0.clone())
    }

    /// Whether two arms have the same.
    pub fn is_shared_by_all(&self) -> bool {
        self.all.len() == 1 && self.of_arm.iter().all(Option::is_some)
    }
}
