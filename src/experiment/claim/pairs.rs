//! Owns the pairs of rows that a claim compares: steps along a column, partners, the rivals of an optimum.
//!
//! Both rows of a pair belong to one scenario: only then did they see the same draws, and only then does their difference have a
//! paired standard error. What would compare scenarios is refused here.

use super::model::ClaimCell;
use crate::experiment::rows::column;
use crate::experiment::table::ColumnRef;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, quoted};
use crate::numerics::text::float;
use std::collections::HashMap;

/// Said wherever rows of two scenarios would be compared.
const NO_SHARED_DRAWS: &str =
    "different scenarios share no draws, and a paired difference needs them: compare arms of one scenario";

/// Rows along a numeric column.
pub(super) struct Axis<'a> {
    experiment: &'a Experiment,
    node: &'a Node,
    rows: &'a [RowRef],
    name: &'a str,
    column: ColumnRef,
}

impl<'a> Axis<'a> {
    pub fn new(experiment: &'a Experiment, node: &'a Node, rows: &'a [RowRef], name: &'a str) -> Result<Self, Fault> {
        let (origin, key) = (node.origin_of("along"), "claims.along");
        let column = column(experiment, name, &origin, key)?;
        let wordy = |row: &&RowRef| !column.number(experiment, **row).is_some_and(f64::is_finite);
        let what = match rows.iter().find(wordy).map(|&row| column.text(experiment, row)) {
            None if between_scenarios(experiment, rows, column) => {
                format!("{name} varies between scenarios only; {NO_SHARED_DRAWS}")
            }
            None => {
                return Ok(Self {
                    experiment,
                    node,
                    rows,
                    name,
                    column,
                });
            }
            Some("") => format!("the column {name} has no value in some rows, and steps need one"),
            Some(text) => format!("the column {name} holds {}, and steps need numbers", quoted(text)),
        };
        Err(Fault::new(&origin, key, what))
    }

    /// Neighbours in every group: the later row with the earlier.
    pub fn steps(&self) -> Result<Vec<ClaimCell>, Fault> {
        let groups = self.groups();
        let pairs = groups.iter().flat_map(|group| group.windows(2));
        self.some(pairs.map(|pair| ClaimCell::Pair(pair[1], pair[0])).collect())
    }

    /// The arm that is claimed to be best, at this number or where theory has it, with every other arm of its group.
    pub fn rivals(&self, at: Option<f64>) -> Result<Vec<ClaimCell>, Fault> {
        let mut cells = Vec::new();
        for group in self.groups() {
            let best = self.claimed(&group, at)?;
            let rivals = group.iter().filter(|&&row| row != best);
            cells.extend(rivals.map(|&rival| ClaimCell::Pair(best, rival)));
        }
        self.some(cells)
    }

    /// Where a row stands. NaN cannot occur because `new` looked at every row.
    fn number(&self, row: RowRef) -> f64 {
        self.column.number(self.experiment, row).unwrap_or(f64::NAN)
    }

    /// Rows of one scenario that are equal in all other columns, each group in order along the axis.
    fn groups(&self) -> Vec<Vec<RowRef>> {
        let mut index_of = HashMap::new();
        let mut groups: Vec<Vec<RowRef>> = Vec::new();
        for &row in self.rows {
            let mut others = identities(self.experiment, row);
            others.remove(place(self.experiment, self.column));
            let index = *index_of.entry((row.scenario, others)).or_insert(groups.len());
            if index == groups.len() {
                groups.push(Vec::new());
            }
            groups[index].push(row);
        }
        for group in &mut groups {
            group.sort_by(|&a, &b| self.number(a).total_cmp(&self.number(b)));
        }
        groups
    }

    /// The row of a group that is claimed to be best.
    fn claimed(&self, group: &[RowRef], at: Option<f64>) -> Result<RowRef, Fault> {
        let refuse = |what: String| Fault::new(&self.node.origin_of("at"), "claims.at", what);
        let scenario = &self.experiment.scenarios[group[0].scenario];
        let key = match self.column {
            ColumnRef::Key(index) => &self.experiment.columns[index].key,
            ColumnRef::At => "at",
        };
        let source = at.map_or(", where theory puts the optimum", |_| "");
        let wanted = at.or_else(|| scenario.study.optimum(key)).ok_or_else(|| {
            let name = self.name;
            refuse(format!(
                "this study has no theoretical optimum along {name}: give a number"
            ))
        })?;
        let found = group.iter().find(|&&row| self.number(row) == wanted);
        found.copied().ok_or_else(|| Fault {
            known: group.iter().map(|&row| float(self.number(row))).collect(),
            ..refuse(format!(
                "no row that is compared with {} has {} = {}{source}",
                self.experiment.describe(group[0]),
                self.name,
                float(wanted)
            ))
        })
    }

