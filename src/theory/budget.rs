//! Owns the allocation of a budget between prompts and responses (arXiv 2606.00544; Cochran 1977, section 10.6).
//!
//! N_p prompts with K responses each cost N_p (C_p + K C_r). Under a budget the variance law is smallest at
//! K* = sqrt((V_{y|x}/V_x)(C_p/C_r)), whatever the budget.

use super::variance_law::Components;

/// What prompts and responses cost, in one currency: 0 or more, and not both 0.
///
/// With C_p = 0 a budget is a number of responses in all, with C_r = 0 a number of prompts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// C_p: one prompt.
    pub prompt: f64,
    /// C_r: one response.
    pub response: f64,
}

/// A budget, of which an arm buys as many prompts with K responses each as it can.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// B, in the currency of the costs; above 0.
    pub total: f64,
    /// What prompts and responses cost.
    pub costs: Costs,
}

impl Budget {
    /// The prompts that it buys with `responses` each: floor(B/(C_p + K C_r)), as many as a replicate can have. None where it
    /// buys none, or more.
    pub fn prompts(&self, responses: u32) -> Option<u32> {
        let bought = self.costs.prompts(self.total, u64::from(responses));
        u32::try_from(bought).ok().filter(|&prompts| prompts > 0)
    }

    /// The budget that all arms share, of one entry per arm.
    pub fn shared(budgets: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut budgets = budgets.into_iter();
        let first = budgets.next()??;
        budgets.all(|other| other == Some(first)).then_some(first)
    }
}

impl Costs {
    /// C_p + K C_r: what a prompt with its responses costs.
    pub fn of_prompt(&self, responses: u64) -> f64 {
        self.prompt + responses as f64 * self.response
    }

    /// The prompts that a budget buys with `responses` each: floor(B/(C_p + K C_r)).
    ///
    /// A quotient within rounding of the next integer is that integer: 0.6 buys three prompts at 0.2, as decimals say.
    pub fn prompts(&self, budget: f64, responses: u64) -> u64 {
        (budget / self.of_prompt(responses) * (1.0 + 4.0 * f64::EPSILON)) as u64
    }

    /// (sqrt(C_p V_x) + sqrt(C_r V_{y|x}))^2: the variance times the budget at K*, for continuous N_p and K.
    pub fn least(&self, components: &Components) -> f64 {
        let root = (self.prompt * components.prompt).sqrt() + (self.response * components.response).sqrt();
        root * root
    }

    /// K* for the given components: infinite where prompts do not differ (V_x = 0) or responses are free (C_r = 0), and 0
    /// where prompts are free (C_p = 0). NaN where both are so at once, and any K is as good.
    pub fn best_responses(&self, components: &Components) -> f64 {
        ((components.response / components.prompt) * (self.prompt / self.response)).sqrt()
    }

    /// K_fin = (sqrt(C_p B/c) - C_p)/C_r: the best number of responses under a budget where prompts do not differ (V_x = 0), and only the
    /// design constant c of a fitted policy, the loss of having few prompts, bounds it. None unless c > 0 and B > c C_p.
    pub fn best_finite(&self, budget: f64, design_constant: f64) -> Option<f64> {
        let bounded = design_constant > 0.0 && budget > design_constant * self.prompt;
        bounded.then(|| ((self.prompt * budget / design_constant).sqrt() - self.prompt) / self.response)
    }

    /// By how much the law with K = `responses` exceeds that at K*, as a share of it, under one budget and for continuous N_p:
    /// (c + 1/c - 2) sqrt(ab)/(sqrt a + sqrt b)^2 with K = c K*, a = C_p V_x, b = C_r V_{y|x}. Written so that nothing cancels, and that
    /// prompts may be alike.
    pub fn regret(&self, components: &Components, responses: f64) -> f64 {
        let square = |x: f64| x * x;
        let (a, b) = (self.prompt * components.prompt, self.response * components.response);
        let more = self.response * components.prompt * responses;
        let fewer = self.prompt * components.response / responses;
        square((more.sqrt() - fewer.sqrt()) / (a.sqrt() + b.sqrt()))
    }

