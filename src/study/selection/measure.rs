//! Owns the statistics that the study takes of selected responses, and their place among the slots.

use super::{Method, Pool};
use crate::theory::variance_law::Components;
use crate::world::World;
use std::ops::Range;

/// The quantities that compare two arms.
pub(super) const CONTRASTS: [&str; 2] = ["gain", "doubling"];

/// A statistic of the responses kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The share of kept responses in each mode, as one vector.
    ModeMass,
    /// The same, each mode a scalar of its own.
    ModeMassByMode,
    /// The gradient of the shared softmax's loss at theta, as one vector.
    Gradient,
    /// The loss (NLL) of the shared softmax at theta.
    Loss,
    /// The variance of the mode mass compared between two arms.
    Returns,
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
pub const MEASURES: [MeasureDoc; 5] = [
    MeasureDoc {
        measure: Measure::ModeMass,
        name: "mode-mass",
        about: "share of kept responses in each mode, a vector of probabilities; truth: the world's mean response distribution",
    },
    MeasureDoc {
        measure: Measure::ModeMassByMode,
        name: "mode-mass-by-mode",
        about: "the same, each mode a scalar of its own; `at` holds the mode, from 0",
    },
    MeasureDoc {
        measure: Measure::Gradient,
        name: "gradient",
        about: "gradient p_theta - f of the shared softmax's loss at `policy.theta`, f the mode mass; nats per unit of logit",
    },
    MeasureDoc {
        measure: Measure::Loss,
        name: "loss",
        about: "mean of -ln p_theta(y) over kept responses y at `policy.theta`, in nats",
    },
    MeasureDoc {
        measure: Measure::Returns,
        name: "returns",
        about: "what more responses per prompt are worth: the variance of the mode mass as a ratio of two arms on the same draws",
    },
];

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
}

impl Measure {
    /// The name in experiment files and estimands.
    pub fn name(self) -> &'static str {
        let doc = MEASURES.iter().find(|doc| doc.measure == self);
        doc.map_or("", |doc| doc.name)
    }

    /// The measure of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let doc = MEASURES.iter().find(|doc| doc.name == name);
        doc.map(|doc| doc.measure)
    }

    pub(super) fn slots(self, world: &dyn World, arm: &Method, first: usize) -> Slots {
        let modes = world.mean().len();
        let (coordinates, squares) = match self {
            Measure::ModeMass | Measure::Gradient | Measure::Returns => (modes, 1),
            Measure::ModeMassByMode => (modes, modes),
            Measure::Loss => (1, 1),
        };
        let stated = matches!(arm.candidates, Pool::Of(_)) && arm.choice.is_random();
        let pooled = stated && !matches!(self, Measure::ModeMassByMode | Measure::Returns);
        let deviation = first..first + coordinates;
        let squares = deviation.end..deviation.end + squares;
        Slots {
            selection: squares.end..squares.end + usize::from(pooled),
            deviation,
            squares,
        }
    }

    /// V_x and V_{y|x} of the measure: one entry per scalar, the traces for a vector.
    pub(super) fn components(self, world: &dyn World, arm: &Method) -> Vec<Components> {
        match self {
            Measure::ModeMass | Measure::Gradient | Measure::Returns => vec![world.trace_components()],
            Measure::ModeMassByMode => world.mode_components(),
            Measure::Loss => {
                let policy = arm.theta.policy(world);
                let losses: Vec<f64> = policy.log_probabilities().iter().map(|l| -l).collect();
                vec![world.components(&losses)]
            }
        }
    }

    /// The true value of the statistic, coordinate by coordinate.
    pub(super) fn truth(self, world: &dyn World, arm: &Method) -> Vec<f64> {
        match self {
            Measure::ModeMass | Measure::ModeMassByMode | Measure::Returns => world.mean().to_vec(),
            Measure::Gradient => arm.theta.policy(world).gradient(world.mean()),
            Measure::Loss => vec![arm.theta.policy(world).nll(world.mean())],
        }
    }
}
