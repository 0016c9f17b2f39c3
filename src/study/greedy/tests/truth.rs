//! Estimates against values known by other routes, and the negative controls: a broken greedy, objectives without the guarantee.

use super::super::family::Instance;
use super::*;
use crate::select::tests::definition::{best_subset, value, violations};
use crate::select::{Picker, Pool};

/// One replicate of a family by the definitions in the tests of `select`, which share no code with the search: ratio, and the
/// shares of triples that violate.
fn plainly(study: &Greedy, arm: &GreedyArm, replicate: u64) -> [f64; 3] {
    let n = arm.candidates as usize;
    let streams = Streams::new(study.scenario.spec.draws.text());
    let mut instance = Instance::new(study.family, n, &[arm.choice.similarity], &streams);
    instance.draw(replicate);
    let pool = Pool {
        rewards: &instance.rewards,
        similarity: &instance.tables[0],
        stride: n,
        computed: false,
        words: &instance.words,
        embeddings: &[],
        dimension: 0,
        candidates: n,
    };
    let (rule, keep) = (arm.choice.rule, arm.responses as usize);
    let mut picker = Picker::new(n);
    let picks = picker.pick(&rule, &pool, keep).expect("a pool").order;
    let own = value(&rule.objective, &pool, picks);
    let (_, best) = best_subset(&rule.objective, &pool, keep);
    let mut stream = streams.purpose("triples").stream(replicate, n as u32);
    let mut shares = [0.0; 2];
    for _ in 0..TRIPLES {
        let triple = super::super::triples::Triple::draw(n, &mut stream);
        let members = |set: u32| (0..n).filter(|j| set >> j & 1 == 1).collect::<Vec<usize>>();
        let (a, b) = (members(triple.a), members(triple.b));
        assert!(a.len() < b.len() && a.iter().all(|j| b.contains(j)) && !b.contains(&triple.x));
        let found = violations(&rule.objective, &pool, &a, &b, triple.x);
        shares[0] += f64::from(u8::from(found.monotone > 0.0)) / TRIPLES as f64;
        shares[1] += f64::from(u8::from(found.submodular > 0.0)) / TRIPLES as f64;
    }
    [own / best, shares[0], shares[1]]
}

#[test]
fn the_worker_agrees_with_a_plain_implementation() {
    for family in &FAMILIES[..5] {
        let mut arms = vec![
            arm(9, 3, 0.0),
            arm(9, 4, 0.5),
            scaled(arm(8, 3, 0.8), RewardScale::ZScore),
        ];
        if family.embedded() {
            arms.push(arm(9, 3, 0.5));
            arms[3].choice.similarity = Similarity::RawCosine;
        }
        let study = study(*family, &arms);
        let sums = total(&study, 32).sums;
        let per_arm = sums.len() / arms.len();
        for (arm, sums) in arms.iter().zip(sums.chunks(per_arm)) {
            let mut expected = [0.0; 3];
            for replicate in 0..32 {
                for (sum, x) in expected.iter_mut().zip(plainly(&study, arm, replicate)) {
                    *sum += x;
                }
            }
            let conditions = RATIOS.len() + 4;
            let found = [sums[0], sums[conditions], sums[conditions + 1]];
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 32.0 * 1e-9,
                    "{family:?} {arm:?} {found} {expected}"
                );
            }
        }
    }
}

