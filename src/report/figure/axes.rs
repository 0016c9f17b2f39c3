//! Rulers: the ticks, labels and name of an axis, the room they need, and how they are drawn beside a frame.

use super::canvas::{Canvas, Frame};
use super::font;
use super::label::Label;
use super::scale::Range;
use super::style;
use super::text_layout::{Anchor, TextLayout, set};
use super::ticks::{self, Tick};
use super::wrap::{fitting, lines};

/// A place on a ruler.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    /// Share of the way along the ruler.
    share: f64,
    label: Option<TextLayout>,
}

/// An axis, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisLayout {
    marks: Vec<Mark>,
    /// In lines that are not longer than the ruler.
    name: Vec<Label>,
    /// Whether marks have tick lines; categories of a heat map have none.
    notched: bool,
    /// Whether only tick lines are drawn, because the panel to the left has the labels.
    hidden: bool,
}

impl AxisLayout {
    /// The name of a ruler of about that length.
    pub(super) fn name(name: &Label, length: i32) -> Vec<Label> {
        lines(name, [style::AXIS_LABEL, style::SMALLEST], length)
    }

    /// The ruler of a numeric axis.
    pub(super) fn numeric(name: Vec<Label>, range: &Range, ticks: &[Tick]) -> Self {
        let marks = ticks.iter().filter(|tick| range.contains(tick.value)).map(|tick| Mark {
            share: range.share(tick.value),
            label: tick.label.as_ref().map(|label| set(label, style::TICK_LABEL)),
        });
        Self::new(name, marks.collect(), true)
    }

    /// The ruler of a list of categories of equal width.
    pub(super) fn categories(name: Vec<Label>, labels: &[Label]) -> Self {
        let count = labels.len() as f64;
        let marks = labels.iter().enumerate().map(|(index, label)| Mark {
            share: (index as f64 + 0.5) / count,
            label: Some(set(label, style::TICK_LABEL)),
        });
        Self::new(name, marks.collect(), false)
    }

    fn new(name: Vec<Label>, marks: Vec<Mark>, notched: bool) -> Self {
        Self {
            marks,
            name,
            notched,
            hidden: false,
        }
    }

