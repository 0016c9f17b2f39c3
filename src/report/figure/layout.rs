//! The plan of a figure: where every frame, legend and colour bar stands.
//!
//! Panels of a column share their side margins and panels of a row their upper and lower ones, so all frames line up.

use super::FigureError;
use super::axes::fitting;
use super::bars::{self, Bars};
use super::canvas::{Canvas, Frame};
use super::cell::{Cell, Content};
use super::colour::ColourScale;
use super::font;
use super::heat::{ColourBar, Heat};
use super::legend::Legend;
use super::line::Line;
use super::model::{BarsPanel, Body, Colours, Figure, HeatPanel, LinePanel, Place, Scale, Width};
use super::notes;
use super::pool::Pool;
use super::reach;
use super::style;
use super::text_layout::{Anchor, TextLayout};

/// A frame narrower than this share of the figure, per mille, cannot be read.
const NARROWEST: i32 = 60;

/// A figure, measured and ready to be drawn.
pub(super) struct Layout<'a> {
    figure: &'a Figure,
    cells: Vec<Cell<'a>>,
    /// Of all panels, when all have the same.
    legend: Option<Legend>,
    bar: Option<ColourBar>,
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
            legend: None,
            bar: None,
            notes: notes::lines(figure, width - 2 * style::OUTER_MARGIN),
            frames: Vec::new(),
            width,
            height: 0,
        };
        layout.fill()?;
        layout.place()?;
        Ok(layout)
    }

    fn columns(&self) -> usize {
        self.figure.columns.min(self.figure.panels.len())
    }

    /// Prepares every panel; a frame is expected to take three quarters of its column.
    fn fill(&mut self) -> Result<(), FigureError> {
        let expected = self.width * 3 / 4 / self.columns() as i32;
        let size = (expected, (i64::from(expected) * self.aspect() / 1000) as i32);
        let lines = lines(self.figure);
        let heats = heats(self.figure);
        check(self.figure, &lines)?;
        let shared_y = self.figure.shared_y.then(|| reach::y_range(&lines));
        let shared_heights = self.figure.shared_y.then(|| bars::heights(&stacks(self.figure), size));
        let one_bar = heats.len() > 1 && heats.len() == self.figure.panels.len() && same_bar(&heats);
        for (index, panel) in self.figure.panels.iter().enumerate() {
            let content = match &panel.body {
                Body::Line(body) => {
                    let range = shared_y.unwrap_or_else(|| reach::y_range(&[body]));
                    Content::Line(Line::new(body, index + 1, range, size)?)
                }
                Body::Heat(body) => {
                    let scale = if one_bar {
                        ColourScale::of(&heats)
                    } else {
                        ColourScale::of(&[body])
                    };
                    Content::Heat(Heat::new(body, index + 1, scale)?)
                }
                Body::Bars(body) => {
                    let heights = shared_heights.unwrap_or_else(|| bars::heights(&[body], size));
                    Content::Bars(Bars::new(body, index + 1, heights, size.1)?)
                }
                Body::Pool(body) => Content::Pool(Pool::new(body, index + 1)?),
            };
            let bar = match &panel.body {
                Body::Heat(body) if !one_bar => Some(ColourBar::new(ColourScale::of(&[body]), &body.value, size.1)),
                _ => None,
            };
            self.cells.push(Cell::new(panel, content, bar));
        }
        if one_bar {
            self.bar = Some(ColourBar::new(ColourScale::of(&heats), &heats[0].value, size.1));
        }
        self.silence();
        self.legends();
        Ok(())
    }

    fn aspect(&self) -> i64 {
        if self.figure.panels.len() == 1 {
            style::LINE_ASPECT
        } else {
            style::LINE_ASPECT_GRID
        }
    }

    /// Drops the y labels that the panel to the left already has.
    fn silence(&mut self) {
        let columns = self.columns();
        for index in 0..self.cells.len() {
            let Some(left) = index.checked_sub(1).filter(|_| index % columns > 0) else {
                continue;
            };
            let repeats = match (&self.figure.panels[left].body, &self.figure.panels[index].body) {
                (Body::Heat(left), Body::Heat(right)) => left.y == right.y && left.y_label == right.y_label,
                (Body::Line(left), Body::Line(right)) => self.figure.shared_y && left.y == right.y,
                (Body::Bars(left), Body::Bars(right)) => self.figure.shared_y && left.y_label == right.y_label,
                (Body::Pool(left), Body::Pool(right)) => left.y_label == right.y_label,
                _ => false,
            };
            self.cells[index].content.y_mut().hidden = repeats;
        }
    }

    /// Gives every panel its legend, or all of them one.
    fn legends(&mut self) {
        let all: Vec<Option<(Legend, Place)>> = self.figure.panels.iter().map(|panel| legend(&panel.body)).collect();
        let some: Vec<&(Legend, Place)> = all.iter().flatten().collect();
        let automatic = some.iter().all(|(_, place)| *place == Place::Auto);
        if some.len() > 1 && automatic && some.windows(2).all(|pair| pair[0] == pair[1]) {
            self.legend = Some(some[0].0.clone()).filter(|legend| !legend.is_empty());
            return;
        }
        let single = self.cells.len() == 1;
        for (cell, own) in self.cells.iter_mut().zip(all) {
            let Some((legend, place)) = own else {
                continue;
            };
            let place = match place {
                Place::Auto if !single => Place::Below,
                place => place,
            };
            if place != Place::Absent && !legend.is_empty() {
                cell.legend = Some((legend, place));
            }
        }
    }

    fn place(&mut self) -> Result<(), FigureError> {
        let columns = self.columns();
        let expected = self.width * 3 / 4 / columns as i32;
        let of_column = |column: usize, margin: &dyn Fn(&Cell) -> i32| {
            self.cells
                .iter()
                .skip(column)
                .step_by(columns)
                .map(margin)
                .max()
                .unwrap_or_default()
        };
        let sides: Vec<(i32, i32)> = (0..columns)
            .map(|column| {
                (
                    of_column(column, &|cell: &Cell| cell.left()),
                    of_column(column, &|cell: &Cell| cell.right(expected)),
                )
            })
            .collect();
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
        let columns = self.columns();
        let mut y = style::OUTER_MARGIN;
        if self.figure.title.is_some() {
            y += font::cap_height(style::TITLE) + font::descent(style::TITLE) + style::TITLE_GAP;
        }
        let aspect = self.aspect();
        let mut frames = Vec::new();
        let rows = self.cells.len().div_ceil(columns);
        for (row, cells) in self.cells.chunks_mut(columns).enumerate() {
            y += cells.iter().map(Cell::top).max().unwrap_or_default();
            let height = cells
                .iter()
                .map(|cell| cell.height(frame_width, aspect))
                .max()
                .unwrap_or_default();
            for left in &lefts[..cells.len()] {
                frames.push(Frame {
                    left: *left,
                    right: left + frame_width,
                    top: y,
                    bottom: y + height,
                });
            }
            let alone = rows == 1 && cells.len() == 1;
            for (cell, frame) in cells.iter_mut().zip(&frames[row * columns..]) {
                cell.settle(*frame, alone, columns, self.width);
            }
            let below = cells.iter().map(Cell::bottom).max().unwrap_or_default();
            y += height + below + if row + 1 < rows { style::ROW_GAP } else { 0 };
        }
        self.frames = frames;
        if let Some(legend) = &self.legend {
            y += style::LEGEND_GAP + legend.rows(self.width - 2 * style::OUTER_MARGIN).height;
        }
        self.height = y + notes::height(&self.notes) + style::OUTER_MARGIN;
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) -> Result<(), FigureError> {
        canvas.fill(
            Frame {
                left: 0,
                top: 0,
                right: self.width,
                bottom: self.height,
            },
            style::PAPER,
        )?;
        if let Some(title) = &self.figure.title {
            let setting = fitting(title, style::TITLE, self.width - 2 * style::OUTER_MARGIN);
            let at = (self.width / 2, style::OUTER_MARGIN + setting.ascent());
            canvas.text(&setting, at, Anchor::Middle, style::INK);
        }
        for (cell, frame) in self.cells.iter().zip(&self.frames) {
            cell.draw(canvas, *frame)?;
        }
        self.shared(canvas)?;
        let foot = self.height - style::OUTER_MARGIN - notes::height(&self.notes);
        notes::draw(&self.notes, canvas, (style::OUTER_MARGIN, foot))
    }

    /// What all panels share: the colour bar and the legend.
    fn shared(&self, canvas: &mut Canvas) -> Result<(), FigureError> {
        let (first, last) = (self.frames[0], self.frames[self.frames.len() - 1]);
        if let Some(bar) = &self.bar {
            let right = self.frames.iter().map(|frame| frame.right).max().unwrap_or(first.right);
            bar.draw(
                canvas,
                Frame {
                    right,
                    bottom: last.bottom,
                    ..first
                },
            )?;
        }
        if let Some(legend) = &self.legend {
            let laid = legend.rows(self.width - 2 * style::OUTER_MARGIN);
            let corner = (
                (self.width - laid.width) / 2,
                self.height - style::OUTER_MARGIN - notes::height(&self.notes) - laid.height,
            );
            laid.draw(canvas, corner)?;
        }
        Ok(())
    }
}

