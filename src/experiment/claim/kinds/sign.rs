//! An estimand that is positive, or negative.

use crate::experiment::claim::kind::{ClaimKind, KindKeys, Said, Statement};
use crate::format::keys::{Named, Words, key, named};
use crate::study::TheoryRow;
use std::sync::Arc;

pub const SIGN: KindKeys = KindKeys {
    name: "sign",
    about: "is positive, or negative",
    read: |table| {
        let signs = Words(&[Sign::Positive, Sign::Negative]);
        let sign = table.get(key("sign", "Which one.", signs));
        let own = table.end()?;
        Ok(Arc::new(sign.take(&own)))
    },
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Positive,
    Negative,
}

named!(Sign {
    Sign::Positive => "positive",
    Sign::Negative => "negative",
});

impl ClaimKind for Sign {
    fn name(&self) -> &'static str {
        SIGN.name
    }

    fn words(&self, _: &str, _: &str) -> String {
        format!("is {}", Named::name(*self))
    }

    fn says(&self, _: TheoryRow, _: bool) -> Said {
        Said::One(match self {
            Self::Positive => Statement::Positive,
            Self::Negative => Statement::Negative,
        })
    }
}
