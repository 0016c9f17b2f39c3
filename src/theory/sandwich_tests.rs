//! Tests of the components against sums over prompts and responses as they are defined, with nalgebra's matrices.

use super::*;
use crate::numerics::stream::Streams;
use nalgebra::{DMatrix, DVector};

/// A policy near nothing in particular: probabilities, conditionals and Jacobians at random.
struct Case {
    prompts: usize,
    modes: usize,
    parameters: usize,
    p: Vec<f64>,
    pi: Vec<f64>,
    jacobians: Vec<f64>,
}

impl Case {
    fn random(prompts: usize, modes: usize, parameters: usize) -> Self {
        let mut stream = Streams::new("sandwich").purpose("case").stream(prompts as u64, 0);
        let mut shares = || -> Vec<f64> {
            let row = |_| -> Vec<f64> {
                let raw: Vec<f64> = (0..modes).map(|_| stream.uniform() + 0.1).collect();
                let total: f64 = raw.iter().sum();
                raw.iter().map(|x| x / total).collect()
            };
            (0..prompts).flat_map(row).collect()
        };
        let (p, pi) = (shares(), shares());
        let jacobians = (0..prompts * modes * parameters).map(|_| stream.uniform() - 0.4);
        Self {
            jacobians: jacobians.collect(),
            prompts,
            modes,
            parameters,
            p,
            pi,
        }
    }

    fn components(&self, damping: f64) -> Option<PolicyComponents> {
        let size = self.modes * self.parameters;
        let jacobian = |x: usize, out: &mut [f64]| out.copy_from_slice(&self.jacobians[x * size..][..size]);
        policy_components(
            self.prompts,
            self.modes,
            self.parameters,
            &self.p,
            &self.pi,
            damping,
            jacobian,
        )
    }

    fn jacobian(&self, x: usize) -> DMatrix<f64> {
        let size = self.modes * self.parameters;
        DMatrix::from_row_slice(self.modes, self.parameters, &self.jacobians[x * size..][..size])
    }

    fn shares<'a>(&self, of: &'a [f64], x: usize) -> &'a [f64] {
        &of[x * self.modes..][..self.modes]
    }

    /// The gradient of a response.
    fn gradient(&self, x: usize, y: usize) -> DVector<f64> {
        let residual = DVector::from_fn(self.modes, |m, _| {
            self.shares(&self.p, x)[m] - f64::from(u8::from(m == y))
        });
        self.jacobian(x).transpose() * residual
    }

    fn hessian(&self, x: usize) -> DMatrix<f64> {
        let p = DVector::from_column_slice(self.shares(&self.p, x));
        let covariance = DMatrix::from_diagonal(&p) - &p * p.transpose();
        self.jacobian(x).transpose() * covariance * self.jacobian(x)
    }

    /// C_x and C_y by the law of total covariance, response by response.
    fn covariances(&self) -> [DMatrix<f64>; 2] {
        let n = self.prompts as f64;
        let zero = || DMatrix::zeros(self.parameters, self.parameters);
        let (mut within, mut means) = (zero(), Vec::new());
        for x in 0..self.prompts {
            let pi = self.shares(&self.pi, x);
            let mut mean = DVector::zeros(self.parameters);
            (0..self.modes).for_each(|y| mean += pi[y] * self.gradient(x, y));
            for y in 0..self.modes {
                let off = self.gradient(x, y) - &mean;
                within += pi[y] / n * &off * off.transpose();
            }
            means.push(mean);
        }
        let grand = means
            .iter()
            .fold(DVector::zeros(self.parameters), |sum, mean| sum + mean)
            / n;
        let between = means.iter().fold(zero(), |sum, mean| {
            let off = mean - &grand;
            sum + &off * off.transpose() / n
        });
        [between, within]
    }
}

fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found / expected - 1.0).abs() < 1e-12,
        "{what}: {found}, not {expected}"
    );
}

/// Matrices of a few rows and condition numbers below a hundred: 1e-12 is a thousand roundings.
#[test]
fn components_are_those_of_the_definition() {
    for (prompts, modes, parameters) in [(30, 3, 5), (17, 4, 9), (41, 2, 3)] {
        let case = Case::random(prompts, modes, parameters);
        let n = prompts as f64;
        let hessians: Vec<DMatrix<f64>> = (0..prompts).map(|x| case.hessian(x)).collect();
        let hessian = hessians
            .iter()
            .fold(DMatrix::zeros(parameters, parameters), |sum, h| sum + h)
            / n;
        let covariances = case.covariances();
        for damping in [0.0, 0.01, 0.3] {
            let inverse = (&hessian + DMatrix::identity(parameters, parameters) * damping)
                .try_inverse()
                .unwrap();
            let bread = &inverse * &hessian * &inverse;
            let found = case.components(damping).unwrap();
            let [x, y] = covariances.each_ref().map(|c| (&bread * c).trace());
            near(found.sandwich.prompt, x, "V_x");
            near(found.sandwich.response, y, "V_y");
            let [x, y] = covariances.each_ref().map(|c| c.trace());
            near(found.raw.prompt, x, "raw V_x");
            near(found.raw.response, y, "raw V_y");
            let trace = (&inverse * &hessian).trace();
            near(found.effective_parameters, trace, "effective parameters");
            let square = |h: &DMatrix<f64>| (&inverse * h * &inverse * h).trace();
            let mean = hessians.iter().map(|h| square(&(h - &hessian))).sum::<f64>() / n;
            near(found.design, mean / trace, "c");
            if damping == 0.0 {
                let stated = hessians.iter().map(square).sum::<f64>() / n / parameters as f64 - 1.0;
                near(found.design, stated, "c as stated");
            }
            assert_eq!(found.parameters, parameters);
        }
    }
}