    /// Cochran's integer: the K with K(K-1) < K*^2 <= K(K+1), best among integers for continuous N_p. At least 1; none where
    /// K* is not finite.
    pub fn best_integer(&self, components: &Components) -> Option<u64> {
        let best = self.best_responses(components);
        if !best.is_finite() {
            return None;
        }
        let floor = best.floor().max(1.0);
        let k = if best * best <= floor * (floor + 1.0) {
            floor
        } else {
            floor + 1.0
        };
        Some(k as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn costs(prompt: f64, response: f64) -> Costs {
        Costs { prompt, response }
    }

    fn world_a(alpha: f64) -> Components {
        Components {
            prompt: 1.0 / (alpha + 1.0),
            response: alpha / (alpha + 1.0),
        }
    }

    /// The law times the budget, for continuous N_p: (V_x + V_{y|x}/K)(C_p + K C_r). Smallest at K*.
    fn law_per_budget(costs: &Costs, world: &Components, responses: f64) -> f64 {
        (world.prompt + world.response / responses) * (costs.prompt + responses * costs.response)
    }

    /// The four settings of the reference: K* = 8, 2, 4, 8.
    #[test]
    fn the_best_number_of_responses_is_that_of_the_reference() {
        for (alpha, cp, cr, best) in [
            (16.0, 4.0, 1.0, 8.0),
            (4.0, 1.0, 1.0, 2.0),
            (16.0, 1.0, 1.0, 4.0),
            (4.0, 16.0, 1.0, 8.0),
        ] {
            let found = costs(cp, cr).best_responses(&world_a(alpha));
            assert!((found - best).abs() < 1e-12, "{found} {best}");
        }
    }

    /// The integer is the best of all integers by brute force, for continuous N_p, over a range of K*.
    #[test]
    fn no_integer_is_better_than_cochrans() {
        for i in 1..400 {
            let alpha = 0.05 * f64::from(i);
            let (costs, world) = (costs(3.7, 1.3), world_a(alpha));
            let value = |k: u64| law_per_budget(&costs, &world, k as f64);
            let best = (1..100).map(value).fold(f64::INFINITY, f64::min);
            let own = value(costs.best_integer(&world).expect("K* is finite"));
            assert!(own <= best * (1.0 + 1e-15), "alpha {alpha}: {own} {best}");
        }
    }

    /// K* by brute force on a fine grid: no K does better than the formula's, by the identity of the regret.
    #[test]
    fn regret_off_the_optimum_is_that_of_the_identity() {
        let (costs, world) = (costs(4.0, 1.0), world_a(16.0));
        let best = costs.best_responses(&world);
        let (a, b) = (costs.prompt * world.prompt, costs.response * world.response);
        for c in [0.25_f64, 0.5, 0.8, 1.25, 2.0, 4.0] {
            let regret = law_per_budget(&costs, &world, c * best) / law_per_budget(&costs, &world, best) - 1.0;
            let sum = a.sqrt() + b.sqrt();
            let identity = (c + 1.0 / c - 2.0) * (a * b).sqrt() / (sum * sum);
            for found in [regret, costs.regret(&world, c * best)] {
                assert!((found - identity).abs() < 1e-14, "c = {c}: {found} {identity}");
            }
        }
    }

    /// Free prompts: K = 1, since two responses of one prompt tell less than of two. Free responses: as many as there are.
    #[test]
    fn what_is_free_is_taken_first() {
        let world = world_a(4.0);
        let (free_prompts, free_responses) = (costs(0.0, 1.0), costs(1.0, 0.0));
        assert_eq!(free_prompts.best_responses(&world), 0.0);
        assert_eq!(free_prompts.best_integer(&world), Some(1));
        assert_eq!(free_responses.best_responses(&world), f64::INFINITY);
        assert_eq!(free_responses.best_integer(&world), None, "no integer is best");
        let alike = Components {
            prompt: 0.0,
            response: 1.0,
        };
        assert_eq!(
            costs(1.0, 1.0).best_integer(&alike),
            None,
            "nor where prompts do not differ"
        );
        assert_eq!(free_prompts.best_integer(&alike), None, "nor where any K is as good");
        let of = |total, costs| Budget { total, costs };
        assert_eq!(of(256.0, free_prompts).prompts(8), Some(32), "256 responses in all");
        assert_eq!(of(64.0, free_responses).prompts(8), Some(64), "64 prompts");
        assert_eq!(of(7.0, free_prompts).prompts(8), None);
        assert_eq!(
            of(1e12, free_responses).prompts(8),
            None,
            "more than a replicate can have"
        );
    }

    #[test]
    fn a_budget_is_shared_where_every_arm_has_it() {
        let one = Budget {
            total: 100.0,
            costs: costs(4.0, 1.0),
        };
        let other = Budget { total: 200.0, ..one };
        assert_eq!(Budget::shared([Some(one), Some(one)]), Some(one));
        assert_eq!(Budget::shared([Some(one), Some(other)]), None);
        assert_eq!(Budget::shared([Some(one), None]), None);
        assert_eq!(Budget::shared([]), None);
    }

    #[test]
    fn a_budget_buys_whole_prompts() {
        assert_eq!(costs(4.0, 1.0).prompts(2000.0, 8), 166);
        assert_eq!(costs(4.0, 1.0).prompts(3.0, 8), 0);
        assert_eq!(
            costs(0.1, 0.1).prompts(0.6, 1),
            3,
            "though 0.6/0.2 rounds to just below 3"
        );
    }
}
