//! Where fits lead, and what they say of it.

use super::*;
use crate::numerics::elementary::exp;

const NEWTON: Training = Training {
    optimiser: Optimiser::Newton,
    decay: 0.01,
    steps: 50,
    tolerance: 1e-11,
    batch: Batch::Full,
    average: Average::Last,
};

#[test]
fn newton_comes_to_where_long_descent_does() {
    let (family, set) = (FAMILIES[1], Set::new(40, 4, 4));
    let zero = vec![[0.0; LANES]; family.parameters(4)];
    let long = Training {
        optimiser: GRADIENT,
        steps: 4000,
        ..NEWTON
    };
    let short = Training { steps: 40, ..long };
    let (newton, report) = fit(family, NEWTON, &set, &zero);
    let (descended, last) = fit(family, long, &set, &zero);
    let (too_short, _) = fit(family, short, &set, &zero);
    assert_eq!((report.converged, last.converged), ([1.0; LANES], [1.0; LANES]));
    assert!(report.steps.iter().all(|steps| *steps < 12.0), "{report:?}");
    for l in 0..LANES {
        // A gradient within 1e-11 under a curvature of at least the decay leaves 1e-9 times the root of 16.
        assert!(furthest(&column(&newton, l), &column(&descended, l)) < 1e-8);
        assert!(furthest(&column(&newton, l), &column(&too_short, l)) > 1e-8);
    }
}

/// Without decay the best policy without inputs has the shares of responses, whatever the prompts are.
#[test]
fn without_inputs_and_decay_a_fit_has_the_shares_of_responses() {
    let (family, set) = (FAMILIES[0], Set::new(40, 4, 4));
    for optimiser in [Optimiser::Newton, GRADIENT] {
        let training = Training {
            optimiser,
            decay: 0.0,
            steps: 4000,
            ..NEWTON
        };
        let (theta, report) = fit(family, training, &set, &[[0.0; LANES]; 3]);
        assert_eq!(report.converged, [1.0; LANES]);
        let mut logs = [[0.0; LANES]; 4];
        family.log_policies(4, &theta, &[1.0], 1, &mut logs);
        for l in 0..LANES {
            let found = column(&logs, l).into_iter().map(exp).collect::<Vec<_>>();
            let share = |m: usize| set.target.chunks_exact(4).map(|t| t[m][l]).sum::<f64>() / 40.0;
            let shares: Vec<f64> = (0..4).map(share).collect();
            assert!(furthest(&found, &shares) < 2e-11);
            assert!(furthest(&found, &[0.25; 4]) > 1e-3);
        }
    }
}

/// From logits so far out that whole steps of Newton's method lead farther; and with a feature twice, whose Hessian has
/// no inverse.
#[test]
fn newton_is_damped_and_bears_a_singular_hessian() {
    let (family, mut set) = (FAMILIES[1], Set::new(60, 4, 4));
    let near = fit(family, NEWTON, &set, &vec![[0.0; LANES]; family.parameters(4)]).0;
    let far: Vec<Lanes<f64>> = policies(family, 4).iter().map(|row| row.map(|x| 20.0 * x)).collect();
    let (found, report) = fit(family, NEWTON, &set, &far);
    assert_eq!(report.converged, [1.0; LANES]);
    (0..LANES).for_each(|l| assert!(furthest(&column(&near, l), &column(&found, l)) < 1e-8));

    set.features.chunks_exact_mut(5).for_each(|x| x[2] = x[1]);
    let singular = Training { decay: 0.0, ..NEWTON };
    let (theta, report) = fit(family, singular, &set, &vec![[0.0; LANES]; family.parameters(4)]);
    assert_eq!(report.converged, [1.0; LANES], "{report:?}");
    assert!(theta.iter().flatten().all(|x| x.abs() < 100.0));
}

/// Steps of momentum and Adam as in their formulas, from plain gradients; 60 steps grow roundings of 1e-15 by far less
/// than 1e4.
#[test]
fn steps_are_those_of_plain_arithmetic() {
    let (family, set) = (FAMILIES[3], Set::new(20, 4, 4));
    let start = policies(family, 4);
    for optimiser in [GRADIENT, ADAM] {
        let training = Training {
            optimiser,
            steps: 60,
            ..TRAINING
        };
        let (theta, report) = fit(family, training, &set, &start);
        assert_eq!(report.steps, [60.0; LANES]);
        let other = fit(
            family,
            Training {
                decay: 0.01 + 1e-9,
                ..training
            },
            &set,
            &start,
        )
        .0;
        for l in 0..LANES {
            let plain = descend(family, training, &set, column(&start, l), l);
            assert!(furthest(&column(&theta, l), &plain) < 1e-11, "{optimiser:?}");
            assert!(furthest(&column(&other, l), &plain) > 1e-11, "{optimiser:?}");
            let slopes = plain::gradient(family, 4, &column(&theta, l), set.data(), 0.01, l);
            assert!((report.gradient[l] - furthest(&slopes, &vec![0.0; slopes.len()])).abs() < 1e-14);
        }
    }
}

