//! Owns means over prompts of functions of their weights: points of the simplex, and a weight for each, that integrate polynomials against
//! a Dirichlet density without error.
//!
//! Weights are broken off a stick, pi_1 = v_1, pi_2 = (1 - v_1) v_2, ..., the v_i independent betas (Connor and Mosimann 1969), each of
//! which has a Gauss-Jacobi rule: nodes and weights are the eigenvalues and the squared first entries of the eigenvectors of the matrix of
//! its three-term recurrence (Golub and Welsch 1969; Abramowitz and Stegun 1964, 22.7.1).

use crate::numerics::symmetric::spectrum;

/// The points of [`dirichlet_points`], without making them; saturating.
pub fn points(plans: usize, nodes: usize) -> usize {
    let sticks = u32::try_from(plans.saturating_sub(1)).unwrap_or(u32::MAX);
    nodes.saturating_pow(sticks)
}

/// Points of the simplex, each after its weight, with which means over pi ~ Dirichlet(`concentration` `base`) of polynomials in pi up to
/// degree 2 `nodes` - 1 have no error but rounding. Base weights are positive and sum to 1; an infinite concentration has one point.
pub fn dirichlet_points(base: &[f64], concentration: f64, nodes: usize) -> Vec<(f64, Vec<f64>)> {
    if concentration == f64::INFINITY {
        return vec![(1.0, base.to_vec())];
    }
    let mut found = vec![(1.0, Vec::new(), 1.0)];
    for (place, own) in base.iter().enumerate().take(base.len() - 1) {
        let after: f64 = base[place + 1..].iter().sum();
        let rule = beta_rule(concentration * own, concentration * after, nodes);
        let longer = |(weight, weights, left): &(f64, Vec<f64>, f64)| {
            let broken = |&(v, share): &(f64, f64)| {
                let mut all = weights.clone();
                all.push(left * v);
                (weight * share, all, left * (1.0 - v))
            };
            rule.iter().map(broken).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(longer).collect();
    }
    let closed = |(weight, mut weights, left): (f64, Vec<f64>, f64)| {
        weights.push(left);
        (weight, weights)
    };
    found.into_iter().map(closed).collect()
}

/// Nodes in [0, 1] and their weights, which sum to 1, for a beta variable of parameters `a` and `b`.
fn beta_rule(a: f64, b: f64, nodes: usize) -> Vec<(f64, f64)> {
    let sum = a + b;
    let mut matrix = vec![0.0; nodes * nodes];
    for k in 0..nodes {
        let two = 2.0 * k as f64;
        // On [-1, 1], of the weight (1 - t)^(b - 1) (1 + t)^(a - 1).
        matrix[k * nodes + k] = match k {
            0 => (a - b) / sum,
            _ => (a - b) / ((two - 2.0) + sum) * ((sum - 2.0) / (two + sum)),
        };
        if k > 0 {
            // Whole numbers first: a sum near 0 keeps its digits.
            let (own, below) = (k as f64, (two - 2.0) + sum);
            let square = match k {
                1 => 4.0 * (a / sum) * (b / sum) / (sum + 1.0),
                _ => {
                    let top = 4.0 * own * ((own - 1.0) + a) * ((own - 1.0) + b) * ((own - 2.0) + sum);
                    top / (below * below * (below + 1.0) * (below - 1.0))
                }
            };
            matrix[(k - 1) * nodes + k] = square.sqrt();
        }
    }
    let found = spectrum(&matrix, nodes);
    let one = |(value, vector): (&f64, &Vec<f64>)| ((0.5 * (1.0 + value)).clamp(0.0, 1.0), vector[0] * vector[0]);
    found.values.iter().zip(&found.vectors).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::powi;

    /// E prod pi_z^m_z = prod (alpha base_z)^(rising m_z)/alpha^(rising sum).
    fn moment(base: &[f64], alpha: f64, powers: &[u32]) -> f64 {
        let rising = |x: f64, n: u32| (0..n).map(|i| x + f64::from(i)).product::<f64>();
        let top: f64 = base.iter().zip(powers).map(|(b, &m)| rising(alpha * b, m)).product();
        top / rising(alpha, powers.iter().sum())
    }

    /// Relative to the largest term: eigenvectors are exact to rounding of the whole.
    #[test]
    fn moments_up_to_the_degree_are_those_of_the_dirichlet_and_no_further() {
        let base = [0.4, 0.3, 0.2, 0.1];
        for alpha in [1e-3, 0.5, 4.0, 300.0] {
            let points = dirichlet_points(&base, alpha, 9);
            assert_eq!(points.len(), super::points(4, 9));
            let found = |powers: [u32; 4]| -> f64 {
                let power = |pi: &[f64]| pi.iter().zip(powers).map(|(p, m)| powi(*p, m as i32)).product::<f64>();
                points.iter().map(|(weight, pi)| weight * power(pi)).sum()
            };
            for powers in [
                [0; 4],
                [1, 0, 0, 0],
                [0, 0, 0, 1],
                [1, 1, 1, 1],
                [2, 3, 1, 4],
                [16, 0, 0, 0],
                [0, 0, 0, 17],
                [5, 4, 4, 4],
            ] {
                let (own, exact) = (found(powers), moment(&base, alpha, &powers));
                assert!((own - exact).abs() < 1e-13, "{alpha} {powers:?}: {own} {exact}");
            }
            if alpha == 4.0 {
                let beyond = found([0, 0, 0, 18]) / moment(&base, alpha, &[0, 0, 0, 18]);
                assert!((beyond - 1.0).abs() > 1e-10, "{beyond}");
            }
        }
        assert_eq!(dirichlet_points(&base, f64::INFINITY, 9), [(1.0, base.to_vec())]);
    }
}
