//! Figures: from plain data to SVG text, and from SVG to PNG.
//!
//! This module owns how figures look: axes, ticks, legends, colour bars, markers and mathematical labels, at the print sizes of one and
//! two journal columns. It computes no statistics and knows nothing of experiments, files or the terminal. The same data give the same
//! bytes on every machine: lengths are integers and nothing depends on the system's fonts.
//!
//! - [`Figure`], [`Panel`], [`LinePanel`], [`HeatPanel`], [`BarsPanel`], [`PoolPanel`]: what is shown.
//! - [`Label`]: text with a little mathematics.
//! - [`render`]: the SVG; `png` (feature `png`): a raster of it.
//!
//! Inside: `layout` places panels, each a `cell` whose frame `line`, `heat`, `bars` or `pool` fills; `axes`, `reach` and `ticks` measure and label;
//! `curve` says which values of theory a line joins; `legend`, `entries` and `notes` explain; `marks` and `colour` are shared looks;
//! `canvas` draws through plotters; `style` holds every constant.

mod axes;
mod bars;
mod canvas;
mod cell;
mod colour;
mod curve;
mod entries;
mod font;
mod heat;
mod label;
mod layout;
mod legend;
mod line;
mod marks;
mod markup;
mod model;
mod notes;
#[cfg(feature = "png")]
mod png;
mod pool;
mod reach;
mod scale;
mod setting;
mod style;
mod symbols;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod theory_tests;
mod ticks;

pub use label::{Fault, Label, LabelError};
pub use model::{
    At, Axis, Bar, BarSeries, BarsPanel, Body, Candidate, Colours, Curve, Figure, HeatPanel, Interval, Legend,
    LinePanel, Panel, Place, Point, PoolPanel, Reference, Scale, Series, Spread, Ticks, Width, Words,
};
#[cfg(feature = "png")]
pub use png::png;

/// Why a figure cannot be drawn. Panels are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FigureError {
    /// A figure of nothing.
    #[error("a figure needs at least one panel")]
    NoPanels,
    /// Rows that hold nothing.
    #[error("a figure needs at least one column")]
    NoColumns,
    /// A position, listed tick or reference line that the axis cannot hold.
    #[error("panel {panel}: {axis} = `{value}` cannot stand on this axis ({scale:?})")]
    Position {
        /// Which panel.
        panel: usize,
        /// `x` or `y`.
        axis: char,
        /// The value.
        value: f64,
        /// The scale of the axis.
        scale: Scale,
    },
    /// A heat map whose values do not fill its rows and columns.
    #[error("panel {panel}: {values} values for {rows} rows of {columns} columns")]
    Cells {
        /// Which panel.
        panel: usize,
        /// Number of row labels.
        rows: usize,
        /// Number of column labels.
        columns: usize,
        /// Number of values.
        values: usize,
    },
    /// A series of bars that does not have one for each category.
    #[error("panel {panel}: {bars} bars for {categories} categories")]
    Bars {
        /// Which panel.
        panel: usize,
        /// Number of categories.
        categories: usize,
        /// Number of bars.
        bars: usize,
    },
    /// A centre that the colours cannot be laid around.
    #[error("panel {panel}: colours cannot be centred at `{centre}`")]
    Centre {
        /// Which panel.
        panel: usize,
        /// The centre.
        centre: f64,
    },
    /// Panels of a shared y range with different scales.
    #[error("panels that share their y range must share its scale")]
    Shared,
    /// Labels that leave no room for the axes.
    #[error("no room for {columns} panels side by side at this width")]
    Narrow {
        /// Panels per row.
        columns: usize,
    },
    /// The drawing library refused; it has no reason to when it writes to memory.
    #[error("drawing failed: {0}")]
    Drawing(String),
    /// The raster could not be made.
    #[error("png: {0}")]
    Png(String),
}

impl FigureError {
    fn drawing(fault: impl std::fmt::Display) -> Self {
        Self::Drawing(fault.to_string())
    }
}

/// Draws a figure as SVG text.
///
/// What an axis cannot hold: a *position* (x of a point or curve, a listed tick, a reference line) that is not finite, or not positive
/// on a logarithmic axis, is an error, because the caller chose it. An *estimate* (y of a point) of that kind is left out, and the legend
/// says how many were; a curve is interrupted there, a bound runs into the frame, a floor is not drawn. Magnitudes beyond 1e300 count as
/// not finite. Where such an estimate has a bound that the axis holds, the bound is drawn and nothing is left out.
///
/// # Errors
///
/// See [`FigureError`].
///
/// # Example
///
/// ```
/// use mode_lottery::report::figure::{Body, Colours, Figure, HeatPanel, Label, Panel, Width, render};
/// let heat = HeatPanel {
///     x_label: Label::parse("$K$")?,
///     x: vec![Label::plain("1"), Label::plain("2")],
///     y_label: Label::parse("$N_p$")?,
///     y: vec![Label::plain("16")],
///     values: vec![Some(0.98), None],
///     value: Label::plain("ratio"),
///     colours: Colours::Diverging { centre: 1.0 },
///     logarithmic: false,
///     printed: true,
/// };
/// let panel = Panel { title: None, tag: Some('a'), body: Body::Heat(heat), notes: Vec::new() };
/// let figure = Figure { title: None, panels: vec![panel], columns: 1, width: Width::OneColumn, shared_y: false };
/// assert!(render(&figure)?.starts_with("<svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(figure: &Figure) -> Result<String, FigureError> {
    let layout = layout::Layout::new(figure)?;
    let mut shapes = String::new();
    let mut canvas = canvas::Canvas::new(&mut shapes, layout.width, layout.height);
    layout.draw(&mut canvas)?;
    let text = canvas.finish()?;
    Ok(canvas::document(&shapes, &text, layout.width, layout.height))
}
