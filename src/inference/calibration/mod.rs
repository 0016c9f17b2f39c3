//! Repeated small runs whose truth is known: do standard errors, intervals and verdicts err as often as they say?
//!
//! Every rate comes from a fixed seed, and its tolerance is three binomial standard errors around the nominal rate (a false alarm of 0.3 %
//! per check if the seed were redrawn) plus, where stated, the approximation error known beforehand. Each procedure stands beside one
//! that is known to fail, and that one must be seen to fail.

mod claims;
mod errors;
mod norms;
mod pairs;
mod shares;

/// Three binomial standard errors of a rate over `runs`.
fn three_errors(rate: f64, runs: u32) -> f64 {
    3.0 * (rate * (1.0 - rate) / f64::from(runs)).sqrt()
}

/// The share of `runs` repetitions in which `event` happens.
fn rate(runs: u32, mut event: impl FnMut() -> bool) -> f64 {
    let hits = (0..runs).filter(|_| event()).count();
    hits as f64 / f64::from(runs)
}
