//! False verdicts of claims about shares, down to events that are hardly ever seen, where standard errors fail.

use super::{rate, three_errors};
use crate::inference::cell::{Measured, Statement};
use crate::inference::claim::{Claim, Verdict, judge};
use crate::inference::groups::Groups;
use crate::inference::jackknife::jackknife;
use crate::inference::proportion::Proportion;
use crate::inference::testing::{SplitMix, grouped};

const ALPHA: f64 = 0.05;
const RUNS: u32 = 4000;
const GROUPS: usize = 40;
const SIZE: u64 = 16;
/// Replicates of a run.
const DRAWN: f64 = 640.0;

fn run(rng: &mut SplitMix, probability: f64) -> Groups {
    grouped(GROUPS, SIZE, 1, |out| {
        out[0] = f64::from(u8::from(rng.uniform() < probability))
    })
}

fn share(groups: &Groups) -> Measured {
    let estimate = jackknife(groups, |means| means.mean(0));
    Measured::Proportion(Proportion::new(
        estimate,
        groups.total().sums[0] as u64,
        groups.total().valid[0],
    ))
}

/// The control: the share as any other mean, by its standard error.
fn smooth(groups: &Groups) -> Measured {
    Measured::Smooth(jackknife(groups, |means| means.mean(0)))
}

/// Shares of confirmed and refuted runs.
fn verdicts(seed: u64, truth: f64, statement: Statement, measure: fn(&Groups) -> Measured) -> (f64, f64) {
    let share_of = |wanted| {
        let mut rng = SplitMix::new(seed);
        rate(RUNS, || {
            let cell = statement.judge(&measure(&run(&mut rng, truth)), ALPHA);
            judge(&[Claim::new(vec![cell], 1)], ALPHA)[0].verdict == wanted
        })
    };
    (share_of(Verdict::Confirmed), share_of(Verdict::Refuted))
}

/// At the boundary of each statement, from an event that is missing in half of the runs to one that is hardly ever missing.
#[test]
fn a_share_at_a_boundary_gets_a_false_verdict_no_more_often_than_alpha_says() {
    let most = ALPHA + three_errors(ALPHA, RUNS);
    for (seed, truth) in (500..).zip([1.0 / DRAWN, 3.0 / DRAWN, 0.02, 0.5, 1.0 - 1.0 / DRAWN]) {
        for statement in [
            Statement::AtMost(truth),
            Statement::AtLeast(truth),
            Statement::AgreesWithin {
                target: 0.0,
                margin: truth,
            },
            Statement::AgreesWithin {
                target: truth - 0.01,
                margin: 0.01,
            },
            Statement::AgreesByRatio {
                target: 1.25 * truth,
                margin: 0.25,
            },
        ] {
            let (confirmed, refuted) = verdicts(seed, truth, statement, share);
            println!("{truth:.4} {statement:?}: {confirmed:.4} {refuted:.4}");
            assert!(
                confirmed <= most && refuted <= most,
                "{truth} {statement:?}: {confirmed} {refuted}"
            );
        }
    }
}

#[test]
fn the_interval_of_a_share_covers_at_least_as_often_as_it_says() {
    for (seed, truth) in (520..).zip([0.5 / DRAWN, 2.0 / DRAWN, 0.05, 0.7]) {
        let covers = |measure: fn(&Groups) -> Measured| {
            let mut rng = SplitMix::new(seed);
            rate(RUNS, || {
                let cell = Statement::AtMost(1.0).judge(&measure(&run(&mut rng, truth)), ALPHA);
                cell.expect("evidence").interval.contains(truth)
            })
        };
        let (exact, by_error) = (covers(share), covers(smooth));
        println!("{truth:.4}: covered {exact:.4}, by the standard error {by_error:.4}");
        assert!(exact >= 0.9 - three_errors(0.9, RUNS), "{truth}: {exact}");
        // The control: a rare event is mostly not covered, for want of an interval.
        assert!(truth > 0.004 || by_error < 0.88, "{truth}: {by_error}");
    }
}

/// What is claimed is false by a tenth, and the event is unseen in 37 % of the runs.
#[test]
fn without_binomial_tails_unseen_events_would_prove_what_is_false() {
    let truth = 1.0 / DRAWN;
    for statement in [
        Statement::AtMost(0.9 * truth),
        Statement::AgreesWithin {
            target: 0.0,
            margin: 0.9 * truth,
        },
    ] {
        let (confirmed, _) = verdicts(540, truth, statement, smooth);
        println!("by the standard error, {statement:?} confirmed: {confirmed:.4}");
        // (1 - 1/640)^640 = 0.3676.
        assert!((confirmed - 0.3676).abs() < three_errors(0.3676, RUNS), "{confirmed}");
        assert_eq!(verdicts(540, truth, statement, share).0, 0.0);
    }
}

/// The rule does not only abstain: 640 replicates without the event do show that it is rarer than one in a hundred, and an event
/// as frequent as one in twenty is not taken for such.
#[test]
fn true_statements_about_rare_events_are_confirmed_and_false_ones_refuted() {
    let rare = Statement::AgreesWithin {
        target: 0.001,
        margin: 0.01,
    };
    assert_eq!(verdicts(550, 0.0, rare, share), (1.0, 0.0));
    let (confirmed, refuted) = verdicts(551, 0.05, rare, share);
    assert!(confirmed == 0.0 && refuted > 0.99, "{confirmed} {refuted}");
}
