//! Pools of noiseless modes (one-hot embeddings), where what is kept is known exactly (science.md, section 2), and ties.

use super::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Test weights and test rewards of science.md.
pub(super) const PI8: [f64; 8] = [0.3, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02];
const R8: [f64; 8] = [0.4, 0.9, 0.1, 0.6, 0.7, 0.2, 1.0, 0.5];

/// Candidates of given modes: similarity 1 within a mode and 0 across.
pub(super) fn of_modes(modes: &[usize], stream: &mut Stream) -> Case {
    let mut embeddings = vec![0.0; 8 * modes.len()];
    modes.iter().enumerate().for_each(|(i, &m)| embeddings[8 * i + m] = 1.0);
    Case {
        rewards: modes.iter().map(|&m| R8[m]).collect(),
        similarity: of_embeddings(Similarity::Cosine, 8, &embeddings),
        words: modes.iter().map(|_| stream.word()).collect(),
        computed: true,
    }
}

pub(super) fn draw_modes(n: usize, stream: &mut Stream) -> Vec<usize> {
    let mut mode = || {
        let mut u = stream.uniform();
        let below = |p: &f64| {
            u -= p;
            u < 0.0
        };
        PI8.iter().position(below).unwrap_or(7)
    };
    (0..n).map(|_| mode()).collect()
}

fn counts(modes: impl Iterator<Item = usize>) -> [usize; 8] {
    let mut counts = [0; 8];
    modes.for_each(|m| counts[m] += 1);
    counts
}

/// Pearson's statistic of counts against equal expectations, as a p-value.
fn p_of_uniform(counts: &[usize]) -> f64 {
    let each = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let statistic: f64 = counts
        .iter()
        .map(|&c| (c as f64 - each) * (c as f64 - each) / each)
        .sum();
    ChiSquared::new(counts.len() as f64 - 1.0).expect("cells").sf(statistic)
}

/// False-alarm rate of each test of uniformity; the seeds are fixed.
const LEVEL: f64 = 1e-4;

#[test]
fn random_keeps_every_subset_as_often_and_every_order() {
    let (mut sets, mut firsts) = ([0; 32], [0; 5]);
    let mut picker = Picker::new(5);
    for case in 0..20_000 {
        let mut stream = stream("random", case);
        let drawn = of_modes(&[0, 0, 1, 2, 3], &mut stream);
        let picks = picker
            .pick(&Rule::new(Selector::Random), &drawn.pool(), 2)
            .expect("a fit pool");
        sets[1 << picks.order[0] | 1 << picks.order[1]] += 1;
        firsts[picks.order[0]] += 1;
    }
    let pairs: Vec<usize> = sets.into_iter().filter(|&count| count > 0).collect();
    assert_eq!(pairs.len(), 10);
    assert!(
        p_of_uniform(&pairs) > LEVEL && p_of_uniform(&firsts) > LEVEL,
        "{pairs:?} {firsts:?}"
    );
}

#[test]
fn ties_fall_on_every_candidate_as_often_at_every_pick() {
    for selector in [
        Selector::Best,
        Selector::Diverse,
        Selector::DiverseMaxMin,
        Selector::DiverseBest,
    ] {
        let mut at = [[0; 6]; 6];
        let mut picker = Picker::new(6);
        for case in 0..12_000 {
            let mut stream = stream("ties", case);
            let drawn = of_modes(&[3; 6], &mut stream);
            let picks = picker.pick(&Rule::new(selector), &drawn.pool(), 6).expect("a fit pool");
            picks.order.iter().enumerate().for_each(|(t, &j)| at[t][j] += 1);
        }
        for (t, counts) in at.iter().enumerate() {
            assert!(p_of_uniform(counts) > LEVEL, "{selector:?} pick {t}: {counts:?}");
        }
    }
}

