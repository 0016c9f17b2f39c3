//! Owns the meaning of the keys of figures.

use super::{KeyDoc, key};

pub(super) const FIGURES: &[KeyDoc] = &[
    key("figures", "Figures of the estimates.", "list of tables", "none"),
    key(
        "figures[].kind",
        "line: estimates with error bars against a numeric column; heat-map: a colour per pair of columns.",
        "line, heat-map",
        "required",
    ),
    key(
        "figures[].name",
        "Name of the file, without ending.",
        "lower-case letters, digits, hyphens",
        "the experiment's name, numbered if there are several",
    ),
    key(
        "figures[].title",
        "Printed above the figure.",
        "text; $...$ sets symbols",
        "none",
    ),
    key(
        "figures[].x",
        "Column on the horizontal axis.",
        "line: a column of numbers, or `at`; heat-map: a column",
        "required",
    ),
    key(
        "figures[].y",
        "line: the estimand on the vertical axis; heat-map: the column there.",
        "line: measure.quantity; heat-map: a column",
        "required",
    ),
    key(
        "figures[].value",
        "heat-map: the estimand shown as colour.",
        "measure.quantity",
        "required there",
    ),
    key(
        "figures[].series",
        "line: one line per value of this column.",
        "a column",
        "one line",
    ),
    key(
        "figures[].panel",
        "One panel per value of this column.",
        "a column",
        "one panel",
    ),
    key(
        "figures[].where",
        "Which rows are shown.",
        "table of columns, each with a value or a list",
        "all rows of the estimand",
    ),
    key("figures[].exact", "line: draw the exact curve.", "true, false", "false"),
    key(
        "figures[].floor",
        "line: draw the prompt floor V_x/N_p of each series.",
        "true, false",
        "false",
    ),
    key(
        "figures[].reference",
        "line: also draw the reference curve, such as the first-order law beside the exact one.",
        "true, false",
        "false",
    ),
    key(
        "figures[].optimum",
        "line: mark K*, the best number of responses for the budget (study `training`, x = responses, one scenario a panel).",
        "true, false",
        "false",
    ),
    key(
        "figures[].bound",
        "line: mark the bound of the greedy guarantee, 1 - (1 - 1/K)^K, on the horizontal axis (study `greedy`, x = at).",
        "true, false",
        "false",
    ),
    key(
        "figures[].x-scale",
        "Scale of the horizontal axis.",
        "linear, log, log2",
        "log2 if all values are powers of two, else log if they span a factor of 20, else linear",
    ),
    key(
        "figures[].y-scale",
        "line: scale of the vertical axis.",
        "linear, log",
        "log if all values are positive and span a factor of 5, else linear",
    ),
    key(
        "figures[].centre",
        "heat-map: the value in the middle of a diverging colour map.",
        "number",
        "a sequential map",
    ),
    key(
        "figures[].width",
        "Width in print.",
        "one-column (85 mm), two-columns (178 mm)",
        "\"one-column\"",
    ),
];
