//! Tests of responses that end by themselves: sums over kinds against every response one by one, what is kept against pools drawn by hand.

use super::*;
use crate::numerics::stream::{Stream, Streams};

const BASE: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
const HAZARDS: [f64; 4] = [0.5, 0.25, 0.15, 0.1];
const SCORES: [f64; 4] = [0.2, 0.4, 0.6, 1.0];
const ALPHA: f64 = 4.0;
const MOST: usize = 6;

fn endings() -> Endings {
    Endings::new(&PlanMixture::vague(&BASE, 0.3), &HAZARDS, MOST as u32)
}

/// Every response, with its probability under each plan.
fn responses() -> Vec<(Vec<usize>, [f64; 4])> {
    let plans = PlanMixture::vague(&BASE, 0.3);
    let of_length = |length: usize| {
        (0..4_usize.pow(length as u32)).map(move |at| (0..length).map(|t| at / 4_usize.pow(t as u32) % 4).collect())
    };
    let all = (1..=MOST).flat_map(of_length);
    all.map(|y: Vec<usize>| {
        let p = |z: usize| {
            let stays: f64 = (1..y.len()).map(|_| 1.0 - HAZARDS[z]).product();
            let ends = if y.len() < MOST { HAZARDS[z] } else { 1.0 };
            plans.likelihood(z, &y) * stays * ends
        };
        let p = std::array::from_fn(p);
        (y, p)
    })
    .collect()
}

fn random(p: &[f64; 4]) -> f64 {
    p.iter().zip(BASE).map(|(p, base)| p * base).sum()
}

/// The tied policy with its hazard, fitted to responses one by one: shares of increments, and h.
fn fit(responses: &[(Vec<usize>, [f64; 4])], by_length: bool) -> ([f64; 4], f64) {
    let (mut made, mut ends, mut chances) = ([0.0; 4], 0.0, 0.0);
    for (y, p) in responses {
        let weight = random(p) / if by_length { y.len() as f64 } else { 1.0 };
        y.iter().for_each(|&d| made[d] += weight);
        ends += weight * f64::from(u8::from(y.len() < MOST));
        chances += weight * y.len().min(MOST - 1) as f64;
    }
    let all: f64 = made.iter().sum();
    (made.map(|own| own / all), ends / chances)
}

fn nll(y: &[usize], (b, h): &([f64; 4], f64)) -> f64 {
    let increments: f64 = y.iter().map(|&d| -ln(b[d])).sum();
    let end = if y.len() < MOST { -ln(*h) } else { 0.0 };
    increments - (y.len() - 1) as f64 * ln(1.0 - h) + end
}

fn excess(responses: &[(Vec<usize>, [f64; 4])], policy: &([f64; 4], f64)) -> f64 {
    let best = fit(responses, false);
    let one = |(y, p): &(Vec<usize>, [f64; 4])| random(p) * (nll(y, policy) - nll(y, &best));
    responses.iter().map(one).sum()
}

fn as_pair(policy: &[f64]) -> ([f64; 4], f64) {
    (std::array::from_fn(|d| policy[d]), policy[5])
}

fn mean_length(own: &Endings, kinds: &[f64]) -> f64 {
    own.kinds()
        .iter()
        .zip(kinds)
        .map(|(kind, p)| f64::from(kind.length) * p)
        .sum()
}

#[test]
fn kinds_are_the_responses_counted() {
    let (own, all) = (endings(), responses());
    assert_eq!((own.kinds().len(), all.len()), (209, 5460));
    assert_eq!(Endings::kinds_of(4, 6), 209);
    let mut sums = vec![[0.0; 4]; 209];
    for (y, p) in &all {
        let place = own.place(y.iter().map(|&d| own.step(d)).sum());
        (0..4).for_each(|z| sums[place][z] += p[z]);
    }
    for (kind, sum) in own.kinds().iter().zip(&sums) {
        for (found, exact) in kind.likelihoods.iter().zip(sum) {
            assert!((found / exact - 1.0).abs() < 1e-12, "{kind:?} {sum:?}");
        }
    }
    let entropy: f64 = all.iter().map(|(_, p)| -random(p) * ln(random(p))).sum();
    assert!((own.entropy() - entropy).abs() < 1e-11);
    assert!((mean_length(&own, &own.mean()) - 3.072_952).abs() < 1e-6);
}

