//! Owns what a filter of noisy rewards keeps, and Best-K-of-N as the filter that nothing passes, where prompts differ or responses may be
//! wrong.
//!
//! A candidate of mode m has the reward R_m + sd * epsilon, epsilon standard normal, and passes with probability
//! a_m = Phi((R_m - tau)/sd). A random K of those that pass are kept; where they are fewer, the best of the others beside them. Every one
//! that passes has more reward than every other, so that
//!
//! - one that passes beside G others is kept with probability min(1, K/(G + 1)), two of them beside G with K(K - 1)/((G + 2)(G + 1)) or 1;
//! - one that does not is kept where at most K - 1 rivals beat it, and with a better one where at most K - 2 of the other rivals beat it.
//!
//! How many of the rivals pass, or beat a given reward, is the law of [`rivals`](super::rivals) among right ones and binomial among wrong
//! ones, whose number has a law of its own. What is left is one integral over epsilon, from -8.5 to where its mode passes, by
//! Gauss-Legendre rules of twice as many nodes until two agree.

use super::legendre::Legendre;
use super::noisy::{END, WITHIN, distance};
use super::rivals::{Chances, MOST_NOISY, Series};
use super::urn::pmf;
use super::{LawError, PoolLaw, Selected, Wrong};
use crate::numerics::special::{normal_cdf, normal_density};

/// Nodes of the first rule and of the last.
const FIRST_NODES: u32 = 32;
const MOST_NODES: u32 = 2048;

/// The mean and second moment of the share kept by a filter at `threshold` (tau; infinity: Best-K-of-N, minus infinity: Random-K-of-N), for
/// any concentration and with wrong responses or none, when a candidate of mode m has the reward `rewards[m]` plus normal noise of standard
/// deviation `sd`, above 0. Absolute error about 1e-12.
///
/// # Errors
///
/// When K is not 1 to N, N above 128, the rewards are not M finite numbers, there are more than 1024 modes, `sd` is not above 0 and
/// finite, or two rules do not settle to 1e-12.
pub fn filter_noisy(law: &PoolLaw, rewards: &[f64], sd: f64, threshold: f64, keep: u32) -> Result<Selected, LawError> {
    law.check_keep(keep)?;
    law.check_rewards(rewards)?;
    law.check_modes()?;
    if law.candidates() > MOST_NOISY {
        return Err(LawError::NoisyCandidates(law.candidates()));
    }
    if !(sd.is_finite() && sd > 0.0 && !threshold.is_nan()) {
        return Err(LawError::Noise(sd));
    }
    let own = Filter {
        law,
        rewards,
        sd,
        threshold,
        keep,
    };
    let passed = own.passed();
    let mut nodes = FIRST_NODES;
    let mut before = own.below(&passed, nodes);
    loop {
        nodes *= 2;
        let found = own.below(&passed, nodes);
        let difference = distance(&found, &before);
        if difference <= WITHIN {
            return Ok(found);
        }
        if nodes >= MOST_NODES {
            return Err(LawError::NotSettled {
                noise: sd,
                difference,
                nodes,
            });
        }
        before = found;
    }
}

struct Filter<'a> {
    law: &'a PoolLaw,
    rewards: &'a [f64],
    sd: f64,
    threshold: f64,
    keep: u32,
}

