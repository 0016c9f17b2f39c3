//! Owns Gauss-Legendre quadrature: n nodes that integrate polynomials up to degree 2n - 1 without error.
//!
//! Our own few lines of Newton's method, because the crates that offer nodes start from platform cosines. The unknown is the distance
//! from the end of the interval and not the node itself: near the ends, where 1 - x has few digits, the recurrence in
//! y = 1 - x keeps the relative precision of both distance and weight.

/// A rule of n nodes on an interval.
#[derive(Debug, Clone)]
pub(super) struct Legendre {
    /// From the lower end: (distance to the lower end, weight), as shares of the interval's length.
    points: Vec<(f64, f64)>,
}

impl Legendre {
    /// The rule of `n` nodes, n >= 1.
    pub(super) fn new(n: usize) -> Self {
        let mut points = vec![(0.0, 0.0); n];
        for i in 0..n.div_ceil(2) {
            let (y, weight) = root(n, guess(n, i));
            // The weights on [-1, 1] add up to 2.
            points[i] = (0.5 * y, 0.5 * weight);
            points[n - 1 - i] = (0.5 * (2.0 - y), 0.5 * weight);
        }
        Self { points }
    }

    /// The nodes on an interval of `length`, as distances from the lower end, and their weights.
    pub(super) fn on(&self, length: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.points
            .iter()
            .map(move |&(x, weight)| (x * length, weight * length))
    }

    /// The integral of `f` over an interval of `length`; `f` is given the distance from the lower end.
    pub(super) fn integrate(&self, length: f64, f: impl Fn(f64) -> f64) -> f64 {
        let sum: f64 = self.points.iter().map(|&(x, weight)| weight * f(x * length)).sum();
        sum * length
    }
}

/// 1 - cos(theta) with theta = pi (i + 3/4)/(n + 1/2), near the i-th root (Abramowitz and Stegun 1964, 22.16.6).
fn guess(n: usize, i: usize) -> f64 {
    let half = 0.5 * std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5);
    let square = half * half;
    // The sine of at most pi/4 + a little: six terms are more than a first guess needs.
    let series = [110.0, 72.0, 42.0, 20.0, 6.0]
        .iter()
        .fold(1.0, |sum, divisor| 1.0 - square / divisor * sum);
    let sine = half * series;
    2.0 * sine * sine
}

/// The root of P_n at distance y from 1 nearest to a guess, and its weight 2 (1 - x^2)/(n P_{n-1}(x))^2 (Abramowitz and Stegun 1964, 25.4.29).
fn root(n: usize, mut y: f64) -> (f64, f64) {
    let mut weight = 0.0;
    // Newton doubles the digits: five steps reach rounding from any first guess; the rest only confirm it.
    for _ in 0..10 {
        let (value, step) = legendre(n, y);
        let before = value - step;
        let square = y * (2.0 - y);
        // P_n' = n (P_{n-1} - x P_n)/(1 - x^2), by x; the distance runs the other way.
        let slope = n as f64 * (before - (1.0 - y) * value) / square;
        weight = 2.0 * square / (n as f64 * before * (n as f64 * before));
        let moved = value / slope;
        y += moved;
        if moved.abs() <= f64::EPSILON * y {
            break;
        }
    }
    (y, weight)
}

/// P_n(1 - y) and P_n(1 - y) - P_{n-1}(1 - y), by (k + 1) D_{k+1} = k D_k - (2k + 1) y P_k.
fn legendre(n: usize, y: f64) -> (f64, f64) {
    let (mut value, mut step) = (1.0, 0.0);
    for k in 0..n {
        let k = k as f64;
        step = (k * step - (2.0 * k + 1.0) * y * value) / (k + 1.0);
        value += step;
    }
    (value, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_three_nodes_are_the_textbook_ones() {
        let two = Legendre::new(2);
        assert!((two.points[0].0 - 0.5 * (1.0 - 1.0 / 3f64.sqrt())).abs() < 1e-16);
        assert!((two.points[1].1 - 0.5).abs() < 1e-15);
        let three = Legendre::new(3);
        assert!((three.points[0].0 - 0.5 * (1.0 - 0.6f64.sqrt())).abs() < 1e-16);
        assert!((three.points[1].0 - 0.5).abs() < 1e-16);
        assert!((three.points[1].1 - 4.0 / 9.0).abs() < 1e-15);
        assert_eq!(Legendre::new(1).points, [(0.5, 1.0)]);
    }

    fn power(x: f64, n: usize) -> f64 {
        crate::numerics::elementary::powi(x, n as i32)
    }

    /// The monomial of the highest degree has its mass at one end, where the nodes' relative precision counts.
    #[test]
    fn a_rule_of_n_nodes_is_exact_up_to_degree_2n_less_1_and_no_further() {
        for n in [1, 2, 5, 8, 32, 64, 128, 512] {
            let rule = Legendre::new(n);
            for degree in [0, 1, n, 2 * n - 1] {
                for from_top in [false, true] {
                    let f = |x: f64| power(if from_top { 1.0 - x } else { x }, degree);
                    let error = rule.integrate(1.0, f) * (degree as f64 + 1.0) - 1.0;
                    assert!(error.abs() < 4e-16 * (16.0 + degree as f64), "{n} {degree}: {error:e}");
                }
            }
        }
        let beyond = Legendre::new(5).integrate(1.0, |x| power(x, 10)) * 11.0 - 1.0;
        assert!(beyond.abs() > 1e-6, "{beyond:e}");
    }
}
