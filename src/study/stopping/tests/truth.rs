//! What theory knows of runs, found by simulation within four standard errors (a false alarm in some 16,000 checks), and that
//! each such check finds what is wrong.

use super::*;
use crate::inference::estimate::Estimate;

/// Whether an estimate agrees with its exact value.
fn agrees((value, mcse, exact): (f64, f64, Option<f64>)) -> bool {
    let exact = exact.expect("an exact value");
    (value - exact).abs() <= 4.0 * mcse + 1e-12
}

fn fixed(groups: u32) -> StoppingArm {
    StoppingArm {
        at_most: u64::from(groups) * SAMPLES,
        ..arm(Looks::Rounds, groups, Goal::Absolute(0.03))
    }
}

#[test]
fn intervals_of_a_fixed_number_of_normal_samples_cover_as_they_say() {
    let study = study(NORMAL, &[fixed(2), fixed(4), fixed(64)]);
    let groups = groups(&study, 6400);
    for arm in 0..3 {
        assert!(agrees(estimate(&study, &groups, arm, "coverage.mean")), "{arm}");
        assert!(agrees(estimate(&study, &groups, arm, "bias.mean")), "{arm}");
        assert!(agrees(estimate(&study, &groups, arm, "replicates.mean")), "{arm}");
        assert!(agrees(estimate(&study, &groups, arm, "replicates.ratio")), "{arm}");
    }
}

/// The negative control: normal intervals on 3 degrees of freedom cover 85.5%.
#[test]
fn a_wrong_interval_is_found() {
    fn normal(estimate: &Estimate, truth: f64) -> bool {
        (estimate.value - truth).abs() <= 1.959964 * estimate.mcse
    }
    let mut study = study(NORMAL, &[fixed(4)]);
    study.covers = normal;
    let found = estimate(&study, &groups(&study, 6400), 0, "coverage.mean");
    assert!(!agrees(found), "{found:?}");
    assert!((found.0 - 0.855).abs() < 0.02, "{found:?}");
}

/// Early looks are where bias would be largest; the arms take from some hundreds to a thousand samples.
#[test]
fn runs_are_unbiased_where_what_stops_them_knows_nothing_of_their_average() {
    for (law, goal) in [(NORMAL, Goal::Absolute(0.02)), (EXPONENTIAL, Goal::Relative(0.05))] {
        let arms = [Looks::Rounds, Looks::TwoStage, Looks::EveryBlock].map(|looks| arm(looks, 8, goal));
        let study = study(law, &arms);
        let groups = groups(&study, 6400);
        for arm in 0..3 {
            let found = estimate(&study, &groups, arm, "bias.mean");
            assert!(agrees(found), "{law:?} {arm} {found:?}");
        }
    }
}

/// The negative control: with an absolute target skew samples that lie low stop early.
#[test]
fn bias_is_found_where_there_is_some_and_there_theory_claims_none() {
    let arms = [arm(Looks::EveryBlock, 8, Goal::Absolute(0.075))];
    let study = study(EXPONENTIAL, &arms);
    let (value, mcse, exact) = estimate(&study, &groups(&study, 6400), 0, "bias.mean");
    assert!(value < -8.0 * mcse, "{value} {mcse}");
    assert_eq!(exact, None);
}

/// Where the number of blocks that a target needs is spread evenly on the logarithm of rounds, a run takes 0.5/ln 1.5 times
/// as many: 1.2332. Half a round of spread about that is all that another target can make.
#[test]
fn rounds_take_about_a_quarter_more_than_the_target_needs() {
    let study = study(NORMAL, &[arm(Looks::Rounds, 64, Goal::Absolute(0.008))]);
    let (ratio, mcse, _) = estimate(&study, &groups(&study, 1600), 0, "replicates.ratio");
    assert!((ratio - 1.2332).abs() < 0.05 && mcse < 0.02, "{ratio} {mcse}");
}

#[test]
fn runs_that_may_not_go_on_miss_their_target() {
    let short = |at_most| StoppingArm {
        at_most,
        ..arm(Looks::Rounds, 64, Goal::Absolute(0.01))
    };
    // The target needs 2500 samples: 1000 never meet it, 6400 always do.
    let study = study(NORMAL, &[short(1000), short(6400)]);
    let total = total(&study, 320);
    assert_eq!((total.sums[3], total.sums[7]), (320.0, 0.0));
    assert_eq!(total.sums[2], 320.0 * 1000.0);
}

#[test]
fn laws_have_the_mean_and_the_deviation_that_they_state() {
    for law in [NORMAL, EXPONENTIAL] {
        let mut samples = vec![0.0; 1 << 16];
        law.fill(&mut Streams::new("law").purpose("samples").stream(0, 0), &mut samples);
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let variance = samples.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let error = law.deviation() / n.sqrt();
        assert!((mean - law.mean()).abs() < 4.0 * error, "{law:?} {mean}");
        // The fourth moment of an exponential gives its deviation an error of sqrt 2 times that of its mean.
        assert!((variance.sqrt() - law.deviation()).abs() < 6.0 * error, "{law:?}");
    }
}
