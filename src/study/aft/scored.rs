//! Owns what measures see of an arm in a replicate: its model, its answers, and numbers of both, each worked out once it is asked for.

use super::answering::{self, Answered, aggregate, by_query, right};
use super::arm::{AftArm, Evaluation, How, Judge};
use super::bayes::Bayes;
use super::bench::Bench;
use super::chain;
use super::lessons::{Lesson, School};
use super::rows;
use super::teaching::Trained;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::policy::aggregator::{Examples, Proposer, SlotRows, Weights, plurality};
use std::cell::OnceCell;

/// An arm in a replicate.
pub(super) struct Case<'a, 'w> {
    pub bench: &'a Bench<'w>,
    pub school: Option<&'a School<'w>>,
    pub arm: &'a AftArm,
    pub model: &'a Trained,
    proposer: Proposer<'a>,
    rows: SlotRows<'a>,
    answered: Option<Answered>,
    score: Option<f64>,
    direct: Option<f64>,
    bayes: Option<f64>,
    best_draft: Option<f64>,
}

impl<'a, 'w> Case<'a, 'w> {
    /// What its model sees of the queries: w_0 phi, and what checking finds.
    pub fn new(
        bench: &'a Bench<'w>,
        school: Option<&'a School<'w>>,
        arm: &'a AftArm,
        model: &'a Trained,
        prior: &'a [Lanes<f64>],
        evidence: &'a [Lanes<f64>],
    ) -> Self {
        let rows = SlotRows {
            modes: bench.world.modes,
            features: &bench.queries.features,
            prior,
            evidence,
        };
        Self {
            proposer: Proposer::new(&model.ended.weights, arm.model.pass(bench.world), rows),
            bench,
            school,
            arm,
            model,
            rows,
            answered: None,
            score: None,
            direct: None,
            bayes: None,
            best_draft: None,
        }
    }

    pub fn answered(&mut self) -> &Answered {
        let (bench, proposer, answer) = (self.bench, &self.proposer, &self.arm.answer);
        self.answered.get_or_insert_with(|| aggregate(bench, proposer, answer))
    }

    fn mean_right(&self, p: &[Lanes<f64>]) -> f64 {
        rows::mean(self.bench.world, self.bench.count(), p, &self.bench.queries.valid)
    }

    fn direct(&self, temperature: f64) -> Vec<Lanes<f64>> {
        let mut p = vec![[0.0; LANES]; self.bench.queries.rows()];
        self.proposer.direct(temperature, &mut p);
        p
    }

    pub fn score(&mut self) -> f64 {
        if let Some(score) = self.score {
            return score;
        }
        let (bench, answer) = (self.bench, &self.arm.answer);
        let score = match answer.how {
            How::BestOf {
                candidates,
                judge,
                noise,
            } => {
                let p = self.direct(answer.temperature);
                match judge {
                    Judge::Reward => answering::best_by_reward(bench, &p, candidates, noise),
                    _ => answering::best_by_evidence(bench, &p, answer, (candidates, judge), self.rows.evidence),
                }
            }
            How::Aggregate { .. } if answer.evaluation == Evaluation::Chain => {
                chain::score(bench, &self.proposer, answer)
            }
            How::Aggregate { .. } => {
                let valid = &bench.queries.valid;
                rows::mean(bench.world, bench.count(), &self.answered().p, valid)
            }
        };
        self.score = Some(score);
        score
    }

    pub fn direct_score(&mut self) -> f64 {
        let p = match self.direct {
            Some(score) => return score,
            None => self.direct(self.arm.answer.temperature),
        };
        let score = self.mean_right(&p);
        self.direct = Some(score);
        score
    }

    pub fn exact_match(&mut self) -> f64 {
        let bench = self.bench;
        let p = &self.answered().p;
        let all = |query| {
            (0..bench.world.slots)
                .map(|slot| right(bench, p, query, slot))
                .product()
        };
        by_query(bench, all) / bench.count() as f64
    }

    pub fn greedy_score(&mut self) -> f64 {
        self.answered();
        let mut p = vec![[0.0; LANES]; self.bench.queries.rows()];
        let seen = self.answered.as_ref().and_then(|own| own.seen.as_ref());
        self.proposer
            .greedy(seen.map(|(counts, width)| (&counts[..], *width)), &mut p);
        self.mean_right(&p)
    }

    pub fn greedy_direct_score(&mut self) -> f64 {
        let mut p = vec![[0.0; LANES]; self.bench.queries.rows()];
        self.proposer.greedy(None, &mut p);
        self.mean_right(&p)
    }

    pub fn entropy(&mut self) -> f64 {
        let bench = self.bench;
        -rows::divergence(bench.world, bench.count(), &self.answered().p, None)
    }

