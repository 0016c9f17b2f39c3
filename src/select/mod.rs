//! Which K of a prompt's N candidate responses are kept.
//!
//! It never draws candidates, knows no prompts beyond the pool it is handed, reads no files and measures nothing.
//!
//! - [`Selector`]: the named ways to keep; [`Rule`]: one of them with its [`Objective`].
//! - [`Pool`]: what is known of one prompt's candidates; [`Similarity`] fills its matrix from embeddings.
//! - [`Picker`]: keeps K of a pool, by one rule or several, with scratch for many pools; [`Shares`]: the weights of
//!   weighted selectors.
//! - [`value`], [`best_subset`], [`violations`]: the objective itself, for the guarantee of greedy picks; [`Small`] answers
//!   the same of small pools without allocating.
//!
//! The studies of today keep the first K candidates for `random`. The candidates of a prompt are exchangeable in every
//! world (they are independent given the prompt, or symmetric copies of such), so the first K are in law a uniformly
//! random K-subset, and the same pool serves every K as a prefix (laws 2 and 3). A [`Picker`] keeps those with the
//! smallest keys instead: users' pools come in an order that may mean something.

mod compact;
mod cover;
mod error;
mod greedy;
mod incremental;
mod names;
mod picker;
mod pool;
mod rank;
mod rule;
mod selector;
mod shares;
mod similarity;
mod small;
mod ties;
mod value;

pub use error::SelectError;
pub use greedy::Greedy;
pub use picker::{Picker, Picks};
pub use pool::Pool;
pub use rule::{Balance, CoverageTies, Objective, RewardScale, Rule};
pub use selector::Selector;
pub use shares::Shares;
pub use similarity::Similarity;
pub use small::{MOST_SEARCHED, Small};
pub use ties::TOLERANCE;
pub use value::{MOST_ENUMERATED, Violations, best_subset, value, violations};

#[cfg(test)]
mod tests;
