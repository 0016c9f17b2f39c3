//! Owns the keys of claims: those that all kinds have, and those of each kind, with the rules between them. It looks at no rows.

use super::{ClaimKind, Direction, Expect, Margin, Side, Sign, Target};
use crate::format::keys::{
    Absent, Branch, Either, Flag, Got, Key, Kind, Line, Number, Pattern, Range, Read, Table, Variant, Words, key, named,
};

/// The level of tests where a claim names none.
const ALPHA: f64 = 0.05;

/// The share of an arm's fits that may not have converged where a claim names none.
const UNCONVERGED: f64 = 0.01;

/// The factor of an optimum where a claim names none: 2 % more than the best is as good as the best.
const WITHIN: f64 = 0.02;

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
    pub kind: ClaimKind,
    pub pairing: Pairing,
}

/// How a claim's cells are made of rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pairing {
    /// Each row is a cell.
    None,
    /// Neighbours along a column.
    Steps { along: String },
    /// Each row with the partner that `versus` gives it.
    Partners,
    /// One arm with every other arm along a column.
    Rivals { along: String, at: At },
}

/// The arm that is claimed to be best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum At {
    /// The one at this number.
    Number(f64),
    /// The one that theory names.
    Theory,
}

named!(Expect {
    Expect::Confirmed => "confirmed",
    Expect::Refuted => "refuted": "a negative control, which needs a positive refutation",
});

named!(Sign {
    Sign::Positive => "positive",
    Sign::Negative => "negative",
});

named!(Direction {
    Direction::Decreasing => "decreasing",
    Direction::Increasing => "increasing",
});

named!(Side {
    Side::Below => "below",
    Side::Above => "above",
});

/// What a kind makes of its keys.
type Said = (ClaimKind, Pairing);

/// The claim kinds, each with what it says of an estimand.
pub const KINDS: [&Variant<Said>; 8] = [
    &AGREES, &AT_MOST, &AT_LEAST, &SIGN, &ZERO, &MONOTONE, &ORDERING, &OPTIMUM,
];

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
    let about = "What is said of each cell. The last three compare arms of one scenario by paired differences.";
    let (kind, pairing) = table.kind(about, &KINDS)?;
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
        pairing,
    })
}

const POSITIVE: Number = Number(Range::above(0.0));

