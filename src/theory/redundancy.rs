//! Owns the variance law of prompts that repeat each other: clusters above prompts, prompts above responses (Cochran 1977,
//! section 10.8; Kish 1965 for the design effect).
//!
//! Of V_x the part V_b lies between clusters and V_w between the prompts of one; V_w = 0 where these are exact duplicates. With n_c of
//! N_p prompts in cluster c, Var = V_b E sum_c (n_c/N_p)^2 + V_w/N_p + V_{y|x}/(N_p K): the law with V_x times the design effect
//! 1 + (m - 1) V_b/V_x, m the expected number of prompts in the cluster of a random prompt.

/// Which prompts are in one cluster: clusters are drawn independently, and so is each prompt given its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clustering {
    /// So many clusters that take prompts by turns: prompt i is in cluster i mod C.
    Balanced(u32),
    /// So many clusters of which each prompt has a random one.
    Random(u32),
    /// Clusters of so many prompts each, as many as there is need of: prompt i is in cluster floor(i/rho).
    OfSize(u32),
}

impl Clustering {
    /// m: the expected number of prompts, among `prompts`, in the cluster of a random one of them, itself included.
    pub fn repeats(self, prompts: u64) -> f64 {
        let mean = |squares: f64| squares / prompts as f64;
        match self {
            Self::Balanced(clusters) => {
                let (size, larger) = (prompts / u64::from(clusters), prompts % u64::from(clusters));
                let (size, larger, all) = (size as f64, larger as f64, f64::from(clusters));
                mean(larger * (size + 1.0) * (size + 1.0) + (all - larger) * size * size)
            }
            Self::Random(clusters) => 1.0 + (prompts as f64 - 1.0) / f64::from(clusters),
            Self::OfSize(size) => {
                let (full, rest) = (prompts / u64::from(size), prompts % u64::from(size));
                let (size, rest) = (f64::from(size), rest as f64);
                mean(full as f64 * size * size + rest * rest)
            }
        }
    }

    /// What of m does not grow with the number of prompts, of many: V_x times the design effect of this is what further prompts
    /// divide, and the rest is a floor that stands whatever is bought.
    pub fn lasting_repeats(self) -> f64 {
        match self {
            Self::Balanced(_) => 0.0,
            Self::Random(clusters) => 1.0 - 1.0 / f64::from(clusters),
            Self::OfSize(size) => f64::from(size),
        }
    }
}