/// Greedy on modes with any tie-break: each pick takes the mode with most uncovered candidates, then anything left.
fn keep_by(modes: &[usize], keep: usize, key: impl Fn(usize, usize) -> u64) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    for t in 0..keep {
        let gain = |j: usize| {
            let covered = order.iter().any(|&k| modes[k] == modes[j]);
            if covered {
                0
            } else {
                modes.iter().filter(|&&m| m == modes[j]).count()
            }
        };
        let left: Vec<usize> = (0..modes.len()).filter(|j| !order.contains(j)).collect();
        let top = left.iter().map(|&j| gain(j)).max().expect("some are left");
        let tied = left.into_iter().filter(|&j| gain(j) == top);
        let next = tied.min_by_key(|&j| key(j, t)).expect("one has the top gain");
        order.push(next);
    }
    order
}

/// The largest z-score, over modes, of the surplus of a mode: picks beyond its first. With T modes present and K > T the
/// surplus is K - T draws without replacement from the N - T others: hypergeometric, mean (K - T)(n_m - 1)/(N - T).
fn surplus_z(mut keep: impl FnMut(&[usize], &Case, usize) -> Vec<usize>) -> f64 {
    let (present, pools) = ([8, 4, 3, 2], 20_000);
    let (n, kept, others) = (17.0, 9.0, 13.0);
    let mut sums = [0.0; 4];
    for case in 0..pools {
        let mut stream = stream("surplus", case);
        let sorted: Vec<usize> = (0..4).flat_map(|m| vec![m; present[m]]).collect();
        let modes: Vec<usize> = shuffled(17, &mut stream).into_iter().map(|i| sorted[i]).collect();
        let drawn = of_modes(&modes, &mut stream);
        let order = keep(&modes, &drawn, kept as usize);
        let counts = counts(order.into_iter().map(|j| modes[j]));
        (0..4).for_each(|m| sums[m] += counts[m] as f64 - 1.0);
    }
    assert_eq!(n - others, 4.0);
    let z = |m: usize| {
        let (draws, p) = (kept - 4.0, (present[m] as f64 - 1.0) / others);
        let variance = draws * p * (1.0 - p) * (others - draws) / (others - 1.0);
        ((sums[m] / pools as f64 - draws * p) / (variance / pools as f64).sqrt()).abs()
    };
    (0..4).map(z).fold(0.0, f64::max)
}

/// The largest of four |z| exceeds 4.1 by chance in 1.7e-4 of all runs.
const LARGEST_Z: f64 = 4.1;

#[test]
fn the_surplus_is_filled_uniformly() {
    for selector in [Selector::Diverse, Selector::DiverseMaxMin] {
        let mut picker = Picker::new(17);
        let z = surplus_z(|_, drawn, keep| {
            let picks = picker.pick(&Rule::new(selector), &drawn.pool(), keep);
            picks.expect("a fit pool").order.to_vec()
        });
        assert!(z < LARGEST_Z, "{selector:?}: {z}");
    }
    let z = surplus_z(|modes, drawn, keep| keep_by(modes, keep, |j, t| ties::mix(drawn.words[j], t as u64)));
    assert!(z < LARGEST_Z, "{z}");
}

/// Pitfall ii of science.md: both orders are fair between modes, yet not for the surplus.
#[test]
fn one_order_for_all_picks_biases_the_surplus() {
    let by_index = surplus_z(|modes, _, keep| keep_by(modes, keep, |j, _| j as u64));
    let one_key = surplus_z(|modes, drawn, keep| keep_by(modes, keep, |j, _| ties::mix(drawn.words[j], 0)));
    assert!(
        by_index > 2.0 * LARGEST_Z && one_key > 2.0 * LARGEST_Z,
        "{by_index} {one_key}"
    );
}

