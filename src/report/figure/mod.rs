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
mod error;
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
mod style;
mod symbols;
#[cfg(test)]
mod tests;
mod text_layout;
#[cfg(test)]
mod theory_tests;
mod ticks;

pub use error::FigureError;
pub use label::{Label, LabelError};
pub use markup::Fault;
pub use model::{
    At, Axis, Bar, BarSeries, BarsPanel, Body, Candidate, Colours, Curve, Figure, HeatPanel, Interval, Legend,
    LegendText, LinePanel, Panel, Place, Point, PoolPanel, Reference, Scale, Series, Spread, Ticks, Width,
};
#[cfg(feature = "png")]
pub use png::png;

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
