//! What is kept, against definitions: greedy by the objective's own value, prefixes, orders, errors.

use super::*;

/// Greedy by definition: each pick gains the most of F, computed from scratch; ties by key.
fn naive(rule: &Rule, pool: &Pool<'_>, keep: usize) -> (Vec<usize>, Vec<f64>) {
    let objective = rule.effective();
    let (per_reward, per_cover) = objective.factors(keep, pool.candidates);
    let mut rewards = vec![0.0; pool.candidates];
    pool.scaled_rewards(objective.rewards, 1.0, &mut rewards)
        .expect("rewards");
    let f = |set: &[usize]| {
        let cover = |i: usize| {
            set.iter()
                .map(|&s| pool.similarity[i * pool.stride + s])
                .reduce(f64::max)
        };
        let cover: f64 = (0..pool.candidates).map(|i| cover(i).unwrap_or(0.0)).sum();
        per_reward * set.iter().map(|&s| rewards[s]).sum::<f64>() + per_cover * cover
    };
    let (mut set, mut gains) = (Vec::new(), Vec::new());
    let alone = (0..pool.candidates).map(|j| f(&[j]) - per_reward * rewards[j]);
    let width = ties::width(
        alone.fold(0.0, |most: f64, cover| most.max(cover.abs())),
        per_reward * ties::largest(&rewards),
    );
    for t in 0..keep {
        let gain = |j: usize| f(&[&set[..], &[j]].concat()) - f(&set);
        let left: Vec<(usize, f64)> = (0..pool.candidates)
            .filter(|j| !set.contains(j))
            .map(|j| (j, gain(j)))
            .collect();
        let top = left.iter().map(|&(_, g)| g).fold(f64::NEG_INFINITY, f64::max);
        let tied = left.into_iter().filter(|&(_, g)| g >= top - width);
        let (j, gain) = tied
            .min_by_key(|&(j, _)| ties::mix(pool.words[j], t as u64))
            .expect("some are left");
        set.push(j);
        gains.push(gain);
    }
    (set, gains)
}

#[test]
fn greedy_picks_and_gains_are_those_of_the_definition() {
    let mut picker = Picker::new(40);
    for case in 0..200 {
        let mut stream = stream("naive", case);
        let n = 1 + (stream.uniform() * 20.0) as usize;
        let drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        let keep = 1 + (stream.uniform() * n as f64) as usize;
        for rule in rules() {
            if !rule.selector.needs_similarity() || rule.selector == Selector::DiverseMaxMin {
                continue;
            }
            let picks = picker.pick(&rule, &drawn.pool(), keep).expect("a fit pool");
            let (order, gains) = naive(&rule, &drawn.pool(), keep);
            assert_eq!(picks.order, order, "case {case} {rule:?}");
            for (ours, theirs) in picks.gains.iter().zip(gains) {
                assert!(
                    (ours - theirs).abs() < 1e-12 * n as f64,
                    "case {case} {rule:?}: {ours} {theirs}"
                );
            }
        }
    }
}

#[test]
fn farthest_first_picks_and_gains_are_those_of_the_definition() {
    let mut picker = Picker::new(40);
    for case in 0..300 {
        let mut stream = stream("farthest", case);
        let n = 1 + (stream.uniform() * 30.0) as usize;
        let mut drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        if case % 2 == 0 {
            drawn.similarity.iter_mut().for_each(|s| *s = 2.0 * *s - 1.0);
        }
        let width = if drawn.computed { TOLERANCE } else { 0.0 };
        let picks = picker
            .pick(&Rule::new(Selector::DiverseMaxMin), &drawn.pool(), n)
            .expect("a fit pool");
        let start = (0..n).min_by_key(|&j| ties::mix(drawn.words[j], 0)).expect("some");
        let (mut order, mut gains) = (vec![start], vec![1.0]);
        for t in 1..n {
            let near = |i: usize| {
                order
                    .iter()
                    .map(|&s| drawn.similarity[i * n + s])
                    .fold(f64::NEG_INFINITY, f64::max)
            };
            let left: Vec<(usize, f64)> = (0..n).filter(|i| !order.contains(i)).map(|i| (i, -near(i))).collect();
            let top = left.iter().map(|&(_, g)| g).fold(f64::NEG_INFINITY, f64::max);
            let tied = left.into_iter().filter(|&(_, g)| g >= top - width);
            let (j, gain) = tied
                .min_by_key(|&(j, _)| ties::mix(drawn.words[j], t as u64))
                .expect("some are left");
            order.push(j);
            gains.push(1.0 + gain);
        }
        assert_eq!((picks.order, picks.gains), (&order[..], &gains[..]), "case {case}");
    }
}

