//! Owns the best log-linear policy of a population: p(m given x) = softmax(Theta phi(x))_m with the last row of Theta 0, by Newton's method.
//!
//! It minimises E_x[-sum_m pi_m ln p_m] + ridge/2 |Theta|^2 over prompts that are all known: the limit of fits of endless data.

use crate::numerics::cholesky::Cholesky;
use crate::numerics::elementary::ln;
use crate::numerics::gram::Gram;
use crate::numerics::softmax::softmax;

/// The decrement g'H^-1 g, twice the loss that a step promises to take away, below which the step is the last.
const CONVERGED: f64 = 1e-20;

/// Below it a whole step is taken unseen: the loss would not show the gain for its rounding.
const QUADRATIC: f64 = 1e-10;

/// More steps than any population with shares above rounding needs; a dozen are usual.
const MOST_STEPS: usize = 200;

/// The share of the promised gain with which a step is content (Armijo 1966).
const ENOUGH: f64 = 1e-4;

/// A population as a log-linear policy sees it.
struct Prompts<'a> {
    features: &'a [f64],
    coordinates: usize,
    used: usize,
    pi: &'a [f64],
    modes: usize,
    ridge: f64,
    /// What each prompt counts; none where all count alike, and sum to 1.
    weights: Option<&'a [f64]>,
}

/// theta*, (modes - 1) x used: of `features`, prompts x `coordinates`, the policy sees the first `used`. `pi` has prompts x `modes` shares.
/// Without a ridge a mode that no prompt ever has would need an infinite logit; then what the last step reached.
pub fn log_linear_optimum(
    features: &[f64],
    coordinates: usize,
    used: usize,
    pi: &[f64],
    modes: usize,
    ridge: f64,
) -> Vec<f64> {
    optimum(&Prompts {
        features,
        coordinates,
        used,
        pi,
        modes,
        ridge,
        weights: None,
    })
}

/// The same where each prompt counts as its weight says, 0 or more: it minimises sum_x w_x[-sum_m pi_m ln p_m] + ridge/2 |Theta|^2.
pub fn weighted_log_linear_optimum(
    features: &[f64],
    coordinates: usize,
    used: usize,
    pi: &[f64],
    weights: &[f64],
    modes: usize,
    ridge: f64,
) -> Vec<f64> {
    optimum(&Prompts {
        features,
        coordinates,
        used,
        pi,
        modes,
        ridge,
        weights: Some(weights),
    })
}

fn optimum(prompts: &Prompts<'_>) -> Vec<f64> {
    let mut theta = vec![0.0; (prompts.modes - 1) * prompts.used];
    for _ in 0..MOST_STEPS {
        let (gradient, hessian) = prompts.slopes(&theta);
        let step = solve_damped(&hessian, &gradient);
        let decrement: f64 = gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
        let share = if decrement < QUADRATIC {
            1.0
        } else {
            prompts.share(&theta, &step, decrement)
        };
        theta.iter_mut().zip(&step).for_each(|(theta, s)| *theta -= share * s);
        if decrement < CONVERGED {
            break;
        }
    }
    theta
}

/// The probabilities of a log-linear policy, prompts x modes, for features as [`log_linear_optimum`] has them.
pub fn log_linear_policy(features: &[f64], coordinates: usize, used: usize, theta: &[f64]) -> Vec<f64> {
    let modes = theta.len() / used + 1;
    let mut p = vec![0.0; features.len() / coordinates * modes];
    for (phi, row) in features.chunks_exact(coordinates).zip(p.chunks_exact_mut(modes)) {
        for (logit, theta) in row.iter_mut().zip(theta.chunks_exact(used)) {
            *logit = theta.iter().zip(phi).map(|(theta, phi)| theta * phi).sum();
        }
        softmax(row);
    }
    p
}

/// The derivatives of the logits of one prompt, modes x ((modes - 1) used): what [`super::sandwich::policy_components`] asks for.
pub fn log_linear_jacobian(phi: &[f64], used: usize, modes: usize, out: &mut [f64]) {
    let parameters = (modes - 1) * used;
    out.fill(0.0);
    for (m, row) in out.chunks_exact_mut(parameters).take(modes - 1).enumerate() {
        row[m * used..][..used].copy_from_slice(&phi[..used]);
    }
}

