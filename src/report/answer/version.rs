//! Owns what the library is called in answers.

use crate::numerics::NUMERICS_VERSION;

/// Its version, and that of its numbers. Two of the same give the same bytes.
pub fn version() -> String {
    format!("{} (numerics {NUMERICS_VERSION})", env!("CARGO_PKG_VERSION"))
}
