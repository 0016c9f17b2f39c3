//! Owns one arm: how many prompts and responses, and how the policy is fitted.

use crate::numerics::text::float;
use crate::policy::Descent;
use crate::study::chosen::Choice;
use crate::study::draws::Design;
use crate::theory::budget::Budget;

/// One fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FitArm {
    /// Which K of the pool are kept. Other selectors than `random` need a world whose responses have attributes.
    pub choice: Choice,
    /// N_p; with a budget, what it buys.
    pub prompts: u32,
    /// K.
    pub responses: u32,
    /// N; K where nothing is chosen.
    pub candidates: u32,
    /// The budget that decided the prompts.
    pub budget: Option<Budget>,
    /// How the policy is fitted.
    pub descent: Descent,
}

impl FitArm {
    /// N_p (C_p + K C_r): what the arm really spends; none without a budget.
    pub fn cost(&self) -> Option<f64> {
        let budget = self.budget?;
        Some(f64::from(self.prompts) * budget.costs.of_prompt(u64::from(self.responses)))
    }

    pub(super) fn design(&self) -> Design {
        Design {
            prompts: self.prompts,
            responses: self.responses,
            depth: self.candidates,
            choice: self.choice,
        }
    }

    pub(super) fn canonical(&self) -> String {
        let Descent {
            rate,
            steps,
            ridge,
            tolerance,
        } = self.descent;
        let fit = format!(
            "rate {} steps {steps} ridge {} tolerance {}",
            float(rate),
            float(ridge),
            float(tolerance)
        );
        // The budget counts only through the prompts it buys, but the fitted optimum knows its costs.
        let budget = self.budget.map_or(String::new(), |b| {
            format!(
                " budget {} {} {}",
                float(b.total),
                float(b.costs.prompt),
                float(b.costs.response)
            )
        });
        format!("{} {fit}{budget}", self.design().canonical())
    }
}
