//! Line panels: curves, floors, bands, error bars and markers over two axes.

use super::FigureError;
use super::axes::Ruler;
use super::canvas::{At as Place, Canvas, Frame};
use super::marks;
use super::model::{At, Axis, Interval, LinePanel, Point, Scale, Series, Ticks};
use super::scale::Range;
use super::style;
use super::ticks;

/// A line panel, ready to be drawn.
pub(super) struct Line<'a> {
    pub(super) panel: &'a LinePanel,
    pub(super) x: Ruler,
    pub(super) y: Ruler,
    x_range: Range,
    y_range: Range,
}

impl<'a> Line<'a> {
    /// `index` counts the figure's panels from 1; `size` is about the size of the frame.
    pub(super) fn new(
        panel: &'a LinePanel,
        index: usize,
        y_range: Range,
        size: (i32, i32),
    ) -> Result<Self, FigureError> {
        check(panel, index)?;
        let x_range = Range::padded(panel.x.scale, x_values(panel));
        let x_ticks = ticks::ticks(
            &panel.x.ticks,
            &x_range,
            size.0 / room(panel.x.scale, style::TICK_ROOM_X),
        );
        let y_ticks = ticks::ticks(
            &panel.y.ticks,
            &y_range,
            size.1 / room(panel.y.scale, style::TICK_ROOM_Y),
        );
        Ok(Self {
            panel,
            x: Ruler::numeric(&panel.x.label, &x_range, &x_ticks),
            y: Ruler::numeric(&panel.y.label, &y_range, &y_ticks),
            x_range,
            y_range,
        })
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        self.x.grid(canvas, frame, true)?;
        self.y.grid(canvas, frame, false)?;
        self.references(canvas, frame)?;
        self.under(canvas, frame)?;
        self.over(canvas, frame)?;
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME)?;
        self.x.below(canvas, frame)?;
        self.y.left(canvas, frame)
    }

    /// What lies under the points of every series: bands, floors and curves.
    fn under(&self, canvas: &Canvas, frame: Frame) -> Result<(), FigureError> {
        for (index, series) in self.panel.series.iter().enumerate() {
            if series.interval == Interval::Band {
                for band in self.bands(series, frame) {
                    canvas.polygon(&band, marks::colour(index), style::BAND_OPACITY)?;
                }
            }
        }
        for (index, series) in self.panel.series.iter().enumerate() {
            let colour = marks::colour(index);
            if let Some(floor) = series.floor.filter(|floor| self.y_range.contains(*floor)) {
                let y = self.y_at(floor, frame);
                canvas.dashed(
                    (frame.left, y),
                    (frame.right, y),
                    style::FLOOR_DASH,
                    style::FLOOR_STROKE,
                    colour,
                )?;
            }
            for piece in self.curves(series, frame) {
                canvas.path(&piece, style::CURVE_STROKE, colour)?;
            }
        }
        Ok(())
    }

    /// Error bars, then markers, so that no bar crosses a marker.
    fn over(&self, canvas: &Canvas, frame: Frame) -> Result<(), FigureError> {
        for (index, series) in self.panel.series.iter().enumerate() {
            for (point, at) in self.points(series, frame) {
                if let (Interval::Bars, Some(bar)) = (series.interval, self.bar(point, frame)) {
                    let capped = |(y, inside): (i32, bool)| (y, inside && (y - at.1).abs() > marks::HIDDEN);
                    marks::error_bar(canvas, at.0, capped(bar.0), capped(bar.1), marks::colour(index))?;
                }
            }
        }
        for (index, series) in self.panel.series.iter().enumerate() {
            for (_, at) in self.points(series, frame) {
                marks::marker(canvas, at, index)?;
            }
        }
        Ok(())
    }

    fn references(&self, canvas: &Canvas, frame: Frame) -> Result<(), FigureError> {
        for ends in self.reference_lines(frame) {
            canvas.dashed(
                ends[0],
                ends[1],
                style::REFERENCE_DASH,
                style::REFERENCE_STROKE,
                style::NEUTRAL,
            )?;
        }
        Ok(())
    }

    fn reference_lines(&self, frame: Frame) -> impl Iterator<Item = [Place; 2]> {
        self.panel.references.iter().map(move |reference| match reference.at {
            At::X(value) => {
                let x = self.x_range.place(value, frame.left, frame.right);
                [(x, frame.bottom), (x, frame.top)]
            }
            At::Y(value) => {
                let y = self.y_at(value, frame);
                [(frame.left, y), (frame.right, y)]
            }
        })
    }

    fn y_at(&self, value: f64, frame: Frame) -> i32 {
        self.y_range.place(value, frame.bottom, frame.top)
    }

    fn at(&self, x: f64, y: f64, frame: Frame) -> Option<Place> {
        self.panel
            .y
            .scale
            .holds(y)
            .then(|| (self.x_range.place(x, frame.left, frame.right), self.y_at(y, frame)))
    }

    fn points<'b>(&'b self, series: &'b Series, frame: Frame) -> impl Iterator<Item = (&'b Point, Place)> {
        series
            .points
            .iter()
            .filter_map(move |point| Some((point, self.at(point.x, point.y?, frame)?)))
    }

    /// The exact curve, or the joined points: pieces between values that cannot be placed.
    fn curves(&self, series: &Series, frame: Frame) -> Vec<Vec<Place>> {
        let exact = series.exact.iter().map(|(x, y)| self.at(*x, *y, frame));
        let joined = series.points.iter().filter(|_| series.joined);
        let joined = joined.map(|point| point.y.and_then(|y| self.at(point.x, y, frame)));
        let mut pieces = split(exact);
        pieces.extend(split(joined));
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }

    fn bands(&self, series: &Series, frame: Frame) -> Vec<Vec<Place>> {
        let ends = series.points.iter().map(|point| {
            let (low, high) = self.bar(point, frame)?;
            let x = self.x_range.place(point.x, frame.left, frame.right);
            Some((x, low.0, high.0))
        });
        split(ends)
            .into_iter()
            .filter(|piece| piece.len() > 1)
            .map(|piece| {
                let there = piece.iter().map(|(x, low, _)| (*x, *low));
                let back = piece.iter().rev().map(|(x, _, high)| (*x, *high));
                there.chain(back).collect()
            })
            .collect()
    }

    /// The heights of a point's bounds, and whether each is inside the frame.
    fn bar(&self, point: &Point, frame: Frame) -> Option<((i32, bool), (i32, bool))> {
        point.y.filter(|y| self.panel.y.scale.holds(*y))?;
        let (low, high) = (
            point.low.filter(|low| !low.is_nan())?,
            point.high.filter(|high| !high.is_nan())?,
        );
        let end = |value: f64, beyond: i32| match self.y_range.contains(value) {
            true => (self.y_at(value, frame), true),
            false => (beyond, false),
        };
        Some((end(low, frame.bottom), end(high, frame.top)))
    }

    /// Everything that a legend inside the frame must not cover, as segments.
    pub(super) fn segments(&self, frame: Frame) -> Vec<[Place; 2]> {
        let mut segments: Vec<[Place; 2]> = self.reference_lines(frame).collect();
        for series in &self.panel.series {
            for (point, at) in self.points(series, frame) {
                let bar = self.bar(point, frame);
                segments.push(bar.map_or([at, at], |(low, high)| [(at.0, low.0), (at.0, high.0)]));
            }
            for piece in self.curves(series, frame) {
                segments.extend(piece.windows(2).map(|pair| [pair[0], pair[1]]));
            }
            if let Some(floor) = series.floor.filter(|floor| self.y_range.contains(*floor)) {
                let y = self.y_at(floor, frame);
                segments.push([(frame.left, y), (frame.right, y)]);
            }
        }
        segments
    }
}

