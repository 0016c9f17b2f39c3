//! Bar panels: stacks that stand on 0 beside each other, exact marks, error bars, and bars that are cut.
//!
//! `model` says what stands where, `heights` owns the upright axis.

mod heights;
mod model;

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::colour::tint;
use super::described::listed;
use super::entries::{Entry, Sample, headed, omitted, present};
use super::font;
use super::label::Label;
use super::legend::Key;
use super::marks;
use super::model::{Body, Drawing, Filling, Site, Spot};
use super::style::{self, Rgb};
use super::text_layout::Anchor;
use super::ticks::{self, Ticks};
use crate::numerics::scale::Scale;
use heights::{Heights, written};
pub use model::{Bar, BarSeries, BarsPanel};
use std::any::Any;

impl Body for BarsPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        self.check(site.number())?;
        marks::check(site.number(), self.series.len(), style::SERIES.len())?;
        let heights = Heights::of(&site.sharing(self), site.size);
        let mut marks = ticks::ticks(&Ticks::Auto, &heights.range, site.size.1 / style::TICK_ROOM_Y);
        marks.retain(|tick| heights.cut.is_none_or(|cut| tick.value <= cut * (1.0 + 1e-9)));
        let repeats = |left: &Self| site.figure.shared_y && left.y_label == self.y_label;
        let y = AxisLayout::numeric(AxisLayout::name(&self.y_label, site.size.1), &heights.range, &marks);
        Ok(Filling {
            x: AxisLayout::categories(AxisLayout::name(&self.x_label, site.size.0), &self.x),
            y: y.hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Bars { panel: self, heights }),
        })
    }

    fn described(&self) -> String {
        let series = listed(
            self.legend.title.as_ref(),
            self.series.iter().map(|series| &series.label),
        );
        format!("bars of {} by {}{series}", self.y_label.spoken(), self.x_label.spoken())
    }

    /// The series, then what the parts and marks of bars mean and what is not shown.
    fn key(&self) -> Option<Key> {
        let series = self.series.iter().enumerate();
        let series = series.map(|(index, series)| (Mark::Block(index), &series.label));
        let mut marks = Vec::new();
        if self.parts.len() > 1 {
            // From the top, as they stand.
            let parts = self.parts.iter().enumerate().rev();
            marks.extend(parts.map(|(index, label)| Entry::new(Mark::Part(index), label)));
        }
        let words = &self.legend.words;
        let cut = self.cut.is_some_and(|cut| self.shown().any(|(_, bar)| bar.top() > cut));
        let of_all = [
            (self.any(|bar| bar.error.is_some()), Mark::Error, &words.points),
            (self.any(|bar| !bar.exact.is_empty()), Mark::Exact, &words.exact),
            (cut, Mark::Cut, &Label::plain("cut: value above")),
        ];
        marks.extend(present(of_all));
        marks.extend(omitted(self.omitted(), "not finite"));
        let series = headed(self.legend.title.as_ref(), series);
        Some(Key::new(self.legend.place, [series, marks]))
    }
}

impl BarsPanel {
    fn check(&self, panel: usize) -> Result<(), FigureError> {
        let categories = self.x.len();
        if let Some(series) = self.series.iter().find(|series| series.bars.len() != categories) {
            return Err(FigureError::Bars {
                panel,
                categories,
                bars: series.bars.len(),
            });
        }
        match self.cut.filter(|cut| !(Scale::Linear.holds(*cut) && *cut > 0.0)) {
            None => Ok(()),
            Some(cut) => Err(FigureError::position(panel, 'y', cut, Scale::Linear)),
        }
    }
}

/// A bar panel, ready to be drawn.
struct Bars<'a> {
    panel: &'a BarsPanel,
    heights: Heights,
}

impl Drawing for Bars<'_> {
    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        for (at, bar) in self.panel.shown() {
            self.bar(canvas, frame, at, bar);
        }
        for (at, bar) in self.panel.shown() {
            self.marks(canvas, frame, at, bar);
        }
        if self.heights.range.low < 0.0 {
            let y = self.heights.at(0.0, frame);
            canvas.path(&[(frame.left, y), (frame.right, y)], style::GRID_STROKE, style::FRAME);
        }
    }

    fn segments(&self, frame: Frame) -> Option<Vec<[At; 2]>> {
        let bars = self.panel.shown().map(|(at, bar)| {
            let (left, right) = self.panel.place(at, frame, style::BAR_FILL);
            let x = (left + right) / 2;
            let end = match self.heights.cuts(bar) {
                true => frame.top,
                false => self.heights.at(bar.top(), frame),
            };
            [(x, self.heights.at(0.0, frame)), (x, end)]
        });
        Some(bars.collect())
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let spot = |(at, bar): ((usize, usize), &Bar)| {
            let (left, right) = self.panel.place(at, frame, style::BAR_FILL);
            let top = bar.top().min(self.heights.cut.unwrap_or(f64::INFINITY));
            let (foot, top) = (self.heights.at(0.0, frame), self.heights.at(top, frame));
            let (category, series) = at;
            Spot {
                at: ((left + right) / 2, (foot + top) / 2),
                reach: ((right - left) / 2).max((foot - top).abs() / 2),
                item: (series, category),
            }
        };
        self.panel.shown().map(spot).collect()
    }
}

