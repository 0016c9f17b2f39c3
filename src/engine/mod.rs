//! The Monte Carlo engine: runs the replicates of one scenario in blocks and turns their sums into estimates.
//!
//! It knows no worlds, selectors or policies (a [`Study`] brings them), no files and no terminal. The result depends
//! only on the study and the number of replicates: not on threads, nor on where blocks were computed (laws 1 and 4).
//!
//! - [`Spec`], [`Estimand`], [`Key`]: what a scenario is, before anything is drawn.
//! - [`Study`], [`Ready`], [`Worker`]: the seam to the studies.
//! - [`run`], [`Run`]: blocks in parallel, folded in order into groups; [`fill`] computes a [`Share`] of them,
//!   that of a [`Shard`],
//!   [`gather`] folds what is kept.
//! - [`Blocks`]: where finished blocks are kept, so that none is computed twice.
//! - [`Exact`], [`ExactJob`], [`Known`], [`Reading`]: exact values, and the long work behind some of them.
//! - [`Stop`], [`Stopping`]: when it has been run long enough.
//! - [`Memory`]: what is foretold of the memory that a run takes.
//! - [`estimate`]: group sums to estimates with Monte Carlo standard errors.

mod blocks;
mod estimate;
mod exact;
mod executor;
mod functional;
mod gather;
mod key;
mod memory;
mod pieces;
mod shard;
mod spec;
mod stopping;

pub use blocks::{Blocks, KeepError, Nowhere};
pub use estimate::{Row, estimate};
pub use exact::{Exact, ExactJob, Known, Met, Numbers, Reading};
pub use executor::{Came, Run, RunError, Watch, fill, run};
pub use functional::{Functional, Moments, Plain, ScalarOf, VectorOf};
pub use gather::{Gap, gather};
pub use key::Key;
pub use pieces::{Memory, list, piece};
pub use shard::{Shard, Share};
pub use spec::{Estimand, Notice, Ready, Reference, Spec, Study, StudyError, Tally, Worker};
pub use stopping::{FIRST_BATCHES, Goal, Looks, Precision, Refused, Stop, Stopping, Target, has_error};
