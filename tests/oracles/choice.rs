//! What every selector keeps: each pool chosen from anew, with a matrix of its own size and for its own K alone.

use super::plain::{Plain, batch, replicates, uniforms};
use mode_lottery::engine::Study;
use mode_lottery::numerics::special::normal_from_uniform;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::select::{
    Balance, CoverageTies, Objective, Picker, Pool as Candidates, RewardScale, Rule, Selector, Similarity, TOLERANCE,
};
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Measure, Method, Selection, Theta};
use mode_lottery::study::{BATCH, Choice};
use mode_lottery::world::{Attributes, Centres, Embedded, Embedding, Rewards};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Arc;

/// A few hundred roundings of 1.1e-16, with room; one response chosen otherwise changes a sum by 1e-5 or more.
const ROUNDING: f64 = 1e-11;

#[derive(Debug, Clone)]
struct Design {
    world: Plain,
    attributes: Attributes,
    arms: Vec<Arm>,
    first_block: u64,
}

#[derive(Debug, Clone)]
struct Arm {
    choice: Choice,
    prompts: u32,
    kept: usize,
    candidates: usize,
}

impl Design {
    fn study(&self) -> Selection {
        let world = Embedded::new(self.world.base(), self.world.concentration, self.attributes.clone()).unwrap();
        let method = |arm: &Arm| Method {
            pool: PoolArm {
                choice: arm.choice,
                candidates: Some(arm.candidates as u32),
                ..PoolArm::all(arm.prompts, arm.kept as u32)
            },
            theta: Theta::Uniform,
        };
        let arms = self.arms.iter().map(method).collect();
        Selection::new(7, Arc::new(world), arms, vec![Measure::ModeMassByMode]).unwrap()
    }
}

/// What one arm keeps of one prompt of a replicate, by mode, each kept response counting 1 or K times its weight.
fn kept(design: &Design, arm: &Arm, streams: &Streams, replicate: u64, prompt: u32) -> Vec<f64> {
    let n = arm.candidates;
    let draw = |name: &str, count: usize| uniforms(streams.purpose(name), replicate, prompt, count);
    let modes = design.world.responses(streams, replicate, prompt, n);
    let mut counts = vec![0.0; design.world.weights.len()];
    if arm.choice.is_random() {
        modes[..arm.kept].iter().for_each(|&mode| counts[mode] += 1.0);
        return counts;
    }
    let Attributes { rewards, embedding } = &design.attributes;
    let errors = draw("rewards", n).into_iter().map(normal_from_uniform);
    let rewards: Vec<f64> = modes
        .iter()
        .zip(errors)
        .map(|(&mode, error)| rewards.values[mode] + rewards.noise * error)
        .collect();
    let q = embedding.dimension;
    let offsets = draw("embeddings", n * q);
    let mut embeddings = vec![0.0; n * q];
    for (j, &mode) in modes.iter().enumerate() {
        embedding.write_centre(mode, design.world.weights.len(), &mut embeddings[j * q..(j + 1) * q]);
    }
    for (x, u) in embeddings.iter_mut().zip(offsets) {
        *x += embedding.noise * normal_from_uniform(u);
    }
    for row in embeddings.chunks_exact_mut(q) {
        let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        row.iter_mut().for_each(|x| *x /= length);
    }
    let mut similarity = vec![0.0; n * n];
    arm.choice
        .similarity
        .fill(&embeddings, q, &mut Vec::new(), &mut similarity)
        .unwrap();
    let words: Vec<u64> = draw("ties", n).iter().map(|u| u.to_bits()).collect();
    let pool = Candidates {
        rewards: &rewards,
        similarity: &similarity,
        stride: n,
        computed: true,
        words: &words,
        embeddings: &[],
        dimension: 0,
        candidates: n,
    };
    let mut picker = Picker::new(n);
    let order = picker.pick(&arm.choice.rule, &pool, arm.kept).unwrap().order.to_vec();
    let mut weights = vec![1.0 / arm.kept as f64; arm.kept];
    if arm.choice.rule.selector.weighted() {
        weights = shares(&order, &similarity, n, arm.choice.rule.objective.ties);
    }
    for (&i, weight) in order.iter().zip(&weights) {
        counts[modes[i]] += weight * arm.kept as f64;
    }
    counts
}

/// The share of the pool that each kept candidate represents, by the definition.
fn shares(order: &[usize], similarity: &[f64], n: usize, ties: CoverageTies) -> Vec<f64> {
    let mut weights = vec![0.0; order.len()];
    for i in 0..n {
        let alike = |t: usize| similarity[i * n + order[t]];
        let most = (0..order.len()).map(alike).fold(f64::NEG_INFINITY, f64::max);
        let mut near: Vec<usize> = (0..order.len()).filter(|&t| alike(t) >= most - TOLERANCE).collect();
        if ties == CoverageTies::First {
            near.truncate(1);
        }
        for &t in &near {
            weights[t] += 1.0 / (near.len() * n) as f64;
        }
    }
    weights
}

