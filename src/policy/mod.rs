//! Softmax policies over modes: probabilities, losses and gradients.
//!
//! It never draws data and knows no worlds: it is handed distributions over modes.
//!
//! - [`SharedSoftmax`]: one distribution for all prompts.

mod shared;

pub use shared::SharedSoftmax;
