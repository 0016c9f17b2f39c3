//! Zip panels (Morris, White and Crowther 2019): intervals as lines, those that are furthest off on top, beside the value that they should
//! hold.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::entries::{Entry, Sample};
use super::label::Label;
use super::legend::{Key, Place};
use super::marks;
use super::model::{Body, Drawing, Filling, Site, Spot};
use super::scale::Range;
use super::style;
use super::ticks::{self, Ticks};
use crate::numerics::scale::Scale;
use std::any::Any;

/// Intervals of the same number, from that which is least off at the bottom to that which is most off.
#[derive(Clone, Debug, PartialEq)]
pub struct ZipPanel {
    /// Name of the number.
    pub x_label: Label,
    /// The value that intervals should hold.
    pub exact: Option<f64>,
    /// The share of them that should.
    pub level: f64,
    /// One per part of the run; none where a part has no interval.
    pub intervals: Vec<Option<Zipped>>,
}

/// An interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipped {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// By how many standard errors its middle is off, 0 or more.
    pub off: f64,
}

impl ZipPanel {
    /// Those that can be drawn, with their places in the list, the least off first.
    fn ordered(&self) -> Vec<(usize, Zipped)> {
        let drawable = |own: &Zipped| [own.low, own.high, own.off].iter().all(|end| Scale::Linear.holds(*end));
        let all = self.intervals.iter().enumerate();
        let mut found: Vec<_> = all
            .filter_map(|(index, own)| Some((index, own.filter(drawable)?)))
            .collect();
        found.sort_by(|(_, a), (_, b)| a.off.total_cmp(&b.off));
        found
    }

    fn holds(&self, own: &Zipped) -> bool {
        self.exact.is_some_and(|exact| own.low <= exact && exact <= own.high)
    }

    /// How many hold the value. Parts without an interval do not.
    pub fn held(&self) -> usize {
        self.ordered().iter().filter(|(_, own)| self.holds(own)).count()
    }

    /// Parts without an interval.
    pub fn without(&self) -> usize {
        self.intervals.len() - self.ordered().len()
    }
}

impl Body for ZipPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        let ordered = self.ordered();
        let ends = ordered.iter().flat_map(|(_, own)| [own.low, own.high]);
        let range = Range::padded(Scale::Linear, ends.chain(self.exact));
        let share = Range::new(Scale::Linear, 0.0, 100.0);
        let marks = ticks::ticks(&Ticks::Auto, &range, site.size.0 / style::TICK_ROOM_X);
        let listed = Ticks::Listed(vec![0.0, 50.0, 100.0 * self.level]);
        let y_label = Label::plain("intervals that are less off, %");
        let y = AxisLayout::numeric(
            AxisLayout::name(&y_label, site.size.1),
            &share,
            &ticks::ticks(&listed, &share, 4),
        );
        let repeats = |left: &Self| left.level == self.level;
        Ok(Filling {
            x: AxisLayout::numeric(AxisLayout::name(&self.x_label, site.size.0), &range, &marks),
            y: y.hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Zip {
                panel: self,
                ordered,
                range,
                share,
            }),
        })
    }

    fn described(&self) -> String {
        format!(
            "{} intervals of {} as lines, those that are furthest off on top: {} hold the exact value, {}% should",
            self.intervals.len(),
            self.x_label.spoken(),
            self.held(),
            100.0 * self.level
        )
    }

    fn key(&self) -> Option<Key> {
        // All of them in each panel, so that panels have one legend.
        let marks = [
            Entry::new(Mark::Held, &Label::plain("holds the exact value")),
            Entry::new(Mark::Missed, &Label::plain("does not")),
            Entry::new(Mark::Exact, &Label::plain("exact")),
            Entry::new(Mark::Level, &Label::plain(&format!("{}%", 100.0 * self.level))),
        ];
        Some(Key::new(Place::Auto, [marks.to_vec()]))
    }
}

/// A zip panel, ready to be drawn.
struct Zip<'a> {
    panel: &'a ZipPanel,
    ordered: Vec<(usize, Zipped)>,
    range: Range,
    share: Range,
}

