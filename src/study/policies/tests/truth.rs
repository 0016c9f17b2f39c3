use super::*;
use crate::engine::{self, Exact, ExactCache, Row, Study, estimate};
use crate::study::Question;

/// The rows of a run.
fn rows(own: &Policies, replicates: u64) -> Vec<Row> {
    let groups = engine::run(own, replicates).expect("it runs");
    estimate(own.spec(), &groups)
}

fn place(own: &Policies, name: &str, arm: usize) -> usize {
    let is = |estimand: &crate::engine::Estimand| estimand.name() == name && estimand.of.shown() == Some(arm);
    own.estimands().iter().position(is).expect("there is such a row")
}

/// A fit to the whole population and its own response distributions is the best policy.
#[test]
fn endless_data_give_the_best_policy() {
    let world = Prompts {
        replacement: false,
        ..prompts(64, 1.0)
    };
    let whole = PolicyArm {
        labels: Labels::Exact,
        training: Training {
            decay: 0.0,
            tolerance: 1e-11,
            ..arm(1, 1).training
        },
        ..arm(64, 1)
    };
    let part = PolicyArm {
        pool: PoolArm::all(32, 1),
        ..whole
    };
    let own = study(&world, &[whole, part], &[Measure::ExcessLoss]);
    let alone = engine::replay(&own, 0).expect("it can be prepared");
    let excess = |arm: usize| alone.sums[arm * own.measures.len()];
    assert!(excess(0).abs() < 1e-12, "{}", excess(0));
    assert!(
        excess(1) > 1e-4,
        "half of the prompts are not all of them: {}",
        excess(1)
    );
}

/// Within five standard errors and a twentieth: the next order is (c/N_p)^2.
#[test]
fn excess_follows_its_expansion() {
    let world = prompts(256, 1.0);
    let own = study(&world, &[arm(400, 8), arm(400, 1)], &[Measure::ExcessLoss]);
    let found = rows(&own, 400);
    for index in 0..2 {
        let row = &found[place(&own, "excess-loss.over-second-order", index)];
        let (value, error) = (
            row.measured.as_ref().unwrap().estimate().value,
            row.measured.as_ref().unwrap().estimate().mcse,
        );
        assert!(
            (value - 1.0).abs() < 5.0 * error + 0.05 && error < 0.1,
            "{value} +- {error}"
        );
    }
}

/// Both kinds of minibatches have the noise that theory says; grouped ones with the formula of shuffled ones have not. Of a whole
/// population drawn without replacement prompts differ by more: with as many as there are the formula of the other is refuted too.
#[test]
fn minibatches_are_as_noisy_as_theory_says() {
    let drawn = noise(&prompts(128, 2.0), 24);
    assert!(drawn.iter().all(|own| own.z.abs() < 4.0), "{drawn:?}");
    let apart = (drawn[0].exact - drawn[1].exact) / drawn[0].error;
    assert!(apart > 10.0, "grouped minibatches have another noise: {drawn:?}");
    let whole = Prompts {
        replacement: false,
        ..prompts(8, 2.0)
    };
    let (taken, again) = (noise(&whole, 8), noise(&prompts(8, 2.0), 8));
    assert!(taken.iter().all(|own| own.z.abs() < 4.0), "{taken:?}");
    assert!(
        (taken[0].exact - again[0].exact) / taken[0].error > 4.0,
        "{taken:?} {again:?}"
    );
}

#[derive(Debug)]
struct Noise {
    exact: f64,
    error: f64,
    z: f64,
}

/// Of grouped and of shuffled minibatches.
fn noise(world: &Prompts, prompts: u32) -> Vec<Noise> {
    let with = |batch| PolicyArm {
        training: Training {
            optimiser: Optimiser::Gradient {
                rate: 0.1,
                momentum: 0.0,
                schedule: crate::policy::Schedule::Constant,
            },
            steps: 1,
            batch,
            ..arm(1, 1).training
        },
        ..arm(prompts, 8)
    };
    let own = study(
        world,
        &[with(Batch::Grouped(32)), with(Batch::Shuffled(32))],
        &[Measure::MinibatchNoise],
    );
    let mut theory = own.theory(&ExactCache::on_demand());
    let found = rows(&own, 1600);
    let of = |index: usize| {
        let at = place(&own, "minibatch-noise.trace", index);
        let Exact::Is(exact) = theory.row(at).exact else {
            panic!("theory has it");
        };
        let estimate = found[at].measured.as_ref().unwrap().estimate();
        Noise {
            exact,
            error: estimate.mcse,
            z: (estimate.value - exact) / estimate.mcse,
        }
    };
    (0..2).map(of).collect()
}

/// By hand: of 10 places with 8 copies each 8 are one prompt and 2 another.
#[test]
fn copies_that_do_not_divide_count_as_they_occur() {
    let spread = |prompts, copies| {
        PolicyArm {
            copies,
            ..arm(prompts, 1)
        }
        .spread()
    };
    assert!((spread(10, 8) - 0.68).abs() < 1e-15);
    assert!((spread(12, 8) - 80.0 / 144.0).abs() < 1e-15);
    assert!((spread(16, 8) - 0.5).abs() < 1e-15 && (spread(7, 1) - 1.0 / 7.0).abs() < 1e-15);
}

/// Each prompt four times: V_x counts fourfold, and K* is half. Of arms that keep the best, or that see the distributions
/// themselves, the law says nothing.
#[test]
fn copies_lower_the_best_k() {
    let budget = crate::theory::budget::Budget {
        total: 4000.0,
        costs: crate::theory::budget::Costs {
            prompt: 10.0,
            response: 1.0,
        },
    };
    let bought = |copies| {
        let mut own = PolicyArm { copies, ..arm(200, 10) };
        own.pool.budget = Some(budget);
        own
    };
    let best = |own: PolicyArm| {
        let own = study(&prompts(128, 1.0), &[own], &[Measure::BestK]);
        let at = own
            .estimands()
            .iter()
            .position(|estimand| estimand.name() == "best-k.sandwich")?;
        own.theory(&ExactCache::on_demand())
            .row(at)
            .reference
            .map(|own| own.value)
    };
    let [once, fourfold] = [1, 4].map(|copies| best(bought(copies)).expect("theory has it"));
    assert!((once / fourfold - 2.0).abs() < 1e-12, "{once} {fourfold}");
    assert_eq!(
        best(PolicyArm {
            labels: Labels::Exact,
            ..bought(1)
        }),
        None
    );
}
