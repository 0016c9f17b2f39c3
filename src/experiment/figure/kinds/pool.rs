//! Owns pictures of one pool.

use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::spec::{Draws, PoolView, View};
use crate::experiment::rows::{Rows, select};
use crate::experiment::table::{ColumnRef, RowRef};
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::keys::{Integer, Read, Table, Variant, key};
use crate::format::tree::Node;
use crate::study::Question;
use crate::study::pools::PoolArm;
use std::collections::HashSet;

/// More panels leave no room for circles.
const MOST_PANELS: usize = 12;

/// More circles than this hide each other.
const MOST_CANDIDATES: u32 = 200;

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "pool",
    about: "the candidates of one prompt in the plane of their first two principal components, a panel per arm, those it keeps numbered \
            in order",
    read: |table| boxed(read(table)),
};

impl View for PoolView {
    fn draws(&self) -> Option<Draws<'_>> {
        Some(Draws::Pool(self))
    }

    fn is_legible_when_small(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct PoolKeys {
    replicate: i64,
    prompt: i64,
    responses: Option<i64>,
}

fn read(table: &mut Table<'_>) -> Read<PoolKeys> {
    let about = "The replicate whose draw is shown, below `run.replicates`.";
    let replicate = table.get(key("replicate", about, Integer(0, i64::MAX)).or(0));
    let about = "The prompt of that replicate, below the number of prompts of every arm shown.";
    let prompt = table.get(key("prompt", about, Integer(0, i64::MAX)).or(0));
    let about = "Only arms that keep so many are shown.";
    let responses = table.find(
        key("responses", about, Integer(1, i64::MAX)),
        "all arms, which must keep as many",
    );
    let own = table.end()?;
    Ok(PoolKeys {
        replicate: replicate.take(&own),
        prompt: prompt.take(&own),
        responses: responses.take(&own),
    })
}

impl KindKeys for PoolKeys {
    fn resolve(&self, site: &Site<'_>, _: &mut Rows) -> Result<Shown, Fault> {
        let Site { node, experiment, .. } = *site;
        let study = |row: RowRef| experiment.scenarios[row.scenario].study.pools();
        let all = one_per_arm(experiment);
        if all.iter().any(|&row| study(row).is_none()) {
            return Err(site.fault("kind", "a pool is shown of the study \"selection\" alone"));
        }
        let mut shown = select(experiment, all, node, "figures")?;
        if let Some(k) = self.responses {
            shown = keeping(site, shown, k)?;
        }
        let selector = || experiment.columns.iter().position(|column| column.key == "selector");
        let panel = site.groups("panel", site.panel)?.or_else(selector);
        if let Some(&other) = shown.iter().find(|row| row.scenario != shown[0].scenario) {
            let what = format!(
                "a pool is that of one scenario, and {} and {} are of two; use `where` to choose one",
                experiment.describe(shown[0]),
                experiment.describe(other)
            );
            return Err(Fault::new(&node.origin, "figures", what));
        }
        site.refuse_crowded(&shown, &[("panel", panel.map(ColumnRef::Key), MOST_PANELS)])?;
        // Cannot be absent because every scenario was looked at above, and `where` leaves a row.
        let Some(study) = shown.first().and_then(|&row| study(row)) else {
            return Err(site.fault("kind", "there is no arm to show"));
        };
        let arms: Vec<usize> = shown
            .iter()
            .filter_map(|&row| experiment.estimand(row).of.shown())
            .collect();
        let pools: Vec<&PoolArm> = arms.iter().map(|&arm| study.arm(arm)).collect();
        same_pool(node, experiment.scenarios[shown[0].scenario].study.as_ref(), &pools)?;
        let prompts = pools.iter().map(|pool| pool.prompts).min().unwrap_or(1);
        let view = PoolView {
            scenario: shown[0].scenario,
            replicate: drawn(
                site,
                "replicate",
                self.replicate,
                "the run",
                experiment.most_replicates(),
            )?,
            // Cannot be cut because it is below a count of prompts.
            prompt: drawn(site, "prompt", self.prompt, "every arm shown", u64::from(prompts))? as u32,
            names: names(experiment, &shown, panel),
            arms,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

/// The first row of every arm.
fn one_per_arm(experiment: &Experiment) -> Vec<RowRef> {
    let mut seen = HashSet::new();
    let first = |row: &RowRef| {
        experiment
            .estimand(*row)
            .of
            .shown()
            .is_some_and(|arm| seen.insert((row.scenario, arm)))
    };
    experiment.rows().filter(first).collect()
}

/// The rows of arms that keep `k` responses.
fn keeping(site: &Site<'_>, mut rows: Vec<RowRef>, k: i64) -> Result<Vec<RowRef>, Fault> {
    let experiment = site.experiment;
    let keeps = |row: &RowRef| {
        let arm = experiment.estimand(*row).of.shown()?;
        let study = experiment.scenarios[row.scenario].study.pools()?;
        Some(i64::from(study.arm(arm).responses))
    };
    let mut known: Vec<i64> = rows.iter().filter_map(keeps).collect();
    rows.retain(|row| keeps(row) == Some(k));
    if !rows.is_empty() {
        return Ok(rows);
    }
    known.sort_unstable();
    known.dedup();
    Err(Fault {
        known: known.iter().map(i64::to_string).collect(),
        ..site.fault("responses", format!("no arm keeps {k} responses"))
    })
}

/// All arms must choose among the same candidates, and keep as many, so that panels can be compared.
fn same_pool(node: &Node, study: &dyn Question, pools: &[&PoolArm]) -> Result<(), Fault> {
    let first = pools[0];
    let spread = |what: &str, value: &dyn Fn(&PoolArm) -> u32| {
        let one = value(first);
        let other = pools.iter().map(|pool| value(pool)).find(|other| *other != one)?;
        Some(format!(
            "arms of {one} and {other} {what} cannot be compared; use `where` to choose one"
        ))
    };
    let what = match spread("candidates", &PoolArm::depth).or_else(|| spread("responses kept", &|pool| pool.responses))
    {
        Some(what) => what,
        None if pools.iter().any(|pool| pool.candidates.is_none()) => {
            "there is no pool to choose from: set `candidates`, how many a prompt has".to_owned()
        }
        None if first.depth() > MOST_CANDIDATES => {
            format!("{} candidates; at most {MOST_CANDIDATES} can be shown", first.depth())
        }
        None if study.world().and_then(|world| world.attributes()).is_none() => {
            "a pool is shown by its embeddings, which only world.kind = \"embedded\" has".to_owned()
        }
        None => return Ok(()),
    };
    Err(Fault::new(&node.origin, "figures", what))
}

/// The number at a key, below how many of these there are.
fn drawn(site: &Site<'_>, key: &str, number: i64, of: &str, count: u64) -> Result<u64, Fault> {
    let own = u64::try_from(number).ok().filter(|own| *own < count);
    let last = count.saturating_sub(1);
    own.ok_or_else(|| site.fault(key, format!("{number} is not drawn: {of} has {key}s 0 to {last}")))
}

fn names(experiment: &Experiment, rows: &[RowRef], panel: Option<usize>) -> Vec<String> {
    let text = |&row: &RowRef| panel.map_or_else(String::new, |column| experiment.cells(row)[column].text.to_string());
    rows.iter().map(text).collect()
}
