//! Owns how large a pilot must be for K* to be known within a factor.
//!
//! With a = V_y|x/V_x, n prompts of k responses, and nu the effective dimension (tr S)^2/tr S^2 of the responses' covariance S, for
//! effects that are close to normal:
//!
//! ```text
//! SE(ln K*) = 1/2 ((a+k)/k) sqrt(2/(nu (n-1)) + 2/(nu n (k-1)))
//! ```
//!
//! The delta method for mean squares with nu (n-1) and nu n (k-1) degrees of freedom (Searle, Casella and McCulloch 1992, section 3.6;
//! Satterthwaite 1946 for nu). It says how the error changes with n and k; how large it is, is taken from the jackknife, since the
//! prompts of real pilots are not normal (at a <= 4 in World A the formula is a third too small). For a fixed n k it is least at k = a + 2.

use super::components::Estimated;
use crate::numerics::elementary::ln;
use crate::numerics::special::normal_quantile;

/// A pilot of so many prompts with so many responses each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// n, as a real number.
    pub prompts: f64,
    /// k, as a real number.
    pub responses: f64,
}

/// Pilots that are large enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    /// With as many responses of a prompt as today.
    pub as_today: Size,
    /// With the number of responses for which n k is least, a + 2.
    pub best: Size,
}

/// SE(ln K*) of a pilot of `size`, for `a` = V_y|x/V_x and the effective dimension `nu`, by the delta method.
#[must_use]
pub fn log_error(a: f64, nu: f64, size: Size) -> f64 {
    let (n, k) = (size.prompts, size.responses);
    0.5 * ((a + k) / k) * (2.0 / (nu * (n - 1.0)) + 2.0 / (nu * n * (k - 1.0))).sqrt()
}

impl Estimated {
    /// The pilots whose K* is within a factor 1 + `precision` of the truth with probability `level`: for ±25% with 95%, .25 and .95.
    ///
    /// None where the error of this one is not known: V_x or V_y|x not above 0, or two prompts. It is itself an estimate, good to the
    /// precision of V_x: at twice as many prompts ask again.
    #[must_use]
    pub fn needed(&self, precision: f64, level: f64) -> Option<Needed> {
        let error = 0.5 * self.log_ratio_error();
        let wanted = ln(1.0 + precision) / normal_quantile(0.5 + level / 2.0);
        let prompts = self.prompts as f64 * (error / wanted) * (error / wanted);
        let (a, k) = (1.0 / self.ratio(), self.size);
        // What n must grow by, for large n: ((a+k)/k)^2 (1 + 1/(k-1)).
        let per_prompt = |k: f64| (a + k) * (a + k) / (k * (k - 1.0));
        let size = |prompts, responses| Size { prompts, responses };
        let best = size(prompts * per_prompt(a + 2.0) / per_prompt(k), a + 2.0);
        (prompts.is_finite() && k > 1.0).then_some(Needed {
            as_today: size(prompts, k),
            best,
        })
    }
}
