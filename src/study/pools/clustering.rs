//! Owns the keys that say which prompts of a world repeat each other.

use crate::format::keys::{Got, Integer, Own, Read, Table, Words, key, named};
use crate::theory::redundancy::Clustering;

/// The most weights of clusters that a sampler holds, of eight replicates each: 64 MB.
const MOST_WEIGHTS: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Assignment {
    Balanced,
    Random,
}

named!(Assignment {
    Assignment::Balanced => "balanced": "prompts go to the clusters by turns",
    Assignment::Random => "random": "each prompt goes to a random one",
});

/// The keys, as they were asked for.
pub(super) struct ClusteringKeys {
    clusters: Got<Option<i64>>,
    redundancy: Got<Option<i64>>,
    assignment: Got<Assignment>,
}

impl ClusteringKeys {
    pub fn ask(world: &mut Table<'_>) -> Self {
        let clusters = key(
            "clusters",
            "C: how many clusters there are, however many prompts.",
            Integer(1, MOST_WEIGHTS as i64),
        );
        let clusters = clusters.symbol("$C$", "clusters $C$");
        let redundancy = key(
            "redundancy",
            "rho: prompts in each cluster, of which there are as many as the prompts need: prompt i is in cluster floor(i/rho).",
            Integer(1, i64::from(u32::MAX)),
        );
        let redundancy = redundancy.symbol("$\\rho$", "prompts per cluster $\\rho$");
        let assignment = key(
            "assignment",
            "How prompts go to so many `clusters`.",
            Words(&[Assignment::Balanced, Assignment::Random]),
        );
        let assignment = assignment.symbol("assignment", "assignment to clusters");
        Self {
            clusters: world.find(clusters, "required, or `redundancy`"),
            redundancy: world.find(redundancy, "required, or `clusters`"),
            assignment: world.get(assignment.or(Assignment::Balanced)),
        }
    }

    /// What they say together, of a world of so many modes.
    pub fn settle(self, own: &Own<'_, '_>, modes: usize) -> Read<Clustering> {
        let assignment = self.assignment.take(own);
        match (self.clusters.take(own), self.redundancy.take(own)) {
            (Some(_), Some(redundancy)) => {
                let fault = own.fault(
                    "clusters",
                    "is set, but the redundancy decides how many clusters there are",
                );
                own.refuse(fault.and(&own.place("redundancy"), format!("redundancy = {redundancy}")))
            }
            (None, None) => {
                let what = "neither `clusters` nor `redundancy` says which prompts repeat each other";
                own.refuse(own.fault_here(what))
            }
            (None, Some(redundancy)) if own.has("assignment") => {
                let what = "is set, but a redundancy says how many prompts each cluster has: set `clusters` instead";
                let fault = own.fault("assignment", what);
                own.refuse(fault.and(&own.place("redundancy"), format!("redundancy = {redundancy}")))
            }
            (None, Some(redundancy)) => Ok(Clustering::OfSize(redundancy as u32)),
            (Some(clusters), None) if (clusters as usize).saturating_mul(modes) > MOST_WEIGHTS => {
                let most = MOST_WEIGHTS / modes;
                let what = format!("{clusters} clusters of {modes} modes; of so many modes a world has at most {most}");
                own.refuse(own.fault("clusters", what))
            }
            (Some(clusters), None) => Ok(match assignment {
                Assignment::Balanced => Clustering::Balanced(clusters as u32),
                Assignment::Random => Clustering::Random(clusters as u32),
            }),
        }
    }
}
