//! Every size, stroke and colour of a figure, chosen once.
//!
//! Lengths are in drawing units, 20 to the typographic point, so that plotters' integer coordinates are finer than any printer.
//! Sizes are final print sizes: a figure is meant to be placed at its own width, never scaled.

/// Drawing units per point.
pub(super) const UNITS_PER_POINT: i32 = 20;

/// A length given in tenths of a point.
const fn tenths(length: i32) -> i32 {
    length * UNITS_PER_POINT / 10
}

// Figure widths: 85 mm and 178 mm, as most journals set one and two columns.
pub(super) const ONE_COLUMN: i32 = tenths(2412);
pub(super) const TWO_COLUMN: i32 = tenths(5040);

// Text. The print floor is 6 pt: scripts and nested scripts stop shrinking there.
pub(super) const TITLE: i32 = tenths(90);
pub(super) const PANEL_TITLE: i32 = tenths(80);
pub(super) const AXIS_LABEL: i32 = tenths(80);
pub(super) const TICK_LABEL: i32 = tenths(72);
pub(super) const LEGEND: i32 = tenths(72);
pub(super) const NOTE: i32 = tenths(68);
pub(super) const CELL: i32 = tenths(66);
pub(super) const SMALLEST: i32 = tenths(60);
/// Size of a script relative to its base, per mille.
pub(super) const SCRIPT: i32 = 740;
/// Rise of a superscript and drop of a subscript, per mille of the base size.
pub(super) const SUPER_RISE: i32 = 400;
pub(super) const SUB_DROP: i32 = 200;
/// Space before a superscript on a slanted letter, which leans into it, per mille of the base size.
pub(super) const ITALIC_CORRECTION: i32 = 70;
/// Horizontal lean of the oblique face per height, per mille (11 degrees).
pub(super) const SLANT: i32 = 194;
/// Least space between a sign and its accent, per mille of the size.
pub(super) const ACCENT_GAP: i32 = 50;
/// Height of a capital and depth of a descender, per mille of the size (DejaVu Sans: 729 and 236).
pub(super) const CAP_HEIGHT: i32 = 729;
pub(super) const DESCENT: i32 = 236;
pub(super) const FONT_FAMILY: &str = "DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";

// Strokes.
pub(super) const FRAME_STROKE: i32 = tenths(6);
pub(super) const MAJOR_TICK_STROKE: i32 = tenths(6);
pub(super) const MINOR_TICK_STROKE: i32 = tenths(4);
pub(super) const GRID_STROKE: i32 = tenths(4);
pub(super) const CURVE_STROKE: i32 = tenths(9);
/// From estimate to estimate: thinner and paler than a curve, which it must not be taken for.
pub(super) const JOIN_STROKE: i32 = tenths(5);
/// Share of its colour in such a line, per mille.
pub(super) const JOIN_TINT: i32 = 600;
pub(super) const FLOOR_STROKE: i32 = tenths(8);
pub(super) const REFERENCE_STROKE: i32 = tenths(7);
pub(super) const BAR_STROKE: i32 = tenths(8);
pub(super) const MARKER_EDGE: i32 = tenths(5);
pub(super) const OPEN_MARKER_STROKE: i32 = tenths(8);

// Marks.
/// Half the width of a round marker; the others are scaled to look as large.
pub(super) const MARKER_RADIUS: i32 = tenths(22);
/// How far from a marker whoever points counts as pointing at it.
pub(super) const SPOT: i32 = tenths(50);
/// What of a marker shows around one that lies on it.
pub(super) const MARKER_RIM: i32 = tenths(11);
/// Half the width of the cap of an error bar.
pub(super) const CAP_HALF: i32 = tenths(20);
pub(super) const FLOOR_DASH: [i32; 2] = [tenths(36), tenths(22)];
pub(super) const REFERENCE_DASH: [i32; 2] = [tenths(8), tenths(16)];
/// Curves that are not exact: dashes and dots, so that they differ from floors and straight references.
pub(super) const ALONG_DASH: [i32; 4] = [tenths(46), tenths(16), tenths(8), tenths(16)];
/// Half the width of the mark of an exact value that stands alone, which is wider than markers and caps, and its stroke, which is
/// thicker than any line.
pub(super) const VALUE_HALF: i32 = tenths(44);
pub(super) const VALUE_STROKE: i32 = tenths(17);
/// Half the width of the cross of another value of theory that stands alone.
pub(super) const CROSS_HALF: i32 = tenths(26);
/// Length of the arrow of a bound, and half the width and the height of its head.
pub(super) const ARROW: i32 = tenths(90);
pub(super) const ARROW_HEAD: [i32; 2] = [tenths(18), tenths(30)];

