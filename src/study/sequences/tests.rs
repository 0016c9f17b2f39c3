//! Tests of the study: draws, counts and fits on a small world, and what theory says of them.

use super::*;
use crate::engine::{self, Exact, ExactCache, Study, Tally, estimate};
use crate::numerics::elementary::ln;
use crate::numerics::stream::Streams;
use crate::policy::{Batch, Optimiser, PrefixFeatures, Training};
use crate::study::Question;
use crate::study::pools::PoolArm;
use crate::theory::budget::{Budget, Costs};
use crate::world::BaseWeights;

fn world() -> Arc<PlanWorld> {
    let base = BaseWeights::listed(&[0.5, 0.3, 0.2]).expect("weights");
    Arc::new(PlanWorld::new(base, 3.0, 0.4))
}

pub(super) fn arm(policy: SequencePolicy, prompts: u32, responses: u32, length: u32) -> SequenceArm {
    SequenceArm {
        pool: PoolArm::all(prompts, responses),
        length,
        policy,
        taught: Taught::PLAIN,
        start: 0,
        training: Training {
            optimiser: Optimiser::Newton,
            decay: 1e-6,
            steps: 100,
            tolerance: 1e-8,
            batch: Batch::Full,
            average: crate::policy::Average::Last,
        },
    }
}

const TIED: SequencePolicy = SequencePolicy::Prefix(PrefixFeatures::Tied);
const COUNTS: SequencePolicy = SequencePolicy::Prefix(PrefixFeatures::Counts);
const TREE: SequencePolicy = SequencePolicy::Prefix(PrefixFeatures::Tree);

fn study(arms: &[SequenceArm], measures: &[Measure]) -> Sequences {
    Sequences::new(3, world(), arms.to_vec(), measures.to_vec()).expect("there is such a scenario")
}

/// The sums of one arm in one replicate.
pub(super) fn sums(study: &Sequences, arm: usize, replicate: u64) -> Vec<f64> {
    let alone = engine::replay(study, replicate).expect("it can be prepared");
    let each = alone.sums.len() / study.arms().len();
    alone.sums[arm * each..][..each].to_vec()
}

/// Fewer prompts, responses or increments are a prefix, counted once for all that have it.
#[test]
fn other_arms_move_no_number() {
    let measures = [Measure::ResponseExcess, Measure::ScoreExcess, Measure::PlanPurity];
    let own = arm(COUNTS, 20, 2, 3);
    let alone = study(&[own], &measures);
    let among = [
        arm(COUNTS, 30, 1, 3),
        arm(TIED, 10, 9, 6),
        own,
        arm(COUNTS, 10, 5, 3),
        arm(TREE, 25, 4, 4),
    ];
    let among = study(&among, &measures);
    for replicate in [0, 5, 8] {
        assert_eq!(sums(&alone, 0, replicate), sums(&among, 2, replicate));
        assert_ne!(sums(&alone, 0, replicate), sums(&among, 3, replicate));
    }
}

#[test]
fn a_replicate_alone_is_what_it_is_among_others() {
    let own = study(
        &[arm(COUNTS, 16, 2, 3), arm(TREE, 8, 4, 3)],
        &[Measure::ResponseExcess, Measure::ScoreExcess],
    );
    let ready = own.prepare(&ExactCache::empty()).expect("it can be prepared");
    let block = own.spec().block_replicates();
    let mut tally = Tally::new(own.spec(), 0..block);
    ready.worker().run(0..block, &mut tally);
    let mut whole = vec![0.0; own.spec().layout.slots()];
    for replicate in 0..8 {
        let alone = engine::replay(&own, replicate).expect("it can be prepared");
        whole.iter_mut().zip(&alone.sums).for_each(|(sum, own)| *sum += own);
    }
    assert_eq!(tally.into_batches()[0].sums, whole);
}

/// Counts and excess of one data set, from its responses one by one.
#[test]
fn a_fit_of_the_tied_policy_is_that_by_hand() {
    let (own, replicate) = (arm(TIED, 12, 3, 4), 5);
    let measured = study(&[own], &[Measure::ResponseExcess, Measure::ScoreExcess]);
    let streams = Streams::new(measured.scenario.spec.draws.text());
    let mut counter = measured.counts.counter(&measured.world, &streams);
    let mut counts = [0.0; 3];
    for prompt in 0..12 {
        for (_, increments) in counter.seen(replicate, prompt, &own) {
            increments.iter().for_each(|&d| counts[usize::from(d)] += 1.0);
        }
    }
    let best = measured.world.plans().mean_emission();
    let (mut excess, mut score) = (0.0, 0.0);
    for (count, best) in counts.iter().zip(&best) {
        let found = count / (12.0 * 3.0 * 4.0);
        excess += 4.0 * best * (ln(*best) - ln(found));
        score += 0.5 * 4.0 * (found - best) * (found - best) / best;
    }
    let found = sums(&measured, 0, replicate);
    // The penalty of 1e-6 moves logits by 1e-6 |theta|/(n p), with logits of about 1 and p of .2 and more.
    assert!(
        (found[0] - excess).abs() < 2e-6 && (found[1] - score).abs() < 1e-12,
        "{found:?} {excess} {score}"
    );
}

pub(super) fn place(own: &Sequences, name: &str, arm: usize) -> usize {
    let is = |estimand: &crate::engine::Estimand| estimand.name() == name && estimand.of.shown() == Some(arm);
    own.estimands().iter().position(is).expect("there is such a row")
}

