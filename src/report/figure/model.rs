//! What a figure shows: plain data, chosen by the caller, with no trace of where it came from.

use super::label::Label;
use crate::numerics::scale;
pub use crate::numerics::scale::Scale;

/// A figure: panels in a grid, filled row by row, at one of two print widths.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// A line above all panels. Papers put this in the caption instead.
    pub title: Option<Label>,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// Panels per row; at least 1.
    pub columns: usize,
    /// Print width.
    pub width: Width,
    /// Whether line panels share one y range, so that they can be compared by eye; inner panels then drop their y labels.
    pub shared_y: bool,
}

/// Print width of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 3.35 inches (85 mm).
    OneColumn,
    /// 7 inches (178 mm).
    TwoColumn,
}

/// One set of axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Stands above the axes, after the tag.
    pub title: Option<Label>,
    /// A letter set bold in parentheses: (a).
    pub tag: Option<char>,
    /// What is drawn.
    pub body: Body,
    /// What must be known beside it, in plain sentences: they stand below the figure, each once.
    pub notes: Vec<String>,
}

/// The kinds of panel.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Points and curves over two axes.
    Line(LinePanel),
    /// Coloured cells over two lists of categories.
    Heat(HeatPanel),
    /// Stacked bars over a list of categories.
    Bars(BarsPanel),
    /// The candidates of one pool in a plane.
    Pool(PoolPanel),
}

/// Points and curves over two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePanel {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The series, in the order of the legend.
    pub series: Vec<Series>,
    /// Whether the horizontal axis has places for whole numbers alone, so that nothing lies between two that follow each other.
    pub counted: bool,
    /// Values to compare with that are not exact, such as a theoretical optimum or an expansion.
    pub references: Vec<Reference>,
    /// The legend.
    pub legend: Legend,
}

/// An axis of a line panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Name and unit.
    pub label: Label,
    /// How values become lengths.
    pub scale: Scale,
    /// Which values are labelled.
    pub ticks: Ticks,
}

/// Which values of an axis are labelled.
#[derive(Clone, Debug, PartialEq)]
pub enum Ticks {
    /// Round values that fit the length of the axis.
    Auto,
    /// These values, and the axis reaches to all of them.
    Listed(Vec<f64>),
}

/// A family of points with one colour and one marker.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub label: Label,
    /// Monte Carlo estimates.
    pub points: Vec<Point>,
    /// How the points' errors are drawn.
    pub interval: Interval,
    /// Whether thin pale segments join neighbouring points, for series without an exact curve.
    pub joined: bool,
    /// Exact values.
    pub exact: Curve,
    /// A dashed horizontal line in the series' colour, explained once in the legend.
    pub floor: Option<f64>,
}

/// Values of theory over the horizontal axis, ascending there, each worked out where it stands.
///
/// Neighbours are joined by a line only where nothing lies between them: whole numbers that follow each other on a
/// [`counted`](LinePanel::counted) axis, or places nearer than [`NEAR`](Self::NEAR), so that a value between them would move no
/// pixel. What has no such neighbour is a mark. So no line runs where nothing was worked out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve(pub Vec<(f64, f64)>);

impl Curve {
    /// Share of the horizontal axis below which two places count as one: half a typographic point in a figure of one column.
    pub const NEAR: f64 = scale::NEAR;

    /// No values.
    pub fn none() -> Self {
        Self::default()
    }
}

/// How the errors of points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// A bar with caps at each point.
    Bars,
    /// A pale band through the ends of the points' errors in the order given.
    Band,
}

/// An estimate. What cannot be placed on the axis is left out, and the legend counts it (see [`render`](super::render)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Position; a value that the axis cannot hold is an error.
    pub x: f64,
    /// Value, where there is one.
    pub y: Option<f64>,
    /// How far it may be off.
    pub error: Spread,
}

/// What is known of the error of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Nothing.
    Unknown,
    /// It reaches from the first to the second; at or below zero on a logarithmic axis the bar runs into the frame.
    Between(f64, f64),
    /// A standard error from so few groups that it says little: the point is hollow and has no bar.
    Unsure,
    /// None, for an event was seen never or always: this one-sided bound takes its place, an arrow from there towards the point.
    Bound(f64),
}

