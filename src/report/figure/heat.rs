//! Heat panels: coloured cells, the values written in them, and the colour bar.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{Canvas, Frame};
use super::colour::{ColourScale, ink_on};
use super::font;
use super::label::Label;
use super::model::{HeatPanel, Ticks};
use super::style;
use super::text_layout::{Anchor, set};
use super::ticks;
use crate::numerics::elementary::log10;

/// A heat panel, ready to be drawn.
pub(super) struct Heat<'a> {
    panel: &'a HeatPanel,
    pub(super) x: AxisLayout,
    pub(super) y: AxisLayout,
    scale: ColourScale,
}

impl<'a> Heat<'a> {
    /// `index` counts the figure's panels from 1.
    pub(super) fn new(panel: &'a HeatPanel, index: usize, scale: ColourScale) -> Result<Self, FigureError> {
        let (columns, rows) = (panel.x.len(), panel.y.len());
        if columns == 0 || rows == 0 || columns * rows != panel.values.len() {
            return Err(FigureError::Cells {
                panel: index,
                rows,
                columns,
                values: panel.values.len(),
            });
        }
        Ok(Self {
            panel,
            x: AxisLayout::categories(&panel.x_label, &panel.x),
            y: AxisLayout::categories(&panel.y_label, &panel.y),
            scale,
        })
    }

    /// Height for that width: square cells, within limits.
    pub(super) fn height(&self, width: i32) -> i32 {
        let (columns, rows) = (self.panel.x.len() as i64, self.panel.y.len() as i64);
        let width = i64::from(width);
        let [least, most] = style::HEAT_ASPECT.map(|aspect| width * aspect / 1000);
        (width * rows / columns).clamp(least, most) as i32
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: Frame) -> Result<(), FigureError> {
        for (index, value) in self.panel.values.iter().enumerate() {
            self.cell(canvas, self.place(index, frame), *value)?;
        }
        if self.panel.printed {
            self.print(canvas, frame);
        }
        canvas.outline(frame, style::FRAME_STROKE, style::FRAME)?;
        self.x.below(canvas, frame)?;
        self.y.left(canvas, frame)
    }

    fn shown(&self, value: Option<f64>) -> Option<f64> {
        value.filter(|value| self.scale.range.scale.holds(*value))
    }

    fn place(&self, index: usize, frame: Frame) -> Frame {
        let (columns, rows) = (self.panel.x.len(), self.panel.y.len());
        let across = |column: usize| frame.left + (i64::from(frame.width()) * column as i64 / columns as i64) as i32;
        let up = |row: usize| frame.bottom - (i64::from(frame.height()) * row as i64 / rows as i64) as i32;
        let (row, column) = (index / columns, index % columns);
        Frame {
            left: across(column),
            right: across(column + 1),
            top: up(row + 1),
            bottom: up(row),
        }
    }

    fn cell(&self, canvas: &Canvas, place: Frame, value: Option<f64>) -> Result<(), FigureError> {
        let inset = style::CELL_GAP / 2;
        let cell = Frame {
            left: place.left + inset,
            right: place.right - inset,
            top: place.top + inset,
            bottom: place.bottom - inset,
        };
        match self.shown(value) {
            Some(value) => canvas.fill(cell, self.scale.colour(value)),
            None => {
                canvas.fill(cell, style::MISSING)?;
                let ends = [(cell.left, cell.bottom), (cell.right, cell.top)];
                canvas.path(&ends, style::GRID_STROKE, style::MISSING_MARK)
            }
        }
    }

    /// Writes the values, at the greatest size at which all of them fit, or not at all.
    fn print(&self, canvas: &mut Canvas, frame: Frame) {
        let first = self.place(0, frame);
        let room = (
            first.width() * style::CELL_FILL / 1000,
            first.height() * style::CELL_FILL / 1000,
        );
        let labels: Vec<Option<Label>> = self
            .panel
            .values
            .iter()
            .map(|value| self.shown(*value).map(|value| self.number(value)))
            .collect();
        let fits = |size: &i32| {
            let narrow = labels.iter().flatten().all(|label| set(label, *size).width <= room.0);
            narrow && font::cap_height(*size) <= room.1
        };
        let Some(size) = (style::SMALLEST..=style::CELL).rev().step_by(2).find(fits) else {
            return;
        };
        for (index, (label, value)) in labels.iter().zip(&self.panel.values).enumerate() {
            let (Some(label), Some(value)) = (label, value) else {
                continue;
            };
            let place = self.place(index, frame);
            let at = (
                (place.left + place.right) / 2,
                (place.top + place.bottom) / 2 + font::cap_height(size) / 2,
            );
            canvas.text(&set(label, size), at, Anchor::Middle, ink_on(self.scale.colour(*value)));
        }
    }

    /// A value with about as many digits as the colours can tell apart: a hundredth of the range, or two figures on a logarithmic scale.
    fn number(&self, value: f64) -> Label {
        let resolved = if self.panel.logarithmic {
            value.abs()
        } else {
            self.scale.range.high - self.scale.range.low
        };
        let decimals = usize::try_from(1 - log10(resolved).floor() as i32).unwrap_or(0).min(12);
        Label::number(&format!("{value:.decimals$}"))
    }
}

/// A colour bar: the colours of a scale with ticks and a name.
pub(super) struct ColourBar {
    scale: ColourScale,
    ruler: AxisLayout,
}

impl ColourBar {
    /// A bar of about that height.
    pub(super) fn new(scale: ColourScale, name: &Label, height: i32) -> Self {
        let ticks = ticks::ticks(&Ticks::Auto, &scale.range, height / style::TICK_ROOM_BAR);
        Self {
            scale,
            ruler: AxisLayout::numeric(name, &scale.range, &ticks),
        }
    }

    /// Room right of the panels.
    pub(super) fn breadth(&self) -> i32 {
        style::COLOUR_BAR_GAP + style::COLOUR_BAR + self.ruler.breadth()
    }

    /// Draws the bar right of `beside` and as high.
    pub(super) fn draw(&self, canvas: &mut Canvas, beside: Frame) -> Result<(), FigureError> {
        let left = beside.right + style::COLOUR_BAR_GAP;
        let bar = Frame {
            left,
            right: left + style::COLOUR_BAR,
            ..beside
        };
        let slices = style::COLOUR_BAR_SLICES;
        let top_of = |slice: i32| bar.bottom - (i64::from(bar.height()) * i64::from(slice) / i64::from(slices)) as i32;
        for slice in (0..slices).rev() {
            let share = (f64::from(slice) + 0.5) / f64::from(slices);
            // Each slice reaches down to the foot, so that viewers cannot show seams between them.
            canvas.fill(
                Frame {
                    top: top_of(slice + 1),
                    ..bar
                },
                self.scale.at(share),
            )?;
        }
        canvas.outline(bar, style::FRAME_STROKE, style::FRAME)?;
        self.ruler.right(canvas, bar)
    }
}
