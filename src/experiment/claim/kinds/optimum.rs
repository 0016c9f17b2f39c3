//! An estimand that is smallest at a stated arm, up to a factor.

use super::shared::{POSITIVE, along, percent};
use crate::experiment::claim::kind::{ClaimKind, Comparison, Contrast, KindKeys, Pairing, Said};
use crate::format::keys::{Branch, Either, Number, Range, Words, key, named};
use crate::numerics::elementary::ln;
use crate::numerics::text::float;
use crate::study::TheoryRow;
use std::sync::Arc;

/// The factor where a claim names none: 2 % more than the best is as good as the best.
const WITHIN: f64 = 0.02;

pub const OPTIMUM: KindKeys = KindKeys {
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
        Ok(Arc::new(Optimum { along, at, within }))
    },
};

#[derive(Debug)]
struct Optimum {
    along: String,
    /// Where the claimed arm stands; none where theory says it.
    at: Option<f64>,
    /// A share: the claimed arm's is above no other by more than a factor of 1 plus this.
    within: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct ByTheory;

named!(ByTheory {
    ByTheory => "theory": "the optimum that the study's theory names",
});

const AT: Either<Option<f64>> = Either {
    expected: "a number or \"theory\"",
    forms: &[
        &Branch {
            form: Words(&[ByTheory]),
            into: |_| None,
            back: |at| at.is_none().then_some(ByTheory),
        },
        &Branch {
            form: Number(Range::FINITE),
            into: Some,
            back: |at| *at,
        },
    ],
};

impl ClaimKind for Optimum {
    fn name(&self) -> &'static str {
        OPTIMUM.name
    }

    fn words(&self, _: &str, _: &str) -> String {
        let Self { along, at, within } = self;
        let at = at.map_or("the optimum of theory".to_owned(), float);
        let within = percent(*within);
        format!("at {along} = {at} is within {within} of the smallest along {along}")
    }

    fn pairing(&self) -> Pairing<'_> {
        Pairing::Rivals(&self.along, self.at)
    }

    fn says(&self, _: TheoryRow, _: bool) -> Said {
        Said::Two(Contrast::LogRatio, Comparison::AtMost(ln(1.0 + self.within)))
    }

    fn against(&self, _: Said) -> (f64, f64) {
        (1.0, self.within)
    }
}