fn descend(family: Family, training: Training, set: &Set, mut theta: Vec<f64>, l: usize) -> Vec<f64> {
    let mut moments = vec![[0.0; 2]; theta.len()];
    let (mut beta, mut beta2) = (1.0, 1.0);
    for step in 0..training.steps {
        let gradient = plain::gradient(family, set.modes, &theta, set.data(), training.decay, l);
        (beta, beta2) = (beta * 0.9, beta2 * 0.999);
        for ((theta, g), [m, v]) in theta.iter_mut().zip(gradient).zip(&mut moments) {
            match training.optimiser {
                Optimiser::Adam { rate, schedule } => {
                    (*m, *v) = (0.9 * *m + 0.1 * g, 0.999 * *v + 0.001 * g * g);
                    let rate = rate * schedule.factor(step, training.steps);
                    *theta -= rate * (*m / (1.0 - beta)) / ((*v / (1.0 - beta2)).sqrt() + 1e-8);
                }
                Optimiser::Gradient { rate, momentum, .. } => {
                    *m = momentum * *m + g;
                    *theta -= rate * *m;
                }
                Optimiser::Newton => unreachable!(),
            }
        }
    }
    theta
}

/// Cosines of multiples of 36, 45 and 60 degrees have roots for values.
#[test]
fn the_cosine_falls_as_a_cosine_does() {
    let root = |x: f64| x.sqrt();
    for (step, steps, cosine) in [
        (0, 7, 1.0),
        (1, 6, root(0.75)),
        (1, 5, (1.0 + root(5.0)) / 4.0),
        (1, 4, root(0.5)),
        (1, 3, 0.5),
        (2, 5, (root(5.0) - 1.0) / 4.0),
        (500, 1000, 0.0),
        (2, 3, -0.5),
        (3, 4, -root(0.5)),
        (5, 6, -root(0.75)),
    ] {
        let found = Schedule::Cosine.factor(step, steps);
        let other = Schedule::Cosine.factor(1000 * step + 1, 1000 * steps);
        assert!((found - other).abs() > 2e-16, "{step}/{steps}: {other}");
        assert!((found - 0.5 * (1.0 + cosine)).abs() < 2e-16, "{step}/{steps}: {found}");
    }
    assert_eq!(Schedule::Constant.factor(299, 300), 1.0);
}

#[test]
fn a_fit_that_has_not_converged_says_so_and_one_that_fails_is_no_success() {
    let (family, mut set) = (FAMILIES[1], Set::new(40, 4, 4));
    let zero = vec![[0.0; LANES]; family.parameters(4)];
    let long = Training {
        tolerance: 1e-6,
        steps: 4000,
        ..TRAINING
    };
    let few = fit(family, Training { steps: 3, ..long }, &set, &zero).1;
    assert_eq!((few.converged, few.steps), ([0.0; LANES], [3.0; LANES]));
    set.features[7][5] = f64::NAN;
    for training in [long, NEWTON] {
        let (theta, report) = fit(family, training, &set, &zero);
        assert_eq!(report.converged, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        assert_eq!(report.gradient[5].to_bits(), f64::NAN.to_bits());
        assert!(theta.iter().all(|row| row[4].is_finite()));
    }
}

/// A fit of fewer steps is the beginning of a longer one where the rate does not change; so the mean is that of fits of 4 to 7 steps, or of each
/// step with its own weight. Means of seven numbers of size 1 are rounded by some 1e-15.
#[test]
fn averages_are_those_of_the_parameters_passed_through() {
    let (family, set) = (FAMILIES[3], Set::new(20, 4, 4));
    let start = policies(family, 4);
    for batch in [Batch::Full, Batch::Shuffled(7)] {
        let of = |steps, average| {
            let training = Training {
                steps,
                average,
                batch,
                ..TRAINING
            };
            column(&fit(family, training, &set, &start).0, 2)
        };
        let passed: Vec<Vec<f64>> = (1..=7).map(|steps| of(steps, Average::Last)).collect();
        let weighed = |weights: [f64; 7], first: f64| {
            let sum = |i: usize| (0..7).map(|t| weights[t] * passed[t][i]).sum::<f64>();
            let all = (0..passed[0].len()).map(|i| first * start[i][2] + sum(i));
            all.collect::<Vec<f64>>()
        };
        let half = weighed([0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25], 0.0);
        // Powers of .9 from 0 to 7.
        let mut powers = [1.0; 8];
        (1..8).for_each(|t| powers[t] = 0.9 * powers[t - 1]);
        let forgets = weighed(std::array::from_fn(|t| 0.1 * powers[6 - t]), powers[7]);
        assert!(furthest(&of(7, Average::SecondHalf), &half) < 1e-14);
        assert!(furthest(&of(7, Average::Exponential(0.9)), &forgets) < 1e-14);
        assert!(furthest(&passed[6], &half) > 1e-3 && furthest(&half, &forgets) > 1e-3);
    }
}

#[test]
fn fits_that_may_stop_have_no_average() {
    for (optimiser, tolerance, batch, refused) in [
        (Optimiser::Newton, 0.0, Batch::Full, true),
        (GRADIENT, 1e-6, Batch::Full, true),
        (GRADIENT, 0.0, Batch::Full, false),
        (ADAM, 1e-6, Batch::Grouped(8), false),
    ] {
        let own = Training {
            optimiser,
            tolerance,
            batch,
            average: Average::SecondHalf,
            ..TRAINING
        };
        assert_eq!(own.fits(&FAMILIES[1]).is_err(), refused, "{own:?}");
    }
}
