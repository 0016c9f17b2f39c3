//! Owns the world of redundant prompts: clusters of exact or near duplicates.
//!
//! A cluster's distribution is c ~ Dirichlet(alpha_b * base), a prompt's given its cluster pi ~ Dirichlet(alpha_w * c), and responses are
//! independent given the prompt; at alpha_w = inf the prompts of a cluster are exact duplicates. For a statistic with variance V under
//! the mean response distribution, V_b = V/(alpha_b + 1) lies between clusters, V_w = V alpha_b/(alpha_b + 1)/(alpha_w + 1) between
//! the prompts of one, and the rest between responses to one prompt.
//!
//! An urn that prompts of a cluster share would make each depend on those drawn before. So c is drawn itself, as gamma variates
//! divided by their sum, from a stream of the cluster's own; a prompt is a Polya urn that is filled from c.

use super::{BaseWeights, ModeTruth, Sampler, World, first_order};
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::{float, floats};
use crate::numerics::variates::ln_gamma_variate;
use crate::theory::redundancy::{Clustering, design_effect};
use crate::theory::variance_law::Components;

/// The world of clusters of prompts.
#[derive(Debug, Clone)]
pub struct Clusters {
    base: BaseWeights,
    between: f64,
    within: f64,
    clustering: Clustering,
}

impl Clusters {
    /// The world of clusters that are Dirichlet(`between` * `base`), whose prompts are Dirichlet(`within` * their cluster's): both are
    /// positive, and `within` may be infinite.
    pub fn new(base: BaseWeights, between: f64, within: f64, clustering: Clustering) -> Self {
        // Beyond these bounds products overflow, and laws differ by less than 1e-290.
        let bounded = |concentration: f64| concentration.clamp(1e-290, 1e290);
        Self {
            base,
            between: bounded(between),
            within: if within == f64::INFINITY {
                within
            } else {
                bounded(within)
            },
            clustering,
        }
    }

    /// V_b/V_x.
    fn share(&self) -> f64 {
        1.0 / (1.0 + self.between / (self.within + 1.0))
    }

    /// Splits the variance of a statistic of one response to a random prompt.
    fn split(&self, total: f64) -> Components {
        let cluster = total / (self.between + 1.0);
        let rest = self.between * cluster;
        Components {
            prompt: cluster + rest / (self.within + 1.0),
            response: rest / (1.0 + 1.0 / self.within),
        }
    }

    /// Clusters that a sampler has to remember: prompts of one size are drawn cluster by cluster.
    fn remembered(&self) -> usize {
        match self.clustering {
            Clustering::Balanced(clusters) | Clustering::Random(clusters) => clusters as usize,
            Clustering::OfSize(_) => 1,
        }
    }
}

impl ModeTruth for Clusters {
    fn mean(&self) -> &[f64] {
        self.base.probabilities()
    }

    fn components(&self, values: &[f64]) -> Components {
        let weighed = |of: &dyn Fn(f64) -> f64| self.mean().iter().zip(values).map(|(p, v)| p * of(*v)).sum::<f64>();
        let mean = weighed(&|v| v);
        self.split(weighed(&|v| (v - mean) * (v - mean)))
    }

    fn mode_components(&self) -> Vec<Components> {
        self.mean().iter().map(|p| self.split(p * (1.0 - p))).collect()
    }

    fn response_correlation(&self) -> f64 {
        0.0
    }

    fn prompt_design_effect(&self, prompts: u64) -> f64 {
        design_effect(self.share(), self.clustering.repeats(prompts))
    }

    fn lasting_design_effect(&self) -> f64 {
        design_effect(self.share(), self.clustering.lasting_repeats())
    }

    fn conditional_entropy(&self) -> Option<f64> {
        None
    }

    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        Some(first_order(self, prompts, responses))
    }
}

