//! The Polya urn against the Dirichlet-multinomial law, and against Dirichlet prompts drawn with Gamma variables.

use super::check::{Fit, draw, fit, index, ordered, same_law, sorted_law, tuples};
use mode_lottery::numerics::stream::{Stream, Streams};
use mode_lottery::world::{BaseWeights, Dirichlet, World};
use rand_distr::{Distribution, Gamma};

const PROMPTS: u32 = 50;
const SETS: u64 = 500;

/// Weights that fall unevenly, so that no two neighbours could be swapped unnoticed.
fn base(modes: usize) -> Vec<f64> {
    let raw: Vec<f64> = (0..modes).map(|m| 1.0 + ((7 * m + 3) % 11) as f64).collect();
    let total: f64 = raw.iter().sum();
    raw.iter().map(|w| w / total).collect()
}

fn world(base: &[f64], alpha: f64) -> Dirichlet {
    Dirichlet::new(BaseWeights::listed(base).unwrap(), alpha)
}

/// Counts of sorted tuples, after `lump` has mapped modes to fewer groups.
fn sorted_counts(world: &dyn World, seed: &str, depth: usize, groups: usize, lump: impl Fn(u16) -> u16) -> Vec<u64> {
    let mut counts = vec![0; groups.pow(depth as u32)];
    draw(world, seed, PROMPTS, SETS, depth, |tuple| {
        tuple.iter_mut().for_each(|mode| *mode = lump(*mode));
        tuple.sort_unstable();
        counts[index(tuple, groups)] += 1;
    });
    counts
}

#[test]
fn counts_of_few_modes_follow_the_dirichlet_multinomial_law() {
    for (modes, depth) in [(2, 2), (2, 6), (3, 4), (8, 3), (24, 2), (25, 2)] {
        for alpha in [0.05, 1.0, 8.0, 500.0] {
            let base = base(modes);
            let counts = sorted_counts(&world(&base, alpha), "few", depth, modes, |m| m);
            fit(&counts, &sorted_law(alpha, &base, depth)).must_hold(&format!("M {modes} K {depth} alpha {alpha}"));
        }
    }
}

/// Lumped modes of a Dirichlet are Dirichlet with the lumped base. Stripes and ranges of modes are both lumped, so that
/// neither a shift by a few modes nor one by a whole range hides.
#[test]
fn lumped_counts_of_many_modes_follow_the_dirichlet_multinomial_law() {
    for modes in [26, 40, 1000] {
        let base = base(modes);
        let stripe = |m: u16| m % 3;
        let range = |m: u16| (usize::from(m) * 3 / modes) as u16;
        for lump in [&stripe as &dyn Fn(u16) -> u16, &range] {
            let mut lumped = vec![0.0; 3];
            for (mode, weight) in base.iter().enumerate() {
                lumped[usize::from(lump(mode as u16))] += weight;
            }
            for alpha in [0.05, 1.0, 8.0, 500.0] {
                let counts = sorted_counts(&world(&base, alpha), "many", 4, 3, lump);
                let what = format!("M {modes} lumped, K 4 alpha {alpha}");
                fit(&counts, &sorted_law(alpha, &lumped, 4)).must_hold(&what);
            }
        }
    }
}

#[test]
fn every_response_taken_alone_has_the_base_weights() {
    for modes in [8, 40, 1000] {
        let base = base(modes);
        let mut counts = vec![vec![0; modes]; 4];
        draw(&world(&base, 2.0), "alone", PROMPTS, SETS, 4, |tuple| {
            for (counts, &mode) in counts.iter_mut().zip(tuple.iter()) {
                counts[usize::from(mode)] += 1;
            }
        });
        for (j, counts) in counts.iter().enumerate() {
            fit(counts, &base).must_hold(&format!("M {modes}, response {j} alone"));
        }
    }
}

/// Tuples in the order drawn, of the first `depth` responses.
fn ordered_fit(base: &[f64], alpha: f64, depth: usize) -> Fit {
    let mut counts = vec![0; base.len().pow(depth as u32)];
    draw(&world(base, alpha), "ordered", PROMPTS, SETS, depth, |tuple| {
        counts[index(tuple, base.len())] += 1;
    });
    let law: Vec<f64> = tuples(base.len(), depth).map(|t| ordered(alpha, base, &t)).collect();
    fit(&counts, &law)
}

/// The law does not depend on the order of a tuple: this is exchangeability, which prefixes rest on.
#[test]
fn responses_are_exchangeable_all_orders_of_a_tuple_being_equally_likely() {
    for (modes, depth) in [(2, 1), (2, 3), (3, 3), (8, 3), (30, 2)] {
        for alpha in [0.05, 1.0, 8.0] {
            ordered_fit(&base(modes), alpha, depth).must_hold(&format!("ordered M {modes} K {depth} alpha {alpha}"));
        }
    }
}

/// One mistake in an urn.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mistake {
    None,
    /// A copy takes the response before the one that it should.
    EarlierByOne,
    /// A copy always takes the latest response.
    Latest,
    /// Fresh draws stop at alpha - 2%.
    Threshold,
    /// The total weight at draw j is alpha + j + 1.
    Total,
    /// Mode 0 takes 2% of the weight of mode 1.
    Biased,
}

