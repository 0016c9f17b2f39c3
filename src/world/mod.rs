//! Worlds: data-generating mechanisms whose truth is known exactly.
//!
//! A [`World`] draws the responses of a prompt, and its [`ModeTruth`] states what any estimate of it should be. It never selects, fits or
//! measures, and it knows nothing of replicates beyond the streams it is handed.
//!
//! - [`Dirichlet`]: World A, prompts with Dirichlet response distributions.
//! - [`Copies`]: the same with responses that copy each other, the negative control of the variance law.
//! - [`Mixed`]: prompts of two Dirichlet laws side by side.
//! - [`Clusters`]: prompts that repeat each other, exactly or nearly.
//! - [`Embedded`]: World E, whose responses have rewards and embeddings.
//! - [`Errors`]: some responses are wrong, so that what a policy should learn is not the mean of what is drawn.
//!
//! A [`Population`] is known prompt by prompt, with features that policies see:
//!
//! - [`FeatureWorld`]: World B, logits linear in the features and an effect that no policy sees.
//! - [`TeacherWorld`]: the same with a hidden layer.
//! - [`DirichletPopulation`]: prompts of World A, of which no feature is seen.
//!
//! In a [`PlanWorld`], World S, responses have several tokens.
//!
//! A [`SlotWorld`] has queries whose responses are proposed and aggregated.

mod attributes;
mod base;
mod clusters;
mod copies;
mod dirichlet;
mod dirichlet_population;
mod embedded;
mod errors;
mod features;
mod mixed;
mod population;
mod sequences;
mod slots;
mod tally;
mod teacher;
mod urn;

pub use attributes::{AttributeError, AttributeSampler, Attributes, Centres, Embedding, Rewards, to_unit_length};
pub use base::{BaseError, BaseWeights};
pub use clusters::Clusters;
pub use copies::Copies;
pub use dirichlet::Dirichlet;
pub use dirichlet_population::DirichletPopulation;
pub use embedded::Embedded;
pub use errors::{Errors, WrongResponse};
pub use features::{Amplitude, FeatureWorld, Sharpness};
pub use mixed::Mixed;
pub use population::Population;
pub use sequences::{PlanSampler, PlanWorld};
pub use slots::{Queries, SlotStreams, SlotWorld, Teacher};
pub use tally::PositionTally;
pub use teacher::TeacherWorld;
pub use urn::{MOST_MODES, Responses, Urn};

use crate::numerics::elementary::ln;
use crate::numerics::stream::Streams;
use crate::theory::selected::{LawError, PoolLaw};
use crate::theory::variance_law::Components;
use std::ops::Range;

/// What is known exactly of a mechanism over modes: the moments of statistics of responses that are exchangeable given their prompt.
pub trait ModeTruth {
    /// E_x pi(x): the response distribution of a random prompt, and the best shared policy unless responses may be wrong. One entry
    /// per mode, all above 0 but for an error share of 0.
    fn mean(&self) -> &[f64];

    /// The response distribution that a shared policy should have: the mean, unless responses may be wrong. Modes of wrong responses have
    /// none of it.
    fn target(&self) -> &[f64] {
        self.mean()
    }

    /// KL(target || mean), in nats: what a policy that is fitted to responses kept at random loses however many there are.
    fn loss_floor(&self) -> f64 {
        let right = self.target().iter().zip(self.mean()).filter(|(t, _)| **t > 0.0);
        right.map(|(t, mean)| t * ln(t / mean)).sum()
    }

    /// V_x and V_{y|x} as they enter the loss of a fit above that floor, which is to second order half their law: the sum over modes of
    /// t_m/mean_m^2 times those of the mode's mass (the trace against the inverse Hessian, as in White 1982).
    fn loss_components(&self) -> Components {
        let weights = self.target().iter().zip(self.mean());
        let weights = weights.map(|(t, mean)| if *t > 0.0 { t / (mean * mean) } else { 0.0 });
        let (mut prompt, mut response) = (0.0, 0.0);
        for (weight, own) in weights.zip(self.mode_components()) {
            prompt += weight * own.prompt;
            response += weight * own.response;
        }
        Components { prompt, response }
    }

    /// V_x and V_{y|x} of the scalar statistic that takes `values[m]` on mode m.
    fn components(&self, values: &[f64]) -> Components;

    /// The correlation, given the prompt, of any statistic of two responses to one prompt: 0 where responses
    /// are independent given the prompt.
    fn response_correlation(&self) -> f64;

    /// The factor by which prompts that are not independent raise the part V_x/N_p of a variance over `prompts` of them.
    fn prompt_design_effect(&self, prompts: u64) -> f64 {
        let _ = prompts;
        1.0
    }

    /// What of that factor stays however many prompts are bought; a part that grows with their number is a floor, which no budget moves.
    fn lasting_design_effect(&self) -> f64 {
        1.0
    }

