//! Tests of responses that end by themselves, of different lengths and by rewards: what fits show against what theory says.

use super::tests::{arm, place, sums};
use super::*;
use crate::engine;
use crate::engine::{Exact, ExactCache, Study, estimate};
use crate::policy::PrefixFeatures;
use crate::study::Question;
use crate::study::pools::PoolArm;
use crate::theory::sequences::ResponseReward;
use crate::world::BaseWeights;

const PLAIN: Taught = Taught::PLAIN;

const REWARDS: [ResponseReward; 4] = [
    ResponseReward::LogLikelihood,
    ResponseReward::MeanLogLikelihood,
    ResponseReward::Score,
    ResponseReward::MeanScore,
];

fn ending() -> Arc<PlanWorld> {
    let base = BaseWeights::listed(&[0.4, 0.3, 0.2, 0.1]).expect("weights");
    let world = PlanWorld::new(base, 4.0, 0.3).ending(vec![0.5, 0.25, 0.15, 0.1]);
    Arc::new(world.judged(vec![0.2, 0.4, 0.6, 1.0]))
}

fn taught(prompts: u32, responses: u32, taught: Taught) -> SequenceArm {
    let tied = SequencePolicy::Prefix(PrefixFeatures::Tied);
    SequenceArm {
        taught,
        ..arm(tied, prompts, responses, 6)
    }
}

fn best(prompts: u32, reward: ResponseReward) -> SequenceArm {
    let mut arm = taught(
        prompts,
        4,
        Taught {
            reward: Some(reward),
            ..PLAIN
        },
    );
    arm.pool.candidates = Some(16);
    arm
}

fn by_length(prompts: u32) -> SequenceArm {
    let loss = ResponseLoss::Mean;
    taught(prompts, 4, Taught { loss, ..PLAIN })
}

fn study(arms: Vec<SequenceArm>, measures: &[Measure]) -> Sequences {
    Sequences::new(7, ending(), arms, measures.to_vec()).expect("there is such a scenario")
}

fn exact(own: &Sequences, name: &str, arm: usize) -> f64 {
    let mut theory = own.theory(&ExactCache::on_demand());
    match theory.row(place(own, name, arm)).exact {
        Exact::Is(value) => value,
        other => panic!("{name} has {other:?}"),
    }
}

/// By four standard errors: what data sets show of lengths, of responses as they are and of the best by each reward, is the exact mean; and
/// rewards differ from each other.
#[test]
fn lengths_of_what_is_kept_are_those_of_the_exact_law() {
    let mut arms = vec![taught(40, 4, PLAIN)];
    arms.extend(REWARDS.map(|reward| best(40, reward)));
    let own = study(arms, &[Measure::KeptLength, Measure::BestPolicy]);
    let found = estimate(own.spec(), &engine::run(&own, 512).expect("it runs"));
    for arm in 0..5 {
        let length = exact(&own, "kept-length.mean", arm);
        let at = place(&own, "kept-length.mean", arm);
        let estimate = found[at].measured.as_ref().expect("it is measured").estimate();
        assert!(
            (estimate.value - length).abs() < 4.0 * estimate.mcse,
            "{arm}: {} of {length}",
            estimate.value
        );
        let random = 3.072_952;
        assert!(
            arm == 0 || (estimate.value - random).abs() > 20.0 * estimate.mcse,
            "{arm}"
        );
    }
    assert!((exact(&own, "kept-length.mean", 0) - 3.072_952).abs() < 1e-6);
}

/// Of many data fits with a loss by length, or to the best, lose what their limit says, and not what fits to all responses do: within five
/// standard errors and the law of those, which is a bound of a few times what data add.
#[test]
fn fits_tend_to_the_limit_of_what_they_are_taught() {
    let mut arms = vec![taught(800, 4, PLAIN), by_length(800)];
    arms.extend(REWARDS.map(|reward| best(800, reward)));
    let own = study(arms, &[Measure::ResponseExcess, Measure::BestPolicy]);
    let found = estimate(own.spec(), &engine::run(&own, 64).expect("it runs"));
    let law = 0.5 * (1.0726 + 7.9797 / 4.0) / 800.0;
    for arm in 0..6 {
        let limit = exact(&own, "best-sequence-policy.limit-excess", arm);
        let at = place(&own, "response-excess.mean", arm);
        let estimate = found[at].measured.as_ref().expect("it is measured").estimate();
        let beyond = estimate.value - limit;
        assert!(
            beyond.abs() < 5.0 * estimate.mcse + 20.0 * law,
            "{arm}: {} of {limit}",
            estimate.value
        );
        assert!(
            if arm == 0 { limit == 0.0 } else { limit > 100.0 * law },
            "{arm}: {limit}"
        );
    }
}

