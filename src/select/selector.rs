//! Owns the names of the selectors and what each needs to know of a pool.

use super::SelectorKind;

/// A way to keep K of N candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selector {
    /// Random-K-of-N: every K-subset of the pool with equal probability. Unbiased.
    Random,
    /// Best-K-of-N: the K highest rewards.
    Best,
    /// Diverse-K-of-N: greedy facility location, sum over the pool of the similarity to the nearest kept candidate.
    Diverse,
    /// Farthest first (Gonzalez 1985): a random start, then always the candidate least similar to those kept.
    DiverseMaxMin,
    /// Diverse-best-K-of-N: greedy on rewards and facility location together.
    DiverseBest,
    /// `Diverse`, each kept candidate weighted by the share of the pool that it represents: see [`CoverageTies`](super::CoverageTies).
    DiverseWeighted,
    /// `DiverseBest`, weighted alike.
    DiverseBestWeighted,
    /// One of one's own.
    Own(&'static SelectorKind),
}

impl Selector {
    /// Every selector of this crate, in the order of help texts.
    pub const ALL: [Selector; 7] = [
        Selector::Random,
        Selector::Best,
        Selector::Diverse,
        Selector::DiverseMaxMin,
        Selector::DiverseBest,
        Selector::DiverseWeighted,
        Selector::DiverseBestWeighted,
    ];

    /// The name in experiment files and result columns.
    pub fn name(self) -> &'static str {
        match self {
            Selector::Random => "random",
            Selector::Best => "best",
            Selector::Diverse => "diverse",
            Selector::DiverseMaxMin => "diverse-max-min",
            Selector::DiverseBest => "diverse-best",
            Selector::DiverseWeighted => "diverse-weighted",
            Selector::DiverseBestWeighted => "diverse-best-weighted",
            Selector::Own(kind) => kind.name,
        }
    }

    /// One line for help texts.
    pub fn about(self) -> &'static str {
        match self {
            Selector::Random => "keeps a uniformly random K of the N candidates: unbiased",
            Selector::Best => "keeps the K candidates of highest reward",
            Selector::Diverse => "keeps K that together lie near all N: greedy facility location",
            Selector::DiverseMaxMin => "keeps K far from each other: a random start, then the farthest from those kept",
            Selector::DiverseBest => "keeps K of high reward that lie near all N: greedy on both, at a stated share",
            Selector::DiverseWeighted => {
                "keeps as diverse, each weighted by the share of the N that are most similar to it"
            }
            Selector::DiverseBestWeighted => {
                "keeps as diverse-best, each weighted by the share of the N that are most similar to it"
            }
            Selector::Own(kind) => kind.about,
        }
    }

    /// Whether it reads the rewards of a pool.
    pub fn needs_rewards(self) -> bool {
        matches!(
            self,
            Selector::Best | Selector::DiverseBest | Selector::DiverseBestWeighted | Selector::Own(_)
        )
    }

    /// Whether it reads the similarities of a pool.
    pub fn needs_similarity(self) -> bool {
        // All of them by name: a new one must say what it reads.
        match self {
            Selector::Random | Selector::Best | Selector::Own(_) => false,
            Selector::Diverse
            | Selector::DiverseMaxMin
            | Selector::DiverseBest
            | Selector::DiverseWeighted
            | Selector::DiverseBestWeighted => true,
        }
    }

    /// Whether it reads embeddings, or similarities of them.
    pub fn needs_embeddings(self) -> bool {
        match self {
            Selector::Own(kind) => kind.embeddings,
            selector => selector.needs_similarity(),
        }
    }

    /// Whether what it keeps counts by [`Shares`](super::Shares) and not equally.
    pub fn weighted(self) -> bool {
        matches!(self, Selector::DiverseWeighted | Selector::DiverseBestWeighted)
    }
}
