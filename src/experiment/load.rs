//! Owns the way from bytes to an [`Experiment`]: parse, lay `--set` over it, expand, validate.

use super::fault::{Fault, Origin, Source, quoted};
use super::grid::{self, Expansion, Point};
use super::keys::{ARM_KEYS, STUDY_KEYS, StudyKeys};
use super::length;
use super::rows::{Rows, tables};
use super::scenario::Load;
use super::text::{LoadError, read_text, stem};
use super::tree::{self, Entry, Node, Value};
use super::wire::{Header, WireAlignment, WireGreedy, WireMeasures, WireSelection, WireStopping, WireTraining};
use super::{Column, Experiment, Scenario, claim, columns, de, figure, scenario, set};
use crate::engine::Known;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Reads and validates an experiment file, with `--set` arguments (`KEY=VALUE`) laid over it. Every exact value is worked out,
/// however long it takes.
pub fn load(path: &Path, sets: &[String]) -> Result<Experiment, LoadError> {
    load_knowing(path, sets, Known::on_demand())
}

/// [`load`] with exact values that take long as far as they are `known`: what rests on others is pending, and what claims
/// and figures need of it is not looked at. [`Experiment::again`] puts them in.
pub fn load_knowing(path: &Path, sets: &[String], known: Known) -> Result<Experiment, LoadError> {
    let text = read_text(path)?;
    let shown = path.display().to_string();
    Ok(parse_knowing(&stem(path), &shown, text, sets, known)?)
}

/// Validates the text of an experiment file. `name` names its results, `shown` stands in messages. Every exact value is worked
/// out, however long it takes.
pub fn parse(name: &str, shown: &str, text: String, sets: &[String]) -> Result<Experiment, Fault> {
    parse_knowing(name, shown, text, sets, Known::on_demand())
}

/// [`parse`] with what is `known`, as [`load_knowing`].
pub fn parse_knowing(
    name: &str,
    shown: &str,
    text: String,
    sets: &[String],
    known: Known,
) -> Result<Experiment, Fault> {
    let source = Arc::new(Source {
        name: shown.to_owned(),
        text,
        is_file: true,
    });
    let mut root = tree::parse(&source)?;
    refuse_name(name, &root)?;
    let laid = sets
        .iter()
        .map(|set| set::lay(&mut root, set))
        .collect::<Result<Vec<_>, _>>()?;
    let keys = study_keys(&root)?;
    let header = header(&root, keys)?;
    refuse_unknown_parts(&root, "sweep", &grid::EXPANDING, keys)?;
    let known_arms: Vec<&str> = keys.arms.iter().chain(&grid::EXPANDING).copied().collect();
    refuse_unknown_parts(&root, "arms", &known_arms, keys)?;
    let sweep = grid::expand(root.get("sweep"), "sweep", &|key, origin, at| {
        may_sweep(key, origin, at, keys)
    })?;
    let may_stand = |key: &str, origin: &Origin, at: &str| may_stand_in_arms(key, origin, at, keys);
    let arms = grid::expand(root.get("arms"), "arms", &may_stand)?;
    refuse_double(&root, &sweep, &arms)?;
    set::refuse_overruled(&laid, &sweep)?;
    let (stop, quick) = length::read(&root, &header.run)?;
    let mut columns = columns::columns(&sweep, &arms);
    let mut scenarios = scenarios(&root, &header.measures, &columns, (&sweep, &arms), &known)?;
    columns::add_derived(&mut columns, &mut scenarios);
    columns::add_versus(&mut columns, &mut scenarios);
    let mut experiment = Experiment {
        name: name.to_owned(),
        title: one_line(&root, "title", "title", header.title)?,
        about: header.about.trim().to_owned(),
        stop,
        failures: length::failures(&root, &header.run)?,
        quick,
        source,
        sets: sets.to_vec(),
        known,
        columns,
        scenarios,
        claims: Vec::new(),
        figures: Vec::new(),
    };
    length::refuse_unknown(&root, &experiment)?;
    let mut rows = Rows::new(&experiment);
    let claims = claim::read(&root, &experiment, &mut rows)?;
    let figures = figure::read(&root, &experiment, &mut rows)?;
    experiment.claims = claims;
    experiment.figures = figures;
    Ok(experiment)
}

