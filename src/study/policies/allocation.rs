//! Owns what the number of responses of a prompt goes by, where prompts have different numbers, and what they count.

use crate::format::keys::named;
use crate::theory::prompt_scores::PromptScores;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The most that a prompt has, as a multiple of the mean.
pub(super) const MOST_TIMES: u32 = 8;

/// What the number of responses of a prompt goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocate {
    /// Nothing: all have as many.
    Constant,
    /// sqrt(v), v how much responses vary in the metric of the inverse Hessian: Neyman allocation.
    Neyman,
    /// The same in the gradient's own units.
    RawVariance,
    /// The root second moment of the gradient, which counts what is expected of the prompt too: the rule GVM without its acceptance.
    SecondMoment,
    /// The entropy of the prompt's responses.
    Entropy,
}

named!(Allocate {
    Allocate::Constant => "constant": "all prompts have as many",
    Allocate::Neyman => "neyman": "proportional to the root of how much a prompt's responses vary, as the best policy sees it: Neyman allocation",
    Allocate::RawVariance => "raw-variance": "the same in the units of the gradient",
    Allocate::SecondMoment => "second-moment": "proportional to the root second moment of a response's gradient, as in the rule GVM",
    Allocate::Entropy => "entropy": "proportional to the entropy of a prompt's responses",
});

impl Allocate {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [
        Self::Constant,
        Self::Neyman,
        Self::RawVariance,
        Self::SecondMoment,
        Self::Entropy,
    ];
}

/// What a prompt counts beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// All prompts count the same, so that a response of a prompt with K counts 1/K.
    Prompts,
    /// All responses count the same, as in a flat list of them: a prompt counts as many as it has.
    Responses,
}

named!(Weighting {
    Weighting::Prompts => "prompts": "every prompt the same: a response counts 1/K(x)",
    Weighting::Responses => "responses": "every response the same, as in a flat list: prompts with more responses count more",
});

/// Numbers of responses of a population's prompts.
#[derive(Debug)]
pub struct Allocated {
    /// K(x), at least 1.
    pub responses: Vec<u32>,
    /// V_{y|x}/E[v/K]: the constant number that is worth as much to first order; NaN where the Hessian has no inverse.
    pub effective: f64,
    /// L of the policy that prompts weighted by K(x) tend to, less L(theta*): what a flat list of responses loses whatever is bought.
    pub pooled_excess: f64,
}

/// A rule, the mean number, and what they give.
type Of = ((Allocate, u32), Arc<Allocated>);

/// What was worked out of one policy: it is asked for again and again.
#[derive(Debug, Default)]
pub(super) struct Worked {
    pub scores: OnceLock<PromptScores>,
    allocated: Mutex<Vec<Of>>,
}

impl Worked {
    /// What a rule gives with this mean, worked out by `make` unless it is known.
    pub fn allocated(&self, rule: Allocate, mean: u32, make: impl FnOnce() -> Allocated) -> Arc<Allocated> {
        let mut all = self.allocated.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = all.iter().find(|(key, _)| *key == (rule, mean)) {
            return known.clone();
        }
        let found = Arc::new(make());
        all.push(((rule, mean), found.clone()));
        found
    }
}
