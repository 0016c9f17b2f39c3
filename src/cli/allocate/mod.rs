//! Owns the command `allocate`: how many prompts and how many responses of each a budget should buy, or what a target costs.

mod args;
mod asked;
mod each;
mod figure;
mod forms;
mod group;
mod groups;
mod merged;
mod pilot;
mod words;

use super::{CliError, print};
use crate::theory::variance_law::Components;
pub use args::Args;
use args::Chosen;
use asked::Asked;
use pilot::Brought;

/// Prints the best design, what others reach beside it, and what must be known of it.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    args.refuse_mixed()?;
    let costs = args.prices().at_random();
    if !args.group.is_empty() {
        return groups::run(args, costs);
    }
    let brought = pilot::read(&args.pilot)?;
    if let (Some(path), Some(Brought::Prompts(own))) = (&args.pilot.per_prompt, &brought) {
        return each::run(args, costs, own, path);
    }
    let told = brought.as_ref().map(|brought| pilot::described(brought, &costs));
    let components = Components {
        prompt: args.vx.unwrap_or_default(),
        response: args.vy.unwrap_or_default(),
    };
    let (components, other) = match &told {
        Some(told) => (told.components, told.other),
        None => (components, args.vy_other),
    };
    let asked = Asked::new(args, components, other, told)?;
    if args.design == Chosen::OnePerMode {
        return print(&merged::text(args, &asked, brought.as_ref())?);
    }
    if let (Some(path), Some(Brought::Prompts(own))) = (&args.pilot.as_world, &brought) {
        pilot::write_world(own, &asked.plan, path)?;
    }
    if let Some(path) = &args.figure {
        figure::draw(&asked, path)?;
    }
    print(&forms::text(&asked, args.format))
}
