//! Owns what the study estimates at each recorded step, with the exact value of each.
//!
//! Every estimand is a function of q, the expected share of kept responses by mode: its estimate takes the mean share over
//! replicates for q, its exact value that of the exact law of [`Laws`]. The two paths are computed in the same way.
//!
//! # Where an angle, a length or a loss is 0
//!
//! Of random selection q = pi: the angle is 0 and the cosine at its greatest, where it has no slope. Late on a path the gradients themselves
//! are short beside their noise, and so is what the policy loses. Each is therefore estimated in the form that stays right there: the cosine and
//! 1 - cosine as an [`Angle`](crate::inference::angle) of the two gradients, the norms as lengths of mean vectors, and KL(pi || p) as half
//! the squared norm of its signed roots, all of them debiased and judged by the score.

use super::{Measure, PathArm};
use crate::engine::{Estimand, EstimandKind, Exact, Functional, Of, VectorOf};
use crate::inference::angle::AngleOf;
use crate::inference::groups::Means;
use crate::study::laws::{KnownLaws, Law};
use crate::theory::gradient_path::{Along, Descended, LEAST_NORM};
use crate::world::World;
use std::ops::Range;
use std::sync::Arc;

/// A quantity, as computations name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Cosine,
    Misalignment,
    TrueNorm,
    SelectedNorm,
    ExcessNll,
}

impl Quantity {
    fn of(kind: &EstimandKind) -> Option<Self> {
        Some(match kind.quantity.name {
            "cosine" => Quantity::Cosine,
            "misalignment" => Quantity::Misalignment,
            "true-norm" => Quantity::TrueNorm,
            "selected-norm" => Quantity::SelectedNorm,
            "excess-nll" => Quantity::ExcessNll,
            _ => return None,
        })
    }

    /// Whether it is of the angle, which a gradient of no length does not have.
    fn of_angle(self) -> bool {
        matches!(self, Quantity::Cosine | Quantity::Misalignment)
    }

    /// At a policy, for given q and pi; none where there is no angle.
    fn at(self, policy: &Descended, selected: &[f64], truth: &[f64]) -> Option<f64> {
        match self {
            Quantity::Cosine => policy.misalignment(selected, truth).map(|m| 1.0 - m),
            Quantity::Misalignment => policy.misalignment(selected, truth),
            Quantity::TrueNorm => Some(policy.distance(truth)),
            Quantity::SelectedNorm => Some(policy.distance(selected)),
            Quantity::ExcessNll => Some(policy.divergence(truth)),
        }
    }
}

/// Why an angle has no exact value although its gradients have.
const NO_ANGLE: &str = "one of the two gradients has no length, so that there is no angle";

/// E f of an arm, where the law of f is exact.
struct Share {
    mean: Option<Vec<f64>>,
    /// What there is in its place: a value later, or none and why.
    without: Exact,
}

impl Share {
    fn of(world: &dyn World, laws: &KnownLaws<'_>, arm: &PathArm) -> Self {
        let (mean, without) = match laws.of(world, &arm.pool.choice, arm.pool.depth(), arm.pool.responses) {
            _ if arm.pool.choice.is_random() => (Some(world.mean().to_vec()), Exact::Undefined(NO_ANGLE)),
            Law::Is(law) => (Some(law.mean.clone()), Exact::Undefined(NO_ANGLE)),
            Law::None(why) => (None, Exact::None(why)),
            Law::Pending => (None, Exact::Pending),
        };
        Self { mean, without }
    }

    /// An exact value where there is one, now or later.
    fn exact(&self, value: Option<f64>) -> Exact {
        value.map_or(self.without, Exact::Is)
    }
}

/// What follows for a path from an exact law, if there is one. The true path is known in any case, and so is all that
/// concerns it alone.
fn exact_on(policy: Option<&Descended>, selected: Option<&[f64]>, truth: &[f64], quantity: Quantity) -> Option<f64> {
    match (quantity, selected) {
        (Quantity::TrueNorm | Quantity::ExcessNll, None) => quantity.at(policy?, truth, truth),
        (_, selected) => quantity.at(policy?, selected?, truth),
    }
}

/// What the path of an arm is drawn to; none where that is not known exactly.
fn drift<'a>(along: Along, selected: Option<&'a [f64]>, truth: &'a [f64]) -> Option<&'a [f64]> {
    match along {
        Along::Own => selected,
        Along::Truth => Some(truth),
    }
}

/// The exact values of an estimand of an arm at steps that ascend.
pub(super) fn exact(
    world: &dyn World,
    laws: &KnownLaws<'_>,
    arm: &PathArm,
    kind: &EstimandKind,
    steps: &[u32],
) -> Vec<Exact> {
    let Some(quantity) = Quantity::of(kind) else {
        return vec![Exact::None("theory has none for this quantity"); steps.len()];
    };
    let share = Share::of(world, laws, arm);
    let (selected, truth) = (share.mean.as_deref(), world.mean());
    let at = |policy: Option<&Descended>| share.exact(exact_on(policy, selected, truth, quantity));
    match drift(arm.along, selected, truth) {
        Some(drift) => along_path(drift, arm.rate, steps)
            .iter()
            .map(|policy| at(Some(policy)))
            .collect(),
        None => steps.iter().map(|_| at(None)).collect(),
    }
}

