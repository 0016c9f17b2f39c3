//! Owns what a pilot says of the responses of one prompt, and why a pilot is refused.

use std::fmt;

/// Whether a label means the same in all prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It does: labels are modes.
    Shared,
    /// It does not: two responses of one prompt agree or differ, and that is all there is to know.
    Local,
}

/// What is known of each response of a pilot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A label, which counts as a one-hot vector.
    Labels(Meaning),
    /// A number.
    Values,
    /// A vector, such as a gradient or an embedding.
    Vectors {
        /// Numbers of each vector, at least 1.
        dimension: usize,
    },
}

/// The responses of one prompt, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Responses<'a> {
    /// One label each.
    Labels(&'a [u32]),
    /// One number each.
    Values(&'a [f64]),
    /// One vector each, one after the other.
    Vectors {
        /// `dimension` numbers of each response.
        numbers: &'a [f64],
        /// Numbers of each vector.
        dimension: usize,
    },
}

/// Why a pilot, or a prompt of it, has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// A prompt without responses.
    NoResponses,
    /// Responses of another kind than the pilot, or vectors of another length.
    OtherKind,
    /// A number that is NaN or infinite.
    NotFinite {
        /// Which response of the prompt, from 0.
        response: usize,
        /// Which number of it, from 0.
        coordinate: usize,
        /// The number.
        value: f64,
    },
    /// Squares of the numbers overflow.
    TooLarge,
    /// Fewer prompts with so many responses than it takes.
    TooFewPrompts {
        /// How many there are.
        prompts: u64,
        /// The responses that a prompt must have to count.
        responses: u64,
        /// How many prompts it takes.
        needed: u64,
    },
    /// No prompt has two responses: what responses of one prompt differ by is not known.
    NoRepeats {
        /// How many prompts there are.
        prompts: u64,
    },
    /// No question has two samples of a model: what its samples differ by is not known.
    NoSamples {
        /// `A` or `B`.
        model: char,
        /// How many questions there are.
        questions: u64,
    },
    /// Labels that mean nothing across prompts do not say by how much prompts differ.
    LocalLabels,
    /// A test of labels, of a pilot that has none.
    NotLabels,
    /// Some prompts have a cluster and some have none.
    PartlyClustered {
        /// Prompts without a cluster.
        without: u64,
        /// Prompts in all.
        prompts: u64,
    },
    /// Fewer clusters than it takes, or no cluster with two prompts.
    TooFewClusters {
        /// How many there are.
        clusters: u64,
        /// How many prompts are in them.
        prompts: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoResponses => write!(f, "a prompt without responses; leave it out"),
            Refusal::OtherKind => write!(
                f,
                "responses of another kind or length than those before; every response of a pilot is a label, a number, or a vector \
                 of one length"
            ),
            Refusal::NotFinite {
                response,
                coordinate,
                value,
            } => write!(
                f,
                "number {coordinate} of response {response} is `{value}`, but numbers must be finite"
            ),
            Refusal::TooLarge => write!(
                f,
                "the squares of the numbers overflow; divide all numbers by a common scale"
            ),
            Refusal::TooFewPrompts {
                prompts,
                responses: 0..=1,
                needed,
            } => write!(f, "{prompts} prompts, but it takes at least {needed}"),
            Refusal::TooFewPrompts {
                prompts,
                responses,
                needed,
            } => write!(
                f,
                "{prompts} prompts have {responses} responses or more, but it takes at least {needed} that do"
            ),
            Refusal::NoRepeats { prompts } => write!(
                f,
                "none of {prompts} prompts has two responses, so V_y|x is not known; draw a second response to some prompts"
            ),
            Refusal::NoSamples { model, questions } => write!(
                f,
                "none of {questions} questions has two samples of model {model}, so sigma_{model}^2 is not known; draw a second sample \
                 to some questions"
            ),
            Refusal::LocalLabels => write!(
                f,
                "labels that are local to each prompt tell V_y|x but not V_x; give labels that mean the same in all prompts, or \
                 vectors"
            ),
            Refusal::NotLabels => write!(f, "the test is one of labels, but the pilot has numbers"),
            Refusal::PartlyClustered { without, prompts } => {
                write!(
                    f,
                    "{without} of {prompts} prompts have no cluster; name that of all or of none"
                )
            }
            Refusal::TooFewClusters { clusters, prompts } => write!(
                f,
                "{clusters} clusters of {prompts} prompts, but it takes two clusters, and one of them with two prompts"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl Responses<'_> {
    /// How many they are, if a pilot of this kind can have them.
    pub(super) fn checked(&self, kind: Kind) -> Result<usize, Refusal> {
        let (count, numbers, dimension) = match (*self, kind) {
            (Responses::Labels(labels), Kind::Labels(_)) => (labels.len(), &[][..], 1),
            (Responses::Values(values), Kind::Values) => (values.len(), values, 1),
            (Responses::Vectors { numbers, dimension }, Kind::Vectors { dimension: own })
                if own == dimension && own > 0 && numbers.len() % own == 0 =>
            {
                (numbers.len() / own, numbers, own)
            }
            _ => return Err(Refusal::OtherKind),
        };
        if let Some(at) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(Refusal::NotFinite {
                response: at / dimension,
                coordinate: at % dimension,
                value: numbers[at],
            });
        }
        if count == 0 {
            Err(Refusal::NoResponses)
        } else {
            Ok(count)
        }
    }

    /// The unbiased variance of a response given its prompt, in squared units; of labels that of one-hot vectors,
    /// k/(k - 1) (1 - sum of squared shares). None for fewer than two responses.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        if let Responses::Labels(labels) = *self {
            let count = labels.len() as f64;
            let mut counts = std::collections::BTreeMap::<u32, f64>::new();
            labels
                .iter()
                .for_each(|label| *counts.entry(*label).or_default() += 1.0);
            let alike: f64 = counts.values().map(|count| count * count).sum();
            return (labels.len() > 1).then(|| (count * count - alike) / (count * (count - 1.0)));
        }
        let (numbers, dimension) = self.numbers();
        let count = numbers.len() / dimension.max(1);
        let of_coordinate = |at: usize| {
            let own = || numbers.iter().skip(at).step_by(dimension);
            let mean = own().sum::<f64>() / count as f64;
            own().map(|x| (x - mean) * (x - mean)).sum::<f64>()
        };
        (count > 1).then(|| (0..dimension).map(of_coordinate).sum::<f64>() / (count as f64 - 1.0))
    }

    /// An unbiased estimate of the square of what [`variance`](Self::variance) estimates, from the first 16 responses: the mean of d(i, j) d(k, l)
    /// over four different ones, d half the squared distance of two. What variances of prompts differ by beyond their own errors follows from
    /// both. None for fewer than four responses.
    #[must_use]
    pub fn variance_squared(&self) -> Option<f64> {
        const MOST: usize = 16;
        let (numbers, dimension) = self.numbers();
        let count = match self {
            Responses::Labels(labels) => labels.len(),
            _ => numbers.len() / dimension.max(1),
        };
        let count = count.min(MOST);
        if count < 4 {
            return None;
        }
        // Of all pairs of pairs those drop out that share a response: one (sums of rows), or both.
        let (mut sum, mut squares, mut rows) = (0.0, 0.0, [0.0; MOST]);
        for one in 0..count {
            for other in 0..one {
                let d = self.distance(one, other);
                sum += d;
                squares += d * d;
                rows[one] += d;
                rows[other] += d;
            }
        }
        let sharing: f64 = rows.iter().map(|row| row * row).sum();
        let pairs = |k: f64| k * (k - 1.0) / 2.0;
        let k = count as f64;
        Some((sum * sum - sharing + squares) / (pairs(k) * pairs(k - 2.0)))
    }

    /// The numbers and the length of a vector; none of labels.
    pub(super) fn numbers(&self) -> (&[f64], usize) {
        match *self {
            Responses::Labels(_) => (&[], 1),
            Responses::Values(values) => (values, 1),
            Responses::Vectors { numbers, dimension } => (numbers, dimension),
        }
    }

    /// Half the squared distance of two responses, whose mean over pairs is the variance: 1 between labels that differ.
    pub(super) fn distance(&self, one: usize, other: usize) -> f64 {
        if let Responses::Labels(labels) = self {
            return f64::from(u8::from(labels[one] != labels[other]));
        }
        let (numbers, dimension) = self.numbers();
        let of = |at: usize| &numbers[at * dimension..(at + 1) * dimension];
        0.5 * squared_distance(of(one), of(other))
    }
}

/// The squared distance of two vectors of one length.
pub(super) fn squared_distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum()
}
