//! Markers and line samples: how a series looks, on the axes and in the legend alike.

use super::FigureError;
use super::canvas::{At, Canvas};
use super::style::{self, Rgb};

/// Outlines in thousandths of the marker radius; the first marker is a disc. All look equally large.
const OUTLINES: [&[At]; 6] = [
    &[(-900, -900), (900, -900), (900, 900), (-900, 900)],
    &[(0, -1250), (1120, 700), (-1120, 700)],
    &[(0, -1290), (1290, 0), (0, 1290), (-1290, 0)],
    &[(0, 1250), (1120, -700), (-1120, -700)],
    &[
        (-420, -1250),
        (420, -1250),
        (420, -420),
        (1250, -420),
        (1250, 420),
        (420, 420),
        (420, 1250),
        (-420, 1250),
        (-420, 420),
        (-1250, 420),
        (-1250, -420),
        (-420, -420),
    ],
    &[
        (0, -1400),
        (363, -500),
        (1331, -433),
        (588, 191),
        (823, 1133),
        (0, 618),
        (-823, 1133),
        (-588, 191),
        (-1331, -433),
        (-363, -500),
    ],
];

/// Colour of a series, by its place in the panel; after the palette it repeats with hollow markers.
pub(super) fn colour(series: usize) -> Rgb {
    style::SERIES[series % style::SERIES.len()]
}

/// The marker of a series.
pub(super) fn marker(canvas: &Canvas, at: At, series: usize) -> Result<(), FigureError> {
    let hollow = (series / style::SERIES.len()) % 2 == 1;
    outlined(canvas, at, series % style::SERIES.len(), colour(series), hollow)
}

/// The marker that stands for all series in a legend.
pub(super) fn neutral_marker(canvas: &Canvas, at: At) -> Result<(), FigureError> {
    outlined(canvas, at, 0, style::NEUTRAL, false)
}

/// A marker with a thin white edge, which keeps it apart from curves and neighbours.
fn outlined(canvas: &Canvas, at: At, shape: usize, colour: Rgb, hollow: bool) -> Result<(), FigureError> {
    let radius = style::MARKER_RADIUS;
    filled(canvas, at, shape, radius + style::MARKER_EDGE, style::PAPER)?;
    filled(canvas, at, shape, radius, colour)?;
    if hollow {
        filled(canvas, at, shape, radius - style::OPEN_MARKER_STROKE, style::PAPER)?;
    }
    Ok(())
}

fn filled(canvas: &Canvas, at: At, shape: usize, radius: i32, colour: Rgb) -> Result<(), FigureError> {
    // One outline fewer than colours: shape 0 is the disc.
    match shape.checked_sub(1).and_then(|index| OUTLINES.get(index)) {
        None => canvas.disc(at, radius, colour),
        Some(outline) => {
            let scaled = |part: i32| part * radius / 1000;
            let points: Vec<At> = outline
                .iter()
                .map(|(x, y)| (at.0 + scaled(*x), at.1 + scaled(*y)))
                .collect();
            canvas.polygon(&points, colour, 1.0)
        }
    }
}

/// Half the height that a marker covers: a shorter bar is hidden by it, and its caps would stick out sideways.
pub(super) const HIDDEN: i32 = style::MARKER_RADIUS + style::MARKER_EDGE;

/// A bar between two heights, each with or without a cap.
pub(super) fn error_bar(
    canvas: &Canvas,
    x: i32,
    low: (i32, bool),
    high: (i32, bool),
    colour: Rgb,
) -> Result<(), FigureError> {
    canvas.path(&[(x, low.0), (x, high.0)], style::BAR_STROKE, colour)?;
    for (y, capped) in [low, high] {
        if capped {
            canvas.path(
                &[(x - style::CAP_HALF, y), (x + style::CAP_HALF, y)],
                style::BAR_STROKE,
                colour,
            )?;
        }
    }
    Ok(())
}
