//! Owns the names of columns and references in figures. It looks at no data.

use super::figure::Label;
use crate::experiment::{ColumnRef, Experiment, Line};
use crate::study::Setting;

/// The bound of the greedy guarantee.
pub(super) const BOUND: &str = "bound $1-(1-1/K)^K$";

/// Symbols and names of keys, as the papers set them.
fn names(key: &str) -> Option<(&'static str, &'static str)> {
    Some(match key {
        "prompts" => ("$N_p$", "training prompts $N_p$"),
        "responses" => ("$K$", "responses kept per prompt $K$"),
        "candidates" => ("$N$", "candidates per prompt $N$"),
        "world.concentration" => ("$\\alpha$", "concentration $\\alpha = V_{y|x}/V_x$"),
        "world.copy-probability" => ("$c$", "copy probability $c$"),
        "world.modes" => ("$M$", "modes $M$"),
        "budget.prompt-cost" => ("$C_p$", "cost of a prompt $C_p$"),
        "budget.response-cost" => ("$C_r$", "cost of a response $C_r$"),
        "budget.total" => ("$B$", "budget $B$"),
        "training.steps" => ("steps", "steps of gradient descent"),
        "path.along" => ("path", "gradient of the path"),
        "path.rate" => ("$\\eta$", "rate $\\eta$"),
        "world.reward" => ("rewards", "rewards"),
        "world.kind" => ("instances", "kind of instances"),
        "world.embedding-noise" => ("embedding noise", "s.d. of a coordinate's noise"),
        "world.reward-noise" => ("reward noise", "s.d. of a reward's noise"),
        "absolute" => ("$T$", "target standard error $T$"),
        "relative" => ("$T/|\\mu|$", "target standard error $T/|\\mu|$"),
        "groups" => ("groups", "groups before the first look"),
        "objective.reward-share" => ("$\\lambda$", "weight of rewards $\\lambda$"),
        _ => return None,
    })
}

pub(super) fn column_label(key: &str) -> Label {
    label(names(key).map_or(key, |(_, name)| name))
}

/// The name of the horizontal axis.
pub(super) fn x_label(experiment: &Experiment, line: &Line) -> Label {
    match line.x {
        ColumnRef::Key(index) => column_label(&experiment.columns[index].key),
        ColumnRef::At => label(line.y.at.map_or("at", |at| at.label)),
    }
}

/// The name of a reference as papers set it.
pub(super) fn reference_label(name: &str) -> Label {
    label(match name {
        "bound of the guarantee" => BOUND,
        "ideal" => "ideal $(\\sigma/T)^2$",
        "K*" => "$K^\\star$",
        plain => plain,
    })
}

pub(super) fn column_symbol(key: &str) -> Label {
    label(names(key).map_or(key, |(symbol, _)| symbol))
}

/// `symbol = value`, above a panel.
pub(super) fn value_label(experiment: &Experiment, column: usize, value: &str) -> Label {
    // As numbers are written in files.
    let value = if value == "inf" { "$\\infty$" } else { value };
    let key = &experiment.columns[column].key;
    // The worlds of a study without instances are laws of a sample.
    let samples = experiment
        .scenarios
        .iter()
        .any(|scenario| matches!(scenario.study, Setting::Stopping(_)));
    match names(key) {
        Some(_) if samples && key == "world.kind" => label(&format!("samples = {value}")),
        Some((symbol, _)) => label(&format!("{symbol} = {value}")),
        None => label(value),
    }
}

/// Text with symbols; text that is no markup stands as it is.
pub(super) fn label(markup: &str) -> Label {
    Label::parse(markup).unwrap_or_else(|_| Label::plain(markup))
}
