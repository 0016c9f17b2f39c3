//! Greedy against the best subset, and the conditions of its guarantee (science.md, section 9).

use super::*;

/// 1 - (1 - 1/K)^K.
fn bound(keep: usize) -> f64 {
    let mut power = 1.0;
    (0..keep).for_each(|_| power *= 1.0 - 1.0 / keep as f64);
    1.0 - power
}

fn objective(reward_share: f64, rewards: RewardScale) -> Objective {
    Objective {
        reward_share,
        rewards,
        ..Objective::USUAL
    }
}

/// Calls `each` with greedy's ratio to the optimum on many pools with K = 3, 4, 5.
fn ratios(mut each: impl FnMut(usize, f64, &Case, &Objective)) {
    for case in 0..600 {
        let mut stream = stream("guarantee", case);
        let n = 10 + case % 5;
        let keep = 3 + case / 5 % 3;
        let drawn = Case::draw(KINDS[case / 15 % KINDS.len()], n, &mut stream);
        let objective = objective([0.0, 0.2, 0.5, 0.8][case % 4], RewardScale::MinMax);
        let rule = Rule {
            selector: Selector::DiverseBest,
            objective,
        };
        let mut picker = Picker::new(n);
        let picks = picker.pick(&rule, &drawn.pool(), keep).expect("a fit pool");
        let reached = value(&objective, &drawn.pool(), picks.order);
        let gained: f64 = picks.gains.iter().sum();
        assert!(
            (gained - reached).abs() < 1e-11,
            "the gains sum to F: {gained} {reached}"
        );
        let (_, best) = best_subset(&objective, &drawn.pool(), keep);
        each(keep, reached / best, &drawn, &objective);
    }
}

#[test]
fn greedy_reaches_its_bound_on_every_pool_and_the_optimum_on_some_only() {
    let (mut exact, mut least) = (0, 1.0_f64);
    ratios(|keep, ratio, _, _| {
        assert!(ratio <= 1.0 + 1e-12 && ratio >= bound(keep), "K = {keep}: {ratio}");
        exact += usize::from(ratio > 1.0 - 1e-12);
        least = least.min(ratio);
    });
    assert!(exact > 150 && exact < 580, "exact in {exact} of 600");
    assert!(least < 0.97, "the enumeration finds better sets than greedy: {least}");
}

/// A control: candidates 0, 1, 2, ... of a pool in which they are copies of each other break the bound.
#[test]
fn a_thoughtless_choice_breaks_the_bound() {
    let mut embeddings = vec![0.0; 10 * 8];
    for i in 0_usize..10 {
        embeddings[8 * i + i.saturating_sub(2)] = 1.0;
    }
    let case = Case {
        computed: false,
        rewards: vec![0.0; 10],
        similarity: of_embeddings(Similarity::Cosine, 8, &embeddings),
        words: (0..10).collect(),
    };
    let coverage = objective(0.0, RewardScale::MinMax);
    let (_, best) = best_subset(&coverage, &case.pool(), 3);
    let thoughtless = value(&coverage, &case.pool(), &[0, 1, 2]);
    assert_eq!((thoughtless, best), (3.0, 5.0));
    assert!(thoughtless / best < bound(3));
}

/// The worst known family of pools approaches the bound: K = 2, where greedy takes the column that overlaps both others.
#[test]
fn a_pool_made_for_it_brings_greedy_near_its_bound() {
    // Columns 0 and 1 cover half of eight rows each; column 2 covers half of either, and a hair more.
    let mut similarity = vec![0.0; 64];
    for i in 0..8 {
        similarity[8 * i + i / 4] = 1.0;
        similarity[8 * i + 2] = if i % 4 < 2 { 1.0 + 1e-6 } else { 0.0 };
    }
    let case = Case {
        computed: false,
        rewards: vec![0.0; 8],
        similarity,
        words: (0..8).collect(),
    };
    let mut picker = Picker::new(8);
    let picks = picker
        .pick(&Rule::new(Selector::Diverse), &case.pool(), 2)
        .expect("a fit pool");
    assert_eq!(picks.order[0], 2);
    let reached: f64 = picks.gains.iter().sum();
    let (set, best) = best_subset(&objective(0.0, RewardScale::Raw), &case.pool(), 2);
    assert_eq!((set, best), (vec![0, 1], 8.0));
    assert!((reached / best - bound(2)).abs() < 1e-5, "{}", reached / best);
}

