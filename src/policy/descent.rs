//! Owns full-batch gradient descent of the shared softmax policy, eight replicates in lanes.
//!
//! The loss of logits theta on a distribution f over modes is L = -sum_m f_m ln p_theta(m) + (ridge/2) |theta|^2, in
//! nats; its gradient is p_theta - f + ridge theta. f is sufficient: it holds all that kept responses say. A lane whose
//! gradient is within the tolerance stands still from then on, whatever its neighbours do (law 4).

use crate::numerics::elementary::{exp_kernel, ln};
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// How a fit descends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// Step length, above 0. At 2 and below the loss falls with every step, since its curvature is at most 1/2 + ridge.
    pub rate: f64,
    /// The most steps.
    pub steps: u32,
    /// Strength of the penalty (ridge/2) |theta|^2, 0 or more.
    pub ridge: f64,
    /// A fit whose gradient has no coordinate beyond this in absolute value has converged and stops. 0 stops only where it is exactly 0.
    pub tolerance: f64,
}

/// How eight fits ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Steps taken.
    pub steps: Lanes<f64>,
    /// The largest coordinate of the last gradient, in absolute value.
    pub gradient: Lanes<f64>,
    /// 1 where the gradient is within the tolerance, else 0.
    pub converged: Lanes<f64>,
}

impl Descent {
    /// The loss of `logits` on the distribution `target`, in nats.
    pub fn loss(&self, target: &[f64], logits: &[f64]) -> f64 {
        let policy = super::SharedSoftmax::from_logits(logits);
        let penalty: f64 = logits.iter().map(|theta| theta * theta).sum();
        policy.nll(target) + 0.5 * self.ridge * penalty
    }

    /// The gradient of [`loss`](Self::loss) in the logits.
    pub fn gradient(&self, target: &[f64], logits: &[f64]) -> Vec<f64> {
        let policy = super::SharedSoftmax::from_logits(logits);
        let of_nll = policy.gradient(target);
        of_nll
            .iter()
            .zip(logits)
            .map(|(g, theta)| g + self.ridge * theta)
            .collect()
    }

    /// Fits eight policies from `logits` to `target` (rows are modes, columns lanes), in place. `scratch` needs as many
    /// rows; its content does not matter.
    #[inline]
    pub fn fit(&self, target: &[Lanes<f64>], logits: &mut [Lanes<f64>], scratch: &mut [Lanes<f64>]) -> Fitted {
        assert!(target.len() == logits.len() && target.len() == scratch.len());
        descend::run(self, target, logits, scratch)
    }

    /// The policy that descent without a ridge converges to: f itself, where no mode is missing. Log-probabilities.
    pub fn optimum_without_ridge(target: &[f64]) -> Vec<f64> {
        target.iter().map(|&f| ln(f)).collect()
    }
}

dispatch!(
    /// [`Descent::fit`] at every vector level.
    pub mod descend = descend_kernel(
        descent: &Descent,
        target: &[Lanes<f64>],
        logits: &mut [Lanes<f64>],
        scratch: &mut [Lanes<f64>],
    ) -> Fitted
);

/// Each step is a chain of loops over lanes without branches: the form in which it becomes vector code.
#[inline(always)]
fn descend_kernel(
    descent: &Descent,
    target: &[Lanes<f64>],
    logits: &mut [Lanes<f64>],
    scratch: &mut [Lanes<f64>],
) -> Fitted {
    let mut fitted = Fitted {
        steps: [0.0; LANES],
        gradient: [0.0; LANES],
        converged: [0.0; LANES],
    };
    let mut top = [f64::NEG_INFINITY; LANES];
    for row in logits.iter() {
        raise(&mut top, row);
    }
    for step in 0..=descent.steps {
        fitted.gradient = gradient(descent.ridge, target, logits, &top, scratch);
        let mut rate = [0.0; LANES];
        let mut moving = 0.0;
        for l in 0..LANES {
            // A gradient that is no number stands still too: its lane has failed and is not converged.
            let moves = if fitted.gradient[l] > descent.tolerance {
                1.0
            } else {
                0.0
            };
            rate[l] = moves * descent.rate;
            moving += moves;
        }
        if step == descent.steps || moving == 0.0 {
            break;
        }
        for l in 0..LANES {
            fitted.steps[l] += if rate[l] > 0.0 { 1.0 } else { 0.0 };
        }
        top = [f64::NEG_INFINITY; LANES];
        for (row, slope) in logits.iter_mut().zip(scratch.iter()) {
            for l in 0..LANES {
                row[l] -= rate[l] * slope[l];
            }
            // Here, and not in a loop of its own: without something that rows hand on, the compiler makes vectors of
            // rows and not of lanes, by gathers and scatters that cost as much as all the rest.
            raise(&mut top, row);
        }
    }
    for l in 0..LANES {
        fitted.converged[l] = if fitted.gradient[l] <= descent.tolerance {
            1.0
        } else {
            0.0
        };
    }
    fitted
}

