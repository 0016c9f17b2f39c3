//! The first-order excess NLL in the copies world.

use super::{CONVERGED, FAR, Plain, arm, one};
use mode_lottery::study::training::Measure;

fn plain(alpha: f64, copies: f64) -> Plain {
    Plain::new(&[4.0, 3.0, 2.0, 1.0], alpha, copies)
}

/// What the order leaves out is of order 1/N_p: four times the prompts leave a quarter of it. The first-order value for
/// independent responses does not come nearer.
#[test]
fn the_first_order_is_what_the_enumeration_tends_to_and_that_of_independent_responses_is_not() {
    for (alpha, copies, responses) in [(4.0, 0.5, 8), (12.0, 0.3, 6), (2.0, 0.9, 3), (6.0, 0.7, 12)] {
        let own = plain(alpha, copies);
        let off = |prompts: u32, world: &Plain| {
            let first = world
                .world()
                .excess_nll_first_order(u64::from(prompts), u64::from(responses));
            own.excess(prompts, responses).0 / first.unwrap() - 1.0
        };
        let (near, far) = (off(400, &own), off(100, &own));
        println!("alpha {alpha} c {copies} K {responses}: off by {far:.5} at 100 prompts, {near:.5} at 400");
        assert!(far.abs() < 0.05 && near.abs() < 0.0125, "{far} {near}");
        // The next order is a sixteenth of itself: up to a tenth of the quarter at these sizes.
        assert!((near / far / 0.25 - 1.0).abs() < 0.1, "{near} {far}");
        let independent = plain(alpha, 0.0);
        assert!(off(400, &independent) > 0.1, "{}", off(400, &independent));
    }
}

/// Fits of the engine, with its own sampler of copies, against the enumeration and the first order.
#[test]
fn converged_fits_with_copies_lose_what_enumerated_counts_say() {
    for (seed, alpha, copies, prompts, responses) in
        [(50, 4.0, 0.5, 150, 8), (51, 12.0, 0.3, 100, 6), (52, 2.0, 0.9, 300, 3)]
    {
        let own = plain(alpha, copies);
        let (enumerated, missing) = own.excess(prompts, responses);
        let fit = arm(prompts, responses, CONVERGED);
        let (found, exact, first) = one(seed, &own, fit, Measure::ExcessNll, 6_400);
        assert_eq!(exact, None, "of all fits no mean is known");
        let z = |value: f64| (found.value - value) / found.mcse;
        let independent = plain(alpha, 0.0).world();
        let other = independent
            .excess_nll_first_order(u64::from(prompts), u64::from(responses))
            .unwrap();
        println!(
            "alpha {alpha} c {copies} {prompts} x {responses}: z {:.2}, over the first order {:.4}, z of independent responses {:.1}",
            z(enumerated),
            found.value / first.unwrap(),
            z(other)
        );
        assert!(missing < 1e-5, "{missing}");
        assert!(z(enumerated).abs() < FAR, "{}", z(enumerated));
        assert!((found.value / first.unwrap() - 1.0).abs() < 0.04 + FAR * found.mcse / found.value);
        assert!(z(other) > 2.0 * FAR, "the control: {}", z(other));
    }
}
