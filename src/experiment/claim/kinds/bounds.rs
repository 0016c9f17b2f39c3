//! An estimand that does not exceed a bound, or does not fall below one.

use crate::experiment::claim::kind::{ClaimKind, KindKeys, Said, Statement};
use crate::format::keys::{Number, Range, Read, Table, key};
use crate::study::TheoryRow;
use std::sync::Arc;

pub const AT_MOST: KindKeys = KindKeys {
    name: "at-most",
    about: "does not exceed a bound",
    read: |table| read(table, Bound::AtMost),
};

pub const AT_LEAST: KindKeys = KindKeys {
    name: "at-least",
    about: "does not fall below a bound",
    read: |table| read(table, Bound::AtLeast),
};

#[derive(Debug)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

fn read(table: &mut Table<'_>, of: fn(f64) -> Bound) -> Read<Arc<dyn ClaimKind>> {
    let bound = key("bound", "The bound, in the estimand's unit.", Number(Range::FINITE));
    let bound = table.get(bound);
    let own = table.end()?;
    Ok(Arc::new(of(bound.take(&own))))
}

impl ClaimKind for Bound {
    fn name(&self) -> &'static str {
        match self {
            Self::AtMost(_) => AT_MOST.name,
            Self::AtLeast(_) => AT_LEAST.name,
        }
    }

    fn words(&self, _: &str, _: &str) -> String {
        match self {
            Self::AtMost(bound) => format!("is at most {bound}"),
            Self::AtLeast(bound) => format!("is at least {bound}"),
        }
    }

    fn says(&self, _: TheoryRow, _: bool) -> Said {
        Said::One(match *self {
            Self::AtMost(bound) => Statement::AtMost(bound),
            Self::AtLeast(bound) => Statement::AtLeast(bound),
        })
    }
}
