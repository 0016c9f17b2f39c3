//! Laws as jobs: what takes long is left out until it is known, and then is what it would have been at once.

use super::question::{About, Question};
use super::*;
use crate::engine::ExactCache;
use crate::select::{Objective, Rule as SelectRule, Similarity};
use crate::theory::selected::{Selected, Wrong};
use crate::world::{BaseWeights, Centres, Embedded, Embedding, Rewards};
use std::collections::HashSet;

pub(super) const REWARDS: [f64; 6] = [0.2, 0.9, 0.5, 0.1, 1.0, 0.5];

fn world(concentration: f64, noise: f64) -> Embedded {
    let attributes = Attributes {
        rewards: Rewards {
            values: REWARDS.to_vec(),
            noise,
        },
        embedding: Embedding {
            centres: Centres::OneHot,
            dimension: 6,
            noise: 0.0,
        },
    };
    Embedded::new(BaseWeights::geometric(6, 0.7).unwrap(), concentration, attributes).unwrap()
}

pub(super) fn choice(selector: Selector) -> Choice {
    let objective = Objective::default();
    Choice {
        rule: SelectRule { selector, objective },
        similarity: Similarity::Cosine,
    }
}

/// With 16 candidates over 6 modes, and with 8.
fn asked() -> Vec<Asked> {
    let mut asked = Vec::new();
    for (selector, keep) in [
        (Selector::Best, 4),
        (Selector::Diverse, 4),
        (Selector::DiverseWeighted, 3),
        (Selector::DiverseMaxMin, 2),
        (Selector::DiverseBest, 2),
        (Selector::DiverseBest, 4),
        (Selector::DiverseBest, 5),
        (Selector::DiverseBestWeighted, 4),
    ] {
        asked.extend([8, 16].map(|candidates| (choice(selector), candidates, keep)));
    }
    asked
}

fn laws() -> Laws {
    Laws::new(&world(3.0, 0.0), asked().into_iter(), &mut ExactBudget::default())
}

fn jobs(laws: &Laws) -> Vec<&ExactJob> {
    laws.jobs().collect()
}

fn is(law: Law) -> Option<Selected> {
    match law {
        Law::Is(law) => Some(law.as_ref().clone()),
        Law::None(_) | Law::Pending => None,
    }
}

#[test]
fn what_takes_long_is_pending_until_it_is_known_and_then_as_if_worked_out_at_once() {
    let world = world(3.0, 0.0);
    let laws = laws();
    // Eight candidates have 1287 vectors of counts, sixteen 20349.
    let jobs = jobs(&laws);
    let [job] = jobs[..] else { panic!("{jobs:?}") };
    let (pending, whole) = (laws.known(&ExactCache::empty()), laws.known(&ExactCache::on_demand()));
    let long = |(choice, candidates, _): &Asked| *candidates == 16 && choice.rule.selector != Selector::Best;
    for asked in &asked() {
        let (choice, candidates, keep) = asked;
        let of = |laws: &KnownLaws| laws.of(&world, choice, *candidates, *keep);
        assert_eq!(matches!(of(&pending), Law::Pending), long(asked), "{asked:?}");
        assert!(matches!(of(&whole), Law::Is(_)), "{asked:?}");
    }
    let known = ExactCache::empty();
    known.insert(job, job.work_out());
    let settled = laws.known(&known);
    for asked in &asked() {
        let (choice, candidates, keep) = asked;
        let of = |laws: &KnownLaws| is(laws.of(&world, choice, *candidates, *keep)).unwrap();
        assert_eq!(of(&settled), of(&whole), "{asked:?}");
    }
    for asked in &asked() {
        let (choice, candidates, keep) = asked;
        let law = laws.pending().of(&world, choice, *candidates, *keep);
        assert!(
            matches!(law, Law::Pending),
            "{asked:?}: nothing is worked out before it is asked for"
        );
    }
}

