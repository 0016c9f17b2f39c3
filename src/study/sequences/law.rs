//! Owns what theory knows of the policies that a scenario fits: the best of each family and the three-stage law near it, each an exact job.

use super::{SequenceArm, SequencePolicy};
use crate::engine::{ExactBudget, ExactCache, ExactJob, Key, NeededJob, list};
use crate::format::keys::Named;
use crate::numerics::NUMERICS_VERSION;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::{PrefixFeatures, SequenceFitter, Training};
use crate::theory::sequences::{BestPolicy, Contexts, Paths, PlanShares, Scores, Stages};
use crate::theory::variance_law::Components;
use crate::world::PlanWorld;
use std::sync::{Arc, OnceLock};

/// Numbers of a job before shares of plans and probabilities.
const NUMBERS: usize = 7;

/// Beyond so many steps of joint states it is not worked out what plans responses look like.
pub(super) const MOST_STEPS: usize = 1 << 20;

/// States with which a law takes no time.
const FEW: usize = 64;

/// The law of one policy for responses of one length.
#[derive(Debug)]
pub(super) struct PolicyLaw {
    world: Arc<PlanWorld>,
    policy: SequencePolicy,
    length: u32,
    known: OnceLock<Known>,
}

/// What is known of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// L(theta*): NLL of the increments of a response, in nats.
    pub loss: f64,
    /// The entropy of a response to a random prompt, in nats.
    pub entropy: f64,
    /// V_m and V_t; none where parameters do not determine each other.
    pub stages: Option<Stages>,
    /// V_x and V_{y|x}.
    pub components: Option<Components>,
    /// What tokens leave of one response of each plan, however many responses these stand for.
    pub token_merged: Option<f64>,
    /// D.
    pub parameters: usize,
    /// E max_z P(z given y) over responses of the best policy; none where that would take too long.
    pub purity: Option<f64>,
    /// E P(z given y) over them, by plan.
    pub shares: Vec<f64>,
    /// p(increment given state) of the best policy: states x tokens; nothing where it is no function of those.
    probabilities: Vec<f64>,
}

/// What fits of a policy are measured against.
#[derive(Debug)]
pub(super) struct Measured {
    pub contexts: Contexts,
    /// None of policies that are not functions of states.
    pub best: Option<BestPolicy>,
    pub scores: Option<Scores>,
}

impl PolicyLaw {
    fn tokens(&self) -> usize {
        self.world.plans().tokens()
    }

    fn contexts(&self) -> Contexts {
        self.policy.contexts(self.tokens(), self.length)
    }

    fn states(&self) -> usize {
        let features = self.policy.features();
        features.states(self.tokens(), self.length as usize, usize::MAX)
    }

    /// How many steps joint states of policy and counts take, at most.
    pub fn steps(&self) -> usize {
        let features = match self.policy {
            SequencePolicy::Prefix(PrefixFeatures::Tree) => PrefixFeatures::Tree,
            _ => PrefixFeatures::Counts,
        };
        let pairs = features.states(self.tokens(), self.length as usize, MOST_STEPS);
        let each = match self.policy {
            SequencePolicy::Prefix(PrefixFeatures::OrderOne) => self.tokens(),
            _ => 1,
        };
        pairs.saturating_mul(each * self.tokens())
    }

    /// That of an arm.
    fn new(world: &Arc<PlanWorld>, (policy, length): (SequencePolicy, u32)) -> Self {
        Self {
            world: world.clone(),
            policy,
            length,
            known: OnceLock::new(),
        }
    }

    /// V_x, V_{y|x} and D of an arm whose policy sees so few states that it takes no time; of others none.
    pub fn brief(world: &Arc<PlanWorld>, arm: &SequenceArm) -> Option<Known> {
        let own = Self::new(world, arm.seen());
        (arm.policy.is_fitted() && own.states() <= FEW).then(|| own.work_out(false))
    }

    /// What is known of it, worked out unless it is known.
    pub fn known(&self) -> &Known {
        self.known.get_or_init(|| self.work_out(true))
    }

