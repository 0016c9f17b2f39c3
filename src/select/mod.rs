//! Which K of a prompt's N candidate responses are kept.
//!
//! It never draws candidates, knows no prompts beyond the pool it is handed, reads no files and measures nothing.
//!
//! - [`Selector`]: the named ways to keep, with those of one's own ([`SelectorKind`]); [`Rule`]: one of them with its [`Objective`].
//! - [`Pool`]: what is known of one prompt's candidates; [`Similarity`] fills its matrix from embeddings.
//! - [`Picker`]: keeps K of a pool, by one rule or several, with scratch for many pools; [`Shares`]: the weights of
//!   weighted selectors; [`Large`]: picks from pools too large for a matrix.
//! - [`Small`]: the objective of any set of a small pool, its best sets, and the conditions of the greedy guarantee.
//!
//! The studies of today keep the first K candidates for `random`. The candidates of a prompt are exchangeable in every
//! world (they are independent given the prompt, or symmetric copies of such), so the first K are in law a uniformly
//! random K-subset, and the same pool serves every K as a prefix (laws 2 and 3). A [`Picker`] keeps those with the
//! smallest keys instead: users' pools come in an order that may mean something.

mod compact;
mod error;
mod greedy;
mod large;
mod names;
mod own;
mod picker;
mod pool;
mod rank;
mod rule;
mod selector;
mod shares;
mod similarity;
mod small;
mod ties;

pub use error::SelectError;
pub use large::{Large, LargePicks};
pub use own::{Candidates, SelectorKind};
pub use picker::{Picker, Picks};
pub use pool::Pool;
pub use rule::{Balance, CoverageTies, Objective, RewardScale, Rule};
pub use selector::Selector;
pub use shares::Shares;
pub use similarity::Similarity;
pub use small::{MOST_SEARCHED, Small, Violations};
pub use ties::TOLERANCE;

#[cfg(test)]
pub(crate) mod tests;
