//! Validated figures: which rows each shows, and how they are laid out.

use crate::engine::EstimandKind;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::numerics::scale::Scale;

/// A figure of the estimates.
#[derive(Debug, Clone)]
pub struct FigureSpec {
    /// File name without ending.
    pub name: String,
    /// Printed above it.
    pub title: Option<String>,
    /// Column that makes panels, an index into [`Experiment::columns`](crate::experiment::Experiment::columns).
    pub panel: Option<usize>,
    /// The rows shown.
    pub rows: Vec<RowRef>,
    /// How they are drawn.
    pub view: View,
    /// Width in print.
    pub width: Width,
}

/// How rows are drawn.
#[derive(Debug, Clone)]
pub enum View {
    /// Estimates with error bars against a numeric column.
    Line(Line),
    /// A colour per pair of columns.
    HeatMap(HeatMap),
    /// Bars of estimands stacked on each other.
    Bars(Bars),
    /// The candidates of one pool, a panel per arm.
    Pool(PoolView),
}

/// Width in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 85 mm.
    OneColumn,
    /// 178 mm.
    TwoColumns,
}

/// A line figure.
#[derive(Debug, Clone)]
pub struct Line {
    /// Column on the horizontal axis.
    pub x: ColumnRef,
    /// The estimand on the vertical axis.
    pub y: &'static EstimandKind,
    /// Column of which each value makes a line.
    pub series: Option<usize>,
    /// Whether the exact curve is drawn.
    pub exact: bool,
    /// Whether the prompt floor is drawn.
    pub floor: bool,
    /// Whether the reference curve is drawn.
    pub reference: bool,
    /// Whether K* is marked.
    pub optimum: bool,
    /// Whether the bound of the greedy guarantee is marked.
    pub bound: bool,
    /// Scale of x, chosen from the values where none is given.
    pub x_scale: Option<Scale>,
    /// Scale of y, likewise.
    pub y_scale: Option<Scale>,
}

/// A heat map.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// Column on the horizontal axis.
    pub x: usize,
    /// Column on the vertical axis.
    pub y: usize,
    /// The estimand shown as colour.
    pub value: &'static EstimandKind,
    /// The middle of a diverging map.
    pub centre: Option<f64>,
}

/// Stacked bars over a list of categories.
#[derive(Debug, Clone)]
pub struct Bars {
    /// Column of which each value is a category.
    pub x: usize,
    /// Column of which each value makes a bar in each category.
    pub series: Option<usize>,
    /// The estimands stacked from the bottom.
    pub y: Vec<&'static EstimandKind>,
    /// The estimand that is the whole, whose standard error is drawn.
    pub total: Option<&'static EstimandKind>,
    /// One per row of the figure, in its order.
    pub stacks: Vec<Stack>,
    /// Whether exact values are marked.
    pub exact: bool,
    /// Where higher bars are cut.
    pub cut: Option<f64>,
}

/// The rows of one bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// From the bottom: one per estimand.
    pub parts: Vec<RowRef>,
    /// The whole.
    pub total: Option<RowRef>,
}

/// The pool of one prompt in one replicate, and what each of some arms keeps of it. The figure's rows are one per arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolView {
    /// Index of the scenario.
    pub scenario: usize,
    /// The replicate, from 0.
    pub replicate: u64,
    /// The prompt, from 0.
    pub prompt: u32,
    /// The arms, one per panel in the order of panels.
    pub arms: Vec<usize>,
    /// What tells each arm from the others: the value of the panels' column; empty where there is one panel.
    pub names: Vec<String>,
}
