//! Owns the statistics of the study as functions of the mode mass, the share of kept responses in each mode: where their slots lie, what
//! they are in truth, and what responses at random make of them.

use super::Method;
use crate::engine::Moments;
use crate::theory::variance_law::Components;
use crate::world::World;
use std::ops::Range;

/// What a measure is of the mode mass f.
pub(super) struct Statistic {
    /// Its form in an arm.
    pub form: fn(&dyn World, &Method) -> Form,
    /// Whether each mode is a scalar of its own.
    pub by_mode: bool,
    /// Whether the statistic of whole pools is taken beside it, of arms that keep at random.
    pub pooled: bool,
}

/// A linear form of f.
pub(super) enum Form {
    /// f itself.
    Mass,
    /// p - f.
    From(Vec<f64>),
    /// w_m (f_m - the mean share), mode by mode.
    Scaled(Vec<f64>),
    /// The sum of v_m f_m.
    Weighed(Vec<f64>),
}

impl Statistic {
    /// One vector or number.
    pub const fn of(form: fn(&dyn World, &Method) -> Form) -> Self {
        Self {
            form,
            by_mode: false,
            pooled: true,
        }
    }

    /// Where the slots of an arm lie, from `first` on.
    pub fn slots(&self, world: &dyn World, arm: &Method, first: usize) -> Slots {
        let modes = world.mean().len();
        let coordinates = match (self.form)(world, arm) {
            Form::Weighed(_) => 1,
            Form::Mass | Form::From(_) | Form::Scaled(_) => modes,
        };
        let stated = arm.pool.candidates.is_some() && arm.pool.choice.is_random();
        let deviation = first..first + coordinates;
        let squares = deviation.end..deviation.end + if self.by_mode { modes } else { 1 };
        Slots {
            selection: squares.end..squares.end + usize::from(stated && self.pooled),
            deviation,
            squares,
        }
    }

    /// V_x and V_{y|x}: one entry per scalar, the traces for a vector.
    pub fn components(&self, world: &dyn World, form: &Form) -> Vec<Components> {
        match form {
            Form::Weighed(weights) => vec![world.components(weights)],
            Form::Scaled(weights) => vec![scaled(&world.mode_components(), weights)],
            _ if self.by_mode => world.mode_components(),
            _ => vec![world.trace_components()],
        }
    }
}

impl Form {
    /// Its true value, coordinate by coordinate: that where f is the world's target, or of what is centred on the mean, there.
    pub fn truth(&self, world: &dyn World) -> Vec<f64> {
        let target = world.target();
        match self {
            Form::Mass => target.to_vec(),
            Form::From(p) => p.iter().zip(target).map(|(p, q)| p - q).collect(),
            Form::Scaled(w) => w.iter().zip(world.mean()).map(|(w, mean)| w * mean).collect(),
            Form::Weighed(v) => vec![v.iter().zip(target).map(|(v, q)| q * v).sum()],
        }
    }
}

/// The sums over modes of w_m^2 times their components.
fn scaled(parts: &[Components], weights: &[f64]) -> Components {
    let sum = |part: fn(&Components) -> f64| parts.iter().zip(weights).map(|(own, w)| w * w * part(own)).sum();
    Components {
        prompt: sum(|own| own.prompt),
        response: sum(|own| own.response),
    }
}

/// Where a measure's slots of one arm lie.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    /// The statistic minus its truth, coordinate by coordinate; by mode, the kept responses of each mode as a count, since what is
    /// never kept has a share of 0 and nothing beside it.
    pub deviation: Range<usize>,
    /// The squares: one squared norm for a vector, one squared count per mode.
    pub squares: Range<usize>,
    /// The squared norm of what selection adds to the whole pool's statistic; empty without a stated
    /// pool, or where selection is not at random.
    pub selection: Range<usize>,
}

impl Slots {
    pub fn count(&self) -> usize {
        self.selection.end - self.deviation.start
    }

    /// The moments of a statistic that is one vector or one number.
    pub fn whole(&self) -> Moments {
        Moments {
            deviation: self.deviation.clone(),
            square: self.squares.start,
            unit: 1.0,
        }
    }
}

/// What a functional is made of: an arm and its slots, those of the arm it is compared with, and the law of its variance.
pub(super) struct Place<'a> {
    pub arm: &'a Method,
    pub slots: &'a Slots,
    pub versus: Option<&'a Slots>,
    /// That arm.
    pub other: Option<&'a Method>,
    pub law: f64,
    /// The world's target.
    pub target: &'a [f64],
    /// The expected statistic of responses kept at random, for one that is a number.
    pub at_random: f64,
}
