//! Owns the validation of one scenario: its world, its arms, its measures, and the rules between them.

use super::fault::{Fault, Origin};
use super::grid::Point;
use super::keys::ARM_KEYS;
use super::load::path_of;
use super::tree::{Entry, Node, Value};
use super::wire::{WireBudgetedArm, WireMeasure, WireMeasures, WirePolicy, WireTheta, WireThetaName};
use super::{Cell, Scenario, align, budget, choice, de, greedy, stopping, worlds};
use crate::engine::{Known, Reading};
use crate::study::Setting;
use crate::study::alignment::Alignment;
use crate::study::greedy::Greedy;
use crate::study::selection::{Measure, Method, Pool, Selection, Theta};
use crate::study::stopping::Stopping;
use crate::study::training::Training;
use crate::world::World;
use std::collections::BTreeMap;

/// The deepest pool: beyond it a prompt's responses no longer fit into a core's cache, let alone a budget.
pub(super) const DEEPEST_POOL: i64 = 1 << 20;

/// Tables beside `[arms]` that hold method keys.
pub(super) const ARM_TABLES: [&str; 5] = ["policy", "objective", "training", "budget", "path"];

/// Builds the scenario of a tree that all settings of its sweep point were laid over.
pub(super) fn build(
    tree: &Node,
    measures: &WireMeasures,
    arms: &[Point],
    cells: &dyn Fn(&Point) -> Vec<Cell>,
    shared: Vec<Cell>,
    load: &mut Load,
) -> Result<Scenario, Fault> {
    let seed = match tree.get("seed") {
        Some(node) => integer(tree, "seed", de::from_node(node, "seed")?, 0, i64::MAX)? as u64,
        None => return Err(Fault::new(&tree.origin, "", "the key `seed` is missing")),
    };
    // Cells come last: the text of a long value in each of many arms is written only once all arms are right.
    let mut bought = Vec::new();
    let study = match measures {
        WireMeasures::Selection(measures) => {
            let measures = unique_measures(tree, measures)?;
            let world = worlds::read(tree)?;
            load.add(tree, world.mean().len(), arms.len())?;
            let method = |point: &Point| method(tree, point, world.as_ref(), &measures).map_err(plain);
            let methods = arms.iter().map(method).collect::<Result<Vec<_>, _>>()?;
            bought = methods.iter().map(|own| own.budget.map(|_| own.prompts)).collect();
            Setting::Selection(Selection::read(seed, world, methods, measures, &mut load.reading))
        }
        WireMeasures::Training(measures) => {
            let measures = super::fit::measures(tree, measures)?;
            let world = worlds::read(tree)?;
            load.add(tree, world.mean().len(), arms.len())?;
            super::fit::refuse_no_reward(tree, &measures, world.as_ref())?;
            let fit = |point: &Point| super::fit::arm(tree, point, world.as_ref()).map_err(plain);
            let fits = arms.iter().map(fit).collect::<Result<Vec<_>, _>>()?;
            bought = fits.iter().map(|fit| fit.budget.map(|_| fit.prompts)).collect();
            Setting::Training(Training::read(seed, world, fits, measures, &mut load.reading))
        }
        WireMeasures::Alignment(measures) => {
            let measures = align::measures(tree, measures)?;
            let steps = align::steps(tree)?;
            let world = worlds::read(tree)?;
            load.add(tree, world.mean().len(), arms.len())?;
            let path = |point: &Point| align::arm(tree, point, world.as_ref()).map_err(plain);
            let paths = arms.iter().map(path).collect::<Result<Vec<_>, _>>()?;
            Setting::Alignment(Alignment::read(seed, world, paths, measures, steps, &mut load.reading))
        }
        WireMeasures::Greedy(measures) => {
            let measures = greedy::measures(tree, measures)?;
            let family = greedy::family(tree)?;
            load.add_plain(tree, greedy::SUMS, arms.len())?;
            let arm = |point: &Point| greedy::arm(tree, point, &family).map_err(plain);
            let arms = arms.iter().map(arm).collect::<Result<Vec<_>, _>>()?;
            Setting::Greedy(Greedy::new(seed, family, arms, measures))
        }
        WireMeasures::Stopping(measures) => {
            let measures = stopping::measures(tree, measures)?;
            let law = stopping::law(tree)?;
            load.add_plain(tree, stopping::SUMS, arms.len())?;
            let arm = |point: &Point| stopping::arm(tree, point, &law).map_err(plain);
            let arms = arms.iter().map(arm).collect::<Result<Vec<_>, _>>()?;
            Setting::Stopping(Stopping::new(seed, law, arms, measures))
        }
    };
    let mut cells: Vec<Vec<Cell>> = arms.iter().map(cells).collect();
    for (cells, prompts) in cells.iter_mut().zip(bought) {
        cells.extend(prompts.map(|n| Cell::number(f64::from(n))));
    }
    Ok(Scenario {
        cells,
        shared,
        contrasts: BTreeMap::new(),
        study,
    })
}

