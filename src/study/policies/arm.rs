//! Owns one arm: what is kept of how many prompts, and how which policy is fitted to it.

use super::Prompts;
use super::allocation::{Allocate, MOST_TIMES, Weighting};
use crate::format::keys::Named;
use crate::numerics::text::float;
use crate::policy::{Batch, Family, Training};
use crate::study::pools::{ArmError, PoolArm};
use crate::world::Population;

/// The most lanes of eight numbers that prompts, and responses of two bytes each, may take a thread: half a gigabyte of each.
const MOST_ROWS: u64 = 1 << 23;
const MOST_RESPONSES: u64 = 1 << 25;

/// One fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicyArm {
    /// What is kept of how many prompts.
    pub pool: PoolArm,
    /// How often each prompt occurs: N_p prompts are N_p / copies different ones, each with responses of its own.
    pub copies: u32,
    /// What the policy is fitted to.
    pub labels: Labels,
    /// How that is made, where it is probabilities.
    pub teacher: Teacher,
    /// s, from 0 to below 1: what is fitted to is (1 - s) times labels and s/M of each mode.
    pub smoothing: f64,
    /// What the number of responses of a prompt goes by; `pool` has their mean over the population.
    pub allocation: Allocate,
    /// What a prompt counts.
    pub weighting: Weighting,
    /// The policy.
    pub family: Family,
    /// How it is fitted.
    pub training: Training,
    /// Where a fit that may have several minima begins.
    pub start: Start,
}

/// What a policy is fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// The responses kept.
    Responses,
    /// The response distribution of each prompt: what ever more responses tend to.
    Exact,
    /// The probabilities of a first fit to the responses kept, at the prompts of these: self-distillation.
    Distilled,
}

/// How probabilities are made that policies are fitted to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Teacher {
    /// T, positive: probabilities proportional to p^(1/T).
    pub temperature: f64,
    /// Decay of the first fit of self-distillation; none where it is that of the second. In all else both are fitted alike, but for where
    /// they begin.
    pub decay: Option<f64>,
}

impl Teacher {
    /// Probabilities as they are, of a policy that is fitted in the same way.
    pub const PLAIN: Self = Self {
        temperature: 1.0,
        decay: None,
    };
}

/// Where a fit begins that may have several minima.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At parameters drawn for each replicate.
    Drawn,
    /// At those of eight drawn from which training on the whole population comes lowest: the same in every replicate, so that only data
    /// and minibatches differ.
    Best,
}

impl PolicyArm {
    /// How many different prompts it sees at most: the last of them may have fewer copies.
    pub fn distinct(&self) -> u32 {
        self.pool.prompts.div_ceil(self.copies)
    }

    /// sum over different prompts of (their share of N_p)^2: 1/N_p where each occurs once. It is what V_x is multiplied by.
    pub(super) fn spread(&self) -> f64 {
        let (prompts, copies) = (f64::from(self.pool.prompts), f64::from(self.copies));
        let (whole, rest) = ((prompts / copies).floor(), prompts % copies);
        (whole * copies * copies + rest * rest) / (prompts * prompts)
    }

    /// Whether it sees responses, by itself or through a first fit.
    pub(super) fn sees_responses(&self) -> bool {
        self.labels != Labels::Exact
    }

    /// Whether its data are responses kept at random, as many of each prompt, as the law supposes.
    pub(super) fn is_lawful(&self) -> bool {
        self.is_random() && self.smoothing == 0.0 && self.allocation == Allocate::Constant
    }

    /// Whether its data are responses kept at random.
    pub(super) fn is_random(&self) -> bool {
        self.labels == Labels::Responses && self.pool.choice.is_random()
    }

    /// How the first fit of self-distillation is made; none of other labels.
    pub(super) fn teacher_training(&self) -> Option<Training> {
        let decay = self.teacher.decay.unwrap_or(self.training.decay);
        let training = self.training;
        (self.labels == Labels::Distilled).then_some(Training { decay, ..training })
    }

    /// Whether prompts count as many as they have responses, and have different numbers.
    pub(super) fn is_pooled(&self) -> bool {
        self.weighting == Weighting::Responses && self.allocation != Allocate::Constant
    }

