//! Owns the command `list`.

use super::{CliError, print};
use crate::experiment::keys;
use crate::experiment::{CLAIM_KINDS, FIGURE_KINDS};
use crate::select::{Balance, CoverageTies, RewardScale, Selector, Similarity};
use crate::study::STUDIES;
use std::fmt::Write as _;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// The families of instances.
const FAMILIES: [(&str, &str); 5] = [
    ("sphere", "embeddings in random directions"),
    ("clusters", "embeddings near orthonormal centres"),
    ("uniform", "symmetric uniform similarities"),
    ("binary", "similarities 0 or 1, not symmetric"),
    (
        "adversarial",
        "binary, then made worse for greedy picks by a hill climb",
    ),
];

/// The laws of samples.
const LAWS: [(&str, &str); 2] = [
    ("normal", "average and spread of samples are independent"),
    (
        "exponential",
        "skew: samples that lie low look more precise than they are",
    ),
];

/// Prints the names that experiment files can use.
pub(super) fn run(_: &Args) -> Result<(), CliError> {
    let mut out = String::from("studies\n");
    for study in STUDIES {
        line(&mut out, study.name, study.about);
    }
    out += "\nworlds\n";
    line(
        &mut out,
        "dirichlet",
        "pi(x) ~ Dirichlet(concentration * base), responses independent given the prompt",
    );
    line(
        &mut out,
        "copies",
        "the same, but a response may copy a common draw: the negative control",
    );
    line(
        &mut out,
        "embedded",
        "as dirichlet, and responses have rewards and embeddings for selectors to look at",
    );
    out += "\nworlds of the study greedy: laws of a pool with uniform rewards\n";
    for (name, about) in FAMILIES {
        line(&mut out, name, about);
    }
    out += "\nworlds of the study stopping: laws of a sample\n";
    for (name, about) in LAWS {
        line(&mut out, name, about);
    }
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
    for (name, about) in CLAIM_KINDS {
        line(&mut out, name, about);
    }
    out += "\nfigures\n";
    for (name, about) in FIGURE_KINDS {
        line(&mut out, name, about);
    }
    out += "\nkeys of experiment files\n";
    for doc in keys::all() {
        line(&mut out, doc.path, doc.meaning);
    }
    print(&out)
}

fn line(out: &mut String, name: &str, about: &str) {
    // Cannot fail because writing to a String never does.
    let _ = writeln!(out, "  {name:<21} {about}");
}
