//! Owns the verdict on the model behind a pilot: two tests, and when they give alarm.
//!
//! One test asks whether the order of a prompt's responses means anything, the other whether labels are as in a Dirichlet world. Where
//! both can be made each is at half the level (Bonferroni), so that together they give a false alarm in at most [`ALARM`] of the pilots.

use super::{DirichletFit, Exchangeability, Pilot};

/// Level of the verdict, and of a single test: below it a p-value speaks against the model.
pub const ALARM: f64 = 0.05;

/// Permutations, and pilots drawn from the fitted law, that a verdict rests on unless others are asked for.
pub const DRAWS: u32 = 999;

/// What the tests of the model say of a pilot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Whether responses of a prompt come in no particular order. None where no prompt has three.
    pub order: Option<Exchangeability>,
    /// Whether labels are as in a Dirichlet world. None of numbers, of local labels, and where fewer than two prompts have three.
    pub law: Option<DirichletFit>,
}

impl Pilot {
    /// Tests the model by `draws` permutations and as many pilots drawn from the fit.
    #[must_use]
    pub fn verdict(&self, draws: usize) -> Verdict {
        Verdict {
            order: self.exchangeability(draws).ok(),
            law: self.dirichlet_fit(draws).ok(),
        }
    }
}

impl Verdict {
    /// Whether the model is rejected.
    #[must_use]
    pub fn alarms(&self) -> bool {
        let p = [self.order.map(|order| order.p), self.law.map(|law| law.p)];
        let tests = p.iter().flatten().count() as f64;
        p.into_iter().flatten().any(|p| p * tests < ALARM)
    }
}
