//! Owns when selection turns the gradient against the truth: the condition, the certificate that no reward does, and the worst reward.
//!
//! A policy p(x) with logits Theta phi(x) over M modes has the true gradient g = E[(p - pi) phi^T]; on responses with the distribution
//! q = pi t it has g_S = E[(p - q) phi^T]. A step of length 1 against g changes the logits by -h(x), h(x) = g phi(x). Since g - g_S =
//! E[(q - pi) phi^T],
//!
//! `<g_S, g> = |g|^2 - E Cov_pi(h, t)`, so that cos(g_S, g) < 0 exactly if E Cov_pi(h, t) > |g|^2.
//!
//! Best-K-of-N weighs a response by w(u), u the share of rivals that beat it, so |E Cov_pi(h, t)| <= sqrt(E Var_pi h) sigma_w by
//! Cauchy and Schwarz, whatever the reward ([`weight_spread`](super::selected::weight_spread)): where sigma_w is below
//! |g|^2/sqrt(E Var_pi h) the cosine is positive for every reward.
//!
//! Every rule that keeps K of N, each counting 1/K, keeps of a set of modes at most F(S) = E min(K, C_S)/K in mean
//! ([`most_kept`]), which Best-K-of-N reaches for the sets that it prefers. F is submodular (min(K, .) is concave), so what a rule keeps
//! lies in the base polytope of F, whose vertices are the orders of modes (Edmonds 1970): over all rules a linear form is greatest at a
//! reward order. For one softmax that all prompts share it is the order of h itself. With features it is not one of sorting, and
//! [`best_order`] finds it among all M! by a dynamic program over sets.

use super::selected::{PoolLaw, most_kept};

/// One prompt of a population. The distributions have one entry per mode.
#[derive(Debug, Clone, Copy)]
pub struct Prompt<'a> {
    /// Its share of the population.
    pub weight: f64,
    /// phi, one number per feature.
    pub features: &'a [f64],
    /// pi.
    pub truth: &'a [f64],
    /// p.
    pub policy: &'a [f64],
}

/// The true gradient of a population: M x d by rows, in nats per unit of logit.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueGradient {
    entries: Vec<f64>,
    features: usize,
}

