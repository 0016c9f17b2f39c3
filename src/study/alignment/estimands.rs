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
use super::measures::{Entry, How, Measure, Sees, over_square};
use super::place::{Bounds, Place};
use crate::engine::{Estimand, Exact, Functional, Of, Reference};
use crate::numerics::text::Text;
use crate::study::entry::RowOf;
use crate::study::laws::{KnownLaws, Law};
use crate::theory::early_stopping;
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

/// What follows for a policy from an exact law, if there is one. The true path is known in any case, and so is all that
/// concerns it alone.
fn exact_on(
    policy: Option<&Descended>,
    selected: Option<&[f64]>,
    truth: &[f64],
    (how, bounds): (&How, Option<&Bounds>),
) -> Option<f64> {
    match how {
        How::Step {
            sees: Sees::Truth, at, ..
        } => at(policy?, selected.unwrap_or(truth), truth),
        How::Step { at, .. } => at(policy?, selected?, truth),
        How::Bounded(at) => at(policy?, bounds?, truth),
        How::Turn { .. } => None,
    }
}

/// What of the turn of an arm's own path follows from an exact law.
fn exact_turn(share: &Share, arm: &PathArm, truth: &[f64], last: u32, of: fn(&early_stopping::Turn) -> f64) -> Exact {
    const NONE: &str = "the loss still falls at the last recorded step";
    let Some(selected) = &share.mean else {
        return share.without;
    };
    let turn = early_stopping::turn(selected, truth, arm.rate, last);
    turn.map_or(Exact::Undefined(NONE), |turn| Exact::Is(of(&turn)))
}

/// What the path of an arm is drawn to; none where that is not known exactly.
fn drift<'a>(along: Along, selected: Option<&'a [f64]>, truth: &'a [f64]) -> Option<&'a [f64]> {
    match along {
        Along::Own => selected,
        Along::Truth => Some(truth),
    }
}

/// The exact values of an estimand of an arm at steps that ascend: one, at the last of them, of what a path has once.
pub(super) fn exact(
    world: &Arc<dyn World>,
    laws: &KnownLaws<'_>,
    arm: &PathArm,
    entry: &Entry,
    steps: &[u32],
) -> Vec<Exact> {
    let share = Share::of(world.as_ref(), laws, arm);
    let (selected, truth, bounds) = (share.mean.as_deref(), world.target(), Bounds::of(world, arm));
    let how = &entry.asked.how;
    if let (How::Turn { of, .. }, Some(&last)) = (how, steps.last()) {
        return vec![exact_turn(&share, arm, truth, last, *of)];
    }
    let at = |policy: Option<&Descended>| share.exact(exact_on(policy, selected, truth, (how, bounds.as_ref())));
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
    world: &Arc<dyn World>,
    laws: &KnownLaws<'_>,
    (index, arm): (usize, &PathArm),
    measures: &[Measure],
    steps: &[u32],
) -> Vec<(Row, Estimand)> {
    let truth: Arc<[f64]> = world.target().into();
    let share = Share::of(world.as_ref(), laws, arm);
    let exact_path = drift(arm.along, share.mean.as_deref(), &truth).map(|drift| along_path(drift, arm.rate, steps));
    let own = OfArm {
        world,
        arm,
        index,
        share,
        exact_path,
        truth,
        steps,
    };
    let mut found = Vec::new();
    for &measure in measures {
        for entry in measure.entries().iter().filter(|entry| own.has(&entry.asked.how)) {
            let places = entry.kind.at.map_or(1, |_| steps.len());
            found.extend(Row::at(index, measure, entry, places).map(|row| {
                let estimand = own.estimand(entry, row.place);
                (row, estimand)
            }));
        }
    }
    found
}

/// An arm, and what is known of it.
struct OfArm<'a> {
    world: &'a Arc<dyn World>,
    arm: &'a PathArm,
    index: usize,
    share: Share,
    exact_path: Option<Vec<Descended>>,
    truth: Arc<[f64]>,
    steps: &'a [u32],
}

