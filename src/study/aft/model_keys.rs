//! Owns the keys of models: what they are trained on, from where and how, and the settings of passes that answers of all studies have.

use super::arm::{BaseModel, Kind, Model};
use crate::format::keys::{Got, Integer, Number, Own, Range, Read, Table, Words, key, named};
use crate::policy::Schedule;
use crate::policy::aggregator::Descent;

/// The most drafts to learn from.
const MOST_DRAFTS: i64 = 64;

named!(Kind {
    Kind::Base => "base": "nothing: the model that training starts from",
    Kind::Sft => "sft": "the teacher's own responses",
    Kind::AftOn => "aft-on": "drafts of the base model, and the teacher's aggregation of them",
    Kind::AftOff => "aft-off": "drafts of other models, and the teacher's aggregation of them",
    Kind::AftMisled => "aft-misled": "drafts of a model that misleads, and the teacher's aggregation of them",
    Kind::NoProposalsOn => "noprop-on": "as aft-on, the drafts left out",
    Kind::NoProposalsOff => "noprop-off": "as aft-off, the drafts left out",
    Kind::PseudoOn => "pseudo-on": "drafts of the base model, and the teacher's own responses",
    Kind::PseudoOff => "pseudo-off": "drafts of other models, and the teacher's own responses",
    Kind::Shuffled => "shuffled": "as aft-on, with drafts of another query",
    Kind::Copy => "copy": "nothing: given drafts it copies one at random",
});

/// The keys of a model: what it is trained on, from where and how.
pub(super) struct ModelKeys {
    kind: Got<Kind>,
    base: Got<BaseModel>,
    training: Got<(Descent, u32, u32)>,
}

impl ModelKeys {
    pub fn ask(keys: &mut Table<'_>) -> Self {
        let kind = key(
            "model",
            "What the model that answers was trained on. All are trained on the same queries, drafts and targets.",
            Words(&[
                Kind::Base,
                Kind::Sft,
                Kind::AftOn,
                Kind::AftOff,
                Kind::AftMisled,
                Kind::NoProposalsOn,
                Kind::NoProposalsOff,
                Kind::PseudoOn,
                Kind::PseudoOff,
                Kind::Shuffled,
                Kind::Copy,
            ]),
        );
        Self {
            kind: keys.get(kind.symbol("model", "model")),
            base: keys.table("base", "The model that training starts from.", base),
            training: keys.table("training", "How models are trained.", training),
        }
    }

    pub fn take(self, own: &Own<'_, '_>) -> Model {
        let (descent, queries, drafts) = self.training.take(own);
        Model {
            kind: self.kind.take(own),
            base: self.base.take(own),
            descent,
            queries,
            drafts,
        }
    }
}

/// tau, a key that answers of all studies have.
pub(super) fn temperature(keys: &mut Table<'_>) -> Got<f64> {
    let temperature = key(
        "temperature",
        "tau: temperature of all passes of an answer. Drafts of training have temperature 1.",
        Number(Range::between(1e-3, 100.0)),
    );
    keys.get(temperature.symbol("$\\tau$", "temperature $\\tau$").or(0.7))
}

/// kappa at answering, another one.
pub(super) fn verification(keys: &mut Table<'_>) -> Got<Option<f64>> {
    let verification = key(
        "test-verification",
        "kappa at answering: how far right modes stand out when a draft is checked. Models learn with the world's.",
        Number(Range::between(-20.0, 20.0)),
    );
    keys.find(
        verification.symbol("$\\kappa$ at test", "verification at answering $\\kappa$"),
        "the world's",
    )
}

fn base(table: &mut Table<'_>) -> Read<BaseModel> {
    let weight = || Number(Range::between(-20.0, 20.0));
    let informative = key(
        "informative",
        "a_0: weight of the feature that tells right from wrong.",
        weight(),
    );
    let nuisance = key(
        "nuisance",
        "b_0: weight of the next feature, which tells nothing.",
        weight(),
    );
    let copy = key(
        "copy",
        "lambda: what the model minds its own opinion less by once it has drafts.",
        weight(),
    );
    let votes = key("votes", "beta_0: weight of votes.", weight());
    let evidence = key("evidence", "gamma_0: weight of what checking finds.", weight());
    let informative = table.get(informative.or(0.6));
    let nuisance = table.get(nuisance.or(0.6));
    let copy = table.get(
        copy.symbol("$\\lambda$", "copying of the base model $\\lambda$")
            .or(0.4),
    );
    let votes = table.find(
        votes.symbol("$\\beta_0$", "votes of the base model $\\beta_0$"),
        "as `copy`",
    );
    let evidence = table.get(
        evidence
            .symbol("$\\gamma_0$", "verification of the base model $\\gamma_0$")
            .or(0.0),
    );
    let own = table.end()?;
    let copy = copy.take(&own);
    Ok(BaseModel {
        informative: informative.take(&own),
        nuisance: nuisance.take(&own),
        copy,
        votes: votes.take(&own).unwrap_or(copy),
        evidence: evidence.take(&own),
    })
}

fn training(table: &mut Table<'_>) -> Read<(Descent, u32, u32)> {
    let rate = key("rate", "Step length.", Number(Range::between(1e-6, 1e3)));
    let rate = table.get(rate.symbol("rate", "step length").or(0.3));
    let steps = key("steps", "Steps of gradient descent.", Integer(0, 1_000_000));
    let steps = table.get(steps.symbol("steps", "steps of training").or(600));
    let schedule = key(
        "schedule",
        "How the step length changes.",
        Words(&[Schedule::Constant, Schedule::Cosine]),
    );
    let schedule = table.get(schedule.or(Schedule::Cosine));
    let minibatch = key(
        "minibatch",
        "Queries that a step sees, drawn at random for each; each of their slots is recalled or not. 0: all of them, recalled and not at \
         their probabilities.",
        Integer(0, 1 << 20),
    );
    let minibatch = table.get(minibatch.or(32));
    let queries = key("queries", "Queries to learn from.", Integer(1, 1 << 17));
    let queries = table.get(queries.symbol("training queries", "queries to learn from").or(600));
    let drafts = key(
        "drafts",
        "Drafts of each query. Of other models there is one each.",
        Integer(1, MOST_DRAFTS),
    );
    let drafts = table.get(drafts.symbol("training drafts", "drafts to learn from").or(5));
    let own = table.end()?;
    let descent = Descent {
        rate: rate.take(&own),
        steps: steps.take(&own) as u32,
        schedule: schedule.take(&own),
        minibatch: Some(minibatch.take(&own) as u32).filter(|&size| size > 0),
    };
    Ok((descent, queries.take(&own) as u32, drafts.take(&own) as u32))
}
