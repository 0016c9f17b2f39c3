//! Owns the keys of worlds of prompts with features.

use crate::engine::list;
use crate::format::keys::{
    Branch, Either, Flag, Got, Integer, Number, Own, Range, Read, Single, Table, Variant, Words, key, named,
};
use crate::study::pools::{AttributeKeys, ModeKeys, concentration};
use crate::world::{Amplitude, AttributeError, DirichletPopulation, FeatureWorld, Population, Sharpness, TeacherWorld};
use std::sync::Arc;

/// Where prompts come from, and how they are drawn.
#[derive(Debug, Clone)]
pub struct Prompts {
    /// All there are.
    pub population: Arc<Population>,
    /// Whether a prompt may be drawn more than once.
    pub replacement: bool,
}

impl Prompts {
    /// The part of the draws key.
    pub(super) fn canonical(&self) -> String {
        let how = if self.replacement { "" } else { " without replacement" };
        format!("{}{how}", self.population.canonical())
    }

    /// What they take, in bytes.
    pub(super) fn memory(&self) -> u64 {
        list::<f64>(self.population.features().len()) + list::<f64>(self.population.conditionals().len())
    }

    /// P, where prompts are drawn without replacement.
    pub(super) fn finite(&self) -> Option<u32> {
        (!self.replacement).then(|| self.population.prompts() as u32)
    }
}

/// The most prompts of a population: every fit is measured at each.
const MOST_PROMPTS: i64 = 1 << 17;

/// The most modes and features.
const MOST: i64 = 64;

/// The kinds of this study.
pub(super) const WORLDS: &[&Variant<Prompts>] = &[&FEATURES, &TEACHER, &DIRICHLET];

/// Which population of its kind.
fn seed(world: &mut Table<'_>) -> Got<i64> {
    let seed = key(
        "seed",
        "Which world of its kind: its prompts, and how features make responses.",
        Integer(0, i64::MAX),
    );
    world.get(seed.symbol("world", "seed of the world").or(1))
}

/// How many prompts there are.
fn population(world: &mut Table<'_>) -> Got<i64> {
    let prompts = key(
        "population",
        "P: prompts of the population, of which everything is known.",
        Integer(2, MOST_PROMPTS),
    );
    world.get(prompts.symbol("$P$", "prompts of the population $P$").or(2048))
}

/// How they are drawn.
fn replacement(world: &mut Table<'_>) -> Got<bool> {
    let replacement = key(
        "replacement",
        "Whether a prompt may be drawn more than once. Without replacement the variance between prompts shrinks by (P - N_p)/(P - 1).",
        Flag,
    );
    world.get(replacement.or(true))
}

/// What kinds with features state.
struct Common {
    seed: Got<i64>,
    prompts: Got<i64>,
    features: Got<i64>,
    modes: Got<i64>,
    effect: Got<f64>,
    replacement: Got<bool>,
}

impl Common {
    fn ask(world: &mut Table<'_>) -> Self {
        let features = key("features", "d: standard normal features of a prompt.", Integer(1, MOST));
        let modes = key("modes", "M: modes of responses.", Integer(2, MOST)).symbol("$M$", "modes $M$");
        let effect = key(
            "prompt-effect",
            "sigma_u: standard deviation of what each prompt adds to each mode's logit and no feature shows.",
            Number(Range::between(0.0, 100.0)),
        );
        Self {
            seed: seed(world),
            prompts: population(world),
            features: world.get(features.symbol("$d$", "features $d$").or(4)),
            modes: world.get(modes.or(8)),
            effect: world.get(effect.symbol("$\\sigma_u$", "prompt effect $\\sigma_u$").or(1.0)),
            replacement: replacement(world),
        }
    }
}

