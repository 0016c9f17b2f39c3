//! The world of redundant prompts against its exact law: tuples of responses to prompts of one cluster.

use super::check::{fit, index, ordered, tuples};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::theory::redundancy::Clustering;
use mode_lottery::world::{BaseWeights, Clusters, ModeTruth, World};

const BASE: [f64; 3] = [0.5, 0.3, 0.2];
const SETS: u64 = 15_000;

fn world(between: f64, within: f64, clustering: Clustering) -> Clusters {
    Clusters::new(BaseWeights::listed(&BASE).unwrap(), between, within, clustering)
}

/// Two responses to prompt 0 and one to prompt 1, of 8 replicates each time.
fn counts(world: &dyn World) -> Vec<u64> {
    let mut sampler = world.sampler(&Streams::new("clusters"), 2);
    let mut counts = vec![0; 27];
    for set in 0..SETS {
        let first = sampler.draw(8 * set, 0, 2).to_vec();
        let second = sampler.draw(8 * set, 1, 1)[0];
        for lane in 0..8 {
            counts[index(&[first[0][lane], first[1][lane], second[lane]], 3)] += 1;
        }
    }
    counts
}

/// Their law where both prompts have one cluster: with c the cluster's distribution, E c_1 (alpha_w c_2 + [1 = 2]) c_3/(alpha_w + 1).
fn together(between: f64, within: f64) -> Vec<f64> {
    let law = |t: Vec<u16>| {
        let fresh = ordered(between, &BASE, &t);
        let copied = if t[0] == t[1] {
            ordered(between, &BASE, &[t[0], t[2]])
        } else {
            0.0
        };
        let share = 1.0 / (within + 1.0);
        (1.0 - share) * fresh + share * copied
    };
    tuples(3, 3).map(law).collect()
}

/// The same where they have two.
fn apart(between: f64, within: f64) -> Vec<f64> {
    let law = |t: Vec<u16>| {
        let share = 1.0 / (within + 1.0);
        let copied = if t[0] == t[1] { BASE[usize::from(t[0])] } else { 0.0 };
        ((1.0 - share) * ordered(between, &BASE, &t[..2]) + share * copied) * BASE[usize::from(t[2])]
    };
    tuples(3, 3).map(law).collect()
}

fn mixed(share: f64, between: f64, within: f64) -> Vec<f64> {
    let pairs = together(between, within).into_iter().zip(apart(between, within));
    pairs.map(|(own, other)| share * own + (1.0 - share) * other).collect()
}

#[test]
fn responses_to_prompts_of_one_cluster_follow_the_nested_law() {
    for between in [0.3, 2.0, 16.0] {
        for within in [0.5, 4.0, f64::INFINITY] {
            for (clustering, share) in [
                (Clustering::OfSize(2), 1.0),
                (Clustering::Balanced(1), 1.0),
                (Clustering::Balanced(2), 0.0),
                (Clustering::Random(4), 0.25),
            ] {
                let counts = counts(&world(between, within, clustering));
                let what = format!("{between} {within} {clustering:?}");
                fit(&counts, &mixed(share, between, within)).must_hold(&what);
                // Where clusters hardly differ, so do these laws.
                if between < 10.0 {
                    fit(&counts, &mixed(share + 0.12, between, within)).must_fail(&what);
                }
            }
        }
    }
    let near = counts(&world(2.0, 4.0, Clustering::OfSize(2)));
    fit(&near, &mixed(1.0, 2.0, f64::INFINITY)).must_fail("near duplicates taken for exact ones");
    fit(&near, &mixed(1.0, 2.0, 3.4)).must_fail("alpha_w = 4 taken for 3.4");
    fit(&near, &mixed(1.0, 2.4, 4.0)).must_fail("alpha_b = 2 taken for 2.4");
}

/// V_x, V_{y|x} and V_b, from the law of two responses to one prompt and of two to two of one cluster.
#[test]
fn components_are_those_of_the_law_of_pairs() {
    for (between, within) in [(0.5, 2.0), (4.0, 8.0), (3.0, f64::INFINITY)] {
        let (world, law) = (world(between, within, Clustering::OfSize(2)), together(between, within));
        for (mode, parts) in world.mode_components().iter().enumerate() {
            let both = |a: usize, b: usize| -> f64 {
                let hit = |t: &Vec<u16>| usize::from(t[a]) == mode && usize::from(t[b]) == mode;
                tuples(3, 3).zip(&law).filter(|(t, _)| hit(t)).map(|(_, p)| p).sum()
            };
            let p = BASE[mode];
            let (of_prompts, of_clusters) = (both(0, 1) - p * p, both(0, 2) - p * p);
            assert!((parts.prompt / of_prompts - 1.0).abs() < 1e-12, "V_x");
            assert!(
                (parts.response / (p * (1.0 - p) - of_prompts) - 1.0).abs() < 1e-12,
                "V_y"
            );
            // Two prompts of one cluster: 1 + V_b/V_x.
            let effect = 1.0 + of_clusters / of_prompts;
            assert!((world.prompt_design_effect(2) / effect - 1.0).abs() < 1e-12, "V_b");
            assert_eq!(world.prompt_design_effect(1), 1.0);
        }
    }
}

/// The mean share of 3 prompts in 2 clusters, two responses each: its variance against the law, by replicates. The relative standard
/// error of a variance over 120,000 is below 1%, and the law that counts copies as prompts is 20% off.
#[test]
fn the_variance_of_a_data_set_is_that_of_three_stages() {
    for clustering in [Clustering::Balanced(2), Clustering::Random(2), Clustering::OfSize(2)] {
        let world = world(2.0, 6.0, clustering);
        let mut sampler = world.sampler(&Streams::new("variance"), 2);
        let mut sum = 0.0;
        for set in 0..SETS {
            let mut share = [0.0; 8];
            for prompt in 0..3 {
                for row in sampler.draw(8 * set, prompt, 2) {
                    for lane in 0..8 {
                        share[lane] += f64::from(u8::from(row[lane] == 0)) / 6.0;
                    }
                }
            }
            sum += share
                .iter()
                .map(|share| (share - BASE[0]) * (share - BASE[0]))
                .sum::<f64>();
        }
        let (found, own) = (sum / (8.0 * SETS as f64), world.mode_components()[0]);
        let ratio = found / world.variance(&own, 3, 2);
        assert!((ratio - 1.0).abs() < 0.03, "{clustering:?}: {ratio}");
        assert!(found / own.law(3, 2) > 1.06, "copies counted as prompts");
    }
}

/// Weights of clusters that differ beyond the range of doubles, and prompts that have one answer.
#[test]
fn concentrations_at_the_ends_draw_responses() {
    for (between, within) in [(1e-300, 1e-300), (1e-9, f64::INFINITY), (1e300, 1e300), (1e300, 1e-300)] {
        let world = world(between, within, Clustering::OfSize(1));
        let mut sampler = world.sampler(&Streams::new("ends"), 40);
        let mut first = [0_u64; 3];
        for prompt in 0..4_000 {
            let rows = sampler.draw(0, prompt, 40);
            for lane in 0..8 {
                first[usize::from(rows[0][lane])] += 1;
                let alike = rows.iter().all(|row| row[lane] == rows[0][lane]);
                assert_eq!(alike, between < 1.0 || within < 1.0, "{between} {within}");
            }
        }
        fit(&first, &BASE).must_hold(&format!("{between} {within}"));
    }
}
