//! Exact laws of what a selector keeps: the share of kept responses by mode, its mean and its second moment.
//!
//! The setting: a prompt has weights pi(x) over M modes, pi(x) ~ Dirichlet(alpha pibar), or pibar itself where alpha is infinite.
//! Of its N candidate responses, drawn from pi(x), a selector keeps K. The share f of the kept responses by mode is a random
//! vector; its mean is what a policy learns from many prompts, and its variance what few prompts cost. Averaged over
//! prompts, the counts of candidates by mode are Dirichlet-multinomial (a Polya urn), so every law here is one of that urn.
//!
//! It never draws, and it knows no embeddings: modes are noiseless and orthonormal (similarity 1 within a mode, 0
//! across). Only [`best_noisy`] and [`filter_noisy`] know noise, that of the reward. Responses may be [`Wrong`].
//!
//! - [`law`]: the pool's law and what can be wrong with a question; [`Selected`]: an answer, and what follows from it.
//! - [`best`], [`best_noisy`], [`filter_noisy`]: closed forms and quadrature.
//! - [`weight_spread`], [`most_kept`]: what bounds any reward, and any rule.
//! - [`Avoided`]: the probability that Best-K-of-N keeps nothing of a set of modes.
//! - [`enumerate`]: every vector of counts with its probability; [`by_counts`]: any [`Rule`] exactly, by enumeration.

mod avoided;
mod best;
mod by_counts;
mod crossing;
pub mod enumerate;
mod filtered;
mod kept;
pub mod law;
mod legendre;
mod levels;
mod moments;
mod noisy;
mod rivals;
mod rule;
mod successive;
mod urn;
mod weight;

#[cfg(test)]
mod tests;

pub use avoided::Avoided;
pub use best::{best, best_mean};
pub use by_counts::by_counts;
pub use crossing::crossing_share;
pub use filtered::{filter_noisy, filter_noisy_mean};
pub use law::{LawError, PoolLaw, Wrong};
pub use moments::Selected;
pub use noisy::best_noisy;
pub use rivals::MOST_NOISY;
pub use rule::{Ask, Rule, Scaling, Weights};
pub use weight::{most_kept, weight_spread};
