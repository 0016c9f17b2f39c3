//! Base (1/2, 1/4, 1/4), alpha = 3, worked out by hand.
//!
//! One response to a random prompt: V = 1 - (1/4 + 1/16 + 1/16) = 5/8. V_x = V/(alpha + 1) = 5/32, V_{y|x} = 3 V_x = 15/32,
//! ICC = 1/4. Mode 0: p(1 - p) = 1/4, so V_x = 1/16 and V_{y|x} = 3/16; modes 1, 2: 3/16, so 3/64 and 9/64.
//! The policy at the optimum loses ln 2 on mode 0 and 2 ln 2 on the others, either with probability 1/2: mean 3/2 ln 2,
//! variance (ln 2)^2/4, so V_x = (ln 2)^2/16 and V_{y|x} = 3 (ln 2)^2/16.
//!
//! N_p = 2, K = 3 of N = 6. The law: V_x/2 + V_{y|x}/6 = 5/64 + 5/64 = 5/32. Floor: 5/64. Given the pools:
//! V_{y|x} (1/3 - 1/6)/2 = 15/32/12 = 5/128. With copies, c = 1/2, r = 1/4: (V_x + V_{y|x} (1 + 2/4)/3)/2 =
//! (5/32 + 15/64)/2 = 25/128, 5/4 of the law; given the pools 3/4 of 5/128, 15/512.
//!
//! With both prompts in one cluster, alpha_b = 3, and exact duplicates: (2 V_x + V_{y|x}/3)/2 = (5/16 + 5/32)/2 = 15/64, 3/2 of the law;
//! floor V_x = 5/32. Near ones, alpha_w = 2: V_b = 5/32 as before, of the rest V_w = 15/32/3 = 5/32 and V_{y|x} = 5/16. So
//! (2 V_b + V_w + V_{y|x}/3)/2 = (15/32 + 5/48)/2 = 55/192; the law that counts two prompts 5/24; floor 15/64; given the pools 5/16/12.

use super::{assert_close, dirichlet, method};
use mode_lottery::study::selection::{Measure, Theta, exact};
use mode_lottery::theory::redundancy::Clustering;
use mode_lottery::world::{BaseWeights, Clusters, Copies, ModeTruth, World};

const LN_2: f64 = std::f64::consts::LN_2;
const BASE: [f64; 3] = [0.5, 0.25, 0.25];

fn check(world: &dyn World, measure: Measure, part: usize, expected: [f64; 6]) {
    let arm = method(2, 3, Some(6), Theta::Optimum);
    let quantities = [
        "variance",
        "emse",
        "bias2",
        "ratio",
        "conditional-variance",
        "prompt-floor",
    ];
    for (quantity, expected) in quantities.into_iter().zip(expected) {
        let found = exact(world, &arm, measure, quantity, part);
        // Of single modes nothing but their mean and variance is estimated.
        if measure == Measure::ModeMassByMode && quantity != "variance" {
            assert_eq!(found, None, "{quantity}");
            continue;
        }
        let found = found.unwrap();
        assert_close(found, expected, &format!("{} {quantity} {part}", measure.name()));
    }
}

#[test]
fn the_exact_values_are_those_of_the_hand_calculation() {
    let world = dirichlet(&BASE, 3.0);
    let of = |scale: f64| {
        // The same for every statistic, as a share of V = 5/8.
        [5.0 / 32.0, 5.0 / 32.0, 0.0, 1.6, 5.0 / 128.0, 5.0 / 64.0].map(|x| x * scale / 0.625)
    };
    let with_ratio = |mut values: [f64; 6]| {
        values[3] = 1.0;
        values
    };
    check(&world, Measure::ModeMass, 0, with_ratio(of(0.625)));
    check(&world, Measure::Gradient, 0, with_ratio(of(0.625)));
    check(&world, Measure::Loss, 0, with_ratio(of(LN_2 * LN_2 / 4.0)));
    check(&world, Measure::ModeMassByMode, 0, with_ratio(of(0.25)));
    check(&world, Measure::ModeMassByMode, 2, with_ratio(of(0.1875)));
}

#[test]
fn the_exact_values_of_the_copies_world_are_those_of_the_hand_calculation() {
    let world = Copies::new(dirichlet(&BASE, 3.0), 0.5);
    let values = [25.0 / 128.0, 25.0 / 128.0, 0.0, 1.25, 15.0 / 512.0, 5.0 / 64.0];
    check(&world, Measure::ModeMass, 0, values);
}

#[test]
fn the_exact_values_of_prompts_of_one_cluster_are_those_of_the_hand_calculation() {
    let world = |within, clustering| Clusters::new(BaseWeights::listed(&BASE).unwrap(), 3.0, within, clustering);
    let exact = [15.0 / 64.0, 15.0 / 64.0, 0.0, 1.5, 5.0 / 128.0, 5.0 / 32.0];
    let near = [55.0 / 192.0, 55.0 / 192.0, 0.0, 1.375, 5.0 / 192.0, 15.0 / 64.0];
    for one in [Clustering::Balanced(1), Clustering::Random(1), Clustering::OfSize(2)] {
        check(&world(f64::INFINITY, one), Measure::ModeMass, 0, exact);
        check(&world(2.0, one), Measure::Gradient, 0, near);
    }
    // Of two clusters the prompts do not repeat each other.
    let two = world(f64::INFINITY, Clustering::Balanced(2));
    let apart = [5.0 / 32.0, 5.0 / 32.0, 0.0, 1.0, 5.0 / 128.0, 5.0 / 64.0];
    check(&two, Measure::ModeMass, 0, apart);
}

#[test]
fn means_and_components_are_those_of_the_hand_calculation() {
    let world = dirichlet(&BASE, 3.0);
    let arm = method(2, 3, None, Theta::Optimum);
    for (mode, mean) in BASE.into_iter().enumerate() {
        assert_eq!(exact(&world, &arm, Measure::ModeMassByMode, "mean", mode), Some(mean));
    }
    assert_eq!(exact(&world, &arm, Measure::ModeMassByMode, "mean", 3), None);
    assert_eq!(
        exact(&world, &arm, Measure::ModeMass, "conditional-variance", 0),
        None,
        "no pool is stated"
    );
    let trace = world.trace_components();
    assert_close(trace.prompt, 5.0 / 32.0, "V_x");
    assert_close(trace.response, 15.0 / 32.0, "V_{y|x}");
    assert_close(trace.icc(), 0.25, "ICC");
    let modes = world.mode_components();
    assert_close(modes[0].prompt, 1.0 / 16.0, "V_x of mode 0");
    assert_close(modes[1].response, 9.0 / 64.0, "V_{y|x} of mode 1");
    let nll = Theta::Optimum.policy(&world).nll(world.mean());
    assert_close(nll, 1.5 * LN_2, "NLL of the best shared policy");
    let uniform = Theta::Uniform.policy(&world).nll(world.mean());
    assert_close(uniform, 1.098_612_288_668_109_8, "NLL of the uniform policy, ln 3");
}
