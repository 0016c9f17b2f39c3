//! Owns when a scenario has been run long enough: a stated number of replicates, or the first round that is precise enough.
//!
//! Rounds end after fixed numbers of blocks: the first after 64 batches, each later one after half as many again. The
//! decision at the end of a round is a function of the batches up to there alone, so that blocks beyond the stop, from a
//! longer run, change nothing. Looking only at these few moments, and never before 64 groups stand, keeps estimates and
//! intervals honest: a rule that looks after every block from 4 groups on covers 90% where it says 95%
//! (Glynn and Whitt 1992 on sequential stopping; the study `stopping` measures it).

use super::estimate::measure;
use super::functional::Functional;
use super::spec::{Estimand, Spec};
use crate::inference::cell::Measured;
use crate::inference::estimate::Estimate;
use crate::inference::groups::Groups;

/// Batches before the first decision: as many groups.
pub const FIRST_BATCHES: u64 = 64;

/// What a two-stage run adds to the replicates that its first round asks for: a standard error of 64 groups is itself
/// known to 9%.
const RESERVE: f64 = 1.1;

/// A relative target has no meaning where the estimate is within so many standard errors of 0.
const FROM_ZERO: f64 = 2.0;

/// How long each scenario is run.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// So many replicates, rounded up to whole blocks.
    Replicates(u64),
    /// Until every target is met.
    Precise(Precision),
}

/// How precise estimates have to be, and what it may cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// What has to be met, all of it.
    pub targets: Vec<Target>,
    /// Replicates after which a run ends all the same.
    pub at_most: u64,
    /// When it is decided.
    pub looks: Looks,
}

/// When a run decides whether it is precise enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// After every round.
    Rounds,
    /// Once, after the first round: its standard errors say how many replicates there will be. Shares of a run can do
    /// that without hearing of each other.
    TwoStage,
    /// After every block: what not to do. No file can ask it of a run; the study `stopping` measures what it costs.
    EveryBlock,
}

/// A standard error to reach, in every row of an estimand.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The estimand's name.
    pub estimand: String,
    /// How small.
    pub goal: Goal,
}

/// The largest standard error that will do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// As a share of the estimate.
    Relative(f64),
    /// In the estimand's unit.
    Absolute(f64),
}

impl Goal {
    /// The standard error of an estimate over that of the goal: at most 1 where it is met. Infinite where it is unknown.
    pub fn ratio(&self, measured: &Measured) -> f64 {
        let Estimate { value, .. } = measured.estimate();
        let goal = match self {
            Goal::Relative(share) => share * value.abs(),
            Goal::Absolute(goal) => *goal,
        };
        let ratio = error(measured) / goal;
        if ratio.is_nan() { f64::INFINITY } else { ratio }
    }
}

/// The standard error; of a share of which nothing was seen, or nothing else, that of one event.
fn error(measured: &Measured) -> f64 {
    let Estimate { mcse, replicates, .. } = measured.estimate();
    match measured {
        Measured::Proportion(_) if mcse == 0.0 => 1.0 / replicates as f64,
        _ => mcse,
    }
}

/// A target that cannot be met by any number of replicates, or by none that could be afforded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "precision of {estimand}{at}: the estimate after {replicates} replicates is {value:.3e} with a standard error of \
     {mcse:.1e}, so near 0 that a relative target has no meaning; give an absolute one"
)]
pub struct Refused {
    estimand: String,
    at: String,
    replicates: u64,
    value: f64,
    mcse: f64,
}

/// How far one scenario is on the way to its stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounds {
    /// Blocks of the first round.
    first: u64,
    /// Blocks that are needed as far as is known.
    blocks: u64,
    finished: bool,
    worst: f64,
}

impl Rounds {
    /// Blocks to fold before anything more is decided.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Whether these blocks are all.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// The largest standard error over its goal when last looked at.
    pub fn worst(&self) -> f64 {
        self.worst
    }
}

/// The way of one scenario to its stop.
#[derive(Debug)]
pub struct Stopping<'a> {
    stop: &'a Stop,
    spec: &'a Spec,
    rounds: Rounds,
}

/// How far it is.
impl std::ops::Deref for Stopping<'_> {
    type Target = Rounds;

    fn deref(&self) -> &Rounds {
        &self.rounds
    }
}

impl<'a> Stopping<'a> {
    /// A scenario of which nothing is folded yet.
    pub fn new(stop: &'a Stop, spec: &'a Spec) -> Self {
        Self::after(FIRST_BATCHES, stop, spec)
    }

