//! Small pools without any theory: every sequence of candidates with its urn probability, and every way in which the greedy over
//! candidates can break its ties.

use super::plain::{Objective, gains, objective, share, tied};
use super::*;

/// The moments of the share over all sequences and ties.
struct Brute<'a> {
    law: &'a PoolLaw,
    ask: &'a Ask,
    found: Selected,
    /// The ties of a pick that are followed: all, or on purpose fewer.
    keep_ties: fn(&[usize], Vec<usize>) -> Vec<usize>,
}

fn all_ties(_: &[usize], ties: Vec<usize>) -> Vec<usize> {
    ties
}

fn lowest_mode_only(pool: &[usize], ties: Vec<usize>) -> Vec<usize> {
    let lowest = ties.iter().map(|&c| pool[c]).min().unwrap();
    ties.into_iter().filter(|&c| pool[c] == lowest).collect()
}

fn one_per_mode(pool: &[usize], ties: Vec<usize>) -> Vec<usize> {
    let is_first = |&c: &usize| !ties.iter().any(|&d| d < c && pool[d] == pool[c]);
    ties.iter().copied().filter(is_first).collect()
}

impl Brute<'_> {
    fn run(law: &PoolLaw, ask: &Ask, keep_ties: fn(&[usize], Vec<usize>) -> Vec<usize>) -> Selected {
        let modes = law.modes();
        let found = Selected {
            mean: vec![0.0; modes],
            second: vec![0.0; modes * modes],
        };
        let mut brute = Brute {
            law,
            ask,
            found,
            keep_ties,
        };
        brute.draw(&mut Vec::new(), 1.0);
        brute.found
    }

    /// All sequences that begin with `pool`.
    fn draw(&mut self, pool: &mut Vec<usize>, probability: f64) {
        if pool.len() == self.law.candidates() as usize {
            let objective = objective(&self.ask.rule, pool);
            self.pick(pool, &objective, &mut Vec::new(), probability);
            return;
        }
        for m in 0..self.law.modes() {
            let before = pool.iter().filter(|&&c| c == m).count() as f64;
            let alpha = self.law.concentration();
            let next = if alpha.is_finite() {
                (alpha * self.law.weights()[m] + before) / (alpha + pool.len() as f64)
            } else {
                self.law.weights()[m]
            };
            if next > 0.0 {
                pool.push(m);
                self.draw(pool, probability * next);
                pool.pop();
            }
        }
    }

    /// All continuations of the picks `kept`.
    fn pick(&mut self, pool: &[usize], objective: &Objective, kept: &mut Vec<usize>, probability: f64) {
        if kept.len() == self.ask.keep as usize {
            let share = share(pool, kept, self.law.modes(), self.ask.weights);
            for (a, f) in share.iter().enumerate() {
                self.found.mean[a] += probability * f;
                for (b, g) in share.iter().enumerate() {
                    self.found.second[a * share.len() + b] += probability * f * g;
                }
            }
            return;
        }
        let ties = (self.keep_ties)(pool, tied(&gains(pool, objective, kept)));
        for &c in &ties {
            kept.push(c);
            self.pick(pool, objective, kept, probability / ties.len() as f64);
            kept.pop();
        }
    }
}

/// Random small settings: rewards on a coarse grid, so that ties of every kind occur; some weights 0.
fn setting(rng: &mut Stream) -> (PoolLaw, Vec<f64>) {
    let mut pick = |n: usize| (rng.uniform() * n as f64) as usize;
    let modes = 2 + pick(3);
    let raw: Vec<f64> = (0..modes)
        .map(|m| {
            if m > 1 && pick(6) == 0 {
                0.0
            } else {
                1.0 + pick(8) as f64
            }
        })
        .collect();
    let total: f64 = raw.iter().sum();
    let weights: Vec<f64> = raw.iter().map(|w| w / total).collect();
    let alpha = [0.5, 4.0, f64::INFINITY][pick(3)];
    let candidates = 1 + pick(if modes == 2 { 6 } else { 5 }) as u32;
    let rewards = (0..modes).map(|_| pick(5) as f64 / 4.0).collect();
    (law(&weights, alpha, candidates), rewards)
}

