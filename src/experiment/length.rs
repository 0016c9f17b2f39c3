//! Owns the validation of the table `run`: how many replicates, or how precise.

use super::Experiment;
use super::fault::Fault;
use super::scenario::{integer, item};
use super::tree::Node;
use super::wire::{WireLooks, WirePrecision, WireRun};
use crate::engine::{Exact, Goal, Looks, Precision, Stop, Target, has_error};

/// Replicates of a quick run where the file says nothing: seconds for most worlds, and groups enough for standard errors.
const QUICK: i64 = 1024;

/// More replicates than a machine runs in its life.
const MOST: i64 = 1_000_000_000_000;

/// A standard error of more than a quarter of the estimate is no precision, and of a millionth no simulation's.
pub(super) const RELATIVE: [f64; 2] = [1e-6, 0.25];

/// Whether a share of the estimate can be a target.
pub(super) fn is_relative(share: f64) -> bool {
    (RELATIVE[0]..=RELATIVE[1]).contains(&share)
}

/// Whether a standard error can be a target.
pub(super) fn is_absolute(error: f64) -> bool {
    error > 0.0 && error.is_finite()
}

/// How long scenarios are run, and the replicates of a quick run.
pub(super) fn read(root: &Node, wire: &WireRun) -> Result<(Stop, u64), Fault> {
    let stop = stop(root, wire)?;
    let quick = replicates(root, "run.quick", wire.quick.unwrap_or(QUICK))?;
    let most = match &stop {
        Stop::Replicates(replicates) => *replicates,
        Stop::Precise(precision) => precision.at_most,
    };
    Ok((stop, quick.min(most)))
}

/// An arm that fails in more than this share of its replicates is an error where the file says nothing: what is left
/// would be an estimate of something else.
const FAILURES: f64 = 0.05;

/// The largest share of its replicates that an arm may fail in.
pub(super) fn failures(root: &Node, wire: &WireRun) -> Result<f64, Fault> {
    let share = wire.failures.unwrap_or(FAILURES);
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    let what = format!("{share} is out of range: a number from 0 to 1 is expected");
    Err(Fault::new(&root.origin_of("run.failures"), "run.failures", what))
}

fn stop(root: &Node, wire: &WireRun) -> Result<Stop, Fault> {
    let Some(targets) = &wire.precision else {
        let what = "neither `replicates` nor `precision` says how long to run";
        let stated = wire
            .replicates
            .ok_or_else(|| Fault::new(&root.origin_of("run"), "run", what))?;
        refuse_alone(root, "run.at-most")?;
        refuse_alone(root, "run.looks")?;
        return replicates(root, "run.replicates", stated).map(Stop::Replicates);
    };
    if let Some(stated) = wire.replicates {
        let origin = root.origin_of("run.replicates");
        if origin.source.is_file {
            let fault = Fault::new(
                &origin,
                "run.replicates",
                "is set, but `precision` decides how many there are",
            );
            return Err(fault.and(&root.origin_of("run.precision"), "the precision"));
        }
        // A number given for this one run goes before what the file says.
        return replicates(root, "run.replicates", stated).map(Stop::Replicates);
    }
    let what = "is missing: the replicates after which a run ends that is not precise enough by then";
    let at_most = wire
        .at_most
        .ok_or_else(|| Fault::new(&root.origin_of("run.precision"), "run.at-most", what))?;
    if targets.is_empty() {
        return Err(Fault::new(
            &root.origin_of("run.precision"),
            "run.precision",
            "the list is empty",
        ));
    }
    let target = |(index, wire): (usize, &WirePrecision)| target(root, index, wire);
    Ok(Stop::Precise(Precision {
        targets: targets.iter().enumerate().map(target).collect::<Result<_, _>>()?,
        at_most: replicates(root, "run.at-most", at_most)?,
        looks: match wire.looks {
            WireLooks::Rounds => Looks::Rounds,
            WireLooks::TwoStage => Looks::TwoStage,
        },
    }))
}

/// A key that says nothing without `precision`.
fn refuse_alone(root: &Node, path: &str) -> Result<(), Fault> {
    match root.get(path) {
        None => Ok(()),
        Some(node) => Err(Fault::new(&node.origin, path, "has no meaning without `precision`")),
    }
}

fn replicates(root: &Node, path: &str, replicates: i64) -> Result<u64, Fault> {
    integer(root, path, replicates, 1, MOST).map(|n| n as u64)
}

fn target(root: &Node, index: usize, wire: &WirePrecision) -> Result<Target, Fault> {
    let fault = |what: String| Fault::new(&item(root, "run.precision", index), "run.precision", what);
    let goal = match (wire.relative, wire.absolute) {
        (Some(share), None) if is_relative(share) => Goal::Relative(share),
        (None, Some(error)) if is_absolute(error) => Goal::Absolute(error),
        (Some(share), None) => {
            let [low, high] = RELATIVE;
            return Err(fault(format!(
                "relative = {share} is out of range: a number from {low} to {high} is expected"
            )));
        }
        (None, Some(error)) => {
            return Err(fault(format!(
                "absolute = {error} is out of range: a number above 0 is expected"
            )));
        }
        _ => return Err(fault("one of `relative` and `absolute` is expected".to_owned())),
    };
    Ok(Target {
        estimand: wire.estimand.clone(),
        goal,
    })
}

/// Refuses targets for estimands that the file does not have, or that have no standard error.
pub(super) fn refuse_unknown(root: &Node, experiment: &Experiment) -> Result<(), Fault> {
    let Stop::Precise(precision) = &experiment.stop else {
        return Ok(());
    };
    let all = || {
        experiment
            .scenarios
            .iter()
            .flat_map(|scenario| scenario.study.estimands())
    };
    for (index, target) in precision.targets.iter().enumerate() {
        let origin = item(root, "run.precision", index);
        let mut own = all().filter(|estimand| estimand.name() == target.estimand).peekable();
        if own.peek().is_none() {
            let mut known: Vec<&str> = all().filter(|e| has_error(e)).map(|e| e.name()).collect();
            known.dedup();
            let mut seen = std::collections::HashSet::new();
            known.retain(|name| seen.insert(*name));
            return Err(Fault::unknown(
                &origin,
                "run.precision",
                "estimand",
                &target.estimand,
                known,
            ));
        }
        for estimand in own {
            let zero = matches!(target.goal, Goal::Relative(_)) && estimand.exact == Exact::Is(0.0);
            let what = match () {
                () if !has_error(estimand) => "is a value of theory: it has no standard error",
                () if zero => "is 0 by theory, of which no error is a share: give `absolute`",
                () => continue,
            };
            return Err(Fault::new(
                &origin,
                "run.precision",
                format!("{} {what}", estimand.name()),
            ));
        }
    }
    Ok(())
}
