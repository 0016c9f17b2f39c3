//! Prefixes of prompts and responses, and the independence of streams.

use mode_lottery::numerics::stream::{Purpose, Streams};
use mode_lottery::theory::redundancy::Clustering;
use mode_lottery::world::{BaseWeights, Clusters, Copies, Dirichlet, Mixed, World};
use std::collections::HashSet;

fn worlds() -> Vec<Box<dyn World>> {
    let of = |modes| Dirichlet::new(BaseWeights::geometric(modes, 0.9).unwrap(), 3.0);
    vec![
        Box::new(of(8)),
        Box::new(of(60)),
        Box::new(Copies::new(of(8), 0.4)),
        Box::new(Copies::new(of(60), 0.4)),
        Box::new(Mixed::new(of(8), 0.5, 0.3)),
        Box::new(Mixed::new(of(60), 16.0, 0.7)),
        // Of 64 prompts no two share a cluster.
        Box::new(clusters(8, Clustering::Balanced(64))),
    ]
}

fn clusters(modes: usize, clustering: Clustering) -> Clusters {
    Clusters::new(BaseWeights::geometric(modes, 0.9).unwrap(), 3.0, 5.0, clustering)
}

/// Those, and worlds of which prompts and replicates have clusters in common.
fn all_worlds() -> Vec<Box<dyn World>> {
    let mut all = worlds();
    for clustering in [Clustering::Balanced(3), Clustering::Random(4), Clustering::OfSize(5)] {
        all.push(Box::new(clusters(8, clustering)));
        all.push(Box::new(clusters(60, clustering)));
    }
    all
}

#[test]
fn a_shallower_draw_is_a_prefix_of_a_deeper_one_whatever_was_drawn_before() {
    for world in all_worlds() {
        let streams = Streams::new("prefix");
        let mut deep = world.sampler(&streams, 64);
        let mut other = world.sampler(&streams, 200);
        for (first, prompt) in [(0, 0), (8, 0), (0, 1), (1 << 33, 7), (0, u32::MAX)] {
            let whole = deep.draw(first, prompt, 64).to_vec();
            for depth in [1, 2, 3, 17, 63, 64] {
                // The other sampler has more room, and something else in its scratch.
                other.draw(first + 800, prompt ^ 5, 100 + depth);
                assert_eq!(
                    other.draw(first, prompt, depth),
                    &whole[..depth],
                    "{world:?} at {depth}"
                );
            }
        }
    }
}

#[test]
fn a_prompt_is_the_same_whether_or_not_others_are_drawn() {
    for world in all_worlds() {
        let streams = Streams::new("prompts");
        let mut sampler = world.sampler(&streams, 5);
        let forward: Vec<_> = (0..20).map(|p| sampler.draw(16, p, 5).to_vec()).collect();
        for prompt in [19, 3, 0] {
            assert_eq!(sampler.draw(16, prompt, 5), forward[prompt as usize]);
        }
    }
}

/// A replicate is what it is in any lane.
#[test]
fn a_replicate_does_not_know_its_lane() {
    for world in all_worlds() {
        let streams = Streams::new("lanes");
        let mut sampler = world.sampler(&streams, 9);
        let rows = sampler.draw(8, 2, 9).to_vec();
        for shift in 1..8 {
            let shifted = sampler.draw(8 + shift, 2, 9);
            for (row, shifted) in rows.iter().zip(shifted) {
                assert_eq!(row[shift as usize..], shifted[..8 - shift as usize]);
            }
        }
    }
}

/// Standard errors of a correlation that is 0: z = r sqrt(n).
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut n, mut sum) = (0.0_f64, 0.0);
    for (a, b) in pairs {
        n += 1.0;
        // Uniforms have variance 1/12.
        sum += 12.0 * (a - 0.5) * (b - 0.5);
    }
    sum / n.sqrt()
}

const REPLICATES: u64 = 500;
const ITEMS: u32 = 40;
const DRAWS: usize = 10;

fn uniforms(purpose: Purpose, replicate: u64, item: u32) -> Vec<f64> {
    let mut stream = purpose.stream(replicate, item);
    (0..DRAWS).map(|_| stream.uniform()).collect()
}

