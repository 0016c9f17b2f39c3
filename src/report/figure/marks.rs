//! Markers and line samples: how a series looks, on the axes and in the legend alike.

use super::FigureError;
use super::canvas::{At, Canvas};
use super::colour::tint;
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

/// How many series look different: each colour has as many markers as there are colours.
pub(in crate::report) const LOOKS: usize = style::SERIES.len() * style::SERIES.len();

// One outline fewer than colours: shape 0 is the disc.
const _: () = assert!(OUTLINES.len() + 1 == style::SERIES.len());

/// Refuses a panel of which two series, or groups, would look alike, of so many `looks`.
pub(super) fn check(panel: usize, series: usize, looks: usize) -> Result<(), FigureError> {
    match series <= looks {
        true => Ok(()),
        false => Err(FigureError::Alike { panel, series, looks }),
    }
}

/// Colour of a series, by its place in the figure.
pub(super) fn colour(series: usize) -> Rgb {
    style::SERIES[series % style::SERIES.len()]
}

/// Outline of a series, by its place in the figure: where colours repeat, outlines are others.
fn shape(series: usize) -> usize {
    let palette = style::SERIES.len();
    (series + series / palette) % palette
}

/// The marker of a series, so large that it shows around those of others `above` it; `hollow` where its error says little.
pub(super) fn marker(canvas: &mut Canvas, at: At, (series, above): (usize, usize), hollow: bool) {
    outlined(canvas, at, (shape(series), above), colour(series), hollow)
}

/// Two neutral markers at one place.
pub(super) fn neutral_pair(canvas: &mut Canvas, at: At) {
    outlined(canvas, at, (0, 1), style::NEUTRAL, false);
    outlined(canvas, at, (0, 0), style::NEUTRAL, false)
}

/// The marker that stands for all series in a legend.
pub(super) fn neutral_marker(canvas: &mut Canvas, at: At, hollow: bool) {
    outlined(canvas, at, (0, 0), style::NEUTRAL, hollow)
}

/// A marker with a thin white edge, which keeps it apart from curves and neighbours.
fn outlined(canvas: &mut Canvas, at: At, (shape, above): (usize, usize), colour: Rgb, hollow: bool) {
    let radius = style::MARKER_RADIUS + style::MARKER_RIM * above as i32;
    filled(canvas, at, shape, radius + style::MARKER_EDGE, style::PAPER);
    filled(canvas, at, shape, radius, colour);
    if hollow {
        filled(canvas, at, shape, radius - style::OPEN_MARKER_STROKE, style::PAPER);
    }
}

/// An exact value that stands alone: a thick stroke that sticks out from under the marker of its estimate.
pub(super) fn value(canvas: &mut Canvas, (x, y): At, colour: Rgb) {
    let ends = [(x - style::VALUE_HALF, y), (x + style::VALUE_HALF, y)];
    canvas.path(&ends, style::VALUE_STROKE + 2 * style::MARKER_EDGE, style::PAPER);
    canvas.path(&ends, style::VALUE_STROKE, colour)
}

/// Another value of theory that stands alone.
pub(super) fn cross(canvas: &mut Canvas, (x, y): At, colour: Rgb) {
    let half = style::CROSS_HALF;
    for rise in [half, -half] {
        canvas.path(
            &[(x - half, y - rise), (x + half, y + rise)],
            style::REFERENCE_STROKE,
            colour,
        );
    }
}

/// A line in dashes and dots.
pub(super) fn along(canvas: &mut Canvas, points: &[At], colour: Rgb) {
    canvas.patterned(points, &style::ALONG_DASH, style::REFERENCE_STROKE, colour)
}

/// A line from estimate to estimate: pale, for it must not be taken for a curve.
pub(super) fn joined(canvas: &mut Canvas, points: &[At], colour: Rgb) {
    canvas.path(points, style::JOIN_STROKE, tint(colour, style::JOIN_TINT));
}

/// The level below which a series cannot fall.
pub(super) fn floor(canvas: &mut Canvas, from: At, to: At, colour: Rgb) {
    canvas.dashed(from, to, style::FLOOR_DASH, style::FLOOR_STROKE, colour)
}

/// A reference line.
pub(super) fn reference(canvas: &mut Canvas, from: At, to: At) {
    canvas.dashed(from, to, style::REFERENCE_DASH, style::REFERENCE_STROKE, style::NEUTRAL)
}

/// A bound: its cap, and an arrow from there towards what it bounds, down to `end` or as long as arrows are.
pub(super) fn bound(canvas: &mut Canvas, (x, y): At, end: i32, colour: Rgb) {
    let down = (end - y).signum();
    let tip = y + down * (end - y).abs().min(style::ARROW);
    let [half, height] = style::ARROW_HEAD;
    cap(canvas, (x, y), colour);
    canvas.path(&[(x, y), (x, tip)], style::BAR_STROKE, colour);
    let head = [
        (x - half, tip - down * height),
        (x, tip),
        (x + half, tip - down * height),
    ];
    canvas.path(&head, style::BAR_STROKE, colour)
}

fn filled(canvas: &mut Canvas, at: At, shape: usize, radius: i32, colour: Rgb) {
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
pub(super) fn error_bar(canvas: &mut Canvas, x: i32, low: (i32, bool), high: (i32, bool), colour: Rgb) {
    canvas.path(&[(x, low.0), (x, high.0)], style::BAR_STROKE, colour);
    for (y, capped) in [low, high] {
        if capped {
            cap(canvas, (x, y), colour);
        }
    }
}

/// The end of a bar.
fn cap(canvas: &mut Canvas, (x, y): At, colour: Rgb) {
    let ends = [(x - style::CAP_HALF, y), (x + style::CAP_HALF, y)];
    canvas.path(&ends, style::BAR_STROKE, colour)
}

/// The error bar of a legend, around its middle.
pub(super) fn sample_bar(canvas: &mut Canvas, (x, y): At, colour: Rgb) {
    let half = style::LEGEND_ROW * 2 / 5;
    error_bar(canvas, x, (y + half, true), (y - half, true), colour)
}
