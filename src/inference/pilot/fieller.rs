//! Owns the set of ratios that a quadratic inequality leaves (Fieller 1954): an interval, a half line, what is outside one, or all.

/// `second rho^2 + 2 half_first rho + constant`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quadratic {
    pub(super) second: f64,
    pub(super) half_first: f64,
    pub(super) constant: f64,
}

/// Ratios that are not rejected. Ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RatioSet {
    /// From the first to the second.
    Between(f64, f64),
    /// From this upwards.
    From(f64),
    /// From this downwards.
    UpTo(f64),
    /// Up to the first, and from the second upwards: the denominator may be 0.
    Outside(f64, f64),
    /// All.
    Everything,
}

impl Quadratic {
    /// Where it is 0 or below.
    ///
    /// Roots by the sum that does not cancel, q = -(b + sign(b) sqrt(b^2 - ac)): q/a and c/q. A parabola that opens upwards is 0 or below at
    /// the estimate itself: that its discriminant is negative can only be rounding, and its vertex is the set.
    pub(super) fn below(&self) -> RatioSet {
        let (a, b, c) = (self.second, self.half_first, self.constant);
        if [a, b, c].iter().any(|coefficient| coefficient.is_nan()) {
            return RatioSet::Everything;
        }
        if a == 0.0 {
            return match b {
                b if b > 0.0 => RatioSet::UpTo(-c / (2.0 * b)),
                b if b < 0.0 => RatioSet::From(-c / (2.0 * b)),
                _ => RatioSet::Everything,
            };
        }
        let discriminant = b * b - a * c;
        if discriminant <= 0.0 {
            let vertex = -b / a;
            return if a > 0.0 {
                RatioSet::Between(vertex, vertex)
            } else {
                RatioSet::Everything
            };
        }
        let q = -(b + discriminant.sqrt().copysign(b));
        let (one, other) = (q / a, c / q);
        let (low, high) = if one < other { (one, other) } else { (other, one) };
        if a > 0.0 {
            RatioSet::Between(low, high)
        } else {
            RatioSet::Outside(low, high)
        }
    }
}

impl RatioSet {
    /// Whether a ratio is in it.
    #[must_use]
    pub fn contains(&self, ratio: f64) -> bool {
        match *self {
            RatioSet::Between(low, high) => low <= ratio && ratio <= high,
            RatioSet::From(low) => low <= ratio,
            RatioSet::UpTo(high) => ratio <= high,
            RatioSet::Outside(low, high) => ratio <= low || high <= ratio,
            RatioSet::Everything => true,
        }
    }

    /// The least interval with all ratios of the set that are 0 or more; (0, 0) where there is none.
    #[must_use]
    pub fn at_least_0(&self) -> (f64, f64) {
        let (low, high) = match *self {
            RatioSet::Between(low, high) => (low, high),
            RatioSet::Outside(low, high) if low < 0.0 => (high, f64::INFINITY),
            RatioSet::From(low) => (low, f64::INFINITY),
            RatioSet::UpTo(high) => (0.0, high),
            RatioSet::Outside(..) | RatioSet::Everything => (0.0, f64::INFINITY),
        };
        let clipped = |end: f64| if end > 0.0 { end } else { 0.0 };
        (clipped(low), clipped(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(second: f64, half_first: f64, constant: f64) -> RatioSet {
        Quadratic {
            second,
            half_first,
            constant,
        }
        .below()
    }

    /// (rho - 1)(rho - 3), its opposite, a line, and parabolas without roots.
    #[test]
    fn every_shape_is_told_apart() {
        assert_eq!(of(1.0, -2.0, 3.0), RatioSet::Between(1.0, 3.0));
        assert_eq!(of(-1.0, 2.0, -3.0), RatioSet::Outside(1.0, 3.0));
        assert_eq!(of(0.0, 0.5, -2.0), RatioSet::UpTo(2.0));
        assert_eq!(of(0.0, -0.5, 2.0), RatioSet::From(2.0));
        assert_eq!(of(-1.0, 0.0, -1.0), RatioSet::Everything);
        assert_eq!(of(1.0, -2.0, 4.0), RatioSet::Between(2.0, 2.0));
        assert_eq!(of(0.0, 0.0, -1.0), RatioSet::Everything);
        assert_eq!(of(f64::NAN, 1.0, 1.0), RatioSet::Everything);
        assert_eq!(of(1.0, 0.0, -4.0), RatioSet::Between(-2.0, 2.0));
    }

    /// Roots 1e-9 and 1e9: by the formula of schools the small one is lost.
    #[test]
    fn a_small_root_beside_a_large_one_keeps_its_digits() {
        let RatioSet::Between(low, high) = of(1.0, -5e8, 1.0) else {
            panic!("it opens upwards");
        };
        assert!(
            (low * 1e9 - 1.0).abs() < 1e-15 && (high * 1e-9 - 1.0).abs() < 1e-15,
            "{low} {high}"
        );
        assert!((5e8 - (25e16_f64 - 1.0).sqrt()).abs() < 1e-10, "all digits cancel");
    }

    #[test]
    fn what_is_0_or_more_is_kept_of_every_shape() {
        let cases = [
            (RatioSet::Between(1.0, 3.0), (1.0, 3.0)),
            (RatioSet::Between(-1.0, 3.0), (0.0, 3.0)),
            (RatioSet::Between(-3.0, -1.0), (0.0, 0.0)),
            (RatioSet::From(-1.0), (0.0, f64::INFINITY)),
            (RatioSet::From(2.0), (2.0, f64::INFINITY)),
            (RatioSet::UpTo(2.0), (0.0, 2.0)),
            (RatioSet::Outside(-2.0, 1.0), (1.0, f64::INFINITY)),
            (RatioSet::Outside(0.5, 1.0), (0.0, f64::INFINITY)),
            (RatioSet::Everything, (0.0, f64::INFINITY)),
        ];
        for (set, kept) in cases {
            assert_eq!(set.at_least_0(), kept, "{set:?}");
        }
    }

    /// The second route: the sign of the polynomial itself, on a grid that has no root.
    #[test]
    fn a_ratio_is_in_the_set_where_the_polynomial_is_not_above_0() {
        for (a, b, c) in [
            (2.0, -3.1, 1.0),
            (-2.0, 0.7, 1.3),
            (0.0, 1.7, 0.3),
            (1e-9, -1.0, 1.0),
            (-1.0, 0.2, -3.0),
        ] {
            let set = of(a, b, c);
            for at in -300..300 {
                let rho = 0.01 * f64::from(at) + 0.003_7;
                assert_eq!(
                    set.contains(rho),
                    a * rho * rho + 2.0 * b * rho + c <= 0.0,
                    "{set:?} {rho}"
                );
            }
        }
    }
}
