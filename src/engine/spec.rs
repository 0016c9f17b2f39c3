//! Owns the seam between engine and studies: what a study declares, and what it does when asked to run.

use super::exact::{Exact, ExactCache, ExactJob};
use super::functional::Functional;
use super::key::Key;
use super::kind::{EstimandKind, Of};
use super::memory::Memory;
use crate::inference::groups::{Group, Layout};
use crate::numerics::text::Text;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a scenario is, before anything is drawn.
#[derive(Debug)]
pub struct Spec {
    /// Names the scenario's random streams: seed, world and pool law.
    pub draws: Key,
    /// Names its records: draws key, arms, slots, batch and block size, numerics version.
    pub work: Key,
    /// What one replicate is, in words that can follow 'one replicate is': it is what a standard error speaks of.
    pub unit: &'static str,
    /// Consecutive replicates per batch, the unit of the jackknife.
    pub batch: u64,
    /// Batches per block, the unit of work.
    pub block: u64,
    /// Which arm each slot belongs to.
    pub layout: Layout,
    /// What is estimated, in row order.
    pub estimands: Vec<Estimand>,
    /// What their exact values rest on and takes long.
    pub exact: Vec<ExactJob>,
    /// Random words that one replicate draws: its cost, for `check`.
    pub words: u64,
}

impl Spec {
    /// Replicates per block.
    pub fn block_replicates(&self) -> u64 {
        self.batch * self.block
    }

    /// Blocks that hold at least `replicates`.
    pub fn blocks(&self, replicates: u64) -> u64 {
        replicates.div_ceil(self.block_replicates())
    }
}

/// A function of expected slots, of one arm or of several.
#[derive(Debug)]
pub struct Estimand {
    /// Its name and meaning.
    pub kind: &'static EstimandKind,
    /// The arms whose slots it is a function of.
    pub of: Of,
    /// Step, mode, rank or cell that it stands at; empty where there is none.
    pub at: Text,
    /// How it follows from the slots.
    pub functional: Functional,
    /// The value that theory gives; [`Exact::Pending`] where it rests on [`Spec::exact`].
    pub exact: Exact,
    /// A value to compare with that is not exact.
    pub reference: Option<Reference>,
    /// The slot that is 1 in replicates that meet the condition of a conditional estimand and else 0. Those that do not are left
    /// out of it, which is no failure.
    pub given: Option<usize>,
}

impl Estimand {
    /// One that stands nowhere in particular, of all replicates, with nothing else to compare with.
    pub fn new(kind: &'static EstimandKind, of: Of, functional: Functional, exact: Exact) -> Self {
        Self {
            kind,
            of,
            at: Text::new(),
            functional,
            exact,
            reference: None,
            given: None,
        }
    }

    /// `measure.quantity`, for instance `mode-mass.variance`.
    pub fn name(&self) -> &'static str {
        self.kind.name
    }

    /// Whether it is the share of replicates in which this slot is 1.
    pub fn is_share_of(&self, slot: usize) -> bool {
        matches!(self.functional, Functional::Proportion(own) if own == slot)
    }
}

/// Replicates of one arm that have not failed, and that people are told of wherever there are some: whatever is measured in
/// them is not what it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Index of the estimand that is their share of the arm's replicates.
    pub estimand: usize,
    /// The slot that is 1 in them and else 0.
    pub slot: usize,
    /// The slot that is 1 in the replicates of which a claim lets them be a share; none where these are all of the arm.
    pub of: Option<usize>,
    /// What they are, in words that can follow a count: `fits had not converged`.
    pub words: &'static str,
    /// What to do, in words that can follow `:`.
    pub advice: &'static str,
    /// Why a claim is not judged for them, in a sentence without its end.
    pub barred: &'static str,
    /// Indices of the estimands of which no claim is judged where they are more than it allows.
    pub bars: Vec<usize>,
}

/// A value of theory that is not exact: an expansion, a limit, a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    /// The value, in the unit of the estimand; not a number as long as an [`ExactJob`] that it rests on has not been worked out.
    pub value: f64,
    /// What it is, by its order or its usual name, as `estimates.csv`, legends and claims call it: `first order`.
    pub name: &'static str,
}

/// Why a scenario could not be made or prepared.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StudyError(pub String);

