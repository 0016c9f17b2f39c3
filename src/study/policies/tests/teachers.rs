use super::*;
use crate::engine::{self, Study, estimate};
use crate::numerics::elementary::{exp, ln};
use crate::study::Question;
use crate::world::{BaseWeights, DirichletPopulation};

/// Prompts of World A.
fn dirichlet(population: usize, concentration: f64) -> Prompts {
    let world = DirichletPopulation {
        seed: 2,
        prompts: population,
        base: BaseWeights::listed(&[4.0, 3.0, 2.0, 1.0]).unwrap(),
        concentration,
    };
    Prompts {
        population: Arc::new(world.population()),
        replacement: true,
    }
}

/// The same of a policy that sees nothing.
fn shared(prompts: u32, responses: u32) -> PolicyArm {
    PolicyArm {
        family: Family::LogLinear { inputs: 0 },
        ..arm(prompts, responses)
    }
}

/// Excess losses of every arm in replicate 0.
fn excess(world: &Prompts, arms: &[PolicyArm]) -> Vec<f64> {
    let own = study(world, arms, &[Measure::ExcessLoss]);
    let alone = engine::replay(&own, 0).expect("it can be prepared");
    let each = alone.sums.len() / arms.len();
    (0..arms.len()).map(|arm| alone.sums[arm * each]).collect()
}

/// In the same convex class and without a penalty the first fit is where the gradient of its own probabilities is 0: both fits stop where theirs is
/// within 1e-11 and the curvature is above 1e-2, so that parameters differ by 1e-9, and losses with slopes below .1 by 1e-10. With a penalty of
/// the second fit, or a temperature, it is another.
#[test]
fn distillation_gives_a_convex_fit_back() {
    let distilled = |arm: PolicyArm, decay, temperature| PolicyArm {
        labels: Labels::Distilled,
        teacher: Teacher {
            temperature,
            decay: Some(1e-6),
        },
        training: Training { decay, ..arm.training },
        ..arm
    };
    let exactly = |own: PolicyArm| PolicyArm {
        training: Training {
            tolerance: 1e-11,
            ..own.training
        },
        ..own
    };
    for (world, plain) in [(prompts(64, 1.0), arm(100, 2)), (dirichlet(64, 4.0), shared(100, 2))] {
        let plain = exactly(plain);
        let own = [(0.0, 1.0), (0.05, 1.0), (0.0, 1.25)].map(|(decay, t)| distilled(plain, decay, t));
        let found = excess(&world, &[plain, own[0], own[1], own[2]]);
        assert!((found[1] - found[0]).abs() < 1e-10, "{found:?}");
        assert!(found[2..].iter().all(|own| (own - found[0]).abs() > 1e-6), "{found:?}");
    }
}

/// With many minima and fits that end anywhere it does not; and its first fit begins elsewhere than the second, so that in a step none is like the
/// other.
#[test]
fn a_network_is_another_after_distillation() {
    let network = PolicyArm {
        family: Family::Network { inputs: 1, hidden: 3 },
        training: Training {
            optimiser: Optimiser::Adam {
                rate: 0.02,
                schedule: crate::policy::Schedule::Cosine,
            },
            steps: 60,
            tolerance: 0.0,
            ..arm(1, 1).training
        },
        ..arm(40, 1)
    };
    let distilled = PolicyArm {
        labels: Labels::Distilled,
        ..network
    };
    let own = study(&prompts(64, 1.0), &[network, distilled], &[Measure::ReferenceLoss]);
    let alone = engine::replay(&own, 0).expect("it can be prepared");
    let each = alone.sums.len() / 2;
    assert!((alone.sums[0] - alone.sums[each]).abs() > 1e-4, "{:?}", alone.sums);
    let texts = [network, distilled].map(|own| own.canonical());
    assert_ne!(texts[0], texts[1]);
}

/// Fitted to the whole population, a teacher at another temperature leaves KL(E pi || E q), q proportional to pi^(1/T): by hand.
#[test]
fn a_teacher_at_another_temperature_is_biased() {
    let world = Prompts {
        replacement: false,
        ..dirichlet(64, 16.0)
    };
    let exact = |temperature| PolicyArm {
        labels: Labels::Exact,
        teacher: Teacher {
            temperature,
            decay: None,
        },
        training: Training {
            decay: 0.0,
            tolerance: 1e-11,
            ..arm(1, 1).training
        },
        ..shared(64, 1)
    };
    let found = excess(&world, &[exact(1.0), exact(0.8), exact(1.25)]);
    let by_hand = |temperature: f64| {
        let mut mean = [0.0; 4];
        for pi in world.population.conditionals().chunks_exact(4) {
            let powers: Vec<f64> = pi.iter().map(|pi| exp(ln(*pi) / temperature)).collect();
            let total: f64 = powers.iter().sum();
            mean.iter_mut()
                .zip(&powers)
                .for_each(|(sum, p)| *sum += p / total / 64.0);
        }
        let terms = world.population.mean().iter().zip(mean);
        terms.map(|(pi, q)| pi * ln(pi / q)).sum::<f64>()
    };
    assert!(found[0].abs() < 1e-12, "{found:?}");
    for (found, temperature) in found[1..].iter().zip([0.8, 1.25]) {
        let expected = by_hand(temperature);
        assert!(
            (found - expected).abs() < 1e-12 && expected > 1e-3,
            "{found} {expected}"
        );
    }
}

