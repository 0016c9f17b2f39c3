//! The plan of a figure: where every frame, legend and colour bar stands.
//!
//! Panels of a column share their side margins and panels of a row their upper and lower ones, so all frames line up.

use super::FigureError;
use super::canvas::{Canvas, Frame};
use super::cell::Cell;
use super::colour::ColourBar;
use super::font;
use super::legend::{Key, Place};
use super::model::{Figure, Site, Spot, Width};
use super::notes;
use super::style;
use super::text_layout::{Anchor, TextLayout};
use super::wrap::{fitting, lines};

/// A frame narrower than this share of the figure, per mille, cannot be read.
const NARROWEST: i32 = 60;

/// A figure, measured and ready to be drawn.
pub(super) struct Layout<'a> {
    figure: &'a Figure,
    cells: Vec<Cell<'a>>,
    /// Of all panels, when all have the same.
    key: Option<Key>,
    bar: Option<ColourBar>,
    title: Vec<TextLayout>,
    notes: Vec<TextLayout>,
    frames: Vec<Frame>,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl<'a> Layout<'a> {
    pub(super) fn new(figure: &'a Figure) -> Result<Self, FigureError> {
        if figure.panels.is_empty() {
            return Err(FigureError::NoPanels);
        }
        if figure.columns == 0 {
            return Err(FigureError::NoColumns);
        }
        let width = match figure.width {
            Width::OneColumn => style::ONE_COLUMN,
            Width::TwoColumn => style::TWO_COLUMN,
        };
        let mut layout = Self {
            figure,
            cells: Vec::new(),
            key: None,
            bar: None,
            title: headline(figure, width - 2 * style::OUTER_MARGIN),
            notes: notes::lines(figure, width - 2 * style::OUTER_MARGIN),
            frames: Vec::new(),
            width,
            height: 0,
        };
        layout.fill()?;
        layout.share();
        layout.place()?;
        Ok(layout)
    }

    /// The width that a frame is expected to have: three quarters of its column.
    fn expected(&self) -> i32 {
        self.width * 3 / 4 / self.figure.across() as i32
    }

    fn aspect(&self) -> i64 {
        match self.figure.panels.len() {
            1 => style::LINE_ASPECT,
            _ => style::LINE_ASPECT_GRID,
        }
    }

    /// Prepares every panel.
    fn fill(&mut self) -> Result<(), FigureError> {
        let expected = self.expected();
        let height = (i64::from(expected) * self.aspect() / 1000) as i32;
        for (index, panel) in self.figure.panels.iter().enumerate() {
            let site = Site {
                figure: self.figure,
                index,
                size: (expected, height),
            };
            self.cells.push(Cell::new(panel, panel.body.fill(&site)?, expected));
        }
        Ok(())
    }

    /// Makes equal colour bars of all panels one, and legends that may stand anywhere and do not contradict each other.
    fn share(&mut self) {
        let bars: Vec<&ColourBar> = self.cells.iter().filter_map(|cell| cell.filling.bar.as_ref()).collect();
        if bars.len() == self.cells.len() && are_one(&bars) {
            let bars = self.cells.iter_mut().filter_map(|cell| cell.filling.bar.take());
            self.bar = bars.last();
        }
        let keys: Vec<&Key> = self.cells.iter().filter_map(|cell| cell.key.as_ref()).collect();
        if keys.len() > 1 && keys.iter().all(|key| key.place == Place::Auto) {
            self.key = Key::united(&keys);
        }
        if self.key.is_some() {
            self.cells.iter_mut().for_each(|cell| cell.key = None);
        }
        for cell in &mut self.cells {
            cell.key.take_if(|key| key.place == Place::Absent || key.is_empty());
        }
    }

    fn place(&mut self) -> Result<(), FigureError> {
        let columns = self.figure.across();
        let expected = self.expected();
        let of_column = |column: usize| self.cells.iter().skip(column).step_by(columns);
        let margins = |column| {
            let right = most(of_column(column), |cell| cell.right(expected));
            (most(of_column(column), Cell::left), right)
        };
        let sides: Vec<(i32, i32)> = (0..columns).map(margins).collect();
        let around: i32 = sides.iter().map(|(left, right)| left + right).sum();
        let bar = self.bar.as_ref().map_or(0, ColourBar::breadth);
        let free = self.width - 2 * style::OUTER_MARGIN - around - bar - style::COLUMN_GAP * (columns as i32 - 1);
        let frame_width = free / columns as i32;
        if frame_width < self.width * NARROWEST / 1000 {
            return Err(FigureError::Narrow { columns });
        }
        let mut lefts = Vec::new();
        let mut x = style::OUTER_MARGIN;
        for (left, right) in &sides {
            lefts.push(x + left);
            x += left + frame_width + right + style::COLUMN_GAP;
        }
        self.stack(&lefts, frame_width);
        Ok(())
    }

    /// Sets the rows below one another.
    fn stack(&mut self, lefts: &[i32], frame_width: i32) {
        let columns = lefts.len();
        let mut y = style::OUTER_MARGIN;
        if let Some(further) = self.title.len().checked_sub(1) {
            y += font::cap_height(style::TITLE) + font::descent(style::TITLE) + style::TITLE_GAP;
            y += style::TITLE_LINE * further as i32;
        }
        let aspect = self.aspect();
        let alone = self.cells.len() == 1;
        for (row, cells) in self.cells.chunks_mut(columns).enumerate() {
            let gap = if row > 0 { style::ROW_GAP } else { 0 };
            y += gap + most(&*cells, Cell::top);
            let bottom = y + most(&*cells, |cell| cell.height(frame_width, aspect));
            for (cell, &left) in cells.iter_mut().zip(lefts) {
                let frame = Frame::between((left, y), (left + frame_width, bottom));
                cell.settle(frame, alone, columns, self.width);
                self.frames.push(frame);
            }
            y = bottom + most(&*cells, Cell::bottom);
        }
        if let Some(key) = &self.key {
            y += style::LEGEND_GAP + key.rows(self.width - 2 * style::OUTER_MARGIN).height;
        }
        self.height = y + notes::height(&self.notes) + style::OUTER_MARGIN;
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(Frame::between((0, 0), (self.width, self.height)), style::PAPER);
        for (index, line) in self.title.iter().enumerate() {
            let y = style::OUTER_MARGIN + line.ascent() + style::TITLE_LINE * index as i32;
            canvas.text(line, (self.width / 2, y), Anchor::Middle, style::INK);
        }
        for (cell, frame) in self.cells.iter().zip(&self.frames) {
            cell.draw(canvas, *frame);
        }
        self.shared(canvas);
        notes::draw(&self.notes, canvas, (style::OUTER_MARGIN, self.foot()))
    }

    /// Where numbers stand, panel by panel.
    pub(super) fn spots(&self) -> Vec<Vec<Spot>> {
        let cells = self.cells.iter().zip(&self.frames);
        cells.map(|(cell, &frame)| cell.filling.inside.spots(frame)).collect()
    }

    /// Where the notes begin.
    fn foot(&self) -> i32 {
        self.height - style::OUTER_MARGIN - notes::height(&self.notes)
    }

    /// What all panels share: the colour bar and the legend.
    fn shared(&self, canvas: &mut Canvas) {
        if let Some(bar) = &self.bar {
            let mut all = self.frames[0];
            for frame in &self.frames {
                all.right = all.right.max(frame.right);
                all.bottom = frame.bottom;
            }
            bar.draw(canvas, all);
        }
        if let Some(key) = &self.key {
            let laid = key.rows(self.width - 2 * style::OUTER_MARGIN);
            laid.draw(canvas, ((self.width - laid.width) / 2, self.foot() - laid.height));
        }
    }
}

/// The title in lines of at most `room`.
fn headline(figure: &Figure, room: i32) -> Vec<TextLayout> {
    let title = figure
        .title
        .iter()
        .flat_map(|title| lines(title, [style::TITLE, style::LEAST_TITLE], room));
    title.map(|line| fitting(&line, style::TITLE, room)).collect()
}

/// Whether there are several, all equal.
fn are_one<T: PartialEq>(items: &[&T]) -> bool {
    items.len() > 1 && items.windows(2).all(|pair| pair[0] == pair[1])
}

fn most<'c, 'a: 'c>(cells: impl IntoIterator<Item = &'c Cell<'a>>, of: impl Fn(&Cell<'a>) -> i32) -> i32 {
    cells.into_iter().map(of).max().unwrap_or_default()
}
