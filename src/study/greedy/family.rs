//! Owns the families of instances: how alike the candidates of a drawn pool are, and what each is worth.
//!
//! Rewards are uniform on [0, 1) in every family, and a candidate's similarity to itself is 1. Every number has a place in
//! a keyed stream that does not depend on N: a smaller pool is a prefix of a larger one (laws 2 and 3). It never
//! selects anything.

use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::float;
use crate::select::{Pool, SelectError, Similarity};
use crate::world::to_unit_length;

/// A law of pools.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// Embeddings uniform on the unit sphere.
    Sphere {
        /// q: coordinates, at least 1.
        dimension: usize,
    },
    /// Embeddings near one of a few orthonormal centres, each candidate's centre uniformly random, then divided by their lengths.
    Clusters {
        /// Number of centres, at least 1.
        clusters: usize,
        /// q: coordinates, at least as many as clusters.
        dimension: usize,
        /// Standard deviation of each coordinate about its centre, 0 or more.
        noise: f64,
    },
    /// Symmetric similarities, uniform on [0, 1) and otherwise independent.
    Uniform,
    /// Similarities 0 or 1, independent in both directions.
    Binary {
        /// Probability of a 1.
        density: f64,
    },
    /// `Binary`, then made worse for greedy picks: entries are flipped one by one, and a flip is taken back where it raises
    /// the ratio of greedy to the best.
    Adversarial {
        /// Probability of a 1 at the start.
        density: f64,
        /// Entries that are tried.
        steps: u32,
    },
}

impl Family {
    /// The name in experiment files.
    pub fn name(&self) -> &'static str {
        match self {
            Family::Sphere { .. } => "sphere",
            Family::Clusters { .. } => "clusters",
            Family::Uniform => "uniform",
            Family::Binary { .. } => "binary",
            Family::Adversarial { .. } => "adversarial",
        }
    }

    /// Whether candidates have embeddings, of which a similarity is made.
    pub fn embedded(&self) -> bool {
        matches!(self, Family::Sphere { .. } | Family::Clusters { .. })
    }

    /// Whether all candidates of a cluster are the same and clusters have nothing in common.
    pub fn orthonormal(&self) -> bool {
        matches!(self, Family::Clusters { noise, .. } if *noise == 0.0)
    }

    /// How many entries the adversary tries; none elsewhere.
    pub fn steps(&self) -> Option<u32> {
        match self {
            Family::Adversarial { steps, .. } => Some(*steps),
            _ => None,
        }
    }

    /// The law as part of the draws key. The adversary starts at the very instances of `binary`.
    pub(super) fn canonical(&self) -> String {
        match self {
            Family::Sphere { dimension } => format!("sphere dimension {dimension}"),
            Family::Clusters {
                clusters,
                dimension,
                noise,
            } => {
                format!("clusters {clusters} dimension {dimension} noise {}", float(*noise))
            }
            Family::Uniform => "uniform".to_owned(),
            Family::Binary { density } | Family::Adversarial { density, .. } => {
                format!("binary density {}", float(*density))
            }
        }
    }

    /// Random words that a pool of `n` candidates takes.
    pub(super) fn words(&self, n: usize) -> u64 {
        let pairs = n * (n - 1) / 2;
        let similarities = match self {
            Family::Sphere { dimension } => n * dimension,
            Family::Clusters { dimension, noise, .. } if *noise > 0.0 => n * (dimension + 1),
            Family::Clusters { .. } => n,
            Family::Uniform => pairs,
            Family::Binary { .. } | Family::Adversarial { .. } => 2 * pairs,
        };
        (similarities + 2 * n) as u64
    }
}

/// The candidates of one replicate: scratch for pools of at most `room` candidates, filled anew by [`Instance::draw`].
pub(super) struct Instance {
    family: Family,
    room: usize,
    streams: Purposes,
    /// One per candidate, in [0, 1).
    pub rewards: Vec<f64>,
    /// One per candidate: it decides ties.
    pub words: Vec<u64>,
    /// Row-major, `room` x `room`, one per similarity asked for.
    pub tables: Vec<Vec<f64>>,
    similarities: Vec<Similarity>,
    embeddings: Vec<f64>,
    scratch: Vec<f64>,
}

struct Purposes {
    rewards: Purpose,
    ties: Purpose,
    labels: Purpose,
    similarities: Purpose,
}

