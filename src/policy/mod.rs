//! Softmax policies over modes: probabilities, losses and gradients.
//!
//! It never draws data and knows no worlds: it is handed distributions over modes.
//!
//! - [`SharedSoftmax`]: one distribution for all prompts.
//! - [`Descent`]: its fit by full-batch gradient descent, eight or sixteen replicates in lanes.

mod descent;
mod shared;

pub use descent::{Descent, Fitted, PAIR, descend, descend_pair};
pub use shared::SharedSoftmax;
