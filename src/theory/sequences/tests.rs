//! Tests of sequences: recursions against enumerations, and both against closed forms and the reference's table.

use super::*;
use crate::numerics::elementary::ln;
use crate::numerics::lanes::LANES;

const BASE: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

fn plans(vagueness: f64) -> PlanMixture {
    PlanMixture::vague(&BASE, vagueness)
}

/// Every response of so many increments.
fn responses(tokens: usize, length: usize) -> Vec<Vec<usize>> {
    let count = tokens.pow(length as u32);
    let digits = |mut at: usize| {
        let digit = |_| {
            let own = at % tokens;
            at /= tokens;
            own
        };
        (0..length).map(digit).collect()
    };
    (0..count).map(digits).collect()
}

/// The cells that a response goes through.
fn cells(contexts: &Contexts, response: &[usize]) -> Vec<usize> {
    let mut state = 0;
    let step = |&d: &usize| {
        let cell = state * contexts.tokens() + d;
        state = contexts.next()[cell] as usize;
        cell
    };
    response.iter().map(step).collect()
}

fn stages(contexts: &Contexts, plans: &PlanMixture) -> Stages {
    let best = BestPolicy::new(contexts, plans);
    let scores = Scores::new(contexts, &best).expect("its parameters determine each other");
    scores.stages(contexts, plans)
}

fn families(length: usize) -> [Contexts; 6] {
    [
        Contexts::tied(4, length),
        Contexts::per_position(4, length),
        Contexts::order_one(4, length),
        Contexts::counts(4, length),
        Contexts::counts_and_position(4, length),
        Contexts::tree(4, length),
    ]
}

/// V_m and V_t with nothing of what they are tested for: gradients and the Hessian in parameters, of every response, and another solver.
fn by_enumeration(contexts: &Contexts, plans: &PlanMixture) -> Stages {
    let best = BestPolicy::new(contexts, plans);
    let (tokens, width) = (contexts.tokens(), contexts.coordinates());
    let size = contexts.parameters();
    let mut hessian = nalgebra::DMatrix::<f64>::zeros(size, size);
    let gradient = |response: &[usize]| {
        let mut g = nalgebra::DVector::<f64>::zeros(size);
        for cell in cells(contexts, response) {
            let (state, made) = (cell / tokens, cell % tokens);
            let phi = &contexts.features()[state * width..][..width];
            for d in 0..tokens - 1 {
                let residual = best.probabilities[state * tokens + d] - f64::from(u8::from(d == made));
                (0..width).for_each(|c| g[d * width + c] += residual * phi[c]);
            }
        }
        g
    };
    for response in responses(tokens, contexts.length()) {
        let share = plans.probability(plans.base(), &response);
        for cell in cells(contexts, &response) {
            let state = cell / tokens;
            let (phi, p) = (
                &contexts.features()[state * width..][..width],
                &best.probabilities[state * tokens..][..tokens],
            );
            for i in 0..size {
                for j in 0..size {
                    let (a, b) = (i / width, j / width);
                    let both = if a == b { p[a] * (1.0 - p[a]) } else { -p[a] * p[b] };
                    hessian[(i, j)] += share * both * phi[i % width] * phi[j % width];
                }
            }
        }
    }
    let factor = nalgebra::linalg::Cholesky::new(hessian).expect("positive definite");
    let mut found = Stages {
        plan: 0.0,
        token: 0.0,
        token_shared: 0.0,
    };
    for plan in 0..plans.plans() {
        let mut mean = nalgebra::DVector::<f64>::zeros(size);
        let mut square = 0.0;
        for response in responses(tokens, contexts.length()) {
            let (share, g) = (plans.likelihood(plan, &response), gradient(&response));
            square += share * g.dot(&factor.solve(&g));
            mean += share * g;
        }
        let squared = mean.dot(&factor.solve(&mean));
        found.plan += plans.base()[plan] * squared;
        found.token += plans.base()[plan] * (square - squared);
        found.token_shared += plans.base()[plan] * plans.base()[plan] * (square - squared);
    }
    found
}

