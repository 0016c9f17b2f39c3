//! Legend entries: which marks of a panel are explained, in what words, with what sample.

use super::FigureError;
use super::canvas::{At, Canvas};
use super::label::Label;
use super::line;
use super::marks;
use super::model::{Interval, LinePanel, Scale, Series};
use super::setting::{Setting, set};
use super::style;

/// The sample before an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A series: its marker where it has points, its line where it has one.
    Series { index: usize, marked: bool, lined: bool },
    /// Any point with its error bar.
    Points,
    /// Any band through points.
    Band,
    /// Any exact curve.
    Exact,
    /// Any floor.
    Floor,
    /// A reference line.
    Reference,
    /// None: a heading or a remark.
    Nothing,
}

impl Swatch {
    pub(super) fn length(self) -> i32 {
        match self {
            Self::Points | Self::Series { lined: false, .. } => style::SHORT_SWATCH,
            _ => style::SWATCH,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) swatch: Swatch,
    label: Label,
}

impl Entry {
    pub(super) fn setting(&self) -> Setting {
        set(&self.label, style::LEGEND)
    }

    /// Where the text begins; `aligned` with entries above and below, whose samples may be longer.
    pub(super) fn indent(&self, aligned: bool) -> i32 {
        match self.swatch {
            Swatch::Nothing => 0,
            _ if aligned => style::SWATCH + style::SWATCH_GAP,
            swatch => swatch.length() + style::SWATCH_GAP,
        }
    }

    pub(super) fn width(&self, aligned: bool) -> i32 {
        self.indent(aligned) + self.setting().width
    }
}

/// The series, after the legend's title.
pub(super) fn series_entries(panel: &LinePanel) -> Vec<Entry> {
    let mut entries: Vec<Entry> = panel
        .series
        .iter()
        .enumerate()
        .filter(|(_, series)| series.label != Label::plain(""))
        .map(|(index, series)| Entry {
            swatch: Swatch::Series {
                index,
                marked: !series.points.is_empty(),
                lined: !series.exact.is_empty() || series.joined,
            },
            label: series.label.clone(),
        })
        .collect();
    if let (Some(title), false) = (&panel.legend.title, entries.is_empty()) {
        entries.insert(
            0,
            Entry {
                swatch: Swatch::Nothing,
                label: title.clone(),
            },
        );
    }
    entries
}

/// What the marks mean, the reference lines, and what is not shown.
pub(super) fn mark_entries(panel: &LinePanel) -> Vec<Entry> {
    let any = |has: fn(&Series) -> bool| panel.series.iter().any(has);
    let words = &panel.legend.words;
    let mut entries = Vec::new();
    let mut add = |present: bool, swatch: Swatch, label: &Label| {
        if present {
            entries.push(Entry {
                swatch,
                label: label.clone(),
            });
        }
    };
    let barred = any(|series| !series.points.is_empty() && series.interval == Interval::Bars);
    let banded = any(|series| !series.points.is_empty() && series.interval == Interval::Band);
    add(barred, Swatch::Points, &words.points);
    // Bars and bands side by side mean the same and are explained once.
    add(banded && !barred, Swatch::Band, &words.points);
    add(any(|series| !series.exact.is_empty()), Swatch::Exact, &words.exact);
    add(any(|series| series.floor.is_some()), Swatch::Floor, &words.floor);
    for reference in &panel.references {
        add(true, Swatch::Reference, &reference.label);
    }
    let omitted = line::omitted(panel);
    let why = if panel.y.scale == Scale::Linear {
        "not finite"
    } else {
        "not positive"
    };
    add(
        omitted > 0,
        Swatch::Nothing,
        &Label::plain(&format!("{omitted} not shown ({why})")),
    );
    entries
}

/// Draws a sample with its left end at the point.
pub(super) fn swatch(canvas: &Canvas, (x, y): At, swatch: Swatch) -> Result<(), FigureError> {
    let (end, middle) = (x + swatch.length(), x + swatch.length() / 2);
    let line = [(x, y), (end, y)];
    match swatch {
        Swatch::Series { index, marked, lined } => {
            if lined {
                canvas.path(&line, style::CURVE_STROKE, marks::colour(index))?;
            }
            if marked {
                marks::marker(canvas, (middle, y), index)
            } else {
                Ok(())
            }
        }
        Swatch::Points => {
            let half = style::LEGEND_ROW * 2 / 5;
            marks::error_bar(canvas, middle, (y + half, true), (y - half, true), style::NEUTRAL)?;
            marks::neutral_marker(canvas, (middle, y))
        }
        Swatch::Band => {
            let half = style::LEGEND_ROW / 4;
            let band = [(x, y - half), (end, y - half), (end, y + half), (x, y + half)];
            canvas.polygon(&band, style::NEUTRAL, style::BAND_OPACITY)?;
            marks::neutral_marker(canvas, (middle, y))
        }
        Swatch::Exact => canvas.path(&line, style::CURVE_STROKE, style::NEUTRAL),
        Swatch::Floor => canvas.dashed(line[0], line[1], style::FLOOR_DASH, style::FLOOR_STROKE, style::NEUTRAL),
        Swatch::Reference => canvas.dashed(
            line[0],
            line[1],
            style::REFERENCE_DASH,
            style::REFERENCE_STROKE,
            style::NEUTRAL,
        ),
        Swatch::Nothing => Ok(()),
    }
}