    pub fn best_draft(&mut self) -> f64 {
        if let Some(best) = self.best_draft {
            return best;
        }
        let (bench, width) = (self.bench, self.arm.answer.width() as usize);
        let groups = bench.world.groups();
        let Some(first) = &self.answered().first else {
            return f64::NAN;
        };
        let reward = |query: usize, draft: usize| -> f64 {
            let group = |group| across(&first.right[(query * groups + group) * first.stride + draft]);
            (0..groups).map(group).sum()
        };
        let best = |query| (0..width).map(|draft| reward(query, draft)).fold(0.0, f64::max);
        let best = by_query(bench, best) / (bench.count() * bench.world.slots) as f64;
        self.best_draft = Some(best);
        best
    }

    pub fn plurality(&mut self) -> f64 {
        let bench = self.bench;
        let Some(first) = &self.answered().first else {
            return f64::NAN;
        };
        let rewards = plurality(&first.counts, &bench.queries.valid, bench.world.modes);
        let sum: f64 = rewards.iter().map(across).sum();
        sum / (bench.count() * bench.world.slots) as f64
    }

    pub fn bayes_score(&mut self) -> f64 {
        if let Some(score) = self.bayes {
            return score;
        }
        self.answered();
        let (Some(school), Some(first)) = (self.school, self.answered.as_ref().and_then(|own| own.first.as_ref()))
        else {
            return f64::NAN;
        };
        let bayes = Bayes::new(
            school,
            self.arm,
            &self.model.ended.weights,
            self.arm.model.pass(self.bench.world),
        );
        let score = bayes.map_or(f64::NAN, |own| {
            own.score(self.bench, &first.counts, self.rows.evidence, &self.arm.answer)
        });
        self.bayes = Some(score);
        score
    }

    /// The lesson, and whoever has it.
    fn lesson(&self) -> Option<(&'a Lesson, &'a School<'w>)> {
        self.model.lesson.as_deref().zip(self.school)
    }

    /// A number of what the model learnt, the same for all its arms.
    fn of_lesson(&self, known: &OnceCell<f64>, of: impl FnOnce(&Examples<'_>, &Weights, f64) -> f64) -> f64 {
        *known.get_or_init(|| {
            let weights = &self.model.ended.weights;
            self.lesson().map_or(f64::NAN, |(lesson, school)| {
                of(&lesson.examples(school), weights, self.bench.world.lapse)
            })
        })
    }

    pub fn training_loss(&mut self) -> f64 {
        self.of_lesson(&self.model.loss, |own, weights, lapse| own.loss(weights, lapse))
    }

    pub fn sharpness(&mut self) -> f64 {
        self.of_lesson(&self.model.sharpness, |own, weights, lapse| {
            own.sharpness(weights, lapse)
        })
    }

    /// Steps after which so much of the loss above its minimum is left.
    pub fn steps_to(&mut self, share: f64) -> f64 {
        let (Some((lesson, school)), losses) = (self.lesson(), &self.model.ended.losses) else {
            return f64::NAN;
        };
        let least = lesson.minimum(school, &self.arm.model);
        let Some(bound) = losses.first().map(|first| least + share * (first - least)) else {
            return 0.0;
        };
        let Some(step) = losses.iter().position(|loss| *loss <= bound) else {
            return losses.len() as f64;
        };
        if step == 0 {
            return 0.0;
        }
        let (before, after) = (losses[step - 1], losses[step]);
        (step - 1) as f64 + (before - bound) / (before - after)
    }

    pub fn loss_spread(&mut self) -> f64 {
        let losses = &self.model.ended.losses;
        let last = &losses[losses.len() / 2..];
        let n = last.len() as f64;
        let mean = last.iter().sum::<f64>() / n;
        (last.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt()
    }

    pub fn kl_direct(&mut self) -> f64 {
        let (bench, model) = (self.bench, &self.arm.model);
        *self.model.kl_direct.get_or_init(|| {
            let start = model.start(bench.world.features);
            let mut base = vec![[0.0; LANES]; bench.queries.rows()];
            Proposer::new(&start, model.pass(bench.world), self.rows).direct(1.0, &mut base);
            rows::divergence(bench.world, bench.count(), &self.direct(1.0), Some(&base))
        })
    }

    pub fn kl_own(&mut self) -> f64 {
        let model = &self.arm.model;
        *self.model.kl_own.get_or_init(|| {
            let Some((lesson, school)) = self.lesson() else {
                return f64::NAN;
            };
            let start = model.start(self.bench.world.features);
            let [own, base] = [&self.model.ended.weights, &start].map(|weights| lesson.answers(school, model, weights));
            rows::divergence(self.bench.world, lesson.queries(), &own, Some(&base))
        })
    }
}
