//! The whole run by a plain second route, and laws 2 to 4.

use super::*;
use crate::engine::{BATCH, ExactCache, Tally};
use crate::inference::laws::student_quantile;
use crate::numerics::elementary::ln;
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Stream;

/// What a plain run finds: its average, whether its interval covers, its samples, whether it was cut short.
struct Plain {
    average: f64,
    covers: bool,
    samples: u64,
    missed: bool,
}

/// Sample by sample, with the text's own formulas: no group sums, no jackknife, no rule of the engine. None where a relative
/// target has no meaning.
fn plain(law: Law, arm: &StoppingArm, stream: &mut Stream) -> Option<Plain> {
    let mut draw = || match law {
        Law::Normal { mean, deviation } => mean + deviation * normal_from_uniform(stream.uniform()),
        Law::Exponential { mean } => -mean * ln(1.0 - stream.uniform()),
    };
    let most = arm.at_most.div_ceil(8) as usize;
    let samples: Vec<f64> = (0..most * 8).map(|_| draw()).collect();
    let look = |batches: usize| {
        let (average, error, groups) = average(&samples[..batches * 8]);
        let target = match arm.goal {
            Goal::Relative(share) => share * average.abs(),
            Goal::Absolute(error) => error,
        };
        (average, error, groups, error / target)
    };
    let mut batches = (arm.groups as usize).min(most);
    let (average, error, _, mut ratio) = look(batches);
    if batches == arm.groups as usize && matches!(arm.goal, Goal::Relative(_)) && average.abs() <= 2.0 * error {
        return None;
    }
    match arm.looks {
        Looks::Rounds | Looks::EveryBlock => {
            while ratio > 1.0 && batches < most {
                let more = if arm.looks == Looks::Rounds {
                    batches.div_ceil(2)
                } else {
                    1
                };
                batches = (batches + more).min(most);
                ratio = look(batches).3;
            }
        }
        Looks::TwoStage if ratio > 1.0 => {
            let wanted = 1.1 * batches as f64 * ratio * ratio;
            while (batches as f64) < wanted && batches < most {
                batches = (batches + batches.div_ceil(2)).min(most);
            }
        }
        Looks::TwoStage => (),
    }
    let (average, error, groups, ratio) = look(batches);
    Some(Plain {
        average,
        covers: (average - law.mean()).abs() <= student_quantile(0.975, groups - 1.0) * error,
        samples: batches as u64 * 8,
        missed: batches == most && ratio > 1.0,
    })
}

/// Average, its standard error from the averages of groups (Busing and others 1999, for a mean), and how many groups there are:
/// each of the smallest power of two of batches that leaves at most 128.
fn average(samples: &[f64]) -> (f64, f64, f64) {
    let mut width = 8;
    while samples.len().div_ceil(width) > 128 {
        width *= 2;
    }
    let n = samples.len() as f64;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let whole = mean(samples);
    let groups = samples.chunks(width).len() as f64;
    let square = |x: f64| x * x;
    let spread = |part: &[f64]| square(mean(part) - whole) / (n / part.len() as f64 - 1.0);
    let variance = samples.chunks(width).map(spread).sum::<f64>() / groups;
    (whole, variance.sqrt(), groups)
}

fn arms() -> Vec<StoppingArm> {
    let absolute = Goal::Absolute(0.03);
    let mut arms = Vec::new();
    for looks in [Looks::Rounds, Looks::TwoStage, Looks::EveryBlock] {
        for groups in [2, 4, 64] {
            arms.push(arm(looks, groups, absolute));
            arms.push(arm(looks, groups, Goal::Relative(0.05)));
        }
        let short = |at_most| StoppingArm {
            at_most,
            ..arm(looks, 8, absolute)
        };
        arms.extend([short(16), short(101), short(1000)]);
    }
    arms
}

