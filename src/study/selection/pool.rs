//! Owns a look at one pool: the candidates of one prompt in one replicate, exactly as a run draws them, and what arms keep.

use super::Selection;
use crate::numerics::lanes::LANES;
use crate::numerics::stream::Streams;
use crate::study::draws::DrawAt;
use crate::study::pools::{PoolArm, PoolDraw, Pools};

impl Pools for Selection {
    fn arm(&self, arm: usize) -> &PoolArm {
        &self.arms[arm].pool
    }

    fn pool(&self, replicate: u64, prompt: u32, arms: &[usize]) -> Option<PoolDraw> {
        let attributes = self.draws.world.attributes()?;
        let arms: Vec<PoolArm> = arms
            .iter()
            .map(|&arm| Some(self.arms.get(arm)?.pool))
            .collect::<Option<_>>()?;
        let candidates = arms.first()?.depth();
        if arms
            .iter()
            .any(|arm| arm.depth() != candidates || arm.prompts <= prompt)
        {
            return None;
        }
        let streams = Streams::new(self.scenario.spec.draws.text());
        let at = DrawAt { replicate, prompt };
        let (mut modes, kept) = self.draws.pass.one(self.draws.world.as_ref(), &streams, at, &arms);
        let n = candidates as usize;
        modes.truncate(n);
        let (lane, dimension) = ((replicate % LANES as u64) as usize, attributes.embedding.dimension);
        let mut sampler = attributes.sampler(&streams, n);
        sampler.draw(replicate - lane as u64, prompt, n, true);
        let (mut rewards, mut embeddings) = (vec![0.0; n], vec![0.0; n * dimension]);
        sampler.rewards(lane, &modes, &mut rewards);
        sampler.embeddings(lane, &modes, &mut embeddings);
        Some(PoolDraw {
            modes,
            rewards,
            embeddings,
            dimension,
            kept,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Study as _;
    use crate::select::{Objective, Rule, Selector, Similarity};
    use crate::study::Choice;
    use crate::study::selection::{Measure, Method, Theta};
    use crate::world::{Attributes, BaseWeights, Centres, Embedded, Embedding, Rewards};
    use std::sync::Arc;

    const PROMPTS: u32 = 3;
    const KEEP: u32 = 4;

    fn arm(selector: Selector, candidates: u32) -> Method {
        let rule = Rule {
            selector,
            objective: Objective::default(),
        };
        let choice = if selector == Selector::Random {
            Choice::RANDOM
        } else {
            Choice {
                rule,
                similarity: Similarity::Cosine,
            }
        };
        let pool = PoolArm {
            choice,
            candidates: Some(candidates),
            ..PoolArm::all(PROMPTS, KEEP)
        };
        let theta = Theta::Uniform;
        Method { pool, theta }
    }

    fn study(noise: f64, arms: Vec<Method>) -> Selection {
        let base = BaseWeights::geometric(5, 0.7).unwrap();
        let attributes = Attributes {
            rewards: Rewards {
                values: vec![0.2, 0.9, 0.5, 0.1, 1.0],
                noise,
            },
            embedding: Embedding {
                centres: Centres::OneHot,
                dimension: 7,
                noise,
            },
        };
        let world = Embedded::new(base, 6.0, attributes).unwrap();
        Selection::new(5, Arc::new(world), arms, vec![Measure::ModeMassByMode]).unwrap()
    }

    const UNWEIGHTED: [Selector; 5] = [
        Selector::Random,
        Selector::Best,
        Selector::Diverse,
        Selector::DiverseMaxMin,
        Selector::DiverseBest,
    ];

    /// The second route: shares by mode over all prompts of a replicate, from pools one by one against a run's own counts.
    #[test]
    fn what_pools_show_is_what_a_run_counts() {
        for noise in [0.0, 0.3] {
            let arms = UNWEIGHTED.map(|selector| arm(selector, 12)).to_vec();
            // A deeper arm, so that the pool shown is a prefix of what the run draws.
            let mut with_deeper = arms.clone();
            let mut deeper = arm(Selector::Best, 30);
            deeper.pool.responses = 20;
            with_deeper.push(deeper);
            let study = study(noise, with_deeper);
            let streams = Streams::new(study.spec().draws.text());
            for replicate in [0, 5, 8, 19] {
                let lane = (replicate % 8) as usize;
                let mut counter = study.draws.pass.counter(study.draws.world.as_ref(), &streams);
                let mut counted = vec![Vec::new(); arms.len()];
                counter.run(replicate - lane as u64, |index, counts| {
                    if let Some(arm) = arms.get(index) {
                        let rows = counts.of(study.draws.pass.kept(&arm.pool));
                        counted[index] = rows.iter().map(|row| row[lane]).collect();
                    }
                });
                let every: Vec<usize> = (0..arms.len()).collect();
                let mut shown = vec![vec![0.0; 5]; arms.len()];
                for prompt in 0..PROMPTS {
                    let pool = study.pool(replicate, prompt, &every).unwrap();
                    assert_eq!((pool.modes.len(), pool.embeddings.len()), (12, 12 * 7));
                    for (shown, kept) in shown.iter_mut().zip(&pool.kept) {
                        assert_eq!(kept.len(), KEEP as usize);
                        kept.iter().for_each(|&i| shown[usize::from(pool.modes[i])] += 1.0);
                    }
                }
                assert_eq!(shown, counted, "noise {noise}, replicate {replicate}");
            }
        }
    }

    #[test]
    fn best_keeps_the_highest_rewards_that_the_pool_shows() {
        let study = study(0.4, vec![arm(Selector::Best, 20)]);
        for replicate in 0..20 {
            let pool = study.pool(replicate, 1, &[0]).unwrap();
            let mut order: Vec<usize> = (0..20).collect();
            order.sort_by(|&i, &j| pool.rewards[j].total_cmp(&pool.rewards[i]));
            assert_eq!(pool.kept[0], order[..KEEP as usize]);
        }
    }

    /// Farthest first by hand from the embeddings shown: each next pick is the least similar to its nearest kept one.
    #[test]
    fn farthest_first_follows_from_the_embeddings_that_the_pool_shows() {
        let study = study(0.4, vec![arm(Selector::DiverseMaxMin, 16)]);
        for replicate in 0..10 {
            let pool = study.pool(replicate, 2, &[0]).unwrap();
            let row = |i: usize| &pool.embeddings[i * 7..(i + 1) * 7];
            let dot = |i: usize, j: usize| -> f64 { row(i).iter().zip(row(j)).map(|(x, y)| x * y).sum() };
            let alike = |i: usize, j: usize| f64::max(0.0, dot(i, j) / (dot(i, i) * dot(j, j)).sqrt());
            let kept = &pool.kept[0];
            for t in 1..kept.len() {
                let near = |i: usize| kept[..t].iter().map(|&s| alike(i, s)).fold(0.0, f64::max);
                let least = (0..16)
                    .filter(|i| !kept[..t].contains(i))
                    .map(near)
                    .fold(f64::INFINITY, f64::min);
                assert!(near(kept[t]) <= least + 1e-9, "replicate {replicate}, pick {t}");
            }
        }
    }

    /// World E's embeddings are brought to length 1, so two of them at an angle whose cosine is c are sqrt(2 - 2c) apart: whoever compares
    /// by rbf keeps what facility location on exp((c - 1)/h^2) keeps, here by hand from the cosines of the pool.
    #[test]
    fn an_rbf_is_that_of_the_angle() {
        let mut own = arm(Selector::Diverse, 16);
        own.pool.choice.similarity = Similarity::Rbf { bandwidth: 0.5 };
        let study = study(0.4, vec![own]);
        for replicate in 0..20 {
            let pool = study.pool(replicate, 1, &[0]).unwrap();
            let row = |i: usize| &pool.embeddings[i * 7..(i + 1) * 7];
            let dot = |i: usize, j: usize| -> f64 { row(i).iter().zip(row(j)).map(|(x, y)| x * y).sum() };
            let cosine = |i: usize, j: usize| dot(i, j) / (dot(i, i) * dot(j, j)).sqrt();
            let alike = |i: usize, j: usize| crate::numerics::elementary::exp((cosine(i, j) - 1.0) / 0.25);
            let covered = |set: &[usize]| -> f64 {
                let nearest = |i: usize| set.iter().map(|&s| alike(i, s)).fold(0.0, f64::max);
                (0..16).map(nearest).sum()
            };
            let kept = &pool.kept[0];
            for t in 0..kept.len() {
                let with = |j: usize| covered(&[&kept[..t], &[j]].concat());
                let best = (0..16).filter(|j| !kept[..t].contains(j)).map(with).fold(0.0, f64::max);
                assert!(with(kept[t]) >= best - 1e-9, "replicate {replicate}, pick {t}");
            }
        }
    }

    #[test]
    fn another_replicate_or_prompt_is_another_pool_and_the_same_is_the_same() {
        let study = study(0.3, vec![arm(Selector::Diverse, 12)]);
        let of = |replicate, prompt| study.pool(replicate, prompt, &[0]).unwrap();
        assert_eq!(of(3, 1), of(3, 1));
        assert_ne!(of(3, 1).embeddings, of(3, 2).embeddings);
        assert_ne!(of(3, 1).embeddings, of(11, 1).embeddings);
    }

    #[test]
    fn what_is_no_pool_is_none() {
        let study = study(0.3, vec![arm(Selector::Diverse, 12), arm(Selector::Best, 10)]);
        assert_eq!(study.pool(0, 0, &[0, 1]), None, "different numbers of candidates");
        assert_eq!(study.pool(0, PROMPTS, &[0]), None, "a prompt that is not drawn");
        assert_eq!(study.pool(0, 0, &[2]), None, "no such arm");
        assert_eq!(study.pool(0, 0, &[]), None, "no arm at all");
    }

    /// By hand: 12 responses of prompts 0 and 1, 6 of prompts 2 to 4, 4 of prompt 5; of all but the last prompt a tie, and with noise
    /// a reward and 7 coordinates, for each candidate.
    #[test]
    fn every_word_that_a_replicate_draws_is_counted() {
        let more = |prompts, own: Method| Method {
            pool: PoolArm { prompts, ..own.pool },
            ..own
        };
        let arms = vec![
            more(2, arm(Selector::Best, 12)),
            more(5, arm(Selector::Diverse, 6)),
            more(6, arm(Selector::Random, 4)),
        ];
        let candidates = 2 * 12 + 3 * 6;
        let words = |noise, arms| study(noise, arms).spec().words;
        assert_eq!(words(0.0, arms.clone()), candidates + 4 + candidates);
        assert_eq!(words(0.3, arms.clone()), candidates + 4 + candidates * (1 + 1 + 7));
        // Rewards alone: nothing compares embeddings, so none are drawn.
        assert_eq!(words(0.3, arms[..1].to_vec()), 24 + 24 * 2);
        assert_eq!(words(0.3, arms[2..].to_vec()), 24);
    }
}
