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

use super::PathArm;
use crate::engine::{Estimand, Exact, Functional, VectorOf};
use crate::inference::angle::Of;
use crate::inference::groups::Means;
use crate::study::EstimandDoc;
use crate::study::laws::{Law, Laws};
use crate::theory::gradient_path::{Along, Descended, LEAST_NORM};
use crate::world::World;
use std::ops::Range;
use std::sync::Arc;

/// A family of numbers along a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The gradient of kept responses beside the true one.
    Alignment,
    /// What the policy loses.
    Path,
}

/// What a measure is, for help texts.
#[derive(Debug, Clone, Copy)]
pub struct MeasureDoc {
    /// The measure.
    pub measure: Measure,
    /// Its name in files.
    pub name: &'static str,
    /// Its meaning with unit and range.
    pub about: &'static str,
}

/// Every measure of the study.
pub const MEASURES: [MeasureDoc; 2] = [
    MeasureDoc {
        measure: Measure::Alignment,
        name: "alignment",
        about: "the gradient of kept responses beside the true one at each recorded step, which `at` holds; nats per unit of logit",
    },
    MeasureDoc {
        measure: Measure::Path,
        name: "path",
        about: "the policy itself at each recorded step, which `at` holds",
    },
];

impl Measure {
    /// The name in experiment files and estimands.
    pub fn name(self) -> &'static str {
        let doc = MEASURES.iter().find(|doc| doc.measure == self);
        doc.map_or("", |doc| doc.name)
    }

    fn quantities(self) -> &'static [EstimandDoc] {
        match self {
            Measure::Alignment => &QUANTITIES[..4],
            Measure::Path => &QUANTITIES[4..],
        }
    }
}

/// The estimands of a measure, in row order.
pub fn names(measure: Measure) -> Vec<String> {
    let name = |doc: &EstimandDoc| format!("{}.{}", measure.name(), doc.quantity);
    measure.quantities().iter().map(name).collect()
}

/// Every quantity of the study, in row order: those of `alignment`, then that of `path`.
pub const QUANTITIES: [EstimandDoc; 5] = [
    EstimandDoc {
        quantity: "cosine",
        meaning: "cosine of the angle between the gradient of kept responses and the true one: 1 where they agree, below 0 where \
                  a step along one climbs the other's loss",
        formula: "1 - misalignment, so it may come out above 1; its sign is judged by u.g; empty where |u| or |g| is within 4 standard \
                  errors of 0; exact: the same at the exact q; none where |u| or |g| is below 1e-6",
        unit: "dimensionless, from -1 to 1",
        source: "arXiv 2606.00544, the failure of reward-only selection",
    },
    EstimandDoc {
        quantity: "misalignment",
        meaning: "1 - cosine: 0 where the two gradients agree, debiased (so it may come out below 0)",
        formula: "(|w|^2/2 less its bias)/(|u||g|), w = sqrt(|u||g|) (u/|u| - g/|g|) at the mean share, which is 1 - u.g/(|u||g|); MCSE by the \
                  score; empty as cosine; exact: 1 - cosine, 0 for random-K-of-N",
        unit: "dimensionless, from 0 to 2",
        source: "score interval of a squared norm; Fieller 1954",
    },
    EstimandDoc {
        quantity: "true-norm",
        meaning: "norm of the true gradient: where it is small its direction means little",
        formula: "root of |g|^2 less its bias; empty where that is within 4 standard errors of 0; exact: |g| on the exact path (on the true path a \
                  number of the world, without noise)",
        unit: "nats per unit of logit, from 0 to sqrt 2",
        source: "definition",
    },
    EstimandDoc {
        quantity: "selected-norm",
        meaning: "norm of the gradient of kept responses: on their own path it shrinks as they are learned",
        formula: "root of |u|^2 less its bias; empty as true-norm; exact: |u| at the exact q",
        unit: "nats per unit of logit, from 0 to sqrt 2",
        source: "definition",
    },
    EstimandDoc {
        quantity: "excess-nll",
        meaning: "NLL of the policy above that of the best shared policy; on the selection's own path it may fall and then rise: \
                  over-optimisation",
        formula: "KL(pi || p) less its bias (so it may come out below 0); exact: KL(pi || p) on the exact path",
        unit: "nats, 0 or more",
        source: "definition",
    },
];

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
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
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
    fn of(world: &dyn World, laws: &Laws, arm: &PathArm) -> Self {
        let (mean, without) = match laws.of(world, &arm.choice, arm.candidates, arm.responses) {
            _ if arm.choice.is_random() => (Some(world.mean().to_vec()), Exact::None(NO_ANGLE)),
            Law::Is(law) => (Some(law.mean.clone()), Exact::None(NO_ANGLE)),
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

/// The exact values of the estimand `name` of an arm at steps that ascend.
pub(super) fn exact(world: &dyn World, laws: &Laws, arm: &PathArm, name: &str, steps: &[u32]) -> Vec<Exact> {
    let Some(quantity) = name.split_once('.').and_then(|(_, quantity)| Quantity::parse(quantity)) else {
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
    laws: &Laws,
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
        for doc in measure.quantities() {
            // Cannot fail because every documented quantity has a name here; a test sees to it.
            let Some(quantity) = Quantity::parse(doc.quantity) else {
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
                let exact = share.exact(exact_on(policy, selected, &truth, quantity));
                estimands.push(Estimand {
                    name: format!("{}.{}", measure.name(), doc.quantity),
                    at: step.to_string(),
                    arm: Some(index),
                    functional: match policy.filter(|_| quantity.of_angle()) {
                        Some(policy) if !angle(policy, selected, &truth) => Functional::ExactOnly,
                        _ => own.functional(quantity),
                    },
                    exact,
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
            Quantity::Cosine => Of::Cosine,
            Quantity::Misalignment => Of::Misalignment,
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
