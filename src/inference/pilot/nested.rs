//! Owns the variance components of prompts that come in clusters, such as sources or topics.
//!
//! # Model
//!
//! y = mean + cluster + prompt + response, with variances V_c, V_x within clusters, and V_y|x. k_cp responses of prompt p in cluster c,
//! T_c = sum_p k_cp, T = sum T_c, C clusters, P prompts. Nested analysis of variance of unbalanced data, with the expected sums of squares
//! (Searle, Casella and McCulloch 1992, section 5.2; here for traces):
//!
//! ```text
//! E SS_response = (T-P) V_y
//! E SS_prompt   = (P-C) V_y + (T - sum_c s_c/T_c) V_x                              s_c = sum_p k_cp^2
//! E SS_cluster  = (C-1) V_y + (sum_c s_c/T_c - sum_c s_c/T) V_x + (T - sum_c T_c^2/T) V_c
//! ```
//!
//! Solved from above to below, which is unbiased; V_x and V_c may come out below 0. Errors by leaving out clusters.

use super::super::estimate::Estimate;
use super::super::jackknife::Joint;
use super::group::{Group, Whole};
use super::responses::Refusal;

/// The three components, each with the jackknife's error over clusters, in squared units of the responses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nested {
    /// V_c: between clusters.
    pub cluster: Estimate,
    /// V_x: between prompts of a cluster.
    pub prompt: Estimate,
    /// V_y|x: between responses of a prompt.
    pub response: Estimate,
    /// C.
    pub clusters: u64,
}

/// Sums over clusters.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    clusters: f64,
    prompts: f64,
    responses: f64,
    squares: f64,
    /// Sum of s_c/T_c, and of T_c^2.
    shares: f64,
    cluster_squares: f64,
    within: f64,
    /// Squares of prompts about their clusters, and of clusters about the mean.
    of_prompts: f64,
    of_clusters: f64,
}

impl Sums {
    /// Adds a cluster `times` times; `moved` are the squares of clusters that come with it.
    fn change(&mut self, cluster: &Group, times: f64, moved: f64) {
        let own = cluster.responses as f64;
        self.clusters += times;
        self.prompts += times * cluster.prompts as f64;
        self.responses += times * own;
        self.squares += times * cluster.squares;
        self.shares += times * cluster.squares / own;
        self.cluster_squares += times * own * own;
        self.within += times * cluster.within;
        self.of_prompts += times * cluster.between();
        self.of_clusters += times * moved;
    }

    /// V_c, V_x, V_y|x; NaN where the sums do not tell them.
    fn components(&self) -> [f64; 3] {
        let per = |sum: f64, coefficient: f64| if coefficient > 0.0 { sum / coefficient } else { f64::NAN };
        let all = self.responses;
        let response = per(self.within, all - self.prompts);
        // Rounding may leave a trace of what is 0, where no cluster has two prompts.
        let prompts = self.prompts - self.clusters;
        let left = if prompts > 0.0 { all - self.shares } else { 0.0 };
        let prompt = per(self.of_prompts - prompts * response, left);
        let less = (self.clusters - 1.0) * response + (self.shares - self.squares / all) * prompt;
        let left = if self.clusters > 1.0 {
            all - self.cluster_squares / all
        } else {
            0.0
        };
        [per(self.of_clusters - less, left), prompt, response]
    }
}

/// The components of these clusters, `prompts` being those of the pilot.
pub(super) fn of(clusters: &[&Group], prompts: u64) -> Result<Nested, Refusal> {
    let inside: u64 = clusters.iter().map(|cluster| cluster.prompts).sum();
    if inside < prompts && inside > 0 {
        let without = prompts - inside;
        return Err(Refusal::PartlyClustered { without, prompts });
    }
    let count = clusters.len() as u64;
    let too_few = Refusal::TooFewClusters {
        clusters: count,
        prompts: inside,
    };
    let whole = Whole::of(clusters.iter().copied()).ok_or(too_few)?;
    if count < 2 || inside == count {
        return Err(too_few);
    }
    let joint = jackknifed(&whole, clusters);
    match joint.values() {
        [.., response] if response.is_nan() => Err(Refusal::NoRepeats { prompts }),
        values if values.iter().any(|value| !value.is_finite()) => Err(Refusal::TooLarge),
        _ => Ok(Nested {
            cluster: joint.estimate(0),
            prompt: joint.estimate(1),
            response: joint.estimate(2),
            clusters: count,
        }),
    }
}

fn jackknifed(whole: &Whole, clusters: &[&Group]) -> Joint {
    let all = whole.responses as f64;
    let mut sums = Sums::default();
    let apart: Vec<f64> = clusters.iter().map(|cluster| whole.distance(cluster)).collect();
    for (cluster, apart) in clusters.iter().zip(&apart) {
        sums.change(cluster, 1.0, cluster.responses as f64 * apart);
    }
    let without = clusters.iter().zip(&apart).flat_map(|(cluster, apart)| {
        let own = cluster.responses as f64;
        let mut rest = sums;
        rest.change(cluster, -1.0, own * all / (all - own) * apart);
        rest.components()
    });
    // Clusters are the units, each counting once: weights by size would say that a large one is known better, which V_c denies.
    Joint::of(sums.components().to_vec(), without.collect(), &vec![1; clusters.len()])
}
