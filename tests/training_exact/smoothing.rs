//! Fits to smoothed labels: the exact mean over all of them against real descents, where many miss a mode.

use super::{CONVERGED, FAR, Plain, arm, one, rows};
use mode_lottery::study::training::{FitArm, Measure, Training};

const REPLICATES: u64 = 12_800;

fn smoothed(prompts: u32, responses: u32, smoothing: f64) -> FitArm {
    FitArm {
        smoothing,
        ..arm(prompts, responses, CONVERGED)
    }
}

/// Four in five of the first fits miss a mode, and none has an infinite excess. The exact mean of another smoothing is rejected. Fits within 1e-7 of
/// their optimum err by less than a thousandth of a standard error.
#[test]
fn the_mean_over_all_smoothed_fits_is_the_exact_one() {
    let four = Plain::new(&[4.0, 3.0, 2.0, 1.0], 3.0, 0.0);
    for (seed, plain, prompts, responses, s) in [
        (80, Plain::geo8(16.0), 40, 1, 0.1),
        (81, Plain::geo8(4.0), 25, 4, 0.05),
        (82, four, 12, 2, 0.2),
    ] {
        let of = |s| {
            one(
                seed,
                &plain,
                smoothed(prompts, responses, s),
                Measure::ExcessNll,
                REPLICATES,
            )
        };
        let (found, exact, reference) = of(s);
        let exact = exact.expect("theory has it");
        assert!((found.value - exact).abs() < FAR * found.mcse, "{found:?} {exact}");
        let (_, other, _) = of(1.5 * s);
        assert!((found.value - other.unwrap()).abs() > FAR * found.mcse, "{other:?}");
        assert!(reference.is_some_and(|first| first > 0.0));
    }
}

/// Smoothing is no response: what a fit has seen is what it was, and every fit converges. Of complete fits theory has no mean, and the best K of a
/// file leaves smoothed arms out.
#[test]
fn smoothing_changes_the_fit_and_not_what_it_has_seen() {
    let plain = Plain::geo8(4.0);
    let measures = vec![Measure::MissingMode, Measure::ModesSeen, Measure::ExcessNll];
    let of = |s| {
        let study = Training::new(83, plain.world(), vec![smoothed(30, 1, s)], measures.clone()).unwrap();
        let names: Vec<&str> = study.estimands().iter().map(|own| own.name()).collect();
        let rows = rows(&study, 2_560);
        names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(rows)
            .collect::<Vec<_>>()
    };
    let (without, with) = (of(0.0), of(0.1));
    for place in 0..2 {
        assert_eq!(without[place].1.0.value, with[place].1.0.value, "{}", with[place].0);
    }
    assert!(with[0].1.0.value > 0.1, "many fits miss a mode");
    let row = |rows: &[(String, _)], name: &str| rows.iter().position(|(own, _)| own == name).expect("a row");
    let (mean, complete) = (row(&with, "excess-nll.mean"), row(&with, "excess-nll.complete"));
    assert!(with[mean].1.1.is_some() && with[complete].1.1.is_none());
    assert!(without[mean].1.1.is_none() && without[complete].1.1.is_some());
    let unconverged = row(&with, "unconverged.mean");
    assert_eq!(with[unconverged].1.0.value, 0.0);
}