fn rules(rewards: &[f64]) -> Vec<(Rule, Weights)> {
    let mixed = |lambda, scaling| Rule::DiverseBest {
        rewards: rewards.to_vec(),
        lambda,
        scaling,
    };
    let mut rules = vec![
        (Rule::Random, Equal),
        (best_of(rewards), Equal),
        (mixed(1.0, Scaling::InPool), Equal),
    ];
    for weights in EVERY_WEIGHT {
        rules.extend([(Rule::Diverse, weights), (Rule::DiverseMaxMin, weights)]);
        for lambda in [0.0, 0.25, 0.5, 0.75] {
            rules.push((mixed(lambda, Scaling::Raw), weights));
            rules.push((mixed(lambda, Scaling::InPool), weights));
        }
    }
    rules
}

/// The largest difference over the settings, per rule, between the enumeration of counts and brute force with the given ties.
fn worst(settings: usize, keep_ties: fn(&[usize], Vec<usize>) -> Vec<usize>) -> Vec<f64> {
    let mut rng = stream("brute force");
    let mut worst = vec![0.0; rules(&[0.0; 2]).len()];
    for _ in 0..settings {
        let (law, rewards) = setting(&mut rng);
        let keep = 1 + (rng.uniform() * f64::from(law.candidates())) as u32;
        let asks: Vec<Ask> = rules(&rewards)
            .into_iter()
            .map(|(rule, weights)| ask(rule, keep, weights))
            .collect();
        let answers = by_counts(&law, &asks).unwrap();
        for ((ask, answer), worst) in asks.iter().zip(&answers).zip(&mut worst) {
            let brute = Brute::run(&law, ask, keep_ties);
            *worst = f64::max(*worst, moments_apart(answer, &brute));
        }
    }
    worst
}

/// Both moments of every rule, weighted or not, are those of the greedy over candidates.
#[test]
fn every_rule_is_the_greedy_over_candidates_with_its_ties() {
    for (found, (rule, weights)) in worst(60, all_ties).into_iter().zip(rules(&[0.0; 2])) {
        // Up to 6! orders of picks on 3^6 pools are added up one by one: 5e5 roundings of 1.1e-16.
        assert!(found < 6e-11, "{rule:?} {weights:?}: {found:e}");
    }
}

/// Ties by the lowest mode, and ties uniform over modes instead of over candidates, are other selectors.
#[test]
fn ties_broken_otherwise_are_refused() {
    let symmetric = |(rule, _): &(Rule, Weights)| rule.is_symmetric();
    for (found, rule) in worst(30, lowest_mode_only).into_iter().zip(rules(&[0.0; 2])) {
        assert!(found > 1e-3, "{rule:?}: {found:e}");
    }
    let by_mode = worst(30, one_per_mode);
    for (found, rule) in by_mode.iter().zip(rules(&[0.0; 2])).filter(|(_, rule)| symmetric(rule)) {
        // Of tied firsts in diverse all have equal sizes, so only its surplus tells; with coverage weights nothing does.
        let blind = rule.0 == Rule::Diverse && rule.1 != Equal;
        assert!(blind == (*found < 6e-11), "{rule:?}: {found:e}");
    }
    assert!(
        by_mode.iter().filter(|found| **found > 1e-3).count() >= 12,
        "{by_mode:?}"
    );
}

/// The closed forms of best and random, which know no counts, against the enumeration.
#[test]
fn closed_forms_are_those_of_the_enumeration() {
    let mut rng = stream("closed forms");
    for _ in 0..300 {
        let (law, rewards) = setting(&mut rng);
        let keep = 1 + (rng.uniform() * f64::from(law.candidates())) as u32;
        let asks = [ask(Rule::Random, keep, Equal), ask(best_of(&rewards), keep, Equal)];
        let answers = by_counts(&law, &asks).unwrap();
        assert!(moments_apart(&answers[0], &random(&law, keep)) < 1e-14);
        assert!(
            moments_apart(&answers[1], &best(&law, &rewards, keep).unwrap()) < 1e-14,
            "{law:?} {rewards:?}"
        );
    }
}