/// A dotted line across the panel, or values in dashes and dots over it, named in the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Where it stands.
    pub at: At,
    /// Name in the legend; several of one name are explained once.
    pub label: Label,
}

/// Position of a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum At {
    /// A vertical line.
    X(f64),
    /// Values over the horizontal axis, in the colour of a series or, where they hold for all, in grey.
    Along {
        /// The values.
        curve: Curve,
        /// The place of the series among those of the panel.
        series: Option<usize>,
    },
}

/// The legend of a line panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// Stands before the entries, such as the symbol whose values the series are.
    pub title: Option<Label>,
    /// Where it stands.
    pub place: Place,
    /// What the marks mean.
    pub words: LegendText,
}

/// Where a legend stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a free corner of a figure's only panel; below where it would cover data. Equal legends of several panels become one, below them all.
    Auto,
    /// Right of the panel.
    Right,
    /// Below the panel.
    Below,
    /// None at all.
    Absent,
}

/// What the marks of a line panel mean; a mark that does not occur is not explained.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendText {
    /// The points.
    pub points: Label,
    /// Points whose error rests on too few groups.
    pub unsure: Label,
    /// Arrows.
    pub bound: Label,
    /// The thin lines from point to point.
    pub joined: Label,
    /// The curves and marks of exact values.
    pub exact: Label,
    /// The dashed lines.
    pub floor: Label,
}

impl Default for LegendText {
    fn default() -> Self {
        Self {
            points: Label::plain("Monte Carlo \u{b1} 1 s.e."),
            unsure: Label::plain("error from fewer than 20 groups"),
            bound: Label::plain("95% bound (seen never or always)"),
            joined: Label::plain("joins estimates"),
            exact: Label::plain("exact"),
            floor: Label::plain("prompt floor"),
        }
    }
}

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

/// The two families of colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Colours {
    /// From dark to light.
    Sequential,
    /// White at the centre, blue below, red above, equally far on both sides.
    Diverging {
        /// The value that is white.
        centre: f64,
    },
}

/// Stacked bars that stand on 0, over a list of categories, side by side by series.
#[derive(Clone, Debug, PartialEq)]
pub struct BarsPanel {
    /// Name of the categories.
    pub x_label: Label,
    /// The categories, from left to right.
    pub x: Vec<Label>,
    /// Name of the height.
    pub y_label: Label,
    /// Where higher bars are cut: each then has its value written above it. None: the axis reaches to every bar.
    pub cut: Option<f64>,
    /// The series, in the order of the legend and, in each category, from left to right.
    pub series: Vec<BarSeries>,
    /// Names of the parts of a stack, from the bottom.
    pub parts: Vec<Label>,
    /// The legend.
    pub legend: Legend,
}

/// A family of bars with one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct BarSeries {
    /// Name in the legend.
    pub label: Label,
    /// One per category; none where there is nothing to show.
    pub bars: Vec<Option<Bar>>,
}

/// A bar. One with a part that is not finite is left out, and the legend counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Heights of its parts, from the bottom. A lone part may be negative: it hangs. In a stack a part below 0, such as
    /// the estimate of a small square, shortens the next instead.
    pub parts: Vec<f64>,
    /// Heights above 0 at which exact values are marked.
    pub exact: Vec<f64>,
    /// Lower and upper bound of the whole, drawn as an error bar.
    pub error: Option<[f64; 2]>,
}

/// The candidates of one pool in a plane with equal scales, those kept ringed and numbered in the order kept.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolPanel {
    /// Name of the horizontal direction.
    pub x_label: Label,
    /// Name of the vertical direction.
    pub y_label: Label,
    /// The candidates.
    pub candidates: Vec<Candidate>,
    /// Stands before the names of the groups in the legend.
    pub groups_label: Label,
    /// Names of the groups; an empty name is left out of the legend.
    pub groups: Vec<Label>,
    /// What the size of a circle means.
    pub size: Label,
}

/// A candidate of a pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Horizontal position, finite.
    pub x: f64,
    /// Vertical position, finite.
    pub y: f64,
    /// Share of the way from the smallest circle's area to the largest's.
    pub size: f64,
    /// Its group, which gives the colour.
    pub group: usize,
    /// Its place in the order kept, from 1; none if it is not kept.
    pub kept: Option<usize>,
}
