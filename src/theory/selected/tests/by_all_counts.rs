//! The enumeration itself, and the closed forms of diverse selections against it.

use super::enumerate::{MOST_COUNT_VECTORS, count_vectors, for_each_count_vector};
use super::inclusion::{diverse_mean, max_min_mean};
use super::*;
use crate::numerics::elementary::exp;
use crate::numerics::special::ln_gamma;

#[test]
fn count_vectors_are_counted() {
    assert_eq!(count_vectors(16, 8), 245_157);
    assert_eq!(count_vectors(16, 12), 13_037_895);
    assert_eq!(count_vectors(16, 16), 300_540_195);
    assert_eq!((count_vectors(5, 1), count_vectors(5, 2)), (1, 6));
    assert_eq!(count_vectors(1024, 1024), u64::MAX);
    for (n, modes) in [(1, 1), (3, 2), (6, 4), (16, 3)] {
        let law = law(&vec![1.0 / modes as f64; modes], 2.0, n);
        let mut seen = Vec::new();
        for_each_count_vector(&law, |counts, _| seen.push(counts.to_vec())).unwrap();
        assert_eq!(seen.len() as u64, count_vectors(n, modes));
        assert!(seen.is_sorted_by(|a, b| a < b), "in lexicographic order, none twice");
        assert!(seen.iter().all(|counts| counts.iter().sum::<u32>() == n));
    }
    assert!(count_vectors(16, 9) < MOST_COUNT_VECTORS);
}

/// N! Gamma(alpha)/Gamma(alpha + N) prod Gamma(alpha p + n)/(n! Gamma(alpha p)), or the multinomial.
fn textbook(law: &PoolLaw, counts: &[u32]) -> f64 {
    let (alpha, n) = (law.concentration(), f64::from(law.candidates()));
    let term = |(&count, &p): (&u32, &f64)| {
        let c = f64::from(count);
        let ways = -ln_gamma(c + 1.0);
        if alpha.is_finite() {
            ways + ln_gamma(alpha * p + c) - ln_gamma(alpha * p)
        } else {
            ways + c * crate::numerics::elementary::ln(p)
        }
    };
    let whole = if alpha.is_finite() {
        ln_gamma(alpha) - ln_gamma(alpha + n)
    } else {
        0.0
    };
    exp(ln_gamma(n + 1.0) + whole + counts.iter().zip(law.weights()).map(term).sum::<f64>())
}