/// The components of variance, from the gradients of all responses and the inverse of their Hessian, 3 x 3 and a number.
#[test]
fn the_law_is_that_of_gradients_one_by_one() {
    let (own, all) = (endings(), responses());
    let cells = own.mean_cells(&own.mean(), false);
    let policy = own.policy(&cells);
    let (b, h) = fit(&all, false);
    // Sums of 5460 terms, each rounded once.
    assert!((policy[5] - h).abs() < 1e-12 && (0..4).all(|d| (policy[d] - b[d]).abs() < 1e-12));
    let length: f64 = all.iter().map(|(y, p)| random(p) * y.len() as f64).sum();
    let chances: f64 = all.iter().map(|(y, p)| random(p) * y.len().min(MOST - 1) as f64).sum();
    // Sherman and Morrison: the inverse of diag b - b b' without its last row is diag 1/b + 1/b_last.
    let product = |g: &[f64; 4], f: &[f64; 4]| -> f64 {
        let sums = [g, f].map(|own| own[..3].iter().sum::<f64>());
        let own: f64 = (0..3).map(|d| g[d] * f[d] / b[d]).sum();
        (own + sums[0] * sums[1] / b[3]) / length + g[3] * f[3] / (chances * h * (1.0 - h))
    };
    let (mut means, mut total) = ([[0.0; 4]; 4], 0.0);
    for (y, p) in &all {
        let mut g = [0.0; 4];
        y.iter()
            .for_each(|&made| (0..3).for_each(|d| g[d] += b[d] - f64::from(u8::from(d == made))));
        g[3] = y.len().min(MOST - 1) as f64 * h - f64::from(u8::from(y.len() < MOST));
        total += random(p) * product(&g, &g);
        (0..4).for_each(|z| (0..4).for_each(|i| means[z][i] += p[z] * g[i]));
    }
    let plan: f64 = (0..4).map(|z| BASE[z] * product(&means[z], &means[z])).sum();
    let found = own.stages(&own.scores(&cells, &policy));
    assert!(
        (found.plan - plan).abs() < 1e-11 && (found.total() - total).abs() < 1e-11,
        "{found:?} {plan} {total}"
    );
    let components = found.components(ALPHA);
    assert!((components.prompt - 1.073).abs() < 5e-4 && (components.response - 7.980).abs() < 5e-4);
    assert_eq!(own.scores(&cells, &policy).parameters(), 4);
}

/// Losses that are means over increments prefer short responses, and the plans that make them.
#[test]
fn a_loss_by_length_is_a_selector() {
    let (own, all) = (endings(), responses());
    let policy = own.policy(&own.mean_cells(&own.mean(), true));
    let by_hand = fit(&all, true);
    assert!((policy[5] - by_hand.1).abs() < 1e-12);
    let floor = excess(&all, &by_hand);
    let best = own.policy(&own.mean_cells(&own.mean(), false));
    assert!((own.loss(&policy) - own.loss(&best) - floor).abs() < 1e-12);
    assert!((floor - 0.3972).abs() < 5e-5, "{floor}");
    let weights: Vec<f64> = own
        .kinds()
        .iter()
        .zip(own.mean())
        .map(|(kind, p)| p * kind.weight(true))
        .collect();
    let all: f64 = weights.iter().sum();
    let seen: Vec<f64> = weights.iter().map(|own| own / all).collect();
    assert!((mean_length(&own, &seen) - 1.92).abs() < 5e-3);
    for (z, page) in [0.53, 0.27, 0.14, 0.06].into_iter().enumerate() {
        let mass: f64 = own
            .kinds()
            .iter()
            .zip(&seen)
            .map(|(kind, p)| own.posterior(kind)[z] * p)
            .sum();
        assert!((mass - page).abs() < 5e-3, "{z}: {mass}");
    }
}

