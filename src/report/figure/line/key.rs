//! Owns the legend of line panels: which marks are explained, in what words, with what sample.

use super::curve::Signs;
use super::model::{At as Stands, Interval, Joined, LinePanel, Point, Series, Spread};
use super::overlap;
use super::reach;
use crate::numerics::scale::Scale;
use crate::report::figure::canvas::{At, Canvas};
use crate::report::figure::entries::{Entry, Sample, headed, omitted, present};
use crate::report::figure::legend::Key;
use crate::report::figure::marks;
use crate::report::figure::style;
use std::any::Any;
use std::iter::once;

/// The series, then what the marks mean, the references, and what is not shown.
pub(super) fn key(panel: &LinePanel) -> Key {
    let words = &panel.legend.words;
    let series = panel.series.iter();
    let series = series.map(|series| (Mark::series(panel, series), &series.label));
    let exact = Signs::of(panel, panel.series.iter().map(|series| &series.exact));
    let floors = panel.series.iter().any(|series| series.floor.is_some());
    let why = match panel.y.scale {
        Scale::Linear => "not finite",
        _ => "not positive",
    };
    let signs = exact.lines || exact.marks;
    let theory = [
        (signs, Mark::Exact(exact), &words.exact),
        (floors, Mark::Floor, &words.floor),
    ];
    let mut marks = points(panel);
    marks.extend(present(theory));
    marks.extend(references(panel));
    marks.extend(omitted(reach::omitted(panel), why));
    let series = headed(panel.legend.title.as_ref(), series);
    Key::new(panel.legend.place, [series, marks])
}

/// What points and the lines between them mean.
fn points(panel: &LinePanel) -> Vec<Entry> {
    let words = &panel.legend.words;
    let any = |has: &dyn Fn(&Series) -> bool| panel.series.iter().any(has);
    let unsure = |point: &Point| {
        let is_shown = point.y.is_some_and(|y| panel.y.scale.holds(y));
        is_shown && point.error == Spread::Unsure
    };
    let sure = |interval: Interval| {
        let known = |point: &Point| matches!(point.error, Spread::Between(..));
        any(&|series: &Series| series.interval == interval && series.points.iter().any(known))
    };
    let (barred, banded) = (sure(Interval::Bars), sure(Interval::Band));
    let unsure = any(&|series: &Series| series.points.iter().any(unsure));
    let bounded = any(&|series: &Series| series.points.iter().any(|p| reach::bound(p, panel.y.scale).is_some()));
    let around = overlap::any(panel, (&reach::x_range(panel), &reach::y_range(&[panel])));
    let joined = |how| any(&|series: &Series| series.joined == how && series.points.len() > 1);
    let entries = [
        (barred, Mark::Points, &words.points),
        // Bars and bands side by side mean the same and are explained once.
        (banded && !barred, Mark::Band, &words.points),
        (unsure, Mark::Unsure, &words.unsure),
        (around, Mark::Around, &words.around),
        (bounded, Mark::Bound, &words.bound),
        (joined(Joined::Straight), Mark::Joined, &words.joined),
        (joined(Joined::InSteps), Mark::Steps, &words.steps),
    ];
    present(entries).collect()
}

/// The references, those of one name once.
fn references(panel: &LinePanel) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for reference in &panel.references {
        let of_name = panel.references.iter().filter(|other| other.label == reference.label);
        let curves = of_name.filter_map(|other| match &other.at {
            Stands::Along { curve, .. } => Some(curve),
            Stands::X(_) => None,
        });
        let mark = match reference.at {
            Stands::Along { .. } => Mark::Along(Signs::of(panel, curves)),
            Stands::X(_) => Mark::Reference,
        };
        let own = Entry::new(mark, &reference.label);
        if !entries.contains(&own) {
            entries.push(own);
        }
    }
    entries
}