/// What concerns several panels, or the colours that they share.
fn check(figure: &Figure, lines: &[&LinePanel]) -> Result<(), FigureError> {
    if figure.shared_y && lines.windows(2).any(|pair| pair[0].y.scale != pair[1].y.scale) {
        return Err(FigureError::Shared);
    }
    for (index, panel) in figure.panels.iter().enumerate() {
        let Body::Heat(body) = &panel.body else {
            continue;
        };
        let Colours::Diverging { centre } = body.colours else {
            continue;
        };
        let scale = if body.logarithmic { Scale::Log10 } else { Scale::Linear };
        if !scale.holds(centre) {
            return Err(FigureError::Centre {
                panel: index + 1,
                centre,
            });
        }
    }
    Ok(())
}

/// The legend of a panel, and where it wants to stand; heat maps have a colour bar instead.
fn legend(body: &Body) -> Option<(Legend, Place)> {
    let place = match body {
        Body::Line(panel) => panel.legend.place,
        Body::Bars(panel) => panel.legend.place,
        Body::Pool(_) => Place::Auto,
        Body::Heat(_) => return None,
    };
    Some((Legend::of(body), place))
}

fn lines(figure: &Figure) -> Vec<&LinePanel> {
    let own = bodies(figure).filter_map(|body| match body {
        Body::Line(panel) => Some(panel),
        _ => None,
    });
    own.collect()
}

fn heats(figure: &Figure) -> Vec<&HeatPanel> {
    let own = bodies(figure).filter_map(|body| match body {
        Body::Heat(panel) => Some(panel),
        _ => None,
    });
    own.collect()
}

fn stacks(figure: &Figure) -> Vec<&BarsPanel> {
    let own = bodies(figure).filter_map(|body| match body {
        Body::Bars(panel) => Some(panel),
        _ => None,
    });
    own.collect()
}

fn bodies(figure: &Figure) -> impl Iterator<Item = &Body> {
    figure.panels.iter().map(|panel| &panel.body)
}

fn same_bar(heats: &[&HeatPanel]) -> bool {
    heats.windows(2).all(|pair| {
        let (left, right) = (pair[0], pair[1]);
        left.value == right.value && left.colours == right.colours && left.logarithmic == right.logarithmic
    })
}
