//! Owns what a response has beside its mode: a reward and an embedding, each the mode's own value plus noise.
//!
//! Reward = R_mode + sigma e with e standard normal. Embedding = centre of the mode + sigma z in R^q, z standard normal, divided by
//! its length; or the centre itself, a unit vector, where sigma is 0. It never says what is similar or good enough to keep.

use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::{float, floats};

/// Rewards of responses.
#[derive(Debug, Clone, PartialEq)]
pub struct Rewards {
    /// R_m, one per mode, finite.
    pub values: Vec<f64>,
    /// Standard deviation of a response's reward given its mode, 0 or more.
    pub noise: f64,
}

impl Rewards {
    /// 1 for the most probable mode down to 0 for the least, in equal steps; of equal modes the first has more.
    pub fn aligned(base: &[f64]) -> Vec<f64> {
        let mut order: Vec<usize> = (0..base.len()).collect();
        order.sort_by(|&a, &b| base[b].total_cmp(&base[a]));
        steps(&order)
    }

    /// 0 for the most probable mode up to 1 for the least: [`aligned`](Self::aligned) turned round.
    pub fn opposed(base: &[f64]) -> Vec<f64> {
        Self::aligned(base).iter().map(|r| 1.0 - r).collect()
    }

    /// The same steps in an order that `seed` decides (Fisher and Yates).
    pub fn permuted(base: &[f64], seed: u64) -> Vec<f64> {
        let mut stream = Streams::new("reward order").purpose("order").stream(seed, 0);
        let mut order: Vec<usize> = (0..base.len()).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, (stream.uniform() * (last + 1) as f64) as usize);
        }
        steps(&order)
    }
}

/// Rewards from 1 down to 0 along an order of modes.
fn steps(order: &[usize]) -> Vec<f64> {
    let last = (order.len() - 1) as f64;
    let mut rewards = vec![0.0; order.len()];
    for (rank, &mode) in order.iter().enumerate() {
        rewards[mode] = 1.0 - rank as f64 / last;
    }
    rewards
}

/// Where the modes lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Centres {
    /// Mode m is the unit vector e_m: centres are exactly orthogonal.
    OneHot,
    /// Unit vectors with this inner product between any two, in (0, 1): sqrt(c) e_M + sqrt(1 - c) e_m.
    Correlated(f64),
}

/// Embeddings of responses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Embedding {
    /// Where the modes lie.
    pub centres: Centres,
    /// q: coordinates of an embedding, at least [`Embedding::fewest`].
    pub dimension: usize,
    /// Standard deviation of each coordinate given the mode, before the embedding is divided by its length: 0 or more.
    pub noise: f64,
}

/// Divides a vector by its length, which is not 0.
pub fn to_unit_length(x: &mut [f64]) {
    let squared: f64 = x.iter().map(|x| x * x).sum();
    let factor = 1.0 / squared.sqrt();
    x.iter_mut().for_each(|x| *x *= factor);
}

impl Embedding {
    /// The fewest coordinates in which `modes` centres fit: M, and one more where they share a direction.
    pub fn fewest(centres: Centres, modes: usize) -> usize {
        modes + usize::from(matches!(centres, Centres::Correlated(_)))
    }

    /// The coordinates of a mode's centre that are not 0.
    fn centre(&self, mode: usize, modes: usize) -> [(usize, f64); 2] {
        match self.centres {
            Centres::OneHot => [(mode, 1.0), (mode, 1.0)],
            Centres::Correlated(c) => [(modes, c.sqrt()), (mode, (1.0 - c).sqrt())],
        }
    }

    /// Writes a mode's centre, `dimension` coordinates.
    pub fn write_centre(&self, mode: usize, modes: usize, out: &mut [f64]) {
        out.fill(0.0);
        for (coordinate, value) in self.centre(mode, modes) {
            out[coordinate] = value;
        }
    }
}

/// Why attributes are not those of a world's modes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// Other than one reward per mode.
    #[error("{rewards} rewards, but the world has {modes} modes")]
    Rewards {
        /// How many there are.
        rewards: usize,
        /// How many there should be.
        modes: usize,
    },
    /// Centres do not fit into embeddings.
    #[error("embeddings of {dimension} coordinates, but the modes' centres need {fewest}")]
    Dimension {
        /// Coordinates of an embedding.
        dimension: usize,
        /// The fewest that do.
        fewest: usize,
    },
}

/// Rewards and embeddings of a world's responses.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes {
    /// The rewards.
    pub rewards: Rewards,
    /// The embeddings.
    pub embedding: Embedding,
}

