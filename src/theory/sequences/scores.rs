//! Owns the gradients of single responses at the best policy, and the three-stage law that follows: prompts, plans and tokens.
//!
//! The gradient of a response is g = sum_t g_t. With m_z = E[g given z] and H the Hessian of the NLL of a response,
//!
//! ```text
//! V_m = sum_z base_z m_z' H^-1 m_z,    V_t = sum_z base_z tr(H^-1 Cov(g given z)),
//! V_x = V_m/(alpha + 1),               V_{y|x} = alpha V_m/(alpha + 1) + V_t
//! ```
//!
//! of prompts pi(x) ~ Dirichlet(alpha base): three-stage sampling (Cochran 1977, section 10.8). Gradients are held whitened, u = L^-1 g with
//! H = L L', of one step in one state each; a forward recursion over states carries the sum of those before.

use super::best::BestPolicy;
use super::contexts::Contexts;
use super::paths::Paths;
use super::plans::PlanMixture;
use crate::numerics::cholesky::Cholesky;
use crate::numerics::gram::Gram;
use crate::numerics::lanes::LANES;
use crate::theory::variance_law::Components;

/// Whitened gradients of single steps: u(s, d) of increment d in state s.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    tokens: usize,
    /// Coordinates of the sum.
    dimension: usize,
    /// Coordinates in which the gradients of one state are not 0, and from where on: block s of them, or the same for all.
    width: usize,
    blocks: bool,
    /// States x tokens x width.
    rows: Vec<f64>,
    /// D.
    parameters: usize,
}

/// What plans and tokens contribute to the squared gradient of a response, in the metric of the inverse Hessian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stages {
    /// V_m: of plans.
    pub plan: f64,
    /// V_t: of tokens given the plan.
    pub token: f64,
    /// sum_z base_z^2 tr(H^-1 Cov(g given z)): the same of two responses that share their plan, where all prompts are alike.
    pub token_shared: f64,
}

impl Stages {
    /// V_x and V_{y|x} where prompts are Dirichlet with this concentration: twice the nats lost, times N_p and N_p K.
    pub fn components(&self, concentration: f64) -> Components {
        let prompt = self.plan / (concentration + 1.0);
        Components {
            prompt,
            response: concentration * prompt + self.token,
        }
    }

    /// sum_z E[pi_z^2] tr(H^-1 Cov(g given z)), with E[pi_z^2] of Dirichlet prompts with this concentration: what tokens leave of a prompt of
    /// which one response of each plan stands for all that share it, however many they are. (V_t + alpha sum_z base_z^2 ...)/(alpha + 1).
    pub fn token_merged(&self, concentration: f64) -> f64 {
        // Of prompts that are all alike the second term is all.
        self.token_shared + (self.token - self.token_shared) / (concentration + 1.0)
    }

    /// V_x + V_{y|x}: D where the policy has the true distribution of increments in every state that it sees (White 1982).
    pub fn total(&self) -> f64 {
        self.plan + self.token
    }
}

impl Scores {
    /// Those of a log-linear policy with these contexts; none where its parameters do not determine each other.
    pub fn new(contexts: &Contexts, best: &BestPolicy) -> Option<Self> {
        match contexts.is_saturated() {
            true => Some(Self::of_shares(contexts, best)),
            false => Self::of_features(contexts, best),
        }
    }

    /// The Hessian falls into one block for each state: r' H^-1 r = sum_d r_d^2/(v p_d) for r that sums to 0.
    fn of_shares(contexts: &Contexts, best: &BestPolicy) -> Self {
        let tokens = contexts.tokens();
        let mut rows = Vec::with_capacity(best.cells.len() * tokens);
        for (visits, p) in best.visits.iter().zip(best.probabilities.chunks_exact(tokens)) {
            for made in 0..tokens {
                rows.extend(p.iter().enumerate().map(|(d, p)| {
                    let residual = p - f64::from(u8::from(d == made));
                    residual / (visits * p).sqrt()
                }));
            }
        }
        Self {
            tokens,
            dimension: contexts.states() * tokens,
            width: tokens,
            blocks: true,
            rows,
            parameters: contexts.parameters(),
        }
    }

