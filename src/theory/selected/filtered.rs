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
use super::rivals::{MOST_NOISY, Series, Terms, dot};
use super::urn::pmf;
use super::{LawError, PoolLaw, Selected};
use crate::numerics::special::{normal_cdf, normal_density};

/// Epsilon is integrated from -END, and where there is no other end to END: the normal mass beyond is 2e-17.
pub(super) const END: f64 = 8.5;
/// Two rules agree when no entry of either moment differs by more.
pub(super) const WITHIN: f64 = 1e-12;
/// Nodes of the first rule and of the last.
const FIRST_NODES: u32 = 48;
const MOST_NODES: u32 = 3072;

/// The mean and second moment of the share kept by a filter at `threshold` (tau; infinity: Best-K-of-N, minus infinity: Random-K-of-N), for
/// any concentration and with wrong responses or none, when a candidate of mode m has the reward `rewards[m]` plus normal noise of standard
/// deviation `sd`, above 0. Absolute error about 1e-12.
///
/// # Errors
///
/// When K is not 1 to N, N above 128, the rewards are not M finite numbers, there are more than 1024 modes, `sd` is not above 0 and
/// finite, or two rules do not settle to 1e-12.
pub fn filter_noisy(law: &PoolLaw, rewards: &[f64], sd: f64, threshold: f64, keep: u32) -> Result<Selected, LawError> {
    check(law, rewards, sd, threshold, keep)?;
    Filter {
        law,
        rewards,
        sd,
        threshold,
        keep,
        pairs: true,
    }
    .settled()
}

/// The mean alone: [`Selected::second`] of [`filter_noisy`] takes several times as long.
///
/// # Errors
///
/// As of [`filter_noisy`].
pub fn filter_noisy_mean(
    law: &PoolLaw,
    rewards: &[f64],
    sd: f64,
    threshold: f64,
    keep: u32,
) -> Result<Vec<f64>, LawError> {
    check(law, rewards, sd, threshold, keep)?;
    let own = Filter {
        law,
        rewards,
        sd,
        threshold,
        keep,
        pairs: false,
    };
    Ok(own.settled()?.mean)
}

fn check(law: &PoolLaw, rewards: &[f64], sd: f64, threshold: f64, keep: u32) -> Result<(), LawError> {
    law.check_keep(keep)?;
    law.check_rewards(rewards)?;
    law.check_modes()?;
    if law.candidates() > MOST_NOISY {
        return Err(LawError::NoisyCandidates(law.candidates()));
    }
    if !(sd.is_finite() && sd > 0.0 && !threshold.is_nan()) {
        return Err(LawError::Noise(sd));
    }
    Ok(())
}

/// The largest difference of two answers.
pub(super) fn distance(a: &Selected, b: &Selected) -> f64 {
    let entries = |s: &Selected| [&s.mean[..], &s.second[..]].concat();
    let pairs = entries(a).into_iter().zip(entries(b));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

struct Filter<'a> {
    law: &'a PoolLaw,
    rewards: &'a [f64],
    sd: f64,
    threshold: f64,
    keep: u32,
    /// Whether the second moment is asked for; without it only its diagonal of single candidates is filled.
    pairs: bool,
}

/// How many of the rivals are wrong: beside one candidate that is right, or wrong, and beside two, by how many of them are right.
struct Gates {
    of_one: [Vec<f64>; 2],
    of_two: [Vec<f64>; 3],
}

