//! The mean over complete fits: printed values, brute enumeration, the literal formula by convolution, and a series.

use super::*;

fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * 0.637_628_151_621_773_3))
        .take(8)
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// E and P(all seen).
fn found(base: &[f64], alpha: f64, prompts: u64, responses: u64) -> (f64, f64) {
    let fits = CompleteFits::new(base, alpha, prompts, responses).expect("a mean");
    (fits.excess_nll(), fits.all_seen)
}

/// Correction 17 of the reference, by three other codes. What is printed is right to half its last digit.
#[test]
fn the_mean_is_that_of_the_reference() {
    for (alpha, prompts, responses, excess, all_seen) in [
        (16.0, 400, 1, 0.009_217_27, 0.998_360),
        (16.0, 29, 64, 0.009_096_33, 0.999_995),
        (4.0, 100, 4, 0.014_853_25, 0.991_949),
        (4.0, 25, 64, 0.032_239_15, 0.990_606),
        (4.0, 117, 1, 0.029_386_63, 0.795_796),
        (2.0, 37, 3, 0.049_601_47, 0.597_326),
    ] {
        let (e, p) = found(&geo8(), alpha, prompts, responses);
        assert!((e - excess).abs() <= 0.5e-8, "{alpha} {prompts} x {responses}: {e}");
        assert!((p - all_seen).abs() <= 0.5e-6, "{alpha} {prompts} x {responses}: {p}");
    }
}

/// The probability of the counts `own` of one prompt's responses, by the urn, over the orders in which they may come.
fn of_prompt(base: &[f64], alpha: f64, own: &[u32]) -> f64 {
    let (mut drawn, mut p) = (0, 1.0);
    for (mass, &count) in base.iter().zip(own) {
        for c in 0..count {
            p *= if alpha.is_infinite() {
                *mass
            } else {
                (alpha * mass + f64::from(c)) / (alpha + f64::from(drawn))
            };
            drawn += 1;
            p *= f64::from(drawn) / f64::from(c + 1);
        }
    }
    p
}

/// All ways in which `left` responses fall into modes.
fn ways(modes: usize, left: u32) -> Vec<Vec<u32>> {
    if modes == 1 {
        return vec![vec![left]];
    }
    let first = |count: u32| {
        let rest = ways(modes - 1, left - count);
        rest.into_iter().map(move |rest| [vec![count], rest].concat())
    };
    (0..=left).flat_map(first).collect()
}

/// Every way in which the responses of all prompts may fall, one prompt after the other.
fn enumerated(base: &[f64], alpha: f64, prompts: u64, responses: u32) -> (f64, f64) {
    use std::collections::BTreeMap;
    let one = ways(base.len(), responses);
    let mut law = BTreeMap::from([(vec![0; base.len()], 1.0)]);
    for _ in 0..prompts {
        let mut next: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
        for (counts, p) in &law {
            for own in &one {
                let sum = counts.iter().zip(own).map(|(a, b)| a + b).collect();
                *next.entry(sum).or_default() += p * of_prompt(base, alpha, own);
            }
        }
        law = next;
    }
    let n = prompts as f64 * f64::from(responses);
    let complete = law.iter().filter(|(counts, _)| !counts.contains(&0));
    let (mut excess, mut all_seen) = (0.0, 0.0);
    for (counts, p) in complete {
        let kl = base.iter().zip(counts).map(|(q, &s)| q * ln(q * n / f64::from(s)));
        excess += p * kl.sum::<f64>();
        all_seen += p;
    }
    (excess / all_seen, all_seen)
}

/// Where few fits see every mode, rounding is divided by their share: the literal formula in 60 digits (mpmath).
#[test]
fn the_mean_is_right_where_hardly_a_fit_is_complete() {
    for (alpha, prompts, responses, excess, all_seen) in [
        (2.0, 9, 2, 0.210_345_889_189_967, 0.008_629_84),
        (2.0, 8, 2, 0.237_317_945_798_301, 0.004_769_730_9),
        (8.0, 14, 1, 0.215_990_933_310_159, 0.005_681_137_3),
        (4.0, 12, 2, 0.140_655_917_464_454, 0.038_220_384),
    ] {
        let (e, p) = found(&geo8(), alpha, prompts, responses);
        assert!(
            (e / excess - 1.0).abs() < 1e-12 / p,
            "{alpha} {prompts} x {responses}: {e} {excess}"
        );
        assert!(
            (p / all_seen - 1.0).abs() < 1e-7,
            "{alpha} {prompts} x {responses}: {p}"
        );
    }
}

