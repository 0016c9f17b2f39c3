//! How a command fails.

use std::path::Path;

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

    /// What is wrong with a file or folder that was given.
    pub fn input_at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::Input(format!("{}: {error}", path.display()))
    }

    /// What is wrong with a file or folder that is written.
    pub fn run_at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::Run(format!("{}: {error}", path.display()))
    }

    /// Refuses claims that did not come out as expected, where that is asked.
    pub fn of_claims(unexpected: usize, check: bool) -> Result<(), Self> {
        match unexpected > 0 && check {
            true => Err(Self::Claims(unexpected)),
            false => Ok(()),
        }
    }

    pub fn run(error: impl std::fmt::Display) -> Self {
        Self::Run(error.to_string())
    }
}
