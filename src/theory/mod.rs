//! Closed forms of the papers and of classical sampling theory, as functions of numbers alone.
//!
//! It never draws, fits or reads anything; worlds hand it their variance components.
//!
//! - [`variance_law`]: what prompts and responses each contribute to the variance of what is learned.

pub mod variance_law;
