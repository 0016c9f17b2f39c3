//! Owns where the faults of one reading gather, and the place of the key that is read.

use super::doc::Role;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, Origin, bare_or_quoted, quoted};
use std::cell::RefCell;

/// The faults of one reading, in the order in which they are met.
#[derive(Debug, Default)]
pub struct Sink {
    faults: RefCell<Vec<Fault>>,
}

impl Sink {
    /// Takes in a fault.
    pub fn tell(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// What was read, or nothing and its fault told.
    pub fn told<T>(&self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.tell(fault)).ok()
    }

    /// All that were told.
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }
}

/// The key whose value is read.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub(super) sink: &'a Sink,
    /// What stands before the key in messages: `world.`.
    pub(super) prefix: &'a str,
    pub(super) name: &'a str,
    /// Where the key may vary.
    pub(super) role: Role,
}

impl Place<'_> {
    /// The dotted key.
    pub fn key(&self) -> String {
        format!("{}{}", self.prefix, self.name)
    }

    /// Tells that the value at an origin is wrong.
    pub fn refuse<T>(&self, origin: &Origin, what: impl Into<String>) -> Option<T> {
        self.refuse_fault(Fault::new(origin, self.key(), what))
    }

    /// Tells that a value has another type than the one that is expected.
    pub fn refuse_type<T>(&self, node: &Node, expected: &str) -> Option<T> {
        self.refuse_fault(self.wrong_type(node, expected))
    }

    /// That a value has another type than the one that is expected. Whoever lists values wants them compared, and is told where.
    pub fn wrong_type(&self, node: &Node, expected: &str) -> Fault {
        /// Values of a list that a message shows.
        const SHOWN: usize = 6;
        let mut what = format!("{} where {expected} is expected", found(&node.value));
        let table = match self.role {
            Role::Fixed => None,
            Role::Method => Some("arms"),
            Role::Draws => Some("sweep"),
        };
        if let (Value::Array(items), Some(table)) = (&node.value, table)
            && items.len() > 1
        {
            let key = bare_or_quoted(&self.key());
            let values: Vec<String> = items.iter().take(SHOWN).map(|item| item.value.shown()).collect();
            let more = if items.len() > SHOWN { ", ..." } else { "" };
            let list = format!("[{}{more}]", values.join(", "));
            what += &format!("; to compare several values, put grid = {{ {key} = {list} }} into [{table}]");
        }
        Fault::new(&node.origin, self.key(), what)
    }

    /// Tells a fault.
    pub fn refuse_fault<T>(&self, fault: Fault) -> Option<T> {
        self.sink.tell(fault);
        None
    }
}

/// A value in a message about its type.
pub(super) fn found(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the string {}", quoted(text)),
        Value::Integer(own) => format!("the integer {own}"),
        // With its point: 1.0 where an integer is expected would puzzle as 1.
        Value::Float(own) => format!("the number {own:?}"),
        Value::Boolean(own) => format!("the boolean {own}"),
        other => other.kind().to_owned(),
    }
}
