//! Pilots: what some prompts with several responses each say of V_x, V_y|x and K*, and of the model behind them.
//!
//! A [`Pilot`] takes prompts one by one and keeps sums of groups of them, and a random sample of prompts: memory is bounded whatever the
//! number of prompts. Of it are asked
//!
//! - [`Pilot::components`]: [`Estimated`] V_x and V_y|x, K* and the intraclass correlation with intervals, and how large a pilot
//!   [is needed](Estimated::needed);
//! - [`Pilot::response_variance`]: V_y|x alone, also of labels that mean nothing across prompts;
//! - [`Pilot::nested`]: three components, of prompts in clusters;
//! - [`Pilot::diagnostics`], [`Pilot::exchangeability`] and [`Pilot::dirichlet_fit`]: whether the model holds, and the [`Verdict`] of the
//!   two tests together.
//!
//! Two models on the same questions are a [`PairedPilot`].
//!
//! ```
//! use mode_lottery::inference::pilot::{Kind, Meaning, Pilot, Responses};
//!
//! let mut pilot = Pilot::new(Kind::Labels(Meaning::Shared), 1);
//! for labels in [[0, 0, 1], [1, 1, 1], [0, 2, 0], [2, 2, 1]] {
//!     pilot.push(Responses::Labels(&labels), None)?;
//! }
//! let estimated = pilot.components()?;
//! let best = estimated.best_responses(4.0, 0.95);
//! assert!(best.value > 1.0 && best.interval.high.is_infinite(), "four prompts do not bound K*");
//! # Ok::<(), mode_lottery::inference::pilot::Refusal>(())
//! ```

mod components;
mod diagnostics;
mod dirichlet;
mod exchange;
mod fieller;
mod group;
mod nested;
mod paired;
mod responses;
mod sample;
mod size;
mod tested;
#[cfg(test)]
mod tests;
mod verdict;

pub use components::{Bounded, Estimated, LEVEL};
pub use diagnostics::Diagnostics;
pub use dirichlet::{DirichletFit, implied_spread};
pub use exchange::Exchangeability;
pub use fieller::RatioSet;
pub use nested::Nested;
pub use paired::{PairedPilot, PairedVariances};
pub use responses::{Kind, Meaning, Refusal, Responses};
pub use size::{Needed, Size, log_error};
pub use tested::Tested;
pub use verdict::{ALARM, DRAWS, Verdict};

use super::estimate::Estimate;
use crate::numerics::stream::Stream;
use group::Group;
use sample::Reservoir;
use std::collections::BTreeMap;

/// Groups that are kept of prompts with few numbers each: up to so many prompts the jackknife leaves out one at a time.
const MOST_GROUPS: usize = 4096;

/// Numbers of all groups together, 128 MB, beyond which vectors are kept in fewer groups.
const MOST_NUMBERS: usize = 1 << 24;

/// The least number of groups: an error from G groups has a coefficient of variation of 1/sqrt(2(G-1)), here 9 %.
const LEAST_GROUPS: usize = 64;

/// A pilot: sums of groups of prompts, of clusters, and a sample of prompts.
///
/// Memory: up to 4,096 groups, and less of long vectors; the clusters, if any; and up to 4,096 prompts of a reservoir with 16 responses
/// each. A group or cluster of labels has as many numbers as labels, one of vectors as many as the dimension.
#[derive(Clone, Debug)]
pub struct Pilot {
    kind: Kind,
    seed: u64,
    groups: Vec<Group>,
    /// Prompts of a full group: a power of two.
    width: u64,
    most_groups: usize,
    clusters: BTreeMap<u64, Group>,
    kept: Reservoir,
    prompts: u64,
    responses: u64,
}

impl Pilot {
    /// A pilot without prompts. The seed serves the sample of a large pilot and all permutations and draws.
    #[must_use]
    pub fn new(kind: Kind, seed: u64) -> Self {
        let numbers = match kind {
            Kind::Vectors { dimension } => dimension.max(1),
            _ => 1,
        };
        Self {
            kind,
            seed,
            groups: Vec::new(),
            width: 1,
            most_groups: (MOST_NUMBERS / numbers).clamp(LEAST_GROUPS, MOST_GROUPS),
            clusters: BTreeMap::new(),
            kept: Reservoir::new(seed),
            prompts: 0,
            responses: 0,
        }
    }

