//! Owns pilots of the user's own: their files, what they say of V_x and V_y|x, and whether they can be trusted.

mod args;
mod brought;
mod read;
mod words;
mod world;

pub(super) use args::PilotArgs;
pub(super) use brought::{Brought, Each, Prompts};
pub(super) use read::read;
pub(super) use words::{Told, described};
pub(super) use world::write as write_world;
