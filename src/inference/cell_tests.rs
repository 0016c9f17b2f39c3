//! Statements about single estimates: p-values by hand, the interval beside the verdict, and what is not judged.

use super::*;
use crate::inference::mass::Mass;

fn estimate(value: f64, mcse: f64) -> Estimate {
    Estimate {
        value,
        mcse,
        df: 63.0,
        replicates: 640,
    }
}

fn judged(statement: Statement, value: f64, mcse: f64) -> Cell {
    statement
        .judge(&Measured::Smooth(estimate(value, mcse)), 0.05)
        .expect("evidence")
}

const RATIO: Statement = Statement::AgreesByRatio {
    target: 2.0,
    margin: 0.1,
};
const WITHIN: Statement = Statement::AgreesWithin {
    target: -1.0,
    margin: 0.5,
};

#[test]
fn one_sided_statements_are_one_sided_t_tests() {
    // t = 2 on 63 degrees of freedom: 0.024913 (numerical integration, five digits by table 26.10's interpolation).
    let p = student_above(2.0, 63.0);
    assert!((p - 0.0249).abs() < 1e-4);
    for (statement, value, p_confirm, p_refute) in [
        (Statement::AtMost(5.0), 4.0, p, 1.0 - p),
        (Statement::AtMost(5.0), 6.0, 1.0 - p, p),
        (Statement::AtLeast(5.0), 6.0, p, 1.0 - p),
        (Statement::Positive, 1.0, p, 1.0 - p),
        (Statement::Negative, 1.0, 1.0 - p, p),
    ] {
        let cell = judged(statement, value, 0.5);
        assert!((cell.p_confirm - p_confirm).abs() < 1e-12, "{statement:?} {cell:?}");
        assert!((cell.p_refute - p_refute).abs() < 1e-12, "{statement:?} {cell:?}");
        assert!(!cell.exact);
    }
}

#[test]
fn agreement_takes_the_worse_of_two_one_sided_tests() {
    let low = judged(Statement::AtLeast(-1.5), -1.2, 0.1).p_confirm;
    let high = judged(Statement::AtMost(-0.5), -1.2, 0.1).p_confirm;
    assert_eq!(judged(WITHIN, -1.2, 0.1).p_confirm, low.max(high));
    // By ratio: ln(2.1/2) against ln 1.1, error .02/2.1.
    let t = (ln(1.1) - ln(1.05)) / (0.02 / 2.1);
    assert!((judged(RATIO, 2.1, 0.02).p_confirm - student_above(t, 63.0)).abs() < 1e-12);
    // 1/1.1 is the margin below: an estimate there is as undecided as one at 1.1.
    for edge in [2.0 / 1.1, 2.2] {
        assert!((judged(RATIO, edge, 0.01).p_confirm - 0.5).abs() < 1e-9);
    }
}

#[test]
fn refutation_of_agreement_counts_both_tails() {
    // With no margin it is the two-sided test.
    let point = Statement::AgreesWithin {
        target: 0.0,
        margin: 0.0,
    };
    let two_sided = 2.0 * student_above(2.0, 63.0);
    assert!((judged(point, -1.0, 0.5).p_refute - two_sided).abs() < 1e-12);
    // With a wide one the far tail is empty.
    let near = judged(WITHIN, 0.0, 0.1).p_refute;
    assert!((near - student_above(5.0, 63.0)).abs() < 1e-12);
    assert!(judged(WITHIN, -1.0, 0.1).p_refute > 0.999);
}

#[test]
fn the_interval_lies_within_the_margins_exactly_when_the_cell_confirms() {
    for step in 0..200 {
        let value = 1.7 + 0.004 * f64::from(step);
        let cell = judged(RATIO, value, 0.03);
        let inside = cell.interval.low >= 2.0 / 1.1 && cell.interval.high <= 2.2;
        assert_eq!(cell.p_confirm <= 0.05, inside, "{value}");
    }
}

#[test]
fn without_noise_a_statement_is_true_or_false() {
    let truth = |statement, value| {
        let cell = judged(statement, value, 0.0);
        assert!(cell.exact);
        (cell.p_confirm, cell.p_refute)
    };
    assert_eq!(
        truth(Statement::AtMost(0.3), 0.1 + 0.2),
        (0.0, 1.0),
        "equal up to rounding"
    );
    assert_eq!(truth(Statement::AtMost(0.3), 0.300_001), (1.0, 0.0));
    assert_eq!(truth(Statement::AtLeast(0.3), 0.1 + 0.2), (0.0, 1.0));
    assert_eq!(truth(Statement::Positive, 0.0), (1.0, 0.0));
    assert_eq!(truth(Statement::Negative, 0.0), (1.0, 0.0));
    assert_eq!(truth(RATIO, 2.2), (0.0, 1.0));
    assert_eq!(truth(RATIO, 2.3), (1.0, 0.0));
    assert_eq!(truth(WITHIN, -1.5), (0.0, 1.0));
    assert_eq!(truth(WITHIN, -1.51), (1.0, 0.0));
}

