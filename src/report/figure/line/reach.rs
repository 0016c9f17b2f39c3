//! What the axes of a line panel must show: values, the ends of their errors, bounds, curves and references.

use super::model::{Axis, Curve, LinePanel, Point, Spread};
use crate::numerics::scale::Scale;
use crate::report::figure::FigureError;
use crate::report::figure::scale::Range;
use crate::report::figure::ticks::Ticks;

/// The estimates that cannot be placed on the y axis and have no bound that can.
pub(super) fn omitted(panel: &LinePanel) -> usize {
    let scale = panel.y.scale;
    let points = panel.series.iter().flat_map(|series| &series.points);
    let absent = |point: &&Point| point.y.is_some_and(|y| !scale.holds(y)) && bound(point, scale).is_none();
    points.filter(absent).count()
}

/// The bound of a point, where it has one that the axis holds, and the point's value.
pub(super) fn bound(point: &Point, scale: Scale) -> Option<(f64, f64)> {
    match (point.error, point.y) {
        (Spread::Bound(bound), Some(y)) if scale.holds(bound) && bound != y => Some((bound, y)),
        _ => None,
    }
}

/// The range of a panel's horizontal axis.
pub(super) fn x_range(panel: &LinePanel) -> Range {
    Range::padded(panel.x.scale, x_values(panel))
}

/// The y range of panels that share it, or of one.
pub(super) fn y_range(panels: &[&LinePanel]) -> Range {
    let scale = panels.first().map_or(Scale::Linear, |panel| panel.y.scale);
    Range::padded(scale, panels.iter().flat_map(|panel| y_values(panel)))
}

fn x_values(panel: &LinePanel) -> impl Iterator<Item = f64> {
    let points = panel
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(|point| point.x));
    let curves = curves(panel).flat_map(|curve| curve.0.iter().map(|(x, _)| *x));
    points.chain(curves).chain(panel.upright()).chain(listed(&panel.x))
}

fn y_values(panel: &LinePanel) -> impl Iterator<Item = f64> {
    let scale = panel.y.scale;
    let points = panel.series.iter().flat_map(|series| &series.points);
    let reaches = points.flat_map(move |point| reach(point, scale)).flatten();
    let floors = panel.series.iter().filter_map(|series| series.floor);
    let curves = curves(panel).flat_map(|curve| curve.0.iter().map(|(_, y)| *y));
    reaches.chain(curves).chain(floors).chain(listed(&panel.y))
}

/// Every curve of theory.
fn curves(panel: &LinePanel) -> impl Iterator<Item = &Curve> {
    let exact = panel.series.iter().map(|series| &series.exact);
    exact.chain(panel.along().map(|(curve, _)| curve))
}

/// A point's value and the ends of its error. On a logarithmic axis an end less than a tenth of its value must not stretch the axis
/// over decades of mere noise, so the bar runs into the frame instead.
fn reach(point: &Point, scale: Scale) -> [Option<f64>; 3] {
    let value = point.y.filter(|y| scale.holds(*y));
    let (low, high) = match point.error {
        Spread::Between(low, high) => (Some(low), Some(high)),
        Spread::Bound(_) => (None, bound(point, scale).map(|(bound, _)| bound)),
        Spread::Unknown | Spread::Unsure => (None, None),
    };
    let low = match (scale, value) {
        (_, None) => None,
        (Scale::Linear, _) => low,
        (_, Some(value)) => low.filter(|low| *low >= value / 10.0),
    };
    let alone = matches!(point.error, Spread::Bound(_));
    [value, low, high.filter(|_| alone || value.is_some())]
}

fn listed(axis: &Axis) -> impl Iterator<Item = f64> {
    match &axis.ticks {
        Ticks::Auto => &[],
        Ticks::Listed(values) => values.as_slice(),
    }
    .iter()
    .copied()
}

/// Positions, listed ticks and references are the caller's choice, so one that the axis cannot hold is a mistake to be told.
pub(super) fn check(panel: &LinePanel, index: usize) -> Result<(), FigureError> {
    x_values(panel).try_for_each(|value| panel.x.scale.check(index, 'x', value))?;
    listed(&panel.y).try_for_each(|value| panel.y.scale.check(index, 'y', value))
}
