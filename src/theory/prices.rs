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
use super::plan::Goal;
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

/// So many prompts, each with a pool of candidates of which one response of each mode is trained on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merged {
    /// N_p, at least 1.
    pub prompts: u64,
    /// N, at least 1.
    pub candidates: u64,
    /// T(N): responses of a prompt that are trained on, in mean.
    pub trained: f64,
    /// N_p (C_p + N C_g + T C_t).
    pub cost: f64,
    /// (V_x + V_{y|x}/N)/N_p.
    pub variance: f64,
}

/// What is to be allocated to such pools, and how many of each there are at most.
#[derive(Clone, Copy)]
pub struct MergedQuestion<'a> {
    /// V_x and V_{y|x}, 0 or more.
    pub components: Components,
    /// What they cost; candidates more than nothing, or bounded.
    pub prices: Prices,
    /// T(N), which grows with N and is at least 1.
    pub modes: &'a dyn Fn(u64) -> f64,
    /// The most candidates of a prompt, at least 1.
    pub most_candidates: u64,
    /// The most prompts, at least 1.
    pub most_prompts: u64,
}

impl MergedQuestion<'_> {
    /// The best design with so many candidates; none where the goal or the bounds leave none.
    pub fn at(&self, goal: Goal, candidates: u64) -> Option<Merged> {
        let trained = (self.modes)(candidates);
        let each = self.prices.of_prompt(candidates, trained);
        let of_one = self.components.law(1, candidates);
        let prompts = match goal {
            // A quotient within rounding of the next integer is that integer, as of other budgets.
            Goal::Budget(budget) => (budget / each * (1.0 + 4.0 * f64::EPSILON)).min(self.most_prompts as f64) as u64,
            Goal::Variance(target) => (of_one / target * (1.0 - 4.0 * f64::EPSILON)).ceil().max(1.0) as u64,
        };
        let within = (1..=self.most_prompts).contains(&prompts) && (1..=self.most_candidates).contains(&candidates);
        within.then(|| Merged {
            prompts,
            candidates,
            trained,
            cost: prompts as f64 * each,
            variance: of_one / prompts as f64,
        })
    }

    /// The best of all N: of the least variance for a budget, the cheapest for a target. None where there is none.
    pub fn best(&self, goal: Goal) -> Option<Merged> {
        let mut best: Option<Merged> = None;
        for candidates in 1..=self.most_candidates {
            let cost = self.prices.of_prompt(candidates, (self.modes)(candidates));
            // What V_x alone takes at this price, in real numbers of prompts: more candidates only raise it.
            let beyond = |own: &Merged| match goal {
                Goal::Budget(budget) => self.components.prompt * cost / budget >= own.variance || cost > budget,
                Goal::Variance(target) => self.components.prompt * cost / target >= own.cost,
            };
            if best.as_ref().is_some_and(beyond) {
                break;
            }
            let own = self.at(goal, candidates);
            let better = |own: &Merged| best.as_ref().is_none_or(|best| own.rank(goal) < best.rank(goal));
            best = own.filter(better).or(best);
        }
        best
    }
}

impl Merged {
    /// What of it is to be small, and then what else is.
    fn rank(&self, goal: Goal) -> (f64, f64) {
        match goal {
            Goal::Budget(_) => (self.variance, self.cost),
            Goal::Variance(_) => (self.cost, self.variance),
        }
    }

    /// What of it is to be small: its variance for a budget, its cost for a target.
    pub fn takes(&self, goal: Goal) -> f64 {
        self.rank(goal).0
    }
}

#[cfg(test)]
#[path = "prices_tests.rs"]
mod tests;
