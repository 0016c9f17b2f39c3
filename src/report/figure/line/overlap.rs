//! Which markers lie on each other, so that the lower ones are drawn around the upper.

use super::model::{LinePanel, Series};
use crate::report::figure::scale::Range;

/// Markers nearer than this share of both axes hide each other.
const NEAR: f64 = 0.009;

/// More markers than this around one are not told apart.
const MOST: usize = 4;

/// How many markers of later series lie on each marker of a series, in the order of its points.
pub(super) fn above(panel: &LinePanel, (x, y): (&Range, &Range), series: usize) -> Vec<usize> {
    let later = &panel.series[series + 1..];
    let place =
        |point: &super::model::Point| Some([x.share(point.x), y.share(point.y.filter(|y| panel.y.scale.holds(*y))?)]);
    let near = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < NEAR && (a[1] - b[1]).abs() < NEAR;
    let on = |at: [f64; 2], other: &Series| other.points.iter().filter_map(place).any(|own| near(at, own));
    let count = |at: Option<[f64; 2]>| at.map_or(0, |at| later.iter().filter(|other| on(at, other)).count());
    let points = panel.series[series].points.iter();
    points.map(|point| count(place(point)).min(MOST)).collect()
}

/// Whether any marker lies on another.
pub(super) fn any(panel: &LinePanel, ranges: (&Range, &Range)) -> bool {
    let mut series = 0..panel.series.len();
    series.any(|index| above(panel, ranges, index).iter().any(|count| *count > 0))
}
