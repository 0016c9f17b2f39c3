//! Pools of noiseless modes (one-hot embeddings), where what is kept is known exactly (science.md, section 2), and ties.

use super::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Test weights and test rewards of science.md.
const PI8: [f64; 8] = [0.3, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02];
const R8: [f64; 8] = [0.4, 0.9, 0.1, 0.6, 0.7, 0.2, 1.0, 0.5];

/// Candidates of given modes: similarity 1 within a mode and 0 across.
fn of_modes(modes: &[usize], stream: &mut Stream) -> Case {
    let mut embeddings = vec![0.0; 8 * modes.len()];
    modes.iter().enumerate().for_each(|(i, &m)| embeddings[8 * i + m] = 1.0);
    Case {
        rewards: modes.iter().map(|&m| R8[m]).collect(),
        similarity: of_embeddings(Similarity::Cosine, 8, &embeddings),
        words: modes.iter().map(|_| stream.word()).collect(),
        computed: true,
    }
}

fn draw_modes(n: usize, stream: &mut Stream) -> Vec<usize> {
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
    let said = shares.fill(&case.pool(), &[4], CoverageTies::Split).expect_err("no candidate");
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
            shares.fill(&drawn.pool(), &kept, CoverageTies::Split).expect("candidates");
            assert!(shares.counts().all(|count| count == 1.0), "{keep} of {n}");
        }
    }
}

/// Bias^2 and variance of the weighted share of pools of 16 on [`PI8`], from the picks and shares of this room, with their standard
/// errors: that of bias^2 by the gradient 2 (mean - pi), that of the variance by the fourth moment.
fn measured(rule: &Rule, keep: usize, noise: f64, pools: usize) -> [(f64, f64); 2] {
    let (mut picker, mut shares) = (Picker::new(16), Shares::new(16));
    let mut drawn_shares: Vec<[f64; 8]> = Vec::new();
    for pool in 0..pools {
        let mut stream = stream("rows", pool);
        let modes = draw_modes(16, &mut stream);
        let mut drawn = of_modes(&modes, &mut stream);
        for reward in &mut drawn.rewards {
            *reward += noise * crate::numerics::special::normal_from_uniform(stream.uniform());
        }
        let order = picker.pick(rule, &drawn.pool(), keep).expect("a fit pool").order.to_vec();
        let mut share = [0.0; 8];
        if rule.selector.weighted() {
            shares
                .fill(&drawn.pool(), &order, rule.objective.ties)
                .expect("candidates");
            order.iter().zip(shares.weights()).for_each(|(&j, w)| share[modes[j]] += w);
        } else {
            order.iter().for_each(|&j| share[modes[j]] += 1.0 / keep as f64);
        }
        drawn_shares.push(share);
    }
    let n = pools as f64;
    let mean: [f64; 8] = std::array::from_fn(|m| drawn_shares.iter().map(|f| f[m]).sum::<f64>() / n);
    let square = |f: &[f64; 8]| (0..8).map(|m| (f[m] - mean[m]) * (f[m] - mean[m])).sum::<f64>();
    let along = |f: &[f64; 8]| (0..8).map(|m| 2.0 * (mean[m] - PI8[m]) * (f[m] - mean[m])).sum::<f64>();
    let variance = drawn_shares.iter().map(square).sum::<f64>() / n;
    let of_variance = drawn_shares.iter().map(|f| square(f) - variance).map(|x| x * x).sum::<f64>() / n;
    let of_bias = drawn_shares.iter().map(along).map(|x| x * x).sum::<f64>() / n;
    let bias: f64 = mean.iter().zip(PI8).map(|(q, p)| (q - p) * (q - p)).sum();
    // The squared mean of n pools has the variance of a mean in it.
    let of_bias = (of_bias / n).sqrt() + variance / n;
    [(bias - variance / n, of_bias), (variance, (of_variance / n).sqrt())]
}

