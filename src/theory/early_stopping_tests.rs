//! Tests of the stopping law: its table by an independent code, the ball of Thales, descent in short steps, and the closed form of natural
//! gradients against a search.

use super::*;
use crate::numerics::elementary::exp;
use crate::theory::selected::{PoolLaw, best_mean};

const ALIGNED: [f64; 8] = [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0];
const OPPOSED: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
const TURNING: [f64; 8] = [0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4];

fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// What the best K of 16 are in mean, alpha = 4.
fn kept(rewards: &[f64; 8], keep: u32) -> Vec<f64> {
    best_mean(&PoolLaw::new(geo8(), 4.0, 16).unwrap(), rewards, keep).unwrap()
}

fn flows(q: &[f64]) -> Option<Stop> {
    flow(q, &geo8(), 20.0, 0.02)
}

/// Of an independent code: rewards, K, KL at the end; the flow's time and loss, the step of descent at rate 1, the isotropic time, and lambda*
/// with its loss.
type Known = ([f64; 8], u32, f64, [f64; 2], u32, f64, [f64; 2]);

const KNOWN: [Known; 7] = [
    (
        ALIGNED,
        1,
        1.986_545,
        [1.841_394, 0.190_495],
        2,
        2.362_698,
        [0.341_628, 0.177_080],
    ),
    (
        ALIGNED,
        4,
        0.967_828,
        [2.463_235, 0.158_817],
        2,
        3.245_140,
        [0.465_048, 0.121_198],
    ),
    (
        ALIGNED,
        8,
        0.368_105,
        [4.410_895, 0.101_624],
        4,
        4.728_963,
        [0.623_346, 0.054_738],
    ),
    (
        ALIGNED,
        12,
        0.090_641,
        [11.910_160, 0.039_164],
        12,
        7.556_888,
        [0.780_586, 0.012_751],
    ),
    (
        TURNING,
        1,
        1.928_429,
        [1.173_741, 0.341_948],
        1,
        1.625_439,
        [0.206_973, 0.334_909],
    ),
    (
        TURNING,
        4,
        0.919_448,
        [2.429_743, 0.288_893],
        2,
        2.476_135,
        [0.454_751, 0.249_312],
    ),
    (
        TURNING,
        8,
        0.347_044,
        [7.839_628, 0.138_237],
        7,
        4.280_407,
        [0.655_740, 0.124_653],
    ),
];

/// The independent code interpolates the crossing in steps of .002 and reads the loss at the next step, which moves it by less than 1e-6.
#[test]
fn the_stops_are_those_of_the_table() {
    let pi = geo8();
    for (rewards, keep, end, [time, loss], step, early, [share, natural_loss]) in KNOWN {
        let q = kept(&rewards, keep);
        let at_end = Descended::at(&q.iter().map(|&q| ln(q)).collect::<Vec<_>>());
        let own = flows(&q).expect("the loss turns");
        let lambda = natural(&q, &pi);
        let mixed: Vec<f64> = q.iter().map(|q| ln((1.0 - lambda) * 0.125 + lambda * q)).collect();
        let found = [
            (at_end.divergence(&pi), end),
            (own.time, time),
            (own.loss, loss),
            (isotropic(&q, &pi), early),
            (lambda, share),
            (Descended::at(&mixed).divergence(&pi), natural_loss),
        ];
        for (place, (own, known)) in found.into_iter().enumerate() {
            assert!((own - known).abs() < 2e-6, "K = {keep}, {place}: {own} {known}");
        }
        assert_eq!(of_descent(&q, &pi, 1.0, 100), Some(step), "K = {keep}");
        assert!(own.loss >= 0.039, "even the best stop loses");
    }
}

/// Rewards that oppose mass: keeping 1 to 4 of 16 no step helps, keeping 8 or more the loss falls to the end.
#[test]
fn opposed_rewards_help_never_or_throughout() {
    let pi = geo8();
    for keep in [1, 2, 4] {
        let q = kept(&OPPOSED, keep);
        assert_eq!(flows(&q).map(|own| own.time), Some(0.0));
        assert_eq!(of_descent(&q, &pi, 1.0, 100), Some(0));
        assert_eq!(natural(&q, &pi), 0.0);
        assert_eq!(turn(&q, &pi, 0.02, 100), Some(Turn { zero: 0.0, least: 0.0 }));
    }
    for keep in [8, 12] {
        let q = kept(&OPPOSED, keep);
        assert_eq!(flows(&q), None);
        assert_eq!(natural(&q, &pi), 1.0);
        assert_eq!(turn(&q, &pi, 0.02, 1000), None);
    }
}

