//! Owns the probability that some mode has no response at all among those kept, and how many modes have one: exact, at random in
//! World A and with copies, and wherever it is known with which probability a prompt's kept responses avoid a set of modes.
//!
//! By inclusion and exclusion over the sets S of modes that may all be absent it is the sum of (-1)^(|S|+1) q(pi(S))^N_p,
//! where q(s) is the probability that none of a prompt's K responses lies in modes of mass s. The prompt's own mass outside
//! them is Beta(alpha (1-s), alpha s), so q(s) is its K-th moment, the product over j < K of (alpha (1-s) + j)/(alpha + j).
//! The expected number of modes that have a response is the sum over modes of 1 - q(pi_m)^N_p.
//!
//! It takes the modes' masses as they are and never draws.

use crate::numerics::elementary::{exp, ln_1p, power, powi};

/// The most modes whose sets are enumerated.
pub const MOST_MODES_ENUMERATED: usize = 16;

/// The most responses per prompt for which the share with copies is summed.
pub const MOST_COPIED: u64 = 128;

/// Factors of q that are multiplied one by one; those beyond follow from Stirling's series, which needs large arguments.
const HEAD: u64 = 64;

/// The probability that some mode has no response among `prompts` x `responses`. None for more than
/// [`MOST_MODES_ENUMERATED`] modes.
pub fn missing_share(base: &[f64], concentration: f64, prompts: u64, responses: u64) -> Option<f64> {
    if prompts.saturating_mul(responses) < base.len() as u64 {
        // Too few to show every mode: what the sum leaves below 1 is rounding.
        return (base.len() <= MOST_MODES_ENUMERATED).then_some(1.0);
    }
    some_absent(base, |mass| power(none_within(mass, concentration, responses), prompts))
}

/// The same where each response is, with `copy_probability`, one common draw of its prompt. None for more than
/// [`MOST_MODES_ENUMERATED`] modes or more than [`MOST_COPIED`] responses.
///
/// With n responses of their own among K, a binomial number, n + 1 draws of the urn must avoid S if n < K, and K if n = K.
pub fn missing_share_of_copies(
    base: &[f64],
    concentration: f64,
    copy_probability: f64,
    prompts: u64,
    responses: u64,
) -> Option<f64> {
    if responses > MOST_COPIED || base.len() > MOST_MODES_ENUMERATED {
        return None;
    }
    if prompts.saturating_mul(responses) < base.len() as u64 {
        return Some(1.0);
    }
    let own = own_responses(copy_probability, responses);
    some_absent(base, |mass| {
        power(none_of_copies_within(mass, concentration, &own), prompts)
    })
}

/// The expected number of modes with a response among `prompts` x `responses`, from 1 to the number of modes.
pub fn modes_seen(base: &[f64], concentration: f64, prompts: u64, responses: u64) -> f64 {
    let seen = |mass: &f64| 1.0 - power(none_within(*mass, concentration, responses), prompts);
    base.iter().map(seen).sum()
}

/// The same where each response is, with `copy_probability`, one common draw of its prompt. None for more than
/// [`MOST_COPIED`] responses.
pub fn modes_seen_of_copies(
    base: &[f64],
    concentration: f64,
    copy_probability: f64,
    prompts: u64,
    responses: u64,
) -> Option<f64> {
    if responses > MOST_COPIED {
        return None;
    }
    let own = own_responses(copy_probability, responses);
    let seen = |mass: &f64| 1.0 - power(none_of_copies_within(*mass, concentration, &own), prompts);
    Some(base.iter().map(seen).sum())
}

/// [`missing_share`] of prompts of several kinds with one base, each a share and a concentration; the shares sum to 1. None for more than
/// [`MOST_MODES_ENUMERATED`] modes.
pub fn missing_share_of_kinds(base: &[f64], kinds: &[(f64, f64)], prompts: u64, responses: u64) -> Option<f64> {
    if prompts.saturating_mul(responses) < base.len() as u64 {
        return (base.len() <= MOST_MODES_ENUMERATED).then_some(1.0);
    }
    some_absent(base, |mass| {
        power(none_of_kinds_within(mass, kinds, responses), prompts)
    })
}

/// [`modes_seen`] of prompts of several kinds, as [`missing_share_of_kinds`].
pub fn modes_seen_of_kinds(base: &[f64], kinds: &[(f64, f64)], prompts: u64, responses: u64) -> f64 {
    let seen = |mass: &f64| 1.0 - power(none_of_kinds_within(*mass, kinds, responses), prompts);
    base.iter().map(seen).sum()
}

/// q(mass) of a prompt of a random kind.
fn none_of_kinds_within(mass: f64, kinds: &[(f64, f64)], responses: u64) -> f64 {
    let of_kind = |(share, concentration): &(f64, f64)| share * none_within(mass, *concentration, responses);
    kinds.iter().map(of_kind).sum()
}

/// The probability that some mode has no response, where those kept of one prompt avoid a set of modes with probability
/// `avoided` (bit m of the set for mode m) and prompts are independent. None for more than [`MOST_MODES_ENUMERATED`] modes.
pub fn missing_share_of_sets(modes: usize, prompts: u64, avoided: impl Fn(u32) -> f64) -> Option<f64> {
    alternating(modes, |set| power(avoided(set), prompts))
}