impl Bars<'_> {
    /// The stack, and where it is cut the mark of that and its value.
    fn bar(&self, canvas: &mut Canvas, frame: Frame, at: (usize, usize), bar: &Bar) {
        let (left, right) = self.panel.place(at, frame, style::BAR_FILL);
        let colour = marks::colour(at.1);
        let limit = self.heights.cut.unwrap_or(f64::INFINITY);
        let foot = self.heights.at(0.0, frame);
        let mut from = foot;
        for (part, edge) in bar.edges().into_iter().enumerate() {
            let to = self.heights.at(edge.min(limit), frame);
            let (top, bottom) = (from.min(to), from.max(to));
            if top < bottom {
                canvas.fill(Frame::between((left, top), (right, bottom)), part_colour(colour, part));
            }
            from = to;
        }
        let outline = [(left, foot), (left, from), (right, from), (right, foot)];
        canvas.path(&outline, style::BAR_EDGE, colour);
        if !self.heights.cuts(bar) {
            return;
        }
        cut_mark(canvas, (left, right), from);
        let (middle, y) = ((left + right) / 2, from - style::CUT_GAP);
        if self.heights.upright {
            let x = middle + font::cap_height(style::SMALLEST) / 2;
            canvas.upward(&written(bar), (x, y), Anchor::Start, style::INK);
        } else {
            canvas.text(&written(bar), (middle, y), Anchor::Middle, style::INK);
        }
    }

    /// Exact marks a little wider than the bar, then the error bar. A mark at 0 would only thicken the foot.
    fn marks(&self, canvas: &mut Canvas, frame: Frame, at: (usize, usize), bar: &Bar) {
        let (left, right) = self.panel.place(at, frame, style::TICK_FILL);
        let marked = bar.exact.iter().filter(|height| self.heights.holds(**height));
        let foot = self.heights.at(0.0, frame);
        for y in marked
            .map(|height| self.heights.at(*height, frame))
            .filter(|y| *y != foot)
        {
            exact_mark(canvas, (left, right), y);
        }
        let Some(ends) = bar.error.filter(|ends| ends.iter().all(|end| self.heights.holds(*end))) else {
            return;
        };
        let [low, high] = ends.map(|end| self.heights.at(end, frame));
        // Caps wider than the bar would join those of its neighbours.
        let capped = right - left > 2 * style::CAP_HALF && low - high > 2 * style::EXACT_TICK;
        marks::error_bar(canvas, (left + right) / 2, (low, capped), (high, capped), style::INK)
    }
}

/// The colour of a part of a stack.
fn part_colour(colour: Rgb, part: usize) -> Rgb {
    tint(colour, style::PART_TINTS[part % style::PART_TINTS.len()])
}

/// An exact value across a bar.
fn exact_mark(canvas: &mut Canvas, (left, right): (i32, i32), y: i32) {
    let ends = [(left, y), (right, y)];
    canvas.path(&ends, style::EXACT_TICK + 2 * style::EXACT_TICK_EDGE, style::PAPER);
    canvas.path(&ends, style::EXACT_TICK, style::INK)
}

/// A slanted gap near the end of a cut bar.
fn cut_mark(canvas: &mut Canvas, (left, right): (i32, i32), top: i32) {
    let [height, distance, rise] = style::CUT_MARK;
    let (left, right) = (left - style::BAR_EDGE, right + style::BAR_EDGE);
    let (low, high) = (top + distance + rise, top + distance);
    let band = [(left, low), (right, high), (right, high + height), (left, low + height)];
    canvas.polygon(&band, style::PAPER, 1.0)
}

/// What a legend of bars explains.
#[derive(Debug, PartialEq)]
enum Mark {
    /// A series.
    Block(usize),
    /// A part of any stack.
    Part(usize),
    /// Any error bar.
    Error,
    /// Any exact mark across a bar.
    Exact,
    /// Any bar that is cut.
    Cut,
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        style::SHORT_SWATCH
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let (ends, half) = ((x, x + self.length()), style::BAR_SWATCH / 2);
        let block = Frame::between((ends.0, y - half), (ends.1, y + half));
        match self {
            Self::Block(index) => canvas.fill(block, marks::colour(*index)),
            Self::Part(index) => {
                canvas.fill(block, part_colour(style::NEUTRAL, *index));
                canvas.outline(block, style::BAR_EDGE, style::NEUTRAL)
            }
            Self::Error => marks::sample_bar(canvas, (x + self.length() / 2, y), style::INK),
            Self::Exact => exact_mark(canvas, ends, y),
            Self::Cut => {
                canvas.fill(block, style::NEUTRAL);
                let [height, distance, rise] = style::CUT_MARK;
                cut_mark(canvas, ends, y - distance - (height + rise) / 2)
            }
        }
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