// Bars.
/// Share of a category's width that its bars fill, and of a bar's place that the bar fills, per mille.
pub(super) const BARS_FILL: i64 = 800;
pub(super) const BAR_FILL: i64 = 860;
/// The same of an exact mark, which sticks out of its bar but does not touch the next.
pub(super) const TICK_FILL: i64 = 960;
/// Share of a series' colour in each part of a stack, from the bottom, per mille; the rest is paper.
pub(super) const PART_TINTS: [i32; 4] = [1000, 380, 700, 180];
pub(super) const BAR_EDGE: i32 = tenths(5);
pub(super) const EXACT_TICK: i32 = tenths(8);
/// Paper on both sides of an exact mark, so that it shows on any colour.
pub(super) const EXACT_TICK_EDGE: i32 = tenths(4);
/// Between a cut bar, the value above it, and the frame.
pub(super) const CUT_GAP: i32 = tenths(22);
/// Height of the gap that marks a cut, its distance from the bar's end, and its rise over the bar's width.
pub(super) const CUT_MARK: [i32; 3] = [tenths(14), tenths(30), tenths(16)];
/// Height of a bar in a legend.
pub(super) const BAR_SWATCH: i32 = tenths(60);

// Sticks.
/// Height of a stick's row.
pub(super) const STICK_ROW: i32 = tenths(120);
/// Depth of the brackets around its end and half their height, which is more than that of a marker; half the height of its foot.
pub(super) const BRACKET: i32 = tenths(12);
pub(super) const BRACKET_HALF: i32 = tenths(34);
pub(super) const FOOT_HALF: i32 = tenths(46);

// Zips.
/// Thinnest and thickest line of an interval.
pub(super) const ZIP_STROKES: [i32; 2] = [tenths(3), tenths(14)];

// Nested loops.
/// Height of the row of a factor: its name, and below it its steps, so high from the lowest to the highest level; space beside the name and
/// below the steps, and between values and factors.
pub(super) const LOOP_ROW: i32 = tenths(200);
pub(super) const LOOP_RISE: i32 = tenths(80);
pub(super) const LOOP_PAD: i32 = tenths(25);
pub(super) const LOOP_GAP: i32 = tenths(80);

// Pools.
/// Radius of the circles of the lowest and the highest reward.
pub(super) const DOT_RADII: [i32; 2] = [tenths(32), tenths(57)];
/// Dark ring around what is kept, and the paper around that.
pub(super) const DOT_RING: i32 = tenths(9);
pub(super) const DOT_HALO: i32 = tenths(5);
pub(super) const DOT_EDGE: i32 = tenths(4);
/// Share of its colour in the face and the edge of what is not kept, per mille.
pub(super) const FAINT: [i32; 2] = [260, 620];
/// Between the outermost circle and the frame.
pub(super) const POOL_PAD: i32 = tenths(50);
/// Least and greatest height of a pool, per mille of its width; scales are equal in any case.
pub(super) const POOL_ASPECT: [i64; 2] = [620, 1000];

// Distances.
pub(super) const MAJOR_TICK: i32 = tenths(30);
pub(super) const MINOR_TICK: i32 = tenths(17);
pub(super) const TICK_TO_LABEL: i32 = tenths(22);
pub(super) const TICKS_TO_AXIS_LABEL: i32 = tenths(40);
pub(super) const TITLE_GAP: i32 = tenths(50);
pub(super) const OUTER_MARGIN: i32 = tenths(30);
pub(super) const COLUMN_GAP: i32 = tenths(110);
pub(super) const ROW_GAP: i32 = tenths(120);
/// From one line of an axis's name, a title or a panel's title to the next.
pub(super) const AXIS_LINE: i32 = tenths(98);
pub(super) const TITLE_LINE: i32 = tenths(112);
/// Least distance between neighbouring tick labels.
pub(super) const LABEL_GAP: i32 = tenths(45);
pub(super) const LABEL_GAP_UPRIGHT: i32 = tenths(12);
/// A title smaller than this is set in lines instead.
pub(super) const LEAST_TITLE: i32 = tenths(78);
/// Room that one tick is thought to need, before its label is known.
pub(super) const TICK_ROOM_X: i32 = tenths(330);
pub(super) const TICK_ROOM_Y: i32 = tenths(200);
/// The same for powers of two, whose labels are short and are thinned where they would touch.
pub(super) const TICK_ROOM_OCTAVE: i32 = tenths(130);
/// The same for counts from 0, whose labels are short.
pub(super) const TICK_ROOM_COUNT: i32 = tenths(200);
/// The same for a colour bar, whose ends should be labelled.
pub(super) const TICK_ROOM_BAR: i32 = tenths(130);
/// Height of a line panel, per mille of its width, in a figure of one panel and of several.
pub(super) const LINE_ASPECT: i64 = 700;
pub(super) const LINE_ASPECT_GRID: i64 = 800;
/// Height of a cell of a heat panel: the least, that of a line of text, and the greatest; cells are square in between.
pub(super) const HEAT_CELL: [i32; 3] = [tenths(50), tenths(80), tenths(420)];
/// Least height of all cells, greatest per mille of their width, and the greatest where rows are as low as text.
pub(super) const HEAT_LEAST: i32 = tenths(600);
pub(super) const HEAT_ASPECT: i64 = 1100;
pub(super) const HEAT_PAGE: i32 = tenths(5600);
/// Empty share of an axis beyond the outermost datum, at each end.
pub(super) const AXIS_PADDING: f64 = 0.045;
/// A logarithmic axis reaches out to a decade nearer than this share of its span, so that the decade is labelled.
pub(super) const DECADE_REACH: f64 = 0.20;

