//! Owns the names of the selectors and what each needs to know of a pool.

/// A way to keep K of N candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
}

impl Selector {
    /// Every selector, in the order of help texts.
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
        }
    }

    /// Whether it reads the rewards of a pool.
    pub fn needs_rewards(self) -> bool {
        matches!(
            self,
            Selector::Best | Selector::DiverseBest | Selector::DiverseBestWeighted
        )
    }

    /// Whether it reads the similarities of a pool.
    pub fn needs_similarity(self) -> bool {
        !matches!(self, Selector::Random | Selector::Best)
    }

    /// Whether what it keeps counts by [`Shares`](super::Shares) and not equally.
    pub fn weighted(self) -> bool {
        matches!(self, Selector::DiverseWeighted | Selector::DiverseBestWeighted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_to_its_selector_and_no_other_does() {
        for selector in Selector::ALL {
            assert_eq!(Selector::parse(selector.name()), Ok(selector));
        }
        let error = Selector::parse("divers").expect_err("no such name");
        assert_eq!(
            error.to_string(),
            "unknown selector \"divers\" (known: random, best, diverse, diverse-max-min, diverse-best, \
             diverse-weighted, diverse-best-weighted; did you mean \"diverse\"?)"
        );
    }
}
