//! What the study says where an angle is 0, where there is none, and what a reader of claims is told of it.

use super::{arm, embedded};
use crate::theory::{exact, exact_at};
use mode_lottery::engine::{self, Functional, Study};
use mode_lottery::inference::cell::Measured;
use mode_lottery::select::Selector;
use mode_lottery::study::alignment::{Alignment, Measure, PathArm};
use mode_lottery::study::registry::STUDIES;
use mode_lottery::theory::gradient_path::Along;
use std::collections::BTreeSet;
use std::sync::Arc;

const WEIGHTS: [f64; 4] = [4.0, 3.0, 2.0, 1.0];

fn study(arms: Vec<PathArm>, steps: &[u32], noise: f64) -> Alignment {
    let world = embedded(&WEIGHTS, 3.0, vec![0.2, 0.1, 0.9, 0.5], [0.0, noise]);
    Alignment::new(
        5,
        Arc::new(world),
        arms,
        vec![Measure::Alignment, Measure::Path],
        steps.to_vec(),
    )
    .unwrap()
}

/// What each estimand came to, with its name and step.
fn measured(study: &Alignment, replicates: u64) -> Vec<(String, String, Option<Measured>)> {
    let groups = engine::run(study, replicates).unwrap();
    let rows = engine::estimate(study.spec(), &groups);
    let named = rows.iter().zip(&study.spec().estimands);
    named
        .map(|(row, estimand)| (estimand.name().to_owned(), estimand.at.to_string(), row.measured))
        .collect()
}

#[test]
fn random_selection_has_the_angle_0_exactly_and_by_the_score() {
    for along in [Along::Own, Along::Truth] {
        let study = study(vec![arm(Selector::Random, (8, 2, 2), along, 1.0)], &[0, 5], 0.0);
        for (estimand, exact) in study.spec().estimands.iter().zip(exact(&study)) {
            match estimand.name() {
                "alignment.misalignment" => assert_eq!(exact.value(), Some(0.0)),
                "alignment.cosine" => assert_eq!(exact.value(), Some(1.0)),
                _ => assert!(exact.value().is_some()),
            }
        }
        for (name, at, measured) in measured(&study, 8192) {
            if let (Some(Measured::Angle(norm)), "alignment.misalignment") = (measured, name.as_str()) {
                // 1 - 1e-4 is the level of this check: false alarms of 1e-4 for each of four norms.
                assert!(
                    norm.p_above(0.0) > 1e-4 && norm.p_below(0.05) < 1e-4,
                    "step {at}: {norm:?}"
                );
            }
        }
    }
}

/// The control: the same bound finds an angle where there is one.
#[test]
fn best_of_more_has_an_angle_by_the_score() {
    let study = study(vec![arm(Selector::Best, (8, 2, 6), Along::Own, 1.0)], &[0, 5], 0.0);
    let norms = measured(&study, 8192)
        .into_iter()
        .filter_map(|(name, _, measured)| match (measured, name.as_str()) {
            (Some(Measured::Angle(norm)), "alignment.misalignment") => Some(norm),
            _ => None,
        });
    let norms: Vec<_> = norms.collect();
    assert_eq!(norms.len(), 2);
    assert!(norms.iter().all(|norm| norm.p_above(0.05) < 1e-6));
}

/// After 2000 steps the policy has learned the truth: what is left of the true gradient is below 1e-6.
#[test]
fn a_gradient_of_no_length_has_no_row_value() {
    for selector in [Selector::Random, Selector::Best] {
        let study = study(vec![arm(selector, (8, 2, 6), Along::Truth, 1.0)], &[1, 2000], 0.0);
        for (estimand, exact) in study.spec().estimands.iter().zip(exact(&study)) {
            let angle = ["alignment.cosine", "alignment.misalignment"].contains(&estimand.name());
            let none = angle && estimand.at == "2000";
            assert_eq!(
                matches!(estimand.functional, Functional::TheoryOnly),
                none,
                "{estimand:?}"
            );
            assert_eq!(exact.is_none(), none, "{estimand:?}");
        }
        let none = measured(&study, 64)
            .into_iter()
            .filter(|(.., measured)| measured.is_none());
        assert_eq!(none.count(), 2);
    }
}