/// The rows of correction 18 (two other routes; rewards with noise 0.1, min-max, half of the objective): bias^2 and variance at K = 2, 4,
/// 8. Printed to four digits, so half a unit of the last is allowed beside four standard errors of 20,000 pools: 30 numbers, false alarm
/// 0.2%.
#[test]
fn rows_of_weighted_selectors_are_those_of_the_reference() {
    use CoverageTies::{First, Split};
    use Selector::{Diverse, DiverseBest, DiverseBestWeighted, DiverseWeighted};
    let rows = [
        (Diverse, Split, [(0.02028, 0.22272), (0.0052, 0.0744), (0.00887, 0.0508)]),
        (DiverseWeighted, First, [(0.0514, 0.3083), (0.0078, 0.1047), (0.0, 0.0506)]),
        (DiverseWeighted, Split, [(0.0278, 0.2174), (0.0022, 0.0770), (0.0, 0.0506)]),
        (DiverseBest, Split, [(0.0278, 0.2127), (0.0061, 0.0758), (0.0392, 0.0487)]),
        (DiverseBestWeighted, First, [(0.0538, 0.3061), (0.0081, 0.1056), (0.0, 0.0506)]),
        (DiverseBestWeighted, Split, [(0.0333, 0.2100), (0.0025, 0.0779), (0.0, 0.0506)]),
    ];
    let off = |selector, ties, keep, (bias, variance): (f64, f64)| {
        let objective = Objective { ties, ..Objective::USUAL };
        let [(b, of_b), (v, of_v)] = measured(&Rule { selector, objective }, keep, 0.1, 20_000);
        println!("{selector:?} {ties:?} {keep}: {b:.5} +- {of_b:.5} ({bias}), {v:.5} +- {of_v:.5} ({variance})");
        let excess = |found: f64, printed: f64, error: f64| ((found - printed).abs() - 5e-5).max(0.0) / error;
        excess(b, bias, of_b).max(excess(v, variance, of_v))
    };
    for (selector, ties, row) in rows {
        for (keep, printed) in [2, 4, 8].into_iter().zip(row) {
            let off = off(selector, ties, keep, printed);
            assert!(off < 4.0, "{selector:?} {ties:?} {keep}: {off}");
        }
    }
    // One rule is not the other, and noise in the rewards tells.
    assert!(off(DiverseWeighted, First, 2, rows[2].2[0]) > 8.0);
    assert!(off(DiverseBestWeighted, Split, 4, rows[4].2[1]) > 8.0);
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
            let (_, best) = best_subset(&rule.objective, &drawn.pool(), keep).expect("a small pool");
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
    for (rewards, tie) in close.map(|pair| (pair, false)).into_iter().chain([([0.0, -0.0], true), ([4.5, 4.5], true)]) {
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
/// beside a coverage, in each way to find greedy picks. A coverage that is equal but for rounding ties all the same.
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
            for greedy in [Greedy::Plain, Greedy::Lazy, Greedy::Incremental] {
                let modes = vec![0; 66];
                let mut drawn = of_modes(&modes, &mut stream("large", 0));
                drawn.rewards = vec![rewards[0]; 66];
                drawn.rewards[17] = rewards[1];
                let mut picker = Picker::new(66);
                let picks = picker.pick_by(&rule, &drawn.pool(), 1, greedy).expect("a fit pool");
                assert_eq!(picks.order, [17], "{rule:?} {greedy:?}");
            }
        }
    }
    // z-scores of three: -1.2247, 0, 1.2247, wherever they lie.
    let mut scaled = [0.0; 3];
    let far = Case {
        rewards: vec![1e15, 1e15 + 2.0, 1e15 + 1.0],
        ..of_modes(&[0, 0, 0], &mut stream("far", 0))
    };
    far.pool().scaled_rewards(RewardScale::ZScore, 1.0, &mut scaled).expect("rewards");
    let expected = [-f64::sqrt(1.5), f64::sqrt(1.5), 0.0];
    assert!(scaled.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{scaled:?}");
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
