//! Lolly panels: a row per category, in it a stick per series that ends in the marker of an estimate with its error bar.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::described::listed;
use super::entries::{Entry, Sample, headed, omitted, present};
use super::label::Label;
use super::legend::{Key, Legend};
use super::marks;
use super::model::{Body, Drawing, Filling, Site, Spot};
use super::scale::Range;
use super::style;
use super::ticks::{self, Ticks};
use crate::numerics::scale::Scale;
use std::any::Any;

/// Estimates on sticks, over a list of categories from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct LollyPanel {
    /// Name of the value.
    pub x_label: Label,
    /// Name of the categories.
    pub y_label: Label,
    /// The categories, from the top.
    pub y: Vec<Label>,
    /// The series, in the order of the legend and, in each category, from the top.
    pub series: Vec<LollySeries>,
    /// Whether the feet are exact values, which are marked; else they are all alike.
    pub exact: bool,
    /// The legend.
    pub legend: Legend,
}

/// A family of sticks with one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct LollySeries {
    /// Name in the legend.
    pub label: Label,
    /// One per category; none where there is nothing to show.
    pub sticks: Vec<Option<Stick>>,
}

/// An estimate on its stick. One that is not finite is left out, and the legend counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stick {
    /// Where it ends.
    pub value: f64,
    /// Where it stands.
    pub foot: f64,
    /// Lower and upper bound, drawn as an error bar.
    pub error: Option<[f64; 2]>,
}

impl Body for LollyPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        marks::check(site.number(), self.series.len(), style::SERIES.len())?;
        // The value is on x: panels that stand below one another are compared too.
        let range = range(&site.of_kind());
        let marks = ticks::ticks(&Ticks::Auto, &range, site.size.0 / style::TICK_ROOM_X);
        let upward: Vec<Label> = self.y.iter().rev().cloned().collect();
        let repeats = |left: &Self| left.y == self.y && left.y_label == self.y_label;
        let height = self.height();
        let y = AxisLayout::categories(AxisLayout::name(&self.y_label, height), &upward);
        Ok(Filling {
            x: AxisLayout::numeric(AxisLayout::name(&self.x_label, site.size.0), &range, &marks),
            y: y.hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Lolly { panel: self, range }),
        })
    }

    fn described(&self) -> String {
        let series = listed(self.legend.title.as_ref(), self.series.iter().map(|own| &own.label));
        format!(
            "{} on sticks by {}{series}",
            self.x_label.spoken(),
            self.y_label.spoken()
        )
    }

    fn key(&self) -> Option<Key> {
        let series = self.series.iter().enumerate();
        let series = series.map(|(index, own)| (Mark::Stick(index), &own.label));
        let mut marks: Vec<Entry> = present([
            (
                self.shown().any(|(_, own)| own.error.is_some()),
                Mark::Error,
                &self.legend.words.points,
            ),
            (self.exact, Mark::Exact, &self.legend.words.exact),
        ])
        .collect();
        marks.extend(omitted(self.omitted(), "not finite"));
        let series = headed(self.legend.title.as_ref(), series);
        Some(Key::new(self.legend.place, [series, marks]))
    }
}

impl LollyPanel {
    /// Every stick that can be drawn, with its category and series.
    fn shown(&self) -> impl Iterator<Item = ((usize, usize), &Stick)> {
        self.series.iter().enumerate().flat_map(|(series, own)| {
            let sticks = own.sticks.iter().enumerate();
            sticks.filter_map(move |(category, stick)| {
                let stick = stick.as_ref().filter(|stick| stick.is_drawable())?;
                Some(((category, series), stick))
            })
        })
    }

    fn omitted(&self) -> usize {
        let sticks = self.series.iter().flat_map(|own| own.sticks.iter().flatten());
        sticks.filter(|own| !own.is_drawable()).count()
    }

    /// A line for each stick, and space between categories.
    fn height(&self) -> i32 {
        let lines = self.y.len() * (self.series.len() + 1);
        lines as i32 * style::STICK_ROW
    }

    /// The middle of a stick.
    fn row(&self, (category, series): (usize, usize), frame: Frame) -> i32 {
        let each = self.series.len() + 1;
        let half_lines = 2 * (category * each + series) + 2;
        let all = (2 * self.y.len() * each).max(1) as i64;
        frame.top + (half_lines as i64 * i64::from(frame.height()) / all) as i32
    }
}

impl Stick {
    fn is_drawable(&self) -> bool {
        Scale::Linear.holds(self.value) && Scale::Linear.holds(self.foot)
    }
}

/// What the axis of these panels spans: all that they show.
fn range(panels: &[&LollyPanel]) -> Range {
    let values = panels.iter().flat_map(|panel| {
        panel.shown().flat_map(|(_, own)| {
            let error = own.error.into_iter().flatten();
            [own.value, own.foot].into_iter().chain(error)
        })
    });
    Range::padded(Scale::Linear, values)
}

/// A lolly panel, ready to be drawn.
struct Lolly<'a> {
    panel: &'a LollyPanel,
    range: Range,
}