#[test]
fn probabilities_are_dirichlet_multinomial() {
    for alpha in [0.3, 4.0, f64::INFINITY] {
        let law = law(&[0.4, 0.3, 0.2, 0.1], alpha, 24);
        let (mut total, mut second, mut worst) = (0.0, 0.0, 0.0_f64);
        for_each_count_vector(&law, |counts, p| {
            total += p;
            second += p * f64::from(counts[1] * counts[3]);
            worst = worst.max((p / textbook(&law, counts) - 1.0).abs());
        })
        .unwrap();
        assert!((total - 1.0).abs() < 1e-13, "{alpha}: {total}");
        // Logarithms of up to 60 carry an error of 60 * 2^-52 each.
        assert!(worst < 2e-12, "{alpha}: {worst:e}");
        let pair = 24.0 * 23.0 * 0.3 * 0.1 / (1.0 + 1.0 / alpha);
        assert!((second - pair).abs() < 1e-12, "{alpha}: {second} {pair}");
        assert!((textbook(&pi8(4.0, 2), &[1, 1, 0, 0, 0, 0, 0, 0]) / (2.0 * 0.3 * 0.22 * 0.8) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn modes_that_never_occur_are_not_visited() {
    let with_none = law(&[0.5, 0.0, 0.5, 0.0], 4.0, 10);
    let mut vectors = 0;
    for_each_count_vector(&with_none, |counts, _| {
        assert_eq!((counts[1], counts[3]), (0, 0));
        vectors += 1;
    })
    .unwrap();
    assert_eq!(vectors, 11);
}

/// One pass for every rule, weighted or not, and every K gives the bits of asking one by one.
#[test]
fn answers_do_not_depend_on_the_other_questions() {
    let law = pi8(4.0, 6);
    let mut asks = Vec::new();
    for keep in 1..=6 {
        for rule in [
            Rule::Diverse,
            diverse_best(0.5, Scaling::InPool),
            Rule::DiverseMaxMin,
            best_of(&R8),
        ] {
            let weighable = !matches!(rule, Rule::Best { .. });
            asks.push(ask(rule.clone(), keep, Equal));
            if weighable {
                asks.extend(COVERAGE.map(|weights| ask(rule.clone(), keep, weights)));
            }
        }
    }
    let together = by_counts(&law, &asks).unwrap();
    for (ask, answer) in asks.iter().zip(together) {
        assert_eq!(by_counts(&law, std::slice::from_ref(ask)).unwrap(), [answer]);
    }
}

#[test]
fn rules_meet_at_the_ends_of_lambda() {
    let law = pi8(4.0, 8);
    let at = |rule| by_counts(&law, &[ask(rule, 5, Equal)]).unwrap().remove(0);
    for scaling in [Scaling::Raw, Scaling::InPool] {
        assert!(moments_apart(&at(diverse_best(0.0, scaling)), &at(Rule::Diverse)) < 1e-14);
        assert!(moments_apart(&at(diverse_best(1.0, scaling)), &at(best_of(&R8))) < 1e-14);
        assert!(moments_apart(&at(diverse_best(0.5, scaling)), &at(Rule::Diverse)) > 1e-3);
    }
}

/// A pool whose rewards are all equal is scaled to 0, and any constant would do.
#[test]
fn equal_rewards_leave_diversity_alone() {
    let law = pi8(4.0, 8);
    let equal = |reward: f64, scaling| Rule::DiverseBest {
        rewards: vec![reward; 8],
        lambda: 0.7,
        scaling,
    };
    let asks = [
        ask(equal(0.0, Scaling::InPool), 6, FirstCoverage),
        ask(equal(5.0, Scaling::Raw), 6, FirstCoverage),
        ask(Rule::Diverse, 6, FirstCoverage),
    ];
    let found = by_counts(&law, &asks).unwrap();
    assert!(moments_apart(&found[0], &found[1]) < 1e-15);
    assert!(moments_apart(&found[0], &found[2]) < 1e-15);
}

/// With as many places as modes coverage weights give the pool's own shares: the moments of keeping all at random.
#[test]
fn coverage_weights_with_a_place_for_every_mode_are_the_pools_shares() {
    for alpha in [1.0, f64::INFINITY] {
        let law = pi8(alpha, 12);
        let whole = random(&law, 12);
        for rule in [Rule::Diverse, Rule::DiverseMaxMin, diverse_best(0.05, Scaling::InPool)] {
            for weights in COVERAGE {
                let asks = [ask(rule.clone(), 8, weights), ask(rule.clone(), 5, weights)];
                let found = by_counts(&law, &asks).unwrap();
                assert!(moments_apart(&found[0], &whole) < 1e-14);
                assert!(moments_apart(&found[1], &whole) > 1e-6);
            }
        }
    }
}

/// The dynamic program over modes and the sum over subsets against the enumeration, for every K.
#[test]
fn closed_means_of_diverse_rules_are_those_of_the_enumeration() {
    let laws = [
        pi8(f64::INFINITY, 16),
        pi8(4.0, 10),
        law(&[0.5, 0.0, 0.3, 0.2], f64::INFINITY, 9),
        law(&[0.7, 0.2, 0.1], 0.5, 40),
        law(&[1.0], f64::INFINITY, 5),
    ];
    for law in laws {
        let asks = |rule: Rule| (1..=law.candidates()).map(move |keep| ask(rule.clone(), keep, Equal));
        let diverse = by_counts(&law, &asks(Rule::Diverse).collect::<Vec<_>>()).unwrap();
        let max_min = by_counts(&law, &asks(Rule::DiverseMaxMin).collect::<Vec<_>>()).unwrap();
        for keep in 1..=law.candidates() {
            let exact = &diverse[keep as usize - 1].mean;
            let found = diverse_mean(&law, keep);
            assert!(apart(&found, exact) < 1e-13, "{law:?} {keep}: {found:?} {exact:?}");
            if law.concentration().is_infinite() {
                let exact = &max_min[keep as usize - 1].mean;
                let found = max_min_mean(&law, keep);
                assert!(apart(&found, exact) < 1e-12, "{law:?} {keep}: {found:?} {exact:?}");
            }
        }
    }
}

#[test]
fn closed_means_of_other_rules_are_refused() {
    let law = pi8(f64::INFINITY, 16);
    // At K = 8 every mode has a place, and the two rules are one.
    for keep in [2, 4, 6] {
        let diverse = diverse_mean(&law, keep);
        assert!(apart(&diverse, &max_min_mean(&law, keep)) > 1e-4, "{keep}");
        assert!(apart(&diverse, &diverse_mean(&law, keep + 1)) > 1e-3);
    }
}

/// A pool far beyond enumeration: the mean adds up, and equal modes are kept equally.
#[test]
fn the_dynamic_program_reaches_beyond_the_enumeration() {
    let weights = [vec![0.1; 4], vec![0.05; 12]].concat();
    let found = diverse_mean(&law(&weights, 8.0, 16), 4);
    assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-13);
    assert!((found[0] - found[3]).abs() < 1e-15 && (found[4] - found[15]).abs() < 1e-15);
    // Every place goes to another mode, so the frequent ones are kept less than in proportion.
    assert!(found[0] > 1.5 * found[4] && found[0] < 1.99 * found[4], "{found:?}");
}
