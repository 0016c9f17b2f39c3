//! Tests of the condition, of the certificate and of the worst reward: sets against all orders, sorting against both, and the numbers of
//! an independent code.

use super::*;
use crate::numerics::elementary::exp;
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Streams;
use crate::theory::selected::{Ask, Rule, Weights, best, best_mean, by_counts, weight_spread};

const N: u32 = 16;

/// Probabilities proportional to exp(-.45 m).
fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

fn law(candidates: u32) -> PoolLaw {
    PoolLaw::new(geo8(), 4.0, candidates).unwrap()
}

/// h = p - pibar at the uniform policy.
fn change() -> Vec<f64> {
    geo8().iter().map(|pi| 0.125 - pi).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Every order of `modes`, by Heap's algorithm.
fn orders(modes: usize, mut visit: impl FnMut(&[usize])) {
    let mut order: Vec<usize> = (0..modes).collect();
    let mut counts = vec![0; modes];
    visit(&order);
    let mut i = 0;
    while i < modes {
        if counts[i] < i {
            order.swap(if i % 2 == 0 { 0 } else { counts[i] }, i);
            visit(&order);
            counts[i] += 1;
            i = 0;
        } else {
            counts[i] = 0;
            i += 1;
        }
    }
}

/// Rewards from an order, the best first.
fn rewards(order: &[usize]) -> Vec<f64> {
    let mut rewards = vec![0.0; order.len()];
    for (rank, &mode) in order.iter().enumerate() {
        rewards[mode] = -(rank as f64);
    }
    rewards
}

/// `<g_S, g>` over all 8! orders, by K: the least is that of rewards that oppose mass. Three routes: every order with what it keeps by sets,
/// sets, and sorting; and the law of the opposed order itself, which knows no sets.
#[test]
fn of_all_orders_of_world_a_the_opposed_one_is_worst() {
    let (law, h, pi) = (law(N), change(), geo8());
    let known = [
        (1, -0.050_452_542_111_734),
        (2, -0.036_826_531_576_959),
        (4, -0.012_669_966_913_519),
        (6, 0.009_660_370_474_895),
        (7, 0.020_449_011_660_073),
        (8, 0.031_050_547_940_551),
    ];
    for (keep, product) in known {
        let mass = |set: usize| -> f64 { (0..8).filter(|m| set >> m & 1 == 1).map(|m| pi[m]).sum() };
        let kept: Vec<f64> = (0..256).map(|set| most_kept(&law, keep, mass(set))).collect();
        let gain = |before: usize, mode: usize| h[mode] * (kept[before | 1 << mode] - kept[before]);
        let (greatest, order) = best_order(8, gain);
        assert_eq!(order, [7, 6, 5, 4, 3, 2, 1, 0], "K = {keep}");
        let mut by_orders = f64::NEG_INFINITY;
        let mut many = 0;
        orders(8, |order| {
            let mut before = 0;
            let mut sum = 0.0;
            for &mode in order {
                sum += gain(before, mode);
                before |= 1 << mode;
            }
            by_orders = by_orders.max(sum);
            many += 1;
        });
        assert_eq!(many, 40_320);
        let covariance = greatest - dot(&h, &pi);
        for other in [by_orders - dot(&h, &pi), greatest_shared_covariance(&law, &h, keep)] {
            assert!((other - covariance).abs() < 1e-14, "K = {keep}: {other} {covariance}");
        }
        let opposed = best_mean(&law, &rewards(&order), keep).unwrap();
        let by_law = dot(&h, &h) - (dot(&h, &opposed) - dot(&h, &pi));
        for own in [dot(&h, &h) - covariance, by_law] {
            assert!((own - product).abs() < 1e-12, "K = {keep}: {own} {product}");
        }
    }
}

/// Any rule keeps no more of a set than the best do, so none has more covariance than the worst order: ties, noise in the
/// reward and diversity included. A rule that may repeat candidates would: all K places to the rarest mode.
#[test]
fn no_rule_that_keeps_k_of_n_is_worse_than_the_worst_order() {
    let (h, pi) = (change(), geo8());
    let law = PoolLaw::new(geo8(), 4.0, 8).unwrap();
    let tied = [1.0, 0.0, 2.0, 2.0, 1.0, 3.0, 3.0, 3.0].to_vec();
    for keep in [1, 2, 4] {
        let greatest = greatest_shared_covariance(&law, &h, keep);
        let asks = [Rule::Diverse, Rule::DiverseMaxMin].map(|rule| Ask {
            rule,
            keep,
            weights: Weights::Equal,
        });
        let mut laws = by_counts(&law, &asks).unwrap();
        laws.push(best(&law, &tied, keep).unwrap());
        for own in laws {
            let covariance = dot(&h, &own.mean) - dot(&h, &pi);
            assert!(covariance < greatest - 1e-4, "K = {keep}: {covariance} {greatest}");
        }
        let rarest = h.iter().copied().fold(f64::NEG_INFINITY, f64::max) - dot(&h, &pi);
        assert!(rarest > greatest + 1e-4, "K = {keep}: {rarest} {greatest}");
    }
}

/// At the uniform policy the condition is Cov_pibar(pibar, t) < -(|pibar|^2 - 1/M), here -.10871; the covariances are those of an
/// independent code.
#[test]
fn the_condition_decides_the_sign_of_the_cosine() {
    let (h, pi) = (change(), geo8());
    let prompt = Prompt {
        weight: 1.0,
        features: &[1.0],
        truth: &pi,
        policy: &[0.125; 8],
    };
    let gradient = TrueGradient::new(&[prompt]);
    assert!((gradient.squared_norm() - 0.108_710_459_055_114).abs() < 1e-12);
    let known = [
        (1, 0.159_163_001_166_848),
        (2, 0.145_536_990_632_074),
        (4, 0.121_380_425_968_634),
        (6, 0.099_050_088_580_218),
        (8, 0.077_659_911_114_563),
    ];
    let opposed: Vec<f64> = (0..8).map(f64::from).collect();
    for (keep, covariance) in known {
        let q = best_mean(&law(N), &opposed, keep).unwrap();
        let own = gradient.covariance(&[prompt], std::slice::from_ref(&q));
        assert!((own - covariance).abs() < 1e-12, "K = {keep}: {own} {covariance}");
        let selected: Vec<f64> = q.iter().map(|q| 0.125 - q).collect();
        assert_eq!(dot(&selected, &h) < 0.0, own > gradient.squared_norm(), "K = {keep}");
        assert!((dot(&selected, &h) - (gradient.squared_norm() - own)).abs() < 1e-15);
    }
}

/// |g|^2/sqrt(E Var_pi h) at the uniform policy, with alpha/(alpha + 1) of the variance over pibar within prompts: .98642, which certifies every
/// K from 7 of 16 on. The variance over pibar itself, that of two prompts' responses mixed, is a coarser bound: .88228, from 8 on.
#[test]
fn world_a_is_certified_from_k_7_on() {
    let pi = geo8();
    let prompt = Prompt {
        weight: 1.0,
        features: &[1.0],
        truth: &pi,
        policy: &[0.125; 8],
    };
    let gradient = TrueGradient::new(&[prompt]);
    for (within, certified, from) in [(0.8, 0.986_416_362_900_418, 7), (1.0, 0.882_277_616_625_375, 8)] {
        let own = gradient.squared_norm() / (within * gradient.spread(&[prompt])).sqrt();
        assert!((own - certified).abs() < 1e-12, "{own} {certified}");
        assert_eq!((1..=N).find(|&keep| weight_spread(N, keep) < own), Some(from));
    }
    for keep in 7..N {
        let greatest = greatest_shared_covariance(&law(N), &change(), keep);
        assert!(greatest < gradient.squared_norm(), "K = {keep}");
    }
}

/// Prompts with features, logits linear in them and an effect that no policy sees, skewed as geo8 is: features and distributions of six modes.
fn drawn_prompts(prompts: u32) -> Vec<([f64; 3], Vec<f64>)> {
    let streams = Streams::new("prompts with features");
    let mut teacher = streams.purpose("teacher").stream(0, 0);
    let slopes: Vec<[f64; 2]> = (0..6)
        .map(|_| {
            [
                normal_from_uniform(teacher.uniform()),
                normal_from_uniform(teacher.uniform()),
            ]
        })
        .collect();
    let of_prompt = |prompt: u32| {
        let mut stream = streams.purpose("prompts").stream(0, prompt);
        let mut normal = || normal_from_uniform(stream.uniform());
        let features = [1.0, normal(), normal()];
        let logit = |(mode, a): (usize, &[f64; 2])| {
            exp(a[0] * features[1] + a[1] * features[2] + normal() - 0.45 * mode as f64)
        };
        let weights: Vec<f64> = slopes.iter().enumerate().map(logit).collect();
        let total: f64 = weights.iter().sum();
        (features, weights.iter().map(|w| w / total).collect())
    };
    (0..prompts).map(of_prompt).collect()
}

/// With features at Theta = 0 sets find the worst order among all 720, which the law of each prompt's Best-K-of-N confirms; the bound of the
/// certificate holds.
#[test]
fn with_features_sets_find_the_worst_of_all_orders() {
    let (modes, uniform) = (6, [1.0 / 6.0; 6]);
    let drawn = drawn_prompts(24);
    let prompts: Vec<Prompt<'_>> = drawn
        .iter()
        .map(|(features, truth)| Prompt {
            weight: 1.0 / 24.0,
            features,
            truth,
            policy: &uniform,
        })
        .collect();
    let of = |own: &Prompt<'_>| PoolLaw::new(own.truth.to_vec(), f64::INFINITY, N).unwrap();
    let laws: Vec<PoolLaw> = prompts.iter().map(of).collect();
    let gradient = TrueGradient::new(&prompts);
    let deviation = gradient.spread(&prompts).sqrt();
    let mut certified = 0;
    for keep in [1, 4, 8, 12] {
        let (greatest, worst) = gradient.greatest_covariance(&prompts, &laws, keep);
        let of_order = |order: &[usize]| {
            let kept = laws.iter().map(|law| best_mean(law, &rewards(order), keep).unwrap());
            gradient.covariance(&prompts, &kept.collect::<Vec<_>>())
        };
        assert!((of_order(&worst) - greatest).abs() < 1e-12, "K = {keep}");
        let (mut most, mut ties) = (f64::NEG_INFINITY, 0);
        orders(modes, |order| {
            let own = of_order(order);
            most = most.max(own);
            ties += u32::from(own > greatest - 1e-9);
        });
        assert!((most - greatest).abs() < 1e-12, "K = {keep}: {most} {greatest}");
        assert_eq!(ties, 1, "K = {keep}: one order is the worst");
        let bound = deviation * weight_spread(N, keep);
        assert!(greatest <= bound, "K = {keep}: {greatest} {bound}");
        if bound < gradient.squared_norm() {
            certified += 1;
            assert!(greatest < gradient.squared_norm(), "K = {keep}: certified");
        }
    }
    assert!(certified > 0 && certified < 4, "{certified}");
}