/// E_x[-sum_m pi_m ln p_m], in nats. A mode that is never drawn costs nothing, even where the policy has none of it.
pub fn cross_entropy(modes: usize, p: &[f64], pi: &[f64]) -> f64 {
    let drawn = pi.iter().zip(p).filter(|(pi, _)| **pi > 0.0);
    let total: f64 = drawn.map(|(pi, p)| -pi * ln(*p)).sum();
    total / (pi.len() / modes) as f64
}

impl Prompts<'_> {
    fn count(&self) -> f64 {
        (self.features.len() / self.coordinates) as f64
    }

    /// What a number of one prompt is in the loss.
    fn weigh(&self, prompt: usize, x: f64) -> f64 {
        match self.weights {
            Some(weights) => weights[prompt] * x,
            None => x / self.count(),
        }
    }

    fn policy(&self, theta: &[f64]) -> Vec<f64> {
        log_linear_policy(self.features, self.coordinates, self.used, theta)
    }

    /// What is minimised.
    fn loss(&self, theta: &[f64]) -> f64 {
        let squares: f64 = theta.iter().map(|x| x * x).sum();
        let p = self.policy(theta);
        let entropy = match self.weights {
            Some(weights) => self.weighted_cross_entropy(&p, weights),
            None => cross_entropy(self.modes, &p, self.pi),
        };
        entropy + 0.5 * self.ridge * squares
    }

    /// sum_x w_x[-sum_m pi_m ln p_m].
    fn weighted_cross_entropy(&self, p: &[f64], weights: &[f64]) -> f64 {
        let prompts = p.chunks_exact(self.modes).zip(self.pi.chunks_exact(self.modes));
        let each = prompts
            .zip(weights)
            .map(|((p, pi), weight)| weight * cross_entropy(self.modes, p, pi));
        each.sum()
    }

    /// Its gradient and Hessian.
    fn slopes(&self, theta: &[f64]) -> (Vec<f64>, Gram) {
        let mut gradient: Vec<f64> = theta.iter().map(|theta| self.ridge * theta).collect();
        let mut hessian = Gram::new(theta.len());
        hessian.add_to_diagonal(self.ridge);
        let p = self.policy(theta);
        let prompts = self.features.chunks_exact(self.coordinates);
        let shares = p.chunks_exact(self.modes).zip(self.pi.chunks_exact(self.modes));
        for (prompt, (phi, (p, pi))) in prompts.zip(shares).enumerate() {
            for (m, row) in gradient.chunks_exact_mut(self.used).enumerate() {
                let difference = self.weigh(prompt, p[m] - pi[m]);
                row.iter_mut().zip(phi).for_each(|(sum, phi)| *sum += difference * phi);
            }
            self.add_curvature(&mut hessian, prompt, &phi[..self.used], p);
        }
        (gradient, hessian)
    }

    /// Adds (diag p - p p') x phi phi' of one prompt.
    fn add_curvature(&self, hessian: &mut Gram, prompt: usize, phi: &[f64], p: &[f64]) {
        for a in 0..self.modes - 1 {
            for b in a..self.modes - 1 {
                let both = if a == b { p[a] * (1.0 - p[a]) } else { -p[a] * p[b] };
                for i in 0..self.used {
                    let factor = self.weigh(prompt, both) * phi[i];
                    let from = if a == b { i } else { 0 };
                    for j in from..self.used {
                        hessian.add_to(a * self.used + i, b * self.used + j, factor * phi[j]);
                    }
                }
            }
        }
    }

    /// The first of 1, 1/2, 1/4, .. of a step that takes away enough of the loss.
    fn share(&self, theta: &[f64], step: &[f64], decrement: f64) -> f64 {
        let loss = self.loss(theta);
        let content = |share: &f64| {
            let there: Vec<f64> = theta.iter().zip(step).map(|(theta, s)| theta - share * s).collect();
            self.loss(&there) <= loss - ENOUGH * share * decrement
        };
        let halves = std::iter::successors(Some(1.0), |share| Some(share * 0.5));
        halves.take(40).find(content).unwrap_or(0.0)
    }
}

