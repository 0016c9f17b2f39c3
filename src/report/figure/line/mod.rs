//! Line panels: points and curves over two axes.
//!
//! `model` says what is shown, `reach` what the axes must show, `curve` which values of theory a line joins; `overlap` which
//! markers hide each other; `drawing` and `key` draw and explain.

mod curve;
mod drawing;
mod key;
mod model;
mod overlap;
mod reach;

use super::FigureError;
use super::axes::AxisLayout;
use super::described::listed;
use super::legend::Key;
use super::marks;
use super::model::{Body, Filling, Site};
use super::scale::Range;
use super::style;
use super::ticks;
use crate::numerics::scale::Scale;
use drawing::Line;
pub use model::{At, Axis, Curve, Interval, Joined, LinePanel, Point, Reference, Series, Spread};

impl Body for LinePanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        let peers = site.sharing(self);
        if peers.iter().any(|peer| peer.y.scale != self.y.scale) {
            return Err(FigureError::Shared);
        }
        reach::check(self, site.number())?;
        let last = self.series.iter().map(|series| series.look + 1).max();
        marks::check(site.number(), last.unwrap_or(0), marks::LOOKS)?;
        let (x, y) = (reach::x_range(self), reach::y_range(&peers));
        let repeats = |left: &Self| site.figure.shared_y && left.y == self.y;
        Ok(Filling {
            x: ruler(&self.x, &x, site.size.0, style::TICK_ROOM_X),
            y: ruler(&self.y, &y, site.size.1, style::TICK_ROOM_Y).hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Line::new(self, x, y)),
        })
    }

    fn described(&self) -> String {
        let [x, y] = [&self.x, &self.y].map(|axis| axis.label.spoken());
        let series = listed(
            self.legend.title.as_ref(),
            self.series.iter().map(|series| &series.label),
        );
        format!("{y} against {x}{series}")
    }

    fn key(&self) -> Option<Key> {
        Some(key::key(self))
    }
}

/// The ruler of an axis of about that length, on which a tick takes so much `room`.
fn ruler(axis: &Axis, range: &Range, length: i32, room: i32) -> AxisLayout {
    let room = match axis.scale {
        Scale::Log2 => style::TICK_ROOM_OCTAVE,
        Scale::Log1p => style::TICK_ROOM_COUNT,
        Scale::Linear | Scale::Log10 => room,
    };
    let name = AxisLayout::name(&axis.label, length);
    AxisLayout::numeric(name, range, &ticks::ticks(&axis.ticks, range, length / room))
}
