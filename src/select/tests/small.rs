//! The search of small pools against the definitions, and its negative controls.

use super::*;
use crate::numerics::lanes::Level;

fn diverse_best(reward_share: f64, rewards: RewardScale, balance: Balance) -> Rule {
    Rule {
        selector: Selector::DiverseBest,
        objective: Objective {
            reward_share,
            rewards,
            balance,
            ..Objective::USUAL
        },
    }
}

fn filled(rule: &Rule, case: &Case, keep: usize) -> Small {
    let mut small = Small::default();
    small.fill(rule, &case.pool(), keep).expect("a drawn pool");
    small
}

/// An enumeration that shares nothing with the search: all words of n bits, F by the definition.
#[test]
fn the_best_of_every_size_is_that_of_an_enumeration_of_all_words() {
    let mut stream = stream("small", 0);
    for kind in KINDS {
        for n in [1, 2, 7, 9] {
            let case = Case::draw(kind, n, &mut stream);
            for rule in rules().iter().filter(|rule| rule.nested()) {
                let mut best = vec![0.0; n];
                filled(rule, &case, n).best(&mut best);
                let mut expected = vec![f64::NEG_INFINITY; n];
                for set in 1_u32..1 << n {
                    let members: Vec<usize> = (0..n).filter(|j| set >> j & 1 == 1).collect();
                    let value = value(&rule.effective(), &case.pool(), &members);
                    let size = members.len() - 1;
                    expected[size] = value.max(expected[size]);
                }
                for (found, expected) in best.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-12, "{kind:?} {n} {rule:?}");
                }
            }
        }
    }
}

#[test]
fn with_means_the_size_that_was_kept_has_its_own_best() {
    let mut stream = stream("small", 1);
    let rule = diverse_best(0.4, RewardScale::MinMax, Balance::Means);
    for n in [14, 16] {
        let case = Case::draw(Kind::Uniform, n, &mut stream);
        for keep in [1, 3, 5] {
            let mut best = vec![0.0; keep];
            filled(&rule, &case, keep).best(&mut best);
            let (_, expected) = best_subset(&rule.objective, &case.pool(), keep);
            assert!((best[keep - 1] - expected).abs() < 1e-12, "{n} {keep}");
        }
    }
}

#[test]
fn values_and_violations_are_those_of_the_definitions() {
    let mut stream = stream("small", 2);
    let mut seen = [0, 0];
    for round in 0..400 {
        let n = 3 + round % 9;
        let mut case = Case::draw(KINDS[round % KINDS.len()], n, &mut stream);
        if round % 3 == 0 {
            // Below 0 both conditions may fail.
            case.similarity.iter_mut().for_each(|s| *s -= 0.6);
        }
        let rule = diverse_best(0.7, RewardScale::ZScore, Balance::Sums);
        let small = filled(&rule, &case, 3);
        let order = shuffled(n, &mut stream);
        let size = 1 + round % (n - 1);
        let (b, x) = (&order[..size], order[size]);
        let a = &b[..round % size];
        let word = |set: &[usize]| set.iter().fold(0, |word, j| word | 1 << j);
        let expected = value(&rule.objective, &case.pool(), b);
        assert!((small.value(word(b)) - expected).abs() < 1e-12);
        let expected = violations(&rule.objective, &case.pool(), a, b, x);
        let found = small.violations(word(a), word(b), x);
        assert!((found.monotone - expected.monotone).abs() < 1e-12, "{round}");
        assert!((found.submodular - expected.submodular).abs() < 1e-12, "{round}");
        seen[0] += usize::from(found.monotone > 0.0);
        seen[1] += usize::from(found.submodular > 0.0);
    }
    assert!(seen.iter().all(|&count| count > 10), "both kinds occur: {seen:?}");
}

/// Nemhauser, Wolsey and Fisher (1978) for K = 2: greedy is lured to a candidate that covers half of each of two others,
/// and reaches 3/4 of the best, the bound 1 - (1 - 1/2)^2.
#[test]
fn greedy_reaches_no_more_than_the_bound_on_a_tight_pool() {
    let (elements, n) = (8, 11);
    let lure = 1e-6;
    let mut similarity = vec![0.0; n * n];
    for i in 0..elements {
        // Candidates 8 and 9 cover four elements each, 10 two of each and a little more.
        similarity[i * n + 8 + i / 4] = 1.0;
        if i % 4 < 2 {
            similarity[i * n + 10] = 1.0 + lure;
        }
    }
    let case = Case {
        computed: false,
        rewards: vec![0.0; n],
        similarity,
        words: (0..n as u64).collect(),
    };
    let rule = Rule::new(Selector::Diverse);
    let mut picker = Picker::new(n);
    let order = picker.pick(&rule, &case.pool(), 2).expect("a pool").order.to_vec();
    assert_eq!(order[0], 10, "the lure");
    let small = filled(&rule, &case, 2);
    let mut best = [0.0; 2];
    small.best(&mut best);
    assert!((best[1] - 8.0).abs() < 1e-12, "{best:?}");
    let ratio = small.value(order.iter().fold(0, |set, j| set | 1 << j)) / best[1];
    assert!((ratio - 0.75).abs() < lure, "{ratio}");
    // The control: without the lure's surplus of each element greedy may still be lured, by a tie; without the lure it is best.
    let alone = Case {
        computed: false,
        similarity: case.reordered(&(0..10).collect::<Vec<_>>()).similarity,
        rewards: vec![0.0; 10],
        words: (0..10).collect(),
    };
    let picks = picker.pick(&rule, &alone.pool(), 2).expect("a pool");
    let set = picks.order.iter().fold(0, |set, j| set | 1 << j);
    assert_eq!(filled(&rule, &alone, 2).value(set), 8.0);
}

#[test]
fn every_vector_unit_finds_the_same_bits() {
    let mut stream = stream("small", 3);
    for n in [5, 8, 13, 16] {
        let case = Case::draw(Kind::Sphere, n, &mut stream);
        let small = filled(&diverse_best(0.3, RewardScale::MinMax, Balance::Sums), &case, 5);
        let found = Level::available().into_iter().map(|level| {
            let mut best = [f64::NEG_INFINITY; 5];
            super::super::small::search::run_at(level, &small, &mut best);
            best.map(f64::to_bits)
        });
        let found: Vec<[u64; 5]> = found.collect();
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{n}");
    }
}

#[test]
fn a_pool_that_is_too_large_or_unfit_is_refused() {
    let mut stream = stream("small", 4);
    let rule = Rule::new(Selector::Diverse);
    let mut small = Small::default();
    let large = Case::draw(Kind::Uniform, 17, &mut stream);
    let refused = SelectError::Enumeration {
        candidates: 17,
        most: 16,
    };
    assert_eq!(small.fill(&rule, &large.pool(), 3), Err(refused));
    let mut case = Case::draw(Kind::Uniform, 4, &mut stream);
    let more = SelectError::MoreThanPool { keep: 5, candidates: 4 };
    assert_eq!(small.fill(&rule, &case.pool(), 5), Err(more));
    case.similarity[6] = f64::NAN;
    let refused = small.fill(&rule, &case.pool(), 2);
    assert!(matches!(
        refused,
        Err(SelectError::Similarity { row: 1, column: 2, .. })
    ));
    let mut sizes = [0.0; 3];
    let two = Case::draw(Kind::Uniform, 2, &mut stream);
    filled(&rule, &two, 2).best(&mut sizes);
    assert_eq!(sizes[2], f64::NEG_INFINITY, "no set has three of two");
}
