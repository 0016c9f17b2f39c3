//! The study `selection`.

use super::plain::{Plain, batch, replicates};
use mode_lottery::engine::Study;
use mode_lottery::numerics::elementary::{exp, ln};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::study::BATCH;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Measure, Method, Selection, Theta};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What the worker's sums may differ by, relative to the sum of magnitudes of what is added: a few hundred roundings of
/// 1.1e-16 (modes, replicates), with room. One miscounted response changes a sum by 1e-5 of it or more.
const ROUNDING: f64 = 1e-12;

const MEASURES: [Measure; 4] = [
    Measure::ModeMass,
    Measure::ModeMassByMode,
    Measure::Gradient,
    Measure::Loss,
];

/// A scenario in plain numbers.
#[derive(Debug, Clone)]
struct Design {
    world: Plain,
    arms: Vec<Arm>,
    measures: Vec<Measure>,
    first_block: u64,
}

#[derive(Debug, Clone)]
struct Arm {
    prompts: u32,
    kept: u32,
    candidates: Option<u32>,
    theta: Theta,
}

impl Design {
    fn study(&self) -> Selection {
        let method = |arm: &Arm| Method {
            pool: PoolArm {
                candidates: arm.candidates,
                ..PoolArm::all(arm.prompts, arm.kept)
            },
            theta: arm.theta.clone(),
        };
        let arms = self.arms.iter().map(method).collect();
        Selection::new(7, self.world.world(), arms, self.measures.clone()).unwrap()
    }
}

/// A vector statistic of the share of responses in each mode.
fn statistic(design: &Design, arm: &Arm, measure: Measure, mass: &[f64]) -> Vec<f64> {
    let base = design.world.base();
    let policy: Vec<f64> = match &arm.theta {
        Theta::Uniform => vec![1.0 / mass.len() as f64; mass.len()],
        Theta::Optimum => base.probabilities().to_vec(),
        Theta::Logits(logits) => {
            let total: f64 = logits.iter().map(|&x| exp(x)).sum();
            logits.iter().map(|&x| exp(x) / total).collect()
        }
    };
    match measure {
        Measure::ModeMass | Measure::ModeMassByMode | Measure::Returns | Measure::Limit => mass.to_vec(),
        Measure::ExcessQuadratic => mass
            .iter()
            .zip(base.probabilities())
            .map(|(f, p)| f / (2.0 * p).sqrt())
            .collect(),
        Measure::Wrong => vec![0.0],
        Measure::Gradient => policy.iter().zip(mass).map(|(p, f)| p - f).collect(),
        Measure::Loss => vec![policy.iter().zip(mass).map(|(&p, f)| -f * ln(p)).sum()],
    }
}

/// The share of each mode in the first `depth` responses to the first prompts of a replicate.
fn mass(pools: &[Vec<usize>], prompts: u32, depth: u32, modes: usize) -> Vec<f64> {
    let mut counts = vec![0_u32; modes];
    for pool in &pools[..prompts as usize] {
        for &mode in &pool[..depth as usize] {
            counts[mode] += 1;
        }
    }
    let all = f64::from(prompts) * f64::from(depth);
    counts.iter().map(|&n| f64::from(n) / all).collect()
}

/// All slots of one replicate in order, each beside its magnitude: what its rounding is relative to.
fn slots(design: &Design, streams: &Streams, replicate: u64) -> Vec<(f64, f64)> {
    let modes = design.world.weights.len();
    let most = design.arms.iter().map(|arm| arm.prompts).max().unwrap();
    let deepest = design
        .arms
        .iter()
        .map(|arm| arm.candidates.unwrap_or(arm.kept))
        .max()
        .unwrap();
    let pools: Vec<Vec<usize>> = (0..most)
        .map(|prompt| design.world.responses(streams, replicate, prompt, deepest as usize))
        .collect();
    let mut out = Vec::new();
    for arm in &design.arms {
        let kept = mass(&pools, arm.prompts, arm.kept, modes);
        for &measure in &design.measures {
            let x = statistic(design, arm, measure, &kept);
            if measure == Measure::ModeMassByMode {
                // Counts are summed as counts, exactly.
                let counts = x.iter().map(|x| (x * f64::from(arm.prompts * arm.kept)).round());
                out.extend(counts.clone().map(|count| (count, count)));
                out.extend(counts.map(|count| (count * count, count * count)));
                continue;
            }
            let truth = statistic(design, arm, measure, design.world.base().probabilities());
            let size = |x: f64, t: f64| x.abs() + t.abs();
            out.extend(x.iter().zip(&truth).map(|(&x, &t)| (x - t, size(x, t))));
            let squares: Vec<(f64, f64)> = x
                .iter()
                .zip(&truth)
                .map(|(&x, &t)| ((x - t) * (x - t), size(x, t) * size(x, t)))
                .collect();
            let sum = |of: &[(f64, f64)]| of.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            out.push(sum(&squares));
            if let Some(n) = arm.candidates {
                let whole = statistic(design, arm, measure, &mass(&pools, arm.prompts, n, modes));
                let added: Vec<(f64, f64)> = x
                    .iter()
                    .zip(&whole)
                    .map(|(&x, &w)| ((x - w) * (x - w), size(x, w) * size(x, w)))
                    .collect();
                out.push(sum(&added));
            }
        }
    }
    out
}

