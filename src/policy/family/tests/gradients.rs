//! Slopes of losses. Central differences of step h err by h^2/6 times a third derivative, here below 10, and by rounding
//! of 1e-15/h: 1e-9 is beyond both.

use super::super::batches::Batches;
use super::super::evaluation::{Data, Evaluation};
use super::*;
use crate::numerics::lanes::Level;

const BOUND: f64 = 1e-9;
const MODES: usize = 6;

fn gradient(family: Family, data: Data<'_>, theta: &[Lanes<f64>], decay: f64) -> Vec<Lanes<f64>> {
    let mut out = vec![[f64::NAN; LANES]; theta.len()];
    Evaluation::new(family.form(MODES), MODES).gradient(data, theta, decay, &mut out);
    out
}

/// How far gradients of lanes 0 and 5 are from central differences of the plain loss.
fn error(family: Family, data: Data<'_>, theta: &[Lanes<f64>], decay: f64) -> f64 {
    let gradient = gradient(family, data, theta, decay);
    let of_lane = |l: usize| {
        let slopes = plain::slopes(&column(theta, l), |theta| {
            plain::loss(family, MODES, theta, data, 0.3, l)
        });
        furthest(&column(&gradient, l), &slopes)
    };
    of_lane(0).max(of_lane(5))
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let set = Set::new(21, MODES, 4);
    for family in FAMILIES {
        let theta = policies(family, MODES);
        let found = error(family, set.data(), &theta, 0.3);
        assert!(found < BOUND, "{family:?}: {found:e}");
        let wrong = error(family, set.data(), &theta, 0.3 + 1e-7);
        assert!(wrong > BOUND, "{family:?}: {wrong:e}");
    }
}

#[test]
fn gradients_of_minibatches_are_the_slopes_of_their_losses() {
    let set = Set::new(21, MODES, 4);
    for batch in [Batch::Grouped(12), Batch::Grouped(3), Batch::Shuffled(7)] {
        for family in FAMILIES {
            let theta = policies(family, MODES);
            let seen = family.form(MODES).seen();
            let mut batches = Batches::new(batch, seen, MODES);
            batches.begin(&set.examples());
            batches.next(Level::current(), Some(&mut in_lanes("order")));
            let found = error(family, batches.data(), &theta, 0.3);
            assert!(found < BOUND, "{family:?} {batch:?}: {found:e}");
            let other = gradient(family, set.data(), &theta, 0.3);
            let own = gradient(family, batches.data(), &theta, 0.3);
            assert!(
                furthest(&column(&own, 0), &column(&other, 0)) > 1e-3,
                "{family:?} {batch:?}"
            );
        }
    }
}

#[test]
fn jacobians_are_the_slopes_of_logits() {
    let x = [1.0, 0.3, -1.1, 0.7, 0.2];
    for family in FAMILIES {
        let theta = column(&policies(family, MODES), 2);
        let mut jacobian = vec![f64::NAN; MODES * theta.len()];
        family.jacobian(MODES, &theta, &x, &mut jacobian);
        for m in 0..MODES {
            let own = &jacobian[m * theta.len()..][..theta.len()];
            let at = |x: [f64; 5]| plain::slopes(&theta, |theta| plain::logits(family, MODES, theta, &x)[m]);
            assert!(furthest(own, &at(x)) < BOUND, "{family:?} {m}");
            let inputs = family.form(MODES).seen() > 1;
            let elsewhere = furthest(own, &at([1.0, 0.3, -1.1 + 1e-6, 0.7, 0.2])) > BOUND;
            assert!(
                elsewhere || !inputs || (m + 1 == MODES && family.is_convex()),
                "{family:?} {m}"
            );
        }
    }
}

/// Two routes: lanes against the sum of J' (p - target). Some thirty terms below 3 in size are rounded by 2^-53 each.
#[test]
fn gradients_are_what_jacobians_make_of_the_slopes_in_logits() {
    let set = Set::new(37, MODES, 4);
    for family in FAMILIES {
        let theta = policies(family, MODES);
        let lanes = gradient(family, set.data(), &theta, 0.2);
        for l in 0..LANES {
            let plain = plain::gradient(family, MODES, &column(&theta, l), set.data(), 0.2, l);
            assert!(furthest(&column(&lanes, l), &plain) < 2e-14, "{family:?}");
            let wrong = plain::gradient(family, MODES, &column(&theta, l), set.data(), 0.2 + 1e-12, l);
            assert!(furthest(&column(&lanes, l), &wrong) > 2e-14, "{family:?}");
        }
    }
}

