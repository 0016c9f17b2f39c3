//! Owns the keys of figures: those that all kinds have. Each kind has its own in a file of its own.

use super::{FigureSpec, View, Width, bars, heat_map, line, pool};
use crate::experiment::rows::Rows;
use crate::experiment::{Experiment, RowRef};
use crate::format::Fault;
use crate::format::keys::{Absent, Kind, Line, Pattern, Read, Table, Variant, Words, key, named};
use crate::format::tree::Node;

/// The kinds of figure.
pub const KINDS: [&Variant<Box<dyn KindKeys>>; 4] = [&line::KIND, &heat_map::KIND, &bars::KIND, &pool::KIND];

/// The keys of one kind of figure, before its rows are known.
pub trait KindKeys: std::fmt::Debug {
    /// The rows that are shown, their panels' column, and how they are drawn.
    fn resolve(&self, at: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault>;
}

/// Where the keys of a figure are resolved.
pub struct Site<'a> {
    /// The table.
    pub node: &'a Node,
    /// The experiment that it is of.
    pub experiment: &'a Experiment,
    /// The name of the column that makes panels.
    pub panel: Option<&'a str>,
}

impl Site<'_> {
    /// A fault of a key.
    pub fn fault(&self, key: &str, what: impl Into<String>) -> Fault {
        Fault::new(&self.node.origin_of(key), format!("figures.{key}"), what)
    }
}

/// What a figure shows.
pub struct Shown {
    /// Its rows.
    pub rows: Vec<RowRef>,
    /// The column that makes panels.
    pub panel: Option<usize>,
    /// How they are drawn.
    pub view: View,
}

/// A figure's table as read, before its rows are known.
#[derive(Debug)]
pub(crate) struct FigureKeys {
    pub name: Option<String>,
    title: Option<String>,
    panel: Option<String>,
    width: Width,
    kind: Box<dyn KindKeys>,
}

named!(Width {
    Width::OneColumn => "one-column": "85 mm",
    Width::TwoColumns => "two-columns": "178 mm",
});

/// Widths in print.
pub(crate) const WIDTHS: Words<Width> = Words(&[Width::OneColumn, Width::TwoColumns]);

/// Reads the table of a figure.
pub(crate) fn read(table: &mut Table<'_>) -> Read<FigureKeys> {
    let name = key("name", "Name of the file, without ending.", Line(Pattern::FileName));
    let name = table.find(name, "the experiment's name, numbered if there are several");
    let title = key(
        "title",
        "Printed above the figure; $...$ sets symbols.",
        Line(Pattern::Line),
    );
    let title = table.find(title, "none");
    let panel = key("panel", "One panel per value of this column.", Line(Pattern::Column));
    let panel = table.find(panel, "one panel; in a pool `selector`, where it is a column");
    table.known(
        "where",
        "Which rows are shown; of a pool: which arms.",
        Kind::Columns { several: true },
        Absent::Said("all rows of the estimand, all arms"),
    );
    let width = table.get(key("width", "Width in print.", WIDTHS).or(Width::OneColumn));
    let kind = table.kind("What is drawn.", &KINDS)?;
    let own = table.end()?;
    Ok(FigureKeys {
        name: name.take(&own),
        title: title.take(&own),
        panel: panel.take(&own),
        width: width.take(&own),
        kind,
    })
}

impl FigureKeys {
    /// The figure, once the rows of the experiment are known.
    pub fn resolve(
        self,
        name: String,
        node: &Node,
        experiment: &Experiment,
        rows: &mut Rows,
    ) -> Result<FigureSpec, Fault> {
        let site = Site {
            node,
            experiment,
            panel: self.panel.as_deref(),
        };
        let Shown { rows, panel, view } = self.kind.resolve(&site, rows)?;
        Ok(FigureSpec {
            name,
            title: self.title,
            panel,
            rows,
            view,
            width: self.width,
        })
    }
}
