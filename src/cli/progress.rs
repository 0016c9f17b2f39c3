//! Owns what a person or a program sees while replicates run, always on standard error: a bar on a terminal, plain lines
//! in a log, or events as JSON, one per line.

use super::eprint;
use super::journal::Plan;
use super::options::{RunOptions, Style};
use super::terminal::set_bar;
use crate::engine::BlockSource;
use crate::experiment::Experiment;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Progress over all blocks of an experiment.
pub(super) struct Progress {
    name: String,
    /// As far as is known.
    total: AtomicU64,
    computed: AtomicU64,
    kept: AtomicU64,
    /// The bits of the largest standard error over its target in the scenario looked at last; 0 without targets.
    worst: AtomicU64,
    replicates_per_block: u64,
    started: Instant,
    last: Mutex<Instant>,
    view: View,
}

enum View {
    Bar(ProgressBar),
    Lines,
    Json,
    Nothing,
}

impl View {
    /// Time between two lines: a log is for people, events are for programs.
    fn every(&self) -> Duration {
        Duration::from_secs(if matches!(self, View::Json) { 1 } else { 10 })
    }
}

impl Progress {
    /// Progress through a plan.
    pub fn new(experiment: &Experiment, plan: &Plan, options: &RunOptions<'_>) -> Self {
        let size = experiment
            .scenarios
            .first()
            .map_or(1, |s| s.study.spec().block_replicates());
        let total = plan.reused + plan.to_do;
        let view = match (options.quiet, options.progress, std::io::stderr().is_terminal()) {
            (true, ..) => View::Nothing,
            (_, Style::Json, _) => View::Json,
            (_, Style::Auto, true) if !options.at_once => View::Bar(bar(&experiment.name, total * size)),
            (_, Style::Auto, _) => View::Lines,
        };
        let now = Instant::now();
        let own = Self {
            name: experiment.name.clone(),
            total: AtomicU64::new(total),
            computed: AtomicU64::new(0),
            kept: AtomicU64::new(0),
            worst: AtomicU64::new(0),
            replicates_per_block: size,
            started: now,
            last: Mutex::new(now),
            view,
        };
        own.event(&json!({
            "event": "start", "experiment": own.name, "blocks": total, "kept": plan.reused, "stale": plan.stale,
            "replicates-per-block": size,
        }));
        own
    }

    fn event(&self, event: &serde_json::Value) {
        if matches!(self.view, View::Json) {
            eprint(&event.to_string());
        }
    }

    /// One more block is done; called from any thread.
    pub fn block(&self, came: BlockSource) {
        match came {
            BlockSource::Computed => &self.computed,
            BlockSource::Cached => &self.kept,
        }
        .fetch_add(1, Ordering::Relaxed);
        match &self.view {
            View::Bar(bar) => bar.inc(self.replicates_per_block),
            View::Lines | View::Json => self.maybe_line(),
            View::Nothing => {}
        }
    }

    /// A scenario was looked at: its largest standard error over the target, and how many blocks more it needs.
    pub fn looked(&self, worst: f64, more: u64) {
        let total = self.total.fetch_add(more, Ordering::Relaxed) + more;
        match &self.view {
            View::Bar(bar) => bar.set_length(total * self.replicates_per_block),
            View::Json => self.event(&json!({
                "event": "looked", "experiment": self.name, "worst-error-over-target": worst, "more-blocks": more,
            })),
            View::Lines | View::Nothing => {}
        }
        self.worst.store(worst.to_bits(), Ordering::Relaxed);
    }

    /// Blocks computed so far.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Blocks found in the journal so far.
    pub fn kept(&self) -> u64 {
        self.kept.load(Ordering::Relaxed)
    }

    fn maybe_line(&self) {
        // Whoever finds the lock taken lets the other thread write the line.
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        if last.elapsed() < self.view.every() {
            return;
        }
        *last = Instant::now();
        self.line();
    }

    fn line(&self) {
        let (computed, kept) = (self.computed(), self.kept());
        let seconds = self.started.elapsed().as_secs_f64();
        // What was kept took no time: the rate is that of what is computed.
        let rate = computed as f64 / seconds;
        let total = self.total.load(Ordering::Relaxed);
        let left = total.saturating_sub(computed + kept);
        let left_seconds = (computed > 0).then(|| left as f64 / rate);
        let size = self.replicates_per_block;
        let (done, total, per_second) = ((computed + kept) * size, total * size, rate * size as f64);
        if matches!(self.view, View::Json) {
            self.event(&json!({
                "event": "progress", "experiment": self.name, "replicates": done, "of": total,
                "per-second": per_second, "seconds": seconds, "seconds-left": left_seconds,
            }));
            return;
        }
        let mut left = left_seconds.map_or_else(String::new, |s| format!(", {s:.0} s left"));
        let worst = f64::from_bits(self.worst.load(Ordering::Relaxed));
        if worst > 0.0 {
            left += &format!(", the worst standard error was {worst:.2} times its target");
        }
        eprint(&format!(
            "{}: {done} of {total} replicates, {per_second:.0}/s{left}",
            self.name
        ));
    }

    /// Clears the bar. Returns the seconds since the start.
    pub fn finish(&self) -> f64 {
        if let View::Bar(bar) = &self.view {
            set_bar(None);
            bar.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f64();
        self.event(&json!({
            "event": "drawn", "experiment": self.name, "computed": self.computed(), "kept": self.kept(),
            "seconds": seconds,
        }));
        seconds
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
    set_bar(Some(&bar));
    bar
}
