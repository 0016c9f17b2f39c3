//! Owns one arm: which model answers, how it was trained, and how it answers.

use crate::numerics::text::{float, floats};
use crate::policy::aggregator::{Descent, Pass, Weights};
use crate::policy::{MOST_MODES, Schedule};
use crate::theory::aggregation::Votes;
use crate::world::SlotWorld;

/// One model and one way to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AftArm {
    /// Who answers.
    pub model: Model,
    /// How.
    pub answer: Answer,
}

/// What a model is trained on. All kinds come from the same queries, drafts and targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Base,
    /// The teacher's own responses.
    Sft,
    /// The base model's drafts, and the teacher's aggregation of them.
    AftOn,
    /// Other models' drafts, and the teacher's aggregation of them.
    AftOff,
    /// Drafts of a model that misleads, and the teacher's aggregation of them.
    AftMisled,
    /// As `AftOn` without the drafts.
    NoProposalsOn,
    /// As `AftOff` without the drafts.
    NoProposalsOff,
    /// The base model's drafts, and the teacher's own responses.
    PseudoOn,
    /// Other models' drafts, and the teacher's own responses.
    PseudoOff,
    /// As `AftOn`, with drafts of another query.
    Shuffled,
    /// Nothing: it copies a draft at random.
    Copy,
}

impl Kind {
    /// Whether it has anything to learn from.
    pub fn is_trained(self) -> bool {
        !matches!(self, Self::Base | Self::Copy)
    }

    /// Whether its examples show drafts.
    pub fn shows_drafts(self) -> bool {
        !matches!(
            self,
            Self::Base | Self::Sft | Self::Copy | Self::NoProposalsOn | Self::NoProposalsOff
        )
    }

    /// Whether its targets are aggregated from drafts.
    pub fn is_aggregated(self) -> bool {
        !matches!(
            self,
            Self::Base | Self::Copy | Self::Sft | Self::PseudoOn | Self::PseudoOff
        )
    }
}

/// The model that training starts from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseModel {
    /// a_0: its weight of the feature that tells right from wrong.
    pub informative: f64,
    /// b_0: that of the next feature, which tells nothing.
    pub nuisance: f64,
    /// lambda: what it minds its own opinion less by once it has drafts.
    pub copy: f64,
    /// beta_0: its weight of votes.
    pub votes: f64,
    /// gamma_0: its weight of what checking finds.
    pub evidence: f64,
}

/// A model: what it is trained on and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// On what.
    pub kind: Kind,
    /// From where.
    pub base: BaseModel,
    /// How.
    pub descent: Descent,
    /// Q: queries to learn from.
    pub queries: u32,
    /// Drafts of the base model, or of one that misleads, per query. Other models give one each.
    pub drafts: u32,
}

impl Model {
    /// eps, added to the votes of each mode.
    pub const PSEUDO_VOTES: f64 = 0.5;

    /// The same of a model that copies drafts: next to nothing.
    pub const PSEUDO_VOTES_OF_COPY: f64 = 1e-12;

    /// eps.
    pub fn pseudo_votes(&self) -> f64 {
        match self.kind {
            Kind::Copy => Self::PSEUDO_VOTES_OF_COPY,
            _ => Self::PSEUDO_VOTES,
        }
    }

    /// Where its training begins.
    pub fn start(&self, features: usize) -> Weights {
        let mut own = vec![0.0; features];
        let base = &self.base;
        // A model that copies minds nothing but votes once it has drafts: w + alpha_P w_0 = 0.
        own[0] = base.informative;
        own[1] = base.nuisance;
        match self.kind {
            Kind::Copy => Weights::new(&own, [-1.0, 1.0, 0.0, 0.0]),
            _ => Weights::new(&own, [-base.copy, base.votes, base.evidence, 0.0]),
        }
    }

    /// What all its passes have in common.
    pub(super) fn pass(&self, world: &SlotWorld) -> Pass {
        Pass {
            lapse: world.lapse,
            pseudo_votes: self.pseudo_votes(),
        }
    }

