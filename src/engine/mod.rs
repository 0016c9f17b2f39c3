//! The Monte Carlo engine: runs the replicates of one scenario in blocks and turns their sums into estimates.
//!
//! It knows no worlds, selectors or policies (a [`Study`] brings them), no files and no terminal. The result depends
//! only on the study and the number of replicates: not on threads, nor on where blocks were computed (laws 1 and 4).
//!
//! - [`Spec`], [`Estimand`], [`Key`]: what a scenario is, before anything is drawn; it follows from what a study has [`Declared`].
//! - [`MeasureKind`], [`EstimandKind`]: what a study measures and estimates, by name and meaning; [`Of`]: of which arms.
//! - [`Study`], [`Prepared`], [`Worker`]: the seam to the studies.
//! - [`run`], [`Run`]: blocks in parallel, folded in order into groups, or a [`Share`] of them kept, that of a [`Shard`];
//!   [`fold_stored`] folds what is kept.
//! - [`BlockStore`]: where finished blocks are kept, so that none is computed twice.
//! - [`Exact`], [`ExactJob`], [`ExactCache`], [`ExactBudget`], [`NeededJob`]: exact values, and the long work behind some of them.
//! - [`Stop`], [`Stopping`]: when it has been run long enough.
//! - [`Memory`]: what is foretold of the memory that a run takes.
//! - [`Replicates`], [`Series`]: what single replicates say.
//! - [`estimate`]: group sums to estimates with Monte Carlo standard errors.

mod blocks;
mod declared;
mod estimate;
mod exact;
mod executor;
mod foretold;
mod functional;
mod gather;
mod key;
mod kind;
mod memory;
mod series;
mod shard;
mod spec;
mod stopping;

pub use blocks::{BlockStore, KeepError, NoStore};
pub use declared::{BATCH, Declared, Sizes};
pub use estimate::{Row, estimate};
pub use exact::{Exact, ExactBudget, ExactCache, ExactJob, NeededJob, Numbers};
pub use executor::{BlockSource, Folded, Run, RunError, Watch, replay, run};
pub use functional::{Functional, MeanOf, Moments, Plain, ScalarOf, VectorOf};
pub use gather::{MissingBlocks, fold_stored};
pub use key::Key;
pub use kind::{EstimandKind, MeasureKind, Of, Places, Quantity};
pub use memory::{Memory, list, piece};
pub use series::{Alone, Replicates, Series};
pub use shard::{Shard, Share};
pub use spec::{Estimand, Notice, Prepared, Reference, Spec, Study, StudyError, Tally, Worker};
pub use stopping::{FIRST_BATCHES, Goal, Looks, Precision, Refused, Stop, Stopping, Target, has_error};