/// H^-1 g, with as little as need be added to the diagonal: features may be copies of one another, and prompts few.
fn solve_damped(hessian: &Gram, gradient: &[f64]) -> Vec<f64> {
    let most = (0..gradient.len())
        .map(|i| hessian.at(i, i))
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut damping = 0.0;
    loop {
        let mut damped = hessian.clone();
        damped.add_to_diagonal(damping);
        if let Some(factor) = Cholesky::of(damped) {
            return factor.solve(gradient);
        }
        damping = if damping == 0.0 { most * 1e-12 } else { damping * 100.0 };
        if !damping.is_finite() {
            return vec![0.0; gradient.len()];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::special::normal_from_uniform;
    use crate::numerics::stream::Streams;

    const COORDINATES: usize = 4;
    const MODES: usize = 3;

    /// Features and conditionals of so many prompts at random: no log-linear policy has them.
    fn population(prompts: usize) -> (Vec<f64>, Vec<f64>) {
        let mut stream = Streams::new("optimum").purpose("population").stream(0, 0);
        let mut normal = || normal_from_uniform(stream.uniform());
        let (mut features, mut pi) = (Vec::new(), Vec::new());
        for _ in 0..prompts {
            features.push(1.0);
            features.extend((1..COORDINATES).map(|_| normal()));
            let mut row: Vec<f64> = (0..MODES).map(|_| 2.0 * normal()).collect();
            softmax(&mut row);
            pi.extend(row);
        }
        (features, pi)
    }

    fn objective(features: &[f64], pi: &[f64], used: usize, ridge: f64, theta: &[f64]) -> f64 {
        let p = log_linear_policy(features, COORDINATES, used, theta);
        cross_entropy(MODES, &p, pi) + 0.5 * ridge * theta.iter().map(|x| x * x).sum::<f64>()
    }

    /// E_x (p_m - pi_m) phi_i + ridge theta, by the definition.
    fn gradient(features: &[f64], pi: &[f64], used: usize, ridge: f64, theta: &[f64]) -> Vec<f64> {
        let p = log_linear_policy(features, COORDINATES, used, theta);
        let prompts = features.len() / COORDINATES;
        let of = |at: usize| {
            let (m, i) = (at / used, at % used);
            let each = |x: usize| (p[x * MODES + m] - pi[x * MODES + m]) * features[x * COORDINATES + i];
            (0..prompts).map(each).sum::<f64>() / prompts as f64 + ridge * theta[at]
        };
        (0..theta.len()).map(of).collect()
    }

    /// The gradient is 0 to its rounding, some 1e-16; where Newton's method ends a step early it is 1e-10. And no point nearby is lower.
    #[test]
    fn the_optimum_has_no_slope_and_lies_below_its_neighbours() {
        let (features, pi) = population(60);
        for (used, ridge) in [(4, 0.0), (4, 0.3), (2, 0.0), (1, 1e-3)] {
            let theta = log_linear_optimum(&features, COORDINATES, used, &pi, MODES, ridge);
            assert_eq!(theta.len(), (MODES - 1) * used);
            let slope = gradient(&features, &pi, used, ridge, &theta);
            assert!(slope.iter().all(|g| g.abs() < 1e-15), "{used} {ridge}: {slope:?}");
            let least = objective(&features, &pi, used, ridge, &theta);
            for at in 0..theta.len() {
                for by in [-1e-4, 1e-4] {
                    let mut other = theta.clone();
                    other[at] += by;
                    assert!(
                        objective(&features, &pi, used, ridge, &other) > least,
                        "{used} {ridge}: {at} {by}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_policy_that_sees_the_constant_alone_has_the_mean() {
        let (features, pi) = population(60);
        let theta = log_linear_optimum(&features, COORDINATES, 1, &pi, MODES, 0.0);
        let p = log_linear_policy(&features, COORDINATES, 1, &theta);
        for m in 0..MODES {
            let mean = pi.iter().skip(m).step_by(MODES).sum::<f64>() / 60.0;
            assert!((p[m] - mean).abs() < 1e-14, "{} {mean}", p[m]);
        }
    }

    #[test]
    fn a_log_linear_truth_is_found_again() {
        let (mut features, _) = population(60);
        features
            .iter_mut()
            .skip(2)
            .step_by(COORDINATES)
            .for_each(|z| *z *= 20.0);
        let truth = [0.5, -1.0, 0.6, 0.2, -0.3, 0.7, -0.4, 1.5];
        let pi = log_linear_policy(&features, COORDINATES, 4, &truth);
        let theta = log_linear_optimum(&features, COORDINATES, 4, &pi, MODES, 0.0);
        for (theta, truth) in theta.iter().zip(truth) {
            assert!((theta - truth).abs() < 1e-10, "{theta} {truth}");
        }
    }

    /// From equal shares of twenty modes a whole step gives the common mode a logit of 18, from which there is no way back.
    #[test]
    fn steps_that_overshoot_are_cut() {
        let mut pi = vec![0.1 / 19.0; 20];
        pi[0] = 0.9;
        let theta = log_linear_optimum(&[1.0], 1, 1, &pi, 20, 0.0);
        assert!((theta[0] - ln(171.0)).abs() < 1e-10, "{theta:?}");
        assert!(theta[1..].iter().all(|theta| theta.abs() < 1e-10), "{theta:?}");
    }

    /// A feature that is another's copy: the loss is that without it.
    #[test]
    fn copies_of_features_do_no_harm() {
        let (mut features, pi) = population(60);
        for row in features.chunks_exact_mut(COORDINATES) {
            row[3] = row[2];
        }
        let least = |used: usize| {
            let theta = log_linear_optimum(&features, COORDINATES, used, &pi, MODES, 0.0);
            objective(&features, &pi, used, 0.0, &theta)
        };
        assert!((least(4) - least(3)).abs() < 1e-12, "{} {}", least(4), least(3));
    }

    /// A mode that no prompt has would need an infinite logit: an end, and a loss as good as without it.
    #[test]
    fn a_mode_that_no_prompt_has_comes_to_an_end() {
        let (features, mut pi) = population(60);
        for row in pi.chunks_exact_mut(MODES) {
            row[1] += row[0];
            row[0] = 0.0;
        }
        let theta = log_linear_optimum(&features, COORDINATES, 4, &pi, MODES, 0.0);
        assert!(theta.iter().all(|x| x.is_finite()), "{theta:?}");
        let two: Vec<f64> = pi.chunks_exact(MODES).flat_map(|row| [row[1], row[2]]).collect();
        let alone = log_linear_optimum(&features, COORDINATES, 4, &two, 2, 0.0);
        let alone = cross_entropy(2, &log_linear_policy(&features, COORDINATES, 4, &alone), &two);
        assert!((objective(&features, &pi, 4, 0.0, &theta) - alone).abs() < 1e-9);
    }

    /// Central differences of a logit, of step h: exact but for rounding, as logits are linear.
    #[test]
    fn the_jacobian_is_the_slope_of_logits() {
        let phi = [1.0, -0.5, 2.0, 9.0];
        let mut jacobian = [f64::NAN; 3 * 6];
        log_linear_jacobian(&phi, 3, MODES, &mut jacobian);
        let theta = [0.1, 0.2, 0.3, -0.4, 0.5, 0.6];
        let log_ratio = |theta: &[f64], m: usize| {
            let p = log_linear_policy(&phi, COORDINATES, 3, theta);
            ln(p[m]) - ln(p[2])
        };
        for m in 0..MODES {
            for at in 0..6 {
                let (mut more, mut less) = (theta, theta);
                more[at] += 0.5;
                less[at] -= 0.5;
                let slope = log_ratio(&more, m) - log_ratio(&less, m);
                assert!((slope - jacobian[m * 6 + at]).abs() < 1e-14, "{m} {at}");
            }
        }
    }
}
