//! Laws 2 to 4: what an instance, an arm and a replicate depend on, and what they do not.

use super::super::family::Instance;
use super::*;
use crate::engine::{ExactCache, Tally};

fn arms() -> Vec<GreedyArm> {
    vec![arm(8, 3, 0.0), arm(8, 4, 0.5), arm(10, 3, 0.5)]
}

#[test]
fn a_smaller_pool_is_a_prefix_of_a_larger_one() {
    let similarities = [Similarity::Cosine, Similarity::RawCosine];
    for family in FAMILIES {
        let asked = &similarities[..1 + usize::from(family.embedded())];
        let streams = Streams::new("prefix");
        let mut small = Instance::new(family, 6, asked, &streams);
        let mut large = Instance::new(family, 11, asked, &streams);
        for replicate in [0, 5, 1 << 33] {
            small.draw(replicate);
            large.draw(replicate);
            assert_eq!(small.rewards, large.rewards[..6]);
            assert_eq!(small.words, large.words[..6]);
            for (small, large) in small.tables.iter().zip(&large.tables) {
                for i in 0..6 {
                    assert_eq!(small[i * 6..i * 6 + 6], large[i * 11..i * 11 + 6], "{family:?}");
                    assert_eq!(small[i * 7], 1.0, "like itself");
                }
            }
        }
    }
}

#[test]
fn instances_are_of_their_family() {
    let draw = |family, similarity| {
        let mut instance = Instance::new(family, 14, &[similarity], &Streams::new("kind"));
        instance.draw(3);
        instance.tables[0].clone()
    };
    let symmetric = |table: &[f64]| (0..14).all(|i| (0..14).all(|j| table[i * 14 + j] == table[j * 14 + i]));
    let raw = draw(FAMILIES[0], Similarity::RawCosine);
    let clipped = draw(FAMILIES[0], Similarity::Cosine);
    assert!(raw.iter().any(|s| *s < 0.0) && clipped.iter().all(|s| *s >= 0.0));
    assert!(raw.iter().zip(&clipped).all(|(raw, clipped)| raw.max(0.0) == *clipped));
    assert!(
        draw(FAMILIES[2], Similarity::RawCosine)
            .iter()
            .all(|s| *s == 0.0 || *s == 1.0)
    );
    let uniform = draw(Family::Uniform, Similarity::Cosine);
    assert!(symmetric(&uniform) && uniform.iter().filter(|s| **s == 1.0).count() == 14);
    let binary = draw(FAMILIES[4], Similarity::Cosine);
    assert!(!symmetric(&binary) && binary.iter().all(|s| *s == 0.0 || *s == 1.0));
    assert_eq!(
        binary,
        draw(FAMILIES[5], Similarity::Cosine),
        "the adversary starts there"
    );
    let all = draw(Family::Binary { density: 1.0 }, Similarity::Cosine);
    assert!(all.iter().all(|s| *s == 1.0));
}

/// An rbf is that of the angle: embeddings have length 1, so that two whose cosine is c are sqrt(2 - 2c) apart.
#[test]
fn embeddings_of_every_family_have_length_one() {
    for family in FAMILIES.into_iter().filter(Family::embedded) {
        let asked = [Similarity::RawCosine, Similarity::Rbf { bandwidth: 0.6 }];
        let mut instance = Instance::new(family, 14, &asked, &Streams::new("length"));
        instance.draw(4);
        for (cosine, rbf) in instance.tables[0].iter().zip(&instance.tables[1]) {
            let expected = crate::numerics::elementary::exp((cosine - 1.0) / 0.36);
            assert!((rbf - expected).abs() < 1e-14, "{family:?}: {rbf} {expected}");
        }
    }
}

/// Law 4: a batch has the same bits whether it is run alone, after others or before them.
#[test]
fn a_batch_does_not_depend_on_its_block() {
    for family in FAMILIES {
        let study = study(family, &arms());
        let ready = study.prepare(&ExactCache::empty()).expect("nothing to prepare");
        let run = |ranges: &[(u64, u64)]| {
            let mut worker = ready.worker();
            let mut found = Vec::new();
            for &(start, end) in ranges {
                let range = start..end;
                let mut tally = Tally::new(&study.scenario.spec, range.clone());
                worker.run(range, &mut tally);
                found.extend(tally.into_batches());
            }
            found
        };
        let whole = run(&[(0, 96)]);
        assert_eq!(run(&[(64, 96)])[0], whole[2], "{family:?}");
        assert_eq!(run(&[(64, 96), (0, 32)])[1], whole[0], "{family:?}");
        // Clusters without noise are always solved: there batches have equal sums.
        assert_eq!(whole[0] == whole[1], family.orthonormal(), "{family:?}");
    }
}

/// Laws 2 and 3: another arm, even of a larger pool, moves no number of the others.
#[test]
fn another_arm_moves_no_number() {
    for family in FAMILIES {
        let few = total(&study(family, &arms()), 64);
        let mut more = arms();
        more.insert(1, scaled(arm(12, 5, 0.2), RewardScale::ZScore));
        let more = total(&study(family, &more), 64);
        let per_arm = few.sums.len() / 3;
        assert_eq!(few.sums[..per_arm], more.sums[..per_arm], "{family:?}");
        assert_eq!(few.sums[per_arm..], more.sums[2 * per_arm..], "{family:?}");
    }
}

#[test]
fn the_draws_key_names_the_law_and_the_work_key_the_climb() {
    let of = |family| {
        let study = study(family, &arms());
        (study.spec().draws.clone(), study.spec().work.clone())
    };
    let (binary, climb) = (of(FAMILIES[4]), of(FAMILIES[5]));
    assert_eq!(binary.0, climb.0);
    assert_ne!(binary.1, climb.1);
    let longer = of(Family::Adversarial {
        density: 0.3,
        steps: 21,
    });
    assert_eq!(climb.0, longer.0);
    assert_ne!(climb.1, longer.1);
    assert_ne!(of(FAMILIES[0]).0, of(Family::Sphere { dimension: 6 }).0);
}

/// A silent change of draws, picks or search would change every stored number: some sums are pinned here.
#[test]
fn some_sums_keep_their_values() {
    let optimal: Vec<f64> = FAMILIES
        .iter()
        .map(|family| total(&study(*family, &[arm(11, 4, 0.2)]), 320).sums[1])
        .collect();
    assert_eq!(optimal, [99.0, 93.0, 320.0, 124.0, 129.0, 20.0]);
}
