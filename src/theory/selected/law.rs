//! Owns the law of a pool of candidates by mode, and the errors of a question about it.

use super::urn::pmf;

/// The most candidates: up to here a binomial coefficient of N - 1 is a finite double, which the weights w(u) need.
pub const MOST_CANDIDATES: u32 = 1024;

/// The most modes for which a second moment, a matrix of M x M, is made.
pub const MOST_MODES: usize = 1024;

/// The smallest concentration: below it prompts have one mode each for all purposes, and ratios of urns lose their range.
pub const LEAST_CONCENTRATION: f64 = 1e-12;

/// How far from 1 the sum of weights may be: decimals with nine places are accepted as they are.
const SUM_WITHIN: f64 = 1e-9;

/// What is wrong with a question about a selection.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LawError {
    /// No modes.
    #[error("no mode weights: give one per mode")]
    NoModes,
    /// A weight is negative, infinite or NaN.
    #[error("weight `{value}` of mode {mode}: give finite weights of at least 0")]
    Weight {
        /// The mode, from 0.
        mode: usize,
        /// Its weight.
        value: f64,
    },
    /// Weights that are no probabilities.
    #[error("mode weights sum to `{0}`: give weights that sum to 1")]
    Sum(f64),
    /// A concentration out of range.
    #[error("concentration `{0}`: give a number of at least 1e-12, or infinity for prompts that are all alike")]
    Concentration(f64),
    /// A pool size out of range.
    #[error("`{0}` candidates: give 1 to 1024")]
    Candidates(u32),
    /// K out of range.
    #[error("`{keep}` kept of {candidates} candidates: give 1 to {candidates}")]
    Keep {
        /// K.
        keep: u32,
        /// N.
        candidates: u32,
    },
    /// Too few or too many rewards.
    #[error("`{found}` rewards for {modes} modes: give one per mode")]
    Rewards {
        /// The rewards given.
        found: usize,
        /// M.
        modes: usize,
    },
    /// A reward is infinite or NaN.
    #[error("reward `{value}` of mode {mode}: give finite rewards")]
    Reward {
        /// The mode, from 0.
        mode: usize,
        /// Its reward.
        value: f64,
    },
    /// A standard deviation of the reward out of range.
    #[error("reward noise `{0}`: give a finite standard deviation of at least 0")]
    Noise(f64),
    /// Lambda out of range.
    #[error("lambda `{0}`: give a number from 0 (diversity alone) to 1 (reward alone)")]
    Lambda(f64),
    /// Coverage weights where they have no exact law here.
    #[error(
        "coverage weights of `{0}`: known for diverse, diverse-max-min, and diverse-best with lambda up to 1 - 1e-6; ask for the unweighted share"
    )]
    Weighted(&'static str),
    /// A second moment of too many modes.
    #[error("`{0}` modes: a second moment is given for at most 1024; ask for the mean alone")]
    Modes(usize),
    /// Wrong responses out of range.
    #[error(
        "wrong responses of {modes} modes at a share of {share}, clustering {clustering}: give at least 1 mode, a share in [0, 1) and a clustering in [0, 1]"
    )]
    Wrong {
        /// How many modes they have.
        modes: usize,
        /// How often a response is wrong.
        share: f64,
        /// The intraclass correlation of being wrong.
        clustering: f64,
    },
    /// A law that is not known where responses may be wrong.
    #[error("`{0}` where responses may be wrong: known by enumeration of counts, and with noisy rewards")]
    OfRight(&'static str),
    /// Noisy rewards of more candidates than a series is kept for.
    #[error(
        "`{0}` candidates with noisy rewards where prompts differ, responses may be wrong or are filtered: give 1 to 128"
    )]
    NoisyCandidates(u32),
    /// An enumeration that would not end in useful time.
    #[error(
        "`{vectors}` count vectors of {candidates} candidates over {modes} modes: at most {most} are enumerated; take fewer of either, or a closed form"
    )]
    TooManyVectors {
        /// What it would take.
        vectors: u64,
        /// N.
        candidates: u32,
        /// M.
        modes: usize,
        /// The limit.
        most: u64,
    },
    /// The trapezoid rule did not settle.
    #[error(
        "reward noise `{noise}`: two trapezoid rules still differ by {difference:e} at {nodes} nodes; take another noise"
    )]
    NotSettled {
        /// Its standard deviation.
        noise: f64,
        /// Between the last two rules.
        difference: f64,
        /// Of the last rule.
        nodes: u32,
    },
}

/// The law of a pool: N candidates of a prompt whose weights over M modes are Dirichlet(alpha pibar).
#[derive(Debug, Clone, PartialEq)]
pub struct PoolLaw {
    weights: Vec<f64>,
    concentration: f64,
    candidates: u32,
    wrong: Option<Wrong>,
}

/// Wrong responses among the candidates: each is wrong with its prompt's probability eps(x), whatever the others are, and eps(x) is a Beta
/// variable independent of the weights of right ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wrong {
    /// eps, the mean of eps(x), in [0, 1).
    pub share: f64,
    /// B, at least 1: the modes of wrong responses, each as likely.
    pub modes: usize,
    /// r = Var eps(x)/(eps (1 - eps)), in [0, 1].
    pub clustering: f64,
}