#[test]
fn components_of_the_loss_are_those_of_the_definition() {
    let case = Case::random(30, 3, 2);
    let loss = |x: usize, y: usize| -ln(case.shares(&case.p, x)[y]);
    let mean = |x: usize, power: i32| -> f64 {
        let of = |y: usize| {
            case.shares(&case.pi, x)[y]
                * if power == 1 {
                    loss(x, y)
                } else {
                    loss(x, y) * loss(x, y)
                }
        };
        (0..3).map(of).sum()
    };
    let over = |of: &dyn Fn(usize) -> f64| (0..30).map(of).sum::<f64>() / 30.0;
    let grand = over(&|x| mean(x, 1));
    let found = case.components(0.0).unwrap().loss;
    near(
        found.prompt,
        over(&|x| mean(x, 1) * mean(x, 1)) - grand * grand,
        "between",
    );
    near(
        found.response,
        over(&|x| mean(x, 2) - mean(x, 1) * mean(x, 1)),
        "within",
    );
}

/// Two equal columns: singular, until it is damped.
#[test]
fn a_singular_hessian_has_no_components_unless_damped() {
    let mut case = Case::random(30, 3, 5);
    for row in case.jacobians.chunks_exact_mut(5) {
        row[4] = row[1];
    }
    assert_eq!(case.components(0.0), None);
    let damped = case.components(1e-9).unwrap();
    assert!((damped.effective_parameters - 4.0).abs() < 1e-6, "{damped:?}");
}

/// A policy that has every conditional: no gradient has a mean, and V_{y|x} = D.
#[test]
fn where_nothing_is_unseen_prompts_do_not_differ() {
    let mut case = Case::random(30, 3, 5);
    case.pi.clone_from(&case.p);
    let found = case.components(0.0).unwrap();
    assert_eq!(found.sandwich.prompt, 0.0);
    near(found.sandwich.response, 5.0, "D");
    let costs = Costs {
        prompt: 10.0,
        response: 1.0,
    };
    assert_eq!(costs.best_responses(&found.sandwich), f64::INFINITY);
    // Endless K costs C_r V_y, and K = 5 on top of it C_p V_y/5.
    near(found.regret(&costs, 5.0), 2.0, "regret");
}

const DEFAULT: PolicyComponents = PolicyComponents {
    sandwich: Components {
        prompt: 4.517,
        response: 30.36,
    },
    raw: Components {
        prompt: 1.0,
        response: 6.0,
    },
    loss: Components {
        prompt: 1.0,
        response: 5.0,
    },
    design: 7.33,
    parameters: 35,
    effective_parameters: 35.0,
};

/// The reference's curve at B = 20,000 (sigma_u = 1, C_p = 10, C_r = 1), to its three digits, and regrets of its table.
#[test]
fn first_order_and_regret_are_those_of_the_reference() {
    for (responses, listed) in [(1.0, 0.00959), (4.0, 0.00424), (8.0, 0.00374), (64.0, 0.00924)] {
        let prompts = f64::floor(20_000.0 / (10.0 + responses));
        let found = DEFAULT.first_order(1.0 / prompts, prompts * responses);
        assert!((found - listed).abs() < 6e-6, "K = {responses}: {found}");
    }
    let costs = Costs {
        prompt: 10.0,
        response: 1.0,
    };
    assert!((DEFAULT.regret(&costs, 6.86) - 0.008).abs() < 5e-4);
    let second = DEFAULT.second_order(1.0 / 512.0, 2048.0) / DEFAULT.first_order(1.0 / 512.0, 2048.0);
    near(second, 1.0 + 7.33 / 512.0 + 35.0 / 2048.0, "second order");
}

/// K_fin of the reference: 42.2 at B = 2,000 and 94.5 at 8,000; it is the least of the second order without prompts' variance.
#[test]
fn the_best_finite_number_of_responses_is_that_of_the_reference() {
    let budget = |total: f64| Budget {
        total,
        costs: Costs {
            prompt: 10.0,
            response: 1.0,
        },
    };
    for (total, listed) in [(2_000.0, 42.2), (8_000.0, 94.5)] {
        let found = DEFAULT.best_finite(&budget(total)).unwrap();
        assert!((found - listed).abs() < 0.06, "{found}");
        // D/(2 N_p K) N_p/(N_p - c), of continuous N_p.
        let excess = |responses: f64| 35.0 / 2.0 / responses / (total / (10.0 + responses) - 7.33);
        assert!(
            excess(found) < excess(found * 1.01).min(excess(found * 0.99)),
            "{total}"
        );
    }
    assert_eq!(DEFAULT.best_finite(&budget(73.3)), None);
    let unbounded = PolicyComponents {
        design: -0.5,
        ..DEFAULT
    };
    assert_eq!(unbounded.best_finite(&budget(2_000.0)), None);
}

/// The variance of the mean of two of five numbers, over all ten pairs.
#[test]
fn distinct_prompts_vary_as_enumeration_says() {
    let numbers = [1.0, -2.0, 0.5, 4.0, 3.0];
    let mean = numbers.iter().sum::<f64>() / 5.0;
    let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 5.0;
    let pairs: Vec<f64> = (0..5)
        .flat_map(|i| (0..i).map(move |j| (numbers[i] + numbers[j]) / 2.0))
        .collect();
    let of_mean = pairs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 10.0;
    near(variance * without_replacement(0.5, 5), of_mean, "variance");
    assert_eq!(without_replacement(0.2, 5), 0.0);
    assert_eq!(without_replacement(1.0, 1), 0.0);
    near(
        without_replacement(1.0 / 64.0, usize::MAX),
        1.0 / 64.0,
        "an endless population",
    );
}