/// p stands on the sphere whose antipodes are pi and q, inside of which the loss rises again.
#[test]
fn the_stop_is_where_the_policy_enters_the_ball_of_thales() {
    let pi = geo8();
    for (rewards, keep) in [(ALIGNED, 1), (TURNING, 8)] {
        let q = kept(&rewards, keep);
        let time = flows(&q).expect("the loss turns").time;
        let gap = |time: f64| {
            let mut logits = vec![0.0; 8];
            let steps = 400;
            (0..steps).for_each(|_| logits = advanced(&logits, &q, time / f64::from(steps)));
            let policy = Descended::at(&logits);
            let centre: Vec<f64> = q.iter().zip(&pi).map(|(q, pi)| 0.5 * (q + pi)).collect();
            let radius: f64 = q
                .iter()
                .zip(&pi)
                .map(|(q, pi)| 0.25 * (q - pi) * (q - pi))
                .sum::<f64>()
                .sqrt();
            policy.distance(&centre) - radius
        };
        assert!(gap(time).abs() < 1e-9, "{}", gap(time));
        assert!(gap(0.9 * time) > 1e-4 && gap(1.1 * time) < -1e-4);
    }
}

/// In short steps the loss is least where the cosine vanishes, and both are where the flow says, to first order in the step. In steps of
/// length 2 they are apart.
#[test]
fn descent_in_short_steps_turns_where_the_cosine_vanishes() {
    let pi = geo8();
    for (rewards, keep) in [(ALIGNED, 1), (ALIGNED, 8), (TURNING, 1), (TURNING, 4), (TURNING, 8)] {
        let q = kept(&rewards, keep);
        let flow = flows(&q).expect("the loss turns").time;
        let turn = |rate: f64| turn(&q, &pi, rate, (14.0 / rate) as u32).expect("it turns");
        let (coarse, fine) = (turn(0.02), turn(0.005));
        for (own, rate) in [(coarse, 0.02), (fine, 0.005)] {
            assert!((own.zero - own.least).abs() < 2.0 * rate, "K = {keep}: {own:?}");
            assert!((own.zero - flow).abs() < rate, "K = {keep}: {own:?} {flow}");
        }
        // A fourth of the step leaves about a fourth of the difference.
        let ratio = (fine.zero - fine.least) / (coarse.zero - coarse.least);
        assert!((0.2..0.3).contains(&ratio), "K = {keep}: {ratio}");
    }
    let long = turn(&kept(&TURNING, 1), &pi, 2.0, 20).expect("it turns");
    assert!((long.zero - long.least).abs() > 0.1, "{long:?}");
}

/// KL(pi || (1 - lambda) p_0 + lambda q) by a search in thirds, and the two conditions for an optimum inside.
#[test]
fn natural_gradients_stop_where_a_search_says() {
    let pi = geo8();
    for rewards in [ALIGNED, TURNING, OPPOSED] {
        for keep in [1, 4, 8, 15] {
            let q = kept(&rewards, keep);
            let loss = |share: f64| -> f64 {
                let of_mode = |(q, pi): (&f64, &f64)| pi * ln(pi / ((1.0 - share) * 0.125 + share * q));
                q.iter().zip(&pi).map(of_mode).sum()
            };
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..100 {
                let (one, two) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                match loss(one) < loss(two) {
                    true => high = two,
                    false => low = one,
                }
            }
            let own = natural(&q, &pi);
            // A minimum is known to the root of rounding.
            assert!((own - low).abs() < 1e-6, "K = {keep}: {own} {low}");
            let inside = [
                q.iter().zip(&pi).map(|(q, pi)| 8.0 * pi * q).sum::<f64>(),
                q.iter().zip(&pi).map(|(q, pi)| pi / (8.0 * q)).sum(),
            ];
            assert_eq!(
                inside.iter().all(|sum| *sum > 1.0),
                own > 0.0 && own < 1.0,
                "K = {keep}"
            );
        }
    }
}
