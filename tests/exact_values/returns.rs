//! What more responses are worth: gains of a budget and what doublings leave, by hand, against runs, and where there are none.

use super::{assert_close, dirichlet, method};
use mode_lottery::engine::{self, Study};
use mode_lottery::study::Question;
use mode_lottery::study::selection::{Measure, Method, Selection, Theta};
use mode_lottery::theory::budget::{Budget, Costs};
use mode_lottery::theory::redundancy::Clustering;
use mode_lottery::world::{BaseWeights, Clusters};
use std::sync::Arc;

const BASE: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
const ALPHA: f64 = 8.0;

fn budget(total: f64, prompt: f64, response: f64) -> Budget {
    let costs = Costs { prompt, response };
    Budget { total, costs }
}

/// An arm with K responses of as many prompts as the budget buys.
fn bought(by: Budget, responses: u32) -> Method {
    let mut own = method(by.prompts(responses).unwrap(), responses, None, Theta::Uniform);
    own.pool.budget = Some(by);
    own
}

fn study(arms: Vec<Method>) -> Selection {
    Selection::new(5, Arc::new(dirichlet(&BASE, ALPHA)), arms, vec![Measure::Returns]).unwrap()
}

/// Name, arm and exact value of each estimand.
fn values(study: &Selection) -> Vec<(&str, usize, f64)> {
    let own = study.estimands().iter().zip(crate::theory::exact(study));
    own.map(|(e, exact)| (e.name(), e.of.shown().unwrap(), exact.value().unwrap()))
        .collect()
}

/// V_x + V_{y|x}/K is in proportion to 1 + alpha/K.
fn law(prompts: f64, responses: f64) -> f64 {
    (1.0 + ALPHA / responses) / prompts
}

#[test]
fn a_gain_is_that_of_the_best_k_over_one_response() {
    // K* = sqrt(8 * 2) = 4: 333 prompts with one response, 166 with four.
    let by = budget(1000.0, 2.0, 1.0);
    let study = study([1, 2, 4, 8].map(|k| bought(by, k)).to_vec());
    let gains: Vec<_> = values(&study)
        .into_iter()
        .filter(|own| own.0 == "returns.gain")
        .collect();
    assert_eq!(gains.len(), 1, "{gains:?}");
    assert_eq!(gains[0].1, 0, "it is the arm's with K = 1");
    assert_close(gains[0].2, law(333.0, 1.0) / law(166.0, 4.0), "the gain");
    assert_eq!(study.optimum("responses"), Some(4.0));
}

#[test]
fn where_one_response_is_best_nothing_is_gained() {
    let by = budget(1000.0, 0.1, 1.0);
    let study = study([1, 2].map(|k| bought(by, k)).to_vec());
    assert_eq!(values(&study)[0], ("returns.gain", 0, 1.0));
}

/// V_x + V_{y|x} over V_x + V_{y|x}/K, of as many prompts; with prompts that repeat each other V_x counts as often.
#[test]
fn a_gain_over_one_response_is_that_of_the_law_and_falls_with_copies() {
    let arms = || vec![method(9, 1, None, Theta::Uniform), method(9, 4, None, Theta::Uniform)];
    let plain = study(arms());
    let found = values(&plain);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, "returns.over-one", 1));
    assert_close(found[0].2, (1.0 + ALPHA) / (1.0 + ALPHA / 4.0), "without copies");
    let base = BaseWeights::listed(&BASE).unwrap();
    let copied = Clusters::new(base, ALPHA, f64::INFINITY, Clustering::OfSize(3));
    let copied = Selection::new(5, Arc::new(copied), arms(), vec![Measure::Returns]).unwrap();
    assert_close(
        values(&copied)[0].2,
        (3.0 + ALPHA) / (3.0 + ALPHA / 4.0),
        "three copies",
    );
    let by = budget(100.0, 1.0, 1.0);
    let bought = study([1, 8].map(|k| bought(by, k)).to_vec());
    assert!(
        values(&bought).iter().all(|own| own.0 != "returns.over-one"),
        "a budget has `gain`"
    );
}

#[test]
fn a_doubling_leaves_what_the_law_says_of_as_many_prompts_or_of_the_same_budget() {
    let fixed = study([1, 2, 3, 4].map(|k| method(9, k, None, Theta::Uniform)).to_vec());
    let mut found = values(&fixed);
    found.retain(|own| own.0 == "returns.doubling");
    assert_eq!(
        found.iter().map(|own| own.1).collect::<Vec<_>>(),
        [0, 1],
        "1 to 2 and 2 to 4"
    );
    assert_close(found[0].2, 5.0 / 9.0, "(1 + 8/2)/(1 + 8)");
    assert_close(found[1].2, 3.0 / 5.0, "(1 + 8/4)/(1 + 8/2)");
    let by = budget(100.0, 1.0, 1.0);
    let bought = study([2, 4].map(|k| bought(by, k)).to_vec());
    assert_close(
        values(&bought)[0].2,
        law(20.0, 4.0) / law(33.0, 2.0),
        "a doubling of one budget",
    );
}

#[test]
fn without_the_other_arm_there_is_no_contrast() {
    let by = budget(1000.0, 2.0, 1.0);
    assert!(
        study(vec![bought(by, 1), bought(by, 3)]).estimands().is_empty(),
        "no arm at K = 4 or 2"
    );
    let other = budget(2000.0, 2.0, 1.0);
    assert!(
        study(vec![bought(by, 1), bought(other, 4)]).estimands().is_empty(),
        "another budget"
    );
    assert!(study(vec![method(9, 1, None, Theta::Uniform)]).estimands().is_empty());
}

#[test]
fn the_curve_of_a_doubling_is_its_value_at_other_arms() {
    let study = study([1, 2].map(|k| method(9, k, None, Theta::Uniform)).to_vec());
    for k in [1_u32, 3, 7] {
        let closed = law(1.0, 2.0 * f64::from(k)) / law(1.0, f64::from(k));
        assert_close(
            crate::theory::exact_at(&study, 0, "responses", k).unwrap(),
            closed,
            "the curve",
        );
    }
}

/// Paired: the standard error is that of the ratio on the same draws.
#[test]
fn runs_give_the_exact_gain_and_doublings() {
    let by = budget(200.0, 2.0, 1.0);
    let study = study([1, 2, 4, 8].map(|k| bought(by, k)).to_vec());
    let groups = engine::run(&study, 8_192).unwrap();
    let rows = engine::estimate(study.spec(), &groups);
    let exact = values(&study);
    assert_eq!(rows.len(), 4, "a gain and three doublings");
    for (row, (name, arm, exact)) in rows.iter().zip(&exact) {
        let found = row.measured.as_ref().unwrap().estimate();
        let z = (found.value - exact) / found.mcse;
        assert!(z.abs() < 4.0, "{name} of arm {arm}: z {z}");
        // Control: the same upside down.
        assert!(
            ((found.value - 1.0 / exact) / found.mcse).abs() > 4.0,
            "{name} {arm} {exact}"
        );
    }
}