    /// Adds a prompt with its responses in the order of the file, and its cluster, if prompts have one. Prompts of one cluster need not
    /// follow one another; the responses of a prompt come all at once. A refused prompt leaves the pilot as it was.
    pub fn push(&mut self, responses: Responses<'_>, cluster: Option<u64>) -> Result<(), Refusal> {
        let count = responses.checked(self.kind)?;
        let mut own = Group::of(&responses);
        if self.kind == Kind::Labels(Meaning::Local) {
            own.forget_place();
        }
        self.prompts += 1;
        self.responses += count as u64;
        self.kept.offer(&responses, count, own.within);
        if let Some(cluster) = cluster {
            match self.clusters.get_mut(&cluster) {
                Some(group) => group.add(&own),
                None => drop(self.clusters.insert(cluster, own.clone())),
            }
        }
        self.join(own);
        Ok(())
    }

    /// Joins a prompt to the last group, or opens one; where there are too many, neighbours are merged in pairs.
    fn join(&mut self, prompt: Group) {
        match self.groups.last_mut() {
            Some(last) if last.prompts < self.width => return last.add(&prompt),
            _ => {}
        }
        if self.groups.len() == self.most_groups {
            self.width *= 2;
            let mut old = std::mem::take(&mut self.groups).into_iter();
            while let Some(mut group) = old.next() {
                if let Some(next) = old.next() {
                    group.add(&next);
                }
                self.groups.push(group);
            }
        }
        self.groups.push(prompt);
    }

    /// n.
    #[must_use]
    pub fn prompts(&self) -> u64 {
        self.prompts
    }

    /// T, of all prompts.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.responses
    }

    /// V_x and V_y|x of independent prompts; where prompts come in clusters, V_x takes up what clusters differ by. Refused for fewer than two prompts, for prompts of one response each, for local labels, and where squares
    /// overflow.
    pub fn components(&self) -> Result<Estimated, Refusal> {
        self.shared()?;
        components::of(&self.groups)
    }

    /// V_y|x alone; for labels 1 less the rate at which two responses of a prompt agree, local ones too. Refused where no prompt has
    /// two responses.
    pub fn response_variance(&self) -> Result<Estimate, Refusal> {
        components::response(&self.groups)
    }

    /// The components of prompts in clusters. Refused where some prompts have no cluster, for fewer than two clusters, where no cluster
    /// has two prompts or no prompt two responses, and for local labels.
    pub fn nested(&self) -> Result<Nested, Refusal> {
        self.shared()?;
        nested::of(&self.clusters.values().collect::<Vec<_>>(), self.prompts)
    }

    /// What speaks against the assumptions of the analysis of variance.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        diagnostics::of(&self.kept, &mut self.stream("diagnostics"))
    }

    /// Whether the order of a prompt's responses means anything, by `draws` permutations such as 999, of the first 16 responses of the
    /// prompts that are kept. Refused where no prompt has three
    /// responses.
    pub fn exchangeability(&self, draws: usize) -> Result<Exchangeability, Refusal> {
        exchange::of(&self.kept, draws, &mut self.stream("permutations"))
    }

    /// Whether labels are as in World A, by `draws` pilots drawn from the fit, such as 999; of the same responses. Refused for numbers and local labels, and for
    /// fewer than two prompts with three responses.
    pub fn dirichlet_fit(&self, draws: usize) -> Result<DirichletFit, Refusal> {
        self.shared()?;
        match self.kind {
            Kind::Labels(_) => dirichlet::of(&self.kept, draws, &mut self.stream("fit")),
            _ => Err(Refusal::NotLabels),
        }
    }

    fn shared(&self) -> Result<(), Refusal> {
        match self.kind {
            Kind::Labels(Meaning::Local) => Err(Refusal::LocalLabels),
            _ => Ok(()),
        }
    }

    fn stream(&self, purpose: &str) -> Stream {
        sample::streams(self.seed).purpose(purpose).stream(0, 0)
    }
}
