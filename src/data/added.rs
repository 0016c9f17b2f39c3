//! Owns the columns that are added to what is kept.

use super::Pick;
use crate::numerics::text::float;

/// The columns that are added: the place in the order kept (from 1), the share among the kept, and what it added.
pub const ADDED_COLUMNS: [&str; 3] = ["rank", "weight", "gain"];

/// Rank, weight and gain as they are written.
pub(super) fn added(rank: usize, pick: &Pick) -> [String; 3] {
    [rank.to_string(), float(pick.weight), float(pick.gain)]
}
