//! Owns losses and their gradients on prompts, a block of them at a time.

use super::form::{Form, Prompts};
use super::kernels::{add_dot, log_softmax, scale, slopes, softmax, weighted_slopes};
use super::responses::response_slopes;
use super::rows::Rows;
use crate::numerics::lanes::{LANES, Lanes, Level};

/// Prompts of a block: enough for products to be long, few enough for a cache.
pub(super) const BLOCK: usize = 16;

/// What a loss is taken on: prompts, and the shares of their responses by mode.
#[derive(Clone, Copy)]
pub(super) struct Data<'a> {
    pub prompts: Prompts<'a>,
    pub target: Target<'a>,
    /// What each prompt counts, where not all count alike: its targets sum to that.
    pub weights: Option<&'a [Lanes<f64>]>,
}

/// What prompts are answered with.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// Shares of responses by mode, prompts x modes.
    Shares(&'a [Lanes<f64>]),
    /// One response, as the number of its mode.
    Modes(&'a [Lanes<f64>]),
}

impl<'a> Target<'a> {
    /// That of a block of `count` prompts.
    fn block(self, at: usize, count: usize, modes: usize) -> Self {
        match self {
            Self::Shares(rows) => Self::Shares(&rows[at * BLOCK * modes..][..count * modes]),
            Self::Modes(rows) => Self::Modes(&rows[at * BLOCK..][..count]),
        }
    }
}

impl<'a> Data<'a> {
    pub fn blocks(&self, modes: usize) -> impl Iterator<Item = Data<'a>> {
        let Self {
            prompts: Prompts { features, coordinates },
            target,
            weights,
        } = *self;
        let blocks = features.chunks(BLOCK * coordinates).enumerate();
        blocks.map(move |(at, features)| {
            let prompts = Prompts { features, coordinates };
            Data {
                prompts,
                target: target.block(at, prompts.count(), modes),
                weights: weights.map(|own| &own[at * BLOCK..][..prompts.count()]),
            }
        })
    }
}

/// A family with its scratch.
pub(super) struct Evaluation {
    pub form: Box<dyn Form>,
    pub modes: usize,
    pub level: Level,
    packed: Rows,
    inner: Rows,
    logits: Rows,
}

impl Evaluation {
    pub fn new(form: Box<dyn Form>, modes: usize) -> Self {
        let [mut packed, mut inner, mut logits] = [const { Rows::new() }; 3];
        packed.resize(form.parameters());
        inner.resize(BLOCK * form.inner());
        logits.resize(BLOCK * modes);
        Self {
            form,
            modes,
            level: Level::current(),
            packed,
            inner,
            logits,
        }
    }

    /// Takes up parameters.
    pub fn pack(&mut self, theta: &[Lanes<f64>]) {
        self.form.pack(theta, self.packed.rows_mut());
    }

    /// Writes the logits of a block's prompts under the parameters that were taken up last.
    pub fn forward(&mut self, prompts: Prompts<'_>, logits: &mut [Lanes<f64>]) {
        self.form
            .forward(self.level, prompts, self.packed.rows(), self.inner.rows_mut(), logits);
    }

    /// The logits of a block's prompts under the parameters that were taken up last, in own scratch.
    pub fn logits(&mut self, prompts: Prompts<'_>) -> &mut [Lanes<f64>] {
        let logits = &mut self.logits.rows_mut()[..prompts.count() * self.modes];
        let (packed, inner) = (self.packed.rows(), self.inner.rows_mut());
        self.form.forward(self.level, prompts, packed, inner, logits);
        logits
    }

    /// The probabilities of a block's prompts under the parameters that were taken up last.
    pub fn probabilities(&mut self, prompts: Prompts<'_>) -> &[Lanes<f64>] {
        let (level, modes) = (self.level, self.modes);
        let logits = self.logits(prompts);
        softmax::run_at(level, logits, modes);
        logits
    }

    /// The gradient of the loss on all of `data`.
    pub fn gradient(&mut self, data: Data<'_>, theta: &[Lanes<f64>], decay: f64, gradient: &mut [Lanes<f64>]) {
        let (level, modes) = (self.level, self.modes);
        self.pack(theta);
        scale::run_at(level, gradient, theta, decay);
        let share = 1.0 / data.prompts.count() as f64;
        let reach = self.form.reach(level, theta);
        for Data {
            prompts,
            target,
            weights,
        } in data.blocks(modes)
        {
            let logits = self.logits(prompts);
            match (target, weights) {
                (Target::Shares(target), Some(weights)) => {
                    weighted_slopes::run_at(level, logits, target, weights, modes, share);
                }
                (Target::Shares(target), None) => slopes::run_at(level, logits, target, modes, share),
                (Target::Modes(of), _) => response_slopes::run_at(level, logits, of, modes, share, &reach),
            }
            self.back(prompts, theta, gradient);
        }
    }

    /// Adds to `gradient` what slopes that were written over a block's [`logits`](Self::logits) mean for the parameters.
    pub fn back(&mut self, prompts: Prompts<'_>, theta: &[Lanes<f64>], gradient: &mut [Lanes<f64>]) {
        let (inner, slopes) = (self.inner.rows_mut(), self.logits.rows());
        let slopes = &slopes[..prompts.count() * self.modes];
        self.form.back(self.level, prompts, theta, inner, slopes, gradient);
    }

    /// The loss on all of `data`.
    pub fn loss(&mut self, data: Data<'_>, theta: &[Lanes<f64>], decay: f64) -> Lanes<f64> {
        let (level, modes) = (self.level, self.modes);
        let (mut fit, mut squares) = ([0.0; LANES], [0.0; LANES]);
        self.pack(theta);
        for Data { prompts, target, .. } in data.blocks(modes) {
            let logs = self.logits(prompts);
            log_softmax::run_at(level, logs, modes);
            let Target::Shares(target) = target else {
                unreachable!("the loss is one of full batches");
            };
            add_dot::run_at(level, &mut fit, target, logs);
        }
        add_dot::run_at(level, &mut squares, theta, theta);
        let share = 1.0 / data.prompts.count() as f64;
        std::array::from_fn(|l| 0.5 * decay * squares[l] - share * fit[l])
    }
}
