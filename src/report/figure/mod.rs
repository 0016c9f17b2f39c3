//! Figures: from plain data to SVG text, and from SVG to PNG and PDF.
//!
//! This module owns how figures look: axes, ticks, legends, colour bars, markers and mathematical labels, at the print sizes of one and
//! two journal columns. It computes no statistics and knows nothing of experiments, files or the terminal. The same data give the same
//! bytes on every machine: lengths are integers and nothing depends on the system's fonts.
//!
//! - [`Figure`], [`Panel`]: what is shown; [`LinePanel`], [`HeatPanel`], [`BarsPanel`], [`PoolPanel`], [`LollyPanel`], [`NestedLoopPanel`], [`ZipPanel`]: the kinds of panel.
//! - [`Label`]: text with a little mathematics.
//! - [`render`]: the SVG; [`spots`]: where its numbers stand; [`lacking`]: the signs that its font lacks; `png` and `pdf` (features of
//!   these names): a raster and a page of it.
//!
//! Inside: `model` says what every kind of panel does, and each kind has a file: `line`, `heat`, `bars`, `pool`, `lolly`, `nested_loop`, `zip`. `layout` places panels,
//! each a `cell` around its frame; `axes`, `ticks` and `wrap` measure and label; `legend`, `entries` and `notes` explain, `described` to those who cannot see; `marks` and `colour` are
//! shared looks; `canvas` draws through plotters; `style` holds every constant.

mod axes;
mod bars;
mod canvas;
mod cell;
mod colour;
mod described;
mod entries;
mod error;
mod font;
mod heat;
mod label;
mod layout;
mod legend;
mod line;
mod lolly;
#[cfg(test)]
mod look_tests;
mod marks;
mod markup;
mod model;
mod nested_loop;
mod notes;
#[cfg(any(feature = "png", feature = "pdf"))]
mod parsed;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
mod png;
mod pool;
mod scale;
mod style;
mod symbols;
#[cfg(test)]
mod tests;
mod text_layout;
#[cfg(test)]
mod theory_tests;
mod ticks;
mod wrap;
mod zip;

pub use crate::numerics::scale::Scale;
pub use colour::Colours;
pub use error::FigureError;
pub use label::{Label, LabelError};
pub use legend::{Legend, LegendText, Place};
pub(in crate::report) use marks::LOOKS;
pub use markup::Fault;
pub use model::{Body, Figure, Panel, Spot, Width};
#[cfg(feature = "pdf")]
pub use pdf::pdf;
#[cfg(feature = "png")]
pub use png::png;
pub use ticks::Ticks;

// The kinds of panel, a file each with the data it shows.
pub use bars::{Bar, BarSeries, BarsPanel};
pub use heat::HeatPanel;
pub use line::{At, Axis, Curve, Interval, Joined, LinePanel, Point, Reference, Series, Spread};
pub use lolly::{LollyPanel, LollySeries, Stick};
pub use nested_loop::{Loop, NestedLoopPanel, Step, StepSeries};
pub use pool::{Candidate, PoolPanel};
pub use zip::{ZipPanel, Zipped};

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
/// use mode_lottery::report::figure::{Colours, Figure, HeatPanel, Label, Panel, Width, render};
/// let heat = HeatPanel {
///     x_label: Label::parse("$K$")?,
///     x: vec![Label::plain("1"), Label::plain("2")],
///     y_label: Label::parse("$N_p$")?,
///     y: vec![Label::plain("16")],
///     values: vec![Some(0.98), None],
///     value: Label::plain("ratio"),
///     colours: Colours::Diverging { centre: 1.0, margin: None },
///     logarithmic: false,
///     printed: true,
/// };
/// let panel = Panel { tag: Some('a'), ..Panel::of(heat) };
/// let figure = Figure {
///     name: "Ratio".to_owned(),
///     title: None,
///     panels: vec![panel],
///     columns: 1,
///     width: Width::OneColumn,
///     shared_y: false,
/// };
/// assert!(render(&figure)?.starts_with("<svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(figure: &Figure) -> Result<String, FigureError> {
    drawn(figure).map(|(svg, _)| svg)
}

/// Where the numbers of a figure stand in its SVG, panel by panel: for pages that show a number to whoever points at it.
///
/// # Errors
///
/// As [`render`].
pub fn spots(figure: &Figure) -> Result<Vec<Vec<Spot>>, FigureError> {
    layout::Layout::new(figure).map(|layout| layout.spots())
}

/// The signs in a figure's text that its font lacks, each once: every one is drawn as the sign of replacement, U+FFFD.
///
/// # Errors
///
/// As [`render`].
pub fn lacking(figure: &Figure) -> Result<Vec<char>, FigureError> {
    drawn(figure).map(|(_, lacking)| lacking)
}

fn drawn(figure: &Figure) -> Result<(String, Vec<char>), FigureError> {
    let layout = layout::Layout::new(figure)?;
    let mut shapes = String::new();
    let mut canvas = canvas::Canvas::new(&mut shapes, layout.width, layout.height);
    layout.draw(&mut canvas);
    let (text, lacking) = canvas.finish()?;
    let said = described::elements(figure);
    let svg = canvas::document(&said, &shapes, &text, (layout.width, layout.height));
    Ok((svg, lacking))
}
