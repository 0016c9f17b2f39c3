//! Owns what every kind of figure does once the rows of the experiment are known.

use super::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::tree::Node;

/// The keys of one kind of figure, before its rows are known.
pub trait KindKeys: std::fmt::Debug + Send + Sync {
    /// The rows that are shown, their panels' column, and how they are drawn.
    fn resolve(&self, at: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault>;
}

/// Where the keys of a figure are resolved.
pub struct Site<'a> {
    /// The table.
    pub node: &'a Node,
    /// The experiment that it is of.
    pub experiment: &'a Experiment,
    /// The name of the column that makes panels.
    pub panel: Option<&'a str>,
}

impl Site<'_> {
    /// A fault of a key.
    pub fn fault(&self, key: &str, what: impl Into<String>) -> Fault {
        Fault::new(&self.node.origin_of(key), format!("figures.{key}"), what)
    }
}

/// What a figure shows.
pub struct Shown {
    /// Its rows.
    pub rows: Vec<RowRef>,
    /// The column that makes panels.
    pub panel: Option<usize>,
    /// How they are drawn.
    pub view: View,
}
