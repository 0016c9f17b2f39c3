use super::*;
use crate::engine::{self, ExactCache, Study, Tally};
use crate::numerics::stream::Streams;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The sums of one arm in one replicate.
fn sums(study: &Policies, arm: usize, replicate: u64) -> Vec<f64> {
    let alone = engine::replay(study, replicate).expect("it can be prepared");
    let each = alone.sums.len() / study.arms().len();
    alone.sums[arm * each..][..each].to_vec()
}

#[test]
fn other_arms_move_no_number() {
    let (world, measures) = (prompts(64, 1.0), [Measure::ReferenceLoss, Measure::PolicyEntropy]);
    let alone = study(&world, &[arm(20, 2)], &measures);
    let among = study(&world, &[arm(40, 7), arm(20, 2), arm(20, 1)], &measures);
    for replicate in [0, 5, 8] {
        assert_eq!(sums(&alone, 0, replicate), sums(&among, 1, replicate));
        assert_ne!(
            sums(&alone, 0, replicate),
            sums(&among, 2, replicate),
            "fewer responses"
        );
    }
}

#[test]
fn a_replicate_alone_is_what_it_is_among_others() {
    let world = prompts(64, 1.0);
    let own = study(
        &world,
        &[
            arm(16, 2),
            PolicyArm {
                copies: 4,
                ..arm(16, 2)
            },
        ],
        &[Measure::ReferenceLoss],
    );
    let ready = own.prepare(&ExactCache::empty()).expect("it can be prepared");
    let mut tally = Tally::new(own.spec(), 8..16);
    ready.worker().run(8..16, &mut tally);
    for (batch, replicate) in tally.into_batches().iter().zip(8..) {
        assert_eq!(*batch, engine::replay(&own, replicate).expect("it can be prepared"));
    }
}

/// The prompts that an arm sees in replicate 0.
fn seen(own: &Policies, arm: usize) -> Vec<u32> {
    let mut data = own.data.data(&Streams::new(own.scenario.spec.draws.text()));
    data.draw(0);
    let all = 0..own.arms[arm].pool.prompts as usize;
    all.map(|place| data.seen(arm, &own.arms[arm], 0, place).0).collect()
}

#[test]
fn without_replacement_no_prompt_comes_twice() {
    let world = Prompts {
        replacement: false,
        ..prompts(32, 1.0)
    };
    let distinct = |own: &[u32]| own.iter().collect::<HashSet<_>>().len();
    let all = seen(&study(&world, &[arm(32, 1)], &[Measure::ReferenceLoss]), 0);
    assert_eq!(distinct(&all), 32);
    let fewer = seen(&study(&world, &[arm(10, 1)], &[Measure::ReferenceLoss]), 0);
    assert_eq!(fewer, all[..10], "fewer prompts are a prefix");
    let again = seen(&study(&prompts(32, 1.0), &[arm(32, 1)], &[Measure::ReferenceLoss]), 0);
    assert!(distinct(&again) < 32, "with replacement some do");
}

#[test]
fn copies_are_the_same_prompts_with_responses_of_their_own() {
    let world = prompts(64, 1.0);
    let arms = [
        arm(4, 8),
        PolicyArm {
            copies: 3,
            ..arm(12, 8)
        },
    ];
    let own = study(&world, &arms, &[Measure::ReferenceLoss]);
    let (once, copied) = (seen(&own, 0), seen(&own, 1));
    let thrice: Vec<u32> = once.iter().flat_map(|prompt| [*prompt; 3]).collect();
    assert_eq!(copied, thrice);
    let mut data = own.data.data(&Streams::new(own.scenario.spec.draws.text()));
    data.draw(0);
    assert_ne!(data.seen(1, &arms[1], 0, 0).1, data.seen(1, &arms[1], 0, 1).1);
}

#[test]
fn more_prompts_than_there_are_cannot_be_drawn_without_replacement() {
    let world = Prompts {
        replacement: false,
        ..prompts(8, 1.0)
    };
    let refused = Policies::new(3, world, vec![arm(9, 1)], vec![Measure::ReferenceLoss]);
    let told = refused.expect_err("there are 8").to_string();
    assert!(
        told.contains("9 different prompts cannot be drawn without replacement from 8"),
        "{told}"
    );
}

/// A fit of ten million steps is left on the way: were it not, this would not come to an end.
#[test]
fn a_fit_is_left_when_its_block_is_told_to_end() {
    let long = PolicyArm {
        training: Training {
            optimiser: Optimiser::Gradient {
                rate: 1e-3,
                momentum: 0.0,
                schedule: crate::policy::Schedule::Constant,
            },
            steps: 10_000_000,
            tolerance: 0.0,
            ..arm(1, 1).training
        },
        ..arm(64, 8)
    };
    let own = study(&prompts(64, 1.0), &[arm(4, 1), long], &[Measure::ReferenceLoss]);
    let (ready, stop) = (
        own.prepare(&ExactCache::empty()).expect("it can be prepared"),
        AtomicBool::new(false),
    );
    let mut tally = Tally::new(own.spec(), 0..8).until(&stop);
    // It is told so while the long fit goes on: no arm begins after that.
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            stop.store(true, Ordering::Relaxed);
        });
        ready.worker().run(0..8, &mut tally);
    });
    assert!(tally.is_stopped());
    assert_eq!(
        tally.batch(0).valid,
        [0, 0],
        "what was left is of no use, and nothing is given of it"
    );
}

/// Blocks that rest on a policy that was trained on the population say how: another way may end in another minimum, and a journal of
/// the way before would go on with numbers of both.
#[test]
fn blocks_name_the_training_that_they_rest_on() {
    let prompts = prompts(64, 1.0);
    let network = PolicyArm {
        family: Family::Network { inputs: 1, hidden: 2 },
        training: Training {
            optimiser: Optimiser::Adam {
                rate: 0.02,
                schedule: crate::policy::Schedule::Cosine,
            },
            steps: 2,
            tolerance: 0.0,
            ..arm(8, 2).training
        },
        ..arm(8, 2)
    };
    let best = PolicyArm {
        start: Start::Best,
        ..network
    };
    let names = |arm: &PolicyArm, measure| {
        let own = study(&prompts, &[*arm], &[measure]);
        own.spec().work.text().contains("best policy 2")
    };
    assert!(names(&network, Measure::ExcessLoss) && names(&best, Measure::ReferenceLoss));
    // The minimum of a convex loss is what it is, however found; and a loss by itself rests on none.
    assert!(!names(&arm(8, 2), Measure::ExcessLoss) && !names(&network, Measure::ReferenceLoss));
}