/// Probabilities of policies over kinds sum to 1, and are those of their responses.
#[test]
fn policies_give_kinds_their_probabilities() {
    let own = endings();
    let policy = [0.1, 0.2, 0.3, 0.4, 0.7, 0.3];
    let found = own.of_policies(&policy.map(|p| [p; LANES]));
    let mut sums = vec![0.0; 209];
    for (y, _) in responses() {
        let place = own.place(y.iter().map(|&d| own.step(d)).sum());
        sums[place] += exp(-nll(&y, &as_pair(&policy)));
    }
    assert!((sums.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    for (found, exact) in found.iter().zip(sums) {
        assert!((found[3] / exact - 1.0).abs() < 1e-11);
    }
}

const REWARDS: [ResponseReward; 4] = [
    ResponseReward::LogLikelihood,
    ResponseReward::MeanLogLikelihood,
    ResponseReward::Score,
    ResponseReward::MeanScore,
];

/// Mean length, mean shares of plans and excess of what the best 4 of 16 teach.
fn told(own: &Endings, concentration: f64, reward: ResponseReward) -> (f64, Vec<f64>, f64) {
    let best = own.policy(&own.mean_cells(&own.mean(), false));
    let kept = own
        .kept_best(concentration, &own.rewards(reward, &best, &SCORES), (16, 4))
        .expect("a law");
    let kinds = kept.kinds();
    assert!((kinds.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let taught = own.policy(&own.mean_cells(&kinds, false));
    (
        mean_length(own, &kinds),
        kept.plans(),
        own.loss(&taught) - own.loss(&best),
    )
}

/// Prompts that are all alike: mean length, plans and excess, to the digits of a program written apart from this one.
#[test]
fn best_of_alike_prompts_is_as_worked_out_elsewhere() {
    let own = endings();
    let elsewhere = [
        (
            1.080_119_2,
            [0.553_185_9, 0.313_005_0, 0.115_903_9, 0.017_905_2],
            4.418_620_5,
        ),
        (
            5.468_083_2,
            [0.090_531_6, 0.454_946_7, 0.370_530_8, 0.083_991_0],
            0.917_934_0,
        ),
        (
            5.459_199_1,
            [0.038_233_9, 0.242_961_8, 0.408_751_4, 0.310_052_9],
            1.203_465_5,
        ),
        (
            3.830_915_4,
            [0.141_401_0, 0.136_213_8, 0.353_931_2, 0.368_454_0],
            1.436_169_1,
        ),
    ];
    for (reward, (length, plans, excess)) in REWARDS.into_iter().zip(elsewhere) {
        let found = told(&own, f64::INFINITY, reward);
        assert!(
            (found.0 - length).abs() < 1e-6 && (found.2 - excess).abs() < 1e-6,
            "{reward:?} {found:?}"
        );
        found
            .1
            .iter()
            .zip(plans)
            .for_each(|(own, plan)| assert!((own - plan).abs() < 1e-6, "{reward:?}"));
    }
}

/// One response of a plan.
fn drawn(stream: &mut Stream, plan: usize) -> Vec<usize> {
    let mut y = Vec::new();
    loop {
        let any = (stream.uniform() * 4.0) as usize;
        y.push(if stream.uniform() < 0.7 { plan } else { any.min(3) });
        if y.len() == MOST || stream.uniform() < HAZARDS[plan] {
            return y;
        }
    }
}

/// The plans of a pool, by an urn: the next candidate has a plan of its own with probability alpha/(alpha + i), else that of one before.
fn plans_of_pool(stream: &mut Stream) -> Vec<usize> {
    let mut plans: Vec<usize> = Vec::new();
    for i in 0..16 {
        let u = stream.uniform() * (ALPHA + i as f64);
        let mut left = u / ALPHA;
        let own = BASE.iter().position(|base| {
            left -= base;
            left < 0.0
        });
        let before = ((u - ALPHA) as usize).min(15);
        plans.push(if u < ALPHA { own.unwrap_or(3) } else { plans[before] });
    }
    plans
}

/// Pools of prompts that differ, drawn by an urn and sorted: length and plans of what is kept within four standard errors of the exact law.
/// That of prompts that are alike is refused.
#[test]
fn best_of_prompts_that_differ_is_what_pools_show() {
    let own = endings();
    let best = own.policy(&own.mean_cells(&own.mean(), false));
    let rewards = REWARDS.map(|reward| own.rewards(reward, &best, &SCORES));
    let exact = REWARDS.map(|reward| told(&own, ALPHA, reward));
    let alike = REWARDS.map(|reward| told(&own, f64::INFINITY, reward));
    let purpose = Streams::new("endings").purpose("pools");
    let pools = 12_000_u64;
    // By reward: length and the four plans.
    let mut sums = [[[0.0; 2]; 5]; 4];
    for pool in 0..pools {
        let mut stream = purpose.stream(pool, 0);
        let plans = plans_of_pool(&mut stream);
        let candidates: Vec<(usize, usize)> = plans
            .iter()
            .map(|&z| (z, own.place(drawn(&mut stream, z).iter().map(|&d| own.step(d)).sum())))
            .collect();
        for (sums, rewards) in sums.iter_mut().zip(&rewards) {
            let mut order: Vec<usize> = (0..16).collect();
            order.sort_by(|&a, &b| rewards[candidates[b].1].total_cmp(&rewards[candidates[a].1]));
            let mut found = [0.0; 5];
            for &at in &order[..4] {
                let (plan, kind) = candidates[at];
                found[0] += f64::from(own.kinds()[kind].length) / 4.0;
                found[1 + plan] += 0.25;
            }
            for (sum, found) in sums.iter_mut().zip(found) {
                *sum = [sum[0] + found, sum[1] + found * found];
            }
        }
    }
    let count = pools as f64;
    let z = |[sum, squares]: [f64; 2], exact: f64| {
        let mean = sum / count;
        (mean - exact) / ((squares / count - mean * mean) / count).sqrt()
    };
    for (reward, (sums, (exact, alike))) in REWARDS.into_iter().zip(sums.iter().zip(exact.iter().zip(&alike))) {
        assert!(
            z(sums[0], exact.0).abs() < 4.0,
            "{reward:?}: length {} of {}",
            sums[0][0] / count,
            exact.0
        );
        assert!(z(sums[0], alike.0).abs() > 6.0, "{reward:?}");
        for plan in 0..4 {
            assert!(
                z(sums[1 + plan], exact.1[plan]).abs() < 4.0,
                "{reward:?} {plan}: {} of {}",
                sums[1 + plan][0] / count,
                exact.1[plan]
            );
        }
    }
}
