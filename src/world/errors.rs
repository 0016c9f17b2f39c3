//! Owns worlds some of whose responses are wrong: what is right, and how often, and how errors gather in prompts.
//!
//! A prompt x has pi(x) ~ Dirichlet(alpha * base) over M modes and an error share eps(x), independent of pi(x), with mean eps and variance
//! r eps (1 - eps): a Beta distribution of concentration 1/r - 1. Each response is wrong with probability eps(x), else it is drawn from
//! pi(x). With r = 0 errors fall alike on all prompts, with r = 1 all responses to a prompt are wrong or none is. A wrong response is one of B
//! further modes, each as likely, or a mode of the M that is drawn uniformly: it then looks like a right one.
//!
//! What a policy should learn, the target, is the base. It differs from the mean response distribution, to which fits of responses kept at
//! random tend: KL(target || mean) is a loss that no number of responses removes, -ln(1 - eps) where wrong responses are modes
//! of their own. The mass of these modes is no part of the loss, and is not shared out among the others either: that would hide the floor.

use super::{Dirichlet, ModeTruth, Responses, Sampler, Urn, World};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::float;
use crate::theory::selected::{LawError, PoolLaw, Wrong};
use crate::theory::variance_law::Components;

/// What a wrong response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongResponse {
    /// One of so many modes that no right response has, at least one, each as likely.
    OfModes(usize),
    /// A mode drawn uniformly from those of right responses.
    OnSupport,
}

/// The world of [`Dirichlet`] with wrong responses among its own.
#[derive(Debug, Clone)]
pub struct Errors {
    prompts: Dirichlet,
    share: f64,
    clustering: f64,
    wrong: WrongResponse,
    /// Decides response by response which is wrong: of two modes, the second of weight eps.
    mean: Vec<f64>,
    target: Vec<f64>,
}

impl Errors {
    /// Responses of `prompts` of which the share eps = `share`, in [0, 1), is wrong, with the intraclass correlation r = `clustering` in
    /// [0, 1]. Modes of wrong responses stand after those of right ones.
    pub fn new(prompts: Dirichlet, share: f64, clustering: f64, wrong: WrongResponse) -> Self {
        let base = prompts.mean();
        let modes = base.len();
        let (mean, target) = match wrong {
            WrongResponse::OfModes(more) => (
                base.iter()
                    .map(|p| (1.0 - share) * p)
                    .chain(std::iter::repeat_n(share / more as f64, more))
                    .collect(),
                [base, &vec![0.0; more]].concat(),
            ),
            WrongResponse::OnSupport => {
                let replaced = |p: &f64| (1.0 - share) * p + share / modes as f64;
                (base.iter().map(replaced).collect(), base.to_vec())
            }
        };
        Self {
            mean,
            target,
            prompts,
            share,
            clustering,
            wrong,
        }
    }

    /// The value of each mode of right responses, and the mean and variance of the value of a wrong one.
    fn parts<'a>(&self, values: &'a [f64]) -> (&'a [f64], f64, f64) {
        let (right, wrong) = match self.wrong {
            WrongResponse::OfModes(_) => values.split_at(self.prompts.mean().len()),
            WrongResponse::OnSupport => (values, values),
        };
        let mean = wrong.iter().sum::<f64>() / wrong.len() as f64;
        let square = |v: &f64| (v - mean) * (v - mean);
        let variance = wrong.iter().map(square).sum::<f64>() / wrong.len() as f64;
        (right, mean, variance)
    }

    /// How many modes a wrong response has the choice of.
    fn choices(&self) -> usize {
        match self.wrong {
            WrongResponse::OfModes(more) => more,
            WrongResponse::OnSupport => self.mean.len(),
        }
    }
}

impl ModeTruth for Errors {
    fn mean(&self) -> &[f64] {
        &self.mean
    }

    fn target(&self) -> &[f64] {
        &self.target
    }