impl Attributes {
    /// An error unless they are those of so many modes.
    pub fn check(&self, modes: usize) -> Result<(), AttributeError> {
        let (rewards, dimension) = (self.rewards.values.len(), self.embedding.dimension);
        let fewest = Embedding::fewest(self.embedding.centres, modes);
        if rewards != modes {
            return Err(AttributeError::Rewards { rewards, modes });
        }
        match dimension >= fewest {
            true => Ok(()),
            false => Err(AttributeError::Dimension { dimension, fewest }),
        }
    }

    /// The canonical text: part of the draws key.
    pub(super) fn canonical(&self) -> String {
        let centres = match self.embedding.centres {
            Centres::OneHot => "one-hot".to_owned(),
            Centres::Correlated(c) => format!("correlated {}", float(c)),
        };
        format!(
            "rewards {} noise {} centres {centres} dimension {} noise {}",
            floats(&self.rewards.values),
            float(self.rewards.noise),
            self.embedding.dimension,
            float(self.embedding.noise)
        )
    }

    /// Random words that the attributes of `depth` responses take: what [`AttributeSampler::draw`] draws of them.
    pub fn words(&self, depth: u64, embeddings: bool) -> u64 {
        let noisy = u64::from(self.rewards.noise > 0.0);
        let blurred = u64::from(embeddings && self.embedding.noise > 0.0);
        // One breaks ties.
        depth * (1 + noisy + blurred * self.embedding.dimension as u64)
    }

    /// Draws the attributes of the responses of one scenario, of pools of at most `depth` candidates.
    pub fn sampler(&self, streams: &Streams, depth: usize) -> AttributeSampler<'_> {
        let noisy = usize::from(self.embedding.noise > 0.0);
        AttributeSampler {
            attributes: self,
            rewards: streams.purpose("rewards"),
            embeddings: streams.purpose("embeddings"),
            ties: streams.purpose("ties"),
            errors: vec![[0.0; LANES]; depth],
            offsets: vec![[0.0; LANES]; depth * self.embedding.dimension * noisy],
            words: vec![[0.0; LANES]; depth],
        }
    }
}

/// Draws rewards, embeddings and the random words that break ties, for eight replicates at once.
pub struct AttributeSampler<'a> {
    attributes: &'a Attributes,
    rewards: Purpose,
    embeddings: Purpose,
    ties: Purpose,
    errors: Vec<Lanes<f64>>,
    offsets: Vec<Lanes<f64>>,
    words: Vec<Lanes<f64>>,
}

impl AttributeSampler<'_> {
    /// Draws what the first `depth` responses of prompt `prompt` in replicates `first..first + 8` have. A shallower call
    /// gives a prefix of a deeper one. Embeddings are drawn only where `embeddings` says so.
    pub fn draw(&mut self, first: u64, prompt: u32, depth: usize, embeddings: bool) {
        self.ties.fill_uniforms(first, prompt, &mut self.words[..depth]);
        if self.attributes.rewards.noise > 0.0 {
            normals(&self.rewards, first, prompt, &mut self.errors[..depth]);
        }
        if embeddings && !self.offsets.is_empty() {
            let coordinates = depth * self.attributes.embedding.dimension;
            normals(&self.embeddings, first, prompt, &mut self.offsets[..coordinates]);
        }
    }

    /// A random word for each response of lane `l`; its low bits are 0.
    pub fn words(&self, l: usize, out: &mut [u64]) {
        for (out, row) in out.iter_mut().zip(&self.words) {
            *out = row[l].to_bits();
        }
    }

    /// The rewards of lane `l`, whose responses have `modes`.
    pub fn rewards(&self, l: usize, modes: &[u16], out: &mut [f64]) {
        let Rewards { values, noise } = &self.attributes.rewards;
        for ((out, &mode), error) in out.iter_mut().zip(modes).zip(&self.errors) {
            *out = values[usize::from(mode)];
            if *noise > 0.0 {
                *out += noise * error[l];
            }
        }
    }

    /// The embeddings of lane `l`, whose responses have `modes`: `dimension` coordinates each, of length 1.
    pub fn embeddings(&self, l: usize, modes: &[u16], out: &mut [f64]) {
        let Embedding { dimension, noise, .. } = self.attributes.embedding;
        let count = self.attributes.rewards.values.len();
        for (j, (&mode, out)) in modes.iter().zip(out.chunks_exact_mut(dimension)).enumerate() {
            self.attributes.embedding.write_centre(usize::from(mode), count, out);
            if noise > 0.0 {
                let offsets = &self.offsets[j * dimension..(j + 1) * dimension];
                for (out, offset) in out.iter_mut().zip(offsets) {
                    *out += noise * offset[l];
                }
                to_unit_length(out);
            }
        }
    }
}

