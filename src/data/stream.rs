//! Owns the way of prompts through selection: read in batches, kept on all threads, handed on in the order read.
//!
//! While one batch is kept the next is read. Where a batch ends changes no result: a prompt knows nothing of another.

use super::Fault;
use super::fault::About;
use super::keeper::{Keeper, Keeping, Kept};
use super::pools::{Batch, Pools};
use super::prompt::Prompt;
use super::wanted::Shape;
use crate::numerics::threads;
use std::io::{self, Read};

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
    /// Mean reward of a prompt's candidates, averaged over the prompts that were not skipped, where there are rewards.
    pub before: Option<f64>,
    /// The same of what was kept, by weight.
    pub after: Option<f64>,
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

/// Keeps K of every prompt of an input and hands each to `sink`, in the order read.
///
/// The first error of the input ends it. Prompts of earlier batches (4 MiB each) have been handed on by then: a sink that must not show
/// part of an input holds them back.
/// Runs on the current threads; what is handed on does not depend on how many.
pub fn keep_all<R: Read + Send>(
    pools: &mut Pools<R>,
    keeping: &Keeping,
    sink: &mut dyn FnMut(&Prompt, &Kept) -> io::Result<()>,
) -> Result<Summary, StreamError> {
    let shape = pools.shape().clone();
    let mut summary = Summary::default();
    let mut batch = pools.batch();
    while !batch.prompts.is_empty() || batch.cut.is_some() {
        let (kept, next) = threads::join(|| keep(&batch, keeping, &shape), || pools.batch());
        let kept = match kept.into_iter().collect::<Result<Vec<Kept>, Fault>>() {
            Ok(kept) => kept,
            Err(fault) => return Err(StreamError::Input(cause(pools, fault, [batch.cut, next.cut]))),
        };
        if let Some((prompt, fault)) = batch.cut {
            // A number that is wrong before the place of the cut is the first error of the file.
            let first = Keeper::new().parse(&shape, &prompt).err();
            return Err(StreamError::Input(first.unwrap_or(fault)));
        }
        for (prompt, kept) in batch.prompts.iter().zip(&kept) {
            sink(prompt, kept).map_err(StreamError::Output)?;
            summary.add(prompt, kept);
        }
        batch = next;
    }
    Ok(summary.finish())
}

/// What a fault comes of: a prompt may have too few candidates because its other rows stand elsewhere. That is told of instead, if
/// what is left to read says so.
fn cause<R: Read>(pools: &mut Pools<R>, fault: Fault, read: [Option<(Prompt, Fault)>; 2]) -> Fault {
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

fn keep(batch: &Batch, keeping: &Keeping, shape: &Shape) -> Vec<Result<Kept, Fault>> {
    // Only scratch is shared by the prompts of a thread: nothing of one reaches another.
    threads::map(&batch.prompts, Keeper::new, |keeper, prompt| {
        keeper.keep(keeping, shape, prompt)
    })
}

impl Summary {
    /// Adds a prompt. Mean rewards are sums until all are counted.
    fn add(&mut self, prompt: &Prompt, kept: &Kept) {
        self.prompts += 1;
        self.candidates += prompt.candidates() as u64;
        self.kept += kept.picks.len() as u64;
        self.skipped += u64::from(kept.picks.is_empty());
        if let (Some(before), Some(after)) = (kept.before, kept.after) {
            self.before = Some(self.before.unwrap_or(0.0) + before);
            self.after = Some(self.after.unwrap_or(0.0) + after);
        }
    }

    /// All are counted: sums of rewards become means.
    fn finish(self) -> Self {
        let prompts = (self.prompts - self.skipped) as f64;
        Self {
            before: self.before.map(|sum| sum / prompts),
            after: self.after.map(|sum| sum / prompts),
            ..self
        }
    }
}