    /// Of a policy with a few distributions, each of so many cells, that a response goes through `cells` times on average: block by block as
    /// above.
    pub(super) fn of_groups(cells: &[f64], probabilities: &[f64], sizes: &[usize]) -> Self {
        let all = cells.len();
        let mut rows = vec![0.0; all * all];
        let mut first = 0;
        for &size in sizes {
            let group = first..first + size;
            let visits: f64 = cells[group.clone()].iter().sum();
            for made in group.clone() {
                for d in group.clone() {
                    let p = probabilities[d];
                    rows[made * all + d] = (p - f64::from(u8::from(d == made))) / (visits * p).sqrt();
                }
            }
            first += size;
        }
        Self {
            tokens: all,
            dimension: all,
            width: all,
            blocks: false,
            rows,
            parameters: all - sizes.len(),
        }
    }

    /// By the Cholesky factor of the Hessian.
    fn of_features(contexts: &Contexts, best: &BestPolicy) -> Option<Self> {
        let (tokens, parameters) = (contexts.tokens(), contexts.parameters());
        let factor = Cholesky::of(hessian(contexts, best))?;
        let columns = best.cells.len().next_multiple_of(LANES);
        let mut raw = vec![0.0; parameters * columns];
        let features = contexts.features().chunks_exact(contexts.coordinates());
        for (state, phi) in features.enumerate() {
            let p = &best.probabilities[state * tokens..][..tokens];
            for made in 0..tokens {
                for (d, p) in p.iter().take(tokens - 1).enumerate() {
                    let residual = p - f64::from(u8::from(d == made));
                    for (c, x) in phi.iter().enumerate() {
                        raw[(d * phi.len() + c) * columns + state * tokens + made] = residual * x;
                    }
                }
            }
        }
        factor.forward(&mut raw, columns);
        let at = |cell: usize, i: usize| raw[i * columns + cell];
        let cells = best.cells.len();
        Some(Self {
            tokens,
            dimension: parameters,
            width: parameters,
            blocks: false,
            rows: (0..cells * parameters)
                .map(|at_| at(at_ / parameters, at_ % parameters))
                .collect(),
            parameters,
        })
    }

    /// Those of any policy, from the slopes of -ln p in its parameters, cells x parameters; `damping` is added to the diagonal of the Gauss-Newton
    /// matrix, which is the Hessian but for the curvature of logits where the policy is nearly right. None where that has no inverse.
    pub fn of_gradients(contexts: &Contexts, best: &BestPolicy, gradients: &[f64], damping: f64) -> Option<Self> {
        let tokens = contexts.tokens();
        let (cells, parameters) = (best.cells.len(), gradients.len() / best.cells.len());
        let mut information = Gram::new(parameters);
        let mut row = vec![0.0; information.width()];
        for (cell, own) in gradients.chunks_exact(parameters).enumerate() {
            let root = (best.visits[cell / tokens] * best.probabilities[cell]).sqrt();
            row.iter_mut().zip(own).for_each(|(out, x)| *out = root * x);
            information.add(&row);
        }
        information.add_to_diagonal(damping);
        let factor = Cholesky::of(information)?;
        let columns = cells.next_multiple_of(LANES);
        let mut raw = vec![0.0; parameters * columns];
        for (cell, own) in gradients.chunks_exact(parameters).enumerate() {
            own.iter().enumerate().for_each(|(i, x)| raw[i * columns + cell] = *x);
        }
        factor.forward(&mut raw, columns);
        Some(Self {
            tokens,
            dimension: parameters,
            width: parameters,
            blocks: false,
            rows: (0..cells * parameters)
                .map(|at| raw[at % parameters * columns + at / parameters])
                .collect(),
            parameters,
        })
    }

    /// Those of the weights of known plans, as the logits of a softmax: the gradient of a response is base - P(z given y), all of it at the
    /// last increment. `contexts` are [`Contexts::counts`].
    pub fn of_plan_weights(contexts: &Contexts, plans: &PlanMixture) -> Option<Self> {
        let (tokens, free) = (contexts.tokens(), plans.plans() - 1);
        let gradients = Paths::new(contexts, plans).at_the_end(|posterior| {
            let pairs = plans.base().iter().zip(posterior).take(free);
            pairs.map(|(base, own)| base - own).collect()
        });
        let mean = |visits: &[f64], emission: &[f64], cell: usize| visits[cell / tokens] * emission[cell % tokens];
        let mut information = Gram::new(free);
        for plan in 0..plans.plans() {
            let (weight, emission) = (plans.base()[plan], plans.emission(plan));
            let visits = contexts.visits(|_| emission);
            for (cell, own) in gradients.iter().enumerate().filter(|(_, own)| !own.is_empty()) {
                let reached = weight * mean(&visits, emission, cell);
                for i in 0..free {
                    (i..free).for_each(|j| information.add_to(i, j, reached * own[i] * own[j]));
                }
            }
        }
        let factor = Cholesky::of(information)?;
        let columns = gradients.len().next_multiple_of(LANES);
        let mut raw = vec![0.0; free * columns];
        for (cell, own) in gradients.iter().enumerate() {
            own.iter().enumerate().for_each(|(i, x)| raw[i * columns + cell] = *x);
        }
        factor.forward(&mut raw, columns);
        let cells = gradients.len();
        Some(Self {
            tokens,
            dimension: free,
            width: free,
            blocks: false,
            rows: (0..cells * free)
                .map(|at| raw[at % free * columns + at / free])
                .collect(),
            parameters: free,
        })
    }

