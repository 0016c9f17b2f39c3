//! Owns what theory knows of one policy: the best of its family and the three-stage law near it, an exact job.

use super::arm::Seen;
use super::ends;
use super::known::{Known, NUMBERS};
use super::nets;
use super::reading::Reading;
use super::{SequenceArm, SequencePolicy};
use crate::engine::{ExactJob, Key, list};
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::PrefixFeatures;
use crate::theory::sequences::{BestPolicy, Contexts, Endings, Paths, PlanShares, Scores};
use crate::theory::simplex;
use crate::world::PlanWorld;
use std::sync::{Arc, OnceLock};

/// Beyond so many steps of joint states it is not worked out what plans responses look like.
pub(super) const MOST_STEPS: usize = 1 << 20;

/// States with which a law takes no time.
const FEW: usize = 64;

/// The law of one policy for responses of one length.
#[derive(Debug)]
pub(super) struct PolicyLaw {
    world: Arc<PlanWorld>,
    seen: Seen,
    known: OnceLock<Known>,
}

/// What fits of a policy are measured against.
#[derive(Debug)]
pub(super) struct Measured {
    pub reading: Reading,
    /// How often a response to a random prompt goes through each cell.
    pub cells: Vec<f64>,
    pub scores: Option<Scores>,
}

impl PolicyLaw {
    pub(super) fn tokens(&self) -> usize {
        self.world.plans().tokens()
    }

    fn contexts(&self) -> Contexts {
        self.seen.policy.contexts(self.tokens(), self.seen.length)
    }

    /// Where responses end by themselves.
    fn ends(&self) -> bool {
        !self.world.hazards().is_empty()
    }

    fn states(&self) -> usize {
        let features = self.seen.policy.features();
        features.states(self.tokens(), self.seen.length as usize, usize::MAX)
    }

    /// How many steps joint states of policy and counts take, at most.
    pub fn steps(&self) -> usize {
        if self.ends() {
            return Endings::kinds_of(self.tokens(), self.seen.length);
        }
        let features = match self.seen.policy {
            SequencePolicy::Prefix(PrefixFeatures::Tree) | SequencePolicy::Net(_) => PrefixFeatures::Tree,
            _ => PrefixFeatures::Counts,
        };
        let pairs = features.states(self.tokens(), self.seen.length as usize, MOST_STEPS);
        let each = match self.seen.policy {
            SequencePolicy::Prefix(PrefixFeatures::OrderOne) => self.tokens(),
            _ => 1,
        };
        pairs.saturating_mul(each * self.tokens())
    }

    /// That of an arm.
    pub fn new(world: &Arc<PlanWorld>, seen: Seen) -> Self {
        Self {
            world: world.clone(),
            seen,
            known: OnceLock::new(),
        }
    }

    /// V_x, V_{y|x} and D of an arm whose policy sees so few states that it takes no time; of others none.
    pub fn brief(world: &Arc<PlanWorld>, arm: &SequenceArm) -> Option<Known> {
        let own = Self::new(world, arm.seen());
        let few = own.states() <= FEW && own.steps() <= MOST_STEPS && arm.taught.is_plain();
        (arm.policy.is_fitted() && few).then(|| own.work_out(false))
    }

    /// What is known of it, worked out unless it is known.
    pub fn known(&self) -> &Known {
        self.known.get_or_init(|| self.work_out(true))
    }

    /// Whose policy it is of.
    pub fn world(&self) -> &PlanWorld {
        &self.world
    }

    /// What tells it apart.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// What is known of it by now.
    pub fn at_hand(&self) -> Option<&Known> {
        self.known.get()
    }

    /// All of it, or without the entropy and what responses look like.
    fn work_out(&self, whole: bool) -> Known {
        if let Some(endings) = self.world.endings(self.seen.length) {
            return ends::known(&self.world, &endings, &self.seen);
        }
        if let (SequencePolicy::Net(net), Some(fit)) = (self.seen.policy, &self.seen.net) {
            return nets::known(&self.world, &self.contexts(), net, fit);
        }
        let (contexts, plans) = (self.contexts(), self.world.plans());
        let entropy = match whole {
            true => plans.entropy(self.seen.length as usize),
            false => f64::NAN,
        };
        let seen = whole && self.steps() <= MOST_STEPS;
        let paths = seen.then(|| Paths::new(&contexts, plans));
        let (best, scores, looks) = match self.seen.policy {
            SequencePolicy::PlanWeights => {
                let looks = paths.map(|own| own.of_truth(&contexts, plans));
                (None, Scores::of_plan_weights(&contexts, plans), looks)
            }
            SequencePolicy::Prefix(_) | SequencePolicy::Net(_) => {
                let best = BestPolicy::new(&contexts, plans);
                let rows: Vec<Lanes<f64>> = best.probabilities.iter().map(|&p| [p; LANES]).collect();
                let scores = Scores::new(&contexts, &best);
                (Some(best), scores, paths.map(|own| own.shares(&rows)))
            }
        };
        let stages = scores.as_ref().map(|own| own.stages(&contexts, plans));
        Known {
            loss: best.as_ref().map_or(entropy, |own| own.loss),
            entropy,
            stages,
            components: stages.map(|own| own.components(self.world.concentration())),
            token_merged: stages.map(|own| own.token_merged(self.world.concentration())),
            parameters: match self.seen.policy {
                SequencePolicy::PlanWeights => plans.plans() - 1,
                SequencePolicy::Prefix(_) | SequencePolicy::Net(_) => contexts.parameters(),
            },
            purity: looks.as_ref().map(|own| own.purity[0]),
            shares: shares_of(looks, plans.plans()),
            limit: None,
            probabilities: best.map_or(Vec::new(), |own| own.probabilities),
        }
    }

