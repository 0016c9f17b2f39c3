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
use super::measures::{Entry, How, Measure, Sees};
use super::place::Place;
use crate::engine::{Estimand, Exact, Functional, Of};
use crate::study::entry::RowOf;
use crate::study::laws::{KnownLaws, Law};
use crate::theory::gradient_path::{Along, Descended, LEAST_NORM};
use crate::world::World;
use std::sync::Arc;

/// A row of a scenario; its place is among the recorded steps.
pub(super) type Row = RowOf<Measure, How>;

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
        let (mean, without) = match laws.of_arm(world, &arm.pool) {
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
fn exact_on(policy: Option<&Descended>, selected: Option<&[f64]>, truth: &[f64], how: &How) -> Option<f64> {
    let selected = match how.sees {
        Sees::Truth => selected.or(Some(truth)),
        Sees::Kept | Sees::Angle => selected,
    };
    (how.at)(policy?, selected?, truth)
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
    entry: &Entry,
    steps: &[u32],
) -> Vec<Exact> {
    let share = Share::of(world, laws, arm);
    let (selected, truth) = (share.mean.as_deref(), world.target());
    let at = |policy: Option<&Descended>| share.exact(exact_on(policy, selected, truth, &entry.asked.how));
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
) -> Vec<(Row, Estimand)> {
    let truth: Arc<[f64]> = world.target().into();
    let share = Share::of(world, laws, arm);
    let selected = share.mean.as_deref();
    let exact_path = drift(arm.along, selected, &truth).map(|drift| along_path(drift, arm.rate, steps));
    let slots = index * truth.len()..(index + 1) * truth.len();
    let estimand = |entry: &'static Entry, place: usize| {
        let (policy, how) = (exact_path.as_ref().map(|path| &path[place]), &entry.asked.how);
        let own = Place {
            truth: truth.clone(),
            slots: slots.clone(),
            rate: arm.rate,
            step: steps[place],
            fixed: policy.filter(|_| arm.along == Along::Truth).cloned(),
        };
        let of_angle = matches!(how.sees, Sees::Angle);
        let none = policy.is_some_and(|policy| of_angle && !angle(policy, selected, &truth));
        Estimand {
            kind: &entry.kind,
            of: Of::Arm(index),
            at: steps[place].to_string(),
            functional: match none {
                true => Functional::TheoryOnly,
                false => (how.functional)(own),
            },
            exact: match share.exact(exact_on(policy, selected, &truth, how)) {
                Exact::Pending if none => Exact::Undefined(NO_ANGLE),
                exact => exact,
            },
            reference: None,
            given: None,
        }
    };
    let mut found = Vec::new();
    for &measure in measures {
        for entry in measure.entries() {
            found.extend(Row::at(index, measure, entry, steps.len()).map(|row| {
                let own = estimand(entry, row.place);
                (row, own)
            }));
        }
    }
    found
}

/// Whether there is an angle, as far as is known exactly: an estimate of none would be the direction of its own noise.
fn angle(policy: &Descended, selected: Option<&[f64]>, truth: &[f64]) -> bool {
    let long = |target: &[f64]| policy.distance(target) >= LEAST_NORM;
    long(truth) && selected.is_none_or(long)
}
