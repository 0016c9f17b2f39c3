//! Validated figures: which rows each shows, and how they are laid out.

use crate::engine::EstimandKind;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::numerics::scale::Scale;
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

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
    pub view: Arc<dyn View>,
    /// Width in print.
    pub width: Width,
}

/// How the rows of a kind of figure are drawn, and what else of an experiment it shows.
pub trait View: Any + Debug + Send + Sync {
    /// What curves and marks of theory it shows.
    fn curves(&self) -> Option<&Line> {
        None
    }

    /// What it shows of single replicates, which is stored beside the estimates.
    fn draws(&self) -> Option<Draws<'_>> {
        None
    }

    /// Whether panels are as legible when small, and are compared side by side.
    fn is_legible_when_small(&self) -> bool {
        false
    }
}

impl dyn View {
    /// The view, if it is of this kind.
    pub fn of<V: View>(&self) -> Option<&V> {
        (self as &dyn Any).downcast_ref()
    }
}

/// What a figure shows of single replicates.
#[derive(Debug, Clone, Copy)]
pub enum Draws<'a> {
    /// A pool.
    Pool(&'a PoolView),
    /// The intervals of parts of the run.
    Zip(&'a Zip),
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

/// A zip plot.
#[derive(Debug, Clone)]
pub struct Zip {
    /// The mean whose intervals are shown.
    pub value: &'static EstimandKind,
    /// The share of intervals that should hold the exact value.
    pub level: f64,
    /// Its rows, one per panel in the order of panels.
    pub rows: Vec<RowRef>,
    /// What tells each row from the others: the value of the panels' column; empty where there is one panel.
    pub names: Vec<String>,
    /// Intervals of each row.
    pub intervals: u64,
    /// Replicates of each interval, where the run has as many.
    pub replicates: u64,
}

impl Zip {
    /// Replicates of each interval of a run of so many replicates; below 2 there are none.
    pub fn each(&self, drawn: u64) -> u64 {
        self.replicates.min(drawn / self.intervals)
    }
}

/// Width in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 85 mm.
    OneColumn,
    /// 178 mm.
    TwoColumns,
}
