//! Small worlds with every outcome enumerated: all responses to all prompts with their probability, and all subsets.

use super::{assert_close, dirichlet, method};
use mode_lottery::numerics::elementary::{exp, ln};
use mode_lottery::study::selection::{Measure, Theta, exact};
use mode_lottery::world::{Copies, World};

const MEASURES: [Measure; 4] = [
    Measure::ModeMass,
    Measure::ModeMassByMode,
    Measure::Gradient,
    Measure::Loss,
];

/// A small world by its parameters alone; `copies` is 0 in the Dirichlet world.
struct Small {
    base: Vec<f64>,
    alpha: f64,
    copies: f64,
}

fn tuples(modes: usize, length: usize) -> Vec<Vec<usize>> {
    (0..length).fold(vec![vec![]], |shorter, _| {
        let longer = |t: Vec<usize>| (0..modes).map(move |m| [t.clone(), vec![m]].concat());
        shorter.into_iter().flat_map(longer).collect()
    })
}

impl Small {
    /// P(draws in this order), each given the earlier: (alpha base_m + earlier m's)/(alpha + earlier draws).
    fn urn(&self, draws: &[usize]) -> f64 {
        let step = |j: usize| {
            let earlier = draws[..j].iter().filter(|y| **y == draws[j]).count() as f64;
            (self.alpha * self.base[draws[j]] + earlier) / (self.alpha + j as f64)
        };
        (0..draws.len()).map(step).product()
    }

    /// P(responses), by the definition of copies: over the common draw and over which responses copy it.
    fn probability(&self, responses: &[usize]) -> f64 {
        let n = responses.len();
        let mut sum = 0.0;
        for common in 0..self.base.len() {
            for copied in 0..1_usize << n {
                let copy = |j: usize| copied >> j & 1 == 1;
                if (0..n).any(|j| copy(j) && responses[j] != common) {
                    continue;
                }
                let weight: f64 = (0..n)
                    .map(|j| if copy(j) { self.copies } else { 1.0 - self.copies })
                    .product();
                let own: Vec<usize> = (0..n).filter(|&j| !copy(j)).map(|j| responses[j]).collect();
                sum += weight * self.urn(&[vec![common], own].concat());
            }
        }
        sum
    }

    fn world(&self) -> Box<dyn World> {
        let prompts = dirichlet(&self.base, self.alpha);
        match self.copies {
            0.0 => Box::new(prompts),
            c => Box::new(Copies::new(prompts, c)),
        }
    }

    /// The statistic of kept responses, all prompts together.
    fn statistic(&self, measure: Measure, theta: &[f64], kept: &[usize]) -> Vec<f64> {
        let modes = self.base.len();
        let total: f64 = theta.iter().map(|&t| exp(t)).sum();
        let share = |m: usize| kept.iter().filter(|y| **y == m).count() as f64 / kept.len() as f64;
        match measure {
            Measure::ModeMass | Measure::ModeMassByMode | Measure::Returns | Measure::Limit => {
                (0..modes).map(share).collect()
            }
            Measure::ExcessQuadratic => (0..modes).map(|m| share(m) / (2.0 * self.base[m]).sqrt()).collect(),
            Measure::Wrong => vec![0.0],
            Measure::Gradient => (0..modes).map(|m| exp(theta[m]) / total - share(m)).collect(),
            Measure::Loss => {
                let loss: f64 = kept.iter().map(|&y| ln(total) - theta[y]).sum();
                vec![loss / kept.len() as f64]
            }
        }
    }
}

fn worlds() -> Vec<Small> {
    let bases = [vec![0.5, 0.5], vec![0.9, 0.1], vec![0.5, 0.3, 0.2]];
    let of = |(base, alpha, copies): (&Vec<f64>, f64, f64)| Small {
        base: base.clone(),
        alpha,
        copies,
    };
    let settings = [(0.05, 0.0), (2.0, 0.0), (40.0, 0.0), (2.0, 0.5), (0.7, 1.0)];
    bases
        .iter()
        .flat_map(|base| settings.map(|(alpha, c)| of((base, alpha, c))))
        .collect()
}

const THETA: [f64; 3] = [0.4, -1.0, 0.2];

/// All outcomes of `prompts` prompts with `depth` responses each: probability, and responses by prompt.
fn outcomes(small: &Small, prompts: u32, depth: u32) -> Vec<(f64, Vec<Vec<usize>>)> {
    let one: Vec<(f64, Vec<usize>)> = tuples(small.base.len(), depth as usize)
        .into_iter()
        .map(|t| (small.probability(&t), t))
        .collect();
    (0..prompts).fold(vec![(1.0, vec![])], |fewer, _| {
        let more = |(p, responses): (f64, Vec<Vec<usize>>)| {
            let one = &one;
            one.iter()
                .map(move |(q, t)| (p * q, [responses.clone(), vec![t.clone()]].concat()))
                .collect::<Vec<_>>()
        };
        fewer.into_iter().flat_map(more).collect()
    })
}