/// The mean of the quadratic excess is the law, of data however few, and V_x is what two arms show: within four standard errors, for every
/// policy. That of another policy is not.
#[test]
fn the_quadratic_excess_has_the_mean_of_the_law() {
    let arms: Vec<SequenceArm> = SequencePolicy::ALL
        .into_iter()
        .filter(|policy| !policy.is_net())
        .flat_map(|policy| [arm(policy, 6, 1, 4), arm(policy, 6, 5, 4)])
        .collect();
    let own = study(&arms, &[Measure::ScoreExcess]);
    let mut theory = own.theory(&ExactCache::on_demand());
    let found = estimate(own.spec(), &engine::run(&own, 4096).expect("it runs"));
    let mut z = |name: &str, arm: usize, of: usize| {
        let [at, exact] = [arm, of].map(|arm| place(&own, name, arm));
        let Exact::Is(exact) = theory.row(exact).exact else {
            panic!("theory has it");
        };
        let estimate = found[at].measured.as_ref().expect("it is measured").estimate();
        (estimate.value - exact) / estimate.mcse
    };
    for index in 0..arms.len() {
        for name in ["score-excess.mean", "score-excess.design-effect"] {
            assert!(
                z(name, index, index).abs() < 4.0,
                "{name} {:?}: {}",
                arms[index],
                z(name, index, index)
            );
        }
        if index % 2 == 1 {
            assert!(
                z("score-excess.between-prompts", index, index).abs() < 4.0,
                "{:?}",
                arms[index]
            );
            assert!(
                z("score-excess.mean", index, index - 1) < -10.0,
                "five responses are more than one"
            );
        }
    }
}

/// Of many data the excess is the law, within five standard errors and a twentieth; of few it is more.
#[test]
fn the_excess_of_fits_follows_the_law_where_data_are_many() {
    let fitted = SequencePolicy::ALL
        .into_iter()
        .filter(|own| own.is_fitted() && !own.is_net());
    let mut arms: Vec<SequenceArm> = fitted.map(|policy| arm(policy, 200, 4, 4)).collect();
    arms.push(arm(COUNTS, 35, 1, 4));
    let own = study(&arms, &[Measure::ResponseExcess]);
    let found = estimate(own.spec(), &engine::run(&own, 1024).expect("it runs"));
    let of = |index: usize| {
        let at = place(&own, "response-excess.over-first-order", index);
        found[at].measured.as_ref().expect("it is measured").estimate()
    };
    for (index, arm) in arms.iter().enumerate().take(arms.len() - 1) {
        let over = of(index);
        assert!(
            (over.value - 1.0).abs() < 5.0 * over.mcse + 0.05,
            "{arm:?}: {} +- {}",
            over.value,
            over.mcse
        );
    }
    let few = of(arms.len() - 1);
    assert!(few.value - 1.0 > 4.0 * few.mcse + 0.05, "{} +- {}", few.value, few.mcse);
}

/// K* of the tied policy by its closed form: [alpha + (alpha + 1)(1 - rho)/(n rho)] C_p/C_r, rho = X^2/D.
#[test]
fn the_best_k_is_that_of_the_closed_form() {
    let budget = Budget {
        total: 4000.0,
        costs: Costs {
            prompt: 10.0,
            response: 1.0,
        },
    };
    let mut own = arm(TIED, 200, 10, 4);
    own.pool.budget = Some(budget);
    let own = study(&[own], &[Measure::BestK, Measure::BestPolicy]);
    let rho = own.world.plans().chi_square() / 2.0;
    let closed = (10.0 * (3.0 + 4.0 * (1.0 - rho) / (4.0 * rho))).sqrt();
    let of = |name: &str| {
        own.estimands()
            .iter()
            .position(|own| own.name() == name)
            .expect("a row")
    };
    let mut theory = own.theory(&ExactCache::on_demand());
    let best = theory
        .row(of("best-sequence-k.sandwich"))
        .reference
        .expect("a budget")
        .value;
    assert!((best / closed - 1.0).abs() < 1e-12, "{best} {closed}");
    let bound = theory.row(of("best-sequence-policy.prompt-bound")).exact;
    assert_eq!(bound, Exact::Is(0.5), "(3 - 1)/(3 + 1)");
}

#[test]
fn arms_that_cannot_be_are_refused() {
    let told = |arm: SequenceArm| {
        let refused = Sequences::new(3, world(), vec![arm], vec![Measure::ScoreExcess]);
        refused.expect_err("there is no such arm").to_string()
    };
    assert!(told(arm(COUNTS, 8, 1, 1)).contains("\"counts\" sees nothing of responses of 1"));
    assert!(told(arm(TREE, 8, 1, 40)).contains("sees too many different prefixes of 40 increments out of 3"));
    let position = SequencePolicy::Prefix(PrefixFeatures::CountsAndPosition);
    let told_of = told(arm(position, 8, 1, 64));
    assert!(told_of.contains("too many different prefixes"), "{told_of}");
    let free = SequenceArm {
        training: Training {
            decay: 0.0,
            ..arm(TIED, 8, 1, 4).training
        },
        ..arm(TIED, 8, 1, 4)
    };
    assert!(told(free).contains("without a penalty some parameter may have no best value"));
}
