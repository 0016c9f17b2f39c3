use super::*;
use crate::numerics::lanes::{LANES, Level};
use crate::numerics::stream::Streams;

const CONVERGED: Descent = Descent {
    steps: 20_000,
    tolerance: 1e-12,
    ..Descent::USUAL
};

/// Eight distributions over `modes` modes, each entry at least 0.2/`modes` or so.
fn targets(modes: usize) -> Vec<Lanes<f64>> {
    let mut rows = vec![[0.0; LANES]; modes];
    Streams::new("descent").purpose("test").fill_uniforms(0, 0, &mut rows);
    for l in 0..LANES {
        let total: f64 = rows.iter().map(|row| row[l] + 0.2).sum();
        rows.iter_mut().for_each(|row| row[l] = (row[l] + 0.2) / total);
    }
    rows
}

fn column(rows: &[Lanes<f64>], l: usize) -> Vec<f64> {
    rows.iter().map(|row| row[l]).collect()
}

fn fit(descent: &Descent, target: &[Lanes<f64>]) -> (Vec<Lanes<f64>>, Fitted) {
    let mut logits = vec![[0.0; LANES]; target.len()];
    let mut scratch = vec![[0.0; LANES]; Descent::scratch(target.len())];
    let fitted = descent.fit(target, &mut logits, &mut scratch);
    (logits, fitted)
}

/// Central differences of step h err by h^2/6 times a third derivative below 1, and by rounding 1e-16/h.
#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let descent = Descent {
        ridge: 0.3,
        ..CONVERGED
    };
    let (target, logits, h) = ([0.1, 0.2, 0.3, 0.4], [0.3, -1.2, 2.0, 0.0], 1e-5);
    let gradient = descent.gradient(&target, &logits);
    for m in 0..4 {
        let at = |step: f64| {
            let mut logits = logits;
            logits[m] += step;
            descent.loss(&target, &logits)
        };
        let slope = (at(h) - at(-h)) / (2.0 * h);
        assert!((slope - gradient[m]).abs() < 1e-10, "{m}: {slope} {}", gradient[m]);
    }
}

/// Without a ridge the optimum is the target itself. A gradient within 1e-12 leaves probabilities within 1e-12.
#[test]
fn a_converged_fit_without_ridge_is_the_target() {
    let target = targets(5);
    let (logits, fitted) = fit(&CONVERGED, &target);
    assert_eq!(fitted.converged, [1.0; LANES]);
    for l in 0..LANES {
        let found = super::super::SharedSoftmax::from_logits(&column(&logits, l)).probabilities();
        for (p, f) in found.iter().zip(column(&target, l)) {
            assert!((p - f).abs() < 2e-12, "{p} {f}");
        }
        let optimum = Descent::optimum_without_ridge(&column(&target, l));
        assert!(
            (CONVERGED.loss(&column(&target, l), &optimum) - CONVERGED.loss(&column(&target, l), &column(&logits, l)))
                .abs()
                < 1e-12
        );
    }
}

/// At the optimum with a ridge theta_m = (f_m - p_m)/ridge, and logits sum to zero: both follow from a zero gradient.
#[test]
fn a_converged_fit_with_ridge_solves_its_equation_even_where_a_mode_is_missing() {
    let descent = Descent {
        ridge: 0.01,
        ..CONVERGED
    };
    let mut target = targets(4);
    for l in 0..LANES {
        target[1][l] += target[0][l];
        target[0][l] = 0.0;
    }
    let (logits, fitted) = fit(&descent, &target);
    assert_eq!(fitted.converged, [1.0; LANES]);
    for l in 0..LANES {
        let theta = column(&logits, l);
        let policy = super::super::SharedSoftmax::from_logits(&theta).probabilities();
        for m in 0..4 {
            let solved = (target[m][l] - policy[m]) / descent.ridge;
            assert!((theta[m] - solved).abs() < 1e-9, "{m}: {} {solved}", theta[m]);
        }
        assert!(theta.iter().sum::<f64>().abs() < 1e-9);
    }
}

