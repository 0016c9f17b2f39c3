//! Records of what users bring: bytes, unpacked and cut into rows of a table or JSON objects, each with its place.
//!
//! Nothing here knows what a record means.

mod decoded;
pub(super) mod format;
mod input;
pub(super) mod lines;
mod objects;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod records;
mod stretch;
mod table;
mod values;

pub use decoded::Bytes;
pub use format::Format;
pub use input::Input;
pub use lines::MOST_ROW_BYTES;
pub(super) use path::{Found, Path, Span};
pub(super) use records::Records;
pub(super) use values::{entries, split, unquoted};