    /// All of it, or without the entropy and what responses look like.
    fn work_out(&self, whole: bool) -> Known {
        let (contexts, plans) = (self.contexts(), self.world.plans());
        let entropy = match whole {
            true => plans.entropy(self.length as usize),
            false => f64::NAN,
        };
        let seen = whole && self.steps() <= MOST_STEPS;
        let paths = seen.then(|| Paths::new(&contexts, plans));
        let (best, scores, looks) = match self.policy {
            SequencePolicy::PlanWeights => {
                let looks = paths.map(|own| own.of_truth(&contexts, plans));
                (None, Scores::of_plan_weights(&contexts, plans), looks)
            }
            SequencePolicy::Prefix(_) => {
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
            parameters: match self.policy {
                SequencePolicy::PlanWeights => plans.plans() - 1,
                SequencePolicy::Prefix(_) => contexts.parameters(),
            },
            purity: looks.as_ref().map(|own| own.purity[0]),
            shares: shares_of(looks, plans.plans()),
            probabilities: best.map_or(Vec::new(), |own| own.probabilities),
        }
    }

    /// What fits are measured against.
    pub fn measured(&self) -> Measured {
        let (contexts, plans) = (self.contexts(), self.world.plans());
        match self.policy {
            SequencePolicy::PlanWeights => Measured {
                best: None,
                scores: Scores::of_plan_weights(&contexts, plans),
                contexts,
            },
            SequencePolicy::Prefix(_) => {
                let best = BestPolicy::of(&contexts, plans, self.known().probabilities.clone());
                Measured {
                    scores: Scores::new(&contexts, &best),
                    best: Some(best),
                    contexts,
                }
            }
        }
    }

    fn job(self: &Arc<Self>) -> ExactJob {
        let key = format!(
            "best sequence policy 2 numerics {NUMERICS_VERSION}\n{}\n{} length {}",
            self.world.canonical(),
            self.policy.name(),
            self.length
        );
        let own = self.clone();
        ExactJob::new(Key::new(key), self.numbers(), self.nanoseconds(), move || {
            own.known().numbers()
        })
    }

    fn numbers(&self) -> usize {
        NUMBERS + self.world.plans().plans() + self.probabilities()
    }

    fn probabilities(&self) -> usize {
        match self.policy {
            SequencePolicy::PlanWeights => 0,
            SequencePolicy::Prefix(_) => self.states() * self.tokens(),
        }
    }

    /// Coordinates of the whitened gradient of a response.
    fn dimension(&self) -> usize {
        let contexts = self.states() * self.tokens();
        match (self.policy, self.policy.features().is_saturated()) {
            (SequencePolicy::PlanWeights, _) => self.tokens() - 1,
            (_, true) => contexts,
            (_, false) => (self.tokens() - 1) * (self.length as usize + self.tokens()),
        }
    }

    /// About how long it takes: sums of gradients by state and plan, joint states, and a dozen Hessians.
    fn nanoseconds(&self) -> u64 {
        let (states, dimension, tokens) = (self.states() as u64, self.dimension() as u64, self.tokens() as u64);
        let layers = u64::from(self.length).min(states).max(1);
        let of_state = match self.policy.features().is_saturated() {
            true => dimension,
            false => dimension + 6 * dimension * dimension,
        };
        let joint = self.steps().min(MOST_STEPS) as u64;
        states * tokens * tokens * dimension * layers / 2 + states * of_state + 200 * joint
    }

    /// Takes in what was worked out elsewhere.
    fn know(&self, numbers: &[f64]) {
        let plans = self.world.plans().plans();
        if numbers.len() == self.numbers() {
            // Whoever was first has the same.
            let _ = self.known.set(Known::of(numbers, plans, self.world.concentration()));
        }
    }
}

fn shares_of(looks: Option<PlanShares>, plans: usize) -> Vec<f64> {
    match looks {
        Some(own) => own.shares.iter().map(|row| row[0]).collect(),
        None => vec![f64::NAN; plans],
    }
}

impl Known {
    /// KL of responses to random prompts from those of the best policy: what no data can remove. What rounding leaves of 0 may lie below it.
    pub fn floor(&self) -> f64 {
        (self.loss - self.entropy).max(0.0)
    }

