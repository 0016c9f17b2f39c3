//! Owns the softmax of one row of logits.

use super::elementary::exp;

/// exp(x_m)/sum_j exp(x_j), in place, for finite logits: the largest is taken off first, so that nothing overflows.
pub fn softmax(logits: &mut [f64]) {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logits.iter_mut().for_each(|x| *x = exp(*x - top));
    let total: f64 = logits.iter().sum();
    logits.iter_mut().for_each(|x| *x /= total);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::ln;

    #[test]
    fn shares_are_those_of_the_exponentials() {
        let mut row = [0.0, ln(2.0), ln(5.0)];
        softmax(&mut row);
        for (p, q) in row.iter().zip([1.0, 2.0, 5.0]) {
            assert!((p - q / 8.0).abs() < 2.0 * f64::EPSILON, "{row:?}");
        }
    }

    #[test]
    fn large_logits_do_not_overflow() {
        let mut row = [800.0, 800.0, -800.0];
        softmax(&mut row);
        assert_eq!(row, [0.5, 0.5, 0.0]);
    }
}
