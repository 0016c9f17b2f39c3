//! Draws line panels: curves, floors, bands, error bars and markers over two axes.

use super::curve::pieces;
use super::model::{Curve, Interval, Joined, LinePanel, Point, Series, Spread};
use super::overlap;
use super::reach::bound;
use crate::report::figure::canvas::{At as Place, Canvas, Frame};
use crate::report::figure::marks;
use crate::report::figure::model::{Drawing, Spot};
use crate::report::figure::scale::Range;
use crate::report::figure::style;

/// A line panel, ready to be drawn.
pub(super) struct Line<'a> {
    panel: &'a LinePanel,
    x: Range,
    y: Range,
}

impl<'a> Line<'a> {
    pub(super) fn new(panel: &'a LinePanel, x: Range, y: Range) -> Self {
        Self { panel, x, y }
    }
}

impl Drawing for Line<'_> {
    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        for [foot, top] in self.reference_lines(frame) {
            marks::reference(canvas, foot, top);
        }
        self.under(canvas, frame);
        self.theory(canvas, frame);
        self.over(canvas, frame)
    }

    fn segments(&self, frame: Frame) -> Option<Vec<[Place; 2]>> {
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
            if let Some(floor) = series.floor.filter(|floor| self.y.contains(*floor)) {
                let y = self.y_at(floor, frame);
                segments.push([(frame.left, y), (frame.right, y)]);
            }
        }
        for (curve, _) in self.panel.along() {
            segments.extend(self.curve(curve, frame).into_iter().flat_map(along));
        }
        Some(segments)
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let of_series = |(index, series): (usize, &Series)| {
            let points = series.points.iter().enumerate();
            let spot = |(item, point): (usize, &Point)| {
                Some(Spot {
                    at: self.at(point.x, point.y?, frame)?,
                    reach: style::SPOT,
                    item: (index, item),
                })
            };
            points.filter_map(spot).collect::<Vec<_>>()
        };
        self.panel.series.iter().enumerate().flat_map(of_series).collect()
    }
}

impl Line<'_> {
    /// What lies under the points of every series: bands, floors and what joins points.
    fn under(&self, canvas: &mut Canvas, frame: Frame) {
        for series in &self.panel.series {
            if series.interval == Interval::Band {
                for band in self.bands(series, frame) {
                    canvas.polygon(&band, marks::colour(series.look), style::BAND_OPACITY);
                }
            }
        }
        for series in &self.panel.series {
            let colour = marks::colour(series.look);
            if let Some(floor) = series.floor.filter(|floor| self.y.contains(*floor)) {
                let y = self.y_at(floor, frame);
                marks::floor(canvas, (frame.left, y), (frame.right, y), colour);
            }
            for piece in self.joined(series, frame) {
                marks::joined(canvas, &piece, colour);
            }
        }
    }

    /// Values of theory: lines where they were worked out densely, marks elsewhere.
    fn theory(&self, canvas: &mut Canvas, frame: Frame) {
        for (curve, series) in self.panel.along() {
            let colour = series.map_or(style::NEUTRAL, |own| marks::colour(self.panel.series[own].look));
            for piece in self.curve(curve, frame) {
                match piece[..] {
                    [at] => marks::cross(canvas, at, colour),
                    _ => marks::along(canvas, &piece, colour),
                }
            }
        }
        for series in &self.panel.series {
            for piece in self.curve(&series.exact, frame) {
                match piece[..] {
                    [at] => marks::value(canvas, at, marks::colour(series.look)),
                    _ => canvas.path(&piece, style::CURVE_STROKE, marks::colour(series.look)),
                }
            }
        }
    }

    /// Error bars, then markers, so that no bar crosses a marker.
    fn over(&self, canvas: &mut Canvas, frame: Frame) {
        for series in &self.panel.series {
            for (point, at) in self.points(series, frame) {
                if let (Interval::Bars, Some(bar)) = (series.interval, self.bar(point, frame)) {
                    let capped = |(y, inside): (i32, bool)| (y, inside && (y - at.1).abs() > marks::HIDDEN);
                    marks::error_bar(canvas, at.0, capped(bar.0), capped(bar.1), marks::colour(series.look));
                }
            }
            for (from, end) in self.bounds(series, frame) {
                marks::bound(canvas, from, end, marks::colour(series.look));
            }
        }
        for (index, series) in self.panel.series.iter().enumerate() {
            let above = overlap::above(self.panel, (&self.x, &self.y), index);
            for (point, above) in series.points.iter().zip(above) {
                if let Some(at) = point.y.and_then(|y| self.at(point.x, y, frame)) {
                    marks::marker(canvas, at, (series.look, above), point.error == Spread::Unsure);
                }
            }
        }
    }

    fn reference_lines(&self, frame: Frame) -> impl Iterator<Item = [Place; 2]> {
        self.panel.upright().map(move |value| {
            let x = self.x.place(value, frame.left, frame.right);
            [(x, frame.bottom), (x, frame.top)]
        })
    }

    fn y_at(&self, value: f64, frame: Frame) -> i32 {
        self.y.place(value, frame.bottom, frame.top)
    }

    fn at(&self, x: f64, y: f64, frame: Frame) -> Option<Place> {
        self.panel
            .y
            .scale
            .holds(y)
            .then(|| (self.x.place(x, frame.left, frame.right), self.y_at(y, frame)))
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
        pieces(self.panel, &self.x, curve).into_iter().map(piece).collect()
    }

    /// What joins the points of a series: pieces between values that cannot be placed.
    fn joined(&self, series: &Series, frame: Frame) -> Vec<Vec<Place>> {
        let points = series.points.iter().filter(|_| series.joined != Joined::Not);
        let mut pieces = split(points.map(|point| point.y.and_then(|y| self.at(point.x, y, frame))));
        pieces.retain(|piece| piece.len() > 1);
        match series.joined {
            Joined::InSteps => pieces.iter().map(|piece| steps(piece)).collect(),
            _ => pieces,
        }
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
            let x = self.x.place(point.x, frame.left, frame.right);
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
        let end = |value: f64, beyond: i32| match self.y.contains(value) {
            true => (self.y_at(value, frame), true),
            false => (beyond, false),
        };
        Some((end(low, frame.bottom), end(high, frame.top)))
    }
}

/// Along each place's height as far as the next.
fn steps(piece: &[Place]) -> Vec<Place> {
    let corners = piece.windows(2).flat_map(|pair| [(pair[1].0, pair[0].1), pair[1]]);
    piece.first().copied().into_iter().chain(corners).collect()
}

/// The segments of a piece of a curve; of one place alone that place.
fn along(piece: Vec<Place>) -> Vec<[Place; 2]> {
    match piece[..] {
        [at] => vec![[at, at]],
        _ => piece.windows(2).map(|pair| [pair[0], pair[1]]).collect(),
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
