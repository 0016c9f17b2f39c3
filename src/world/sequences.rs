//! Owns World S: responses of several tokens to prompts that mix plans.
//!
//! A prompt's weights over plans are pi(x) ~ Dirichlet(alpha base), as many plans as tokens. A response draws one plan z, then a first token
//! that says nothing, uniform, and n increments d_t = y_t - y_{t-1} mod V, independent given z with distribution b_z = (1 - eta) e_z + eta/V:
//! plan 0 repeats a token, plan 1 climbs, and so on. The first token is left out of losses and is not drawn: it is the same for all policies.
//! Responses may end by themselves: after each increment one of plan z ends with a probability of its own, its hazard.
//!
//! Given the plans everything is exact; a statistic h of a response has V_x = sum_z base_z (E[h given z] - E h)^2/(alpha + 1).

use super::{BaseWeights, Dirichlet, ModeTruth, Responses, World};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::{float, floats};
use crate::theory::sequences::{Endings, PlanMixture};
use crate::theory::variance_law::Components;

/// The world of plans.
#[derive(Debug, Clone)]
pub struct PlanWorld {
    prompts: Dirichlet,
    concentration: f64,
    vagueness: f64,
    plans: PlanMixture,
    /// By plan; none where responses never end by themselves.
    hazards: Vec<f64>,
    /// What a judge gives each increment; none where there is no judge.
    scores: Vec<f64>,
}

impl PlanWorld {
    /// The most tokens: one is held in a byte, and states of policies are many enough.
    pub const MOST_TOKENS: usize = 16;

