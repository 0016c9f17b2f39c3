//! Owns what a table that was read without fault gives: the proof that its values may be taken, and the places of faults between
//! them.

use super::sink::Sink;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, Origin};

/// What a reader gives: a value, or nothing where something was refused, or there was nothing to read.
pub type Read<T> = Result<T, Refused>;

/// That nothing was read: faults were told, or keys were only described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Where a table's values stand.
pub(super) struct Tree<'a> {
    /// The table; none where the file has none.
    pub(super) node: Option<&'a Node>,
    /// Where the table stands, or the one that it would stand in.
    pub(super) origin: Origin,
    /// Where tables that it asks for stand, if not in it: those of an arm stand beside `[arms]`.
    pub(super) beside: Option<&'a Node>,
    pub(super) sink: &'a Sink,
}

/// A table that was read without fault: what rules between its keys are told with.
#[derive(Clone, Copy)]
pub struct Own<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) name: &'t str,
    pub(super) prefix: &'t str,
}

impl Own<'_, '_> {
    /// The table itself; an empty one where the file has none.
    pub fn node(&self) -> Node {
        let none = || Node {
            value: Value::Table(Vec::new()),
            origin: self.tree.origin.clone(),
        };
        self.tree.node.cloned().unwrap_or_else(none)
    }

    /// Where the value of a key stands, or the table where it is absent.
    pub fn place(&self, key: &str) -> Origin {
        let tree = self.tree;
        let first = key.split('.').next().unwrap_or(key);
        let with = |node: &&Node| node.entry(first).is_some();
        let node = tree.node.filter(with).or(tree.beside.filter(with));
        node.map_or_else(|| tree.origin.clone(), |node| node.origin_of(key))
    }

    /// Where an item of a list stands, or the list itself.
    pub fn item(&self, key: &str, index: usize) -> Origin {
        match self.tree.node.and_then(|node| node.get(key)).map(|node| &node.value) {
            Some(Value::Array(items)) if index < items.len() => items[index].origin.clone(),
            _ => self.place(key),
        }
    }

    /// Whether the file sets a key.
    pub fn has(&self, key: &str) -> bool {
        let within = |node: Option<&Node>| node.is_some_and(|node| node.get(key).is_some());
        within(self.tree.node) || within(self.tree.beside)
    }

    /// A fault of a key.
    pub fn fault(&self, key: &str, what: impl Into<String>) -> Fault {
        Fault::new(&self.place(key), format!("{}{key}", self.prefix), what)
    }

    /// A fault of the table as a whole.
    pub fn fault_here(&self, what: impl Into<String>) -> Fault {
        Fault::new(&self.tree.origin, self.name, what)
    }

    /// Tells a fault.
    pub fn refuse<T>(&self, fault: Fault) -> Read<T> {
        self.tree.sink.tell(fault);
        Err(Refused)
    }
}
