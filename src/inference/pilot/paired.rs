//! Owns the variances of a comparison of two models on the same questions, from a pilot with several samples of each.
//!
//! Question i has the scores a_ij, j <= K_Ai, of model A and b_ij of B, independent given the question (Miller 2024, Adding Error Bars to
//! Evals, arXiv 2411.00640). sigma_A^2 is the mean variance of A's scores to a question, pooled over questions; omega^2 the variance
//! between questions of the difference of expected scores. With d_i the difference of mean scores,
//!
//! ```text
//! E var(d_i) = omega^2 + sigma_A^2 mean(1/K_Ai) + sigma_B^2 mean(1/K_Bi)
//! ```
//!
//! so that what the samples bring is taken off. All three are unbiased where the numbers of samples do not depend on the questions.

use super::super::estimate::Estimate;
use super::super::groups::{Folder, Group, Layout, Means};
use super::super::jackknife::joint;
use super::responses::{Refusal, Responses};

/// A pilot of two models, question by question, in bounded memory.
#[derive(Clone, Debug)]
pub struct PairedPilot {
    folder: Folder,
    /// The first difference, from which others are taken: a large common difference then does no harm.
    shift: Option<f64>,
    questions: u64,
}

/// The variances of a comparison, in squared units of the score, with errors by the jackknife over questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedVariances {
    /// The mean difference A - B, in units of the score.
    pub difference: Estimate,
    /// omega^2, unbiased: below 0 now and then where questions hardly differ.
    pub question: Estimate,
    /// sigma_A^2.
    pub sample_a: Estimate,
    /// sigma_B^2.
    pub sample_b: Estimate,
}

/// Slots: squares within and degrees of freedom of A and of B, 1/K_A, 1/K_B, and the difference with its square.
const SLOTS: usize = 8;

fn layout() -> Layout {
    Layout::new(vec![0; SLOTS], 1)
}

impl Default for PairedPilot {
    fn default() -> Self {
        Self {
            folder: Folder::new(layout()),
            shift: None,
            questions: 0,
        }
    }
}

impl PairedPilot {
    /// Adds a question with the scores of both models, at least one each. A refused question leaves the pilot as it was.
    pub fn push(&mut self, a: &[f64], b: &[f64]) -> Result<(), Refusal> {
        let ((mean_a, within_a), (mean_b, within_b)) = (moments(a)?, moments(b)?);
        let (count_a, count_b) = (a.len() as f64, b.len() as f64);
        let difference = mean_a - mean_b;
        let apart = difference - *self.shift.get_or_insert(difference);
        let mut group = Group::empty(&layout());
        group.replicates = 1;
        group.valid[0] = 1;
        group.sums = vec![
            within_a,
            count_a - 1.0,
            within_b,
            count_b - 1.0,
            1.0 / count_a,
            1.0 / count_b,
            apart,
            apart * apart,
        ];
        self.folder.push(&group);
        self.questions += 1;
        Ok(())
    }

    /// Questions so far.
    #[must_use]
    pub fn questions(&self) -> u64 {
        self.questions
    }

    /// The variances. Refused for fewer than two questions, where a model has no question with two samples, and where squares overflow.
    pub fn variances(&self) -> Result<PairedVariances, Refusal> {
        if self.questions < 2 {
            return Err(Refusal::TooFewPrompts {
                prompts: self.questions,
                responses: 1,
                needed: 2,
            });
        }
        let groups = self.folder.clone().finish();
        let known = |slot: usize| groups.total().sums[slot] > 0.0;
        if let Some((_, model)) = [(1, 'A'), (3, 'B')].into_iter().find(|&(slot, _)| !known(slot)) {
            let questions = self.questions;
            return Err(Refusal::NoSamples { model, questions });
        }
        let shift = self.shift.unwrap_or(0.0);
        let all = joint(&groups, 4, |means, out| out.copy_from_slice(&estimates(means, shift)));
        if all.values().iter().any(|value| !value.is_finite()) {
            return Err(Refusal::TooLarge);
        }
        Ok(PairedVariances {
            difference: all.estimate(0),
            question: all.estimate(1),
            sample_a: all.estimate(2),
            sample_b: all.estimate(3),
        })
    }
}

/// The mean and the squares about it.
fn moments(scores: &[f64]) -> Result<(f64, f64), Refusal> {
    Responses::Values(scores).checked(super::responses::Kind::Values)?;
    let first = scores[0];
    let mean = first + scores.iter().map(|x| x - first).sum::<f64>() / scores.len() as f64;
    Ok((mean, scores.iter().map(|x| (x - mean) * (x - mean)).sum()))
}

/// Mean difference, omega^2, sigma_A^2 and sigma_B^2; NaN where one question is left.
fn estimates(means: &Means<'_>, shift: f64) -> [f64; 4] {
    let of = |slot: usize| means.mean(slot);
    let count = means.count(0) as f64;
    let (a, b) = (of(0) / of(1), of(2) / of(3));
    let between = (of(7) - of(6) * of(6)) * (count / (count - 1.0));
    [shift + of(6), between - a * of(4) - b * of(5), a, b]
}
