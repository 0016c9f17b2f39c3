//! How a command fails.

/// How a command failed; the variant is the exit status.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Exit status 1. The table has said which.
    #[error("{0} of the claims did not come out as expected")]
    Claims(usize),
    /// Exit status 1.
    #[error("{0}")]
    Differ(String),
    /// Exit status 2.
    #[error("{0}")]
    Input(String),
    /// Exit status 3.
    #[error("{0}")]
    Run(String),
}

impl CliError {
    pub fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }

    pub fn run(error: impl std::fmt::Display) -> Self {
        Self::Run(error.to_string())
    }
}
