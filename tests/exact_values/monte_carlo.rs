//! The Monte Carlo estimates of random settings against their exact values, in units of their standard error.
//!
//! For each quantity, z = (estimate - exact)/MCSE over settings that each have a seed of their own, so its values are
//! independent. z is taken from Student's t on its degrees of freedom to the normal law of the same probability, so its
//! mean square over n settings has mean 1 and standard error sqrt(2/n), if both the exact value and the MCSE are right:
//! a wrong value makes it large, an MCSE that is wrong by a factor f divides it by f^2.

use super::{dirichlet, method};
use mode_lottery::engine::{self, Functional, Study};
use mode_lottery::inference::cell::Measured;
use mode_lottery::inference::groups::Groups;
use mode_lottery::inference::jackknife::joint;
use mode_lottery::inference::laws::student_above;
use mode_lottery::inference::score::SquaredNorm;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::study::Question;
use mode_lottery::study::selection::{Measure, Selection, Theta};
use mode_lottery::world::{Copies, World};
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;
use std::sync::Arc;

const SETTINGS: u64 = 600;

/// 128 groups of one batch each.
const REPLICATES: u64 = 4096;

/// Five standard errors of a mean square: a false alarm of 6e-7 for each of the 17 quantities.
const TOLERANCE: f64 = 5.0 * 0.057_735;

/// Passed by a right value with probability 7e-6, by all 10,200 values here with 14 seeds in 15.
const LARGEST: f64 = 4.5;

/// A random setting of world and method.
fn study(setting: u64) -> Selection {
    let mut stream = Streams::new("settings").purpose("setting").stream(setting, 0);
    let mut below = |n: u32| (stream.uniform() * f64::from(n)) as u32;
    let modes = 2 + below(5) as usize;
    // Not all equal: else the squared error of a single response is constant, and has no standard error.
    let weight = |m: usize, random: u32| f64::from(random + if m == 0 { 6 } else { 1 });
    let weights: Vec<f64> = (0..modes).map(|m| weight(m, below(5))).collect();
    let alpha = [0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 50.0][below(8) as usize];
    let copies = [0.0, 0.0, 0.3, 0.7][below(4) as usize];
    let (prompts, kept) = (1 + below(8), 1 + below(6));
    let pool = kept + 1 + below(6);
    let logits = (0..modes)
        .map(|m| f64::from(below(40)) / 10.0 - 2.0 + 0.01 * m as f64)
        .collect();
    let world: Arc<dyn World> = match copies {
        0.0 => Arc::new(dirichlet(&weights, alpha)),
        c => Arc::new(Copies::new(dirichlet(&weights, alpha), c)),
    };
    let arms = vec![method(prompts, kept, Some(pool), Theta::Logits(logits))];
    let measures = vec![
        Measure::ModeMass,
        Measure::ModeMassByMode,
        Measure::Gradient,
        Measure::Loss,
    ];
    Selection::new(setting, world, arms, measures).unwrap()
}

/// The normal score of an upper tail probability.
fn score(above: f64) -> f64 {
    // A mean on a lattice may hit the truth exactly, and a control may be far out: both ends are made finite.
    let above = above.clamp(1e-300, 1.0 - 1e-6);
    let normal = Normal::standard();
    if above < 0.5 {
        -normal.inverse_cdf(above)
    } else {
        normal.inverse_cdf(1.0 - above)
    }
}

/// z of a smooth estimand if its value were `exact`.
fn smooth_score(measured: &Measured, exact: f64) -> f64 {
    let estimate = measured.estimate();
    let t = (estimate.value - exact) / estimate.mcse;
    // From the nearer tail, which keeps its digits.
    if t > 0.0 {
        score(student_above(t, estimate.df))
    } else {
        -score(student_above(-t, estimate.df))
    }
}

/// A squared norm cannot come out far below 0 and is skewed, so its z is that of the score test of 'it is 0'; `shift` is
/// added to every coordinate's mean. For vectors its mean square is 0.92, not 1 (8,000 settings): the scaled chi-squared law
/// of the test fits the upper tail, which it is for, and is too wide at the lower one. For a scalar it is 1.00.
fn norm_score(groups: &Groups, slots: std::ops::Range<usize>, shift: f64) -> f64 {
    let vector = joint(groups, slots.len(), |means, out| {
        for (out, slot) in out.iter_mut().zip(slots.clone()) {
            *out = means.mean(slot) + shift;
        }
    });
    score(SquaredNorm::of(&vector).p_above(0.0))
}

/// The exact standard error of bias^2 of the mode mass: |d|^2 - tr S for a normal d of mean 0 has variance 2 tr S^2, and
/// 1/(G - 1) of that more because tr S is estimated. Given the law's variance, S is known: (diag base - base base') times
/// variance/V over replicates.
fn exact_error(base: &[f64], variance: f64) -> f64 {
    let power = |n: usize| base.iter().map(|p| (0..n).map(|_| p).product::<f64>()).sum::<f64>();
    // tr (diag p - p p')^2 = sum p^2 - 2 sum p^3 + (sum p^2)^2.
    let square = power(2) - 2.0 * power(3) + power(2) * power(2);
    let scale = variance / (1.0 - power(2)) / REPLICATES as f64;
    (2.0 * square * scale * scale * (1.0 + 1.0 / 127.0)).sqrt()
}

