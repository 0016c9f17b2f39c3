//! The excess NLL of converged fits where few miss a mode: the exact mean against runs, against the law of counts by
//! enumeration, and the first order, which is not it.

use super::{CONVERGED, FAR, Plain, arm, complete};
use crate::theory::named;
use mode_lottery::study::training::{Measure, Training};

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

/// What the enumeration may be off by, in nats: one for each fit that it leaves out. Up to a share of 1e-6 that miss a mode these
/// are all of them; beyond, those that miss two. Rounding is some 1e-12.
fn left_out(missing: f64) -> f64 {
    1e-12 + if missing > 1e-6 { missing * missing } else { missing }
}

#[test]
fn converged_fits_lose_what_theory_and_enumerated_counts_say_and_not_the_first_order() {
    for (seed, (plain, prompts, responses)) in (30..).zip(designs()) {
        let (enumerated, missing) = plain.excess(prompts, responses);
        let fit = arm(prompts, responses, CONVERGED);
        let (found, exact, first) = complete(seed, &plain, fit, 51_200);
        let (exact, first) = (exact.unwrap(), first.unwrap());
        let z = |value: f64| (found.value - value) / found.mcse;
        println!(
            "{plain:?} {prompts} x {responses}: z {:.2}, enumerated {enumerated} exact {exact}, first {:.4} (z {:.1}), missing {missing:.1e}",
            z(exact),
            found.value / first,
            z(first)
        );
        assert!(missing < 2e-5, "{missing}");
        assert!((enumerated - exact).abs() < left_out(missing), "{enumerated} {exact}");
        assert!(z(exact).abs() < FAR, "{}", z(exact));
        // The control: the first-order curve would not pass for the law of counts.
        assert!(z(first) > FAR, "the first order is not rejected: {}", z(first));
    }
}

/// Cells of the budget experiment, of which up to one fit in five misses a mode. Nothing is drawn: the exact value against the
/// enumeration, which leaves out sets of two absent modes, as rare as the square of the share.
#[test]
fn the_exact_mean_is_that_of_the_law_of_counts_in_every_cell_of_a_budget() {
    let (mut cells, mut first_is_off) = (0, 0);
    for (alpha, cp, cr) in [(16.0, 4.0, 1.0), (4.0, 1.0, 1.0), (16.0, 1.0, 1.0), (4.0, 16.0, 1.0)] {
        let plain = Plain::geo8(alpha);
        for k in [1_u32, 2, 4, 8, 16, 32] {
            let prompts = (2000.0 / (cp + f64::from(k) * cr)) as u32;
            let fits = vec![arm(prompts, k, CONVERGED)];
            let study = Training::new(1, plain.world(), fits, vec![Measure::ExcessNll]).unwrap();
            let mean = named(&study, "excess-nll.mean").exact;
            let own = named(&study, "excess-nll.complete");
            assert_eq!(mean.value(), None, "a mean over fits of which some are infinite");
            let (exact, first) = (own.exact.value().unwrap(), own.reference.unwrap());
            let (enumerated, missing) = plain.excess(prompts, k);
            println!("alpha {alpha} C_p {cp} N_p {prompts} K {k}: {exact} {enumerated}, missing {missing:.1e}");
            assert!((enumerated - exact).abs() < left_out(missing), "{enumerated} {exact}");
            assert_eq!(first.name, "first order");
            cells += 1;
            first_is_off += u32::from(exact / first.value > 1.016);
        }
    }
    assert!(cells == 24 && first_is_off >= 10, "{cells} {first_is_off}");
}
