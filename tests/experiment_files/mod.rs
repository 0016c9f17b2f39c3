//! Experiment files through the public parser: what is wrong is refused with its whole message, what is right expands
//! to exactly what it says.

mod keys;
mod right;
pub mod schema;
mod validator;
mod wrong;

use mode_lottery::engine::ExactCache;
use mode_lottery::experiment::{Experiment, parse};

/// The file that most tests change a little. Lines and columns in messages count in it.
const BASE: &str = include_str!("base.toml");

fn read(text: &str, sets: &[&str]) -> Result<Experiment, String> {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let read = parse("x", "x.toml", text.to_owned(), &sets);
    read.and_then(|own| own.settle(ExactCache::on_demand()))
        .map_err(|fault| fault.to_string())
}

#[track_caller]
fn right(text: &str, sets: &[&str]) -> Experiment {
    match read(text, sets) {
        Ok(experiment) => experiment,
        Err(message) => panic!("refused: {message}"),
    }
}

/// `text` with `find`, which must stand in it exactly once, replaced.
#[track_caller]
fn replaced(text: &str, find: &str, with: &str) -> String {
    assert_eq!(
        text.matches(find).count(),
        1,
        "{find:?} does not stand in the text once"
    );
    text.replace(find, with)
}