    /// The same with a first decision after so many batches, at least 1: for the study of what fewer cost.
    pub fn after(batches: u64, stop: &'a Stop, spec: &'a Spec) -> Self {
        let first = batches.div_ceil(spec.block);
        let (blocks, finished) = match stop {
            Stop::Replicates(replicates) => (spec.blocks(*replicates), true),
            Stop::Precise(precision) => (first.min(spec.blocks(precision.at_most)), false),
        };
        let rounds = Rounds {
            first,
            blocks,
            finished,
            worst: f64::INFINITY,
        };
        Self::resume(rounds, stop, spec)
    }

    /// A scenario that has come so far.
    pub fn resume(rounds: Rounds, stop: &'a Stop, spec: &'a Spec) -> Self {
        Self { stop, spec, rounds }
    }

    /// How far it is.
    pub fn rounds(&self) -> Rounds {
        self.rounds
    }

    /// Decides by the group sums of the first [`Rounds::blocks`] blocks: it is finished, or needs more.
    pub fn look(&mut self, groups: &Groups) -> Result<(), Refused> {
        let Stop::Precise(precision) = self.stop else {
            return Ok(());
        };
        if self.rounds.finished {
            return Ok(());
        }
        let (blocks, most) = (self.rounds.blocks, self.spec.blocks(precision.at_most));
        self.rounds.worst = worst(self.spec, precision, groups, blocks == self.rounds.first)?;
        match precision.looks {
            _ if blocks >= most || self.rounds.worst <= 1.0 => self.rounds.finished = true,
            Looks::Rounds => self.rounds.blocks = next(blocks).min(most),
            Looks::EveryBlock => self.rounds.blocks = blocks + 1,
            Looks::TwoStage => {
                // An unknown error, as of an arm that failed everywhere, asks for all that may be had.
                let wanted = RESERVE * blocks as f64 * self.rounds.worst * self.rounds.worst;
                while (self.rounds.blocks as f64) < wanted && self.rounds.blocks < most {
                    self.rounds.blocks = next(self.rounds.blocks).min(most);
                }
                self.rounds.finished = true;
            }
        }
        Ok(())
    }

    /// Replicates that the group sums of the first round foretell, at most as many as may be had.
    pub fn foretold(&mut self, precision: &Precision, first: &Groups) -> Result<u64, Refused> {
        let blocks = self.rounds.blocks;
        self.look(first)?;
        let size = self.spec.block_replicates() as f64;
        let wanted = blocks as f64 * size * self.rounds.worst.max(1.0) * self.rounds.worst.max(1.0);
        // A product beyond u64 saturates, and is cut below.
        Ok((wanted as u64).min(self.spec.blocks(precision.at_most) * self.spec.block_replicates()))
    }
}

/// The round after one of so many blocks.
fn next(blocks: u64) -> u64 {
    blocks + blocks.div_ceil(2)
}

/// The largest ratio of any row with a target. In the first round relative targets near 0 are refused.
fn worst(spec: &Spec, precision: &Precision, groups: &Groups, first: bool) -> Result<f64, Refused> {
    let mut worst: f64 = 0.0;
    for estimand in &spec.estimands {
        let targets = precision
            .targets
            .iter()
            .filter(|target| target.estimand == estimand.name());
        for target in targets {
            let Some(measured) = measure(estimand, groups) else {
                continue;
            };
            if first && matches!(target.goal, Goal::Relative(_)) {
                refuse_near_zero(estimand, &measured)?;
            }
            worst = worst.max(target.goal.ratio(&measured));
        }
    }
    Ok(worst)
}

fn refuse_near_zero(estimand: &Estimand, measured: &Measured) -> Result<(), Refused> {
    let Estimate { value, replicates, .. } = measured.estimate();
    let mcse = error(measured);
    // An unknown error is no refusal: it is counted where arms fail.
    if mcse.is_nan() || value.abs() > FROM_ZERO * mcse {
        return Ok(());
    }
    let at = match estimand.at.as_str() {
        "" => String::new(),
        at => format!(" at {at}"),
    };
    Err(Refused {
        estimand: estimand.name().to_owned(),
        at,
        replicates,
        value,
        mcse,
    })
}

impl Precision {
    /// Whether a row meets its targets; none where it has no target.
    pub fn met(&self, estimand: &Estimand, measured: Option<&Measured>) -> Option<bool> {
        let own: Vec<&Target> = self
            .targets
            .iter()
            .filter(|target| target.estimand == estimand.name())
            .collect();
        let measured = measured.filter(|_| !own.is_empty())?;
        Some(own.iter().all(|target| target.goal.ratio(measured) <= 1.0))
    }
}

/// Whether a standard error can be asked of an estimand at all.
pub fn has_error(estimand: &Estimand) -> bool {
    !matches!(estimand.functional, Functional::TheoryOnly)
}
