//! The exact laws against plain Monte Carlo: pools from gamma variables, selectors over candidates.
//!
//! A setting passes when no entry of either moment is more than 5 standard errors off: about 72 entries per setting and fewer
//! than 150 settings, so a false alarm has a probability below 150 * 72 * 5.7e-7 = 0.6%. Seeds are fixed.

use super::plain::{Sample, TieBreak, draw_pool, greedy, objective, share};
use super::*;
use crate::numerics::special::normal_quantile;

const WITHIN: f64 = 5.0;

/// The shares of the best of `pools` pools by sorting, for each K: rewards with noise `sd`, ties at random.
fn sort_best(law: &PoolLaw, sd: f64, keeps: &[u32], pools: u32, rng: &mut Stream) -> Vec<Sample> {
    let mut samples = vec![Sample::new(8); keeps.len()];
    for _ in 0..pools {
        let pool = draw_pool(law, rng);
        let mut ranked: Vec<(f64, f64, usize)> = pool
            .iter()
            .map(|&m| {
                let noise = if sd > 0.0 {
                    sd * normal_quantile(rng.uniform().max(1e-300))
                } else {
                    0.0
                };
                (R8[m] + noise, rng.uniform(), m)
            })
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
        for (sample, &keep) in samples.iter_mut().zip(keeps) {
            let kept: Vec<usize> = ranked[..keep as usize].iter().map(|r| r.2).collect();
            let all: Vec<usize> = (0..kept.len()).collect();
            sample.add(&share(&kept, &all, 8, Equal));
        }
    }
    samples
}

#[test]
fn best_is_that_of_sorted_pools_with_and_without_noise() {
    let mut rng = stream("sorted pools");
    for (n, keeps) in [(16, &[1, 4, 8][..]), (32, &[4])] {
        for sd in [0.0, 0.05, 0.2, 1.0] {
            let law = pi8(f64::INFINITY, n);
            let samples = sort_best(&law, sd, keeps, 100_000, &mut rng);
            for (sample, &keep) in samples.iter().zip(keeps) {
                let exact = |sd, keep| best_noisy(&law, &R8, sd, keep).unwrap();
                let z = sample.worst_z(&exact(sd, keep));
                assert!(z < WITHIN, "{n} {keep} {sd}: {z}");
                assert!(sample.worst_z(&exact(2.0 * sd + 0.1, keep)) > WITHIN, "more noise");
                assert!(sample.worst_z(&exact(sd, keep + 1)) > WITHIN, "one more kept");
            }
        }
    }
}

#[test]
fn best_is_that_of_sorted_pools_on_dirichlet_prompts() {
    let mut rng = stream("sorted dirichlet pools");
    for alpha in [1.0, 4.0, 20.0] {
        let law = pi8(alpha, 16);
        let samples = sort_best(&law, 0.0, &[1, 4, 8], 100_000, &mut rng);
        for (sample, keep) in samples.iter().zip([1, 4, 8]) {
            let z = sample.worst_z(&best(&law, &R8, keep).unwrap());
            assert!(z < WITHIN, "{alpha} {keep}: {z}");
            let other = best(&pi8(alpha * 1.5, 16), &R8, keep).unwrap();
            assert!(sample.worst_z(&other) > WITHIN, "{alpha} {keep}: another concentration");
        }
    }
}

const KEEPS: [u32; 4] = [2, 4, 8, 12];

/// The shares of the plain greedy, with every weight in turn, for each of [`KEEPS`].
fn play(law: &PoolLaw, rule: &Rule, ties: TieBreak, pools: u32, rng: &mut Stream) -> Vec<Sample> {
    let mut samples = vec![Sample::new(8); 3 * KEEPS.len()];
    for _ in 0..pools {
        let pool = draw_pool(law, rng);
        // A pick does not depend on K: what is kept for a smaller K is a prefix.
        let kept = greedy(&pool, &objective(rule, &pool), KEEPS[3] as usize, ties, rng);
        for (i, sample) in samples.iter_mut().enumerate() {
            sample.add(&share(&pool, &kept[..KEEPS[i / 3] as usize], 8, EVERY_WEIGHT[i % 3]));
        }
    }
    samples
}