/// How many of 4,000 random triples break monotony and submodularity.
fn count(similarity: Similarity, objective: &Objective) -> (usize, usize) {
    let (mut monotone, mut submodular) = (0, 0);
    for case in 0..4000 {
        let mut stream = stream("triples", case);
        let n = 6;
        let mut drawn = Case::draw(Kind::Sphere, n, &mut stream);
        drawn.similarity = of_embeddings(similarity, 4, &directions(n, n, 0.0, &mut stream));
        let order = shuffled(n, &mut stream);
        let large = (stream.uniform() * n as f64) as usize;
        let small = (stream.uniform() * (large + 1) as f64) as usize;
        let found = violations(objective, &drawn.pool(), &order[..small], &order[..large], order[n - 1]);
        monotone += usize::from(found.monotone > 0.0);
        submodular += usize::from(found.submodular > 0.0);
    }
    (monotone, submodular)
}

#[test]
fn the_conditions_hold_for_clipped_cosines_and_rewards_that_are_not_negative() {
    let rbf = Similarity::Rbf { bandwidth: 0.5 };
    for similarity in [Similarity::Cosine, rbf] {
        for scale in [RewardScale::MinMax, RewardScale::Raw] {
            assert_eq!(
                count(similarity, &objective(0.5, scale)),
                (0, 0),
                "{similarity:?} {scale:?}"
            );
        }
    }
}

#[test]
fn negative_cosines_break_submodularity_and_z_scores_break_monotony_alone() {
    let (monotone, submodular) = count(Similarity::RawCosine, &objective(0.5, RewardScale::MinMax));
    assert!(
        monotone > 0 && submodular > monotone,
        "raw cosines: {monotone} {submodular}"
    );
    let (monotone, submodular) = count(Similarity::Cosine, &objective(0.9, RewardScale::ZScore));
    assert!(monotone > 400 && submodular == 0, "z-scores: {monotone} {submodular}");
}

/// All violations of raw cosines come from F of nothing, which is 0 and not a sum over the pool.
#[test]
fn negative_cosines_break_nothing_once_something_is_kept() {
    let objective = objective(0.5, RewardScale::MinMax);
    let mut stream = stream("not empty", 0);
    for _ in 0..500 {
        let mut drawn = Case::draw(Kind::Sphere, 6, &mut stream);
        drawn.similarity = of_embeddings(Similarity::RawCosine, 4, &directions(6, 6, 0.0, &mut stream));
        let found = violations(&objective, &drawn.pool(), &[2], &[4, 2, 0], 5);
        assert_eq!((found.monotone, found.submodular), (0.0, 0.0));
    }
}

/// Means and sums by hand: rewards 1 and 3 of (1, 2, 3), similarities of two pairs.
#[test]
fn values_are_those_computed_by_hand() {
    let case = Case {
        computed: false,
        rewards: vec![1.0, 2.0, 3.0],
        similarity: vec![1.0, 0.5, 0.25, 0.5, 1.0, 0.0, 0.25, 0.0, 1.0],
        words: vec![1, 2, 3],
    };
    let of = |balance, rewards, set: &[usize]| {
        let objective = Objective {
            reward_share: 0.25,
            rewards,
            balance,
            ..Objective::USUAL
        };
        value(&objective, &case.pool(), set)
    };
    assert_eq!(of(Balance::Sums, RewardScale::Raw, &[0, 2]), 0.25 * 4.0 + 0.75 * 2.5);
    assert_eq!(of(Balance::Means, RewardScale::Raw, &[0, 2]), 0.125 * 4.0 + 0.25 * 2.5);
    assert_eq!(of(Balance::Sums, RewardScale::MinMax, &[1, 2]), 0.25 * 1.5 + 0.75 * 2.5);
    let z = of(Balance::Sums, RewardScale::ZScore, &[2]);
    assert!((z - (0.25 * 1.5_f64.sqrt() + 0.75 * 1.25)).abs() < 1e-15);
}