#[test]
fn picks_for_fewer_are_a_prefix_where_the_rule_says_so() {
    let mut broken = 0;
    for case in 0..100 {
        let mut stream = stream("prefix", case);
        let n = 2 + (stream.uniform() * 30.0) as usize;
        let drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        for rule in rules() {
            let (mut a, mut b) = (Picker::new(n), Picker::new(n));
            let all = a.pick(&rule, &drawn.pool(), n).expect("a fit pool");
            for keep in 0..n {
                let few = b.pick(&rule, &drawn.pool(), keep).expect("a fit pool");
                if rule.nested() {
                    assert_eq!(few.order, &all.order[..keep], "case {case} {rule:?}");
                    assert_eq!(few.gains, &all.gains[..keep], "case {case} {rule:?}");
                } else {
                    broken += usize::from(few.order != &all.order[..keep]);
                }
            }
            let mut sorted = all.order.to_vec();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..n), "K = N keeps every candidate once");
        }
    }
    assert!(broken > 100, "means do break prefixes: {broken}");
}

#[test]
fn candidates_in_another_order_are_kept_all_the_same() {
    for case in 0..300 {
        let mut stream = stream("order", case);
        let n = 1 + (stream.uniform() * 40.0) as usize;
        let drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        let order = shuffled(n, &mut stream);
        let moved = drawn.reordered(&order);
        for rule in rules() {
            let (mut a, mut b) = (Picker::new(n), Picker::new(n));
            let here = a.pick(&rule, &drawn.pool(), n).expect("a fit pool");
            let there = b.pick(&rule, &moved.pool(), n).expect("a fit pool");
            let back: Vec<usize> = there.order.iter().map(|&i| order[i]).collect();
            assert_eq!(here.order, back, "case {case} {rule:?}");
        }
    }
}