/// Standard normal draws `0..out.len()` of the streams of eight replicates, one uniform each.
fn normals(purpose: &Purpose, first: u64, prompt: u32, out: &mut [Lanes<f64>]) {
    purpose.fill_uniforms(first, prompt, out);
    for row in out {
        for x in row {
            *x = normal_from_uniform(*x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(noise: f64, centres: Centres) -> Attributes {
        Attributes {
            rewards: Rewards {
                values: vec![0.5, 1.0, -2.0],
                noise,
            },
            embedding: Embedding {
                centres,
                dimension: 5,
                noise,
            },
        }
    }

    #[test]
    fn without_noise_a_response_has_its_modes_own_values() {
        let world = attributes(0.0, Centres::OneHot);
        let mut sampler = world.sampler(&Streams::new("t"), 2);
        sampler.draw(0, 0, 2, true);
        let (mut rewards, mut embeddings) = ([0.0; 2], [0.0; 10]);
        sampler.rewards(3, &[2, 0], &mut rewards);
        sampler.embeddings(3, &[2, 0], &mut embeddings);
        assert_eq!(rewards, [-2.0, 0.5]);
        assert_eq!(embeddings, [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    /// At any noise: of centres that are drawn to, and of directions that hardly know their centre.
    #[test]
    fn embeddings_have_length_one() {
        for (noise, centres) in [
            (0.0, Centres::Correlated(0.3)),
            (0.1, Centres::OneHot),
            (1e6, Centres::Correlated(0.3)),
        ] {
            let world = attributes(noise, centres);
            let mut sampler = world.sampler(&Streams::new("t"), 6);
            sampler.draw(0, 3, 6, true);
            let mut embeddings = [0.0; 30];
            sampler.embeddings(2, &[0, 1, 2, 0, 1, 2], &mut embeddings);
            for row in embeddings.chunks_exact(5) {
                let squared: f64 = row.iter().map(|x| x * x).sum();
                assert!((squared - 1.0).abs() < 1e-15 * 8.0, "noise {noise}: {squared}");
            }
        }
    }

    #[test]
    fn correlated_centres_have_the_stated_inner_product() {
        let world = attributes(0.0, Centres::Correlated(0.3));
        let (mut one, mut other) = ([0.0; 5], [0.0; 5]);
        world.embedding.write_centre(0, 3, &mut one);
        world.embedding.write_centre(2, 3, &mut other);
        let dot = |a: &[f64; 5], b: &[f64; 5]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        assert!((dot(&one, &other) - 0.3).abs() < 1e-15 && (dot(&one, &one) - 1.0).abs() < 1e-15);
    }

    /// Law 2: a deeper pool, or one drawn without embeddings, moves no number. Law 4: nor does the place of the lane.
    #[test]
    fn a_response_keeps_its_attributes_whatever_else_is_drawn() {
        let world = attributes(0.3, Centres::OneHot);
        let read = |first: u64, depth: usize, l: usize| {
            let mut sampler = world.sampler(&Streams::new("t"), 6);
            sampler.draw(first, 7, depth, true);
            let (mut rewards, mut embeddings, mut words) = ([0.0; 2], [0.0; 10], [0; 2]);
            sampler.rewards(l, &[1, 1], &mut rewards);
            sampler.embeddings(l, &[1, 1], &mut embeddings);
            sampler.words(l, &mut words);
            (rewards, embeddings, words)
        };
        assert_eq!(read(0, 2, 5), read(0, 6, 5));
        assert_eq!(read(0, 2, 5), read(5, 6, 0));
        assert_ne!(read(0, 2, 5), read(0, 2, 6));
    }

    /// 8 x 4,000 draws: the mean within five of its standard errors, and the variance within five of its own, sqrt(2/n).
    #[test]
    fn noise_has_the_stated_spread() {
        let world = attributes(0.3, Centres::OneHot);
        let mut sampler = world.sampler(&Streams::new("spread"), 4000);
        sampler.draw(0, 0, 4000, false);
        let modes = vec![1; 4000];
        let (mut sum, mut squares) = (0.0, 0.0);
        for l in 0..LANES {
            let mut rewards = vec![0.0; 4000];
            sampler.rewards(l, &modes, &mut rewards);
            sum += rewards.iter().map(|r| (r - 1.0) / 0.3).sum::<f64>();
            squares += rewards.iter().map(|r| (r - 1.0) * (r - 1.0) / 0.09).sum::<f64>();
        }
        let n = 8.0 * 4000.0;
        assert!((sum / n).abs() < 5.0 / f64::sqrt(n), "{}", sum / n);
        assert!((squares / n - 1.0).abs() < 5.0 * f64::sqrt(2.0 / n), "{}", squares / n);
    }
}
