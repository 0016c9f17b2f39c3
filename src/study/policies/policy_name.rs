//! Owns the names of policies in files: a family and its size, such as `network 8`.

use crate::format::keys::{Form, Kind, Pattern, Place};
use crate::format::{Fault, quoted, tree};
use crate::policy::Family;

/// A policy as files name it: how many features it sees is the world's number, where it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PolicyName {
    Shared,
    LogLinear(Option<u32>),
    LowRank(u32),
    Network(u32),
}

/// The names, for messages.
const KNOWN: [&str; 5] = ["shared", "log-linear", "log-linear 4", "low-rank 2", "network 8"];

/// The largest sizes: features seen, ranks and hidden units.
const MOST: u32 = 256;

/// The names: a size has at most three digits.
const REGEX: &str = "^(shared|log-linear|(log-linear|low-rank|network) ([1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-6]))$";

impl PolicyName {
    /// The family, where prompts have so many features.
    pub fn family(self, features: usize) -> Family {
        match self {
            PolicyName::Shared => Family::LogLinear { inputs: 0 },
            PolicyName::LogLinear(inputs) => Family::LogLinear {
                inputs: inputs.map_or(features, |own| own as usize),
            },
            PolicyName::LowRank(rank) => Family::LowRank {
                inputs: features,
                rank: rank as usize,
            },
            PolicyName::Network(hidden) => Family::Network {
                inputs: features,
                hidden: hidden as usize,
            },
        }
    }

    fn of(text: &str) -> Option<Self> {
        let (word, size) = match text.split_once(' ') {
            Some((word, size)) => (
                word,
                Some(
                    size.parse()
                        .ok()
                        .filter(|own: &u32| (1..=MOST).contains(own) && own.to_string() == size)?,
                ),
            ),
            None => (text, None),
        };
        match (word, size) {
            ("shared", None) => Some(PolicyName::Shared),
            ("log-linear", inputs) => Some(PolicyName::LogLinear(inputs)),
            ("low-rank", Some(rank)) => Some(PolicyName::LowRank(rank)),
            ("network", Some(hidden)) => Some(PolicyName::Network(hidden)),
            _ => None,
        }
    }
}

/// Whether a text names a family that takes a size.
fn size_of(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or(text);
    ["log-linear", "low-rank", "network"].contains(&word)
}

/// The form of values of the key `policy`.
pub(super) struct PolicyNames;

impl Form for PolicyNames {
    type Value = PolicyName;

    fn read(&self, node: &tree::Node, place: &Place<'_>) -> Option<PolicyName> {
        match &node.value {
            tree::Value::String(text) => PolicyName::of(text).or_else(|| match size_of(text) {
                true => place.refuse(&node.origin, format!("{} has no size from 1 to {MOST}", quoted(text))),
                false => place.refuse_fault(Fault::unknown(&node.origin, place.key(), "value", text, KNOWN)),
            }),
            _ => place.refuse_type(node, "the name of a policy"),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Line(Pattern::Matching {
            regex: REGEX,
            words: "shared; log-linear, or log-linear F; low-rank R; network H, sizes from 1 to 256",
        })
    }

    fn text(&self, value: &PolicyName) -> String {
        match value {
            PolicyName::Shared => "\"shared\"".to_owned(),
            PolicyName::LogLinear(None) => "\"log-linear\"".to_owned(),
            PolicyName::LogLinear(Some(inputs)) => format!("\"log-linear {inputs}\""),
            PolicyName::LowRank(rank) => format!("\"low-rank {rank}\""),
            PolicyName::Network(hidden) => format!("\"network {hidden}\""),
        }
    }
}
