//! Owns Best-K-of-N with noisy rewards R_m + sd * epsilon, epsilon standard normal, where prompts are all alike.
//!
//! A candidate of reward r is beaten by a rival with probability S(r) = sum_j pi_j Phi((R_j - r)/sd), so
//! q(m) = pi_m E w(S(R_m + sd epsilon)), w of [`spectral`](super::spectral). Two candidates of rewards r and r' are both kept when at
//! most K - 2 of the other N - 2 beat the worse one, so E f_a f_b is again an integral over one epsilon, that of the worse. The
//! trapezoid rule on [-8.5, 8.5] converges geometrically for such integrands (Trefethen and Weideman 2014);
//! the normal mass beyond is 2e-17.

use super::filtered::{END, WITHIN, distance, filter_noisy};
use super::urn::at_most;
use super::{LawError, PoolLaw, Selected, best};
use crate::numerics::special::{normal_cdf, normal_density};

/// Nodes of the first rule; each further rule has one less than twice as many.
const FIRST_NODES: u32 = 129;
/// N = 1024 needs 513.
const MOST_NODES: u32 = 4097;

/// The mean and second moment of the share that Best-K-of-N keeps when a candidate of mode m has the reward `rewards[m]` plus normal
/// noise of standard deviation `sd`. Absolute error about 1e-12, which is not a relative one for the rarest modes.
///
/// Where prompts differ (finite concentration) or responses may be wrong it is that of [`filter_noisy`](super::filter_noisy) which nothing
/// passes.
///
/// # Errors
///
/// As of [`best`](super::best) and [`filter_noisy`](super::filter_noisy); when `sd` is negative, infinite or NaN; when two trapezoid rules
/// do not settle to 1e-12.
pub fn best_noisy(law: &PoolLaw, rewards: &[f64], sd: f64, keep: u32) -> Result<Selected, LawError> {
    if !(sd.is_finite() && sd >= 0.0) {
        return Err(LawError::Noise(sd));
    }
    if sd == 0.0 {
        return best::best(law, rewards, keep);
    }
    law.check_keep(keep)?;
    law.check_rewards(rewards)?;
    law.check_modes()?;
    if law.spread() > 0.0 || law.wrong().is_some() {
        return filter_noisy(law, rewards, sd, f64::INFINITY, keep);
    }
    let mut nodes = FIRST_NODES;
    let mut before = at_nodes(law, rewards, sd, keep, nodes);
    loop {
        nodes = 2 * nodes - 1;
        let found = at_nodes(law, rewards, sd, keep, nodes);
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

/// Both moments by the trapezoid rule with `nodes` nodes.
pub(super) fn at_nodes(law: &PoolLaw, rewards: &[f64], sd: f64, keep: u32, nodes: u32) -> Selected {
    let (weights, modes) = (law.weights(), law.modes());
    let (n, k) = (f64::from(law.candidates()), f64::from(keep));
    let pairs = n * (n - 1.0) / (k * k);
    let mut found = Selected {
        mean: vec![0.0; modes],
        second: vec![0.0; modes * modes],
    };
    for (a, node) in (0..modes).flat_map(|a| (0..nodes).map(move |i| (a, i))) {
        let epsilon = END * (2.0 * f64::from(node) / f64::from(nodes - 1) - 1.0);
        let mass = weights[a] * normal_density(epsilon) * (2.0 * END / f64::from(nodes - 1));
        // The standardised gap to each mode's reward; where rewards are equal it is 0 even for the smallest noise.
        let gap = |b: usize| (rewards[b] - rewards[a]) / sd - epsilon;
        let sum = |sign: f64| (0..modes).map(|b| weights[b] * normal_cdf(sign * gap(b))).sum::<f64>();
        // Both probabilities are summed, for each may be the small one.
        let (beaten, safe) = (sum(1.0), sum(-1.0));
        found.mean[a] += mass * (n / k) * at_most(law.candidates() - 1, keep - 1, beaten, safe);
        if keep < 2 {
            continue;
        }
        let both = mass * pairs * at_most(law.candidates() - 2, keep - 2, beaten, safe);
        for b in 0..modes {
            // The other one, of mode b, is the better of the two.
            let value = both * weights[b] * normal_cdf(gap(b));
            found.second[a * modes + b] += value;
            found.second[b * modes + a] += value;
        }
    }
    for a in 0..modes {
        found.second[a * modes + a] += found.mean[a] / k;
    }
    found
}
