//! Fits that saw every mode, where many did not: exact means and shares against real descents, what is left out, and why there is
//! no exact value elsewhere.

use super::{CONVERGED, FAR, Plain, arm};
use crate::theory::{exact, named};
use mode_lottery::engine::Exact;
use mode_lottery::engine::{self, Estimand, Row, Study};
use mode_lottery::numerics::elementary::{exp, ln};
use mode_lottery::policy::Descent;
use mode_lottery::study::training::{BEST, Budget, FitArm, Measure, Training};
use mode_lottery::theory::budget::Costs;
use mode_lottery::world::{Attributes, BaseWeights, Centres, Embedded, Embedding, Rewards, World};
use std::sync::Arc;

const REPLICATES: u64 = 12_800;

/// Each estimand of a study with its row.
fn measured(study: &Training) -> Vec<(&Estimand, Row)> {
    let groups = engine::run(study, REPLICATES).unwrap();
    let rows = engine::estimate(study.spec(), &groups);
    study.estimands().iter().zip(rows).collect()
}

fn found<'a>(rows: &'a [(&'a Estimand, Row)], name: &str) -> &'a (&'a Estimand, Row) {
    rows.iter().find(|(own, _)| own.name() == name).expect(name)
}

fn embedded(plain: &Plain) -> Arc<dyn World> {
    let attributes = Attributes {
        rewards: Rewards {
            values: vec![0.0; plain.base.len()],
            noise: 0.0,
        },
        embedding: Embedding {
            centres: Centres::OneHot,
            dimension: plain.base.len(),
            noise: 0.0,
        },
    };
    let base = BaseWeights::listed(&plain.base).unwrap();
    Arc::new(Embedded::new(base, plain.alpha, attributes).unwrap())
}

/// Up to two fits in five miss a mode. The mean over all fits, which is infinite but for the steps, lies far above; and the
/// exact mean of other numbers of prompts is rejected.
#[test]
fn the_mean_over_complete_fits_is_the_exact_one_however_many_are_left_out() {
    let four = |alpha| Plain::new(&[4.0, 3.0, 2.0, 1.0], alpha, 0.0);
    for (seed, plain, prompts, responses, attributes) in [
        (70, Plain::geo8(4.0), 117, 1, false),
        (71, Plain::geo8(2.0), 37, 3, false),
        (72, four(3.0), 12, 2, false),
        (73, four(3.0), 12, 2, true),
    ] {
        let of = |prompts| {
            let world = if attributes { embedded(&plain) } else { plain.world() };
            let measures = vec![Measure::ExcessNll, Measure::TestNll, Measure::MissingMode];
            Training::new(seed, world, vec![arm(prompts, responses, CONVERGED)], measures).unwrap()
        };
        let (study, other) = (of(prompts), of(prompts + prompts.div_ceil(4)));
        let rows = measured(&study);
        for name in ["excess-nll.complete", "test-nll.complete"] {
            let (_, row) = found(&rows, name);
            let estimate = row.measured.unwrap().estimate();
            let z = |value: f64| (estimate.value - value) / estimate.mcse;
            let [exact, wrong] = [&study, &other].map(|own| named(own, name).exact.value().unwrap());
            println!(
                "{plain:?} {prompts} x {responses} {name}: z {:.2}, of more prompts {:.1}",
                z(exact),
                z(wrong)
            );
            assert!(
                z(exact).abs() < FAR && z(wrong).abs() > FAR,
                "{} {}",
                z(exact),
                z(wrong)
            );
        }
        let (_, row) = found(&rows, "excess-nll.complete");
        let (_, all) = found(&rows, "missing-mode.mean");
        let p = named(&study, "missing-mode.mean").exact.value().unwrap();
        let z = (row.left_out as f64 - p * REPLICATES as f64) / (p * (1.0 - p) * REPLICATES as f64).sqrt();
        assert!(p > 0.1 && z.abs() < FAR, "{p} {z}");
        assert_eq!(
            (row.failed, all.left_out),
            (0, 0),
            "they are no failures, and the mean leaves none out"
        );
        let (_, mean) = found(&rows, "excess-nll.mean");
        let complete = row.measured.unwrap().estimate();
        let mean = mean.measured.unwrap().estimate();
        assert!(
            mean.value - complete.value > 10.0 * complete.mcse,
            "{mean:?} {complete:?}"
        );
    }
}

/// Of fits that miss a mode none has an optimum: they are missing, not unconverged. The control has too few steps.
#[test]
fn a_fit_that_misses_a_mode_is_not_counted_as_unconverged() {
    let plain = Plain::geo8(4.0);
    let share = |steps: u32, ridge: f64| {
        let descent = Descent {
            steps,
            ridge,
            ..CONVERGED
        };
        let measures = vec![Measure::MissingMode];
        let study = Training::new(74, plain.world(), vec![arm(60, 1, descent)], measures).unwrap();
        let rows = measured(&study);
        let of = |name| found(&rows, name).1.measured.unwrap().estimate().value;
        (of("unconverged.mean"), of("missing-mode.mean"))
    };
    let (unconverged, missing) = share(2_000, 0.0);
    assert!(unconverged == 0.0 && missing > 0.3, "{unconverged} {missing}");
    let (unconverged, missing) = share(20, 0.0);
    assert!((unconverged + missing - 1.0).abs() < 1e-12, "{unconverged} {missing}");
    // With a ridge every fit has an optimum.
    assert_eq!(share(20, 1e-6).0, 1.0);
    assert_eq!(share(2_000, 0.1).0, 0.0);
}

/// K, what it costs, its exact excess and the share of fits that see every mode.
type Cell = (f64, f64, f64, f64);

/// The weighted least squares of `y` on three terms, by Cramer's rule.
fn coefficients(rows: &[([f64; 3], f64, f64)]) -> [f64; 3] {
    let mut normal = [[0.0; 4]; 3];
    for (terms, y, weight) in rows {
        for i in 0..3 {
            normal[i][3] += weight * terms[i] * y;
            for j in 0..3 {
                normal[i][j] += weight * terms[i] * terms[j];
            }
        }
    }
    let determinant = |of: [usize; 3]| -> f64 {
        let at = |row: usize, column: usize| normal[row][of[column]];
        let minor = |a: usize, b: usize| at(1, a) * at(2, b) - at(1, b) * at(2, a);
        at(0, 0) * minor(1, 2) - at(0, 1) * minor(0, 2) + at(0, 2) * minor(0, 1)
    };
    let all = determinant([0, 1, 2]);
    [[3, 1, 2], [0, 3, 2], [0, 1, 3]].map(|of| determinant(of) / all)
}

/// The best K of these cells by both routes, as shares of `best`.
fn fitted(cells: &[Cell], best: f64) -> [f64; 2] {
    let near = cells.iter().filter(|(k, ..)| (best / 4.0..=best * 4.0).contains(k));
    let in_logs = |&(k, cost, excess, _): &Cell| {
        let x = ln(k / best);
        ([1.0, x, x * x], ln(excess * cost), 1.0)
    };
    let in_terms = |&(k, cost, excess, _): &Cell| {
        let y = excess * cost;
        ([1.0, k, 1.0 / k], y, 1.0 / (y * y))
    };
    let [_, b, c] = coefficients(&near.map(in_logs).collect::<Vec<_>>());
    let [_, rising, falling] = coefficients(&cells.iter().map(in_terms).collect::<Vec<_>>());
    [exp(-b / (2.0 * c)), (falling / rising).sqrt() / best]
}

/// The study of one setting of the budget experiment, and its cells.
fn of_budget(alpha: f64, prompt: f64) -> (Training, Vec<Cell>) {
    let costs = Costs { prompt, response: 1.0 };
    let budget = Budget { total: 2_000.0, costs };
    let bought = |k: u32| {
        let mut own = arm(costs.prompts(2_000.0, u64::from(k)) as u32, k, CONVERGED);
        own.pool.budget = Some(budget);
        own
    };
    let arms = [1, 2, 3, 4, 6, 8, 11, 16, 32, 64].map(bought).to_vec();
    let world = Plain::geo8(alpha).world();
    let study = Training::new(1, world.clone(), arms.clone(), vec![Measure::ExcessNll]).unwrap();
    let means = study.estimands().iter().zip(exact(&study));
    let means = means.filter(|(own, _)| own.name() == "excess-nll.complete");
    let cell = |(arm, (_, mean)): (&FitArm, (&Estimand, Exact))| {
        let missing = world.missing_mode_share(u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
        let (k, cost) = (f64::from(arm.pool.responses), arm.pool.cost().unwrap());
        (k, cost, mean.value().unwrap(), 1.0 - missing.unwrap())
    };
    let cells = arms.iter().zip(means).map(cell).collect();
    (study, cells)
}

/// Correction 17: on exact means the best K of the budget's four settings are 1.012, 1.008, 1.007 and .997 of K* by the vertex,
/// and 1.015, 1.022, 1.006 and .963 by the three terms, over all ten arms: right to half the last digit that is printed. In the
/// fourth setting up to a fifth of the fits of three small K miss a mode, and leaving them out pulls the minimum down; the study
/// leaves such arms out, which moves that setting alone.
#[test]
fn the_exact_best_number_of_responses_is_that_of_the_exact_means() {
    for (alpha, prompt, best, printed) in [
        (16.0, 4.0, 8.0, [1.012, 1.015]),
        (4.0, 1.0, 2.0, [1.008, 1.022]),
        (16.0, 1.0, 4.0, [1.007, 1.006]),
        (4.0, 16.0, 8.0, [0.997, 0.963]),
    ] {
        let (study, mut cells) = of_budget(alpha, prompt);
        for (found, printed) in fitted(&cells, best).iter().zip(printed) {
            assert!((found - printed).abs() <= 0.0005, "{alpha} {prompt}: {found} {printed}");
        }
        cells.retain(|(.., complete)| *complete >= 0.99);
        assert_eq!(cells.len() < 10, (alpha, prompt) == (4.0, 16.0));
        let names = ["excess-nll.vertex", "excess-nll.three-term"];
        for (name, ratio) in names.into_iter().zip(fitted(&cells, best)) {
            let own = named(&study, name);
            let (exact, reference) = (own.exact.value().unwrap(), own.reference.unwrap());
            println!("{alpha} {prompt} {name}: {exact}, K* {}", reference.value);
            assert_eq!(reference.name, BEST);
            assert!((reference.value / best - 1.0).abs() < 1e-13, "{}", reference.value);
            // Normal equations of terms from 1/64 to 64 lose some eight of sixteen digits.
            assert!((exact / best / ratio - 1.0).abs() < 1e-7, "{name}: {exact} {ratio}");
        }
    }
}

/// Whatever has no exact value says why; none is made up.
#[test]
fn what_has_no_exact_value_says_why() {
    let why = |plain: &Plain, arm: FitArm, name: &str| {
        let study = Training::new(1, plain.world(), vec![arm], vec![Measure::ExcessNll, Measure::Entropy]).unwrap();
        named(&study, name).exact.why_none().unwrap_or("").to_owned()
    };
    let ridge = Descent {
        ridge: 1e-4,
        ..CONVERGED
    };
    let (plain, copies) = (Plain::geo8(4.0), Plain::new(&[0.5, 0.5], 4.0, 0.5));
    for (found, said) in [
        (
            why(&plain, arm(100, 4, ridge), "excess-nll.complete"),
            "a ridge moves fits",
        ),
        (
            why(&copies, arm(100, 4, CONVERGED), "excess-nll.complete"),
            "of responses that copy",
        ),
        (
            why(&plain, arm(8, 1, CONVERGED), "excess-nll.complete"),
            "fewer than one fit in a thousand",
        ),
        (
            why(&plain, arm(100, 4, CONVERGED), "excess-nll.mean"),
            "without a ridge a fit that misses",
        ),
        (
            why(&plain, arm(100, 4, CONVERGED), "entropy.mean"),
            "theory has none for this measure",
        ),
        (why(&plain, arm(100, 4, CONVERGED), "excess-nll.complete"), ""),
    ] {
        assert!(
            found.starts_with(said) && found.is_empty() == said.is_empty(),
            "{found:?} {said:?}"
        );
    }
}
