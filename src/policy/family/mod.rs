//! Owns softmax policies that see features of the prompt: families of them, and their fits, eight replicates in lanes.
//!
//! A loss is the mean over examples of -sum_m target_m ln p_m, plus (decay/2) |theta|^2, in nats. All arithmetic is on rows
//! of lanes and made of a few kernels (`kernels`); what a family is stands in `form`. Log-linear fits on
//! full batches keep the weights of softmax from step to step (`kept`).

mod averages;
mod batches;
mod cholesky;
mod columns;
mod evaluation;
mod fitter;
mod form;
mod kept;
pub(in crate::policy) mod kernels;
mod kinds;
mod newton;
mod product;
mod responses;
mod rows;
mod steps;
#[cfg(test)]
mod tests;
mod training;

pub use fitter::Fitter;
pub use kinds::Family;
pub(in crate::policy) use steps::Steps;
pub use training::{Average, Batch, Examples, FitReport, Optimiser, Schedule, Training};
