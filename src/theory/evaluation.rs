//! Owns the planning of a comparison of two models on the same questions (Miller 2024, Adding Error Bars to Evals, arXiv 2411.00640).
//!
//! n questions, K_A samples of model A and K_B of B for each. The mean difference of scores has the variance
//!
//! ```text
//! (omega^2 + sigma_A^2/K_A + sigma_B^2/K_B)/n
//! ```
//!
//! with omega^2 the variance between questions of the difference of expected scores, and sigma^2 the mean variance of a model's scores
//! to a question. It is the variance law of two stages, questions for prompts. A difference delta is found at level a with power 1 - b by
//! n = (z_{a/2} + z_b)^2 times that over delta^2; the normal law is assumed, which takes some tens of questions.

use super::budget::Costs;
use super::variance_law::Components;
use crate::numerics::special::normal_quantile;

/// The variances of a comparison, in squared units of the score; 0 or more, and not all 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// omega^2: between questions, of the difference of expected scores.
    pub question: f64,
    /// sigma_A^2: of A's scores to a question.
    pub sample_a: f64,
    /// sigma_B^2: of B's.
    pub sample_b: f64,
}

/// What a test should do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// a: how often a difference of 0 is called one, two-sided; a probability such as .05.
    pub level: f64,
    /// 1 - b: how often a true difference is found; a probability such as .8.
    pub power: f64,
}

/// Samples of each model to a question, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Samples {
    /// K_A.
    pub a: u64,
    /// K_B.
    pub b: u64,
}

/// So many questions with so many samples of each model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// n, at least 1.
    pub questions: u64,
    /// K_A and K_B.
    pub samples: Samples,
    /// What it costs.
    pub cost: f64,
}

impl Power {
    /// z_{a/2} + z_b: by how many standard errors the difference must be off 0.
    pub fn standard_errors(&self) -> f64 {
        normal_quantile(1.0 - self.level / 2.0) + normal_quantile(self.power)
    }
}

impl Comparison {
    /// omega^2 + sigma_A^2/K_A + sigma_B^2/K_B: n times the variance of the mean difference.
    pub fn of_question(&self, samples: Samples) -> f64 {
        self.question + self.sample_a / samples.a as f64 + self.sample_b / samples.b as f64
    }

    /// The questions that it takes to find the difference `delta`, in units of the score, as a real number; infinite for 0.
    pub fn questions(&self, delta: f64, power: Power, samples: Samples) -> f64 {
        let ratio = power.standard_errors() / delta;
        ratio * ratio * self.of_question(samples)
    }

    /// The least difference that so many questions find: the minimal detectable effect, in units of the score.
    pub fn least_difference(&self, questions: u64, power: Power, samples: Samples) -> f64 {
        power.standard_errors() * (self.of_question(samples) / questions as f64).sqrt()
    }

    /// K* for one number of samples of both models: sqrt((sigma_A^2 + sigma_B^2)/omega^2 C_p/(2 C_r)), `costs` being those of a question
    /// and of a sample of one model. Infinite or NaN as [`Costs::best_responses`] is.
    pub fn best_samples(&self, costs: &Costs) -> f64 {
        let pair = Costs {
            response: 2.0 * costs.response,
            ..*costs
        };
        pair.best_responses(&Components {
            prompt: self.question,
            response: self.sample_a + self.sample_b,
        })
    }

