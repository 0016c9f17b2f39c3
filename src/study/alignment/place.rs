//! Owns how vectors along a path follow from the means of slots.

use super::PathArm;
use crate::engine::{Functional, VectorOf};
use crate::inference::angle::AngleOf;
use crate::inference::groups::Means;
use crate::select::Selector;
use crate::theory::early_stopping::{Turn, turn};
use crate::theory::gradient_path::{Descended, LEAST_NORM};
use crate::theory::misalignment::greatest_shared_covariance;
use crate::theory::selected::{PoolLaw, weight_spread};
use crate::world::World;
use std::ops::Range;
use std::sync::Arc;

/// What bounds every selection of K of N: of worlds whose prompts are Dirichlet.
pub(super) struct Bounds {
    world: Arc<dyn World>,
    law: PoolLaw,
    keep: u32,
}

impl Bounds {
    /// Those of an arm that keeps the best; else none.
    pub fn of(world: &Arc<dyn World>, arm: &PathArm) -> Option<Self> {
        let pool = &arm.pool;
        let best = pool.choice.rule.selector == Selector::Best;
        let concentration = world.concentration().filter(|_| best)?;
        let law = PoolLaw::new(world.mean().to_vec(), concentration, pool.depth()).ok()?;
        Some(Self {
            world: world.clone(),
            law,
            keep: pool.responses,
        })
    }

    /// The greatest h.(q - pi) of any rule.
    pub fn greatest(&self, policy: &Descended, truth: &[f64]) -> f64 {
        greatest_shared_covariance(&self.law, &change(policy, truth), self.keep)
    }

    /// sigma_w sqrt(E Var h).
    pub fn certificate(&self, policy: &Descended, truth: &[f64]) -> f64 {
        let within = self.world.components(&change(policy, truth)).response;
        weight_spread(self.law.candidates(), self.keep) * within.sqrt()
    }
}

/// h = p - pi.
fn change(policy: &Descended, truth: &[f64]) -> Vec<f64> {
    let mut h = vec![0.0; truth.len()];
    policy.gradient(truth, &mut h);
    h
}

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

    /// A number; none is unknown.
    pub fn scalar(self, of: fn(&Descended, &[f64], &[f64]) -> Option<f64>) -> Functional {
        Functional::smooth(move |means| {
            let selected = self.selected(means);
            let found = self.with_policy(&selected, |policy| of(policy, &selected, &self.truth));
            found.unwrap_or(f64::NAN)
        })
    }

    /// A number that bounds give.
    pub fn bounded(self, bounds: Bounds, of: fn(&Descended, &Bounds, &[f64]) -> Option<f64>) -> Functional {
        Functional::smooth(move |means| {
            let selected = self.selected(means);
            let found = self.with_policy(&selected, |policy| of(policy, &bounds, &self.truth));
            found.unwrap_or(f64::NAN)
        })
    }

    /// Where the path turns.
    pub fn turn(self, of: fn(&Turn) -> f64) -> Functional {
        Functional::smooth(move |means| {
            let selected = self.selected(means);
            turn(&selected, &self.truth, self.rate, self.step).map_or(f64::NAN, |turn| of(&turn))
        })
    }

    fn vector(self, write: Write) -> VectorOf {
        Box::new(move |means: &Means<'_>, out: &mut [f64]| {
            let selected = self.selected(means);
            self.with_policy(&selected, |policy| write(policy, &selected, &self.truth, out));
        })
    }

    /// q.
    fn selected(&self, means: &Means<'_>) -> Vec<f64> {
        let share = self.truth.iter().zip(self.slots.clone());
        share.map(|(truth, slot)| truth + means.mean(slot)).collect()
    }

    fn with_policy<T>(&self, selected: &[f64], of: impl FnOnce(&Descended) -> T) -> T {
        match &self.fixed {
            Some(policy) => of(policy),
            None => of(&Descended::after(self.step, selected, self.rate)),
        }
    }
}
