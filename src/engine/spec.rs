//! Owns the seam between engine and studies: what a study declares, and what it does when asked to run.

use super::exact::{Exact, ExactJob};
use crate::inference::angle::Of;
use crate::inference::cell::ROUNDING;
use crate::inference::groups::{Group, Layout, Means};
use crate::numerics::text::hex;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// A canonical text that names something by its content, and the digest of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    text: String,
}

impl Key {
    /// The key of a canonical text.
    pub fn new(text: String) -> Self {
        Self { text }
    }

    /// The canonical text: two keys are the same exactly if their texts are.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text.
    pub fn bytes(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// SHA-256 of the text, in hexadecimal.
    pub fn digest(&self) -> String {
        hex(&self.bytes())
    }
}

/// What a scenario is, before anything is drawn.
#[derive(Debug)]
pub struct Spec {
    /// Names the scenario's random streams: seed, world and pool law.
    pub draws: Key,
    /// Names its records: draws key, arms, slots, batch and block size, numerics version.
    pub work: Key,
    /// Consecutive replicates per batch, the unit of the jackknife.
    pub batch: u64,
    /// Batches per block, the unit of work.
    pub block: u64,
    /// Which arm each slot belongs to.
    pub layout: Layout,
    /// What is estimated, in row order.
    pub estimands: Vec<Estimand>,
    /// What their exact values rest on and takes long, known or not.
    pub exact: Vec<ExactJob>,
    /// Random words that one replicate draws: its cost, for `check`.
    pub words: u64,
}

impl Spec {
    /// Replicates per block.
    pub fn block_replicates(&self) -> u64 {
        self.batch * self.block
    }

    /// Blocks that hold at least `replicates`.
    pub fn blocks(&self, replicates: u64) -> u64 {
        replicates.div_ceil(self.block_replicates())
    }
}

/// A named function of expected slots, of one arm or of several.
#[derive(Debug)]
pub struct Estimand {
    /// `measure.quantity`, for instance `mode-mass.variance`.
    pub name: String,
    /// Step, mode, rank or cell that it stands at; empty where there is none.
    pub at: String,
    /// The arm that it belongs to; none for a functional of several arms.
    pub arm: Option<usize>,
    /// How it follows from the slots.
    pub functional: Functional,
    /// The value that theory gives.
    pub exact: Exact,
    /// A value to compare with that is not exact.
    pub reference: Option<Reference>,
    /// The slot that is 1 in replicates that meet the condition of a conditional estimand and else 0. Those that do not are left
    /// out of it, which is no failure.
    pub given: Option<usize>,
}

impl Estimand {
    /// Whether it is the share of replicates in which this slot is 1.
    pub fn is_share_of(&self, slot: usize) -> bool {
        matches!(self.functional, Functional::Share(own) if own == slot)
    }
}

/// Replicates of one arm that have not failed, and that people are told of wherever there are some: whatever is measured in
/// them is not what it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Index of the estimand that is their share of the arm's replicates.
    pub estimand: usize,
    /// The slot that is 1 in them and else 0.
    pub slot: usize,
    /// The slot that is 1 in the replicates of which a claim lets them be a share; none where these are all of the arm.
    pub of: Option<usize>,
    /// What they are, in words that can follow a count: `fits had not converged`.
    pub words: &'static str,
    /// What to do, in words that can follow `:`.
    pub advice: &'static str,
    /// Why a claim is not judged for them, in a sentence without its end.
    pub barred: &'static str,
    /// Indices of the estimands of which no claim is judged where they are more than it allows.
    pub bars: Vec<usize>,
}

/// A value of theory that is not exact: an expansion, a limit, a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    /// The value, in the unit of the estimand; not a number as long as an [`ExactJob`] that it rests on has not been worked out.
    pub value: f64,
    /// What it is, by its order or its usual name, as `estimates.csv`, legends and claims call it: `first order`.
    pub name: &'static str,
}