    fn numbers(&self) -> Vec<f64> {
        let stages = self
            .stages
            .map_or([f64::NAN; 3], |own| [own.plan, own.token, own.token_shared]);
        let mut all = vec![self.loss, self.entropy];
        all.extend(stages);
        all.extend([self.parameters as f64, self.purity.unwrap_or(f64::NAN)]);
        all.extend(&self.shares);
        all.extend(&self.probabilities);
        all
    }

    fn of(numbers: &[f64], plans: usize, concentration: f64) -> Self {
        let (shares, probabilities) = numbers[NUMBERS..].split_at(plans);
        let stages = (!numbers[2].is_nan()).then_some(Stages {
            plan: numbers[2],
            token: numbers[3],
            token_shared: numbers[4],
        });
        Self {
            loss: numbers[0],
            entropy: numbers[1],
            stages,
            components: stages.map(|own| own.components(concentration)),
            token_merged: stages.map(|own| own.token_merged(concentration)),
            parameters: numbers[5] as usize,
            purity: Some(numbers[6]).filter(|own| !own.is_nan()),
            shares: shares.to_vec(),
            probabilities: probabilities.to_vec(),
        }
    }
}

/// The laws of a scenario's policies, each once.
#[derive(Debug)]
pub(super) struct Laws {
    all: Vec<(Arc<PolicyLaw>, NeededJob)>,
    of_arm: Vec<usize>,
}

impl Laws {
    pub fn new(world: &Arc<PlanWorld>, arms: &[SequenceArm], exact_budget: &mut ExactBudget) -> Self {
        let mut seen: Vec<(SequencePolicy, u32)> = Vec::new();
        for arm in arms {
            if !seen.contains(&arm.seen()) {
                seen.push(arm.seen());
            }
        }
        let place = |arm: &SequenceArm| seen.iter().position(|own| *own == arm.seen());
        // Cannot be absent because every arm's is among them.
        let of_arm = arms.iter().map(|arm| place(arm).unwrap_or(0)).collect();
        let law = |&own: &(SequencePolicy, u32)| {
            let own = Arc::new(PolicyLaw::new(world, own));
            let needed = exact_budget.need(own.job());
            (own, needed)
        };
        Self {
            all: seen.iter().map(law).collect(),
            of_arm,
        }
    }

    /// What is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        self.all.iter().filter_map(|(_, needed)| needed.deferred())
    }

    /// What they take, in bytes, gradients included.
    pub fn memory(&self) -> u64 {
        let one = |(own, _): &(Arc<PolicyLaw>, NeededJob)| {
            let cells = own.states() * own.tokens();
            let width = if own.policy.features().is_saturated() {
                own.tokens()
            } else {
                own.dimension()
            };
            2 * list::<f64>(own.numbers())
                + list::<f64>(cells * width)
                + 2 * list::<f64>(own.states() * own.dimension())
        };
        self.all.iter().map(one).sum()
    }

    /// What fits take of each worker.
    pub fn worker_memory(&self, arms: &[SequenceArm]) -> u64 {
        let mut fits: Vec<(SequencePolicy, u32, Training)> = Vec::new();
        for arm in arms.iter().filter(|arm| arm.policy.is_fitted()) {
            let own = (arm.policy, arm.length, arm.training);
            if !fits.contains(&own) {
                fits.push(own);
            }
        }
        let tokens = self.all.first().map_or(0, |(law, _)| law.tokens());
        let one = |&(policy, length, training): &(SequencePolicy, u32, Training)| {
            SequenceFitter::memory(policy.features(), tokens, length as usize, training)
        };
        fits.iter().map(one).sum()
    }

    /// Which law is an arm's.
    pub fn place(&self, arm: usize) -> usize {
        self.of_arm[arm]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// One of them.
    pub fn of(&self, place: usize) -> &Arc<PolicyLaw> {
        &self.all[place].0
    }

    /// That of an arm, if it is known or quickly worked out.
    pub fn at_hand(&self, arm: usize, known: Option<&ExactCache>) -> Option<&Known> {
        let (law, needed) = &self.all[self.of_arm[arm]];
        if law.known.get().is_none() {
            let numbers = known.and_then(|known| needed.numbers(known))?;
            law.know(&numbers);
        }
        law.known.get()
    }
}