/// What all scenarios so far take, in memory and before anything is drawn, and what is known for all of them.
#[derive(Debug)]
pub(super) struct Load {
    /// Arms times modes: each is a sum that every group of a run keeps.
    sums: u64,
    reading: Reading,
}

impl Load {
    /// No scenario yet. `between` says whether figures draw exact values over K.
    pub fn new(known: Known, between: bool) -> Self {
        let mut reading = Reading::new(known);
        reading.between = between;
        Self { sums: 0, reading }
    }

    /// The sums of a run take some 3 kB each while blocks are folded.
    const MOST_SUMS: u64 = 1 << 20;

    fn add(&mut self, tree: &Node, modes: usize, arms: usize) -> Result<(), Fault> {
        if self.hold(modes, arms) {
            return Ok(());
        }
        let what = format!(
            "{modes} modes in {arms} arms, with the scenarios before, are more than {} sums to keep: \
             take fewer modes, arms or scenarios",
            Self::MOST_SUMS
        );
        let (path, origin) = match tree.get("world.modes") {
            Some(node) => ("world.modes", node.origin.clone()),
            None => ("world.base", tree.origin_of("world.base")),
        };
        Err(Fault::new(&origin, path, what))
    }

    /// Arms of a study without modes, with `sums` each.
    fn add_plain(&mut self, tree: &Node, sums: usize, arms: usize) -> Result<(), Fault> {
        if self.hold(sums, arms) {
            return Ok(());
        }
        let what = format!(
            "{arms} arms of {sums} sums each, with the scenarios before, are more than {} sums to keep: \
             take fewer arms or scenarios",
            Self::MOST_SUMS
        );
        Err(Fault::new(&tree.origin_of("arms"), "arms", what))
    }

    /// Whether there is still room after these.
    fn hold(&mut self, sums: usize, arms: usize) -> bool {
        let more = (sums as u64).saturating_mul(arms as u64);
        self.sums = self.sums.saturating_add(more);
        self.sums <= Self::MOST_SUMS
    }
}

/// The integer at `path` if it lies in range, or a fault that says which range.
pub(super) fn integer(tree: &Node, path: &str, value: i64, low: i64, high: i64) -> Result<i64, Fault> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    let what = format!("{value} is out of range: an integer from {low} to {high} is expected");
    Err(Fault::new(&tree.origin_of(path), path, what))
}