impl Wrong {
    /// P(w of `n` candidates are wrong), w = 0, ..., n, given that of others of the prompt so many were right and wrong. Where that cannot
    /// be, it does not matter what is returned.
    pub(super) fn among(&self, n: u32, right: u32, wrong: u32) -> Vec<f64> {
        let eps = self.share;
        if self.clustering < 1.0 {
            // One draw adds 1/(1/r - 1) to its weight.
            let spread = self.clustering / (1.0 - self.clustering);
            let weight = |base: f64, seen: u32| {
                if base > 0.0 {
                    base + f64::from(seen) * spread
                } else {
                    0.0
                }
            };
            return pmf(n, weight(eps, wrong), weight(1.0 - eps, right), spread);
        }
        let all = match (right, wrong) {
            (0, 0) => eps,
            (0, _) => 1.0,
            _ => 0.0,
        };
        let mut whole = vec![0.0; n as usize + 1];
        whole[n as usize] += all;
        whole[0] += 1.0 - all;
        whole
    }

    /// E (1 - eps(x))^2, E eps(x) (1 - eps(x)) and E eps(x)^2: the probabilities that both of two candidates are right, the first alone is,
    /// and none is.
    pub(super) fn pairs(&self) -> [f64; 3] {
        let (eps, right) = (self.share, 1.0 - self.share);
        let spread = self.clustering * eps * right;
        [right * right + spread, eps * right - spread, eps * eps + spread]
    }
}

impl PoolLaw {
    /// The law with base `weights` pibar (M probabilities, zeros allowed), `concentration` alpha (infinity: every prompt has pibar
    /// itself) and `candidates` N.
    ///
    /// # Errors
    ///
    /// When the weights are no probabilities, or alpha or N is out of range.
    pub fn new(weights: Vec<f64>, concentration: f64, candidates: u32) -> Result<Self, LawError> {
        if weights.is_empty() {
            return Err(LawError::NoModes);
        }
        if let Some((mode, &value)) = weights.iter().enumerate().find(|(_, w)| !(w.is_finite() && **w >= 0.0)) {
            return Err(LawError::Weight { mode, value });
        }
        let sum: f64 = weights.iter().sum();
        if (sum - 1.0).abs() > SUM_WITHIN {
            return Err(LawError::Sum(sum));
        }
        if concentration.is_nan() || concentration < LEAST_CONCENTRATION {
            return Err(LawError::Concentration(concentration));
        }
        if !(1..=MOST_CANDIDATES).contains(&candidates) {
            return Err(LawError::Candidates(candidates));
        }
        Ok(Self {
            weights,
            concentration,
            candidates,
            wrong: None,
        })
    }

    /// The law of pools in which a candidate has this law only if it is right. The modes of wrong ones stand after those of right ones.
    ///
    /// # Errors
    ///
    /// When what is said of wrong responses is out of range, or the law has some already.
    pub fn with_wrong(mut self, wrong: Wrong) -> Result<Self, LawError> {
        let Wrong {
            share,
            modes,
            clustering,
        } = wrong;
        let fits = modes >= 1 && (0.0..1.0).contains(&share) && (0.0..=1.0).contains(&clustering);
        if !fits || self.wrong.is_some() {
            return Err(LawError::Wrong {
                modes,
                share,
                clustering,
            });
        }
        self.weights.iter_mut().for_each(|weight| *weight *= 1.0 - share);
        self.weights.extend(std::iter::repeat_n(share / modes as f64, modes));
        self.wrong = Some(wrong);
        Ok(self)
    }

    /// The wrong responses, if there may be any.
    pub fn wrong(&self) -> Option<Wrong> {
        self.wrong
    }

    /// How many modes right responses have: all but the last of them.
    pub(super) fn right_modes(&self) -> usize {
        self.modes() - self.wrong.map_or(0, |wrong| wrong.modes)
    }

    /// The weights of right responses among themselves.
    pub(super) fn right_weights(&self) -> Vec<f64> {
        let right = 1.0 - self.wrong.map_or(0.0, |wrong| wrong.share);
        self.weights[..self.right_modes()]
            .iter()
            .map(|weight| weight / right)
            .collect()
    }

    /// An error where responses may be wrong.
    pub(super) fn check_right(&self, asked: &'static str) -> Result<(), LawError> {
        match self.wrong {
            Some(_) => Err(LawError::OfRight(asked)),
            None => Ok(()),
        }
    }

    /// The mean distribution of a candidate, M probabilities: pibar, and (1 - eps) pibar with eps/B each behind it where responses may be wrong.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// M.
    pub fn modes(&self) -> usize {
        self.weights.len()
    }

    /// alpha = V_{y|x}/V_x; infinite where prompts are all alike.
    pub fn concentration(&self) -> f64 {
        self.concentration
    }

    /// N.
    pub fn candidates(&self) -> u32 {
        self.candidates
    }

    /// 1/alpha: what one draw adds to the weight of its mode in the urn, in units of all weights. 0 where draws are independent.
    pub(super) fn spread(&self) -> f64 {
        1.0 / self.concentration
    }

    pub(super) fn check_keep(&self, keep: u32) -> Result<(), LawError> {
        if (1..=self.candidates).contains(&keep) {
            return Ok(());
        }
        Err(LawError::Keep {
            keep,
            candidates: self.candidates,
        })
    }

    pub(super) fn check_rewards(&self, rewards: &[f64]) -> Result<(), LawError> {
        if rewards.len() != self.modes() {
            return Err(LawError::Rewards {
                found: rewards.len(),
                modes: self.modes(),
            });
        }
        match rewards.iter().enumerate().find(|(_, r)| !r.is_finite()) {
            Some((mode, &value)) => Err(LawError::Reward { mode, value }),
            None => Ok(()),
        }
    }

    pub(super) fn check_modes(&self) -> Result<(), LawError> {
        if self.modes() > MOST_MODES {
            return Err(LawError::Modes(self.modes()));
        }
        Ok(())
    }
}
