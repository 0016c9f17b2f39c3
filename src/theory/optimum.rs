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
    let prompts = Prompts {
        features,
        coordinates,
        used,
        pi,
        modes,
        ridge,
    };
    let mut theta = vec![0.0; (modes - 1) * used];
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

    fn policy(&self, theta: &[f64]) -> Vec<f64> {
        log_linear_policy(self.features, self.coordinates, self.used, theta)
    }

    /// What is minimised.
    fn loss(&self, theta: &[f64]) -> f64 {
        let squares: f64 = theta.iter().map(|x| x * x).sum();
        cross_entropy(self.modes, &self.policy(theta), self.pi) + 0.5 * self.ridge * squares
    }

    /// Its gradient and Hessian.
    fn slopes(&self, theta: &[f64]) -> (Vec<f64>, Gram) {
        let mut gradient: Vec<f64> = theta.iter().map(|theta| self.ridge * theta).collect();
        let mut hessian = Gram::new(theta.len());
        hessian.add_to_diagonal(self.ridge);
        let p = self.policy(theta);
        let prompts = self.features.chunks_exact(self.coordinates);
        let shares = p.chunks_exact(self.modes).zip(self.pi.chunks_exact(self.modes));
        for (phi, (p, pi)) in prompts.zip(shares) {
            for (m, row) in gradient.chunks_exact_mut(self.used).enumerate() {
                let difference = (p[m] - pi[m]) / self.count();
                row.iter_mut().zip(phi).for_each(|(sum, phi)| *sum += difference * phi);
            }
            self.add_curvature(&mut hessian, &phi[..self.used], p);
        }
        (gradient, hessian)
    }

    /// Adds (diag p - p p') x phi phi' of one prompt.
    fn add_curvature(&self, hessian: &mut Gram, phi: &[f64], p: &[f64]) {
        for a in 0..self.modes - 1 {
            for b in a..self.modes - 1 {
                let both = if a == b { p[a] * (1.0 - p[a]) } else { -p[a] * p[b] };
                for i in 0..self.used {
                    let factor = both / self.count() * phi[i];
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
