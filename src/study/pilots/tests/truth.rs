//! What is known before any pilot is drawn, by second routes; and the numbers of responses.

use super::super::sizes::SizeLaw;
use super::*;
use statrs::distribution::{DiscreteCDF, Poisson};

/// The variance law times the budget, (C_p + K C_r)(V_x + V_{y|x}/K), looked up on a fine grid of what a design may have.
fn by_grid(alpha: f64, cost_ratio: f64, most: f64, chosen: f64) -> f64 {
    let law = |k: f64| (cost_ratio + k) * (1.0 + alpha / k);
    let steps = 200_000;
    let least = (0..=steps)
        .map(|step| law(1.0 + (most - 1.0) * f64::from(step) / f64::from(steps)))
        .fold(f64::INFINITY, f64::min);
    law(chosen.clamp(1.0, most)) / least - 1.0
}

#[test]
fn regret_is_what_a_search_of_all_designs_says() {
    for (alpha, cost_ratio, most) in [(4.0, 4.0, 64), (64.0, 4.0, 64), (64.0, 100.0, 16), (0.1, 1.0, 8)] {
        let arm = PilotArm {
            cost_ratio,
            most_responses: most,
            ..arm(64, 4, PilotSizes::Equal)
        };
        let truth = Truth::of(&dirichlet(alpha), &arm);
        assert!(
            (truth.best / (alpha * cost_ratio).sqrt() - 1.0).abs() < 1e-12,
            "{truth:?}"
        );
        for chosen in [0.0, 1.0, 3.7, truth.best, 90.0, f64::INFINITY] {
            let (found, expected) = (
                truth.regret(chosen),
                by_grid(alpha, cost_ratio, f64::from(most), chosen),
            );
            assert!(
                (found - expected).abs() < 1e-7 * (1.0 + expected),
                "{alpha} {cost_ratio} {chosen}: {found} {expected}"
            );
            assert!(found >= 0.0, "{found}");
        }
        assert!(truth.regret(f64::NAN).is_nan());
    }
}

/// Gauss and Hermite would do; a fine sum of the normal law does too. To first order in s^2, so at a small s.
#[test]
fn the_expected_regret_is_that_of_normal_errors() {
    let truth = Truth {
        log_error: 0.02,
        ..Truth::of(&dirichlet(16.0), &arm(128, 4, PilotSizes::Equal))
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    for step in -6000..=6000 {
        let z = 0.001 * f64::from(step);
        let density = crate::numerics::special::normal_density(z);
        sum += density * truth.regret(truth.best * crate::numerics::elementary::exp(truth.log_error * z));
        weight += density;
    }
    let expected = truth.expected_regret().expect("K* = 8 is within 64");
    assert!(
        (sum / weight / expected - 1.0).abs() < 1e-3,
        "{} {expected}",
        sum / weight
    );
    let beyond = PilotArm {
        most_responses: 4,
        ..arm(128, 4, PilotSizes::Equal)
    };
    assert_eq!(Truth::of(&dirichlet(16.0), &beyond).expected_regret(), None);
}

/// nu of geo8 is 3.95 and 1.96 standard errors of the row of 128 x 4 at alpha = 16 are .357, as the reference lists.
#[test]
fn the_error_of_k_is_that_of_the_reference() {
    let truth = Truth::of(&dirichlet(16.0), &arm(128, 4, PilotSizes::Equal));
    assert!((1.96 * truth.log_error - 0.357).abs() < 6e-4, "{truth:?}");
}

#[test]
fn numbers_of_responses_are_poisson_numbers() {
    for responses in [2, 4, 40, 512] {
        let law = SizeLaw::of(PilotSizes::Unequal, responses);
        let oracle = Poisson::new(f64::from(responses) - 1.0).unwrap();
        let step = 1.0 / 4096.0;
        for at in 0..4096 {
            let u = (f64::from(at) + 0.5) * step;
            let k = law.size(u) as u64 - 1;
            // The inverse: P(X < k) <= u < P(X <= k).
            assert!(oracle.cdf(k) > u - 1e-9, "{responses} {u} {k}");
            assert!(k == 0 || oracle.cdf(k - 1) <= u + 1e-9, "{responses} {u} {k}");
        }
        let last = law.size(1.0 - f64::EPSILON);
        assert!(last <= law.most() && law.most() < 2 * responses as usize + 60, "{last}");
    }
    let equal = SizeLaw::of(PilotSizes::Equal, 5);
    assert_eq!(
        (equal.size(0.0), equal.size(1.0 - f64::EPSILON), equal.most()),
        (5, 5, 5)
    );
    assert!(!equal.varies());
}

/// Estimates have the expectation that covariances of pairs say, in worlds that copy and that repeat prompts too. 3,200 pilots; four
/// standard errors, a false alarm in some 1,000 runs of all 12 checks. The control: with copies or clusters the variances of the world
/// themselves are far off.
#[test]
fn expected_estimates_are_found() {
    let clustering = crate::theory::redundancy::Clustering::Balanced(8);
    let base = || BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap();
    let worlds: Vec<(Arc<dyn World>, bool)> = vec![
        (Arc::new(dirichlet(4.0)), true),
        (Arc::new(Mixed::new(dirichlet(16.0), 1.0, 0.5)), true),
        (Arc::new(Copies::new(dirichlet(4.0), 0.5)), false),
        (Arc::new(Clusters::new(base(), 2.0, 4.0, clustering)), false),
    ];
    let measures = [Measure::PromptVariance, Measure::ResponseVariance];
    for (world, independent) in worlds {
        let arms = [arm(24, 4, PilotSizes::Equal), arm(24, 3, PilotSizes::Unequal)];
        let study = Pilots::new(3, world.clone(), arms.to_vec(), measures.to_vec()).unwrap();
        let groups = groups(&study, 3_200);
        for index in 0..arms.len() {
            let (value, mcse, exact) = estimate(&study, &groups, index, "prompt-variance.mean");
            let exact = exact.expect("an exact value");
            assert!(
                (value - exact).abs() < 4.0 * mcse,
                "{world:?} {index}: {value} {mcse} {exact}"
            );
            let own = world.trace_components().prompt;
            assert_eq!(
                (value - own).abs() < 4.0 * mcse,
                independent,
                "{world:?}: {value} {mcse} {own}"
            );
            let (value, mcse, exact) = estimate(&study, &groups, index, "response-variance.ratio");
            let exact = exact.expect("an exact value");
            assert!(
                (value - exact).abs() < 4.0 * mcse,
                "{world:?} {index}: {value} {mcse} {exact}"
            );
        }
    }
}
