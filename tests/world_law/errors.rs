//! The world with wrong responses against its exact law: tuples of responses, components by enumeration of pairs, and the closed forms of
//! the loss.

use super::check::{draw, fit, index, ordered, tuples};
use mode_lottery::numerics::elementary::{ln, powi};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::theory::budget::Costs;
use mode_lottery::world::{BaseWeights, Dirichlet, Errors, ModeTruth, World, WrongResponse};

const PROMPTS: u32 = 50;
const SETS: u64 = 500;
const BASE: [f64; 2] = [0.7, 0.3];

fn dirichlet(alpha: f64) -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(&BASE).unwrap(), alpha)
}

fn world(alpha: f64, share: f64, clustering: f64, wrong: WrongResponse) -> Errors {
    Errors::new(dirichlet(alpha), share, clustering, wrong)
}

/// E eps^w (1 - eps)^g of a Beta variable of mean `share` and concentration 1/r - 1.
fn pattern(share: f64, r: f64, wrong: usize, right: usize) -> f64 {
    if r == 1.0 {
        return match (wrong, right) {
            (0, _) => 1.0 - share,
            (_, 0) => share,
            _ => 0.0,
        };
    }
    let rising = |base: f64, n: usize| (0..n).map(|i| base * (1.0 - r) + i as f64 * r).product::<f64>();
    let all: f64 = (0..wrong + right).map(|i| (1.0 - r) + i as f64 * r).product();
    rising(share, wrong) * rising(1.0 - share, right) / all
}

/// The law of ordered tuples: over every set of wrong ones.
fn law(alpha: f64, share: f64, r: f64, wrong: WrongResponse, depth: usize) -> Vec<f64> {
    let (modes, each, first) = match wrong {
        WrongResponse::OfModes(more) => (2 + more, 1.0 / more as f64, 2),
        WrongResponse::OnSupport => (2, 0.5, 0),
    };
    let of_set = |tuple: &[u16], set: usize| {
        let is_wrong = |place: usize| set >> place & 1 == 1;
        let count = (0..depth).filter(|place| is_wrong(*place)).count();
        let may = |(place, mode): (usize, &u16)| match is_wrong(place) {
            true => usize::from(*mode) >= first,
            false => *mode < 2,
        };
        if !tuple.iter().enumerate().all(may) {
            return 0.0;
        }
        let right: Vec<u16> = (0..depth)
            .filter(|place| !is_wrong(*place))
            .map(|place| tuple[place])
            .collect();
        pattern(share, r, count, depth - count) * ordered(alpha, &BASE, &right) * powi(each, count as i32)
    };
    let of_tuple = |tuple: Vec<u16>| (0..1 << depth).map(|set| of_set(&tuple, set)).sum();
    tuples(modes, depth).map(of_tuple).collect()
}

fn counts(world: &dyn World, modes: usize, depth: usize) -> Vec<u64> {
    let mut counts = vec![0; modes.pow(depth as u32)];
    draw(world, "errors", PROMPTS, SETS, depth, |tuple| {
        counts[index(tuple, modes)] += 1
    });
    counts
}

#[test]
fn ordered_responses_follow_the_law_of_right_and_wrong_ones() {
    for (wrong, modes) in [
        (WrongResponse::OfModes(1), 3),
        (WrongResponse::OfModes(2), 4),
        (WrongResponse::OnSupport, 2),
    ] {
        for (share, r) in [(0.3, 0.0), (0.3, 0.4), (0.2, 1.0)] {
            let found = counts(&world(2.0, share, r, wrong), modes, 4);
            let what = format!("{wrong:?} share {share} clustering {r}");
            fit(&found, &law(2.0, share, r, wrong, 4)).must_hold(&what);
            fit(&found, &law(2.0, share + 0.02, r, wrong, 4)).must_fail("another share");
            fit(&found, &law(2.5, share, r, wrong, 4)).must_fail("another concentration");
            let other = if r < 0.7 { r + 0.1 } else { r - 0.1 };
            fit(&found, &law(2.0, share, other, wrong, 4)).must_fail("another clustering");
        }
    }
}

/// Cov(1[y = m], 1[y' = m]) of two responses is V_x of mode m, and the rest of its variance V_{y|x}: by enumeration of all pairs. The same of
/// a statistic with values.
#[test]
fn components_are_those_of_the_law_of_pairs() {
    for wrong in [
        WrongResponse::OfModes(1),
        WrongResponse::OfModes(2),
        WrongResponse::OnSupport,
    ] {
        for (alpha, share, r) in [(0.5, 0.3, 0.0), (4.0, 0.1, 0.4), (16.0, 0.6, 1.0)] {
            let world = world(alpha, share, r, wrong);
            let modes = world.mean().len();
            let pairs: Vec<(Vec<u16>, f64)> = tuples(modes, 2).zip(law(alpha, share, r, wrong, 2)).collect();
            let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-14, "{found} {expected}");
            let check = |values: &[f64]| {
                let own = world.components(values);
                let mean: f64 = world.mean().iter().zip(values).map(|(p, v)| p * v).sum();
                let of_pair =
                    |(t, p): &(Vec<u16>, f64)| p * t.iter().map(|y| values[usize::from(*y)] - mean).product::<f64>();
                near(own.prompt, pairs.iter().map(of_pair).sum());
                let total: f64 = world
                    .mean()
                    .iter()
                    .zip(values)
                    .map(|(p, v)| p * (v - mean) * (v - mean))
                    .sum();
                near(own.prompt + own.response, total);
            };
            check(&[1.0, -0.5, 3.0, 0.3][..modes]);
            for mode in 0..modes {
                let one: Vec<f64> = (0..modes).map(|own| if own == mode { 1.0 } else { 0.0 }).collect();
                check(&one);
                assert_eq!(world.mode_components()[mode], world.components(&one));
            }
        }
    }
}

