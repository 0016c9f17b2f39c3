//! Bar panels: stacks that stand on 0 beside each other, exact marks, error bars, and bars that are cut.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::colour::tint;
use super::font;
use super::label::Label;
use super::marks;
use super::model::{Bar, BarsPanel, Scale, Ticks};
use super::scale::Range;
use super::style::{self, Rgb};
use super::text_layout::{Anchor, TextLayout, set};
use super::ticks;
use crate::numerics::text::float;

/// The vertical axis of one panel, or of several that share it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heights {
    range: Range,
    /// Where bars are cut, if some reach beyond.
    cut: Option<f64>,
    /// Whether values above cut bars read upward, because they would touch side by side.
    upright: bool,
}

/// The axis on which all bars of the panels stand. `size` is about the size of a frame.
pub(super) fn heights(panels: &[&BarsPanel], size: (i32, i32)) -> Heights {
    let cut = panels.iter().find_map(|panel| panel.cut);
    let reach: Vec<f64> = panels.iter().flat_map(|panel| reach(panel)).collect();
    let (low, high) = reach
        .iter()
        .fold((0.0, 0.0), |(low, high): (f64, f64), &y| (low.min(y), high.max(y)));
    let linear = |low: f64, high: f64| Range {
        scale: Scale::Linear,
        low,
        high,
    };
    let Some(cut) = cut.filter(|cut| high > *cut) else {
        // The foot stands on the frame; only what hangs below 0 gets room beyond it.
        let tight = Range::tight(Scale::Linear, [low, high].into_iter());
        let pad = (tight.high - tight.low) * style::AXIS_PADDING;
        let foot = if low < 0.0 { low - pad } else { 0.0 };
        return Heights {
            range: linear(foot, tight.high.max(0.0) + pad),
            cut: None,
            upright: false,
        };
    };
    let values: Vec<Vec<(i32, TextLayout)>> = panels.iter().map(|panel| cut_values(panel, cut, size.0)).collect();
    let upright = values.iter().any(|row| touch(row, size.0));
    let settings = values.iter().flatten().map(|(_, setting)| setting);
    let room = match upright {
        true => settings.map(|setting| setting.width).max().unwrap_or_default(),
        false => font::cap_height(style::SMALLEST),
    };
    let above = f64::from(room + 2 * style::CUT_GAP) / f64::from(size.1.max(1));
    Heights {
        range: linear(low, low + (cut - low) / (1.0 - above.min(0.5))),
        cut: Some(cut),
        upright,
    }
}

/// Every height that the axis should show.
fn reach(panel: &BarsPanel) -> impl Iterator<Item = f64> {
    shown(panel).flat_map(|(_, _, bar)| {
        let marks = bar.exact.iter().copied().chain(bar.error.into_iter().flatten());
        edges(bar).into_iter().chain(marks).filter(|y| Scale::Linear.holds(*y))
    })
}

/// Category, series and bar of every bar that can be drawn.
fn shown(panel: &BarsPanel) -> impl Iterator<Item = (usize, usize, &Bar)> {
    panel.series.iter().enumerate().flat_map(|(series, own)| {
        let bars = own.bars.iter().enumerate();
        bars.filter_map(move |(category, bar)| Some((category, series, bar.as_ref().filter(|bar| drawable(bar))?)))
    })
}

fn drawable(bar: &Bar) -> bool {
    bar.parts.iter().all(|part| Scale::Linear.holds(*part))
}

/// The bars that cannot be drawn.
pub(super) fn omitted(panel: &BarsPanel) -> usize {
    let bars = panel.series.iter().flat_map(|series| series.bars.iter().flatten());
    bars.filter(|bar| !drawable(bar)).count()
}

/// Whether some bar is cut.
pub(super) fn is_cut(panel: &BarsPanel) -> bool {
    let Some(cut) = panel.cut else { return false };
    shown(panel).any(|(_, _, bar)| top(bar) > cut)
}

/// The upper ends of the parts. In a stack no end lies below 0.
fn edges(bar: &Bar) -> Vec<f64> {
    let mut sum = 0.0;
    let ends = bar.parts.iter().map(|part| {
        sum += part;
        if bar.parts.len() > 1 { sum.max(0.0) } else { sum }
    });
    ends.collect()
}

fn top(bar: &Bar) -> f64 {
    edges(bar).last().copied().unwrap_or(0.0)
}