/// The first slot that differs, with both sums.
fn difference(design: &Design, oracle: &Design) -> Option<(usize, f64, f64)> {
    let study = design.study();
    let streams = Streams::new(study.spec().draws.text());
    let found = batch(&study, design.first_block);
    assert!(found.valid.iter().all(|&valid| valid == BATCH));
    let found = found.sums;
    let mut expected = vec![(0.0, 0.0); found.len()];
    for replicate in replicates(design.first_block) {
        let slots = slots(oracle, &streams, replicate);
        assert_eq!(slots.len(), expected.len(), "slots of a replicate");
        for (sum, slot) in expected.iter_mut().zip(slots) {
            *sum = (sum.0 + slot.0, sum.1 + slot.1);
        }
    }
    let differs = |(i, (found, (sum, size))): (usize, (&f64, &(f64, f64)))| {
        // Written so that NaN differs.
        let near = (found - sum).abs() <= ROUNDING * size;
        (!near).then_some((i, *found, *sum))
    };
    found.iter().zip(&expected).enumerate().find_map(differs)
}

fn arms(modes: usize) -> impl Strategy<Value = Vec<Arm>> {
    let theta = prop_oneof![
        Just(Theta::Uniform),
        Just(Theta::Optimum),
        prop::collection::vec(-3.0..3.0, modes).prop_map(Theta::Logits),
    ];
    let arm = (1_u32..12, 1_u32..20, prop::option::of(0_u32..20), theta);
    let arm = arm.prop_map(|(prompts, kept, more, theta)| Arm {
        prompts,
        kept,
        candidates: more.map(|more| kept + more),
        theta,
    });
    prop::collection::vec(arm, 1..6)
}

fn designs() -> impl Strategy<Value = Design> {
    let measures = prop::sample::subsequence(MEASURES.to_vec(), 1..=4).prop_shuffle();
    let concentration = prop_oneof![Just(0.05), Just(1.0), Just(500.0), 0.01..50.0];
    (2_usize..=40).prop_flat_map(move |modes| {
        let weights = prop::collection::vec(0.01..1.0, modes);
        let copies = prop::option::of(0.0..=1.0);
        let world = (weights, concentration.clone(), copies);
        (world, arms(modes), measures.clone(), 0_u64..1 << 30).prop_map(
            |((weights, concentration, copies), arms, measures, first_block)| Design {
                world: Plain {
                    weights,
                    concentration,
                    copies,
                },
                arms,
                measures,
                first_block,
            },
        )
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_601),
        // The control assumes much of its designs; each rejection costs next to nothing.
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn the_worker_sums_what_the_plain_implementation_sums(design in designs()) {
        let difference = difference(&design, &design);
        prop_assert!(difference.is_none(), "slot, worker, plain: {difference:?}");
    }

    /// The control: an oracle with one of its numbers changed a little must differ. Designs in which a change need not
    /// show are changed first: a statistic that is constant, a mode or a copy that is all but certain, very few responses.
    #[test]
    fn a_changed_number_shows(mut design in designs(), which in 0_usize..4) {
        design.measures = vec![Measure::ModeMass, Measure::Loss];
        design.world.weights.iter_mut().for_each(|weight| *weight += 0.3);
        design.world.concentration = design.world.concentration.clamp(0.3, 5.0);
        design.world.copies = design.world.copies.map(|c| 0.7 * c);
        for arm in &mut design.arms {
            arm.prompts += 2;
            arm.kept += 3;
            arm.candidates = arm.candidates.map(|n| n + 3);
        }
        let mut changed = design.clone();
        let arm = changed.arms.len() - 1;
        match which {
            0 => changed.world.concentration *= 2.0,
            1 => changed.arms[arm].prompts += 1,
            2 => {
                changed.arms[arm].kept += 1;
                changed.arms[arm].candidates = changed.arms[arm].candidates.map(|n| n + 1);
            }
            _ => changed.world.weights[0] *= 1.25,
        }
        prop_assert!(difference(&design, &changed).is_some());
    }
}
