//! Owns the way from bytes to an [`Experiment`]: parse, lay `--set` over it, expand, validate.

use super::header;
use super::settle::asked;
use super::standing::Keys;
use super::table::{Cell, Column};
use super::validated::{Experiment, Scenario};
use super::{columns, set};
use crate::engine::{ExactBudget, ExactCache};
use crate::format::grid::{self, Expansion, Point};
use crate::format::keys::{File, MOST_WRONG, Role, Sink, Table, path_of};
use crate::format::tree::{self, Entry, Node, Value};
use crate::format::{Fault, Faults, Source, bare_or_quoted, quoted};
use crate::numerics::text::Texts;
use crate::study::registry::{Registry, Site, StudyKind};
use std::collections::{BTreeMap, HashSet};

/// Validates the text of an experiment file. `name` names its results, `shown` stands in messages. No exact value that rests on a job
/// is worked out: see [`Experiment::settle`].
pub fn parse(name: &str, shown: &str, text: String, sets: &[String]) -> Result<Experiment, Faults> {
    parse_with(&Registry::standard(), (name, shown), text, sets)
}

/// [`parse`] with the studies and worlds of a registry, which may be your own.
pub fn parse_with(
    registry: &Registry,
    (name, shown): (&str, &str),
    text: String,
    sets: &[String],
) -> Result<Experiment, Faults> {
    let source = Source::file(shown, text);
    let mut root = tree::parse(&source)?;
    refuse_name(name, &root)?;
    let overlaid = sets
        .iter()
        .map(|set| set::overlay(&mut root, set, registry))
        .collect::<Result<Vec<_>, _>>()?;
    let study = study(&root, registry)?;
    let keys = Keys::of(registry, study);
    let sink = Sink::default();
    let header = header::read(
        &mut Table::reading(&root, "", Role::Fixed, &sink),
        registry,
        &keys.study,
    );
    let plan = Plan::read(&root, &keys, &overlaid, &sink);
    let scenarios = plan.and_then(|plan| {
        let mut columns = columns::columns(&plan.sweep, &plan.arms, &keys.study);
        let (mut scenarios, derived) = scenarios(&root, (registry, study), &columns, &plan, &sink)?;
        if let Some(key) = derived {
            columns::add_derived(key, &mut columns, &mut scenarios, &keys.study);
        }
        columns::add_versus(&mut columns, &mut scenarios);
        Some((columns, scenarios))
    });
    let (Ok(header), Some((columns, scenarios))) = (header, scenarios) else {
        return Err(Faults::new(sink.into_faults()));
    };
    let mut experiment = Experiment {
        name: name.to_owned(),
        title: header.title,
        about: header.about,
        stop: header.run.stop,
        failures: header.run.failures,
        quick: header.run.quick,
        source,
        sets: sets.to_vec(),
        known: ExactCache::empty(),
        fixed: columns::fixed(&root, &columns, &keys.study),
        columns,
        scenarios,
        claims: Vec::new(),
        figures: Vec::new(),
        asked: asked(root, header.claims, header.figures),
    };
    experiment.find_rows()?;
    Ok(experiment)
}

/// Scenarios and arms, as the file lists them.
struct Plan {
    sweep: Expansion,
    arms: Expansion,
}

impl Plan {
    fn read(root: &Node, keys: &Keys, overlaid: &[set::Overlaid], sink: &Sink) -> Option<Self> {
        let sweep = keys.refuse_unknown_parts(root, "sweep").and_then(|()| {
            grid::expand(root.get("sweep"), "sweep", &|key, origin, at| {
                keys.may_sweep(key, origin, at)
            })
        });
        let arms = keys.refuse_unknown_parts(root, "arms").and_then(|()| {
            grid::expand(root.get("arms"), "arms", &|key, origin, at| {
                keys.may_stand_in_arms(key, origin, at)
            })
        });
        let (sweep, arms) = (sink.told(sweep), sink.told(arms));
        let (sweep, arms) = (sweep?, arms?);
        let checked = refuse_double(root, &sweep, &arms)
            .and_then(|()| set::refuse_overruled(overlaid, &sweep))
            .and_then(|()| refuse_many(root, &sweep, &arms));
        sink.told(checked).map(|()| Self { sweep, arms })
    }
}

fn refuse_many(root: &Node, sweep: &Expansion, arms: &Expansion) -> Result<(), Fault> {
    let rows = sweep.points.len().saturating_mul(arms.points.len());
    if rows <= grid::MOST_POINTS {
        return Ok(());
    }
    let most = grid::MOST_POINTS;
    let what = format!("{rows} arms in all scenarios together; at most {most} are taken");
    Err(Fault::new(&root.origin_of("sweep"), "sweep", what))
}

