//! Owns the study `selection`: how close estimators made of selected responses come to the truth.
//!
//! Each arm averages a statistic over N_p prompts and the K responses that its selector keeps of each. All arms see
//! the same prompts and pools; fewer prompts or responses are a prefix (law 3). The statistics are the mode-mass
//! vector, the gradient of a shared softmax policy, and its loss.

mod contrast;
mod estimands;
mod measures;
mod pool;
mod worker;

pub use estimands::exact;
pub use measures::{MEASURES, Measure};
pub use pool::PoolDraw;

use crate::engine::{Estimand, Known, Reading, Ready, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::policy::SharedSoftmax;
use crate::study::chosen::Choice;
use crate::study::declared::Declared;
use crate::study::draws::{Design, Pass};
use crate::study::laws::Laws;
use crate::study::told::{self, Told};
use crate::study::{Question, StudyKind};
use crate::theory::budget::Budget;
use crate::world::World;
use std::collections::HashMap;
use std::sync::Arc;

/// What the study is.
pub static KIND: StudyKind = StudyKind {
    name: "selection",
    about: "estimators made of selected responses, against exact truth",
    symbols: "X the statistic of one replicate, t its truth, R replicates, S covariance, N_p prompts, K responses kept, \
              N candidates, f the share of kept responses by mode, V_x and V_{y|x} its variance between prompts and within",
    measures: MEASURES,
};

/// How many candidates a prompt's pool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Unlimited: as many as are kept. Random-K-of-N has the same marginal law for every N.
    AsKept,
    /// N candidates, of which K are kept.
    Of(u32),
}

/// The policy at which gradient and loss are measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Theta {
    /// All logits zero: the uniform policy.
    Uniform,
    /// The best shared policy: the world's mean response distribution.
    Optimum,
    /// Stated logits, one per mode.
    Logits(Vec<f64>),
}

impl Theta {
    /// The policy in a given world.
    pub fn policy(&self, world: &dyn World) -> SharedSoftmax {
        match self {
            Theta::Uniform => SharedSoftmax::from_logits(&vec![0.0; world.mean().len()]),
            Theta::Optimum => SharedSoftmax::from_probabilities(world.mean()),
            Theta::Logits(logits) => SharedSoftmax::from_logits(logits),
        }
    }

    fn canonical(&self) -> String {
        match self {
            Theta::Uniform => "uniform".to_owned(),
            Theta::Optimum => "optimum".to_owned(),
            Theta::Logits(logits) => crate::numerics::text::floats(logits),
        }
    }
}

/// One arm: the settings of the method compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Which K of the pool are kept. Other selectors than `random` need a world whose responses have attributes.
    pub choice: Choice,
    /// N_p.
    pub prompts: u32,
    /// K.
    pub responses: u32,
    /// N.
    pub candidates: Pool,
    /// The budget that bought the prompts.
    pub budget: Option<Budget>,
    /// Where gradient and loss are taken.
    pub theta: Theta,
}

impl Method {
    /// How deep a prompt's pool must be drawn for this arm.
    pub fn depth(&self) -> u32 {
        match self.candidates {
            Pool::AsKept => self.responses,
            Pool::Of(n) => n,
        }
    }

    /// The same arm with `responses` kept of each prompt, of as many prompts as its budget then buys. None where it buys none,
    /// or the pool has fewer.
    pub(super) fn keeping(&self, responses: u32) -> Option<Self> {
        let prompts = match self.budget {
            Some(budget) => budget.prompts(responses)?,
            None => self.prompts,
        };
        let arm = Self {
            prompts,
            responses,
            ..self.clone()
        };
        (responses >= 1 && responses <= arm.depth()).then_some(arm)
    }

    fn design(&self) -> Design {
        Design {
            prompts: self.prompts,
            responses: self.responses,
            depth: self.depth(),
            choice: self.choice,
        }
    }

    fn canonical(&self) -> String {
        let pool = match self.candidates {
            Pool::AsKept => "as kept".to_owned(),
            Pool::Of(n) => n.to_string(),
        };
        format!(
            "{} prompts {} responses {} candidates {} theta {}",
            self.choice.canonical(),
            self.prompts,
            self.responses,
            pool,
            self.theta.canonical()
        )
    }
}

/// One scenario of the study: a world, a seed and the arms compared on its draws.
#[derive(Debug)]
pub struct Selection {
    world: Arc<dyn World>,
    arms: Vec<Method>,
    measures: Vec<Measure>,
    pass: Pass,
    laws: Laws,
    spec: Spec,
}

impl Selection {
    /// The scenario of `seed` and `world`. Every arm must keep at least one of at least one prompt, and no more than
    /// its pool has; a replicate of it counts fewer than 2^32 responses.
    ///
    /// Every exact value is worked out, however long it takes; see [`Selection::read`].
    pub fn new(seed: u64, world: Arc<dyn World>, arms: Vec<Method>, measures: Vec<Measure>) -> Self {
        let reading = &mut Reading::new(Known::on_demand());
        Self::read(seed, world, arms, measures, reading)
    }