#[test]
fn diverse_keeps_the_most_frequent_modes_and_their_shares_are_those_of_the_pool() {
    let (mut picker, mut shares) = (Picker::new(16), Shares::new(16));
    for case in 0..500 {
        let mut stream = stream("frequent", case);
        let modes = draw_modes(16, &mut stream);
        let (drawn, pool) = (of_modes(&modes, &mut stream), counts(modes.iter().copied()));
        let picks = picker
            .pick(&Rule::new(Selector::DiverseWeighted), &drawn.pool(), 16)
            .expect("a fit pool");
        let present = pool.iter().filter(|&&count| count > 0).count();
        let mut by_count = pool;
        by_count.sort_unstable_by(|a, b| b.cmp(a));
        for t in 0..16 {
            let expected = if t < present { by_count[t] } else { 0 };
            assert_eq!(picks.gains[t], expected as f64, "case {case} pick {t}");
            assert!(
                t >= present || pool[modes[picks.order[t]]] == expected,
                "case {case} pick {t}"
            );
        }
        for keep in present..=16 {
            let kept = &picks.order[..keep];
            let of_mode = |mode: usize| kept.iter().filter(|&&j| modes[j] == mode).count();
            // Every mode has a kept candidate: all of a mode share what the mode has in the pool.
            shares
                .fill(&drawn.pool(), kept, CoverageTies::Split)
                .expect("candidates");
            for (w, &j) in shares.weights().zip(kept) {
                let expected = pool[modes[j]] as f64 / (16 * of_mode(modes[j])) as f64;
                assert!((w - expected).abs() < 1e-15, "case {case} K = {keep}");
            }
            // The first of each mode has its share, later ones none.
            shares
                .fill(&drawn.pool(), kept, CoverageTies::First)
                .expect("candidates");
            for (t, w) in shares.weights().enumerate() {
                let expected = if t < present { pool[modes[kept[t]]] } else { 0 };
                assert_eq!(w, expected as f64 / 16.0, "case {case} K = {keep}");
            }
        }
    }
}

/// A candidate as near to two kept ones counts for both, half each, or for the one kept first; a nearer one takes over.
#[test]
fn shares_of_equals_are_split_or_go_to_the_first() {
    let similarity = vec![
        1.0,
        0.5,
        0.5,
        0.2, //
        0.5,
        1.0,
        0.5 + 1e-12,
        0.2, //
        0.5,
        0.6,
        1.0,
        0.2, //
        0.0,
        0.0,
        0.0,
        1.0,
    ];
    let case = Case {
        rewards: vec![0.0; 4],
        similarity,
        words: vec![1, 2, 3, 4],
        computed: false,
    };
    let mut shares = Shares::new(4);
    let mut of = |kept: &[usize], ties| {
        shares.fill(&case.pool(), kept, ties).expect("candidates");
        let counts: Vec<f64> = shares.weights().map(|w| w * kept.len() as f64).collect();
        assert_eq!(shares.counts().collect::<Vec<f64>>(), counts);
        shares.weights().collect::<Vec<f64>>()
    };
    // 1 is as near to 2 as to 0, to rounding; 3 is similar to neither.
    assert_eq!(of(&[0], CoverageTies::Split), [1.0]);
    assert_eq!(of(&[0, 2], CoverageTies::Split), [0.5, 0.5]);
    assert_eq!(of(&[0, 2], CoverageTies::First), [0.75, 0.25]);
    assert_eq!(of(&[2, 0], CoverageTies::First), [0.75, 0.25]);
    assert_eq!(of(&[0, 2, 3], CoverageTies::Split), [0.375, 0.375, 0.25]);
    assert_eq!(of(&[0, 2, 3], CoverageTies::First), [0.5, 0.25, 0.25]);
    for ties in CoverageTies::ALL {
        assert_eq!(of(&[0, 2, 3, 1], ties), [0.25; 4]);
        assert_eq!(of(&[], ties), [0.0; 0]);
    }
    let said = shares
        .fill(&case.pool(), &[4], CoverageTies::Split)
        .expect_err("no candidate");
    assert_eq!(
        said.to_string(),
        "the set names candidate 4, but the pool has 4, counted from 0"
    );
}

/// Where all kept are as near to every candidate each counts exactly 1, whatever K and N: no rounding is left behind.
#[test]
fn equal_weights_count_one_each() {
    let mut shares = Shares::new(60);
    for n in 1..=60 {
        let drawn = of_modes(&vec![3; n], &mut stream("equal", n));
        for keep in 1..=n {
            let kept: Vec<usize> = (0..keep).collect();
            shares
                .fill(&drawn.pool(), &kept, CoverageTies::Split)
                .expect("candidates");
            assert!(shares.counts().all(|count| count == 1.0), "{keep} of {n}");
        }
    }
}

