//! Heat panels: coloured cells and the values written in them.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{Canvas, Frame};
use super::colour::{ColourBar, ColourScale, Colours, ink_on};
use super::font;
use super::label::Label;
use super::model::{Body, Drawing, Filling, Site, Spot};
use super::style;
use super::text_layout::{Anchor, set};
use crate::numerics::elementary::log10;
use crate::numerics::scale::Scale;

/// Coloured cells over two lists of categories.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatPanel {
    /// Name of the columns.
    pub x_label: Label,
    /// The columns, from left to right.
    pub x: Vec<Label>,
    /// Name of the rows.
    pub y_label: Label,
    /// The rows, from bottom to top, as on an axis.
    pub y: Vec<Label>,
    /// Row by row, from the bottom row, each from left to right. None, a non-finite value, and on a logarithmic scale a value that is
    /// not positive, are grey cells with a stroke.
    pub values: Vec<Option<f64>>,
    /// Name of the value, beside the colour bar.
    pub value: Label,
    /// The colours.
    pub colours: Colours,
    /// Whether equal ratios are equal steps of colour.
    pub logarithmic: bool,
    /// Whether values are written into the cells, where all of them fit.
    pub printed: bool,
}

impl Body for HeatPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        self.check(site.number())?;
        // Panels of one quantity share their colours where the figure has no others.
        let peers = site.of_kind();
        let shared = peers.len() == site.figure.panels.len() && peers.iter().all(|peer| self.is_like(peer));
        let scale = colour_scale(&if shared { peers } else { vec![self] });
        let repeats = |left: &Self| left.y == self.y && left.y_label == self.y_label;
        let height = self.height(site.size.0);
        let y = AxisLayout::categories(AxisLayout::name(&self.y_label, height), &self.y);
        Ok(Filling {
            x: AxisLayout::categories(AxisLayout::name(&self.x_label, site.size.0), &self.x),
            y: y.hidden_if(site.left().is_some_and(repeats)),
            bar: Some(ColourBar::new(scale, &self.value, height)),
            inside: Box::new(Heat { panel: self, scale }),
        })
    }

    fn described(&self) -> String {
        let [value, x, y] = [&self.value, &self.x_label, &self.y_label].map(Label::spoken);
        format!("{value} in colours, by {x} and {y}")
    }
}

impl HeatPanel {
    fn check(&self, panel: usize) -> Result<(), FigureError> {
        let (columns, rows, values) = (self.x.len(), self.y.len(), self.values.len());
        if columns == 0 || rows == 0 || columns * rows != values {
            return Err(FigureError::Cells {
                panel,
                rows,
                columns,
                values,
            });
        }
        match self.colours {
            Colours::Diverging { centre, margin } => {
                let reaches = margin.is_none_or(|own| own > 0.0 && self.scale().holds(centre + own));
                match self.scale().holds(centre) && reaches {
                    true => Ok(()),
                    false => Err(FigureError::Centre { panel, centre }),
                }
            }
            Colours::Sequential => Ok(()),
        }
    }

    /// Height for that width: square cells, unless few rows would make a large square, and many no page or lines too low to read.
    fn height(&self, width: i32) -> i32 {
        let (columns, rows) = (self.x.len() as i32, self.y.len() as i32);
        let [least, legible, most] = style::HEAT_CELL.map(|cell| rows * cell);
        let low = legible.min(style::HEAT_PAGE).max(least);
        let high = (i64::from(width) * style::HEAT_ASPECT / 1000) as i32;
        let square = (rows * (width / columns.max(1))).min(most);
        // Room for the names of a map of few rows.
        square.clamp(low, high.max(low)).max(style::HEAT_LEAST)
    }

    fn scale(&self) -> Scale {
        if self.logarithmic { Scale::Log10 } else { Scale::Linear }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.value == other.value && self.colours == other.colours && self.logarithmic == other.logarithmic
    }
}

/// The colours of panels that are alike.
fn colour_scale(panels: &[&HeatPanel]) -> ColourScale {
    let values = panels.iter().flat_map(|panel| panel.values.iter().copied().flatten());
    ColourScale::new(panels[0].colours, panels[0].scale(), values)
}

/// A heat panel, ready to be drawn.
struct Heat<'a> {
    panel: &'a HeatPanel,
    scale: ColourScale,
}

impl Drawing for Heat<'_> {
    fn height(&self, width: i32, _: i32) -> i32 {
        self.panel.height(width)
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        for (index, value) in self.panel.values.iter().enumerate() {
            self.cell(canvas, self.place(index, frame), *value);
        }
        if self.panel.printed {
            self.print(canvas, frame);
        }
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let spot = |item| {
            let place = self.place(item, frame);
            Spot {
                at: place.centre(),
                reach: place.width().min(place.height()) / 2,
                item: (0, item),
            }
        };
        (0..self.panel.values.len()).map(spot).collect()
    }
}

impl Heat<'_> {
    fn shown(&self, value: Option<f64>) -> Option<f64> {
        value.filter(|value| self.scale.range.scale.holds(*value))
    }

    fn place(&self, index: usize, frame: Frame) -> Frame {
        let (columns, rows) = (self.panel.x.len(), self.panel.y.len());
        let across = |column: usize| frame.left + (i64::from(frame.width()) * column as i64 / columns as i64) as i32;
        let up = |row: usize| frame.bottom - (i64::from(frame.height()) * row as i64 / rows as i64) as i32;
        let (row, column) = (index / columns, index % columns);
        Frame::between((across(column), up(row + 1)), (across(column + 1), up(row)))
    }

    fn cell(&self, canvas: &mut Canvas, place: Frame, value: Option<f64>) {
        let inset = style::CELL_GAP.min(place.width() / 8) / 2;
        let corner = (place.left + inset, place.top + inset);
        let cell = Frame::between(corner, (place.right - inset, place.bottom - inset));
        match self.shown(value) {
            Some(value) => canvas.fill(cell, self.scale.colour(value)),
            None => {
                canvas.fill(cell, style::MISSING);
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
            let (x, y) = self.place(index, frame).centre();
            let at = (x, y + font::cap_height(size) / 2);
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