/// A smooth function of means.
pub type ScalarOf = Box<dyn Fn(&Means<'_>) -> f64 + Send + Sync>;

/// A smooth vector function of means: it writes the whole slice.
pub type VectorOf = Box<dyn Fn(&Means<'_>, &mut [f64]) + Send + Sync>;

/// How an estimand follows from the means of slots. Each kind says enough of its form to be judged by tests that hold where the form
/// has no slope, no denominator or few events.
pub enum Functional {
    /// A smooth function of means: MCSE by the delete-one-group jackknife.
    Smooth(ScalarOf),
    /// A difference of two, which is 0 where it is within the rounding of either.
    Difference(ScalarOf, ScalarOf),
    /// The mean of this slot, 1 in replicates where an event was seen and else 0: tested as a share of replicates.
    Share(usize),
    /// The mean of a number from 0 to 1 per replicate, that of `slot` over `most`: few replicates may decide it.
    Mass {
        /// Numbers that are summed exactly, such as counts.
        slot: usize,
        /// What the slot is at most in a replicate.
        most: f64,
        /// Independent parts of a replicate, such as prompts, and the events of each, such as responses.
        parts: [u64; 2],
    },
    /// The variance over replicates, for a vector the trace of its covariance, times a factor. It may be near its maximum.
    Variance {
        /// Where the moments stand.
        moments: Moments,
        /// Known and positive.
        factor: f64,
    },
    /// The squared norm of the mean vector in these slots, debiased: MCSE by the score (it may be at its boundary, 0).
    SquaredNorm(Range<usize>),
    /// The same as a share of the mean of one slot, which is positive by its nature.
    SquaredNormShare {
        /// The vector.
        slots: Range<usize>,
        /// The slot that it is a share of.
        of: usize,
    },
    /// A smooth function of means over the squared norm of the mean vector in these slots, which may be 0.
    OverSquaredNorm {
        /// What is divided.
        over: ScalarOf,
        /// The vector.
        slots: Range<usize>,
    },
    /// The squared norm of a vector that is a smooth function of means, times a factor: debiased, MCSE by the score.
    SquaredNormOf {
        /// Coordinates of the vector.
        len: usize,
        /// Known and positive.
        factor: f64,
        /// Writes the vector, `len` numbers.
        vector: VectorOf,
    },
    /// The length of a vector that is a smooth function of means, debiased.
    Norm {
        /// Coordinates of the vector.
        len: usize,
        /// Writes the vector, `len` numbers.
        vector: VectorOf,
    },
    /// The angle of two vectors that are smooth functions of means, either of which may be noise.
    Angle {
        /// Coordinates of each.
        len: usize,
        /// Writes both, one after the other.
        vectors: VectorOf,
        /// What is told of it.
        of: Of,
    },
    /// A value of theory with no estimate of its own, kept beside those it explains.
    ExactOnly,
}

impl Estimand {
    /// The arms that it is a function of: its own, or all of them.
    pub fn arms(&self, layout: &Layout) -> Vec<usize> {
        match self.arm {
            Some(arm) => vec![arm],
            None => (0..layout.arms()).collect(),
        }
    }
}

/// Where the first two moments of a statistic X stand among the slots, each less a constant that both share.
#[derive(Debug, Clone)]
pub struct Moments {
    /// The coordinates of X.
    pub deviation: Range<usize>,
    /// The squared norm of X.
    pub square: usize,
    /// What X has to be divided by, so that counts are shares.
    pub unit: f64,
}

impl Moments {
    /// The variance R/(R-1) (mean |X|^2 - |mean X|^2): 0 where it is what rounding leaves of the two.
    pub fn variance(&self, means: &Means<'_>) -> f64 {
        let square = means.mean(self.square);
        let centred = square
            - self
                .deviation
                .clone()
                .map(|slot| means.mean(slot) * means.mean(slot))
                .sum::<f64>();
        let kept = if centred.abs() <= ROUNDING * square {
            0.0
        } else {
            centred
        };
        kept * self.factor(means)
    }

    /// R/(R-1) in squared units of X.
    pub(super) fn factor(&self, means: &Means<'_>) -> f64 {
        let r = means.count_of(self.square) as f64;
        r / (r - 1.0) / (self.unit * self.unit)
    }
}

impl Functional {
    /// Whether it is a squared norm, or a share of one, whose exact value may be 0 and its estimate below.
    pub fn is_squared_norm(&self) -> bool {
        matches!(
            self,
            Functional::SquaredNorm(_)
                | Functional::SquaredNormShare { .. }
                | Functional::SquaredNormOf { .. }
                | Functional::Angle {
                    of: Of::Misalignment,
                    ..
                }
        )
    }

    /// The plain value as a smooth function of means, of those kinds that are compared between arms; of the others a difference has no
    /// standard error where they may be 0.
    pub fn compared(&self) -> Option<Box<dyn Fn(&Means<'_>) -> f64 + '_>> {
        let squared = |means: &Means<'_>, slots: &Range<usize>| {
            slots
                .clone()
                .map(|slot| means.mean(slot) * means.mean(slot))
                .sum::<f64>()
        };
        Some(match self {
            Functional::Smooth(value) => Box::new(value),
            Functional::Difference(one, other) => Box::new(move |means| one(means) - other(means)),
            Functional::Share(slot) => Box::new(move |means| means.mean(*slot)),
            Functional::Mass { slot, most, .. } => Box::new(move |means| means.mean(*slot) / most),
            Functional::Variance { moments, factor } => Box::new(move |means| factor * moments.variance(means)),
            Functional::SquaredNormShare { slots, of } => {
                Box::new(move |means| squared(means, slots) / means.mean(*of))
            }
            Functional::OverSquaredNorm { over, slots } => Box::new(move |means| over(means) / squared(means, slots)),
            Functional::SquaredNormOf { len, factor, vector } => {
                Box::new(move |means| factor * squared_length(&written(*len, vector, means)))
            }
            Functional::Norm { len, vector } => {
                Box::new(move |means| squared_length(&written(*len, vector, means)).sqrt())
            }
            Functional::Angle {
                len,
                vectors,
                of: Of::Cosine,
            } => Box::new(move |means| cosine(&written(2 * len, vectors, means))),
            _ => return None,
        })
    }
}
fn written(len: usize, vector: &VectorOf, means: &Means<'_>) -> Vec<f64> {
    let mut out = vec![f64::NAN; len];
    vector(means, &mut out);
    out
}

fn squared_length(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum()
}

/// The cosine of the angle between the halves of `both`.
fn cosine(both: &[f64]) -> f64 {
    let (u, g) = both.split_at(both.len() / 2);
    let product: f64 = u.iter().zip(g).map(|(u, g)| u * g).sum();
    product / (squared_length(u) * squared_length(g)).sqrt()
}

impl std::fmt::Debug for Functional {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Functional::Smooth(_) => f.write_str("Smooth"),
            Functional::Difference(..) => f.write_str("Difference"),
            Functional::Share(slot) => write!(f, "Share({slot})"),
            Functional::Mass { slot, most, parts } => write!(f, "Mass({slot}, {most}, {parts:?})"),
            Functional::Variance { moments, factor } => write!(f, "Variance({moments:?}, {factor})"),
            Functional::SquaredNorm(slots) => write!(f, "SquaredNorm({slots:?})"),
            Functional::SquaredNormShare { slots, of } => write!(f, "SquaredNormShare({slots:?}, {of})"),
            Functional::OverSquaredNorm { slots, .. } => write!(f, "OverSquaredNorm({slots:?})"),
            Functional::SquaredNormOf { len, factor, .. } => write!(f, "SquaredNormOf({len}, {factor})"),
            Functional::Norm { len, .. } => write!(f, "Norm({len})"),
            Functional::Angle { len, of, .. } => write!(f, "Angle({len}, {of:?})"),
            Functional::ExactOnly => f.write_str("ExactOnly"),
        }
    }
}

