//! Owns the reasons why theory has no exact law of what an arm keeps: clauses that can stand after 'no exact value: '.

use crate::select::{RewardScale, Similarity};
use crate::study::chosen::Choice;
use crate::theory::selected::LawError;
use crate::world::{Attributes, Centres};

pub(super) const RUNS_LONG: &str = "the exact laws of this scenario would take more than 90 seconds together";
pub(super) const TAKES_MEMORY: &str = "the exact laws of this experiment would take more memory than is kept for them";
pub(super) const TOO_MANY_COUNTS: &str =
    "candidates can fall on the modes in more than 3,000,000 ways, too many to enumerate";
pub(super) const NOT_OF_THE_POOL: &str =
    "the law of what is kept is worked out for 1 to 1024 candidates and a concentration of at least 1e-12";
pub(super) const AT_THE_ARMS_ONLY: &str = "it takes long, so that it is worked out for the arms of the file only";
pub(super) const MANY_NOISY: &str = "rewards are noisy, and what is kept of them is known of prompts that are all alike, and else for up to 128 candidates";
pub(super) const OWN: &str = "theory knows no law of a selector of your own";
pub(super) const NO_LAW: &str = "theory knows no law of this selector";
const BLURRED: &str =
    "embeddings are noisy, and what a diverse selector keeps is known where responses of a mode are all alike";
const CORRELATED: &str = "centres are correlated, and what a diverse selector keeps is known of orthogonal modes";
const RBF: &str = "similarities are rbf, and what a diverse selector keeps is known for cosines";
const NOISY_BOTH: &str = "rewards are noisy, and what diverse-best keeps is known where a mode has one reward";
const Z_SCORE: &str = "rewards enter as z-scores, and what diverse-best keeps is known for min-max and raw rewards";
const WEIGHTS_OF_REWARDS: &str =
    "with a reward share above 1 - 1e-6 coverage hardly counts, and its weights have no exact law";
const NOT_SETTLED: &str = "the integral over the noise of rewards did not settle to 1e-12";
const NO_ANSWER: &str = "theory turned out to have no answer";

/// Why what a diverse selector keeps is no known function of counts, if so.
pub(super) fn no_counts(choice: &Choice, attributes: &Attributes) -> Option<&'static str> {
    let embedding = &attributes.embedding;
    let weighs = choice.rule.selector.needs_rewards();
    [
        (embedding.noise > 0.0, BLURRED),
        (embedding.centres != Centres::OneHot, CORRELATED),
        (matches!(choice.similarity, Similarity::Rbf { .. }), RBF),
        (weighs && attributes.rewards.noise > 0.0, NOISY_BOTH),
        (weighs && choice.rule.objective.rewards == RewardScale::ZScore, Z_SCORE),
    ]
    .into_iter()
    .find_map(|(holds, why)| holds.then_some(why))
}

/// Why theory gave no answer.
pub(super) fn of_error(error: &LawError) -> &'static str {
    match error {
        LawError::Weighted(_) => WEIGHTS_OF_REWARDS,
        LawError::NotSettled { .. } => NOT_SETTLED,
        LawError::TooManyVectors { .. } => TOO_MANY_COUNTS,
        _ => NO_ANSWER,
    }
}

/// Why a job's numbers hold none: what it was asked has been checked before.
pub(super) fn of_job(noisy: bool) -> &'static str {
    if noisy { NOT_SETTLED } else { NO_ANSWER }
}
