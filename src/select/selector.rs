//! Owns the selectors: each in one entry, with its name, its meaning and what it needs to know of a pool.
//!
//! One that sees no more than [`SelectorKind`] tells it may stand in a file of its own below this one, as an entry of [`Selector::ALL`].

use super::SelectorKind;

/// What may hold of a selector.
#[derive(Clone, Copy, PartialEq)]
enum Fact {
    /// It reads the rewards of a pool.
    Rewards,
    /// It reads the similarities of a pool.
    Similarity,
    /// What it keeps counts by weights.
    Weighted,
}

/// The selectors of this crate, one entry each after the name of the enum: `Variant = "name", "one line for help texts", [what holds of it];`.
macro_rules! selectors {
    (pub enum $selector:ident; $($(#[$doc:meta])+ $variant:ident = $name:literal, $about:literal, [$($fact:ident),*];)+) => {
        /// A way to keep K of N candidates.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $selector {
            $($(#[$doc])+ $variant,)+
            /// One of one's own.
            Own(&'static SelectorKind),
        }

        impl $selector {
            /// Every selector of this crate, in the order of help texts.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name, one line about it, and what holds of it.
            fn entry(self) -> (&'static str, &'static str, &'static [Fact]) {
                match self {
                    $(Self::$variant => ($name, $about, &[$(Fact::$fact),*]),)+
                    Self::Own(kind) => (kind.name, kind.about, &[Fact::Rewards]),
                }
            }
        }
    };
}

selectors! {
    pub enum Selector;

    /// Random-K-of-N: every K-subset of the pool with equal probability. Unbiased.
    Random = "random", "keeps a uniformly random K of the N candidates: unbiased", [];

    /// Best-K-of-N: the K highest rewards.
    Best = "best", "keeps the K candidates of highest reward", [Rewards];

    /// A random K of the candidates whose reward exceeds [`Objective::threshold`](super::Objective::threshold); where these are fewer, the
    /// highest rewards of the others beside them.
    Filter = "filter", "keeps a random K of the candidates whose reward exceeds a threshold, and the best others where they are fewer", [Rewards];

    /// Diverse-K-of-N: greedy facility location, sum over the pool of the similarity to the nearest kept candidate.
    Diverse = "diverse", "keeps K that together lie near all N: greedy facility location", [Similarity];

    /// Farthest first (Gonzalez 1985): a random start, then always the candidate least similar to those kept.
    DiverseMaxMin = "diverse-max-min",
    "keeps K far from each other: a random start, then the farthest from those kept", [Similarity];

    /// Diverse-best-K-of-N: greedy on rewards and facility location together.
    DiverseBest = "diverse-best",
    "keeps K of high reward that lie near all N: greedy on both, at a stated share", [Rewards, Similarity];

    /// `Diverse`, each kept candidate weighted by the share of the pool that it represents: see [`CoverageTies`](super::CoverageTies).
    DiverseWeighted = "diverse-weighted",
    "keeps as diverse, each weighted by the share of the N that are most similar to it", [Similarity, Weighted];

    /// `DiverseBest`, weighted alike.
    DiverseBestWeighted = "diverse-best-weighted",
    "keeps as diverse-best, each weighted by the share of the N that are most similar to it", [Rewards, Similarity, Weighted];
}

impl Selector {
    /// The name in experiment files and result columns.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// One line for help texts.
    pub fn about(self) -> &'static str {
        self.entry().1
    }

    /// Whether it reads the rewards of a pool.
    pub fn needs_rewards(self) -> bool {
        self.entry().2.contains(&Fact::Rewards)
    }

    /// Whether it reads the similarities of a pool.
    pub fn needs_similarity(self) -> bool {
        self.entry().2.contains(&Fact::Similarity)
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
        self.entry().2.contains(&Fact::Weighted)
    }

    /// The names of all for which something holds, or does not, as a sentence lists them: `a, b or c`.
    pub fn names_where(holds: fn(Self) -> bool, is: bool, conjunction: &str) -> String {
        let all = Self::ALL.into_iter().filter(|own| holds(*own) == is);
        let names: Vec<&str> = all.map(Self::name).collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} {conjunction} {last}", others.join(", ")),
            _ => names.concat(),
        }
    }
}