/// The law with three designs, the quadratic excess exactly.
#[test]
fn the_law_of_one_hazard_for_all_holds() {
    let designs = [(200, 1), (200, 4), (100, 16)];
    let mut arms: Vec<SequenceArm> = designs
        .map(|(prompts, responses)| taught(prompts, responses, PLAIN))
        .into();
    // Another policy, so that what is said of the first stands at its first arm.
    arms.push(by_length(8));
    let own = study(
        arms,
        &[Measure::ResponseExcess, Measure::ScoreExcess, Measure::BestPolicy],
    );
    let found = estimate(own.spec(), &engine::run(&own, 1024).expect("it runs"));
    for arm in 0..3 {
        let of = |name: &str| {
            found[place(&own, name, arm)]
                .measured
                .as_ref()
                .expect("it is measured")
                .estimate()
        };
        let (over, score) = (of("response-excess.over-first-order"), of("score-excess.mean"));
        assert!((over.value - 1.0).abs() < 4.0 * over.mcse + 0.03, "{over:?}");
        assert!(
            (score.value - exact(&own, "score-excess.mean", arm)).abs() < 4.0 * score.mcse,
            "{score:?}"
        );
    }
    assert!((exact(&own, "best-sequence-policy.prompt-component", 0) - 1.0726).abs() < 1e-4);
    assert!((exact(&own, "best-sequence-policy.response-component", 0) - 7.9797).abs() < 1e-4);
    assert!((exact(&own, "best-sequence-policy.misspecification", 0) - 1.0057).abs() < 1e-4);
}

#[test]
fn other_ends_move_no_number() {
    let measures = [Measure::ResponseExcess, Measure::KeptLength, Measure::PlanDistance];
    let own = best(20, ResponseReward::Score);
    let alone = study(vec![own], &measures);
    let mut shorter = taught(25, 20, PLAIN);
    shorter.length = 3;
    let among = study(
        vec![
            taught(30, 2, PLAIN),
            own,
            by_length(8),
            shorter,
            best(20, ResponseReward::MeanScore),
        ],
        &measures,
    );
    for replicate in [0, 3] {
        assert_eq!(sums(&alone, 0, replicate), sums(&among, 1, replicate));
        assert_ne!(sums(&alone, 0, replicate), sums(&among, 4, replicate));
    }
}

/// One data set by hand: the best by their score, and what they teach.
#[test]
fn the_best_of_a_pool_are_those_by_hand() {
    let (own, replicate) = (best(12, ResponseReward::Score), 5);
    let measured = study(vec![own], &[Measure::KeptLength, Measure::ResponseExcess]);
    let streams = crate::numerics::stream::Streams::new(measured.scenario.spec.draws.text());
    let mut counter = measured.counts.counter(&measured.world, &streams);
    let mut length = 0.0;
    for prompt in 0..12 {
        let mut candidates: Vec<Vec<u8>> = counter
            .seen(replicate, prompt, &own)
            .into_iter()
            .map(|(_, y)| y)
            .collect();
        assert_eq!(candidates.len(), 16);
        // Scores are even multiples of a tenth: whole numbers have no rounding.
        candidates.sort_by_key(|y| -y.iter().map(|&d| [2, 4, 6, 10][usize::from(d)]).sum::<i32>());
        length += candidates[..4].iter().map(Vec::len).sum::<usize>() as f64 / 48.0;
    }
    assert!((sums(&measured, 0, replicate)[0] - length).abs() < 1e-12);
}

#[test]
fn ends_that_cannot_be_are_refused() {
    let told = |arm: SequenceArm| {
        let refused = Sequences::new(3, ending(), vec![arm], vec![Measure::KeptLength]);
        refused.expect_err("there is no such arm").to_string()
    };
    let order = SequencePolicy::Prefix(PrefixFeatures::OrderOne);
    assert!(told(arm(order, 8, 1, 6)).contains("\"tied\" alone is known"));
    assert!(told(arm(SequencePolicy::Prefix(PrefixFeatures::Tied), 8, 1, 1)).contains("never ends by itself"));
    let no_pool = SequenceArm {
        pool: PoolArm::all(8, 4),
        ..best(8, ResponseReward::Score)
    };
    assert!(told(no_pool).contains("set `candidates`"));
    let mut no_reward = taught(8, 4, PLAIN);
    no_reward.pool.candidates = Some(16);
    assert!(told(no_reward).contains("no `reward` chooses among candidates"));
    let base = BaseWeights::listed(&[0.4, 0.3, 0.2, 0.1]).expect("weights");
    let no_judge = Arc::new(PlanWorld::new(base.clone(), 4.0, 0.3).ending(vec![0.5; 4]));
    let refused = Sequences::new(
        3,
        no_judge,
        vec![best(8, ResponseReward::Score)],
        vec![Measure::KeptLength],
    );
    assert!(refused.expect_err("no judge").to_string().contains("needs a judge"));
    let equal = Arc::new(PlanWorld::new(base, 4.0, 0.3));
    let refused = Sequences::new(3, equal, vec![by_length(8)], vec![Measure::ResponseExcess]);
    assert!(
        refused
            .expect_err("no ends")
            .to_string()
            .contains("a loss by length says nothing")
    );
}
