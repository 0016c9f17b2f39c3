//! Owns the law of how many of n draws from a Polya urn are of one kind: the beta-binomial, and the binomial as its limit.
//!
//! One draw adds `spread` = 1/alpha to the weight of its kind, in units in which the base weights are probabilities. Values come from
//! ratios of neighbours, started near the mean and normalised by their sum, so that each keeps its relative
//! precision (a few roundings per step) however far out it lies. Nothing is subtracted and no logarithm is taken.

/// P(k of `n` draws are of a kind of weight `own` against `other`), k = 0, ..., n. Weights need not add up to 1; where both are 0,
/// nothing is of the kind.
pub(super) fn pmf(n: u32, own: f64, other: f64, spread: f64) -> Vec<f64> {
    let length = n as usize + 1;
    if own == 0.0 || other == 0.0 {
        let mut sure = vec![0.0; length];
        sure[if own == 0.0 { 0 } else { length - 1 }] = 1.0;
        return sure;
    }
    let start = (f64::from(n) * (own / (own + other))) as usize;
    let mut values = outward(length, start, |k| {
        let (k, left) = (k as f64, (n as usize - k) as f64);
        // The four factors are rounded apart: a common ratio would err the same way in every step.
        (left * (own + k * spread), (k + 1.0) * (other + (left - 1.0) * spread))
    });
    let total: f64 = values.iter().sum();
    values.iter_mut().for_each(|v| *v /= total);
    values
}

/// Values at 0, ..., length - 1 in proportion, 1 at `start`, from the ratio value(k + 1)/value(k) = top/bottom.
pub(super) fn outward(length: usize, start: usize, ratio: impl Fn(usize) -> (f64, f64)) -> Vec<f64> {
    let mut values = vec![0.0; length];
    let start = start.min(length - 1);
    values[start] = 1.0;
    for k in start..length - 1 {
        let (top, bottom) = ratio(k);
        values[k + 1] = values[k] * top / bottom;
    }
    for k in (0..start).rev() {
        let (top, bottom) = ratio(k);
        values[k] = values[k + 1] * bottom / top;
    }
    values
}

/// P(Bin(n, u) <= most), with both u and v = 1 - u given, for each may be the smaller one.
pub(super) fn at_most(n: u32, most: u32, u: f64, v: f64) -> f64 {
    if most >= n {
        return 1.0;
    }
    pmf(n, u, v, 0.0)[..=most as usize].iter().sum()
}