impl Zip<'_> {
    fn x(&self, value: f64, frame: Frame) -> i32 {
        self.range.place(value, frame.left, frame.right)
    }

    /// The middle of the line at this place from the bottom. What has no interval is further off than all.
    fn y(&self, place: usize, frame: Frame) -> i32 {
        let percent = 100.0 * (place as f64 + 0.5) / self.panel.intervals.len().max(1) as f64;
        self.share.place(percent, frame.bottom, frame.top)
    }
}

impl Drawing for Zip<'_> {
    fn height(&self, width: i32, _: i32) -> i32 {
        width
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        let room = frame.height() / self.panel.intervals.len().max(1) as i32;
        let stroke = room.clamp(style::ZIP_STROKES[0], style::ZIP_STROKES[1]);
        for (place, (_, own)) in self.ordered.iter().enumerate() {
            let y = self.y(place, frame);
            let mark = if self.panel.holds(own) {
                Mark::Held
            } else {
                Mark::Missed
            };
            let ends = [own.low, own.high].map(|end| (self.x(end, frame), y));
            canvas.path(&ends, stroke, mark.colour());
        }
        let y = self.share.place(100.0 * self.panel.level, frame.bottom, frame.top);
        marks::reference(canvas, (frame.left, y), (frame.right, y));
        if let Some(exact) = self.panel.exact {
            let x = self.x(exact, frame);
            canvas.path(&[(x, frame.top), (x, frame.bottom)], style::CURVE_STROKE, style::INK);
        }
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let spot = |(place, (index, own)): (usize, &(usize, Zipped))| Spot {
            at: (self.x(0.5 * (own.low + own.high), frame), self.y(place, frame)),
            reach: style::SPOT,
            item: (0, *index),
        };
        self.ordered.iter().enumerate().map(spot).collect()
    }
}

/// What a legend of intervals explains.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Held,
    Missed,
    Exact,
    Level,
}

impl Mark {
    fn colour(self) -> style::Rgb {
        match self {
            Self::Held => marks::colour(0),
            Self::Missed => marks::colour(1),
            Self::Exact | Self::Level => style::INK,
        }
    }
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        match self {
            Self::Exact => style::SHORT_SWATCH / 2,
            Self::Held | Self::Missed | Self::Level => style::SWATCH,
        }
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let end = x + self.length();
        match self {
            Self::Held | Self::Missed => canvas.path(&[(x, y), (end, y)], style::ZIP_STROKES[1], self.colour()),
            Self::Level => marks::reference(canvas, (x, y), (end, y)),
            Self::Exact => {
                let (middle, half) = ((x + end) / 2, style::FOOT_HALF);
                canvas.path(
                    &[(middle, y - half), (middle, y + half)],
                    style::CURVE_STROKE,
                    self.colour(),
                )
            }
        }
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figure::{Figure, Panel, Width, render};

    fn panel() -> ZipPanel {
        let interval = |low: f64, high: f64| {
            Some(Zipped {
                low,
                high,
                off: (0.5 * (low + high) - 1.0).abs(),
            })
        };
        ZipPanel {
            x_label: Label::plain("mean"),
            exact: Some(1.0),
            level: 0.95,
            intervals: vec![interval(2.0, 3.0), interval(0.5, 1.4), None, interval(1.0, 2.0)],
        }
    }

    fn svg(panel: ZipPanel) -> String {
        let figure = Figure {
            name: "Zip".to_owned(),
            title: None,
            panels: vec![Panel::of(panel)],
            columns: 1,
            width: Width::OneColumn,
            shared_y: false,
        };
        // Words of a label do not part.
        render(&figure).unwrap().replace('\u{a0}', " ")
    }

    /// One without an interval had counted as none at all: 2 of 3, and all of those that never vary.
    #[test]
    fn what_is_furthest_off_stands_on_top_and_what_has_no_interval_does_not_hold() {
        let own = panel();
        let places: Vec<usize> = own.ordered().iter().map(|(index, _)| *index).collect();
        assert_eq!(places, [1, 3, 0]);
        assert_eq!((own.held(), own.without()), (2, 1));
    }

    #[test]
    fn a_zip_says_how_many_hold_the_value() {
        let text = svg(panel());
        for said in [
            "4 intervals of mean as lines",
            "2 hold the exact value, 95% should",
            "does not",
        ] {
            assert!(text.contains(said), "{said}");
        }
        // The negative control: another interval is another picture.
        let mut other = panel();
        other.intervals[2] = other.intervals[0];
        assert_ne!(svg(other), text);
    }
}
