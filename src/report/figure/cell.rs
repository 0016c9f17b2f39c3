//! A panel with what stands around its frame: the room it needs on each side, and how all of it is drawn.

use super::FigureError;
use super::axes::{AxisLayout, fitting};
use super::bars::Bars;
use super::canvas::{At, Canvas, Frame};
use super::font;
use super::heat::{ColourBar, Heat};
use super::label::Label;
use super::legend::Legend;
use super::line::Line;
use super::model::{Panel, Place};
use super::pool::Pool;
use super::style;
use super::text_layout::Anchor;

/// What fills a panel's frame.
pub(super) enum Content<'a> {
    Line(Line<'a>),
    Heat(Heat<'a>),
    Bars(Bars<'a>),
    Pool(Pool<'a>),
}

impl Content<'_> {
    fn x(&self) -> &AxisLayout {
        match self {
            Self::Line(line) => &line.x,
            Self::Heat(heat) => &heat.x,
            Self::Bars(bars) => &bars.x,
            Self::Pool(pool) => &pool.x,
        }
    }

    fn y(&self) -> &AxisLayout {
        match self {
            Self::Line(line) => &line.y,
            Self::Heat(heat) => &heat.y,
            Self::Bars(bars) => &bars.y,
            Self::Pool(pool) => &pool.y,
        }
    }

    /// The upright ruler, to be silenced where the panel to the left has the same.
    pub(super) fn y_mut(&mut self) -> &mut AxisLayout {
        match self {
            Self::Line(line) => &mut line.y,
            Self::Heat(heat) => &mut heat.y,
            Self::Bars(bars) => &mut bars.y,
            Self::Pool(pool) => &mut pool.y,
        }
    }

    /// What a legend inside the frame must not cover; none where no legend may stand inside.
    fn segments(&self, frame: Frame) -> Option<Vec<[At; 2]>> {
        match self {
            Self::Line(line) => Some(line.segments(frame)),
            Self::Bars(bars) => Some(bars.segments(frame)),
            Self::Heat(_) | Self::Pool(_) => None,
        }
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        match self {
            Self::Line(line) => line.draw(canvas, frame),
            Self::Heat(heat) => heat.draw(canvas, frame),
            Self::Bars(bars) => bars.draw(canvas, frame),
            Self::Pool(pool) => pool.draw(canvas, frame),
        }
    }
}

/// A panel with what stands around it.
pub(super) struct Cell<'a> {
    panel: &'a Panel,
    pub(super) content: Content<'a>,
    pub(super) legend: Option<(Legend, Place)>,
    bar: Option<ColourBar>,
    /// The free corner where the legend stands, if it stands inside.
    inside: Option<Frame>,
    /// The stretch in which a legend below may stand.
    room: (i32, i32),
}

impl<'a> Cell<'a> {
    pub(super) fn new(panel: &'a Panel, content: Content<'a>, bar: Option<ColourBar>) -> Self {
        Self {
            panel,
            content,
            legend: None,
            bar,
            inside: None,
            room: (0, 0),
        }
    }

    /// Finds the legend's place once the frame is known, which may be `alone` in a figure of that width.
    pub(super) fn settle(&mut self, frame: Frame, alone: bool, columns: usize, width: i32) {
        if let (true, Some((legend, Place::Auto))) = (alone, &self.legend) {
            let segments = self.content.segments(frame);
            self.inside = segments.and_then(|segments| legend.column().free_corner(frame, &segments));
        }
        // Under a single column the figure's whole width, else from the panel's labels to its frame's end.
        self.room = match columns {
            1 => (style::OUTER_MARGIN, width - style::OUTER_MARGIN),
            _ => (frame.left - self.left(), frame.right),
        };
    }

    pub(super) fn left(&self) -> i32 {
        self.content.y().breadth()
    }

    pub(super) fn right(&self, expected: i32) -> i32 {
        let overhang = self.content.x().overhang(expected);
        let beside = match (&self.bar, &self.legend) {
            (Some(bar), _) => bar.breadth(),
            (None, Some((legend, Place::Right))) => style::LEGEND_GAP + legend.column().width,
            _ => 0,
        };
        overhang.max(beside)
    }

    /// Room above the frame: the tag and title, or half of the uppermost tick label.
    pub(super) fn top(&self) -> i32 {
        match self.heading() {
            Some(_) => font::cap_height(style::PANEL_TITLE) + style::TITLE_GAP,
            None => font::cap_height(style::TICK_LABEL) / 2,
        }
    }

    pub(super) fn height(&self, width: i32, aspect: i64) -> i32 {
        match &self.content {
            Content::Line(_) | Content::Bars(_) => (i64::from(width) * aspect / 1000) as i32,
            Content::Heat(heat) => heat.height(width),
            Content::Pool(pool) => pool.height(width),
        }
    }

    /// Room below the frame; the legend must be settled.
    pub(super) fn bottom(&self) -> i32 {
        match &self.legend {
            Some((legend, Place::Below | Place::Auto)) if self.inside.is_none() => {
                self.depth() + style::LEGEND_GAP + legend.rows(self.room.1 - self.room.0).height
            }
            _ => self.depth(),
        }
    }

    fn depth(&self) -> i32 {
        self.content.x().depth()
    }

    fn heading(&self) -> Option<Label> {
        let tag = self.panel.tag.map(|letter| Label::bold(&format!("({letter})")));
        match (tag, &self.panel.title) {
            (Some(tag), Some(title)) => Some(tag.then(title)),
            (tag, title) => tag.or_else(|| title.clone()),
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        if let Some(heading) = self.heading() {
            let setting = fitting(&heading, style::PANEL_TITLE, frame.width());
            let at = (frame.left, frame.top - style::TITLE_GAP);
            canvas.text(&setting, at, Anchor::Start, style::INK);
        }
        self.content.draw(canvas, frame)?;
        if let Some(bar) = &self.bar {
            bar.draw(canvas, frame)?;
        }
        match &self.legend {
            Some((legend, place)) => self.draw_legend(canvas, frame, legend, *place),
            None => Ok(()),
        }
    }

    fn draw_legend(&self, canvas: &mut Canvas, frame: Frame, legend: &Legend, place: Place) -> Result<(), FigureError> {
        if let Some(corner) = self.inside {
            return legend.column().boxed(canvas, corner);
        }
        if place == Place::Right {
            let corner = (frame.right + style::LEGEND_GAP, frame.top);
            return legend.column().draw(canvas, corner);
        }
        let (from, to) = self.room;
        let laid = legend.rows(to - from);
        // Centred below the frame where it fits, and within its room in any case.
        let centred = (frame.left + frame.right - laid.width) / 2;
        let x = centred.clamp(from, (to - laid.width).max(from));
        laid.draw(canvas, (x, frame.bottom + self.depth() + style::LEGEND_GAP))
    }
}