    /// An error where a world has no such model, and the key that makes it so.
    pub(super) fn check(&self, world: &SlotWorld) -> Result<(), (&'static str, String)> {
        if world.modes > MOST_MODES {
            return Err(("world.modes", format!("more than {MOST_MODES} modes")));
        }
        match self.kind {
            Kind::AftOff | Kind::NoProposalsOff | Kind::PseudoOff => others_of(world).map_err(|what| ("model", what)),
            _ => Ok(()),
        }
    }

    /// The same as far as training depends on it: none of its settings where it learns nothing.
    pub(super) fn distinct(&self) -> Self {
        match self.kind.is_trained() {
            true => *self,
            false => Self {
                descent: Descent {
                    steps: 0,
                    ..self.descent
                },
                ..*self
            },
        }
    }

    /// Whether another learns from the same examples.
    pub(super) fn learns_as(&self, other: &Self) -> bool {
        let of = |own: &Self| (own.kind, own.base, own.queries, own.drafts);
        of(self) == of(other)
    }

    pub(super) fn canonical(&self) -> String {
        let Self { base, descent, .. } = self;
        let begins = floats(&[base.informative, base.nuisance, base.copy, base.votes, base.evidence]);
        let schedule = match descent.schedule {
            Schedule::Constant => "constant",
            Schedule::Cosine => "cosine",
        };
        let minibatch = descent.minibatch.map_or("all".to_owned(), |size| size.to_string());
        format!(
            "model {:?} base {begins} rate {} steps {} {schedule} minibatch {minibatch} queries {} drafts {}",
            self.kind,
            float(descent.rate),
            descent.steps,
            self.queries,
            self.drafts
        )
    }
}

/// Where the drafts of the first layer come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The model itself.
    Own,
    /// Every mode as likely.
    Uniform,
    /// The model itself, of another query.
    AnotherQuery,
    /// The model itself, but right modes.
    AllWrong,
    /// The model itself, but wrong modes.
    AllRight,
    /// Other models, one draft each, in turn.
    Others,
    /// A model that misleads.
    Misleading,
    /// The model itself: so many right drafts in each slot, the rest wrong.
    Right(u32),
}

/// Which layers' drafts copy each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// The first layer's.
    First,
    /// Every layer's.
    All,
}

/// Who says which of several candidates is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// A reward model: the true reward and noise of its own for each candidate.
    Reward,
    /// What the model itself finds when it checks each slot, on average.
    Evidence,
    /// The evidence that a perfect aggregator would use: d phi + kappa s on average.
    Bayes,
}

/// How the expected reward of an answer is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluation {
    /// Drafts are drawn, and the answer's probabilities scored.
    Drawn,
    /// The chain of votes, layer by layer, without drawing anything.
    Chain,
}

/// The procedure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    /// L layers of N drafts each, the first without drafts to see, and an answer to the last layer. L = 0 answers at once.
    Aggregate {
        /// N.
        width: u32,
        /// L.
        depth: u32,
        /// Drafts of a layer that each pass sees, drawn at random for each; none for all.
        subset: Option<u32>,
    },
    /// The best of n answers without drafts.
    BestOf {
        /// n.
        candidates: u32,
        /// Who says so.
        judge: Judge,
        /// The standard deviation of a reward model's noise.
        noise: f64,
    },
}

/// How a query is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// By which procedure.
    pub how: How,
    /// tau, of all passes.
    pub temperature: f64,
    /// Where the first layer's drafts come from.
    pub source: Source,
    /// rho_c: the probability that a draft's slot copies a draw that all drafts of its layer share.
    pub copying: f64,
    /// In which layers.
    pub copied: Copied,
    /// kappa of what checking finds at answering, where it is not the world's.
    pub verification: Option<f64>,
    /// How it is worked out.
    pub evaluation: Evaluation,
}

