//! Owns the rows that claims and figures select by estimand and `where`.

use super::table::{ColumnRef, FixedKey, RowRef};
use super::validated::Experiment;
use crate::engine::MeasureKind;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, Origin};
use crate::study::measures;
use std::borrow::Cow;
use std::collections::HashSet;

/// More rows than this, over all claims and figures, are refused: they would take seconds and gigabytes.
const MOST_COVERED: usize = 1 << 22;

/// The rows of each estimand, in the order of the results.
pub(super) struct Rows {
    by_name: Vec<(&'static str, Vec<RowRef>)>,
    covered: usize,
    /// Where more rows than that were asked for first.
    too_many: Option<Fault>,
}

impl Rows {
    pub fn new(experiment: &Experiment) -> Self {
        let mut by_name: Vec<(&str, Vec<RowRef>)> = Vec::new();
        for row in experiment.rows() {
            let name = experiment.estimand(row).name();
            match by_name.iter_mut().find(|(known, _)| *known == name) {
                Some((_, rows)) => rows.push(row),
                None => by_name.push((name, vec![row])),
            }
        }
        Self {
            by_name,
            covered: 0,
            too_many: None,
        }
    }

    /// All rows of an estimand, or a fault that lists the estimands there are.
    pub fn of(
        &mut self,
        experiment: &Experiment,
        estimand: &str,
        origin: &Origin,
        key: &str,
    ) -> Result<Vec<RowRef>, Fault> {
        let Some((_, rows)) = self.by_name.iter().find(|(name, _)| *name == estimand) else {
            let known = self.by_name.iter().map(|(name, _)| *name);
            let mut fault = Fault::unknown(origin, key, "estimand", estimand, known);
            fault.what.push_str(&missing_for(experiment, estimand));
            return Err(fault);
        };
        self.covered += rows.len();
        if self.covered > MOST_COVERED {
            let fault = || {
                let what = format!("all claims and figures together look at more than {MOST_COVERED} rows");
                Fault::new(origin, key, what)
            };
            // The same for all who come later: what is told twice of one place is told once.
            return Err(self.too_many.get_or_insert_with(fault).clone());
        }
        Ok(rows.clone())
    }
}

/// What an estimand needs that the experiment does not have; empty for one that no study has.
fn missing_for(experiment: &Experiment, estimand: &str) -> String {
    let has = |measure: &MeasureKind| {
        let own = |row: RowRef| experiment.estimand(row).kind.measure() == measure.name;
        experiment.rows().any(own)
    };
    let kinds =
        measures().flat_map(|(study, measure)| measure.estimands.iter().map(move |kind| (study, measure, kind)));
    let Some((study, measure, kind)) = kinds.into_iter().find(|(.., kind)| kind.name == estimand) else {
        return String::new();
    };
    if !study.measures.iter().any(has) {
        return format!(", which belongs to the study {:?}", study.name);
    }
    if !has(measure) {
        return format!(", which needs {:?} among the measures", measure.name);
    }
    let lacks = experiment
        .scenarios
        .iter()
        .filter_map(|scenario| scenario.study.lack(kind));
    match (lacks.max_by_key(|lack| lack.has), experiment.scenarios.len()) {
        (Some(lack), 1) => format!(", which needs {}", lack.words),
        (Some(lack), n) => format!(", which needs {}, in the best of {n} scenarios", lack.words),
        (None, _) => kind
            .needs
            .map_or_else(String::new, |needs| format!(", which needs {needs}")),
    }
}

/// The rows that match `where` of a claim or figure.
pub(super) fn select(
    experiment: &Experiment,
    rows: Vec<RowRef>,
    node: &Node,
    table: &str,
) -> Result<Vec<RowRef>, Fault> {
    let Some(filter) = node.get("where") else {
        return Ok(rows);
    };
    let key = format!("{table}.where");
    if !matches!(filter.value, Value::Table(_)) {
        let what = format!("{} where a table of columns is expected", filter.value.kind());
        return Err(Fault::new(&filter.origin, key, what));
    }
    let mut kept = rows;
    for entry in filter.entries() {
        let path = format!("{key}.{}", entry.key);
        let wanted: &[Node] = match &entry.node.value {
            Value::Array(items) if items.is_empty() => {
                return Err(Fault::new(
                    &entry.node.origin,
                    path,
                    "the list is empty: it matches no row",
                ));
            }
            Value::Array(items) => items,
            _ => std::slice::from_ref(&entry.node),
        };
        let none = |node: &Node, known: Vec<String>| Fault {
            known,
            ..Fault::new(
                &node.origin,
                &*path,
                format!("no row has {} = {}", entry.key, node.value.shown()),
            )
        };
        let named = |fixed: &&FixedKey| fixed.key == entry.key || fixed.name == entry.key;
        if let Some(fixed) = experiment.fixed.iter().find(named) {
            // Every row has its value.
            match wanted.iter().find(|node| !node.value.same(&fixed.value)) {
                Some(node) => return Err(none(node, vec![fixed.value.text()])),
                None => continue,
            }
        }
        let column = column(experiment, &entry.key, &entry.origin, &key)?;
        let there: HashSet<Identity<'_>> = kept.iter().map(|&row| column.identity(experiment, row)).collect();
        let mut matched = HashSet::with_capacity(wanted.len());
        for node in wanted {
            let identity = column.wanted(&node.value);
            if !there.contains(&identity) {
                return Err(none(node, column.values(experiment, &kept)));
            }
            matched.insert(identity);
        }
        kept.retain(|&row| matched.contains(&column.identity(experiment, row)));
    }
    Ok(kept)
}

/// The column of a name: short, dotted, or `at`.
pub(super) fn column(experiment: &Experiment, name: &str, origin: &Origin, key: &str) -> Result<ColumnRef, Fault> {
    if name == "at" {
        return Ok(ColumnRef::At);
    }
    let columns = &experiment.columns;
    let found = columns.iter().position(|c| c.name == name || c.key == name);
    let known = columns.iter().map(|column| column.name.as_str()).chain(["at"]);
    found
        .map(ColumnRef::Key)
        .ok_or_else(|| Fault::unknown(origin, key, "column", name, known))
}

/// Rows in groups of equal text in a column, in order of first appearance; one group without a column.
pub fn by_column(experiment: &Experiment, rows: &[RowRef], column: Option<usize>) -> Vec<(String, Vec<RowRef>)> {
    let mut groups: Vec<(String, Vec<RowRef>)> = Vec::new();
    for &row in rows {
        let text = column.map_or("", |column| experiment.cells(row)[column].text.as_str());
        match groups.iter_mut().find(|(value, _)| value == text) {
            Some((_, group)) => group.push(row),
            None => groups.push((text.to_owned(), vec![row])),
        }
    }
    groups
}

impl ColumnRef {
    /// The number that a row holds there, if it is one.
    pub fn number(self, experiment: &Experiment, row: RowRef) -> Option<f64> {
        match self {
            ColumnRef::At => experiment.estimand(row).at.parse().ok(),
            ColumnRef::Key(index) => experiment.cells(row)[index].number,
        }
    }

