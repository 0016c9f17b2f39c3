//! Tests of numbers of responses that differ between prompts: what they are, what fits see of them, and what they are worth.

use super::*;
use crate::engine::ExactCache;
use crate::inference::groups::Groups;
use crate::numerics::stream::Streams;
use crate::study::Question;
use crate::theory::budget::Costs;
use crate::theory::neyman::Allocation;

/// World B of the reference: 2,048 prompts of four features and eight modes, of which some have sharper logits.
fn world_b(share: f64, sharp: f64) -> FeatureWorld {
    FeatureWorld {
        seed: 1,
        prompts: 2048,
        features: 4,
        modes: 8,
        main_modes: 8,
        tail_logit: 0.0,
        skew: 0.0,
        slope: 1.0,
        intercept: 1.0,
        effect: 1.0,
        amplitude: Amplitude::Constant,
        stretch: 1.0,
        sharpness: Sharpness {
            share,
            sharp,
            rest: 1.0,
        },
    }
}

fn optimum(world: &FeatureWorld) -> Optimum {
    Optimum::new(
        &Arc::new(world.population(None)),
        Family::LogLinear { inputs: world.features },
    )
}

/// The table of the reference, of another world of the same law: c_v is known to some .02 from one population to the next.
#[test]
fn sharp_prompts_are_unequal_as_the_reference_says() {
    for (share, sharp, c_v, best, gained) in [
        (0.0, 1.0, 0.968, 2.59, 1.048),
        (0.7, 4.0, 0.854, 1.10, 1.172),
        (0.8, 8.0, 0.709, 0.737, 1.301),
    ] {
        let own = optimum(&world_b(share, sharp));
        let components = own.known().components.expect("components").sandwich;
        let costs = Costs {
            prompt: 1.0,
            response: 1.0,
        };
        let all = Allocation::of_prompts(components.prompt, &costs, &own.scores().sandwich);
        assert!((all.evenness() - c_v).abs() < 0.02, "{sharp}: {}", all.evenness());
        assert!(
            (all.best_constant() / best - 1.0).abs() < 0.1,
            "{sharp}: {}",
            all.best_constant()
        );
        let gain = crate::theory::neyman::gain(all.response_weight(), all.evenness());
        assert!((gain - gained).abs() < 0.05, "{sharp}: {gain}");
        // What it gains with at least one of each, and whole numbers.
        let bounded = [all.within(1.0, 1e6), all.whole_within(1.0, 1e6)].map(|k| all.gain(&k));
        assert!(
            bounded[0] <= gain && bounded[1] <= bounded[0] && bounded[1] > 1.0,
            "{sharp}: {bounded:?}"
        );
        // In the reference's own world 1.3% at most.
        assert!(bounded[0] / bounded[1] < 1.02, "{sharp}: {bounded:?}");
    }
}

/// Of equal means: in the default world entropy is worse than nothing, and the second moment does no better than a constant number where
/// prompts are most unequal (a few thousandths, against a tenth).
#[test]
fn what_numbers_go_by_matters() {
    let worth = |own: &Optimum, rule: Allocate, mean: u32| {
        let components = own.known().components.expect("components").sandwich;
        let excess = |k: f64| components.prompt + components.response / k;
        excess(f64::from(mean)) / excess(own.allocated(rule, mean).effective)
    };
    let [default, sharp] = [world_b(0.0, 1.0), world_b(0.8, 8.0)].map(|world| optimum(&world));
    let rules = [
        Allocate::Neyman,
        Allocate::RawVariance,
        Allocate::SecondMoment,
        Allocate::Entropy,
        Allocate::Constant,
    ];
    let [in_default, in_sharp] =
        [(&default, 8), (&sharp, 2)].map(|(own, mean)| rules.map(|rule| worth(own, rule, mean)));
    for gains in [in_default, in_sharp] {
        assert!(
            gains.iter().all(|gain| *gain <= gains[0] * (1.0 + 1e-12)),
            "Neyman is the best: {gains:?}"
        );
        assert!((gains[4] - 1.0).abs() < 1e-12, "{gains:?}");
    }
    assert!(in_default[0] > 1.01 && in_default[3] < 1.0, "{in_default:?}");
    assert!(
        in_sharp[2] < 1.0 + 0.6 * (in_sharp[0] - 1.0) && in_sharp[1] > in_sharp[2],
        "{in_sharp:?}"
    );
}

fn small() -> Prompts {
    of_world(&FeatureWorld {
        features: 1,
        modes: 3,
        main_modes: 3,
        prompts: 128,
        effect: 1.5,
        ..world_b(0.7, 6.0)
    })
}

fn allocated(rule: Allocate, weighting: Weighting) -> PolicyArm {
    PolicyArm {
        allocation: rule,
        weighting,
        ..arm(300, 3)
    }
}

