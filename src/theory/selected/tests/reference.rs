//! The printed numbers of the reference that an independent prototype measured or computed. A measured one must agree within four
//! of its standard errors (40,000 pools) and half a unit of its last digit; a computed one within half a unit.

use super::plain::{TieBreak, draw_pool, greedy, objective, share};
use super::*;

fn close(found: f64, printed: f64, within: f64, what: &str) {
    assert!((found - printed).abs() <= within, "{what}: {found} and not {printed}");
}

/// Section 2: divergences, N = 16.
#[test]
fn divergences_are_those_of_the_reference() {
    for (keep, forward, reverse) in [(1, 1.602, 9.06), (4, 0.957, 4.62)] {
        let q = best_mean(&pi8(f64::INFINITY, 16), &R8, keep).unwrap();
        close(divergence(&q, &PI8), forward, 5e-4, "KL(q || pi)");
        close(divergence(&PI8, &q), reverse, 5e-3, "KL(pi || q)");
    }
}

/// Section 3, where 0.47 is printed for the third: 0.4646 by a separate program over log gammas. KL(pibar || q) lies in 1.79..1.99 for the five rewards on geo8, alpha = 4, K = 1.
#[test]
fn alignment_at_the_start_is_that_of_the_reference() {
    let law = law(&geo8(), 4.0, 16);
    let anti: Vec<f64> = (0..8).map(|m| f64::from(m) / 7.0).collect();
    let aligned: Vec<f64> = anti.iter().map(|r| 1.0 - r).collect();
    let mixed = [0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4];
    let cosine = |rewards: &[f64], keep| {
        let q = best_mean(&law, rewards, keep).unwrap();
        let truth: Vec<f64> = geo8().iter().map(|p| 0.125 - p).collect();
        let found: Vec<f64> = q.iter().map(|q| 0.125 - q).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        dot(&truth, &found) / (dot(&truth, &truth) * dot(&found, &found)).sqrt()
    };
    for (rewards, keep, printed) in [
        (&anti[..], 1, -0.81),
        (&anti, 4, -0.22),
        (&anti, 8, 0.4646),
        (&aligned, 4, 0.88),
        (&mixed, 4, 0.56),
    ] {
        close(cosine(rewards, keep), printed, 5e-3, "cosine at t = 0");
    }
    for rewards in [&anti[..], &aligned, &mixed] {
        let lost = divergence(&geo8(), &best_mean(&law, rewards, 1).unwrap());
        assert!((1.785..1.995).contains(&lost), "{lost}");
    }
}

/// What the standard errors of a row are, had it been measured on 40,000 pools: of bias^2 and of the variance.
fn errors(rule: &Rule, ask: &Ask, exact: &Selected) -> (f64, f64) {
    let pools = 40_000.0;
    let bias: Vec<f64> = exact.mean.iter().zip(PI8).map(|(q, p)| q - p).collect();
    let of_bias = 2.0 * (exact.linear_variance(&bias) / pools).sqrt() + exact.variance_trace() / pools;
    // The fourth moment from pools of our own.
    let (law, mut rng) = (pi8(f64::INFINITY, 16), stream("errors of the reference"));
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..4000 {
        let pool = draw_pool(&law, &mut rng);
        let kept = greedy(
            &pool,
            &objective(rule, &pool),
            ask.keep as usize,
            TieBreak::Fresh,
            &mut rng,
        );
        let f = share(&pool, &kept, 8, ask.weights);
        let square: f64 = f.iter().zip(&exact.mean).map(|(f, q)| (f - q) * (f - q)).sum();
        sum += square / 4000.0;
        squares += square * square / 4000.0;
    }
    (of_bias, ((squares - sum * sum) / pools).sqrt())
}

/// A row of the table of section 9 without noise: its rule and K, and what is printed for bias^2 and variance.
struct Row(bool, u32, Weights, f64, f64);

/// Whether a row agrees with the exact moments within its errors.
fn agrees(row: &Row) -> bool {
    let Row(mixed, keep, weights, bias, variance) = *row;
    let rule = if mixed {
        diverse_best(0.5, Scaling::Raw)
    } else {
        Rule::Diverse
    };
    let ask = ask(rule, keep, weights);
    let exact = by_counts(&pi8(f64::INFINITY, 16), std::slice::from_ref(&ask))
        .unwrap()
        .remove(0);
    let (of_bias, of_variance) = errors(&ask.rule, &ask, &exact);
    let (b, v) = (exact.bias2(&PI8), exact.variance_trace());
    println!(
        "{} K = {keep} {weights:?}: bias^2 {b:.5} ({bias}) +- {of_bias:.1e}, variance {v:.5} ({variance}) +- {of_variance:.1e}",
        ask.rule.name()
    );
    (b - bias).abs() <= 4.0 * of_bias + 5e-5 && (v - variance).abs() <= 4.0 * of_variance + 5e-4
}

/// The rows of diverse-best, whose ties are rare, and those with a place for every mode.
#[test]
fn bias_and_variance_are_those_of_the_reference() {
    for row in [
        Row(true, 2, Equal, 0.0281, 0.212),
        Row(true, 4, Equal, 0.0061, 0.076),
        Row(true, 8, FirstCoverage, 0.0, 0.0505),
        Row(false, 8, FirstCoverage, 0.0, 0.0508),
    ] {
        assert!(agrees(&row));
    }
    // One digit off, or the row of another K, is refused.
    assert!(!agrees(&Row(true, 4, Equal, 0.0061, 0.086)));
    assert!(!agrees(&Row(true, 4, Equal, 0.0075, 0.076)));
    for (keep, printed) in [(2, 0.404), (4, 0.203), (8, 0.101)] {
        let exact = random(&pi8(f64::INFINITY, 16), keep).variance_trace();
        close(exact, 0.8096 / f64::from(keep), 1e-12, "random");
        close(exact, printed, 1.5e-3, "random, printed");
    }
}