impl World for Clusters {
    fn canonical(&self) -> String {
        let clustering = match self.clustering {
            Clustering::Balanced(clusters) => format!("balanced {clusters}"),
            Clustering::Random(clusters) => format!("random {clusters}"),
            Clustering::OfSize(size) => format!("of size {size}"),
        };
        format!(
            "world clusters {clustering} between {} within {} base {}",
            float(self.between),
            float(self.within),
            floats(self.mean())
        )
    }

    /// The cluster, where it is random, and the responses. What a cluster's own distribution takes is shared and random.
    fn words(&self, depth: u64) -> u64 {
        depth + u64::from(matches!(self.clustering, Clustering::Random(_)))
    }

    fn sampler_memory(&self) -> u64 {
        (self.remembered() * size_of::<Lanes<f64>>() * self.mean().len()) as u64
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        Box::new(ClustersSampler {
            known: Known {
                streams: streams.purpose("clusters"),
                first: u64::MAX,
                clusters: Vec::new(),
                thresholds: Vec::new(),
                logs: vec![0.0; self.mean().len()],
                gathered: vec![[0.0; LANES]; self.mean().len() - 1],
            },
            world: self,
            assignment: streams.purpose("assignment"),
            responses: streams.purpose("responses"),
            uniforms: vec![[0.0; LANES]; depth],
            rows: vec![[0; LANES]; depth],
        })
    }
}

struct ClustersSampler<'a> {
    world: &'a Clusters,
    assignment: Purpose,
    responses: Purpose,
    known: Known,
    uniforms: Vec<Lanes<f64>>,
    rows: Vec<Lanes<u16>>,
}

impl ClustersSampler<'_> {
    /// The cluster of a prompt in each lane.
    fn clusters(&self, first: u64, prompt: u32) -> Lanes<u32> {
        match self.world.clustering {
            Clustering::Balanced(clusters) => [prompt % clusters; LANES],
            Clustering::OfSize(size) => [prompt / size; LANES],
            Clustering::Random(clusters) => {
                let mut uniforms = [[0.0; LANES]];
                self.assignment.fill_uniforms(first, prompt, &mut uniforms);
                uniforms[0].map(|u| (u * f64::from(clusters)) as u32)
            }
        }
    }
}

impl Sampler for ClustersSampler<'_> {
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[Lanes<u16>] {
        let clusters = self.clusters(first, prompt);
        let thresholds = self.known.thresholds(self.world, first, &clusters);
        let (uniforms, rows) = (&mut self.uniforms[..depth], &mut self.rows[..depth]);
        self.responses.fill_uniforms(first, prompt, uniforms);
        if self.world.within.is_finite() {
            plan(self.world.within, uniforms);
        }
        find::run(thresholds, uniforms, rows);
        if self.world.within.is_finite() {
            copy(uniforms, rows);
        }
        rows
    }
}

/// The distributions of the clusters that were met in the replicates being drawn.
struct Known {
    streams: Purpose,
    first: u64,
    /// The cluster, from 1, that each place holds, or 0.
    clusters: Vec<Lanes<u64>>,
    /// The thresholds of each place: the upper ends of the modes' intervals in [0, 1), but for the last mode.
    thresholds: Vec<Lanes<f64>>,
    logs: Vec<f64>,
    /// The thresholds of a prompt that has another cluster in each lane.
    gathered: Vec<Lanes<f64>>,
}

impl Known {
    /// The thresholds of the cluster of each lane.
    fn thresholds(&mut self, world: &Clusters, first: u64, clusters: &Lanes<u32>) -> &[Lanes<f64>] {
        if self.first != first {
            self.first = first;
            self.clusters.fill([0; LANES]);
        }
        let (places, rows) = (world.remembered() as u32, self.gathered.len());
        for (l, &cluster) in clusters.iter().enumerate() {
            self.meet(world, cluster, (cluster % places) as usize, l);
        }
        let of = |cluster: u32| &self.thresholds[(cluster % places) as usize * rows..][..rows];
        if clusters.iter().all(|cluster| *cluster == clusters[0]) {
            return of(clusters[0]);
        }
        for (l, &cluster) in clusters.iter().enumerate() {
            for (out, own) in self.gathered.iter_mut().zip(of(cluster)) {
                out[l] = own[l];
            }
        }
        &self.gathered
    }