const FEATURES: Variant<Prompts> = Variant {
    name: "features",
    about: "logits linear in features of the prompt, and an effect of the prompt that no feature shows",
    read: |world| {
        let common = Common::ask(world);
        let own = FeatureKeys::ask(world);
        let attributes = AttributeKeys::ask(world);
        let read = world.end()?;
        let made = own.settle(&read, &common)?;
        let population = made.population(None);
        let attributes = attributes.settle(&read, population.mean(), None);
        let population = match population.with_attributes(attributes) {
            Ok(population) => population,
            Err(error) => {
                let key = match error {
                    AttributeError::Rewards { .. } => "reward",
                    AttributeError::Dimension { .. } => "dimension",
                };
                return read.refuse(read.fault(key, error.to_string()));
            }
        };
        Ok(Prompts {
            population: Arc::new(population),
            replacement: common.replacement.take(&read),
        })
    },
};

/// What the kind `features` states beside.
struct FeatureKeys {
    main: Got<Option<i64>>,
    tail: Got<f64>,
    skew: Got<f64>,
    slope: Got<f64>,
    intercept: Got<Option<f64>>,
    amplitude: Got<Amplitude>,
    height: Got<f64>,
    stretch: Got<f64>,
    sharpness: [Got<f64>; 3],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Constant;

named!(Constant {
    Constant => "constant": "the same for all prompts",
});

const AMPLITUDE: Either<Amplitude> = Either {
    expected: "\"constant\", { near = w } or { far = w }",
    forms: &[
        &Branch {
            form: Words(&[Constant]),
            into: |_| Amplitude::Constant,
            back: |own| matches!(own, Amplitude::Constant).then_some(Constant),
        },
        &Branch {
            form: Single {
                name: "near",
                about: "Prompts with |z_1| below this alone have an effect.",
                of: Number(Range::above(0.0).up_to(100.0)),
            },
            into: |within| Amplitude::Near { within, height: 1.0 },
            back: |own| match own {
                Amplitude::Near { within, .. } => Some(*within),
                _ => None,
            },
        },
        &Branch {
            form: Single {
                name: "far",
                about: "Prompts with |z_1| above this alone have an effect.",
                of: Number(Range::above(0.0).up_to(100.0)),
            },
            into: |beyond| Amplitude::Far { beyond, height: 1.0 },
            back: |own| match own {
                Amplitude::Far { beyond, .. } => Some(*beyond),
                _ => None,
            },
        },
    ],
};

impl FeatureKeys {
    fn ask(world: &mut Table<'_>) -> Self {
        let size = || Number(Range::between(0.0, 100.0));
        let main = key(
            "main-modes",
            "Modes without `tail-logit`: the first so many.",
            Integer(1, MOST),
        );
        let tail = key(
            "tail-logit",
            "What is added to the logits of the other modes.",
            Number(Range::between(-100.0, 100.0)),
        );
        let skew = key(
            "skew",
            "What each mode's logit lies below that of the one before.",
            Number(Range::between(-100.0, 100.0)),
        );
        let slope = key(
            "slope",
            "s_A: slopes of logits are normal with variance s_A^2/(d + 1).",
            size(),
        );
        let intercept = key(
            "intercept",
            "Intercepts of logits are normal with variance intercept^2/(d + 1).",
            size(),
        );
        let amplitude = key("amplitude", "Which prompts have an effect of their own.", AMPLITUDE);
        let height = key("height", "What the effect of those prompts is multiplied by.", size());
        let stretch = key(
            "stretch",
            "What the policy sees of the first feature is this many times what makes responses: another unit.",
            Number(Range::above(0.0).up_to(1e4)),
        );
        Self {
            main: world.find(main, "all"),
            tail: world.get(tail.or(0.0)),
            skew: world.get(skew.or(0.0)),
            slope: world.get(slope.or(1.0)),
            intercept: world.find(intercept, "as `slope`"),
            amplitude: world.get(amplitude.or(Amplitude::Constant)),
            height: world.get(height.or(1.0)),
            stretch: world.get(stretch.or(1.0)),
            sharpness: sharpness(world),
        }
    }

