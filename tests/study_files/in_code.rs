//! Scenarios made in code: where there can be none it is an error that says why, and no panic.

use mode_lottery::engine::{Goal, Looks, StudyError};
use mode_lottery::policy::Descent;
use mode_lottery::select::{Rule, Selector};
use mode_lottery::study::Choice;
use mode_lottery::study::alignment::{self, Alignment, PathArm};
use mode_lottery::study::greedy::{self, Family, Greedy, GreedyArm};
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{self, Method, Selection, Theta};
use mode_lottery::study::stopping::{self, Law, Stopping, StoppingArm};
use mode_lottery::study::training::{self, FitArm, Training};
use mode_lottery::theory::gradient_path::Along;
use mode_lottery::world::{
    AttributeError, Attributes, BaseWeights, Centres, Dirichlet, Embedded, Embedding, Rewards, World,
};
use std::sync::Arc;

const DESCENT: Descent = Descent {
    steps: 1,
    tolerance: 0.0,
    ..Descent::USUAL
};

fn base() -> BaseWeights {
    BaseWeights::listed(&[0.5, 0.5]).unwrap()
}

fn world() -> Arc<dyn World> {
    Arc::new(Dirichlet::new(base(), 4.0))
}

/// The error of a scenario; empty where it is made.
fn said<T>(made: Result<T, StudyError>) -> String {
    made.err().map_or_else(String::new, |error| error.to_string())
}

fn selection(pool: PoolArm, theta: Theta) -> Result<Selection, StudyError> {
    let arm = Method { pool, theta };
    Selection::new(1, world(), vec![arm], vec![selection::Measure::ModeMass])
}

fn training(pool: PoolArm, measure: training::Measure) -> Result<Training, StudyError> {
    let arm = FitArm {
        pool,
        descent: DESCENT,
        smoothing: 0.0,
        pseudo_count: 0.0,
    };
    Training::new(1, world(), vec![arm], vec![measure])
}

fn alignment(pool: PoolArm) -> Result<Alignment, StudyError> {
    let (along, rate) = (Along::Own, 1.0);
    let arm = PathArm { pool, along, rate };
    Alignment::new(1, world(), vec![arm], vec![alignment::Measure::Path], vec![1])
}

/// What each study of pools says of an arm.
fn of_pool(pool: PoolArm) -> [String; 3] {
    [
        said(selection(pool, Theta::Uniform)),
        said(training(pool, training::Measure::TotalVariation)),
        said(alignment(pool)),
    ]
}

#[test]
fn responses_are_countable_up_to_the_last_number_of_32_bits() {
    assert!(PoolArm::all(u32::MAX, 1).countable());
    assert!(PoolArm::all(65_535, 65_537).countable(), "2^32 - 1");
    assert!(!PoolArm::all(65_536, 65_536).countable(), "2^32");
}

#[test]
fn no_study_of_pools_takes_an_arm_that_cannot_be() {
    let of = |prompts, responses, candidates| PoolArm {
        candidates: Some(candidates),
        ..PoolArm::all(prompts, responses)
    };
    let best = Choice {
        rule: Rule::new(Selector::Best),
        ..Choice::RANDOM
    };
    for (pool, why) in [
        (of((1 << 31) - 1, 1, 2), ""),
        (
            of(1 << 31, 1, 2),
            "arm 0: 2147483648 prompts of 2 candidates are 4294967296 responses; a replicate has fewer than 2^32",
        ),
        (
            of(0, 1, 2),
            "arm 0: 0 prompts of 1 responses each: there must be at least one of both",
        ),
        (
            of(3, 0, 2),
            "arm 0: 3 prompts of 0 responses each: there must be at least one of both",
        ),
        (of(3, 3, 2), "arm 0: K = 3 responses cannot be kept of N = 2 candidates"),
        (
            PoolArm {
                choice: best,
                ..of(3, 1, 2)
            },
            "arm 0: \"best\" looks at rewards or embeddings, which only world.kind = \"embedded\" has",
        ),
    ] {
        assert_eq!(of_pool(pool), [why; 3], "{pool:?}");
    }
}

#[test]
fn what_a_study_has_beside_pools_is_checked_too() {
    let pool = PoolArm::all(2, 1);
    let logits = |count| said(selection(pool, Theta::Logits(vec![0.0; count])));
    assert_eq!(logits(2), "");
    assert_eq!(logits(3), "arm 0: 3 logits, but the world has 2 modes");
    assert_eq!(
        said(training(pool, training::Measure::ExpectedReward)),
        "\"expected-reward\" needs rewards, which only world.kind = \"embedded\" has"
    );
}

#[test]
fn no_greedy_arm_is_beyond_the_search() {
    let made = |selector, responses, candidates| {
        let arm = GreedyArm {
            choice: Choice {
                rule: Rule::new(selector),
                ..Choice::RANDOM
            },
            responses,
            candidates,
        };
        said(Greedy::new(
            1,
            Family::Uniform,
            vec![arm],
            vec![greedy::Measure::Guarantee],
        ))
    };
    assert_eq!(made(Selector::Diverse, 2, 16), "");
    for (responses, candidates) in [(0, 4), (1, 1), (2, 17)] {
        let why = made(Selector::Diverse, responses, candidates);
        assert!(why.ends_with("every set of K is tried, of 2 to 16 candidates"), "{why}");
    }
    assert_eq!(
        made(Selector::Diverse, 5, 4),
        "arm 0: K = 5 responses cannot be kept of N = 4 candidates"
    );
    assert_eq!(
        made(Selector::Best, 2, 4),
        "arm 0: \"best\" has no guarantee: take \"diverse\" or \"diverse-best\""
    );
}

#[test]
fn no_stopping_arm_is_without_groups_batches_or_a_target() {
    let made = |groups, at_most, goal| {
        let arm = StoppingArm {
            looks: Looks::Rounds,
            groups,
            goal,
            at_most,
        };
        let law = Law::Normal {
            mean: 0.0,
            deviation: 1.0,
        };
        said(Stopping::new(1, law, vec![arm], vec![stopping::Measure::Coverage]))
    };
    let goal = Goal::Absolute(0.1);
    assert_eq!(made(2, 16, goal), "");
    assert_eq!(
        made(1, 16, goal),
        "arm 0: 1 groups before the first look: there must be 2 to 128"
    );
    assert_eq!(made(2, 15, goal), "arm 0: 15 samples are fewer than two batches of 8");
    assert_eq!(
        made(2, 16, Goal::Relative(0.5)),
        "arm 0: a target of 0e0 cannot be reached by any number of samples (the mean is 0)"
    );
}

#[test]
fn no_embedded_world_has_attributes_of_other_modes() {
    let made = |rewards: usize, centres, dimension| {
        let attributes = Attributes {
            rewards: Rewards {
                values: vec![0.5; rewards],
                noise: 0.0,
            },
            embedding: Embedding {
                centres,
                dimension,
                noise: 0.0,
            },
        };
        Embedded::new(base(), 4.0, attributes).err()
    };
    assert_eq!(made(2, Centres::OneHot, 2), None);
    let (rewards, modes) = (3, 2);
    assert_eq!(
        made(rewards, Centres::OneHot, 2),
        Some(AttributeError::Rewards { rewards, modes })
    );
    let (dimension, fewest) = (2, 3);
    assert_eq!(
        made(2, Centres::Correlated(0.5), dimension),
        Some(AttributeError::Dimension { dimension, fewest })
    );
}