/// The values written above cut bars, each with its middle, in a frame of that width, from left to right.
fn cut_values(panel: &BarsPanel, cut: f64, width: i32) -> Vec<(i32, TextLayout)> {
    let frame = Frame {
        left: 0,
        right: width,
        top: 0,
        bottom: 0,
    };
    let mut values: Vec<(i32, TextLayout)> = shown(panel)
        .filter(|(_, _, bar)| top(bar) > cut)
        .map(|(category, series, bar)| {
            let (left, right) = place(panel, category, series, frame, style::BAR_FILL);
            ((left + right) / 2, set(&value(top(bar)), style::SMALLEST))
        })
        .collect();
    values.sort_by_key(|(middle, _)| *middle);
    values
}

/// Whether values side by side would touch each other or leave a frame of that width.
fn touch(values: &[(i32, TextLayout)], width: i32) -> bool {
    let end = |(middle, setting): &(i32, TextLayout)| middle + setting.width / 2;
    let start = |(middle, setting): &(i32, TextLayout)| middle - setting.width / 2;
    let outside = values.iter().any(|value| start(value) < 0 || end(value) > width);
    outside
        || values
            .windows(2)
            .any(|pair| end(&pair[0]) + style::LABEL_GAP / 2 > start(&pair[1]))
}

/// Three significant digits, trailing zeros kept: the values are compared with each other.
fn value(height: f64) -> Label {
    let text = format!("{height:.2e}");
    // Cannot fail: the text has an exponent, and reads as a float.
    let exponent: i32 = text.rsplit('e').next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let rounded: f64 = text.parse().unwrap_or(height);
    Label::number(&match exponent {
        -4..=2 => format!("{rounded:.*}", (2 - exponent) as usize),
        _ => float(rounded),
    })
}

/// Left and right end of a bar that fills `fill` per mille of its place.
fn place(panel: &BarsPanel, category: usize, series: usize, frame: Frame, fill: i64) -> (i32, i32) {
    let (categories, count) = (panel.x.len().max(1) as i64, panel.series.len().max(1) as i64);
    // In thousandths of a thousandth of a category.
    let slot = 1000 * style::BARS_FILL / count;
    let start = 1_000_000 * category as i64 + 500 * (1000 - style::BARS_FILL) + slot * series as i64;
    let inset = slot * (1000 - fill) / 2000;
    let at = |part: i64| frame.left + (part * i64::from(frame.width()) / (1_000_000 * categories)) as i32;
    (at(start + inset), at(start + slot - inset))
}

/// The colour of a part of a stack.
pub(super) fn part_colour(colour: Rgb, part: usize) -> Rgb {
    tint(colour, style::PART_TINTS[part % style::PART_TINTS.len()])
}

/// A bar panel, ready to be drawn.
pub(super) struct Bars<'a> {
    panel: &'a BarsPanel,
    pub(super) x: AxisLayout,
    pub(super) y: AxisLayout,
    heights: Heights,
}

