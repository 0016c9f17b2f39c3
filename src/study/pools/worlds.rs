//! Owns the keys of worlds with prompts and responses. A kind of world is an entry here and a mechanism in the room `world`.

use super::clustering::ClusteringKeys;
use super::errors::{ErrorKeys, WrongKeys};
use crate::format::keys::{
    Branch, Either, Got, Integer, Key, List, Number, Own, Range, Read, Single, Table, Variant, Words, key, named,
};
use crate::world::{
    AttributeError, Attributes, BaseError, BaseWeights, Centres, Clusters, Copies, Dirichlet, Embedded, Embedding,
    Mixed, Rewards, World,
};
use std::sync::Arc;

/// The kinds of this crate.
pub const WORLDS: &[&Variant<Arc<dyn World>>] = &[&DIRICHLET, &COPIES, &MIXED, &CLUSTERS, &EMBEDDED];

/// Past this, squares of rewards and embeddings leave the range in which sums of them keep their digits.
pub const LARGEST: f64 = 1e6;

/// The most modes of an embedded world: similarities between all of them are held in memory.
const MOST_EMBEDDED: usize = 1024;

/// The most coordinates of an embedding.
const MOST_COORDINATES: i64 = 1 << 16;

const DIRICHLET: Variant<Arc<dyn World>> = Variant {
    name: "dirichlet",
    about: "pi(x) ~ Dirichlet(concentration * base), responses independent given the prompt",
    read: |world| {
        let modes = ModeKeys::ask(world);
        let concentration = world.get(concentration(Range::above(0.0)));
        let wrong = ErrorKeys::ask(world, false);
        let own = world.end()?;
        let prompts = Dirichlet::new(modes.settle(&own)?, concentration.take(&own));
        Ok(match wrong.settle(&own)? {
            None => Arc::new(prompts),
            Some(wrong) => Arc::new(wrong.of(prompts)),
        })
    },
};

const COPIES: Variant<Arc<dyn World>> = Variant {
    name: "copies",
    about: "as dirichlet, but each response is the prompt's one common draw with `copy-probability`",
    read: |world| {
        let modes = ModeKeys::ask(world);
        let concentration = world.get(concentration(Range::above(0.0)));
        let copy = key(
            "copy-probability",
            "The probability c that a response is the prompt's common draw. Two responses then have correlation c^2 given the prompt.",
            Number(Range::between(0.0, 1.0)),
        );
        let copy = world.get(copy.symbol("$c$", "copy probability $c$"));
        let own = world.end()?;
        let prompts = Dirichlet::new(modes.settle(&own)?, concentration.take(&own));
        Ok(Arc::new(Copies::new(prompts, copy.take(&own))))
    },
};

const MIXED: Variant<Arc<dyn World>> = Variant {
    name: "mixed",
    about: "as dirichlet, but some prompts have `other-concentration`: prompts of two kinds side by side",
    read: |world| {
        let modes = ModeKeys::ask(world);
        let concentration = world.get(concentration(Range::above(0.0)));
        let other = key(
            "other-concentration",
            "alpha' of the other prompts, with the same base.",
            Number(Range::above(0.0)),
        );
        let other = world.get(other.symbol("$\\alpha'$", "concentration $\\alpha'$ of other prompts"));
        let share = key(
            "other-share",
            "w: the probability that a prompt is one of the others. V_x is then V [(1-w)/(alpha+1) + w/(alpha'+1)].",
            Number(Range::between(0.0, 1.0)),
        );
        let share = world.get(share.symbol("$w$", "share $w$ of other prompts"));
        let own = world.end()?;
        let common = Dirichlet::new(modes.settle(&own)?, concentration.take(&own));
        Ok(Arc::new(Mixed::new(common, other.take(&own), share.take(&own))))
    },
};

const CLUSTERS: Variant<Arc<dyn World>> = Variant {
    name: "clusters",
    about: "prompts that repeat each other: a cluster's distribution is Dirichlet(between * base), a prompt's Dirichlet(within * its cluster's)",
    read: |world| {
        let modes = ModeKeys::ask(world);
        let between = key(
            "between",
            "alpha_b: how alike clusters are. With exact duplicates it is V_{y|x}/V_x of every statistic.",
            Number(Range::above(0.0)),
        );
        let between = world.get(between.symbol("$\\alpha_b$", "concentration between clusters $\\alpha_b$"));
        let within = key(
            "within",
            "alpha_w: how alike the prompts of a cluster are. At inf they are exact duplicates.",
            Number(Range::above(0.0).up_to(f64::INFINITY)),
        );
        let within = within.symbol("$\\alpha_w$", "concentration within clusters $\\alpha_w$");
        let within = world.get(within.or(f64::INFINITY));
        let clustering = ClusteringKeys::ask(world);
        let own = world.end()?;
        let base = modes.settle(&own)?;
        let clustering = clustering.settle(&own, base.probabilities().len())?;
        let (between, within) = (between.take(&own), within.take(&own));
        Ok(Arc::new(Clusters::new(base, between, within, clustering)))
    },
};

