//! Owns autoregressive log-linear policies: what each sees of its own prefix, and their fits to responses of several tokens.
//!
//! Logits are Theta phi(state), the state that of a prefix in [`Contexts`], the last token's row 0. The loss is the mean over responses of
//! the NLL of their increments, each given the increments before it (teacher forcing): in nats per response. It depends on the data through
//! counts of increments by state alone, so a fit is one of a log-linear policy to states as prompts, each weighted by its visits.

use super::family::{Examples, Family, FitReport, Fitter, Training};
use crate::numerics::lanes::{LANES, Lanes};
use crate::theory::sequences::Contexts;

/// What a policy sees of its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrefixFeatures {
    /// Nothing: all increments have one distribution.
    Tied,
    /// How long it is.
    PerPosition,
    /// Its last increment.
    OrderOne,
    /// How many increments of each kind it has, linearly.
    Counts,
    /// The same and how long it is.
    CountsAndPosition,
    /// All of it.
    Tree,
}

impl PrefixFeatures {
    /// Every kind, from the one that sees least.
    pub const ALL: [Self; 6] = [
        Self::Tied,
        Self::PerPosition,
        Self::OrderOne,
        Self::Counts,
        Self::CountsAndPosition,
        Self::Tree,
    ];

    /// What it sees of responses of so many increments, each one of `tokens`.
    ///
    /// # Panics
    ///
    /// Where there are fewer than two tokens, or no increment.
    pub fn contexts(self, tokens: usize, length: usize) -> Contexts {
        match self {
            Self::Tied => Contexts::tied(tokens, length),
            Self::PerPosition => Contexts::per_position(tokens, length),
            Self::OrderOne => Contexts::order_one(tokens, length),
            Self::Counts => Contexts::counts(tokens, length),
            Self::CountsAndPosition => Contexts::counts_and_position(tokens, length),
            Self::Tree => Contexts::tree(tokens, length),
        }
    }

    /// The shortest response whose prefixes show all that it sees: in shorter ones some parameter would have no meaning.
    pub fn shortest(self) -> usize {
        match self {
            Self::Counts | Self::CountsAndPosition => 2,
            _ => 1,
        }
    }

    /// D: free parameters of its log-linear policies, without making states.
    pub fn parameters(self, tokens: usize, length: usize) -> usize {
        let coordinates = match self {
            Self::Counts => 1 + tokens,
            Self::CountsAndPosition => length + tokens - 1,
            _ => self.states(tokens, length, usize::MAX),
        };
        (tokens - 1) * coordinates
    }

    /// Whether a policy may have any distribution in each state.
    pub fn is_saturated(self) -> bool {
        !matches!(self, Self::Counts | Self::CountsAndPosition)
    }

    /// How many states prefixes have, or more than `most` where they are more: no state is made.
    pub fn states(self, tokens: usize, length: usize, most: usize) -> usize {
        let mut sum = 0_usize;
        let mut layer = 1_usize;
        for position in 0..length {
            let own = match self {
                Self::Tied | Self::OrderOne => 0,
                Self::PerPosition => 1,
                _ => layer,
            };
            sum = sum.saturating_add(own);
            if sum > most {
                return sum;
            }
            layer = match self {
                Self::Tree => layer.saturating_mul(tokens),
                // Counts of position + 1 increments: binomial(position + tokens, tokens - 1), by its neighbour.
                _ => layer.saturating_mul(position + tokens) / (position + 1),
            };
        }
        match self {
            Self::Tied => 1,
            Self::OrderOne if length > 1 => 1 + tokens,
            Self::OrderOne => 1,
            _ => sum,
        }
    }
}

/// One worker's scratch; fits eight policies, one per lane, by whatever a [`Training`] of full batches says.
pub struct SequenceFitter {
    family: Family,
    tokens: usize,
    coordinates: usize,
    /// Features of states, alike in all lanes and as they are.
    rows: Vec<Lanes<f64>>,
    features: Vec<f64>,
    weights: Vec<Lanes<f64>>,
    fitter: Fitter,
    theta: Vec<Lanes<f64>>,
}

impl SequenceFitter {
    /// A fitter of policies with these contexts. Panics where the training does not fit log-linear policies by full batches.
    pub fn new(contexts: &Contexts, training: Training) -> Self {
        let family = Family::LogLinear {
            inputs: contexts.coordinates() - 1,
        };
        let features = contexts.features().to_vec();
        Self {
            family,
            tokens: contexts.tokens(),
            coordinates: contexts.coordinates(),
            rows: features.iter().map(|&x| [x; LANES]).collect(),
            features,
            weights: vec![[0.0; LANES]; contexts.states()],
            fitter: Fitter::new(family, contexts.tokens(), training),
            theta: vec![[0.0; LANES]; contexts.parameters()],
        }
    }

    /// About what a fitter takes, in bytes.
    pub fn memory(features: PrefixFeatures, tokens: usize, length: usize, training: Training) -> u64 {
        let (states, parameters) = (
            features.states(tokens, length, usize::MAX),
            features.parameters(tokens, length),
        );
        let coordinates = parameters / (tokens - 1);
        let family = Family::LogLinear {
            inputs: coordinates - 1,
        };
        let rows = states * (2 * coordinates + 1 + tokens) + parameters;
        Fitter::memory(family, tokens, training) + (rows * size_of::<Lanes<f64>>()) as u64
    }

    /// Fits eight policies, from logits of 0, to `cells`: how often a response makes each increment in each state on average, states x tokens
    /// rows. Left when `stop` says so: what it gives then is of no use.
    pub fn fit(&mut self, cells: &[Lanes<f64>], stop: &mut dyn FnMut() -> bool) -> FitReport {
        for (weight, row) in self.weights.iter_mut().zip(cells.chunks_exact(self.tokens)) {
            *weight = [0.0; LANES];
            for cell in row {
                (0..LANES).for_each(|l| weight[l] += cell[l]);
            }
        }
        self.theta.fill([0.0; LANES]);
        // The fitter takes means over prompts, here states: so the sum over states is that mean times their number.
        let states = self.weights.len() as f64;
        let scaled: Vec<Lanes<f64>> = cells.iter().map(|row| row.map(|cell| cell * states)).collect();
        self.weights
            .iter_mut()
            .for_each(|row| *row = row.map(|weight| weight * states));
        let examples = Examples {
            prompts: self.weights.len(),
            coordinates: self.coordinates,
            modes: self.tokens,
            features: &self.rows,
            target: &scaled,
            weights: Some(&self.weights),
            responses: 1,
        };
        self.fitter.fit_until(&examples, &mut self.theta, None, stop)
    }

    /// The parameters of the last fits.
    pub fn theta(&self) -> &[Lanes<f64>] {
        &self.theta
    }

    /// Writes ln p(increment given state) of the last fits, states x tokens rows.
    pub fn log_probabilities(&self, out: &mut [Lanes<f64>]) {
        self.family
            .log_policies(self.tokens, &self.theta, &self.features, self.coordinates, out);
    }
}

#[cfg(test)]
#[path = "autoregressive_tests.rs"]
mod tests;
