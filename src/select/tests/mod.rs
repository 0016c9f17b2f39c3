//! Pools of several kinds for the tests of this room, drawn by keyed streams.

pub(crate) mod definition;
mod given;
mod guarantee;
mod matrices;
mod modes;
mod picks;
mod rows;
mod small;

use super::*;
use crate::numerics::stream::{Stream, Streams};
use definition::{best_subset, value, violations};

/// A pool that owns its numbers.
#[derive(Debug, Clone)]
struct Case {
    rewards: Vec<f64>,
    similarity: Vec<f64>,
    words: Vec<u64>,
    /// Whether the similarities are those of embeddings.
    computed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Clipped cosines of random directions.
    Sphere,
    /// Four directions with a little noise.
    Clustered,
    /// Independent uniforms, not symmetric.
    Uniform,
    /// 0 or 1, not symmetric: ties everywhere.
    Binary,
    /// Few distinct directions and rewards, exactly equal within: ties everywhere.
    Duplicates,
}

const KINDS: [Kind; 5] = [
    Kind::Sphere,
    Kind::Clustered,
    Kind::Uniform,
    Kind::Binary,
    Kind::Duplicates,
];

fn stream(purpose: &str, case: usize) -> Stream {
    Streams::new("tests of select").purpose(purpose).stream(case as u64, 0)
}

fn centred(stream: &mut Stream) -> f64 {
    stream.uniform() - 0.5
}

impl Case {
    fn pool(&self) -> Pool<'_> {
        Pool {
            rewards: &self.rewards,
            similarity: &self.similarity,
            stride: self.words.len(),
            computed: self.computed,
            words: &self.words,
            embeddings: &[],
            dimension: 0,
            candidates: self.words.len(),
        }
    }

    fn draw(kind: Kind, n: usize, stream: &mut Stream) -> Case {
        let similarity = match kind {
            Kind::Sphere => of_embeddings(Similarity::Cosine, 4, &directions(n, n, 0.0, stream)),
            Kind::Clustered => of_embeddings(Similarity::Cosine, 4, &directions(n, 4, 0.1, stream)),
            Kind::Duplicates => of_embeddings(Similarity::Cosine, 4, &directions(n, 4, 0.0, stream)),
            Kind::Uniform => (0..n * n).map(|_| stream.uniform()).collect(),
            Kind::Binary => (0..n * n)
                .map(|_| f64::from(u8::from(stream.uniform() < 0.3)))
                .collect(),
        };
        let levels = if matches!(kind, Kind::Duplicates | Kind::Binary) {
            3.0
        } else {
            1e15
        };
        Case {
            rewards: (0..n).map(|_| (stream.uniform() * levels).floor() / levels).collect(),
            similarity,
            words: (0..n).map(|_| stream.word()).collect(),
            computed: !matches!(kind, Kind::Uniform | Kind::Binary),
        }
    }

    /// Some of the candidates in another order: candidate `order[i]` becomes the i-th.
    fn reordered(&self, order: &[usize]) -> Case {
        let n = order.len();
        let at = |i: usize, j: usize| self.similarity[order[i] * self.words.len() + order[j]];
        Case {
            rewards: order.iter().map(|&i| self.rewards[i]).collect(),
            similarity: (0..n * n).map(|k| at(k / n, k % n)).collect(),
            words: order.iter().map(|&i| self.words[i]).collect(),
            computed: self.computed,
        }
    }
}

fn of_embeddings(similarity: Similarity, coordinates: usize, embeddings: &[f64]) -> Vec<f64> {
    let n = embeddings.len() / coordinates;
    let mut out = vec![0.0; n * n];
    similarity
        .fill(embeddings, coordinates, &mut Vec::new(), &mut out)
        .expect("directions");
    out
}

/// n rows of four coordinates, each one of `centres` directions plus noise.
fn directions(n: usize, centres: usize, noise: f64, stream: &mut Stream) -> Vec<f64> {
    let centres: Vec<[f64; 4]> = (0..centres).map(|_| [(); 4].map(|()| centred(stream))).collect();
    let mut rows = Vec::with_capacity(4 * n);
    for _ in 0..n {
        let centre = centres[(stream.uniform() * centres.len() as f64) as usize];
        rows.extend(centre.map(|x| x + noise * centred(stream)));
    }
    rows
}

/// A uniformly random order of n.
fn shuffled(n: usize, stream: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_cached_key(|_| stream.word());
    order
}

/// Every selector with sums and, where they differ, other objectives.
fn rules() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Selector::ALL.map(Rule::new).to_vec();
    for rewards in [RewardScale::Raw, RewardScale::ZScore, RewardScale::MinMax] {
        for reward_share in [0.0, 0.3, 0.8, 1.0] {
            for balance in [Balance::Sums, Balance::Means] {
                rules.push(Rule {
                    selector: Selector::DiverseBest,
                    objective: Objective {
                        reward_share,
                        rewards,
                        balance,
                        ..Objective::USUAL
                    },
                });
            }
        }
    }
    rules
}
