//! Owns the command `list`.

use super::{CliError, print};
use crate::experiment::CLAIM_KINDS;
use crate::experiment::keys::KEYS;
use crate::select::Selector;
use crate::study::selection::{MEASURES, QUANTITIES};
use std::fmt::Write as _;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the names that experiment files can use.
pub(super) fn run(_: &Args) -> Result<(), CliError> {
    let mut out = String::from("studies\n  selection    estimators made of selected responses, against exact truth\n");
    out += "\nworlds\n  dirichlet    pi(x) ~ Dirichlet(concentration * base), responses independent given the prompt\n";
    out += "  copies       the same, but a response may copy a common draw: the negative control\n\nselectors\n";
    for selector in Selector::ALL {
        line(&mut out, selector.name(), selector.about());
    }
    out += "\nmeasures (study selection)\n";
    for doc in MEASURES {
        line(&mut out, doc.name, doc.about);
    }
    out += "\nquantities: an estimand is measure.quantity\n";
    for doc in QUANTITIES {
        line(&mut out, doc.quantity, doc.meaning);
    }
    out += "\nclaims: what is said of an estimand\n";
    for (name, about) in CLAIM_KINDS {
        line(&mut out, name, about);
    }
    out += "\nfigures\n  line, heat-map\n\nkeys of experiment files\n";
    for doc in KEYS {
        line(&mut out, doc.path, doc.meaning);
    }
    print(&out)
}

fn line(out: &mut String, name: &str, about: &str) {
    // Cannot fail because writing to a String never does.
    let _ = writeln!(out, "  {name:<21} {about}");
}
