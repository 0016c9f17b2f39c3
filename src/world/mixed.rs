//! Owns the mixed world: two kinds of prompts side by side, such as closed and open questions.
//!
//! A prompt is with probability w of the other kind. Its pi(x) is Dirichlet(alpha * base), of the other kind Dirichlet(alpha' * base), and
//! responses are independent given pi(x). Both kinds have one mean, so that nothing of V_x lies between them: for a statistic with
//! variance V under the mean response distribution
//!
//! ```text
//! V_x = V [ (1-w)/(alpha+1) + w/(alpha'+1) ]        V_{y|x} = V - V_x
//! ```
//!
//! Prompts differ in how much their responses vary, and the law of their shares is skew: what rests on a single Dirichlet law fails.

use super::{Dirichlet, ModeTruth, Responses, Sampler, Urn, World, first_order};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::float;
use crate::theory::missing;
use crate::theory::variance_law::Components;

/// A world whose prompts are of one of two Dirichlet laws with the same base.
#[derive(Debug, Clone)]
pub struct Mixed {
    common: Dirichlet,
    other: Dirichlet,
    other_share: f64,
}

impl Mixed {
    /// The world in which a prompt is as in `common`, or with probability `other_share` in [0, 1] has the same base and
    /// `other_concentration`, which must be positive.
    pub fn new(common: Dirichlet, other_concentration: f64, other_share: f64) -> Self {
        Self {
            other: common.with_concentration(other_concentration),
            common,
            other_share,
        }
    }

    /// The mean over the kinds of prompts of what is known of each.
    fn of_both(&self, of: impl Fn(&Dirichlet) -> f64) -> f64 {
        (1.0 - self.other_share) * of(&self.common) + self.other_share * of(&self.other)
    }

    /// Each kind's share and concentration.
    fn kinds(&self) -> [(f64, f64); 2] {
        let kind = |share: f64, of: &Dirichlet| (share, of.concentration().min(1e100));
        [
            kind(1.0 - self.other_share, &self.common),
            kind(self.other_share, &self.other),
        ]
    }

    fn both(&self, of: impl Fn(&Dirichlet) -> Components) -> Components {
        Components {
            prompt: self.of_both(|kind| of(kind).prompt),
            response: self.of_both(|kind| of(kind).response),
        }
    }
}

impl ModeTruth for Mixed {
    fn mean(&self) -> &[f64] {
        self.common.mean()
    }

    fn components(&self, values: &[f64]) -> Components {
        self.both(|kind| kind.components(values))
    }

    fn mode_components(&self) -> Vec<Components> {
        let [common, other] = [&self.common, &self.other].map(ModeTruth::mode_components);
        let w = self.other_share;
        let mixed = |(one, other): (&Components, &Components)| Components {
            prompt: (1.0 - w) * one.prompt + w * other.prompt,
            response: (1.0 - w) * one.response + w * other.response,
        };
        common.iter().zip(&other).map(mixed).collect()
    }

    fn response_correlation(&self) -> f64 {
        0.0
    }

    fn conditional_entropy(&self) -> Option<f64> {
        let [common, other] = [&self.common, &self.other].map(ModeTruth::conditional_entropy);
        Some((1.0 - self.other_share) * common? + self.other_share * other?)
    }

    fn missing_mode_share(&self, prompts: u64, responses: u64) -> Option<f64> {
        missing::missing_share_of_kinds(self.mean(), &self.kinds(), prompts, responses)
    }

    fn modes_seen(&self, prompts: u64, responses: u64) -> Option<f64> {
        Some(missing::modes_seen_of_kinds(
            self.mean(),
            &self.kinds(),
            prompts,
            responses,
        ))
    }

    /// Means and variances are all that it takes.
    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        Some(first_order(self, prompts, responses))
    }
}

impl World for Mixed {
    fn canonical(&self) -> String {
        format!(
            "mixed {} with concentration {} of {}",
            float(self.other_share),
            float(self.other.concentration()),
            self.common.canonical()
        )
    }

    /// One for the kind of the prompt.
    fn words(&self, depth: u64) -> u64 {
        depth + 1
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        let [common, other] = [self.common.urn(), self.other.urn()];
        Box::new(MixedSampler {
            world: self,
            responses: streams.purpose("responses"),
            kinds: streams.purpose("kinds of prompts"),
            uniforms: vec![[0.0; LANES]; depth],
            drawn: common.responses(depth),
            of_other: other.responses(depth),
            common,
            other,
        })
    }
}

struct MixedSampler<'a> {
    world: &'a Mixed,
    responses: Purpose,
    kinds: Purpose,
    uniforms: Vec<Lanes<f64>>,
    common: Urn,
    other: Urn,
    drawn: Responses,
    of_other: Responses,
}

impl Sampler for MixedSampler<'_> {
    /// Both urns draw from the same uniforms, and each lane takes the responses of its kind.
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[Lanes<u16>] {
        let uniforms = &mut self.uniforms[..depth];
        self.responses.fill_uniforms(first, prompt, uniforms);
        let mut kind = [[0.0; LANES]];
        self.kinds.fill_uniforms(first, prompt, &mut kind);
        self.common.draw(uniforms, &mut self.drawn);
        self.other.draw(uniforms, &mut self.of_other);
        let own = &mut self.drawn.rows_mut()[..depth];
        for (row, other) in own.iter_mut().zip(self.of_other.rows()) {
            for l in 0..LANES {
                if kind[0][l] < self.world.other_share {
                    row[l] = other[l];
                }
            }
        }
        &self.drawn.rows()[..depth]
    }
}
