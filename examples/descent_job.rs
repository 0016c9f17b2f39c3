//! The job that peers are timed on: 20,000 fits of 8 modes, 300 steps each, by gradient descent on all cores given.
//!
//!     cargo run --release --example descent_job -- [THREADS] [REPEATS]
//!
//! Prints one line: nanoseconds per step and fit (the median of REPEATS after one to warm up) and the mean excess loss
//! of the fitted policies, which peers must reproduce.

mod peers;

use mode_lottery::numerics::lanes::{LANES, Lanes};
use mode_lottery::policy::{Descent, SETS};
use rayon::prelude::*;

const FITS: usize = 20_000;
const MODES: usize = 8;

const _: () = assert!(FITS.is_multiple_of(SETS * LANES), "whole sets");

const DESCENT: Descent = Descent {
    rate: 0.25,
    steps: 300,
    tolerance: 0.0,
    ..Descent::USUAL
};

/// Eight fits.
type Rows = [Lanes<f64>; MODES];

/// Weights that any language can redo: fractional parts of multiples of the golden ratio.
fn targets() -> Vec<Rows> {
    let weight = |fit: usize, m: usize| 0.05 + ((fit * MODES + m) as f64 * 0.618_033_988_749_894_8).fract();
    (0..FITS / LANES)
        .map(|group| {
            let mut rows = [[0.0; LANES]; MODES];
            for l in 0..LANES {
                let fit = group * LANES + l;
                let total: f64 = (0..MODES).map(|m| weight(fit, m)).sum();
                (0..MODES).for_each(|m| rows[m][l] = weight(fit, m) / total);
            }
            rows
        })
        .collect()
}

fn fit_all(targets: &[Rows], logits: &mut [Rows]) {
    let sets = logits.as_chunks_mut::<SETS>().0.par_iter_mut();
    sets.zip(targets.as_chunks::<SETS>().0)
        .with_min_len(8)
        .for_each(|(logits, target)| {
            *logits = [[[0.0; LANES]; MODES]; SETS];
            let mut scratch = [[0.0; LANES]; Descent::scratch(SETS * MODES)];
            DESCENT.fit_together(target.as_flattened(), logits.as_flattened_mut(), &mut scratch);
        });
}

/// The mean over fits of the loss beyond that of the best policy, which is the target itself.
fn excess(targets: &[Rows], logits: &[Rows]) -> f64 {
    let column = |rows: &Rows, l: usize| rows.map(|row| row[l]);
    let mut total = 0.0;
    for (target, logits) in targets.iter().zip(logits) {
        for l in 0..LANES {
            let target = column(target, l);
            let best = Descent::optimum_without_ridge(&target);
            total += DESCENT.loss(&target, &column(logits, l)) - DESCENT.loss(&target, &best);
        }
    }
    total / FITS as f64
}

fn main() {
    let (threads, repeats) = (peers::threads(peers::argument(1, 2)), peers::argument(2, 9));
    let targets = targets();
    let mut logits = vec![[[0.0; LANES]; MODES]; targets.len()];
    let seconds = peers::timed(repeats, || threads.install(|| fit_all(&targets, &mut logits)));
    let each = seconds * 1e9 / (FITS as f64 * f64::from(DESCENT.steps));
    println!("{each:.3} {:e}", excess(&targets, &logits));
}
