//! What is kept of drawn scenarios says what their group sums said, whichever way these were at hand.

use super::*;
use crate::engine::{self, ExactCache, NoStore};
use crate::experiment::parse;
use crate::session::{Drawing, Session};

/// Claims of single rows and of pairs, whose cells lie in both scenarios; of one, both orders hold somewhere.
const FILE: &str = r#"title = "Two scenarios"
study = "selection"
seed = 11
measures = ["mode-mass"]
world = { kind = "embedded", base = [0.4, 0.3, 0.2, 0.1], concentration = 2.0, reward = [0.3, 0.9, 0.1, 0.6] }
arms = { prompts = 3, candidates = 6, grid = { selector = ["random", "best"], responses = [1, 2] } }
sweep.grid = { "world.concentration" = [1.0, 4.0] }
run.replicates = 4_000
[[claims]]
kind = "ordering"
name = "falls"
statement = "s"
estimand = "mode-mass.variance"
where = { responses = 2, selector = "random" }
versus = { responses = 1 }
direction = "below"
[[claims]]
kind = "at-most"
name = "small"
statement = "s"
estimand = "mode-mass.emse"
where = { selector = "random", responses = 1 }
bound = 0.2
[[claims]]
kind = "ordering"
name = "best-is-better"
statement = "s"
estimand = "mode-mass.emse"
where = { selector = "best", responses = 1 }
versus = { selector = "random" }
direction = "below"
expect = "refuted"
"#;

fn experiment() -> Experiment {
    let read = parse("x", "x.toml", FILE.to_owned(), &[]).and_then(|own| own.settle(ExactCache::on_demand()));
    read.unwrap_or_else(|faults| panic!("{faults}"))
}

fn told(judged: &[Judged]) -> Vec<String> {
    judged.iter().map(|own| format!("{:?}", own.record)).collect()
}

#[test]
fn sums_that_were_let_go_change_nothing() {
    let own = experiment();
    let mut drawing = Drawing::new(&own);
    let findings = drawing.run(&own, &NoStore, &()).unwrap();
    assert_eq!(findings.scenarios(), 2);
    assert!(drawing.take(0).is_none() && drawing.take(2).is_none(), "they are gone");
    let groups: Vec<Groups> = own
        .scenarios
        .iter()
        .map(|own| engine::run(own.study.as_ref(), 4_000).unwrap())
        .collect();
    let totals = groups.iter().map(|own| own.total().clone());
    assert!(totals.eq(findings.totals.iter().cloned()));
    let judged = told(&findings.judge(&own));
    assert_eq!(judged, told(&judge(&own, &groups)));
    let mut session = Session::new(experiment());
    session.run(&NoStore, &()).unwrap();
    let outcome = session.outcome();
    assert_eq!(outcome.estimates, findings.estimates);
    assert_eq!(judged, told(&outcome.claims));
}

/// Each claim speaks of the numbers of its own cells: those of its rows in the table.
#[test]
fn a_claim_rests_on_cells_of_its_own() {
    let own = experiment();
    let findings = Drawing::new(&own).run(&own, &NoStore, &()).unwrap();
    let cells = findings.cells(&own);
    let counts: Vec<usize> = own.claims.iter().map(|claim| claim.cells.len()).collect();
    assert_eq!(cells.iter().map(Vec::len).collect::<Vec<_>>(), counts);
    let rows: Vec<_> = own.rows().collect();
    for (&cell, found) in own.claims[1].cells.iter().zip(&cells[1]) {
        let at = rows.iter().position(|row| *row == cell.first()).unwrap();
        let judged = found.evidence.and_then(|own| own.judge(0.05)).unwrap();
        assert_eq!(Some(judged.estimate.value), findings.estimates[at].estimate);
    }
}

/// Sums are there until they are taken, and not before nothing more is drawn.
#[test]
fn a_scenario_is_taken_once_and_when_it_is_whole() {
    let own = experiment();
    let mut drawing = Drawing::new(&own);
    assert!(drawing.take(0).is_none(), "nothing is drawn");
    assert_eq!(drawing.standing(&own, 0).total().replicates, 0);
    assert!(drawing.advance(&own, &NoStore, &()).unwrap());
    let replicates = drawing.standing(&own, 0).total().replicates;
    assert_eq!(drawing.take(0).map(|own| own.total().replicates), Some(replicates));
    assert!(drawing.take(0).is_none() && drawing.take(1).is_none());
}