    /// The same with tick lines alone where the panel to the left has the labels.
    pub(super) fn hidden_if(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    fn labels(&self) -> impl Iterator<Item = (f64, &TextLayout)> {
        self.marks
            .iter()
            .filter_map(|mark| Some((mark.share, mark.label.as_ref()?)))
    }

    fn notch(&self) -> i32 {
        if self.notched { style::MAJOR_TICK } else { 0 }
    }

    /// Room from the frame to the far side of the tick labels of an upright ruler.
    fn reach(&self) -> i32 {
        let widest = self.labels().map(|(_, label)| label.width).max().unwrap_or_default();
        self.notch() + style::TICK_TO_LABEL + widest
    }

    /// Room that an upright ruler needs beside its frame.
    pub(super) fn breadth(&self) -> i32 {
        match self.hidden {
            true => self.notch(),
            false => self.reach() + self.named(),
        }
    }

    /// Room that a lying ruler needs below its frame.
    pub(super) fn depth(&self) -> i32 {
        self.notch() + style::TICK_TO_LABEL + self.tallest() + self.named()
    }

    /// Room for the name beyond the labels.
    fn named(&self) -> i32 {
        let lines = self.name.iter().map(|line| set(line, style::AXIS_LABEL));
        let heights = lines
            .filter(|line| line.width > 0)
            .map(|line| line.ascent() + line.descent());
        match heights.max() {
            None => 0,
            Some(height) => style::TICKS_TO_AXIS_LABEL + height + style::AXIS_LINE * (self.name.len() as i32 - 1),
        }
    }

    fn tallest(&self) -> i32 {
        self.labels().map(|(_, label)| label.ascent()).max().unwrap_or_default()
    }

    /// How far the last label of a lying ruler of that length sticks out to the right.
    pub(super) fn overhang(&self, length: i32) -> i32 {
        let out = |(share, label): (f64, &TextLayout)| label.width / 2 - ((1.0 - share) * f64::from(length)) as i32;
        self.labels().map(out).max().unwrap_or_default().max(0)
    }

    /// Every so many labels are shown, so that none touch on a ruler of that length, which may be `lying`.
    fn stride(&self, length: i32, lying: bool) -> usize {
        let (gap, height) = match lying {
            true => (style::LABEL_GAP, None),
            false => (style::LABEL_GAP_UPRIGHT, Some(font::cap_height(style::TICK_LABEL))),
        };
        let place = |(share, label): (f64, &TextLayout)| {
            let centre = (share * f64::from(length)).round() as i32;
            let half = height.unwrap_or(label.width) / 2;
            (centre - half, centre + half)
        };
        let places: Vec<(i32, i32)> = self.labels().map(place).collect();
        let clear = |stride: usize| {
            let shown: Vec<_> = places.iter().step_by(stride).collect();
            shown.windows(2).all(|pair| pair[0].1 + gap <= pair[1].0)
        };
        match (1..=places.len()).find(|stride| clear(*stride)) {
            None | Some(1) => 1,
            Some(least) => {
                ticks::stride(places.len() as i32, (places.len() / least) as i32 + 1).max(least as i32) as usize
            }
        }
    }

    /// Light lines across the frame at the labelled marks, none for categories; `lying` for the ruler below.
    pub(super) fn grid(&self, canvas: &mut Canvas, frame: Frame, lying: bool) {
        for (share, _) in self.labels().filter(|_| self.notched) {
            let (x, y) = (frame.across(share), frame.up(share));
            let ends = match lying {
                true => [(x, frame.top), (x, frame.bottom)],
                false => [(frame.left, y), (frame.right, y)],
            };
            canvas.path(&ends, style::GRID_STROKE, style::GRID);
        }
    }

    /// Draws the ruler below the frame.
    pub(super) fn below(&self, canvas: &mut Canvas, frame: Frame) {
        let baseline = frame.bottom + self.notch() + style::TICK_TO_LABEL + self.tallest();
        let stride = self.stride(frame.width(), true);
        let mut labelled = 0;
        for mark in &self.marks {
            let x = frame.across(mark.share);
            let long = mark.label.as_ref().is_some_and(|label| {
                let shown = labelled % stride == 0;
                labelled += 1;
                if shown {
                    canvas.text(label, (x, baseline), Anchor::Middle, style::INK);
                }
                shown
            });
            self.tick(canvas, (x, frame.bottom), (0, 1), long);
        }
        for (index, line) in self.name.iter().enumerate() {
            let line = fitting(line, style::AXIS_LABEL, frame.width());
            let y = baseline + style::TICKS_TO_AXIS_LABEL + line.ascent() + style::AXIS_LINE * index as i32;
            canvas.text(&line, (frame.centre().0, y), Anchor::Middle, style::INK);
        }
    }

    /// Draws the ruler left of the frame.
    pub(super) fn left(&self, canvas: &mut Canvas, frame: Frame) {
        self.upright(canvas, frame, (frame.left, -1));
    }

    /// Draws the ruler right of the frame, as a colour bar has it.
    pub(super) fn right(&self, canvas: &mut Canvas, frame: Frame) {
        self.upright(canvas, frame, (frame.right, 1));
    }

    /// Draws the ruler at a side of the frame, away from it.
    fn upright(&self, canvas: &mut Canvas, frame: Frame, (side, away): (i32, i32)) {
        let anchor = if away < 0 { Anchor::End } else { Anchor::Start };
        // Ticks of numbers are chosen so that they do not touch.
        let stride = if self.notched {
            1
        } else {
            self.stride(frame.height(), false)
        };
        let mut labelled = 0;
        for mark in &self.marks {
            let y = frame.up(mark.share);
            self.tick(canvas, (side, y), (away, 0), mark.label.is_some());
            let shown = labelled % stride == 0 && !self.hidden;
            labelled += usize::from(mark.label.is_some());
            if let (Some(label), true) = (&mark.label, shown) {
                let x = side + away * (self.notch() + style::TICK_TO_LABEL);
                canvas.text(label, (x, y + middle_drop()), anchor, style::INK);
            }
        }
        for (index, line) in self.name.iter().enumerate().filter(|_| !self.hidden) {
            let line = fitting(line, style::AXIS_LABEL, frame.height());
            // Lines go on to the right, on either side.
            let (beyond, further) = match away < 0 {
                true => (line.descent(), self.name.len() - 1 - index),
                false => (line.ascent(), index),
            };
            let beyond = beyond + style::AXIS_LINE * further as i32;
            let x = side + away * (self.reach() + style::TICKS_TO_AXIS_LABEL + beyond);
            canvas.upward(&line, (x, frame.centre().1), Anchor::Middle, style::INK);
        }
    }

    fn tick(&self, canvas: &mut Canvas, at: (i32, i32), towards: (i32, i32), long: bool) {
        if !self.notched {
            return;
        }
        let (length, stroke) = match long {
            true => (style::MAJOR_TICK, style::MAJOR_TICK_STROKE),
            false => (style::MINOR_TICK, style::MINOR_TICK_STROKE),
        };
        let end = (at.0 + towards.0 * length, at.1 + towards.1 * length);
        canvas.path(&[at, end], stroke, style::FRAME)
    }
}

/// From the middle of a tick label's digits down to its baseline.
fn middle_drop() -> i32 {
    font::cap_height(style::TICK_LABEL) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<Label> {
        (0..count)
            .map(|index| Label::plain(&(1 << index).to_string()))
            .collect()
    }

    #[test]
    fn labels_that_would_touch_are_thinned() {
        let ruler = AxisLayout::categories(vec![Label::plain("K")], &names(7));
        assert_eq!(ruler.stride(style::ONE_COLUMN, true), 1);
        assert_eq!(ruler.stride(7 * 180, true), 2);
        assert_eq!(ruler.stride(7 * 120, true), 3, "1, 8, 64: both ends");
        assert_eq!(ruler.stride(7 * 140, false), 1);
        assert_eq!(ruler.stride(7 * 100, false), 2, "rows lower than their labels");
    }

    #[test]
    fn a_silent_ruler_needs_no_room_for_labels() {
        let ruler = AxisLayout::categories(vec![Label::plain("K")], &names(7));
        assert!(ruler.breadth() > 300);
        assert_eq!(ruler.hidden_if(true).breadth(), 0);
    }
}