    /// Prompts pi(x) ~ Dirichlet(`concentration` `base`), above 0; plans that make another increment than their own with probability
    /// `vagueness` (1 - 1/V), in (0, 1].
    ///
    /// # Panics
    ///
    /// Where the base has more than [`MOST_TOKENS`](Self::MOST_TOKENS) weights.
    pub fn new(base: BaseWeights, concentration: f64, vagueness: f64) -> Self {
        let tokens = base.probabilities().len();
        assert!(tokens <= Self::MOST_TOKENS, "{tokens} tokens");
        Self {
            plans: PlanMixture::vague(base.probabilities(), vagueness),
            prompts: Dirichlet::new(base, concentration),
            concentration,
            vagueness,
            hazards: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// The same where a response ends after each increment with the probability of its plan: one in (0, 1) for each.
    ///
    /// # Panics
    ///
    /// Where there is not one for each plan.
    #[must_use]
    pub fn ending(self, hazards: Vec<f64>) -> Self {
        assert_eq!(hazards.len(), self.plans.plans(), "a hazard for each plan");
        Self { hazards, ..self }
    }

    /// The same with a judge, who gives each increment a score.
    ///
    /// # Panics
    ///
    /// Where there is not one for each.
    #[must_use]
    pub fn judged(self, scores: Vec<f64>) -> Self {
        assert_eq!(scores.len(), self.plans.tokens(), "a score for each increment");
        Self { scores, ..self }
    }

    /// The probabilities with which responses end, one per plan; none where they do not end by themselves.
    pub fn hazards(&self) -> &[f64] {
        &self.hazards
    }

    /// What a judge gives each increment; none without one.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// What responses of at most so many increments are; none where they do not end by themselves.
    pub fn endings(&self, most: u32) -> Option<Endings> {
        (!self.hazards.is_empty()).then(|| Endings::new(&self.plans, &self.hazards, most))
    }

    /// Its plans, and what responses each makes.
    pub fn plans(&self) -> &PlanMixture {
        &self.plans
    }

    /// alpha.
    pub fn concentration(&self) -> f64 {
        self.concentration
    }

    /// The canonical text of everything that changes the draws: the world's part of the draws key.
    pub fn canonical(&self) -> String {
        let said = |what: &str, values: &[f64]| match values {
            [] => String::new(),
            values => format!("{what} {} ", floats(values)),
        };
        format!(
            "plans vagueness {} {}{}of {}",
            float(self.vagueness),
            said("hazards", &self.hazards),
            said("scores", &self.scores),
            self.prompts.canonical()
        )
    }

    /// V_x and V_{y|x} of whether a response is this one, given its increments: the variance over prompts of p*(y given x), and the mean of
    /// p* (1 - p*).
    pub fn probability_components(&self, increments: &[usize]) -> Components {
        let of_plan: Vec<f64> = (0..self.plans.plans())
            .map(|z| self.plans.likelihood(z, increments))
            .collect();
        let prompt = self.prompts.components(&of_plan).prompt;
        let mean = self.plans.probability(self.plans.base(), increments);
        Components {
            prompt,
            response: mean * (1.0 - mean) - prompt,
        }
    }

    /// Random words that the responses of one prompt take: a plan each, and the increments of those that go on, `depths` at each position.
    pub fn words(&self, depths: &[usize]) -> u64 {
        let deepest = depths.first().copied().unwrap_or(0);
        let ends = if self.hazards.is_empty() { 1 } else { 2 };
        (deepest + ends * depths.iter().sum::<usize>()) as u64
    }

    /// A sampler on the streams of one scenario, of at most `depth` responses of `length` increments.
    pub fn sampler(&self, streams: &Streams, depth: usize, length: usize) -> PlanSampler<'_> {
        PlanSampler {
            world: self,
            plans: streams.purpose("responses"),
            increments: (0..length)
                .map(|position| streams.purpose(&format!("increments {position}")))
                .collect(),
            ends: match self.hazards.is_empty() {
                true => Vec::new(),
                false => (1..length)
                    .map(|after| streams.purpose(&format!("ends {after}")))
                    .collect(),
            },
            lengths: vec![[0; LANES]; depth],
            uniforms: vec![[0.0; LANES]; depth],
            drawn: self.prompts.urn().responses(depth),
            rows: vec![vec![[0; LANES]; depth]; length],
        }
    }
}

/// Draws the responses of one prompt for eight consecutive replicates at once.
///
/// Plans and the increments at each position have streams of their own: fewer responses, or shorter ones, are a prefix of more (law 2).
pub struct PlanSampler<'a> {
    world: &'a PlanWorld,
    plans: Purpose,
    increments: Vec<Purpose>,
    /// Where responses end by themselves.
    ends: Vec<Purpose>,
    lengths: Vec<Lanes<u8>>,
    uniforms: Vec<Lanes<f64>>,
    drawn: Responses,
    rows: Vec<Vec<Lanes<u8>>>,
}