#[test]
fn a_step_is_the_rate_times_the_gradient() {
    let descent = Descent {
        rate: 0.7,
        steps: 1,
        ridge: 0.2,
        tolerance: 0.0,
    };
    let target = targets(3);
    let mut logits = vec![[0.5, -0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]; 3];
    logits[1] = [0.0; LANES];
    let before = logits.clone();
    descent.fit(&target, &mut logits, &mut [[0.0; LANES]; Descent::scratch(3)]);
    for l in 0..LANES {
        let gradient = descent.gradient(&column(&target, l), &column(&before, l));
        for m in 0..3 {
            let expected = before[m][l] - 0.7 * gradient[m];
            assert!((logits[m][l] - expected).abs() < 1e-15);
        }
    }
}

/// A lane's bits are those it has alone, among others that converge sooner, later, or never: also where others' weights are taken
/// anew while it stands still.
#[test]
fn a_lane_does_not_know_its_neighbours() {
    let descent = Descent {
        rate: 0.5,
        steps: 400,
        tolerance: 1e-5,
        ..CONVERGED
    };
    let target = targets(6);
    let (together, fitted) = fit(&descent, &target);
    let stopped = |sooner: bool| fitted.steps.iter().any(|&steps| (steps < 256.0) == sooner);
    assert!(stopped(true) && stopped(false), "{:?}", fitted.steps);
    for l in 0..LANES {
        let alone: Vec<Lanes<f64>> = target.iter().map(|row| [row[l]; LANES]).collect();
        let (logits, own) = fit(&descent, &alone);
        assert_eq!(column(&logits, 3), column(&together, l), "lane {l}");
        assert_eq!(
            (own.steps[3], own.gradient[3]),
            (fitted.steps[l], fitted.gradient[l]),
            "lane {l}"
        );
    }
}

#[test]
fn every_vector_level_gives_the_same_bits() {
    let target = targets(8);
    let descent = Descent {
        steps: 300,
        tolerance: 1e-9,
        ..CONVERGED
    };
    let at = |level| {
        let mut logits = vec![[0.0; LANES]; 8];
        let fitted = descend::run_at(
            level,
            &descent,
            &target,
            &mut logits,
            &mut [[0.0; LANES]; Descent::scratch(8)],
        );
        (logits, fitted)
    };
    for level in Level::available() {
        assert_eq!(at(level), at(Level::Baseline), "{level:?}");
    }
}