impl OfArm<'_> {
    fn has(&self, how: &How) -> bool {
        match how {
            How::Step { .. } => true,
            How::Bounded(_) => Bounds::of(self.world, self.arm).is_some(),
            How::Turn { .. } => self.arm.along == Along::Own,
        }
    }

    /// The estimand at one of the recorded steps, or at the last of what a path has once.
    fn estimand(&self, entry: &'static Entry, place: usize) -> Estimand {
        let how = &entry.asked.how;
        let once = entry.kind.at.is_none();
        let place = if once { self.steps.len() - 1 } else { place };
        let policy = self.exact_path.as_ref().map(|path| &path[place]);
        let (functional, exact) = self.known(how, policy, place);
        Estimand {
            kind: &entry.kind,
            of: Of::Arm(self.index),
            at: if once {
                Text::new()
            } else {
                self.steps[place].to_string().into()
            },
            functional,
            exact,
            reference: reference_of((self.world, self.arm), &self.share, entry, policy),
            given: None,
        }
    }

    fn known(&self, how: &How, policy: Option<&Descended>, place: usize) -> (Functional, Exact) {
        let (modes, selected) = (self.truth.len(), self.share.mean.as_deref());
        let own = Place {
            truth: self.truth.clone(),
            slots: self.index * modes..(self.index + 1) * modes,
            rate: self.arm.rate,
            step: self.steps[place],
            fixed: policy.filter(|_| self.arm.along == Along::Truth).cloned(),
        };
        let bounds = Bounds::of(self.world, self.arm);
        let exact = self
            .share
            .exact(exact_on(policy, selected, &self.truth, (how, bounds.as_ref())));
        match (how, bounds) {
            (How::Step { sees, functional, .. }, _) => {
                let angle = matches!(sees, Sees::Angle);
                match policy.is_some_and(|policy| angle && !has_angle(policy, selected, &self.truth)) {
                    true if matches!(exact, Exact::Pending) => (Functional::TheoryOnly, Exact::Undefined(NO_ANGLE)),
                    true => (Functional::TheoryOnly, exact),
                    false => (functional(own), exact),
                }
            }
            (How::Bounded(of), Some(bounds)) => (own.bounded(bounds, *of), exact),
            (How::Bounded(_), None) => (Functional::TheoryOnly, exact),
            (How::Turn { of, .. }, _) => match exact_turn(&self.share, self.arm, &self.truth, own.step, *of) {
                never @ Exact::Undefined(_) => (Functional::TheoryOnly, never),
                exact => (own.turn(*of), exact),
            },
        }
    }
}

/// What an estimand of an arm is compared with beside its exact value: a ratio with the greatest of all rewards, a turn with the time of a loss
/// that is alike in all directions. Not a number as long as it rests on a law that is pending.
fn reference_of(
    (world, arm): (&Arc<dyn World>, &PathArm),
    share: &Share,
    entry: &Entry,
    policy: Option<&Descended>,
) -> Option<Reference> {
    let pending = matches!(share.without, Exact::Pending);
    let (name, value) = match entry.asked.how {
        How::Step { sees: Sees::Tilt, .. } => {
            let bounds = Bounds::of(world, arm)?;
            let greatest =
                |policy: &Descended| over_square(policy, world.mean(), bounds.greatest(policy, world.mean()));
            let value = match policy {
                Some(policy) => greatest(policy)?,
                None => pending.then_some(f64::NAN)?,
            };
            ("worst reward", value)
        }
        How::Turn { time: true, .. } => {
            let value = match &share.mean {
                Some(selected) => early_stopping::isotropic(selected, world.mean()),
                None => pending.then_some(f64::NAN)?,
            };
            ("isotropic", value)
        }
        _ => return None,
    };
    (!value.is_infinite()).then_some(Reference { value, name })
}

/// The same of an arm at one of the recorded steps, as far as laws are known.
pub(super) fn reference(
    world: &Arc<dyn World>,
    laws: &KnownLaws<'_>,
    arm: &PathArm,
    entry: &Entry,
    step: u32,
) -> Option<Reference> {
    let share = Share::of(world.as_ref(), laws, arm);
    let drift = drift(arm.along, share.mean.as_deref(), world.mean());
    let policy = drift.map(|drift| Descended::after(step, drift, arm.rate));
    reference_of((world, arm), &share, entry, policy.as_ref())
}

/// Whether there is an angle, as far as is known exactly: an estimate of none would be the direction of its own noise.
fn has_angle(policy: &Descended, selected: Option<&[f64]>, truth: &[f64]) -> bool {
    let long = |target: &[f64]| policy.distance(target) >= LEAST_NORM;
    long(truth) && selected.is_none_or(long)
}
