//! Owns the Vendi score of a policy at a prompt (Friedman and Dieng 2023): the exponential of the entropy of the eigenvalues of
//! D^(1/2) S D^(1/2), D the policy's probabilities and S the cosines of the modes' centres. An effective number of modes: as many as
//! exp(entropy) where centres are orthogonal, fewer where they resemble each other.

use super::view::PromptView;
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::symmetric::effective_number;
use crate::world::Centres;

/// Of eight policies at one prompt of a world with embeddings.
pub(super) fn vendi(view: &PromptView<'_>) -> Lanes<f64> {
    match view.population.attributes().map(|own| own.embedding.centres) {
        Some(Centres::Correlated(cosine)) => correlated(view.p, cosine),
        _ => view.entropy().map(exp),
    }
}

/// Of centres any two of which have this cosine.
fn correlated(p: &[Lanes<f64>], cosine: f64) -> Lanes<f64> {
    let modes = p.len();
    let mut matrix = vec![0.0; modes * modes];
    let mut of_lane = |l: usize| {
        for (at, entry) in matrix.iter_mut().enumerate() {
            let (i, j) = (at / modes, at % modes);
            let alike = if i == j { 1.0 } else { cosine };
            *entry = alike * (p[i][l] * p[j][l]).sqrt();
        }
        effective_number(&matrix, modes)
    };
    let mut scores = [0.0; LANES];
    (0..LANES).for_each(|l| scores[l] = of_lane(l));
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::ln;

    /// Of equal probabilities the eigenvalues are (1 + (M-1)c)/M once and (1-c)/M otherwise.
    #[test]
    fn equal_probabilities_have_known_eigenvalues() {
        let (modes, cosine) = (5, 0.3);
        let p = vec![[1.0 / modes as f64; LANES]; modes];
        let (high, low) = ((1.0 + 4.0 * cosine) / 5.0, (1.0 - cosine) / 5.0);
        let entropy = -high * ln(high) - 4.0 * low * ln(low);
        let found = correlated(&p, cosine);
        assert!(found.iter().all(|own| (own - exp(entropy)).abs() < 1e-12), "{found:?}");
        assert!(found[0] < 5.0 - 0.1, "centres that resemble each other count for fewer");
    }

    /// Of two modes they are those of a matrix of two rows.
    #[test]
    fn two_modes_by_hand() {
        let (p, cosine) = (0.2, 0.7);
        let root = (0.36 + 4.0 * cosine * cosine * 0.16_f64).sqrt();
        let (high, low) = (0.5 * (1.0 + root), 0.5 * (1.0 - root));
        let expected = exp(-high * ln(high) - low * ln(low));
        let found = correlated(&[[p; LANES], [1.0 - p; LANES]], cosine);
        assert!((found[3] - expected).abs() < 1e-12, "{found:?} {expected}");
    }
}
