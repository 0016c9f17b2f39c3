//! Owns how an estimand follows from the means of slots: by kinds that say enough of its form to judge it where it has no slope.

use crate::inference::angle::AngleOf;
use crate::inference::cell::ROUNDING;
use crate::inference::groups::Means;
use std::ops::Range;

/// A smooth function of means.
pub type ScalarOf = Box<dyn Fn(&Means<'_>) -> f64 + Send + Sync>;

/// The plain value of an estimand as a smooth function of means.
pub type Plain<'a> = Box<dyn Fn(&Means<'_>) -> f64 + 'a>;

/// A smooth vector function of means: it writes the whole slice.
pub type VectorOf = Box<dyn Fn(&Means<'_>, &mut [f64]) + Send + Sync>;

/// A number that every replicate has, as it follows from a slot: `shift + X / unit`.
///
/// Of a conditional number only the replicates that meet the condition count: their mean is that of the slot over that of `given`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanOf {
    /// Where X stands; 0 in replicates that do not meet the condition.
    pub slot: usize,
    /// What was left out of the slot.
    pub shift: f64,
    /// What X has to be divided by.
    pub unit: f64,
    /// The slot that is 1 in replicates that meet the condition and else 0; none where there is no condition.
    pub given: Option<usize>,
}

impl MeanOf {
    /// The number that the slot holds.
    pub const fn slot(slot: usize) -> Self {
        Self {
            slot,
            shift: 0.0,
            unit: 1.0,
            given: None,
        }
    }

    /// Its mean over replicates.
    pub fn of(&self, means: &Means<'_>) -> f64 {
        let mean = match self.given {
            None => means.mean(self.slot),
            Some(given) => means.mean(self.slot) / means.mean(given),
        };
        self.shift + mean / self.unit
    }
}

/// How an estimand follows from the means of slots. Each kind says enough of its form to be judged by tests that hold where the form
/// has no slope, no denominator or few events.
pub enum Functional {
    /// The mean over replicates of a number that each of them has.
    Mean(MeanOf),
    /// A smooth function of means: MCSE by the delete-one-group jackknife.
    Smooth(ScalarOf),
    /// A difference of two, which is 0 where it is within the rounding of either.
    Difference(ScalarOf, ScalarOf),
    /// The mean of this slot, 1 in replicates where an event was seen and else 0: tested as a share of replicates.
    Proportion(usize),
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
        /// The slots whose means it is a function of.
        slots: Range<usize>,
    },
    /// The length of a vector that is a smooth function of means, debiased.
    Norm {
        /// Coordinates of the vector.
        len: usize,
        /// Writes the vector, `len` numbers.
        vector: VectorOf,
        /// The slots whose means it is a function of.
        slots: Range<usize>,
    },
    /// The angle of two vectors that are smooth functions of means, either of which may be noise.
    Angle {
        /// Coordinates of each.
        len: usize,
        /// Writes both, one after the other.
        vectors: VectorOf,
        /// What is told of it.
        of: AngleOf,
        /// The slots whose means they are functions of.
        slots: Range<usize>,
    },
    /// A value of theory with no estimate of its own, kept beside those it explains.
    TheoryOnly,
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
    /// A smooth function of means.
    pub fn smooth(of: impl Fn(&Means<'_>) -> f64 + Send + Sync + 'static) -> Self {
        Self::Smooth(Box::new(of))
    }

    /// Whether it is a squared norm, or a share of one, whose exact value may be 0 and its estimate below.
    pub fn is_squared_norm(&self) -> bool {
        matches!(
            self,
            Functional::SquaredNorm(_)
                | Functional::SquaredNormShare { .. }
                | Functional::SquaredNormOf { .. }
                | Functional::Angle {
                    of: AngleOf::Misalignment,
                    ..
                }
        )
    }

    /// The plain value as a smooth function of means, of those kinds that are compared between arms; of the others a difference has no
    /// standard error where they may be 0.
    pub fn compared(&self) -> Option<Plain<'_>> {
        let squared = |means: &Means<'_>, slots: &Range<usize>| {
            slots
                .clone()
                .map(|slot| means.mean(slot) * means.mean(slot))
                .sum::<f64>()
        };
        Some(match self {
            Functional::Mean(own) => Box::new(|means| own.of(means)),
            Functional::Smooth(value) => Box::new(value),
            Functional::Difference(one, other) => Box::new(move |means| one(means) - other(means)),
            Functional::Proportion(slot) => Box::new(move |means| means.mean(*slot)),
            Functional::Mass { slot, most, .. } => Box::new(move |means| means.mean(*slot) / most),
            Functional::Variance { moments, factor } => Box::new(move |means| factor * moments.variance(means)),
            Functional::SquaredNormShare { slots, of } => {
                Box::new(move |means| squared(means, slots) / means.mean(*of))
            }
            Functional::OverSquaredNorm { over, slots } => Box::new(move |means| over(means) / squared(means, slots)),
            Functional::SquaredNormOf {
                len, factor, vector, ..
            } => Box::new(move |means| factor * squared_length(&written(*len, vector, means))),
            Functional::Norm { len, vector, .. } => {
                Box::new(move |means| squared_length(&written(*len, vector, means)).sqrt())
            }
            Functional::Angle {
                len,
                vectors,
                of: AngleOf::Cosine,
                ..
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
        f.write_str("Functional")
    }
}
