//! Whatever the bytes, an experiment file is taken or refused: no panic, no overflow of a small stack, no long wait.
//!
//! Waits are counted in processor time, where the system tells it: other work on the machine must not fail a test.
//!
//! `PROPTEST_CASES` makes the random tests longer.

mod bombs;
#[cfg(unix)]
mod checked;
mod random;

use mode_lottery::engine::ExactCache;
use mode_lottery::experiment::{Experiment, Faults, parse};
use std::time::{Duration, Instant};

/// No random text may take longer, with optimisation.
const LONGEST: Duration = Duration::from_secs(2);

/// A thread's least usual stack is 2 MB; recursion that follows the text would overflow this one soon.
const STACK: usize = 512 << 10;

fn survives(text: String, sets: Vec<String>) -> Result<(), Faults> {
    within(LONGEST, text, sets)
}

/// Parses in a thread with a small stack. The panic of that thread is passed on, an overflow ends the process.
fn within(longest: Duration, text: String, sets: Vec<String>) -> Result<(), Faults> {
    let shown: String = text.chars().take(400).collect();
    let thread = std::thread::Builder::new().stack_size(STACK);
    let parsed = thread.spawn(move || {
        let start = Instant::now();
        // As commands read files: exact laws that take long are left to later.
        let result = parse("x", "x.toml", text, &sets).and_then(|own| own.settle(ExactCache::empty()));
        // Whatever can be said of the result is said here, on the same small stack.
        match &result {
            Ok(experiment) => spoken(experiment),
            Err(fault) => assert!(fault.to_string().len() < 20_000, "a message that nobody reads"),
        }
        (result.map(drop), used().unwrap_or_else(|| start.elapsed()))
    });
    let (result, took) = match parsed.expect("a thread can be started").join() {
        Ok(parsed) => parsed,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    assert!(took < longest, "{took:?} for {shown}");
    result
}

/// Processor time of this thread so far; none where the system does not say in the manner of Linux.
fn used() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
    // The name, in parentheses, may hold anything; utime and stime are the twelfth and thirteenth fields after it.
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    // In hundredths of a second, whatever the kernel's own clock.
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

#[test]
fn processor_time_counts_work_and_no_sleep() {
    let Some(start) = used() else {
        return;
    };
    std::thread::sleep(Duration::from_millis(300));
    let slept = used().expect("as before") - start;
    assert!(slept < Duration::from_millis(200), "{slept:?}");
    let mut x = 1_u64;
    // Ends by itself: some 100 ms of work at a time.
    while used().expect("as before") - start < Duration::from_millis(300) {
        x = (0..10_000_000).fold(x, |x, i| std::hint::black_box(x ^ i));
    }
}

fn spoken(experiment: &Experiment) {
    for row in experiment.rows().take(100) {
        assert!(!experiment.describe(row).is_empty());
    }
    assert!(!experiment.scenarios.is_empty());
    assert!(experiment.claims.iter().all(|claim| !claim.cells.is_empty()));
}
