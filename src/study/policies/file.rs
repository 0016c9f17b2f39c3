//! Owns the keys of the study's files.

use super::policy_name::{PolicyName, PolicyNames};
use super::worlds::WORLDS;
use super::{
    Allocate, Labels, MEASURES, Measure, NAME, NO_REWARDS, Policies, PolicyArm, Prompts, Start, Teacher, Weighting,
};
use crate::format::Fault;
use crate::format::keys::{File, Integer, Number, Own, Range, Read, Table, Words, key, named};
use crate::policy::{Average, Batch, Optimiser, Schedule, Training};
use crate::study::Question;
use crate::study::kind::{Registry, Site, StudyKind, made, setting};
use crate::study::pools::{PoolArm, PoolKeys, smoothing};
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "policies that see features of the prompt, fitted to selected responses, against the best of their family",
    symbols: "x a prompt of the population, pi(x) its response distribution, p the fitted policy, L the loss over the population, theta* the best \
              parameters of the family, H the Hessian there, l = -ln p(y|x), D parameters, P prompts of the population, N_p prompts drawn, K \
              responses kept, C_p and C_r costs, B budget, c the design constant",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let registry = site.registry;
    let ask = |file: &mut File<'_>| file.world_of("prompts", "kind of prompts", WORLDS);
    let arm = |keys: &mut Table<'_>, prompts: Option<&Prompts>| arm(keys, registry, prompts);
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    let place = setting.measures.iter().position(|own| *own == Measure::PolicyReward);
    if let Some(place) = place.filter(|_| setting.world.population.attributes().is_none()) {
        let fault = Fault::new(&own.item("measures", place), "measures", NO_REWARDS);
        return own.refuse(fault.and(&own.place("world.kind"), "the world"));
    }
    site.reserve(&own, setting.measures.len() + 1, setting.arms.len())?;
    made(&own, Policies::read(setting, site.exact_budget))
}

named!(Labels {
    Labels::Responses => "kept": "the responses kept",
    Labels::Exact => "exact": "the response distribution of each prompt, which ever more responses tend to",
    Labels::Distilled => "distilled": "the probabilities of a first fit to the responses kept, which begins elsewhere: self-distillation",
});

named!(Start {
    Start::Drawn => "drawn": "at small random parameters, others in each replicate",
    Start::Best => "best": "in every replicate where that of eight trainings on the whole population began which came lowest",
});

fn arm(keys: &mut Table<'_>, registry: &Registry, prompts: Option<&Prompts>) -> Read<PolicyArm> {
    let pool = PoolKeys::ask(keys, &registry.selectors, false);
    let policy = key(
        "policy",
        "What is fitted: \"shared\", one distribution for all prompts; \"log-linear\", logits linear in all features, or \"log-linear F\" in the \
         first F; \"low-rank R\", slopes of rank R; \"network H\", one hidden layer of H tanh units. F, R and H are from 1 to 256.",
        PolicyNames,
    );
    let policy = keys.get(policy.symbol("policy", "policy").or(PolicyName::LogLinear(None)));
    let labels = key(
        "labels",
        "What policies are fitted to.",
        Words(&[Labels::Responses, Labels::Exact, Labels::Distilled]),
    );
    let labels = keys.get(labels.or(Labels::Responses));
    let temperature = key(
        "teacher-temperature",
        "T: labels that are probabilities p become proportional to p^(1/T).",
        Number(Range::above(0.0).up_to(100.0)),
    );
    let temperature = keys.get(temperature.symbol("$T$", "temperature of the teacher $T$").or(1.0));
    let teacher_decay = key(
        "teacher-decay",
        "Decay of the first fit of labels = \"distilled\".",
        Number(Range::between(0.0, 1e3)),
    );
    let teacher_decay = teacher_decay.symbol("teacher's decay", "weight decay of the teacher");
    let teacher_decay = keys.find(teacher_decay, "as `training.decay`");
    let copies = key(
        "copies",
        "How often each prompt occurs: N_p prompts are N_p/copies different ones, each with responses of its own.",
        Integer(1, i64::from(u32::MAX)),
    );
    let copies = keys.get(copies.symbol("$\\rho$", "copies of each prompt $\\rho$").or(1));
    let about = "What the number of responses of a prompt goes by: `responses` is their mean over the population, and no prompt has less than 1 or more \
                 than 8 times that. All but \"constant\" go by the best policy of a shared or log-linear family and take responses kept at random.";
    let allocation = key("allocation", about, Words(&Allocate::ALL)).symbol("allocation", "allocation");
    let allocation = keys.get(allocation.or(Allocate::Constant));
    let about = "What a prompt counts where they have different numbers of responses.";
    let weighting = key("weighting", about, Words(&[Weighting::Prompts, Weighting::Responses]));
    let weighting = keys.get(weighting.symbol("weighting", "weighting").or(Weighting::Prompts));
    let about = "How policies are fitted.";
    let training = keys.table("training", about, training);
    let own = keys.end()?;
    // What it needs of the world is looked at below, where this study says which kinds have it.
    let pool = pool.settle(&own, None)?;
    let features = prompts.map_or(0, |own| own.population.coordinates() - 1);
    let family = policy.take(&own).family(features);
    let (training, smoothing, start) = training.take(&own);
    let arm = PolicyArm {
        pool,
        copies: copies.take(&own) as u32,
        labels: labels.take(&own),
        teacher: Teacher {
            temperature: temperature.take(&own),
            decay: teacher_decay.take(&own),
        },
        smoothing,
        allocation: allocation.take(&own),
        weighting: weighting.take(&own),
        family,
        training: training.of(family.is_convex(), &pool),
        start,
    };
    if let Some(prompts) = prompts {
        refuse_impossible(&own, &arm, prompts)?;
    }
    pool.derive(keys);
    Ok(arm)
}

