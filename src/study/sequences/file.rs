//! Owns the keys of the study's files.

use super::arm::{ResponseLoss, Taught};
use super::worlds::WORLDS;
use super::{MEASURES, Measure, NAME, SequenceArm, SequencePolicy, Sequences};
use crate::format::keys::{File, Integer, Number, Own, Range, Read, Table, Words, key};
use crate::policy::{Average, Batch, Optimiser, PrefixFeatures, Schedule, Training};
use crate::study::Question;
use crate::study::kind::{Site, StudyKind, made, setting};
use crate::study::pools::{DesignKeys, PoolArm, refuse};
use crate::theory::sequences::ResponseReward;
use crate::world::PlanWorld;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "autoregressive policies fitted to responses of several tokens, against the best of their family",
    symbols: "x a prompt, z a plan, y a response of n increments, P(z|y) which plan it came from, p the fitted policy, L its NLL of a response, theta* \
              the best parameters of the family, H the Hessian there, D parameters, V tokens and plans, alpha the concentration, V_m and V_t what \
              plans and tokens contribute to the squared gradient, N_p prompts, K responses of each, C_p and C_r costs, B budget",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let ask = |file: &mut File<'_>| file.world_of("plans", "kind of plans", WORLDS);
    let arm = |keys: &mut Table<'_>, world: Option<&Arc<PlanWorld>>| arm(keys, world.map(AsRef::as_ref));
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    site.reserve(&own, setting.measures.len() + 1, setting.arms.len())?;
    made(&own, Sequences::read(setting, site.exact_budget))
}

/// Every reward.
const REWARDS: [ResponseReward; 4] = [
    ResponseReward::LogLikelihood,
    ResponseReward::MeanLogLikelihood,
    ResponseReward::Score,
    ResponseReward::MeanScore,
];

fn arm(keys: &mut Table<'_>, world: Option<&PlanWorld>) -> Read<SequenceArm> {
    let design = DesignKeys::ask(keys);
    let length = key(
        "length",
        "n: increments of a response, its first ones; the most, where responses end by themselves (world.hazards).",
        Integer(1, 64),
    );
    let length = keys.get(length.symbol("$n$", "increments of a response $n$").or(5));
    let policy = key(
        "policy",
        "What is fitted: a policy that sees so much of its own prefix.",
        Words(&SequencePolicy::ALL),
    );
    let policy = keys.get(
        policy
            .symbol("policy", "policy")
            .or(SequencePolicy::Prefix(PrefixFeatures::Tied)),
    );
    let loss = key(
        "loss",
        "What the loss of a response is; all are alike where responses are equally long.",
        Words(&[ResponseLoss::Sum, ResponseLoss::Mean]),
    );
    let loss = keys.get(loss.symbol("loss", "loss of a response").or(ResponseLoss::Sum));
    let reward = key(
        "reward",
        "By what the best K of N candidates are chosen, those that tie at random. It needs world.hazards.",
        Words(&REWARDS),
    );
    let reward = keys.find(reward.symbol("reward", "reward"), "all responses are kept");
    let candidates = key("candidates", "N: candidates of a prompt, at least K.", Integer(1, 1024));
    let candidates = candidates.symbol("$N$", "candidates per prompt $N$");
    let candidates = keys.find(candidates, "as many as are kept");
    let start = key(
        "start",
        "Which random start nets have; it depends on no seed.",
        Integer(0, 1000),
    );
    let start = keys.get(start.symbol("start", "start of the net").or(0));
    let about = "How policies are fitted: nets by Adam, others by Newton's method.";
    let training = keys.table("training", about, training);
    let own = keys.end()?;
    let pool = PoolArm {
        candidates: candidates.take(&own).map(|n| n as u32),
        ..design.settle(&own)?
    };
    let policy = policy.take(&own);
    let arm = SequenceArm {
        pool,
        length: length.take(&own) as u32,
        policy,
        taught: Taught {
            loss: loss.take(&own),
            reward: reward.take(&own),
        },
        training: training.take(&own).of(policy),
        start: start.take(&own) as u32,
    };
    pool.check(None).or_else(|error| refuse(&own, &error))?;
    if let Some(world) = world {
        refuse_impossible(&own, &arm, world)?;
    }
    pool.derive(keys);
    Ok(arm)
}

/// Refuses an arm at the key that makes it one that cannot be.
fn refuse_impossible(own: &Own<'_, '_>, arm: &SequenceArm, world: &PlanWorld) -> Read<()> {
    match arm.check(world) {
        Ok(()) => Ok(()),
        Err((key, what)) => own.refuse(own.fault(key, what)),
    }
}

/// The table `[training]`, of which policies take what is theirs.
struct TrainingKeys {
    decay: f64,
    steps: Option<u32>,
    tolerance: f64,
    rate: f64,
}

impl TrainingKeys {
    fn of(self, policy: SequencePolicy) -> Training {
        let adam = Optimiser::Adam {
            rate: self.rate,
            schedule: Schedule::Cosine,
        };
        let (optimiser, steps, tolerance) = match policy.is_net() {
            true => (adam, NET_STEPS, 0.0),
            false => (Optimiser::Newton, NEWTON_STEPS, self.tolerance),
        };
        Training {
            optimiser,
            decay: self.decay,
            steps: self.steps.unwrap_or(steps),
            tolerance,
            batch: Batch::Full,
            average: Average::Last,
        }
    }
}

const NEWTON_STEPS: u32 = 100;

const NET_STEPS: u32 = 600;

fn training(table: &mut Table<'_>) -> Read<TrainingKeys> {
    let decay = key(
        "decay",
        "Strength of the penalty (decay/2) |theta|^2 on all parameters.",
        Number(Range::between(0.0, 1e3)),
    );
    let decay = table.get(decay.symbol("decay", "weight decay").or(1e-6));
    let steps = key(
        "steps",
        "The most steps; nets make all of them.",
        Integer(1, 10_000_000),
    );
    let steps = table.find(steps.symbol("steps", "steps of the optimiser"), "100, and of nets 600");
    let tolerance = key(
        "tolerance",
        "A fit by Newton's method stops once no coordinate of its gradient is beyond this.",
        Number(Range::above(0.0).up_to(1.0)),
    );
    let tolerance = table.get(tolerance.or(1e-8));
    let rate = key(
        "rate",
        "Step length of Adam, which falls to zero by a cosine: of nets.",
        Number(Range::above(0.0).up_to(1.0)),
    );
    let rate = table.get(rate.symbol("rate", "step length").or(0.02));
    let own = table.end()?;
    Ok(TrainingKeys {
        decay: decay.take(&own),
        steps: steps.take(&own).map(|steps| steps as u32),
        tolerance: tolerance.take(&own),
        rate: rate.take(&own),
    })
}