impl Drawing for Lolly<'_> {
    fn height(&self, _: i32, _: i32) -> i32 {
        self.panel.height()
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        let x = |value: f64| self.range.place(value, frame.left, frame.right);
        if !self.panel.exact && self.range.contains(0.0) {
            canvas.path(
                &[(x(0.0), frame.top), (x(0.0), frame.bottom)],
                style::GRID_STROKE,
                style::FRAME,
            );
        }
        for (at, own) in self.panel.shown() {
            let y = self.panel.row(at, frame);
            let colour = marks::colour(at.1);
            canvas.path(&[(x(own.foot), y), (x(own.value), y)], style::BAR_STROKE, colour);
            // Longer than a marker is high, so that it shows where the estimate is right.
            if self.panel.exact {
                foot(canvas, (x(own.foot), y));
            }
            marks::marker(canvas, (x(own.value), y), (at.1, 0), false);
            if let Some(ends) = own
                .error
                .filter(|ends| ends.iter().all(|end| Scale::Linear.holds(*end)))
            {
                brackets(canvas, ends.map(x), y);
            }
        }
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let spot = |((category, series), own): ((usize, usize), &Stick)| Spot {
            at: (
                self.range.place(own.value, frame.left, frame.right),
                self.panel.row((category, series), frame),
            ),
            reach: style::STICK_ROW / 2,
            item: (series, category),
        };
        self.panel.shown().map(spot).collect()
    }
}

/// The exact value that a stick stands on.
fn foot(canvas: &mut Canvas, (x, y): At) {
    let ends = [(x, y - style::FOOT_HALF), (x, y + style::FOOT_HALF)];
    canvas.path(&ends, style::EXACT_TICK, style::INK)
}

/// The ends of an error bar that lies, turned to each other.
fn brackets(canvas: &mut Canvas, ends: [i32; 2], y: i32) {
    let (half, depth) = (style::BRACKET_HALF, style::BRACKET);
    for (x, inward) in [(ends[0], depth), (ends[1], -depth)] {
        let bracket = [
            (x + inward, y - half),
            (x, y - half),
            (x, y + half),
            (x + inward, y + half),
        ];
        canvas.path(&bracket, style::BAR_STROKE, style::INK);
    }
}

/// What a legend of sticks explains.
#[derive(Debug, PartialEq)]
enum Mark {
    /// A series.
    Stick(usize),
    /// Any error.
    Error,
    /// Any foot.
    Exact,
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        match self {
            Self::Exact => style::SHORT_SWATCH / 2,
            Self::Stick(_) | Self::Error => style::SWATCH,
        }
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let end = x + self.length();
        match self {
            Self::Stick(series) => {
                canvas.path(&[(x, y), (end, y)], style::BAR_STROKE, marks::colour(*series));
                marks::marker(canvas, (end - style::MARKER_RADIUS, y), (*series, 0), false)
            }
            Self::Error => {
                marks::neutral_marker(canvas, ((x + end) / 2, y), false);
                brackets(canvas, [x + style::BRACKET, end - style::BRACKET], y)
            }
            Self::Exact => foot(canvas, ((x + end) / 2, y)),
        }
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figure::{Figure, LegendText, Panel, Place, Width, render};

    fn panel(exact: bool) -> LollyPanel {
        let stick = |value: f64| {
            Some(Stick {
                value,
                foot: 1.0,
                error: Some([value - 0.1, value + 0.1]),
            })
        };
        LollyPanel {
            x_label: Label::plain("variance"),
            y_label: Label::plain("selector"),
            y: vec![Label::plain("random"), Label::plain("best")],
            series: vec![
                LollySeries {
                    label: Label::plain("1"),
                    sticks: vec![stick(1.5), stick(0.5)],
                },
                LollySeries {
                    label: Label::plain("2"),
                    sticks: vec![stick(f64::NAN), None],
                },
            ],
            exact,
            legend: Legend {
                title: Some(Label::plain("K")),
                place: Place::Auto,
                words: LegendText::default(),
            },
        }
    }

    fn svg(panel: LollyPanel) -> String {
        let figure = Figure {
            name: "Sticks".to_owned(),
            title: None,
            panels: vec![Panel::of(panel)],
            columns: 1,
            width: Width::OneColumn,
            shared_y: false,
        };
        // Words of a label do not part.
        render(&figure).unwrap().replace('\u{a0}', " ")
    }

    #[test]
    fn rows_stand_from_the_top_and_sticks_end_at_their_values() {
        let own = panel(false);
        let frame = Frame::between((0, 0), (1000, own.height()));
        assert!(own.row((0, 0), frame) < own.row((0, 1), frame) && own.row((0, 1), frame) < own.row((1, 0), frame));
        let range = range(&[&own]);
        assert!(range.contains(0.4) && range.contains(1.6) && !range.contains(0.0));
        assert_eq!((own.shown().count(), own.omitted()), (2, 1));
    }

    #[test]
    fn the_legend_says_what_marks_mean_and_what_is_left_out() {
        let text = svg(panel(true));
        for said in [
            "random",
            "best",
            "exact",
            "1 not shown (not finite)",
            "variance on sticks by selector",
        ] {
            assert!(text.contains(said), "{said}");
        }
        assert!(!svg(panel(false)).contains(">exact<"));
        // The negative control: another value is another picture.
        let mut other = panel(true);
        other.series[0].sticks[0] = None;
        assert_ne!(svg(other), text);
    }
}