/// Every scenario of the sweep, each built from the tree that its point is laid over.
fn scenarios(
    root: &Node,
    measures: &WireMeasures,
    keys: &[Column],
    (sweep, arms): (&Expansion, &Expansion),
    known: &Known,
) -> Result<Vec<Scenario>, Fault> {
    let rows = sweep.points.len().saturating_mul(arms.points.len());
    if rows > grid::MOST_POINTS {
        let most = grid::MOST_POINTS;
        let what = format!("{rows} arms in all scenarios together; at most {most} are taken");
        return Err(Fault::new(&root.origin_of("sweep"), "sweep", what));
    }
    let base = scenario_tree(root);
    let mut load = Load::new(known.clone(), draws_over_responses(root));
    let mut scenarios: Vec<Scenario> = Vec::with_capacity(sweep.points.len());
    let mut seen = HashSet::new();
    for point in &sweep.points {
        let laid = lay_point(&base, point)?;
        let cells = |arm: &Point| columns::cells(keys, point, arm, &laid);
        let shared = columns::shared_cells(&cells(&Point::new()), keys, arms);
        let scenario = scenario::build(&laid, measures, &arms.points, &cells, shared, &mut load)?;
        if let (false, Some(setting)) = (seen.insert(scenario.study.spec().work.digest()), point.first()) {
            let what = "this scenario is the same as an earlier one: the same draws would count twice";
            return Err(Fault::new(&setting.node.origin, "sweep", what));
        }
        scenarios.push(scenario);
    }
    Ok(scenarios)
}

/// Whether some figure draws exact values over K. Scenarios are made before figures are read, so what is wrong in a figure is
/// told later.
fn draws_over_responses(root: &Node) -> bool {
    let is = |node: &Node, key: &str, wanted: &str| node.get(key).is_some_and(|own| own.value.text() == wanted);
    let over = |node: &Node| is(node, "kind", "line") && is(node, "x", "responses") && is(node, "exact", "true");
    tables(root, "figures").is_ok_and(|nodes| nodes.iter().any(over))
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

/// A text that stands in tables and figures: one line, not empty, no control characters.
pub(super) fn one_line(node: &Node, key: &str, path: &str, text: String) -> Result<String, Fault> {
    let what = if text.trim().is_empty() {
        "the text is empty".to_owned()
    } else if let Some(bad) = text.chars().find(|c| c.is_control()) {
        format!("the character {bad:?} cannot stand here: one line of plain text is expected")
    } else {
        return Ok(text);
    };
    Err(Fault::new(&node.origin_of(key), path, what))
}

/// The study decides which struct the file is read into, so it is looked at first.
fn study_keys(root: &Node) -> Result<&'static StudyKeys, Fault> {
    let Some(study) = root.entry("study") else {
        return Err(Fault::new(&root.origin, "", "the key `study` is missing"));
    };
    let origin = &study.node.origin;
    match &study.node.value {
        Value::String(word) => {
            let known = STUDY_KEYS.iter().map(|keys| keys.study);
            let found = STUDY_KEYS.iter().find(|keys| keys.study == word);
            found.ok_or_else(|| Fault::unknown(origin, "study", "value", word, known))
        }
        other => {
            let what = format!("{} where a word is expected", other.kind());
            Err(Fault::new(origin, "study", what))
        }
    }
}

fn header(root: &Node, keys: &StudyKeys) -> Result<Header, Fault> {
    match keys.study {
        "training" => de::from_node::<WireTraining>(root, "").map(Header::from),
        "alignment" => de::from_node::<WireAlignment>(root, "").map(Header::from),
        "greedy" => de::from_node::<WireGreedy>(root, "").map(Header::from),
        "stopping" => de::from_node::<WireStopping>(root, "").map(Header::from),
        _ => de::from_node::<WireSelection>(root, "").map(Header::from),
    }
}

fn may_sweep(key: &str, origin: &Origin, at: &str, keys: &StudyKeys) -> Result<(), Fault> {
    let mut known = keys.draws.iter().chain(keys.methods);
    if known.clone().any(|k| *k == key) {
        return Ok(());
    }
    refuse_unquoted(key, origin, at, keys)?;
    Err(Fault::unknown(origin, at, "key", key, known.by_ref()))
}

/// In a grid `world.modes = [...]` would be a table within a table: there a dotted key is one key, in quotes.
fn refuse_unquoted(key: &str, origin: &Origin, at: &str, keys: &StudyKeys) -> Result<(), Fault> {
    let mut keys = keys.draws.iter().chain(keys.methods);
    match keys.find(|known| known.split_once('.').is_some_and(|(table, _)| table == key)) {
        None => Ok(()),
        Some(example) => {
            let what = format!("a dotted key stands in quotes here, for instance {example:?}");
            Err(Fault::new(origin, at, what))
        }
    }
}