/// The plainest urn there is, with a mistake.
fn plain_urn(stream: &mut Stream, alpha: f64, base: &[f64], mistake: Mistake, out: &mut [u16]) {
    for j in 0..out.len() {
        let extra = if mistake == Mistake::Total && j > 0 { 1.0 } else { 0.0 };
        let position = stream.uniform() * (alpha + j as f64 + extra);
        let fresh = if mistake == Mistake::Threshold && j > 0 {
            0.98 * alpha
        } else {
            alpha
        };
        out[j] = if position < fresh || j == 0 {
            let shift = |m: usize| {
                if mistake == Mistake::Biased && m == 0 {
                    0.02 * base[1]
                } else {
                    0.0
                }
            };
            let ends = (0..base.len()).map(|m| alpha * (base[..=m].iter().sum::<f64>() + shift(m)));
            ends.take(base.len() - 1).filter(|&end| position >= end).count() as u16
        } else {
            let earlier = ((position - fresh) as usize).min(j - 1);
            match mistake {
                Mistake::EarlierByOne => out[earlier.saturating_sub(1)],
                Mistake::Latest => out[j - 1],
                _ => out[earlier],
            }
        };
    }
}

fn plain_fits(mistake: Mistake, alpha: f64, depth: usize) -> [Fit; 2] {
    let base = base(3);
    let mut stream = Streams::new("mistakes").purpose("plain").stream(0, 0);
    let mut tuple = vec![0; depth];
    let (mut in_order, mut sorted) = (vec![0; 3_usize.pow(depth as u32)], vec![0; 3_usize.pow(depth as u32)]);
    for _ in 0..8 * u64::from(PROMPTS) * SETS {
        plain_urn(&mut stream, alpha, &base, mistake, &mut tuple);
        in_order[index(&tuple, 3)] += 1;
        tuple.sort_unstable();
        sorted[index(&tuple, 3)] += 1;
    }
    let law: Vec<f64> = tuples(3, depth).map(|t| ordered(alpha, &base, &t)).collect();
    [fit(&in_order, &law), fit(&sorted, &sorted_law(alpha, &base, depth))]
}

/// The controls of all tests above. Counts cannot see everything: at depth 3 the first two responses are alike in law,
/// so it is the same to copy either; and an urn that always copies the latest response has the right counts at every
/// depth (given the counts so far the latest response is a uniformly chosen one, by induction). Only the test of ordered
/// tuples, or of two depths together, sees these.
#[test]
fn an_urn_with_one_mistake_is_rejected() {
    for fit in plain_fits(Mistake::None, 2.0, 4) {
        fit.must_hold("the plain urn");
    }
    for mistake in [
        Mistake::EarlierByOne,
        Mistake::Threshold,
        Mistake::Total,
        Mistake::Biased,
    ] {
        for fit in plain_fits(mistake, 2.0, 4) {
            fit.must_fail(&format!("{mistake:?}"));
        }
    }
    for (mistake, depth) in [(Mistake::EarlierByOne, 3), (Mistake::Latest, 4)] {
        let [in_order, sorted] = plain_fits(mistake, 2.0, depth);
        in_order.must_fail(&format!("{mistake:?} at depth {depth}, ordered"));
        sorted.must_hold(&format!("{mistake:?} at depth {depth}, counts"));
    }
}

/// pi drawn as normalised Gamma variables (`rand_distr`), then responses one by one from pi.
fn by_gamma(base: &[f64], alpha: f64, depth: usize) -> Vec<u64> {
    let mut stream = Streams::new("gamma").purpose("prompts").stream(0, 0);
    let gammas: Vec<_> = base.iter().map(|w| Gamma::new(alpha * w, 1.0).unwrap()).collect();
    let mut counts = vec![0; base.len().pow(depth as u32)];
    for _ in 0..8 * u64::from(PROMPTS) * SETS {
        let weights: Vec<f64> = gammas.iter().map(|g| g.sample(&mut stream)).collect();
        let total: f64 = weights.iter().sum();
        let mut tuple: Vec<u16> = (0..depth)
            .map(|_| {
                let mut left = stream.uniform() * total;
                let passed = |w: &&f64| {
                    left -= **w;
                    left >= 0.0
                };
                weights[..weights.len() - 1].iter().take_while(passed).count() as u16
            })
            .collect();
        tuple.sort_unstable();
        counts[index(&tuple, base.len())] += 1;
    }
    counts
}

#[test]
fn the_urn_and_dirichlet_prompts_drawn_with_gamma_variables_have_one_law() {
    let base = base(4);
    for alpha in [0.5, 1.0, 8.0, 500.0] {
        let urn = sorted_counts(&world(&base, alpha), "gamma", 5, 4, |m| m);
        let gamma = by_gamma(&base, alpha, 5);
        same_law(&urn, &gamma).must_hold(&format!("gamma alpha {alpha}"));
        let other = by_gamma(&base, 1.2 * alpha, 5);
        if alpha < 100.0 {
            // At alpha = 500 responses are all but independent, and 20% of it cannot show in 200,000 prompts.
            same_law(&urn, &other).must_fail(&format!("gamma with alpha 20% too large, {alpha}"));
        }
    }
}
