//! Populations and the components of policies in them, against the tables of the reference and against other routes.

mod components;
mod worlds;

use mode_lottery::theory::optimum::{log_linear_jacobian, log_linear_optimum, log_linear_policy};
use mode_lottery::theory::sandwich::{PolicyComponents, policy_components};
use mode_lottery::world::{Amplitude, FeatureWorld, Population, Sharpness};

/// World B of the reference.
pub fn world_b(seed: u64, effect: f64) -> FeatureWorld {
    FeatureWorld {
        seed,
        prompts: 2048,
        features: 4,
        modes: 8,
        main_modes: 8,
        tail_logit: 0.0,
        skew: 0.0,
        slope: 1.0,
        intercept: 1.0,
        effect,
        amplitude: Amplitude::Constant,
        stretch: 1.0,
        sharpness: Sharpness::NONE,
    }
}

/// The probabilities of the best log-linear policy of all features.
pub fn best_policy(of: &Population) -> Vec<f64> {
    let d = of.coordinates();
    let theta = log_linear_optimum(of.features(), d, d, of.conditionals(), of.modes(), 0.0);
    log_linear_policy(of.features(), d, d, &theta)
}

/// The components of that policy.
pub fn components(of: &Population, p: &[f64]) -> PolicyComponents {
    let (d, modes) = (of.coordinates(), of.modes());
    let jacobian = |x: usize, out: &mut [f64]| log_linear_jacobian(&of.features()[x * d..][..d], d, modes, out);
    policy_components(
        of.prompts(),
        modes,
        (modes - 1) * d,
        p,
        of.conditionals(),
        0.0,
        jacobian,
    )
    .unwrap()
}

/// The world of Figure 3.
pub fn figure_3(seed: u64) -> FeatureWorld {
    FeatureWorld {
        prompts: 1024,
        modes: 20,
        main_modes: 6,
        tail_logit: -2.0,
        intercept: 0.0,
        ..world_b(seed, 0.7)
    }
}

/// The world of Figure 2.
pub fn figure_2(seed: u64) -> FeatureWorld {
    FeatureWorld {
        features: 8,
        modes: 12,
        main_modes: 6,
        tail_logit: -2.0,
        slope: 1.5,
        intercept: 0.0,
        ..world_b(seed, 0.5)
    }
}