const EMBEDDED: Variant<Arc<dyn World>> = Variant {
    name: "embedded",
    about: "as dirichlet, and responses have rewards and embeddings for selectors to look at",
    read: |world| {
        let modes = ModeKeys::ask(world);
        // At inf all prompts are alike.
        let concentration = world.get(concentration(Range::above(0.0).up_to(f64::INFINITY)));
        let attributes = AttributeKeys::ask(world);
        let wrong = ErrorKeys::ask(world, true);
        let own = world.end()?;
        let base = modes.settle(&own)?;
        let wrong = wrong.settle(&own)?;
        let count = base.probabilities().len() + wrong.map_or(0, |wrong| wrong.more_modes());
        if count > MOST_EMBEDDED {
            let key = if own.has("modes") { "modes" } else { "base" };
            let what = format!("{count} modes; an embedded world has 2 to {MOST_EMBEDDED}");
            return own.refuse(own.fault(key, what));
        }
        let attributes = attributes.settle(&own, base.probabilities(), wrong);
        let prompts = Dirichlet::new(base, concentration.take(&own));
        let prompts: Arc<dyn World> = match wrong {
            None => Arc::new(prompts),
            Some(wrong) => Arc::new(wrong.of(prompts)),
        };
        match Embedded::of(prompts, attributes) {
            Ok(world) => Ok(Arc::new(world)),
            Err(error) => own.refuse(match error {
                AttributeError::Rewards { .. } => own.fault("reward", error.to_string()),
                AttributeError::Dimension { dimension, fewest } => {
                    let what = format!(
                        "{dimension} is out of range: an integer from {fewest} to {MOST_COORDINATES} is expected"
                    );
                    own.fault("dimension", what)
                }
            }),
        }
    },
};

/// How alike prompts are.
pub(in crate::study) fn concentration(range: Range) -> Key<Number> {
    const ABOUT: &str = "alpha: how alike prompts are. V_{y|x}/V_x of every statistic, and 1/ICC - 1. Where inf is allowed, it makes \
                         all prompts alike.";
    key("concentration", ABOUT, Number(range)).symbol("$\\alpha$", "concentration $\\alpha = V_{y|x}/V_x$")
}

