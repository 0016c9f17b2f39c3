//! Owns what policies are fitted to and how, and how fits ended.

use super::Family;
use crate::numerics::lanes::Lanes;
use crate::numerics::text::float;
use std::f64::consts::FRAC_PI_2;

/// Eight data sets, one per lane: what policies are fitted to.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// Prompts of a data set.
    pub prompts: usize,
    /// Features of a prompt, of which the first is 1.
    pub coordinates: usize,
    /// Modes of a prompt.
    pub modes: usize,
    /// Features, prompts x coordinates.
    pub features: &'a [Lanes<f64>],
    /// Shares of a prompt's kept responses by mode, prompts x modes; those of a prompt sum to one, or to its weight.
    pub target: &'a [Lanes<f64>],
    /// What each prompt counts, a row per prompt, 0 or more, where not all count alike: the loss is then the mean over prompts of
    /// -sum_m target_m ln p_m with targets that sum to this. Full batches alone.
    pub weights: Option<&'a [Lanes<f64>]>,
    /// Kept responses of a prompt, K: where minibatches are shuffled, `target` times these are whole counts.
    pub responses: usize,
}

/// How a policy is fitted: the loss is the mean over examples of -sum_m target_m ln p_m, plus (decay/2) |theta|^2, in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Training {
    /// What makes a step.
    pub optimiser: Optimiser,
    /// Strength of the penalty, 0 or more. It is part of the loss of Adam too, not decoupled from it.
    pub decay: f64,
    /// The most steps.
    pub steps: u32,
    /// A fit by full batches stops where no coordinate of the gradient is beyond this in absolute value; at 0, never before
    /// `steps`.
    pub tolerance: f64,
    /// What a step sees.
    pub batch: Batch,
    /// What of its way a fit hands on.
    pub average: Average,
}

/// What a fit hands on of the parameters that it passes through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Average {
    /// Those after the last step.
    Last,
    /// The mean of those after each step of the second half (Polyak and Juditsky 1992).
    SecondHalf,
    /// A mean in which each step counts this many times, from 0 to 1, what the one after it does. It begins at the parameters before any step.
    Exponential(f64),
}

/// What makes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimiser {
    /// Newton's method, halving a step until it keeps its promise; of full batches and convex losses. It stops where, beside
    /// the gradient, also the decrement g H^-1 g is within 1e-10, and where no step makes the loss smaller. It takes about 50
    /// bytes times the square of the number of parameters.
    Newton,
    /// v = momentum v + gradient, theta -= rate v.
    Gradient {
        /// Step length, above 0.
        rate: f64,
        /// What is kept of the last step, in [0, 1).
        momentum: f64,
        /// How the rate falls.
        schedule: Schedule,
    },
    /// Adam (Kingma and Ba 2015) with decay rates .9 and .999 and epsilon 1e-8.
    Adam {
        /// Step length, above 0.
        rate: f64,
        /// How the rate falls.
        schedule: Schedule,
    },
}

/// How a rate falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// It does not.
    Constant,
    /// To zero, with (1 + cos(pi t/steps))/2 at step t = 0, 1, ...
    Cosine,
}

/// What a step sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// All prompts.
    Full,
    /// So many (prompt, response) examples as whole prompts with all their K responses: b/K prompts, at least one.
    Grouped(u32),
    /// So many of all (prompt, response) examples.
    ///
    /// Minibatches of either kind are taken without replacement within an epoch, from a fresh random order in each; what is
    /// left over at its end, too few for a minibatch, is dropped. A minibatch is never larger than the data set.
    Shuffled(u32),
}

/// How fits ended, one per lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitReport {
    /// Steps taken.
    pub steps: Lanes<f64>,
    /// The largest coordinate, in absolute value, of the gradient of the loss on all prompts at the end; NaN of a fit that failed.
    pub gradient: Lanes<f64>,
    /// 1 where that is within the tolerance, else 0.
    pub converged: Lanes<f64>,
}

