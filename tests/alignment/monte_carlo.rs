//! Monte Carlo paths of random settings against exact ones, in units of their standard errors, and slots against those of
//! the study `selection`.
//!
//! For each quantity, z = (estimate - exact)/MCSE over settings of a seed each, one step of each, so that its values are
//! independent; z is taken from Student's t to the normal law of the same probability. Its mean square over n settings has mean
//! 1 and standard error sqrt(2/n) if exact value and MCSE are right. Angles near 0 and pi are left out: their errors are not
//! normal (see `angles`).

use super::{arm, choice, embedded};
use mode_lottery::engine::{self, ExactCache, Study, Tally};
use mode_lottery::inference::estimate::Estimate;
use mode_lottery::inference::laws::student_above;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::select::Selector;
use mode_lottery::study::alignment::{self, Alignment, PathArm};
use mode_lottery::study::selection::{self, Method, Selection, Theta};
use mode_lottery::theory::gradient_path::{Along, Descended};
use mode_lottery::world::World;
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;
use std::sync::Arc;

const SETTINGS: u64 = 400;

/// 128 groups of one batch each.
const REPLICATES: u64 = 4096;

/// An angle is regular where it is this many standard errors from 0 and pi: the curvature of its cosine then moves z by a
/// thirtieth.
const REGULAR: f64 = 30.0;

struct Setting {
    study: Alignment,
    world: Arc<dyn World>,
    arm: PathArm,
    step: u32,
}

/// A random world, selection and path. Three modes or more: with two, gradients have one direction.
fn setting(index: u64) -> Setting {
    let mut stream = Streams::new("alignment").purpose("setting").stream(index, 0);
    let mut below = |n: u32| (stream.uniform() * f64::from(n)) as u32;
    let modes = 3 + below(5) as usize;
    let weights: Vec<f64> = (0..modes).map(|_| f64::from(1 + below(6))).collect();
    let rewards: Vec<f64> = (0..modes).map(|_| f64::from(below(5)) / 4.0).collect();
    let alpha = [0.5, 2.0, 8.0, f64::INFINITY][below(4) as usize];
    let selector = [Selector::Best, Selector::Best, Selector::Diverse, Selector::DiverseBest][below(4) as usize];
    // Noise of rewards has an exact law with prompts that are alike.
    let noisy = selector == Selector::Best && alpha.is_infinite();
    let noise = if noisy { 0.3 } else { 0.0 };
    let (keep, prompts) = (1 + below(3), 2 + below(4));
    let along = [Along::Own, Along::Truth][below(2) as usize];
    let rate = [0.3, 1.0, 2.0][below(3) as usize];
    let step = [0, 1, 3, 8, 20][below(5) as usize];
    let arm = arm(selector, (prompts, keep, keep + 1 + below(6)), along, rate);
    let world: Arc<dyn World> = Arc::new(embedded(&weights, alpha, rewards, [noise, 0.0]));
    let measures = vec![alignment::Measure::Alignment, alignment::Measure::Path];
    let study = Alignment::new(index, world.clone(), vec![arm.clone()], measures, vec![step]).unwrap();
    Setting {
        study,
        world,
        arm,
        step,
    }
}

fn score(t: f64, df: f64) -> f64 {
    let normal = Normal::standard();
    // From the nearer tail, which keeps its digits; a control may be far out.
    let size = -normal.inverse_cdf(student_above(t.abs(), df).max(1e-300));
    if t > 0.0 { size } else { -size }
}

/// Name, exact value and estimate of each estimand that has noise and is regular.
fn regular(setting: &Setting) -> Vec<(String, f64, Estimate)> {
    let groups = engine::run(&setting.study, REPLICATES).unwrap();
    let spec = setting.study.spec();
    let mut found = Vec::new();
    let known = crate::theory::exact(&setting.study);
    for (row, estimand) in engine::estimate(spec, &groups).iter().zip(&spec.estimands) {
        let (Some(measured), Some(known)) = (&row.measured, known[row.estimand].value()) else {
            continue;
        };
        let estimate = measured.estimate();
        let misalignment = match estimand.name() {
            "alignment.cosine" => 1.0 - known,
            "alignment.misalignment" => known,
            _ => 1.0,
        };
        let regular = misalignment.min(2.0 - misalignment) > REGULAR * estimate.mcse;
        // On the true path, and before the first step, numbers of the world alone have no noise but rounding.
        if estimate.mcse < 1e-12 {
            assert!((estimate.value - known).abs() < 1e-12, "{}", estimand.name());
        } else if regular {
            found.push((estimand.name().to_owned(), known, estimate));
        }
    }
    found
}

/// What stands for the exact value of an estimand of a setting, whose right one is handed over.
type Exact<'a> = &'a dyn Fn(&Setting, &str, f64) -> f64;

