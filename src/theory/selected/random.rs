//! Owns Random-K-of-N: the moments of K exchangeable draws from the urn, whatever N is.

use super::{LawError, PoolLaw, Selected};

/// The share kept by Random-K-of-N: E f = pibar, and two kept responses are two draws from the urn:
/// E f_a f_b = (1 - 1/K) pibar_a (alpha pibar_b + [a=b])/(alpha + 1) + [a=b] pibar_a/K.
///
/// # Errors
///
/// When K is not 1 to N, or there are more than 1024 modes.
pub fn random(law: &PoolLaw, keep: u32) -> Result<Selected, LawError> {
    law.check_keep(keep)?;
    law.check_modes()?;
    let (weights, spread) = (law.weights(), law.spread());
    let one = 1.0 / f64::from(keep);
    let mut second = Vec::with_capacity(weights.len() * weights.len());
    for (a, p) in weights.iter().enumerate() {
        for (b, q) in weights.iter().enumerate() {
            let same = if a == b { 1.0 } else { 0.0 };
            let pair = p * (q + same * spread) / (1.0 + spread);
            second.push((1.0 - one) * pair + same * p * one);
        }
    }
    Ok(Selected {
        mean: weights.to_vec(),
        second,
    })
}
