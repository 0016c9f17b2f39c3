//! Owns what studies of prompts and responses share: worlds, what an arm keeps of a prompt's pool, and the keys of both.

mod arm;
mod clustering;
mod errors;
mod keys;
pub mod objective;
mod view;
mod worlds;

pub(in crate::study) use arm::ArmError;
pub use arm::{PoolArm, Trained};
pub(in crate::study) use keys::{DesignKeys, PoolKeys, refuse, smoothing};
pub use view::{PoolDraw, Pools};
pub(in crate::study) use worlds::{AttributeKeys, ModeKeys, concentration};
pub use worlds::{LARGEST, WORLDS};
