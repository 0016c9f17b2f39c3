//! Owns what a signal does to a run.

use super::{eprint, exact};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Raised by the signal handler: runs stop after the blocks under way.
pub(super) static STOP: AtomicBool = AtomicBool::new(false);

/// Installed once per process. A second signal while results are written waits for the whole file as well.
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

/// A law under way may take minutes and cannot be stopped, but then nothing else is under way.
fn interrupted() {
    if exact::UNDER_WAY.load(Ordering::Relaxed) {
        eprint("mode-lottery: interrupted while exact laws were worked out; a run finds those that are in its journal");
        std::process::exit(3);
    }
    STOP.store(true, Ordering::Relaxed);
}