    /// Expected entropy of a prompt's response distribution, in nats: the smallest NLL of any policy that sees the prompt. None where it
    /// is not known.
    fn conditional_entropy(&self) -> Option<f64>;

    /// The probability that some mode has no response among `prompts` x `responses` kept at random: exact. None where it
    /// would take too long or is not known.
    fn missing_mode_share(&self, prompts: u64, responses: u64) -> Option<f64> {
        let _ = (prompts, responses);
        None
    }

    /// The expected number of modes with a response among `prompts` x `responses` kept at random: exact. None where it is not
    /// known.
    fn modes_seen(&self, prompts: u64, responses: u64) -> Option<f64> {
        let _ = (prompts, responses);
        None
    }

    /// Expected NLL of a converged shared fit above that of the best shared policy, in nats, to first order.
    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        let _ = (prompts, responses);
        None
    }

    /// alpha where prompts are Dirichlet and responses independent given the prompt (infinite where all prompts are alike): what exact
    /// means of fits rest on.
    fn concentration(&self) -> Option<f64> {
        None
    }

    /// The law of a pool of so many candidates by mode, which exact selected distributions rest on; none where it is no urn's.
    fn pool_law(&self, candidates: u32) -> Option<Result<PoolLaw, LawError>> {
        let concentration = self.concentration()?;
        Some(PoolLaw::new(self.mean().to_vec(), concentration, candidates))
    }

    /// V_x and V_{y|x} of each coordinate of the mode-mass vector (the one-hot response): what [`components`](Self::components)
    /// gives for each one-hot `values`. Worlds of many modes know a way that is linear in them.
    fn mode_components(&self) -> Vec<Components> {
        let modes = self.mean().len();
        let one_hot = |own: usize| -> Vec<f64> { (0..modes).map(|mode| f64::from(u8::from(mode == own))).collect() };
        (0..modes).map(|own| self.components(&one_hot(own))).collect()
    }

    /// The variance of the mean over `prompts` x `responses` kept at random of a statistic with the components `of`.
    fn variance(&self, of: &Components, prompts: u64, responses: u64) -> f64 {
        of.with_design_effect(self.prompt_design_effect(prompts))
            .law_with_correlated_responses(prompts, responses, self.response_correlation())
    }

    /// The traces of V_x and V_{y|x}, as a budget divides them between prompts and responses: what K* rests on.
    fn budget_components(&self) -> Components {
        self.trace_components().with_design_effect(self.lasting_design_effect())
    }

    /// The traces of V_x and V_{y|x} of the mode-mass vector.
    fn trace_components(&self) -> Components {
        let each = self.mode_components();
        Components {
            prompt: each.iter().map(|c| c.prompt).sum(),
            response: each.iter().map(|c| c.response).sum(),
        }
    }
}

/// The sum over modes of the variance of their mass over 2 pi: excess NLL to first order, of responses kept at random.
fn first_order(world: &impl ModeTruth, prompts: u64, responses: u64) -> f64 {
    let parts = world.mode_components();
    let of_mode = |(p, c): (&f64, &Components)| world.variance(c, prompts, responses) / (2.0 * p);
    world.mean().iter().zip(&parts).map(of_mode).sum()
}

/// A data-generating mechanism over modes, with its exact truth.
pub trait World: ModeTruth + Sync + Send + std::fmt::Debug {
    /// The canonical text of everything that changes the draws: the world's part of the draws key.
    fn canonical(&self) -> String;

    /// A sampler on the streams of one scenario. `depth` is the largest number of responses it will be asked for.
    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_>;

    /// Random words that the responses of one prompt take, `depth` of them: what [`sampler`](Self::sampler) draws.
    fn words(&self, depth: u64) -> u64 {
        depth
    }

    /// Bytes that a sampler keeps beside what it draws of one prompt.
    fn sampler_memory(&self) -> u64 {
        0
    }

    /// Rewards and embeddings of responses, which every selector but `random` looks at.
    fn attributes(&self) -> Option<&Attributes> {
        None
    }
}

/// Draws the responses of one prompt for eight consecutive replicates at once.
pub trait Sampler {
    /// Responses `0..depth` of prompt `prompt` in replicates `first..first + 8`; the rows of the result are responses.
    ///
    /// A shallower call gives a prefix of a deeper one.
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[crate::numerics::lanes::Lanes<u16>];

    /// Adds the same responses of prompts to a tally that has room for as many. False, and nothing drawn, where that is no faster than by
    /// [`draw`](Self::draw).
    fn tally(&mut self, first: u64, prompts: Range<u32>, depth: usize, tally: &mut PositionTally) -> bool {
        let _ = (first, prompts, depth, tally);
        false
    }
}
