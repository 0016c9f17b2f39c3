//! Owns the meaning of the keys of figures.

use super::{KeyDoc, key};

pub(super) const FIGURES: &[KeyDoc] = &[
    key(
        "figures",
        "Figures of the estimates, and of one pool as drawn.",
        "list of tables",
        "none",
    ),
    key(
        "figures[].kind",
        "line: estimates with error bars against a numeric column; heat-map: a colour per pair of columns; \
         bars: estimands stacked on each other; pool: the candidates of one prompt in the plane of their first two \
         principal components, a panel per arm, those it keeps numbered in order.",
        "line, heat-map, bars, pool",
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
        "Column on the horizontal axis; bars: of which each value is a category, in the order of the file.",
        "a column; line: one of numbers, or `at`",
        "required but for pool",
    ),
    key(
        "figures[].y",
        "line: the estimand on the vertical axis; heat-map: the column there; bars: the estimands stacked from the bottom.",
        "line: measure.quantity; heat-map: a column; bars: list of 1 to 4 of measure.quantity",
        "required but for pool",
    ),
    key(
        "figures[].total",
        "bars: the estimand that the whole bar is, whose standard error is drawn at its estimate.",
        "measure.quantity",
        "no error bars",
    ),
    key(
        "figures[].value",
        "heat-map: the estimand shown as colour.",
        "measure.quantity",
        "required there",
    ),
    key(
        "figures[].series",
        "line: one line per value of this column; bars: one bar per value in each category.",
        "a column",
        "one line, one bar",
    ),
    key(
        "figures[].panel",
        "One panel per value of this column.",
        "a column",
        "one panel; pool: selector, where it is a column",
    ),
    key(
        "figures[].where",
        "Which rows are shown; pool: which arms.",
        "table of columns, each with a value or a list",
        "all rows of the estimand, all arms",
    ),
    key(
        "figures[].exact",
        "line: draw exact values: a curve where they are worked out at every place of the axis, marks at the arms elsewhere; \
         bars: mark the exact end of each part.",
        "true, false",
        "false",
    ),
    key(
        "figures[].floor",
        "line: draw the prompt floor V_x/N_p of each series.",
        "true, false",
        "false",
    ),
    key(
        "figures[].reference",
        "line: also draw values of theory that are not exact, under their own names, such as `first order`: likewise.",
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
        "linear, log, log2, log1p (decades of 1 + x, for counts from 0)",
        "log2 if all values are powers of two, log if they span a factor of 20, log1p if they are counts from 0 to 20 or more, else linear",
    ),
    key(
        "figures[].y-scale",
        "line: scale of the vertical axis.",
        "linear, log, log2, log1p",
        "log if all values are positive and span a factor of 5, else linear",
    ),
    key(
        "figures[].y-max",
        "bars: where higher bars are cut; the value of each is written above it.",
        "positive number",
        "no bar is cut",
    ),
    key(
        "figures[].replicate",
        "pool: the replicate whose draw is shown.",
        "integer from 0, below `run.replicates`",
        "0",
    ),
    key(
        "figures[].prompt",
        "pool: the prompt of that replicate.",
        "integer from 0, below the number of prompts of every arm shown",
        "0",
    ),
    key(
        "figures[].responses",
        "pool: only arms that keep so many are shown.",
        "integer from 1",
        "all arms, which must keep as many",
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
