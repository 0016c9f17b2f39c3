//! Owns the keys that claims of all kinds have. It looks at no rows.

use super::kind::ClaimKind;
use super::kinds::KINDS;
use super::model::Expect;
use crate::format::keys::{Absent, Flag, Kind, Line, Number, Pattern, Range, Read, Table, Words, key, named};
use std::sync::Arc;

/// The level of tests where a claim names none.
const ALPHA: f64 = 0.05;

/// The share of an arm's fits that may not have converged where a claim names none.
const UNCONVERGED: f64 = 0.01;

/// A claim's table as read, before its rows are known.
#[derive(Debug, Clone)]
pub(crate) struct ClaimKeys {
    pub name: Option<String>,
    pub statement: Option<String>,
    pub estimand: String,
    pub expect: Expect,
    pub alpha: f64,
    pub with_exact: bool,
    pub condition_at_least: Option<f64>,
    pub unconverged_at_most: f64,
    pub attrition: Option<String>,
    pub kind: Arc<dyn ClaimKind>,
}

named!(Expect {
    Expect::Confirmed => "confirmed",
    Expect::Refuted => "refuted": "a negative control, which needs a positive refutation",
});

/// Reads the table of a claim.
pub(crate) fn read(table: &mut Table<'_>) -> Read<ClaimKeys> {
    let name = table.find(
        key("name", "A short name for tables.", Line(Pattern::Line)),
        "kind and number",
    );
    let statement = key("statement", "The claim in words, for tables.", Line(Pattern::Line));
    let statement = table.find(statement, "made from the claim");
    let estimand = table.get(key("estimand", "What the claim is about.", Line(Pattern::Estimand)));
    table.known(
        "where",
        "Which rows it covers: each is a cell, and all must hold.",
        Kind::Columns { several: true },
        Absent::Said("all rows of the estimand"),
    );
    let expect = Words(&[Expect::Confirmed, Expect::Refuted]);
    let expect = table.get(key("expect", "How it must come out.", expect).or(Expect::Confirmed));
    let alpha = Number(Range::above(0.0).below(0.5));
    let alpha = table.get(key("alpha", "Level of its tests.", alpha).or(ALPHA));
    let with_exact = key(
        "with-exact",
        "Leave out rows without an exact value, which lie outside the range of the theory. A claim that keeps no row is refused.",
        Flag,
    );
    let with_exact = table.get(with_exact.or(false));
    let condition = key(
        "condition-at-least",
        "Of an estimand that leaves replicates out, such as excess-nll.complete: leave out rows of which theory says that a smaller \
         share meets the condition. `optimum` needs it where some arm keeps less than 0.99 of its replicates, since leaving the \
         others out flatters it.",
        Number(Range::above(0.0).up_to(1.0)),
    );
    let condition = table.find(condition, "all rows");
    let unconverged = key(
        "unconverged-at-most",
        "The largest share of the fits of an arm that saw every mode that may not have converged: where it is larger, no claim on \
         excess-nll.complete, test-nll.complete or the best K is judged. 1 judges fits as they are, for claims about stopping early.",
        Number(Range::between(0.0, 1.0)),
    );
    let unconverged = table.get(unconverged.or(UNCONVERGED));
    let attrition = key(
        "attrition",
        "Why the claim may be judged although more than 5% of the replicates of one of its arms failed and are left out, as a clause \
         that can stand after `because`. Without it such a claim is not judged.",
        Line(Pattern::Line),
    );
    let attrition = table.find(attrition, "none");
    let about =
        "What is said of each cell. Those on the same draws compare arms of one scenario by paired differences.";
    let kind = table.kind(about, KINDS)?;
    let own = table.end()?;
    Ok(ClaimKeys {
        name: name.take(&own),
        statement: statement.take(&own),
        estimand: estimand.take(&own),
        expect: expect.take(&own),
        alpha: alpha.take(&own),
        with_exact: with_exact.take(&own),
        condition_at_least: condition.take(&own),
        unconverged_at_most: unconverged.take(&own),
        attrition: attrition.take(&own),
        kind,
    })
}