/// Refuses an arm at the key that makes it one that cannot be.
fn refuse_impossible(own: &Own<'_, '_>, arm: &PolicyArm, prompts: &Prompts) -> Read<()> {
    match arm.check(prompts) {
        Ok(()) => Ok(()),
        Err((key, what)) => own.refuse(own.fault(key, what)),
    }
}

/// The ways to descend.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rule {
    Newton,
    Gradient,
    Adam,
}

named!(Rule {
    Rule::Newton => "newton": "Newton's method, for shared and log-linear policies",
    Rule::Gradient => "gradient": "gradient descent, with `momentum`",
    Rule::Adam => "adam": "Adam (Kingma and Ba 2015), with its usual constants",
});

named!(Schedule {
    Schedule::Constant => "constant": "the same all along",
    Schedule::Cosine => "cosine": "falling to 0 along half a cosine",
});

#[derive(Debug, Clone, Copy, PartialEq)]
enum Batches {
    Full,
    Grouped,
    Shuffled,
}

named!(Batches {
    Batches::Full => "full": "every step sees all data",
    Batches::Grouped => "grouped": "minibatches of prompts with all their responses",
    Batches::Shuffled => "shuffled": "minibatches of single responses",
});

#[derive(Debug, Clone, Copy, PartialEq)]
enum Averages {
    Last,
    SecondHalf,
    Exponential,
}

named!(Averages {
    Averages::Last => "last": "the parameters after the last step",
    Averages::SecondHalf => "second-half": "the mean of the parameters after each step of the second half (Polyak and Juditsky 1992)",
    Averages::Exponential => "exponential": "a mean that forgets: each step leaves `average-decay` of it, and adds its parameters times the rest",
});

/// What `[training]` says; what it leaves out depends on the policy.
#[derive(Debug, Clone, Copy)]
struct TrainingKeys {
    rule: Option<Rule>,
    rate: Option<f64>,
    momentum: f64,
    schedule: Option<Schedule>,
    steps: Option<i64>,
    epochs: Option<i64>,
    decay: f64,
    tolerance: Option<f64>,
    batch: Batch,
    average: Average,
}

impl TrainingKeys {
    /// Of a convex policy or of another, fitted to what a pool keeps.
    fn of(self, convex: bool, pool: &PoolArm) -> Training {
        let rule = self.rule.unwrap_or(if convex { Rule::Newton } else { Rule::Adam });
        let schedule = self.schedule.unwrap_or(match rule {
            Rule::Adam => Schedule::Cosine,
            _ => Schedule::Constant,
        });
        let epoch = self
            .batch
            .steps_per_epoch(pool.prompts as usize, pool.responses as usize);
        let of_epochs = |epochs: i64| (epochs as u64).saturating_mul(epoch as u64).min(MOST_STEPS as u64) as u32;
        let usual = if rule == Rule::Newton { 100 } else { 400 };
        let stated = self.epochs.map(of_epochs).or(self.steps.map(|steps| steps as u32));
        let rate = self.rate.unwrap_or(if rule == Rule::Adam { 0.02 } else { 1.0 });
        Training {
            optimiser: match rule {
                Rule::Newton => Optimiser::Newton,
                Rule::Gradient => Optimiser::Gradient {
                    rate,
                    momentum: self.momentum,
                    schedule,
                },
                Rule::Adam => Optimiser::Adam { rate, schedule },
            },
            decay: self.decay,
            steps: stated.unwrap_or(usual),
            tolerance: self.tolerance.unwrap_or(if rule == Rule::Newton { 1e-8 } else { 0.0 }),
            batch: self.batch,
            average: self.average,
        }
    }
}

