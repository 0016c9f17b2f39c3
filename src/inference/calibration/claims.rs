//! False verdicts at the boundary of each null, where they are most frequent.

use super::{rate, three_errors};
use crate::inference::cell::{Cell, Measured, NoVerdict, Statement};
use crate::inference::claim::{Claim, Outcome, Verdict, judge};
use crate::inference::jackknife::{jackknife, joint};
use crate::inference::score::SquaredNorm;
use crate::inference::testing::{SplitMix, grouped};

const ALPHA: f64 = 0.05;
const RUNS: u32 = 4000;
const GROUPS: usize = 40;
/// The standard error of the mean of a run.
const ERROR: f64 = 0.02;

type Judged = Result<Cell, NoVerdict>;

/// A run whose estimand is a mean of known truth.
fn smooth(rng: &mut SplitMix, truth: f64) -> Measured {
    let spread = ERROR * (GROUPS as f64).sqrt();
    let groups = grouped(GROUPS, 1, 1, |out| out[0] = truth + spread * rng.normal());
    Measured::Smooth(jackknife(&groups, |means| means.mean(0)))
}

/// A run whose estimand is the squared norm of a mean of three coordinates.
fn norm(rng: &mut SplitMix, truth: f64) -> Measured {
    let spread = ERROR * (GROUPS as f64).sqrt();
    let groups = grouped(GROUPS, 1, 3, |out| {
        out.iter_mut().for_each(|value| *value = spread * rng.normal());
        out[0] += truth.sqrt();
    });
    let vector = joint(&groups, 3, |means, out| {
        out.iter_mut()
            .enumerate()
            .for_each(|(slot, value)| *value = means.mean(slot));
    });
    Measured::SquaredNorm(SquaredNorm::of(&vector))
}

fn alone(cell: Judged) -> Outcome {
    judge(&[Claim::new(vec![cell], 1)], ALPHA)[0]
}

/// How often a single cell with this truth gets this verdict.
fn verdicts(
    seed: u64,
    draw: fn(&mut SplitMix, f64) -> Measured,
    statement: Statement,
    truth: f64,
    verdict: Verdict,
) -> f64 {
    let mut rng = SplitMix::new(seed);
    rate(RUNS, || {
        alone(statement.judge(&draw(&mut rng, truth), ALPHA)).verdict == verdict
    })
}

#[test]
fn at_its_boundary_a_statement_gets_a_false_verdict_as_often_as_alpha_says() {
    use Statement::{AgreesByRatio, AgreesWithin, AtLeast, AtMost, Negative, Positive};
    use Verdict::{Confirmed, Refuted};
    let ratio = AgreesByRatio {
        target: 2.0,
        margin: 0.1,
    };
    let within = AgreesWithin {
        target: -0.5,
        margin: 0.2,
    };
    let slack = three_errors(ALPHA, RUNS);
    for (seed, (statement, truth)) in [
        (ratio, 2.2),
        (ratio, 2.0 / 1.1),
        (within, -0.3),
        (within, -0.7),
        (AtMost(1.0), 1.0),
        (AtLeast(1.0), 1.0),
        (Positive, 0.0),
        (Negative, 0.0),
    ]
    .into_iter()
    .enumerate()
    {
        for verdict in [Confirmed, Refuted] {
            let rate = verdicts(300 + seed as u64, smooth, statement, truth, verdict);
            println!("{statement:?} at {truth}: {verdict:?} {rate:.4}");
            assert!((rate - ALPHA).abs() <= slack, "{statement:?} {verdict:?} {rate}");
        }
    }
}

#[test]
fn at_its_boundary_a_squared_norm_gets_no_more_false_verdicts_than_alpha_says() {
    use Statement::{AgreesByRatio, AtLeast, AtMost, Positive};
    use Verdict::{Confirmed, Refuted};
    let slack = three_errors(ALPHA, RUNS) + 0.005;
    // 6 standard errors from 0, where all four questions have an answer; then near 0.
    let far = 36.0 * ERROR * ERROR;
    let near = ERROR * ERROR;
    let ratio = AgreesByRatio {
        target: far / 4.0,
        margin: 3.0,
    };
    for (seed, (statement, truth, verdict, least)) in [
        (AtLeast(far), far, Confirmed, 0.03),
        (AtMost(far), far, Refuted, 0.03),
        (AtMost(far), far, Confirmed, 0.02),
        (AtLeast(far), far, Refuted, 0.02),
        (ratio, far, Confirmed, 0.02),
        (ratio, far, Refuted, 0.01),
        (AtLeast(near), near, Confirmed, 0.03),
        (AtMost(near), near, Refuted, 0.03),
        (AtMost(near), near, Confirmed, -1.0),
        (Positive, 0.0, Confirmed, 0.03),
        (Positive, 0.0, Refuted, -1.0),
    ]
    .into_iter()
    .enumerate()
    {
        let rate = verdicts(320 + seed as u64, norm, statement, truth, verdict);
        println!("{statement:?} at {truth:.5}: {verdict:?} {rate:.4}");
        assert!(
            rate > least && rate <= ALPHA + slack,
            "{statement:?} {verdict:?} {rate}"
        );
    }
    // And it can confirm: a squared norm of 0 is at most (5 standard errors)^2.
    let small = AtMost(25.0 * ERROR * ERROR);
    assert!(verdicts(340, norm, small, 0.0, Confirmed) > 0.9);
    assert!(verdicts(341, norm, Positive, far, Confirmed) > 0.99);
}

