//! Owns the columns of an experiment's results, one per key that varies, and the cells under them.

use super::table::{Cell, Column, FixedKey, VERSUS};
use super::validated::Scenario;
use crate::engine::Of;
use crate::format::Source;
use crate::format::grid::{Expansion, Point};
use crate::format::keys::{Absent, KeyDoc, Role, path_of};
use crate::format::tree::{self, Node, Value};
use crate::numerics::text::Texts;
use crate::study::registry::StudyKeys;
use std::collections::HashSet;

/// Swept keys, then arm keys, each named by its last word where no other key ends in it.
pub(super) fn columns(sweep: &Expansion, arms: &Expansion, study: &StudyKeys) -> Vec<Column> {
    const TAKEN: [&str; 17] = [
        "seed",
        "scenario",
        "estimand",
        "at",
        "estimate",
        "mcse",
        "df",
        "exact",
        "reference",
        "replicates",
        "failed",
        "low",
        "high",
        "reference_name",
        "left_out",
        "note",
        "versus",
    ];
    let keys: Vec<&String> = sweep.keys.iter().chain(&arms.keys).map(|(key, _)| key).collect();
    let name = |key: &&String| {
        let word = last(key);
        let shared = keys.iter().filter(|other| last(other) == word).count() > 1;
        if shared || TAKEN.contains(&word) {
            (*key).clone()
        } else {
            word.to_owned()
        }
    };
    keys.iter()
        .map(|key| Column {
            key: (*key).clone(),
            name: name(key),
            symbol: study.symbol(key),
            counted: study.counts(key),
            derived: false,
        })
        .collect()
}

/// The keys of the study that might vary and are no column, each with the value that the file states or that holds without it.
pub(super) fn fixed(root: &Node, columns: &[Column], study: &StudyKeys) -> Vec<FixedKey> {
    let varying = [Role::Draws, Role::Method].map(|role| study.varying(role));
    let all: Vec<(String, &KeyDoc)> = varying.into_iter().flatten().collect();
    let key = |(key, doc): &(String, &KeyDoc)| {
        let stated = root.get(&path_of(key).join(".")).map(|node| node.value.clone());
        let value = stated.or_else(|| match (&doc.absent, doc.role) {
            // Which keys a world has depends on its kind.
            (Absent::Default(text), Role::Method) => value_of(text),
            _ => None,
        })?;
        let word = last(key);
        // Kinds of a table may describe one key each in their own way.
        let shared = all.iter().any(|(other, _)| last(other) == word && other != key);
        Some(FixedKey {
            name: if shared { key.clone() } else { word.to_owned() },
            key: key.clone(),
            value,
        })
    };
    let is_column = |name: &str| columns.iter().any(|column| column.key == name);
    let mut fixed: Vec<FixedKey> = all
        .iter()
        .filter(|(name, _)| !is_column(name))
        .filter_map(key)
        .collect();
    fixed.dedup_by(|one, other| one.key == other.key);
    fixed
}

/// The value that a text of TOML stands for.
fn value_of(text: &str) -> Option<Value> {
    tree::parse_value(&Source::argument("", text.to_owned()), 0)
        .ok()
        .map(|node| node.value)
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// The cells of one arm. A swept key that this point does not set has the file's value.
pub(super) fn cells(columns: &[Column], sweep: &Point, arm: &Point, overlaid: &Node, texts: &mut Texts) -> Vec<Cell> {
    let mut cell = |column: &Column| {
        let mut settings = sweep.iter().chain(arm);
        let set = settings.find(|setting| setting.key == column.key);
        let value = match set {
            Some(setting) => Some(&setting.node.value),
            None => overlaid.get(&path_of(&column.key).join(".")).map(|node| &node.value),
        };
        Cell {
            text: value.map(|own| texts.share(&own.text())).unwrap_or_default(),
            number: value.and_then(Value::number),
        }
    };
    columns.iter().map(&mut cell).collect()
}

/// What arms derive of a key, such as the prompts that budgets buy, is a column of its own: scenarios have put their cells last. Where
/// other arms state theirs, the column of these holds both.
pub(super) fn add_derived(key: &str, columns: &mut Vec<Column>, scenarios: &mut [Scenario], study: &StudyKeys) {
    if let Some(stated) = columns.iter().position(|column| column.key == key) {
        for cells in scenarios.iter_mut().flat_map(|scenario| &mut scenario.cells) {
            if cells.len() > columns.len() {
                cells.swap_remove(stated);
            }
        }
        return;
    }
    columns.push(Column {
        key: key.to_owned(),
        name: key.to_owned(),
        symbol: study.symbol(key),
        counted: study.counts(key),
        derived: true,
    });
    for scenario in scenarios {
        let rows = scenario.cells.iter_mut().chain([&mut scenario.shared]);
        rows.for_each(|cells| cells.resize_with(columns.len(), Cell::empty));
    }
}

/// Where rows compare two arms, a last column says what the second sets otherwise: `responses = 8`. It tells rows apart if some arm is
/// compared with several.
pub(super) fn add_versus(columns: &mut Vec<Column>, scenarios: &mut [Scenario]) {
    let (mut any, mut several) = (false, false);
    for scenario in scenarios.iter_mut() {
        let mut seen = HashSet::new();
        for (index, own) in scenario.study.estimands().iter().enumerate() {
            if let Of::Contrast { arm, versus } = own.of {
                let mut cells = scenario.cells[arm].clone();
                cells.push(other(columns, &cells, &scenario.cells[versus]));
                scenario.contrasts.insert(index, cells);
                several |= !seen.insert((own.name(), arm, own.at.as_str()));
                any = true;
            }
        }
    }
    if !any {
        return;
    }
    columns.push(Column {
        key: VERSUS.to_owned(),
        name: VERSUS.to_owned(),
        symbol: None,
        counted: false,
        derived: !several,
    });
    for scenario in scenarios {
        let rows = scenario.cells.iter_mut().chain([&mut scenario.shared]);
        rows.for_each(|cells| cells.push(Cell::empty()));
    }
}

/// What an arm sets otherwise than another.
fn other(columns: &[Column], own: &[Cell], other: &[Cell]) -> Cell {
    let pairs = columns.iter().zip(own.iter().zip(other));
    let differ = pairs.filter(|(column, (own, other))| !column.derived && own != other && !other.text.is_empty());
    let words: Vec<String> = differ
        .map(|(column, (_, other))| format!("{} = {}", column.name, other.text))
        .collect();
    Cell {
        text: words.join(", ").into(),
        number: None,
    }
}

/// The cells of a row that belongs to no one arm.
pub(super) fn shared_cells(cells: &[Cell], columns: &[Column], arms: &Expansion) -> Vec<Cell> {
    let varies = |column: &Column| arms.keys.iter().any(|(key, _)| *key == column.key);
    let cell = |(cell, column): (&Cell, &Column)| if varies(column) { Cell::empty() } else { cell.clone() };
    cells.iter().zip(columns).map(cell).collect()
}
