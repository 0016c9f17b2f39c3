//! Owns whole designs: so many prompts with so many responses each, both whole numbers, best for a budget or cheapest for a target.
//!
//! The law's optimum in real numbers is [`Costs::best_responses`]. With whole prompts Cochran's integer is not always the best: a budget
//! leaves a rest. Every design that could be better is tried, outward from the optimum, until even real numbers of prompts would be worse.

use super::budget::Costs;
use super::variance_law::Components;

/// So many prompts, and responses of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// N_p, at least 1.
    pub prompts: u64,
    /// K, at least 1.
    pub responses: u64,
}

impl Design {
    /// N_p (C_p + K C_r).
    pub fn cost(&self, costs: &Costs) -> f64 {
        self.prompts as f64 * costs.of_prompt(self.responses)
    }

    /// V_x/N_p + V_{y|x}/(N_p K).
    pub fn variance(&self, components: &Components) -> f64 {
        components.law(self.prompts, self.responses)
    }
}

/// What is to be allocated, and how many of each there are at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// V_x and V_{y|x}, 0 or more and not both 0.
    pub components: Components,
    /// C_p and C_r.
    pub costs: Costs,
    /// The most responses of a prompt, at least 1.
    pub most_responses: u64,
    /// The most prompts, at least 1.
    pub most_prompts: u64,
}

impl Question {
    /// The design of the least variance that a budget buys; of equal ones the cheapest. None where the budget buys no prompt, or more
    /// responses are better without end.
    pub fn best(&self, budget: f64) -> Option<Design> {
        let buys = |responses: u64| {
            let prompts = self.costs.prompts(budget, responses).min(self.most_prompts);
            (prompts > 0).then_some(Design { prompts, responses })
        };
        buys(1)?;
        if self.costs.response == 0.0 {
            return (self.most_responses < u64::MAX).then(|| buys(self.most_responses))?;
        }
        // The most responses that leave room for so many prompts.
        let room = |prompts: u64| {
            let responses = (budget / prompts as f64 - self.costs.prompt) / self.costs.response;
            self.most_responses
                .min((responses * (1.0 + 4.0 * f64::EPSILON)).max(0.0) as u64)
        };
        let in_real_numbers = |responses: u64| {
            let prompts = (budget / self.costs.of_prompt(responses)).min(self.most_prompts as f64);
            (self.components.prompt + self.components.response / responses as f64) / prompts
        };
        let rank = |design: &Design| (design.variance(&self.components), design.cost(&self.costs));
        let start = self.start(budget).clamp(1, room(1).max(1));
        let mut best = buys(start).or_else(|| buys(1))?;
        let mut look = |responses: u64| {
            let design = buys(responses).filter(|_| in_real_numbers(responses) <= rank(&best).0)?;
            // With as many prompts the most responses are best.
            let whole = Design {
                responses: room(design.prompts).max(responses),
                ..design
            };
            for design in [design, whole] {
                if rank(&design) < rank(&best)
                    && buys(design.responses).is_some_and(|own| own.prompts >= design.prompts)
                {
                    best = design;
                }
            }
            Some(whole)
        };
        let mut next = Some(start);
        while let Some(whole) = next.and_then(&mut look) {
            next = Some(whole.responses + 1).filter(|&next| next <= room(1));
        }
        let mut next = start.checked_sub(1);
        while let Some(design) = next.filter(|&next| next > 0).and_then(&mut look) {
            let below = design.responses.min(next.unwrap_or(0)).saturating_sub(1);
            // With more prompts than there are fewer responses are no use.
            next = (design.prompts < self.most_prompts).then(|| below.min(room(design.prompts + 1)));
        }
        Some(best)
    }

    /// The best K in real numbers, near which what is best lies.
    fn start(&self, budget: f64) -> u64 {
        let best = self.costs.best_responses(&self.components);
        // With at most so many prompts, the rest of the budget goes to responses.
        let rest = (budget / self.most_prompts as f64 - self.costs.prompt) / self.costs.response;
        let best = if best.is_nan() { 1.0 } else { best.max(rest) };
        (best.min(1e18) as u64).clamp(1, self.most_responses)
    }

