//! Owns how long `check` tries blocks: within a budget of time that all scenarios share.

use super::CliError;
use crate::engine::{BlockSource, Folded, NoStore, Run, RunError, Watch};
use crate::study::Question;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Seconds that a random word takes on one core, with all that is done with it, where nothing was tried yet: what studies of prompts and
/// responses take, within a factor of some.
const SECONDS_PER_WORD: f64 = 5e-9;

/// What is left of the budget.
pub(super) struct Trial {
    seconds: Cell<f64>,
    /// Scenarios that have yet to be tried.
    scenarios: Cell<usize>,
    /// By the block tried last.
    per_word: Cell<f64>,
    guessed: Cell<bool>,
}

impl Trial {
    /// So many seconds for so many scenarios.
    pub fn new(seconds: f64, scenarios: usize) -> Self {
        Self {
            seconds: Cell::new(seconds),
            scenarios: Cell::new(scenarios),
            per_word: Cell::new(SECONDS_PER_WORD),
            guessed: Cell::new(false),
        }
    }

    /// Whether some block was not tried, or not to its end.
    pub fn is_guess(&self) -> bool {
        self.guessed.get()
    }

    /// Seconds that one block takes through the real path: the first call warms caches, the second is timed. A block that would take
    /// more than its share of what is left, by its random words, is not begun; one that does is left.
    pub fn one_block(&self, study: &dyn Question) -> Result<f64, CliError> {
        let words = (study.spec().words.max(1) * study.spec().block_replicates()) as f64;
        let guess = words * self.per_word.get();
        let share = self.seconds.get() / self.scenarios.get().max(1) as f64;
        self.scenarios.set(self.scenarios.get().saturating_sub(1));
        if guess > share {
            self.guessed.set(true);
            return Ok(guess);
        }
        let begun = Instant::now();
        let mut taken = None;
        for _ in 0..2 {
            let left = share - begun.elapsed().as_secs_f64();
            match timed(study, left).map_err(CliError::run)? {
                Some(seconds) => taken = Some(seconds),
                None => break,
            }
        }
        let elapsed = begun.elapsed().as_secs_f64();
        self.seconds.set(self.seconds.get() - elapsed);
        self.guessed.set(self.guessed.get() || taken.is_none());
        let seconds = taken.unwrap_or(guess.max(elapsed));
        self.per_word.set(seconds / words);
        Ok(seconds)
    }
}

/// Seconds of one block; none where it takes more than `most`, and then it is left at the next set of lanes.
fn timed(study: &dyn Question, most: f64) -> Result<Option<f64>, RunError> {
    let (stop, start) = (AtomicBool::new(false), Instant::now());
    let (done, waits) = mpsc::channel::<()>();
    let ran = std::thread::scope(|scope| {
        let stop = &stop;
        scope.spawn(move || {
            let limit = Duration::from_secs_f64(most.clamp(0.0, 1e6));
            if waits.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                stop.store(true, Ordering::Relaxed);
            }
        });
        let watch = Watch {
            finished: &|_: BlockSource| (),
            stop,
        };
        let mut folded = Folded::new(study.spec());
        let ran = Run::new(study, &NoStore, &watch, &mut folded).to(1);
        drop(done);
        ran
    });
    match ran {
        Ok(()) => Ok(Some(start.elapsed().as_secs_f64())),
        Err(RunError::Interrupted) => Ok(None),
        Err(other) => Err(other),
    }
}