/// Every matrix of 0 and 1 on four candidates, with its probability at density p: the expected ratio of two greedy picks
/// to the best two and the probability that they are best. Ties are shared equally, or always fall on the wrong side.
/// Integers only, no code of `select`.
fn four_candidates(p: f64, unlucky: bool) -> [f64; 2] {
    let power = crate::numerics::elementary::powi;
    let mut expected = [0.0; 2];
    for word in 0_u32..1 << 12 {
        let mut columns: [u32; 4] = [1, 2, 4, 8];
        for bit in 0..12 {
            if word >> bit & 1 == 1 {
                let (j, row) = (bit / 3, bit % 3);
                columns[j] |= 1 << (row + usize::from(row >= j));
            }
        }
        let ones = word.count_ones() as i32;
        let of_pair = |a: usize, b: usize| (columns[a] | columns[b]).count_ones();
        let best = (0..16).map(|k| of_pair(k / 4, k % 4)).max().unwrap_or(0);
        let first = columns.iter().map(|c| c.count_ones()).max().unwrap_or(0);
        // What a first pick leads to; tied second picks all reach the same.
        let reached = |a: usize| (0..4).filter(|&b| b != a).map(|b| of_pair(a, b)).max().unwrap_or(0);
        let firsts = (0..4).filter(|&j| columns[j].count_ones() == first);
        let mut ends: Vec<u32> = firsts.map(reached).collect();
        ends.sort_unstable();
        ends.truncate(if unlucky { 1 } else { 4 });
        for &end in &ends {
            let share = power(p, ones) * power(1.0 - p, 12 - ones) / ends.len() as f64;
            expected[0] += share * f64::from(end) / f64::from(best);
            expected[1] += share * f64::from(u8::from(end == best));
        }
    }
    expected
}

/// 40,000 instances; 4.5 standard errors, which a right program exceeds in 7 of a million checks. The control is a
/// greedy with bad luck at every tie.
#[test]
fn four_candidates_are_solved_as_often_as_an_enumeration_says() {
    for density in [0.25, 0.5] {
        let mut arm = arm(4, 2, 0.0);
        arm.choice.rule.selector = Selector::Diverse;
        let study = study(Family::Binary { density }, &[arm]);
        let groups = groups(&study, 40_000);
        let truth = four_candidates(density, false);
        let control = four_candidates(density, true);
        for (place, name) in ["guarantee.ratio", "guarantee.optimal"].into_iter().enumerate() {
            let (found, error) = estimate(&study, &groups, 0, name, "");
            let off = |expected: f64| (found - expected).abs() / error;
            assert!(off(truth[place]) < 4.5, "{name} {found} {truth:?} {error}");
            assert!(off(control[place]) > 20.0, "{name} {found} {control:?} {error}");
        }
    }
}

/// Wherever an exact value stands, a run has it; a run of events that never happen has no noise to hide behind.
#[test]
fn exact_values_are_those_of_a_run() {
    let mut arms = vec![arm(7, 1, 0.5), arm(7, 7, 0.5), arm(7, 3, 1.0), arm(7, 3, 0.3)];
    arms.push(scaled(arm(7, 3, 0.7), RewardScale::ZScore));
    arms[3].choice.rule.objective.balance = Balance::Means;
    for family in FAMILIES {
        let study = study(family, &arms);
        let rows = engine::estimate(&study.scenario.spec, &groups(&study, 640));
        let mut known = 0;
        for (estimand, row) in study.scenario.spec.estimands.iter().zip(rows) {
            let Some(measured) = row.measured else {
                assert!(estimand.name().ends_with("bound") || estimand.name().ends_with("limit"));
                continue;
            };
            assert_eq!(row.failed, 0, "every instance has a ratio");
            if let Some(exact) = estimand.exact.value() {
                known += 1;
                assert_eq!(measured.estimate().value, exact, "{family:?} {estimand:?}");
            }
        }
        assert!(known > 40, "{known}");
    }
}

#[test]
fn clusters_without_noise_are_always_solved_and_others_are_not() {
    let arms = [
        arm(12, 4, 0.0),
        arm(12, 4, 0.5),
        scaled(arm(12, 4, 0.5), RewardScale::ZScore),
    ];
    let (exact, noisy) = (study(FAMILIES[2], &arms), study(FAMILIES[1], &arms));
    for index in 0..3 {
        assert_eq!(exact_of(&exact, index, "guarantee.optimal", ""), Some(1.0));
        assert_eq!(exact_of(&noisy, index, "guarantee.optimal", ""), None);
        let share = |study| estimate(study, &groups(study, 640), index, "guarantee.optimal", "").0;
        assert_eq!(share(&exact), 1.0);
        assert!(share(&noisy) < 0.999);
    }
}

