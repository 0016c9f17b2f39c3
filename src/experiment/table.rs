//! What a table of results is made of: columns, cells, and rows.

use crate::format::keys::Symbol;
use crate::format::tree::Value;
use crate::numerics::text::{self, Text};

/// A column of the results that a swept or arm key gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The dotted key.
    pub key: String,
    /// The name in files: the key's last word where that is unambiguous.
    pub name: String,
    /// How figures call it, if otherwise.
    pub symbol: Option<Symbol>,
    /// Whether only whole numbers stand in it.
    pub counted: bool,
    /// Whether it follows from other keys, as prompts do from a budget: then it tells no rows apart.
    pub derived: bool,
}

/// The name of the column that says which arm a contrast compares its own with.
pub const VERSUS: &str = "versus";

/// The value of a column in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// As printed; empty where the key is not set.
    pub text: Text,
    /// The number it is, if it is one.
    pub number: Option<f64>,
}

impl Cell {
    /// The cell of a count.
    pub(super) fn number(value: f64) -> Self {
        Self {
            text: text::float(value).into(),
            number: Some(value),
        }
    }

    /// The cell of a key that is not set.
    pub(super) fn empty() -> Self {
        Self {
            text: Text::new(),
            number: None,
        }
    }
}

/// A key that might vary and does not: every row has its value.
#[derive(Debug, Clone)]
pub(super) struct FixedKey {
    /// Its dotted name, as in grids.
    pub key: String,
    /// Its last word, where no other key ends in it.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// A row of the results: an estimand of a scenario. Rows are in the order of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowRef {
    /// Index of the scenario.
    pub scenario: usize,
    /// Index among the estimands of its study.
    pub estimand: usize,
}

/// A column that rows can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRef {
    /// One that a key gives: an index into [`Experiment::columns`](super::Experiment::columns).
    Key(usize),
    /// `at`: where an estimand stands.
    At,
}
