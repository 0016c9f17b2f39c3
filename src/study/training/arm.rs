//! Owns one arm: how many prompts and responses, and how the policy is fitted.

use crate::numerics::text::float;
use crate::policy::Descent;
use crate::study::pools::PoolArm;

/// One fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FitArm {
    /// What is kept of how many prompts.
    pub pool: PoolArm,
    /// How the policy is fitted.
    pub descent: Descent,
    /// s, from 0 to below 1: what is fitted to is (1 - s) f + s/M, f the shares of modes among what is kept.
    pub smoothing: f64,
    /// Responses that are added to those kept, in equal parts to all modes: 0 or more.
    pub pseudo_count: f64,
}

impl FitArm {
    pub(super) fn canonical(&self) -> String {
        // The budget counts only through the prompts it buys, but the fitted optimum knows its costs.
        let budget = self.pool.budget.map_or(String::new(), |b| {
            format!(
                " budget {} {} {}",
                float(b.total),
                float(b.costs.prompt),
                float(b.costs.response)
            )
        });
        let smoothing = match self.smoothing {
            0.0 => String::new(),
            s => format!(" smoothing {}", float(s)),
        };
        let pseudo = match self.pseudo_count {
            0.0 => String::new(),
            count => format!(" pseudo-count {}", float(count)),
        };
        let (pool, descent) = (self.pool.canonical(), self.descent.canonical());
        format!("{pool} {descent}{smoothing}{pseudo}{budget}")
    }

    /// What one kept response adds to what is fitted to, and what a mode without any has there.
    pub(super) fn shares(&self, modes: usize) -> (f64, f64) {
        let all = f64::from(self.pool.prompts) * f64::from(self.pool.responses) + self.pseudo_count;
        let (left, modes) = (1.0 - self.smoothing, modes as f64);
        (
            left / all,
            left * (self.pseudo_count / modes / all) + self.smoothing / modes,
        )
    }

    /// What shares of modes among what many prompts keep become before they are fitted to.
    pub(super) fn smoothed(&self, shares: &[f64]) -> Vec<f64> {
        let floor = self.smoothing / shares.len() as f64;
        shares.iter().map(|f| (1.0 - self.smoothing) * f + floor).collect()
    }

    /// Whether its fits have an optimum whatever they saw.
    pub(super) fn always_has_optimum(&self) -> bool {
        self.descent.ridge > 0.0 || self.smoothing > 0.0 || self.pseudo_count > 0.0
    }
}
