//! Owns what a table that was read without fault gives: its values, and the places of faults between them.

use super::key::{Read, Refused};
use super::table::{Table, Tree};
use crate::format::tree::{Node, Value};
use crate::format::{Fault, Origin};

/// A table that was read without fault: what rules between its keys are told with.
#[derive(Clone, Copy)]
pub struct Own<'t, 'a> {
    pub(super) table: &'t Table<'a>,
}

impl Own<'_, '_> {
    /// Where the value of a key stands, or the table where it is absent.
    pub fn place(&self, key: &str) -> Origin {
        let tree = self.tree();
        let first = key.split('.').next().unwrap_or(key);
        let with = |node: &&Node| node.entry(first).is_some();
        let node = tree.node.filter(with).or(tree.beside.filter(with));
        node.map_or_else(|| tree.origin.clone(), |node| node.origin_of(key))
    }

    fn tree(&self) -> &Tree<'_> {
        // Cannot be absent because only a table of a file gives an `Own`.
        self.table
            .source
            .as_ref()
            .unwrap_or_else(|| unreachable!("a described table has no places"))
    }

    /// Where an item of a list stands, or the list itself.
    pub fn item(&self, key: &str, index: usize) -> Origin {
        match self.tree().node.and_then(|node| node.get(key)).map(|node| &node.value) {
            Some(Value::Array(items)) if index < items.len() => items[index].origin.clone(),
            _ => self.place(key),
        }
    }

    /// Whether the file sets a key.
    pub fn has(&self, key: &str) -> bool {
        let within = |node: Option<&Node>| node.is_some_and(|node| node.get(key).is_some());
        within(self.tree().node) || within(self.tree().beside)
    }

    /// A fault of a key.
    pub fn fault(&self, key: &str, what: impl Into<String>) -> Fault {
        Fault::new(&self.place(key), format!("{}{key}", self.table.prefix), what)
    }

    /// A fault of the table as a whole.
    pub fn fault_here(&self, what: impl Into<String>) -> Fault {
        Fault::new(&self.tree().origin, self.table.name.as_str(), what)
    }

    /// Tells a fault.
    pub fn refuse<T>(&self, fault: Fault) -> Read<T> {
        self.tree().sink.tell(fault);
        Err(Refused)
    }
}
