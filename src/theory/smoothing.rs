//! Owns label smoothing: what fits lose that are made to (1 - s) f + s/M instead of the shares f of modes among responses.
//!
//! A converged shared fit without a penalty is that mixture itself, p = (1 - s) f + s u with u = 1/M, and its excess NLL is KL(pi || p). With
//! W = (M - 1)/(alpha + 1) (1/N_p + alpha/(N_p K)), the error of f on the scale of chi square, it is to second order in the differences
//! [(1 - s)^2 W + s^2 chi^2(u || pi)]/2, least at s* = W/(W + chi^2), where it is W/2 divided by 1 + W/chi^2: a shrinkage (James and Stein 1961;
//! label smoothing: Szegedy et al. 2016). Of policies that see features V_x/N_p + V_{y|x}/(N_p K) takes the place of W, and m' H^-1 m with
//! m = E_x J'(p - u) that of chi^2.
//!
//! The mean itself is exact, over all fits: none has an infinite excess. With S the count of a mode, a = (1 - s)/n and b = s/M,
//! E ln(aS + b) is the integral over t > 0 of (e^-t - e^(-bt) E e^(-atS))/t (Frullani), and E z^S = G(z)^N_p with G the generating function
//! of a beta-binomial count. As in [`complete`](super::complete), the trapezoid rule in ln t errs by less than rounding.

use super::complete::{Class, MOST_RESPONSES, classes, tails};
use super::sandwich::CentredRows;
use crate::numerics::cholesky::Cholesky;
use crate::numerics::elementary::{exp, exp_m1, ln, ln_1p};

/// Step of the trapezoid rule in ln t, and where it begins: what is left out is e^-42 times what one more unit of ln t holds at most.
const STEP: f64 = 0.25;
const FIRST: f64 = -42.0;

/// Where it ends, in b t: what is left out is below e^-45.
const LAST: f64 = 45.0;

/// What a node takes, in nanoseconds, and how much more each response of a prompt.
const PER_NODE: f64 = 60.0;
const PER_RESPONSE: f64 = 1.0;

/// chi^2(u || q) = sum (1/M - q)^2/q: how far the uniform distribution is from one with positive shares.
pub fn chi_square_from_uniform(q: &[f64]) -> f64 {
    let uniform = 1.0 / q.len() as f64;
    q.iter().map(|q| (uniform - q) * (uniform - q) / q).sum()
}

/// [(1 - s)^2 W + s^2 `away`]/2: what smoothed fits lose on average to first order, in nats. `error` W is twice what fits without smoothing
/// lose, `away` chi^2(u || pi) or m' H^-1 m.
pub fn smoothed_first_order(smoothing: f64, error: f64, away: f64) -> f64 {
    let kept = 1.0 - smoothing;
    0.5 * (kept * kept * error + smoothing * smoothing * away)
}

/// s* = W/(W + `away`), the smoothing that loses least to first order.
pub fn best_smoothing(error: f64, away: f64) -> f64 {
    error / (error + away)
}

/// m' H^-1 m with m = E_x J'(p - 1/M) and H = E_x J'(diag p - p p')J, of a policy with probabilities `p` (prompts x modes): what s^2/2 is
/// multiplied by. `jacobian(x, out)` writes the derivatives of the logits of prompt x, modes x parameters. None where H has no inverse.
///
/// # Panics
///
/// Where `p` does not have prompts * modes entries.
pub fn smoothing_component(
    prompts: usize,
    modes: usize,
    parameters: usize,
    p: &[f64],
    jacobian: impl FnMut(usize, &mut [f64]),
) -> Option<f64> {
    assert_eq!(p.len(), prompts * modes, "{prompts} prompts of {modes} modes");
    let mut rows = CentredRows::new(modes, parameters, p, jacobian);
    let factor = Cholesky::of(rows.hessian(prompts, 0.0))?;
    let mut mean = vec![0.0; parameters];
    for prompt in 0..prompts {
        let share = 1.0 / prompts as f64;
        let rows = rows.of(prompt).chunks_exact(parameters);
        for (row, p) in rows.zip(&p[prompt * modes..][..modes]) {
            let weight = share * (p - 1.0 / modes as f64);
            mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x);
        }
    }
    let solved = factor.solve(&mean);
    Some(mean.iter().zip(&solved).map(|(a, b)| a * b).sum())
}

/// Fits to smoothed shares of `responses` kept at random of each of `prompts` fresh prompts, with pi(x) ~ Dirichlet(`concentration` * `base`).
#[derive(Debug, Clone, PartialEq)]
pub struct SmoothedFits {
    base: Vec<f64>,
    concentration: f64,
    prompts: u64,
    responses: u64,
    smoothing: f64,
}

impl SmoothedFits {
    /// `concentration` may be infinite: then all prompts are alike. At least one prompt and one response; `smoothing` in (0, 1). None of more
    /// responses per prompt than [`MOST_RESPONSES`].
    pub fn new(base: &[f64], concentration: f64, prompts: u64, responses: u64, smoothing: f64) -> Option<Self> {
        (responses <= MOST_RESPONSES).then(|| Self {
            base: base.to_vec(),
            // Beyond this bound nothing changes any more, and an infinite concentration would divide itself.
            concentration: concentration.min(1e100),
            prompts,
            responses,
            smoothing,
        })
    }

    /// About how many nanoseconds of one core [`excess_nll`](Self::excess_nll) takes.
    pub fn nanoseconds(&self) -> u64 {
        let each = PER_NODE + PER_RESPONSE * self.responses as f64;
        (classes(&self.base).len() as f64 * self.nodes() as f64 * each) as u64
    }

    /// The mean of KL(pi || (1 - s) f + s/M) over all fits, in nats.
    pub fn excess_nll(&self) -> f64 {
        let of_class = |own: &Class| own.modes() as f64 * own.mass() * (ln(own.mass()) - self.log(own.mass()));
        classes(&self.base).iter().map(of_class).sum()
    }

    /// s/M.
    fn floor(&self) -> f64 {
        self.smoothing / self.base.len() as f64
    }

    fn nodes(&self) -> usize {
        ((ln(LAST / self.floor()) - FIRST) / STEP) as usize + 2
    }

    /// E ln p of a mode of this mass.
    fn log(&self, mass: f64) -> f64 {
        let one = (1.0 - self.smoothing) / (self.prompts as f64 * self.responses as f64);
        let (own, other) = (self.concentration * mass, self.concentration * (1.0 - mass));
        let tails = tails(own, other, self.responses, 1.0);
        let of_node = |node: usize| {
            let t = exp(FIRST + STEP * node as f64);
            let z = exp(-one * t);
            // 1 - G(z) is (1 - z) times the sum of P(more than c) z^c.
            let sum = tails.iter().rev().fold(0.0, |sum, tail| sum * z + tail);
            let off = (-exp_m1(-one * t) * sum).min(1.0);
            exp(-t) - exp(self.prompts as f64 * ln_1p(-off) - self.floor() * t)
        };
        (0..self.nodes()).map(of_node).sum::<f64>() * STEP
    }
}

#[cfg(test)]
#[path = "smoothing_tests.rs"]
mod tests;
