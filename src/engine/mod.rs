//! The Monte Carlo engine: runs the replicates of one scenario in blocks and turns their sums into estimates.
//!
//! It knows no worlds, selectors or policies (a [`Study`] brings them), no files and no terminal. The result depends
//! only on the study and the number of replicates: not on threads, nor on where blocks were computed (laws 1 and 4).
//!
//! - [`Spec`], [`Estimand`], [`Key`]: what a scenario is, before anything is drawn.
//! - [`Study`], [`Ready`], [`Worker`]: the seam to the studies.
//! - [`run`]: blocks in parallel, folded in order into groups.
//! - [`estimate`]: group sums to estimates with Monte Carlo standard errors.

mod estimate;
mod executor;
mod spec;

pub use estimate::{Row, estimate};
pub use executor::{Interrupted, RunError, Watch, run};
pub use spec::{Estimand, Functional, Key, Ready, Spec, Study, StudyError, Tally, VectorOf, Worker};
