//! What a line panel shows.

use crate::numerics::scale::{self, Scale};
use crate::report::figure::label::Label;
use crate::report::figure::legend::Legend;
use crate::report::figure::ticks::Ticks;

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

impl LinePanel {
    /// The curves that are not exact, each with the place of its series.
    pub(super) fn along(&self) -> impl Iterator<Item = (&Curve, Option<usize>)> {
        self.references.iter().filter_map(|reference| match &reference.at {
            At::Along { curve, series } => Some((curve, *series)),
            At::X(_) => None,
        })
    }

    /// Where reference lines stand.
    pub(super) fn upright(&self) -> impl Iterator<Item = f64> {
        self.references.iter().filter_map(|reference| match reference.at {
            At::X(value) => Some(value),
            At::Along { .. } => None,
        })
    }
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

/// A family of points with one colour and one marker.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub label: Label,
    /// Its place among the series of the whole figure, which gives its colour and marker in every panel.
    pub look: usize,
    /// Monte Carlo estimates.
    pub points: Vec<Point>,
    /// How the points' errors are drawn.
    pub interval: Interval,
    /// How thin pale lines join neighbouring points, for series without an exact curve.
    pub joined: Joined,
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

/// How neighbouring points are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// By nothing.
    Not,
    /// By straight segments.
    Straight,
    /// By the value of each as far as the next: those of a distribution function.
    InSteps,
}

/// How the errors of points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// A bar with caps at each point.
    Bars,
    /// A pale band through the ends of the points' errors in the order given.
    Band,
}

/// An estimate. What cannot be placed on the axis is left out, and the legend counts it (see [`render`](crate::report::figure::render)).
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
