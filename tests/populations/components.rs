//! World B against the table of the reference, at several world seeds. The reference is one more seed, of another generator.
//!
//! Tolerances are how far worlds differ, a little beyond what four seeds showed: K* by 4.5%, by raw traces 4%, by the loss 16%; V_x 8%,
//! V_{y|x} 2%, the misspecification 6.5%, c 15%.

use super::{best_policy, components, world_b};
use mode_lottery::theory::budget::Costs;
use mode_lottery::theory::optimum::cross_entropy;
use mode_lottery::theory::sandwich::PolicyComponents;
use mode_lottery::theory::variance_law::Components;
use mode_lottery::world::{Amplitude, FeatureWorld};

const COSTS: Costs = Costs {
    prompt: 10.0,
    response: 1.0,
};

const SEEDS: [u64; 2] = [1, 4];

/// K*.
fn best(of: &Components) -> f64 {
    COSTS.best_responses(of)
}

/// What the reference lists of a sigma_u.
struct Row {
    effect: f64,
    misspecified: f64,
    v_x: f64,
    v_y: f64,
    sandwich: f64,
    raw: f64,
    loss: f64,
    design: f64,
}

const fn row([effect, misspecified, v_x, v_y, sandwich, raw, loss, design]: [f64; 8]) -> Row {
    Row {
        effect,
        misspecified,
        v_x,
        v_y,
        sandwich,
        raw,
        loss,
        design,
    }
}

const TABLE: [Row; 4] = [
    row([0.25, 0.0247, 0.325, 34.64, 32.66, 30.50, 11.10, 7.29]),
    row([0.5, 0.0948, 1.263, 33.66, 16.33, 15.36, 9.55, 7.22]),
    row([1.0, 0.3264, 4.517, 30.36, 8.20, 7.84, 6.86, 6.99]),
    row([2.0, 0.8361, 12.25, 22.61, 4.30, 4.21, 4.17, 6.50]),
];

/// What lies further from the table than worlds differ, in words.
fn off(row: &Row, found: &PolicyComponents, misspecified: f64) -> Vec<String> {
    let each = [
        ("misspecification", misspecified, row.misspecified, 0.08),
        ("V_x", found.sandwich.prompt, row.v_x, 0.1),
        ("V_y", found.sandwich.response, row.v_y, 0.025),
        (
            "V_x + V_y",
            found.sandwich.prompt + found.sandwich.response,
            35.0,
            0.006,
        ),
        ("K*", best(&found.sandwich), row.sandwich, 0.05),
        ("raw K*", best(&found.raw), row.raw, 0.05),
        ("loss K*", best(&found.loss), row.loss, 0.2),
        ("c", found.design, row.design, 0.2),
    ];
    let far = each
        .iter()
        .filter(|(_, own, listed, tolerance)| (own / listed - 1.0).abs() > *tolerance);
    far.map(|(what, own, listed, _)| format!("{what} {own}, listed {listed}"))
        .collect()
}

fn found(world: &FeatureWorld) -> (PolicyComponents, f64) {
    let population = world.population(None);
    let p = best_policy(&population);
    let loss = cross_entropy(population.modes(), &p, population.conditionals());
    (components(&population, &p), loss - population.conditional_entropy())
}

#[test]
fn world_b_has_the_components_of_the_reference() {
    for seed in SEEDS {
        for row in &TABLE {
            let (found, misspecified) = found(&world_b(seed, row.effect));
            assert_eq!(
                off(row, &found, misspecified),
                Vec::<String>::new(),
                "{seed} {}",
                row.effect
            );
        }
    }
}

/// The comparison can fail: a tenth more of the unseen effect is no world's variation, nor are components of intercepts alone.
#[test]
fn another_world_is_told_from_the_reference() {
    let (found, misspecified) = found(&world_b(SEEDS[0], 1.1));
    assert!(off(&TABLE[2], &found, misspecified).len() >= 3);
}

/// sigma_u = 0: the best policy is the truth. Prompts differ in nothing that it does not know, and the loss does not see that.
#[test]
fn without_an_unseen_effect_no_number_of_responses_is_enough() {
    let (found, misspecified) = found(&world_b(1, 0.0));
    assert!(misspecified.abs() < 1e-14, "{misspecified}");
    assert!((found.sandwich.response - 35.0).abs() < 1e-10, "{found:?}");
    assert_eq!([found.sandwich.prompt, found.raw.prompt], [0.0, 0.0]);
    assert_eq!([best(&found.sandwich), best(&found.raw)], [f64::INFINITY; 2]);
    let loss = best(&found.loss);
    assert!((8.0..16.0).contains(&loss), "{loss}, listed 11.97");
}

/// Worlds in which gradients in the units of features mislead: the effect is large near z_1 = 0, or far from it, and the policy sees 20 z_1.
/// Four seeds: raw K* of 31.8 to 38.5 and 4.6 to 5.1, against 7.7 to 8.8 and 7.7 to 8.5.
#[test]
fn raw_traces_mislead_where_the_reference_says() {
    let near = Amplitude::Near {
        within: 0.3,
        height: 3.0,
    };
    let far = Amplitude::Far {
        beyond: 1.5,
        height: 3.0,
    };
    for (amplitude, sandwich, raw) in [(near, 8.57, 37.5), (far, 8.42, 5.09)] {
        let world = FeatureWorld {
            amplitude,
            stretch: 20.0,
            ..world_b(4, 1.0)
        };
        let (own, _) = found(&world);
        assert!((best(&own.sandwich) / sandwich - 1.0).abs() < 0.12, "{own:?}");
        assert!((best(&own.raw) / raw - 1.0).abs() < 0.2, "{own:?}");
        // As features are, the two agree: within a tenth where the effect is far, and a fifth where it is near.
        let (plain, _) = found(&FeatureWorld { stretch: 1.0, ..world });
        assert!(
            (best(&plain.raw) / best(&plain.sandwich) - 1.0).abs() < 0.2,
            "{plain:?}"
        );
        // Units of features are nothing to the sandwich, to the rounding of a solve whose condition they make 400 times worse.
        for (one, other) in [
            (plain.sandwich.prompt, own.sandwich.prompt),
            (plain.sandwich.response, own.sandwich.response),
            (plain.design, own.design),
        ] {
            assert!((one / other - 1.0).abs() < 1e-10, "{one} {other}");
        }
        assert!(
            (best(&plain.raw) / best(&own.raw) - 1.0).abs() > 0.3,
            "raw traces changed with the units"
        );
    }
}
