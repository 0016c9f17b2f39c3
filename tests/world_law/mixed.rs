//! The mixed world against its exact law: tuples of responses, and its components by enumeration of pairs.

use super::check::{draw, fit, index, ordered, tuples};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::world::{BaseWeights, Dirichlet, Mixed, ModeTruth, World};

const PROMPTS: u32 = 50;
const SETS: u64 = 500;
const BASE: [f64; 3] = [0.5, 0.3, 0.2];

fn dirichlet(alpha: f64) -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(&BASE).unwrap(), alpha)
}

fn counts(world: &dyn World, depth: usize) -> Vec<u64> {
    let mut counts = vec![0; 3_usize.pow(depth as u32)];
    draw(world, "mixed", PROMPTS, SETS, depth, |tuple| {
        counts[index(tuple, 3)] += 1
    });
    counts
}

/// The law of an ordered tuple: of the mean over the two kinds of prompts.
fn law(alpha: f64, other: f64, share: f64, depth: usize) -> Vec<f64> {
    let of_tuple = |t: Vec<u16>| (1.0 - share) * ordered(alpha, &BASE, &t) + share * ordered(other, &BASE, &t);
    tuples(3, depth).map(of_tuple).collect()
}

#[test]
fn ordered_responses_follow_the_law_of_two_kinds_of_prompts() {
    for (alpha, other) in [(0.3, 16.0), (16.0, 1.0), (4.0, 4.0)] {
        for share in [0.0, 0.3, 1.0] {
            let world = Mixed::new(dirichlet(alpha), other, share);
            let what = format!("{alpha} and {other}, share {share}");
            fit(&counts(&world, 4), &law(alpha, other, share, 4)).must_hold(&what);
        }
    }
    let found = counts(&Mixed::new(dirichlet(0.3), 16.0, 0.3), 4);
    fit(&found, &law(0.3, 16.0, 0.33, 4)).must_fail("a share of .3 taken for .33");
    fit(&found, &law(16.0, 0.3, 0.3, 4)).must_fail("one kind taken for the other");
    // The Dirichlet law with the same V_x has the same pairs, and other fours: what a single law gets wrong.
    let icc = 0.7 / 1.3 + 0.3 / 17.0;
    let alpha = 1.0 / icc - 1.0;
    fit(&found, &law(alpha, alpha, 0.0, 4)).must_fail("a single Dirichlet law");
    let pairs = counts(&Mixed::new(dirichlet(0.3), 16.0, 0.3), 2);
    fit(&pairs, &law(alpha, alpha, 0.0, 2)).must_hold("of two responses it is that law");
}

/// Were each response of a kind of its own, the law of single responses would be the same and that of pairs would not.
#[test]
fn all_responses_of_a_prompt_are_of_its_kind() {
    let found = counts(&Mixed::new(dirichlet(0.3), 16.0, 0.5), 2);
    let (one, other) = (law(0.3, 1.0, 0.0, 2), law(16.0, 1.0, 0.0, 2));
    // Two of one kind in half of the cases; two of different kinds are independent.
    let apart: Vec<f64> = tuples(3, 2)
        .zip(one.iter().zip(&other))
        .map(|(t, (one, other))| 0.25 * (one + other) + 0.5 * t.iter().map(|y| BASE[usize::from(*y)]).product::<f64>())
        .collect();
    fit(&found, &apart).must_fail("a kind for each response");
}

/// Cov(1[y = m], 1[y' = m]) of two responses is V_x of mode m, and what is left of its variance V_{y|x}: by enumeration of all pairs.
#[test]
fn components_are_those_of_the_law_of_pairs() {
    for (alpha, other, share) in [(0.5, 16.0, 0.5), (4.0, 1.0, 0.2), (64.0, 2.0, 0.05)] {
        let world = Mixed::new(dirichlet(alpha), other, share);
        let pairs = law(alpha, other, share, 2);
        for (mode, own) in world.mode_components().iter().enumerate() {
            let prompt = pairs[4 * mode] - BASE[mode] * BASE[mode];
            let response = BASE[mode] - pairs[4 * mode];
            assert!(
                (own.prompt / prompt - 1.0).abs() < 1e-13,
                "{alpha} {other} {share} {mode}: {own:?} {prompt}"
            );
            assert!(
                (own.response / response - 1.0).abs() < 1e-13,
                "{alpha} {other} {share} {mode}: {own:?} {response}"
            );
        }
        // The same of a statistic with values, over all pairs.
        let values = [1.0, -0.5, 3.0];
        let mean: f64 = BASE.iter().zip(values).map(|(p, v)| p * v).sum();
        let of_pair = |(t, p): (Vec<u16>, &f64)| p * t.iter().map(|y| values[usize::from(*y)] - mean).product::<f64>();
        let prompt: f64 = tuples(3, 2).zip(&pairs).map(of_pair).sum();
        let own = world.components(&values);
        assert!((own.prompt / prompt - 1.0).abs() < 1e-12, "{own:?} {prompt}");
        let total: f64 = BASE.iter().zip(values).map(|(p, v)| p * (v - mean) * (v - mean)).sum();
        assert!(
            ((own.prompt + own.response) / total - 1.0).abs() < 1e-14,
            "{own:?} {total}"
        );
    }
}

/// Modes that no response has, by enumeration of all tuples of two prompts with two responses each.
#[test]
fn missing_modes_are_those_of_all_tuples() {
    let (alpha, other, share) = (0.5, 8.0, 0.4);
    let world = Mixed::new(dirichlet(alpha), other, share);
    let own = law(alpha, other, share, 2);
    let all: Vec<(Vec<u16>, f64)> = tuples(3, 2).zip(own).collect();
    let (mut missing, mut seen) = (0.0, 0.0);
    for (one, p) in &all {
        for (two, q) in &all {
            let has = |mode: u16| one.contains(&mode) || two.contains(&mode);
            let modes = (0..3).filter(|mode| has(*mode)).count();
            missing += if modes < 3 { p * q } else { 0.0 };
            seen += p * q * modes as f64;
        }
    }
    let found = (world.missing_mode_share(2, 2).unwrap(), world.modes_seen(2, 2).unwrap());
    assert!((found.0 - missing).abs() < 1e-14, "{found:?} {missing}");
    assert!((found.1 - seen).abs() < 1e-14, "{found:?} {seen}");
}

/// With prompts of one kind only, draws have the bits of that Dirichlet world, and with others they have not.
#[test]
fn prompts_of_one_kind_are_those_of_the_dirichlet_world() {
    let rows = |world: &dyn World| {
        let mut sampler = world.sampler(&Streams::new("one kind"), 12);
        (0..40)
            .flat_map(|prompt| sampler.draw(0, prompt, 12).to_vec())
            .collect::<Vec<_>>()
    };
    let of = |share| rows(&Mixed::new(dirichlet(2.0), 0.1, share));
    assert_eq!(of(0.0), rows(&dirichlet(2.0)));
    assert_eq!(of(1.0), rows(&dirichlet(0.1)));
    assert_ne!(of(0.5), of(0.0));
    let entropy = |share| Mixed::new(dirichlet(2.0), 0.1, share).conditional_entropy().unwrap();
    let ends = [2.0, 0.1].map(|alpha| dirichlet(alpha).conditional_entropy().unwrap());
    assert!((entropy(0.25) - (0.75 * ends[0] + 0.25 * ends[1])).abs() < 1e-15);
}
