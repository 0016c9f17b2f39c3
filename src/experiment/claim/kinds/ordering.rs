//! An estimand that lies below, or above, that of a partner row, or a multiple of it.

use super::shared::POSITIVE;
use crate::experiment::claim::kind::{ClaimKind, Comparison, Contrast, KindKeys, Pairing, Said};
use crate::format::keys::{Absent, Kind, Named, Words, key, named};
use crate::numerics::elementary::ln;
use crate::study::TheoryRow;
use std::sync::Arc;

pub const ORDERING: KindKeys = KindKeys {
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
        Ok(Arc::new(Ordering { side, factor }))
    },
};

#[derive(Debug)]
struct Ordering {
    side: Side,
    factor: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Below,
    Above,
}

named!(Side {
    Side::Below => "below",
    Side::Above => "above",
});

impl ClaimKind for Ordering {
    fn name(&self) -> &'static str {
        ORDERING.name
    }

    fn words(&self, versus: &str, _: &str) -> String {
        let times = self.factor.map_or(String::new(), |factor| format!(" {factor} times"));
        format!("is {}{times} that at {versus}", self.side.name())
    }

    fn pairing(&self) -> Pairing<'_> {
        Pairing::Partners
    }

    fn says(&self, _: TheoryRow, _: bool) -> Said {
        let (contrast, bound) = match self.factor {
            None => (Contrast::Difference, 0.0),
            Some(factor) => (Contrast::LogRatio, ln(factor)),
        };
        let comparison = match self.side {
            Side::Below => Comparison::Below(bound),
            Side::Above => Comparison::Above(bound),
        };
        Said::Two(contrast, comparison)
    }

    fn against(&self, _: Said) -> (f64, f64) {
        self.factor.map_or((0.0, 0.0), |factor| (factor, factor))
    }
}