/// Sums over one batch of every arm's kept responses by mode and of their squares, by the plain route.
fn plain(design: &Design, streams: &Streams) -> Vec<f64> {
    let mut sums = Vec::new();
    for arm in &design.arms {
        let mut sums_of_counts = vec![0.0; design.world.weights.len()];
        let mut squares = sums_of_counts.clone();
        for replicate in replicates(design.first_block) {
            let mut counts = vec![0.0; design.world.weights.len()];
            for prompt in 0..arm.prompts {
                let kept = kept(design, arm, streams, replicate, prompt);
                counts.iter_mut().zip(kept).for_each(|(sum, kept)| *sum += kept);
            }
            for (m, count) in counts.into_iter().enumerate() {
                sums_of_counts[m] += count;
                squares[m] += count * count;
            }
        }
        sums.extend(sums_of_counts);
        sums.extend(squares);
    }
    sums
}

fn difference(design: &Design, oracle: &Design) -> Option<(usize, f64, f64)> {
    let study = design.study();
    let streams = Streams::new(study.spec().draws.text());
    let (found, expected) = (batch(&study, design.first_block).sums, plain(oracle, &streams));
    assert_eq!(found.len(), expected.len());
    let size = BATCH as f64;
    let differs = |(i, (a, b)): (usize, (&f64, &f64))| {
        // Written so that NaN differs.
        let near = (a - b).abs() <= ROUNDING * size * b.abs().max(1.0);
        (!near).then_some((i, *a, *b))
    };
    found.iter().zip(&expected).enumerate().find_map(differs)
}

fn choices() -> impl Strategy<Value = Choice> {
    let similarity = prop_oneof![
        3 => Just(Similarity::Cosine),
        1 => Just(Similarity::RawCosine),
        1 => (0.3..2.0).prop_map(|bandwidth| Similarity::Rbf { bandwidth }),
    ];
    let scale = prop::sample::select(RewardScale::ALL.to_vec());
    let balance = prop::sample::select(Balance::ALL.to_vec());
    let ties = prop::sample::select(CoverageTies::ALL.to_vec());
    let selector = prop::sample::select(Selector::ALL.to_vec());
    (selector, 0.0..=1.0, scale, balance, ties, similarity).prop_map(
        |(selector, reward_share, rewards, balance, ties, similarity)| Choice {
            rule: Rule {
                selector,
                objective: Objective {
                    reward_share,
                    rewards,
                    balance,
                    ties,
                    ..Objective::USUAL
                },
            },
            similarity,
        },
    )
}

/// Arms of a few choices only, so that several K, N and N_p share one.
fn arms() -> impl Strategy<Value = Vec<Arm>> {
    prop::collection::vec(choices(), 1..4).prop_flat_map(|choices| {
        let arm = (
            prop::sample::select(choices),
            1_u32..4,
            1_usize..7,
            prop::sample::select(vec![0_usize, 1, 5]),
        );
        let arm = arm.prop_map(|(choice, prompts, kept, more)| Arm {
            choice,
            prompts,
            kept,
            candidates: kept + more,
        });
        prop::collection::vec(arm, 1..7)
    })
}

fn designs() -> impl Strategy<Value = Design> {
    let noise = || prop_oneof![2 => Just(0.0), 1 => 0.05..0.6];
    let centres = prop_oneof![2 => Just(Centres::OneHot), 1 => (0.1..0.9).prop_map(Centres::Correlated)];
    let concentration = prop_oneof![Just(f64::INFINITY), 0.3..20.0];
    (2_usize..=6).prop_flat_map(move |modes| {
        let world = (
            prop::collection::vec(0.1..1.0, modes),
            prop::collection::vec(-1.0..1.0, modes),
            concentration.clone(),
            centres.clone(),
            (noise(), noise()),
            0_usize..3,
        );
        (world, arms(), 0_u64..1 << 30).prop_map(
            |((weights, values, concentration, centres, (noise, blur), room), arms, first_block)| Design {
                attributes: Attributes {
                    rewards: Rewards { values, noise },
                    embedding: Embedding {
                        centres,
                        dimension: Embedding::fewest(centres, weights.len()) + room,
                        noise: blur,
                    },
                },
                world: Plain {
                    weights,
                    concentration,
                    copies: None,
                },
                arms,
                first_block,
            },
        )
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_602),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn the_study_keeps_what_the_plain_route_keeps(design in designs()) {
        let difference = difference(&design, &design);
        prop_assert!(difference.is_none(), "slot, study, plain: {difference:?}");
    }

    /// The control: another pool, K or seed of ties in the plain route shows.
    #[test]
    fn a_changed_number_shows(mut design in designs(), which in 0_usize..3) {
        design.world.weights.iter_mut().for_each(|weight| *weight += 0.3);
        design.world.concentration = design.world.concentration.clamp(0.3, 5.0);
        for arm in &mut design.arms {
            arm.prompts = 3;
            // One response to a prompt does not know the concentration.
            arm.kept += 2;
            arm.candidates += 2;
        }
        let mut changed = design.clone();
        let last = changed.arms.len() - 1;
        match which {
            0 => changed.world.concentration *= 2.0,
            1 => {
                changed.arms[last].kept += 1;
                changed.arms[last].candidates += 1;
            }
            _ => changed.arms[last].prompts += 1,
        }
        prop_assert!(difference(&design, &changed).is_some());
    }
}