impl Filter<'_> {
    /// By rules of more and more nodes.
    fn settled(&self) -> Result<Selected, LawError> {
        let gates = self.gates();
        let passed = self.passed(&gates);
        let mut nodes = FIRST_NODES;
        let mut before = self.below(&passed, &gates, nodes);
        loop {
            nodes *= 2;
            let found = self.below(&passed, &gates, nodes);
            let difference = distance(&found, &before);
            if difference <= WITHIN {
                return Ok(found);
            }
            if nodes >= MOST_NODES {
                return Err(LawError::NotSettled {
                    noise: self.sd,
                    difference,
                    nodes,
                });
            }
            before = found;
        }
    }

    fn gates(&self) -> Gates {
        let n = self.law.candidates();
        let among = |rivals: u32, right: u32, wrong: u32| match self.law.wrong() {
            Some(own) => own.among(rivals, right, wrong),
            None => vec![1.0],
        };
        Gates {
            of_one: [among(n - 1, 0, 1), among(n - 1, 1, 0)],
            of_two: [0, 1, 2].map(|right| among(n.saturating_sub(2), right, 2 - right)),
        }
    }

    fn is_right(&self, mode: usize) -> bool {
        mode < self.law.right_modes()
    }

    /// How many of w wrong rivals score, w = 0, 1, ..., as far as `most`, if modes score with these chances.
    fn wrong_scores(&self, chances: &[[f64; 2]], most: u32) -> Vec<Vec<f64>> {
        let wrong = &chances[self.law.right_modes()..];
        let mean = |side: usize| wrong.iter().map(|own| own[side]).sum::<f64>() / wrong.len().max(1) as f64;
        let (score, miss) = (mean(0), mean(1));
        let of = |w: u32| {
            let mut all = pmf(w, score, miss, 0.0);
            all.truncate(most as usize + 1);
            all
        };
        let rivals = if wrong.is_empty() { 0 } else { self.law.candidates() - 1 };
        (0..=rivals).map(of).collect()
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

    /// The terms of a series beside one more candidate of a mode.
    fn beside(&self, series: &Series, terms: &Terms, chances: &[[f64; 2]], mode: usize) -> Terms {
        let mut own = terms.clone();
        if self.is_right(mode) {
            series.draw(&mut own, chances[mode]);
        }
        own
    }

    /// For each number of right ones among two candidates, what a function of the scores of the other rivals is to be summed with.
    fn of_two(&self, series: &Series, gates: &Gates, wrong: &[Vec<f64>], of: impl Fn(usize) -> f64) -> Vec<Terms> {
        let rivals = self.law.candidates() - 2;
        (0..3)
            .map(|right| series.mean_of(rivals, right, &gates.of_two[right as usize], wrong, &of))
            .collect()
    }

    fn nothing(&self) -> Selected {
        let modes = self.law.modes();
        Selected {
            mean: vec![0.0; modes],
            second: vec![0.0; modes * modes],
        }
    }

    /// What passes: both moments of the share of candidates kept of it.
    fn passed(&self, gates: &Gates) -> Selected {
        let (modes, n) = (self.law.modes(), self.law.candidates());
        let (mut found, keep) = (self.nothing(), f64::from(self.keep));
        let gap = |mode: usize| (self.rewards[mode] - self.threshold) / self.sd;
        let chances: Vec<[f64; 2]> = (0..modes)
            .map(|mode| [normal_cdf(gap(mode)), normal_cdf(-gap(mode))])
            .collect();
        if chances.iter().all(|chance| chance[0] == 0.0) {
            return found;
        }
        let series = Series::new(self.law, n - 1, n - 1);
        let (terms, wrong) = (series.terms(&chances), self.wrong_scores(&chances, n - 1));
        let one = |g: usize| (keep / (g as f64 + 1.0)).min(1.0);
        let two = |g: usize| match g as f64 + 2.0 {
            g if g <= keep => 1.0,
            g => keep * (keep - 1.0) / (g * (g - 1.0)),
        };
        let of_one = [0, 1].map(|right| series.mean_of(n - 1, right, &gates.of_one[right as usize], &wrong, one));
        let of_two = match self.pairs && n > 1 {
            true => self.of_two(&series, gates, &wrong, two),
            false => Vec::new(),
        };
        let n = f64::from(n);
        for a in 0..modes {
            let own = self.beside(&series, &terms, &chances, a);
            let right = usize::from(self.is_right(a));
            found.mean[a] = n / keep * self.law.weights()[a] * chances[a][0] * dot(&own, &of_one[right]);
            for b in (0..modes).filter(|_| !of_two.is_empty()) {
                let both = self.beside(&series, &own, &chances, b);
                let right = right + usize::from(self.is_right(b));
                let mass = self.pair(a, b) * chances[a][0] * chances[b][0];
                found.second[a * modes + b] = n * (n - 1.0) / (keep * keep) * mass * dot(&both, &of_two[right]);
            }
        }
        found
    }

    /// Both moments: what passes, and by rules of so many nodes what does not.
    fn below(&self, passed: &Selected, gates: &Gates, nodes: u32) -> Selected {
        let (modes, keep) = (self.law.modes(), f64::from(self.keep));
        let mut found = passed.clone();
        let rule = Legendre::new(nodes as usize);
        let series = Series::new(self.law, self.law.candidates() - 1, self.keep - 1);
        for mode in (0..modes).filter(|&mode| self.law.weights()[mode] > 0.0) {
            let passes = (self.threshold - self.rewards[mode]) / self.sd;
            let length = passes.min(END) + END;
            if length > 0.0 {
                for (x, width) in rule.on(length) {
                    let mass = width * normal_density(x - END);
                    self.add(&mut found, &series, gates, mode, (x - END, mass));
                }
            }
        }
        for a in 0..modes {
            found.second[a * modes + a] += found.mean[a] / keep;
        }
        found
    }

    /// Adds what a candidate of a mode with this epsilon of this mass, which does not pass, contributes: itself, and its pairs with better
    /// ones.
    fn add(&self, found: &mut Selected, series: &Series, gates: &Gates, mode: usize, (epsilon, mass): (f64, f64)) {
        let (modes, n, keep) = (self.law.modes(), self.law.candidates(), f64::from(self.keep));
        let gap = |other: usize| (self.rewards[other] - self.rewards[mode]) / self.sd - epsilon;
        let chances: Vec<[f64; 2]> = (0..modes)
            .map(|other| [normal_cdf(gap(other)), normal_cdf(-gap(other))])
            .collect();
        let wrong = self.wrong_scores(&chances, self.keep - 1);
        let own = self.beside(series, &series.terms(&chances), &chances, mode);
        let most = |most: u32| move |beaten: usize| if beaten as u32 <= most { 1.0 } else { 0.0 };
        let right = usize::from(self.is_right(mode));
        let kept = series.mean_of(n - 1, right as u32, &gates.of_one[right], &wrong, most(self.keep - 1));
        found.mean[mode] += mass * f64::from(n) / keep * self.law.weights()[mode] * dot(&own, &kept);
        if self.keep < 2 || !self.pairs {
            return;
        }
        let of_two = self.of_two(series, gates, &wrong, most(self.keep - 2));
        let pairs = f64::from(n) * f64::from(n - 1) / (keep * keep);
        // All modes of wrong responses leave the same rivals.
        let beside_wrong = dot(&own, &of_two[right]);
        for other in 0..modes {
            let both = match self.is_right(other) {
                true => dot(&self.beside(series, &own, &chances, other), &of_two[right + 1]),
                false => beside_wrong,
            };
            let value = mass * pairs * self.pair(mode, other) * chances[other][0] * both;
            found.second[mode * modes + other] += value;
            found.second[other * modes + mode] += value;
        }
    }
}
