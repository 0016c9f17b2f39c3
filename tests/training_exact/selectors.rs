//! What theory says of fits under selectors: which modes are seen, and what many prompts tend to.

use super::{CONVERGED, FAR, ONE_STEP};
use crate::theory::{exact, exact_at, rows};
use mode_lottery::engine::{self, Study};
use mode_lottery::numerics::elementary::ln;
use mode_lottery::policy::Descent;
use mode_lottery::select::{Balance, CoverageTies, Objective, RewardScale, Rule, Selector, Similarity};
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::training::{FitArm, Measure, Training};
use mode_lottery::study::{Choice, selection};
use mode_lottery::world::{Attributes, BaseWeights, Centres, Embedded, Embedding, Rewards, World};
use std::sync::Arc;

const MODES: usize = 6;
const CANDIDATES: u32 = 8;

fn world() -> Arc<dyn World> {
    let attributes = Attributes {
        rewards: Rewards {
            values: vec![0.4, 0.9, 0.1, 0.6, 1.0, 0.2],
            noise: 0.0,
        },
        embedding: Embedding {
            centres: Centres::OneHot,
            dimension: MODES,
            noise: 0.0,
        },
    };
    let base = BaseWeights::listed(&[5.0, 4.0, 3.0, 2.0, 1.5, 1.0]).unwrap();
    Arc::new(Embedded::new(base, 6.0, attributes).unwrap())
}

fn choice(selector: Selector) -> Choice {
    let objective = Objective {
        reward_share: 0.5,
        rewards: RewardScale::MinMax,
        balance: Balance::Sums,
        ties: CoverageTies::Split,
        ..Objective::USUAL
    };
    Choice {
        rule: Rule { selector, objective },
        similarity: Similarity::Cosine,
    }
}

fn arm(selector: Selector, prompts: u32, responses: u32, descent: Descent) -> FitArm {
    let mut own = super::arm(prompts, responses, descent);
    (own.pool.choice, own.pool.candidates) = (choice(selector), Some(CANDIDATES));
    own
}

/// Estimate, standard error, exact value and reference of one measure, which stands first.
fn row(arm: FitArm, measure: Measure, replicates: u64) -> (f64, f64, Option<f64>, Option<f64>) {
    let study = Training::new(40, world(), vec![arm], vec![measure]).unwrap();
    let groups = engine::run(&study, replicates).unwrap();
    let row = engine::estimate(study.spec(), &groups).remove(0);
    let estimate = row.measured.unwrap().estimate();
    let own = rows(&study)[0];
    (
        estimate.value,
        estimate.mcse,
        own.exact.value(),
        own.reference.map(|reference| reference.value),
    )
}

#[test]
fn the_modes_that_selectors_have_seen_are_as_many_as_theory_says() {
    let designs = [
        (Selector::Best, 700, 1),
        (Selector::Best, 250, 2),
        (Selector::Best, 40, 4),
        (Selector::Diverse, 8, 1),
        (Selector::DiverseBest, 8, 1),
        (Selector::DiverseBest, 6, CANDIDATES),
    ];
    let mut compared = 0;
    for (selector, prompts, responses) in designs {
        for measure in [Measure::MissingMode, Measure::ModesSeen] {
            let of = |prompts| arm(selector, prompts, responses, ONE_STEP);
            let (found, mcse, exact, _) = row(of(prompts), measure, 8_192);
            let exact = exact.unwrap();
            // A share seen in nearly all replicates, or in few, has no normal error.
            if measure == Measure::MissingMode && !(0.02..0.98).contains(&exact) {
                continue;
            }
            compared += 1;
            let z = (found - exact) / mcse;
            assert!(z.abs() < FAR, "{selector:?} {prompts} x {responses} {measure:?}: z {z}");
            // Control: half as many prompts more.
            let more = Training::new(40, world(), vec![of(prompts * 3 / 2)], vec![measure]).unwrap();
            let other = rows(&more)[0].exact.value().unwrap();
            assert!(((found - other) / mcse).abs() > FAR, "{selector:?}: {found} {other}");
        }
    }
    assert!(compared >= 9, "{compared}");
}

