//! Pool panels: candidates in a plane, those kept ringed and numbered.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::colour::{ink_on, tint};
use super::described::listed;
use super::entries::{Entry, Sample, headed};
use super::font;
use super::label::Label;
use super::legend::{Key, Place};
use super::marks;
use super::model::{Body, Drawing, Filling, Site};
use super::style::{self, Rgb};
use super::text_layout::{Anchor, set};
use crate::numerics::scale::{Scale, extent};
use std::any::Any;

/// The candidates of one pool in a plane with equal scales, those kept ringed and numbered in the order kept.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolPanel {
    /// Name of the horizontal direction.
    pub x_label: Label,
    /// Name of the vertical direction.
    pub y_label: Label,
    /// The candidates.
    pub candidates: Vec<Candidate>,
    /// Stands before the names of the groups in the legend.
    pub groups_label: Label,
    /// Names of the groups; an empty name is left out of the legend.
    pub groups: Vec<Label>,
    /// What the size of a circle means.
    pub size: Label,
}

/// A candidate of a pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Horizontal position, finite.
    pub x: f64,
    /// Vertical position, finite.
    pub y: f64,
    /// Share of the way from the smallest circle's area to the largest's.
    pub size: f64,
    /// Its group, which gives the colour.
    pub group: usize,
    /// Its place in the order kept, from 1; none if it is not kept.
    pub kept: Option<usize>,
}

impl Body for PoolPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        let positions = self.candidates.iter().flat_map(|one| [('x', one.x), ('y', one.y)]);
        for (axis, value) in positions {
            Scale::Linear.check(site.number(), axis, value)?;
        }
        // A second round through the colours is hollow.
        marks::check(site.number(), self.groups.len(), 2 * style::SERIES.len())?;
        let x = extent(self.candidates.iter().map(|one| one.x));
        let y = extent(self.candidates.iter().map(|one| one.y));
        let repeats = |left: &Self| left.y_label == self.y_label;
        let ruler = AxisLayout::categories(AxisLayout::name(&self.y_label, site.size.1), &[]);
        Ok(Filling {
            x: AxisLayout::categories(AxisLayout::name(&self.x_label, site.size.0), &[]),
            y: ruler.hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Pool {
                panel: self,
                extent: [x, y].map(Option::unwrap_or_default),
            }),
        })
    }

    fn described(&self) -> String {
        let kept = self.candidates.iter().filter(|one| one.kept.is_some()).count();
        let groups = listed(Some(&self.groups_label), self.groups.iter());
        format!(
            "{} candidates in a plane, {kept} of them kept{groups}",
            self.candidates.len()
        )
    }

    fn key(&self) -> Option<Key> {
        let groups = self.groups.iter().enumerate();
        let groups = groups.map(|(index, label)| (Mark::Group(index), label));
        let looks = vec![
            Entry::new(Mark::Candidate { kept: true }, &Label::plain("kept, numbered in order")),
            Entry::new(Mark::Candidate { kept: false }, &Label::plain("not kept")),
            Entry::new(Mark::Sizes, &self.size),
        ];
        Some(Key::new(Place::Auto, [headed(Some(&self.groups_label), groups), looks]))
    }
}

/// A pool panel, ready to be drawn.
struct Pool<'a> {
    panel: &'a PoolPanel,
    /// Least and greatest position along each direction.
    extent: [(f64, f64); 2],
}

impl Drawing for Pool<'_> {
    /// What equal scales ask for, within limits.
    fn height(&self, width: i32, _: i32) -> i32 {
        let (x, y) = self.spans();
        let wanted = f64::from(width - 2 * margin()) * (y / x).min(1.0) + f64::from(2 * margin());
        let [least, most] = style::POOL_ASPECT.map(|aspect| i64::from(width) * aspect / 1000);
        (wanted.round() as i64).clamp(least, most) as i32
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        let mut order: Vec<&Candidate> = self.panel.candidates.iter().collect();
        // What is kept on top; of equals the smaller, so that none is hidden. A stable sort leaves the rest in order.
        order.sort_by(|a, b| (a.kept.is_some().cmp(&b.kept.is_some())).then(b.size.total_cmp(&a.size)));
        let dot = |one: &&Candidate| Dot::of_group(one.group, self.place(one, frame), radius(one.size));
        let dots: Vec<Dot> = order.iter().map(dot).collect();
        for (index, (dot, candidate)) in dots.iter().zip(&order).enumerate() {
            match candidate.kept {
                None => dot.faint(canvas),
                Some(number) => {
                    dot.kept(canvas);
                    dot.number(canvas, number, dots[index + 1..].iter().find(|above| above.covers(dot)));
                }
            }
        }
    }
}

