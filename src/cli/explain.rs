//! Owns the command `explain`.

use super::{CliError, print};
use crate::experiment::keys::{self, KEYS};
use crate::experiment::{CLAIM_KINDS, nearest};
use crate::study::selection::{MEASURES, QUANTITIES};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A key (world.concentration, responses), a measure (mode-mass), an estimand (mode-mass.variance, variance) or a kind
    /// of claim (optimum)
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
    estimand(word)
        .or_else(|| key(word))
        .or_else(|| measure(word))
        .or_else(|| claim(word))
}

fn key(word: &str) -> Option<String> {
    let doc = keys::find(word)?;
    Some(format!(
        "{}  (key of experiment files)\n  meaning  {}\n  values   {}\n  default  {}\n",
        doc.path, doc.meaning, doc.range, doc.default
    ))
}

fn measure(word: &str) -> Option<String> {
    let doc = MEASURES.iter().find(|doc| doc.name == word)?;
    let names = crate::study::selection::names(doc.measure, true);
    Some(format!(
        "{}  (measure of the study selection)\n  meaning    {}\n  estimands  {}\n",
        doc.name,
        doc.about,
        names.join(", ")
    ))
}

fn claim(word: &str) -> Option<String> {
    let (name, about) = CLAIM_KINDS.iter().find(|(name, _)| *name == word)?;
    Some(format!(
        "{name}  (kind of claim)\n  meaning  the estimand {about}; every cell must hold\n  keys     see `mode-lottery explain claims.kind`\n"
    ))
}

/// `measure.quantity`, or a quantity alone.
fn estimand(word: &str) -> Option<String> {
    let (measure, quantity) = match word.split_once('.') {
        Some((measure, quantity)) => (Some(MEASURES.iter().find(|doc| doc.name == measure)?), quantity),
        None => (None, word),
    };
    let doc = QUANTITIES.iter().find(|doc| doc.quantity == quantity)?;
    let of = measure
        .map(|m| format!("  of       {}: {}\n", m.name, m.about))
        .unwrap_or_default();
    Some(format!(
        "{word}  (estimand of the study selection)\n{of}  meaning  {}\n  formula  {}\n  unit     {}\n  source   {}\n  \
         symbols  X the statistic of one replicate, t its truth, R replicates, S covariance, N_p prompts, K responses kept, \
         N candidates, V_x and V_{{y|x}} its variance between prompts and within\n",
        doc.meaning, doc.formula, doc.unit, doc.source
    ))
}

fn unknown(word: &str) -> String {
    let mut known: Vec<String> = MEASURES
        .iter()
        .flat_map(|doc| crate::study::selection::names(doc.measure, true))
        .chain(MEASURES.iter().map(|doc| doc.name.to_owned()))
        .chain(CLAIM_KINDS.iter().map(|(name, _)| (*name).to_owned()))
        .collect();
    known.extend(KEYS.iter().map(|doc| doc.path.replace("[]", "")));
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
        for doc in KEYS {
            assert!(explain(&doc.path.replace("[]", "")).is_some(), "{}", doc.path);
        }
        for doc in MEASURES {
            assert!(explain(doc.name).is_some(), "{}", doc.name);
            for name in crate::study::selection::names(doc.measure, true) {
                assert!(explain(&name).is_some(), "{name}");
            }
        }
        for (name, _) in CLAIM_KINDS {
            assert!(explain(name).is_some(), "{name}");
        }
        assert!(explain("responses").is_some(), "a method key by its name in grids");
        assert_eq!(explain("respones"), None);
        assert!(unknown("mode-mass.varience").contains("did you mean \"mode-mass.variance\"?"));
    }
}