    /// The cheapest design whose variance is at most `target`; of equally cheap ones that of the least variance. None where no design
    /// within the bounds has so small a one, or responses are free without end.
    pub fn cheapest(&self, target: f64) -> Option<Design> {
        let needs = |responses: u64| {
            let prompts = (self.components.prompt + self.components.response / responses as f64) / target;
            (prompts * (1.0 - 4.0 * f64::EPSILON)).ceil().max(1.0)
        };
        let design = |responses: u64| {
            let prompts = needs(responses);
            (prompts <= self.most_prompts as f64).then_some(Design {
                prompts: prompts as u64,
                responses,
            })
        };
        if self.costs.response == 0.0 {
            return (self.most_responses < u64::MAX).then(|| design(self.most_responses))?;
        }
        // The fewest responses with which so many prompts are enough; none where no number of them is.
        let enough = |prompts: f64| {
            let left = prompts * target - self.components.prompt;
            let responses = (self.components.response / left * (1.0 - 4.0 * f64::EPSILON))
                .ceil()
                .max(1.0);
            (left > 0.0 && responses <= self.most_responses as f64).then_some(responses as u64)
        };
        let in_real_numbers = |responses: u64| {
            let prompts = (self.components.prompt + self.components.response / responses as f64) / target;
            prompts.max(1.0) * self.costs.of_prompt(responses)
        };
        let rank = |design: &Design| (design.cost(&self.costs), design.variance(&self.components));
        // Where there are too few prompts for the best K, more responses make up for them.
        let start = self.start(0.0).max(enough(self.most_prompts as f64)?);
        let mut best = design(start)?;
        let mut look = |responses: u64| {
            let own = design(responses).filter(|_| in_real_numbers(responses) <= rank(&best).0)?;
            // With as many prompts the fewest responses are cheapest.
            let fewest = enough(own.prompts as f64).map_or(responses, |fewest| fewest.min(responses));
            for design in [Some(own), design(fewest)].into_iter().flatten() {
                if rank(&design) < rank(&best) {
                    best = design;
                }
            }
            Some((own.prompts, fewest))
        };
        let mut next = Some(start);
        while let Some((prompts, _)) = next.and_then(&mut look) {
            let more = next
                .and_then(|now| now.checked_add(1))
                .filter(|&more| more <= self.most_responses);
            next = enough(prompts as f64 - 1.0)
                .zip(more)
                .map(|(fewest, more)| fewest.max(more));
        }
        let mut next = Some(start);
        while let Some((_, fewest)) = next.and_then(&mut look) {
            next = Some(fewest - 1).filter(|&next| next > 0);
        }
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from 0 to 1 that depend on the index alone.
    fn unit(index: u64) -> f64 {
        let mut x = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn question(case: u64) -> (Question, f64) {
        let number = |place: u64, low: f64, high: f64| {
            low * crate::numerics::elementary::exp(unit(8 * case + place) * crate::numerics::elementary::ln(high / low))
        };
        let costs = Costs {
            prompt: number(0, 0.1, 30.0),
            response: number(1, 0.05, 3.0),
        };
        let question = Question {
            components: Components {
                prompt: number(2, 0.01, 2.0),
                response: number(3, 0.1, 20.0),
            },
            most_responses: number(4, 1.0, 200.0) as u64,
            most_prompts: number(5, 1.0, 400.0) as u64,
            costs,
        };
        (question, number(6, 1.0, 40.0) * costs.of_prompt(3))
    }

    /// Every pair of whole numbers within the bounds, one by one.
    fn all(question: &Question) -> impl Iterator<Item = Design> + '_ {
        (1..=question.most_prompts)
            .flat_map(move |prompts| (1..=question.most_responses).map(move |responses| Design { prompts, responses }))
    }

    #[test]
    fn no_pair_of_whole_numbers_is_better_for_a_budget() {
        let mut beside = 0;
        for case in 0..1000 {
            let (question, budget) = question(case);
            let affordable = all(&question).filter(|own| own.cost(&question.costs) <= budget * (1.0 + 1e-12));
            let least = affordable
                .map(|own| own.variance(&question.components))
                .fold(f64::INFINITY, f64::min);
            let found = question.best(budget).map_or(f64::INFINITY, |own| {
                assert!(
                    own.cost(&question.costs) <= budget * (1.0 + 1e-12),
                    "{question:?} {budget}: {own:?}"
                );
                own.variance(&question.components)
            });
            assert!(found <= least * (1.0 + 1e-12), "{question:?} {budget}: {found} {least}");
            // The control: Cochran's integer, with the prompts that it leaves room for, is not always so.
            let cochran = question
                .costs
                .best_integer(&question.components)
                .unwrap_or(1)
                .min(question.most_responses);
            let prompts = question.costs.prompts(budget, cochran).min(question.most_prompts);
            let own = question.components.law(prompts.max(1), cochran);
            beside += u32::from(prompts == 0 || own > least * (1.0 + 1e-9));
        }
        assert!((100..700).contains(&beside), "{beside} of 1000");
    }

    #[test]
    fn no_pair_of_whole_numbers_is_cheaper_for_a_target() {
        let mut none = 0;
        for case in 0..400 {
            let (question, _) = question(case);
            let target = 0.02 + unit(7 + 8 * case);
            let precise = all(&question).filter(|own| own.variance(&question.components) <= target * (1.0 + 1e-12));
            let least = precise
                .map(|own| own.cost(&question.costs))
                .fold(f64::INFINITY, f64::min);
            let found = question.cheapest(target).map_or(f64::INFINITY, |own| {
                assert!(
                    own.variance(&question.components) <= target * (1.0 + 1e-12),
                    "{question:?}: {own:?}"
                );
                own.cost(&question.costs)
            });
            none += u32::from(least.is_infinite());
            assert!(found <= least * (1.0 + 1e-12), "{question:?} {target}: {found} {least}");
        }
        assert!(none > 5, "some targets are out of reach: {none}");
    }

    /// The classical twin, two-stage cluster sampling: m = sqrt((C_1/C_2) (1 - delta)/delta) elements of each cluster, delta the
    /// intraclass correlation (Hansen, Hurwitz and Madow 1953; `clusOpt2` of the R package PracTools).
    #[test]
    fn the_best_k_is_that_of_cluster_sampling() {
        for case in 0..1000 {
            let (question, _) = question(case);
            let (delta, costs) = (question.components.icc(), question.costs);
            let twin = (costs.prompt / costs.response * (1.0 - delta) / delta).sqrt();
            let own = costs.best_responses(&question.components);
            assert!((own / twin - 1.0).abs() < 1e-12, "{question:?}: {own} {twin}");
        }
    }

    /// Where K is in the thousands of millions, prompts are few: designs are gone through by these.
    #[test]
    fn no_number_of_responses_makes_it_slow() {
        let question = Question {
            components: Components {
                prompt: 1e-9,
                response: 1.0,
            },
            costs: Costs {
                prompt: 1e6,
                response: 1e-6,
            },
            most_responses: u64::MAX,
            most_prompts: u64::MAX,
        };
        let best = question.best(1e7).unwrap();
        assert!(best.cost(&question.costs) <= 1e7 * (1.0 + 1e-12));
        // By brute force over the prompts, each with all that is left.
        let least = (1..10_u64).map(|n| {
            let responses = ((1e7 / n as f64 - 1e6) / 1e-6) as u64;
            question.components.law(n, responses.max(1))
        });
        let least = least.fold(f64::INFINITY, f64::min);
        assert!(
            best.variance(&question.components) <= least * (1.0 + 1e-9),
            "{best:?} {least}"
        );
        let cheapest = question.cheapest(2.0 * least).unwrap();
        assert!(cheapest.variance(&question.components) <= 2.0 * least * (1.0 + 1e-12));
        assert!(cheapest.cost(&question.costs) < 1e7);
    }

    #[test]
    fn what_is_free_or_has_no_end_is_told_apart() {
        let free = |prompt, response, most_responses| Question {
            components: Components {
                prompt: 1.0,
                response: 4.0,
            },
            costs: Costs { prompt, response },
            most_responses,
            most_prompts: u64::MAX,
        };
        let design = |prompts, responses| Some(Design { prompts, responses });
        assert_eq!(
            free(0.0, 1.0, u64::MAX).best(100.0),
            design(100, 1),
            "free prompts: one response of each"
        );
        assert_eq!(free(1.0, 0.0, u64::MAX).best(100.0), None, "free responses have no end");
        assert_eq!(free(1.0, 0.0, 16).best(100.0), design(100, 16));
        assert_eq!(
            free(4.0, 1.0, u64::MAX).best(4.5),
            None,
            "less than one prompt with one response"
        );
        let alike = Question {
            components: Components {
                prompt: 0.0,
                response: 4.0,
            },
            ..free(4.0, 1.0, u64::MAX)
        };
        assert_eq!(alike.best(104.0), design(1, 100), "prompts do not differ: all of one");
    }
}
