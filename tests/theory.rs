//! What theory says of a study, with every exact job worked out.

use mode_lottery::engine::{Exact, ExactCache};
use mode_lottery::study::{Question, TheoryRow};

/// What it says of each estimand.
pub fn rows(study: &dyn Question) -> Vec<TheoryRow> {
    let mut theory = study.theory(&ExactCache::on_demand());
    (0..study.estimands().len())
        .map(|estimand| theory.row(estimand))
        .collect()
}

/// What it says of the first estimand of this name.
pub fn named(study: &dyn Question, name: &str) -> TheoryRow {
    let place = study.estimands().iter().position(|own| own.name() == name);
    rows(study)[place.unwrap_or_else(|| panic!("no {name}"))]
}

/// The exact value of each estimand.
pub fn exact(study: &dyn Question) -> Vec<Exact> {
    rows(study).into_iter().map(|row| row.exact).collect()
}

/// A point of an exact curve.
pub fn exact_at(study: &dyn Question, estimand: usize, key: &str, value: u32) -> Option<f64> {
    let mut theory = study.theory(&ExactCache::on_demand());
    theory.exact_along(estimand, key, &[value])[0]
}