/// The policies at ascending steps of one path.
fn along_path(drift: &[f64], rate: f64, steps: &[u32]) -> Vec<Descended> {
    let mut policy = Descended::start(drift.len());
    let mut taken = 0;
    let at = |&step: &u32| {
        for _ in taken..step {
            policy.step(drift, rate);
        }
        taken = step;
        policy.clone()
    };
    steps.iter().map(at).collect()
}

/// The estimands of one arm; `index` is its place among the arms, whose slots are as many as modes.
pub(super) fn of_arm(
    world: &dyn World,
    laws: &KnownLaws<'_>,
    (index, arm): (usize, &PathArm),
    measures: &[Measure],
    steps: &[u32],
) -> Vec<Estimand> {
    let truth: Arc<[f64]> = world.mean().into();
    let share = Share::of(world, laws, arm);
    let selected = share.mean.as_deref();
    let exact_path = drift(arm.along, selected, &truth).map(|drift| along_path(drift, arm.rate, steps));
    let slots = index * truth.len()..(index + 1) * truth.len();
    let mut estimands = Vec::new();
    for &measure in measures {
        for kind in measure.kind().estimands {
            // Cannot fail because every quantity that is stated has a name here; a test sees to it.
            let Some(quantity) = Quantity::of(kind) else {
                continue;
            };
            for (place, &step) in steps.iter().enumerate() {
                let policy = exact_path.as_ref().map(|path| &path[place]);
                let own = Place {
                    truth: truth.clone(),
                    slots: slots.clone(),
                    rate: arm.rate,
                    step,
                    fixed: policy.filter(|_| arm.along == Along::Truth).cloned(),
                };
                let none = policy.is_some_and(|policy| quantity.of_angle() && !angle(policy, selected, &truth));
                estimands.push(Estimand {
                    kind,
                    of: Of::Arm(index),
                    at: step.to_string(),
                    functional: match none {
                        true => Functional::TheoryOnly,
                        false => own.functional(quantity),
                    },
                    exact: match share.exact(exact_on(policy, selected, &truth, quantity)) {
                        Exact::Pending if none => Exact::Undefined(NO_ANGLE),
                        exact => exact,
                    },
                    reference: None,
                    given: None,
                });
            }
        }
    }
    estimands
}

/// Whether there is an angle, as far as is known exactly: an estimate of none would be the direction of its own noise.
fn angle(policy: &Descended, selected: Option<&[f64]>, truth: &[f64]) -> bool {
    let long = |target: &[f64]| policy.distance(target) >= LEAST_NORM;
    long(truth) && selected.is_none_or(long)
}

/// Where an estimand finds q, and the policy that it is taken at.
struct Place {
    truth: Arc<[f64]>,
    /// The mean share less its truth, mode by mode.
    slots: Range<usize>,
    rate: f64,
    step: u32,
    /// The policy, where it does not depend on what was kept.
    fixed: Option<Descended>,
}

impl Place {
    fn functional(self, quantity: Quantity) -> Functional {
        let len = self.truth.len();
        let of = match quantity {
            Quantity::Cosine => AngleOf::Cosine,
            Quantity::Misalignment => AngleOf::Misalignment,
            Quantity::TrueNorm | Quantity::SelectedNorm => {
                let vector: VectorOf = Box::new(move |means, out| {
                    self.look(means, |policy, selected| {
                        let target = if quantity == Quantity::TrueNorm {
                            &self.truth
                        } else {
                            selected
                        };
                        policy.gradient(target, out);
                    });
                });
                return Functional::Norm { len, vector };
            }
            Quantity::ExcessNll => {
                let vector: VectorOf = Box::new(move |means, out| {
                    self.look(means, |policy, _| policy.divergence_roots(&self.truth, out));
                });
                return Functional::SquaredNormOf {
                    len,
                    factor: 0.5,
                    vector,
                };
            }
        };
        let vectors: VectorOf = Box::new(move |means, out| {
            let (u, g) = out.split_at_mut(self.truth.len());
            self.look(means, |policy, selected| {
                policy.gradient(selected, u);
                policy.gradient(&self.truth, g);
                // What rounding leaves of a gradient has no direction: unknown, and written as empty.
                if !(policy.distance(selected) >= LEAST_NORM && policy.distance(&self.truth) >= LEAST_NORM) {
                    u.fill(f64::NAN);
                }
            });
        });
        Functional::Angle { len, vectors, of }
    }

    /// Hands `see` the policy and q of these means.
    fn look<T>(&self, means: &Means<'_>, see: impl FnOnce(&Descended, &[f64]) -> T) -> T {
        let share = self.truth.iter().zip(self.slots.clone());
        let selected: Vec<f64> = share.map(|(truth, slot)| truth + means.mean(slot)).collect();
        match &self.fixed {
            Some(policy) => see(policy, &selected),
            None => see(&Descended::after(self.step, &selected, self.rate), &selected),
        }
    }
}