/// Why a scenario could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StudyError(pub String);

/// One scenario, before anything is drawn.
pub trait Study: Sync {
    /// What it will do: `check` prints cost and memory from this alone.
    fn spec(&self) -> &Spec;
    /// Does the deterministic work that all blocks share.
    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError>;
    /// What people are told of its arms beside estimates.
    fn notices(&self) -> &[Notice] {
        &[]
    }
    /// The value of the column `along` at which theory puts the best arm of this scenario, whatever is estimated; none
    /// where the study's theory has no optimum.
    fn best_at(&self, along: &str) -> Option<f64> {
        let _ = along;
        None
    }
}

/// A prepared scenario: immutable, shared by workers.
pub trait Ready: Sync {
    /// A worker with lanes and scratch of its own.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Runs blocks of one scenario, one dynamic call per block.
pub trait Worker {
    /// Runs `replicates` (whole batches) and adds each batch's slots to `tally`. Nothing may carry over between calls.
    ///
    /// One after the other, unless a study has lanes for several at once.
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally) {
        for replicate in replicates {
            self.replay(replicate, tally.batch(replicate));
        }
    }

    /// Adds to `alone` what this one replicate adds to its batch, bit for bit: through the same kernels, the other lanes idle
    /// or of no account. An arm that fails in it adds nothing.
    fn replay(&mut self, replicate: u64, alone: &mut Group);
}

/// The sums of one block, batch by batch.
#[derive(Debug)]
pub struct Tally {
    first: u64,
    batch: u64,
    batches: Vec<Group>,
}

impl Tally {
    /// Zeroes for the batches of `replicates`.
    pub fn new(spec: &Spec, replicates: Range<u64>) -> Self {
        let count = (replicates.end - replicates.start) / spec.batch;
        Self {
            first: replicates.start,
            batch: spec.batch,
            batches: (0..count).map(|_| Group::empty(&spec.layout)).collect(),
        }
    }

    /// The sums of the batch that holds `replicate`.
    pub fn batch(&mut self, replicate: u64) -> &mut Group {
        &mut self.batches[((replicate - self.first) / self.batch) as usize]
    }

    /// The batches in order.
    pub fn into_batches(self) -> Vec<Group> {
        self.batches
    }
}
