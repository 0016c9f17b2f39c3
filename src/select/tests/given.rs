//! Numbers that are given are compared as they are; only what is worked out has a tolerance.

use super::modes::of_modes;
use super::*;

/// Seconds since 1970, a nanosecond's worth of 2^-52, the smallest numbers: rewards tie where they are equal, whatever their size.
#[test]
fn rewards_are_compared_as_given() {
    let next = |x: f64| f64::from_bits(x.to_bits() + 1);
    let close = [
        [1_764_320_400.0, 1_764_320_400.6],
        [0.3, 0.1 + 0.2],
        [1e300, next(1e300)],
        [1.0, next(1.0)],
        [1e-12, 1.1e-12],
        [0.0, 5e-324],
        [next(-7.0), -7.0],
    ];
    for (rewards, tie) in close
        .map(|pair| (pair, false))
        .into_iter()
        .chain([([0.0, -0.0], true), ([4.5, 4.5], true)])
    {
        let firsts = picked_first(&Rule::new(Selector::Best), &rewards);
        let expected = if tie { 50..151 } else { 200..201 };
        assert!(expected.contains(&firsts[1]), "{rewards:?}: {firsts:?}");
    }
}

/// How often each of two candidates of one mode with these rewards is kept first, in 200 pools of other words.
fn picked_first(rule: &Rule, rewards: &[f64; 2]) -> [usize; 2] {
    let (mut firsts, mut picker) = ([0; 2], Picker::new(70));
    for case in 0..200 {
        let mut drawn = of_modes(&[0, 0], &mut stream("given", case));
        drawn.rewards = rewards.to_vec();
        let picks = picker.pick(rule, &drawn.pool(), 1).expect("a fit pool");
        firsts[picks.order[0]] += 1;
    }
    firsts
}

/// The other places where rewards as given meet numbers that round: min-max and z-scores of a small span far from 0, and raw rewards
/// beside a coverage, in pools that are small and not. A coverage that is equal but for rounding ties all the same.
#[test]
fn large_rewards_weigh_what_their_differences_say() {
    for (scale, rewards) in [
        (RewardScale::MinMax, [1_764_320_400.0, 1_764_320_400.6]),
        (RewardScale::ZScore, [1e15, 1e15 + 1.0]),
        (RewardScale::Raw, [1e9, 1e9 + 0.1]),
    ] {
        for reward_share in [0.5, 1.0] {
            let objective = Objective {
                reward_share,
                rewards: scale,
                ..Objective::USUAL
            };
            let rule = Rule {
                selector: Selector::DiverseBest,
                objective,
            };
            assert_eq!(picked_first(&rule, &rewards), [0, 200], "{rule:?}");
            let mut drawn = of_modes(&[0; 66], &mut stream("large", 0));
            drawn.rewards = vec![rewards[0]; 66];
            drawn.rewards[17] = rewards[1];
            let mut picker = Picker::new(66);
            let picks = picker.pick(&rule, &drawn.pool(), 1).expect("a fit pool");
            assert_eq!(picks.order, [17], "{rule:?}");
        }
    }
    // z-scores of three: -1.2247, 0, 1.2247, wherever they lie.
    let mut scaled = [0.0; 3];
    let far = Case {
        rewards: vec![1e15, 1e15 + 2.0, 1e15 + 1.0],
        ..of_modes(&[0, 0, 0], &mut stream("far", 0))
    };
    far.pool()
        .scaled_rewards(RewardScale::ZScore, 1.0, &mut scaled)
        .expect("rewards");
    let expected = [-f64::sqrt(1.5), f64::sqrt(1.5), 0.0];
    assert!(
        scaled.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15),
        "{scaled:?}"
    );
}

/// Equal rewards of any size leave equal coverages tied: a sum of both is rounded by as much as the rewards are large.
#[test]
fn equal_coverages_tie_beside_large_rewards() {
    let objective = Objective {
        rewards: RewardScale::Raw,
        ..Objective::USUAL
    };
    let rule = Rule {
        selector: Selector::DiverseBest,
        objective,
    };
    for reward in [0.0, 1.0, 1e6 / 3.0, 1e12 / 7.0] {
        let firsts = picked_first(&rule, &[reward; 2]);
        assert!((50..151).contains(&firsts[0]), "{reward}: {firsts:?}");
    }
}

/// Farthest first among given similarities: the least similar is kept, however small or large the numbers; those of embeddings are
/// equal to rounding.
#[test]
fn given_similarities_are_compared_as_they_are() {
    let farthest = |near: [f64; 2], computed: bool| {
        let mut kept = [0; 2];
        for case in 0..200 {
            let mut drawn = of_modes(&[0, 1, 2], &mut stream("apart", case));
            let start = (0..3).min_by_key(|&j| ties::mix(drawn.words[j], 0)).expect("three");
            let others: Vec<usize> = (0..3).filter(|&j| j != start).collect();
            (0..2).for_each(|i| drawn.similarity[others[i] * 3 + start] = near[i]);
            drawn.computed = computed;
            let mut picker = Picker::new(3);
            let picks = picker
                .pick(&Rule::new(Selector::DiverseMaxMin), &drawn.pool(), 2)
                .expect("a fit pool");
            kept[usize::from(picks.order[1] == others[1])] += 1;
        }
        kept
    };
    for near in [[1e-17, 2e-17], [1e12, 1e12 + 1.0], [0.3, 0.1 + 0.2]] {
        assert_eq!(farthest(near, false), [200, 0], "{near:?}");
    }
    let tied = farthest([0.3, 0.1 + 0.2], true);
    assert!((50..151).contains(&tied[0]), "{tied:?}");
}