/// The mean square of z over all settings and how many there were, of each estimand, for each of several exact values.
fn mean_squares(exacts: &[Exact<'_>]) -> Vec<BTreeMap<String, (f64, u32)>> {
    let mut sums: Vec<BTreeMap<String, (f64, u32)>> = vec![BTreeMap::new(); exacts.len()];
    for index in 0..SETTINGS {
        let setting = setting(index);
        let regular = regular(&setting);
        for (sums, exact) in sums.iter_mut().zip(exacts) {
            for (name, known, estimate) in &regular {
                let t = (estimate.value - exact(&setting, name, *known)) / estimate.mcse;
                let z = score(t, estimate.df);
                let (sum, count) = sums.entry(name.clone()).or_default();
                *sum += z * z;
                *count += 1;
            }
        }
    }
    for (sum, count) in sums.iter_mut().flat_map(BTreeMap::values_mut) {
        *sum /= f64::from(*count);
    }
    sums
}

/// How many standard errors sqrt(2/n) a mean square is from 1.
fn off((square, count): (f64, u32)) -> f64 {
    (square - 1.0) / (2.0 / f64::from(count)).sqrt()
}

/// Five standard errors: a false alarm of 6e-7 for each of five quantities.
#[test]
fn monte_carlo_paths_of_random_settings_are_the_exact_ones() {
    let squares = &mean_squares(&[&|_, _, known| known])[0];
    for (name, &found) in squares {
        println!(
            "{name:24} mean square {:.3} of {}, {:+.2} s.e.",
            found.0,
            found.1,
            off(found)
        );
    }
    assert_eq!(squares.len(), 5, "{squares:?}");
    for (name, &found) in squares {
        assert!(found.1 >= 100 && off(found).abs() < 5.0, "{name}: {found:?}");
    }
}

/// Exact values of broken paths are found: descent of the wrong sign, the drift of the other path, and q and pi in each
/// other's place, each where it makes a difference.
#[test]
fn exact_values_of_broken_paths_are_found() {
    type Broken = fn(&Setting, &[f64], &[f64]) -> (Descended, bool);
    let broken: [(&str, Broken); 3] = [
        ("sign", |s, q, pi| {
            let drift = if s.arm.along == Along::Own { q } else { pi };
            (Descended::after(s.step, drift, -s.arm.rate), false)
        }),
        ("path", |s, q, pi| {
            let drift = if s.arm.along == Along::Own { pi } else { q };
            (Descended::after(s.step, drift, s.arm.rate), false)
        }),
        ("place", |s, q, pi| {
            let drift = if s.arm.along == Along::Own { q } else { pi };
            (Descended::after(s.step, drift, s.arm.rate), true)
        }),
    ];
    let of = |policy: Broken| {
        move |setting: &Setting, name: &str, known: f64| {
            let selected = mean_share(setting);
            let pi = setting.world.mean();
            let (policy, swapped) = policy(setting, &selected, pi);
            let (q, pi) = if swapped {
                (pi, &selected[..])
            } else {
                (&selected[..], pi)
            };
            match name {
                "alignment.cosine" => policy.misalignment(q, pi).map_or(known, |m| 1.0 - m),
                "alignment.misalignment" => policy.misalignment(q, pi).unwrap_or(known),
                "alignment.true-norm" => policy.distance(pi),
                "alignment.selected-norm" => policy.distance(q),
                _ => policy.divergence(pi),
            }
        }
    };
    let exacts = broken.map(|(_, policy)| of(policy));
    let squares = mean_squares(&exacts.each_ref().map(|exact| exact as Exact<'_>));
    for ((what, _), squares) in broken.iter().zip(&squares) {
        for (name, &found) in squares {
            // An angle is the same whichever of the two gradients is called the true one.
            let blind = *what == "place" && matches!(name.as_str(), "alignment.cosine" | "alignment.misalignment");
            assert_eq!(off(found).abs() < 5.0, blind, "{what}: {name}: {found:?}");
        }
    }
}

/// q, as the study `selection` knows it mode by mode.
fn mean_share(setting: &Setting) -> Vec<f64> {
    let arm = &setting.arm;
    let method = method(arm);
    let exact = |mode| {
        let measure = selection::Measure::ModeMassByMode;
        selection::exact(setting.world.as_ref(), &method, measure, "mean", mode).unwrap()
    };
    (0..setting.world.mean().len()).map(exact).collect()
}

fn method(arm: &PathArm) -> Method {
    Method {
        pool: arm.pool,
        theta: Theta::Uniform,
    }
}

/// Both studies see the same draws and sum the same deviations, so these are the same bits.
#[test]
fn slots_are_the_deviations_that_the_study_selection_sums() {
    let world: Arc<dyn World> = Arc::new(embedded(
        &[3.0, 1.0, 2.0, 1.0],
        2.0,
        vec![0.1, 0.9, 0.4, 0.2],
        [0.2, 0.1],
    ));
    let arms: Vec<PathArm> = [Selector::Random, Selector::Best, Selector::DiverseBestWeighted]
        .into_iter()
        .map(|selector| arm(selector, (5, 2, 6), Along::Own, 1.0))
        .collect();
    assert_eq!(arms[1].pool.choice, choice(Selector::Best));
    let measures = vec![selection::Measure::ModeMass];
    let beside = Selection::new(3, world.clone(), arms.iter().map(method).collect(), measures).unwrap();
    let own = Alignment::new(3, world, arms, vec![alignment::Measure::Path], vec![1]).unwrap();
    assert_eq!(own.spec().draws, beside.spec().draws);
    let run = |study: &dyn Study| {
        let mut tally = Tally::new(study.spec(), 32..96);
        study
            .prepare(&ExactCache::empty())
            .unwrap()
            .worker()
            .run(32..96, &mut tally);
        tally.into_batches()
    };
    let mut seen = 0;
    for (own_batch, other) in run(&own).iter().zip(run(&beside)) {
        for arm in 0..3 {
            let of = |spec: &engine::Spec, sums: &[f64], most: usize| -> Vec<u64> {
                let slots = (0..sums.len()).filter(|&slot| spec.layout.arm_of(slot) == arm);
                slots.take(most).map(|slot| sums[slot].to_bits()).collect()
            };
            let slots = of(own.spec(), &own_batch.sums, 4);
            assert_eq!(slots, of(beside.spec(), &other.sums, 4));
            seen += slots.len();
        }
    }
    assert_eq!(seen, 2 * 3 * 4);
}
