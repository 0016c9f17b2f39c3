//! Owns the names of columns, estimands and their references in figures. It looks at no data.

use super::figure::Label;
use crate::experiment::{Column, ColumnRef, Experiment, Line};

/// The bound of the greedy guarantee.
pub(super) const BOUND: &str = "bound $1-(1-1/K)^K$";

pub(super) fn column_label(column: &Column) -> Label {
    label(column.symbol.map_or(&column.key, |symbol| symbol.long))
}

/// The name of the horizontal axis.
pub(super) fn x_label(experiment: &Experiment, line: &Line) -> Label {
    match line.x {
        ColumnRef::Key(index) => column_label(&experiment.columns[index]),
        ColumnRef::At => label(match line.y.split_once('.') {
            Some(("alignment" | "path", _)) => "steps of gradient descent",
            Some(("guarantee", _)) => "ratio of greedy to the best",
            Some(("mode-mass-by-mode", _)) => "mode",
            _ => "at",
        }),
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

pub(super) fn column_symbol(column: &Column) -> Label {
    label(column.symbol.map_or(&column.key, |symbol| symbol.short))
}

/// `symbol = value`, above a panel.
pub(super) fn value_label(experiment: &Experiment, column: usize, value: &str) -> Label {
    // As numbers are written in files.
    let value = if value == "inf" { "$\\infty$" } else { value };
    match experiment.columns[column].symbol {
        Some(symbol) => label(&format!("{} = {value}", symbol.short)),
        None => label(value),
    }
}

pub(super) fn estimand_label(name: &str) -> Label {
    match name {
        "returns.gain" => return label("variance at $K = 1$ / at the best $K$"),
        "returns.doubling" => return label("variance at $2K$ / at $K$"),
        _ => {}
    }
    if let Some(text) = of_alignment(name)
        .or_else(|| of_greedy(name))
        .or_else(|| of_stopping(name))
    {
        return label(text);
    }
    let (measure, quantity) = name.split_once('.').unwrap_or((name, ""));
    let measure = match measure {
        "mode-mass" | "mode-mass-by-mode" => "mode mass",
        "excess-nll" => "excess NLL (nats)",
        "test-nll" => "test NLL (nats)",
        "reverse-kl" => "reverse KL (nats)",
        "total-variation" => "total variation",
        "entropy" => "entropy (nats)",
        "expected-reward" => "expected reward",
        "modes-seen" => "modes seen",
        "missing-mode" => "share of fits with a missing mode",
        "unconverged" => "share of unconverged fits",
        other => other,
    };
    // A fit's measures are means by nature; those of a selection say which moment they are.
    let of_fit = !matches!(measure, "mode mass" | "gradient" | "loss");
    let text = match quantity {
        "variance" => format!("variance of {measure}"),
        "emse" => format!("EMSE of {measure}"),
        "bias2" => format!("$\\mathrm{{bias}}^2$ of {measure}"),
        "ratio" => format!("variance of {measure} / law"),
        "conditional-variance" => format!("variance of {measure} given pools"),
        "mean" if of_fit => measure.to_owned(),
        "complete" => format!("{measure}, every mode seen"),
        "mean" => format!("mean of {measure}"),
        other => format!("{other} of {measure}"),
    };
    label(&text)
}

/// The estimands of the study `alignment`, which are no moments of a statistic.
fn of_alignment(name: &str) -> Option<&'static str> {
    Some(match name {
        "alignment.cosine" => "cosine of selected and true gradient",
        "alignment.misalignment" => "1 \u{2212} cosine of the gradients",
        "alignment.true-norm" => "norm of the true gradient",
        "alignment.selected-norm" => "norm of the selected gradient",
        "path.excess-nll" => "excess NLL on the path (nats)",
        _ => return None,
    })
}

/// The estimands of the study `greedy`, which are no moments of a statistic.
fn of_greedy(name: &str) -> Option<&'static str> {
    Some(match name {
        "guarantee.ratio" => "mean ratio of greedy to the best",
        "guarantee.optimal" => "share of instances solved best",
        "guarantee.share-below" => "share of instances below",
        "guarantee.below-bound" => "share of instances below the bound",
        "guarantee.fall" => "fall of the ratio by the adversary",
        "conditions.monotone-violations" => "share of triples not monotone",
        "conditions.submodular-violations" => "share of triples not submodular",
        _ => return None,
    })
}

/// The estimands of the study `stopping`, which are properties of whole runs.
fn of_stopping(name: &str) -> Option<&'static str> {
    Some(match name {
        "coverage.mean" => "coverage of the 95% interval",
        "bias.mean" => "bias / target",
        "replicates.mean" => "samples of a run",
        "replicates.ratio" => "samples of a run / ideal",
        "missed.mean" => "share of runs cut short",
        _ => return None,
    })
}

/// Text with symbols; text that is no markup stands as it is.
pub(super) fn label(markup: &str) -> Label {
    Label::parse(markup).unwrap_or_else(|_| Label::plain(markup))
}