fn room(scale: Scale, usual: i32) -> i32 {
    match scale {
        Scale::Log2 => style::TICK_ROOM_OCTAVE,
        Scale::Log1p => style::TICK_ROOM_COUNT,
        Scale::Linear | Scale::Log10 => usual,
    }
}

/// The estimates that cannot be placed on the y axis.
pub(super) fn omitted(panel: &LinePanel) -> usize {
    let values = panel
        .series
        .iter()
        .flat_map(|series| series.points.iter().filter_map(|point| point.y));
    values.filter(|y| !panel.y.scale.holds(*y)).count()
}

/// The y range of panels that share it, or of one.
pub(super) fn y_range(panels: &[&LinePanel]) -> Range {
    let scale = panels.first().map_or(Scale::Linear, |panel| panel.y.scale);
    Range::padded(scale, panels.iter().flat_map(|panel| y_values(panel)))
}

fn x_values(panel: &LinePanel) -> impl Iterator<Item = f64> {
    let series = panel.series.iter().flat_map(|series| {
        let points = series.points.iter().map(|point| point.x);
        points.chain(series.exact.iter().map(|(x, _)| *x))
    });
    let references = panel.references.iter().filter_map(|reference| match reference.at {
        At::X(value) => Some(value),
        At::Y(_) => None,
    });
    series.chain(references).chain(listed(&panel.x))
}

fn y_values(panel: &LinePanel) -> impl Iterator<Item = f64> {
    let scale = panel.y.scale;
    let series = panel.series.iter().flat_map(move |series| {
        let points = series
            .points
            .iter()
            .flat_map(move |point| bounds(point, scale))
            .flatten();
        points.chain(series.exact.iter().map(|(_, y)| *y)).chain(series.floor)
    });
    let references = panel.references.iter().filter_map(|reference| match reference.at {
        At::Y(value) => Some(value),
        At::X(_) => None,
    });
    series.chain(references).chain(listed(&panel.y))
}

/// A point's value and bounds. On a logarithmic axis a bound less than a tenth of its value must not stretch the axis over decades of
/// mere noise, so the bar runs into the frame instead.
fn bounds(point: &Point, scale: Scale) -> [Option<f64>; 3] {
    let value = point.y.filter(|y| scale.holds(*y));
    let low = match (scale, value) {
        (_, None) => None,
        (Scale::Linear, _) => point.low,
        (_, Some(value)) => point.low.filter(|low| *low >= value / 10.0),
    };
    [value, low, point.high.filter(|_| value.is_some())]
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
fn check(panel: &LinePanel, index: usize) -> Result<(), FigureError> {
    let references = panel.references.iter().filter_map(|reference| match reference.at {
        At::Y(value) => Some(value),
        At::X(_) => None,
    });
    let on_x = x_values(panel).map(|value| ('x', value, panel.x.scale));
    let on_y = references
        .chain(listed(&panel.y))
        .map(|value| ('y', value, panel.y.scale));
    match on_x.chain(on_y).find(|(_, value, scale)| !scale.holds(*value)) {
        Some((axis, value, scale)) => Err(FigureError::Position {
            panel: index,
            axis,
            value,
            scale,
        }),
        None => Ok(()),
    }
}

/// Runs of what is there, between what is not.
fn split<T>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let mut pieces = vec![Vec::new()];
    for item in items {
        match (item, pieces.last_mut()) {
            (Some(item), Some(piece)) => piece.push(item),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces
}
