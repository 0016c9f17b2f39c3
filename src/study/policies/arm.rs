//! Owns one arm: what is kept of how many prompts, and how which policy is fitted to it.

use super::Prompts;
use crate::policy::{Batch, Family, Training};
use crate::study::pools::PoolArm;

/// One fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicyArm {
    /// What is kept of how many prompts.
    pub pool: PoolArm,
    /// How often each prompt occurs: N_p prompts are N_p / copies different ones, each with responses of its own.
    pub copies: u32,
    /// What the policy is fitted to.
    pub labels: Labels,
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

    /// K, infinite where the response distributions themselves are fitted to.
    pub fn responses(&self) -> f64 {
        match self.labels {
            Labels::Responses => f64::from(self.pool.responses),
            Labels::Exact => f64::INFINITY,
        }
    }

    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, prompts: &Prompts) -> Result<(), (&'static str, String)> {
        let population = prompts.population.as_ref();
        let attributes = population.attributes().is_some();
        self.pool
            .check(Some(attributes))
            .map_err(|error| ("responses", error.to_string()))?;
        let fits = self.training.fits(&self.family);
        fits.map_err(|why| ("training.optimiser", why.to_owned()))?;
        let (seen, there) = (self.family.inputs(), population.coordinates() - 1);
        if seen > there {
            return Err(("policy", format!("sees {seen} features, but prompts have {there}")));
        }
        if !prompts.replacement && self.distinct() as usize > population.prompts() {
            let (distinct, all) = (self.distinct(), population.prompts());
            let what = format!("{distinct} different prompts cannot be drawn without replacement from {all}");
            return Err(("prompts", what));
        }
        if self.pool.choice.rule.selector.weighted() && matches!(self.training.batch, Batch::Shuffled(_)) {
            let what = "weighted responses cannot be shuffled into minibatches, since they count for parts of one";
            return Err(("training.batches", what.to_owned()));
        }
        Ok(())
    }

    /// The canonical text: part of the work key. What a setting ignores is left out, and so is what was not there at first.
    pub(super) fn canonical(&self) -> String {
        let kept = match self.labels {
            Labels::Responses => self.pool.canonical(),
            Labels::Exact => format!("exact labels prompts {}", self.pool.prompts),
        };
        let copies = match self.copies {
            1 => String::new(),
            copies => format!(" copies {copies}"),
        };
        let start = match (self.family.is_convex(), self.start) {
            (true, _) => "",
            (false, Start::Drawn) => " start drawn",
            (false, Start::Best) => " start best",
        };
        format!(
            "{kept}{copies} {} {}{start}",
            self.family.canonical(),
            self.training.canonical()
        )
    }
}
