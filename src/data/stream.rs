//! Owns the way of prompts through selection: read in batches, kept on all threads, handed on in the order read.
//!
//! While one batch is kept the next is read. Where a batch ends changes no result: a prompt knows nothing of another.

use super::Fault;
use super::beside::Beside;
use super::fault::About;
use super::keeper::{Keeper, Kept, Skipped};
use super::keeping::Keeping;
use super::pools::Pools;
use super::shapes::Prompt;
use crate::numerics::threads;
use std::io;

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// Prompts read.
    pub prompts: u64,
    /// Candidates read.
    pub candidates: u64,
    /// Candidates kept.
    pub kept: u64,
    /// Prompts skipped for having fewer than K candidates.
    pub skipped: u64,
    /// Prompts skipped because all their rewards are equal.
    pub equal: u64,
    /// Candidates left out for want of a reward.
    pub missing: u64,
    /// Candidates left out as copies of another.
    pub copies: u64,
    /// Mean reward of a prompt's candidates, averaged over the prompts that were not skipped, where there are rewards.
    pub before: Option<f64>,
    /// The same of what was kept, by weight.
    pub after: Option<f64>,
    /// What was kept beside what was there, means over prompts, if that is asked for.
    pub beside: Option<Beside>,
    /// Prompts of which both rewards are known.
    rewarded: u64,
}

/// Why not every prompt was kept from.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The input is wrong.
    #[error("{0}")]
    Input(Fault),
    /// Kept rows could not be handed on.
    #[error("{0}")]
    Output(io::Error),
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        StreamError::Output(error)
    }
}

/// Hands every prompt to `each`, with scratch of its thread, and what comes of it to `sink`, in the order read.
///
/// The first error of the input ends it. Prompts of earlier batches (4 MiB each) have been handed on by then: a sink that must not show
/// part of an input holds them back.
/// Of a prompt that a fault has [cut](Prompt::is_cut) only errors are looked at.
/// Runs on the current threads; what is handed on does not depend on how many.
pub fn for_all<S, T: Send>(
    pools: &mut Pools<'_>,
    scratch: impl Fn() -> S + Sync,
    each: impl Fn(&mut S, &Prompt) -> Result<T, Fault> + Sync,
    sink: &mut dyn FnMut(&Prompt, T) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let mut batch = pools.batch();
    while !batch.prompts.is_empty() || batch.cut.is_some() {
        // Only scratch is shared by the prompts of a thread: nothing of one reaches another.
        let work = || threads::map(&batch.prompts, &scratch, &each);
        let (made, next) = threads::join(work, || pools.batch());
        let made = match made.into_iter().collect::<Result<Vec<T>, Fault>>() {
            Ok(made) => made,
            Err(fault) => return Err(StreamError::Input(cause(pools, fault, [batch.cut, next.cut]))),
        };
        if let Some((prompt, fault)) = batch.cut {
            // A number that is wrong before the place of the cut is the first error of the file.
            let first = each(&mut scratch(), &prompt).err();
            return Err(StreamError::Input(first.unwrap_or(fault)));
        }
        for (prompt, made) in batch.prompts.iter().zip(made) {
            sink(prompt, made)?;
        }
        batch = next;
    }
    Ok(())
}

/// Keeps K of every prompt and hands each to `sink`, as [`for_all`] does.
pub fn keep_all(
    pools: &mut Pools<'_>,
    keeping: &Keeping,
    sink: &mut dyn FnMut(&Prompt, &Kept) -> Result<(), StreamError>,
) -> Result<Summary, StreamError> {
    let shape = pools.shape().clone();
    let named = keeping.response.and_then(|column| pools.value_name(column));
    if keeping.distinct && named.is_none() {
        let what = "copies are told by their responses, but no column of responses is known: name it with --response";
        return Err(StreamError::Input(Fault::whole(what)));
    }
    let mut summary = Summary::default();
    let each = |keeper: &mut Keeper, prompt: &Prompt| keeper.keep(keeping, &shape, prompt);
    for_all(pools, Keeper::new, each, &mut |prompt, kept| {
        sink(prompt, &kept)?;
        summary.add(prompt, &kept);
        Ok(())
    })?;
    Ok(summary.finish())
}

/// What a fault comes of: a prompt may have too few candidates because its other rows stand elsewhere. That is told of instead, if
/// what is left to read says so.
fn cause(pools: &mut Pools<'_>, fault: Fault, read: [Option<(Prompt, Fault)>; 2]) -> Fault {
    let apart = |cut: Option<(Prompt, Fault)>| cut.map(|(_, other)| other).filter(|other| other.is(About::Apart));
    if !fault.is(About::TooFew) {
        return fault;
    }
    let [first, second] = read.map(apart);
    if let Some(cause) = first.or(second) {
        return cause;
    }
    loop {
        let batch = pools.batch();
        match (batch.prompts.is_empty(), batch.cut) {
            (true, None) => return fault,
            (_, Some(cut)) => return apart(Some(cut)).unwrap_or(fault),
            (false, None) => {}
        }
    }
}

impl Summary {
    /// Adds a prompt. Mean rewards are sums until all are counted.
    fn add(&mut self, prompt: &Prompt, kept: &Kept) {
        self.prompts += 1;
        self.candidates += prompt.candidates() as u64;
        self.kept += kept.picks.len() as u64;
        self.skipped += u64::from(kept.skipped == Some(Skipped::Short));
        self.equal += u64::from(kept.skipped == Some(Skipped::Equal));
        self.missing += kept.missing as u64;
        self.copies += kept.copies as u64;
        if let Some(own) = &kept.beside {
            self.beside.get_or_insert_default().add(own);
        }
        if let (Some(before), Some(after)) = (kept.before, kept.after) {
            self.rewarded += 1;
            self.before = Some(self.before.unwrap_or(0.0) + before);
            self.after = Some(self.after.unwrap_or(0.0) + after);
        }
    }

    /// All are counted: sums of rewards become means.
    fn finish(self) -> Self {
        let prompts = self.rewarded as f64;
        Self {
            before: self.before.map(|sum| sum / prompts),
            after: self.after.map(|sum| sum / prompts),
            beside: self.beside.map(|sums| sums.mean()),
            ..self
        }
    }
}
