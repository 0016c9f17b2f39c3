//! The jackknife's standard errors against the spread over repetitions, for the estimands that this crate reports.
//!
//! With 60,000 runs in place of 4,000 (run once, by hand) `ln r / 2` was within .005 of 0 and coverage .948 to .950 for all five.

use super::three_errors;
use crate::inference::estimate::Estimate;
use crate::inference::groups::{Folder, Group, Groups, Layout, Means};
use crate::inference::jackknife::jackknife;
use crate::inference::testing::SplitMix;
use crate::numerics::elementary::ln;

/// Coordinates of the vector whose variance is estimated.
const LEN: usize = 3;
/// Slots of one arm: the vector and its squared norm.
const SLOTS: usize = LEN + 1;
/// 129 batches of 4: 64 groups of two batches and a last one of one, so that sizes are unequal.
const BATCHES: usize = 129;
const BATCH: u64 = 4;
const RUNS: u32 = 4000;
/// A 90 % interval of `ln r / 2`, `r` = variance over mean squared MCSE, must lie within this (a tenth of the standard error).
const TOLERANCE: f64 = 1.10;

/// Two arms that share their draws: the second adds noise of its own to the vector of the first.
fn run(rng: &mut SplitMix) -> Groups {
    let layout = Layout::new([0; SLOTS].into_iter().chain([1; SLOTS]).collect(), 2);
    let mut folder = Folder::new(layout.clone());
    for _ in 0..BATCHES {
        let mut batch = Group::empty(&layout);
        batch.replicates = BATCH;
        batch.valid = vec![BATCH; 2];
        for _ in 0..BATCH {
            let common: [f64; LEN] = std::array::from_fn(|_| rng.normal());
            add(&mut batch.sums[..SLOTS], common.map(|x| 0.5 + x));
            add(&mut batch.sums[SLOTS..], common.map(|x| x + 0.5 * rng.normal()));
        }
        folder.push(&batch);
    }
    folder.finish()
}

fn add(slots: &mut [f64], vector: [f64; LEN]) {
    for (slot, value) in slots.iter_mut().zip(vector) {
        *slot += value;
    }
    slots[LEN] += vector.iter().map(|x| x * x).sum::<f64>();
}

/// The trace of the sample covariance (divisor R - 1) of `arm`.
fn variance(means: &Means<'_>, arm: usize) -> f64 {
    let first = arm * SLOTS;
    let of_mean: f64 = (first..first + LEN)
        .map(|slot| means.mean(slot) * means.mean(slot))
        .sum();
    let count = means.count(arm) as f64;
    (means.mean(first + LEN) - of_mean) * count / (count - 1.0)
}

/// The spread of estimates over runs against what they said of themselves.
#[derive(Default)]
struct Spread {
    estimates: Vec<Estimate>,
    covered: u32,
}

impl Spread {
    fn push(&mut self, estimate: Estimate, truth: f64) {
        self.covered += u32::from(estimate.interval(0.95).contains(truth));
        self.estimates.push(estimate);
    }

    /// `ln r / 2` and the half-width of its 90 % interval: a log variance over M runs has the standard error `sqrt(2/(M-1))`, and the mean
    /// squared MCSE adds `sqrt(2/df/M)`.
    fn half_log_ratio(&self) -> (f64, f64) {
        let runs = self.estimates.len() as f64;
        let mean = self.estimates.iter().map(|e| e.value).sum::<f64>() / runs;
        let square = |e: &Estimate| (e.value - mean) * (e.value - mean);
        let variance = self.estimates.iter().map(square).sum::<f64>() / (runs - 1.0);
        let said = self.estimates.iter().map(|e| e.mcse * e.mcse).sum::<f64>() / runs;
        let error = (2.0 / (runs - 1.0) + 2.0 / self.estimates[0].df / runs).sqrt();
        (0.5 * ln(variance / said), 1.645 * 0.5 * error)
    }

    fn is_calibrated(&self) -> bool {
        let (centre, half) = self.half_log_ratio();
        centre.abs() + half <= ln(TOLERANCE)
    }

    fn coverage(&self) -> f64 {
        f64::from(self.covered) / self.estimates.len() as f64
    }
}

#[test]
fn regular_estimands_have_calibrated_errors_and_t_intervals() {
    let mut rng = SplitMix::new(101);
    // In order: variance trace, EMSE about the truth 0, ratio of variances, paired difference of variances, and bias^2 = 0.75.
    let truths = [3.0, 3.75, 0.8, -0.75, 0.75];
    let mut spreads: [Spread; 5] = Default::default();
    let mut unpaired = Spread::default();
    for _ in 0..RUNS {
        let groups = run(&mut rng);
        let estimates = [
            jackknife(&groups, |m| variance(m, 0)),
            jackknife(&groups, |m| m.mean(LEN)),
            jackknife(&groups, |m| variance(m, 0) / variance(m, 1)),
            jackknife(&groups, |m| variance(m, 0) - variance(m, 1)),
            jackknife(&groups, |m| (0..LEN).map(|slot| m.mean(slot) * m.mean(slot)).sum()),
        ];
        for ((spread, estimate), truth) in spreads.iter_mut().zip(estimates).zip(truths) {
            spread.push(estimate, truth);
        }
        let other = jackknife(&groups, |m| variance(m, 1));
        let mcse = (estimates[0].mcse * estimates[0].mcse + other.mcse * other.mcse).sqrt();
        unpaired.push(Estimate { mcse, ..estimates[3] }, truths[3]);
    }
    for (index, spread) in spreads.iter().enumerate() {
        let (centre, half) = spread.half_log_ratio();
        println!(
            "estimand {index}: ln r / 2 = {centre:.4} ± {half:.4}, coverage {:.4}",
            spread.coverage()
        );
        assert!(spread.is_calibrated(), "estimand {index}: {centre} ± {half}");
        // 94..96 %: 2.9 binomial standard errors at 4,000 runs.
        assert!(
            (spread.coverage() - 0.95).abs() <= three_errors(0.95, RUNS),
            "estimand {index}"
        );
    }
    // Control: arms taken as independent, although they share their draws.
    println!(
        "unpaired: {:?}, coverage {}",
        unpaired.half_log_ratio(),
        unpaired.coverage()
    );
    assert!(!unpaired.is_calibrated());
    assert!(unpaired.coverage() > 0.96);
}

#[test]
fn at_a_boundary_the_jackknife_error_is_too_large_by_root_two() {
    let mut rng = SplitMix::new(102);
    let mut spread = Spread::default();
    for _ in 0..2000 {
        let groups = run(&mut rng);
        // The second arm has mean 0: its squared norm stands at the boundary, and its gradient is 0.
        let norm = jackknife(&groups, |m| {
            (SLOTS..SLOTS + LEN).map(|slot| m.mean(slot) * m.mean(slot)).sum()
        });
        spread.push(norm, 0.0);
    }
    let (centre, half) = spread.half_log_ratio();
    println!("boundary: {centre:.4} ± {half:.4}");
    assert!(!spread.is_calibrated());
    // A heavier-tailed spread than the normal's (a scaled chi-squared on 3): allow twice the half-width.
    assert!((centre + 0.5 * ln(2.0)).abs() < 2.0 * half + 0.02, "{centre}");
}