/// Without an exact law nobody knows beforehand: keeping every candidate, whose embeddings have noise, the path is learned.
#[test]
fn where_no_law_is_known_an_angle_that_does_not_exist_is_no_number() {
    let study = study(
        vec![arm(Selector::Diverse, (8, 3, 3), Along::Own, 1.0)],
        &[1, 2000],
        0.5,
    );
    for (name, at, measured) in measured(&study, 256) {
        let angle = name == "alignment.cosine" || name == "alignment.misalignment";
        let value = measured.expect("an estimate").estimate().value;
        assert_eq!(value.is_nan(), angle && at == "2000", "{name} {at}");
    }
    for (estimand, exact) in study.spec().estimands.iter().zip(exact(&study)) {
        assert_eq!(exact.value(), None, "{}", estimand.name());
    }
}

/// The true path is known whatever is kept.
#[test]
fn the_true_path_is_exact_without_a_law() {
    let study = study(vec![arm(Selector::Diverse, (8, 2, 3), Along::Truth, 1.0)], &[0, 3], 0.5);
    for (estimand, exact) in study.spec().estimands.iter().zip(exact(&study)) {
        let of_path = ["alignment.true-norm", "path.excess-nll"].contains(&estimand.name());
        assert_eq!(exact.value().is_some(), of_path, "{}", estimand.name());
    }
}

#[test]
fn exact_curves_pass_through_the_rows() {
    let arms = [Along::Own, Along::Truth].map(|along| arm(Selector::Best, (8, 2, 6), along, 0.5));
    let study = study(arms.to_vec(), &[0, 3, 7], 0.0);
    let (spec, known) = (study.spec(), exact(&study));
    for (index, estimand) in spec.estimands.iter().enumerate() {
        for at in [0, 3, 7] {
            let same = |other: &&engine::Estimand| {
                (&other.of, other.name(), other.at.as_str()) == (&estimand.of, estimand.name(), &at.to_string())
            };
            let other = spec.estimands.iter().position(|other| same(&other)).unwrap();
            assert_eq!(
                exact_at(&study, index, "at", at),
                known[other].value(),
                "{estimand:?} {at}"
            );
        }
        assert_eq!(exact_at(&study, index, "prompts", 99), known[index].value());
        assert_eq!(exact_at(&study, index, "responses", 2), known[index].value());
        assert_eq!(exact_at(&study, index, "responses", 7), None, "more than there are");
        assert_eq!(exact_at(&study, index, "path.rate", 1), None);
    }
}

/// An estimand that was documented and not computed, or the other way, would be found here.
#[test]
fn every_documented_quantity_is_estimated_in_order() {
    let study = study(vec![arm(Selector::Best, (8, 2, 6), Along::Own, 1.0)], &[4], 0.0);
    let found: Vec<&str> = study.spec().estimands.iter().map(|e| e.name()).collect();
    let stated = [Measure::Alignment, Measure::Path].map(|measure| measure.kind().estimands);
    let expected: Vec<&str> = stated.into_iter().flatten().map(|kind| kind.name).collect();
    assert_eq!(found, expected);
    let doc = STUDIES.iter().find(|doc| doc.name == "alignment").unwrap();
    let all = Measure::ALL.iter().flat_map(|measure| measure.kind().estimands);
    let quantities: BTreeSet<&str> = all.map(|kind| kind.quantity.name).collect();
    let told: BTreeSet<&str> = doc.quantities().iter().map(|own| own.name).collect();
    assert_eq!(told, quantities);
    assert_eq!(doc.quantities().len(), told.len(), "each once");
}
