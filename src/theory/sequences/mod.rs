//! Responses of several tokens, and what autoregressive policies that are fitted to them lose.
//!
//! A response is n increments d_1 .. d_n of tokens, each one of V. A prompt has weights pi(x) over plans, a response follows one plan z,
//! drawn from them, and its increments are independent given it: d ~ b_z. So p*(y given x) = sum_z pi_z(x) P_z(y) is linear in pi(x), and
//! everything about it follows from the plans.
//!
//! A policy that reads its own prefix reads a state of a finite automaton, its [`Contexts`]. Whatever is asked of policies and plans is a
//! forward recursion over those states; for short responses an enumeration of all V^n of them is the second route, in tests.
//!
//! - [`PlanMixture`]: plans, what responses they make, and which of them a response came from.
//! - [`Contexts`]: what a policy sees of a prefix.
//! - [`BestPolicy`]: the best policy of a family for responses to random prompts.
//! - [`Scores`]: the gradients of responses there; the three-stage law of prompts, plans and tokens.
//! - [`Paths`]: what plans the responses of a policy look like.
//! - [`Endings`]: responses that end by themselves, so that some are longer than others, and what rewards and losses make of that.

mod best;
mod contexts;
mod endings;
mod paths;
mod plans;
mod scores;
#[cfg(test)]
mod tests;

pub use best::BestPolicy;
pub use contexts::Contexts;
pub use endings::{Endings, Kept, Kind, ResponseReward};
pub use paths::{Paths, PlanShares};
pub use plans::PlanMixture;
pub use scores::{Scores, Stages};
