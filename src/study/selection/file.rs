//! Owns the keys of the study's files.

use super::{MEASURES, Measure, Method, NAME, Selection, Theta};
use crate::format::keys::{Branch, Either, File, List, Number, Own, Range, Read, Table, Words, key, named};
use crate::study::Question;
use crate::study::kind::{Registry, Site, StudyKind, made, pool_setting};
use crate::study::pools::PoolKeys;
use crate::world::World;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "estimators made of selected responses, against exact truth",
    symbols: "X the statistic of one replicate, t its truth, R replicates, S covariance, N_p prompts, K responses kept, \
              N candidates, f the share of kept responses by mode, V_x and V_{y|x} its variance between prompts and within",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    Uniform,
    Optimum,
}

named!(Word {
    Word::Uniform => "uniform": "all logits 0",
    Word::Optimum => "optimum": "the world's mean distribution",
});

/// Past this, differences of logits or their squares leave the range of a double.
const LOGITS: Range = Range::between(-1e6, 1e6);

const THETA: Either<Theta> = Either {
    expected: "\"uniform\", \"optimum\" or a list of logits",
    forms: &[
        &Branch {
            form: Words(&[Word::Uniform, Word::Optimum]),
            into: |word| match word {
                Word::Uniform => Theta::Uniform,
                Word::Optimum => Theta::Optimum,
            },
            back: |theta| match theta {
                Theta::Uniform => Some(Word::Uniform),
                Theta::Optimum => Some(Word::Optimum),
                Theta::Logits(_) => None,
            },
        },
        &Branch {
            form: List::of(Number(LOGITS)),
            into: Theta::Logits,
            back: |theta| match theta {
                Theta::Logits(logits) => Some(logits.clone()),
                _ => None,
            },
        },
    ],
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let mut first_theta = None;
    let (own, setting) = pool_setting(file, site, Measure::ALL, |keys, registry, world| {
        let (method, constant) = arm(keys, registry, world)?;
        first_theta = first_theta.take().or(constant);
        Ok(method)
    })?;
    if let Some(theta) = first_theta.filter(|_| setting.measures.contains(&Measure::Loss)) {
        return refuse_constant_loss(&own, theta);
    }
    made(&own, Selection::read(setting, site.exact_budget))
}

/// Where a policy stands for which the loss is the same of every mode: its origin, if the file states it.
type Constant = Option<crate::format::Origin>;

fn arm(keys: &mut Table<'_>, registry: &Registry, world: Option<&dyn World>) -> Read<(Method, Option<Constant>)> {
    let pool = PoolKeys::ask(keys, &registry.selectors, true);
    let theta = keys.table(
        "policy",
        "The policy at which gradient and loss are measured.",
        |table| {
            let about =
                "Logits of the shared softmax at which gradient and loss are measured; a list has one number per mode.";
            let theta = table.get(key("theta", about, THETA).or(Theta::Uniform));
            let own = table.end()?;
            Ok(theta.take(&own))
        },
    );
    let own = keys.end()?;
    let pool = pool.settle(&own, world)?;
    let theta = theta.take(&own);
    if let Some(what) = world.and_then(|world| theta.check(world).err()) {
        return own.refuse(own.fault("policy.theta", what));
    }
    let constant = world.is_some_and(|world| loss_is_constant(&theta, world));
    let constant = constant.then(|| own.has("policy.theta").then(|| own.place("policy.theta")));
    pool.derive(keys);
    Ok((Method { pool, theta }, constant))
}

/// A loss that is the same for every mode has no variance, and its ratio to the law is 0/0.
fn loss_is_constant(theta: &Theta, world: &dyn World) -> bool {
    let policy = theta.policy(world);
    let losses = policy.log_probabilities();
    // Where prompts are all alike only their responses differ.
    let spread = world.components(losses).law(1, 1);
    !(spread.is_normal() && losses.iter().any(|loss| *loss != losses[0]))
}

fn refuse_constant_loss<T>(own: &Own<'_, '_>, theta: Constant) -> Read<T> {
    let what = "`loss` is the same for every mode under this policy, so it has no variance to study";
    let advice = "set policy.theta to \"optimum\" or to unequal logits";
    own.refuse(match theta {
        Some(origin) => own.fault("measures", what).and(&origin, advice),
        None => own.fault("measures", format!("{what}: {advice}")),
    })
}
