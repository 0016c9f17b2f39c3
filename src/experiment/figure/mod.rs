//! Owns validated figures: which rows each shows, and how they are laid out.

mod bars;
mod heat_map;
mod keys;
mod line;
mod place;
mod pool;

pub use bars::{Bars, Stack};
pub use heat_map::HeatMap;
pub(crate) use keys::{FigureKeys, WIDTHS, read as read_keys};
pub use line::{Line, Scale};
pub use pool::PoolView;

use super::rows::Rows;
use super::{Experiment, RowRef};
use crate::format::tree::Node;
use crate::format::{Fault, quoted};

/// A figure of the estimates.
#[derive(Debug, Clone)]
pub struct FigureSpec {
    /// File name without ending.
    pub name: String,
    /// Printed above it.
    pub title: Option<String>,
    /// Column that makes panels, an index into [`Experiment::columns`].
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

/// The kinds of figure and what each shows.
pub fn figure_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    keys::KINDS.iter().map(|kind| (kind.name, kind.about))
}

/// Finds the rows of `[[figures]]`, whose tables are `nodes`. What is wrong with one says nothing of the others.
pub(super) fn resolve(
    keys: Vec<FigureKeys>,
    nodes: &[Node],
    experiment: &Experiment,
    rows: &mut Rows,
) -> Result<Vec<FigureSpec>, Vec<Fault>> {
    let mut figures: Vec<FigureSpec> = Vec::with_capacity(nodes.len());
    let mut faults = Vec::new();
    for (index, (keys, node)) in keys.into_iter().zip(nodes).enumerate() {
        let name = keys.name.clone().unwrap_or_else(|| match nodes.len() {
            1 => experiment.name.clone(),
            _ => format!("{}-{}", experiment.name, index + 1),
        });
        if let Some(earlier) = figures.iter().position(|earlier| earlier.name == name) {
            let what = format!("two figures are called {}", quoted(&name));
            let fault = Fault::new(&node.origin_of("name"), "figures.name", what);
            faults.push(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
        }
        match keys.resolve(name, node, experiment, rows) {
            Ok(figure) => figures.push(figure),
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => Ok(figures),
        false => Err(faults),
    }
}
