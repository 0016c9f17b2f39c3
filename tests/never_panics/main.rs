//! Whatever the bytes, an experiment file is taken or refused: no panic, no overflow of a small stack, no long wait.
//!
//! `PROPTEST_CASES` makes the random tests longer.

mod bombs;
mod random;

use mode_lottery::experiment::{Experiment, Fault, parse};
use std::time::{Duration, Instant};

/// No random text may take longer, with optimisation.
const LONGEST: Duration = Duration::from_secs(2);

/// A thread's least usual stack is 2 MB; recursion that follows the text would overflow this one soon.
const STACK: usize = 512 << 10;

fn survives(text: String, sets: Vec<String>) -> Result<(), Fault> {
    within(LONGEST, text, sets)
}

/// Parses in a thread with a small stack. The panic of that thread is passed on, an overflow ends the process.
fn within(longest: Duration, text: String, sets: Vec<String>) -> Result<(), Fault> {
    let shown: String = text.chars().take(400).collect();
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK);
    let parsed = thread.spawn(move || {
        let result = parse("x", "x.toml", text, &sets);
        // Whatever can be said of the result is said here, on the same small stack.
        match &result {
            Ok(experiment) => spoken(experiment),
            Err(fault) => assert!(fault.to_string().len() < 20_000, "a message that nobody reads"),
        }
        result.map(drop)
    });
    let result = match parsed.expect("a thread can be started").join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    assert!(start.elapsed() < longest, "{:?} for {shown}", start.elapsed());
    result
}

fn spoken(experiment: &Experiment) {
    for row in experiment.rows().take(100) {
        assert!(!experiment.describe(row).is_empty());
    }
    assert!(!experiment.scenarios.is_empty());
    assert!(experiment.claims.iter().all(|claim| !claim.cells.is_empty()));
}