fn distance2(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[test]
fn means_variances_and_errors_are_those_of_all_outcomes() {
    for small in worlds() {
        let world = small.world();
        let theta = THETA[..small.base.len()].to_vec();
        for (prompts, kept) in [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)] {
            let arm = method(prompts, kept, None, Theta::Logits(theta.clone()));
            let outcomes = outcomes(&small, prompts, kept);
            let total: f64 = outcomes.iter().map(|(p, _)| p).sum();
            assert_close(total, 1.0, "all outcomes");
            for measure in MEASURES {
                let x: Vec<(f64, Vec<f64>)> = outcomes
                    .iter()
                    .map(|(p, y)| (*p, small.statistic(measure, &theta, &y.concat())))
                    .collect();
                let dimension = x[0].1.len();
                let mean: Vec<f64> = (0..dimension).map(|i| x.iter().map(|(p, x)| p * x[i]).sum()).collect();
                // One row for a vector, one for each mode alone.
                let parts: Vec<Vec<usize>> = match measure {
                    Measure::ModeMassByMode => (0..dimension).map(|i| vec![i]).collect(),
                    _ => vec![(0..dimension).collect()],
                };
                for (part, coordinates) in parts.iter().enumerate() {
                    let of = |x: &[f64]| coordinates.iter().map(|&i| x[i]).collect::<Vec<f64>>();
                    let variance: f64 = x.iter().map(|(p, x)| p * distance2(&of(x), &of(&mean))).sum();
                    let what = format!("{world:?} {} N_p {prompts} K {kept} part {part}", measure.name());
                    let exact = |quantity| exact(world.as_ref(), &arm, measure, quantity, part).unwrap();
                    assert_close(exact("variance"), variance, &what);
                    if measure == Measure::ModeMassByMode {
                        assert_close(exact("mean"), mean[part], &what);
                        continue;
                    }
                    assert_close(exact("emse"), variance, &what);
                    assert_eq!(exact("bias2"), 0.0);
                    if small.copies == 0.0 {
                        assert_close(exact("ratio"), 1.0, &what);
                    }
                }
            }
        }
    }
}

/// The truth that errors are taken from is the mean over all outcomes, so that bias 0 is no assumption.
#[test]
fn selection_is_unbiased_for_every_measure() {
    for small in worlds() {
        let world = small.world();
        let theta = THETA[..small.base.len()].to_vec();
        let policy = Theta::Logits(theta.clone()).policy(world.as_ref());
        let mean = |measure, i: usize| -> f64 {
            outcomes(&small, 1, 3)
                .iter()
                .map(|(p, y)| p * small.statistic(measure, &theta, &y.concat())[i])
                .sum()
        };
        assert_close(policy.nll(world.mean()), mean(Measure::Loss, 0), "NLL");
        for (mode, slope) in policy.gradient(world.mean()).into_iter().enumerate() {
            assert_close(slope, mean(Measure::Gradient, mode), "gradient");
        }
    }
}

/// All ways to keep `k` of each prompt's candidates.
fn selections(pools: &[Vec<usize>], k: u32) -> Vec<Vec<usize>> {
    pools.iter().fold(vec![vec![]], |fewer, pool| {
        let subsets: Vec<Vec<usize>> = (0..1_usize << pool.len())
            .filter(|set| set.count_ones() == k)
            .map(|set| (0..pool.len()).filter(|i| set >> i & 1 == 1).map(|i| pool[i]).collect())
            .collect();
        let more = |kept: Vec<usize>| {
            subsets
                .iter()
                .map(move |s| [kept.clone(), s.clone()].concat())
                .collect::<Vec<_>>()
        };
        fewer.into_iter().flat_map(more).collect()
    })
}

#[test]
fn the_conditional_variance_is_that_over_all_subsets_of_all_pools() {
    for small in worlds() {
        let world = small.world();
        let theta = THETA[..small.base.len()].to_vec();
        for (prompts, kept, pool) in [(1, 1, 2), (1, 2, 4), (2, 1, 3), (2, 2, 3), (1, 3, 3)] {
            let arm = method(prompts, kept, Some(pool), Theta::Logits(theta.clone()));
            let outcomes = outcomes(&small, prompts, pool);
            for measure in [Measure::ModeMass, Measure::Gradient, Measure::Loss] {
                let mut sum = 0.0;
                for (p, pools) in &outcomes {
                    let whole = small.statistic(measure, &theta, &pools.concat());
                    let all = selections(pools, kept);
                    let over: f64 = all
                        .iter()
                        .map(|kept| distance2(&small.statistic(measure, &theta, kept), &whole))
                        .sum();
                    sum += p * over / all.len() as f64;
                }
                let found = exact(world.as_ref(), &arm, measure, "conditional-variance", 0).unwrap();
                let what = format!("{world:?} {} N_p {prompts} K {kept} N {pool}", measure.name());
                assert_close(found, sum, &what);
            }
        }
    }
}

/// The control: values that are 5% wrong, or lack one correction, are told apart by the comparison used above.
#[test]
fn a_formula_without_one_of_its_corrections_is_another_number() {
    let small = Small {
        base: vec![0.5, 0.3, 0.2],
        alpha: 2.0,
        copies: 0.5,
    };
    let world = small.world();
    let c = world.trace_components();
    let right = c.law_with_correlated_responses(2, 3, 0.25);
    let differs = |x: f64, y: f64| (x / y - 1.0).abs() > 1e-3;
    assert!(differs(c.law(2, 3), right), "without r");
    assert!(differs(c.law_with_correlated_responses(2, 3, 0.5), right), "r = c");
    let conditional = c.conditional_on_pool(2, 2, 3, 0.25);
    assert!(
        differs(c.conditional_on_pool(2, 2, 3, 0.0), conditional),
        "without 1 - r"
    );
    assert!(
        differs(c.response * 0.75 / 2.0 / 2.0, conditional),
        "without the finite population"
    );
}
