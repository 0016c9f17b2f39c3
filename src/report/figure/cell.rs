//! A panel with what stands around its frame: the room it needs on each side, and how all of it is drawn.

use super::canvas::{Canvas, Frame};
use super::font;
use super::label::Label;
use super::legend::{Key, Place};
use super::model::{Filling, Panel};
use super::style;
use super::text_layout::Anchor;
use super::wrap::{fitting, lines};

/// A panel with what stands around it.
pub(super) struct Cell<'a> {
    pub(super) filling: Filling<'a>,
    pub(super) key: Option<Key>,
    /// The free corner where the legend stands, if it stands inside.
    corner: Option<Frame>,
    /// The stretch in which a legend below may stand.
    room: (i32, i32),
    /// The tag and title, in lines.
    heading: Vec<Label>,
}

impl<'a> Cell<'a> {
    /// The cell of a panel whose frame is about as wide as `expected`.
    pub(super) fn new(panel: &'a Panel, filling: Filling<'a>, expected: i32) -> Self {
        let heading = heading(panel)
            .iter()
            .flat_map(|own| lines(own, [style::PANEL_TITLE, style::SMALLEST], expected))
            .collect();
        Self {
            filling,
            key: panel.body.key(),
            corner: None,
            room: (0, 0),
            heading,
        }
    }

    /// Finds the legend's place once the frame is known, which may be `alone` in a figure of that width.
    pub(super) fn settle(&mut self, frame: Frame, alone: bool, columns: usize, width: i32) {
        if let Some(key) = self.key.as_ref().filter(|key| alone && key.place == Place::Auto) {
            let segments = self.filling.inside.segments(frame);
            self.corner = segments.and_then(|segments| key.column().free_corner(frame, &segments));
        }
        // Under a single column the figure's whole width, else from the panel's labels to its frame's end.
        self.room = match columns {
            1 => (style::OUTER_MARGIN, width - style::OUTER_MARGIN),
            _ => (frame.left - self.left(), frame.right),
        };
    }

    pub(super) fn left(&self) -> i32 {
        self.filling.y.breadth()
    }

    pub(super) fn right(&self, expected: i32) -> i32 {
        let overhang = self.filling.x.overhang(expected);
        let beside = match (&self.filling.bar, &self.key) {
            (Some(bar), _) => bar.breadth(),
            (None, Some(key)) if key.place == Place::Right => style::LEGEND_GAP + key.column().width,
            _ => 0,
        };
        overhang.max(beside)
    }

    /// Room above the frame: the tag and title, or half of the uppermost tick label.
    pub(super) fn top(&self) -> i32 {
        match self.heading.len().checked_sub(1) {
            Some(further) => {
                font::cap_height(style::PANEL_TITLE) + style::TITLE_GAP + style::AXIS_LINE * further as i32
            }
            None => font::cap_height(style::TICK_LABEL) / 2,
        }
    }

    pub(super) fn height(&self, width: i32, aspect: i64) -> i32 {
        let usual = (i64::from(width) * aspect / 1000) as i32;
        self.filling.inside.height(width, usual)
    }

    /// Room below the frame; the legend must be settled.
    pub(super) fn bottom(&self) -> i32 {
        let depth = self.filling.x.depth();
        match &self.key {
            Some(key) if key.place != Place::Right && self.corner.is_none() => {
                depth + style::LEGEND_GAP + key.rows(self.room.1 - self.room.0).height
            }
            _ => depth,
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        for (above, line) in self.heading.iter().rev().enumerate() {
            let setting = fitting(line, style::PANEL_TITLE, frame.width());
            let at = (
                frame.left,
                frame.top - style::TITLE_GAP - style::AXIS_LINE * above as i32,
            );
            canvas.text(&setting, at, Anchor::Start, style::INK);
        }
        let Filling { x, y, bar, inside } = &self.filling;
        x.grid(canvas, frame, true);
        y.grid(canvas, frame, false);
        inside.draw(canvas, frame);
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME);
        x.below(canvas, frame);
        y.left(canvas, frame);
        if let Some(bar) = bar {
            bar.draw(canvas, frame);
        }
        if let Some(key) = &self.key {
            self.explain(canvas, frame, key);
        }
    }

    fn explain(&self, canvas: &mut Canvas, frame: Frame, key: &Key) {
        if let Some(corner) = self.corner {
            return key.column().boxed(canvas, corner);
        }
        if key.place == Place::Right {
            let corner = (frame.right + style::LEGEND_GAP, frame.top);
            return key.column().draw(canvas, corner);
        }
        let (from, to) = self.room;
        let laid = key.rows(to - from);
        // Centred below the frame where it fits, and within its room in any case.
        let centred = (frame.left + frame.right - laid.width) / 2;
        let x = centred.clamp(from, (to - laid.width).max(from));
        laid.draw(canvas, (x, frame.bottom + self.filling.x.depth() + style::LEGEND_GAP))
    }
}

/// The tag and the title.
fn heading(panel: &Panel) -> Option<Label> {
    let tag = panel.tag.map(|letter| Label::bold(&format!("({letter})")));
    match (tag, &panel.title) {
        (Some(tag), Some(title)) => Some(tag.then(title)),
        (tag, title) => tag.or_else(|| title.clone()),
    }
}