const AGREES: Variant<Said> = Variant {
    name: "agrees",
    about: "equals its exact value, its reference or a number, within a margin (two one-sided tests on the log ratio)",
    read: |table| {
        let margin = key(
            "margin",
            "The ratio to the target stays within 1/(1+margin) and 1+margin. Beside `absolute` the difference stays within absolute + \
             margin * |target|, for targets of which some are near 0.",
            POSITIVE,
        );
        let margin = table.find(margin, "required, or `absolute`");
        let absolute = key(
            "absolute",
            "The difference from the target stays within this, in the estimand's unit (beside `margin`: plus that share of the \
             target), for estimands that may be 0 or negative.",
            POSITIVE,
        );
        let absolute = table.find(absolute, "required, or `margin`");
        let about = "What the estimand equals.";
        let target = table.get(key("target", about, TARGET).or(Target::Exact));
        let own = table.end()?;
        let margin = match (margin.take(&own), absolute.take(&own)) {
            (Some(margin), None) => Margin::Ratio(margin),
            (None, Some(absolute)) => Margin::Absolute(absolute),
            (Some(ratio), Some(absolute)) => Margin::Both { ratio, absolute },
            (None, None) => {
                let what = "`agrees` needs a `margin` (of the ratio) or `absolute`";
                return own.refuse(own.fault_here(what));
            }
        };
        let target = target.take(&own);
        match (margin, target) {
            (Margin::Ratio(_), Target::Value(value)) if value <= 0.0 => {
                let what = format!("{value} is out of range: a number above 0 is expected");
                own.refuse(own.fault("target", what))
            }
            _ => Ok((ClaimKind::Agrees { target, margin }, Pairing::None)),
        }
    },
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum TargetWord {
    Exact,
    Reference,
}

named!(TargetWord {
    TargetWord::Exact => "exact": "the exact value of each cell",
    TargetWord::Reference => "reference": "its reference, a value of theory that is not exact, named in estimates.csv",
});

const TARGET: Either<Target> = Either {
    expected: "a number, \"exact\" or \"reference\"",
    forms: &[
        &Branch {
            form: Words(&[TargetWord::Exact, TargetWord::Reference]),
            into: |word| match word {
                TargetWord::Exact => Target::Exact,
                TargetWord::Reference => Target::Reference,
            },
            back: |target| match target {
                Target::Exact => Some(TargetWord::Exact),
                Target::Reference => Some(TargetWord::Reference),
                Target::Value(_) => None,
            },
        },
        &Branch {
            form: Number(Range::FINITE),
            into: Target::Value,
            back: |target| match target {
                Target::Value(value) => Some(*value),
                _ => None,
            },
        },
    ],
};

fn bound() -> Key<Number> {
    key("bound", "The bound, in the estimand's unit.", Number(Range::FINITE))
}

const AT_MOST: Variant<Said> = Variant {
    name: "at-most",
    about: "does not exceed a bound",
    read: |table| {
        let bound = table.get(bound());
        let own = table.end()?;
        Ok((ClaimKind::AtMost(bound.take(&own)), Pairing::None))
    },
};

const AT_LEAST: Variant<Said> = Variant {
    name: "at-least",
    about: "does not fall below a bound",
    read: |table| {
        let bound = table.get(bound());
        let own = table.end()?;
        Ok((ClaimKind::AtLeast(bound.take(&own)), Pairing::None))
    },
};

const SIGN: Variant<Said> = Variant {
    name: "sign",
    about: "is positive, or negative",
    read: |table| {
        let signs = Words(&[Sign::Positive, Sign::Negative]);
        let sign = table.get(key("sign", "Which one.", signs));
        let own = table.end()?;
        Ok((ClaimKind::Sign(sign.take(&own)), Pairing::None))
    },
};

const ZERO: Variant<Said> = Variant {
    name: "zero",
    about: "is 0 within a stated amount (a squared norm: by its score bound)",
    read: |table| {
        let about = "How far from 0 it may be, in the estimand's unit.";
        let absolute = table.get(key("absolute", about, POSITIVE));
        let own = table.end()?;
        Ok((ClaimKind::Zero(absolute.take(&own)), Pairing::None))
    },
};

/// The column along which arms are compared.
fn along(table: &mut Table<'_>) -> Got<String> {
    let about = "The column whose values are compared, among rows of one scenario that are equal in all other columns: a numeric one \
                 of arms, or `at`.";
    table.get(key("along", about, Line(Pattern::Column)))
}

const MONOTONE: Variant<Said> = Variant {
    name: "monotone",
    about: "falls, or rises, at every step along a column, on the same draws",
    read: |table| {
        let along = along(table);
        let directions = Words(&[Direction::Decreasing, Direction::Increasing]);
        let direction = table.get(key("direction", "Which way each step goes.", directions));
        let own = table.end()?;
        let along = along.take(&own);
        Ok((ClaimKind::Monotone(direction.take(&own)), Pairing::Steps { along }))
    },
};

const ORDERING: Variant<Said> = Variant {
    name: "ordering",
    about: "lies below, or above, that of a partner row, on the same draws",
    read: |table| {
        table.known(
            "versus",
            "Columns that replace those of a row in its partner, which is equal to it in all others and in the same scenario.",
            Kind::Columns { several: false },
            Absent::Required,
        );
        let sides = Words(&[Side::Below, Side::Above]);
        let about = "On which side of its partner a row lies.";
        let side = table.get(key("direction", about, sides));
        let factor = key(
            "factor",
            "The row is compared with this many times its partner, by the log ratio. For positive estimands.",
            POSITIVE,
        );
        let factor = table.find(factor, "the difference is compared with 0");
        let own = table.end()?;
        let (side, factor) = (side.take(&own), factor.take(&own));
        Ok((ClaimKind::Ordering { side, factor }, Pairing::Partners))
    },
};

#[derive(Debug, Clone, Copy, PartialEq)]
struct Theory;

named!(Theory {
    Theory => "theory": "the optimum that the study's theory names",
});

const AT: Either<At> = Either {
    expected: "a number or \"theory\"",
    forms: &[
        &Branch {
            form: Words(&[Theory]),
            into: |_| At::Theory,
            back: |at| (*at == At::Theory).then_some(Theory),
        },
        &Branch {
            form: Number(Range::FINITE),
            into: At::Number,
            back: |at| match at {
                At::Number(number) => Some(*number),
                At::Theory => None,
            },
        },
    ],
};

const OPTIMUM: Variant<Said> = Variant {
    name: "optimum",
    about: "is nowhere along a column smaller than at a stated arm by more than a factor, on the same draws",
    read: |table| {
        let along = along(table);
        let at = table.get(key("at", "Where along the column the claimed arm stands.", AT));
        let within = key(
            "within",
            "How much larger than that of any other arm the claimed arm's estimand may be, as a share of it. For positive estimands.",
            POSITIVE,
        );
        let within = table.get(within.or(WITHIN));
        let own = table.end()?;
        let (along, at, within) = (along.take(&own), at.take(&own), within.take(&own));
        Ok((ClaimKind::Optimum { within }, Pairing::Rivals { along, at }))
    },
};