/// Without errors draws have the bits of the Dirichlet world; and a response that is right is the same at every share of errors.
#[test]
fn errors_move_no_right_response() {
    let rows = |world: &dyn World| {
        let mut sampler = world.sampler(&Streams::new("errors move none"), 12);
        (0..40)
            .flat_map(|prompt| sampler.draw(0, prompt, 12).to_vec().into_flattened())
            .collect::<Vec<_>>()
    };
    let clean = rows(&dirichlet(2.0));
    assert_eq!(rows(&world(2.0, 0.0, 0.3, WrongResponse::OfModes(2))), clean);
    let some = rows(&world(2.0, 0.3, 0.3, WrongResponse::OfModes(2)));
    let right = some.iter().zip(&clean).filter(|(one, _)| **one < 2);
    assert!(right.clone().all(|(one, clean)| one == clean));
    assert!((right.count() as f64 / clean.len() as f64 - 0.7).abs() < 0.1);
}

fn geo8(alpha: f64, share: f64, clustering: f64, wrong: WrongResponse) -> Errors {
    let base = BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap();
    Errors::new(Dirichlet::new(base, alpha), share, clustering, wrong)
}

/// V_x = (M-1)/(alpha+1) + r eps/(1-eps) (M+alpha)/(alpha+1) and V_x + V_{y|x} = M/(1-eps) - 1: the second route to what the world sums over
/// its modes. The floor is -ln(1 - eps).
#[test]
fn the_loss_has_the_closed_form() {
    let m = 8.0;
    for (alpha, share, r) in [
        (4.0, 0.2, 0.0),
        (4.0, 0.2, 1.0),
        (16.0, 0.3, 0.1),
        (0.5, 0.6, 0.3),
        (4.0, 0.0, 0.5),
    ] {
        for more in [1, 3] {
            let world = geo8(alpha, share, r, WrongResponse::OfModes(more));
            let own = world.loss_components();
            let prompt = (m - 1.0) / (alpha + 1.0) + r * share / (1.0 - share) * (m + alpha) / (alpha + 1.0);
            assert!((own.prompt / prompt - 1.0).abs() < 1e-13, "{own:?} {prompt}");
            let total = m / (1.0 - share) - 1.0;
            assert!(
                ((own.prompt + own.response) / total - 1.0).abs() < 1e-13,
                "{own:?} {total}"
            );
            assert!((world.loss_floor() + ln(1.0 - share)).abs() < 1e-14);
            let first = world.excess_nll_first_order(100, 4).unwrap();
            let expected = -ln(1.0 - share) + 0.5 * (prompt + (total - prompt) / 4.0) / 100.0;
            assert!((first / expected - 1.0).abs() < 1e-13, "{first} {expected}");
        }
    }
}

/// K* at C_p/C_r = 4, alpha = 4, M = 8, as a second code has it: errors that fall alike on all prompts ask for more responses, errors of whole
/// prompts for fewer.
#[test]
fn the_best_number_of_responses_moves_with_errors() {
    let costs = Costs {
        prompt: 4.0,
        response: 1.0,
    };
    let best =
        |share: f64, r: f64| costs.best_responses(&geo8(4.0, share, r, WrongResponse::OfModes(1)).budget_components());
    for (r, expected) in [
        (0.0, [4.31, 4.66, 5.59, 7.09]),
        (0.2, [4.21, 4.44, 4.97, 5.64]),
        (1.0, [3.86, 3.74, 3.53, 3.35]),
    ] {
        assert!((best(0.0, r) - 4.0).abs() < 1e-12);
        for (share, expected) in [0.1, 0.2, 0.4, 0.6].into_iter().zip(expected) {
            let found = best(share, r);
            assert!(
                (found - expected).abs() < 0.005 + 1e-9,
                "{share} {r}: {found} {expected}"
            );
        }
    }
}

/// On the support the floor is KL(base || (1 - eps) base + eps/M): of second order in eps.
#[test]
fn on_the_support_the_floor_is_of_second_order() {
    let floor = |share: f64| geo8(4.0, share, 0.0, WrongResponse::OnSupport).loss_floor();
    for (share, expected) in [
        (0.05, 0.0018),
        (0.1, 0.0065),
        (0.2, 0.0224),
        (0.3, 0.0453),
        (0.5, 0.109),
    ] {
        let found = floor(share);
        // Given to two or three digits.
        let within = 5e-5 + 0.005 * expected;
        assert!((found - expected).abs() < within, "{share}: {found} {expected}");
    }
    // eps^2/2 times the chi-squared distance of the uniform distribution from the base, for small eps.
    let base = BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap();
    let chi2: f64 = base.probabilities().iter().map(|p| (0.125 - p) * (0.125 - p) / p).sum();
    assert!((floor(1e-4) / (0.5e-8 * chi2) - 1.0).abs() < 1e-3);
    assert!(floor(0.05) < 0.05 * floor(0.5));
}
