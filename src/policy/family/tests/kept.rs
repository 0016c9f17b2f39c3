//! Gradients by kept weights: against those of logits taken anew, at every level, and in a lane alone.

use super::super::evaluation::{Data, Evaluation};
use super::super::kept::KeptWeights;
use super::*;
use crate::numerics::lanes::Level;

const FAMILY: Family = FAMILIES[1];
const MODES: usize = 4;
/// Past the step at which weights are taken anew.
const STEPS: usize = 150;
const STILL: usize = 0;
/// After which a lane stands still.
const STOP: usize = 20;
const FAR: usize = 6;
const FAILED: usize = 7;

/// Parameters of each step. Lanes go on random ways: one stands still after a while, others take steps of one size each, from below what needs two terms to
/// above what is taken anew; one goes so far out that powers of all but the highest logits underflow, and comes back; one fails.
fn way() -> Vec<Vec<Lanes<f64>>> {
    let sizes = [2e-3, 1e-9, 1e-4, 2e-3, 6e-3, 0.3, 0.01, 0.01];
    let (mut streams, mut theta) = (streams("way"), policies(FAMILY, MODES));
    let mut all = Vec::new();
    for step in 0..STEPS {
        let mut now = theta.clone();
        if (50..60).contains(&step) {
            now.iter_mut().for_each(|row| row[FAR] *= 1e4);
        }
        if step >= 70 {
            now[3][FAILED] = f64::NAN;
        }
        all.push(now);
        for row in &mut theta {
            for l in 0..LANES {
                let moves = l != STILL || step < STOP;
                let z = normal_from_uniform(streams[l].uniform());
                row[l] += if moves { sizes[l] * z } else { 0.0 };
            }
        }
    }
    all
}

/// Prompts with the features that the family sees.
fn set(prompts: usize) -> Set {
    let mut set = Set::new(prompts, MODES, 4);
    set.coordinates = 1 + FAMILY.inputs();
    set.features.truncate(prompts * set.coordinates);
    set
}

/// Prompts that count from a half to one and a half.
fn counts(set: &mut Set) -> Vec<Lanes<f64>> {
    let count = |prompt: usize| 0.5 + (prompt % 5) as f64 / 4.0;
    for (prompt, target) in set.target.chunks_exact_mut(MODES).enumerate() {
        target.iter_mut().flatten().for_each(|share| *share *= count(prompt));
    }
    let prompts = set.target.len() / MODES;
    (0..prompts).map(|prompt| [count(prompt); LANES]).collect()
}

/// Gradients along a way, by kept weights or by logits of each step.
fn gradients(level: Level, keep: bool, data: Data<'_>, way: &[Vec<Lanes<f64>>]) -> Vec<Vec<Lanes<f64>>> {
    let mut evaluation = Evaluation::new(FAMILY.form(MODES), MODES);
    evaluation.level = level;
    let mut kept = KeptWeights::new();
    kept.begin(&evaluation, data);
    let gradient = |theta: &Vec<Lanes<f64>>| {
        let mut gradient = vec![[0.0; LANES]; theta.len()];
        match keep {
            true => kept.gradient(&mut evaluation, data, theta, 0.01, &mut gradient),
            false => evaluation.gradient(data, theta, 0.01, &mut gradient),
        }
        gradient
    };
    way.iter().map(gradient).collect()
}

/// Probabilities are known to 150 times an ulp, of which half are rounded up and half down; logits of 1e4 times 3 to 1e-11. The control: one step
/// of 1e-9 that is missed.
#[test]
fn kept_weights_give_the_gradients_of_logits() {
    let mut set = set(37);
    let counts = counts(&mut set);
    for weights in [Some(&counts[..]), None] {
        let data = Data { weights, ..set.data() };
        let way = way();
        let own = gradients(Level::current(), true, data, &way);
        let plain = gradients(Level::current(), false, data, &way);
        for step in 0..STEPS {
            for l in 0..LANES {
                let gap = furthest(&column(&own[step], l), &column(&plain[step], l));
                if l == FAILED && step >= 70 {
                    assert!(column(&own[step], l).iter().any(|slope| slope.is_nan()), "step {step}");
                    continue;
                }
                let far = l == FAR && (50..60).contains(&step);
                assert!(gap < if far { 1e-10 } else { 1e-13 }, "step {step} lane {l}: {gap:e}");
                if step > 0 && l == 1 {
                    let missed = furthest(&column(&own[step - 1], l), &column(&plain[step], l));
                    assert!(missed > 1e-13, "step {step}: {missed:e}");
                }
            }
            assert!(
                step < STOP || column(&own[step], STILL) == column(&own[STOP], STILL),
                "step {step}"
            );
        }
    }
}

#[test]
fn a_lane_keeps_its_weights_whatever_others_do_at_every_level() {
    let set = set(19);
    let bits_of = |all: Vec<Vec<Lanes<f64>>>, l: usize| -> Vec<u64> {
        let numbers = all.iter().flatten().map(|row| row[l]);
        numbers
            .map(|x| if x.is_nan() { f64::NAN } else { x }.to_bits())
            .collect()
    };
    let together = |level: Level| gradients(level, true, set.data(), &way());
    for l in 0..LANES {
        let own = bits_of(together(Level::Baseline), l);
        for level in Level::available() {
            assert!(bits_of(together(level), l) == own, "lane {l} at {level:?}");
        }
        let spread = |rows: &[Lanes<f64>]| rows.iter().map(|row| [row[l]; LANES]).collect::<Vec<_>>();
        let mut alone = set.clone();
        (alone.features, alone.target) = (spread(&set.features), spread(&set.target));
        let path: Vec<_> = way().iter().map(|theta| spread(theta)).collect();
        let found = bits_of(gradients(Level::current(), true, alone.data(), &path), l);
        assert!(found == own, "lane {l} alone");
    }
}