/// F is separable over modes and concave within each, so greedy takes the K largest marginal values: it is optimal.
#[test]
fn diverse_best_is_optimal_on_noiseless_modes() {
    let mut picker = Picker::new(12);
    for case in 0..150 {
        let mut stream = stream("separable", case);
        let mut drawn = of_modes(&draw_modes(12, &mut stream), &mut stream);
        if case % 2 == 0 {
            drawn.rewards.iter_mut().for_each(|r| *r += stream.uniform());
        }
        let rule = Rule::new(Selector::DiverseBest);
        for keep in 1..=5 {
            let picks = picker.pick(&rule, &drawn.pool(), keep).expect("a fit pool");
            let (_, best) = best_subset(&rule.objective, &drawn.pool(), keep);
            let reached: f64 = picks.gains.iter().sum();
            assert!(
                (reached - best).abs() < 1e-12,
                "case {case} K = {keep}: {reached} {best}"
            );
        }
    }
}

/// P(mode m is among the first K distinct modes of N draws): sum over sets U without m, |U| < K, of
/// (-1)^(K-1-|U|) C(M-2-|U|, K-1-|U|) (1 - pi(U)^N) / (1 - pi(U)) times pi_m (science.md, section 2).
fn first_distinct(m: usize, keep: usize, n: i32) -> f64 {
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    let term = |set: usize| {
        let size = set.count_ones() as usize;
        let mass: f64 = (0..8).filter(|i| set >> i & 1 == 1).map(|i| PI8[i]).sum();
        let sign = if (keep - 1 - size).is_multiple_of(2) { 1.0 } else { -1.0 };
        let power = crate::numerics::elementary::powi(mass, n);
        sign * choose(6 - size, keep - 1 - size) * (1.0 - power) / (1.0 - mass)
    };
    let fits = |set: &usize| set >> m & 1 == 0 && (set.count_ones() as usize) < keep;
    PI8[m] * (0..256).filter(fits).map(term).sum::<f64>()
}

#[test]
fn farthest_first_keeps_the_first_distinct_modes_of_a_random_order() {
    let (pools, keep) = (40_000, 4);
    let mut kept = [0; 8];
    let mut picker = Picker::new(16);
    for case in 0..pools {
        let mut stream = stream("distinct", case);
        let modes = draw_modes(16, &mut stream);
        let drawn = of_modes(&modes, &mut stream);
        let rule = Rule::new(Selector::DiverseMaxMin);
        let picks = picker.pick(&rule, &drawn.pool(), keep).expect("a fit pool");
        let counts = counts(picks.order.iter().map(|&j| modes[j]));
        (0..8).for_each(|m| kept[m] += usize::from(counts[m] > 0));
    }
    // The largest of eight |z| exceeds 4.2 by chance in 2.1e-4 of all runs.
    for m in 0..8 {
        let p = first_distinct(m, keep, 16);
        let z = (kept[m] as f64 / f64::from(pools as u32) - p) / (p * (1.0 - p) / pools as f64).sqrt();
        assert!(
            z.abs() < 4.2,
            "mode {m}: {} of {p}, z = {z}",
            kept[m] as f64 / pools as f64
        );
    }
}

#[test]
fn best_keeps_the_highest_rewards() {
    let mut picker = Picker::new(30);
    for case in 0..200 {
        let mut stream = stream("best", case);
        let drawn = Case::draw(KINDS[case % KINDS.len()], 30, &mut stream);
        let picks = picker
            .pick(&Rule::new(Selector::Best), &drawn.pool(), 30)
            .expect("a fit pool");
        let mut sorted = drawn.rewards.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        assert_eq!(picks.gains, sorted);
        assert!(
            picks
                .order
                .iter()
                .zip(picks.gains)
                .all(|(&j, &r)| drawn.rewards[j] == r)
        );
    }
}
