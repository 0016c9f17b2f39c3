//! Owns the command `list`.

use super::{CliError, glossary, print};
use crate::experiment::{claim_kinds, docs, figure_kinds};
use crate::select::{Balance, CoverageTies, RewardScale, Selector, Similarity};
use crate::study::registry::STUDIES;
use std::collections::HashSet;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only lines with these letters in the name or its meaning, or whole sections with them in the heading
    filter: Option<String>,
}

/// Prints the names that experiment files can use, and the words of tables and pages.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let filter = args.filter.as_deref().unwrap_or("");
    let sections = sections().into_iter().filter_map(|own| own.filtered(filter));
    let texts: Vec<String> = sections.map(|own| own.text()).collect();
    match texts.is_empty() {
        true => Err(CliError::Input(format!(
            "no name or meaning has {filter:?} in it; `mode-lottery list` shows all"
        ))),
        false => print(&texts.join("\n")),
    }
}

/// Names of one sort.
struct Section {
    title: String,
    /// Each with what it means.
    words: Vec<(String, String)>,
}

impl Section {
    fn new(title: impl Into<String>, words: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let words = words.into_iter().map(|(name, about)| (name.into(), about.into()));
        Self {
            title: title.into(),
            words: words.collect(),
        }
    }

    /// Those of its words that have some letters in them, or all where the title has.
    fn filtered(mut self, letters: &str) -> Option<Self> {
        let letters = letters.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&letters);
        if !has(&self.title) {
            self.words.retain(|(name, about)| has(name) || has(about));
        }
        (!self.words.is_empty()).then_some(self)
    }

    fn text(&self) -> String {
        let line = |(name, about): &(String, String)| format!("  {name:<21} {about}\n");
        let lines: String = self.words.iter().map(line).collect();
        format!("{}\n{lines}", self.title)
    }
}

fn sections() -> Vec<Section> {
    let mut all = vec![Section::new("studies", STUDIES.iter().map(|own| (own.name, own.about)))];
    all.extend(worlds());
    all.extend([
        Section::new("selectors", Selector::ALL.iter().map(|own| (own.name(), own.about()))),
        Section::new(
            "similarities of embeddings",
            Similarity::KINDS.iter().map(|own| (own.name(), own.about())),
        ),
        Section::new(
            "scales of rewards within a pool",
            RewardScale::ALL.iter().map(|own| (own.name(), own.about())),
        ),
        Section::new(
            "balances of rewards against coverage",
            Balance::ALL.iter().map(|own| (own.name(), own.about())),
        ),
        Section::new(
            "ties of weighted selectors: what a candidate as similar to several kept ones adds its weight to",
            CoverageTies::ALL.iter().map(|own| (own.name(), own.about())),
        ),
    ]);
    for study in STUDIES {
        let measures = study.measures.iter().map(|own| (own.name, own.about));
        all.push(Section::new(format!("measures of {}", study.name), measures));
        let quantities = study.quantities().into_iter().map(|own| (own.name, own.meaning));
        let title = format!("quantities of {}: an estimand is measure.quantity", study.name);
        all.push(Section::new(title, quantities));
    }
    all.push(Section::new("claims: what is said of an estimand", claim_kinds()));
    all.push(Section::new("figures", figure_kinds()));
    let mut shown = HashSet::new();
    let keys = docs::all()
        .iter()
        .filter(|entry| shown.insert((&entry.path, entry.doc.about)));
    all.push(Section::new(
        "keys of experiment files",
        keys.map(|entry| (entry.path.as_str(), entry.doc.about)),
    ));
    all.push(Section::new("symbols and words of tables and pages", glossary::WORDS));
    all
}

/// The kinds of worlds, under the studies that take them.
fn worlds() -> impl Iterator<Item = Section> {
    let kinds = docs::all().iter().filter(|entry| entry.path == "world.kind");
    kinds.map(|entry| {
        let words = entry.doc.kind.words().into_iter().map(|word| (word.name, word.about));
        Section::new(format!("worlds of {}", entry.studies.join(", ")), words)
    })
}