/// Sums of up to some thousand terms, each right to some roundings: 1e-12 of the mean is far beyond that, and far below any
/// difference in formula.
const ROUNDING: f64 = 1e-12;

#[test]
fn the_mean_is_that_of_an_enumeration_of_all_counts() {
    for (base, alpha, prompts, responses) in [
        (vec![0.5, 0.3, 0.2], 2.0, 3, 2),
        (vec![0.5, 0.3, 0.2], f64::INFINITY, 4, 1),
        (vec![0.4, 0.4, 0.2], 0.5, 2, 6),
        (vec![0.25; 4], 7.0, 3, 3),
        (vec![0.9, 0.1], 30.0, 1, 5),
        (vec![0.6, 0.2, 0.1, 0.1], 1.0, 5, 2),
        (vec![0.3, 0.3, 0.15, 0.15, 0.1], 12.0, 2, 5),
    ] {
        let (e, p) = found(&base, alpha, prompts, u64::from(responses));
        let (excess, all_seen) = enumerated(&base, alpha, prompts, responses);
        let case = format!("{base:?} {alpha} {prompts} x {responses}: {e} {excess}, {p} {all_seen}");
        assert!((e / excess - 1.0).abs() < ROUNDING / all_seen, "{case}");
        assert!((p - all_seen).abs() < ROUNDING, "{case}");
        // The control: another concentration is another mean.
        let other = enumerated(&base, 1.1 * alpha.min(1e9), prompts, responses).0;
        assert!(
            alpha.is_infinite() || responses == 1 || (other / excess - 1.0).abs() > 1e-4,
            "{case}"
        );
    }
}

/// The rising factorial (a)_n.
fn rising(a: f64, n: u64) -> f64 {
    (0..n).map(|j| a + j as f64).product()
}

/// The power of a polynomial by squaring.
fn raised(polynomial: &[f64], power: u64) -> Vec<f64> {
    let times = |a: &[f64], b: &[f64]| {
        let mut product = vec![0.0; a.len() + b.len() - 1];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                product[i + j] += x * y;
            }
        }
        product
    };
    match power {
        0 => vec![1.0],
        _ => {
            let half = raised(polynomial, power / 2);
            let whole = times(&half, &half);
            if power % 2 == 1 {
                times(&whole, polynomial)
            } else {
                whole
            }
        }
    }
}

/// Correction 17 word by word: sets one by one, powers of polynomials, logarithms of counts.
fn convolved(base: &[f64], alpha: f64, prompts: u64, responses: u64) -> f64 {
    let (modes, k, n) = (base.len(), responses, (prompts * responses) as f64);
    let (mut sum, mut all_seen) = (0.0, 0.0);
    for set in 0..1_usize << modes {
        let mass: f64 = (0..modes).filter(|j| set >> j & 1 == 1).map(|j| base[j]).sum();
        let sign = if set.count_ones() % 2 == 1 { -1.0 } else { 1.0 };
        let avoided: f64 = (0..k)
            .map(|j| (alpha * (1.0 - mass) + j as f64) / (alpha + j as f64))
            .product();
        let whole = set.count_ones() as usize == modes;
        all_seen += if whole {
            0.0
        } else {
            sign * raised(&[avoided], prompts)[0]
        };
        for m in (0..modes).filter(|m| set >> m & 1 == 0) {
            let (own, other) = (alpha * base[m], alpha * (1.0 - mass - base[m]));
            let law: Vec<f64> = (0..=k)
                .map(|c| {
                    let choose = rising((k - c + 1) as f64, c) / rising(1.0, c);
                    choose * rising(own, c) * rising(other, k - c) / rising(alpha, k)
                })
                .collect();
            let counts = raised(&law, prompts);
            let logs = counts.iter().enumerate().skip(1).map(|(s, p)| p * ln(s as f64 / n));
            sum += sign * base[m] * logs.sum::<f64>();
        }
    }
    let entropy: f64 = -base.iter().map(|&p| p * ln(p)).sum::<f64>();
    -sum / all_seen - entropy
}