impl Pool<'_> {
    fn spans(&self) -> (f64, f64) {
        let [x, y] = self.extent.map(|(low, high)| high - low);
        // A pool on one point or one line has no scale of its own in some direction.
        let least = x.max(y) * 1e-9;
        (x.max(least).max(f64::MIN_POSITIVE), y.max(least).max(f64::MIN_POSITIVE))
    }

    fn place(&self, candidate: &Candidate, frame: Frame) -> At {
        let (x, y) = self.spans();
        let inner = [frame.width(), frame.height()].map(|length| f64::from(length - 2 * margin()));
        let scale = (inner[0] / x).min(inner[1] / y);
        let from_middle = |value: f64, (low, high): (f64, f64)| ((value - (low + high) / 2.0) * scale).round() as i32;
        (
            frame.centre().0 + from_middle(candidate.x, self.extent[0]),
            frame.centre().1 - from_middle(candidate.y, self.extent[1]),
        )
    }
}

/// From the middle of the outermost circle to the frame.
fn margin() -> i32 {
    style::DOT_RADII[1] + style::DOT_RING + style::POOL_PAD
}

/// Areas are in proportion: the eye compares them and not radii.
fn radius(size: f64) -> i32 {
    let [least, most] = style::DOT_RADII.map(f64::from);
    let share = if size.is_nan() { 0.0 } else { size.clamp(0.0, 1.0) };
    (least * least + share * (most * most - least * least)).sqrt().round() as i32
}

/// A circle on the sheet.
struct Dot {
    at: At,
    radius: i32,
    colour: Rgb,
    /// Whether its middle is paper: a second round through the colours.
    hollow: bool,
}

impl Dot {
    fn of_group(group: usize, at: At, radius: i32) -> Self {
        Self {
            at,
            radius,
            colour: marks::colour(group),
            hollow: (group / style::SERIES.len()) % 2 == 1,
        }
    }

    /// In no group's colour, for a legend.
    fn neutral(at: At, radius: i32) -> Self {
        Self {
            at,
            radius,
            colour: style::NEUTRAL,
            hollow: false,
        }
    }

    /// Not kept.
    fn faint(&self, canvas: &mut Canvas) {
        let [face, edge] = style::FAINT.map(|share| tint(self.colour, share));
        canvas.disc(self.at, self.radius, edge);
        canvas.disc(self.at, self.radius - style::DOT_EDGE, face);
        self.middle(canvas, self.radius / 2)
    }

    /// Kept: in a dark ring.
    fn kept(&self, canvas: &mut Canvas) {
        let ring = self.radius + style::DOT_RING;
        canvas.disc(self.at, ring + style::DOT_HALO, style::PAPER);
        canvas.disc(self.at, ring, style::INK);
        canvas.disc(self.at, self.radius, self.colour);
        self.middle(canvas, self.radius * 3 / 4)
    }

    fn middle(&self, canvas: &mut Canvas, radius: i32) {
        if self.hollow {
            canvas.disc(self.at, radius, style::PAPER);
        }
    }

    /// Whether a number in the middle of `below` would be covered by this one, or stand on its ring.
    fn covers(&self, below: &Self) -> bool {
        let (x, y) = (self.at.0 - below.at.0, self.at.1 - below.at.1);
        let near = self.radius + style::DOT_RING + font::cap_height(style::SMALLEST) / 2;
        x * x + y * y < near * near
    }

    /// Writes the number inside, or beside where it does not fit or something lies above: away from that.
    fn number(&self, canvas: &mut Canvas, number: usize, above: Option<&Self>) {
        let setting = set(&Label::plain(&number.to_string()), style::SMALLEST);
        let baseline = self.at.1 + font::cap_height(style::SMALLEST) / 2;
        if above.is_none() && setting.width <= 2 * self.radius {
            let ink = if self.hollow { style::INK } else { ink_on(self.colour) };
            canvas.text(&setting, (self.at.0, baseline), Anchor::Middle, ink);
            return;
        }
        let beside = self.radius + style::DOT_RING + style::DOT_HALO;
        let (x, anchor) = match above {
            Some(above) if above.at.0 > self.at.0 => (self.at.0 - beside, Anchor::End),
            _ => (self.at.0 + beside, Anchor::Start),
        };
        canvas.text(&setting, (x, baseline), anchor, style::INK);
    }
}

/// What a legend of a pool explains.
#[derive(Debug, PartialEq)]
enum Mark {
    /// A group of candidates.
    Group(usize),
    /// Any candidate that is kept, or not.
    Candidate { kept: bool },
    /// The smallest and the largest circle side by side.
    Sizes,
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        match self {
            Self::Sizes => 2 * (style::DOT_RADII[0] + style::DOT_RADII[1]) + style::SWATCH_GAP / 2,
            _ => 2 * style::DOT_RADII[1],
        }
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let at = (x + self.length() / 2, y);
        match *self {
            Self::Group(index) => {
                let dot = Dot::of_group(index, at, radius(0.5));
                canvas.disc(at, dot.radius, dot.colour);
                dot.middle(canvas, dot.radius / 2)
            }
            Self::Candidate { kept: false } => Dot::neutral(at, radius(0.5)).faint(canvas),
            Self::Candidate { kept: true } => {
                let dot = Dot::neutral(at, radius(0.5));
                dot.kept(canvas);
                dot.number(canvas, 1, None);
            }
            Self::Sizes => {
                let [least, most] = style::DOT_RADII;
                Dot::neutral((x + least, y), least).faint(canvas);
                Dot::neutral((x + self.length() - most, y), most).faint(canvas)
            }
        }
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
