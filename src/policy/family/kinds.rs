//! Owns the families of policies.

use super::evaluation::{BLOCK, Evaluation};
use super::form::{Form, Layered, LogLinear, Prompts};
use super::kernels::log_softmax;
use super::rows::Rows;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Stream;

/// A family of softmax policies over M modes. The features of a prompt are numbers of which the first is 1; z are the
/// `inputs` after it, whatever else there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Theta (1, z) with the last mode's row 0: (M - 1)(1 + inputs) parameters, by mode. Without inputs it is the shared softmax.
    LogLinear {
        /// How many features it sees beside the constant.
        inputs: usize,
    },
    /// b + U V z: parameters are b (M), then U (M x rank) by mode, then V (rank x inputs) by row.
    LowRank {
        /// How many features it sees beside the constant.
        inputs: usize,
        /// Columns of U.
        rank: usize,
    },
    /// W2 tanh(W1 z + b1) + b2: parameters are b2 (M), then W2 (M x hidden) by mode, then by unit its b1 and its row of W1.
    Network {
        /// How many features it sees beside the constant.
        inputs: usize,
        /// Units of the hidden layer.
        hidden: usize,
    },
}

impl Family {
    /// How many parameters a policy has.
    pub fn parameters(&self, modes: usize) -> usize {
        self.form(modes).parameters()
    }

    /// Its settings in words: two are the same exactly if their texts are. It stands in work keys.
    pub fn canonical(&self) -> String {
        match self {
            Self::LogLinear { inputs } => format!("log-linear inputs {inputs}"),
            Self::LowRank { inputs, rank } => format!("low-rank inputs {inputs} rank {rank}"),
            Self::Network { inputs, hidden } => format!("network inputs {inputs} hidden {hidden}"),
        }
    }

    /// How many of the features beside the constant it sees: the first ones.
    pub fn inputs(&self) -> usize {
        let (Self::LogLinear { inputs } | Self::LowRank { inputs, .. } | Self::Network { inputs, .. }) = *self;
        inputs
    }

    /// Whether its loss is convex in its parameters.
    pub fn is_convex(&self) -> bool {
        matches!(self, Self::LogLinear { .. })
    }

    /// Where fits start: zeros where the loss is convex; else biases of 0 and normal weights, in the order of parameters:
    /// U and V of standard deviation 0.1, W2 of 0.3/sqrt(hidden), W1 of 1/sqrt(inputs).
    pub fn start(&self, modes: usize, stream: &mut Stream) -> Vec<f64> {
        let mut theta = vec![0.0; self.parameters(modes)];
        let mut draw = |weights: &mut [f64], deviation: f64| {
            for w in weights {
                *w = deviation * normal_from_uniform(stream.uniform());
            }
        };
        match *self {
            Self::LogLinear { .. } => {}
            Self::LowRank { .. } => draw(&mut theta[modes..], 0.1),
            Self::Network { inputs, hidden } => {
                let (outer, inner) = theta[modes..].split_at_mut(modes * hidden);
                draw(outer, 0.3 / (hidden.max(1) as f64).sqrt());
                for unit in inner.chunks_exact_mut(1 + inputs) {
                    draw(&mut unit[1..], 1.0 / (inputs as f64).sqrt());
                }
            }
        }
        theta
    }

    /// Writes ln p of eight policies, one per lane, in nats, at prompts whose features all lanes share: `features` is prompts
    /// x `coordinates`, `out` prompts x modes. Panics where the numbers of rows do not fit.
    pub fn log_policies(
        &self,
        modes: usize,
        theta: &[Lanes<f64>],
        features: &[f64],
        coordinates: usize,
        out: &mut [Lanes<f64>],
    ) {
        let mut evaluation = self.evaluation(modes, theta, coordinates);
        assert_eq!(features.len() / coordinates, out.len() / modes);
        let mut lanes = Rows::new();
        for (features, logits) in features.chunks(BLOCK * coordinates).zip(out.chunks_mut(BLOCK * modes)) {
            let shared = lanes.resize(features.len());
            shared.iter_mut().zip(features).for_each(|(row, x)| *row = [*x; LANES]);
            log_policies(&mut evaluation, lanes.rows(), coordinates, logits);
        }
    }

    /// The same at prompts of each lane's own.
    pub fn log_policies_of_lanes(
        &self,
        modes: usize,
        theta: &[Lanes<f64>],
        features: &[Lanes<f64>],
        coordinates: usize,
        out: &mut [Lanes<f64>],
    ) {
        let mut evaluation = self.evaluation(modes, theta, coordinates);
        assert_eq!(features.len() / coordinates, out.len() / modes);
        for (features, logits) in features.chunks(BLOCK * coordinates).zip(out.chunks_mut(BLOCK * modes)) {
            log_policies(&mut evaluation, features, coordinates, logits);
        }
    }

    /// Its arithmetic under parameters, of prompts with so many coordinates.
    fn evaluation(&self, modes: usize, theta: &[Lanes<f64>], coordinates: usize) -> Evaluation {
        let mut evaluation = Evaluation::new(self.form(modes), modes);
        assert!(coordinates >= evaluation.form.seen());
        evaluation.pack(theta);
        evaluation
    }

    /// Writes d logits / d theta of one policy at one prompt: modes x parameters, by mode.
    pub fn jacobian(&self, modes: usize, theta: &[f64], features: &[f64], out: &mut [f64]) {
        self.form(modes).jacobian(theta, features, out);
    }

    /// Its arithmetic.
    pub(super) fn form(&self, modes: usize) -> Box<dyn Form> {
        match *self {
            Self::LogLinear { inputs } => Box::new(LogLinear { modes, inputs }),
            Self::LowRank { inputs, rank } => Box::new(Layered {
                modes,
                inputs,
                units: rank,
                tanh: false,
            }),
            Self::Network { inputs, hidden } => Box::new(Layered {
                modes,
                inputs,
                units: hidden,
                tanh: true,
            }),
        }
    }
}

/// Writes ln p at the prompts of a block.
fn log_policies(evaluation: &mut Evaluation, features: &[Lanes<f64>], coordinates: usize, logits: &mut [Lanes<f64>]) {
    evaluation.forward(Prompts { features, coordinates }, logits);
    log_softmax::run_at(evaluation.level, logits, evaluation.modes);
}
