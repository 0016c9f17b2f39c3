//! The law of a mode's count by enumeration: one prompt's counts by the urn, all prompts' by convolution. What a converged
//! fit loses follows from it without a series.

use super::{FAR, Plain};
use mode_lottery::numerics::elementary::ln;
use mode_lottery::numerics::stream::Streams;

/// P(j of n draws of an urn are of a mode and none is lost), j = 0 .. n: the mode weighs `a` and one more for each of its draws, the
/// others `b` likewise, and what may not be drawn `lost`.
fn urn(n: usize, a: f64, b: f64, lost: f64) -> Vec<f64> {
    let mut law = vec![1.0];
    for drawn in 0..n {
        let all = a + b + lost + drawn as f64;
        let mut next = vec![0.0; drawn + 2];
        for (j, p) in law.iter().enumerate() {
            next[j + 1] += p * (a + j as f64) / all;
            next[j] += p * (b + (drawn - j) as f64) / all;
        }
        law = next;
    }
    law
}

/// The law of the sum of `prompts` independent counts.
fn sum_of(prompts: u32, one: &[f64]) -> Vec<f64> {
    let mut law = vec![1.0];
    for _ in 0..prompts {
        let mut next = vec![0.0; law.len() + one.len() - 1];
        for (n, p) in law.iter().enumerate().filter(|(_, p)| **p > 1e-30) {
            for (j, q) in one.iter().enumerate() {
                next[n + j] += p * q;
            }
        }
        law = next;
    }
    law
}

impl Plain {
    /// P(j of a prompt's K responses are of mode m): over the common draw, and over how many responses are their own.
    fn of_prompt(&self, m: usize, k: usize) -> Vec<f64> {
        let (p, c) = (self.base[m], self.copies);
        let (a, b) = (self.alpha * p, self.alpha * (1.0 - p));
        if c == 0.0 {
            return urn(k, a, b, 0.0);
        }
        let mut law = vec![0.0; k + 1];
        let mut weight = (0..k).map(|_| c).product::<f64>();
        for own in 0..=k {
            for (j, q) in urn(own, a + 1.0, b, 0.0).iter().enumerate() {
                law[j + k - own] += weight * p * q;
            }
            for (j, q) in urn(own, a, b + 1.0, 0.0).iter().enumerate() {
                law[j] += weight * (1.0 - p) * q;
            }
            weight *= (1.0 - c) / c * (k - own) as f64 / (own + 1) as f64;
        }
        law
    }

    /// Expected KL(pi || f) given that no mode is missing; beside it the sum of P(m missing).
    ///
    /// The mean of a mode's part where all are present is that where it is present itself less, for every other mode, that
    /// where the other is absent. Sets of two absent others are left out: they are as rare as the square of what is returned.
    pub fn excess(&self, prompts: u32, responses: u32) -> (f64, f64) {
        let k = responses as usize;
        let all = f64::from(prompts) * f64::from(responses);
        let part = |m: usize, law: &[f64]| -> f64 {
            let present = law.iter().enumerate().skip(1);
            present
                .map(|(n, q)| q * self.base[m] * ln(self.base[m] * all / n as f64))
                .sum()
        };
        let (mut excess, mut missing, mut both) = (0.0, 0.0, 0.0);
        for m in 0..self.base.len() {
            let law = sum_of(prompts, &self.of_prompt(m, k));
            excess += part(m, &law);
            missing += law[0];
        }
        assert!(
            self.copies == 0.0 || missing < 1e-4,
            "with copies, sets of two are not enumerated"
        );
        if missing > 1e-6 && self.copies == 0.0 {
            for (m, other) in (0..self.base.len()).flat_map(|m| (0..self.base.len()).map(move |other| (m, other))) {
                if m != other {
                    let (a, lost) = (self.alpha * self.base[m], self.alpha * self.base[other]);
                    let law = sum_of(prompts, &urn(k, a, self.alpha - a - lost, lost));
                    excess -= part(m, &law);
                    both += 0.5 * law[0];
                }
            }
        }
        (excess / (1.0 - missing + both), missing)
    }

    /// Draws counts by the urn, one uniform after the other, and keeps KL(pi || f) where no mode is missing: its mean and standard
    /// error, and the share left out.
    pub fn drawn_excess(&self, seed: u64, prompts: u32, responses: u32, replicates: u64) -> (f64, f64, f64) {
        let draws = Streams::new("counts").purpose(&format!("seed {seed}"));
        let all = f64::from(prompts) * f64::from(responses);
        let (mut kept, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for replicate in 0..replicates {
            let mut counts = vec![0.0; self.base.len()];
            for prompt in 0..prompts {
                let mut stream = draws.stream(replicate, prompt);
                let mut own = vec![0.0; self.base.len()];
                for j in 0..responses {
                    let mut left = stream.uniform() * (self.alpha + f64::from(j));
                    let weight = |m: usize| self.alpha * self.base[m] + own[m];
                    let last = self.base.len() - 1;
                    let mode = (0..last).find(|&m| {
                        left -= weight(m);
                        left < 0.0
                    });
                    own[mode.unwrap_or(last)] += 1.0;
                }
                counts.iter_mut().zip(&own).for_each(|(count, own)| *count += own);
            }
            if counts.contains(&0.0) {
                continue;
            }
            let parts = self.base.iter().zip(&counts);
            let kl: f64 = parts.map(|(p, n)| p * ln(p * all / n)).sum();
            kept += 1.0;
            sum += kl;
            squares += kl * kl;
        }
        let mean = sum / kept;
        let variance = (squares / kept - mean * mean) * kept / (kept - 1.0);
        (mean, (variance / kept).sqrt(), 1.0 - kept / replicates as f64)
    }
}

/// The enumeration against draws, from cells without missing modes to one in which one fit in a hundred misses one.
#[test]
fn the_enumerated_excess_is_that_of_drawn_counts() {
    for (seed, weights, alpha, prompts, responses) in [
        (1, vec![4.0, 3.0, 2.0, 1.0], 3.0, 60, 2),
        (2, vec![4.0, 3.0, 2.0, 1.0], 12.0, 25, 5),
        (3, vec![0.5, 0.3, 0.2], 1.0, 40, 4),
        (4, vec![0.6, 0.25, 0.15], 30.0, 32, 1),
    ] {
        let plain = Plain::new(&weights, alpha, 0.0);
        let (expected, missing) = plain.excess(prompts, responses);
        let (mean, error, share) = plain.drawn_excess(seed, prompts, responses, 20_000);
        let z = (mean - expected) / error;
        println!(
            "{plain:?} {prompts} x {responses}: drawn {mean} +- {error}, enumerated {expected}: {z:.2}; missing {missing:.5} {share:.5}"
        );
        assert!(missing < 0.011, "{missing}");
        assert!(z.abs() < FAR, "{z}");
        // The control: a fifth more of concentration shows.
        let other = Plain {
            alpha: 1.2 * alpha,
            ..plain
        };
        let z = (mean - other.excess(prompts, responses).0) / error;
        assert!(z.abs() > FAR || alpha > 20.0, "{z}");
    }
}