/// Every bit of three fits, as they are since weights are kept; without a ridge and tolerance, with both, and with
/// modes that fill no power of two.
#[test]
fn fits_have_the_bits_that_they_had() {
    let digest = |modes: usize, ridge: f64, tolerance: f64| {
        let descent = Descent {
            rate: 0.9,
            steps: 120,
            ridge,
            tolerance,
        };
        let (logits, fitted) = fit(&descent, &targets(modes));
        let ends = [fitted.steps, fitted.gradient, fitted.converged];
        let numbers = logits.iter().chain(&ends).flatten();
        numbers.fold(0xcbf2_9ce4_8422_2325_u64, |hash, x| {
            (hash ^ x.to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        })
    };
    let found = [digest(8, 0.0, 0.0), digest(8, 0.01, 1e-4), digest(5, 0.001, 1e-6)];
    let expected = [0x1b7c_1226_a1a8_c53e, 0x12cd_377a_e088_3243, 0x8a53_4b06_aa3f_f64d];
    assert_eq!(found, expected, "{found:#x?}");
}

/// Lane `l` of a fit from `logits` the slow way: in nats, the highest logit subtracted, with the `exp` of `numerics`.
fn plain(descent: &Descent, target: &[Lanes<f64>], logits: &[Lanes<f64>], l: usize) -> Vec<f64> {
    let (target, mut theta) = (column(target, l), column(logits, l));
    for _ in 0..descent.steps {
        let gradient = descent.gradient(&target, &theta);
        if gradient.iter().all(|g| g.abs() <= descent.tolerance) {
            break;
        }
        theta
            .iter_mut()
            .zip(&gradient)
            .for_each(|(t, g)| *t -= descent.rate * g);
    }
    theta
}

fn furthest(a: &[f64], b: &[f64]) -> f64 {
    // Written so that NaN is furthest.
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    gaps.fold(0.0, |far, gap| if gap <= far { far } else { gap })
}

/// Logits below 4 in size: a step of either route is rounded by less than 1e-15, and at a rate below 2 no step makes a
/// distance longer, so that 300 steps leave them within 600 times that. Weights are known to a few ulp and so move the way by no more.
#[test]
fn fits_are_those_of_plain_arithmetic() {
    for (modes, ridge, tolerance) in [
        (2, 0.0, 0.0),
        (5, 0.01, 1e-3),
        (8, 0.0, 1e-4),
        (8, 0.02, 0.0),
        (11, 0.0, 0.0),
    ] {
        let descent = Descent {
            rate: 0.9,
            steps: 300,
            ridge,
            tolerance,
        };
        let target = targets(modes);
        let (logits, _) = fit(&descent, &target);
        let zero = vec![[0.0; LANES]; modes];
        // The control: a rate that is wrong by 1e-8.
        let few = Descent { steps: 9, ..descent };
        let wrong = Descent {
            rate: 0.9 * (1.0 + 1e-8),
            ..few
        };
        let (wrong, _) = fit(&wrong, &target);
        let mut shown = 0.0_f64;
        for l in 0..LANES {
            let gap = furthest(&column(&logits, l), &plain(&descent, &target, &zero, l));
            assert!(gap < 6e-13, "{modes} modes, ridge {ridge}: {gap:e}");
            shown = shown.max(furthest(&column(&wrong, l), &plain(&few, &target, &zero, l)));
        }
        assert!(shown > 6e-13, "{modes} modes, ridge {ridge}: {shown:e}");
    }
}

/// Targets and starting logits of eight lanes.
type Set = (Vec<Lanes<f64>>, Vec<Lanes<f64>>);

/// Two sets of targets and starting logits, some of them so far from zero that powers need a shift, and one set
/// with a lane that is no number: rows of eight, twice.
fn sets(modes: usize) -> [Set; 2] {
    let near = (targets(modes), vec![[0.0; LANES]; modes]);
    let mut far = (
        targets(modes),
        vec![[0.5, 345.5, -345.0, 2e3, -1e5, 0.0, 0.0, 0.0]; modes],
    );
    far.0.reverse();
    for m in 0..modes {
        far.1[m][5] = -500.0 * m as f64;
        far.1[m][7] = f64::NAN;
    }
    [near, far]
}

/// What fits of two sets, twice each, come to: their logits and how they ended, set by set.
fn fit_together(level: Level, descent: &Descent, sets: &[Set; 2]) -> Vec<Vec<Lanes<u64>>> {
    let modes = sets[0].0.len();
    let joined = |of: fn(&Set) -> &Vec<Lanes<f64>>| -> Vec<Lanes<f64>> {
        (0..SETS).flat_map(|set| of(&sets[set % 2]).iter().copied()).collect()
    };
    let (target, mut logits) = (joined(|set| &set.0), joined(|set| &set.1));
    let mut scratch = vec![[f64::NAN; LANES]; Descent::scratch(target.len())];
    let fitted = descend_together::run_at(level, descent, &target, &mut logits, &mut scratch);
    let sets = logits.chunks_exact(modes).zip(fitted);
    sets.map(|(logits, fitted)| {
        let ends = [fitted.steps, fitted.gradient, fitted.converged];
        logits.iter().chain(&ends).map(|row| row.map(f64::to_bits)).collect()
    })
    .collect()
}

fn fit_alone(level: Level, descent: &Descent, set: &Set) -> Vec<Lanes<u64>> {
    let mut logits = set.1.clone();
    let mut scratch = vec![[f64::NAN; LANES]; Descent::scratch(logits.len())];
    let fitted = descend::run_at(level, descent, &set.0, &mut logits, &mut scratch);
    logits.extend([fitted.steps, fitted.gradient, fitted.converged]);
    logits.iter().map(|row| row.map(f64::to_bits)).collect()
}

/// Whatever the other sets do: stop sooner or never, are far, fail, or start from other content of the scratch.
#[test]
fn each_of_several_sets_has_the_bits_that_it_has_alone_at_every_level() {
    for modes in [1, 2, 5, 8, 11] {
        for (ridge, tolerance) in [(0.0, 0.0), (0.0, 1e-2), (0.01, 0.0), (0.01, 1e-2)] {
            let descent = Descent {
                rate: 0.9,
                steps: 150,
                ridge,
                tolerance,
            };
            let sets = sets(modes);
            let alone = [0, 1].map(|set| fit_alone(Level::Baseline, &descent, &sets[set]));
            assert_eq!(f64::from_bits(alone[1][modes + 1][7]).to_bits(), f64::NAN.to_bits());
            for level in Level::available() {
                for (set, found) in fit_together(level, &descent, &sets).iter().enumerate() {
                    assert!(*found == alone[set % 2], "{level:?}, {descent:?}, {modes}, set {set}");
                }
                let found = fit_alone(level, &descent, &sets[1]);
                assert!(found == alone[1], "{level:?}, {descent:?}, {modes}");
            }
        }
    }
}

/// Lane 1 comes to the limit of near logits on its way, lanes 3 and 4 start beyond it; each is what it is alone, and what
/// plain arithmetic makes of it. Logits of size x are rounded by x 2^-53 in each of 60 steps of each route, and as often
/// again where base 2 and nats meet.
#[test]
fn logits_far_from_zero_are_fitted_too() {
    let descent = Descent {
        rate: 0.9,
        steps: 60,
        tolerance: 0.0,
        ..Descent::USUAL
    };
    let (target, start) = &sets(4)[1];
    let together = fit_alone(Level::current(), &descent, &sets(4)[1]);
    for l in 0..LANES {
        let alone = [target, start].map(|rows| rows.iter().map(|row| [row[l]; LANES]).collect::<Vec<_>>());
        let alone = fit_alone(Level::current(), &descent, &alone.into());
        let found: Vec<u64> = together.iter().map(|row| row[l]).collect();
        assert_eq!(found, alone.iter().map(|row| row[l]).collect::<Vec<u64>>(), "lane {l}");
        if l == 7 {
            continue;
        }
        let found: Vec<f64> = found[..4].iter().map(|&bits| f64::from_bits(bits)).collect();
        let expected = plain(&descent, target, start, l);
        let size = found.iter().fold(4.0_f64, |size, theta| size.max(theta.abs()));
        let gap = furthest(&found, &expected);
        assert!(gap < 240.0 * size * f64::EPSILON, "lane {l}: {gap:e}");
        assert!(furthest(&found, &column(start, l)) > 0.1, "lane {l} has moved");
    }
}

/// From 0 one step of 1000 (f - p) makes p exactly f where that is all on one mode: e^-1000 is below every double.
#[test]
fn a_probability_that_underflows_is_zero() {
    let descent = Descent {
        rate: 1e3,
        steps: 9,
        tolerance: 0.0,
        ..Descent::USUAL
    };
    let (logits, fitted) = fit(&descent, &[[1.0; LANES], [0.0; LANES], [0.0; LANES]]);
    assert_eq!((fitted.steps, fitted.gradient), ([1.0; LANES], [0.0; LANES]));
    for (theta, f) in column(&logits, 2).iter().zip([1.0, 0.0, 0.0]) {
        assert!((theta - 1e3 * (f - 1.0 / 3.0)).abs() < 1e-12, "{theta}");
    }
}

#[test]
fn a_lane_that_takes_no_step_keeps_its_logits() {
    let target = targets(3);
    let mut logits = vec![[0.1, -0.7, 1e9, 0.3, f64::INFINITY, 5e-324, -0.0, 1.1]; 3];
    let before: Vec<_> = logits.iter().flatten().map(|x| x.to_bits()).collect();
    let descent = Descent {
        tolerance: 1.0,
        ..CONVERGED
    };
    let fitted = descent.fit(&target, &mut logits, &mut [[0.0; LANES]; Descent::scratch(3)]);
    assert_eq!(fitted.steps, [0.0; LANES]);
    assert_eq!(logits.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>(), before);
}

#[test]
fn a_fit_that_has_not_converged_says_so_and_one_that_fails_is_no_success() {
    let (_, few) = fit(&Descent { steps: 3, ..CONVERGED }, &targets(4));
    assert_eq!((few.converged, few.steps), ([0.0; LANES], [3.0; LANES]));
    let mut broken = targets(4);
    broken[2][5] = f64::NAN;
    let (_, fitted) = fit(&CONVERGED, &broken);
    assert_eq!(fitted.converged, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
    assert!(fitted.gradient[5].is_nan());
}
