//! Owns the names of scales, balances and similarities, and how selectors are found by name: in experiment files, on the command line, in work keys. A name that
//! changes leaves every stored record of it behind.

use super::{Balance, CoverageTies, RewardScale, SelectError, Selector, Similarity};
use crate::numerics::text::float;

impl Selector {
    /// The selector of a name, or an error with the known names.
    pub fn parse(name: &str) -> Result<Selector, SelectError> {
        let found = Selector::ALL.into_iter().find(|selector| selector.name() == name);
        found.ok_or_else(|| SelectError::Unknown(name.to_owned()))
    }
}

impl RewardScale {
    /// Every scale, in the order of help texts.
    pub const ALL: [Self; 3] = [Self::MinMax, Self::Raw, Self::ZScore];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MinMax => "min-max",
            Self::Raw => "raw",
            Self::ZScore => "z-score",
        }
    }

    /// One line for help texts.
    pub const fn about(self) -> &'static str {
        match self {
            Self::MinMax => "from 0, the least of the pool, to 1, the greatest",
            Self::Raw => "as given",
            Self::ZScore => {
                "less their mean in the pool, in standard deviations: negative ones void the greedy guarantee"
            }
        }
    }
}

impl Balance {
    /// Every balance, in the order of help texts.
    pub const ALL: [Self; 2] = [Self::Sums, Self::Means];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sums => "sums",
            Self::Means => "means",
        }
    }

    /// One line for help texts.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Sums => "the sum of rewards kept against the sum of coverage over the pool",
            Self::Means => "the mean of rewards kept against the mean of coverage",
        }
    }
}

impl CoverageTies {
    /// Every rule, in the order of help texts.
    pub const ALL: [Self; 2] = [Self::Split, Self::First];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::First => "first",
        }
    }

    /// One line for help texts.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Split => "in equal parts to all of them; a candidate similar to none of those kept, to all K",
            Self::First => "to the one kept first",
        }
    }
}

impl Similarity {
    /// One of every kind, in the order of help texts; the bandwidth is only an example.
    pub const KINDS: [Self; 3] = [Self::Cosine, Self::RawCosine, Self::Rbf { bandwidth: 1.0 }];

    /// The name of its kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cosine => "cosine",
            Self::RawCosine => "raw-cosine",
            Self::Rbf { .. } => "rbf",
        }
    }

    /// One line for help texts, with the syntax of the command line and that of files.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Cosine => "the cosine, negative ones as 0",
            Self::RawCosine => "the cosine, in [-1, 1]: negative ones void the greedy guarantee",
            Self::Rbf { .. } => "exp(-|x - y|^2 / (2 H^2)) at bandwidth H: rbf=H, in experiment files { rbf = H }",
        }
    }

    /// The canonical text: part of the work key, and no other similarity's.
    pub fn canonical(self) -> String {
        match self {
            Self::Rbf { bandwidth } => format!("{} {}", self.name(), float(bandwidth)),
            _ => self.name().to_owned(),
        }
    }
}
