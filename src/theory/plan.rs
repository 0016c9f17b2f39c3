//! Owns the choice among designs: the best for a goal, what others reach beside it, and how flat the valley around it is.

use super::design::{Design, Question};

/// What a design is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The least variance that so much money buys; above 0.
    Budget(f64),
    /// The cheapest design of so small a variance; above 0.
    Variance(f64),
}

/// A question, and the design that answers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// What is asked.
    pub question: Question,
    /// What for.
    pub goal: Goal,
    /// The best design of whole numbers.
    pub best: Design,
}

/// Numbers of responses that are looked at on each side of the best for [`Plan::band`].
const MOST_STEPS: usize = 10_000_000;

impl Plan {
    /// The best design for a goal. None where there is none: see [`Question::best`] and [`Question::cheapest`].
    pub fn new(question: Question, goal: Goal) -> Option<Self> {
        let best = match goal {
            Goal::Budget(budget) => question.best(budget),
            Goal::Variance(target) => question.cheapest(target),
        };
        best.map(|best| Self { question, goal, best })
    }

    /// The best design with so many responses of each prompt; none where the budget or the bounds leave none.
    pub fn at(&self, responses: u64) -> Option<Design> {
        if responses == self.best.responses {
            return Some(self.best);
        }
        let Question {
            components,
            costs,
            most_prompts,
            most_responses,
        } = self.question;
        let prompts = match self.goal {
            Goal::Budget(budget) => costs.prompts(budget, responses).min(most_prompts),
            Goal::Variance(target) => {
                let needed = (components.prompt + components.response / responses as f64) / target;
                (needed * (1.0 - 4.0 * f64::EPSILON)).ceil().max(1.0) as u64
            }
        };
        let within = (1..=most_prompts).contains(&prompts) && (1..=most_responses).contains(&responses);
        within.then_some(Design { prompts, responses })
    }

    /// What of a design is to be small: its variance for a budget, its cost for a target.
    pub fn takes(&self, design: &Design) -> f64 {
        match self.goal {
            Goal::Budget(_) => design.variance(&self.question.components),
            Goal::Variance(_) => design.cost(&self.question.costs),
        }
    }

    /// How many times as much as the best a design [takes](Self::takes): 1 or more.
    pub fn times(&self, design: &Design) -> f64 {
        self.takes(design) / self.takes(&self.best)
    }

    /// Cochran's integer with the prompts that belong to it, within the bounds.
    pub fn cochran(&self) -> Option<Design> {
        let Question {
            components,
            costs,
            most_responses,
            ..
        } = &self.question;
        let integer = costs.best_integer(components)?;
        self.at(integer.min(*most_responses))
    }

    /// The least and the largest K around the best whose own best designs take at most a share more than the best. Rests of the budget make
    /// single K worse: the ends are those of the unbroken stretch.
    pub fn band(&self, within: f64) -> (u64, u64) {
        let best = self.best.responses;
        let good = |responses: &u64| self.at(*responses).is_some_and(|own| self.times(&own) <= 1.0 + within);
        let low = (1..best).rev().take(MOST_STEPS).take_while(good).last();
        let high = (best.saturating_add(1)..=self.question.most_responses)
            .take(MOST_STEPS)
            .take_while(good)
            .last();
        (low.unwrap_or(best), high.unwrap_or(best))
    }

    /// Variance (for a budget) or cost (for a target) with real numbers of prompts: the smooth curve under the designs of whole numbers.
    pub fn smooth(&self, responses: f64) -> f64 {
        let Question { components, costs, .. } = &self.question;
        let (each, law) = (
            costs.prompt + responses * costs.response,
            components.prompt + components.response / responses,
        );
        match self.goal {
            Goal::Budget(budget) => law * each / budget,
            Goal::Variance(target) => law * each / target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::budget::Costs;
    use crate::theory::variance_law::Components;

    fn plan(goal: Goal) -> Plan {
        let question = Question {
            components: Components {
                prompt: 1.0,
                response: 16.0,
            },
            costs: Costs {
                prompt: 4.0,
                response: 1.0,
            },
            most_responses: u64::MAX,
            most_prompts: u64::MAX,
        };
        Plan::new(question, goal).expect("a design")
    }

    /// Regret of the law at c K*: (c + 1/c - 2) sqrt(ab)/(sqrt a + sqrt b)^2 with a = 4, b = 16.
    #[test]
    fn the_valley_is_as_flat_as_the_law_says() {
        for goal in [Goal::Budget(1e9), Goal::Variance(1e-9)] {
            let plan = plan(goal);
            assert_eq!(plan.best.responses, 8);
            let regret = |k: f64| (k / 8.0 + 8.0 / k - 2.0) * 8.0 / 36.0;
            for within in [0.05, 0.125] {
                let (low, high) = plan.band(within);
                // Prompts are whole, and at K = 5 the regret is 5% exactly.
                let share = within + 1e-6;
                let [low, high] = [low, high].map(|k| k as f64);
                assert!(regret(low) <= share && regret(low - 1.0) > share, "{low}");
                assert!(regret(high) <= share && regret(high + 1.0) > share, "{high}");
            }
            for k in [1_u64, 3, 8, 40] {
                let own = plan.at(k).expect("a design");
                assert!((plan.times(&own) / (1.0 + regret(k as f64)) - 1.0).abs() < 1e-6, "{k}");
                assert!((plan.smooth(k as f64) / plan.takes(&own) - 1.0).abs() < 1e-6, "{k}");
            }
        }
    }

    #[test]
    fn bounds_hold_for_what_stands_beside_the_best() {
        let mut question = plan(Goal::Budget(1.0e3)).question;
        (question.most_prompts, question.most_responses) = (10, 6);
        let plan = Plan::new(question, Goal::Budget(1.0e3)).expect("a design");
        assert_eq!(plan.at(7), None);
        assert_eq!(plan.cochran(), plan.at(6));
        assert!((1..=6).all(|k| plan.at(k).is_some_and(|own| own.prompts <= 10)));
        assert_eq!(plan.band(1e9), (1, 6));
    }
}
