//! V_x, V_{y|x} and the conditional entropy of a world by moments and by quadrature.

use super::{assert_close, dirichlet};
use mode_lottery::numerics::elementary::{exp, ln, ln_1p};
use mode_lottery::world::{Copies, ModeTruth, World};

/// E pi_m pi_n = P(first is m, second is n) = base_m (alpha base_n + [m = n])/(alpha + 1): V_x is the covariance of
/// conditional means, sum_mn v_m v_n E pi_m pi_n - mean^2, and V_{y|x} what is left of the total.
#[test]
fn components_are_those_of_the_second_moments_of_the_urn() {
    let base = [0.4, 0.3, 0.2, 0.1];
    for alpha in [0.05, 1.0, 7.5, 500.0] {
        let world = dirichlet(&base, alpha);
        for values in [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.3, -2.0, 5.0, 1.0]] {
            let mut second = 0.0;
            for m in 0..4 {
                for n in 0..4 {
                    let same = if m == n { 1.0 } else { 0.0 };
                    second += values[m] * values[n] * base[m] * (alpha * base[n] + same) / (alpha + 1.0);
                }
            }
            let of = |f: &dyn Fn(f64) -> f64| -> f64 { base.iter().zip(values).map(|(p, v)| p * f(v)).sum() };
            let (mean, square) = (of(&|v| v), of(&|v| v * v));
            let found = world.components(&values);
            // Differences of numbers of order one: their rounding counts absolutely, at the size of the total.
            assert!((found.prompt - (second - mean * mean)).abs() < 1e-14 * square.max(1.0));
            assert!((found.response - (square - second)).abs() < 1e-14 * square.max(1.0));
            assert_close(found.response / found.prompt, alpha, "V_{y|x}/V_x is alpha");
            assert_close(found.icc(), 1.0 / (alpha + 1.0), "ICC");
        }
    }
}

/// Two routes to the components of modes: in time linear in the modes, and one-hot by one-hot.
#[test]
fn mode_components_are_the_components_of_one_hot_values() {
    let plain = dirichlet(&[0.4, 0.3, 0.2, 0.1], 7.5);
    for world in [&plain as &dyn World, &Copies::new(plain.clone(), 0.5)] {
        let modes = world.mode_components();
        let mut sums = [0.0, 0.0];
        for (mode, found) in modes.iter().enumerate() {
            let mut one_hot = [0.0; 4];
            one_hot[mode] = 1.0;
            let other = world.components(&one_hot);
            assert_close(found.prompt, other.prompt, "V_x");
            assert_close(found.response, other.response, "V_{y|x}");
            sums = [sums[0] + found.prompt, sums[1] + found.response];
        }
        let trace = world.trace_components();
        assert_close(trace.prompt, sums[0], "trace V_x");
        assert_close(trace.response, sums[1], "trace V_{y|x}");
    }
}

/// Without this a world of the largest size could not be planned: 65,536^2 operations for every mode of every quantity.
#[test]
fn a_by_mode_measure_of_20_000_modes_is_planned_at_once() {
    use mode_lottery::engine::Study;
    use mode_lottery::study::selection::{Measure, Selection, Theta};
    let world = dirichlet(&vec![1.0; 20_000], 3.0);
    let arm = super::method(2, 2, None, Theta::Uniform);
    let study = Selection::new(1, std::sync::Arc::new(world), vec![arm], vec![Measure::ModeMassByMode]).unwrap();
    let last = study.spec().estimands.last().unwrap();
    assert_eq!(last.at, "19999");
}

/// E f(pi) for pi ~ Beta(a, b): the trapezoid rule after pi = 1/(1 + exp(-pi sinh t)) (Takahasi and Mori 1974), where
/// dpi = pi (1 - pi) pi cosh t dt. `f` is given pi and 1 - pi, both without cancellation. Steps of 1/64 leave less than
/// 1e-13: halving them changes nothing that is seen here. The normaliser is the same sum without f.
fn beta_mean(a: f64, b: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
    let (mut sum, mut norm) = (0.0, 0.0);
    for i in -64 * 7..=64 * 7 {
        let t = f64::from(i) / 64.0;
        let (up, down) = (exp(t), exp(-t));
        let s = std::f64::consts::PI * 0.5 * (up - down);
        // ln of pi and of 1 - pi; exp(-|s|) does not overflow.
        let small = ln_1p(exp(-s.abs()));
        let (ln_x, ln_y) = if s > 0.0 {
            (-small, -s - small)
        } else {
            (s - small, -small)
        };
        let weight = exp(a * ln_x + b * ln_y) * (up + down);
        norm += weight;
        sum += weight * f(exp(ln_x), exp(ln_y));
    }
    sum / norm
}

fn entropy(x: f64, y: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * ln(p) } else { 0.0 };
    part(x) + part(y)
}

/// The quadrature itself: E pi = a/(a + b), E pi^2 = a (a + 1)/((a + b)(a + b + 1)).
#[test]
fn the_quadrature_gives_the_moments_of_a_beta_law() {
    for (a, b) in [(0.05, 0.05), (0.3, 0.7), (2.0, 5.0), (250.0, 250.0)] {
        assert_close(beta_mean(a, b, |x, _| x), a / (a + b), "mean");
        let second = a * (a + 1.0) / ((a + b) * (a + b + 1.0));
        assert_close(beta_mean(a, b, |x, _| x * x), second, "second moment");
    }
}

#[test]
fn the_conditional_entropy_of_two_modes_is_that_of_quadrature() {
    for alpha in [0.1, 1.0, 2.0, 8.0, 500.0] {
        for p in [0.5, 0.8] {
            let found = dirichlet(&[p, 1.0 - p], alpha).conditional_entropy().expect("known");
            let expected = beta_mean(alpha * p, alpha * (1.0 - p), entropy);
            assert_close(found, expected, &format!("alpha {alpha} base {p}"));
            let other = beta_mean(1.05 * alpha * p, 1.05 * alpha * (1.0 - p), entropy);
            assert!((found / other - 1.0).abs() > 1e-5, "alpha 5% too large is told apart");
        }
    }
}

/// By hand: Beta(1, 1) is uniform and -2 int x ln x = 1/2; Beta(2, 2) gives psi(5) - psi(3) = 1/3 + 1/4; four modes with
/// alpha = 4 give psi(5) - psi(2) = 1/2 + 1/3 + 1/4. Copies leave a single response as it is.
#[test]
fn the_conditional_entropy_is_that_of_the_hand_calculation() {
    assert_close(
        dirichlet(&[0.5, 0.5], 2.0).conditional_entropy().expect("known"),
        0.5,
        "uniform prompts",
    );
    assert_close(
        dirichlet(&[0.5, 0.5], 4.0).conditional_entropy().expect("known"),
        7.0 / 12.0,
        "Beta(2, 2)",
    );
    let four = dirichlet(&[0.25; 4], 4.0);
    assert_close(four.conditional_entropy().expect("known"), 13.0 / 12.0, "four modes");
    assert_close(
        Copies::new(four, 0.9).conditional_entropy().expect("known"),
        13.0 / 12.0,
        "four modes, copied",
    );
}
