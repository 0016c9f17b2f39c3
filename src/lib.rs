//! A controlled-simulation harness for multi-response training: Monte Carlo against exact truth.
//!
//! It draws synthetic multi-modal prompt/response data whose truth is known exactly, keeps K of N responses per prompt,
//! and measures what is learned from them against the truth.
//!
//! The rooms, from the ground up; imports run only downward, and a test says so:
//!
//! - [`numerics`]: portable functions, lanes, random streams.
//! - [`theory`]: closed forms.
//! - [`world`]: data-generating mechanisms and their exact truth.
//! - [`select`]: which of a prompt's candidates are kept.
//! - [`policy`]: softmax policies.
//! - [`inference`]: estimates, intervals, tests.
//! - [`engine`]: replicates in blocks, folded in order.
//! - [`mod@format`]: the TOML floor: places, trees, keys, grids.
//! - [`study`]: what is measured, bound into something that the engine runs.
//! - [`experiment`]: the TOML file.
//! - [`record`]: stored formats.
//! - [`session`]: from a validated experiment to records: curves, verdicts, what must be known beside numbers.
//! - [`data`]: pools that users bring, and what is kept of them.
//! - [`report`]: tables, figures, pages.
//! - `cli`: the commands (feature `cli`).

#![doc = include_str!("../docs/library.md")]

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod data;
pub mod engine;
pub mod experiment;
pub mod format;
pub mod inference;
pub mod numerics;
pub mod policy;
pub mod record;
pub mod report;
pub mod select;
pub mod session;
pub mod study;
pub mod theory;
pub mod world;

pub use engine::Study;
pub use experiment::Experiment;
pub use select::{Selector, SelectorKind};
pub use session::{Outcome, Session, run};
pub use world::World;
