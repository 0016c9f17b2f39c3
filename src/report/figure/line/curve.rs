//! Which values of theory a line joins: neighbours between which there is nothing to work out.

use super::model::{Curve, LinePanel};
use super::reach::x_range;
use crate::report::figure::scale::Range;

/// Two whole numbers follow each other if they are no further apart than this, which is 1 but for rounding.
const ONE: f64 = 1.0 + 1e-9;

/// The curve in pieces: each is a line through two values or more, or one value alone, which is a mark.
///
/// `x` is the range of the horizontal axis. A value that the upright axis cannot hold interrupts the line.
pub(super) fn pieces<'a>(panel: &LinePanel, x: &Range, curve: &'a Curve) -> Vec<&'a [(f64, f64)]> {
    let next = |pair: [&(f64, f64); 2]| {
        let [from, to] = pair.map(|(x, _)| *x);
        let whole = |value: f64| value.fract() == 0.0;
        let follows = panel.counted && whole(from) && whole(to) && to - from <= ONE;
        follows || x.share(to) - x.share(from) <= Curve::NEAR
    };
    let holds = |(_, y): &(f64, f64)| panel.y.scale.holds(*y);
    let joined = |from: &(f64, f64), to: &(f64, f64)| holds(from) && holds(to) && next([from, to]);
    let pieces = curve.0.chunk_by(joined);
    pieces.filter(|piece| piece.iter().any(holds)).collect()
}

/// The kinds of sign that curves are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// Some values are joined.
    pub lines: bool,
    /// Some stand alone.
    pub marks: bool,
}

impl Signs {
    /// Those of these curves.
    pub(super) fn of<'a>(panel: &LinePanel, curves: impl Iterator<Item = &'a Curve>) -> Self {
        let x = x_range(panel);
        let mut signs = Self::default();
        for piece in curves.flat_map(|curve| pieces(panel, &x, curve)) {
            signs.lines |= piece.len() > 1;
            signs.marks |= piece.len() == 1;
        }
        signs
    }
}
