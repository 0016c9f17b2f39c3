//! Owns one arm: how many increments of how many responses of how many prompts, and which policy is fitted to them.

use crate::format::keys::{Named, named};
use crate::policy::{PrefixFeatures, Training};
use crate::study::pools::{PoolArm, Trained};
use crate::theory::sequences::Contexts;
use crate::world::PlanWorld;

/// The most cells, increments in states, that responses are counted in.
const MOST_CELLS: usize = 1 << 16;

/// The most numbers that sums of gradients by state may take: 64 MB.
const MOST_SUMS: usize = 1 << 23;

/// The most parameters that are fitted: their Hessian is a matrix of as many rows for each of eight lanes.
const MOST_PARAMETERS: usize = 256;

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SequencePolicy {
    /// A log-linear policy that sees so much of its prefix.
    Prefix(PrefixFeatures),
    /// The weights of plans that are known: the smallest policy that is correct.
    PlanWeights,
}

named!(SequencePolicy {
    SequencePolicy::Prefix(PrefixFeatures::Tied) => "tied": "one distribution of increments, whatever the prefix",
    SequencePolicy::Prefix(PrefixFeatures::PerPosition) => "per-position": "one for each position",
    SequencePolicy::Prefix(PrefixFeatures::OrderOne) => "order-1": "one for each last increment, and for the first",
    SequencePolicy::Prefix(PrefixFeatures::Counts) => "counts": "logits linear in the counts of past increments",
    SequencePolicy::Prefix(PrefixFeatures::CountsAndPosition) => "counts-and-position": "the same, and a constant for each position",
    SequencePolicy::Prefix(PrefixFeatures::Tree) => "tree": "one distribution for each prefix: the saturated tree, which is correct; it is not fitted, and has \
        no measures of fits",
    SequencePolicy::PlanWeights => "plan-weights": "the weights of plans whose responses are known: the smallest policy that is correct; it is not \
        fitted either",
});

impl SequencePolicy {
    /// Every policy, from the one that sees least.
    pub const ALL: [Self; 7] = [
        Self::Prefix(PrefixFeatures::Tied),
        Self::Prefix(PrefixFeatures::PerPosition),
        Self::Prefix(PrefixFeatures::OrderOne),
        Self::Prefix(PrefixFeatures::Counts),
        Self::Prefix(PrefixFeatures::CountsAndPosition),
        Self::Prefix(PrefixFeatures::Tree),
        Self::PlanWeights,
    ];

    /// What responses are counted by: of the weights of plans, counts of increments say all.
    pub(super) fn features(self) -> PrefixFeatures {
        match self {
            Self::Prefix(features) => features,
            Self::PlanWeights => PrefixFeatures::Counts,
        }
    }

    /// Whether it is fitted, and not only its gradient taken at the best one.
    pub(super) fn is_fitted(self) -> bool {
        !matches!(self, Self::Prefix(PrefixFeatures::Tree) | Self::PlanWeights)
    }

    /// The states that it sees of responses of so many increments.
    pub(super) fn contexts(self, tokens: usize, length: u32) -> Contexts {
        self.features().contexts(tokens, length as usize)
    }
}

/// One fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequenceArm {
    /// How many responses of how many prompts. All are kept; one of each plan stands for those that share it where so few are trained on.
    pub pool: PoolArm,
    /// n: increments of a response, its first ones.
    pub length: u32,
    /// The policy.
    pub policy: SequencePolicy,
    /// How it is fitted, by full batches.
    pub training: Training,
}

impl SequenceArm {
    /// N_p K.
    pub fn all_responses(&self) -> f64 {
        f64::from(self.pool.prompts) * f64::from(self.pool.responses)
    }

    /// What tells policies apart that theory speaks of.
    pub(super) fn seen(&self) -> (SequencePolicy, u32) {
        (self.policy, self.length)
    }

    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, world: &PlanWorld) -> Result<(), (&'static str, String)> {
        self.pool
            .check(None)
            .map_err(|error| ("responses", error.to_string()))?;
        let (features, tokens, length) = (self.policy.features(), world.plans().tokens(), self.length as usize);
        let name = self.policy.name();
        if self.policy != SequencePolicy::PlanWeights && length < features.shortest() {
            let least = features.shortest();
            let what =
                format!("{name:?} sees nothing of responses of {length}: take \"tied\", or {least} increments or more");
            return Err(("length", what));
        }
        if self.policy == SequencePolicy::PlanWeights && world.plans().chi_square() < 1e-12 {
            let what = "responses of all plans are alike at vagueness 1, so that \"plan-weights\" has nothing to learn: lower world.vagueness";
            return Err(("policy", what.to_owned()));
        }
        let states = features.states(tokens, length, MOST_CELLS);
        let dimension = match self.policy {
            SequencePolicy::PlanWeights => tokens - 1,
            SequencePolicy::Prefix(PrefixFeatures::Counts) => (tokens - 1) * (tokens + 1),
            SequencePolicy::Prefix(PrefixFeatures::CountsAndPosition) => (tokens - 1) * (length + tokens - 1),
            SequencePolicy::Prefix(_) => states.saturating_mul(tokens),
        };
        if states.saturating_mul(tokens) > MOST_CELLS || states.saturating_mul(dimension) > MOST_SUMS {
            let what =
                format!("{name:?} sees too many different prefixes of {length} increments out of {tokens}: take fewer");
            return Err(("length", what));
        }
        let parameters = features.parameters(tokens, length);
        if self.policy.is_fitted() && parameters > MOST_PARAMETERS {
            let what = format!(
                "{name:?} has {parameters} parameters at {length} increments; {MOST_PARAMETERS} can be fitted: take fewer"
            );
            return Err(("length", what));
        }
        if self.policy.is_fitted() && self.training.decay == 0.0 {
            let what = "without a penalty some parameter may have no best value: give it one, 1e-6 is next to nothing";
            return Err(("training.decay", what.to_owned()));
        }
        Ok(())
    }

    /// The canonical text: part of the work key. What a policy that is not fitted ignores is left out.
    pub(super) fn canonical(&self) -> String {
        let training = match self.policy.is_fitted() {
            true => format!(" {}", self.training.canonical()),
            false => String::new(),
        };
        let (name, pool) = (self.policy.name(), self.pool.canonical());
        let trained = match self.pool.trained {
            Trained::Every => "",
            Trained::OnePerMode => " one per plan",
        };
        format!("{pool}{trained} length {} {name}{training}", self.length)
    }
}
