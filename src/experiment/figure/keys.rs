//! Owns the keys of figures that all kinds have, and the list of kinds. Each kind has its keys in a file of its own.

use super::kind::{KindKeys, Shown, Site};
use super::kinds::KINDS;
use super::spec::{FigureSpec, Width};
use crate::experiment::rows::Rows;
use crate::experiment::validated::Experiment;
use crate::format::keys::{Absent, Kind, Line, Pattern, Read, Table, Words, key, named};
use crate::format::tree::Node;
use crate::format::{Fault, quoted};

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
pub(crate) const WIDTHS: Words<'static, Width> = Words(&[Width::OneColumn, Width::TwoColumns]);

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
    let kind = table.kind("What is drawn.", KINDS)?;
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
        &self,
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
            title: self.title.clone(),
            panel,
            rows,
            view,
            width: self.width,
        })
    }
}

/// The kinds of figure and what each shows.
pub fn figure_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.name, kind.about))
}

/// Finds the rows of `[[figures]]`, whose tables are `nodes`. What is wrong with one says nothing of the others.
pub(in crate::experiment) fn resolve(
    keys: &[FigureKeys],
    nodes: &[Node],
    experiment: &Experiment,
    rows: &mut Rows,
) -> Result<Vec<FigureSpec>, Vec<Fault>> {
    let mut figures: Vec<FigureSpec> = Vec::with_capacity(nodes.len());
    let mut faults = Vec::new();
    for (index, (keys, node)) in keys.iter().zip(nodes).enumerate() {
        let name = keys.name.clone().unwrap_or_else(|| match nodes.len() {
            1 => experiment.name.clone(),
            _ => format!("{}-{}", experiment.name, index + 1),
        });
        if let Some(earlier) = figures.iter().position(|earlier| earlier.name == name) {
            let what = format!("two figures are called {}", quoted(&name));
            let fault = Fault::new(&node.origin_of("name"), "figures.name", what);
            faults.push(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
        }
        match keys.resolve(name, node, experiment, rows) {
            Ok(figure) => figures.push(figure),
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => Ok(figures),
        false => Err(faults),
    }
}
