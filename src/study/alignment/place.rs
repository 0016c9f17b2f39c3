//! Owns how vectors along a path follow from the means of slots.

use crate::engine::{Functional, VectorOf};
use crate::inference::angle::AngleOf;
use crate::inference::groups::Means;
use crate::theory::gradient_path::{Descended, LEAST_NORM};
use std::ops::Range;
use std::sync::Arc;

/// Where an estimand finds q, and the policy that it is taken at.
pub(super) struct Place {
    pub truth: Arc<[f64]>,
    /// The mean share less its truth, mode by mode.
    pub slots: Range<usize>,
    pub rate: f64,
    pub step: u32,
    /// The policy, where it does not depend on what was kept.
    pub fixed: Option<Descended>,
}

/// Writes a vector of a policy, for given q and pi.
type Write = fn(&Descended, &[f64], &[f64], &mut [f64]);

impl Place {
    /// The length of a vector.
    pub fn norm(self, write: Write) -> Functional {
        let (len, slots) = (self.truth.len(), self.slots.clone());
        let vector = self.vector(write);
        Functional::Norm { len, vector, slots }
    }

    /// Half its square.
    pub fn half_square(self, write: Write) -> Functional {
        let (len, slots) = (self.truth.len(), self.slots.clone());
        let vector = self.vector(write);
        Functional::SquaredNormOf {
            len,
            factor: 0.5,
            vector,
            slots,
        }
    }

    /// The angle of the two gradients.
    pub fn angle(self, of: AngleOf) -> Functional {
        let (len, slots) = (self.truth.len(), self.slots.clone());
        let vectors = self.vector(|policy, selected, truth, out| {
            let (u, g) = out.split_at_mut(truth.len());
            policy.gradient(selected, u);
            policy.gradient(truth, g);
            // What rounding leaves of a gradient has no direction: unknown, and written as empty.
            if !(policy.distance(selected) >= LEAST_NORM && policy.distance(truth) >= LEAST_NORM) {
                u.fill(f64::NAN);
            }
        });
        Functional::Angle {
            len,
            vectors,
            of,
            slots,
        }
    }

    fn vector(self, write: Write) -> VectorOf {
        Box::new(move |means: &Means<'_>, out: &mut [f64]| {
            let share = self.truth.iter().zip(self.slots.clone());
            let selected: Vec<f64> = share.map(|(truth, slot)| truth + means.mean(slot)).collect();
            match &self.fixed {
                Some(policy) => write(policy, &selected, &self.truth, out),
                None => write(
                    &Descended::after(self.step, &selected, self.rate),
                    &selected,
                    &self.truth,
                    out,
                ),
            }
        })
    }
}
