//! An estimand that falls, or rises, at every step along a column.

use super::shared::along;
use crate::experiment::claim::kind::{ClaimKind, Comparison, Contrast, KindKeys, Pairing, Said};
use crate::format::keys::{Words, key, named};
use crate::study::TheoryRow;
use std::sync::Arc;

pub const MONOTONE: KindKeys = KindKeys {
    name: "monotone",
    about: "falls, or rises, at every step along a column, on the same draws",
    read: |table| {
        let along = along(table);
        let directions = Words(&[Direction::Decreasing, Direction::Increasing]);
        let direction = table.get(key("direction", "Which way each step goes.", directions));
        let own = table.end()?;
        let (along, direction) = (along.take(&own), direction.take(&own));
        Ok(Arc::new(Monotone { along, direction }))
    },
};

#[derive(Debug)]
struct Monotone {
    along: String,
    direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Direction {
    Decreasing,
    Increasing,
}

named!(Direction {
    Direction::Decreasing => "decreasing",
    Direction::Increasing => "increasing",
});

impl ClaimKind for Monotone {
    fn name(&self) -> &'static str {
        MONOTONE.name
    }

    fn words(&self, _: &str, _: &str) -> String {
        let goes = match self.direction {
            Direction::Decreasing => "falls",
            Direction::Increasing => "rises",
        };
        format!("{goes} at every step along {}", self.along)
    }

    fn pairing(&self) -> Pairing<'_> {
        Pairing::Steps(&self.along)
    }

    fn says(&self, _: TheoryRow, _: bool) -> Said {
        let comparison = match self.direction {
            Direction::Decreasing => Comparison::Below(0.0),
            Direction::Increasing => Comparison::Above(0.0),
        };
        Said::Two(Contrast::Difference, comparison)
    }
}