    /// The pairs, or why there are none.
    fn some(&self, cells: Vec<ClaimCell>) -> Result<Vec<ClaimCell>, Fault> {
        if !cells.is_empty() {
            return Ok(cells);
        }
        let name = self.name;
        let what = format!("no two of the rows differ in {name} alone, so there is no pair to compare");
        Err(Fault::new(&self.node.origin_of("along"), "claims.along", what))
    }
}

/// Whether rows differ in a column, but no two rows of one scenario do.
fn between_scenarios(experiment: &Experiment, rows: &[RowRef], column: ColumnRef) -> bool {
    let number = |row: &RowRef| column.number(experiment, *row);
    let mut first_of = HashMap::new();
    let varies = rows.iter().any(|row| number(row) != number(&rows[0]));
    let mut within = rows.iter();
    varies && within.all(|row| *first_of.entry(row.scenario).or_insert_with(|| number(row)) == number(row))
}

/// Where a column stands among the identities of a row.
fn place(experiment: &Experiment, column: ColumnRef) -> usize {
    match column {
        ColumnRef::Key(index) => index,
        ColumnRef::At => experiment.columns.len(),
    }
}

/// What each column of a row holds, `at` last. What follows from other columns counts as equal.
fn identities(experiment: &Experiment, row: RowRef) -> Vec<String> {
    let keys = experiment
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| match column.derived {
            true => String::new(),
            false => ColumnRef::Key(index).identity(experiment, row).into_text(),
        });
    let at = ColumnRef::At.identity(experiment, row).into_text();
    keys.chain([at]).collect()
}

/// Each chosen row with its partner: the row that holds what `versus` says and is equal in all other columns.
pub(super) fn partners(
    experiment: &Experiment,
    node: &Node,
    all: &[RowRef],
    chosen: &[RowRef],
) -> Result<Vec<ClaimCell>, Fault> {
    let origin = node.origin_of("versus");
    let refuse = |what: String| Fault::new(&origin, "claims.versus", what);
    let replaced = replaced(experiment, node, all)?;
    let by_columns: HashMap<Vec<String>, RowRef> = all.iter().map(|&row| (identities(experiment, row), row)).collect();
    let partner = |row: RowRef| {
        let mut wanted = identities(experiment, row);
        for (column, identity) in &replaced {
            wanted[*column].clone_from(identity);
        }
        let place = || experiment.describe(row);
        match by_columns.get(&wanted) {
            None => Err(refuse(format!(
                "{} has no partner: no row has {} and is equal to it in all other columns",
                place(),
                super::statement::columns(node, "versus")
            ))),
            Some(&other) if other == row => Err(refuse(format!("{} would be its own partner", place()))),
            Some(&other) if other.scenario != row.scenario => Err(refuse(format!(
                "the partner of {} is in another scenario; {NO_SHARED_DRAWS}",
                place()
            ))),
            Some(&other) => Ok(ClaimCell::Pair(row, other)),
        }
    };
    chosen.iter().map(|&row| partner(row)).collect()
}

/// The columns that `versus` replaces, with what the partner holds there.
fn replaced(experiment: &Experiment, node: &Node, all: &[RowRef]) -> Result<Vec<(usize, String)>, Fault> {
    let key = "claims.versus";
    let refuse = |what: String| Err(Fault::new(&node.origin_of("versus"), key, what));
    // Required by its reader.
    let Some(versus) = node.get("versus") else {
        return Ok(Vec::new());
    };
    if !matches!(versus.value, Value::Table(_)) {
        return refuse(format!("{} where a table of columns is expected", versus.value.kind()));
    }
    if versus.entries().is_empty() {
        return refuse("the table is empty: each row would be its own partner".to_owned());
    }
    let one = |entry: &crate::format::tree::Entry| {
        let path = format!("{key}.{}", entry.key);
        let column = column(experiment, &entry.key, &entry.origin, key)?;
        if matches!(entry.node.value, Value::Array(_)) {
            let what = "a list where one value is expected: each row has one partner";
            return Err(Fault::new(&entry.node.origin, path, what));
        }
        let identity = column.wanted(&entry.node.value).into_text();
        if !all
            .iter()
            .any(|&row| column.identity(experiment, row).into_text() == identity)
        {
            let what = format!("no row has {} = {}", entry.key, entry.node.value.shown());
            return Err(Fault {
                known: column.values(experiment, all),
                ..Fault::new(&entry.node.origin, path, what)
            });
        }
        Ok((place(experiment, column), identity))
    };
    versus.entries().iter().map(one).collect()
}