/// Every scenario of the sweep, each read from the tree that its point is laid over, and the key that arms derive where some do; none
/// once faults were told.
fn scenarios(
    root: &Node,
    (registry, study): (&Registry, &StudyKind),
    columns: &[Column],
    Plan { sweep, arms }: &Plan,
    sink: &Sink,
) -> Option<(Vec<Scenario>, Option<&'static str>)> {
    let base = scenario_tree(root);
    let mut exact_budget = ExactBudget::default();
    exact_budget.between = draws_over_responses(root);
    let mut sums = 0;
    let mut scenarios: Vec<Scenario> = Vec::with_capacity(sweep.points.len());
    let (mut seen, mut texts) = (HashSet::new(), Texts::default());
    let (mut wrong, mut derived_key) = (0, None);
    for point in &sweep.points {
        if wrong == MOST_WRONG {
            break;
        }
        let Some(overlaid) = sink.told(overlay_point(&base, point)) else {
            wrong += 1;
            continue;
        };
        let mut file = File::reading(&overlaid, &arms.points, sink);
        let mut site = Site::new(registry, &mut exact_budget, &mut sums);
        let Ok(own) = (study.read)(&mut file, &mut site) else {
            wrong += 1;
            continue;
        };
        if let (false, Some(setting)) = (seen.insert(own.spec().work.bytes()), point.first()) {
            let what = "this scenario is the same as an earlier one: the same draws would count twice";
            sink.tell(Fault::new(&setting.node.origin, "sweep", what));
            wrong += 1;
        }
        if wrong > 0 {
            continue;
        }
        let mut cells = |arm: &Point| columns::cells(columns, point, arm, &overlaid, &mut texts);
        let shared = columns::shared_cells(&cells(&Point::new()), columns, arms);
        let mut of_arms: Vec<Vec<Cell>> = arms.points.iter().map(&mut cells).collect();
        for (cells, derived) in of_arms.iter_mut().zip(file.derived()) {
            if let Some((key, value)) = *derived {
                cells.push(Cell::number(value));
                derived_key = Some(key);
            }
        }
        scenarios.push(Scenario {
            cells: of_arms,
            shared,
            contrasts: BTreeMap::new(),
            settled: None,
            study: own,
        });
    }
    (wrong == 0).then_some((scenarios, derived_key))
}

/// Whether some figure draws exact values over K. Scenarios are made before figures are resolved, so what is wrong in a figure is
/// told later.
fn draws_over_responses(root: &Node) -> bool {
    let is = |node: &Node, key: &str, wanted: &str| node.get(key).is_some_and(|own| own.value.text() == wanted);
    let over = |node: &Node| is(node, "kind", "line") && is(node, "x", "responses") && is(node, "exact", "true");
    root.items("figures").iter().any(over)
}

/// The name becomes a folder. A file's own name always can, but a stored result may have been tampered with.
fn refuse_name(name: &str, root: &Node) -> Result<(), Fault> {
    let bad = |c: char| c == '/' || c == '\\' || c.is_control();
    if name.is_empty() || name == "." || name == ".." || name.contains(bad) {
        let what = format!("the experiment's name {} cannot name a folder", quoted(name));
        return Err(Fault::new(&root.origin, "", what));
    }
    Ok(())
}

/// The study decides which keys there are, so it is looked at first.
fn study(root: &Node, registry: &Registry) -> Result<&'static StudyKind, Fault> {
    let Some(study) = root.entry("study") else {
        return Err(Fault::new(&root.origin, "", "the key `study` is missing"));
    };
    let origin = &study.node.origin;
    match &study.node.value {
        Value::String(word) => registry.find(word).ok_or_else(|| {
            let known = registry.studies.iter().map(|study| study.name);
            Fault::unknown(origin, "study", "value", word, known)
        }),
        other => {
            let what = format!("{} where a word is expected", other.kind());
            Err(Fault::new(origin, "study", what))
        }
    }
}

/// A method key that both a grid of arms and something else sets would be overruled in silence.
fn refuse_double(root: &Node, sweep: &Expansion, arms: &Expansion) -> Result<(), Fault> {
    for (key, origin) in &arms.keys {
        let swept = sweep
            .keys
            .iter()
            .find(|(swept, _)| swept == key)
            .map(|(_, origin)| origin);
        let fixed = root.get(&path_of(key).join(".")).map(|node| &node.origin);
        if let Some(other) = swept.or(fixed) {
            let fault = Fault::new(other, key, "is set here, but the arms vary it");
            return Err(fault.and(
                origin,
                format!(
                    "{key} varies here; to change that list, set arms.grid.{} = [...]",
                    bare_or_quoted(key)
                ),
            ));
        }
    }
    Ok(())
}

/// The part of the file that scenarios are made of: their trees are copies of it, and it must stay small.
fn scenario_tree(root: &Node) -> Node {
    let left = |key: &str| ["title", "about", "study", "sweep", "run", "claims", "figures"].contains(&key);
    let mut entries: Vec<Entry> = Vec::new();
    for entry in root.entries().iter().filter(|entry| !left(&entry.key)) {
        let mut own = entry.clone();
        if let ("arms", Value::Table(entries)) = (entry.key.as_str(), &mut own.node.value) {
            entries.retain(|fixed| !grid::EXPANDING.contains(&fixed.key.as_str()));
        }
        entries.push(own);
    }
    Node {
        value: Value::Table(entries),
        origin: root.origin.clone(),
    }
}

/// The tree of one scenario: the file with the point's settings laid over it.
fn overlay_point(base: &Node, point: &Point) -> Result<Node, Fault> {
    let mut overlaid = base.clone();
    for setting in point {
        overlaid.overlay(
            &path_of(&setting.key),
            &setting.key_origin,
            setting.node.as_ref().clone(),
        )?;
    }
    Ok(overlaid)
}