    /// Draws a cluster unless its place holds it.
    fn meet(&mut self, world: &Clusters, cluster: u32, place: usize, l: usize) {
        if self.clusters.len() <= place {
            self.clusters.resize(place + 1, [0; LANES]);
            self.thresholds.resize((place + 1) * self.gathered.len(), [0.0; LANES]);
        }
        let held = u64::from(cluster) + 1;
        if self.clusters[place][l] != held {
            self.clusters[place][l] = held;
            self.draw(world, cluster, place, l);
        }
    }

    /// Draws a cluster: Dirichlet weights are gamma variates over their sum, here relative to the largest, so that not all underflow.
    fn draw(&mut self, world: &Clusters, cluster: u32, place: usize, l: usize) {
        let mut stream = self.streams.stream(self.first + l as u64, cluster);
        for (log, weight) in self.logs.iter_mut().zip(world.mean()) {
            *log = ln_gamma_variate(world.between * weight, &mut stream);
        }
        let largest = self.logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.logs.iter_mut().for_each(|log| *log = exp(*log - largest));
        let total: f64 = self.logs.iter().sum();
        let (mut below, rows) = (0.0, self.logs.len() - 1);
        for (row, weight) in self.thresholds[place * rows..].iter_mut().zip(&self.logs[..rows]) {
            below += weight;
            row[l] = below / total;
        }
    }
}

/// What an urn of this concentration makes of a uniform: where in [0, 1) a fresh response lies, or -1 - i where it is that of response i.
fn plan(concentration: f64, uniforms: &mut [Lanes<f64>]) {
    for (j, row) in uniforms.iter_mut().enumerate() {
        for u in row {
            let position = *u * (concentration + j as f64);
            *u = if position < concentration {
                position / concentration
            } else {
                // Rounding may lead past the last.
                -1.0 - f64::min((position - concentration).floor(), j as f64 - 1.0)
            };
        }
    }
}

/// Follows the copies of a plan.
fn copy(planned: &[Lanes<f64>], rows: &mut [Lanes<u16>]) {
    for (j, row) in planned.iter().enumerate() {
        for l in 0..LANES {
            if row[l] < 0.0 {
                rows[j][l] = rows[(-1.0 - row[l]) as usize][l];
            }
        }
    }
}

/// 2^52: what is added to it stands in the low bits.
const UNIT_IN_LAST_PLACE: f64 = 4_503_599_627_370_496.0;

/// Up to this many thresholds all are compared, in lanes; more are searched.
const COMPARED: usize = 32;

dispatch!(
    /// The mode whose interval holds each position: how many thresholds do not lie above it.
    mod find = find_kernel(thresholds: &[Lanes<f64>], positions: &[Lanes<f64>], out: &mut [Lanes<u16>])
);

#[inline(always)]
fn find_kernel(thresholds: &[Lanes<f64>], positions: &[Lanes<f64>], out: &mut [Lanes<u16>]) {
    if thresholds.len() > COMPARED {
        for (position, out) in positions.iter().zip(out) {
            for l in 0..LANES {
                // Fits because there are at most `MOST_MODES` modes.
                out[l] = thresholds.partition_point(|row| row[l] <= position[l]) as u16;
            }
        }
        return;
    }
    for (position, out) in positions.iter().zip(out) {
        // Counted in doubles, whose order of addition is kept: integers would be vectors of thresholds, with lanes gathered at the end.
        let mut passed = [UNIT_IN_LAST_PLACE; LANES];
        for row in thresholds {
            for l in 0..LANES {
                passed[l] += if row[l] <= position[l] { 1.0 } else { 0.0 };
            }
        }
        for l in 0..LANES {
            out[l] = passed[l].to_bits() as u16;
        }
    }
}
