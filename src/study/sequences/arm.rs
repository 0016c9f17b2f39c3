//! Owns one arm: how many increments of how many responses of how many prompts, which of them are kept, and which policy is fitted to them.

use crate::format::keys::{Named, named};
use crate::policy::{Net, PrefixFeatures, Training};
use crate::study::pools::{PoolArm, Trained};
use crate::theory::selected::law::MOST_CANDIDATES;
use crate::theory::sequences::{Contexts, Endings, ResponseReward};
use crate::theory::simplex;
use crate::world::PlanWorld;

/// The most cells, increments in states, that responses are counted in.
const MOST_CELLS: usize = 1 << 16;

/// The most numbers that sums of gradients by state may take: 64 MB.
const MOST_SUMS: usize = 1 << 23;

/// The most parameters that are fitted: their Hessian is a matrix of as many rows for each of eight lanes.
const MOST_PARAMETERS: usize = 256;

/// The most prompts, in points of the simplex, that what the best responses are is averaged over.
const MOST_PROMPTS: usize = 1 << 16;

/// The most codes of counts of increments, where responses end by themselves.
const MOST_CODES: usize = 1 << 20;

named!(ResponseReward {
    ResponseReward::LogLikelihood => "log-likelihood": "ln p of the best policy, the sum over increments and over going on or ending",
    ResponseReward::MeanLogLikelihood => "mean-log-likelihood": "the same for each increment: length-normalised",
    ResponseReward::Score => "score": "the sum of world.scores of increments",
    ResponseReward::MeanScore => "mean-score": "their mean",
});

/// What the loss of a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseLoss {
    /// The sum over its increments: every increment weighs the same.
    Sum,
    /// Their mean: every response weighs the same.
    Mean,
}

named!(ResponseLoss {
    ResponseLoss::Sum => "sum": "the NLL of a response: maximum likelihood",
    ResponseLoss::Mean => "mean": "the NLL of a response over its length: length-normalised. Long responses weigh less for each increment",
});

/// What a policy is taught: which responses, and how much each weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taught {
    /// What the loss of a response is.
    pub loss: ResponseLoss,
    /// By which reward the best responses of a prompt are kept; none where all are.
    pub reward: Option<ResponseReward>,
}

impl Taught {
    /// Maximum likelihood of all responses.
    pub const PLAIN: Self = Self {
        loss: ResponseLoss::Sum,
        reward: None,
    };

    /// Whether fits tend to the best policy.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::PLAIN
    }
}

/// What tells policies apart that theory speaks of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub policy: SequencePolicy,
    pub length: u32,
    pub taught: Taught,
    /// N and K, where the best are kept.
    pub best: Option<(u32, u32)>,
    /// How nets are fitted: what they tend to depends on it.
    pub net: Option<NetFit>,
}

/// How a net is fitted, and from where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NetFit {
    pub training: Training,
    /// Which random start.
    pub start: u32,
}

impl Seen {
    /// In words: part of the keys of what theory works out.
    pub fn canonical(&self) -> String {
        let Self { policy, length, .. } = self;
        let net = match &self.net {
            Some(fit) => format!(" start {} {}", fit.start, fit.training.canonical()),
            None => String::new(),
        };
        format!(
            "{} length {length}{}{net}",
            policy.name(),
            self.taught.canonical(self.best)
        )
    }
}

impl Taught {
    fn canonical(&self, best: Option<(u32, u32)>) -> String {
        let loss = match self.loss {
            ResponseLoss::Sum => "",
            ResponseLoss::Mean => " loss mean",
        };
        match self.reward.zip(best) {
            Some((reward, (candidates, keep))) => format!("{loss} best {keep} of {candidates} by {}", reward.name()),
            None => loss.to_owned(),
        }
    }
}

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SequencePolicy {
    /// A log-linear policy that sees so much of its prefix.
    Prefix(PrefixFeatures),
    /// The weights of plans that are known: the smallest policy that is correct.
    PlanWeights,
    /// A small net.
    Net(Net),
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
    SequencePolicy::Net(Net::Gru) => "gru": "a gated recurrent unit of six numbers, trained by Adam",
    SequencePolicy::Net(Net::Attention) => "attention": "one head of causal attention and a layer of tanh, six wide, trained by Adam",
});

impl SequencePolicy {
    /// Every policy, from the one that sees least; nets last.
    pub const ALL: [Self; 9] = [
        Self::Prefix(PrefixFeatures::Tied),
        Self::Prefix(PrefixFeatures::PerPosition),
        Self::Prefix(PrefixFeatures::OrderOne),
        Self::Prefix(PrefixFeatures::Counts),
        Self::Prefix(PrefixFeatures::CountsAndPosition),
        Self::Prefix(PrefixFeatures::Tree),
        Self::PlanWeights,
        Self::Net(Net::Gru),
        Self::Net(Net::Attention),
    ];

    /// What responses are counted by: of the weights of plans, counts of increments say all.
    pub(super) fn features(self) -> PrefixFeatures {
        match self {
            Self::Prefix(features) => features,
            Self::PlanWeights => PrefixFeatures::Counts,
            Self::Net(_) => PrefixFeatures::Tree,
        }
    }