impl Answer {
    /// L; 0 of best-of-n.
    pub fn depth(&self) -> u32 {
        match self.how {
            How::Aggregate { depth, .. } => depth,
            How::BestOf { .. } => 0,
        }
    }

    /// N, 0 where it answers at once; of best-of-n the candidates.
    pub fn width(&self) -> u32 {
        match self.how {
            How::Aggregate { depth: 0, .. } => 0,
            How::Aggregate { width, .. } => width,
            How::BestOf { candidates, .. } => candidates,
        }
    }

    /// Whether it answers once, without drafts.
    pub fn is_direct(&self) -> bool {
        matches!(self.how, How::Aggregate { depth: 0, .. })
    }

    /// Whether drafts are aggregated.
    pub fn aggregates(&self) -> bool {
        self.depth() > 0
    }

    fn canonical(&self) -> String {
        let how = match self.how {
            How::Aggregate { width, depth, subset } => {
                let subset = subset.map_or(String::new(), |kept| format!(" subset {kept}"));
                format!("width {width} depth {depth}{subset}")
            }
            How::BestOf {
                candidates,
                judge,
                noise,
            } => format!("best of {candidates} by {judge:?} noise {}", float(noise)),
        };
        let verification = self.verification.map_or("world".to_owned(), float);
        format!(
            "{how} temperature {} drafts {:?} copying {} {:?} verification {verification} {:?}",
            float(self.temperature),
            self.source,
            float(self.copying),
            self.copied,
            self.evaluation
        )
    }
}

/// An error where a world has no other models.
fn others_of(world: &SlotWorld) -> Result<(), String> {
    match world.others.is_empty() {
        true => Err("needs other models: world.others is empty".to_owned()),
        false => Ok(()),
    }
}

/// The most states of votes that the chain goes through.
const MOST_STATES: u64 = 1000;

impl AftArm {
    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, world: &SlotWorld) -> Result<(), (&'static str, String)> {
        self.model.check(world)?;
        let Answer { how, source, .. } = self.answer;
        if source == Source::Others {
            others_of(world).map_err(|what| ("drafts", what))?;
        }
        let How::Aggregate { width, subset, .. } = how else {
            return self.check_candidates();
        };
        if let Source::Right(right) = source
            && right > width
        {
            return Err(("right-drafts", format!("{right} of {width} drafts cannot be right")));
        }
        if let Some(kept) = subset
            && kept > width
        {
            let what = format!("{kept} of {width} drafts: name at most `width`");
            return Err(("subset", what));
        }
        self.check_chain(world, width, subset)
    }

    fn check_candidates(&self) -> Result<(), (&'static str, String)> {
        if self.answer.source != Source::Own {
            return Err(("drafts", "candidates are the model's own".to_owned()));
        }
        if self.answer.evaluation == Evaluation::Chain {
            return Err(("evaluation", "only aggregation is a chain of votes".to_owned()));
        }
        Ok(())
    }

    fn check_chain(&self, world: &SlotWorld, width: u32, subset: Option<u32>) -> Result<(), (&'static str, String)> {
        if self.answer.evaluation == Evaluation::Drawn {
            return Ok(());
        }
        let states = Votes::states_of(width, world.modes as u32);
        if states > MOST_STATES {
            let what = format!(
                "{width} drafts of {} modes have {states} counts of votes, more than {MOST_STATES}",
                world.modes
            );
            return Err(("evaluation", format!("{what}: take \"drawn\"")));
        }
        let plain = self.answer.copying == 0.0 && matches!(self.answer.source, Source::Own | Source::Uniform);
        if !plain || subset.is_some_and(|kept| kept == 0) {
            let what = "the chain starts from drafts that are drawn alike, each by itself: take \"drawn\"";
            return Err(("evaluation", what.to_owned()));
        }
        Ok(())
    }

    /// Part of the work key.
    pub(super) fn canonical(&self) -> String {
        format!("{} {}", self.model.canonical(), self.answer.canonical())
    }
}