/// The expected number of modes with a response, as [`missing_share_of_sets`].
pub fn modes_seen_of_sets(modes: usize, prompts: u64, avoided: impl Fn(u32) -> f64) -> f64 {
    let seen = |mode: usize| 1.0 - power(avoided(1 << mode), prompts);
    (0..modes).map(seen).sum()
}

/// q(mass) with copies: `own` is the law of the number of responses that are none.
fn none_of_copies_within(mass: f64, concentration: f64, own: &[f64]) -> f64 {
    let most = own.len() - 1;
    let (mut avoided, mut sum) = (1.0, 0.0);
    for (n, weight) in own.iter().enumerate() {
        // With n of their own there are n + 1 draws, unless there is no copy.
        avoided *= if n < most {
            factor(mass, concentration, n as u64)
        } else {
            1.0
        };
        sum += weight * avoided;
    }
    sum
}

/// P(n of `responses` are no copies), n = 0 .. `responses`: one response after the other, so that no term is a difference.
fn own_responses(copy_probability: f64, responses: u64) -> Vec<f64> {
    let mut weights = vec![0.0; responses as usize + 1];
    weights[0] = 1.0;
    for drawn in 1..weights.len() {
        for n in (1..=drawn).rev() {
            weights[n] = weights[n] * copy_probability + weights[n - 1] * (1.0 - copy_probability);
        }
        weights[0] *= copy_probability;
    }
    weights
}

/// Inclusion and exclusion; `absent` gives the probability that modes of a total mass have no response, and falls with it.
fn some_absent(base: &[f64], absent: impl Fn(f64) -> f64) -> Option<f64> {
    let rarest = base.iter().copied().fold(f64::INFINITY, f64::min);
    let limit = negligible_from(rarest, base.len(), &absent);
    alternating(base.len(), |set| {
        let members = base.iter().enumerate().filter(|(m, _)| set >> m & 1 == 1);
        let mass: f64 = members.map(|(_, p)| p).sum();
        if mass >= limit { 0.0 } else { absent(mass) }
    })
}

/// The sum over sets of modes, with alternating signs, of the probability that all of a set are absent. None for too many modes.
fn alternating(modes: usize, absent: impl Fn(u32) -> f64) -> Option<f64> {
    if modes > MOST_MODES_ENUMERATED {
        return None;
    }
    let of_set = |set: u32| {
        // All modes cannot be absent at once; rounding must not say otherwise.
        let all = set.count_ones() as usize == modes;
        let value = if all { 0.0 } else { absent(set) };
        if set.count_ones() % 2 == 1 { value } else { -value }
    };
    let total: f64 = (1..1_u32 << modes).map(of_set).sum();
    Some(total.clamp(0.0, 1.0))
}

/// A mass from which on sets do not count: all of them together are below 2^-57 of the largest term, which is below the sum.
fn negligible_from(rarest: f64, modes: usize, absent: &impl Fn(f64) -> f64) -> f64 {
    let share = powi(0.5, 57 + modes as i32);
    let least = absent(rarest) * share;
    let (mut counts, mut negligible) = (rarest, 1.0);
    for _ in 0..24 {
        let middle = 0.5 * (counts + negligible);
        match absent(middle) <= least {
            true => negligible = middle,
            false => counts = middle,
        }
    }
    negligible
}

/// The probability that a draw of the urn avoids modes of this mass if the `earlier` draws did.
fn factor(mass: f64, concentration: f64, earlier: u64) -> f64 {
    (concentration * (1.0 - mass) + earlier as f64) / (concentration + earlier as f64)
}

/// q(mass): the probability that no response of a prompt lies in modes of this mass.
fn none_within(mass: f64, concentration: f64, responses: u64) -> f64 {
    let head: f64 = (0..responses.min(HEAD))
        .map(|j| factor(mass, concentration, j))
        .product();
    if responses <= HEAD {
        return head;
    }
    let low = concentration * (1.0 - mass) + HEAD as f64;
    head * exp(ln_ratio(low, concentration * mass, (responses - HEAD) as f64))
}

/// ln of the product over j < `count` of (low + j)/(low + gap + j), `low` 64 or more: lnGamma at low + count and low + gap less
/// that at low and low + gap + count.
///
/// Of lnGamma(y) = (y - 1/2) ln y - y + mu(y) the large parts cancel on paper: what is left of y ln y are three terms no
/// larger than some times the smaller of `gap` and `count`, so that the error is some roundings of it, no more than that of
/// `count` factors. The series of mu after four terms errs by less than 1e-19 at 64.
fn ln_ratio(low: f64, gap: f64, count: f64) -> f64 {
    let (small, large) = if gap < count { (gap, count) } else { (count, gap) };
    let both = low + gap + count;
    let main =
        low * ln_1p(small / low) - (low + large) * ln_1p(small / (low + large)) - small * ln_1p(large / (low + small));
    let half = -0.5 * ln_1p(small / low * (large / both));
    main + half + (mu(low + count) - mu(low)) - (mu(both) - mu(low + gap))
}

/// lnGamma(y) less (y - 1/2) ln y - y + ln(2 pi)/2: Stirling's series (Abramowitz and Stegun 6.1.41).
fn mu(y: f64) -> f64 {
    let square = 1.0 / (y * y);
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0))) / y
}

#[cfg(test)]
#[path = "missing_tests.rs"]
mod tests;
