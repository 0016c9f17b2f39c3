//! Against direct minimisation, enumeration and numbers that an independent prototype gave.

use super::acceptance::{gvm, gvm_cut, made, surviving_shares};
use super::*;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::stream::Streams;

/// Numbers between two bounds, at equal ratios.
fn numbers(name: &str, count: usize, low: f64, high: f64) -> Vec<f64> {
    let mut stream = Streams::new("neyman").purpose(name).stream(0, 0);
    (0..count)
        .map(|_| low * exp(stream.uniform() * ln(high / low)))
        .collect()
}

fn costs(prompt: f64, response: f64) -> Costs {
    Costs { prompt, response }
}

fn random(case: usize) -> Allocation {
    let name = format!("case {case}");
    let draws = numbers(&name, 11, 0.05, 20.0);
    let share: f64 = draws[..3].iter().sum();
    let kind = |i: usize| Kind {
        share: draws[i] / share,
        variance: draws[3 + i],
        price: draws[6 + i],
    };
    Allocation {
        between: draws[9],
        prompt_price: draws[10],
        kinds: (0..3).map(kind).collect(),
    }
}

/// The least of a function of numbers at the corners of finer and finer grids around the best so far, on a log scale: no derivative.
fn minimise(start: Vec<f64>, bounds: [f64; 2], of: impl Fn(&[f64]) -> f64) -> f64 {
    let (mut at, mut step) = (start, 2.0);
    let mut best = of(&at);
    while step > 1e-9 {
        let mut moved = false;
        for place in 0..at.len() {
            for factor in [exp(step), exp(-step)] {
                let mut other = at.clone();
                other[place] = (other[place] * factor).clamp(bounds[0], bounds[1]);
                let value = of(&other);
                if value < best {
                    (at, best, moved) = (other, value, true);
                }
            }
        }
        if !moved {
            step *= 0.5;
        }
    }
    best
}

/// The search ends within some 1e-9 of the log of each K, where the product is flat: what is left is far below 1e-12 of it.
#[test]
fn no_numbers_of_responses_are_better_than_those_of_neyman() {
    for case in 0..20 {
        let own = random(case);
        let found = minimise(vec![1.0; 3], [1e-6, 1e6], |k| own.product(k));
        for least in [own.product(&own.best()), own.least_product()] {
            assert!((found / least - 1.0).abs() < 1e-12, "{case}: {found} {least}");
        }
        let constant = minimise(vec![1.0], [1e-6, 1e6], |k| own.product_of_constant(k[0]));
        let gained = gain(own.response_weight(), own.evenness());
        assert!((constant / own.least_product() / gained - 1.0).abs() < 1e-12, "{case}");
    }
}

#[test]
fn with_bounds_none_within_them_are_better() {
    for case in 0..40 {
        let own = random(case);
        for bounds in [[1.0, 1e9], [1.0, 4.0], [0.5, 2.0]] {
            let responses = own.within(bounds[0], bounds[1]);
            assert!(responses.iter().all(|k| (bounds[0]..=bounds[1]).contains(k)));
            // From several starts: at a bound a step along one coordinate may not be enough.
            let starts = [bounds[0], bounds[0].max(1.5), bounds[1].min(30.0)];
            let search = |start: f64| minimise(vec![start; 3], bounds, |k| own.product(k));
            let found = starts.map(search).into_iter().fold(f64::INFINITY, f64::min);
            let least = own.product(&responses);
            assert!(
                (found / least - 1.0).abs() < 1e-10,
                "{case} {bounds:?}: {found} {least}"
            );
        }
    }
    // Without variance all stand at the lower bound; and far bounds are none.
    let mut own = random(3);
    let (free, best) = (own.within(1e-9, 1e9), own.best());
    assert!(
        free.iter().zip(&best).all(|(a, b)| (a / b - 1.0).abs() < 1e-12),
        "{free:?} {best:?}"
    );
    own.kinds.iter_mut().for_each(|kind| kind.variance = 0.0);
    assert_eq!(own.within(1.0, 9.0), [1.0; 3]);
}

/// Rows of the reference: kappa = K* C_r/C_p from its K* to two decimals, c_v to three; so gains are known to some .002.
#[test]
fn gains_are_those_of_the_reference() {
    for (c_v, best, cp, gained) in [
        (0.968, 2.59, 1.0, 1.048),
        (0.968, 8.20, 10.0, 1.029),
        (0.968, 25.9, 100.0, 1.013),
        (0.854, 1.10, 1.0, 1.172),
        (0.854, 3.47, 10.0, 1.079),
        (0.854, 11.0, 100.0, 1.029),
        (0.709, 0.737, 1.0, 1.301),
        (0.709, 2.33, 10.0, 1.120),
        (0.709, 7.37, 100.0, 1.041),
    ] {
        let found = gain(best / cp, c_v);
        assert!((found - gained).abs() < 2e-3, "{c_v} {cp}: {found} {gained}");
        // Two kinds with this c_v, worked out as an allocation: (1 + sqrt w)^2/(2 (1 + w)) = c_v^2 for halves of variances 1 and w.
        let square = c_v * c_v;
        let root = (1.0 - (1.0 - (2.0 * square - 1.0) * (2.0 * square - 1.0)).sqrt()) / (2.0 * square - 1.0);
        let variances = [1.0, root * root];
        let mean = 0.5 * (variances[0] + variances[1]);
        let between = mean * cp / (best * best);
        let own = Allocation::of_prompts(between, &costs(cp, 1.0), &variances);
        assert!((own.evenness() - c_v).abs() < 1e-12 && (own.best_constant() / best - 1.0).abs() < 1e-12);
        let by_products = own.product_of_constant(best) / own.product(&own.best());
        assert!((by_products / found - 1.0).abs() < 1e-12, "{by_products} {found}");
    }
}