/// The same of responses of five increments, for the two policies whose totals the reference prints with another last digit.
#[test]
fn the_totals_of_the_table_are_those_of_an_enumeration() {
    for contexts in [Contexts::order_one(4, 5), Contexts::counts(4, 5)] {
        let (one, other) = (stages(&contexts, &plans(0.3)), by_enumeration(&contexts, &plans(0.3)));
        assert!((one.total() / other.total() - 1.0).abs() < 1e-10, "{one:?} {other:?}");
    }
}

#[test]
fn the_recursion_is_the_enumeration_for_every_policy() {
    for contexts in families(3) {
        let (one, other) = (stages(&contexts, &plans(0.3)), by_enumeration(&contexts, &plans(0.3)));
        assert!((one.plan / other.plan - 1.0).abs() < 1e-10, "{one:?} {other:?}");
        assert!((one.token / other.token - 1.0).abs() < 1e-10, "{one:?} {other:?}");
        let shared = one.token_shared / other.token_shared;
        assert!((shared - 1.0).abs() < 1e-10, "{one:?} {other:?}");
    }
}

/// Of the tied policy V_z = sum_d b_z(d) (1 - b_z(d))/bbar(d), and E[pi_z^2] are the moments of a Dirichlet law (Kotz, Balakrishnan and Johnson
/// 2000, 49.1).
#[test]
fn what_one_response_of_each_plan_leaves_has_its_closed_form() {
    for (vagueness, length) in [(0.3, 1), (0.7, 5)] {
        let plans = plans(vagueness);
        let own = stages(&Contexts::tied(4, length), &plans);
        for alpha in [0.5, 4.0, f64::INFINITY] {
            let of_plan = |plan: usize| -> f64 {
                let pooled = |d: usize| -> f64 { (0..4).map(|z| BASE[z] * plans.emission(z)[d]).sum() };
                let own = |d: usize| plans.emission(plan)[d] * (1.0 - plans.emission(plan)[d]) / pooled(d);
                (0..4).map(own).sum()
            };
            let square = |base: f64| base * base + base * (1.0 - base) / (alpha + 1.0);
            let expected: f64 = (0..4).map(|plan| square(BASE[plan]) * of_plan(plan)).sum();
            let found = own.token_merged(alpha);
            assert!((found / expected - 1.0).abs() < 1e-12, "{alpha}: {found} {expected}");
        }
    }
}

/// V_m = n X^2 and V_t = D - X^2 of the tied policy, whatever the length.
#[test]
fn the_tied_policy_has_its_closed_form() {
    for (vagueness, length) in [(0.3, 1), (0.3, 5), (0.7, 8), (0.7, 32)] {
        let plans = plans(vagueness);
        let (own, x) = (stages(&Contexts::tied(4, length), &plans), plans.chi_square());
        assert!((own.plan / (length as f64 * x) - 1.0).abs() < 1e-12, "{own:?} {x}");
        assert!((own.token / (3.0 - x) - 1.0).abs() < 1e-12, "{own:?} {x}");
    }
    assert!((plans(0.3).chi_square() - 1.3611).abs() < 5e-5 && (plans(0.7).chi_square() - 0.2453).abs() < 5e-5);
}

struct Line {
    contexts: Contexts,
    parameters: usize,
    prompt: f64,
    total: f64,
    over: Option<f64>,
    ratio: [f64; 2],
    floor: f64,
    purity: Option<f64>,
    shares: Option<[f64; 4]>,
}

