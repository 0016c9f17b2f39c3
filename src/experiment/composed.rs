//! Owns composed figures: files `figures/*.toml` that put panels of several experiments' figures side by side.
//!
//! A file is read with the same tree and the same messages as an experiment. It only names what experiments already
//! show: nothing here chooses rows, axes or looks, and nothing here draws.

use super::figure::WIDTHS;
use super::{Experiment, FigureSpec, Width};
use crate::format::keys::{Integer, Line, Pattern, Read, Role, Sink, Table, key};
use crate::format::tree::{self, Node};
use crate::format::{Fault, Faults, Origin, Source, schema};
use std::collections::HashSet;

/// A tag is one letter.
const MOST_PANELS: usize = 26;

/// More side by side leave no room for axes.
const MOST_COLUMNS: i64 = 4;

/// A validated composed figure, whose panels are not yet looked up.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The file's name without directory and ending: the name of its results.
    pub name: String,
    /// Printed above it.
    pub title: Option<String>,
    /// Width in print.
    pub width: Width,
    /// Panels per row.
    pub columns: usize,
    /// The panels, row by row.
    pub panels: Vec<PanelSource>,
}

/// Where a panel comes from.
#[derive(Debug, Clone)]
pub struct PanelSource {
    /// Name of an experiment.
    pub experiment: String,
    /// Name of one of its figures.
    pub figure: String,
    /// Which panel of that figure, from 1.
    panel: Option<i64>,
    /// Printed above the panel, instead of the source's own title.
    pub title: Option<String>,
    node: Node,
}

/// A panel found among experiments: an index of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelRef {
    /// Index of the experiment among those searched.
    pub experiment: usize,
    /// Index among its figures.
    pub figure: usize,
    /// Index among the panels of that figure.
    pub panel: usize,
}

/// Validates the text of a file; its panels are looked up by [`Composed::find`]. `name` names its results, `shown` stands in
/// messages.
pub fn parse_composed(name: &str, shown: &str, text: String) -> Result<Composed, Faults> {
    let root = tree::parse(&Source::file(shown, text))?;
    let sink = Sink::default();
    let read = read(&mut Table::reading(&root, "", Role::Fixed, &sink), name);
    read.map_err(|_| Faults::new(sink.into_faults()))
}

fn read(table: &mut Table<'_>, name: &str) -> Read<Composed> {
    let title = key(
        "title",
        "Printed above the figure; $...$ sets symbols.",
        Line(Pattern::Line),
    );
    let title = table.find(title, "none");
    let width = table.get(key("width", "Width in print.", WIDTHS));
    let columns = table.get(key("columns", "Panels per row.", Integer(1, MOST_COLUMNS)));
    let about = "The panels, row by row; they are tagged (a), (b), and so on.";
    let panels = table.tables("panels", about, MOST_PANELS, panel);
    let own = table.end()?;
    let panels = panels.take(&own).unwrap_or_default();
    if panels.is_empty() {
        return own.refuse(own.fault("panels", "the list is empty: a figure needs a panel"));
    }
    Ok(Composed {
        name: name.to_owned(),
        title: title.take(&own),
        width: width.take(&own),
        columns: columns.take(&own) as usize,
        panels,
    })
}

fn panel(table: &mut Table<'_>) -> Read<PanelSource> {
    let about = "Name of an experiment: its file without ending.";
    let experiment = table.get(key("experiment", about, Line(Pattern::Line)));
    let figure = table.get(key("figure", "Name of one of its figures.", Line(Pattern::Line)));
    let about = "Which panel of that figure, from 1.";
    let panel = table.find(key("panel", about, Integer(1, i64::MAX)), "needed where it has several");
    let title = key(
        "title",
        "Printed above the panel; $...$ sets symbols.",
        Line(Pattern::Line),
    );
    let title = table.find(title, "the source's own title");
    let own = table.end()?;
    Ok(PanelSource {
        experiment: experiment.take(&own),
        figure: figure.take(&own),
        panel: panel.take(&own),
        title: title.take(&own),
        node: own.node(),
    })
}

impl Composed {
    /// Looks every panel up among experiments. A name that none of them has is refused with those that they have.
    pub fn find(&self, experiments: &[&Experiment]) -> Result<Vec<PanelRef>, Fault> {
        if let Some(other) = experiments.iter().find(|experiment| experiment.name == self.name) {
            let origin = Origin {
                start: 0,
                ..self.panels[0].node.origin.clone()
            };
            let what = format!(
                "an experiment is called {:?} too, and their results would mix",
                other.name
            );
            return Err(Fault::new(&origin, "", what));
        }
        self.panels.iter().map(|panel| panel.find(experiments)).collect()
    }

    /// The first experiment it names that is not among these.
    pub fn missing(&self, experiments: &[&Experiment]) -> Option<&str> {
        let known: HashSet<&str> = experiments.iter().map(|experiment| experiment.name.as_str()).collect();
        let mut named = self.panels.iter().map(|panel| panel.experiment.as_str());
        named.find(|name| !known.contains(name))
    }
}

impl PanelSource {
    fn find(&self, experiments: &[&Experiment]) -> Result<PanelRef, Fault> {
        let names = experiments.iter().map(|experiment| experiment.name.as_str());
        let experiment = self.position("experiment", &self.experiment, names)?;
        let figures = &experiments[experiment].figures;
        let figure = self.position("figure", &self.figure, figures.iter().map(|spec| spec.name.as_str()))?;
        let panels = count_panels(experiments[experiment], &figures[figure]);
        let panel = match self.panel {
            None if panels > 1 => {
                let what = format!("it has {panels} panels: say which by panel = 1 to {panels}");
                return Err(Fault::new(&self.node.origin_of("figure"), "panels.figure", what));
            }
            None => 0,
            Some(panel) if (1..=panels as i64).contains(&panel) => panel as usize - 1,
            Some(panel) => {
                let what = format!("{panel} is out of range: the figure has panels 1 to {panels}");
                return Err(Fault::new(&self.node.origin_of("panel"), "panels.panel", what));
            }
        };
        Ok(PanelRef {
            experiment,
            figure,
            panel,
        })
    }

    fn position<'a>(&self, key: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Result<usize, Fault> {
        let known: Vec<&str> = known.collect();
        known
            .iter()
            .position(|own| *own == name)
            .ok_or_else(|| Fault::unknown(&self.node.origin_of(key), format!("panels.{key}"), key, name, known))
    }
}

fn count_panels(experiment: &Experiment, spec: &FigureSpec) -> usize {
    let Some(column) = spec.panel else { return 1 };
    let values: HashSet<&str> = spec
        .rows
        .iter()
        .map(|&row| experiment.cells(row)[column].text.as_str())
        .collect();
    values.len()
}

/// The JSON Schema of composed figures, with a final line feed.
pub fn figure_schema() -> String {
    schema::of_table(
        "mode-lottery composed figure",
        &Table::described(Role::Fixed, |table| read(table, "")),
    )
}