impl TrueGradient {
    /// g = E[(p - pi) phi^T]. All prompts have as many modes and features, at least one of each.
    pub fn new(prompts: &[Prompt<'_>]) -> Self {
        let features = prompts.first().map_or(0, |own| own.features.len());
        let modes = prompts.first().map_or(0, |own| own.truth.len());
        let mut entries = vec![0.0; modes * features];
        for own in prompts {
            for (row, (p, pi)) in entries.chunks_exact_mut(features).zip(own.policy.iter().zip(own.truth)) {
                let of_feature = row.iter_mut().zip(own.features);
                of_feature.for_each(|(entry, phi)| *entry += own.weight * (p - pi) * phi);
            }
        }
        Self { entries, features }
    }

    /// |g|^2.
    pub fn squared_norm(&self) -> f64 {
        self.entries.iter().map(|entry| entry * entry).sum()
    }

    /// h(x) = g phi(x), one number per mode.
    pub fn logit_change(&self, features: &[f64]) -> Vec<f64> {
        let rows = self.entries.chunks_exact(self.features);
        rows.map(|row| row.iter().zip(features).map(|(g, phi)| g * phi).sum())
            .collect()
    }

    /// E Cov_pi(h, t) = E h . (q - pi), where `selected` holds q of each prompt.
    pub fn covariance(&self, prompts: &[Prompt<'_>], selected: &[Vec<f64>]) -> f64 {
        let of_prompt = |(own, q): (&Prompt<'_>, &Vec<f64>)| {
            let h = self.logit_change(own.features);
            let tilted = h.iter().zip(q.iter().zip(own.truth));
            own.weight * tilted.map(|(h, (q, pi))| h * (q - pi)).sum::<f64>()
        };
        prompts.iter().zip(selected).map(of_prompt).sum()
    }

    /// E Var_pi(h).
    pub fn spread(&self, prompts: &[Prompt<'_>]) -> f64 {
        let of_prompt = |own: &Prompt<'_>| {
            let h = self.logit_change(own.features);
            let mean: f64 = h.iter().zip(own.truth).map(|(h, pi)| h * pi).sum();
            let squares = h.iter().zip(own.truth).map(|(h, pi)| pi * (h - mean) * (h - mean));
            own.weight * squares.sum::<f64>()
        };
        prompts.iter().map(of_prompt).sum()
    }

    /// The greatest E Cov_pi(h, t) of Best-K-of-N over all orders of rewards among modes, and the order from best to worst.
    ///
    /// `laws` holds the pool's law of each prompt: that of pi(x) with infinite concentration, N candidates. There are at most
    /// [`MOST_ORDERED`] modes, and `keep` is 1 to N.
    pub fn greatest_covariance(&self, prompts: &[Prompt<'_>], laws: &[PoolLaw], keep: u32) -> (f64, Vec<usize>) {
        let modes = prompts.first().map_or(0, |own| own.truth.len());
        let changes: Vec<Vec<f64>> = prompts.iter().map(|own| self.logit_change(own.features)).collect();
        let of_sets = |law: &PoolLaw| -> Vec<f64> {
            let mass = |set: usize| -> f64 { (0..modes).filter(|m| set >> m & 1 == 1).map(|m| law.weights()[m]).sum() };
            (0..1_usize << modes)
                .map(|set| most_kept(law, keep, mass(set)))
                .collect()
        };
        let kept: Vec<Vec<f64>> = laws.iter().map(of_sets).collect();
        let gain = |better: usize, mode: usize| -> f64 {
            let all = prompts.iter().zip(&changes).zip(&kept);
            all.map(|((own, h), kept)| own.weight * h[mode] * (kept[better | 1 << mode] - kept[better]))
                .sum()
        };
        let (greatest, order) = best_order(modes, gain);
        let truths: Vec<Vec<f64>> = prompts.iter().map(|_| vec![0.0; modes]).collect();
        (greatest + self.covariance(prompts, &truths), order)
    }
}

/// The most modes whose orders are gone through: 2^M sets.
pub const MOST_ORDERED: usize = 20;

/// The greatest sum over an order of `modes` modes of `gain(set of those before, mode)`, and the order that has it, first to last. Bit m
/// of a set is mode m; there are at most [`MOST_ORDERED`].
///
/// By the best sums of sets: M 2^(M - 1) gains instead of M! orders (Held and Karp 1962).
pub fn best_order(modes: usize, gain: impl Fn(usize, usize) -> f64) -> (f64, Vec<usize>) {
    let sets = 1_usize << modes;
    let (mut best, mut last) = (vec![f64::NEG_INFINITY; sets], vec![0; sets]);
    best[0] = 0.0;
    for set in 1..sets {
        for mode in (0..modes).filter(|mode| set >> mode & 1 == 1) {
            let before = set & !(1 << mode);
            let sum = best[before] + gain(before, mode);
            if sum > best[set] {
                (best[set], last[set]) = (sum, mode);
            }
        }
    }
    let mut order = Vec::with_capacity(modes);
    let mut set = sets - 1;
    while set > 0 {
        order.push(last[set]);
        set &= !(1 << last[set]);
    }
    order.reverse();
    (best[sets - 1], order)
}

/// The greatest h . (q - pibar) that any rule which keeps K of N reaches, q what it keeps in mean: by Edmonds's greedy, along h from its
/// greatest entry. `h` has one number per mode of `law`, whose weights are pibar, and `keep` is 1 to N.
///
/// For a softmax that all prompts share this is the greatest E Cov(h, t), and over all rewards.
pub fn greatest_shared_covariance(law: &PoolLaw, h: &[f64], keep: u32) -> f64 {
    let mut order: Vec<usize> = (0..h.len()).collect();
    order.sort_by(|&a, &b| h[b].total_cmp(&h[a]));
    let (mut mass, mut kept, mut sum) = (0.0, 0.0, 0.0);
    for mode in order {
        mass += law.weights()[mode];
        let with = most_kept(law, keep, mass);
        sum += h[mode] * (with - kept - law.weights()[mode]);
        kept = with;
    }
    sum
}

#[cfg(test)]
#[path = "misalignment_tests.rs"]
mod tests;
