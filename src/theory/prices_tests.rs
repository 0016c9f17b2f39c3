//! Tests of costs in three parts: the table of an independent code, counts of modes by enumeration, and searches by brute force.

use super::*;
use crate::numerics::elementary::exp;
use crate::theory::missing::modes_seen;
use crate::theory::selected::enumerate::for_each_count_vector;
use crate::theory::selected::{Ask, PoolLaw, Rule, Selected, Weights, best, by_counts};

const ALPHA: f64 = 4.0;
const TURNING: [f64; 8] = [0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4];

fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

fn world_a() -> Components {
    let total = 1.0 - geo8().iter().map(|p| p * p).sum::<f64>();
    Components {
        prompt: total / (ALPHA + 1.0),
        response: total * ALPHA / (ALPHA + 1.0),
    }
}

const fn prices(prompt: f64, generated: f64, trained: f64) -> Prices {
    Prices {
        prompt,
        generated,
        trained,
    }
}

const SOME: Prices = prices(4.0, 0.1, 1.0);

fn law(candidates: u32) -> PoolLaw {
    PoolLaw::new(geo8(), ALPHA, candidates).unwrap()
}

fn modes(candidates: u64) -> f64 {
    modes_seen(&geo8(), ALPHA, 1, candidates)
}

fn close(own: f64, known: f64, within: f64) {
    assert!((own / known - 1.0).abs() < within, "{own} {known}");
}

fn question(prices: Prices, most_candidates: u64) -> MergedQuestion<'static> {
    MergedQuestion {
        components: world_a(),
        prices,
        modes: &modes,
        most_candidates,
        most_prompts: u64::MAX,
    }
}

/// Of an independent code, to its seven digits: prices, A of random responses at K*, and of one response per mode the best N up to 32 with its A,
/// which whole prompts reach to 1e-8 where there are so many.
#[test]
fn random_responses_and_one_per_mode_have_the_values_of_the_table() {
    for (own, random, candidates, merged) in [
        (prices(4.0, 1.0, 0.0), 2.452_126_5, 4, 2.452_126_5),
        (SOME, 2.573_272_4, 12, 1.779_544_9),
        (prices(20.0, 0.2, 1.0), 6.804_025_5, 19, 5.143_523_3),
    ] {
        close(own.at_random().least(&world_a()), random, 1e-7);
        let found = question(own, 32).best(Goal::Budget(1e9)).unwrap();
        assert_eq!(found.candidates, candidates);
        close(found.variance * 1e9, merged, 1e-6);
        let cheapest = question(own, 32).best(Goal::Variance(1e-9)).unwrap();
        close(cheapest.cost * 1e-9, merged, 1e-6);
    }
    // Savings of 31% and 24%.
    close(1.0 - 1.779_544_9 / 2.574_732_9, 0.308_843, 1e-5);
    close(1.0 - 5.143_523_3 / 6.804_651_1, 0.244_117, 1e-5);
}

/// Every pair of whole numbers within bounds, one by one.
#[test]
fn no_whole_numbers_are_better_than_the_best_of_pools() {
    for own in [
        SOME,
        prices(20.0, 0.2, 1.0),
        prices(4.0, 0.0, 1.0),
        prices(0.0, 0.3, 2.0),
    ] {
        for (most_candidates, most_prompts) in [(40, 500), (6, 17)] {
            let question = MergedQuestion {
                most_prompts,
                ..question(own, most_candidates)
            };
            let all = || (1..=most_candidates).flat_map(|n| (1..=most_prompts).map(move |prompts| (n, prompts)));
            let cost = |n, prompts: u64| prompts as f64 * own.of_prompt(n, modes(n));
            let variance = |n, prompts| world_a().law(prompts, n);
            let affordable = all().filter(|(n, prompts)| cost(*n, *prompts) <= 97.0 * (1.0 + 1e-12));
            let least = affordable
                .map(|(n, prompts)| variance(n, prompts))
                .fold(f64::INFINITY, f64::min);
            close(question.best(Goal::Budget(97.0)).unwrap().variance, least, 1e-12);
            let precise = all().filter(|(n, prompts)| variance(*n, *prompts) <= 0.03);
            let least = precise
                .map(|(n, prompts)| cost(n, prompts))
                .fold(f64::INFINITY, f64::min);
            match question.best(Goal::Variance(0.03)) {
                Some(found) => close(found.cost, least, 1e-12),
                None => assert_eq!(least, f64::INFINITY),
            }
        }
    }
    assert_eq!(
        question(SOME, 40).best(Goal::Budget(5.0)),
        None,
        "less than a prompt with one response"
    );
}

/// T(N) and v of one response per mode; T by enumeration of counts too.
#[test]
fn modes_among_candidates_are_those_of_an_enumeration() {
    for (candidates, known) in [
        (1_u32, 1.0),
        (4, 2.351_222_9),
        (8, 3.102_265_4),
        (16, 3.774_820_6),
        (32, 4.335_925_9),
    ] {
        close(modes(u64::from(candidates)), known, 1e-7);
        if candidates <= 8 {
            let mut present = 0.0;
            for_each_count_vector(&law(candidates), |counts, probability| {
                present += probability * counts.iter().filter(|count| **count > 0).count() as f64;
            })
            .unwrap();
            close(present, known, 1e-7);
        }
    }
    close(world_a().law(1, 4), 0.306_515_8, 1e-6);
    close(world_a().law(1, 16), 0.191_572_4, 1e-6);
}