#[test]
fn the_debiased_squared_bias_has_mean_0_and_the_variance_of_its_quadratic_form() {
    let (mut z, mut ratios) = (Vec::new(), Vec::new());
    for setting in 0..SETTINGS {
        // Seeds of their own, so that this does not follow from the other test.
        let study = study(setting + 1_000_000);
        let rows = engine::estimate(study.spec(), &engine::run(&study, REPLICATES).unwrap());
        let of = |name: &str| study.spec().estimands.iter().position(|e| e.name() == name).unwrap();
        let variance = crate::theory::exact(&study)[of("mode-mass.variance")].value().unwrap();
        let estimate = rows[of("mode-mass.bias2")].measured.as_ref().unwrap().estimate();
        let error = exact_error(study.world().unwrap().mean(), variance);
        z.push(estimate.value / error);
        // Above 0 the stated error is that of a bias as large as the one seen.
        if estimate.value < 0.0 {
            ratios.push(estimate.mcse * estimate.mcse / (error * error));
        }
    }
    let (mean, square) = (z.iter().sum::<f64>() / z.len() as f64, mean_square(&z));
    let ratio = ratios.iter().sum::<f64>() / ratios.len() as f64;
    println!("debiased squared bias: mean {mean:.3}, mean square {square:.3}, MCSE^2 over exact {ratio:.3}");
    // Without debiasing the mean would be tr S/sqrt(2 tr S^2), 0.7 or more. The kurtosis of z is 15 for two modes and 6 for six:
    // at most sqrt(14/600) = 0.15 for the standard error of the mean square.
    assert!(mean.abs() < 5.0 / (SETTINGS as f64).sqrt(), "mean {mean}");
    assert!((square - 1.0).abs() < 5.0 * 0.15, "mean square {square}");
    // An estimated variance on 127 degrees of freedom has a relative error of 0.125 at most, its square 0.25; of 300 or
    // so, five times 0.25/sqrt(300).
    assert!(
        ratios.len() > 250 && (ratio - 1.0).abs() < 5.0 * 0.015,
        "MCSE^2 over exact: {ratio}"
    );
}

type Scores = BTreeMap<String, Vec<f64>>;

/// The scores of every quantity, with right exact values and with wrong ones: 5% too large, or for a bias a truth that is
/// 0.01 off in every coordinate (a thirtieth of a typical probability).
fn scores() -> (Scores, Scores) {
    let (mut right, mut wrong) = (Scores::new(), Scores::new());
    for setting in 0..SETTINGS {
        let study = study(setting);
        let groups = engine::run(&study, REPLICATES).unwrap();
        let modes = study.world().unwrap().mean().len();
        let exact = crate::theory::exact(&study);
        for row in engine::estimate(study.spec(), &groups) {
            let estimand = &study.spec().estimands[row.estimand];
            // One mode of each setting: the modes of one setting are not independent.
            if !estimand.at.is_empty() && estimand.at != (setting as usize % modes).to_string() {
                continue;
            }
            let (z, control) = match (&estimand.functional, &row.measured, exact[row.estimand].value()) {
                // The second is bias^2 again, in other units.
                (Functional::TheoryOnly, None, Some(_)) | (Functional::SquaredNormShare { .. }, Some(_), Some(0.0)) => {
                    continue;
                }
                (Functional::SquaredNorm(slots), Some(Measured::SquaredNorm(_)), Some(0.0)) => (
                    norm_score(&groups, slots.clone(), 0.0),
                    norm_score(&groups, slots.clone(), 0.01),
                ),
                (
                    Functional::Mean(_) | Functional::Smooth(_) | Functional::Mass { .. } | Functional::Variance { .. },
                    Some(measured),
                    Some(exact),
                ) => (smooth_score(measured, exact), smooth_score(measured, 1.05 * exact)),
                other => panic!("{}: {other:?}", estimand.name()),
            };
            right.entry(estimand.name().to_owned()).or_default().push(z);
            wrong.entry(estimand.name().to_owned()).or_default().push(control);
        }
    }
    (right, wrong)
}

fn mean_square(scores: &[f64]) -> f64 {
    scores.iter().map(|z| z * z).sum::<f64>() / scores.len() as f64
}

#[test]
fn estimates_err_by_their_standard_errors_and_wrong_exact_values_are_noticed() {
    let (right, wrong) = scores();
    let quantities = right.len();
    assert_eq!(quantities, 2 + 3 * 5, "quantities: {:?}", right.keys());
    let mut faults = Vec::new();
    for (name, scores) in &right {
        assert_eq!(scores.len(), SETTINGS as usize);
        let (square, control) = (mean_square(scores), mean_square(&wrong[name]));
        let largest = scores.iter().fold(0.0_f64, |largest, z| largest.max(z.abs()));
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        println!("{name:32} mean {mean:6.3}  mean square {square:.3}  largest {largest:.2}  control {control:.1}");
        if !((square - 1.0).abs() < TOLERANCE && largest < LARGEST) {
            faults.push(format!("{name}: mean square {square:.3}, largest {largest:.2}"));
        }
        if control - 1.0 < TOLERANCE {
            faults.push(format!(
                "{name}: a wrong exact value gave a mean square of {control:.3}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
