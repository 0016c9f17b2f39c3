//! Owns the columns that figures stand on: which there are, what they hold, and whether rows stand apart on them.

use super::kind::Site;
use crate::experiment::rows::{Rows, column, select};
use crate::experiment::table::{ColumnRef, RowRef};
use crate::format::{Fault, quoted};
use std::collections::{HashMap, HashSet};

/// Colours that can be told apart.
pub const COLOURS: usize = 7;

/// Looks of a series: a colour and one of as many markers.
pub const LOOKS: usize = COLOURS * COLOURS;

/// More panels or categories than this cannot be taken in.
pub(super) const MOST_GROUPS: usize = 64;

impl Site<'_> {
    /// A fault of a key.
    pub fn fault(&self, key: &str, what: impl Into<String>) -> Fault {
        Fault::new(&self.node.origin_of(key), format!("figures.{key}"), what)
    }

    /// The rows of an estimand, named at a key, under `where`.
    pub fn rows(&self, rows: &mut Rows, key: &str, estimand: &str) -> Result<Vec<RowRef>, Fault> {
        let all = rows.of(
            self.experiment,
            estimand,
            &self.node.origin_of(key),
            &format!("figures.{key}"),
        )?;
        select(self.experiment, all, self.node, "figures")
    }

    fn column(&self, key: &str, name: &str) -> Result<ColumnRef, Fault> {
        column(
            self.experiment,
            name,
            &self.node.origin_of(key),
            &format!("figures.{key}"),
        )
    }

    /// The column of an axis that has no places between its values.
    pub fn axis(&self, key: &str, name: &str) -> Result<usize, Fault> {
        self.key_column(key, name, "`at` cannot stand on an axis")
    }

    /// The column that makes series or panels.
    pub fn groups(&self, key: &str, name: Option<&str>) -> Result<Option<usize>, Fault> {
        let column = |name| self.key_column(key, name, "`at` cannot make series or panels");
        name.map(column).transpose()
    }

    fn key_column(&self, key: &str, name: &str, no_at: &str) -> Result<usize, Fault> {
        match self.column(key, name)? {
            ColumnRef::Key(index) => Ok(index),
            ColumnRef::At => Err(self.fault(key, no_at)),
        }
    }

    /// The column of an axis of numbers.
    pub fn numbers(&self, shown: &[RowRef], key: &str, name: &str) -> Result<ColumnRef, Fault> {
        let column = self.column(key, name)?;
        let number = |row: RowRef| column.number(self.experiment, row);
        let wordy = |row: &&RowRef| !number(**row).is_some_and(f64::is_finite);
        let what = match shown.iter().find(wordy) {
            None => return Ok(column),
            Some(&row) => match column.text(self.experiment, row) {
                "" => format!("the column {name} has no value in some rows, and an axis needs one"),
                text => format!("the column {name} holds {}, and an axis needs numbers", quoted(text)),
            },
        };
        Err(self.fault(key, what))
    }

    /// Refuses rows that would be drawn over each other, and columns of more values than the figure can show: each is named by its
    /// key, with the most values that it may have.
    pub fn refuse_crowded(&self, shown: &[RowRef], columns: &[(&str, Option<ColumnRef>, usize)]) -> Result<(), Fault> {
        self.refuse_overlaid(shown, columns.iter().filter_map(|(_, column, _)| *column).collect())?;
        columns.iter().try_for_each(|&(key, column, most)| match column {
            Some(column) => self.refuse_many(shown, key, column, most),
            None => Ok(()),
        })
    }

    fn refuse_many(&self, shown: &[RowRef], key: &str, column: ColumnRef, most: usize) -> Result<(), Fault> {
        let values: HashSet<&str> = shown.iter().map(|&row| column.text(self.experiment, row)).collect();
        if values.len() <= most {
            return Ok(());
        }
        let (name, count) = (column.name(self.experiment), values.len());
        Err(self.fault(
            key,
            match key {
                "series" => format!("{name} has {count} values here, and there are {most} looks that differ"),
                _ => format!("{name} has {count} values here; at most {most} can be shown"),
            },
        ))
    }

    fn refuse_overlaid(&self, shown: &[RowRef], columns: Vec<ColumnRef>) -> Result<(), Fault> {
        let mut seen = HashMap::new();
        for &row in shown {
            let place: Vec<&str> = columns.iter().map(|own| own.text(self.experiment, row)).collect();
            if let Some(earlier) = seen.insert(place, row) {
                let [earlier, row] = [earlier, row].map(|row| self.experiment.describe(row));
                let what = format!(
                    "two rows would be drawn in one place: {earlier} and {row}; use `where`, `series` or `panel` to tell them apart"
                );
                return Err(Fault::new(&self.node.origin, "figures", what));
            }
        }
        Ok(())
    }
}