#[test]
fn objectives_without_the_guarantee_violate_its_conditions() {
    let mut raw = arm(12, 3, 0.2);
    raw.choice.similarity = Similarity::RawCosine;
    let scored = scaled(arm(12, 3, 0.9), RewardScale::ZScore);
    let study = study(Family::Sphere { dimension: 5 }, &[arm(12, 3, 0.2), scored, raw]);
    let groups = groups(&study, 640);
    let of = |arm, name: &str| estimate(&study, &groups, arm, name, "").0;
    for (arm, monotone, submodular) in [(0, false, false), (1, true, false), (2, true, true)] {
        assert_eq!(of(arm, "conditions.monotone-violations") > 0.0, monotone, "{arm}");
        assert_eq!(of(arm, "conditions.submodular-violations") > 0.0, submodular, "{arm}");
        for kind in ["monotone", "submodular"] {
            let triples = of(arm, &format!("conditions.{kind}-violations"));
            let instances = of(arm, &format!("conditions.{kind}-broken"));
            assert!(triples <= instances && instances <= TRIPLES as f64 * triples + 1e-12);
            let exact = exact_of(&study, arm, &format!("conditions.{kind}-broken"), "");
            assert_eq!(exact.is_some(), instances == 0.0, "{arm} {kind}");
        }
    }
}

#[test]
fn the_adversary_lowers_the_ratio_and_never_below_the_bound() {
    let arms = [arm(8, 3, 0.0), arm(8, 4, 0.5)];
    let climb = |steps| {
        let family = Family::Adversarial { density: 0.3, steps };
        let study = study(family, &arms);
        let groups = groups(&study, 320);
        (study, groups)
    };
    let of = |(study, groups): &(Greedy, Groups), arm, name| estimate(study, groups, arm, name, "").0;
    let binary = study(Family::Binary { density: 0.3 }, &arms);
    let at_random = groups(&binary, 320);
    let (none, short, long) = (climb(0), climb(30), climb(120));
    for arm in 0..2 {
        let start = estimate(&binary, &at_random, arm, "guarantee.ratio", "").0;
        assert_eq!(of(&none, arm, "guarantee.ratio"), start, "the same instances");
        assert_eq!(of(&none, arm, "guarantee.fall"), 0.0);
        let falls = [&short, &long].map(|run| of(run, arm, "guarantee.fall"));
        assert!(0.0 < falls[0] && falls[0] < falls[1], "{falls:?}");
        assert!((of(&long, arm, "guarantee.ratio") + falls[1] - start).abs() < 1e-12);
        assert_eq!(of(&long, arm, "guarantee.below-bound"), 0.0);
        assert_eq!(of(&long, arm, "conditions.submodular-broken"), 0.0);
    }
}

/// The candidate that adds least, again and again.
fn worst(picker: &mut Picker, rule: &Rule, pool: &Pool<'_>, order: &mut [usize]) {
    let mut kept: Vec<usize> = Vec::new();
    for place in 0..order.len() {
        let with = |j: usize| value(&rule.objective, pool, &[kept.as_slice(), &[j]].concat());
        let left = (0..pool.candidates).filter(|j| !kept.contains(j));
        let least = left
            .min_by(|&a, &b| with(a).total_cmp(&with(b)))
            .expect("some are left");
        order[place] = least;
        kept.push(least);
    }
    assert_eq!(picker.clone().pick(rule, pool, 1).expect("a pool").order.len(), 1);
}

/// The negative control of the guarantee: picks that are not greedy fall below its bound, and the study says so.
#[test]
fn a_broken_greedy_falls_below_the_bound() {
    let mut study = study(Family::Binary { density: 0.3 }, &[arm(10, 3, 0.0), arm(10, 3, 0.5)]);
    study.pick = worst;
    let groups = groups(&study, 640);
    for arm in 0..2 {
        assert_eq!(exact_of(&study, arm, "guarantee.below-bound", ""), Some(0.0));
        let (share, error) = estimate(&study, &groups, arm, "guarantee.below-bound", "");
        assert!(share - 5.0 * error > 0.5, "{share} {error}");
    }
}
