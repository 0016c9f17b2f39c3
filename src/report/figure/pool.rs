//! Pool panels: candidates in a plane, those kept ringed and numbered.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::colour::{ink_on, tint};
use super::font;
use super::label::Label;
use super::marks;
use super::model::{Candidate, PoolPanel, Scale};
use super::style::{self, Rgb};
use super::text_layout::{Anchor, set};

/// A pool panel, ready to be drawn.
pub(super) struct Pool<'a> {
    panel: &'a PoolPanel,
    pub(super) x: AxisLayout,
    pub(super) y: AxisLayout,
    /// Least and greatest position along each direction.
    extent: [(f64, f64); 2],
}

impl<'a> Pool<'a> {
    /// `index` counts the figure's panels from 1.
    pub(super) fn new(panel: &'a PoolPanel, index: usize) -> Result<Self, FigureError> {
        for (axis, value) in panel.candidates.iter().flat_map(|one| [('x', one.x), ('y', one.y)]) {
            if !Scale::Linear.holds(value) {
                return Err(FigureError::Position {
                    panel: index,
                    axis,
                    value,
                    scale: Scale::Linear,
                });
            }
        }
        Ok(Self {
            panel,
            x: AxisLayout::categories(&panel.x_label, &[]),
            y: AxisLayout::categories(&panel.y_label, &[]),
            extent: [
                extent(panel.candidates.iter().map(|one| one.x)),
                extent(panel.candidates.iter().map(|one| one.y)),
            ],
        })
    }

    fn spans(&self) -> (f64, f64) {
        let [x, y] = self.extent.map(|(low, high)| high - low);
        // A pool on one point or one line has no scale of its own in some direction.
        let least = x.max(y) * 1e-9;
        (x.max(least).max(f64::MIN_POSITIVE), y.max(least).max(f64::MIN_POSITIVE))
    }

    /// Height for that width: what equal scales ask for, within limits.
    pub(super) fn height(&self, width: i32) -> i32 {
        let (x, y) = self.spans();
        let wanted = f64::from(width - 2 * margin()) * (y / x).min(1.0) + f64::from(2 * margin());
        let [least, most] = style::POOL_ASPECT.map(|aspect| i64::from(width) * aspect / 1000);
        (wanted.round() as i64).clamp(least, most) as i32
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        let mut order: Vec<&Candidate> = self.panel.candidates.iter().collect();
        // What is kept on top; of equals the smaller, so that none is hidden. A stable sort leaves the rest in order.
        order.sort_by(|a, b| (a.kept.is_some().cmp(&b.kept.is_some())).then(b.size.total_cmp(&a.size)));
        let dots: Vec<Dot> = order.iter().map(|one| Dot::new(one, self.place(one, frame))).collect();
        for (index, (dot, candidate)) in dots.iter().zip(&order).enumerate() {
            match candidate.kept {
                None => dot.faint(canvas)?,
                Some(number) => {
                    dot.kept(canvas)?;
                    dot.number(canvas, number, dots[index + 1..].iter().find(|above| above.covers(dot)));
                }
            }
        }
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME)?;
        self.x.below(canvas, frame)?;
        self.y.left(canvas, frame)
    }

    fn place(&self, candidate: &Candidate, frame: Frame) -> At {
        let (x, y) = self.spans();
        let inner = [frame.width(), frame.height()].map(|length| f64::from(length - 2 * margin()));
        let scale = (inner[0] / x).min(inner[1] / y);
        let from_middle = |value: f64, (low, high): (f64, f64)| ((value - (low + high) / 2.0) * scale).round() as i32;
        (
            (frame.left + frame.right) / 2 + from_middle(candidate.x, self.extent[0]),
            (frame.top + frame.bottom) / 2 - from_middle(candidate.y, self.extent[1]),
        )
    }
}

fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low <= high { (low, high) } else { (0.0, 0.0) }
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
    fn new(candidate: &Candidate, at: At) -> Self {
        Self {
            at,
            radius: radius(candidate.size),
            colour: marks::colour(candidate.group),
            hollow: (candidate.group / style::SERIES.len()) % 2 == 1,
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
    fn faint(&self, canvas: &Canvas) -> Result<(), FigureError> {
        let [face, edge] = style::FAINT.map(|share| tint(self.colour, share));
        canvas.disc(self.at, self.radius, edge)?;
        canvas.disc(self.at, self.radius - style::DOT_EDGE, face)?;
        self.middle(canvas, self.radius / 2)
    }

    /// Kept: in a dark ring.
    fn kept(&self, canvas: &Canvas) -> Result<(), FigureError> {
        let ring = self.radius + style::DOT_RING;
        canvas.disc(self.at, ring + style::DOT_HALO, style::PAPER)?;
        canvas.disc(self.at, ring, style::INK)?;
        canvas.disc(self.at, self.radius, self.colour)?;
        self.middle(canvas, self.radius * 3 / 4)
    }

    fn middle(&self, canvas: &Canvas, radius: i32) -> Result<(), FigureError> {
        match self.hollow {
            true => canvas.disc(self.at, radius, style::PAPER),
            false => Ok(()),
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

/// The sample of a group in a legend.
pub(super) fn group_sample(canvas: &Canvas, at: At, group: usize) -> Result<(), FigureError> {
    let candidate = Candidate {
        x: 0.0,
        y: 0.0,
        size: 0.5,
        group,
        kept: None,
    };
    let dot = Dot::new(&candidate, at);
    canvas.disc(at, dot.radius, dot.colour)?;
    dot.middle(canvas, dot.radius / 2)
}

/// The sample of what is kept, or not.
pub(super) fn kept_sample(canvas: &mut Canvas, at: At, is_kept: bool) -> Result<(), FigureError> {
    let dot = Dot::neutral(at, radius(0.5));
    if !is_kept {
        return dot.faint(canvas);
    }
    dot.kept(canvas)?;
    dot.number(canvas, 1, None);
    Ok(())
}

/// The smallest and the largest circle side by side.
pub(super) fn size_sample(canvas: &Canvas, (x, y): At) -> Result<(), FigureError> {
    let [least, most] = style::DOT_RADII;
    for (middle, radius) in [(x + least, least), (x + size_sample_length() - most, most)] {
        Dot::neutral((middle, y), radius).faint(canvas)?;
    }
    Ok(())
}

/// Length of [`size_sample`].
pub(super) fn size_sample_length() -> i32 {
    2 * (style::DOT_RADII[0] + style::DOT_RADII[1]) + style::SWATCH_GAP / 2
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
