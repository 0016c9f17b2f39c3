//! Owns what a signal does to a run.

use super::eprint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Raised by the signal handler: runs stop after the blocks under way.
pub(super) static STOP: AtomicBool = AtomicBool::new(false);

/// Installed once per process.
pub(super) fn stop_on_signals() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        if let Err(error) = ctrlc::set_handler(interrupted) {
            eprint(&format!(
                "mode-lottery: signals cannot be caught ({error}); files stay whole all the same"
            ));
        }
    });
}

/// Of how many experiments exact values are being worked out while nothing is drawn: then an interrupted process need not finish anything.
pub(super) static LAWS: AtomicUsize = AtomicUsize::new(0);

/// How many results are being written: then a second signal waits for them, so that a folder never holds files of two runs.
pub(super) static WRITING: AtomicUsize = AtomicUsize::new(0);

/// Two signals nearer than this are one: a scheduler may send its own to a script and to what the script has started.
const APART: Duration = Duration::from_millis(500);

/// The first signal lets blocks under way be finished, and says so; the second ends the program. What is finished is kept either way.
///
/// A law under way may take minutes and cannot be stopped, but then nothing else is under way.
fn interrupted() {
    if LAWS.load(Ordering::Relaxed) > 0 {
        eprint("mode-lottery: interrupted while exact laws were worked out; a run finds those that are in its journal");
        std::process::exit(3);
    }
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let is_first = !STOP.swap(true, Ordering::Relaxed);
    let since = FIRST.get_or_init(Instant::now).elapsed();
    if WRITING.load(Ordering::Relaxed) > 0 {
        eprint("mode-lottery: finishing the files of the result");
    } else if is_first {
        eprint("mode-lottery: finishing the blocks under way; again to stop now");
    } else if since >= APART {
        eprint("mode-lottery: stopped; finished blocks are kept, and the same command goes on from there");
        std::process::exit(3);
    }
}

/// Files that grow beyond what this process may write then give an error, as a full disk does, instead of its death.
pub(super) fn survive_file_limits() {
    #[cfg(unix)]
    // Where it cannot be caught, the death is as before.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
