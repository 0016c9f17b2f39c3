//! Owns which modes theory says that a data set has seen.

use crate::engine::Exact;
use crate::theory::missing::{missing_share_of_sets, modes_seen_of_sets};
use crate::world::World;

/// Which modes a data set of an arm has seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// The probability that one is missing.
    pub missing: Exact,
    /// The expected number.
    pub seen: Exact,
}

impl Seen {
    /// Theory does not know, and why.
    pub const fn none(why: &'static str) -> Self {
        let none = Exact::None(why);
        Self {
            missing: none,
            seen: none,
        }
    }

    pub const PENDING: Self = Self {
        missing: Exact::Pending,
        seen: Exact::Pending,
    };

    /// From the probability that one prompt's kept responses avoid a set of modes.
    pub fn of_sets(modes: usize, prompts: u64, avoided: impl Fn(u32) -> f64) -> Self {
        Self {
            missing: Exact::or_none(missing_share_of_sets(modes, prompts, &avoided), MANY_MODES),
            seen: Exact::Is(modes_seen_of_sets(modes, prompts, avoided)),
        }
    }

    /// Of what is kept at random.
    pub fn at_random(world: &dyn World, prompts: u64, responses: u64) -> Self {
        const LIMITS: &str = "it is worked out of Dirichlet prompts that do not repeat each other, for up to 16 modes, and with copies for up to 128 responses per prompt";
        Self {
            missing: Exact::or_none(world.missing_mode_share(prompts, responses), LIMITS),
            seen: Exact::or_none(world.modes_seen(prompts, responses), LIMITS),
        }
    }
}

pub(super) const MANY_MODES: &str = "it is worked out for up to 16 modes";