/// The other rows are no values of these rules. Their prototype had centres orthonormal up to rounding: similarities of 1e-17
/// decided its ties by mode, and shared out what no kept candidate covers (the reference's pitfall i). In the last row no gains are
/// tied; it is 4.5 of its standard errors off. The enumeration's values are those of brute force and of plain Monte Carlo.
#[test]
fn rows_of_the_reference_that_are_not_of_these_rules_are_refused() {
    for row in [
        Row(false, 2, Equal, 0.0315, 0.203),
        Row(false, 2, FirstCoverage, 0.0555, 0.202),
        Row(false, 4, FirstCoverage, 0.0052, 0.078),
        Row(true, 2, FirstCoverage, 0.0525, 0.207),
        Row(true, 4, FirstCoverage, 0.0060, 0.078),
        Row(false, 8, Equal, 0.0073, 0.054),
        Row(true, 8, Equal, 0.0392, 0.049),
    ] {
        assert!(!agrees(&row));
    }
}

/// Weights, (K, bias^2, variance), and how far off a printed number may be.
type PrintedRow = (Weights, [(u32, f64, f64); 3], f64);

/// Bias^2 and variance of the three rows of diverse at K = 2, 4, 8 on pi8, prompts all alike, N = 16: correction 18, worked out there by two
/// other routes. The numbers of equal weights have one digit more; the others are within one unit of the fourth.
const DIVERSE_ROWS: [PrintedRow; 3] = [
    (
        Equal,
        [(2, 0.02028, 0.22272), (4, 0.00520, 0.07440), (8, 0.00887, 0.05080)],
        5e-6,
    ),
    (
        FirstCoverage,
        [(2, 0.0514, 0.3083), (4, 0.0078, 0.1047), (8, 0.0, 0.0506)],
        1e-4,
    ),
    (
        SplitCoverage,
        [(2, 0.0278, 0.2174), (4, 0.0022, 0.0770), (8, 0.0, 0.0506)],
        1e-4,
    ),
];

#[test]
fn rows_of_diverse_are_those_of_the_reference_under_each_rule_for_ties() {
    let law = pi8(f64::INFINITY, 16);
    let of = |keep, weights| {
        let found = by_counts(&law, &[ask(Rule::Diverse, keep, weights)]).unwrap().remove(0);
        (found.bias2(&PI8), found.variance_trace())
    };
    for (weights, rows, within) in DIVERSE_ROWS {
        for (keep, bias, variance) in rows {
            let (b, v) = of(keep, weights);
            close(b, bias, within, "bias^2");
            close(v, variance, within, "variance");
        }
    }
    // The rule changes a verdict: weighting removes bias at K = 4, or adds to it.
    let bias = |weights| of(4, weights).0;
    assert!(bias(SplitCoverage) < 0.5 * bias(Equal) && bias(FirstCoverage) > 1.4 * bias(Equal));
    assert!((of(2, SplitCoverage).0 - of(2, FirstCoverage).0).abs() > 0.02);
}

/// Section 9: with a place for every mode coverage weighting has the accuracy of keeping all N, EMSE .00079 against .00158 at N_p = 64;
/// section 2: RKoN's variance is V/K = .2024 at K = 4.
#[test]
fn emse_is_that_of_the_reference_up_to_where_random_has_less() {
    let law = pi8(f64::INFINITY, 16);
    let found = by_counts(
        &law,
        &[ask(Rule::Diverse, 8, SplitCoverage), ask(Rule::Diverse, 4, Equal)],
    )
    .unwrap();
    close(emse(&found[0], &PI8, 64), 0.000_79, 5e-6, "weighted");
    let random_at = |keep| random(&law, keep);
    close(emse(&random_at(8), &PI8, 64), 0.001_58, 5e-6, "random");
    close(random_at(4).variance_trace(), 0.2024, 1.1e-4, "V/K");
    // At (tr Var f_random - tr Var f)/bias^2 prompts both have the same EMSE; one prompt more and random is better.
    let gain = random_at(4).variance_trace() - found[1].variance_trace();
    let crossover = gain / found[1].bias2(&PI8);
    let difference = |prompts: u64| emse(&found[1], &PI8, prompts) - emse(&random_at(4), &PI8, prompts);
    assert!(difference(crossover.floor() as u64) < 0.0 && difference(crossover.ceil() as u64) > 0.0);
    assert!((10.0..100.0).contains(&crossover), "{crossover}");
}

#[test]
fn the_variance_of_a_linear_statistic_is_that_of_its_parts() {
    let found = best(&pi8(4.0, 16), &R8, 4).unwrap();
    let unit = |m: usize| (0..8).map(|i| if i == m { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
    let total: f64 = (0..8).map(|m| found.linear_variance(&unit(m))).sum();
    close(total, found.variance_trace(), 1e-15, "the trace");
    for m in 0..8 {
        close(found.mode_variance(m), found.linear_variance(&unit(m)), 1e-15, "a mode");
    }
    assert!(found.linear_variance(&[3.0; 8]).abs() < 1e-14, "a constant has none");
    let shifted: Vec<f64> = R8.iter().map(|r| r + 7.0).collect();
    close(
        found.linear_variance(&shifted),
        found.linear_variance(&R8),
        1e-13,
        "nor has a shift",
    );
    assert!(found.linear_variance(&R8) > 1e-4);
}