impl Instance {
    /// Scratch for the pools of a family, with a table for each of `similarities`; families without embeddings have one
    /// table, whatever is asked.
    pub fn new(family: Family, room: usize, similarities: &[Similarity], streams: &Streams) -> Self {
        let dimension = match family {
            Family::Sphere { dimension } | Family::Clusters { dimension, .. } => dimension,
            _ => 0,
        };
        Self {
            family,
            room,
            streams: Purposes {
                rewards: streams.purpose("rewards"),
                ties: streams.purpose("ties"),
                labels: streams.purpose("labels"),
                similarities: streams.purpose("similarities"),
            },
            rewards: vec![0.0; room],
            words: vec![0; room],
            tables: vec![vec![0.0; room * room]; similarities.len()],
            similarities: similarities.to_vec(),
            embeddings: vec![0.0; room * dimension],
            scratch: Vec::with_capacity(room * dimension),
        }
    }

    /// The first `candidates` of the pool, by one of its tables.
    pub fn pool(&self, table: usize, candidates: usize) -> Pool<'_> {
        Pool {
            rewards: &self.rewards,
            similarity: &self.tables[table],
            stride: self.room,
            computed: false,
            words: &self.words,
            embeddings: &[],
            dimension: 0,
            candidates,
        }
    }

    /// Draws the pool of one replicate.
    pub fn draw(&mut self, replicate: u64) {
        let mut rewards = self.streams.rewards.stream(replicate, 0);
        let mut ties = self.streams.ties.stream(replicate, 0);
        for (reward, word) in self.rewards.iter_mut().zip(&mut self.words) {
            *reward = rewards.uniform();
            *word = ties.word();
        }
        match self.family {
            Family::Sphere { dimension } => self.directions(replicate, dimension),
            Family::Clusters {
                clusters,
                dimension,
                noise,
            } => self.clusters(replicate, clusters, dimension, noise),
            Family::Uniform => self.symmetric(replicate),
            Family::Binary { density } | Family::Adversarial { density, .. } => self.binary(replicate, density),
        }
    }

    fn directions(&mut self, replicate: u64, dimension: usize) {
        for (j, row) in self.embeddings.chunks_exact_mut(dimension).enumerate() {
            let mut stream = self.streams.similarities.stream(replicate, j as u32);
            row.fill_with(|| normal_from_uniform(stream.uniform()));
            to_unit_length(row);
        }
        self.compare(dimension);
    }

    fn clusters(&mut self, replicate: u64, clusters: usize, dimension: usize, noise: f64) {
        let mut labels = self.streams.labels.stream(replicate, 0);
        for (j, row) in self.embeddings.chunks_exact_mut(dimension).enumerate() {
            row.fill(0.0);
            if noise > 0.0 {
                let mut stream = self.streams.similarities.stream(replicate, j as u32);
                row.fill_with(|| noise * normal_from_uniform(stream.uniform()));
            }
            row[(labels.uniform() * clusters as f64) as usize] += 1.0;
            if noise > 0.0 {
                to_unit_length(row);
            }
        }
        self.compare(dimension);
    }

    fn compare(&mut self, dimension: usize) {
        for (similarity, table) in self.similarities.iter().zip(&mut self.tables) {
            drawn(similarity.fill(&self.embeddings, dimension, &mut self.scratch, table));
        }
    }

    /// Candidate j brings its similarities to those before it.
    fn symmetric(&mut self, replicate: u64) {
        let room = self.room;
        for table in &mut self.tables {
            for j in 0..room {
                let mut stream = self.streams.similarities.stream(replicate, j as u32);
                table[j * room + j] = 1.0;
                for i in 0..j {
                    let value = stream.uniform();
                    table[i * room + j] = value;
                    table[j * room + i] = value;
                }
            }
        }
    }

    fn binary(&mut self, replicate: u64, density: f64) {
        let room = self.room;
        for table in &mut self.tables {
            for j in 0..room {
                let mut stream = self.streams.similarities.stream(replicate, j as u32);
                let mut entry = || f64::from(u8::from(stream.uniform() < density));
                table[j * room + j] = 1.0;
                for i in 0..j {
                    table[i * room + j] = entry();
                    table[j * room + i] = entry();
                }
            }
        }
    }
}

/// What was made of a drawn pool: its numbers are finite, and no direction is 0.
pub(super) fn drawn<T>(result: Result<T, SelectError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => unreachable!("a family drew a pool that cannot be chosen from: {error}"),
    }
}