impl<'a> Bars<'a> {
    /// `index` counts the figure's panels from 1; `height` is about that of the frame.
    pub(super) fn new(panel: &'a BarsPanel, index: usize, heights: Heights, height: i32) -> Result<Self, FigureError> {
        check(panel, index)?;
        let mut marks = ticks::ticks(&Ticks::Auto, &heights.range, height / style::TICK_ROOM_Y);
        marks.retain(|tick| heights.cut.is_none_or(|cut| tick.value <= cut * (1.0 + 1e-9)));
        Ok(Self {
            panel,
            x: AxisLayout::categories(&panel.x_label, &panel.x),
            y: AxisLayout::numeric(&panel.y_label, &heights.range, &marks),
            heights,
        })
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        self.y.grid(canvas, frame, false)?;
        for (category, series, bar) in shown(self.panel) {
            self.bar(canvas, frame, (category, series), bar)?;
        }
        for (category, series, bar) in shown(self.panel) {
            self.marks(canvas, frame, (category, series), bar)?;
        }
        if self.heights.range.low < 0.0 {
            let y = self.at(0.0, frame);
            canvas.path(&[(frame.left, y), (frame.right, y)], style::GRID_STROKE, style::FRAME)?;
        }
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME)?;
        self.x.below(canvas, frame)?;
        self.y.left(canvas, frame)
    }

    fn at(&self, height: f64, frame: Frame) -> i32 {
        self.heights.range.place(height, frame.bottom, frame.top)
    }

    fn below_cut(&self, height: f64) -> bool {
        Scale::Linear.holds(height) && self.heights.cut.is_none_or(|cut| height <= cut)
    }

    /// The stack, and where it is cut the mark of that and its value.
    fn bar(
        &self,
        canvas: &mut Canvas,
        frame: Frame,
        (category, series): (usize, usize),
        bar: &Bar,
    ) -> Result<(), FigureError> {
        let (left, right) = place(self.panel, category, series, frame, style::BAR_FILL);
        let colour = marks::colour(series);
        let limit = self.heights.cut.unwrap_or(f64::INFINITY);
        let mut from = self.at(0.0, frame);
        for (part, edge) in edges(bar).into_iter().enumerate() {
            let to = self.at(edge.min(limit), frame);
            let (top, bottom) = (from.min(to), from.max(to));
            if top < bottom {
                canvas.fill(
                    Frame {
                        left,
                        top,
                        right,
                        bottom,
                    },
                    part_colour(colour, part),
                )?;
            }
            from = to;
        }
        let foot = self.at(0.0, frame);
        let outline = [(left, foot), (left, from), (right, from), (right, foot)];
        canvas.path(&outline, style::BAR_EDGE, colour)?;
        if top(bar) > limit {
            cut_mark(canvas, (left, right), from)?;
            let setting = set(&value(top(bar)), style::SMALLEST);
            let (middle, y) = ((left + right) / 2, from - style::CUT_GAP);
            if self.heights.upright {
                let x = middle + font::cap_height(style::SMALLEST) / 2;
                canvas.upward(&setting, (x, y), Anchor::Start, style::INK);
            } else {
                canvas.text(&setting, (middle, y), Anchor::Middle, style::INK);
            }
        }
        Ok(())
    }

    /// Exact marks a little wider than the bar, then the error bar. A mark at 0 would only thicken the foot.
    fn marks(
        &self,
        canvas: &Canvas,
        frame: Frame,
        (category, series): (usize, usize),
        bar: &Bar,
    ) -> Result<(), FigureError> {
        let (left, right) = place(self.panel, category, series, frame, style::TICK_FILL);
        let marked = bar.exact.iter().filter(|height| self.below_cut(**height));
        let foot = self.at(0.0, frame);
        for y in marked.map(|height| self.at(*height, frame)).filter(|y| *y != foot) {
            exact_mark(canvas, (left, right), y)?;
        }
        let Some([low, high]) = bar.error.filter(|ends| ends.iter().all(|end| self.below_cut(*end))) else {
            return Ok(());
        };
        let (low, high) = (self.at(low, frame), self.at(high, frame));
        // Caps wider than the bar would join those of its neighbours.
        let capped = right - left > 2 * style::CAP_HALF && low - high > 2 * style::EXACT_TICK;
        marks::error_bar(canvas, (left + right) / 2, (low, capped), (high, capped), style::INK)
    }

    /// Everything that a legend inside the frame must not cover, as segments.
    pub(super) fn segments(&self, frame: Frame) -> Vec<[At; 2]> {
        let bars = shown(self.panel).map(|(category, series, bar)| {
            let (left, right) = place(self.panel, category, series, frame, style::BAR_FILL);
            let x = (left + right) / 2;
            let cut = self.heights.cut.is_some_and(|cut| top(bar) > cut);
            let end = if cut { frame.top } else { self.at(top(bar), frame) };
            [(x, self.at(0.0, frame)), (x, end)]
        });
        bars.collect()
    }
}

/// An exact value across a bar.
pub(super) fn exact_mark(canvas: &Canvas, (left, right): (i32, i32), y: i32) -> Result<(), FigureError> {
    let ends = [(left, y), (right, y)];
    canvas.path(&ends, style::EXACT_TICK + 2 * style::EXACT_TICK_EDGE, style::PAPER)?;
    canvas.path(&ends, style::EXACT_TICK, style::INK)
}

/// A slanted gap near the end of a cut bar.
pub(super) fn cut_mark(canvas: &Canvas, (left, right): (i32, i32), top: i32) -> Result<(), FigureError> {
    let [height, distance, rise] = style::CUT_MARK;
    let (left, right) = (left - style::BAR_EDGE, right + style::BAR_EDGE);
    let (low, high) = (top + distance + rise, top + distance);
    let band = [(left, low), (right, high), (right, high + height), (left, low + height)];
    canvas.polygon(&band, style::PAPER, 1.0)
}

fn check(panel: &BarsPanel, index: usize) -> Result<(), FigureError> {
    let categories = panel.x.len();
    if let Some(series) = panel.series.iter().find(|series| series.bars.len() != categories) {
        return Err(FigureError::Bars {
            panel: index,
            categories,
            bars: series.bars.len(),
        });
    }
    match panel.cut.filter(|cut| !(Scale::Linear.holds(*cut) && *cut > 0.0)) {
        None => Ok(()),
        Some(value) => Err(FigureError::Position {
            panel: index,
            axis: 'y',
            value,
            scale: Scale::Linear,
        }),
    }
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