/// The table of the reference for sharp plans of five increments, and sqrt(V_{y|x}/V_x) for vague ones, to the digits that it prints.
fn table() -> Vec<Line> {
    let [tied, position, one, counts, both, tree] = families(5);
    let line = |contexts, parameters, prompt, total, ratio, floor| Line {
        contexts,
        parameters,
        prompt,
        total,
        over: None,
        ratio,
        floor,
        purity: None,
        shares: None,
    };
    vec![
        Line {
            over: Some(2.815),
            purity: Some(0.8135),
            shares: Some([0.468, 0.303, 0.166, 0.063]),
            ..line(tied, 3, 1.361, 8.44, [2.28, 3.90], 1.5955)
        },
        Line {
            over: Some(1.0),
            ..line(position, 15, 1.361, 15.00, [3.17, 7.76], 1.5955)
        },
        Line {
            over: Some(1.122),
            purity: Some(0.9016),
            shares: Some([0.409, 0.303, 0.197, 0.091]),
            // The reference prints 16.84 beside 1.122 of 15, which is 16.83. This is 16.8345, as an enumeration in another language is.
            ..line(one, 15, 0.743, 16.83, [4.65, 8.28], 0.5176)
        },
        Line {
            over: Some(1.096),
            purity: Some(0.9311),
            shares: Some([0.394, 0.297, 0.202, 0.107]),
            // The reference prints 16.44. This is 16.4345, by recursion and by enumeration.
            ..line(counts, 15, 0.569, 16.43, [5.28, 8.53], 0.1497)
        },
        Line {
            over: Some(1.033),
            purity: Some(0.9310),
            shares: Some([0.394, 0.297, 0.202, 0.107]),
            ..line(both, 24, 0.569, 24.79, [6.52, 10.81], 0.1496)
        },
        Line {
            purity: Some(0.9667),
            shares: Some(BASE),
            ..line(tree, 1023, 0.553, 1023.0, [43.0, 70.6], 0.0)
        },
    ]
}

/// Whether a number is one that is printed so: within half a unit of the last digit.
fn prints(value: f64, printed: f64, unit: f64) {
    assert!(
        (value - printed).abs() <= 0.5 * unit * (1.0 + 1e-9),
        "{value} is not printed as {printed}"
    );
}

#[test]
fn the_table_of_the_reference_is_reproduced_to_its_digits() {
    let sharp = plans(0.3);
    prints(sharp.entropy(5), 5.0839, 1e-4);
    for line in table() {
        let (contexts, ratio) = (&line.contexts, |own: Stages| {
            let parts = own.components(4.0);
            (parts.response / parts.prompt).sqrt()
        });
        assert_eq!(contexts.parameters(), line.parameters);
        let (best, own) = (BestPolicy::new(contexts, &sharp), stages(contexts, &sharp));
        prints(own.components(4.0).prompt, line.prompt, 1e-3);
        prints(own.total(), line.total, 1e-2);
        if let Some(over) = line.over {
            prints(own.total() / line.parameters as f64, over, 1e-3);
        }
        let unit = if line.parameters > 100 { 0.1 } else { 1e-2 };
        prints(ratio(own), line.ratio[0], unit);
        prints(ratio(stages(contexts, &plans(0.7))), line.ratio[1], unit);
        prints(best.loss - sharp.entropy(5), line.floor, 1e-4);
        let rows: Vec<_> = best.probabilities.iter().map(|&p| [p; LANES]).collect();
        let seen = Paths::new(contexts, &sharp).shares(&rows);
        if let Some(purity) = line.purity {
            prints(seen.purity[0], purity, 1e-4);
        }
        for (share, printed) in seen.shares.iter().zip(line.shares.iter().flatten()) {
            prints(share[0], *printed, 1e-3);
        }
    }
}

/// The weights of the plans alone: a correct policy with D = 3 parameters.
#[test]
fn the_weights_of_plans_are_those_of_the_table() {
    for (vagueness, prompt, ratio) in [(0.3, Some(0.553), 2.10), (0.7, None, 3.69)] {
        let (contexts, plans) = (Contexts::counts(4, 5), plans(vagueness));
        let scores = Scores::of_plan_weights(&contexts, &plans).expect("plans differ");
        let own = scores.stages(&contexts, &plans);
        assert!((own.total() - 3.0).abs() < 1e-10, "{own:?}");
        let parts = own.components(4.0);
        prints((parts.response / parts.prompt).sqrt(), ratio, 1e-2);
        if let Some(prompt) = prompt {
            prints(parts.prompt, prompt, 1e-3);
        }
    }
}