#[test]
fn what_cannot_be_judged_says_why() {
    let judge = |statement: Statement, estimate| statement.judge(&Measured::Smooth(estimate), 0.05).unwrap_err();
    let few = Estimate {
        df: 18.0,
        ..estimate(1.0, 0.1)
    };
    assert_eq!(judge(Statement::Positive, few), NoVerdict::TooFewGroups);
    assert!(
        Statement::Positive
            .judge(&Measured::Smooth(Estimate { df: 19.0, ..few }), 0.05)
            .is_ok()
    );
    assert_eq!(
        judge(Statement::Positive, estimate(f64::NAN, 0.1)),
        NoVerdict::NotFinite
    );
    assert_eq!(
        judge(Statement::Positive, estimate(1.0, f64::NAN)),
        NoVerdict::NotFinite
    );
    assert_eq!(
        judge(Statement::AtMost(f64::INFINITY), estimate(1.0, 0.1)),
        NoVerdict::NotFinite
    );
    assert_eq!(judge(RATIO, estimate(-0.1, 0.1)), NoVerdict::NotPositive);
}

/// What never varied may never have been seen.
#[test]
fn a_value_without_noise_needs_an_exact_value_that_agrees() {
    let judge = |statement: Statement, exact, value, mcse| {
        let measured = Measured::Smooth(estimate(value, mcse));
        statement
            .judge_beside(exact, &measured, 0.05)
            .map(|cell| cell.p_confirm)
    };
    let rare = Statement::AtMost(1e-8);
    assert_eq!(judge(rare, None, 0.0, 0.0), Err(NoVerdict::NeverVaried));
    assert_eq!(judge(rare, Some(1e-7), 0.0, 0.0), Err(NoVerdict::NeverVaried));
    // Up to rounding it is what theory says: the norm of a gradient on a path that does not depend on the draws.
    assert_eq!(judge(Statement::AtMost(0.3), Some(0.1 + 0.2), 0.3, 0.0), Ok(0.0));
    assert_eq!(judge(Statement::AtMost(0.2), Some(0.1 + 0.2), 0.3, 0.0), Ok(1.0));
    // With noise nothing changes, whatever theory says.
    let p = judge(rare, None, 0.0, 1e-9).expect("evidence");
    assert_eq!(judge(rare, Some(1e-7), 0.0, 1e-9), Ok(p));
    assert!(p < 1e-6);
}

/// A mass of mean c is seen in a share c of replicates at least: in none of 640 with probability (1 - c)^640 at most.
#[test]
fn a_mass_that_was_never_seen_is_bounded_by_the_replicates() {
    let judge = |statement: Statement, value| {
        let measured = Measured::Mass(Mass::new(estimate(value, 0.0), 640, 8));
        statement.judge_beside(Some(0.3), &measured, 0.05)
    };
    let none = |c: f64| crate::numerics::elementary::powi(1.0 - c, 640);
    {
        let value = 0.0;
        for (statement, p_confirm) in [
            (Statement::AtMost(0.01), none(0.01)),
            (Statement::AtMost(1e-6), none(1e-6)),
            (
                Statement::AgreesWithin {
                    target: 0.001,
                    margin: 0.004,
                },
                none(0.005),
            ),
        ] {
            let cell = judge(statement, value).expect("evidence");
            assert!(
                (cell.p_confirm / p_confirm - 1.0).abs() < 1e-9,
                "{statement:?} {cell:?}"
            );
            assert!(!cell.exact && cell.interval.low == 0.0);
            // 1 - .05^(1/640).
            assert!((cell.interval.high - 0.004_670).abs() < 1e-6, "{cell:?}");
        }
        let refuted = judge(Statement::AtLeast(0.02), value).expect("evidence");
        assert!((refuted.p_refute / none(0.02) - 1.0).abs() < 1e-9);
    }
    let all = judge(Statement::AtLeast(0.99), 1.0).expect("evidence");
    assert!((all.p_confirm / none(0.01) - 1.0).abs() < 1e-9);
    // One that is always a half was seen, but nobody knows why it never varies.
    assert_eq!(judge(Statement::AtMost(0.6), 0.5), Err(NoVerdict::NeverVaried));
}
