//! Owns the keys of the study's files.

use super::{Alignment, MEASURES, Measure, NAME, PathArm};
use crate::format::keys::{File, Integer, List, Number, Range, Read, Table, Words, key, named};
use crate::study::Question;
use crate::study::kind::{Registry, Site, StudyKind, made, pool_setting};
use crate::study::pools::PoolKeys;
use crate::theory::gradient_path::Along;
use crate::world::World;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "whether the gradient of selected responses points where the true one does, along a path of gradient descent",
    symbols: "p the policy after `at` steps from zero logits, q = E f the distribution of kept responses by mode, pi the \
              world's mean distribution, u = p - q the gradient of kept responses, g = p - pi the true one, \
              R replicates, S covariance",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

named!(Along {
    Along::Own => "own": "that of the kept responses, as training on them does",
    Along::Truth => "true": "that of all responses",
});

/// The last step that can be recorded. Each estimate walks its path once per group of replicates.
const MOST_STEPS: i64 = 10_000;

/// The most recorded steps: each is a row of every quantity and arm.
const MOST_RECORDED: usize = 256;

/// Where gradients are compared, if a file says nothing.
const STEPS: [i64; 9] = [0, 1, 2, 5, 10, 20, 50, 100, 200];

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let mut steps = Vec::new();
    let (own, setting) = pool_setting(file, site, Measure::ALL, |keys, registry, world| {
        let (arm, recorded) = arm(keys, registry, world)?;
        // The same for all arms, since no arm may set it.
        steps = recorded;
        Ok(arm)
    })?;
    made(&own, Alignment::read(setting, steps, site.exact_budget))
}

fn arm(keys: &mut Table<'_>, registry: &Registry, world: Option<&dyn World>) -> Read<(PathArm, Vec<u32>)> {
    let pool = PoolKeys::ask(keys, &registry.selectors, true);
    let about = "Gradient descent of the shared softmax from zero logits, along which gradients are compared.";
    let path = keys.table("path", about, path);
    let own = keys.end()?;
    let pool = pool.settle(&own, world)?;
    let (along, rate, steps) = path.take(&own);
    pool.derive(keys);
    Ok((PathArm { pool, along, rate }, steps))
}

fn path(table: &mut Table<'_>) -> Read<(Along, f64, Vec<u32>)> {
    let along = key(
        "along",
        "Which gradient descent follows.",
        Words(&[Along::Own, Along::Truth]),
    );
    let along = table.get(along.or(Along::Own).symbol("path", "gradient of the path"));
    let rate = key(
        "rate",
        "Step length. At 2 and below the loss that is followed falls with every step.",
        Number(Range::between(1e-6, 1e3)),
    );
    let rate = table.get(rate.or(1.0).symbol("$\\eta$", "rate $\\eta$"));
    let steps = List {
        fewest: 1,
        most: MOST_RECORDED,
        empty: "nothing would be recorded",
        ..List::of(Integer(0, MOST_STEPS))
    };
    let about = "Where gradients are compared: after so many steps, from low to high, 0 being before the first. Rows hold them as `at`.";
    let steps = table.get(key("steps", about, steps).or(STEPS.to_vec()).fixed());
    let own = table.end()?;
    let steps = steps.take(&own);
    if let Some(index) = (1..steps.len()).find(|&index| steps[index] <= steps[index - 1]) {
        let what = format!(
            "{} stands after {}: list steps from low to high, each once",
            steps[index],
            steps[index - 1]
        );
        let fault = own.fault("steps", what);
        let origin = own.item("steps", index);
        return own.refuse(crate::format::Fault { origin, ..fault });
    }
    Ok((
        along.take(&own),
        rate.take(&own),
        steps.into_iter().map(|step| step as u32).collect(),
    ))
}