#[test]
fn numbers_that_cannot_be_of_the_job_are_not_used() {
    let laws = laws();
    let job = jobs(&laws)[0];
    let known = ExactCache::empty();
    known.insert(job, vec![0.1; job.numbers - 1]);
    let law = laws
        .known(&known)
        .of(&world(3.0, 0.0), &choice(Selector::Diverse), 16, 4);
    assert!(matches!(law, Law::Pending), "{law:?}");
}

/// What theory does not have after all reads back as such, and beside it what it has.
#[test]
fn numbers_hold_what_theory_has_and_what_it_has_not() {
    let pool = PoolLaw::new(vec![0.25; 4], f64::INFINITY, 6).unwrap();
    let ask = |keep| Ask {
        rule: Rule::Diverse,
        keep,
        weights: Weights::Equal,
    };
    let about = About::Counts(vec![ask(2), ask(3)]);
    let question = Question {
        pool: pool.clone(),
        about,
    };
    let job = question.job();
    let mut numbers = job.work_out();
    numbers[..job.numbers / 2].fill(f64::NAN);
    let [none, some] = &question.known(Some(&numbers))[..] else {
        panic!();
    };
    let direct = is(question.known(Some(&question.job().work_out())).pop().unwrap());
    assert!(matches!(none, Law::None(_)) && is(some.clone()) == direct);
    // More kept than there are: theory refuses all that is asked together.
    let about = About::Counts(vec![ask(2), ask(7)]);
    let refused = Question { pool, about }.job();
    assert!(refused.work_out().iter().all(|x| x.is_nan()));
    assert_eq!(refused.work_out().len(), refused.numbers);
}

