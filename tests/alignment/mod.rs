//! The study `alignment`: its slots beside those of `selection`, its Monte Carlo paths beside the exact ones, and
//! what it says where there is no angle.

mod angles;
mod monte_carlo;

use mode_lottery::select::{Objective, Rule, Selector};
use mode_lottery::study::Choice;
use mode_lottery::study::alignment::PathArm;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::theory::gradient_path::Along;
use mode_lottery::world::{Attributes, BaseWeights, Centres, Embedded, Embedding, Rewards};

/// Responses with a reward per mode, one-hot embeddings, and noise in both.
fn embedded(weights: &[f64], concentration: f64, rewards: Vec<f64>, noise: [f64; 2]) -> Embedded {
    let attributes = Attributes {
        rewards: Rewards {
            values: rewards,
            noise: noise[0],
        },
        embedding: Embedding {
            centres: Centres::OneHot,
            dimension: weights.len(),
            noise: noise[1],
        },
    };
    Embedded::new(BaseWeights::listed(weights).unwrap(), concentration, attributes).unwrap()
}

fn choice(selector: Selector) -> Choice {
    let Rule { objective, .. } = Choice::RANDOM.rule;
    let objective = Objective {
        reward_share: 0.7,
        ..objective
    };
    match selector {
        Selector::Random => Choice::RANDOM,
        _ => Choice {
            rule: Rule { selector, objective },
            ..Choice::RANDOM
        },
    }
}

/// An arm that keeps `sizes` = (N_p, K, N).
fn arm(selector: Selector, sizes: (u32, u32, u32), along: Along, rate: f64) -> PathArm {
    PathArm {
        pool: PoolArm {
            choice: choice(selector),
            candidates: Some(sizes.2),
            ..PoolArm::all(sizes.0, sizes.1)
        },
        along,
        rate,
    }
}
