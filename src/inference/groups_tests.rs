//! Folds of batches into groups: how many stand, what they hold, and that every bit follows from the sequence of batches.

use super::*;
use crate::inference::testing::SplitMix;

fn layout() -> Layout {
    Layout::new(vec![0, 1, 1], 2)
}

/// Batches of 1 to 3 replicates whose second arm sometimes fails.
fn batches(count: usize) -> Vec<Group> {
    let mut rng = SplitMix::new(11);
    (0..count)
        .map(|index| Group {
            replicates: 1 + index as u64 % 3,
            valid: vec![1 + index as u64 % 3, index as u64 % 2],
            sums: vec![rng.normal(), rng.normal(), rng.uniform()],
        })
        .collect()
}

fn fold(batches: &[Group]) -> Groups {
    let mut folder = Folder::new(layout());
    for batch in batches {
        folder.push(batch);
    }
    folder.finish()
}

#[test]
fn up_to_128_batches_stay_groups_of_their_own() {
    for count in [0, 1, 2, 127, 128] {
        let batches = batches(count);
        assert_eq!(fold(&batches).groups(), batches);
    }
}

#[test]
fn beyond_128_batches_between_65_and_128_groups_of_a_power_of_two_stand() {
    let all = batches(1100);
    let mut folder = Folder::new(layout());
    for (index, batch) in all.iter().enumerate() {
        folder.push(batch);
        if index >= MOST_GROUPS {
            let groups = folder.standing().groups().len();
            let expected = (index + 1).div_ceil(folder.width as usize);
            assert_eq!(groups, expected, "after {} batches", index + 1);
            assert!((65..=128).contains(&groups), "{groups} groups");
            assert!(folder.width.is_power_of_two());
        }
    }
    assert_eq!(folder.width, 16, "128 * 8 < 1100 <= 128 * 16");
}

#[test]
fn a_group_holds_consecutive_batches() {
    let all = batches(300);
    // 300 batches: width 4, 75 groups; the sums differ from the plain order by rounding only.
    for (group, chunk) in fold(&all).groups().iter().zip(all.chunks(4)) {
        let plain: f64 = chunk.iter().map(|batch| batch.sums[0]).sum();
        assert!((group.sums[0] - plain).abs() <= 4.0 * f64::EPSILON * 12.0);
        assert_eq!(
            group.replicates,
            chunk.iter().map(|batch| batch.replicates).sum::<u64>()
        );
    }
}

#[test]
fn the_same_batches_give_the_same_bits_and_a_snapshot_disturbs_nothing() {
    let all = batches(777);
    let mut folder = Folder::new(layout());
    for batch in &all {
        folder.push(batch);
        let standing = folder.standing().clone();
        assert_eq!(
            standing.total(),
            Groups::new(layout(), standing.groups().to_vec()).total()
        );
    }
    assert_eq!(folder.finish().groups(), fold(&all).groups());
    let mut swapped = all.clone();
    swapped.swap(3, 700);
    assert_ne!(fold(&swapped).groups(), fold(&all).groups());
}

#[test]
fn totals_are_kept() {
    let all = batches(1000);
    let groups = fold(&all);
    let total = groups.total();
    assert_eq!(total.replicates, all.iter().map(|batch| batch.replicates).sum::<u64>());
    assert_eq!(total.valid[1], 500);
    let plain: f64 = all.iter().map(|batch| batch.sums[2]).sum();
    // 1000 additions of numbers in [0, 1): each rounds by at most half an ulp of 500.
    assert!((total.sums[2] - plain).abs() < 1000.0 * 500.0 * f64::EPSILON);
}

#[test]
fn means_divide_by_the_valid_replicates_of_their_own_arm() {
    let group = |valid: [u64; 2], sums: [f64; 3]| Group {
        replicates: 4,
        valid: valid.to_vec(),
        sums: sums.to_vec(),
    };
    let groups = Groups::new(
        layout(),
        vec![group([4, 2], [8.0, 3.0, 1.0]), group([4, 0], [16.0, 0.0, 0.0])],
    );
    let means = groups.means();
    assert_eq!([means.mean(0), means.mean(1), means.mean(2)], [3.0, 1.5, 0.5]);
    assert_eq!((means.count(0), means.count(1)), (8, 2));
    let without = groups.means_without(0);
    assert_eq!((without.mean(0), without.count(0)), (4.0, 4));
    assert!(without.mean(1).is_nan(), "no valid replicate is left");
    assert_eq!(groups.means_without(1).mean(1), 1.5);
}

#[test]
#[should_panic(expected = "at least one replicate")]
fn an_empty_batch_is_refused() {
    Folder::new(layout()).push(&Group::empty(&layout()));
}

#[test]
#[should_panic(expected = "beyond the 1 arms")]
fn a_slot_of_an_unknown_arm_is_refused() {
    let _ = Layout::new(vec![0, 1], 1);
}
