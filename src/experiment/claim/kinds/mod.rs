//! The kinds of claims, each in a file of its own: its keys, its words, and what it says of a cell.

mod agrees;
mod bounds;
mod monotone;
mod optimum;
mod ordering;
mod shared;
mod sign;
mod zero;

use super::kind::KindKeys;

/// All of them.
pub(super) const KINDS: &[&KindKeys] = &[
    &agrees::AGREES,
    &bounds::AT_MOST,
    &bounds::AT_LEAST,
    &sign::SIGN,
    &zero::ZERO,
    &monotone::MONOTONE,
    &ordering::ORDERING,
    &optimum::OPTIMUM,
];