    fn settle(self, own: &Own<'_, '_>, common: &Common) -> Read<FeatureWorld> {
        let modes = common.modes.take(own);
        let main = self.main.take(own).unwrap_or(modes);
        if main > modes {
            let fault = own.fault("main-modes", format!("{main} main modes of {modes}"));
            return own.refuse(fault.and(&own.place("modes"), format!("modes = {modes}")));
        }
        let (slope, height) = (self.slope.take(own), self.height.take(own));
        Ok(FeatureWorld {
            seed: common.seed.take(own) as u64,
            prompts: common.prompts.take(own) as usize,
            features: common.features.take(own) as usize,
            modes: modes as usize,
            main_modes: main as usize,
            tail_logit: self.tail.take(own),
            skew: self.skew.take(own),
            slope,
            intercept: self.intercept.take(own).unwrap_or(slope),
            effect: common.effect.take(own),
            amplitude: match self.amplitude.take(own) {
                Amplitude::Constant => Amplitude::Constant,
                Amplitude::Near { within, .. } => Amplitude::Near { within, height },
                Amplitude::Far { beyond, .. } => Amplitude::Far { beyond, height },
            },
            stretch: self.stretch.take(own),
            sharpness: {
                let [share, sharp, rest] = self.sharpness.map(|own_key| own_key.take(own));
                Sharpness { share, sharp, rest }
            },
        })
    }
}

/// Which prompts have other logits, and which.
fn sharpness(world: &mut Table<'_>) -> [Got<f64>; 3] {
    let share = key(
        "sharp-share",
        "The probability that a prompt's logits are multiplied by `sharp-factor`; no feature shows of which it is true.",
        Number(Range::between(0.0, 1.0)),
    );
    let factor = |name, about| key(name, about, Number(Range::between(0.0, 100.0))).or(1.0);
    let sharp = factor(
        "sharp-factor",
        "What the logits of those prompts are multiplied by: above 1 they have fewer answers.",
    );
    let rest = factor("rest-factor", "What the logits of all other prompts are multiplied by.");
    [
        world.get(share.symbol("share of sharp prompts", "share of sharp prompts").or(0.0)),
        world.get(sharp.symbol("sharpness", "factor of sharp prompts' logits")),
        world.get(rest),
    ]
}

const TEACHER: Variant<Prompts> = Variant {
    name: "teacher",
    about: "logits by a network with one hidden layer of tanh units, and an effect of the prompt that no feature shows",
    read: |world| {
        let common = Common::ask(world);
        let hidden = key("hidden", "Hidden units of the teacher.", Integer(1, 256)).or(16);
        let hidden = world.get(hidden);
        let gain = key(
            "gain",
            "What the teacher's units are driven by: tanh(gain (W z + b)).",
            Number(Range::between(0.0, 100.0)),
        );
        let gain = world.get(gain.or(1.5));
        let scale = key(
            "scale",
            "Weights out of the units are normal with variance scale^2/hidden.",
            Number(Range::between(0.0, 100.0)),
        );
        let scale = world.get(scale.or(2.0));
        let own = world.end()?;
        let made = TeacherWorld {
            seed: common.seed.take(&own) as u64,
            prompts: common.prompts.take(&own) as usize,
            features: common.features.take(&own) as usize,
            modes: common.modes.take(&own) as usize,
            hidden: hidden.take(&own) as usize,
            gain: gain.take(&own),
            scale: scale.take(&own),
            effect: common.effect.take(&own),
        };
        Ok(Prompts {
            population: Arc::new(made.population()),
            replacement: common.replacement.take(&own),
        })
    },
};

const DIRICHLET: Variant<Prompts> = Variant {
    name: "dirichlet",
    about: "pi(x) ~ Dirichlet(concentration * base), drawn once for each prompt, and no feature",
    read: |world| {
        let (seed, population) = (seed(world), population(world));
        let modes = ModeKeys::ask(world);
        let concentration = world.get(concentration(Range::above(0.0)));
        let replacement = replacement(world);
        let own = world.end()?;
        let base = modes.settle(&own)?;
        let count = base.probabilities().len() as i64;
        if count > MOST {
            let key = if own.has("modes") { "modes" } else { "base" };
            return own.refuse(own.fault(key, format!("{count} modes; prompts of a population have 2 to {MOST}")));
        }
        let made = DirichletPopulation {
            seed: seed.take(&own) as u64,
            prompts: population.take(&own) as usize,
            base,
            concentration: concentration.take(&own),
        };
        Ok(Prompts {
            population: Arc::new(made.population()),
            replacement: replacement.take(&own),
        })
    },
};