/// 1 + (m - 1) V_b/V_x, of m repeats and the `share` V_b/V_x of clusters in what differs between prompts.
pub fn design_effect(share: f64, repeats: f64) -> f64 {
    1.0 + (repeats - 1.0) * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::budget::Costs;
    use crate::theory::variance_law::Components;

    /// V_b, V_w and V_{y|x} of the nested Dirichlet, for V = 1.
    fn nested(between: f64, within: f64) -> [f64; 3] {
        let rest = between / (between + 1.0);
        let alike = 1.0 / (1.0 + 1.0 / within);
        [1.0 / (between + 1.0), rest / (within + 1.0), rest * alike]
    }

    fn components([vb, vw, vy]: [f64; 3], repeats: f64) -> Components {
        let plain = Components {
            prompt: vb + vw,
            response: vy,
        };
        plain.with_design_effect(design_effect(vb / (vb + vw), repeats))
    }

    /// The second route: the size of every cluster, one by one.
    fn by_hand(clustering: Clustering, prompts: u64) -> f64 {
        let mut sizes = std::collections::HashMap::new();
        for prompt in 0..prompts {
            let cluster = match clustering {
                Clustering::Balanced(clusters) => prompt % u64::from(clusters),
                Clustering::OfSize(size) => prompt / u64::from(size),
                Clustering::Random(_) => unreachable!("it has no sizes"),
            };
            *sizes.entry(cluster).or_insert(0_u64) += 1;
        }
        sizes.values().map(|n| (n * n) as f64).sum::<f64>() / prompts as f64
    }

    #[test]
    fn repeats_are_those_of_clusters_counted_one_by_one() {
        for prompts in [1, 2, 5, 7, 64, 100] {
            for size in [1, 2, 3, 7, 64, 200] {
                for clustering in [Clustering::Balanced(size), Clustering::OfSize(size)] {
                    let (found, right) = (clustering.repeats(prompts), by_hand(clustering, prompts));
                    assert!(
                        (found / right - 1.0).abs() < 1e-15,
                        "{clustering:?} {prompts}: {found} {right}"
                    );
                }
            }
        }
    }

    /// Every way in which 4 prompts can fall on 3 clusters, all as likely.
    #[test]
    fn repeats_of_random_clusters_are_the_mean_over_every_way_to_fall() {
        let mut sum = 0.0;
        for way in 0..81_usize {
            let mut sizes = [0.0; 3];
            (0..4).for_each(|prompt| sizes[way / 3_usize.pow(prompt) % 3] += 1.0);
            sum += sizes.iter().map(|n| n * n).sum::<f64>() / 4.0;
        }
        assert!((Clustering::Random(3).repeats(4) - sum / 81.0).abs() < 1e-14);
        assert!((Clustering::Random(3).repeats(4) - Clustering::Balanced(3).repeats(4)).abs() > 0.1);
    }

    /// Three-stage sampling, written out: the law with a design effect is V_b/C + V_w/N_p + V_{y|x}/(N_p K), and of random clusters
    /// V_b [1/C + (1 - 1/C)/N_p] in place of the first.
    #[test]
    fn the_law_is_that_of_three_stages() {
        for (between, within) in [(1.0, 2.0), (4.0, 8.0), (16.0, f64::INFINITY)] {
            let parts @ [vb, vw, vy] = nested(between, within);
            assert!((vb + vw + vy - 1.0).abs() < 1e-15);
            for (c, rho, k) in [(64.0, 1.0, 8), (64.0, 4.0, 1), (64.0, 16.0, 8)] {
                let np = c * rho;
                let law = |clustering: Clustering| components(parts, clustering.repeats(np as u64)).law(np as u64, k);
                let rest = vw / np + vy / (np * k as f64);
                for (found, first) in [
                    (law(Clustering::Balanced(64)), 1.0 / c),
                    (law(Clustering::OfSize(rho as u32)), 1.0 / c),
                    (law(Clustering::Random(64)), 1.0 / c + (1.0 - 1.0 / c) / np),
                ] {
                    assert!(
                        (found / (vb * first + rest) - 1.0).abs() < 1e-14,
                        "{between} {within} {rho} {k}"
                    );
                }
            }
        }
    }

    /// Exact duplicates: the gain of K over 1 is (rho + v)/(rho + v/K), a function of v/rho alone; the corners of the reference's map.
    #[test]
    fn the_gain_of_responses_depends_on_their_share_per_repeat_alone() {
        let gain = |v: f64, rho: f64| {
            let own = components(nested(v, f64::INFINITY), rho);
            own.law(1, 1) / own.law(1, 8)
        };
        for (v, rho, listed) in [
            (0.5, 1.0, 1.41),
            (64.0, 1.0, 7.22),
            (64.0, 64.0, 1.78),
            (0.5, 64.0, 1.01),
        ] {
            assert!((gain(v, rho) - listed).abs() < 5e-3, "{v} {rho}");
            assert!((gain(v, rho) / ((rho + v) / (rho + v / 8.0)) - 1.0).abs() < 1e-14);
            assert!((gain(v, rho) / gain(4.0 * v, 4.0 * rho) - 1.0).abs() < 1e-14);
            assert!((gain(v, rho) / gain(v, 4.0 * rho) - 1.0).abs() > 1e-3);
        }
    }

    /// K* with the size of clusters held fixed is sqrt(V_y/(rho V_b + V_w) C_p/C_r), with their number held fixed sqrt(V_y/V_w C_p/C_r):
    /// infinite for exact duplicates, of which a further one adds responses only. In clusters drawn at random there are always some
    /// without a second prompt.
    #[test]
    fn the_best_number_of_responses_depends_on_what_is_held_fixed() {
        let costs = Costs {
            prompt: 16.0,
            response: 1.0,
        };
        let best =
            |parts, clustering: Clustering| costs.best_responses(&components(parts, clustering.lasting_repeats()));
        let (near @ [vb, vw, vy], exact) = (nested(16.0, 4.0), nested(16.0, f64::INFINITY));
        for rho in [1_u32, 4, 16] {
            let right = (vy / (f64::from(rho) * vb + vw) * 16.0).sqrt();
            assert!((best(near, Clustering::OfSize(rho)) / right - 1.0).abs() < 1e-14);
            let right = 16.0 / f64::from(rho).sqrt();
            assert!((best(exact, Clustering::OfSize(rho)) / right - 1.0).abs() < 1e-14);
        }
        assert!(
            (best(near, Clustering::Balanced(64)) - 8.0).abs() < 1e-13,
            "sqrt(4 x 16)"
        );
        assert_eq!(best(exact, Clustering::Balanced(64)), f64::INFINITY);
        let right = (16.0 / (1.0 - 1.0 / 64.0) * 16.0_f64).sqrt();
        assert!((best(exact, Clustering::Random(64)) / right - 1.0).abs() < 1e-14);
    }

    /// What lasts is what is left of m when the part that grows with N_p is taken off, once there are many prompts.
    #[test]
    fn repeats_of_many_prompts_grow_in_proportion_but_for_what_lasts() {
        for (clustering, per_prompt) in [
            (Clustering::Balanced(10), 0.1),
            (Clustering::Random(10), 0.1),
            (Clustering::OfSize(10), 0.0),
        ] {
            let left = clustering.repeats(1_000_003) - per_prompt * 1_000_003.0;
            assert!(
                (left - clustering.lasting_repeats()).abs() < 1e-3,
                "{clustering:?}: {left}"
            );
        }
    }
}
