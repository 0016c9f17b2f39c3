//! Owns what becomes of labels before policies are fitted to them: another temperature, and smoothing.

use super::PolicyArm;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::{LANES, Lanes};

impl PolicyArm {
    /// Makes labels, prompts x modes, what the arm's policy is fitted to.
    pub(super) fn finish_target(&self, modes: usize, target: &mut [Lanes<f64>]) {
        if self.teacher.temperature != 1.0 {
            for prompt in target.chunks_exact_mut(modes) {
                (0..LANES).for_each(|l| reheat(prompt, l, 1.0 / self.teacher.temperature));
            }
        }
        if self.smoothing > 0.0 {
            smooth(self.smoothing, modes, target);
        }
    }
}

/// Makes the probabilities of one lane proportional to their power; the largest is divided out first, so that none of them overflows.
fn reheat(probabilities: &mut [Lanes<f64>], l: usize, power: f64) {
    let top = probabilities
        .iter()
        .fold(0.0, |top, p| if p[l] > top { p[l] } else { top });
    let mut total = 0.0;
    for p in probabilities.iter_mut() {
        // Also of a number that is none: a fit that failed remains one.
        p[l] = if p[l] == 0.0 { 0.0 } else { exp(power * ln(p[l] / top)) };
        total += p[l];
    }
    probabilities.iter_mut().for_each(|p| p[l] /= total);
}

/// (1 - s) f + s/M (Szegedy et al. 2016).
pub(super) fn smooth(s: f64, modes: usize, target: &mut [Lanes<f64>]) {
    let floor = s / modes as f64;
    for row in target {
        *row = row.map(|share| (1.0 - s) * share + floor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(rows: &[Lanes<f64>], l: usize) -> Vec<f64> {
        rows.iter().map(|row| row[l]).collect()
    }

    /// 1 : 4 : 16 to the power of 1/2 is 1 : 2 : 4; a share of 0 stays 0.
    #[test]
    fn a_temperature_takes_a_power_of_each_share() {
        let shares = [1.0, 4.0, 16.0, 0.0].map(|weight| [weight / 21.0; LANES]);
        for (power, weights) in [(0.5, [1.0, 2.0, 4.0, 0.0]), (2.0, [1.0, 16.0, 256.0, 0.0])] {
            let mut own = shares;
            reheat(&mut own, 3, power);
            let total: f64 = weights.iter().sum();
            for (p, weight) in column(&own, 3).iter().zip(weights) {
                assert!((p - weight / total).abs() < 4.0 * f64::EPSILON, "{p} {weight}");
            }
            assert_eq!(column(&own, 2), column(&shares, 2), "other lanes stay as they are");
        }
    }

    #[test]
    fn smoothing_moves_a_share_to_all_modes_alike() {
        let mut own = [[1.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]];
        smooth(0.2, 4, &mut own);
        for (p, share) in column(&own, 0).iter().zip([0.85, 0.05, 0.05, 0.05]) {
            assert!((p - share).abs() < 4.0 * f64::EPSILON, "{p}");
        }
    }
}
