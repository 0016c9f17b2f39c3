//! Owns the keys of wrong responses in a world.

use crate::format::keys::{Flag, Got, Integer, Number, Own, Range, Read, Table, key};
use crate::world::{Dirichlet, Errors, WrongResponse};

/// The most modes of wrong responses.
const MOST_MODES: i64 = 1024;

/// What a file says of wrong responses.
#[derive(Debug, Clone, Copy)]
pub(in crate::study) struct WrongKeys {
    share: f64,
    clustering: f64,
    wrong: WrongResponse,
    spread: f64,
}

impl WrongKeys {
    /// The world of these prompts in which some responses are wrong.
    pub fn of(self, prompts: Dirichlet) -> Errors {
        Errors::new(prompts, self.share, self.clustering, self.wrong)
    }

    /// How many modes they add.
    pub fn more_modes(self) -> usize {
        match self.wrong {
            WrongResponse::OfModes(more) => more,
            WrongResponse::OnSupport => 0,
        }
    }

    /// The rewards of all modes, where those of right responses are `values`: 1 + s (R_m - their mean), and 0 of wrong ones.
    pub fn rewards(self, values: &[f64]) -> Vec<f64> {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let right = values.iter().map(|r| 1.0 + self.spread * (r - mean));
        right.chain(std::iter::repeat_n(0.0, self.more_modes())).collect()
    }
}

/// The keys, as they were asked for.
pub(super) struct ErrorKeys {
    share: Got<Option<f64>>,
    clustering: Got<f64>,
    modes: Got<i64>,
    on_support: Option<Got<bool>>,
    spread: Option<Got<f64>>,
}

/// Those that say nothing where no response is wrong.
const OTHERS: [&str; 4] = ["error-clustering", "error-modes", "errors-on-support", "reward-spread"];

impl ErrorKeys {
    /// Of a world in which rewards tell wrong responses, or which has none.
    pub fn ask(world: &mut Table<'_>, rewards: bool) -> Self {
        let share = key(
            "error-share",
            "eps: the probability that a response is wrong. The base is what a policy should learn: losses are measured against it, and what \
             is drawn has another mean.",
            Number(Range::between(0.0, 1.0).below(1.0)),
        );
        let share = world.find(
            share.symbol("$\\epsilon$", "error share $\\epsilon$"),
            "no response is wrong",
        );
        let clustering = key(
            "error-clustering",
            "r: how errors gather in prompts, the correlation of two responses to a prompt in being wrong. 0: alike in all prompts; 1: \
             all responses to a prompt are wrong, or none.",
            Number(Range::between(0.0, 1.0)),
        );
        let clustering = world.get(clustering.symbol("$r$", "clustering of errors $r$").or(0.0));
        let modes = key(
            "error-modes",
            "B: modes of wrong responses, each as likely. They stand after those of right ones.",
            Integer(1, MOST_MODES),
        );
        let modes = world.get(modes.symbol("$B$", "modes of wrong responses $B$").or(1));
        let on_support = key(
            "errors-on-support",
            "Wrong responses have a mode drawn uniformly from those of right ones, and look like them.",
            Flag,
        );
        let on_support = (!rewards).then(|| world.get(on_support.or(false)));
        let spread = key(
            "reward-spread",
            "s: with an `error-share`, right responses have rewards 1 + s (R_m - mean of R), R_m being `reward`, and wrong ones 0.",
            Number(Range::between(0.0, 1e6)),
        );
        let spread = spread.symbol("$s$", "spread of right rewards $s$");
        let spread = rewards.then(|| world.get(spread.or(1.0)));
        Self {
            share,
            clustering,
            modes,
            on_support,
            spread,
        }
    }

    /// What they say together; none where no response is wrong.
    pub fn settle(self, own: &Own<'_, '_>) -> Read<Option<WrongKeys>> {
        let Some(share) = self.share.take(own) else {
            return match OTHERS.into_iter().find(|key| own.has(key)) {
                Some(key) => own.refuse(own.fault(key, "says nothing without an `error-share`")),
                None => Ok(None),
            };
        };
        let on_support = self.on_support.is_some_and(|flag| flag.take(own));
        if on_support && own.has("error-modes") {
            let fault = own.fault(
                "error-modes",
                "is set, but wrong responses have the modes of right ones",
            );
            return own.refuse(fault.and(&own.place("errors-on-support"), "errors-on-support = true"));
        }
        let modes = self.modes.take(own) as usize;
        Ok(Some(WrongKeys {
            share,
            clustering: self.clustering.take(own),
            wrong: match on_support {
                true => WrongResponse::OnSupport,
                false => WrongResponse::OfModes(modes),
            },
            spread: self.spread.map_or(1.0, |spread| spread.take(own)),
        }))
    }
}