/// What a legend of lines explains.
#[derive(Debug, PartialEq)]
enum Mark {
    /// A series: its marker where it has points, its line where it has one.
    Series { look: usize, marked: bool, line: Thread },
    /// Any point with its error bar.
    Points,
    /// Any point whose error says little.
    Unsure,
    /// Any bound.
    Bound,
    /// Any line from estimate to estimate.
    Joined,
    /// Any line in steps.
    Steps,
    /// Any markers that lie on each other.
    Around,
    /// Any band through points.
    Band,
    /// Exact values, in lines, marks or both.
    Exact(Signs),
    /// Values of theory that are not exact, likewise.
    Along(Signs),
    /// Any floor.
    Floor,
    /// A reference line.
    Reference,
}

/// The line of a series.
#[derive(Debug, PartialEq)]
enum Thread {
    /// None.
    None,
    /// One from estimate to estimate.
    Joined,
    /// An exact one.
    Exact,
}

impl Mark {
    fn series(panel: &LinePanel, series: &Series) -> Self {
        let line = match Signs::of(panel, once(&series.exact)).lines {
            true => Thread::Exact,
            false if series.joined != Joined::Not => Thread::Joined,
            false => Thread::None,
        };
        Self::Series {
            look: series.look,
            marked: !series.points.is_empty(),
            line,
        }
    }
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        match self {
            Self::Points | Self::Unsure | Self::Bound | Self::Around => style::SHORT_SWATCH,
            Self::Series { line: Thread::None, .. } => style::SHORT_SWATCH,
            Self::Exact(Signs { lines: false, .. }) | Self::Along(Signs { lines: false, .. }) => style::SHORT_SWATCH,
            _ => style::SWATCH,
        }
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let (end, middle) = (x + self.length(), (x + self.length() / 2, y));
        let line = [(x, y), (end, y)];
        match self {
            Self::Series { look, marked, line: of } => {
                let colour = marks::colour(*look);
                match of {
                    Thread::None => {}
                    Thread::Joined => marks::joined(canvas, &line, colour),
                    Thread::Exact => canvas.path(&line, style::CURVE_STROKE, colour),
                }
                if *marked {
                    marks::marker(canvas, middle, (*look, 0), false);
                }
            }
            Self::Points => {
                marks::sample_bar(canvas, middle, style::NEUTRAL);
                marks::neutral_marker(canvas, middle, false);
            }
            Self::Unsure => marks::neutral_marker(canvas, middle, true),
            Self::Around => marks::neutral_pair(canvas, middle),
            Self::Bound => {
                let half = style::ARROW / 2;
                marks::bound(canvas, (middle.0, y - half), y + half, style::NEUTRAL);
            }
            Self::Joined => marks::joined(canvas, &line, style::NEUTRAL),
            Self::Steps => {
                let half = style::LEGEND_ROW / 5;
                let step = [
                    (x, y + half),
                    (middle.0, y + half),
                    (middle.0, y - half),
                    (end, y - half),
                ];
                marks::joined(canvas, &step, style::NEUTRAL)
            }
            Self::Band => {
                let half = style::LEGEND_ROW / 4;
                let band = [(x, y - half), (end, y - half), (end, y + half), (x, y + half)];
                canvas.polygon(&band, style::NEUTRAL, style::BAND_OPACITY);
                marks::neutral_marker(canvas, middle, false);
            }
            Self::Exact(signs) => {
                if signs.lines {
                    canvas.path(&line, style::CURVE_STROKE, style::NEUTRAL);
                }
                if signs.marks {
                    marks::value(canvas, middle, style::NEUTRAL);
                }
            }
            Self::Along(signs) => {
                if signs.lines {
                    marks::along(canvas, &line, style::NEUTRAL);
                }
                if signs.marks {
                    marks::cross(canvas, middle, style::NEUTRAL);
                }
            }
            Self::Floor => marks::floor(canvas, line[0], line[1], style::NEUTRAL),
            Self::Reference => marks::reference(canvas, line[0], line[1]),
        }
    }

    fn is_tabular(&self) -> bool {
        matches!(self, Self::Series { .. })
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}
