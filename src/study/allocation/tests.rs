//! Tests of the study: against exact laws, against a plain second route over single responses, and that each check can fail.

use super::*;
use crate::engine::{self, Study};
use crate::inference::groups::{Group, Groups};
use crate::numerics::stream::Streams;
use crate::world::{BaseWeights, Copies, Dirichlet};

fn geo8() -> BaseWeights {
    BaseWeights::geometric(8, 0.637_628_151_621_773_3).expect("weights")
}

fn arm(rule: Rule, responses: u32) -> AllocationArm {
    AllocationArm {
        prompts: 50,
        open_share: 0.2,
        rule,
        responses,
        pilot: 3,
        later: u32::from(rule == Rule::Weighted),
        pilot_weight: 0.3,
        cost_ratio: 1.0,
    }
}

fn arms() -> Vec<AllocationArm> {
    let pair = AllocationArm {
        pilot: 2,
        ..arm(Rule::Reused, 12)
    };
    vec![
        arm(Rule::Constant, 4),
        arm(Rule::Known, 12),
        arm(Rule::Reused, 12),
        pair,
        arm(Rule::Weighted, 14),
        arm(Rule::Constant, 9),
    ]
}

fn study(world: impl World + 'static, arms: Vec<AllocationArm>) -> Allocations {
    Allocations::new(7, Arc::new(world), arms, Measure::ALL.to_vec()).expect("a scenario")
}

/// Value, standard error and exact value of each row of an arm of this name.
fn rows(study: &Allocations, groups: &Groups, arm: usize, name: &str) -> Vec<(f64, f64, Option<f64>)> {
    let spec = &study.scenario.spec;
    let all = engine::estimate(spec, groups);
    let own = |index: &usize| {
        let estimand = &spec.estimands[*index];
        estimand.of.shown() == Some(arm) && estimand.name() == name
    };
    let told = |index: usize| {
        let estimate = all[index].measured.expect("an estimate").estimate();
        (estimate.value, estimate.mcse, spec.estimands[index].exact.value())
    };
    (0..spec.estimands.len()).filter(own).map(told).collect()
}

const NAMES: [&str; 7] = [
    "open-shares.bias",
    "open-shares.bias2",
    "open-shares.variance",
    "open-shares.emse",
    "open-shares.variance-times-price",
    "open-shares.gain",
    "prompt-price.mean",
];

/// 80 estimates at 4.5 standard errors: one in 2,000 runs of another seed would fail.
#[test]
fn estimates_are_what_theory_says() {
    let study = study(Dirichlet::new(geo8(), 16.0), arms());
    let groups = engine::run(&study, 8192).expect("a run");
    for arm in 0..study.arms.len() {
        for name in NAMES {
            for (place, (value, mcse, exact)) in rows(&study, &groups, arm, name).into_iter().enumerate() {
                let exact = exact.expect("it is known");
                // What does not vary is exact to rounding.
                let slack = 4.5 * mcse + 1e-12 * exact.abs();
                assert!(
                    (value - exact).abs() <= slack,
                    "{arm} {name} {place}: {value} {mcse} {exact}"
                );
            }
        }
    }
    // Each is measured by K = 4, but for that itself.
    let gains: Vec<usize> = (0..6)
        .map(|arm| rows(&study, &groups, arm, "open-shares.gain").len())
        .collect();
    assert_eq!(gains, [0, 1, 1, 1, 1, 1]);
    let (gain, _, exact) = rows(&study, &groups, 1, "open-shares.gain")[0];
    assert!(
        (exact.expect("known") - 2.551).abs() < 5e-4 && (gain / 2.551 - 1.0).abs() < 0.1,
        "{gain}"
    );
    // A check that can fail: the bias of a reused pilot is none of fixed weights.
    let (bias2, mcse, _) = rows(&study, &groups, 3, "open-shares.bias2")[0];
    assert!(bias2 > 20.0 * mcse, "{bias2} {mcse}");
}

/// The estimate of one arm in one replicate, response by response.
fn plainly(study: &Allocations, arm: &AllocationArm, replicate: u64) -> (Vec<f64>, f64) {
    let streams = Streams::new(study.scenario.spec.draws.text());
    let mut sampler = study.world.sampler(&streams, 64);
    let lane = (replicate % 8) as usize;
    let (mut shares, mut responses) = (vec![0.0; 8], 0.0);
    let open = (f64::from(arm.prompts) * arm.open_share) as u32;
    for prompt in 0..open {
        let rows = sampler.draw(replicate - lane as u64, prompt, 64);
        let modes: Vec<usize> = rows.iter().map(|row| usize::from(row[lane])).collect();
        let pilot = &modes[..arm.pilot as usize];
        let agrees = pilot.iter().all(|mode| *mode == pilot[0]);
        let total = match (arm.rule, agrees) {
            (Rule::Constant | Rule::Known, _) | (_, false) => arm.responses,
            (_, true) => arm.pilot + arm.later,
        } as usize;
        let mean =
            |all: &[usize], mode: usize| all.iter().filter(|own| **own == mode).count() as f64 / all.len() as f64;
        for (mode, share) in shares.iter_mut().enumerate() {
            *share += match arm.rule {
                Rule::Weighted => {
                    let later = mean(&modes[pilot.len()..total], mode);
                    arm.pilot_weight * mean(pilot, mode) + (1.0 - arm.pilot_weight) * later
                }
                _ => mean(&modes[..total], mode),
            } / f64::from(open);
        }
        responses += total as f64;
    }
    let closed = match arm.rule {
        Rule::Constant => arm.responses,
        Rule::Known => 1,
        Rule::Reused | Rule::Weighted => arm.pilot + arm.later,
    };
    let all = responses + f64::from((arm.prompts - open) * closed);
    (shares, arm.cost_ratio + all / f64::from(arm.prompts))
}

