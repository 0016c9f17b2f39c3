//! All tests through the public surface, as one program: it is linked once.
//!
//! `cargo test --test all NAME::` runs those of one module.

mod aft_reference;
mod alignment;
mod bits;
mod claims;
mod commands;
mod controls;
mod durability;
mod exact_values;
mod experiment_files;
mod false_verdicts;
mod golden;
#[cfg(unix)]
mod guide;
mod house;
mod lottery;
mod mcse_calibration;
mod never_panics;
mod oracles;
mod pilots;
mod populations;
mod program;
mod replay;
mod reproduce;
mod select_pools;
mod study_files;
mod theory;
mod training_claims;
mod training_exact;
mod world_law;