fn asks(rule: &Rule) -> Vec<Ask> {
    KEEPS
        .iter()
        .flat_map(|&keep| EVERY_WEIGHT.map(|weights| ask(rule.clone(), keep, weights)))
        .collect()
}

fn greedy_rules() -> [Rule; 4] {
    [
        Rule::Diverse,
        Rule::DiverseMaxMin,
        diverse_best(0.5, Scaling::Raw),
        diverse_best(0.5, Scaling::InPool),
    ]
}

#[test]
fn diverse_rules_are_those_of_the_greedy_over_candidates() {
    let mut rng = stream("greedy pools");
    for (alpha, n, pools) in [
        (f64::INFINITY, 16, 50_000),
        (4.0, 12, 50_000),
        (1.0, 12, 20_000),
        (20.0, 12, 20_000),
    ] {
        let law = pi8(alpha, n);
        for rule in greedy_rules() {
            let exact = by_counts(&law, &asks(&rule)).unwrap();
            let samples = play(&law, &rule, TieBreak::Fresh, pools, &mut rng);
            for ((sample, exact), ask) in samples.iter().zip(&exact).zip(asks(&rule)) {
                let z = sample.worst_z(exact);
                assert!(z < WITHIN, "{alpha} {ask:?}: {z}");
            }
        }
    }
}

/// The pitfalls of the reference: ties by mode; one order for all picks, which favours modes in the surplus; ties between modes.
#[test]
fn ties_broken_otherwise_are_noticed() {
    let mut rng = stream("broken ties");
    let law = pi8(f64::INFINITY, 12);
    let mut worst = |rule: &Rule, ties| {
        let exact = by_counts(&law, &asks(rule)).unwrap();
        let samples = play(&law, rule, ties, 20_000, &mut rng);
        let unweighted = samples.iter().zip(&exact).step_by(3);
        unweighted
            .map(|(sample, exact)| sample.worst_z(exact))
            .fold(0.0, f64::max)
    };
    for rule in [Rule::Diverse, Rule::DiverseMaxMin] {
        assert!(worst(&rule, TieBreak::ByMode) > WITHIN, "{rule:?}");
        assert!(worst(&rule, TieBreak::Fixed) > WITHIN, "{rule:?}");
        assert!(worst(&rule, TieBreak::UniformOverModes) > WITHIN, "{rule:?}");
    }
    assert!(worst(&diverse_best(0.5, Scaling::InPool), TieBreak::ByMode) > WITHIN);
    // Raw rewards less than 1 apart at lambda 1/2: gains of two modes are never tied, and how ties are broken does not matter.
    assert!(worst(&diverse_best(0.5, Scaling::Raw), TieBreak::ByMode) < WITHIN);
}

#[test]
fn closed_means_are_those_of_the_greedy_where_enumeration_is_too_long() {
    let mut rng = stream("wide pools");
    let raw: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * 0.75)).take(16).collect();
    let weights: Vec<f64> = raw.iter().map(|w| w / raw.iter().sum::<f64>()).collect();
    let wide = law(&weights, f64::INFINITY, 24);
    for keep in [4, 10, 20] {
        for (rule, exact) in [
            (Rule::Diverse, inclusion::diverse_mean(&wide, keep)),
            (Rule::DiverseMaxMin, inclusion::max_min_mean(&wide, keep)),
        ] {
            let mut sample = Sample::new(16);
            for _ in 0..10_000 {
                let pool = draw_pool(&wide, &mut rng);
                let kept = greedy(
                    &pool,
                    &objective(&rule, &pool),
                    keep as usize,
                    TieBreak::Fresh,
                    &mut rng,
                );
                sample.add(&share(&pool, &kept, 16, Equal));
            }
            let z = sample.worst_z_of_mean(&exact);
            assert!(z < WITHIN, "{rule:?} {keep}: {z}");
            assert!(
                sample.worst_z_of_mean(&weights) > WITHIN,
                "{rule:?} {keep}: not those of random"
            );
        }
    }
}