    /// With g = 1 - eps(x), A the mean value of right responses to x and w that of wrong ones,
    /// V_x = Var(w + g (A - w)) = E g^2 Var A + Var g (E A - w)^2, and within a prompt
    /// g Var(right) + (1 - g) Var(wrong) + g (1 - g) (A - w)^2: no term is negative.
    fn components(&self, values: &[f64]) -> Components {
        let (right, wrong, wrong_variance) = self.parts(values);
        let of_right = self.prompts.components(right);
        let base = self.prompts.mean();
        let gap = base.iter().zip(right).map(|(p, v)| p * v).sum::<f64>() - wrong;
        let (g, eps) = (1.0 - self.share, self.share);
        let spread = self.clustering * eps * g;
        Components {
            prompt: (g * g + spread) * of_right.prompt + spread * gap * gap,
            response: g * of_right.response
                + eps * wrong_variance
                + g * eps * (1.0 - self.clustering) * (of_right.prompt + gap * gap),
        }
    }

    fn response_correlation(&self) -> f64 {
        0.0
    }

    fn conditional_entropy(&self) -> Option<f64> {
        None
    }

    /// Those of the loss: its ratio of V_{y|x} to V_x is not that of other statistics, and K* is asked for fits.
    fn budget_components(&self) -> Components {
        self.loss_components()
    }

    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        Some(self.loss_floor() + 0.5 * self.loss_components().law(prompts, responses))
    }

    /// None where wrong responses look like right ones: their modes have no law of an urn.
    fn pool_law(&self, candidates: u32) -> Option<Result<PoolLaw, LawError>> {
        let WrongResponse::OfModes(modes) = self.wrong else {
            return None;
        };
        let wrong = Wrong {
            share: self.share,
            modes,
            clustering: self.clustering,
        };
        let right = self.prompts.pool_law(candidates)?;
        Some(right.and_then(|right| right.with_wrong(wrong)))
    }
}

impl World for Errors {
    fn canonical(&self) -> String {
        let wrong = match self.wrong {
            WrongResponse::OfModes(more) => format!("of {more} modes"),
            WrongResponse::OnSupport => "on the support".to_owned(),
        };
        format!(
            "errors {} clustering {} {wrong} in {}",
            float(self.share),
            float(self.clustering),
            self.prompts.canonical()
        )
    }

    /// One decides whether a response is wrong, and one which wrong one it is where there are several.
    fn words(&self, depth: u64) -> u64 {
        depth * if self.choices() > 1 { 3 } else { 2 }
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        let right = self.prompts.urn();
        let gate = Urn::new(&[1.0 - self.share, self.share], 1.0 / self.clustering - 1.0);
        Box::new(ErrorSampler {
            world: self,
            responses: streams.purpose("responses"),
            gates: streams.purpose("errors"),
            choices: streams.purpose("wrong modes"),
            uniforms: vec![[0.0; LANES]; depth],
            drawn: right.responses(depth),
            wrong: gate.responses(depth),
            right,
            gate,
        })
    }
}

struct ErrorSampler<'a> {
    world: &'a Errors,
    responses: Purpose,
    gates: Purpose,
    choices: Purpose,
    uniforms: Vec<Lanes<f64>>,
    right: Urn,
    gate: Urn,
    drawn: Responses,
    wrong: Responses,
}

impl Sampler for ErrorSampler<'_> {
    /// Right responses are those of the Dirichlet world, so that another share of errors moves none of them (law 3).
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[Lanes<u16>] {
        let uniforms = &mut self.uniforms[..depth];
        self.responses.fill_uniforms(first, prompt, uniforms);
        self.right.draw(uniforms, &mut self.drawn);
        self.gates.fill_uniforms(first, prompt, uniforms);
        self.gate.draw(uniforms, &mut self.wrong);
        let (choices, start) = match self.world.wrong {
            WrongResponse::OfModes(more) => (more, self.world.mean.len() - more),
            WrongResponse::OnSupport => (self.world.mean.len(), 0),
        };
        if choices > 1 {
            self.choices.fill_uniforms(first, prompt, uniforms);
        }
        let own = &mut self.drawn.rows_mut()[..depth];
        for ((row, wrong), uniform) in own.iter_mut().zip(self.wrong.rows()).zip(uniforms) {
            for l in 0..LANES {
                if wrong[l] == 1 {
                    let choice = (uniform[l] * choices as f64) as usize;
                    row[l] = (start + choice.min(choices - 1)) as u16;
                }
            }
        }
        // With one choice the uniforms are those of the gate, which all lead to it.
        &self.drawn.rows()[..depth]
    }
}
