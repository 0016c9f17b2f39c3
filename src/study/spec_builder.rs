//! Owns what the studies of prompts and responses declare alike: the texts of both keys, batch sizes, cost.

use super::batches::BATCH;
use super::draws::DrawPlan;
use crate::engine::{Estimand, ExactJob, Key, Spec};
use crate::inference::groups::Layout;
use crate::numerics::NUMERICS_VERSION;
use crate::world::World;

/// One scenario, before anything is drawn.
pub(super) struct SpecBuilder<'a> {
    pub seed: u64,
    pub world: &'a dyn World,
    pub pass: &'a DrawPlan,
    /// The study's name.
    pub study: &'a str,
    /// What one replicate is.
    pub unit: &'static str,
    /// Versions of its own computations, beside that of the numerics.
    pub versions: &'a [&'a str],
    /// Names of its measures.
    pub measures: Vec<&'a str>,
    /// Lines about all arms.
    pub settings: Vec<String>,
    /// The canonical text of each arm.
    pub arms: Vec<String>,
    /// Which arm each slot belongs to.
    pub slots: Vec<usize>,
    pub estimands: Vec<Estimand>,
    /// What their exact values rest on and takes long.
    pub exact: Vec<ExactJob>,
}

impl SpecBuilder<'_> {
    /// Its specification. The draws key is one text in every study: what is fitted are the draws whose selection is studied.
    pub fn spec(self) -> Spec {
        let draws = format!("draws 1\nseed {}\n{}", self.seed, self.world.canonical());
        Spec {
            work: Key::new(self.work(&draws)),
            draws: Key::new(draws),
            unit: self.unit,
            batch: BATCH,
            block: 1,
            layout: Layout::new(self.slots, self.arms.len()),
            estimands: self.estimands,
            exact: self.exact,
            words: self.pass.words(self.world),
        }
    }

    fn work(&self, draws: &str) -> String {
        let mut study = format!("study {} batch {BATCH} block 1 numerics {NUMERICS_VERSION}", self.study);
        for version in self.versions {
            study = format!("{study} {version}");
        }
        let mut lines = vec![format!("work 1\n{draws}"), study];
        lines.push(format!("measures {}", self.measures.join(" ")));
        lines.extend_from_slice(&self.settings);
        lines.extend(self.arms.iter().map(|arm| format!("arm {arm}")));
        lines.join("\n")
    }
}
