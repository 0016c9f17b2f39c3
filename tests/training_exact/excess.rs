//! The excess NLL of converged fits: what the third-order curve says, where it may be taken as exact, and where the first-order
//! one is wrong.

use super::{CONVERGED, FAR, Plain, arm, one};
use mode_lottery::study::training::{Measure, RARE};

/// How far converged fits may be off the third-order curve where at most one in a hundred misses a mode: science.md,
/// correction 3, .977 to 1.016.
const LOWEST: f64 = 0.977;
const HIGHEST: f64 = 1.016;

/// Few prompts, so that the orders differ; hardly a fit misses a mode, so that none of them is beyond the enumerated law.
fn designs() -> Vec<(Plain, u32, u32)> {
    let four = |alpha| Plain::new(&[4.0, 3.0, 2.0, 1.0], alpha, 0.0);
    let three = |alpha| Plain::new(&[0.5, 0.3, 0.2], alpha, 0.0);
    vec![
        (four(3.0), 50, 4),
        (four(12.0), 34, 4),
        (four(50.0), 20, 6),
        (three(1.0), 40, 3),
        (three(6.0), 14, 8),
        (three(100.0), 50, 1),
    ]
}

#[test]
fn converged_fits_lose_what_enumerated_counts_say_and_not_the_first_order() {
    for (seed, (plain, prompts, responses)) in (30..).zip(designs()) {
        let (enumerated, missing) = plain.excess(prompts, responses);
        let fit = arm(prompts, responses, CONVERGED);
        let (found, exact, first) = one(seed, &plain, fit, Measure::ExcessNll, 51_200);
        let (exact, first) = (exact.unwrap(), first.unwrap());
        let z = |value: f64| (found.value - value) / found.mcse;
        let (ratio, error) = (found.value / exact, found.mcse / exact);
        println!(
            "{plain:?} {prompts} x {responses}: z {:.2}, third order {ratio:.4} +- {error:.4}, first {:.4} (z {:.1}), missing {missing:.1e}",
            z(enumerated),
            found.value / first,
            z(first)
        );
        assert!(missing < 2e-5, "{missing}");
        assert!(z(enumerated).abs() < FAR, "{}", z(enumerated));
        assert!(ratio > LOWEST - FAR * error && ratio < HIGHEST + FAR * error, "{ratio}");
        // The control: the first-order curve would not pass for the law of counts.
        assert!(z(first) > FAR, "the first order is not rejected: {}", z(first));
    }
}

/// Every cell of the budget experiment, whose exact value is stated where at most one fit in a hundred misses a mode, and
/// there alone. Nothing is drawn: the curve against the enumeration.
#[test]
fn the_third_order_curve_is_stated_where_missing_modes_are_rare_and_is_within_its_margin_there() {
    let (mut stated, mut first_is_off, mut beyond) = (0, 0, 0);
    for (alpha, cp, cr) in [(16.0, 4.0, 1.0), (4.0, 1.0, 1.0), (16.0, 1.0, 1.0), (4.0, 16.0, 1.0)] {
        let plain = Plain::geo8(alpha);
        let world = plain.world();
        for k in [1_u32, 2, 4, 8, 16, 32] {
            let prompts = (2000.0 / (cp + f64::from(k) * cr)) as u32;
            let study = mode_lottery::study::training::Training::new(
                1,
                world.clone(),
                vec![arm(prompts, k, CONVERGED)],
                vec![Measure::ExcessNll],
            );
            let own = &study.estimands()[0];
            let share = world.missing_mode_share(u64::from(prompts), u64::from(k)).unwrap();
            assert_eq!(own.exact.value().is_some(), share <= RARE, "{share}");
            let (enumerated, _) = plain.excess(prompts, k);
            let third = world.excess_nll_third_order(u64::from(prompts), u64::from(k)).unwrap();
            let (ratio, first) = (enumerated / third, enumerated / own.reference.unwrap().value);
            println!(
                "alpha {alpha} C_p {cp} N_p {prompts} K {k}: third {ratio:.4}, first {first:.4}, missing {share:.1e}"
            );
            if own.exact.value().is_some() {
                assert!((LOWEST..=HIGHEST).contains(&ratio), "{ratio}");
                stated += 1;
                first_is_off += u32::from(first > HIGHEST);
            } else {
                beyond += 1;
            }
        }
    }
    assert!(
        stated >= 20 && beyond >= 1 && first_is_off >= 10,
        "{stated} {beyond} {first_is_off}"
    );
}