fn unique_measures(tree: &Node, wire: &[WireMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireMeasure| match wire {
        WireMeasure::ModeMass => Measure::ModeMass,
        WireMeasure::ModeMassByMode => Measure::ModeMassByMode,
        WireMeasure::Gradient => Measure::Gradient,
        WireMeasure::Loss => Measure::Loss,
        WireMeasure::Returns => Measure::Returns,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

/// An empty list would measure nothing, and a repeated measure would give rows that nothing tells apart.
pub(super) fn refuse_no_or_double_measures<M: Copy + PartialEq>(
    tree: &Node,
    measures: &[M],
    name: fn(M) -> &'static str,
) -> Result<(), Fault> {
    let origin = tree.origin_of("measures");
    if measures.is_empty() {
        let what = "the list is empty: nothing would be measured";
        return Err(Fault::new(&origin, "measures", what));
    }
    let items = match tree.get("measures").map(|node| &node.value) {
        Some(Value::Array(items)) => items.as_slice(),
        _ => &[],
    };
    for (index, &measure) in measures.iter().enumerate() {
        if measures[..index].contains(&measure) {
            let origin = items.get(index).map_or(&origin, |item| &item.origin);
            let what = format!("{:?} stands here twice", name(measure));
            return Err(Fault::new(origin, "measures", what));
        }
    }
    Ok(())
}

/// Where an item of a list stands, or the list itself.
pub(super) fn item(tree: &Node, path: &str, index: usize) -> Origin {
    match tree.get(path).map(|node| &node.value) {
        Some(Value::Array(items)) if index < items.len() => items[index].origin.clone(),
        _ => tree.origin_of(path),
    }
}

/// The tree in which this arm's settings stand where they belong, for its values and their origins.
pub(super) fn arm_tree(tree: &Node, point: &Point) -> Result<Node, Fault> {
    let shared = tree.get("arms").map_or(&[][..], Node::entries);
    let fixed: Vec<Entry> = shared
        .iter()
        .filter(|entry| ARM_KEYS.contains(&entry.key.as_str()))
        .cloned()
        .collect();
    let tables = ARM_TABLES.iter().filter_map(|table| tree.entry(table).cloned());
    let arms = Entry {
        key: "arms".to_owned(),
        origin: tree.origin_of("arms"),
        node: Node {
            value: Value::Table(fixed),
            origin: tree.origin_of("arms"),
        },
    };
    let mut own = Node {
        value: Value::Table(std::iter::once(arms).chain(tables).collect()),
        origin: tree.origin.clone(),
    };
    for setting in point {
        own.lay(
            &path_of(&setting.key),
            &setting.key_origin,
            setting.node.as_ref().clone(),
        )?;
    }
    Ok(own)
}

/// Method keys are named as in grids, wherever they stand.
fn plain(mut fault: Fault) -> Fault {
    if let Some(key) = fault.key.strip_prefix("arms.") {
        fault.key = key.into();
    }
    fault
}

fn method(tree: &Node, point: &Point, world: &dyn World, measures: &[Measure]) -> Result<Method, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let node = own.get("arms").unwrap_or(&own);
    let wire: WireBudgetedArm = de::from_node(node, "arms")?;
    let responses = integer(&own, "arms.responses", wire.responses, 1, DEEPEST_POOL)?;
    let bought_by = budget::read(&own)?;
    let prompts = budget::prompts(&own, wire.prompts, bought_by, responses)?;
    let candidates = match wire.candidates {
        None => Pool::AsKept,
        Some(n) => Pool::Of(pool(&own, n, responses)?),
    };
    let method = Method {
        choice: choice::read(&own, world, wire.selector, wire.candidates)?,
        prompts: prompts as u32,
        responses: responses as u32,
        candidates,
        budget: bought_by,
        theta: theta(&own, world)?,
    };
    let drawn = u64::from(method.prompts) * u64::from(method.depth());
    if drawn > u64::from(u32::MAX) {
        let what = format!(
            "{prompts} prompts of {} candidates are {drawn} responses; a replicate has fewer than 2^32",
            method.depth()
        );
        let fault = Fault::new(&own.origin_of("arms.prompts"), "prompts", what);
        return Err(fault.and(&own.origin_of("arms.responses"), format!("responses = {responses}")));
    }
    refuse_constant_loss(&own, tree, &method, world, measures)?;
    Ok(method)
}

pub(super) fn pool(own: &Node, candidates: i64, responses: i64) -> Result<u32, Fault> {
    let n = integer(own, "arms.candidates", candidates, 1, DEEPEST_POOL)?;
    if responses > n {
        let what = format!("K = {responses} responses cannot be kept of N = {n} candidates");
        let fault = Fault::new(&own.origin_of("arms.responses"), "responses", what);
        return Err(fault.and(&own.origin_of("arms.candidates"), format!("candidates = {n}")));
    }
    Ok(n as u32)
}

fn theta(own: &Node, world: &dyn World) -> Result<Theta, Fault> {
    let policy: WirePolicy = match own.get("policy") {
        None => WirePolicy::default(),
        Some(node) => de::from_node(node, "policy")?,
    };
    let origin = own.origin_of("policy.theta");
    match policy.theta {
        WireTheta::Named(WireThetaName::Uniform) => Ok(Theta::Uniform),
        WireTheta::Named(WireThetaName::Optimum) => Ok(Theta::Optimum),
        WireTheta::Logits(logits) => {
            let modes = world.mean().len();
            if logits.len() != modes {
                let what = format!("{} logits, but the world has {modes} modes", logits.len());
                return Err(Fault::new(&origin, "policy.theta", what));
            }
            // Past this, differences of logits or their squares leave the range of a double.
            if let Some(index) = logits.iter().position(|x| x.is_nan() || x.abs() > 1e6) {
                let what = format!(
                    "the logit {} is out of range: a number from -1e6 to 1e6 is expected",
                    logits[index]
                );
                return Err(Fault::new(&item(own, "policy.theta", index), "policy.theta", what));
            }
            Ok(Theta::Logits(logits))
        }
    }
}

/// A loss that is the same for every mode has no variance, and its ratio to the law is 0/0.
fn refuse_constant_loss(
    own: &Node,
    tree: &Node,
    method: &Method,
    world: &dyn World,
    measures: &[Measure],
) -> Result<(), Fault> {
    if !measures.contains(&Measure::Loss) {
        return Ok(());
    }
    let policy = method.theta.policy(world);
    let losses = policy.log_probabilities();
    // Where prompts are all alike only their responses differ.
    let spread = world.components(losses).law(1, 1);
    if spread.is_normal() && losses.iter().any(|loss| *loss != losses[0]) {
        return Ok(());
    }
    let what = "`loss` is the same for every mode under this policy, so it has no variance to study";
    let fault = Fault::new(&tree.origin_of("measures"), "measures", what);
    let advice = "set policy.theta to \"optimum\" or to unequal logits";
    Err(match own.get("policy.theta") {
        Some(theta) => fault.and(&theta.origin, advice),
        None => Fault {
            what: format!("{}: {advice}", fault.what),
            ..fault
        },
    })
}
