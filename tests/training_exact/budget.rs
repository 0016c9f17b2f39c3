//! What a budget buys, its best K, and the points of exact curves.

use super::{CONVERGED, FAR, Plain, arm, complete, rows};
use crate::theory::{exact, exact_at};
use mode_lottery::engine::Estimand;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::study::Question;
use mode_lottery::study::training::{Budget, FitArm, Measure, Training};
use mode_lottery::theory::budget::Costs;

fn budget(total: f64, prompt: f64, response: f64) -> Budget {
    Budget {
        total,
        costs: Costs { prompt, response },
    }
}

fn bought(budget: Budget, responses: u32) -> FitArm {
    let prompts = budget.costs.prompts(budget.total, u64::from(responses));
    let mut own = arm(prompts as u32, responses, CONVERGED);
    own.pool.budget = Some(budget);
    own
}

/// Costs and totals in hundredths, so that integers say what is right: the most prompts that the budget pays, none left over.
#[test]
fn a_budget_buys_as_many_prompts_as_whole_cents_pay() {
    let mut stream = Streams::new("budget").purpose("cents").stream(0, 0);
    let mut below = |n: u32| u64::from((stream.uniform() * f64::from(n)) as u32);
    let (mut exact, mut truncated_wrongly) = (0, 0);
    for _ in 0..20_000 {
        let (cp, cr, k) = (1 + below(2_000), 1 + below(300), 1 + below(64));
        let price = cp + k * cr;
        // Every other budget is a whole number of prompts, where a rounding decides.
        let total = price * (1 + below(500)) + below(2) * below(price as u32);
        let dollars = |cents: u64| cents as f64 / 100.0;
        let own = budget(dollars(total), dollars(cp), dollars(cr));
        let prompts = own.costs.prompts(own.total, k);
        assert_eq!(prompts, total / price, "{total} {cp} {cr} {k}");
        let mut fit = arm(prompts as u32, k as u32, CONVERGED);
        fit.pool.budget = Some(own);
        let cost = fit.pool.cost().unwrap();
        assert!((cost / dollars(prompts * price) - 1.0).abs() < 1e-14, "{cost}");
        exact += u32::from(total.is_multiple_of(price));
        // The control: a plain quotient, truncated.
        truncated_wrongly += u32::from((own.total / own.costs.of_prompt(k)) as u64 != total / price);
    }
    assert!(exact > 10_000 && truncated_wrongly > 100, "{exact} {truncated_wrongly}");
    assert_eq!(arm(5, 2, CONVERGED).pool.cost(), None);
}

/// The variance law of a whole budget for continuous N_p, by its definition: N_p = B/(C_p + K C_r).
fn law(alpha: f64, own: Budget, k: f64) -> f64 {
    let prompts = own.total / (own.costs.prompt + k * own.costs.response);
    (1.0 + alpha / k) / ((alpha + 1.0) * prompts)
}

/// The integer that the study names as best is the best of all by brute force; the rounded K* is not always, and nor is its
/// floor.
#[test]
fn the_best_arm_by_theory_is_the_best_integer_by_brute_force() {
    let (mut rounded, mut floored) = (0, 0);
    for i in 0..600_u32 {
        let alpha = 0.05 + 0.11 * f64::from(i);
        let own = budget(2_000.0, 1.0 + f64::from(i % 7), 1.0 + 0.3 * f64::from(i % 3));
        let plain = Plain::new(&[4.0, 3.0, 2.0, 1.0], alpha, 0.0);
        let study = Training::new(
            1,
            plain.world(),
            vec![bought(own, 1), bought(own, 2)],
            vec![Measure::ExcessNll],
        )
        .unwrap();
        let found = study.optimum("responses").unwrap();
        let value = |k: f64| law(alpha, own, k);
        let best = (1..200).map(|k| value(f64::from(k))).fold(f64::INFINITY, f64::min);
        let is_best = |k: f64| value(k) <= best * (1.0 + 1e-13);
        assert!(is_best(found), "alpha {alpha} {own:?}: {found}");
        let continuous = study.best_k().unwrap().best;
        assert!((continuous / (alpha * own.costs.prompt / own.costs.response).sqrt() - 1.0).abs() < 1e-13);
        rounded += u32::from(!is_best(continuous.round().max(1.0)));
        floored += u32::from(!is_best(continuous.floor().max(1.0)));
    }
    assert!(rounded > 5 && floored > 200, "controls: {rounded} {floored}");
}

#[test]
fn no_best_arm_is_named_without_one_budget_for_all_or_along_prompts() {
    let plain = Plain::new(&[4.0, 3.0, 2.0, 1.0], 4.0, 0.0);
    let of = |arms: Vec<FitArm>| Training::new(1, plain.world(), arms, vec![Measure::ExcessNll]).unwrap();
    let (one, other) = (budget(300.0, 4.0, 1.0), budget(400.0, 4.0, 1.0));
    assert_eq!(of(vec![bought(one, 1), bought(one, 2)]).optimum("responses"), Some(4.0));
    assert_eq!(of(vec![bought(one, 1), bought(one, 2)]).optimum("prompts"), None);
    for arms in [
        vec![bought(one, 1), bought(other, 2)],
        vec![bought(one, 1), arm(9, 2, CONVERGED)],
    ] {
        let study = of(arms);
        assert_eq!((study.optimum("responses"), study.best_k()), (None, None));
    }
}

