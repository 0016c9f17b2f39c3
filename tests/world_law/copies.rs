//! The copies world against its exact law.

use super::check::{draw, fit, index, ordered, same_law, tuples};
use mode_lottery::world::{BaseWeights, Copies, Dirichlet, ModeTruth, World};

const PROMPTS: u32 = 50;
const SETS: u64 = 500;

fn dirichlet(base: &[f64], alpha: f64) -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(base).unwrap(), alpha)
}

fn ordered_counts(world: &dyn World, depth: usize) -> Vec<u64> {
    seeded_counts(world, "copies", depth)
}

fn seeded_counts(world: &dyn World, seed: &str, depth: usize) -> Vec<u64> {
    let modes = world.mean().len();
    let mut counts = vec![0; modes.pow(depth as u32)];
    draw(world, seed, PROMPTS, SETS, depth, |tuple| {
        counts[index(tuple, modes)] += 1
    });
    counts
}

/// The law of an ordered tuple: over every set of copies, and every value of the common draw, the law of the common
/// draw (if anyone copies it) and the own draws together.
fn law(base: &[f64], alpha: f64, c: f64, depth: usize) -> Vec<f64> {
    let of_tuple = |tuple: Vec<u16>| -> f64 {
        let of_copies = |copies: u32| {
            let copied = |j: usize| copies >> j & 1 == 1;
            let weight: f64 = (0..depth).map(|j| if copied(j) { c } else { 1.0 - c }).product();
            let mut draws: Vec<u16> = (0..depth).filter(|&j| !copied(j)).map(|j| tuple[j]).collect();
            let mut common: Vec<u16> = (0..depth).filter(|&j| copied(j)).map(|j| tuple[j]).collect();
            common.dedup();
            if common.len() > 1 {
                return 0.0;
            }
            draws.extend(common);
            weight * ordered(alpha, base, &draws)
        };
        (0..1 << depth).map(of_copies).sum()
    };
    tuples(base.len(), depth).map(of_tuple).collect()
}

#[test]
fn ordered_responses_follow_the_law_of_copies() {
    let base = [0.5, 0.3, 0.2];
    for alpha in [0.05, 1.0, 8.0] {
        for c in [0.0, 0.25, 0.5, 0.9] {
            let counts = ordered_counts(&Copies::new(dirichlet(&base, alpha), c), 4);
            fit(&counts, &law(&base, alpha, c, 4)).must_hold(&format!("copies {c} alpha {alpha}"));
        }
    }
    let counts = ordered_counts(&Copies::new(dirichlet(&base, 8.0), 0.5), 4);
    fit(&counts, &law(&base, 8.0, 0.47, 4)).must_fail("c = 0.5 taken for 0.47");
    // Were the common draw one of the four itself, as if response 0 were copied, this is what came out.
    let first_copied = |base: &[f64]| -> Vec<f64> {
        let c = 0.5;
        let pairs = tuples(3, 2).map(|t| {
            let apart = ordered(8.0, base, &t);
            let same = if t[0] == t[1] { base[usize::from(t[0])] } else { 0.0 };
            c * same + (1.0 - c) * apart
        });
        pairs.collect()
    };
    let counts = ordered_counts(&Copies::new(dirichlet(&base, 8.0), 0.5), 2);
    fit(&counts, &first_copied(&base)).must_fail("copies of the first response");
}

/// Two modes of weight 1/2, alpha = 1, c = 1/2, by hand. Without copies, two responses are equal with probability
/// (1/2 + 1)/(1 + 1) = 3/4, three with (1/2 + 1)(1/2 + 2)/((1 + 1)(1 + 2)) = 5/8. With copies, K = 2: both are copies
/// with c^2 = 1/4 and are equal then, else 3/4: 1/4 + 3/4 * 3/4 = 13/16. K = 3: no copy or one (probability 1/2) leaves
/// three draws, two copies (3/8) leave two, three copies (1/8) one: 1/2 * 5/8 + 3/8 * 3/4 + 1/8 = 23/32.
#[test]
fn all_responses_are_equal_as_often_as_a_hand_calculation_says() {
    let world = Copies::new(dirichlet(&[0.5, 0.5], 1.0), 0.5);
    for (depth, share) in [(2, 13.0 / 16.0), (3, 23.0 / 32.0)] {
        let (mut equal, mut all) = (0, 0);
        draw(&world, "hand", PROMPTS, SETS, depth, |tuple| {
            equal += u64::from(tuple.iter().all(|y| *y == tuple[0]));
            all += 1;
        });
        fit(&[equal, all - equal], &[share, 1.0 - share]).must_hold(&format!("all equal, K {depth}"));
    }
}

/// Cov(1[y = m], 1[y' = m]) over prompts is V_x + r V_{y|x} with r = c^2. Under the binomial law of pairs its standard
/// error is at most 1/sqrt(n): five of them give a false alarm of 6e-7 per mode.
#[test]
fn two_responses_have_correlation_c_squared_given_the_prompt() {
    let base = [0.5, 0.3, 0.2];
    for c in [0.3, 0.7] {
        let world = Copies::new(dirichlet(&base, 4.0), c);
        let counts = ordered_counts(&world, 2);
        let n = counts.iter().sum::<u64>() as f64;
        for (mode, components) in world.mode_components().iter().enumerate() {
            let both = counts[4 * mode] as f64 / n;
            let r = ((both - base[mode] * base[mode]) - components.prompt) / components.response;
            let error = (both * (1.0 - both) / n).sqrt() / components.response;
            println!("c {c} mode {mode}: r {r:.4} +- {error:.4}");
            assert!(
                (r - world.response_correlation()).abs() < 5.0 * error,
                "{c} {mode}: {r} +- {error}"
            );
            assert!((r - c).abs() > 5.0 * error, "r = c would not be noticed");
        }
        assert_eq!(world.response_correlation(), c * c);
    }
}

#[test]
fn without_copies_the_law_is_that_of_the_dirichlet_world_and_with_copies_only_all_are_equal() {
    let base = [0.5, 0.3, 0.2];
    let plain = dirichlet(&base, 2.0);
    // A seed of its own: both worlds start from the same urn, and the test needs independent samples.
    let counts = seeded_counts(&plain, "plain", 4);
    same_law(&counts, &ordered_counts(&Copies::new(plain.clone(), 0.0), 4)).must_hold("c = 0");
    same_law(&counts, &ordered_counts(&Copies::new(plain.clone(), 0.25), 4)).must_fail("c = 0.25 against c = 0");
    let mut first = vec![0; 3];
    draw(&Copies::new(plain, 1.0), "only copies", PROMPTS, SETS, 5, |tuple| {
        assert!(tuple.iter().all(|y| *y == tuple[0]), "{tuple:?}");
        first[usize::from(tuple[0])] += 1;
    });
    fit(&first, &base).must_hold("the common draw");
}