/// Everything that an answer depends on is in the key: no two of these questions are one job.
#[test]
fn every_part_of_a_question_is_in_its_key() {
    let pool = |weights: [f64; 2], concentration, candidates| {
        PoolLaw::new(weights.to_vec(), concentration, candidates).unwrap()
    };
    let ranked = |rewards: [f64; 2], noise, threshold, keep| About::Ranked {
        rewards: rewards.to_vec(),
        noise,
        threshold,
        keep,
    };
    let best = |rewards: [f64; 2], noise, keep| ranked(rewards, noise, f64::INFINITY, keep);
    let counts = |rule: Rule, keep, weights| About::Counts(vec![Ask { rule, keep, weights }]);
    let diverse_best = |rewards: [f64; 2], lambda, scaling| Rule::DiverseBest {
        rewards: rewards.to_vec(),
        lambda,
        scaling,
    };
    let plain = pool([0.3, 0.7], 2.0, 8);
    let wrong = |share, modes, clustering| {
        let wrong = Wrong {
            share,
            modes,
            clustering,
        };
        plain.clone().with_wrong(wrong).unwrap()
    };
    let filter = |threshold| Rule::Filter {
        rewards: vec![0.0, 1.0],
        threshold,
    };
    let both = About::Counts(
        [2, 3]
            .map(|keep| Ask {
                rule: Rule::Diverse,
                keep,
                weights: Weights::Equal,
            })
            .to_vec(),
    );
    let questions = vec![
        (pool([0.3, 0.7], 2.0, 8), best([0.0, 1.0], 0.0, 2)),
        (pool([0.4, 0.6], 2.0, 8), best([0.0, 1.0], 0.0, 2)),
        (pool([0.3, 0.7], 2.5, 8), best([0.0, 1.0], 0.0, 2)),
        (pool([0.3, 0.7], f64::INFINITY, 8), best([0.0, 1.0], 0.0, 2)),
        (pool([0.3, 0.7], 2.0, 9), best([0.0, 1.0], 0.0, 2)),
        (plain.clone(), best([1.0, 0.0], 0.0, 2)),
        (plain.clone(), best([0.0, 1.0], 0.5, 2)),
        (plain.clone(), best([0.0, 1.0], 0.0, 3)),
        (plain.clone(), ranked([0.0, 1.0], 0.5, 0.5, 2)),
        (plain.clone(), ranked([0.0, 1.0], 0.5, 0.6, 2)),
        (wrong(0.1, 1, 0.0), best([0.0, 1.0], 0.5, 2)),
        (wrong(0.2, 1, 0.0), best([0.0, 1.0], 0.5, 2)),
        (wrong(0.1, 1, 0.3), best([0.0, 1.0], 0.5, 2)),
        (wrong(0.1, 2, 0.0), best([0.0, 1.0], 0.5, 2)),
        (plain.clone(), counts(filter(0.5), 2, Weights::Equal)),
        (plain.clone(), counts(filter(0.6), 2, Weights::Equal)),
        (plain.clone(), counts(Rule::Random, 2, Weights::Equal)),
        (plain.clone(), counts(Rule::Diverse, 2, Weights::Equal)),
        (plain.clone(), counts(Rule::Diverse, 3, Weights::Equal)),
        (plain.clone(), counts(Rule::Diverse, 2, Weights::SplitCoverage)),
        (plain.clone(), counts(Rule::Diverse, 2, Weights::FirstCoverage)),
        (plain.clone(), both),
        (plain.clone(), counts(Rule::DiverseMaxMin, 2, Weights::Equal)),
        (
            plain.clone(),
            counts(
                Rule::Best {
                    rewards: vec![0.0, 1.0],
                },
                2,
                Weights::Equal,
            ),
        ),
        (
            plain.clone(),
            counts(
                Rule::Best {
                    rewards: vec![0.0, 2.0],
                },
                2,
                Weights::Equal,
            ),
        ),
        (
            plain.clone(),
            counts(diverse_best([0.0, 1.0], 0.5, Scaling::Raw), 2, Weights::Equal),
        ),
        (
            plain.clone(),
            counts(diverse_best([0.0, 1.0], 0.5, Scaling::InPool), 2, Weights::Equal),
        ),
        (
            plain.clone(),
            counts(diverse_best([0.0, 1.0], 0.6, Scaling::Raw), 2, Weights::Equal),
        ),
        (
            plain,
            counts(diverse_best([0.5, 1.0], 0.5, Scaling::Raw), 2, Weights::Equal),
        ),
    ];
    let count = questions.len();
    let job = |(pool, about)| Question { pool, about }.job();
    let keys: HashSet<String> = questions
        .into_iter()
        .map(|own| job(own).key.text().to_owned())
        .collect();
    assert_eq!(keys.len(), count);
}

/// Scenarios of one world share their laws, whatever takes long or not, and so do arms in another order.
#[test]
fn laws_of_one_question_are_worked_out_once() {
    let (world, known) = (world(3.0, 0.0), ExactCache::on_demand());
    let mut keys = Vec::new();
    for arms in [
        asked(),
        asked().into_iter().rev().collect(),
        [asked(), asked()].concat(),
    ] {
        let laws = Laws::new(&world, arms.into_iter(), &mut ExactBudget::default());
        let jobs = jobs(&laws);
        let [job] = jobs[..] else { panic!("{jobs:?}") };
        keys.push(job.key.text().to_owned());
        let laws = laws.known(&known);
        let of = |selector, keep| is(laws.of(&world, &choice(selector), 16, keep)).unwrap();
        assert_ne!(of(Selector::DiverseBest, 2), of(Selector::DiverseBest, 4));
        assert_eq!(
            of(Selector::DiverseMaxMin, 2),
            is(one(&world, Selector::DiverseMaxMin, 2)).unwrap()
        );
    }
    assert!(keys.iter().all(|key| *key == keys[0]));
}

/// The law of one arm alone.
fn one(world: &dyn World, selector: Selector, keep: u32) -> Law {
    let asked = std::iter::once((choice(selector), 16, keep));
    let laws = Laws::new(world, asked, &mut ExactBudget::default());
    laws.known(&ExactCache::on_demand())
        .of(world, &choice(selector), 16, keep)
}

