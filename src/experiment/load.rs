//! Owns the way from bytes to an [`Experiment`]: parse, lay `--set` over it, expand, validate.

use super::fault::{Fault, Origin, Source};
use super::grid::{self, Expansion, Point};
use super::keys::{ARM_KEYS, DRAWS_KEYS, METHOD_KEYS};
use super::tree::{self, Node, Value};
use super::wire::WireSelection;
use super::{Cell, Column, Experiment, claim, de, figure, scenario};
use std::path::Path;
use std::sync::Arc;

/// Larger files are refused unread: no experiment is this long.
const LARGEST: u64 = 4 << 20;

/// Why an experiment could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The path as given.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is no experiment file.
    #[error("{path}: {what}")]
    Bytes {
        /// The path as given.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Reads and validates an experiment file, with `--set` arguments (`KEY=VALUE`) laid over it.
pub fn load(path: &Path, sets: &[String]) -> Result<Experiment, LoadError> {
    let shown = path.display().to_string();
    let read = |source| LoadError::Read {
        path: shown.clone(),
        source,
    };
    let size = std::fs::metadata(path).map_err(read)?.len();
    if size > LARGEST {
        return Err(LoadError::Bytes {
            path: shown,
            what: format!("{size} bytes, but an experiment file has at most {LARGEST}"),
        });
    }
    let bytes = std::fs::read(path).map_err(read)?;
    let text = String::from_utf8(bytes).map_err(|error| LoadError::Bytes {
        path: shown.clone(),
        what: format!("not UTF-8: byte {} is not text", error.utf8_error().valid_up_to()),
    })?;
    let name = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(parse(&name, &shown, text, sets)?)
}

/// Validates the text of an experiment file. `name` names its results, `shown` stands in messages.
pub fn parse(name: &str, shown: &str, text: String, sets: &[String]) -> Result<Experiment, Fault> {
    let source = Arc::new(Source {
        name: shown.to_owned(),
        text,
        is_file: true,
    });
    let mut root = tree::parse(&source)?;
    for set in sets {
        lay_set(&mut root, set)?;
    }
    check_study(&root)?;
    let wire: WireSelection = de::from_node(&root, "")?;
    let sweep = grid::expand(root.get("sweep"), "sweep", &may_sweep)?;
    let arms = grid::expand(root.get("arms"), "arms", &may_stand_in_arms)?;
    refuse_unknown_parts(&root, "sweep", &grid::EXPANDING)?;
    let known_arms: Vec<&str> = ARM_KEYS.iter().chain(&grid::EXPANDING).copied().collect();
    refuse_unknown_parts(&root, "arms", &known_arms)?;
    refuse_double(&root, &sweep, &arms)?;
    let columns = columns(&sweep, &arms);
    let mut scenarios = Vec::with_capacity(sweep.points.len());
    let rows = sweep.points.len().saturating_mul(arms.points.len());
    if rows > grid::MOST_POINTS {
        let what = format!(
            "{rows} arms in all scenarios together; at most {} are taken",
            grid::MOST_POINTS
        );
        return Err(Fault::new(&root.origin_of("sweep"), "sweep", what));
    }
    for point in &sweep.points {
        let laid = lay_point(&root, point)?;
        let cells = arms.points.iter().map(|arm| cells(&columns, point, arm)).collect();
        scenarios.push(scenario::build(&laid, &wire.measures, &arms.points, cells)?);
    }
    let mut experiment = Experiment {
        name: name.to_owned(),
        title: wire.title,
        about: wire.about.trim().to_owned(),
        replicates: replicates(&root, wire.run.replicates)?,
        source,
        sets: sets.to_vec(),
        columns,
        scenarios,
        claims: Vec::new(),
        figures: Vec::new(),
    };
    experiment.claims = claim::read(&root, &experiment)?;
    experiment.figures = figure::read(&root, &experiment)?;
    Ok(experiment)
}

fn replicates(root: &Node, replicates: i64) -> Result<u64, Fault> {
    let path = "run.replicates";
    scenario::integer(root, path, replicates, 1, 1_000_000_000_000).map(|n| n as u64)
}

/// The study decides which struct the file is read into, so it is looked at first.
fn check_study(root: &Node) -> Result<(), Fault> {
    let Some(study) = root.entry("study") else {
        return Err(Fault::new(&root.origin, "", "the key `study` is missing here"));
    };
    match &study.node.value {
        Value::String(word) if word == "selection" => Ok(()),
        Value::String(word) => Err(Fault::unknown(
            &study.node.origin,
            "study",
            "value",
            word,
            ["selection"],
        )),
        other => Err(Fault::new(
            &study.node.origin,
            "study",
            format!("{} where a word is expected", other.kind()),
        )),
    }
}

/// Lays one `--set KEY=VALUE` over the tree. A bare word counts as a string.
fn lay_set(root: &mut Node, set: &str) -> Result<(), Fault> {
    let source = Arc::new(Source {
        name: format!("--set {set}"),
        text: set.to_owned(),
        is_file: false,
    });
    let origin = Origin {
        source: source.clone(),
        start: 0,
    };
    let Some((key, value)) = set.split_once('=') else {
        return Err(Fault::new(
            &origin,
            "",
            "has no `=`: write KEY=VALUE, for instance run.replicates=1000",
        ));
    };
    let key = key.trim();
    if key.split('.').any(str::is_empty) {
        return Err(Fault::new(&origin, "", format!("{key:?} is no dotted key")));
    }
    let path = if ARM_KEYS.contains(&key) {
        format!("arms.{key}")
    } else {
        key.to_owned()
    };
    let bare = value.trim();
    let is_word = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    let node = match tree::parse_value(&source, set.len() - value.len()) {
        Err(_) if is_word => Node {
            value: Value::String(bare.to_owned()),
            origin: origin.clone(),
        },
        other => other?,
    };
    root.lay(&path, &origin, node)
}

fn may_sweep(key: &str, origin: &Origin, at: &str) -> Result<(), Fault> {
    let mut known = DRAWS_KEYS.iter().chain(&METHOD_KEYS);
    if known.clone().any(|k| *k == key) {
        return Ok(());
    }
    Err(Fault::unknown(origin, at, "key", key, known.by_ref()))
}

fn may_stand_in_arms(key: &str, origin: &Origin, at: &str) -> Result<(), Fault> {
    if METHOD_KEYS.contains(&key) {
        return Ok(());
    }
    if DRAWS_KEYS.contains(&key) || key.starts_with("world.") {
        let what = "changes the draws, and all arms of a scenario share their draws: it may stand only in [sweep]";
        return Err(Fault::new(origin, at, what));
    }
    Err(Fault::unknown(origin, at, "key", key, METHOD_KEYS))
}

fn refuse_unknown_parts(root: &Node, table: &str, known: &[&str]) -> Result<(), Fault> {
    let Some(node) = root.get(table) else {
        return Ok(());
    };
    if !matches!(node.value, Value::Table(_)) {
        let what = format!("{} where a table is expected", node.value.kind());
        return Err(Fault::new(&node.origin, table, what));
    }
    match node.entries().iter().find(|entry| !known.contains(&entry.key.as_str())) {
        None => Ok(()),
        Some(entry) if table == "arms" && (entry.key == "world" || entry.key == "seed") => may_stand_in_arms(
            &format!("{}.", entry.key),
            &entry.origin,
            &format!("arms.{}", entry.key),
        ),
        Some(entry) => {
            let key = format!("{table}.{}", entry.key);
            Err(Fault::unknown(&entry.origin, key, "key", &entry.key, known))
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
                format!("{key} varies here; to change that list, set arms.grid.{key}"),
            ));
        }
    }
    Ok(())
}

