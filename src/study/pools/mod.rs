//! Owns the keys that studies of prompts and responses share: worlds, what is kept of a prompt's pool, and what that maximises.

mod arm;
pub mod objective;
mod view;
mod worlds;

pub(in crate::study) use arm::{PoolKeys, refuse_too_few};
pub use view::{PoolDraw, PoolShape, Pools};
pub use worlds::{LARGEST, WORLDS};
