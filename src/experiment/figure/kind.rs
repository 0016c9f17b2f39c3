//! Owns what every kind of figure does once the rows of the experiment are known.

use super::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::keys::Read;
use crate::format::tree::Node;
use std::sync::Arc;

/// The keys of one kind of figure, before its rows are known.
pub trait KindKeys: std::fmt::Debug + Send + Sync {
    /// The rows that are shown, their panels' column, and how they are drawn.
    fn resolve(&self, at: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault>;
}

/// Reads the keys of a kind.
pub fn boxed<K: KindKeys + 'static>(keys: Read<K>) -> Read<Box<dyn KindKeys>> {
    keys.map(|keys| Box::new(keys) as Box<dyn KindKeys>)
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

/// What a figure shows.
pub struct Shown {
    /// Its rows.
    pub rows: Vec<RowRef>,
    /// The column that makes panels.
    pub panel: Option<usize>,
    /// How they are drawn.
    pub view: Arc<dyn View>,
}

impl Shown {
    /// These rows, drawn in that way.
    pub fn new(rows: Vec<RowRef>, panel: Option<usize>, view: impl View) -> Self {
        Self {
            rows,
            panel,
            view: Arc::new(view),
        }
    }
}
