//! Owns tables of keys: each key is stated once, by what reads it.
//!
//! A reader is a function from a [`Table`] to a value. It asks for every key, ends the table, and takes the values:
//!
//! ```
//! use mode_lottery::format::keys::{Integer, Number, Range, Read, Table, key};
//!
//! struct Descent {
//!     rate: f64,
//!     steps: u32,
//! }
//!
//! fn descent(table: &mut Table<'_>) -> Read<Descent> {
//!     let rate = table.get(key("rate", "Step length.", Number(Range::between(1e-6, 1e3))).or(1.0));
//!     let steps = table.get(key("steps", "The most steps.", Integer(1, 10_000_000)).or(3000));
//!     let own = table.end()?;
//!     Ok(Descent { rate: rate.take(&own), steps: steps.take(&own) as u32 })
//! }
//!
//! let mut table = Table::describing();
//! assert!(descent(&mut table).is_err());
//! let names: Vec<&str> = table.into_doc().keys.iter().map(|key| key.name).collect();
//! assert_eq!(names, ["rate", "steps"]);
//! ```
//!
//! Run on a table of a file it reads, and tells every fault that it meets; run without one it describes its keys, and gives
//! nothing. So what help, schema and reference say of a key cannot differ from what is read.

mod doc;
mod either;
mod file;
mod form;
mod key;
mod nested;
mod own;
mod range;
mod sink;
mod table;

pub use doc::{Absent, KeyDoc, Kind, Pattern, Role, Symbol, TableDoc, VariantDoc, WordDoc};
pub use either::{Alternative, Branch, Either, Single};
pub use file::{File, MOST_WRONG, path_of};
pub(crate) use form::named;
pub use form::{Flag, Form, Integer, Line, List, Named, Number, Text, Words};
pub use key::{Got, Key, key};
pub use nested::Variant;
pub use own::{Own, Read, Refused};
pub use range::Range;
pub use sink::{Place, Sink};
pub use table::Table;
