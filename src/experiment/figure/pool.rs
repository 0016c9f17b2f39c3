//! Owns the validation of pictures of one pool.

use super::{FigureSpec, View, apart, few, name, optional_column, title, width};
use crate::experiment::fault::Fault;
use crate::experiment::rows::{ColumnRef, select};
use crate::experiment::tree::Node;
use crate::experiment::wire::WirePool;
use crate::experiment::{Experiment, RowRef, de};
use crate::study::Question as _;
use crate::study::selection::{Method, Pool, Selection};
use std::collections::HashSet;

/// The pool of one prompt in one replicate, and what each of some arms keeps of it. The figure's rows are one per arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolView {
    /// Index of the scenario.
    pub scenario: usize,
    /// The replicate, from 0.
    pub replicate: u64,
    /// The prompt, from 0.
    pub prompt: u32,
    /// The arms, one per panel in the order of panels.
    pub arms: Vec<usize>,
    /// What tells each arm from the others: the value of the panels' column; empty where there is one panel.
    pub names: Vec<String>,
}

/// More panels leave no room for circles.
const MOST_PANELS: usize = 12;

/// More circles than this hide each other.
const MOST_CANDIDATES: u32 = 200;

pub(super) fn read(node: &Node, experiment: &Experiment, default: String) -> Result<FigureSpec, Fault> {
    let wire: WirePool = de::from_node(node, "figures")?;
    let fault = |key: &str, what: String| Err(Fault::new(&node.origin_of(key), format!("figures.{key}"), what));
    let study = |row: RowRef| experiment.scenarios[row.scenario].study.selection();
    let all = one_per_arm(experiment);
    if all.iter().any(|&row| study(row).is_none()) {
        return fault("kind", "a pool is shown of the study \"selection\" alone".to_owned());
    }
    let mut shown = select(experiment, all, node, "figures")?;
    if let Some(k) = wire.responses {
        shown = keeping(node, experiment, shown, k)?;
    }
    let panel = match &wire.panel {
        Some(name) => optional_column(node, experiment, "panel", Some(name))?,
        None => experiment.columns.iter().position(|column| column.key == "selector"),
    };
    if let Some(&other) = shown.iter().find(|row| row.scenario != shown[0].scenario) {
        let what = format!(
            "a pool is that of one scenario, and {} and {} are of two; use `where` to choose one",
            experiment.describe(shown[0]),
            experiment.describe(other)
        );
        return Err(Fault::new(&node.origin, "figures", what));
    }
    apart(node, experiment, &shown, &[panel.map(ColumnRef::Key)])?;
    few(node, experiment, &shown, "panel", panel, MOST_PANELS)?;
    // Cannot be absent because every scenario was looked at above, and `where` leaves a row.
    let Some(study) = shown.first().and_then(|&row| study(row)) else {
        return fault("kind", "there is no arm to show".to_owned());
    };
    let arms: Vec<usize> = shown
        .iter()
        .filter_map(|&row| experiment.estimand(row).of.shown())
        .collect();
    same_pool(node, study, &arms)?;
    Ok(FigureSpec {
        name: name(node, wire.name, default)?,
        title: title(node, wire.title)?,
        panel,
        view: View::Pool(PoolView {
            scenario: shown[0].scenario,
            replicate: replicate(node, wire.replicate, experiment.most_replicates())?,
            prompt: prompt(node, wire.prompt, study, &arms)?,
            names: names(experiment, &shown, panel),
            arms,
        }),
        rows: shown,
        width: width(wire.width),
    })
}

/// The first row of every arm.
fn one_per_arm(experiment: &Experiment) -> Vec<RowRef> {
    let mut seen = HashSet::new();
    let first = |row: &RowRef| {
        experiment
            .estimand(*row)
            .of
            .shown()
            .is_some_and(|arm| seen.insert((row.scenario, arm)))
    };
    experiment.rows().filter(first).collect()
}

/// The rows of arms that keep `k` responses.
fn keeping(node: &Node, experiment: &Experiment, mut rows: Vec<RowRef>, k: i64) -> Result<Vec<RowRef>, Fault> {
    let keeps = |row: &RowRef| {
        let arm = experiment.estimand(*row).of.shown()?;
        let study = experiment.scenarios[row.scenario].study.selection()?;
        Some(i64::from(study.arms()[arm].responses))
    };
    let mut known: Vec<i64> = rows.iter().filter_map(keeps).collect();
    rows.retain(|row| keeps(row) == Some(k));
    if !rows.is_empty() {
        return Ok(rows);
    }
    known.sort_unstable();
    known.dedup();
    Err(Fault {
        known: known.iter().map(i64::to_string).collect(),
        ..Fault::new(
            &node.origin_of("responses"),
            "figures.responses",
            format!("no arm keeps {k} responses"),
        )
    })
}

/// All arms must choose among the same candidates, and keep as many, so that panels can be compared.
fn same_pool(node: &Node, study: &Selection, arms: &[usize]) -> Result<(), Fault> {
    let of: Vec<&Method> = arms.iter().map(|&arm| &study.arms()[arm]).collect();
    let spread = |what: &str, value: &dyn Fn(&Method) -> u32| {
        let (one, other) = (
            value(of[0]),
            of.iter().map(|arm| value(arm)).find(|n| *n != value(of[0])),
        );
        other.map(|other| format!("arms of {one} and {other} {what} cannot be compared; use `where` to choose one"))
    };
    let what = match spread("candidates", &Method::depth).or_else(|| spread("responses kept", &|arm| arm.responses)) {
        Some(what) => what,
        None if of.iter().any(|arm| arm.candidates == Pool::AsKept) => {
            "there is no pool to choose from: set `candidates`, how many a prompt has".to_owned()
        }
        None if of[0].depth() > MOST_CANDIDATES => {
            format!("{} candidates; at most {MOST_CANDIDATES} can be shown", of[0].depth())
        }
        None if study.world().and_then(|world| world.attributes()).is_none() => {
            "a pool is shown by its embeddings, which only world.kind = \"embedded\" has".to_owned()
        }
        None => return Ok(()),
    };
    Err(Fault::new(&node.origin, "figures", what))
}

fn replicate(node: &Node, replicate: i64, replicates: u64) -> Result<u64, Fault> {
    match u64::try_from(replicate) {
        Ok(own) if own < replicates => Ok(own),
        _ => {
            let what = format!(
                "{replicate} is not drawn: the run has replicates 0 to {}",
                replicates.saturating_sub(1)
            );
            Err(Fault::new(&node.origin_of("replicate"), "figures.replicate", what))
        }
    }
}

fn prompt(node: &Node, prompt: i64, study: &Selection, arms: &[usize]) -> Result<u32, Fault> {
    let prompts = arms.iter().map(|&arm| study.arms()[arm].prompts).min().unwrap_or(1);
    match u32::try_from(prompt) {
        Ok(own) if own < prompts => Ok(own),
        _ => {
            let what = format!(
                "{prompt} is not drawn: every arm shown has prompts 0 to {}",
                prompts - 1
            );
            Err(Fault::new(&node.origin_of("prompt"), "figures.prompt", what))
        }
    }
}

fn names(experiment: &Experiment, rows: &[RowRef], panel: Option<usize>) -> Vec<String> {
    let text = |&row: &RowRef| panel.map_or_else(String::new, |column| experiment.cells(row)[column].text.clone());
    rows.iter().map(text).collect()
}
