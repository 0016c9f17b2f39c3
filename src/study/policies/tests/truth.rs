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

/// Of data as they are drawn, both kinds of minibatches have the noise that theory says; grouped ones with the formula of shuffled
/// ones have not.
#[test]
fn minibatches_are_as_noisy_as_theory_says() {
    let world = prompts(128, 2.0);
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
        ..arm(24, 8)
    };
    let own = study(
        &world,
        &[with(Batch::Grouped(32)), with(Batch::Shuffled(32))],
        &[Measure::MinibatchNoise],
    );
    let mut theory = own.theory(&ExactCache::on_demand());
    let found = rows(&own, 1600);
    let mut scores = Vec::new();
    for index in 0..2 {
        let at = place(&own, "minibatch-noise.mean", index);
        let Exact::Is(exact) = theory.row(at).exact else {
            panic!("theory has it");
        };
        let estimate = found[at].measured.as_ref().unwrap().estimate();
        scores.push(((estimate.value - exact) / estimate.mcse, exact, estimate.mcse));
    }
    assert!(scores.iter().all(|(z, ..)| z.abs() < 4.0), "{scores:?}");
    let apart = (scores[0].1 - scores[1].1) / scores[0].2;
    assert!(apart > 10.0, "grouped minibatches have another noise: {scores:?}");
}
