//! Owns how a scenario's specification follows from what a study declares: the texts of both keys, with the version of the numerics.

use super::exact::ExactJob;
use super::key::Key;
use super::spec::{Estimand, Spec};
use crate::inference::groups::Layout;
use crate::numerics::NUMERICS_VERSION;

/// Replicates per batch: four sets of eight lanes. One batch makes a block, so that counts such as 20,000 need little rounding, and a
/// block of costly arms still ends within a second.
pub const BATCH: u64 = 32;

/// What the text of a work key begins with, before that of the draws key.
const WORK: &str = "work 1\n";

/// Consecutive replicates per batch, the unit of the jackknife, and batches per block, the unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Replicates per batch.
    pub batch: u64,
    /// Batches per block.
    pub block: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { batch: BATCH, block: 1 }
    }
}

/// What a study declares of a scenario.
#[derive(Debug, Default)]
pub struct Declared {
    /// The seed of its draws.
    pub seed: u64,
    /// What else they depend on, in words: two scenarios of one text and seed draw the same.
    pub world: String,
    /// The study's name, and what of its computations all arms share.
    pub study: String,
    /// Versions of its own computations, beside that of the numerics.
    pub versions: &'static [&'static str],
    /// Consecutive replicates per batch, and batches per block.
    pub sizes: Sizes,
    /// What one replicate is.
    pub unit: &'static str,
    /// Names of its measures.
    pub measures: Vec<&'static str>,
    /// Lines about all arms.
    pub settings: Vec<String>,
    /// The canonical text of each arm.
    pub arms: Vec<String>,
    /// Which arm each slot belongs to.
    pub slots: Vec<usize>,
    /// What is estimated, in row order.
    pub estimands: Vec<Estimand>,
    /// What their exact values rest on and takes long.
    pub exact: Vec<ExactJob>,
    /// Random words that one replicate draws.
    pub words: u64,
}

impl Declared {
    /// The specification. Studies of one world and seed share their draws.
    pub fn spec(mut self) -> Spec {
        // A sweep has thousands.
        self.estimands.shrink_to_fit();
        let draws = format!("draws 1\nseed {}\n{}", self.seed, self.world);
        let work = Key::new(self.work(&draws));
        Spec {
            draws: work.part(WORK.len()..WORK.len() + draws.len()),
            work,
            unit: self.unit,
            batch: self.sizes.batch,
            block: self.sizes.block,
            layout: Layout::new(self.slots, self.arms.len()),
            estimands: self.estimands,
            exact: self.exact,
            words: self.words,
        }
    }

    fn work(&self, draws: &str) -> String {
        let Sizes { batch, block } = self.sizes;
        let mut study = format!(
            "study {} batch {batch} block {block} numerics {NUMERICS_VERSION}",
            self.study
        );
        for version in self.versions {
            study = format!("{study} {version}");
        }
        let mut lines = vec![format!("{WORK}{draws}"), study];
        lines.push(format!("measures {}", self.measures.join(" ")));
        lines.extend_from_slice(&self.settings);
        lines.extend(self.arms.iter().map(|arm| format!("arm {arm}")));
        lines.join("\n")
    }
}
