//! Owns the choice of an arm: its selector, what that maximises, and how likeness is measured.

use crate::numerics::text::float;
use crate::select::{Objective, Rule, Selector, Similarity};

/// How an arm chooses among candidates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The selector and what it maximises.
    pub rule: Rule,
    /// How alike two embeddings are.
    pub similarity: Similarity,
}

impl Choice {
    /// The first K candidates, which are a random K-subset.
    pub const RANDOM: Self = Self {
        rule: Rule {
            selector: Selector::Random,
            objective: Objective::USUAL,
        },
        similarity: Similarity::Cosine,
    };

    /// That of a selector which no objective concerns, or with the usual one.
    pub fn of(selector: Selector) -> Self {
        Self {
            rule: Rule::new(selector),
            ..Self::RANDOM
        }
    }

    /// The canonical text: part of the work key. `random` looks at nothing, so nothing but its name counts; a selector of one's
    /// own does not see the objective.
    pub(in crate::study) fn canonical(&self) -> String {
        let name = self.rule.selector.name();
        if self.is_random() {
            return name.to_owned();
        }
        if let Selector::Own(kind) = self.rule.selector {
            return format!("{name} version {}", kind.version);
        }
        let objective = self.rule.objective;
        if self.rule.selector == Selector::Filter {
            return format!("{name} above {}", float(objective.threshold));
        }
        // Without a word for ties these are the records of a time that knew only `first`, in other bits.
        let ties = match self.rule.selector.weighted() {
            true => format!(" ties {}", objective.ties.name()),
            false => String::new(),
        };
        // Likewise of a time that compared embeddings of any length; cosines never saw it.
        let unit = match self.similarity {
            Similarity::Rbf { .. } => " of unit vectors",
            Similarity::Cosine | Similarity::RawCosine => "",
        };
        format!(
            "{name} share {} scale {} balance {}{ties} similarity {}{unit}",
            float(objective.reward_share),
            objective.rewards.name(),
            objective.balance.name(),
            self.similarity.canonical()
        )
    }

    /// Whether the first K candidates are kept, whatever they are.
    pub fn is_random(&self) -> bool {
        self.rule.selector == Selector::Random
    }
}
