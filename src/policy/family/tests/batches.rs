//! What minibatches hold.

use super::super::batches::{Batches, add_modes, shuffle};
use super::*;
use crate::numerics::lanes::Level;

const MODES: usize = 4;

fn begin(batch: Batch, set: &Set) -> Batches {
    let mut batches = Batches::new(batch, set.coordinates, MODES);
    batches.begin(&set.examples());
    batches
}

/// The examples of one step in lane `l`, as features and target.
fn examples(batches: &Batches, l: usize) -> Vec<Vec<u64>> {
    let data = batches.data();
    let features = data.prompts.features.chunks_exact(data.prompts.coordinates);
    let target = shares(data, MODES);
    let both = features.zip(target.chunks_exact(MODES));
    both.map(|(x, t)| x.iter().chain(t).map(|row| row[l].to_bits()).collect())
        .collect()
}

/// All (prompt, response) examples of lane `l`, or all prompts.
fn all(set: &Set, batch: Batch, l: usize) -> Vec<Vec<u64>> {
    let mut all = Vec::new();
    for (x, t) in set
        .features
        .chunks_exact(set.coordinates)
        .zip(set.target.chunks_exact(MODES))
    {
        let (x, t) = (column(x, l), column(t, l));
        if let Batch::Shuffled(_) = batch {
            for m in 0..MODES {
                let one = (0..MODES).map(|other| if other == m { 1.0 } else { 0.0 });
                let example: Vec<u64> = x.iter().copied().chain(one).map(f64::to_bits).collect();
                all.extend(std::iter::repeat_n(
                    example,
                    (t[m] * set.responses as f64).round() as usize,
                ));
            }
        } else {
            all.push(x.iter().chain(&t).map(|x| x.to_bits()).collect());
        }
    }
    all.sort();
    all
}

/// Of 24 prompts with 4 responses, minibatches that divide them make up all examples, each once, in an order of its own.
#[test]
fn an_epoch_holds_every_example_once() {
    let set = Set::new(24, MODES, 4);
    for (batch, steps) in [
        (Batch::Grouped(32), 3),
        (Batch::Shuffled(32), 3),
        (Batch::Shuffled(1000), 1),
    ] {
        let (mut batches, mut order) = (begin(batch, &set), in_lanes("order"));
        let mut epochs = Vec::new();
        for _ in 0..2 {
            let mut epoch = vec![Vec::new(); LANES];
            for _ in 0..steps {
                batches.next(Level::current(), Some(&mut order));
                (0..LANES).for_each(|l| epoch[l].extend(examples(&batches, l)));
            }
            epochs.push(epoch);
        }
        for l in 0..LANES {
            assert_ne!(epochs[0][l], epochs[1][l], "a fresh order");
            for epoch in &epochs {
                let mut own = epoch[l].clone();
                assert_ne!(own, all(&set, batch, l), "a random order");
                own.sort();
                assert_eq!(own, all(&set, batch, l), "{batch:?}");
                own.swap_remove(3);
                assert_ne!(own, all(&set, batch, l));
            }
        }
    }
}

/// Five prompts in an epoch of two minibatches of two: one is left out, and not always the same.
#[test]
fn what_does_not_fill_a_minibatch_is_dropped() {
    let set = Set::new(5, MODES, 4);
    let (mut batches, mut order) = (begin(Batch::Grouped(8), &set), in_lanes("order"));
    let mut left_out = Vec::new();
    for _ in 0..20 {
        let mut epoch = Vec::new();
        for _ in 0..2 {
            batches.next(Level::current(), Some(&mut order));
            epoch.extend(examples(&batches, 6));
        }
        epoch.sort();
        epoch.dedup();
        assert_eq!(epoch.len(), 4);
        left_out.extend(
            all(&set, Batch::Full, 6)
                .into_iter()
                .filter(|example| !epoch.contains(example)),
        );
    }
    left_out.sort();
    left_out.dedup();
    assert!(left_out.len() > 2, "{}", left_out.len());
}

#[test]
fn minibatches_are_as_large_as_is_said() {
    let set = Set::new(24, MODES, 4);
    let size = |batch| begin(batch, &set).data().prompts.count();
    let sizes = [1, 4, 7, 8, 96, 400].map(|b| size(Batch::Grouped(b)));
    assert_eq!(sizes, [1, 1, 1, 2, 24, 24]);
    assert_eq!([1, 7, 96, 400].map(|b| size(Batch::Shuffled(b))), [1, 7, 96, 96]);
    assert_eq!(size(Batch::Full), 24);
}

/// The same sums in another order: 24 terms below 1 are rounded by 2^-53 each. One response more is another example.
#[test]
fn a_step_on_all_prompts_as_a_minibatch_is_a_full_step() {
    let (family, set) = (FAMILIES[3], Set::new(24, MODES, 4));
    let once = |batch| {
        let training = Training {
            steps: 1,
            batch,
            ..TRAINING
        };
        fit(family, training, &set, &policies(family, MODES)).0
    };
    for l in 0..LANES {
        let full = column(&once(Batch::Full), l);
        assert!(furthest(&full, &column(&once(Batch::Grouped(96)), l)) < 1e-14);
        assert!(furthest(&full, &column(&once(Batch::Shuffled(96)), l)) < 1e-14);
        assert!(furthest(&full, &column(&once(Batch::Grouped(95)), l)) > 1e-14);
        assert!(furthest(&full, &column(&once(Batch::Shuffled(95)), l)) > 1e-14);
    }
}

