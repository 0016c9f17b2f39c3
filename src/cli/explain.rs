//! Owns the command `explain`.

use super::{CliError, glossary, print};
use crate::engine::{EstimandKind, MeasureKind, Quantity};
use crate::experiment::docs::{self, KeyEntry};
use crate::experiment::nearest;
use crate::format::keys::WordDoc;
use crate::record::{claims, curves, estimates};
use crate::study::measures;
use crate::study::registry::{STUDIES, StudyKind};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A key (world.concentration, responses), a word that one takes (random, dirichlet, agrees), a measure (mode-mass), an
    /// estimand (mode-mass.variance, variance), a column of a result (mcse), or a symbol (K, N_p, V_x)
    word: String,
}

/// Prints what is known of a word: of an estimand meaning, formula, unit and source, of a key its values and default.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match explain(&args.word) {
        Some(text) => print(&text),
        None => Err(CliError::Input(unknown(&args.word))),
    }
}

fn explain(word: &str) -> Option<String> {
    // A word may be a key and a measure, or a quantity of one study and a measure of another: all are told.
    let meanings = [
        estimand(word),
        key(word),
        measure(word),
        values(word),
        columns(word),
        symbol(word),
    ];
    let told: Vec<String> = meanings.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

fn key(word: &str) -> Option<String> {
    let texts: Vec<String> = docs::find(word).into_iter().map(of_key).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// What is said of a key, and of which files and tables.
fn of_key(entry: &KeyEntry) -> String {
    let KeyEntry { path, doc, .. } = entry;
    let list = |name: &str, words: &[&str]| match words {
        [] => String::new(),
        words => format!("  {name:<8} {}\n", words.join(", ")),
    };
    format!(
        "{path}  (key of experiment files)\n{}{}  meaning  {}\n  values   {}\n  default  {}\n",
        list("studies", &entry.studies),
        list("kinds", &entry.kinds),
        doc.about,
        doc.kind.values(),
        doc.absent.said()
    )
}

fn measure(word: &str) -> Option<String> {
    let (study, own) = measures().find(|(_, own)| own.name == word)?;
    let estimands: Vec<&str> = own.estimands.iter().map(|kind| kind.name).collect();
    Some(format!(
        "{}  (measure of the study {})\n  meaning    {}\n  estimands  {}\n",
        own.name,
        study.name,
        own.about,
        estimands.join(", ")
    ))
}

/// The keys that take the word as a value, but for measures, which are explained as such. One that decides the keys of its table is followed by these.
fn values(word: &str) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    for entry in docs::all().iter().filter(|entry| entry.path != "measures") {
        for own in entry.doc.kind.words().into_iter().filter(|own| own.name == word) {
            let text = of_value(entry, &own);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn of_value(entry: &KeyEntry, own: &WordDoc) -> String {
    let path = entry.path.replace("[]", "");
    let studies = match &entry.studies[..] {
        [] => String::new(),
        studies => format!("  studies  {}\n", studies.join(", ")),
    };
    let meaning = match own.about {
        "" => String::new(),
        about => format!("  meaning  {about}\n"),
    };
    format!(
        "{}  (value of {path})\n{studies}  of       {}\n{meaning}{}",
        own.name,
        entry.doc.about,
        keys_of_kind(entry, own.name)
    )
}

/// The keys of a table that one of its kinds has, those that every kind has last.
fn keys_of_kind(entry: &KeyEntry, kind: &str) -> String {
    let Some(table) = entry.path.strip_suffix("kind") else {
        return String::new();
    };
    let beside = docs::all().iter().filter(|other| {
        let name = other.path.strip_prefix(table);
        name.is_some_and(|name| name != "kind" && !name.contains('.'))
            && (other.studies.is_empty() || other.studies == entry.studies)
    });
    let (of_all, own): (Vec<&KeyEntry>, Vec<&KeyEntry>) = beside
        .filter(|other| other.kinds.is_empty() || other.kinds.contains(&kind))
        .partition(|other| other.kinds.is_empty());
    let line = |name: &str, keys: &[&KeyEntry]| match keys {
        [] => String::new(),
        keys => {
            let names: Vec<&str> = keys.iter().map(|own| own.doc.name).collect();
            format!("  {name:<8} {}\n", names.join(", "))
        }
    };
    line("keys", &own) + &line("and", &of_all)
}

/// The columns of result files of this name.
fn columns(word: &str) -> Option<String> {
    let of = |file: &str, (name, about): (&str, &str)| {
        (name == word).then(|| format!("{name}  (column of {file})\n  meaning  {about}\n"))
    };
    let estimates = estimates::BEFORE
        .into_iter()
        .chain(estimates::AFTER)
        .chain([estimates::TARGET]);
    let claims = claims::COLUMNS.into_iter().chain([claims::FLAG]);
    let texts: Vec<String> = estimates
        .filter_map(|own| of("estimates.csv", own))
        .chain(claims.filter_map(|own| of("claims.csv", own)))
        .chain(curves::COLUMNS.into_iter().filter_map(|own| of("curves.csv", own)))
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn symbol(word: &str) -> Option<String> {
    let (name, about) = glossary::find(word)?;
    Some(format!("{name}  (in tables, pages and formulas)\n  meaning  {about}\n"))
}

/// `measure.quantity`, or a quantity alone, in every study that has it.
fn estimand(word: &str) -> Option<String> {
    let told = |study: &StudyKind, quantity: &Quantity, of: &str| {
        format!(
            "{word}  (estimand of the study {})\n{of}  meaning  {}\n  formula  {}\n  unit     {}\n  source   {}\n  symbols  {}\n",
            study.name, quantity.meaning, quantity.formula, quantity.unit, quantity.source, study.symbols
        )
    };
    if word.contains('.') {
        let own = |kind: &&EstimandKind| kind.name == word;
        let mut found = measures().filter_map(|(study, of)| Some((study, of, of.estimands.iter().find(own)?)));
        let (study, of, kind) = found.next()?;
        return Some(told(
            study,
            kind.quantity,
            &format!("  of       {}: {}\n", of.name, of.about),
        ));
    }
    let of_study = |study: &&StudyKind| {
        let quantity = study.quantities().into_iter().find(|own| own.name == word)?;
        Some(told(study, quantity, ""))
    };
    let texts: Vec<String> = STUDIES.iter().filter_map(of_study).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn unknown(word: &str) -> String {
    let all: Vec<&MeasureKind> = measures().map(|(_, measure)| measure).collect();
    let estimands = all.iter().flat_map(|measure| measure.estimands);
    let mut known: Vec<String> = estimands.map(|kind| kind.name.to_owned()).collect();
    known.extend(all.iter().map(|measure| measure.name.to_owned()));
    known.extend(docs::all().iter().map(|entry| entry.path.replace("[]", "")));
    let words = docs::all().iter().flat_map(|entry| entry.doc.kind.words());
    known.extend(words.map(|own| own.name.to_owned()));
    // A symbol of one or two letters is near to everything.
    let long = glossary::WORDS.iter().filter(|(name, _)| name.len() > 2);
    known.extend(long.map(|(name, _)| (*name).to_owned()));
    let near = nearest(word, &known)
        .map(|n| format!("; did you mean {n:?}?"))
        .unwrap_or_default();
    format!("nothing is called {word:?}{near} (`mode-lottery list` shows all names)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_measure_and_estimand_is_explained() {
        for entry in docs::all() {
            assert!(explain(&entry.path.replace("[]", "")).is_some(), "{}", entry.path);
        }
        for (_, measure) in measures() {
            assert!(explain(measure.name).is_some(), "{}", measure.name);
            for kind in measure.estimands {
                assert!(explain(kind.name).is_some(), "{}", kind.name);
                assert!(explain(kind.quantity.name).is_some(), "{}", kind.quantity.name);
            }
        }
        for word in docs::all().iter().flat_map(|entry| entry.doc.kind.words()) {
            assert!(explain(word.name).is_some(), "{}", word.name);
        }
        assert!(explain("responses").is_some(), "a method key by its name in grids");
        for (word, kinds) in [
            (
                "path",
                ["(key of experiment files)", "(measure of the study alignment)"],
            ),
            (
                "excess-nll",
                ["(estimand of the study alignment)", "(measure of the study training)"],
            ),
        ] {
            let told = explain(word).unwrap_or_default();
            assert!(kinds.iter().all(|kind| told.contains(kind)), "{told}");
        }
        assert_eq!(explain("respones"), None);
        assert!(unknown("mode-mass.varience").contains("did you mean \"mode-mass.variance\"?"));
    }
}
