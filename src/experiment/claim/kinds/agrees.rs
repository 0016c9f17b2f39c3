//! An estimand that equals its exact value, its reference or a number, within a margin.

use super::shared::{POSITIVE, percent};
use crate::engine::{Estimand, Exact};
use crate::experiment::claim::kind::{ClaimKind, KindKeys, Said, Statement};
use crate::format::keys::{Branch, Either, Number, Range, Words, key, named};
use crate::study::TheoryRow;
use std::sync::Arc;

pub const AGREES: KindKeys = KindKeys {
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
        let target = table.get(key("target", about, TARGET).or(EXACT));
        let own = table.end()?;
        let margin = match (margin.take(&own), absolute.take(&own)) {
            (Some(margin), None) => Margin::Ratio(margin),
            (None, Some(absolute)) => Margin::Absolute(absolute),
            (Some(ratio), Some(absolute)) => Margin::Both { ratio, absolute },
            (None, None) => {
                return own.refuse(own.fault_here("`agrees` needs a `margin` (of the ratio) or `absolute`"));
            }
        };
        let target = target.take(&own);
        if let (Margin::Ratio(_), Target::Value(value @ ..=0.0)) = (margin, target) {
            let what = format!("{value} is out of range: a number above 0 is expected");
            return own.refuse(own.fault("target", what));
        }
        Ok(Arc::new(Agrees { target, margin }))
    },
};

#[derive(Debug)]
struct Agrees {
    target: Target,
    margin: Margin,
}

/// What is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Target {
    Theory(Theory),
    Value(f64),
}

const EXACT: Target = Target::Theory(Theory::Exact);

/// How far from it an estimand may be.
#[derive(Debug, Clone, Copy)]
enum Margin {
    /// The ratio stays within 1/(1+m) and 1+m.
    Ratio(f64),
    /// The difference stays within this.
    Absolute(f64),
    /// The difference stays within the absolute part plus this share of the target's size: for targets of which some are near 0.
    Both { ratio: f64, absolute: f64 },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Theory {
    Exact,
    Reference,
}

named!(Theory {
    Theory::Exact => "exact": "the exact value of each cell",
    Theory::Reference => "reference": "its reference, a value of theory that is not exact, named in estimates.csv",
});

const TARGET: Either<Target> = Either {
    expected: "a number, \"exact\" or \"reference\"",
    forms: &[
        &Branch {
            form: Words(&[Theory::Exact, Theory::Reference]),
            into: Target::Theory,
            back: |target| match target {
                Target::Theory(own) => Some(*own),
                _ => None,
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

impl ClaimKind for Agrees {
    fn name(&self) -> &'static str {
        AGREES.name
    }

    fn words(&self, _: &str, reference: &str) -> String {
        let target = match self.target {
            Target::Theory(Theory::Exact) => "its exact value".to_owned(),
            Target::Theory(Theory::Reference) => reference.to_owned(),
            Target::Value(value) => value.to_string(),
        };
        let within = match self.margin {
            Margin::Ratio(ratio) => percent(ratio),
            Margin::Absolute(absolute) => absolute.to_string(),
            Margin::Both { ratio, absolute } => format!("{absolute} and {} of it", percent(ratio)),
        };
        format!("equals {target} within {within}")
    }

    fn refusal(&self, estimand: &Estimand, theory: TheoryRow, place: &dyn Fn() -> String) -> Option<String> {
        let name = estimand.name();
        Some(match (self.target, self.margin, theory.exact) {
            (EXACT, _, Exact::None(why) | Exact::Undefined(why)) => format!(
                "{name} has no exact value at {} ({why}): give another `target`, or leave such rows out by `where` or `with-exact`",
                place()
            ),
            (Target::Theory(Theory::Reference), ..) if theory.reference.is_none() => format!(
                "{name} has no reference at {}: give another `target`, or leave such rows out by `where`",
                place()
            ),
            (EXACT, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 => format!(
                "the exact value of {name} at {} is {exact}, and a margin of the ratio needs a positive one: \
                 use `absolute`, or leave that cell out",
                place()
            ),
            (_, Margin::Ratio(_), Exact::Is(exact)) if exact <= 0.0 && estimand.functional.is_squared_norm() => {
                format!(
                    "{name} is 0 there by theory, so that its estimate may be below: use `absolute` instead of a margin of the ratio"
                )
            }
            _ => return None,
        })
    }

    fn says(&self, theory: TheoryRow, _: bool) -> Said {
        // Where there is none validation refused it, and no verdict follows from NaN.
        let target = self.number(theory).unwrap_or(f64::NAN);
        Said::One(match self.margin {
            Margin::Ratio(margin) => Statement::AgreesByRatio { target, margin },
            Margin::Absolute(margin) => Statement::AgreesWithin { target, margin },
            Margin::Both { ratio, absolute } => Statement::AgreesWithin {
                target,
                margin: absolute + ratio * target.abs(),
            },
        })
    }

    fn number(&self, theory: TheoryRow) -> Option<f64> {
        match self.target {
            Target::Theory(Theory::Exact) => theory.exact.value(),
            Target::Theory(Theory::Reference) => theory.reference.map(|own| own.value),
            Target::Value(value) => Some(value),
        }
    }
}