/// Raises `top` to `row` where that is higher.
#[inline(always)]
fn raise(top: &mut Lanes<f64>, row: &Lanes<f64>) {
    for l in 0..LANES {
        top[l] = if row[l] > top[l] { row[l] } else { top[l] };
    }
}

/// Writes the gradient into `out` and returns its largest coordinate in absolute value; NaN where one is. `top` holds
/// the highest logits.
#[inline(always)]
fn gradient(
    ridge: f64,
    target: &[Lanes<f64>],
    logits: &[Lanes<f64>],
    top: &Lanes<f64>,
    out: &mut [Lanes<f64>],
) -> Lanes<f64> {
    for (out, row) in out.iter_mut().zip(logits) {
        for l in 0..LANES {
            out[l] = exp_kernel(row[l] - top[l]);
        }
    }
    let mut total = [0.0; LANES];
    for row in out.iter() {
        for l in 0..LANES {
            total[l] += row[l];
        }
    }
    let mut inverse = [0.0; LANES];
    for l in 0..LANES {
        inverse[l] = 1.0 / total[l];
    }
    let mut largest = [0.0; LANES];
    for ((out, row), target) in out.iter_mut().zip(logits).zip(target) {
        for l in 0..LANES {
            out[l] = (out[l] * inverse[l] - target[l]) + ridge * row[l];
        }
        for l in 0..LANES {
            let size = out[l].abs();
            largest[l] = if size <= largest[l] { largest[l] } else { size };
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::lanes::Level;
    use crate::numerics::stream::Streams;

    const CONVERGED: Descent = Descent {
        rate: 1.0,
        steps: 20_000,
        ridge: 0.0,
        tolerance: 1e-12,
    };

    /// Eight distributions over `modes` modes, each entry at least 0.2/`modes` or so.
    fn targets(modes: usize) -> Vec<Lanes<f64>> {
        let mut rows = vec![[0.0; LANES]; modes];
        Streams::new("descent").purpose("test").fill_uniforms(0, 0, &mut rows);
        for l in 0..LANES {
            let total: f64 = rows.iter().map(|row| row[l] + 0.2).sum();
            rows.iter_mut().for_each(|row| row[l] = (row[l] + 0.2) / total);
        }
        rows
    }

    fn column(rows: &[Lanes<f64>], l: usize) -> Vec<f64> {
        rows.iter().map(|row| row[l]).collect()
    }

    fn fit(descent: &Descent, target: &[Lanes<f64>]) -> (Vec<Lanes<f64>>, Fitted) {
        let mut logits = vec![[0.0; LANES]; target.len()];
        let mut scratch = logits.clone();
        let fitted = descent.fit(target, &mut logits, &mut scratch);
        (logits, fitted)
    }

    /// Central differences of step h err by h^2/6 times a third derivative below 1, and by rounding 1e-16/h.
    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let descent = Descent {
            ridge: 0.3,
            ..CONVERGED
        };
        let (target, logits, h) = ([0.1, 0.2, 0.3, 0.4], [0.3, -1.2, 2.0, 0.0], 1e-5);
        let gradient = descent.gradient(&target, &logits);
        for m in 0..4 {
            let at = |step: f64| {
                let mut logits = logits;
                logits[m] += step;
                descent.loss(&target, &logits)
            };
            let slope = (at(h) - at(-h)) / (2.0 * h);
            assert!((slope - gradient[m]).abs() < 1e-10, "{m}: {slope} {}", gradient[m]);
        }
    }

    /// Without a ridge the optimum is the target itself. A gradient within 1e-12 leaves probabilities within 1e-12.
    #[test]
    fn a_converged_fit_without_ridge_is_the_target() {
        let target = targets(5);
        let (logits, fitted) = fit(&CONVERGED, &target);
        assert_eq!(fitted.converged, [1.0; LANES]);
        for l in 0..LANES {
            let found = super::super::SharedSoftmax::from_logits(&column(&logits, l)).probabilities();
            for (p, f) in found.iter().zip(column(&target, l)) {
                assert!((p - f).abs() < 2e-12, "{p} {f}");
            }
            let optimum = Descent::optimum_without_ridge(&column(&target, l));
            assert!(
                (CONVERGED.loss(&column(&target, l), &optimum)
                    - CONVERGED.loss(&column(&target, l), &column(&logits, l)))
                .abs()
                    < 1e-12
            );
        }
    }

    /// At the optimum with a ridge theta_m = (f_m - p_m)/ridge, and logits sum to zero: both follow from a zero gradient.
    #[test]
    fn a_converged_fit_with_ridge_solves_its_equation_even_where_a_mode_is_missing() {
        let descent = Descent {
            ridge: 0.01,
            ..CONVERGED
        };
        let mut target = targets(4);
        for l in 0..LANES {
            target[1][l] += target[0][l];
            target[0][l] = 0.0;
        }
        let (logits, fitted) = fit(&descent, &target);
        assert_eq!(fitted.converged, [1.0; LANES]);
        for l in 0..LANES {
            let theta = column(&logits, l);
            let policy = super::super::SharedSoftmax::from_logits(&theta).probabilities();
            for m in 0..4 {
                let solved = (target[m][l] - policy[m]) / descent.ridge;
                assert!((theta[m] - solved).abs() < 1e-9, "{m}: {} {solved}", theta[m]);
            }
            assert!(theta.iter().sum::<f64>().abs() < 1e-9);
        }
    }

    #[test]
    fn a_step_is_the_rate_times_the_gradient() {
        let descent = Descent {
            rate: 0.7,
            steps: 1,
            ridge: 0.2,
            tolerance: 0.0,
        };
        let target = targets(3);
        let mut logits = vec![[0.5, -0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]; 3];
        logits[1] = [0.0; LANES];
        let before = logits.clone();
        descent.fit(&target, &mut logits, &mut [[0.0; LANES]; 3]);
        for l in 0..LANES {
            let gradient = descent.gradient(&column(&target, l), &column(&before, l));
            for m in 0..3 {
                let expected = before[m][l] - 0.7 * gradient[m];
                assert!((logits[m][l] - expected).abs() < 1e-15);
            }
        }
    }

    /// A lane's bits are those it has alone, among others that converge sooner, later, or never.
    #[test]
    fn a_lane_does_not_know_its_neighbours() {
        let descent = Descent {
            steps: 400,
            tolerance: 1e-6,
            ..CONVERGED
        };
        let target = targets(6);
        let (together, fitted) = fit(&descent, &target);
        assert!(
            fitted.steps.iter().any(|s| *s != fitted.steps[0]),
            "lanes stop at different steps"
        );
        for l in 0..LANES {
            let alone: Vec<Lanes<f64>> = target.iter().map(|row| [row[l]; LANES]).collect();
            let (logits, own) = fit(&descent, &alone);
            assert_eq!(column(&logits, 3), column(&together, l), "lane {l}");
            assert_eq!(own.steps[3], fitted.steps[l]);
        }
    }

    #[test]
    fn every_vector_level_gives_the_same_bits() {
        let target = targets(8);
        let descent = Descent {
            steps: 300,
            tolerance: 1e-9,
            ..CONVERGED
        };
        let at = |level| {
            let mut logits = vec![[0.0; LANES]; 8];
            let fitted = descend::run_at(level, &descent, &target, &mut logits, &mut [[0.0; LANES]; 8]);
            (logits, fitted)
        };
        for level in Level::available() {
            assert_eq!(at(level), at(Level::Baseline), "{level:?}");
        }
    }

    /// Every bit of three fits, as they were before the hot loop was first made faster; without a ridge and tolerance, with
    /// both, and with modes that fill no power of two.
    #[test]
    fn fits_have_the_bits_that_they_always_had() {
        let digest = |modes: usize, ridge: f64, tolerance: f64| {
            let descent = Descent {
                rate: 0.9,
                steps: 120,
                ridge,
                tolerance,
            };
            let (logits, fitted) = fit(&descent, &targets(modes));
            let ends = [fitted.steps, fitted.gradient, fitted.converged];
            let numbers = logits.iter().chain(&ends).flatten();
            numbers.fold(0xcbf2_9ce4_8422_2325_u64, |hash, x| {
                (hash ^ x.to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
            })
        };
        let found = [digest(8, 0.0, 0.0), digest(8, 0.01, 1e-4), digest(5, 0.001, 1e-6)];
        let expected = [0xa1c1_78da_3c2d_214b, 0x2b26_b5a7_1b3b_a66a, 0xaae8_abbc_3c6e_d366];
        assert_eq!(found, expected, "{found:#x?}");
    }

    #[test]
    fn a_fit_that_has_not_converged_says_so_and_one_that_fails_is_no_success() {
        let (_, few) = fit(&Descent { steps: 3, ..CONVERGED }, &targets(4));
        assert_eq!((few.converged, few.steps), ([0.0; LANES], [3.0; LANES]));
        let mut broken = targets(4);
        broken[2][5] = f64::NAN;
        let (_, fitted) = fit(&CONVERGED, &broken);
        assert_eq!(fitted.converged, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        assert!(fitted.gradient[5].is_nan());
    }
}