    /// The same as part of a file: exact values that take long are pending unless they are known by now.
    pub fn read(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<Method>,
        measures: Vec<Measure>,
        reading: &mut Reading,
    ) -> Self {
        for arm in &arms {
            assert!(arm.prompts >= 1 && arm.responses >= 1 && arm.responses <= arm.depth());
            let drawn = u64::from(arm.prompts) * u64::from(arm.depth());
            assert!(drawn <= u64::from(u32::MAX), "{drawn} responses overflow a count");
            assert!(arm.choice.is_random() || world.attributes().is_some());
        }
        let designs: Vec<Design> = arms.iter().map(Method::design).collect();
        let pass = Pass::new(world.mean().len(), &designs);
        let asked = arms.iter().map(|arm| (arm.choice, arm.depth(), arm.responses));
        let laws = Laws::new(world.as_ref(), asked, reading);
        let spec = spec(seed, world.as_ref(), &arms, &measures, &pass, &laws);
        Self {
            world,
            arms,
            measures,
            pass,
            laws,
            spec,
        }
    }
}

impl Study for Selection {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Cochran's integer of the budget that all arms share.
    fn best_at(&self, along: &str) -> Option<f64> {
        let budget = Budget::shared(self.arms.iter().map(|arm| arm.budget)).filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.trace_components())?;
        Some(best as f64)
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

/// For each arm that does not keep at random the first that does, of as many prompts and responses and seen by the same policy.
fn partners(arms: &[Method]) -> Vec<Option<usize>> {
    if arms.iter().all(|arm| arm.choice.is_random()) {
        return vec![None; arms.len()];
    }
    // A file may have a hundred thousand arms: no search through all of them for each.
    let key = |arm: &Method| (arm.prompts, arm.responses, arm.theta.canonical());
    let mut at_random = HashMap::new();
    for (index, arm) in arms.iter().enumerate().filter(|(_, arm)| arm.choice.is_random()) {
        at_random.entry(key(arm)).or_insert(index);
    }
    let partner = |arm: &Method| at_random.get(&key(arm)).copied().filter(|_| !arm.choice.is_random());
    arms.iter().map(partner).collect()
}

fn spec(seed: u64, world: &dyn World, arms: &[Method], measures: &[Measure], pass: &Pass, laws: &Laws) -> Spec {
    let mut arm_of_slot = Vec::new();
    let mut placed: Vec<Vec<measures::Slots>> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let mut place = |&measure: &Measure| {
            let slots = measure.slots(world, arm, arm_of_slot.len());
            arm_of_slot.resize(slots.deviation.start + slots.count(), index);
            slots
        };
        placed.push(measures.iter().map(&mut place).collect());
    }
    let partners = partners(arms);
    let others = contrast::Others::of(arms, measures);
    let mut estimands: Vec<Estimand> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let partner = partners[index];
        for (place, &measure) in measures.iter().enumerate() {
            if measure == Measure::Returns {
                let slots = |arm: usize| &placed[arm][place];
                estimands.extend(others.estimands(world, laws, (index, arm), &slots));
                continue;
            }
            let asked = estimands::Asked {
                index,
                arm,
                measure,
                slots: placed[index][place].clone(),
                random: partner.map(|partner| (partner, placed[partner][place].clone())),
            };
            estimands.extend(asked.estimands(world, laws));
        }
    }
    let declared = Declared {
        seed,
        world,
        pass,
        study: KIND.name,
        // Slots of counts are read by the measure that has them alone; journals of the others stay good.
        versions: if measures.contains(&Measure::ModeMassByMode) {
            &["counts by mode"]
        } else {
            &[]
        },
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: Vec::new(),
        arms: arms.iter().map(Method::canonical).collect(),
        slots: arm_of_slot,
        estimands,
        exact: laws.jobs().to_vec(),
    };
    declared.spec()
}

impl Selection {
    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.spec.estimands
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[Method] {
        &self.arms
    }
}

impl Question for Selection {
    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn told(&self, replicate: u64, prompts: u32) -> Vec<Told> {
        let designs = self.arms.iter().map(Method::design);
        told::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, designs)
    }

    /// None where the key is neither, or the arm would keep more than its pool. A budget buys as many prompts as it then does.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        let arm = &self.arms[own.of.shown()?];
        let arm = match (key, arm.budget) {
            ("prompts", None) if value > 0 => Method {
                prompts: value,
                ..arm.clone()
            },
            ("responses", _) => arm.keeping(value)?,
            ("candidates", _) if value >= arm.responses => Method {
                candidates: Pool::Of(value),
                ..arm.clone()
            },
            _ => return None,
        };
        let (measure, quantity) = (Measure::of(own.kind)?, own.kind.quantity.name);
        let world = self.world.as_ref();
        if measure == Measure::Returns {
            return contrast::exact(world, &self.laws, &arm, quantity)?.value();
        }
        let part = own.at.parse().unwrap_or(0);
        let truth = estimands::Truth::of(world, &self.laws, &arm, measure);
        truth.exact(&arm, quantity, part).value()
    }
}
