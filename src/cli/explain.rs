//! Owns the command `explain`.

use super::{CliError, print};
use crate::engine::{EstimandKind, MeasureKind, Quantity};
use crate::experiment::docs::{self, KeyEntry};
use crate::experiment::{claim_kinds, figure_kinds, nearest};
use crate::study::measures;
use crate::study::registry::{STUDIES, StudyKind};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A key (world.concentration, responses), a measure (mode-mass), an estimand (mode-mass.variance, variance) or a kind
    /// of claim (optimum) or figure (bars)
    word: String,
}

/// Prints meaning, formula, unit, range and source of a key, measure or estimand.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match explain(&args.word) {
        Some(text) => print(&text),
        None => Err(CliError::Input(unknown(&args.word))),
    }
}

fn explain(word: &str) -> Option<String> {
    // A word may be a key and a measure, or a quantity of one study and a measure of another: all are told.
    let meanings = [estimand(word), key(word), measure(word), claim(word), figure(word)];
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

fn claim(word: &str) -> Option<String> {
    let (name, about) = claim_kinds().find(|(name, _)| *name == word)?;
    Some(format!(
        "{name}  (kind of claim)\n  meaning  the estimand {about}; every cell must hold\n  keys     see `mode-lottery explain claims.kind`\n"
    ))
}

fn figure(word: &str) -> Option<String> {
    let (name, about) = figure_kinds().find(|(name, _)| *name == word)?;
    Some(format!(
        "{name}  (kind of figure)\n  shows  {about}\n  keys   see `mode-lottery explain figures.kind`\n"
    ))
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
    known.extend(claim_kinds().map(|(name, _)| name.to_owned()));
    known.extend(figure_kinds().map(|(name, _)| name.to_owned()));
    known.extend(docs::all().iter().map(|entry| entry.path.replace("[]", "")));
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
        for (name, _) in claim_kinds().chain(figure_kinds()) {
            assert!(explain(name).is_some(), "{name}");
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
