//! From records to the candidates of one prompt: which columns are wanted, and where the values of each candidate stand.
//!
//! A record is a candidate, or a whole prompt with its candidates in lists.

mod fill;
mod found;
pub(super) mod numbers;
mod prompt;
mod rows;
mod wanted;

pub(super) use found::is_message;
pub(super) use prompt::Row;
pub use prompt::{Cell, Id, Prompt};
pub(super) use rows::Rows;
pub use wanted::{Column, Nearness, Value, Wanted};
pub(super) use wanted::{Kind, Shape, Values};