/// The most steps of a fit.
const MOST_STEPS: i64 = 10_000_000;

fn training(table: &mut Table<'_>) -> Read<(TrainingKeys, f64, Start)> {
    let rule = key(
        "optimiser",
        "How parameters descend.",
        Words(&[Rule::Newton, Rule::Gradient, Rule::Adam]),
    );
    let rule = table.find(rule, "newton for shared and log-linear policies, adam for others");
    let rate = key(
        "rate",
        "Step length, of gradient descent and Adam.",
        Number(Range::between(1e-6, 1e3)),
    );
    let rate = table.find(rate.symbol("rate", "step length"), "1 for gradient, 0.02 for adam");
    let momentum = key(
        "momentum",
        "What is kept of the step before, of gradient descent.",
        Number(Range::between(0.0, 1.0).below(1.0)),
    );
    let momentum = table.get(momentum.or(0.0));
    let schedule = key(
        "schedule",
        "How the step length changes.",
        Words(&[Schedule::Constant, Schedule::Cosine]),
    );
    let schedule = table.find(schedule, "cosine for adam, else constant");
    let steps = key("steps", "The most steps.", Integer(1, MOST_STEPS)).symbol("steps", "steps of the optimiser");
    let steps = table.find(steps, "100 for newton, else 400");
    let epochs = key(
        "epochs",
        "How often each response is seen, instead of `steps`: of minibatches that many steps, and one step of all data is an epoch.",
        Integer(1, MOST_STEPS),
    );
    let epochs = table.find(epochs.symbol("epochs", "epochs"), "as many as `steps` make");
    let decay = key(
        "decay",
        "Strength of the penalty (decay/2) |theta|^2 on all parameters.",
        Number(Range::between(0.0, 1e3)),
    );
    let decay = table.get(decay.symbol("decay", "weight decay").or(1e-6));
    let tolerance = key(
        "tolerance",
        "A fit to all data stops once no coordinate of its gradient is beyond this; with 0 it takes all its steps, and none counts as unconverged.",
        Number(Range::between(0.0, 1.0)),
    );
    let tolerance = table.find(tolerance, "1e-8 for newton, else 0");
    let batches = key(
        "batches",
        "What each step sees.",
        Words(&[Batches::Full, Batches::Grouped, Batches::Shuffled]),
    );
    let batches = table.get(batches.symbol("minibatches", "minibatches").or(Batches::Full));
    let size = key(
        "minibatch",
        "b: responses in a minibatch; of grouped ones b/K prompts, at least one.",
        Integer(1, 1 << 20),
    );
    let size = table.get(size.symbol("$b$", "responses in a minibatch $b$").or(64));
    let average = key(
        "average",
        "What of its way a fit hands on, of gradient descent and Adam with tolerance = 0.",
        Words(&[Averages::Last, Averages::SecondHalf, Averages::Exponential]),
    );
    let average = table.get(average.symbol("average", "average of parameters").or(Averages::Last));
    let average_decay = key(
        "average-decay",
        "What each step leaves of the mean, of average = \"exponential\".",
        Number(Range::above(0.0).below(1.0)),
    );
    let average_decay = table.get(average_decay.or(0.99));
    let smoothing = table.get(smoothing());
    let start = key(
        "start",
        "Where policies with several minima begin.",
        Words(&[Start::Drawn, Start::Best]),
    );
    let start = table.get(start.or(Start::Drawn));
    let own = table.end()?;
    let size = size.take(&own) as u32;
    let (steps, epochs) = (steps.take(&own), epochs.take(&own));
    if steps.is_some() && epochs.is_some() {
        let fault = own.fault(
            "epochs",
            "both `epochs` and `steps` say how long fits go on: leave one out",
        );
        return own.refuse(fault.and(&own.place("steps"), "the other"));
    }
    let average_decay = average_decay.take(&own);
    let keys = TrainingKeys {
        rule: rule.take(&own),
        rate: rate.take(&own),
        momentum: momentum.take(&own),
        schedule: schedule.take(&own),
        steps,
        epochs,
        decay: decay.take(&own),
        tolerance: tolerance.take(&own),
        batch: match batches.take(&own) {
            Batches::Full => Batch::Full,
            Batches::Grouped => Batch::Grouped(size),
            Batches::Shuffled => Batch::Shuffled(size),
        },
        average: match average.take(&own) {
            Averages::Last => Average::Last,
            Averages::SecondHalf => Average::SecondHalf,
            Averages::Exponential => Average::Exponential(average_decay),
        },
    };
    Ok((keys, smoothing.take(&own), start.take(&own)))
}