impl StudyError {
    /// That there is no such arm as the one at `index`.
    pub fn of_arm(index: usize, why: impl std::fmt::Display) -> Self {
        Self(format!("arm {index}: {why}"))
    }
}

/// One scenario, before anything is drawn.
pub trait Study: Send + Sync + 'static {
    /// What it will do: `check` prints cost and memory from this alone.
    fn spec(&self) -> &Spec;
    /// Does the deterministic work that all blocks share, with the numbers of exact jobs as far as they are known. What is prepared is
    /// owned, so that it can outlive whoever asked for it.
    fn prepare(&self, known: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError>;
    /// What it holds beyond its specification, for `check`.
    fn memory(&self) -> Memory {
        Memory::default()
    }
    /// What people are told of its arms beside estimates.
    fn notices(&self) -> &[Notice] {
        &[]
    }
}

/// A prepared scenario: immutable, shared by workers.
pub trait Prepared: Send + Sync {
    /// A worker with lanes and scratch of its own.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Runs blocks of one scenario, one dynamic call per block.
pub trait Worker {
    /// Runs `replicates` (whole batches) and adds each batch's slots to `tally`. Nothing may carry over between calls.
    ///
    /// One after the other, unless a study has lanes for several at once. What takes long asks [`Tally::is_stopped`] on the way.
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        for replicate in replicates {
            if tally.is_stopped() {
                return;
            }
            self.replay(replicate, tally.batch(replicate));
        }
    }

    /// Adds to `alone` what this one replicate adds to its batch, bit for bit: through the same kernels, the other lanes idle
    /// or of no account. An arm that fails in it adds nothing.
    fn replay(&mut self, replicate: u64, alone: &mut Group);

    /// Hands on each of `replicates` in order, as [`replay`](Self::replay) would leave it in `alone`, which is overwritten. A study
    /// with lanes runs several at once.
    fn each(&mut self, replicates: Range<u64>, alone: &mut Group, told: &mut dyn FnMut(&Group)) {
        for replicate in replicates {
            alone.clear();
            self.replay(replicate, alone);
            told(alone);
        }
    }
}

/// A scenario without scratch: what adds one replicate to its batch, as [`Worker::replay`] does.
impl<F: Fn(u64, &mut Group) + Send + Sync> Prepared for F {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(OneByOne(self))
    }
}

struct OneByOne<'a, F>(&'a F);

impl<F: Fn(u64, &mut Group)> Worker for OneByOne<'_, F> {
    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        (self.0)(replicate, alone);
    }
}

/// The sums of one block, batch by batch.
#[derive(Debug)]
pub struct Tally<'s> {
    first: u64,
    batch: u64,
    batches: Vec<Group>,
    /// Raised from outside to end the block.
    stop: Option<&'s AtomicBool>,
    stopped: bool,
}

impl<'s> Tally<'s> {
    /// Zeroes for the batches of `replicates`.
    pub fn new(spec: &Spec, replicates: Range<u64>) -> Self {
        let count = (replicates.end - replicates.start) / spec.batch;
        Self {
            first: replicates.start,
            batch: spec.batch,
            batches: (0..count).map(|_| Group::empty(&spec.layout)).collect(),
            stop: None,
            stopped: false,
        }
    }

    /// The same, of a block that ends when this is raised.
    #[must_use]
    pub fn until(self, stop: &'s AtomicBool) -> Self {
        Self {
            stop: Some(stop),
            ..self
        }
    }

    /// Whether the block shall end: whoever is told so leaves it, and its sums are of no use.
    pub fn is_stopped(&mut self) -> bool {
        self.stopped |= self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        self.stopped
    }

    /// What is raised to end the block, for threads of its own: whoever heeds it asks [`is_stopped`](Self::is_stopped) afterwards.
    pub fn stop_flag(&self) -> Option<&'s AtomicBool> {
        self.stop
    }

    /// Whether somebody was told to leave it.
    pub(super) fn was_left(&self) -> bool {
        self.stopped
    }

    /// The sums of the batch that holds `replicate`.
    pub fn batch(&mut self, replicate: u64) -> &mut Group {
        &mut self.batches[((replicate - self.first) / self.batch) as usize]
    }

    /// The batches in order.
    pub fn into_batches(self) -> Vec<Group> {
        self.batches
    }
}
