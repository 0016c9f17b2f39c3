//! From values to lengths: what an axis can hold, the range it covers, and where a value falls on it.

use super::FigureError;
use super::style;
use crate::numerics::scale::{Scale, extent};

/// Greatest magnitude on any axis and least on a logarithmic one: far beyond any estimate, near enough to stay free of overflow.
const GREATEST: f64 = 1e300;
const LEAST: f64 = 1e-300;

/// A range narrower than this share of its magnitude counts as one value: its ticks could not be told apart.
const NARROWEST: f64 = 1e-9;

/// `10^exponent`, as the nearest double.
pub(super) fn decade(exponent: i32) -> f64 {
    // Cannot fail: an integer exponent always parses; parsing rounds correctly on every machine, which a power function need not.
    format!("1e{exponent}").parse().expect("a decade parses")
}

/// `2^exponent`, exactly, within the range of axes.
pub(super) fn octave(exponent: i32) -> f64 {
    let factor = if exponent < 0 { 0.5 } else { 2.0 };
    (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * factor)
}

impl Scale {
    /// Whether an axis of this scale can show the value.
    pub(in crate::report) fn holds(self, value: f64) -> bool {
        // False for NaN, as every comparison is.
        match self {
            Self::Linear => value.abs() <= GREATEST,
            Self::Log10 | Self::Log2 => (LEAST..=GREATEST).contains(&value),
            Self::Log1p => (0.0..=GREATEST).contains(&value),
        }
    }

    /// Refuses a position that an axis cannot show: the caller chose it, so it is a mistake to be told.
    pub(super) fn check(self, panel: usize, axis: char, value: f64) -> Result<(), FigureError> {
        match self.holds(value) {
            true => Ok(()),
            false => Err(FigureError::position(panel, axis, value, self)),
        }
    }
}

/// The stretch of an axis that a panel shows, in positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) scale: Scale,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    pub(super) fn new(scale: Scale, low: f64, high: f64) -> Self {
        Self { scale, low, high }
    }

    /// The least and greatest of the values that the scale holds, without padding; a single value gets surroundings, none a default.
    pub(super) fn tight(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let held = values.filter(|value| scale.holds(*value));
        let Some((low, high)) = extent(held.map(|value| scale.position(value))) else {
            return Self::new(scale, 0.0, 1.0);
        };
        let around = match scale {
            _ if high - low > NARROWEST * low.abs().max(high.abs()) => 0.0,
            Scale::Linear if low.abs() < LEAST => 1.0,
            Scale::Linear => low.abs() * 0.1,
            Scale::Log10 | Scale::Log1p => 0.5,
            Scale::Log2 => 1.0,
        };
        Self::new(scale, low - around, high + around)
    }

    /// A range with room beyond the outermost values, reaching to a decade that is near.
    pub(super) fn padded(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let tight = Self::tight(scale, values);
        let span = tight.high - tight.low;
        let padding = span * style::AXIS_PADDING;
        let (mut low, mut high) = (tight.low - padding, tight.high + padding);
        if scale == Scale::Log10 {
            let reach = span * style::DECADE_REACH;
            if tight.low - tight.low.floor() <= reach {
                low = low.min(tight.low.floor());
            }
            if tight.high.ceil() - tight.high <= reach {
                high = high.max(tight.high.ceil());
            }
        }
        Self::new(scale, low, high)
    }

    /// Share of the way from the low to the high end; outside 0 to 1 for values outside the range.
    pub(super) fn share(&self, value: f64) -> f64 {
        (self.scale.position(value) - self.low) / (self.high - self.low)
    }

    /// The nearest drawing unit between `from` (low end) and `to` (high end), which may run either way.
    pub(super) fn place(&self, value: f64, from: i32, to: i32) -> i32 {
        let share = self.share(value).clamp(-0.01, 1.01);
        (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as i32
    }

    /// Whether the value lies in the range, up to rounding; false for what has no position.
    pub(super) fn contains(&self, value: f64) -> bool {
        (-1e-9..=1.0 + 1e-9).contains(&self.share(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::log10;

    #[test]
    fn decades_and_octaves_are_exact() {
        assert_eq!(decade(-3), 1e-3);
        assert_eq!(decade(22), 1e22);
        assert_eq!(octave(-2), 0.25);
        assert_eq!(octave(10), 1024.0);
    }

    #[test]
    fn what_a_scale_cannot_hold() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!Scale::Linear.holds(value) && !Scale::Log10.holds(value));
        }
        assert!(Scale::Linear.holds(-1.0) && Scale::Linear.holds(0.0));
        assert!(!Scale::Log10.holds(0.0) && !Scale::Log2.holds(-1.0));
        assert!(Scale::Log1p.holds(0.0) && !Scale::Log1p.holds(-0.5));
    }

    #[test]
    fn ranges_of_nothing_and_of_one_value_have_an_extent() {
        let none = Range::padded(Scale::Linear, std::iter::empty());
        assert!(none.low < 0.0 && none.high > 1.0);
        for (scale, value) in [
            (Scale::Linear, 0.0),
            (Scale::Linear, -7.5),
            (Scale::Log10, 3.0),
            (Scale::Log2, 8.0),
        ] {
            let range = Range::padded(scale, std::iter::once(value));
            assert!((range.share(value) - 0.5).abs() < 1e-12, "{scale:?} {value}: {range:?}");
        }
    }

    #[test]
    fn a_range_reaches_a_near_decade_and_not_a_far_one() {
        let range = Range::padded(Scale::Log10, [8e-4, 0.5].into_iter());
        assert_eq!(range.high, 0.0);
        assert!(range.low > -4.0 && range.low < log10(8e-4));
        let below = Range::padded(Scale::Log10, [1.5e-4, 0.02].into_iter());
        assert_eq!(below.low, -4.0);
        let exact = Range::padded(Scale::Log10, [1e-3, 1.0].into_iter());
        assert!(
            exact.low < -3.0 && exact.high > 0.0,
            "ends lie inside the frame: {exact:?}"
        );
    }

    #[test]
    fn places_run_either_way() {
        let range = Range::new(Scale::Linear, 0.0, 4.0);
        assert_eq!(range.place(1.0, 0, 100), 25);
        assert_eq!(range.place(1.0, 100, 0), 75);
        assert!(range.contains(4.0) && !range.contains(4.1) && !range.contains(f64::NAN));
        let decades = Range::new(Scale::Log10, -1.0, 1.0);
        assert!(decades.contains(0.1) && !decades.contains(0.0) && !decades.contains(-1.0));
    }
}