/// Of fits to smoothed labels and to the distributions themselves: within five standard errors and a twentieth, what the next orders are of. By
/// the formula without smoothing, it would be off by more.
#[test]
fn smoothed_fits_and_soft_labels_lose_the_first_order() {
    for (world, plain) in [(prompts(256, 1.0), arm(400, 8)), (dirichlet(256, 4.0), shared(400, 8))] {
        let smoothed = PolicyArm {
            smoothing: 0.1,
            ..plain
        };
        let exact = PolicyArm {
            labels: Labels::Exact,
            ..plain
        };
        let own = study(&world, &[plain, smoothed, exact], &[Measure::ExcessLoss]);
        let rows = estimate(own.spec(), &engine::run(&own, 400).expect("it runs"));
        let of = |index: usize| {
            let is = |own: &crate::engine::Estimand| {
                own.name() == "excess-loss.over-first-order" && own.of.shown() == Some(index)
            };
            let at = own.estimands().iter().position(is).expect("there is such a row");
            rows[at].measured.as_ref().unwrap().estimate()
        };
        for index in 1..3 {
            let found = of(index);
            assert!(
                (found.value - 1.0).abs() < 5.0 * found.mcse + 0.05 && found.mcse < 0.1,
                "{index}: {found:?}"
            );
        }
        let mean = |index: usize| {
            let is = |own: &crate::engine::Estimand| own.name() == "excess-loss.mean" && own.of.shown() == Some(index);
            let at = own.estimands().iter().position(is).expect("there is such a row");
            rows[at].measured.as_ref().unwrap().estimate().value
        };
        let ratio = mean(1) / mean(0);
        assert!(
            (ratio - 1.0).abs() > 0.15,
            "smoothing by so much is told from none: {ratio}"
        );
        assert!(mean(2) < 0.8 * mean(0), "and labels without noise from responses");
    }
}

/// Grouped minibatches of exact labels hold b/K prompts: another K is another fit. Of a full batch it is the same.
#[test]
fn exact_labels_state_k_where_it_is_seen() {
    let of = |responses, batch| {
        let own = PolicyArm {
            labels: Labels::Exact,
            training: Training {
                batch,
                ..arm(1, 1).training
            },
            ..arm(20, responses)
        };
        own.canonical()
    };
    assert_eq!(of(2, Batch::Full), of(4, Batch::Full));
    assert_ne!(of(2, Batch::Grouped(8)), of(4, Batch::Grouped(8)));
}

/// What is told of arms that cannot be, and at which key.
#[test]
fn impossible_teachers_are_told() {
    let world = prompts(64, 1.0);
    let plain = arm(20, 2);
    let told = |own: PolicyArm| own.check(&world).map_err(|(key, what)| format!("{key}: {what}"));
    let teacher = |temperature, decay| Teacher { temperature, decay };
    let shuffled = Training {
        optimiser: Optimiser::Gradient {
            rate: 0.1,
            momentum: 0.0,
            schedule: crate::policy::Schedule::Constant,
        },
        batch: Batch::Shuffled(4),
        ..plain.training
    };
    let unpenalised = Training {
        decay: 0.0,
        ..plain.training
    };
    for (own, key, word) in [
        (
            PolicyArm {
                teacher: teacher(0.5, None),
                ..plain
            },
            "teacher-temperature",
            "no probabilities",
        ),
        (
            PolicyArm {
                teacher: teacher(1.0, Some(0.1)),
                ..plain
            },
            "teacher-decay",
            "no first fit",
        ),
        (
            PolicyArm {
                smoothing: 0.1,
                training: shuffled,
                ..plain
            },
            "training.batches",
            "cannot be shuffled",
        ),
        (
            PolicyArm {
                labels: Labels::Exact,
                training: shuffled,
                ..plain
            },
            "training.batches",
            "cannot be shuffled",
        ),
        (
            PolicyArm {
                labels: Labels::Distilled,
                training: unpenalised,
                ..plain
            },
            "training.decay",
            "without a penalty",
        ),
        (
            PolicyArm {
                labels: Labels::Distilled,
                teacher: teacher(1.0, Some(0.0)),
                ..plain
            },
            "teacher-decay",
            "without a penalty",
        ),
    ] {
        let told = told(own).expect_err("there is no such arm");
        assert!(told.starts_with(key) && told.contains(word), "{told}");
    }
    assert_eq!(
        told(PolicyArm {
            labels: Labels::Exact,
            training: unpenalised,
            ..plain
        }),
        Ok(())
    );
    let averaged = Training {
        average: crate::policy::Average::SecondHalf,
        ..plain.training
    };
    let told = told(PolicyArm {
        training: averaged,
        ..plain
    })
    .expect_err("Newton's method has no such steps");
    assert!(
        told.starts_with("training.average") && told.contains("training.tolerance = 0"),
        "{told}"
    );
}