    /// The cheapest whole numbers that find `delta`, of all with at most `most` samples of a model; of equally cheap ones that with the
    /// fewest samples. None where `delta` or `most` is 0, or the questions are no finite number.
    pub fn cheapest(&self, delta: f64, power: Power, costs: &Costs, most: u64) -> Option<Plan> {
        let plan = |samples: Samples| {
            // A number within rounding of a whole one is that.
            let questions = (self.questions(delta, power, samples) * (1.0 - 4.0 * f64::EPSILON)).ceil();
            let cost = questions * costs.of_prompt(samples.a + samples.b);
            (questions < u64::MAX as f64).then_some(Plan {
                questions: questions.max(1.0) as u64,
                samples,
                cost: if questions > 0.0 {
                    cost
                } else {
                    costs.of_prompt(samples.a + samples.b)
                },
            })
        };
        (1..=most)
            .flat_map(|a| (1..=most).map(move |b| Samples { a, b }))
            .filter_map(plan)
            .min_by(|one, other| one.cost.total_cmp(&other.cost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Power = Power {
        level: 0.05,
        power: 0.8,
    };

    const BINARY: Comparison = Comparison {
        question: 1.0 / 9.0,
        sample_a: 1.0 / 6.0,
        sample_b: 1.0 / 6.0,
    };

    const fn both(k: u64) -> Samples {
        Samples { a: k, b: k }
    }

    /// omega^2 = 1/9, delta = .03, a = .05, power .8, quantiles 1.959964 and .841621: 969 questions by hand where samples do not matter, and
    /// four times as many with one sample of each model and sigma^2 = 1/6.
    #[test]
    fn the_number_of_questions_is_that_by_hand() {
        let endless = BINARY.questions(0.03, USUAL, both(u64::MAX));
        assert_eq!(endless.round(), 969.0);
        let one = BINARY.questions(0.03, USUAL, both(1));
        assert!((one / endless - 4.0).abs() < 1e-9, "{one} {endless}");
    }

    #[test]
    fn the_least_difference_of_so_many_questions_takes_so_many() {
        for (questions, samples) in [(200, both(1)), (969, Samples { a: 4, b: 1 })] {
            let delta = BINARY.least_difference(questions, USUAL, samples);
            let back = BINARY.questions(delta, USUAL, samples);
            assert!((back / questions as f64 - 1.0).abs() < 1e-12, "{back}");
        }
    }

    /// By a fine grid over real K, and by whole numbers for a large n, where the ceiling does not matter.
    #[test]
    fn no_number_of_samples_is_cheaper_than_the_best() {
        let costs = Costs {
            prompt: 20.0,
            response: 0.5,
        };
        let best = BINARY.best_samples(&costs);
        let price = |k: f64| {
            (BINARY.question + (BINARY.sample_a + BINARY.sample_b) / k) * (costs.prompt + 2.0 * k * costs.response)
        };
        let least = (1..4000)
            .map(|i| 0.01 * f64::from(i))
            .min_by(|a, b| price(*a).total_cmp(&price(*b)));
        assert!((least.unwrap() - best).abs() < 0.01, "{least:?} {best}");
        let plan = BINARY.cheapest(1e-4, USUAL, &costs, 24).unwrap();
        assert!(plan.samples.a.abs_diff(plan.samples.b) <= 1, "{plan:?}");
        assert!((plan.samples.a as f64 - best).abs() <= 1.0, "{plan:?} {best}");
        let neighbours = [both(plan.samples.a + 1), both(plan.samples.a.max(2) - 1)];
        for samples in neighbours {
            let n = BINARY.questions(1e-4, USUAL, samples).ceil();
            assert!(n * costs.of_prompt(samples.a + samples.b) >= plan.cost, "{samples:?}");
        }
    }

    /// Where A is noisy and B is not, A gets the samples: one number for both would cost more.
    #[test]
    fn the_noisy_model_gets_the_samples() {
        let unlike = Comparison {
            question: 0.01,
            sample_a: 0.25,
            sample_b: 0.0,
        };
        let costs = Costs {
            prompt: 1.0,
            response: 1.0,
        };
        let plan = unlike.cheapest(0.01, USUAL, &costs, 32).unwrap();
        assert_eq!(plan.samples.b, 1);
        // sqrt(25 (C_p + C_r)) = 7.07: B's sample is paid with the question.
        assert_eq!(plan.samples.a, 7);
        let together = (1..=32).map(|k| unlike.questions(0.01, USUAL, both(k)).ceil() * costs.of_prompt(2 * k));
        assert!(together.fold(f64::INFINITY, f64::min) > 1.2 * plan.cost);
        assert_eq!(unlike.cheapest(0.0, USUAL, &costs, 32), None);
    }
}