    /// What files call it.
    pub fn name(self, experiment: &Experiment) -> &str {
        match self {
            ColumnRef::At => "at",
            ColumnRef::Key(index) => &experiment.columns[index].name,
        }
    }

    /// What a row holds there, as printed.
    pub fn text(self, experiment: &Experiment, row: RowRef) -> &str {
        match self {
            ColumnRef::At => &experiment.estimand(row).at,
            ColumnRef::Key(index) => &experiment.cells(row)[index].text,
        }
    }

    pub(super) fn identity(self, experiment: &Experiment, row: RowRef) -> Identity<'_> {
        match self {
            ColumnRef::At => Identity::text(&experiment.estimand(row).at),
            ColumnRef::Key(index) => {
                let cell = &experiment.cells(row)[index];
                cell.number.map_or_else(|| Identity::text(&cell.text), Identity::number)
            }
        }
    }

    /// The identity of a value in the file.
    pub(super) fn wanted(self, value: &Value) -> Identity<'static> {
        match (self, value.number()) {
            (ColumnRef::Key(_), Some(number)) => Identity::number(number),
            _ => Identity::Text(Cow::Owned(value.text())),
        }
    }

    pub(super) fn values(self, experiment: &Experiment, rows: &[RowRef]) -> Vec<String> {
        let mut seen = HashSet::new();
        let texts = rows.iter().map(|&row| self.text(experiment, row));
        texts
            .filter(|text| !text.is_empty() && seen.insert(text.to_owned()))
            .map(str::to_owned)
            .collect()
    }
}

/// What is equal for the same value of a column: numbers by value, so that 8 matches 8.0.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Identity<'a> {
    Number(u64),
    Text(Cow<'a, str>),
}

impl<'a> Identity<'a> {
    fn number(number: f64) -> Self {
        // Adding 0 makes -0 equal to 0.
        Identity::Number((number + 0.0).to_bits())
    }

    fn text(text: &'a str) -> Self {
        Identity::Text(Cow::Borrowed(text))
    }

    /// The same as one text, for keys made of several.
    pub fn into_text(self) -> String {
        match self {
            Identity::Number(bits) => format!("number {bits}"),
            Identity::Text(text) => format!("text {text}"),
        }
    }
}
