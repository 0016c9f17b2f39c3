//! Owns costs in three parts: a prompt, the candidates generated for it, and the responses trained on.
//!
//! The error of any selector under a budget B is b^2 + A/B, A = v (C_p + N C_g + K C_t), v the variance of one prompt with the part of the
//! prompts themselves. Of Random-K-of-N nothing is generated that is not kept, so it is the law with C_r = C_g + C_t and its least A is
//! (sqrt(C_p V_x) + sqrt((C_g + C_t) V_{y|x}))^2. A selector with b^2 > 0 beats it below the budget (A_R - A_S)/b^2 and never where A_S >= A_R.
//!
//! One response of each mode present, weighted by its share of the pool, has the pool's own share by mode: b^2 = 0, v = V_x + V_{y|x}/N, and
//! only T(N) of the N are trained on, the expected number of modes among them ([`modes_seen`](super::missing::modes_seen)). That rests on
//! responses of a mode being alike: where they differ by V_t, as in a token's noise, so few of them leave
//! V_t [1/N + (1 - 1/N) E sum pi^2] instead of V_t/N.

use super::budget::Costs;
use super::variance_law::Components;

/// What a prompt, a candidate that is generated and a response that is trained on cost, in one currency: 0 or more, and not all 0.
///
/// The price of a response kept is the whole of the two last where nothing is generated that is not kept, as of Random-K-of-N, and that of
/// training alone where so many candidates have been generated anyhow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// C_p: one prompt.
    pub prompt: f64,
    /// C_g: one candidate.
    pub generated: f64,
    /// C_t: one response trained on.
    pub trained: f64,
}

impl Prices {
    /// What all responses kept at random cost, N = K: C_p + K (C_g + C_t).
    pub fn at_random(&self) -> Costs {
        Costs {
            prompt: self.prompt,
            response: self.generated + self.trained,
        }
    }

    /// What those chosen from so many candidates cost: (C_p + N C_g) + K C_t.
    pub fn of_pool(&self, candidates: u64) -> Costs {
        Costs {
            prompt: self.prompt + candidates as f64 * self.generated,
            response: self.trained,
        }
    }

    /// What a prompt costs of which so many candidates are generated, and so many responses trained on in mean: C_p + N C_g + T C_t.
    pub fn of_prompt(&self, candidates: u64, trained: f64) -> f64 {
        self.prompt + candidates as f64 * self.generated + trained * self.trained
    }
}

/// (A_R - A_S)/b^2: the budget beyond which Random-K-of-N has a smaller error than a selector with squared bias b^2, each number A the
/// variance of one prompt times what a prompt costs. An error is b^2 + A/B, so that below it the selector wins; 0 or less where it never does,
/// and infinite where it is unbiased and does.
pub fn crossover(random: f64, selector: f64, bias2: f64) -> f64 {
    (random - selector) / bias2
}

/// V_t [1/N + (1 - 1/N) E sum pi^2]: what differences among responses of one mode leave of one prompt, of which one response of each mode stands
/// for its share of `candidates` = N.
///
/// `within` is V_t, the same in every mode, and `same` = E sum pi^2 the probability that two responses of a prompt are of one mode.
pub fn within_modes(within: f64, same: f64, candidates: u64) -> f64 {
    let one = 1.0 / candidates as f64;
    within * (one + (1.0 - one) * same)
}

/// A pool of which one response of each mode is trained on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merged {
    /// N.
    pub candidates: u64,
    /// T(N).
    pub trained: f64,
    /// C_p + N C_g + T C_t.
    pub cost: f64,
    /// (V_x + V_{y|x}/N) times the cost: the variance times the budget, for continuous N_p.
    pub per_budget: f64,
}

impl Merged {
    /// Of so many candidates, with `trained` = T(N) among them in mean.
    pub fn new(components: &Components, prices: &Prices, candidates: u64, trained: f64) -> Self {
        let cost = prices.of_prompt(candidates, trained);
        Self {
            candidates,
            trained,
            cost,
            per_budget: components.law(1, candidates) * cost,
        }
    }

    /// The best N from 1 to `most`, where `modes` gives T(N), which grows with N. None where candidates are free, so that more may be better
    /// without end, and nothing bounds them.
    pub fn best(components: &Components, prices: &Prices, most: u64, modes: impl Fn(u64) -> f64) -> Option<Self> {
        if prices.generated == 0.0 && most == u64::MAX {
            return None;
        }
        let of = |candidates| Self::new(components, prices, candidates, modes(candidates));
        let mut best = of(1);
        for candidates in 2..=most {
            let own = of(candidates);
            // The floor V_x at this price, which more candidates only raise.
            if components.prompt * own.cost >= best.per_budget {
                break;
            }
            if own.per_budget < best.per_budget {
                best = own;
            }
        }
        Some(best)
    }
}

#[cfg(test)]
#[path = "prices_tests.rs"]
mod tests;
