//! An estimand that is 0 within a stated amount.

use super::shared::POSITIVE;
use crate::experiment::claim::kind::{ClaimKind, KindKeys, Said, Statement};
use crate::format::keys::key;
use crate::study::TheoryRow;
use std::sync::Arc;

pub const ZERO: KindKeys = KindKeys {
    name: "zero",
    about: "is 0 within a stated amount (a squared norm: by its score bound)",
    read: |table| {
        let about = "How far from 0 it may be, in the estimand's unit.";
        let absolute = table.get(key("absolute", about, POSITIVE));
        let own = table.end()?;
        Ok(Arc::new(Zero(absolute.take(&own))))
    },
};

#[derive(Debug)]
struct Zero(f64);

impl ClaimKind for Zero {
    fn name(&self) -> &'static str {
        ZERO.name
    }

    fn words(&self, _: &str, _: &str) -> String {
        format!("is 0 within {}", self.0)
    }

    /// What is never below 0, as a squared norm or a share, has no lower bound: its upper bound has to be small.
    fn says(&self, _: TheoryRow, never_negative: bool) -> Said {
        let (target, margin) = (0.0, self.0);
        Said::One(match never_negative {
            true => Statement::AtMost(margin),
            false => Statement::AgreesWithin { target, margin },
        })
    }

    fn against(&self, _: Said) -> (f64, f64) {
        (0.0, self.0)
    }
}
