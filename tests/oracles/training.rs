//! The study `training`, fitted a step at a time by the scalar gradient.

use super::plain::{Plain, batch, replicates};
use mode_lottery::engine::Study;
use mode_lottery::numerics::elementary::{exp, ln};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::policy::Descent;
use mode_lottery::study::BATCH;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::training::{FitArm, Measure, Training};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What sums may differ by, relative to magnitudes: a step rounds a dozen times, and stable descent forgets more than it
/// adds, so that 60 steps leave some 1e-14. A rate off by a thousandth changes a sum by 1e-5 of it or more.
const ROUNDING: f64 = 1e-10;

/// Below this share of its unit a sum is compared absolutely: an excess near 0 is a difference of terms of order one.
const FLOOR: f64 = 1e-2;

const MEASURES: [Measure; 8] = [
    Measure::ExcessNll,
    Measure::TestNll,
    Measure::ReverseKl,
    Measure::TotalVariation,
    Measure::Entropy,
    Measure::MissingMode,
    Measure::Unconverged,
    Measure::Steps,
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
    descent: Descent,
}

impl Design {
    fn study(&self) -> Training {
        let fit = |arm: &Arm| FitArm {
            pool: PoolArm::all(arm.prompts, arm.kept),
            descent: arm.descent,
            smoothing: 0.0,
            pseudo_count: 0.0,
        };
        Training::new(
            7,
            self.world.world(),
            self.arms.iter().map(fit).collect(),
            self.measures.clone(),
        )
        .unwrap()
    }
}

/// Logits, steps taken and whether the last gradient is within the tolerance.
fn descend(descent: &Descent, target: &[f64]) -> (Vec<f64>, u32, bool) {
    let mut logits = vec![0.0; target.len()];
    for step in 0..=descent.steps {
        let gradient = descent.gradient(target, &logits);
        if gradient.iter().any(|g| g.is_nan()) {
            return (logits, step, false);
        }
        if gradient.iter().all(|g| g.abs() <= descent.tolerance) {
            return (logits, step, true);
        }
        if step < descent.steps {
            let moved = logits.iter().zip(&gradient).map(|(theta, g)| theta - descent.rate * g);
            logits = moved.collect();
        }
    }
    (logits, descent.steps, false)
}

/// What is measured: what is asked for, and always whether a fit that has an optimum reached it.
fn measured(design: &Design) -> Vec<Measure> {
    let mut measures = design.measures.clone();
    if !measures.contains(&Measure::Unconverged) {
        measures.push(Measure::Unconverged);
    }
    measures
}

/// The measures of one fit in order, whether it saw every mode, and its excess NLL if so; none where it diverged.
fn fit(design: &Design, arm: &Arm, counts: &[u32]) -> Option<Vec<f64>> {
    let all = f64::from(arm.prompts) * f64::from(arm.kept);
    let target: Vec<f64> = counts.iter().map(|&n| f64::from(n) / all).collect();
    let (logits, steps, converged) = descend(&arm.descent, &target);
    if logits.iter().any(|theta| !theta.is_finite()) {
        return None;
    }
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logits.iter().map(|theta| exp(theta - top)).sum();
    let policy: Vec<f64> = logits.iter().map(|theta| exp(theta - top) / total).collect();
    let base = design.world.base();
    let truth = base.probabilities();
    let complete = !counts.contains(&0);
    let kl = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * ln(a / b)).sum() };
    let of = |measure: &Measure| match measure {
        // The slot of the test NLL leaves out the truth's entropy.
        Measure::ExcessNll | Measure::TestNll => kl(truth, &policy),
        Measure::ReverseKl => kl(&policy, truth),
        Measure::TotalVariation => 0.5 * truth.iter().zip(&policy).map(|(t, p)| (t - p).abs()).sum::<f64>(),
        Measure::Entropy => -policy.iter().map(|p| p * ln(*p)).sum::<f64>(),
        Measure::ExpectedReward => unreachable!("the worlds here have no rewards"),
        Measure::ModesSeen => counts.iter().filter(|&&n| n > 0).count() as f64,
        Measure::MissingMode => f64::from(u8::from(!complete)),
        Measure::Unconverged => f64::from(u8::from(!converged && (complete || arm.descent.ridge > 0.0))),
        Measure::Steps => f64::from(steps),
    };
    let of_complete = match complete {
        true => [1.0, kl(truth, &policy)],
        false => [0.0, 0.0],
    };
    Some(measured(design).iter().map(of).chain(of_complete).collect())
}

/// Sums and valid fits of one batch, plainly.
fn plain(design: &Design, streams: &Streams) -> (Vec<f64>, Vec<u64>) {
    let per_arm = measured(design).len() + 2;
    let mut sums = vec![0.0; per_arm * design.arms.len()];
    let mut valid = vec![0; design.arms.len()];
    for replicate in replicates(design.first_block) {
        for (index, arm) in design.arms.iter().enumerate() {
            let mut counts = vec![0_u32; design.world.weights.len()];
            for prompt in 0..arm.prompts {
                for mode in design.world.responses(streams, replicate, prompt, arm.kept as usize) {
                    counts[mode] += 1;
                }
            }
            let Some(values) = fit(design, arm, &counts) else {
                continue;
            };
            valid[index] += 1;
            for (sum, value) in sums[index * per_arm..].iter_mut().zip(values) {
                *sum += value;
            }
        }
    }
    (sums, valid)
}