/// Sums of tens of shares in another order.
#[test]
fn every_response_counts_as_the_rule_says() {
    let study = study(Dirichlet::new(geo8(), 2.0), arms());
    let prepared = study.prepare(&engine::ExactCache::on_demand()).expect("a plan");
    let mut worker = prepared.worker();
    let base = geo8();
    for replicate in [0, 5, 13] {
        let mut alone = Group::empty(&study.scenario.spec.layout);
        worker.replay(replicate, &mut alone);
        assert_eq!(alone.valid, [1; 6]);
        for (index, arm) in arms().iter().enumerate() {
            let (shares, price) = plainly(&study, arm, replicate);
            let own = &alone.sums[index * 10..][..10];
            let off = shares
                .iter()
                .zip(base.probabilities())
                .map(|(share, pi)| (share - pi) / pi.sqrt());
            let off: Vec<f64> = off.collect();
            for (slot, off) in own.iter().zip(&off) {
                assert!((slot - off).abs() < 1e-12, "{index} {replicate}: {slot} {off}");
            }
            let square: f64 = off.iter().map(|off| off * off).sum();
            assert!(
                (own[8] - square).abs() < 1e-12 && (own[9] - price).abs() < 1e-12,
                "{index} {replicate}"
            );
        }
    }
}

#[test]
fn a_run_is_the_sum_of_its_replicates() {
    let study = study(Dirichlet::new(geo8(), 2.0), arms());
    let prepared = study.prepare(&engine::ExactCache::on_demand()).expect("a plan");
    let mut worker = prepared.worker();
    let spec = &study.scenario.spec;
    let mut tally = engine::Tally::new(spec, 32..64);
    worker.run(32..64, &mut tally);
    let mut one_by_one = Group::empty(&spec.layout);
    (32..64).for_each(|replicate| worker.replay(replicate, &mut one_by_one));
    assert_eq!(tally.into_batches(), [one_by_one]);
}

#[test]
fn what_rests_on_a_law_the_world_does_not_have_is_not_known() {
    let study = study(Copies::new(Dirichlet::new(geo8(), 4.0), 0.5), arms());
    let groups = engine::run(&study, 4096).expect("a run");
    for arm in 0..6 {
        let fixed = !study.arms[arm].rule.has_pilot();
        for (value, mcse, exact) in rows(&study, &groups, arm, "open-shares.variance") {
            assert_eq!(exact.is_some(), fixed, "{arm}");
            let off = exact.map_or(0.0, |exact| (value - exact) / mcse);
            assert!(off.abs() < 4.0, "{arm}: the law with correlated responses, {off}");
        }
    }
}

#[test]
fn arms_that_cannot_be_are_refused_at_their_key() {
    let refused = |change: fn(&mut AllocationArm), rule: Rule| {
        let mut own = arm(rule, 12);
        change(&mut own);
        own.check().map_err(|(key, _)| key)
    };
    assert_eq!(refused(|_| {}, Rule::Weighted), Ok(()));
    assert_eq!(refused(|own| own.prompts = 0, Rule::Constant), Err("prompts"));
    assert_eq!(refused(|own| own.responses = 0, Rule::Known), Err("responses"));
    assert_eq!(refused(|own| own.open_share = 0.0, Rule::Known), Err("open-share"));
    assert_eq!(refused(|own| own.cost_ratio = f64::NAN, Rule::Known), Err("cost-ratio"));
    assert_eq!(refused(|own| own.pilot = 13, Rule::Reused), Err("pilot"));
    assert_eq!(refused(|own| own.pilot = 1, Rule::Weighted), Err("pilot"));
    assert_eq!(refused(|own| own.pilot = 12, Rule::Weighted), Err("responses"));
    assert_eq!(refused(|own| own.later = 0, Rule::Weighted), Err("later"));
    assert_eq!(
        refused(|own| own.pilot_weight = 1.0, Rule::Weighted),
        Err("pilot-weight")
    );
    // What a rule ignores may be anything.
    assert_eq!(refused(|own| own.pilot = 1, Rule::Constant), Ok(()));
}
