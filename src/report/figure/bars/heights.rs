//! Owns the upright axis of bar panels: what it spans, and the values written above bars that are cut.

use super::model::{Bar, BarsPanel};
use crate::numerics::scale::Scale;
use crate::numerics::text::float;
use crate::report::figure::canvas::Frame;
use crate::report::figure::font;
use crate::report::figure::label::Label;
use crate::report::figure::scale::Range;
use crate::report::figure::style;
use crate::report::figure::text_layout::{TextLayout, set};

/// The vertical axis of one panel, or of several that share it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heights {
    pub(super) range: Range,
    /// Where bars are cut, if some reach beyond.
    pub(super) cut: Option<f64>,
    /// Whether values above cut bars read upward, because they would touch side by side.
    pub(super) upright: bool,
}

impl Heights {
    /// The axis on which all bars of the panels stand. `size` is about the size of a frame.
    pub(super) fn of(panels: &[&BarsPanel], size: (i32, i32)) -> Self {
        let cut = panels.iter().find_map(|panel| panel.cut);
        let (low, high) = panels
            .iter()
            .flat_map(|panel| reach(panel))
            .fold((0.0, 0.0), |(low, high): (f64, f64), y| (low.min(y), high.max(y)));
        let Some(cut) = cut.filter(|cut| high > *cut) else {
            // The foot stands on the frame; only what hangs below 0 gets room beyond it.
            let tight = Range::tight(Scale::Linear, [low, high].into_iter());
            let pad = (tight.high - tight.low) * style::AXIS_PADDING;
            let foot = if low < 0.0 { low - pad } else { 0.0 };
            return Self {
                range: Range::new(Scale::Linear, foot, tight.high.max(0.0) + pad),
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
        Self {
            range: Range::new(Scale::Linear, low, low + (cut - low) / (1.0 - above.min(0.5))),
            cut: Some(cut),
            upright,
        }
    }

    /// Whether a value stands on the axis, and not where bars are cut.
    pub(super) fn holds(&self, height: f64) -> bool {
        Scale::Linear.holds(height) && self.cut.is_none_or(|cut| height <= cut)
    }

    /// Whether a bar is cut.
    pub(super) fn cuts(&self, bar: &Bar) -> bool {
        self.cut.is_some_and(|cut| bar.top() > cut)
    }

    pub(super) fn at(&self, height: f64, frame: Frame) -> i32 {
        self.range.place(height, frame.bottom, frame.top)
    }
}

/// Every height that the axis should show.
fn reach(panel: &BarsPanel) -> impl Iterator<Item = f64> {
    panel.shown().flat_map(|(_, bar)| {
        let marks = bar.exact.iter().copied().chain(bar.error.into_iter().flatten());
        bar.edges().into_iter().chain(marks).filter(|y| Scale::Linear.holds(*y))
    })
}

/// The values written above cut bars, each with its middle, in a frame of that width, from left to right.
fn cut_values(panel: &BarsPanel, cut: f64, width: i32) -> Vec<(i32, TextLayout)> {
    let frame = Frame::between((0, 0), (width, 0));
    let cut = panel.shown().filter(|(_, bar)| bar.top() > cut);
    let value = |(at, bar): ((usize, usize), &Bar)| {
        let (left, right) = panel.place(at, frame, style::BAR_FILL);
        ((left + right) / 2, written(bar))
    };
    let mut values: Vec<(i32, TextLayout)> = cut.map(value).collect();
    values.sort_by_key(|(middle, _)| *middle);
    values
}

/// Whether values side by side would touch each other or leave a frame of that width.
fn touch(values: &[(i32, TextLayout)], width: i32) -> bool {
    let end = |(middle, setting): &(i32, TextLayout)| middle + setting.width / 2;
    let start = |(middle, setting): &(i32, TextLayout)| middle - setting.width / 2;
    let outside = values.iter().any(|value| start(value) < 0 || end(value) > width);
    let close = |pair: &[(i32, TextLayout)]| end(&pair[0]) + style::LABEL_GAP / 2 > start(&pair[1]);
    outside || values.windows(2).any(close)
}

/// The height of a cut bar as it is written above it.
pub(super) fn written(bar: &Bar) -> TextLayout {
    set(&value(bar.top()), style::SMALLEST)
}

/// Three significant digits, trailing zeros kept: the values are compared with each other.
pub(super) fn value(height: f64) -> Label {
    let text = format!("{height:.2e}");
    // Cannot fail: the text has an exponent, and reads as a float.
    let exponent: i32 = text.rsplit('e').next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let rounded: f64 = text.parse().unwrap_or(height);
    Label::number(&match exponent {
        -4..=2 => format!("{rounded:.*}", (2 - exponent) as usize),
        _ => float(rounded),
    })
}
