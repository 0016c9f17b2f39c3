//! Owns the mark of a guess on a figure: what somebody expected, beside what was found.

use crate::numerics::scale::Scale;
use crate::numerics::text::short_3;
use crate::report::figure::{
    At, Curve, Figure, Interval, Joined, Label, LinePanel, Panel, Point, Reference, Series, Spread,
};
use std::sync::Arc;

/// What the mark is called in legends: an upright line has no value to be read off an axis, and is told apart from others by its own.
const NAME: &str = "your guess";

/// A guess, and the line figure that it is drawn on.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The name of the figure.
    pub figure: String,
    /// Where it stands.
    pub mark: Mark,
}

/// Where a guess stands, in units of the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// A value at a place.
    Point {
        /// The place.
        x: f64,
        /// The value.
        y: f64,
    },
    /// A place: an upright line.
    Place {
        /// The place.
        x: f64,
    },
}

impl Guess {
    /// Adds the mark to each panel of lines and points that has a place for it.
    pub(super) fn draw_on(&self, figure: &mut Figure) {
        for panel in &mut figure.panels {
            let Some(lines) = panel.body.of::<LinePanel>() else {
                continue;
            };
            if !self.mark.is_held(lines.x.scale, lines.y.scale) {
                continue;
            }
            let mut lines = lines.clone();
            self.mark.add_to(&mut lines);
            let body = Arc::new(lines);
            *panel = Panel { body, ..panel.clone() };
        }
    }
}

impl Mark {
    fn is_held(self, x_scale: Scale, y_scale: Scale) -> bool {
        match self {
            Mark::Point { x, y } => x_scale.holds(x) && y_scale.holds(y),
            Mark::Place { x } => x_scale.holds(x),
        }
    }

    fn add_to(self, lines: &mut LinePanel) {
        let label = match self {
            Mark::Place { x } => Label::plain(&format!("{NAME}: {}", short_3(x))),
            Mark::Point { .. } => Label::plain(NAME),
        };
        match self {
            Mark::Place { x } => lines.references.push(Reference { at: At::X(x), label }),
            Mark::Point { x, y } => lines.series.push(Series {
                label,
                look: lines.series.iter().map(|own| own.look + 1).max().unwrap_or(0),
                points: vec![Point {
                    x,
                    y: Some(y),
                    error: Spread::Unknown,
                }],
                interval: Interval::Bars,
                joined: Joined::Not,
                exact: Curve::none(),
                floor: None,
            }),
        }
    }
}
