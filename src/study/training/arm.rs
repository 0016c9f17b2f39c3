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
        let pseudo = match self.pseudo_count {
            0.0 => String::new(),
            count => format!(" pseudo-count {}", float(count)),
        };
        format!("{} {}{pseudo}{budget}", self.pool.canonical(), self.descent.canonical())
    }
}
