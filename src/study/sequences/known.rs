//! Owns what is known of a policy once its law has been worked out, and the numbers of the job that does.

use crate::theory::sequences::Stages;
use crate::theory::variance_law::Components;

/// Numbers of a job before shares of plans and probabilities.
pub(super) const NUMBERS: usize = 7;

/// What is known of a policy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// L(theta*): NLL of the increments of a response, in nats.
    pub loss: f64,
    /// The entropy of a response to a random prompt, in nats.
    pub entropy: f64,
    /// V_m and V_t; none where parameters do not determine each other.
    pub stages: Option<Stages>,
    /// V_x and V_{y|x}.
    pub components: Option<Components>,
    /// What tokens leave of one response of each plan, however many responses these stand for.
    pub token_merged: Option<f64>,
    /// D.
    pub parameters: usize,
    /// E max_z P(z given y) over responses of the best policy; none where that would take too long.
    pub purity: Option<f64>,
    /// E P(z given y) over them, by plan.
    pub shares: Vec<f64>,
    /// What fits tend to, where responses end by themselves.
    pub limit: Option<Limit>,
    /// p of each cell under the best policy; nothing where it is no function of cells.
    pub probabilities: Vec<f64>,
}

/// What fits tend to that are taught by some loss and some responses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Limit {
    /// Its loss above that of the best policy, in nats per response: 0 where nothing is selected.
    pub excess: f64,
    /// The mean length of responses kept.
    pub length: f64,
    /// The share of each plan among them.
    pub plans: Vec<f64>,
}

impl Known {
    /// KL of responses to random prompts from those of the best policy: what no data can remove. What rounding leaves of 0 may lie below it.
    pub fn floor(&self) -> f64 {
        (self.loss - self.entropy).max(0.0)
    }

    /// All of it, as the numbers of a job.
    pub fn numbers(&self) -> Vec<f64> {
        let stages = self.stages;
        let stages = stages.map_or([f64::NAN; 3], |own| [own.plan, own.token, own.token_shared]);
        let mut all = vec![self.loss, self.entropy];
        all.extend(stages);
        all.extend([self.parameters as f64, self.purity.unwrap_or(f64::NAN)]);
        all.extend(&self.shares);
        if let Some(limit) = &self.limit {
            all.extend([limit.excess, limit.length]);
            all.extend(&limit.plans);
        }
        all.extend(&self.probabilities);
        all
    }

    /// The same back: of so many plans, and whether responses end by themselves.
    pub fn of(numbers: &[f64], plans: usize, ends: bool, concentration: f64) -> Self {
        let (shares, left) = numbers[NUMBERS..].split_at(plans);
        let (limit, probabilities) = left.split_at(if ends { 2 + plans } else { 0 });
        let stages = (!numbers[2].is_nan()).then_some(Stages {
            plan: numbers[2],
            token: numbers[3],
            token_shared: numbers[4],
        });
        Self {
            loss: numbers[0],
            entropy: numbers[1],
            stages,
            components: stages.map(|own| own.components(concentration)),
            token_merged: stages.map(|own| own.token_merged(concentration)),
            parameters: numbers[5] as usize,
            purity: Some(numbers[6]).filter(|own| !own.is_nan()),
            shares: shares.to_vec(),
            limit: (!limit.is_empty()).then(|| Limit {
                excess: limit[0],
                length: limit[1],
                plans: limit[2..].to_vec(),
            }),
            probabilities: probabilities.to_vec(),
        }
    }
}