/// Weights of modes, as a file states them.
enum Base {
    Uniform,
    Geometric(f64),
    Listed(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Uniform;

named!(Uniform {
    Uniform => "uniform": "the same for all",
});

const BASE: Either<Base> = Either {
    expected: "\"uniform\", { geometric = r } or a list of weights",
    forms: &[
        &Branch {
            form: Words(&[Uniform]),
            into: |_| Base::Uniform,
            back: |base| matches!(base, Base::Uniform).then_some(Uniform),
        },
        &Branch {
            form: Single {
                name: "geometric",
                about: "The ratio r of weights proportional to r^m.",
                of: Number(Range::above(0.0).up_to(1.0)),
            },
            into: Base::Geometric,
            back: |base| match base {
                Base::Geometric(ratio) => Some(*ratio),
                _ => None,
            },
        },
        &Branch {
            form: List {
                fewest: 2,
                most: u16::MAX as usize,
                ..List::of(Number(Range::above(0.0)))
            },
            into: Base::Listed,
            back: |base| match base {
                Base::Listed(weights) => Some(weights.clone()),
                _ => None,
            },
        },
    ],
};

/// How many modes there are, and their mean weights.
pub(in crate::study) struct ModeKeys {
    /// What the key is called that counts them, and what they are.
    name: &'static str,
    modes: Got<Option<i64>>,
    base: Got<Base>,
}

impl ModeKeys {
    /// Those of the modes of responses.
    pub fn ask(world: &mut Table<'_>) -> Self {
        let modes = key("modes", "Number of modes M.", Integer(2, i64::from(u16::MAX)));
        let modes = modes.symbol("$M$", "modes $M$");
        Self::called("modes", "Mean response distribution over modes.", modes, world)
    }

    /// The same of modes that are called otherwise, by the key that counts them.
    pub fn called(name: &'static str, about: &'static str, modes: Key<Integer>, world: &mut Table<'_>) -> Self {
        let base = key("base", about, BASE);
        Self {
            name,
            modes: world.find(modes, "required, except with a listed base"),
            base: world.get(base.or(Base::Uniform)),
        }
    }

    /// Their weights.
    pub fn settle(self, own: &Own<'_, '_>) -> Read<BaseWeights> {
        let (name, modes) = (self.name, self.modes.take(own));
        let stated = |fault: crate::format::Fault| match modes {
            Some(modes) => fault.and(&own.place(name), format!("{name} = {modes}")),
            None => fault,
        };
        let made = match (self.base.take(own), modes) {
            (Base::Listed(weights), Some(modes)) if weights.len() as i64 != modes => {
                let what = format!("{} weights for {modes} {name}", weights.len());
                return own.refuse(stated(own.fault("base", what)));
            }
            (Base::Listed(weights), _) => BaseWeights::listed(&weights),
            (_, None) => {
                let what = format!("the key `{name}` is missing: only a listed base says how many there are");
                return own.refuse(own.fault_here(what));
            }
            (Base::Uniform, Some(modes)) => BaseWeights::uniform(modes as usize),
            (Base::Geometric(ratio), Some(modes)) => BaseWeights::geometric(modes as usize, ratio),
        };
        made.or_else(|error| {
            let fault = own.fault("base", error.to_string());
            own.refuse(match &error {
                BaseError::NotPositive { index, .. } => crate::format::Fault {
                    origin: own.item("base", *index),
                    ..fault
                },
                _ => stated(fault),
            })
        })
    }
}

/// Rewards of modes, as a file states them.
enum Reward {
    Aligned,
    Opposed,
    Permuted(i64),
    Listed(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Aligned,
    Opposed,
}

named!(Order {
    Order::Aligned => "aligned": "from 1 for the most probable mode down to 0, in equal steps",
    Order::Opposed => "opposed": "the other way",
});

const REWARD: Either<Reward> = Either {
    expected: "\"aligned\", \"opposed\", { permuted = seed } or a list of rewards",
    forms: &[
        &Branch {
            form: Words(&[Order::Aligned, Order::Opposed]),
            into: |word| match word {
                Order::Aligned => Reward::Aligned,
                Order::Opposed => Reward::Opposed,
            },
            back: |reward| match reward {
                Reward::Aligned => Some(Order::Aligned),
                Reward::Opposed => Some(Order::Opposed),
                _ => None,
            },
        },
        &Branch {
            form: Single {
                name: "permuted",
                about: "A seed: these steps in a random order.",
                of: Integer(0, i64::MAX),
            },
            into: Reward::Permuted,
            back: |reward| match reward {
                Reward::Permuted(seed) => Some(*seed),
                _ => None,
            },
        },
        &Branch {
            form: List::of(Number(Range::between(-LARGEST, LARGEST))),
            into: Reward::Listed,
            back: |reward| match reward {
                Reward::Listed(rewards) => Some(rewards.clone()),
                _ => None,
            },
        },
    ],
};

/// What selectors look at.
pub(in crate::study) struct AttributeKeys {
    reward: Got<Reward>,
    reward_noise: Got<f64>,
    correlation: Got<f64>,
    embedding_noise: Got<f64>,
    dimension: Got<Option<i64>>,
}

impl AttributeKeys {
    pub fn ask(world: &mut Table<'_>) -> Self {
        let deviation = Number(Range::between(0.0, LARGEST));
        let reward = key("reward", "The reward of each mode.", REWARD).symbol("rewards", "rewards");
        let reward_noise = key(
            "reward-noise",
            "Standard deviation of a response's reward given its mode.",
            deviation,
        );
        let reward_noise = reward_noise.symbol("reward noise", "s.d. of a reward's noise");
        let correlation = key(
            "centre-correlation",
            "Inner product of the embeddings of any two modes' centres, which are unit vectors; 0 makes them exactly orthogonal.",
            Number(Range::between(0.0, 1.0).below(1.0)),
        );
        let embedding_noise = key(
            "embedding-noise",
            "Standard deviation of each coordinate of a response's embedding given its mode.",
            deviation,
        );
        let embedding_noise = embedding_noise.symbol("embedding noise", "s.d. of a coordinate's noise");
        let dimension = key(
            "dimension",
            "Coordinates of an embedding: at least M, with correlated centres at least M + 1.",
            Integer(2, MOST_COORDINATES),
        );
        Self {
            reward: world.get(reward.or(Reward::Aligned)),
            reward_noise: world.get(reward_noise.or(0.0)),
            correlation: world.get(correlation.or(0.0)),
            embedding_noise: world.get(embedding_noise.or(0.0)),
            dimension: world.find(dimension, "the fewest"),
        }
    }

    /// Those of modes of these mean probabilities, and of wrong responses beside them.
    pub fn settle(self, own: &Own<'_, '_>, base: &[f64], wrong: Option<WrongKeys>) -> Attributes {
        let values = match self.reward.take(own) {
            Reward::Aligned => Rewards::aligned(base),
            Reward::Opposed => Rewards::opposed(base),
            Reward::Permuted(seed) => Rewards::permuted(base, seed as u64),
            Reward::Listed(values) => values,
        };
        let values = wrong.map_or(values.clone(), |wrong| wrong.rewards(&values));
        let modes = base.len() + wrong.map_or(0, |wrong| wrong.more_modes());
        let correlation = self.correlation.take(own);
        let centres = if correlation == 0.0 {
            Centres::OneHot
        } else {
            Centres::Correlated(correlation)
        };
        let stated = self.dimension.take(own).map(|stated| stated as usize);
        Attributes {
            rewards: Rewards {
                values,
                noise: self.reward_noise.take(own),
            },
            embedding: Embedding {
                centres,
                dimension: stated.unwrap_or_else(|| Embedding::fewest(centres, modes)),
                noise: self.embedding_noise.take(own),
            },
        }
    }
}
