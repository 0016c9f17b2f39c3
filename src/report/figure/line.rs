//! Line panels: curves, floors, bands, error bars and markers over two axes.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At as Place, Canvas, Frame};
use super::colour::tint;
use super::curve::{self, pieces};
use super::marks;
use super::model::{At, Curve, Interval, LinePanel, Point, Scale, Series, Spread};
use super::reach::{self, bound};
use super::scale::Range;
use super::style;
use super::ticks;

/// A line panel, ready to be drawn.
pub(super) struct Line<'a> {
    pub(super) panel: &'a LinePanel,
    pub(super) x: AxisLayout,
    pub(super) y: AxisLayout,
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
        reach::check(panel, index)?;
        let x_range = reach::x_range(panel);
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
            x: AxisLayout::numeric(&panel.x.label, &x_range, &x_ticks),
            y: AxisLayout::numeric(&panel.y.label, &y_range, &y_ticks),
            x_range,
            y_range,
        })
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        self.x.grid(canvas, frame, true)?;
        self.y.grid(canvas, frame, false)?;
        self.references(canvas, frame)?;
        self.under(canvas, frame)?;
        self.theory(canvas, frame)?;
        self.over(canvas, frame)?;
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME)?;
        self.x.below(canvas, frame)?;
        self.y.left(canvas, frame)
    }

    /// What lies under the points of every series: bands, floors and what joins points.
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
            for piece in self.joined(series, frame) {
                canvas.path(&piece, style::JOIN_STROKE, tint(colour, style::JOIN_TINT))?;
            }
        }
        Ok(())
    }

    /// Values of theory: lines where they were worked out densely, marks elsewhere.
    fn theory(&self, canvas: &Canvas, frame: Frame) -> Result<(), FigureError> {
        for (curve, series) in curve::references(self.panel) {
            let colour = series.map_or(style::NEUTRAL, marks::colour);
            for piece in self.curve(curve, frame) {
                match piece[..] {
                    [at] => marks::cross(canvas, at, colour)?,
                    _ => marks::along(canvas, &piece, colour)?,
                }
            }
        }
        for (index, series) in self.panel.series.iter().enumerate() {
            for piece in self.curve(&series.exact, frame) {
                match piece[..] {
                    [at] => marks::value(canvas, at, marks::colour(index))?,
                    _ => canvas.path(&piece, style::CURVE_STROKE, marks::colour(index))?,
                }
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
            for (from, end) in self.bounds(series, frame) {
                marks::bound(canvas, from, end, marks::colour(index))?;
            }
        }
        for (index, series) in self.panel.series.iter().enumerate() {
            for (point, at) in self.points(series, frame) {
                marks::marker(canvas, at, index, point.error == Spread::Unsure)?;
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
        self.panel
            .references
            .iter()
            .filter_map(move |reference| match reference.at {
                At::X(value) => {
                    let x = self.x_range.place(value, frame.left, frame.right);
                    Some([(x, frame.bottom), (x, frame.top)])
                }
                At::Along { .. } => None,
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

    /// A curve in pieces of one place or more.
    fn curve(&self, curve: &Curve, frame: Frame) -> Vec<Vec<Place>> {
        let piece = |piece: &[(f64, f64)]| piece.iter().filter_map(|(x, y)| self.at(*x, *y, frame)).collect();
        pieces(self.panel, &self.x_range, curve)
            .into_iter()
            .map(piece)
            .collect()
    }

    /// What joins the points of a series: pieces between values that cannot be placed.
    fn joined(&self, series: &Series, frame: Frame) -> Vec<Vec<Place>> {
        let points = series.points.iter().filter(|_| series.joined);
        let mut pieces = split(points.map(|point| point.y.and_then(|y| self.at(point.x, y, frame))));
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }

    /// Where bounds stand, and the height that each points to: that of its point, or the edge beyond which that lies.
    fn bounds(&self, series: &Series, frame: Frame) -> impl Iterator<Item = (Place, i32)> {
        series.points.iter().filter_map(move |point| {
            let (bound, y) = bound(point, self.panel.y.scale)?;
            let edge = if y < bound { frame.bottom } else { frame.top };
            let end = self.at(point.x, y, frame).map_or(edge, |at| at.1);
            Some((self.at(point.x, bound, frame)?, end))
        })
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

    /// The heights of the ends of a point's error, and whether each is inside the frame.
    fn bar(&self, point: &Point, frame: Frame) -> Option<((i32, bool), (i32, bool))> {
        point.y.filter(|y| self.panel.y.scale.holds(*y))?;
        let Spread::Between(low, high) = point.error else {
            return None;
        };
        if low.is_nan() || high.is_nan() {
            return None;
        }
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
            segments.extend(self.bounds(series, frame).map(|(from, end)| [from, (from.0, end)]));
            let curves = self
                .joined(series, frame)
                .into_iter()
                .chain(self.curve(&series.exact, frame));
            segments.extend(curves.flat_map(along));
            if let Some(floor) = series.floor.filter(|floor| self.y_range.contains(*floor)) {
                let y = self.y_at(floor, frame);
                segments.push([(frame.left, y), (frame.right, y)]);
            }
        }
        for (curve, _) in curve::references(self.panel) {
            segments.extend(self.curve(curve, frame).into_iter().flat_map(along));
        }
        segments
    }
}

/// The segments of a piece of a curve; of one place alone that place.
fn along(piece: Vec<Place>) -> Vec<[Place; 2]> {
    match piece[..] {
        [at] => vec![[at, at]],
        _ => piece.windows(2).map(|pair| [pair[0], pair[1]]).collect(),
    }
}

fn room(scale: Scale, usual: i32) -> i32 {
    match scale {
        Scale::Log2 => style::TICK_ROOM_OCTAVE,
        Scale::Log1p => style::TICK_ROOM_COUNT,
        Scale::Linear | Scale::Log10 => usual,
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
