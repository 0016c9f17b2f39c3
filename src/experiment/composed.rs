//! Owns composed figures: files `figures/*.toml` that put panels of several experiments' figures side by side.
//!
//! A file is read with the same tree and the same messages as an experiment. It only names what experiments already
//! show: nothing here chooses rows, axes or looks, and nothing here draws.

use super::check::integer;
use super::check::one_line;
use super::fault::{Fault, Origin, Source};
use super::rows::tables;
use super::text::{LoadError, read_text, stem};
use super::tree::{self, Node};
use super::wire::WireWidth;
use super::{Experiment, FigureSpec, Width, de};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

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

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WireComposed {
    /// Printed above the figure; $...$ sets symbols.
    title: Option<String>,
    /// Width in print: one-column (85 mm), two-columns (178 mm).
    width: WireWidth,
    /// Panels per row, from 1 to 4.
    columns: i64,
    /// The panels, row by row; they are tagged (a), (b), and so on.
    panels: Vec<WirePanel>,
}

/// Where a panel comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WirePanel {
    /// Name of an experiment: its file without ending.
    experiment: String,
    /// Name of one of its figures.
    figure: String,
    /// Which panel of that figure, from 1; needed where it has several.
    panel: Option<i64>,
    /// Printed above the panel, instead of the source's own title; $...$ sets symbols.
    title: Option<String>,
}

/// Reads and validates a file; its panels are looked up by [`Composed::find`].
pub fn load_composed(path: &Path) -> Result<Composed, LoadError> {
    let text = read_text(path)?;
    Ok(parse(&stem(path), &path.display().to_string(), text)?)
}

fn parse(name: &str, shown: &str, text: String) -> Result<Composed, Fault> {
    let source = Arc::new(Source {
        name: shown.to_owned(),
        text,
        is_file: true,
    });
    let root = tree::parse(&source)?;
    let wire: WireComposed = de::from_node(&root, "")?;
    let nodes = tables(&root, "panels")?;
    let what = match nodes.len() {
        0 => Some("the list is empty: a figure needs a panel".to_owned()),
        n if n > MOST_PANELS => Some(format!("{n} panels; at most {MOST_PANELS} can be tagged by a letter")),
        _ => None,
    };
    if let Some(what) = what {
        return Err(Fault::new(&root.origin_of("panels"), "panels", what));
    }
    let panels = wire.panels.into_iter().zip(nodes).map(|(wire, node)| panel(wire, node));
    Ok(Composed {
        name: name.to_owned(),
        title: optional_line(&root, "title", wire.title)?,
        width: match wire.width {
            WireWidth::OneColumn => Width::OneColumn,
            WireWidth::TwoColumns => Width::TwoColumns,
        },
        columns: integer(&root, "columns", wire.columns, 1, MOST_COLUMNS)? as usize,
        panels: panels.collect::<Result<_, _>>()?,
    })
}

fn panel(wire: WirePanel, node: &Node) -> Result<PanelSource, Fault> {
    Ok(PanelSource {
        title: optional_line(node, "panels.title", wire.title)?,
        experiment: wire.experiment,
        figure: wire.figure,
        panel: wire.panel,
        node: node.clone(),
    })
}

fn optional_line(node: &Node, path: &str, text: Option<String>) -> Result<Option<String>, Fault> {
    text.map(|text| one_line(node, "title", path, text)).transpose()
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
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.inline_subschemas = true)
        .into_generator();
    let mut schema = WireComposed::json_schema(&mut generator).to_value();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("mode-lottery composed figure");
    schema["properties"]["columns"]["minimum"] = Json::from(1);
    schema["properties"]["columns"]["maximum"] = Json::from(MOST_COLUMNS);
    schema["properties"]["panels"]["minItems"] = Json::from(1);
    schema["properties"]["panels"]["maxItems"] = Json::from(MOST_PANELS);
    // Cannot fail because a JSON value always has a text.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