#[test]
fn every_prompt_has_its_number_and_their_mean_is_what_is_asked_for() {
    let prompts = small();
    let own = Optimum::new(&prompts.population, Family::LogLinear { inputs: 1 });
    for rule in Allocate::ALL {
        let found = own.allocated(rule, 3);
        assert_eq!(found.responses.iter().sum::<u32>(), 3 * 128, "{rule:?}");
        assert!(found.responses.iter().all(|k| (1..=24).contains(k)), "{rule:?}");
        let differ = found.responses.iter().any(|&k| k != 3);
        assert_eq!(differ, rule != Allocate::Constant);
    }
    // Of a flat list of as many of each nothing is lost; of more responses of open prompts something is.
    let constant = own.allocated(Allocate::Constant, 3);
    assert!(constant.pooled_excess.abs() < 1e-12 && (constant.effective - 3.0).abs() < 1e-12);
    assert!(own.allocated(Allocate::Neyman, 3).pooled_excess > 1e-3);
}

/// Shares of the first K(x) responses of each prompt, counted one by one.
#[test]
fn fits_see_the_first_responses_of_each_prompt() {
    let prompts = small();
    let arms = [Weighting::Prompts, Weighting::Responses].map(|weighting| allocated(Allocate::Neyman, weighting));
    let plan = data::DataPlan::new(&prompts, &arms);
    let own = Optimum::new(&prompts.population, Family::LogLinear { inputs: 1 });
    let numbers = own.allocated(Allocate::Neyman, 3);
    let mut drawn = plan.data(&Streams::new("allocated"));
    drawn.draw(8);
    for (index, arm) in arms.iter().enumerate() {
        let mut target = vec![[f64::NAN; LANES]; 300 * 3];
        let mut weights = Vec::new();
        drawn.target(index, arm, Some(&numbers), &mut target);
        drawn.weights(index, arm, &numbers, &mut weights);
        for place in [0, 17, 299] {
            for lane in [0, 5] {
                let (prompt, modes) = drawn.seen(index, arm, lane, place);
                let count = numbers.responses[prompt as usize] as usize;
                let weight = if index == 1 { count as f64 / 3.0 } else { 1.0 };
                assert!((weights[place][lane] - count as f64 / 3.0).abs() < 1e-15);
                for mode in 0..3_u16 {
                    let seen = modes[..count].iter().filter(|own| **own == mode).count() as f64 / count as f64;
                    let own = target[place * 3 + usize::from(mode)][lane];
                    assert!(
                        (own - weight * seen).abs() < 1e-12,
                        "{index} {place} {lane}: {own} {seen}"
                    );
                }
            }
        }
    }
}

/// The mean of a row, its standard error and its reference.
fn row(study: &Policies, groups: &Groups, arm: usize, name: &str) -> (f64, f64, f64) {
    let all = crate::engine::estimate(&study.scenario.spec, groups);
    let own = |e: &&crate::engine::Row| {
        let estimand = &study.scenario.spec.estimands[e.estimand];
        estimand.name() == name && estimand.of.shown() == Some(arm)
    };
    let found = all.iter().find(own).expect("a row");
    let estimate = found.measured.as_ref().expect("an estimate").estimate();
    let reference = study.theory(&ExactCache::on_demand()).row(found.estimand).reference;
    (
        estimate.value,
        estimate.mcse,
        reference.map_or(f64::NAN, |own| own.value),
    )
}

/// The law with E v/K in place of V/K, but for the second order, c/N_p and D/(N_p K): some 3% here. And a list in which every response
/// counts the same tends to another policy.
#[test]
fn prompts_that_count_the_same_follow_the_law_and_a_flat_list_does_not() {
    let arms = [
        arm(300, 3),
        allocated(Allocate::Neyman, Weighting::Prompts),
        allocated(Allocate::Neyman, Weighting::Responses),
    ];
    let own = study(&small(), &arms, &[Measure::ExcessLoss]);
    let groups = crate::engine::run(&own, 800).expect("a run");
    let row = |arm: usize, name: &str| row(&own, &groups, arm, name);
    let (excess, mcse, law) = row(1, "excess-loss.mean");
    assert!(
        (excess / law - 1.0).abs() < 0.03 + 4.0 * mcse / law,
        "{excess} {mcse} {law}"
    );
    let (gain, mcse, law) = row(1, "excess-loss.allocation-gain");
    assert!((gain / law - 1.0).abs() < 0.02 + 4.0 * mcse, "{gain} {mcse} {law}");
    assert!(gain > 1.0 + 4.0 * mcse);
    let (excess, mcse, limit) = row(2, "excess-loss.mean");
    assert!(excess > limit && excess - limit < 0.01, "{excess} {mcse} {limit}");
    let (over, mcse, _) = row(2, "excess-loss.over-first-order");
    assert!(over > 1.3 + 4.0 * mcse, "a control: {over} {mcse}");
}

#[test]
fn numbers_of_ones_own_are_refused_where_they_have_no_meaning() {
    let prompts = small();
    let refused = |change: fn(&mut PolicyArm)| {
        let mut own = allocated(Allocate::Neyman, Weighting::Prompts);
        change(&mut own);
        own.check(&prompts).map_err(|(key, _)| key)
    };
    assert_eq!(refused(|_| {}), Ok(()));
    assert_eq!(refused(|own| own.labels = Labels::Exact), Err("allocation"));
    assert_eq!(refused(|own| own.pool.candidates = Some(9)), Err("allocation"));
    assert_eq!(
        refused(|own| own.family = Family::Network { inputs: 1, hidden: 2 }),
        Err("allocation")
    );
    assert_eq!(refused(|own| own.training.batch = Batch::Grouped(8)), Err("allocation"));
}
