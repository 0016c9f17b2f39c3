//! Owns the meaning of the keys of claims.

use super::{KeyDoc, key};

pub(super) const CLAIMS: &[KeyDoc] = &[
    key(
        "claims",
        "Statements about estimands, each judged confirmed, refuted or inconclusive.",
        "list of tables",
        "none",
    ),
    key(
        "claims[].kind",
        "agrees: equals its exact value, its reference or a number within a margin (two one-sided tests on the log ratio); at-most, at-least: does not pass a bound; sign: is positive or negative; zero: is 0 within `absolute`; monotone: falls or rises at every step along a column; ordering: lies below or above a partner row; optimum: no arm along a column is smaller than the claimed one by more than a factor. The last three compare arms of one scenario by paired differences.",
        "agrees, at-most, at-least, sign, zero, monotone, ordering, optimum",
        "required",
    ),
    key("claims[].name", "A short name for tables.", "text", "kind and number"),
    key(
        "claims[].statement",
        "The claim in words, for tables.",
        "text",
        "made from the claim",
    ),
    key(
        "claims[].estimand",
        "What the claim is about.",
        "measure.quantity: see `mode-lottery explain`",
        "required",
    ),
    key(
        "claims[].where",
        "Which rows it covers: each is a cell, and all must hold.",
        "table of columns, each with a value or a list",
        "all rows of the estimand",
    ),
    key(
        "claims[].with-exact",
        "Leave out rows without an exact value, which lie outside the range of the theory. A claim that keeps no row is refused.",
        "true, false",
        "false",
    ),
    key(
        "claims[].condition-at-least",
        "Of an estimand that leaves replicates out, such as excess-nll.complete: leave out rows of which theory says that a smaller share meets the condition. `optimum` needs it where some arm keeps less than 0.99 of its replicates, since leaving the others out flatters it.",
        "number above 0 and up to 1",
        "all rows",
    ),
    key(
        "claims[].unconverged-at-most",
        "The largest share of the fits of an arm that saw every mode that may not have converged: where it is larger, no claim on excess-nll.complete, test-nll.complete or the best K is judged. 1 judges fits as they are, for claims about stopping early.",
        "number from 0 to 1",
        "0.01",
    ),
    key(
        "claims[].expect",
        "How it must come out. `refuted` makes it a negative control, which needs a positive refutation.",
        "confirmed, refuted",
        "\"confirmed\"",
    ),
    key(
        "claims[].alpha",
        "Level of its tests.",
        "number above 0 and below 0.5",
        "0.05",
    ),
    key(
        "claims[].attrition",
        "Why the claim may be judged although more than 5% of the replicates of one of its arms failed and are left out, as a clause that can stand after `because`. Without it such a claim is not judged.",
        "text",
        "none",
    ),
    key(
        "claims[].margin",
        "agrees: the ratio to the target stays within 1/(1+margin) and 1+margin. Beside `absolute` the difference stays within absolute + margin * |target|, for targets of which some are near 0.",
        "number above 0",
        "required, or `absolute`",
    ),
    key(
        "claims[].absolute",
        "agrees: the difference from the target stays within this (beside `margin`: plus that share of the target), for estimands that may be 0 or negative. zero: so does the estimand itself; a squared norm is judged by its score bounds.",
        "number above 0, in the estimand's unit",
        "agrees: `margin`; zero: required",
    ),
    key(
        "claims[].target",
        "agrees: what the estimand equals: the exact value of each cell, its reference (a value of theory that is not exact, named in estimates.csv), or a number.",
        "\"exact\", \"reference\", number",
        "\"exact\"",
    ),
    key(
        "claims[].bound",
        "at-most, at-least: the bound.",
        "number, in the estimand's unit",
        "required there",
    ),
    key(
        "claims[].sign",
        "sign: which one.",
        "positive, negative",
        "required there",
    ),
    key(
        "claims[].along",
        "monotone, optimum: the column whose values are compared, among rows of one scenario that are equal in all other columns.",
        "a numeric column of arms, or `at`",
        "required there",
    ),
    key(
        "claims[].direction",
        "monotone: which way each step goes; ordering: on which side of its partner a row lies.",
        "monotone: decreasing, increasing; ordering: below, above",
        "required there",
    ),
    key(
        "claims[].versus",
        "ordering: columns that replace those of a row in its partner, which is equal to it in all others and in the same scenario.",
        "table of columns, each with one value",
        "required there",
    ),
    key(
        "claims[].factor",
        "ordering: the row is compared with this many times its partner, by the log ratio. For positive estimands.",
        "number above 0",
        "the difference is compared with 0",
    ),
    key(
        "claims[].at",
        "optimum: where along the column the claimed arm stands.",
        "number, or \"theory\" for the optimum that the study's theory names",
        "required there",
    ),
    key(
        "claims[].within",
        "optimum: how much larger than that of any other arm the claimed arm's estimand may be, as a share of it. For positive estimands.",
        "number above 0",
        "0.02",
    ),
];
