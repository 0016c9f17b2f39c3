//! Owns the table `run`: how many replicates, or how precise.

use super::validated::Experiment;
use crate::engine::{Estimand, Exact, Goal, Looks, Precision, Stop, Target, has_error};
use crate::format::Fault;
use crate::format::keys::{Integer, Line, Number, Own, Pattern, Range, Read, Table, Words, key};
use crate::format::tree::Node;
use crate::study::GoalKeys;
use std::collections::HashSet;

/// Replicates of a quick run where the file says nothing: seconds for most worlds, and groups enough for standard errors.
const QUICK: i64 = 1024;

/// From one replicate to more than a machine runs in its life.
const REPLICATES: Integer = Integer(1, 1_000_000_000_000);

/// More targets than this are refused: no file has so many estimands.
const MOST_TARGETS: usize = 1000;

/// What the table says.
#[derive(Debug, Clone)]
pub(super) struct RunKeys {
    /// How long scenarios are run.
    pub stop: Stop,
    /// Replicates of a quick run.
    pub quick: u64,
    /// The largest share of its replicates that an arm may fail in. Beyond it, what is left would be an estimate of something else.
    pub failures: f64,
}

/// Reads the table.
pub(super) fn read(table: &mut Table<'_>) -> Read<RunKeys> {
    let replicates = key(
        "replicates",
        "Independent repetitions of each scenario, rounded up to whole blocks (32 replicates in `selection`).",
        REPLICATES,
    );
    let replicates = table.find(replicates, "required without `precision`");
    let precision = table.tables(
        "precision",
        "Instead of `replicates`: the standard errors to reach, in every row of each estimand. A run ends after the first round that \
         reaches all; round 1 has 64 batches of replicates, each later one half as many again.",
        MOST_TARGETS,
        target,
    );
    let at_most = key(
        "at-most",
        "Replicates after which a scenario ends that is not precise enough by then; its rows say `missed`.",
        REPLICATES,
    );
    let at_most = table.find(at_most, "required with `precision`");
    let looks = key(
        "looks",
        "When precision is looked at. Shares of a run (`--shard`) need two-stage: they cannot hear of each other.",
        Words(&[Looks::Rounds, Looks::TwoStage]),
    );
    let looks = table.get(looks.or(Looks::Rounds));
    let failures = key(
        "failures",
        "The largest share of its replicates that an arm may fail in (a fit that diverges, a measure that is no number). Beyond it the \
         run is an error.",
        Number(Range::between(0.0, 1.0)),
    );
    let failures = table.get(failures.or(0.05));
    let quick = key(
        "quick",
        "Replicates of each scenario under `mode-lottery reproduce --quick`, never more than a whole run has.",
        REPLICATES,
    );
    let quick = table.get(quick.or(QUICK));
    let own = table.end()?;
    let stop = match precision.take(&own) {
        None => stated(&own, replicates.take(&own))?,
        Some(targets) => precise(
            &own,
            (replicates.take(&own), at_most.take(&own)),
            targets,
            looks.take(&own),
        )?,
    };
    let most = match &stop {
        Stop::Replicates(replicates) => *replicates,
        Stop::Precise(precision) => precision.at_most,
    };
    Ok(RunKeys {
        stop,
        quick: (quick.take(&own) as u64).min(most),
        failures: failures.take(&own),
    })
}

fn stated(own: &Own<'_, '_>, replicates: Option<i64>) -> Read<Stop> {
    let Some(replicates) = replicates else {
        let what = "neither `replicates` nor `precision` says how long to run";
        return own.refuse(own.fault_here(what));
    };
    // Keys that say nothing without `precision`.
    match ["at-most", "looks"].into_iter().find(|key| own.has(key)) {
        None => Ok(Stop::Replicates(replicates as u64)),
        Some(key) => own.refuse(own.fault(key, "has no meaning without `precision`")),
    }
}

fn precise(
    own: &Own<'_, '_>,
    (replicates, at_most): (Option<i64>, Option<i64>),
    targets: Vec<Target>,
    looks: Looks,
) -> Read<Stop> {
    if let Some(replicates) = replicates {
        if own.place("replicates").source.is_file {
            let fault = own.fault("replicates", "is set, but `precision` decides how many there are");
            return own.refuse(fault.and(&own.place("precision"), "the precision"));
        }
        // A number given for this one run goes before what the file says.
        return Ok(Stop::Replicates(replicates as u64));
    }
    let Some(at_most) = at_most else {
        let what = "is missing: the replicates after which a run ends that is not precise enough by then";
        let origin = own.place("precision");
        return own.refuse(Fault {
            origin,
            ..own.fault("at-most", what)
        });
    };
    if targets.is_empty() {
        return own.refuse(own.fault("precision", "the list is empty"));
    }
    Ok(Stop::Precise(Precision {
        targets,
        at_most: at_most as u64,
        looks,
    }))
}

fn target(table: &mut Table<'_>) -> Read<Target> {
    let about = "What has to be known so well: the name of an estimand of this file.";
    let estimand = table.get(key("estimand", about, Line(Pattern::Estimand)));
    let goal = GoalKeys::ask(table);
    let own = table.end()?;
    Ok(Target {
        goal: goal.settle(&own)?,
        estimand: estimand.take(&own),
    })
}

/// Refuses targets for estimands that the file does not have, or that have no standard error.
pub(super) fn refuse_unknown(root: &Node, experiment: &Experiment) -> Result<(), Fault> {
    let Stop::Precise(precision) = &experiment.stop else {
        return Ok(());
    };
    let rows = || {
        experiment
            .rows()
            .map(|row| (experiment.estimand(row), experiment.exact(row)))
    };
    let errs = |own: &Estimand, exact: Exact| has_error(own) && !matches!(exact, Exact::Undefined(_));
    for (index, target) in precision.targets.iter().enumerate() {
        let origin = root.origin_of_item("run.precision", index);
        let mut own = rows().filter(|(own, _)| own.name() == target.estimand).peekable();
        if own.peek().is_none() {
            let mut seen = HashSet::new();
            let known = rows().filter(|&(own, exact)| errs(own, exact) && seen.insert(own.name()));
            let known: Vec<&str> = known.map(|(own, _)| own.name()).collect();
            return Err(Fault::unknown(
                &origin,
                "run.precision",
                "estimand",
                &target.estimand,
                known,
            ));
        }
        for (estimand, exact) in own {
            let zero = matches!(target.goal, Goal::Relative(_)) && exact == Exact::Is(0.0);
            let what = match () {
                () if !errs(estimand, exact) => "is a value of theory: it has no standard error",
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
