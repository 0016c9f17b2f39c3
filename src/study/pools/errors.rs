//! Owns the keys of wrong responses in a world.

use crate::format::keys::{Flag, Integer, Number, Range, Read, Table, key};
use crate::world::{Dirichlet, Errors, WrongResponse};

/// What the table is.
pub(super) const ABOUT: &str = "Some responses are wrong. The base is what a policy should learn: losses are measured against it, and what is drawn has another mean.";

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

/// The table of worlds whose responses have no rewards.
pub(super) fn of_responses(table: &mut Table<'_>) -> Read<WrongKeys> {
    read(table, false)
}

/// That of worlds in which rewards tell wrong responses.
pub(super) fn with_rewards(table: &mut Table<'_>) -> Read<WrongKeys> {
    read(table, true)
}

fn read(table: &mut Table<'_>, rewards: bool) -> Read<WrongKeys> {
    let share = key(
        "share",
        "eps: the probability that a response is wrong.",
        Number(Range::between(0.0, 1.0).below(1.0)),
    );
    let share = table.get(share.symbol("$\\epsilon$", "error share $\\epsilon$"));
    let clustering = key(
        "clustering",
        "r: how errors gather in prompts, the correlation of two responses to a prompt in being wrong. 0: alike in all prompts; 1: all \
         responses to a prompt are wrong, or none.",
        Number(Range::between(0.0, 1.0)),
    );
    let clustering = table.get(clustering.symbol("$r$", "clustering of errors $r$").or(0.0));
    let modes = key(
        "modes",
        "B: modes of wrong responses, each as likely. They stand after those of right ones.",
        Integer(1, MOST_MODES),
    );
    let modes = table.get(modes.symbol("$B$", "modes of wrong responses $B$").or(1));
    let on_support = key(
        "on-support",
        "Wrong responses have a mode drawn uniformly from those of right ones, and look like them.",
        Flag,
    );
    let on_support = (!rewards).then(|| table.get(on_support.or(false)));
    let spread = key(
        "reward-spread",
        "s: right responses have rewards 1 + s (R_m - mean of R), R_m being the world's `reward`, and wrong ones 0.",
        Number(Range::between(0.0, 1e6)),
    );
    let spread = spread.symbol("$s$", "spread of right rewards $s$");
    let spread = rewards.then(|| table.get(spread.or(1.0)));
    let own = table.end()?;
    let on_support = on_support.is_some_and(|flag| flag.take(&own));
    if on_support && own.has("modes") {
        let fault = own.fault("modes", "is set, but wrong responses have the modes of right ones");
        return own.refuse(fault.and(&own.place("on-support"), "on-support = true"));
    }
    let modes = modes.take(&own) as usize;
    Ok(WrongKeys {
        share: share.take(&own),
        clustering: clustering.take(&own),
        wrong: match on_support {
            true => WrongResponse::OnSupport,
            false => WrongResponse::OfModes(modes),
        },
        spread: spread.map_or(1.0, |spread| spread.take(&own)),
    })
}