impl Training {
    /// Its settings in words: two are the same exactly if their texts are. It stands in work keys.
    pub fn canonical(&self) -> String {
        let Self {
            optimiser,
            decay,
            steps,
            tolerance,
            batch,
            average,
        } = *self;
        format!(
            "{} decay {} steps {steps} tolerance {} batch {}{}",
            optimiser.canonical(),
            float(decay),
            float(tolerance),
            batch.canonical(),
            average.canonical()
        )
    }

    /// Whether fits may stop because they have converged.
    pub fn may_converge(&self) -> bool {
        self.batch == Batch::Full && self.tolerance > 0.0
    }

    /// Whether it can fit a family; else why not.
    pub fn fits(&self, family: &Family) -> Result<(), &'static str> {
        match (self.optimiser, self.batch) {
            (Optimiser::Newton, _) if !family.is_convex() => Err("Newton's method fits log-linear policies alone"),
            (Optimiser::Newton, Batch::Grouped(_) | Batch::Shuffled(_)) => {
                Err("Newton's method sees full batches alone")
            }
            _ => self.averages(),
        }
    }

    /// Whether fits take all the steps that an average of parameters supposes; else why not.
    pub fn averages(&self) -> Result<(), &'static str> {
        match self.average != Average::Last && (self.optimiser == Optimiser::Newton || self.may_converge()) {
            true => {
                Err("an average of parameters is one over all steps of gradient descent or Adam: none may stop before")
            }
            false => Ok(()),
        }
    }
}

impl Optimiser {
    fn canonical(&self) -> String {
        match *self {
            Self::Newton => "newton".into(),
            Self::Gradient {
                rate,
                momentum,
                schedule,
            } => format!(
                "gradient rate {} momentum {} {}",
                float(rate),
                float(momentum),
                schedule.canonical()
            ),
            Self::Adam { rate, schedule } => format!("adam rate {} {}", float(rate), schedule.canonical()),
        }
    }
}

impl Average {
    /// Nothing of the last step, which is what fits hand on unless they say so.
    fn canonical(&self) -> String {
        match *self {
            Self::Last => String::new(),
            Self::SecondHalf => " average second-half".into(),
            Self::Exponential(decay) => format!(" average exponential {}", float(decay)),
        }
    }
}

impl Schedule {
    fn canonical(&self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Cosine => "cosine",
        }
    }

    /// What a rate is multiplied by at a step.
    pub(in crate::policy) fn factor(&self, step: u32, steps: u32) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Cosine if 2 * u64::from(step) <= u64::from(steps) => 1.0 - sine_squared(step, steps),
            Self::Cosine => sine_squared(steps - step, steps),
        }
    }
}

impl Batch {
    /// How many steps see all of `prompts` with `responses` each once: what is too few for a minibatch is left out.
    pub fn steps_per_epoch(&self, prompts: usize, responses: usize) -> usize {
        let (size, among) = self.sizes(prompts, responses);
        if *self == Self::Full { 1 } else { among / size }
    }

    /// How many prompts or examples a step sees, and of how many these are drawn; of none where a step sees all.
    pub(super) fn sizes(&self, prompts: usize, responses: usize) -> (usize, usize) {
        let (size, among) = match *self {
            Self::Full => return (prompts, 0),
            Self::Grouped(examples) => (examples as usize / responses.max(1), prompts),
            Self::Shuffled(examples) => (examples as usize, prompts * responses),
        };
        (size.clamp(1, among.max(1)), among)
    }

    fn canonical(&self) -> String {
        match self {
            Self::Full => "full".into(),
            Self::Grouped(examples) => format!("grouped {examples}"),
            Self::Shuffled(examples) => format!("shuffled {examples}"),
        }
    }
}

/// sin^2(pi/2 t/n) for t/n up to 1/2, by the series of the sine; what it leaves out is below 2^-60 of it.
fn sine_squared(t: u32, n: u32) -> f64 {
    let x = FRAC_PI_2 * (f64::from(t) / f64::from(n));
    let square = x * x;
    let series = [
        16.0 * 17.0,
        14.0 * 15.0,
        12.0 * 13.0,
        10.0 * 11.0,
        8.0 * 9.0,
        6.0 * 7.0,
        4.0 * 5.0,
        2.0 * 3.0,
    ];
    let sine = x * series.iter().fold(1.0, |sum, below| 1.0 - square / below * sum);
    sine * sine
}
