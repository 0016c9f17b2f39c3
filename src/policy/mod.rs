//! Softmax policies over modes: probabilities, losses and gradients.
//!
//! It never draws data and knows no worlds: it is handed distributions over modes.
//!
//! - [`SharedSoftmax`]: one distribution for all prompts.
//! - [`Descent`]: its fit by full-batch gradient descent, eight or sixteen replicates in lanes.
//! - [`aggregator`]: policies that propose responses to slots and aggregate drafts of them.
//! - [`PrefixFeatures`]: what policies of several tokens see of their own prefix; [`SequenceFitter`]: their fits.
//! - [`Net`]: small nets that read their own prefix; [`NetFitter`]: their fits.
//! - [`Family`]: policies that see features of the prompt; [`Fitter`]: their fits, as [`Training`] says.

pub mod aggregator;
mod autoregressive;
mod descent;
mod family;
mod nets;
mod shared;

pub use aggregator::MOST_MODES;
pub use autoregressive::{PrefixFeatures, SequenceFitter};
pub use descent::{Descent, Fitted, SETS, descend, descend_together};
pub(crate) use family::kernels::softmax as row_softmax;
pub use family::{Average, Batch, Examples, Family, FitReport, Fitter, Optimiser, Schedule, Training};
pub use nets::{Net, NetFitter};
pub use shared::SharedSoftmax;