impl Filter<'_> {
    fn is_right(&self, mode: usize) -> bool {
        mode < self.law.right_modes()
    }

    /// The chances of right modes, and the mean ones of a wrong response, to score with a probability and its complement.
    fn chances(&self, of: impl Fn(usize) -> [f64; 2]) -> (Chances, [f64; 2]) {
        let right = self.law.right_modes();
        let all: Vec<[f64; 2]> = (0..self.law.modes()).map(of).collect();
        let chances = Chances {
            score: all[..right].iter().map(|own| own[0]).collect(),
            miss: all[..right].iter().map(|own| own[1]).collect(),
        };
        let wrong = (all.len() - right).max(1) as f64;
        let mean = |side: usize| all[right..].iter().map(|own| own[side]).sum::<f64>() / wrong;
        (chances, [mean(0), mean(1)])
    }

    /// The probability that two candidates have these modes.
    fn pair(&self, a: usize, b: usize) -> f64 {
        let law = self.law;
        let of_right = || {
            let (p, q) = (self.right_weight(a), self.right_weight(b));
            let same = if a == b { 1.0 } else { 0.0 };
            p * (q + same * law.spread()) / (1.0 + law.spread())
        };
        let Some(wrong) = law.wrong() else { return of_right() };
        let [both, first, none] = wrong.pairs();
        let one = 1.0 / wrong.modes as f64;
        match (self.is_right(a), self.is_right(b)) {
            (true, true) => both * of_right(),
            (true, false) => first * self.right_weight(a) * one,
            (false, true) => first * self.right_weight(b) * one,
            (false, false) => none * one * one,
        }
    }

    fn right_weight(&self, mode: usize) -> f64 {
        self.law.weights()[mode] / (1.0 - self.law.wrong().map_or(0.0, |wrong| wrong.share))
    }

    /// What passes: both moments of the share of candidates kept of it.
    fn passed(&self) -> Selected {
        let (modes, n, keep) = (self.law.modes(), self.law.candidates(), f64::from(self.keep));
        let mut found = Selected {
            mean: vec![0.0; modes],
            second: vec![0.0; modes * modes],
        };
        let gap = |mode: usize| (self.rewards[mode] - self.threshold) / self.sd;
        let pass = |mode: usize| [normal_cdf(gap(mode)), normal_cdf(-gap(mode))];
        if (0..modes).all(|mode| pass(mode)[0] == 0.0) {
            return found;
        }
        let (chances, wrong) = self.chances(pass);
        let tally = Tally::new(self.law, wrong, n - 1, n - 1);
        let base = Series::new(self.law, &chances, n - 1, n - 1);
        let (all, n) = (self.keep, f64::from(n));
        let one = |g: usize| (keep / (g as f64 + 1.0)).min(1.0);
        let two = |g: usize| match g as u32 + 2 {
            g if g <= all => 1.0,
            g => keep * (keep - 1.0) / (f64::from(g) * f64::from(g - 1)),
        };
        for a in 0..modes {
            let beside = self.beside(&base, &chances, a);
            let mass = self.law.weights()[a] * pass(a)[0];
            found.mean[a] = n / keep * mass * tally.mean(&beside, n as u32 - 1, self.kinds(&[a]), one);
            if n < 2.0 {
                continue;
            }
            for b in 0..modes {
                let both = self.beside(&beside, &chances, b);
                let chance = tally.mean(&both, n as u32 - 2, self.kinds(&[a, b]), two);
                found.second[a * modes + b] =
                    n * (n - 1.0) / (keep * keep) * self.pair(a, b) * pass(a)[0] * pass(b)[0] * chance;
            }
        }
        found
    }

    fn beside(&self, base: &Series, chances: &Chances, mode: usize) -> Series {
        match self.is_right(mode) {
            true => base.beside(chances.score[mode], chances.miss[mode]),
            false => base.clone(),
        }
    }

    /// How many of these modes are right, and wrong.
    fn kinds(&self, modes: &[usize]) -> [u32; 2] {
        let right = modes.iter().filter(|mode| self.is_right(**mode)).count() as u32;
        [right, modes.len() as u32 - right]
    }

    /// Both moments: what passes, and by rules of so many nodes what does not.
    fn below(&self, passed: &Selected, nodes: u32) -> Selected {
        let (modes, keep) = (self.law.modes(), f64::from(self.keep));
        let mut found = passed.clone();
        let rule = Legendre::new(nodes as usize);
        for mode in (0..modes).filter(|&mode| self.law.weights()[mode] > 0.0) {
            let passes = (self.threshold - self.rewards[mode]) / self.sd;
            let length = passes.min(END) + END;
            if length > 0.0 {
                for (x, width) in rule.on(length) {
                    self.add(&mut found, mode, x - END, width * normal_density(x - END));
                }
            }
        }
        for a in 0..modes {
            found.second[a * modes + a] += found.mean[a] / keep;
        }
        found
    }

    /// Adds what a candidate of a mode with this epsilon, which does not pass, contributes: itself, and its pairs with better ones.
    fn add(&self, found: &mut Selected, mode: usize, epsilon: f64, mass: f64) {
        let (modes, n, keep) = (self.law.modes(), self.law.candidates(), f64::from(self.keep));
        let gap = |other: usize| (self.rewards[other] - self.rewards[mode]) / self.sd - epsilon;
        let beats = |other: usize| [normal_cdf(gap(other)), normal_cdf(-gap(other))];
        let (chances, wrong) = self.chances(beats);
        let tally = Tally::new(self.law, wrong, n - 1, self.keep - 1);
        let base = Series::new(self.law, &chances, n - 1, self.keep - 1);
        let own = self.beside(&base, &chances, mode);
        let most = |most: u32| move |beaten: usize| if beaten as u32 <= most { 1.0 } else { 0.0 };
        let ratio = f64::from(n) / keep;
        let kept = tally.mean(&own, n - 1, self.kinds(&[mode]), most(self.keep - 1));
        found.mean[mode] += mass * ratio * self.law.weights()[mode] * kept;
        if self.keep < 2 {
            return;
        }
        // All modes of wrong responses leave the same rivals.
        let mut of_wrong = None;
        for other in 0..modes {
            let both = || {
                let series = self.beside(&own, &chances, other);
                tally.mean(&series, n - 2, self.kinds(&[mode, other]), most(self.keep - 2))
            };
            let both = match self.is_right(other) {
                true => both(),
                false => *of_wrong.get_or_insert_with(both),
            };
            let pairs = f64::from(n) * f64::from(n - 1) / (keep * keep);
            let value = mass * pairs * self.pair(mode, other) * beats(other)[0] * both;
            found.second[mode * modes + other] += value;
            found.second[other * modes + mode] += value;
        }
    }
}

/// How many of the wrong rivals score, for each number of them.
struct Tally {
    wrong: Option<Wrong>,
    of_wrong: Vec<Vec<f64>>,
}

impl Tally {
    fn new(law: &PoolLaw, [score, miss]: [f64; 2], rivals: u32, most: u32) -> Self {
        let wrong = law.wrong();
        let of = |w: u32| {
            let mut all = pmf(w, score, miss, 0.0);
            all.truncate(most as usize + 1);
            all
        };
        Self {
            wrong,
            of_wrong: (0..=wrong.map_or(0, |_| rivals)).map(of).collect(),
        }
    }

    /// The mean over so many rivals, beside right and wrong candidates of these numbers, of a function of how many score, which is 0 beyond
    /// what the series holds.
    fn mean(&self, series: &Series, rivals: u32, [right, wrong]: [u32; 2], of: impl Fn(usize) -> f64) -> f64 {
        let shares = match self.wrong {
            Some(own) => own.among(rivals, right, wrong),
            None => vec![1.0],
        };
        let mut sum = 0.0;
        for (w, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let of_right = series.scores(rivals as usize - w);
            let mut mean = 0.0;
            for (i, p) in of_right.iter().enumerate() {
                mean += p * self.of_wrong[w]
                    .iter()
                    .enumerate()
                    .map(|(k, q)| q * of(i + k))
                    .sum::<f64>();
            }
            sum += share * mean;
        }
        sum
    }
}