fn may_stand_in_arms(key: &str, origin: &Origin, at: &str, keys: &StudyKeys) -> Result<(), Fault> {
    if keys.methods.contains(&key) {
        return Ok(());
    }
    if keys.draws.contains(&key) || key == "world" {
        let what = "changes the draws, and all arms of a scenario share their draws: it may stand only in [sweep]";
        return Err(Fault::new(origin, at, what));
    }
    refuse_unquoted(key, origin, at, keys)?;
    Err(Fault::unknown(origin, at, "key", key, keys.methods))
}

fn refuse_unknown_parts(root: &Node, table: &str, known: &[&str], keys: &StudyKeys) -> Result<(), Fault> {
    let Some(node) = root.get(table) else {
        return Ok(());
    };
    if !matches!(node.value, Value::Table(_)) {
        let what = format!("{} where a table is expected", node.value.kind());
        return Err(Fault::new(&node.origin, table, what));
    }
    match node.entries().iter().find(|entry| !known.contains(&entry.key.as_str())) {
        None => Ok(()),
        Some(entry) if table == "arms" && (entry.key == "world" || keys.draws.contains(&entry.key.as_str())) => {
            may_stand_in_arms(&entry.key, &entry.origin, &format!("arms.{}", entry.key), keys)
        }
        Some(entry) => Err(misplaced(entry, table, known, keys)),
    }
}

/// A key that may stand in a grid, but not alone.
fn misplaced(entry: &Entry, table: &str, known: &[&str], keys: &StudyKeys) -> Fault {
    let path = format!("{table}.{}", entry.key);
    let mut varying = keys.draws.iter().chain(keys.methods);
    match varying.find(|key| **key == entry.key || key.split('.').next() == Some(&entry.key)) {
        Some(key) if table == "sweep" => {
            let inner = entry.node.entries().first();
            let key = inner.map_or_else(|| (*key).to_owned(), |inner| format!("{}.{}", entry.key, inner.key));
            let what = format!(
                "is not swept by standing here: write grid = {{ {} = [...] }}",
                bare_or_quoted(&key)
            );
            Fault::new(&entry.origin, path, what)
        }
        Some(key) => {
            let table_of_key = key.split('.').next().unwrap_or(key);
            let what = format!(
                "cannot stand here alone: give it in [{table_of_key}] for all arms, or in grid = {{ {} = [...] }}",
                bare_or_quoted(key)
            );
            Fault::new(&entry.origin, path, what)
        }
        None => Fault::unknown(&entry.origin, table, "key", &entry.key, known),
    }
}

pub(super) fn bare_or_quoted(key: &str) -> String {
    if key.contains('.') {
        format!("{key:?}")
    } else {
        key.to_owned()
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
        let path = if ARM_KEYS.contains(&key.as_str()) {
            format!("arms.{key}")
        } else {
            key.clone()
        };
        let fixed = root.get(&path).map(|node| &node.origin);
        if let Some(other) = swept.or(fixed) {
            let fault = Fault::new(other, key, "is set here, but the arms vary it");
            return Err(fault.and(
                origin,
                format!(
                    "{key} varies here; to change that list, set arms.grid.{}",
                    bare_or_quoted(key)
                ),
            ));
        }
    }
    Ok(())
}

/// The part of the file that scenarios are made of: their trees are copies of it, and it must stay small.
fn scenario_tree(root: &Node) -> Node {
    let kept = |key: &str| ["seed", "measures", "world", "arms"].contains(&key) || scenario::ARM_TABLES.contains(&key);
    let mut entries: Vec<Entry> = Vec::new();
    for entry in root.entries().iter().filter(|entry| kept(&entry.key)) {
        let node = if entry.key == "arms" {
            let fixed = entry.node.entries().iter();
            let fixed = fixed.filter(|fixed| ARM_KEYS.contains(&fixed.key.as_str()));
            Node {
                value: Value::Table(fixed.cloned().collect()),
                origin: entry.node.origin.clone(),
            }
        } else {
            entry.node.clone()
        };
        entries.push(Entry {
            key: entry.key.clone(),
            origin: entry.origin.clone(),
            node,
        });
    }
    Node {
        value: Value::Table(entries),
        origin: root.origin.clone(),
    }
}

/// Where a key that varies stands in the tree of a scenario.
pub(super) fn path_of(key: &str) -> Vec<&str> {
    let table = ARM_KEYS.contains(&key).then_some("arms");
    table.into_iter().chain(key.split('.')).collect()
}

/// The tree of one scenario: the file with the point's settings laid over it.
fn lay_point(base: &Node, point: &Point) -> Result<Node, Fault> {
    let mut laid = base.clone();
    for setting in point {
        laid.lay(
            &path_of(&setting.key),
            &setting.key_origin,
            setting.node.as_ref().clone(),
        )?;
    }
    Ok(laid)
}