#[test]
fn a_prefix_of_the_candidates_is_a_pool() {
    let mut stream = stream("prefix of candidates", 0);
    let drawn = Case::draw(Kind::Clustered, 24, &mut stream);
    let prefix = Pool {
        candidates: 10,
        ..drawn.pool()
    };
    let alone = drawn.reordered(&(0..10).collect::<Vec<_>>());
    for rule in rules() {
        let (mut a, mut b) = (Picker::new(24), Picker::new(24));
        let inside = a.pick(&rule, &prefix, 10).expect("a fit pool");
        assert_eq!(
            inside,
            b.pick(&rule, &alone.pool(), 10).expect("a fit pool"),
            "{rule:?}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_pool_is_said() {
    let mut stream = stream("errors", 0);
    let good = Case::draw(Kind::Sphere, 9, &mut stream);
    let wrong = |change: &dyn Fn(&mut Case), selector: Selector, keep: usize| {
        let mut bad = good.clone();
        change(&mut bad);
        let mut picker = Picker::new(9);
        let picks = picker.pick(&Rule::new(selector), &bad.pool(), keep);
        picks.expect_err("a bad pool").to_string()
    };
    assert_eq!(
        wrong(&|_| (), Selector::Random, 10),
        "10 of 9 candidates cannot be kept: keep at most 9"
    );
    for selector in [Selector::Best, Selector::DiverseBest, Selector::DiverseBestWeighted] {
        for bad in [f64::NAN, f64::INFINITY] {
            let said = wrong(&|case| case.rewards[4] = bad, selector, 2);
            assert_eq!(
                said,
                format!("the reward of candidate 4 is {bad}, but rewards must be finite numbers")
            );
        }
        let said = wrong(&|case| case.rewards.truncate(3), selector, 2);
        assert_eq!(said, "3 rewards, but 9 are needed");
    }
    for selector in Selector::ALL.into_iter().filter(|s| s.needs_similarity()) {
        for bad in [f64::NAN, f64::NEG_INFINITY, f64::MAX] {
            let said = wrong(&|case| case.similarity[9 * 7 + 2] = bad, selector, 0);
            let value = format!("the similarity of candidates 7 and 2 is {bad}, but");
            assert!(said.starts_with(&value), "{selector:?}: {said}");
        }
        let said = wrong(&|case| case.similarity.truncate(80), selector, 2);
        assert_eq!(said, "80 similarities, but 81 are needed");
    }
    let said = wrong(
        &|case| case.rewards[..2].copy_from_slice(&[-f64::MAX, f64::MAX]),
        Selector::DiverseBest,
        2,
    );
    assert!(
        said.ends_with("are too far apart to scale: divide them by a constant"),
        "{said}"
    );
}

#[test]
fn a_selector_ignores_what_it_does_not_need() {
    let mut stream = stream("needs", 0);
    let drawn = Case::draw(Kind::Sphere, 12, &mut stream);
    for selector in Selector::ALL {
        let whole = drawn.pool();
        let least = Pool {
            rewards: if selector.needs_rewards() { whole.rewards } else { &[] },
            similarity: if selector.needs_similarity() {
                whole.similarity
            } else {
                &[]
            },
            ..whole
        };
        let (mut a, mut b) = (Picker::new(12), Picker::new(12));
        let rule = Rule::new(selector);
        assert_eq!(a.pick(&rule, &whole, 5), b.pick(&rule, &least, 5), "{selector:?}");
    }
}

/// Plain greedy: before every pick each candidate is asked anew what it would add to the cover of the pool.
fn plain(rule: &Rule, pool: &Pool<'_>, keep: usize) -> (Vec<usize>, Vec<f64>) {
    let n = pool.candidates;
    let objective = rule.effective();
    let (per_reward, per_cover) = objective.factors(keep, n);
    let mut own = vec![0.0; n];
    if objective.reward_share > 0.0 {
        pool.scaled_rewards(objective.rewards, per_reward, &mut own)
            .expect("rewards");
    }
    let near = |i: usize, j: usize| pool.similarity[i * pool.stride + j];
    let alone: Vec<f64> = (0..n).map(|j| (0..n).map(|i| near(i, j)).sum()).collect();
    let width = ties::width((per_cover * ties::largest(&alone)).abs(), ties::largest(&own));
    let (mut cover, mut set, mut gains) = (vec![f64::NEG_INFINITY; n], Vec::new(), Vec::new());
    for t in 0..keep {
        let added = |j: usize| (0..n).map(|i| (near(i, j) - cover[i]).max(0.0)).sum::<f64>();
        let gain = |j: usize| own[j] + per_cover * if t == 0 { alone[j] } else { added(j) };
        let left: Vec<(usize, f64)> = (0..n).filter(|j| !set.contains(j)).map(|j| (j, gain(j))).collect();
        let top = left.iter().map(|&(_, g)| g).fold(f64::NEG_INFINITY, f64::max);
        let tied = left.into_iter().filter(|&(_, g)| g >= top - width);
        let (j, gain) = tied
            .min_by_key(|&(j, _)| ties::mix(pool.words[j], t as u64))
            .expect("some are left");
        set.push(j);
        gains.push(gain);
        (0..n).for_each(|i| cover[i] = cover[i].max(near(i, j)));
    }
    (set, gains)
}

/// Pools that are small and not: running sums in registers, and in memory.
#[test]
fn running_sums_keep_what_plain_greedy_keeps() {
    let rules: Vec<Rule> = rules()
        .into_iter()
        .filter(|rule| rule.selector.needs_similarity() && rule.selector != Selector::DiverseMaxMin)
        .collect();
    for case in 0..4000 {
        let mut stream = stream("lazy", case);
        let n = match case % 20 {
            0 => 65 + (stream.uniform() * 35.0) as usize,
            _ => 1 + (stream.uniform() * 44.0) as usize,
        };
        let mut drawn = Case::draw(KINDS[(case / 20) % KINDS.len()], n, &mut stream);
        if case % 3 == 0 {
            drawn.similarity.iter_mut().for_each(|s| *s = 2.0 * *s - 1.0);
        }
        let rule = &rules[(case / 5) % rules.len()];
        let mut picker = Picker::new(n);
        let running = picker.pick(rule, &drawn.pool(), n).expect("a fit pool");
        let (order, gains) = plain(rule, &drawn.pool(), n);
        assert_eq!(running.order, order, "case {case} {rule:?}");
        for (ours, theirs) in running.gains.iter().zip(gains) {
            // N picks, each with a rounding of N times 2^-52 or less, in numbers up to 2.
            let rounding = 2.0 * (n * n) as f64 * f64::EPSILON;
            assert!(
                (ours - theirs).abs() <= rounding,
                "case {case} {rule:?}: {ours} {theirs}"
            );
        }
    }
}

#[test]
fn a_picker_that_was_used_keeps_what_a_new_one_keeps() {
    // In pools that are small and not.
    let mut used = Picker::new(80);
    for case in 0..100 {
        let mut stream = stream("each", case);
        let n = 1 + (stream.uniform() * 80.0) as usize;
        let drawn = Case::draw(KINDS[case % KINDS.len()], n, &mut stream);
        let mut rules = rules();
        rules.rotate_left(case % 7);
        rules.truncate(case % 30);
        let keep = n - case % n.min(3);
        for rule in &rules {
            let picks = used.pick(rule, &drawn.pool(), keep).expect("a fit pool");
            let mut new = Picker::new(80);
            let own = new.pick(rule, &drawn.pool(), keep).expect("a fit pool");
            assert_eq!(picks, own, "case {case} {rule:?}");
        }
    }
}

#[test]
fn equal_words_fall_back_on_the_order_of_candidates() {
    for n in [7, 40, 100] {
        let mut drawn = Case::draw(Kind::Sphere, n, &mut stream("equal words", n));
        drawn.words.fill(5);
        let mut picker = Picker::new(n);
        let picks = picker
            .pick(&Rule::new(Selector::Random), &drawn.pool(), n)
            .expect("a fit pool");
        assert!(picks.order.iter().copied().eq(0..n));
    }
}

/// What passes is kept first, by the order in which `random` keeps it, and then the highest rewards of the others; picks for K are the first of
/// those for more.
#[test]
fn a_filter_keeps_what_passes_at_random_and_then_the_best_of_the_rest() {
    let mut stream = stream("filter", 0);
    let mut short = 0;
    for round in 0..50 {
        let mut drawn = Case::draw(Kind::Sphere, 12, &mut stream);
        drawn.rewards[round % 12] = 0.5;
        let pool = drawn.pool();
        let mut picker = Picker::new(12);
        let mut order = |selector, keep| picker.pick(&Rule::new(selector), &pool, keep).unwrap().order.to_vec();
        let passes = |j: &usize| pool.rewards[*j] > 0.5;
        let mut expected: Vec<usize> = order(Selector::Random, 12).into_iter().filter(passes).collect();
        short += usize::from(expected.len() < 5);
        let rest: Vec<usize> = order(Selector::Best, 12).into_iter().filter(|j| !passes(j)).collect();
        expected.extend(rest);
        for keep in [1, 5, 12] {
            assert_eq!(order(Selector::Filter, keep), expected[..keep]);
        }
    }
    assert!((1..50).contains(&short), "both happen: {short}");
    let case = Case::draw(Kind::Sphere, 12, &mut stream);
    let mut rule = Rule::new(Selector::Filter);
    rule.objective.threshold = f64::NAN;
    let said = Picker::new(12).pick(&rule, &case.pool(), 2).unwrap_err().to_string();
    assert_eq!(said, "the threshold is NaN, but it must be a finite number");
}