/// The same looks, samples, verdicts and averages, run by run.
#[test]
fn a_run_is_what_a_plain_second_route_makes_of_its_samples() {
    for law in [NORMAL, EXPONENTIAL] {
        for arm in arms() {
            let study = study(law, &[arm]);
            let purpose = Streams::new(study.scenario.spec.draws.text()).purpose("samples");
            let (mut sums, mut valid) = ([0.0; 4], 0);
            for replicate in 0..BATCH {
                let found = plain(
                    law,
                    &StoppingArm {
                        // As many samples as no run here needs, of which fewer are drawn.
                        at_most: arm.at_most.min(20_000),
                        ..arm
                    },
                    &mut purpose.stream(replicate, 0),
                );
                let Some(found) = found else { continue };
                let count = |event: bool| f64::from(u8::from(event));
                valid += 1;
                sums[0] += count(found.covers);
                sums[1] += (found.average - law.mean()) / arm.target(&law);
                sums[2] += found.samples as f64;
                sums[3] += count(found.missed);
            }
            let own = total(&study, BATCH);
            assert_eq!(own.valid, [valid], "{law:?} {arm:?}");
            assert_eq!(
                [own.sums[0], own.sums[2], own.sums[3]],
                [sums[0], sums[2], sums[3]],
                "{law:?} {arm:?}"
            );
            assert!((own.sums[1] - sums[1]).abs() < 1e-9, "{law:?} {arm:?}");
        }
    }
}

/// Law 4: a batch has the same bits whether it is run alone, after others or before them.
#[test]
fn a_batch_does_not_depend_on_its_block() {
    let study = study(EXPONENTIAL, &arms());
    let ready = study.prepare(&ExactCache::empty()).expect("nothing to prepare");
    let run = |ranges: &[(u64, u64)]| {
        let mut worker = ready.worker();
        let mut found = Vec::new();
        for &(start, end) in ranges {
            let mut tally = Tally::new(&study.scenario.spec, start..end);
            worker.run(start..end, &mut tally);
            found.extend(tally.into_batches());
        }
        found
    };
    let whole = run(&[(0, 96)]);
    assert_eq!(run(&[(64, 96)])[0], whole[2]);
    assert_eq!(run(&[(64, 96), (0, 32)])[1], whole[0]);
    assert_ne!(whole[0], whole[1]);
}

/// Laws 2 and 3: another arm, even one of longer runs, moves no number of the others.
#[test]
fn another_arm_moves_no_number() {
    let few = [arms()[0], arms()[7]];
    let more = [few[0], arm(Looks::Rounds, 64, Goal::Absolute(0.01)), few[1]];
    let (few, more) = (total(&study(NORMAL, &few), 64), total(&study(NORMAL, &more), 64));
    assert_eq!(few.sums[..4], more.sums[..4]);
    assert_eq!(few.sums[4..], more.sums[8..]);
}

#[test]
fn the_draws_key_names_the_law_and_the_work_key_the_rules() {
    let of = |law, arms: &[StoppingArm]| {
        let study = study(law, arms);
        (study.spec().draws.clone(), study.spec().work.clone())
    };
    let (one, other) = (of(NORMAL, &arms()[..1]), of(NORMAL, &arms()[1..2]));
    assert_eq!(one.0, other.0);
    assert_ne!(one.1, other.1);
    assert_ne!(one.0, of(EXPONENTIAL, &arms()[..1]).0);
    let keys: std::collections::HashSet<String> = arms().iter().map(StoppingArm::canonical).collect();
    assert_eq!(keys.len(), arms().len(), "every part of an arm is part of its key");
}

/// A relative target has no meaning near 0: there the engine refuses a run, and the arm is void in that replicate alone.
#[test]
fn a_run_that_the_engine_refuses_voids_its_arm() {
    let near_zero = Law::Normal {
        mean: 1e-3,
        deviation: 1.0,
    };
    let arms = [
        arm(Looks::TwoStage, 4, Goal::Relative(0.25)),
        arm(Looks::TwoStage, 4, Goal::Absolute(0.25)),
    ];
    let short = arms.map(|arm| StoppingArm { at_most: 512, ..arm });
    let total = total(&study(near_zero, &short), 320);
    // |T| on 3 degrees of freedom is above 2 in 14% of runs.
    assert!((20..75).contains(&total.valid[0]), "{:?}", total.valid);
    assert_eq!(total.valid[1], 320);
}

/// A silent change of draws or of the rule would change every stored number: some sums are pinned here.
#[test]
fn some_sums_keep_their_values() {
    let arms = [Looks::Rounds, Looks::TwoStage, Looks::EveryBlock].map(|looks| arm(looks, 8, Goal::Absolute(0.03)));
    let samples: Vec<f64> = [NORMAL, EXPONENTIAL]
        .iter()
        .flat_map(|law| total(&study(*law, &arms), 64).sums)
        .enumerate()
        .filter_map(|(slot, sum)| (slot % 4 == 2).then_some(sum))
        .collect();
    assert_eq!(samples, [21832.0, 24128.0, 17040.0, 190_776.0, 217_232.0, 157_856.0]);
}