impl PlanSampler<'_> {
    /// Responses to prompt `prompt` in replicates `first..first + 8`: of those at position t, `depths[t]` go on, never more than before.
    pub fn draw(&mut self, first: u64, prompt: u32, depths: &[usize]) {
        let deepest = depths.first().copied().unwrap_or(0);
        let uniforms = &mut self.uniforms[..deepest];
        self.plans.fill_uniforms(first, prompt, uniforms);
        self.world.prompts.urn().draw(uniforms, &mut self.drawn);
        let (keep, tokens) = (1.0 - self.world.vagueness, self.world.plans.tokens());
        let scale = tokens as f64 / self.world.vagueness;
        for ((purpose, rows), &depth) in self.increments.iter().zip(&mut self.rows).zip(depths) {
            let uniforms = &mut self.uniforms[..depth];
            purpose.fill_uniforms(first, prompt, uniforms);
            let plans = self.drawn.rows().iter();
            for ((row, uniform), plan) in rows.iter_mut().zip(uniforms).zip(plans) {
                for l in 0..LANES {
                    let any = ((uniform[l] - keep) * scale) as u8;
                    row[l] = if uniform[l] < keep {
                        plan[l] as u8
                    } else {
                        any.min(tokens as u8 - 1)
                    };
                }
            }
        }
        if !self.ends.is_empty() {
            self.end(first, prompt, depths);
        }
    }

    /// Says after which increment each response ends: of those that have come to a position, these go on to the next.
    fn end(&mut self, first: u64, prompt: u32, depths: &[usize]) {
        self.lengths.fill([1; LANES]);
        for ((position, purpose), &depth) in self.ends.iter().enumerate().zip(&depths[1..]) {
            let uniforms = &mut self.uniforms[..depth];
            purpose.fill_uniforms(first, prompt, uniforms);
            let rows = self.lengths.iter_mut().zip(uniforms).zip(self.drawn.rows());
            for ((length, uniform), plan) in rows {
                for l in 0..LANES {
                    let goes_on = uniform[l] >= self.world.hazards[usize::from(plan[l])];
                    length[l] += u8::from(goes_on && usize::from(length[l]) == position + 1);
                }
            }
        }
    }

    /// How many increments the responses drawn last have, where they end by themselves: at most as many as there were depths.
    pub fn lengths(&self) -> &[Lanes<u8>] {
        &self.lengths
    }

    /// The world it draws from.
    pub fn world(&self) -> &PlanWorld {
        self.world
    }

    /// The plans of the responses drawn last.
    pub fn plans(&self) -> &[Lanes<u16>] {
        self.drawn.rows()
    }

    /// Their increments at a position, response by response; rows past the last draw are stale.
    pub fn increments(&self, position: usize) -> &[Lanes<u8>] {
        &self.rows[position]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(vagueness: f64) -> PlanWorld {
        let base = BaseWeights::listed(&[4.0, 3.0, 2.0, 1.0]).expect("weights");
        PlanWorld::new(base, 4.0, vagueness)
    }

    /// Every response of so many increments.
    fn responses(length: usize) -> Vec<Vec<usize>> {
        (0..4_usize.pow(length as u32))
            .map(|at| (0..length).map(|place| at / 4_usize.pow(place as u32) % 4).collect())
            .collect()
    }

    #[test]
    fn probabilities_sum_to_one_and_their_variances_to_the_total() {
        let world = world(0.3);
        for weights in [[0.4, 0.3, 0.2, 0.1], [1.0, 0.0, 0.0, 0.0]] {
            let sum: f64 = responses(4)
                .iter()
                .map(|y| world.plans().probability(&weights, y))
                .sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
        // By the second moments of the Dirichlet: E pi_a pi_b = (alpha^2 base_a base_b + alpha base_a [a = b])/(alpha (alpha + 1)).
        let (base, alpha) = ([0.4, 0.3, 0.2, 0.1], 4.0);
        for y in responses(3) {
            let own = world.probability_components(&y);
            let of = |z| world.plans().likelihood(z, &y);
            let mean: f64 = (0..4).map(|z| base[z] * of(z)).sum();
            let mut second = 0.0;
            for a in 0..4 {
                for b in 0..4 {
                    let moment = (alpha * base[a] * base[b] + if a == b { base[a] } else { 0.0 }) / (alpha + 1.0);
                    second += moment * of(a) * of(b);
                }
            }
            assert!((own.prompt - (second - mean * mean)).abs() < 1e-15, "{y:?}");
            assert!((own.prompt + own.response - mean * (1.0 - mean)).abs() < 1e-15);
        }
    }

    #[test]
    fn shorter_and_fewer_responses_are_a_prefix() {
        let world = world(0.3);
        let streams = Streams::new("sequences");
        let (mut deep, mut shallow) = (world.sampler(&streams, 9, 6), world.sampler(&streams, 4, 3));
        deep.draw(16, 7, &[9, 9, 9, 5, 5, 5]);
        shallow.draw(16, 7, &[4, 4, 2]);
        assert_eq!(deep.plans()[..4], shallow.plans()[..4]);
        for (position, depth) in [(0, 4), (1, 4), (2, 2)] {
            assert_eq!(
                deep.increments(position)[..depth],
                shallow.increments(position)[..depth]
            );
        }
    }

    /// Lengths and the kinds of responses against exact probabilities, given the plan: chi-square of 209 kinds on 208 degrees of freedom is above
    /// 290 once in ten thousand; kinds that are rarer than five are taken together. With the hazards of other plans it would be refused, and shorter responses are a prefix.
    #[test]
    fn responses_end_with_their_probabilities() {
        let hazards = [0.5, 0.25, 0.15, 0.1];
        let world = world(0.3).ending(hazards.to_vec());
        let endings = world.endings(6).expect("responses end");
        let streams = Streams::new("ends");
        let (mut sampler, mut shorter) = (world.sampler(&streams, 2, 6), world.sampler(&streams, 1, 3));
        let mut found = vec![0.0; endings.kinds().len()];
        let replicates = 4_000_u64;
        for first in (0..8 * replicates).step_by(LANES) {
            sampler.draw(first, 0, &[1; 6]);
            shorter.draw(first, 0, &[1; 3]);
            for l in 0..LANES {
                let length = usize::from(sampler.lengths()[0][l]);
                assert_eq!(usize::from(shorter.lengths()[0][l]), length.min(3));
                let steps = (0..length).map(|t| endings.step(usize::from(sampler.increments(t)[0][l])));
                found[endings.place(steps.sum())] += 1.0;
            }
        }
        let count = 8.0 * replicates as f64;
        let chi = |p: Vec<f64>| -> f64 {
            let (mut sum, mut rare) = (0.0, [0.0; 2]);
            for (&found, p) in found.iter().zip(p) {
                match count * p >= 5.0 {
                    true => sum += (found - count * p) * (found - count * p) / (count * p),
                    false => rare = [rare[0] + found, rare[1] + count * p],
                }
            }
            sum + (rare[0] - rare[1]) * (rare[0] - rare[1]) / rare[1].max(1.0)
        };
        assert!(chi(endings.mean()) < 290.0, "{}", chi(endings.mean()));
        let reversed: Vec<f64> = hazards.into_iter().rev().collect();
        let others = world.clone().ending(reversed).endings(6).expect("responses end").mean();
        assert!(chi(others) > 1000.0);
    }

    /// Pairs of increments of one response, and of two responses of a prompt, against exact probabilities: chi-square of 16 cells on 15
    /// degrees of freedom is above 44 once in ten thousand. Independent draws would be refused.
    #[test]
    fn increments_are_drawn_with_their_probabilities() {
        for vagueness in [0.3, 1.0] {
            let world = world(vagueness);
            let mut sampler = world.sampler(&Streams::new("pairs"), 2, 2);
            let (mut within, mut across) = ([0.0; 16], [0.0; 16]);
            let replicates = 2_500_u64;
            for first in (0..8 * replicates).step_by(LANES) {
                sampler.draw(first, 0, &[2, 1]);
                for l in 0..LANES {
                    let [one, other, next] = [
                        sampler.increments(0)[0][l],
                        sampler.increments(0)[1][l],
                        sampler.increments(1)[0][l],
                    ];
                    within[usize::from(one) * 4 + usize::from(next)] += 1.0;
                    across[usize::from(one) * 4 + usize::from(other)] += 1.0;
                }
            }
            let count = 8.0 * replicates as f64;
            let chi = |found: &[f64; 16], p: &dyn Fn(usize, usize) -> f64| -> f64 {
                let term = |at: usize| {
                    let expected = count * p(at / 4, at % 4);
                    (found[at] - expected) * (found[at] - expected) / expected
                };
                (0..16).map(term).sum()
            };
            let plans = world.plans();
            let together = |a: usize, b: usize| plans.probability(plans.base(), &[a, b]);
            let mean = plans.mean_emission();
            // Two responses share a plan with probability 1/(alpha + 1), else they are independent.
            let shared = |a: usize, b: usize| together(a, b) / 5.0 + mean[a] * mean[b] * 0.8;
            assert!(chi(&within, &together) < 44.0 && chi(&across, &shared) < 44.0);
            if vagueness < 1.0 {
                assert!(chi(&within, &|a, b| mean[a] * mean[b]) > 100.0);
                assert!(chi(&across, &|a, b| mean[a] * mean[b]) > 100.0);
            }
        }
    }
}
