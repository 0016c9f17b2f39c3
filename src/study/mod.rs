//! The studies: each binds world, selection and policy into something that the engine runs.
//!
//! A study declares its slots and estimands with their exact values and computes slots from draws. It reads no files.
//!
//! - [`allocation`]: per-prompt numbers of responses, and pilots that set them.
//! - [`alignment`]: the gradient of selected data beside the true one.
//! - [`selection`]: estimators of selected data.
//! - [`training`]: policies fitted to selected data.
//! - [`policies`]: the same of policies that see features of the prompt.
//! - [`aft`]: drafts of an answer, and answers that aggregate them.
//! - [`aft::drafts`]: groups of drafts, and which of them are aggregated well.
//! - [`greedy`]: greedy picks against the best set.
//! - [`pilots`]: small pilots against what is known of their world.
//! - [`sequences`]: policies of several tokens that see their own prefix.
//! - [`stopping`]: runs that stop when they are precise enough.

pub mod aft;
pub mod alignment;
pub mod allocation;
mod batches;
mod chosen;
mod draws;
mod entry;
mod goal;
pub mod greedy;
mod kind;
mod laws;
pub mod pilots;
pub mod policies;
pub mod pools;
mod question;
pub mod registry;
mod scenario;
pub mod selection;
pub mod sequences;
pub mod stopping;
mod theory;
mod trace;
pub mod training;
mod unconverged;

pub use crate::engine::BATCH;
pub use chosen::Choice;
pub(crate) use goal::GoalKeys;
pub use question::{Lack, LeftOut, Question};
pub use registry::measures;
pub use scenario::{PoolSetting, Scenario, Setting};
pub use theory::{Theory, TheoryRow};
pub use trace::TraceTable;

/// The studies of this crate, in the order of help texts.
pub static STUDIES: &[&registry::StudyKind] = &[
    &selection::KIND,
    &training::KIND,
    &policies::KIND,
    &sequences::KIND,
    &aft::KIND,
    &aft::drafts::KIND,
    &alignment::KIND,
    &greedy::KIND,
    &stopping::KIND,
    &pilots::KIND,
    &allocation::KIND,
];