    /// What fits are measured against.
    pub fn measured(&self) -> Measured {
        let plans = self.world.plans();
        let probabilities = &self.known().probabilities;
        if let Some(endings) = self.world.endings(self.seen.length) {
            let cells = endings.mean_cells(&endings.mean(), false);
            let scores = Some(endings.scores(&cells, probabilities));
            let reading = Reading::Kinds(ends::reading(&self.world, endings, &self.seen, probabilities));
            return Measured { reading, cells, scores };
        }
        let contexts = self.contexts();
        let (cells, scores) = match self.seen.policy {
            SequencePolicy::PlanWeights => (Vec::new(), Scores::of_plan_weights(&contexts, plans)),
            SequencePolicy::Prefix(_) => {
                let best = BestPolicy::of(&contexts, plans, probabilities.clone());
                let scores = Scores::new(&contexts, &best);
                (best.cells, scores)
            }
            // Nothing is asked of its gradients but the law.
            SequencePolicy::Net(_) => (BestPolicy::of(&contexts, plans, probabilities.clone()).cells, None),
        };
        let reading = Reading::States(contexts);
        Measured { reading, cells, scores }
    }

    /// The job that works it out.
    pub fn job(self: &Arc<Self>) -> ExactJob {
        let key = format!(
            "best sequence policy 2 numerics {NUMERICS_VERSION}\n{}\n{}",
            self.world.canonical(),
            self.seen.canonical()
        );
        let own = self.clone();
        ExactJob::new(Key::new(key), self.numbers(), self.nanoseconds(), move || {
            own.known().numbers()
        })
    }

    fn numbers(&self) -> usize {
        let plans = self.world.plans().plans();
        let limit = if self.ends() { 2 + plans } else { 0 };
        NUMBERS + plans + limit + self.probabilities()
    }

    fn probabilities(&self) -> usize {
        match self.seen.policy {
            SequencePolicy::PlanWeights => 0,
            SequencePolicy::Prefix(_) if self.ends() => self.tokens() + 2,
            SequencePolicy::Prefix(_) | SequencePolicy::Net(_) => self.states() * self.tokens(),
        }
    }

    /// Coordinates of the whitened gradient of a response.
    fn dimension(&self) -> usize {
        if self.ends() {
            return self.tokens() + 2;
        }
        let contexts = self.states() * self.tokens();
        match (self.seen.policy, self.policy_is_saturated()) {
            (SequencePolicy::Net(net), _) => net.parameters(self.tokens(), self.seen.length as usize),
            (SequencePolicy::PlanWeights, _) => self.tokens() - 1,
            (_, true) => contexts,
            (_, false) => (self.tokens() - 1) * (self.seen.length as usize + self.tokens()),
        }
    }

    /// About how long it takes: sums of gradients by state and plan, joint states, and a dozen Hessians.
    fn nanoseconds(&self) -> u64 {
        if self.ends() {
            return self.nanoseconds_of_kinds();
        }
        let (states, dimension, tokens) = (self.states() as u64, self.dimension() as u64, self.tokens() as u64);
        let layers = u64::from(self.seen.length).min(states).max(1);
        if let Some(fit) = &self.seen.net {
            return nets::nanoseconds(fit, states * tokens, dimension);
        }
        let of_state = match self.policy_is_saturated() {
            true => dimension,
            false => dimension + 6 * dimension * dimension,
        };
        let joint = self.steps().min(MOST_STEPS) as u64;
        states * tokens * tokens * dimension * layers / 2 + states * of_state + 200 * joint
    }

    /// The same where responses end by themselves: the best of each of many prompts, by quadrature over each tie.
    fn nanoseconds_of_kinds(&self) -> u64 {
        let kinds = self.steps() as u64;
        let best = self.seen.best.map_or(0, |(candidates, _)| {
            let nodes = Endings::nodes(candidates);
            (simplex::points(self.tokens(), nodes) * nodes) as u64 * 10 * u64::from(candidates)
        });
        kinds * (best + 500)
    }

    /// What it takes, in bytes, gradients included.
    pub fn memory(&self) -> u64 {
        let cells = self.states() * self.tokens();
        let width = match self.policy_is_saturated() {
            true => self.tokens(),
            false => self.dimension(),
        };
        let kinds = match self.ends() {
            true => list::<u32>(Endings::codes(self.tokens(), self.seen.length)) + list::<[f64; 16]>(self.steps()),
            false => 0,
        };
        kinds
            + 2 * list::<f64>(self.numbers())
            + list::<f64>(cells * width)
            + 2 * list::<f64>(self.states() * self.dimension())
    }

    /// Whether gradients fall into one block for each state.
    fn policy_is_saturated(&self) -> bool {
        self.seen.net.is_none() && self.seen.policy.features().is_saturated()
    }

    /// Takes in what was worked out elsewhere.
    pub fn know(&self, numbers: &[f64]) {
        let plans = self.world.plans().plans();
        if numbers.len() == self.numbers() {
            // Whoever was first has the same.
            let _ = self
                .known
                .set(Known::of(numbers, plans, self.ends(), self.world.concentration()));
        }
    }
}

fn shares_of(looks: Option<PlanShares>, plans: usize) -> Vec<f64> {
    match looks {
        Some(own) => own.shares.iter().map(|row| row[0]).collect(),
        None => vec![f64::NAN; plans],
    }
}
