//! Owns the command `list`.

use super::{CliError, print};
use crate::experiment::{claim_kinds, docs, figure_kinds};
use crate::format::keys::Kind;
use crate::select::{Balance, CoverageTies, RewardScale, Selector, Similarity};
use crate::study::registry::STUDIES;
use std::collections::HashSet;
use std::fmt::Write as _;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the names that experiment files can use.
pub(super) fn run(_: &Args) -> Result<(), CliError> {
    let mut out = String::from("studies\n");
    for study in STUDIES {
        line(&mut out, study.name, study.about);
    }
    worlds(&mut out);
    out += "\nselectors\n";
    for selector in Selector::ALL {
        line(&mut out, selector.name(), selector.about());
    }
    out += "\nsimilarities of embeddings\n";
    for similarity in Similarity::KINDS {
        line(&mut out, similarity.name(), similarity.about());
    }
    out += "\nscales of rewards within a pool\n";
    for scale in RewardScale::ALL {
        line(&mut out, scale.name(), scale.about());
    }
    out += "\nbalances of rewards against coverage\n";
    for balance in Balance::ALL {
        line(&mut out, balance.name(), balance.about());
    }
    out += "\nties of weighted selectors: what a candidate as similar to several kept ones adds its weight to\n";
    for ties in CoverageTies::ALL {
        line(&mut out, ties.name(), ties.about());
    }
    for study in STUDIES {
        let _ = write!(out, "\nmeasures of {}\n", study.name);
        for measure in study.measures {
            line(&mut out, measure.name, measure.about);
        }
        let _ = write!(out, "\nquantities of {}: an estimand is measure.quantity\n", study.name);
        for quantity in study.quantities() {
            line(&mut out, quantity.name, quantity.meaning);
        }
    }
    out += "\nclaims: what is said of an estimand\n";
    for (name, about) in claim_kinds() {
        line(&mut out, name, about);
    }
    out += "\nfigures\n";
    for (name, about) in figure_kinds() {
        line(&mut out, name, about);
    }
    out += "\nkeys of experiment files\n";
    let mut shown = HashSet::new();
    for entry in docs::all() {
        if shown.insert((&entry.path, entry.doc.about)) {
            line(&mut out, &entry.path, entry.doc.about);
        }
    }
    print(&out)
}

/// The kinds of worlds, under the studies that take them.
fn worlds(out: &mut String) {
    for entry in docs::all().iter().filter(|entry| entry.path == "world.kind") {
        let _ = write!(out, "\nworlds of {}\n", entry.studies.join(", "));
        if let Kind::Word(words) = &entry.doc.kind {
            words.iter().for_each(|word| line(out, word.name, word.about));
        }
    }
}

fn line(out: &mut String, name: &str, about: &str) {
    // Cannot fail because writing to a String never does.
    let _ = writeln!(out, "  {name:<21} {about}");
}