/// What theory does not answer leaves the answers beside it as they are.
#[test]
fn a_question_without_an_answer_empties_no_other() {
    let world = world(3.0, 0.0);
    let mut refused = choice(Selector::DiverseBestWeighted);
    refused.rule.objective.reward_share = 1.0;
    let asked = [(choice(Selector::Diverse), 8, 4), (refused, 8, 4)];
    let laws = Laws::new(&world, asked.into_iter(), &mut ExactBudget::default());
    let laws = laws.known(&ExactCache::empty());
    assert!(matches!(laws.of(&world, &refused, 8, 4), Law::None(_)));
    assert!(matches!(laws.of(&world, &choice(Selector::Diverse), 8, 4), Law::Is(_)));
}

/// No exact law of noisy rewards beside coverage is known: nothing to work out, and nothing pending.
#[test]
fn what_has_no_law_is_no_job() {
    let world = world(3.0, 0.4);
    let asked = asked().into_iter().filter(|(choice, ..)| {
        matches!(
            choice.rule.selector,
            Selector::DiverseBest | Selector::DiverseBestWeighted
        )
    });
    let laws = Laws::new(&world, asked, &mut ExactBudget::default());
    assert_eq!(laws.jobs().count(), 0);
    let laws = laws.known(&ExactCache::empty());
    assert!(matches!(
        laws.of(&world, &choice(Selector::DiverseBest), 16, 4),
        Law::None(_)
    ));
}

/// Every selector keeps all modes alike where they are alike: what is left of the bias is rounding, and there is no number of
/// prompts at which `random` overtakes.
#[test]
fn rounding_of_millions_of_terms_is_no_bias() {
    use crate::study::pools::PoolArm;
    use crate::study::selection::{Measure, Method, Theta, exact};
    let modes = 8;
    let attributes = Attributes {
        rewards: Rewards {
            values: vec![0.0; modes],
            noise: 0.0,
        },
        embedding: Embedding {
            centres: Centres::OneHot,
            dimension: modes,
            noise: 0.0,
        },
    };
    let world = Embedded::new(BaseWeights::listed(&vec![1.0; modes]).unwrap(), 2.0, attributes).unwrap();
    for (selector, candidates) in [(Selector::DiverseMaxMin, 16), (Selector::Diverse, 22)] {
        let arm = Method {
            pool: PoolArm {
                choice: choice(selector),
                candidates: Some(candidates),
                ..PoolArm::all(1, 4)
            },
            theta: Theta::Uniform,
        };
        let of = |quantity| exact(&world, &arm, Measure::ModeMass, quantity, 0);
        assert_eq!((of("bias2"), of("crossover")), (Some(0.0), None), "{selector:?}");
    }
}

/// Figures over K ask for every K between, of each choice and pool size by itself, and for none where these are too many.
#[test]
fn every_k_between_those_of_arms_is_asked_once() {
    let (one, other) = (choice(Selector::Diverse), choice(Selector::DiverseMaxMin));
    let asked = [(one, 16, 2), (one, 16, 5), (one, 8, 3), (other, 16, 4), (one, 16, 4)];
    let mut found: Vec<(Selector, u32, u32)> = with_between(&asked)
        .unwrap()
        .into_iter()
        .map(|(choice, candidates, keep)| (choice.rule.selector, candidates, keep))
        .collect();
    found.sort_unstable_by_key(|(selector, candidates, keep)| (format!("{selector:?}"), *candidates, *keep));
    let of_one = [(8, 3), (16, 2), (16, 3), (16, 4), (16, 5)].map(|(n, k)| (Selector::Diverse, n, k));
    let expected: Vec<_> = of_one.into_iter().chain([(Selector::DiverseMaxMin, 16, 4)]).collect();
    assert_eq!(found, expected);
    assert!(with_between(&[(one, 10_000, 1), (one, 10_000, 5_000)]).is_none());
}