/// A point of an exact curve is the exact value of an arm that stands there, whose prompts are those that the budget then buys.
#[test]
fn points_of_exact_curves_are_exact_values_of_arms_that_stand_there() {
    let plain = Plain::geo8(4.0);
    let own = budget(3_000.0, 4.0, 1.0);
    let measures = vec![
        Measure::ExcessNll,
        Measure::TestNll,
        Measure::MissingMode,
        Measure::Entropy,
    ];
    let of = |arm: FitArm| Training::new(1, plain.world(), vec![arm], measures.clone()).unwrap();
    let budgeted = of(bought(own, 3));
    let stated = of(arm(400, 3, CONVERGED));
    let mut known = 0;
    for value in [1, 2, 5, 16, 100] {
        for estimand in 0..budgeted.estimands().len() {
            let there = |arm: FitArm| exact(&of(arm))[estimand].value();
            let found = exact_at(&budgeted, estimand, "responses", value);
            assert_eq!(found, there(bought(own, value)));
            known += u32::from(found.is_some());
            assert_eq!(
                exact_at(&stated, estimand, "responses", value),
                there(arm(400, value, CONVERGED))
            );
            assert_eq!(
                exact_at(&stated, estimand, "prompts", 100 * value),
                there(arm(100 * value, 3, CONVERGED))
            );
            // The control: the same K with the prompts of K = 3 is another point.
            let same_prompts = exact_at(&stated, estimand, "responses", value);
            assert!(found.is_none() || found != same_prompts, "{estimand} at {value}");
        }
    }
    assert!(known >= 12, "{known}");
    assert_eq!(exact_at(&budgeted, 0, "prompts", 50), None, "the budget decides");
    assert_eq!(exact_at(&budgeted, 0, "responses", 2_997), None, "it buys no prompt");
    assert_eq!(exact_at(&stated, 0, "prompts", 0), None);
    assert_eq!(exact_at(&stated, 0, "concentration", 4), None);
    let curve = budgeted.estimands().len();
    assert_eq!(
        curve, 7,
        "the measures, both means of complete fits, unconverged; one arm has no best K"
    );
}

/// A run at K = 5 against the point at K = 5 of the curve through K = 2, and against the points beside it.
#[test]
fn a_run_at_a_point_of_the_curve_agrees_with_it_and_not_with_its_neighbours() {
    let plain = Plain::new(&[4.0, 3.0, 2.0, 1.0], 12.0, 0.0);
    let own = budget(1_200.0, 1.0, 1.0);
    let study = Training::new(1, plain.world(), vec![bought(own, 2)], vec![Measure::ExcessNll]).unwrap();
    let at = |k| exact_at(&study, 1, "responses", k).unwrap();
    let (found, ..) = complete(60, &plain, bought(own, 5), 12_800);
    let z = |k| (found.value - at(k)) / found.mcse;
    println!("z at K = 5 {:.2}, at 1 {:.1}, at 15 {:.1}", z(5), z(1), z(15));
    assert!(
        z(5).abs() < FAR && z(1).abs() > FAR && z(15).abs() > FAR,
        "{} {} {}",
        z(5),
        z(1),
        z(15)
    );
}

/// The best K that is estimated, by both routes, is K* within its error and the bias of whole prompts; swapped costs would say
/// another.
#[test]
fn the_estimated_best_number_of_responses_is_that_of_theory() {
    let plain = Plain::new(&[4.0, 3.0, 2.0, 1.0], 16.0, 0.0);
    let own = budget(1_500.0, 2.0, 2.0);
    let arms: Vec<FitArm> = [1, 2, 3, 4, 6, 8, 11, 16].into_iter().map(|k| bought(own, k)).collect();
    let study = Training::new(61, plain.world(), arms, vec![Measure::ExcessNll]).unwrap();
    let of_several =
        |(place, own): (usize, &Estimand)| own.of.shown().is_none().then(|| (place, own.name().to_owned()));
    let best: Vec<(usize, String)> = study.estimands().iter().enumerate().filter_map(of_several).collect();
    let names: Vec<&str> = best.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["excess-nll.vertex", "excess-nll.three-term"]);
    let rows = rows(&study, 12_800);
    for (place, name) in &best {
        let (found, exact, reference) = &rows[*place];
        println!("{name}: {} +- {}, exact {exact:?}", found.value, found.mcse);
        assert_eq!(*reference, Some(4.0));
        assert!(
            (found.value - exact.unwrap()).abs() < FAR * found.mcse,
            "{found:?} {exact:?}"
        );
        // Science, correction 4: .97 to 1.01 of K* for the vertex, 7 % for the other route.
        assert!(
            (found.value - 4.0).abs() < 0.07 * 4.0 + FAR * found.mcse,
            "{name}: {found:?}"
        );
        assert!((found.value - 8.0).abs() > 10.0 * found.mcse, "{name}: {found:?}");
    }
}