#[test]
fn where_theory_does_not_know_which_modes_are_seen_it_says_why() {
    let study = Training::new(
        40,
        world(),
        vec![arm(Selector::Diverse, 8, 2, ONE_STEP)],
        vec![Measure::MissingMode],
    )
    .unwrap();
    let why = exact(&study)[0].why_none().unwrap();
    assert!(why.contains("kept at random, and for the best"), "{why}");
}

/// Second route: the mean shares that the study `selection` states, whose selections are the same.
#[test]
fn many_prompts_tend_to_the_policy_of_the_exact_law() {
    let world = world();
    let rewards = &world.attributes().unwrap().rewards.values;
    for selector in [
        Selector::Random,
        Selector::Best,
        Selector::Diverse,
        Selector::DiverseBest,
    ] {
        for responses in [1, 3] {
            let kept = selection::Method {
                pool: PoolArm {
                    choice: if selector == Selector::Random {
                        Choice::RANDOM
                    } else {
                        choice(selector)
                    },
                    candidates: Some(CANDIDATES),
                    ..PoolArm::all(1, responses)
                },
                theta: selection::Theta::Uniform,
            };
            let by_mode = selection::Measure::ModeMassByMode;
            let q: Vec<f64> = (0..MODES)
                .map(|m| selection::exact(world.as_ref(), &kept, by_mode, "mean", m).unwrap())
                .collect();
            let pi = world.mean();
            let sum = |term: &dyn Fn(f64, f64) -> f64| pi.iter().zip(&q).map(|(&p, &q)| term(p, q)).sum::<f64>();
            let expected = [
                (Measure::Entropy, sum(&|_, q| -q * ln(q))),
                (Measure::ReverseKl, sum(&|p, q| q * ln(q / p))),
                (Measure::TotalVariation, 0.5 * sum(&|p, q| (p - q).abs())),
                (Measure::ExpectedReward, q.iter().zip(rewards).map(|(q, r)| q * r).sum()),
            ];
            for (measure, expected) in expected {
                let mut own = arm(selector, 10, responses, ONE_STEP);
                own.pool.choice = kept.pool.choice;
                let study = Training::new(40, world.clone(), vec![own], vec![measure]).unwrap();
                let found = rows(&study)[0].reference.unwrap();
                assert_eq!(found.name, "many prompts");
                assert!(
                    (found.value - expected).abs() < 1e-12,
                    "{selector:?} {responses} {measure:?}: {} {expected}",
                    found.value
                );
            }
        }
    }
}

/// The expected reward is linear in the fit, so that converged fits that see every mode have its limit on average however few
/// their prompts.
#[test]
fn the_reward_of_a_fit_is_that_of_what_was_kept() {
    let (found, mcse, exact, reference) = row(arm(Selector::Best, 120, 6, CONVERGED), Measure::ExpectedReward, 2_048);
    assert_eq!(
        exact, None,
        "fits of finite steps keep some of modes that they have not seen"
    );
    let z = (found - reference.unwrap()) / mcse;
    assert!(z.abs() < FAR, "z {z}");
    let (_, _, _, other) = row(arm(Selector::Best, 120, 5, ONE_STEP), Measure::ExpectedReward, 64);
    assert!(
        ((found - other.unwrap()) / mcse).abs() > FAR,
        "control: one response fewer"
    );
}

/// A point of a curve is the exact value of an arm that stands there and chooses of the same pool.
#[test]
fn the_curve_of_a_selector_is_its_own() {
    let of = |responses| {
        Training::new(
            40,
            world(),
            vec![arm(Selector::Best, 20, responses, ONE_STEP)],
            vec![Measure::ModesSeen],
        )
        .unwrap()
    };
    let curve = of(2);
    for responses in [1, 3, 5, CANDIDATES] {
        let own = exact(&of(responses))[0].value();
        assert!(own.is_some());
        assert_eq!(exact_at(&curve, 0, "responses", responses), own, "K = {responses}");
    }
    assert_eq!(
        exact_at(&curve, 0, "responses", CANDIDATES + 1),
        None,
        "the pool has no more"
    );
}
