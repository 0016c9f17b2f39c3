//! How a fit descends, and how it ended.

use crate::numerics::lanes::Lanes;
use crate::numerics::text::float;

/// Sets of eight lanes that [`Descent::fit_together`] takes.
pub const SETS: usize = 4;

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

impl Descent {
    /// That of files which say nothing of it: most fits of small budgets converge.
    pub const USUAL: Self = Self {
        rate: 1.0,
        steps: 3000,
        ridge: 0.0,
        tolerance: 1e-6,
    };

    /// Its settings in words: two are the same exactly if their texts are. It stands in work keys.
    pub fn canonical(&self) -> String {
        let Self {
            rate,
            steps,
            ridge,
            tolerance,
        } = *self;
        format!(
            "rate {} steps {steps} ridge {} tolerance {}",
            float(rate),
            float(ridge),
            float(tolerance)
        )
    }
}

/// How fits ended, one per lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// Steps taken.
    pub steps: Lanes<f64>,
    /// The largest coordinate of the last gradient, in absolute value.
    pub gradient: Lanes<f64>,
    /// 1 where the gradient is within the tolerance, else 0.
    pub converged: Lanes<f64>,
}