/// Over one epoch; and not of a part of it.
#[test]
fn the_mean_gradient_of_minibatches_is_the_full_gradient() {
    let (family, set) = (FAMILIES[3], Set::new(24, MODES, 4));
    let theta = column(&policies(family, MODES), 1);
    let full = plain::gradient(family, MODES, &theta, set.data(), 0.1, 1);
    for batch in [Batch::Grouped(32), Batch::Shuffled(32)] {
        let (mut batches, mut order) = (begin(batch, &set), in_lanes("order"));
        let mut mean = vec![0.0; theta.len()];
        for step in 0..3 {
            let gap = furthest(&mean, &full);
            assert!(gap > 1e-3, "after {step} steps {gap}");
            batches.next(Level::current(), Some(&mut order));
            let own = plain::gradient(family, MODES, &theta, batches.data(), 0.1, 1);
            mean.iter_mut().zip(own).for_each(|(mean, g)| *mean += g / 3.0);
        }
        assert!(furthest(&mean, &full) < 1e-14, "{batch:?}");
    }
}

#[test]
fn responses_are_counted_by_mode_and_always_as_many_as_said() {
    let of = |shares: [f64; 3]| {
        let mut responses = [[40; LANES]; 6];
        add_modes(&shares.map(|x| [x; LANES]), &mut responses);
        responses.map(|own| own[2] - 40)
    };
    assert_eq!(of([1.0 / 3.0, 0.5, 1.0 / 6.0]), [0, 0, 1, 1, 1, 2]);
    // Six times a sixth, added up.
    assert_eq!(of([0.9999999999999999, 0.0, 0.0]), [0; 6]);
    assert_eq!(of([1.0, 1.0, 1.0]), [0; 6]);
    assert_eq!(of([f64::NAN, 0.5, 0.0]), [1, 1, 1, 2, 2, 2]);
}

/// Of 12,000 shuffles each of six orders comes 2,000 times, with a standard deviation of 41; beyond five of them in any
/// with probability 3e-6. A choice among all places at each step would give three orders 4/27 and three 5/27.
#[test]
fn every_order_is_as_likely() {
    let mut counts = std::collections::BTreeMap::new();
    let mut words = in_lanes("shuffles");
    for _ in 0..12_000 / LANES {
        let mut order = [0, 1, 2].map(|i| [i; LANES]);
        shuffle::run(&mut order, 0, 1, &mut words);
        shuffle::run(&mut order, 1, 2, &mut words);
        (0..LANES).for_each(|l| *counts.entry(order.map(|row| row[l])).or_insert(0) += 1);
    }
    assert_eq!(counts.len(), 6);
    assert!(
        counts
            .values()
            .all(|count| f64::abs(f64::from(*count) - 2000.0) < 205.0),
        "{counts:?}"
    );
    assert!(f64::abs(12_000.0 * 4.0 / 27.0 - 2000.0) > 205.0);
}

/// The shuffle of each lane, step by step with whole products: draws must never move.
#[test]
fn lanes_are_shuffled_as_each_alone_at_every_level() {
    for level in Level::available() {
        let (mut order, mut alone) = ((0..37).map(|i| [i; LANES]).collect::<Vec<_>>(), streams("order"));
        let mut words = in_lanes("order");
        let mut orders = [(); LANES].map(|()| (0..37).collect::<Vec<u32>>());
        for (first, count) in [(0, 5), (5, 30), (0, 37)] {
            shuffle::run_at(level, &mut order, first, count, &mut words);
            for (order, stream) in orders.iter_mut().zip(&mut alone) {
                for place in first..first + count {
                    let left = (order.len() - place) as u128;
                    order.swap(place, place + ((u128::from(stream.word()) * left) >> 64) as usize);
                }
            }
            for (l, own) in orders.iter().enumerate() {
                assert!(order.iter().map(|row| row[l]).eq(own.iter().copied()), "{level:?} {l}");
            }
        }
        assert_ne!(orders[0], orders[1]);
    }
}

/// 24 prompts of 4 responses: what is left over of an epoch is no step.
#[test]
fn an_epoch_has_as_many_steps_as_there_are_whole_minibatches() {
    let steps = |batch: Batch| batch.steps_per_epoch(24, 4);
    assert_eq!([1, 7, 8, 400].map(|b| steps(Batch::Grouped(b))), [24, 24, 12, 1]);
    assert_eq!([1, 7, 96, 400].map(|b| steps(Batch::Shuffled(b))), [96, 13, 1, 1]);
    assert_eq!(steps(Batch::Full), 1);
}
