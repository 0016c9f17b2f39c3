//! Owns ranks within a query and correlations of what groups are ranked by.

use super::arm::Asked;

/// Ranks from 1, the least first; those of equal numbers are their average.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|&i, &j| values[i] == values[j]) {
        // Places first + 1 to first + n.
        let average = first as f64 + 0.5 * (tied.len() + 1) as f64;
        tied.iter().for_each(|&i| ranks[i] = average);
        first += tied.len();
    }
    ranks
}

/// The tenth of all ranks that one lies in, from 1 to 10: 10 r/n, rounded up.
pub(super) fn tenth(rank: f64, of: usize) -> u32 {
    (f64::from(Asked::RANKS) * rank / of as f64).ceil() as u32
}

/// The correlation of two lists; none where one is the same number throughout.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let varies = |x: &[f64]| x.iter().any(|value| *value != x[0]);
    if !varies(x) || !varies(y) {
        return None;
    }
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let means = [mean(x), mean(y)];
    let product = |a: &[f64], b: &[f64], [mean_a, mean_b]: [f64; 2]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum()
    };
    let squares = product(x, x, [means[0]; 2]) * product(y, y, [means[1]; 2]);
    Some(product(x, y, means) / squares.sqrt())
}

/// The coefficients of a regression of r on q and d, all three standardised, by the correlations r-q, r-d and q-d.
pub(super) fn partial([rq, rd, qd]: [f64; 3]) -> [f64; 2] {
    let left = 1.0 - qd * qd;
    [(rq - rd * qd) / left, (rd - rq * qd) / left]
}
