//! Owns the way of one replicate's fits, step by step, for people.

use super::{FitArm, Training};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::numerics::text::short;
use crate::policy::Descent;
use crate::study::trace::TraceTable;

/// The table of losses and gradients along each arm's descent.
pub(super) fn trace(study: &Training, replicate: u64) -> TraceTable {
    let mut rows = Vec::new();
    for (index, target) in targets(study, replicate).into_iter().enumerate() {
        rows.extend(along(index, &study.arms[index], &target));
    }
    TraceTable {
        title:
            "Fits: loss on the kept responses (nats) and the largest coordinate of its gradient, after so many steps"
                .to_owned(),
        header: vec!["arm", "steps", "loss", "gradient", "ended"],
        rows,
    }
}

/// Shares of modes among the responses that each arm keeps.
fn targets(study: &Training, replicate: u64) -> Vec<Vec<f64>> {
    let streams = Streams::new(study.scenario.spec.draws.text());
    let lane = (replicate % LANES as u64) as usize;
    let mut targets = vec![Vec::new(); study.arms.len()];
    let mut counter = study.draws.pass.counter(study.draws.world.as_ref(), &streams);
    counter.run(replicate - lane as u64, |index, counts| {
        let arm = &study.arms[index];
        let own = counts.of(study.draws.pass.kept(&arm.pool));
        let (share, unseen) = arm.shares(own.len());
        targets[index] = own.iter().map(|count| count[lane] * share + unseen).collect();
    });
    targets
}

/// One row per stop: descents of fewer steps are prefixes of the whole, by the same kernel with equal lanes.
fn along(index: usize, arm: &FitArm, target: &[f64]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for steps in stops(arm.descent.steps) {
        let descent = Descent { steps, ..arm.descent };
        let lanes: Vec<Lanes<f64>> = target.iter().map(|&f| [f; LANES]).collect();
        let mut logits = vec![[0.0; LANES]; target.len()];
        let mut scratch = vec![[0.0; LANES]; Descent::scratch(target.len())];
        let fitted = descent.fit(&lanes, &mut logits, &mut scratch);
        let own: Vec<f64> = logits.iter().map(|row| row[0]).collect();
        let converged = fitted.converged[0] == 1.0;
        let diverged = own.iter().any(|theta| !theta.is_finite());
        let gradient = descent
            .gradient(target, &own)
            .iter()
            .fold(0.0, |most: f64, g| most.max(g.abs()));
        let ended = match () {
            () if diverged => "diverged: the arm is void",
            () if converged => "converged",
            () if steps == arm.descent.steps => "out of steps",
            () => "",
        };
        let cells = [index.to_string(), short(fitted.steps[0])];
        let numbers = [descent.loss(target, &own), gradient].map(short);
        rows.push([cells.to_vec(), numbers.to_vec(), vec![ended.to_owned()]].concat());
        if converged || diverged {
            break;
        }
    }
    rows
}

/// 0, 1, 2, 5, 10, 20, 50, ... and the last.
fn stops(most: u32) -> Vec<u32> {
    let decades = (0..8_u32).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.pow(power)));
    let below = std::iter::once(0).chain(decades).filter(|&steps| steps < most);
    below.chain([most]).collect()
}