/// The tree of one scenario: the file with the point's settings laid over it.
fn lay_point(root: &Node, point: &Point) -> Result<Node, Fault> {
    let mut laid = root.clone();
    for setting in point {
        let in_arms = ARM_KEYS.contains(&setting.key.as_str());
        let path = if in_arms {
            format!("arms.{}", setting.key)
        } else {
            setting.key.clone()
        };
        laid.lay(&path, &setting.key_origin, setting.node.clone())?;
    }
    Ok(laid)
}

/// Swept keys, then arm keys, each named by its last word where no other key ends in it.
fn columns(sweep: &Expansion, arms: &Expansion) -> Vec<Column> {
    const TAKEN: [&str; 9] = [
        "scenario",
        "estimand",
        "at",
        "estimate",
        "mcse",
        "df",
        "exact",
        "reference",
        "replicates",
    ];
    let keys: Vec<&String> = sweep.keys.iter().chain(&arms.keys).map(|(key, _)| key).collect();
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let name = |key: &&String| {
        let word = last(key);
        let shared = keys.iter().filter(|other| last(other) == word).count() > 1;
        if shared || TAKEN.contains(&word.as_str()) {
            (*key).clone()
        } else {
            word
        }
    };
    keys.iter()
        .map(|key| Column {
            key: (*key).clone(),
            name: name(key),
        })
        .collect()
}

fn cells(columns: &[Column], sweep: &Point, arm: &Point) -> Vec<Cell> {
    let settings = || sweep.iter().chain(arm);
    columns
        .iter()
        .map(|column| match settings().find(|setting| setting.key == column.key) {
            Some(setting) => Cell {
                text: setting.node.value.text(),
                number: setting.node.value.number(),
            },
            None => Cell {
                text: String::new(),
                number: None,
            },
        })
        .collect()
}