/// `cells` runs of one claim at these truths.
fn claim(rng: &mut SplitMix, statement: Statement, truths: &[f64]) -> Claim {
    let cells: Vec<Judged> = truths
        .iter()
        .map(|&truth| statement.judge(&smooth(rng, truth), ALPHA))
        .collect();
    let needed = cells.len();
    Claim::new(cells, needed)
}

#[test]
fn a_claim_with_one_false_cell_is_confirmed_as_rarely_as_that_cell() {
    let mut rng = SplitMix::new(351);
    let statement = Statement::AgreesByRatio {
        target: 2.0,
        margin: 0.1,
    };
    let truths = [2.0, 2.2, 2.0, 2.0, 2.0];
    let confirmed = rate(RUNS, || {
        judge(&[claim(&mut rng, statement, &truths)], ALPHA)[0].verdict == Verdict::Confirmed
    });
    println!("one cell of five at the margin: confirmed {confirmed:.4}");
    assert!((confirmed - ALPHA).abs() <= three_errors(ALPHA, RUNS), "{confirmed}");
    // Control: judged by its best cell, the claim would pass.
    let mut rng = SplitMix::new(351);
    let best = rate(RUNS, || {
        claim(&mut rng, statement, &truths)
            .cells()
            .iter()
            .flatten()
            .any(|cell| cell.p_confirm <= ALPHA)
    });
    assert!(best > 0.99, "{best}");
}

#[test]
fn a_true_claim_over_many_cells_is_refuted_rarely_only_because_of_holm() {
    let mut rng = SplitMix::new(352);
    // All ten cells at the margin: true, and as near to false as can be.
    let statement = Statement::AgreesByRatio {
        target: 2.0,
        margin: 0.1,
    };
    let (mut refuted, mut uncorrected) = (0.0, 0.0);
    for _ in 0..RUNS {
        let claim = claim(&mut rng, statement, &[2.2; 10]);
        let any = claim.cells().iter().flatten().any(|cell| cell.p_refute <= ALPHA);
        uncorrected += f64::from(u8::from(any)) / f64::from(RUNS);
        let wrong = judge(&[claim], ALPHA)[0].verdict == Verdict::Refuted;
        refuted += f64::from(u8::from(wrong)) / f64::from(RUNS);
    }
    println!("ten cells at the margin: refuted {refuted:.4}, without Holm {uncorrected:.4}");
    // Independent cells: 1 - (1 - .005)^10 = .0489, and 1 - .95^10 = .401 without the correction.
    assert!((refuted - 0.0489).abs() <= three_errors(0.0489, RUNS), "{refuted}");
    assert!(
        (uncorrected - 0.401).abs() <= three_errors(0.401, RUNS),
        "{uncorrected}"
    );
}

#[test]
fn a_family_of_false_claims_is_rarely_confirmed_only_because_of_holm() {
    let mut rng = SplitMix::new(353);
    let statement = Statement::AtMost(1.0);
    let (mut adjusted, mut alone) = (0.0, 0.0);
    for _ in 0..RUNS {
        let family: Vec<Claim> = (0..5).map(|_| claim(&mut rng, statement, &[1.0])).collect();
        let any = |outcomes: &[Outcome]| outcomes.iter().any(|o| o.verdict == Verdict::Confirmed);
        let single = family.iter().any(|c| any(&judge(std::slice::from_ref(c), ALPHA)));
        adjusted += f64::from(u8::from(any(&judge(&family, ALPHA)))) / f64::from(RUNS);
        alone += f64::from(u8::from(single)) / f64::from(RUNS);
    }
    println!("five false claims: one confirmed {adjusted:.4}, without Holm {alone:.4}");
    // 1 - (1 - .01)^5 = .0490 and 1 - .95^5 = .226.
    assert!((adjusted - 0.049).abs() <= three_errors(0.049, RUNS), "{adjusted}");
    assert!((alone - 0.226).abs() <= three_errors(0.226, RUNS), "{alone}");
}

#[test]
fn clear_cases_get_their_verdict() {
    let mut rng = SplitMix::new(354);
    let statement = Statement::AgreesByRatio {
        target: 2.0,
        margin: 0.1,
    };
    let mut verdict = |truths: &[f64]| judge(&[claim(&mut rng, statement, truths)], ALPHA)[0];
    assert_eq!(verdict(&[2.0, 2.01, 1.99]).verdict, Verdict::Confirmed);
    let refuted = verdict(&[2.0, 2.01, 2.5]);
    assert_eq!((refuted.verdict, refuted.cell), (Verdict::Refuted, 2));
    assert_eq!(verdict(&[2.0, 2.2, 2.0]).verdict, Verdict::Inconclusive);
}
