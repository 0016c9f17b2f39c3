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
        format!("{} {}{budget}", self.pool.canonical(), self.descent.canonical())
    }
}