/// (alpha, share, C_p): K*, K_open, gain, to the digits of the reference.
#[test]
fn open_prompts_have_the_responses_of_the_reference() {
    for (share, cp, open, gained) in [
        (0.2, 1.0, 12.0, 2.551),
        (0.2, 4.0, 19.6, 2.273),
        (0.2, 16.0, 36.7, 1.846),
        (0.1, 1.0, 17.4, 3.578),
        (0.5, 1.0, 6.93, 1.522),
    ] {
        let own = OpenShare {
            share,
            components: Components {
                prompt: 1.0,
                response: 16.0,
            },
            costs: costs(cp, 1.0),
        };
        let best = own.best_open();
        assert!((best / open - 1.0).abs() < 5e-3, "{best} {open}");
        let constant = own.costs.best_responses(&own.components);
        let ratio = own.product(constant, constant) / own.product(best, 1.0);
        assert!((ratio - gained).abs() < 5e-4, "{ratio} {gained}");
        // The second route: two kinds of prompts, of which the closed ones stand at the lower bound.
        let kinds = own.allocation();
        let bounded = kinds.within(1.0, 1e6);
        assert!(
            (bounded[0] / best - 1.0).abs() < 1e-9 && bounded[1] == 1.0,
            "{bounded:?}"
        );
        assert!((kinds.gain(&bounded) / ratio - 1.0).abs() < 1e-9);
    }
    let own = OpenShare {
        share: 0.2,
        components: Components {
            prompt: 1.0,
            response: 16.0,
        },
        costs: costs(1.0, 1.0),
    };
    let free = own.product(4.0, 4.0) * own.share / own.allocation().least_product();
    assert!((free - 3.214).abs() < 1e-3, "without the lower bound: {free}");
}

/// Every list of whole numbers with that sum, one by one.
fn all_lists(most: &[u64], total: u64) -> Vec<Vec<u64>> {
    let Some((&first, rest)) = most.split_first() else {
        return if total == 0 { vec![Vec::new()] } else { Vec::new() };
    };
    let with = |k: u64| {
        let lists = all_lists(rest, total - k).into_iter();
        lists.map(move |list| [&[k][..], &list].concat())
    };
    (1..=first.min(total)).flat_map(with).collect()
}

#[test]
fn whole_numbers_are_the_best_of_all() {
    let left = |variances: &[f64], k: &[u64]| variances.iter().zip(k).map(|(v, &k)| v / k as f64).sum::<f64>();
    for case in 0..30 {
        let mut variances = numbers(&format!("whole {case}"), 4, 0.01, 10.0);
        if case % 3 == 0 {
            variances[1] = 0.0;
        }
        let most = [9, 3, 12, 5];
        for total in 4..=20 {
            let found = spread(&variances, &most, total).expect("there is room");
            assert_eq!(found.iter().sum::<u64>(), total);
            assert!(
                found.iter().zip(&most).all(|(k, most)| (1..=*most).contains(k)),
                "{found:?}"
            );
            let best = all_lists(&most, total);
            let best = best.iter().map(|k| left(&variances, k)).fold(f64::INFINITY, f64::min);
            assert!(
                left(&variances, &found) <= best * (1.0 + 1e-12),
                "{variances:?} {total}: {found:?}"
            );
        }
        assert_eq!(spread(&variances, &most, 3), None);
        assert_eq!(spread(&variances, &most, 30), None);
    }
    // Large totals take no longer: in real numbers they are proportional to sqrt(v).
    let many = spread(&[1.0, 4.0, 9.0], &[u64::MAX; 3], 6_000_000_000).expect("there is room");
    assert_eq!(many, [1_000_000_000, 2_000_000_000, 3_000_000_000]);
    assert_eq!(spread(&[0.0; 3], &[2, 5, 5], 9), Some(vec![2, 5, 2]));
}

#[test]
fn prompts_without_an_accepted_response_drop_out() {
    let shares = surviving_shares(&[(0.5, 0.9, 4), (0.5, 0.1, 4)]);
    assert!((shares[1] - 0.256).abs() < 5e-4, "{shares:?}");
    // Neyman at the same total: 1 to 3.
    assert!((made(1.0, 0.1) / made(1.0, 0.9) - 3.0).abs() < 1e-12);
    let shares = surviving_shares(&[(0.5, 0.9, 2), (0.5, 0.1, 6)]);
    assert!((shares[1] - 0.321).abs() < 5e-4, "{shares:?}");
}

#[test]
fn gvm_is_neyman_with_a_cut_off() {
    let (a, beta) = (0.01, 2.0);
    let cut = gvm_cut(a, beta).expect("a cut");
    assert!((cut - 0.1).abs() < 1e-14);
    let weight = |p: f64| gvm(1.0, p, a, beta);
    for step in [0.5, 0.9, 0.999, 1.001, 1.1, 2.0] {
        assert!(weight(cut * step) < weight(cut), "{step}");
    }
    assert!(weight(1e-6) < 0.02, "prompts that are next to never right are given up");
    // Without the penalty it is Neyman allocation with G in place of sqrt(v).
    assert!((gvm(3.0, 0.25, 0.0, beta) - made(9.0, 0.25)).abs() < 1e-14);
    assert_eq!(gvm_cut(a, 1.0), None);
}