/// A correct policy has V_x + V_{y|x} = D and V_m at most sum_z base_z chi^2(P_z || mean) <= Z - 1; the saturated tree has equality. The
/// tied policy, which is not correct, breaks both.
#[test]
fn correct_policies_keep_the_bound_and_the_identity() {
    for vagueness in [0.3, 0.7] {
        let plans = plans(vagueness);
        let tree = stages(&Contexts::tree(4, 4), &plans);
        let bound: f64 = responses(4, 4)
            .iter()
            .map(|response| {
                let mean = plans.probability(&BASE, response);
                let of = |z: usize| {
                    BASE[z] * (plans.likelihood(z, response) - mean) * (plans.likelihood(z, response) - mean)
                };
                (0..4).map(of).sum::<f64>() / mean
            })
            .sum();
        assert!(
            (tree.plan / bound - 1.0).abs() < 1e-9 && bound < 3.0,
            "{tree:?} {bound}"
        );
        assert!((tree.total() - 255.0).abs() < 1e-9 * 255.0, "{tree:?}");
        let weights = Scores::of_plan_weights(&Contexts::counts(4, 4), &plans).expect("plans differ");
        let weights = weights.stages(&Contexts::counts(4, 4), &plans);
        assert!(weights.plan <= bound * (1.0 + 1e-9), "{weights:?} {bound}");
    }
    let tied = stages(&Contexts::tied(4, 5), &plans(0.3));
    assert!(tied.plan > 6.8 && (tied.total() - 3.0).abs() > 5.0, "{tied:?}");
}

/// Purity, shares of plans, entropy and expected visits by every response there is.
#[test]
fn what_responses_look_like_is_what_an_enumeration_says() {
    let plans = plans(0.3);
    for contexts in families(4) {
        let best = BestPolicy::new(&contexts, &plans);
        let rows: Vec<_> = best.probabilities.iter().map(|&p| [p; LANES]).collect();
        let seen = Paths::new(&contexts, &plans).shares(&rows);
        let (mut purity, mut shares, mut entropy, mut loss) = (0.0, [0.0; 4], 0.0, 0.0);
        for response in responses(4, 4) {
            let own: f64 = cells(&contexts, &response)
                .iter()
                .map(|&cell| best.probabilities[cell])
                .product();
            let mean = plans.probability(&BASE, &response);
            let posterior = [0, 1, 2, 3].map(|z| BASE[z] * plans.likelihood(z, &response) / mean);
            purity += own * posterior.iter().copied().fold(0.0, f64::max);
            shares.iter_mut().zip(posterior).for_each(|(sum, z)| *sum += own * z);
            entropy -= mean * ln(mean);
            loss -= mean * ln(own);
        }
        assert!((seen.purity[3] - purity).abs() < 1e-12, "{} {purity}", seen.purity[3]);
        for (one, other) in seen.shares.iter().zip(shares) {
            assert!((one[5] - other).abs() < 1e-12, "{one:?} {other}");
        }
        assert!((plans.entropy(4) - entropy).abs() < 1e-12 && (best.loss - loss).abs() < 1e-12);
        let truth = Paths::new(&contexts, &plans).of_truth(&contexts, &plans);
        assert!(
            truth
                .shares
                .iter()
                .zip(BASE)
                .all(|(own, base)| (own[0] - base).abs() < 1e-12)
        );
    }
}

/// The mean gradient is 0 at the best policy and nowhere else, and it is the slope of the loss: by differences.
#[test]
fn probabilities_of_another_policy_have_a_mean_gradient() {
    let (contexts, plans) = (Contexts::counts(4, 3), plans(0.3));
    let best = BestPolicy::new(&contexts, &plans);
    let length = |best: &BestPolicy| {
        let scores = Scores::new(&contexts, best).expect("its parameters determine each other");
        let mut mean = vec![0.0; scores.dimension()];
        for (cell, share) in best.cells.iter().enumerate() {
            let (first, own) = scores.of(cell);
            mean[first..].iter_mut().zip(own).for_each(|(sum, u)| *sum += share * u);
        }
        mean.iter().map(|x| x * x).sum::<f64>()
    };
    assert!(length(&best) < 1e-20, "{}", length(&best));
    let mut other = best.clone();
    other.probabilities[..4].copy_from_slice(&[0.25; 4]);
    assert!(length(&other) > 1e-3, "{}", length(&other));
}
