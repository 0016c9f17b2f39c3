//! The share of fits with a missing mode, against runs: the standard error is that of the exact binomial, so that rare modes count
//! rightly.

use super::{FAR, ONE_STEP, Plain, arm, one};
use mode_lottery::study::training::Measure;
use mode_lottery::theory::missing::MOST_COPIED;

const REPLICATES: u64 = 25_600;

fn z(found: f64, expected: f64) -> f64 {
    (found - expected) / (expected * (1.0 - expected) / REPLICATES as f64).sqrt()
}

fn designs() -> Vec<(Plain, u32, u32)> {
    let four = |alpha, copies| Plain::new(&[4.0, 3.0, 2.0, 1.0], alpha, copies);
    vec![
        (Plain::geo8(4.0), 117, 1),
        (Plain::geo8(16.0), 60, 4),
        (four(0.05, 0.0), 20, 3),
        (four(2.0, 0.0), 12, 5),
        // Beyond 64 factors, where q goes by Stirling's series.
        (four(0.3, 0.0), 8, 100),
        (four(1.5, 0.0), 2, 200),
        (Plain::new(&[1.0; 12], 3.0, 0.0), 40, 2),
        (four(2.0, 0.4), 12, 5),
        (four(12.0, 0.8), 15, 3),
        (four(0.5, 0.2), 10, 40),
        (four(5.0, 1.0), 30, 4),
    ]
}

#[test]
fn the_share_of_fits_that_miss_a_mode_is_the_exact_one() {
    for (seed, (plain, prompts, responses)) in (10..).zip(designs()) {
        let fit = arm(prompts, responses, ONE_STEP);
        let (found, exact, _) = one(seed, &plain, fit, Measure::MissingMode, REPLICATES);
        let exact = exact.unwrap();
        assert!((0.005..0.995).contains(&exact), "{exact}");
        println!(
            "{plain:?} {prompts} x {responses}: {exact:.5}, z {:.2}",
            z(found.value, exact)
        );
        assert!(z(found.value, exact).abs() < FAR, "{} {exact}", found.value);
        // Controls: a quarter of the concentration, one prompt in six more, and responses that copy more, or less.
        let share = |plain: &Plain, prompts: u32| {
            let world = plain.world();
            world
                .missing_mode_share(u64::from(prompts), u64::from(responses))
                .unwrap()
        };
        let spread = Plain {
            alpha: 0.25 * plain.alpha,
            ..plain.clone()
        };
        let copied = Plain {
            copies: if plain.copies < 0.5 { 0.9 } else { 0.3 },
            ..plain.clone()
        };
        let more = share(&plain, prompts + prompts.div_ceil(6));
        assert!(z(found.value, more).abs() > FAR, "prompts");
        // Single responses know neither.
        if responses > 1 && plain.copies < 1.0 {
            assert!(z(found.value, share(&spread, prompts)).abs() > FAR, "concentration");
        }
        // Nor do responses differ by copies where those to a prompt are all but equal without; and of many the share is not known.
        let many = u64::from(responses) > MOST_COPIED;
        if responses > 1 && !many && plain.copies < 1.0 && plain.alpha > 0.1 {
            assert!(z(found.value, share(&copied, prompts)).abs() > FAR, "copies");
        }
    }
}