    /// Whether it is a net, whose fits end after so many steps, wherever they are then.
    pub(super) fn is_net(self) -> bool {
        matches!(self, Self::Net(_))
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

/// Why arms have no such thing.
const NO_ENDS: &str =
    "{} says nothing of responses that are equally long: give world.hazards, with which they end by themselves";

/// One fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequenceArm {
    /// How many responses of how many prompts. All are kept, or the best by a reward; one of each plan stands for those that share it where
    /// so few are trained on.
    pub pool: PoolArm,
    /// n: increments of a response, its first ones; the most, where responses end by themselves.
    pub length: u32,
    /// The policy.
    pub policy: SequencePolicy,
    /// What it is taught.
    pub taught: Taught,
    /// How it is fitted, by full batches: nets by Adam, others by Newton's method.
    pub training: Training,
    /// From which random start, of nets.
    pub start: u32,
}

impl SequenceArm {
    /// N_p K.
    pub fn all_responses(&self) -> f64 {
        f64::from(self.pool.prompts) * f64::from(self.pool.responses)
    }

    /// What tells policies apart that theory speaks of.
    pub(super) fn seen(&self) -> Seen {
        Seen {
            policy: self.policy,
            length: self.length,
            taught: self.taught,
            best: self.taught.reward.map(|_| (self.pool.depth(), self.pool.responses)),
            net: self.policy.is_net().then_some(NetFit {
                training: self.training,
                start: self.start,
            }),
        }
    }

    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, world: &PlanWorld) -> Result<(), (&'static str, String)> {
        self.pool
            .check(None)
            .map_err(|error| ("responses", error.to_string()))?;
        if self.taught.reward.is_none() && self.pool.candidates.is_some() {
            let what = "no `reward` chooses among candidates: give one, or leave them out";
            return Err(("candidates", what.to_owned()));
        }
        match world.hazards() {
            [] if self.taught.loss == ResponseLoss::Mean => Err(("loss", NO_ENDS.replace("{}", "a loss by length"))),
            [] if self.taught.reward.is_some() => Err(("reward", NO_ENDS.replace("{}", "a reward"))),
            [] => self.check_states(world),
            _ => self.check_kinds(world),
        }?;
        if self.policy.is_fitted() && self.training.decay == 0.0 {
            let what = "without a penalty some parameter may have no best value: give it one, 1e-6 is next to nothing";
            return Err(("training.decay", what.to_owned()));
        }
        Ok(())
    }

    /// The same where responses end by themselves.
    fn check_kinds(&self, world: &PlanWorld) -> Result<(), (&'static str, String)> {
        let tokens = world.plans().tokens();
        if self.policy != SequencePolicy::Prefix(PrefixFeatures::Tied) {
            let what =
                "where responses end by themselves (world.hazards) \"tied\" alone is known, with one hazard for all";
            return Err(("policy", what.to_owned()));
        }
        if self.length < 2 {
            return Err((
                "length",
                "a response of one increment never ends by itself: take 2 or more".to_owned(),
            ));
        }
        if Endings::codes(tokens, self.length) > MOST_CODES || Endings::kinds_of(tokens, self.length) > MOST_CELLS {
            let what = format!(
                "too many different responses of up to {} increments out of {tokens}: take fewer",
                self.length
            );
            return Err(("length", what));
        }
        if self.pool.trained == Trained::OnePerMode {
            let what = "responses that end by themselves (world.hazards) are all trained on: \"every\" alone is known";
            return Err(("train", what.to_owned()));
        }
        let Some(reward) = self.taught.reward else {
            return Ok(());
        };
        if matches!(reward, ResponseReward::Score | ResponseReward::MeanScore) && world.scores().is_empty() {
            let what = format!("{:?} needs a judge: give world.scores, one per plan", reward.name());
            return Err(("reward", what));
        }
        match self.pool.candidates {
            None => {
                let what = format!(
                    "{:?} chooses among candidates: set `candidates`, how many a prompt has",
                    reward.name()
                );
                Err(("reward", what))
            }
            Some(n) if n > MOST_CANDIDATES || simplex::points(tokens, Endings::nodes(n)) > MOST_PROMPTS => {
                let what = format!(
                    "what the best of {n} candidates are is not worked out for {tokens} plans: take fewer of either"
                );
                Err(("candidates", what))
            }
            Some(_) => Ok(()),
        }
    }

    /// The same where all responses are equally long.
    fn check_states(&self, world: &PlanWorld) -> Result<(), (&'static str, String)> {
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
            SequencePolicy::Net(net) => net.parameters(tokens, length),
        };
        if states.saturating_mul(tokens) > MOST_CELLS || states.saturating_mul(dimension) > MOST_SUMS {
            let what =
                format!("{name:?} sees too many different prefixes of {length} increments out of {tokens}: take fewer");
            return Err(("length", what));
        }
        let parameters = features.parameters(tokens, length);
        if self.policy.is_fitted() && !self.policy.is_net() && parameters > MOST_PARAMETERS {
            let what = format!(
                "{name:?} has {parameters} parameters at {length} increments; {MOST_PARAMETERS} can be fitted: take fewer"
            );
            return Err(("length", what));
        }
        Ok(())
    }

    /// The canonical text: part of the work key. What a policy that is not fitted ignores is left out.
    pub(super) fn canonical(&self) -> String {
        let training = match self.policy.is_fitted() {
            true if self.policy.is_net() => format!(" start {} {}", self.start, self.training.canonical()),
            true => format!(" {}", self.training.canonical()),
            false => String::new(),
        };
        let (name, pool) = (self.policy.name(), self.pool.canonical());
        let trained = match self.pool.trained {
            Trained::Every => "",
            Trained::OnePerMode => " one per plan",
        };
        let taught = self.taught.canonical(self.seen().best);
        format!("{pool}{trained} length {} {name}{taught}{training}", self.length)
    }
}