/// The correlation of each stream with the one that `other` names, over 200,000 draws.
fn against(other: impl Fn(u64, u32) -> (Purpose, u64, u32)) -> f64 {
    let own = Streams::new("streams").purpose("a");
    let cells = (0..REPLICATES).flat_map(|r| (0..ITEMS).map(move |i| (r, i)));
    correlation(cells.flat_map(|(replicate, item)| {
        let (purpose, r, i) = other(replicate, item);
        uniforms(own, replicate, item)
            .into_iter()
            .zip(uniforms(purpose, r, i))
            .collect::<Vec<_>>()
    }))
}

/// Each of the seven has a false alarm of 6e-7 at five standard errors. The control: the same stream in one of a hundred
/// cells is noticed (0.01 sqrt(200,000) = 4.5 standard errors from nothing, five percent 22).
#[test]
fn streams_of_other_replicates_prompts_purposes_and_scenarios_are_uncorrelated() {
    let a = Streams::new("streams").purpose("a");
    let b = Streams::new("streams").purpose("b");
    let elsewhere = Streams::new("streams2").purpose("a");
    let cases = [
        ("next replicate", against(|r, i| (a, r + 1, i))),
        ("replicate eight on", against(|r, i| (a, r + 8, i))),
        ("next prompt", against(|r, i| (a, r, i + 1))),
        (
            "replicate and prompt exchanged",
            against(|r, i| (a, u64::from(i) + 1000, r as u32)),
        ),
        ("high half of the replicate", against(|r, i| (a, r | 1 << 32, i))),
        ("another purpose", against(|r, i| (b, r, i))),
        ("another scenario", against(|r, i| (elsewhere, r, i))),
    ];
    for (what, z) in cases {
        println!("{what}: {z:.2} standard errors");
        assert!(z.abs() < 5.0, "{what}: {z}");
    }
    let leaking = against(|r, i| if r % 20 == 0 { (a, r, i) } else { (a, r + 1, i) });
    assert!(leaking > 5.0, "a leak of 5% must show: {leaking}");
}

/// Responses of neighbouring replicates and prompts, and not only their uniforms: 5 standard errors, as above.
#[test]
fn responses_of_other_replicates_and_prompts_are_uncorrelated() {
    for world in worlds() {
        let mut sampler = world.sampler(&Streams::new("responses"), 1);
        let low = world.mean().iter().take(world.mean().len() / 2).sum::<f64>();
        let limit = (world.mean().len() / 2) as u16;
        // The indicator of the lower modes, standardised.
        let mut scores = vec![[0.0; 64]; 8000];
        for (set, chunk) in scores.chunks_mut(8).enumerate() {
            for prompt in 0..64 {
                let row = sampler.draw(8 * set as u64, prompt, 1)[0];
                for (scores, mode) in chunk.iter_mut().zip(row) {
                    let hit = f64::from(u8::from(mode < limit));
                    scores[prompt as usize] = (hit - low) / (low * (1.0 - low)).sqrt();
                }
            }
        }
        let mut across = [0.0, 0.0];
        for pair in scores.windows(2) {
            for i in 0..63 {
                across[0] += pair[0][i] * pair[1][i];
                across[1] += pair[0][i] * pair[0][i + 1];
            }
        }
        for z in across.map(|sum| sum / (7999.0_f64 * 63.0).sqrt()) {
            assert!(z.abs() < 5.0, "{world:?}: {z}");
        }
    }
}

/// A million words of 64 bits: two equal ones have probability 3e-8.
#[test]
fn no_word_appears_in_two_streams() {
    let streams = Streams::new("words");
    let mut seen = HashSet::new();
    for name in ["a", "b", "ab", "ba", ""] {
        let purpose = streams.purpose(name);
        for replicate in 0..500 {
            for item in 0..40 {
                let mut stream = purpose.stream(replicate, item);
                for _ in 0..10 {
                    assert!(seen.insert(stream.word()), "{name} {replicate} {item}");
                }
            }
        }
    }
}
