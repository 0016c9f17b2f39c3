//! Owns why a session cannot go on.

use crate::engine::RunError;
use crate::experiment::Faults;

/// Why a session cannot go on. What is finished is in its store.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// An exact value shows that a claim or a figure of the file makes no sense.
    #[error(transparent)]
    Refused(#[from] Faults),
    /// A scenario could not be drawn, or it was ended from outside.
    #[error(transparent)]
    Run(#[from] RunError),
}