#[test]
fn losses_are_those_of_plain_arithmetic() {
    let set = Set::new(37, MODES, 4);
    for family in FAMILIES {
        let theta = policies(family, MODES);
        let lanes = Evaluation::new(family.form(MODES), MODES).loss(set.data(), &theta, 0.2);
        for l in 0..LANES {
            let at = |decay| plain::loss(family, MODES, &column(&theta, l), set.data(), decay, l);
            assert!((lanes[l] / at(0.2) - 1.0).abs() < 1e-14, "{family:?}");
            assert!((lanes[l] / at(0.2 + 1e-11) - 1.0).abs() > 1e-14, "{family:?}");
        }
    }
}

/// At 35 prompts, more than two blocks, whose features are more than any family sees.
#[test]
fn policies_are_those_of_plain_arithmetic() {
    let coordinates = 7;
    let mut stream = streams("population")[0].clone();
    let mut features: Vec<f64> = (0..35 * coordinates).map(|_| 4.0 * stream.uniform() - 2.0).collect();
    features.chunks_exact_mut(coordinates).for_each(|x| x[0] = 1.0);
    for family in FAMILIES {
        let theta = policies(family, MODES);
        let mut out = vec![[f64::NAN; LANES]; 35 * MODES];
        family.log_policies(MODES, &theta, &features, coordinates, &mut out);
        for l in 0..LANES {
            let at = |theta: &[f64]| -> Vec<f64> {
                let prompts = features.chunks_exact(coordinates);
                prompts
                    .flat_map(|x| plain::log_policy(family, MODES, theta, x))
                    .collect()
            };
            let own = column(&theta, l);
            assert!(furthest(&column(&out, l), &at(&own)) < 1e-13, "{family:?}");
            let moved: Vec<f64> = own.iter().map(|x| x * (1.0 + 1e-11)).collect();
            assert!(furthest(&column(&out, l), &at(&moved)) > 1e-13, "{family:?}");
        }
    }
}

#[test]
fn logits_far_apart_neither_overflow_nor_lose_the_sum() {
    let family = Family::LogLinear { inputs: 0 };
    let theta = [[1e6; LANES], [1e6; LANES], [-1e6; LANES]];
    let mut out = [[f64::NAN; LANES]; 4];
    family.log_policies(4, &theta, &[1.0], 1, &mut out);
    let half = -std::f64::consts::LN_2;
    assert_eq!(column(&out, 3), [half, half, -2e6 + half, -1e6 + half]);
}

/// Prompts of weight 2 are prompts that stand there twice, and those of weight 0 do not count: gradient, Hessian and all that follows.
#[test]
fn a_weight_is_a_number_of_copies() {
    let family = Family::LogLinear { inputs: 3 };
    let training = Training {
        optimiser: Optimiser::Newton,
        decay: 1e-3,
        steps: 100,
        tolerance: 1e-11,
        batch: Batch::Full,
        average: Average::Last,
    };
    let set = Set::new(20, MODES, 4);
    let of = |prompt: usize| [2.0, 0.0, 1.0, 1.0][prompt % 4];
    let weights: Vec<Lanes<f64>> = (0..20).map(|prompt| [of(prompt); LANES]).collect();
    let weighted: Vec<Lanes<f64>> = set
        .target
        .iter()
        .enumerate()
        .map(|(at, row)| row.map(|x| x * of(at / MODES)))
        .collect();
    let mut copied = Set::new(20, MODES, 4);
    copied.features.clear();
    copied.target.clear();
    for prompt in 0..20 {
        for _ in 0..of(prompt) as usize {
            copied
                .features
                .extend_from_slice(&set.features[prompt * set.coordinates..][..set.coordinates]);
            copied.target.extend_from_slice(&set.target[prompt * MODES..][..MODES]);
        }
    }
    let fit = |examples: &Examples<'_>| {
        let mut theta = vec![[0.0; LANES]; family.parameters(MODES)];
        let report = Fitter::new(family, MODES, training).fit(examples, &mut theta, None);
        assert_eq!(report.converged, [1.0; LANES]);
        theta
    };
    let with = |weights| Examples {
        target: &weighted,
        weights: Some(weights),
        ..set.examples()
    };
    let (own, other) = (fit(&with(&weights)), fit(&copied.examples()));
    let apart = |one: &[Lanes<f64>], other: &[Lanes<f64>]| furthest(&column(one, 3), &column(other, 3));
    assert!(apart(&own, &other) < 1e-9, "{}", apart(&own, &other));
    let once = fit(&set.examples());
    assert!(apart(&own, &once) > 1e-3, "weights do not matter");
}