// Legends.
pub(super) const SWATCH: i32 = tenths(180);
/// A sample without a line.
pub(super) const SHORT_SWATCH: i32 = tenths(70);
pub(super) const SWATCH_GAP: i32 = tenths(40);
pub(super) const ENTRY_GAP: i32 = tenths(105);
pub(super) const LEGEND_ROW: i32 = tenths(115);
pub(super) const NOTE_ROW: i32 = tenths(95);
pub(super) const LEGEND_GAP: i32 = tenths(60);
pub(super) const LEGEND_PAD: i32 = tenths(40);
/// Distance of an inside legend from the frame.
pub(super) const LEGEND_INSET: i32 = tenths(50);

// Colour bars.
pub(super) const COLOUR_BAR: i32 = tenths(85);
pub(super) const COLOUR_BAR_GAP: i32 = tenths(75);
/// More ticks than this on a colour bar are not read.
pub(super) const MOST_TICKS_BAR: i32 = 10;
/// Slices of a colour bar; finer than 8-bit colour steps of either map.
pub(super) const COLOUR_BAR_SLICES: i32 = 256;
/// Share of a cell that a printed value may fill, per mille.
pub(super) const CELL_FILL: i32 = 940;
/// White line between cells.
pub(super) const CELL_GAP: i32 = tenths(6);

/// A colour as red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

pub(super) const PAPER: Rgb = (255, 255, 255);
pub(super) const INK: Rgb = (0x1A, 0x1A, 0x1A);
pub(super) const GRID: Rgb = (0xE2, 0xE2, 0xE2);
pub(super) const FRAME: Rgb = (0x33, 0x33, 0x33);
pub(super) const NEUTRAL: Rgb = (0x55, 0x55, 0x55);
pub(super) const LEGEND_EDGE: Rgb = (0xC8, 0xC8, 0xC8);
pub(super) const MISSING: Rgb = (0xEC, 0xEC, 0xEC);
pub(super) const MISSING_MARK: Rgb = (0xA0, 0xA0, 0xA0);
/// Opacity of a band around a series.
pub(super) const BAND_OPACITY: f64 = 0.18;

/// Okabe and Ito's palette without its yellow, which is too pale for a thin line on white.
pub(super) const SERIES: [Rgb; 7] = [
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
    (0x00, 0x00, 0x00),
];

/// Viridis at ten equal steps: perceptually uniform, and still ordered in greyscale.
pub(super) const SEQUENTIAL: [Rgb; 10] = [
    (0x44, 0x01, 0x54),
    (0x48, 0x28, 0x78),
    (0x3E, 0x49, 0x89),
    (0x31, 0x68, 0x8E),
    (0x26, 0x82, 0x8E),
    (0x1F, 0x9E, 0x89),
    (0x35, 0xB7, 0x79),
    (0x6E, 0xCE, 0x58),
    (0xB5, 0xDE, 0x2B),
    (0xFD, 0xE7, 0x25),
];

/// Paul Tol's blue to red through near-white, safe for all common colour vision.
pub(super) const DIVERGING: [Rgb; 9] = [
    (0x21, 0x66, 0xAC),
    (0x43, 0x93, 0xC3),
    (0x92, 0xC5, 0xDE),
    (0xD1, 0xE5, 0xF0),
    (0xF7, 0xF7, 0xF7),
    (0xFD, 0xDB, 0xC7),
    (0xF4, 0xA5, 0x82),
    (0xD6, 0x60, 0x4D),
    (0xB2, 0x18, 0x2B),
];
