//! Owns the names of columns and references in figures. It looks at no data.

use super::figure::Label;
use crate::experiment::{Column, ColumnRef, Experiment, Line};

/// What the optimum by theory is called in records.
pub(super) const BEST: &str = "K*";

/// The bound of the greedy guarantee.
const BOUND: &str = "bound $1-(1-1/K)^K$";

pub(super) fn column_label(column: &Column) -> Label {
    label(column.symbol.map_or(&column.key, |symbol| symbol.long))
}

/// The name of the horizontal axis.
pub(super) fn x_label(experiment: &Experiment, line: &Line) -> Label {
    match line.x {
        ColumnRef::Key(index) => column_label(&experiment.columns[index]),
        ColumnRef::At => label(line.y.at.map_or("at", |at| at.label)),
    }
}

/// The name of a reference as papers set it.
pub(super) fn reference_label(name: &str) -> Label {
    label(match name {
        "bound of the guarantee" => BOUND,
        "ideal" => "ideal $(\\sigma/T)^2$",
        BEST => "$K^\\star$",
        plain => plain,
    })
}

pub(super) fn column_symbol(column: &Column) -> Label {
    label(column.symbol.map_or(&column.key, |symbol| symbol.short))
}

/// `symbol = value`, above a panel.
pub(super) fn value_markup(experiment: &Experiment, column: usize, value: &str) -> String {
    // As numbers are written in files.
    let value = if value == "inf" { "$\\infty$" } else { value };
    match experiment.columns[column].symbol {
        Some(symbol) => format!("{} = {value}", symbol.short),
        None => value.to_owned(),
    }
}

/// Text with symbols; text that is no markup stands as it is.
pub(super) fn label(markup: &str) -> Label {
    Label::parse(markup).unwrap_or_else(|_| Label::plain(markup))
}