/// The literal formula leaves out nothing, groups nothing and integrates nothing; it loses digits as the entropy is taken off.
#[test]
fn the_mean_is_that_of_powers_of_polynomials() {
    for (base, alpha, prompts, responses) in [
        (geo8(), 4.0, 117, 1),
        (geo8(), 2.0, 37, 3),
        (geo8(), 16.0, 29, 16),
        (vec![0.2; 5], 3.0, 20, 4),
        (vec![0.4, 0.2, 0.2, 0.1, 0.1], 9.0, 40, 2),
    ] {
        let (e, p) = found(&base, alpha, prompts, responses);
        let literal = convolved(&base, alpha, prompts, responses);
        let off = (e - literal).abs();
        assert!(
            off < 1e-12 / p,
            "{base:?} {alpha} {prompts} x {responses}: {e} {literal}"
        );
    }
}

/// To third order, 1/2 sum v/pi - 1/3 sum k3/pi^2 + 3/4 sum v^2/pi^3, v and k3 the variance and third central moment of a
/// beta-binomial share over N_p and N_p^2 (correction 3): what is left is of order 1/N_p^2 of it.
fn third_order(base: &[f64], alpha: f64, np: f64, k: f64) -> f64 {
    let spread = (alpha + k) / ((alpha + 1.0) * k * np);
    let skew = (alpha + k) * (alpha + 2.0 * k) / ((alpha + 1.0) * (alpha + 2.0) * k * k * np * np);
    let of_mode = |&p: &f64| {
        let v = p * (1.0 - p) * spread;
        let k3 = p * (1.0 - p) * (1.0 - 2.0 * p) * skew;
        0.5 * v / p - k3 / (3.0 * p * p) + 0.75 * v * v / (p * p * p)
    };
    base.iter().map(of_mode).sum()
}

/// Many prompts, where no convolution reaches: ten times as many leave a hundredth of the remainder, down to rounding.
#[test]
fn the_mean_of_many_prompts_tends_to_the_series() {
    let base = [0.4, 0.3, 0.2, 0.1];
    let off = |prompts: u64| {
        let series = third_order(&base, 4.0, prompts as f64, 8.0);
        found(&base, 4.0, prompts, 8).0 / series - 1.0
    };
    let (few, many, most) = (off(1_000), off(10_000), off(10_000_000));
    assert!(
        few.abs() < 1e-3 && (few / many / 100.0 - 1.0).abs() < 0.1,
        "{few} {many}"
    );
    // 1e-15 nats of rounding beside a mean of some 1/N_p.
    assert!(most.abs() < 1e-15 * 1e7 * 10.0, "{most}");
}

#[test]
fn no_mean_is_given_where_it_would_not_hold() {
    let why = |base: &[f64], alpha, prompts, responses| CompleteFits::new(base, alpha, prompts, responses).err();
    assert_eq!(
        why(&[0.25; 4], 1.0, 1, 3),
        Some(NoMean::FewComplete),
        "three responses, four modes"
    );
    assert_eq!(why(&geo8(), 2.0, 8, 1), Some(NoMean::FewComplete));
    assert_eq!(why(&[1.0 / 17.0; 17], 4.0, 1000, 4), Some(NoMean::ManyModes));
    assert_eq!(why(&geo8(), 4.0, 10, MOST_RESPONSES + 1), Some(NoMean::ManyResponses));
    assert_eq!(why(&[1.0 / 16.0; 16], 4.0, 1000, MOST_RESPONSES), None);
}

/// A beta-binomial law of many draws neither overflows nor loses its sum: 4096 responses of one prompt, and prompts that are
/// all alike, are the same 4096 draws split among 64 prompts.
#[test]
fn many_responses_of_one_prompt_and_few_of_many_agree_where_prompts_are_alike() {
    let base = [0.5, 0.3, 0.2];
    let of = |prompts, responses| found(&base, f64::INFINITY, prompts, responses);
    let (one, many) = (of(1, 4096), of(64, 64));
    assert!((one.0 / many.0 - 1.0).abs() < 1e-11, "{one:?} {many:?}");
}

/// Of many prompts hardly a set of modes is ever absent: what is told in advance counts those that are summed.
#[test]
fn rare_sets_cost_nothing() {
    let fits = |prompts| CompleteFits::new(&geo8(), 4.0, prompts, 8).expect("a mean");
    let (few, many) = (fits(50), fits(50_000));
    assert!(
        few.nanoseconds() > 20 * many.nanoseconds(),
        "{} {}",
        few.nanoseconds(),
        many.nanoseconds()
    );
}