/// A response of each mode is weighted by n_m/N, and E sum (n_m/N)^2 is what is left of V_t: 1/N + (1 - 1/N) E sum pi^2 by counts. All N
/// responses would leave 1/N.
#[test]
fn differences_within_modes_are_left_by_one_response_of_each() {
    let same = (1.0 + ALPHA * geo8().iter().map(|p| p * p).sum::<f64>()) / (1.0 + ALPHA);
    for candidates in [1_u32, 2, 4, 8] {
        let n = f64::from(candidates);
        let mut by_counts = 0.0;
        for_each_count_vector(&law(candidates), |counts, probability| {
            let squares = counts
                .iter()
                .map(|&count| f64::from(count) / n)
                .map(|share| share * share);
            by_counts += probability * squares.sum::<f64>();
        })
        .unwrap();
        close(within_modes(3.0, same, u64::from(candidates)), 3.0 * by_counts, 1e-12);
    }
    assert!(
        within_modes(1.0, same, 1 << 40) > 0.38,
        "no number of candidates removes them"
    );
}

/// b^2, variance of one prompt, and A.
fn diverse(candidates: u32, keep: u32, weights: Weights) -> (f64, f64, f64) {
    let ask = Ask {
        rule: Rule::Diverse,
        keep,
        weights,
    };
    of(&by_counts(&law(candidates), &[ask]).unwrap()[0], candidates, keep)
}

fn of(own: &Selected, candidates: u32, keep: u32) -> (f64, f64, f64) {
    let variance = own.variance_trace();
    let cost = SOME.of_pool(u64::from(candidates)).of_prompt(u64::from(keep));
    (own.bias2(&geo8()), variance, variance * cost)
}

/// The table's facility location, plain and weighted, of simulated pools: within the 2% of their error.
#[test]
fn diverse_selections_have_the_errors_and_crossovers_of_the_table() {
    let random = SOME.at_random().least(&world_a());
    for (candidates, keep, known) in [(8, 3, 372.0), (8, 4, 441.0), (16, 4, 168.0)] {
        let (bias2, _, per_budget) = diverse(candidates, keep, Weights::Equal);
        close(crossover(random, per_budget, bias2), known, 0.02);
    }
    let dear = prices(20.0, 0.2, 1.0);
    for (budget, keep, weights, known) in [
        (100.0, 4, Weights::Equal, 0.0433),
        (10_000.0, 4, Weights::SplitCoverage, 0.000_542),
    ] {
        let (bias2, variance, _) = diverse(16, keep, weights);
        close(
            bias2 + variance * dear.of_pool(16).of_prompt(u64::from(keep)) / budget,
            known,
            0.02,
        );
    }
    for (budget, candidates, keep, weights, known) in [
        (100.0, 8, 3, Weights::Equal, 0.01776),
        (1000.0, 4, 3, Weights::Equal, 0.00240),
        (100.0, 12, 3, Weights::SplitCoverage, 0.0189),
        (1000.0, 16, 4, Weights::SplitCoverage, 0.00190),
    ] {
        let (bias2, _, per_budget) = diverse(candidates, keep, weights);
        close(bias2 + per_budget / budget, known, 0.02);
    }
}

/// Below the crossover the selector's error is smaller, above it that of random responses, and there they are alike.
#[test]
fn the_order_of_errors_turns_at_the_crossover() {
    let random = SOME.at_random().least(&world_a());
    let (bias2, _, selector) = diverse(8, 3, Weights::Equal);
    let budget = crossover(random, selector, bias2);
    close(budget, 375.0, 1e-3);
    let gap = |budget: f64| bias2 + selector / budget - random / budget;
    assert!(gap(0.99 * budget) < 0.0 && gap(1.01 * budget) > 0.0 && gap(budget).abs() < 1e-15);
}

/// Whatever N up to 16 and K below N, the budget below which Best-K-of-N would win buys no prompt, if there is one at all.
#[test]
fn keeping_the_best_wins_at_no_budget_that_buys_a_prompt() {
    let random = SOME.at_random().least(&world_a());
    let mut ever = 0;
    for candidates in 2..=16 {
        for keep in 1..candidates {
            let (bias2, _, per_budget) = of(&best(&law(candidates), &TURNING, keep).unwrap(), candidates, keep);
            let budget = crossover(random, per_budget, bias2);
            ever += u32::from(budget > 0.0);
            let price = SOME.of_pool(u64::from(candidates)).of_prompt(u64::from(keep));
            assert!(budget < price, "N = {candidates}, K = {keep}: {budget} {price}");
        }
    }
    // Of deep pools of which few are kept, the variance is small and the bias all.
    assert!(ever > 0);
    let (_, _, mild) = of(&best(&law(8), &TURNING, 3).unwrap(), 8, 3);
    assert!(mild > random, "never: {mild} {random}");
}