/// What differs first between the worker on `design` and the plain implementation of `oracle`.
fn difference(design: &Design, oracle: &Design) -> Option<String> {
    let study = design.study();
    let streams = Streams::new(study.spec().draws.text());
    let found = batch(&study, design.first_block);
    let (sums, valid) = plain(oracle, &streams);
    if found.valid != valid {
        return Some(format!("valid: worker {:?}, plain {valid:?}", found.valid));
    }
    assert_eq!(found.sums.len(), sums.len());
    found.sums.iter().zip(&sums).enumerate().find_map(|(slot, (f, s))| {
        // Written so that NaN differs.
        let near = (f - s).abs() <= ROUNDING * (s.abs() + FLOOR);
        (!near).then(|| format!("slot {slot}: worker {f}, plain {s}"))
    })
}

/// Rates up to 1.5 with ridges up to 0.2: below 2 over the curvature 1/2 + ridge, so that rounding does not grow.
/// Tolerances are far above rounding: at 0 the step at which a gradient is exactly 0 would hang on the last bit.
fn descents() -> impl Strategy<Value = Descent> {
    let tolerance = 1e-4..1e-1;
    let ridge = prop_oneof![Just(0.0), 0.001..0.2];
    (0.05..1.5, 1_u32..60, ridge, tolerance).prop_map(|(rate, steps, ridge, tolerance)| Descent {
        rate,
        steps,
        ridge,
        tolerance,
    })
}

fn designs() -> impl Strategy<Value = Design> {
    let arm = (1_u32..10, 1_u32..8, descents());
    let arm = arm.prop_map(|(prompts, kept, descent)| Arm { prompts, kept, descent });
    let measures = prop::sample::subsequence(MEASURES.to_vec(), 1..=8).prop_shuffle();
    let concentration = prop_oneof![Just(0.05), Just(500.0), 0.1..50.0];
    let weights = prop::collection::vec(0.05..1.0, 2..10);
    let world = (weights, concentration, prop::option::of(0.0..=1.0));
    let arms = (prop::collection::vec(arm, 1..5), any::<bool>());
    // Arms that descend alike are fitted in pairs of arms, others in pairs of sets of lanes.
    let arms = arms.prop_map(|(mut arms, alike)| {
        let first = arms[0].descent;
        arms.iter_mut().filter(|_| alike).for_each(|arm| arm.descent = first);
        arms
    });
    (world, arms, measures, 0_u64..1 << 30).prop_map(
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
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_605),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn the_worker_sums_what_the_plain_implementation_sums(design in designs()) {
        let difference = difference(&design, &design);
        prop_assert!(difference.is_none(), "{difference:?}");
    }

    /// The control: a plain implementation with one number or one measure changed must differ. Designs are first made
    /// such that each change shows: no tolerance to hide a step, no mode or copy that is all but certain.
    #[test]
    fn a_changed_number_shows(mut design in designs(), which in 0_usize..8) {
        design.measures = vec![Measure::ExcessNll, Measure::TotalVariation];
        design.world.weights = design.world.weights.iter().enumerate().map(|(m, w)| w + 0.3 + 0.2 * m as f64).collect();
        design.world.concentration = design.world.concentration.clamp(0.5, 5.0);
        design.world.copies = design.world.copies.map(|c| 0.5 * c);
        for arm in &mut design.arms {
            arm.prompts += 2;
            arm.kept += 2;
            arm.descent.tolerance = 0.0;
            arm.descent.rate += 0.2;
            // Converged fits no longer know their rate or their last step, and one step from 0 no ridge.
            arm.descent.steps = 2 + arm.descent.steps % 5;
        }
        let mut changed = design.clone();
        let arm = changed.arms.last_mut().unwrap();
        match which {
            0 => changed.world.concentration *= 2.0,
            1 => arm.prompts += 1,
            2 => arm.kept += 1,
            3 => arm.descent.rate *= 1.001,
            4 => arm.descent.steps += 1,
            5 => arm.descent.ridge += 0.001,
            6 => changed.world.weights[0] *= 1.25,
            _ => changed.measures[0] = Measure::ReverseKl,
        }
        prop_assert!(difference(&design, &changed).is_some());
    }
}

/// Each step multiplies the logits by about 1 - rate x ridge = -1e6, so that they overflow within 60 steps, but for fits
/// whose counts are equal: their gradient is 0 from the start. The arm beside it is not touched.
#[test]
fn a_fit_that_overflows_voids_that_arm_of_that_replicate_and_no_other() {
    let descent = |rate, ridge| Descent {
        rate,
        steps: 200,
        ridge,
        tolerance: 0.0,
    };
    let arm = |descent| Arm {
        prompts: 1,
        kept: 2,
        descent,
    };
    let mut design = Design {
        world: Plain {
            weights: vec![0.5, 0.5],
            concentration: 5.0,
            copies: None,
        },
        arms: vec![arm(descent(0.5, 0.1)), arm(descent(1e3, 1e3)), arm(descent(0.7, 0.0))],
        measures: MEASURES.to_vec(),
        first_block: 5,
    };
    assert_eq!(difference(&design, &design), None);
    let group = batch(&design.study(), design.first_block);
    assert_eq!((group.valid[0], group.valid[2]), (BATCH, BATCH));
    assert!((1..BATCH).contains(&group.valid[1]), "{:?}", group.valid);
    // A step count is a number even where the logits are none: the fit is void whatever is measured of it.
    for measure in MEASURES {
        design.measures = vec![measure];
        assert_eq!(difference(&design, &design), None, "{}", measure.name());
        let alone = batch(&design.study(), design.first_block);
        assert_eq!(alone.valid, group.valid, "{}", measure.name());
    }
}