    /// D.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Coordinates of a sum of gradients.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// u of a cell, state * V + increment, and the first coordinate that it speaks of.
    pub fn of(&self, cell: usize) -> (usize, &[f64]) {
        let first = if self.blocks {
            cell / self.tokens * self.width
        } else {
            0
        };
        (first, &self.rows[cell * self.width..][..self.width])
    }

    /// V_m and V_t.
    pub fn stages(&self, contexts: &Contexts, plans: &PlanMixture) -> Stages {
        let mut mean = vec![0.0; self.dimension];
        let mut stages = Stages {
            plan: 0.0,
            token: 0.0,
            token_shared: 0.0,
        };
        for plan in 0..plans.plans() {
            let (weight, own) = (plans.base()[plan], self.of_plan(contexts, plans.emission(plan)));
            let squared = dot(&own.mean, &own.mean);
            stages.plan += weight * squared;
            stages.token += weight * (own.square - squared);
            stages.token_shared += weight * weight * (own.square - squared);
            mean.iter_mut().zip(&own.mean).for_each(|(sum, x)| *sum += weight * x);
        }
        // 0 but for rounding: the mean gradient at the best policy.
        stages.plan -= dot(&mean, &mean);
        stages
    }

    /// E u and E |u|^2 of responses whose increments are independent with this distribution.
    fn of_plan(&self, contexts: &Contexts, emission: &[f64]) -> Moments {
        let (states, size) = (contexts.states(), self.dimension);
        let mut found = Moments {
            mean: vec![0.0; size],
            square: 0.0,
        };
        // By state, its probability and E[sum of gradients so far; state].
        let (mut here, mut sums) = (vec![0.0; states], vec![0.0; states * size]);
        here[0] = 1.0;
        for _ in 0..contexts.length() {
            let (mut there, mut carried) = (vec![0.0; states], vec![0.0; states * size]);
            for (state, &reached) in here.iter().enumerate().filter(|(_, reached)| **reached > 0.0) {
                let so_far = &sums[state * size..][..size];
                for (d, share) in emission.iter().enumerate() {
                    let cell = state * self.tokens + d;
                    let (first, own) = self.of(cell);
                    let before = dot(&so_far[first..][..own.len()], own);
                    found.square += share * (reached * dot(own, own) + 2.0 * before);
                    add(&mut found.mean[first..], own, reached * share);
                    let to = contexts.next()[cell] as usize;
                    there[to] += reached * share;
                    let out = &mut carried[to * size..][..size];
                    add(out, so_far, *share);
                    add(&mut out[first..], own, reached * share);
                }
            }
            (here, sums) = (there, carried);
        }
        found
    }
}

struct Moments {
    mean: Vec<f64>,
    square: f64,
}

/// H of the NLL of a response: sum over states of visits (diag p - p p') x phi phi', by token.
fn hessian(contexts: &Contexts, best: &BestPolicy) -> Gram {
    let (tokens, width) = (contexts.tokens(), contexts.coordinates());
    let mut hessian = Gram::new(contexts.parameters());
    let features = contexts.features().chunks_exact(width);
    let states = best.visits.iter().zip(best.probabilities.chunks_exact(tokens));
    for (phi, (visits, p)) in features.zip(states) {
        for a in 0..tokens - 1 {
            for b in a..tokens - 1 {
                let both = if a == b { p[a] * (1.0 - p[a]) } else { -p[a] * p[b] };
                for i in 0..width {
                    let from = if a == b { i } else { 0 };
                    for j in from..width {
                        hessian.add_to(a * width + i, b * width + j, visits * both * (phi[i] * phi[j]));
                    }
                }
            }
        }
    }
    hessian
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// out += by x.
fn add(out: &mut [f64], x: &[f64], by: f64) {
    out.iter_mut().zip(x).for_each(|(out, x)| *out += by * x);
}
