//! Owns what is asked for: how many candidates of each prompt are kept, by which rule, and who may be.

use super::Fault;
use super::fault::shown;
use super::shapes::{Prompt, Shape};
use super::words::digest;
use crate::select::{Rule, Similarity};
use std::collections::HashMap;
use std::sync::Arc;

/// What is kept of each prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Keeping {
    /// The selector and what it maximises.
    pub rule: Rule,
    /// How alike two embeddings are; given similarities are taken as they are.
    pub similarity: Similarity,
    /// K, at least 1; none where all are kept.
    pub keep: Option<usize>,
    /// Numbers of their own that prompts have, instead of `keep`.
    pub own: Option<OwnKeep>,
    /// Decides ties and `random`.
    pub seed: u64,
    /// Whether a prompt of fewer than K candidates is left out, and not an error.
    pub skip_short: bool,
    /// Whether a prompt whose rewards are all equal is left out.
    pub skip_equal: bool,
    /// The weights of the rewards, which stand in the first columns of [`Wanted::values`](super::Wanted::values): their sum is the
    /// reward, as it is written where there is one of weight 1.
    pub rewards: Vec<f64>,
    /// What is done about a candidate without a reward.
    pub missing: Missing,
    /// The column of responses among [`Wanted::values`](super::Wanted::values), if that is one.
    pub response: Option<usize>,
    /// Whether each response is kept at most once.
    pub distinct: bool,
    /// Whether what was kept is set beside what was there.
    pub report: bool,
}

/// How many are kept of each prompt, where prompts have numbers of their own.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnKeep {
    /// As a column says, by its place in [`Wanted::values`](super::Wanted::values): a whole number from 1 on, the same in all rows.
    Column {
        /// The place.
        column: usize,
        /// Its name, for messages.
        name: String,
    },
    /// As was decided once all was [counted](super::take_stock), by the digests of ids. One of any other prompt.
    Given(Arc<HashMap<u128, usize>>),
}

impl OwnKeep {
    /// How many are kept of a prompt. An error where its rows do not say it.
    pub(super) fn of(&self, prompt: &Prompt) -> Result<usize, Fault> {
        match self {
            Self::Column { column, name } => {
                let number = number_of(prompt, *column, name)?;
                match number.fract() == 0.0 && (1.0..=MOST_KEPT).contains(&number) {
                    true => Ok(number as usize),
                    false => {
                        let what = format!(
                            "{name} is {number}: it says how many are kept of the prompt, a whole number from 1 to {MOST_KEPT}; with --total \
                             it may be any"
                        );
                        Err(prompt.cell(0, *column).fault(what))
                    }
                }
            }
            Self::Given(all) => Ok(all.get(&digest(prompt.id().text)).copied().unwrap_or(1)),
        }
    }
}

/// The most that may be kept of a prompt.
const MOST_KEPT: f64 = (1 << 20) as f64;

/// A number that all rows of a prompt have alike, 0 or more.
pub(super) fn number_of(prompt: &Prompt, column: usize, name: &str) -> Result<f64, Fault> {
    let of = |row: usize| {
        let cell = prompt.cell(row, column);
        let id = || shown(prompt.id().text);
        match cell.number(name)? {
            Some(number) if number >= 0.0 => Ok(number),
            Some(number) => Err(cell.fault(format!("{name} is {number}: prompt {} has a number from 0 on", id()))),
            None => Err(cell.fault(format!("no {name}: every row of prompt {} has it", id()))),
        }
    };
    let first = of(0)?;
    for row in 1..prompt.candidates() {
        let other = of(row)?;
        if other != first {
            let what = format!(
                "{name} is {other}, but {first} in the first row of prompt {}: it is one number of a prompt",
                shown(prompt.id().text)
            );
            return Err(prompt.cell(row, column).fault(what));
        }
    }
    Ok(first)
}

/// What is done about a candidate without a reward, where others have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// The input is refused.
    #[default]
    Error,
    /// It is left out, as if it were not there.
    Drop,
    /// It is kept only after all that have one, in random order.
    Last,
}

impl Missing {
    /// Every policy, in the order of help texts.
    pub const ALL: [Missing; 3] = [Missing::Error, Missing::Drop, Missing::Last];

    /// The name in help texts.
    pub fn name(self) -> &'static str {
        match self {
            Missing::Error => "error",
            Missing::Drop => "drop",
            Missing::Last => "last",
        }
    }
}

impl Keeping {
    /// Whether candidates have all the rewards that are asked for.
    pub(super) fn has_rewards(&self, shape: &Shape) -> bool {
        !self.rewards.is_empty() && shape.values[..self.rewards.len()].iter().all(Option::is_some)
    }
}
