//! Owns how much the responses of single prompts vary, as a policy near its optimum in a population sees it: what decides how many responses
//! each prompt should have ([`super::neyman`]).
//!
//! In the words of [`super::sandwich`], g = J'(p - e_y) is the gradient of a response and H the Hessian: v(x) = tr(H^-1 Cov(g given x)), of
//! which the mean over prompts is V_{y|x}. In the gradient's own units it is tr Cov(g given x), and E(|g|^2 given x) has the square of what
//! is expected of the prompt beside: no more responses make that less.

use super::sandwich::{BATCH, CentredRows, Metrics, differences, quadratic, trace};
use crate::numerics::cholesky::Cholesky;

/// Numbers of each prompt, 0 or more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PromptScores {
    /// v(x) = tr(H^-1 Cov(g given x)).
    pub sandwich: Vec<f64>,
    /// tr Cov(g given x).
    pub raw: Vec<f64>,
    /// E(|g|^2 given x).
    pub second_moment: Vec<f64>,
}

/// Those of a policy with probabilities `p` in a population of conditionals `pi` (prompts x modes each). `jacobian(x, out)` writes the
/// derivatives of the logits of prompt x, modes x parameters; it is asked twice for each prompt. None where the Hessian is not positive
/// definite.
///
/// # Panics
///
/// Where `p` or `pi` do not have prompts * modes entries.
pub fn prompt_scores(
    prompts: usize,
    modes: usize,
    parameters: usize,
    p: &[f64],
    pi: &[f64],
    jacobian: impl FnMut(usize, &mut [f64]),
) -> Option<PromptScores> {
    assert!(
        p.len() == prompts * modes && pi.len() == prompts * modes,
        "{prompts} prompts of {modes} modes"
    );
    let mut rows = CentredRows::new(modes, parameters, p, jacobian);
    let factor = Cholesky::of(rows.hessian(prompts, 0.0))?;
    let mut scores = PromptScores::default();
    let mut columns = vec![0.0; parameters * BATCH * modes];
    for first in (0..prompts).step_by(BATCH) {
        let batch = first..prompts.min(first + BATCH);
        for (place, prompt) in batch.clone().enumerate() {
            rows.write_columns(prompt, place, &mut columns);
        }
        let metrics = Metrics::of(&factor, modes, 0.0, &mut columns);
        for (place, prompt) in batch.enumerate() {
            let own = prompt * modes..(prompt + 1) * modes;
            let (p, pi) = (&p[own.clone()], &pi[own]);
            let [raw, inverse, _] = metrics.of_prompt(place);
            // What rounding leaves of a prompt with one answer is none.
            let within = |metric: &[f64]| (trace(metric, pi) - quadratic(metric, pi)).max(0.0);
            scores.sandwich.push(within(inverse));
            scores.raw.push(within(raw));
            let expected = quadratic(raw, &differences(p, pi));
            scores.second_moment.push(within(raw) + expected);
        }
    }
    Some(scores)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::softmax::softmax;
    use crate::numerics::stream::Streams;
    use crate::theory::sandwich::policy_components;
    use nalgebra::{DMatrix, DVector};

    const PROMPTS: usize = 11;
    const MODES: usize = 3;
    const PARAMETERS: usize = 4;

    struct Case {
        p: Vec<f64>,
        pi: Vec<f64>,
        jacobians: Vec<f64>,
    }

    fn case() -> Case {
        let mut stream = Streams::new("prompt scores").purpose("case").stream(0, 0);
        let mut shares = |spread: f64| -> Vec<f64> {
            let row = |_| {
                let mut row: Vec<f64> = (0..MODES).map(|_| spread * stream.uniform()).collect();
                softmax(&mut row);
                row
            };
            (0..PROMPTS).flat_map(row).collect()
        };
        let (p, mut pi) = (shares(1.0), shares(8.0));
        // A prompt with one answer.
        pi[..MODES].copy_from_slice(&[0.0, 1.0, 0.0]);
        let jacobians = (0..PROMPTS * MODES * PARAMETERS).map(|_| stream.uniform() - 0.4);
        Case {
            jacobians: jacobians.collect(),
            p,
            pi,
        }
    }

    fn write(case: &Case, x: usize, out: &mut [f64]) {
        out.copy_from_slice(&case.jacobians[x * MODES * PARAMETERS..][..MODES * PARAMETERS]);
    }

    /// By the gradient of each response, and the inverse of H as a matrix of nalgebra's.
    #[test]
    fn scores_are_those_of_single_responses() {
        let own = case();
        let found = prompt_scores(PROMPTS, MODES, PARAMETERS, &own.p, &own.pi, |x, out| {
            write(&own, x, out)
        });
        let found = found.expect("a Hessian with an inverse");
        let jacobian = |x: usize| {
            let rows = &own.jacobians[x * MODES * PARAMETERS..][..MODES * PARAMETERS];
            DMatrix::from_row_slice(MODES, PARAMETERS, rows)
        };
        let shares = |of: &[f64], x: usize| DVector::from_column_slice(&of[x * MODES..][..MODES]);
        let mut hessian = DMatrix::zeros(PARAMETERS, PARAMETERS);
        for x in 0..PROMPTS {
            let (j, p) = (jacobian(x), shares(&own.p, x));
            let spread = DMatrix::from_diagonal(&p) - &p * p.transpose();
            hessian += j.transpose() * spread * j / PROMPTS as f64;
        }
        let inverse = hessian.try_inverse().expect("an inverse");
        for x in 0..PROMPTS {
            let (j, p, pi) = (jacobian(x), shares(&own.p, x), shares(&own.pi, x));
            let of = |y: usize| {
                let mut off = p.clone();
                off[y] -= 1.0;
                j.transpose() * off
            };
            let mean = j.transpose() * (&p - &pi);
            let (mut sandwich, mut raw, mut second) = (0.0, 0.0, 0.0);
            for y in 0..MODES {
                let off = of(y) - &mean;
                sandwich += pi[y] * (off.transpose() * &inverse * &off)[0];
                raw += pi[y] * off.norm_squared();
                second += pi[y] * of(y).norm_squared();
            }
            for (value, stated) in [
                (found.sandwich[x], sandwich),
                (found.raw[x], raw),
                (found.second_moment[x], second),
            ] {
                assert!((value - stated).abs() < 1e-10 * (1.0 + stated), "{x}: {value} {stated}");
            }
        }
        assert!(
            found.sandwich[0] < 1e-10 && found.second_moment[0] > 0.01,
            "one answer, and a policy that doubts it"
        );
    }

    #[test]
    fn their_means_are_the_components() {
        let own = case();
        let scores = prompt_scores(PROMPTS, MODES, PARAMETERS, &own.p, &own.pi, |x, out| {
            write(&own, x, out)
        });
        let all = policy_components(PROMPTS, MODES, PARAMETERS, &own.p, &own.pi, 0.0, |x, out| {
            write(&own, x, out)
        });
        let (scores, all) = (scores.expect("scores"), all.expect("components"));
        let mean = |of: &[f64]| of.iter().sum::<f64>() / PROMPTS as f64;
        for (value, stated) in [
            (mean(&scores.sandwich), all.sandwich.response),
            (mean(&scores.raw), all.raw.response),
        ] {
            assert!((value / stated - 1.0).abs() < 1e-12, "{value} {stated}");
        }
    }
}
