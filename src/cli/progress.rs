//! Owns what a person sees while replicates run: a bar on a terminal, plain lines in a log. Always on standard error.

use super::say;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seconds between two lines in a log.
const EVERY: Duration = Duration::from_secs(10);

/// Progress over all blocks of an experiment.
pub(super) struct Progress {
    name: String,
    total: u64,
    done: AtomicU64,
    replicates_per_block: u64,
    started: Instant,
    last_line: Mutex<Instant>,
    view: View,
}

enum View {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Progress {
    /// Progress towards `blocks` of `replicates_per_block` each.
    pub fn new(name: &str, blocks: u64, replicates_per_block: u64, quiet: bool) -> Self {
        let view = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => View::Nothing,
            (false, true) => View::Bar(bar(name, blocks * replicates_per_block)),
            (false, false) => View::Lines,
        };
        let now = Instant::now();
        Self {
            name: name.to_owned(),
            total: blocks,
            done: AtomicU64::new(0),
            replicates_per_block,
            started: now,
            last_line: Mutex::new(now),
            view,
        }
    }

    /// One more block is done; called from any thread.
    pub fn block(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.view {
            View::Bar(bar) => bar.inc(self.replicates_per_block),
            View::Lines => self.maybe_line(done),
            View::Nothing => {}
        }
    }

    fn maybe_line(&self, done: u64) {
        // Whoever finds the lock taken lets the other thread write the line.
        let Ok(mut last) = self.last_line.try_lock() else {
            return;
        };
        if last.elapsed() < EVERY {
            return;
        }
        *last = Instant::now();
        let seconds = self.started.elapsed().as_secs_f64();
        let per_block = seconds / done as f64;
        let (done, total) = (done * self.replicates_per_block, self.total * self.replicates_per_block);
        let left = per_block * (total - done) as f64 / self.replicates_per_block as f64;
        say(&format!(
            "{}: {done} of {total} replicates, {:.0}/s, {left:.0} s left",
            self.name,
            done as f64 / seconds
        ));
    }

    /// Clears the bar. Returns the seconds since the start.
    pub fn finish(&self) -> f64 {
        if let View::Bar(bar) = &self.view {
            bar.finish_and_clear();
        }
        self.started.elapsed().as_secs_f64()
    }
}

fn bar(name: &str, replicates: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{prefix} {wide_bar} {human_pos}/{human_len} replicates, {per_sec}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(replicates), ProgressDrawTarget::stderr_with_hz(10));
    bar.set_prefix(name.to_owned());
    // A template that does not parse would leave indicatif's own bar, which is as true.
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