    /// How deep a prompt's pool is drawn.
    pub(super) fn depth(&self) -> u32 {
        match self.allocation {
            Allocate::Constant => self.pool.depth(),
            _ => self.pool.responses.saturating_mul(MOST_TIMES),
        }
    }

    /// K, infinite where the response distributions themselves are fitted to.
    pub fn responses(&self) -> f64 {
        match self.labels {
            Labels::Responses | Labels::Distilled => f64::from(self.pool.responses),
            Labels::Exact => f64::INFINITY,
        }
    }

    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, prompts: &Prompts) -> Result<(), (&'static str, String)> {
        let population = prompts.population.as_ref();
        let attributes = population.attributes().is_some();
        self.pool.check(Some(attributes)).map_err(|error| match error {
            ArmError::NoAttributes(name) => {
                let what = format!("{name:?} looks at rewards or embeddings, which only world.kind = \"features\" has");
                ("selector", what)
            }
            error => ("responses", error.to_string()),
        })?;
        self.check_allocation()?;
        self.check_data(prompts)?;
        self.check_targets()?;
        self.check_fit(population)
    }

    /// What labels are made of, and what it takes to fit to them.
    fn check_targets(&self) -> Result<(), (&'static str, String)> {
        let fault = |key, what: &str| Err((key, what.to_owned()));
        if self.teacher.temperature != 1.0 && self.labels == Labels::Responses {
            let what = "responses have no probabilities to change: take labels = \"exact\" or \"distilled\"";
            return fault("teacher-temperature", what);
        }
        if self.teacher.decay.is_some() && self.labels != Labels::Distilled {
            return fault("teacher-decay", "there is no first fit: take labels = \"distilled\"");
        }
        let counts = self.labels == Labels::Responses && self.smoothing == 0.0;
        if !counts && matches!(self.training.batch, Batch::Shuffled(_)) {
            let what = "targets that are no counts of responses cannot be shuffled into minibatches: take \"grouped\"";
            return fault("training.batches", what);
        }
        // Probabilities are positive, so that a fit to them has a best value where their own fit had one.
        let fit_to_responses = match self.labels {
            Labels::Exact => return Ok(()),
            Labels::Responses => Some(self.training),
            Labels::Distilled => self.teacher_training(),
        };
        if self.family.is_convex() && fit_to_responses.is_some_and(|own| own.decay == 0.0) {
            let key = if self.teacher.decay.is_some() {
                "teacher-decay"
            } else {
                "training.decay"
            };
            let what = "without a penalty some parameter may have no best value: give it one, 1e-6 is next to nothing";
            return fault(key, what);
        }
        Ok(())
    }

    /// Numbers of responses that differ between prompts are worked out at the best policy of a convex family, and kept at random.
    fn check_allocation(&self) -> Result<(), (&'static str, String)> {
        if self.allocation == Allocate::Constant {
            return Ok(());
        }
        let why = if !self.is_random() || self.pool.candidates.is_some() {
            "takes responses kept at random, without `candidates`, and no exact or distilled labels"
        } else if !self.family.is_convex() {
            "goes by the best policy of the family, which is known of shared and log-linear ones"
        } else if self.smoothing > 0.0 {
            "takes labels as they are, without smoothing"
        } else if self.training.batch != Batch::Full {
            "takes full batches: weights of prompts have no minibatches"
        } else {
            return Ok(());
        };
        Err(("allocation", format!("{:?} {why}", self.allocation.name())))
    }

    fn check_data(&self, prompts: &Prompts) -> Result<(), (&'static str, String)> {
        let (distinct, all) = (self.distinct(), prompts.population.prompts());
        if self.labels == Labels::Exact && !self.pool.choice.is_random() {
            let what = "the response distributions themselves are no choice of a selector: take selector = \"random\", or labels = \"kept\"";
            return Err(("labels", what.to_owned()));
        }
        if !prompts.replacement && distinct as usize > all {
            let what = format!(
                "{distinct} different prompts cannot be drawn without replacement from {all}: take fewer, a larger world.population, or \
                 world.replacement = true"
            );
            return Err(("prompts", what));
        }
        let rows =
            u64::from(self.pool.prompts) * (prompts.population.coordinates() + 2 * prompts.population.modes()) as u64;
        if rows > MOST_ROWS || u64::from(self.pool.prompts) * u64::from(self.depth()) > MOST_RESPONSES {
            let (n, depth) = (self.pool.prompts, self.depth());
            let what = format!(
                "{n} prompts of {depth} candidates each would take each thread more than half a gigabyte: take fewer"
            );
            return Err(("prompts", what));
        }
        Ok(())
    }

    fn check_fit(&self, population: &Population) -> Result<(), (&'static str, String)> {
        const TAKE: &str = "take training.optimiser = \"gradient\" or \"adam\"";
        if let Err(why) = self.training.averages() {
            let what = format!("{why}: {TAKE}, and training.tolerance = 0");
            return Err(("training.average", what));
        }
        if let Err(why) = self.training.fits(&self.family) {
            let key = match self.training.batch {
                Batch::Full => "training.optimiser",
                _ => "training.batches",
            };
            return Err((key, format!("{why}: {TAKE}")));
        }
        let (seen, there) = (self.family.inputs(), population.coordinates() - 1);
        if seen > there {
            let what = format!(
                "sees {seen} features, but prompts have {there}: name at most so many, or raise world.features"
            );
            return Err(("policy", what));
        }
        if let Family::LowRank { rank, .. } = self.family
            && rank > there.min(population.modes())
        {
            let what = format!(
                "slopes of {} modes in {there} features have no rank {rank}: take \"log-linear\"",
                population.modes()
            );
            return Err(("policy", what));
        }
        if self.pool.choice.rule.selector.weighted() && matches!(self.training.batch, Batch::Shuffled(_)) {
            let what = "weighted responses cannot be shuffled into minibatches, since they count for parts of one: take \"grouped\"";
            return Err(("training.batches", what.to_owned()));
        }
        Ok(())
    }

    /// The canonical text: part of the work key. What a setting ignores is left out, and so is what was not there at first.
    pub(super) fn canonical(&self) -> String {
        let kept = match self.labels {
            Labels::Responses => self.pool.canonical(),
            // K says how many prompts a grouped minibatch has, and else nothing.
            Labels::Exact => match self.training.batch {
                Batch::Grouped(_) => format!(
                    "exact labels prompts {} responses {}",
                    self.pool.prompts, self.pool.responses
                ),
                _ => format!("exact labels prompts {}", self.pool.prompts),
            },
            Labels::Distilled => format!("{} distilled", self.pool.canonical()),
        };
        let mut made = String::new();
        if self.teacher.temperature != 1.0 {
            made += &format!(" temperature {}", float(self.teacher.temperature));
        }
        if let Some(decay) = self.teacher.decay {
            made += &format!(" teacher decay {}", float(decay));
        }
        if self.smoothing > 0.0 {
            made += &format!(" smoothing {}", float(self.smoothing));
        }
        let copies = match self.copies {
            1 => String::new(),
            copies => format!(" copies {copies}"),
        };
        let allocation = match (self.allocation, self.weighting) {
            (Allocate::Constant, _) => String::new(),
            (rule, Weighting::Prompts) => format!(" {} up to {MOST_TIMES} times", rule.name()),
            (rule, Weighting::Responses) => format!(" {} up to {MOST_TIMES} times pooled", rule.name()),
        };
        let start = match (self.family.is_convex(), self.start) {
            (true, _) => "",
            (false, Start::Drawn) => " start drawn",
            (false, Start::Best) => " start best",
        };
        format!(
            "{kept}{made}{copies}{allocation} {} {}{start}",
            self.family.canonical(),
            self.training.canonical()
        )
    }
}

/// The different ways to fit, in order of first use.
pub(super) fn distinct_fits(arms: &[PolicyArm]) -> Vec<(Family, Training)> {
    let mut fits = Vec::new();
    for arm in arms {
        for training in arm.teacher_training().into_iter().chain([arm.training]) {
            let own = (arm.family, training);
            if !fits.contains(&own) {
                fits.push(own);
            }
        }
    }
    fits
}
