//! Owns which columns are read: the names that are asked for, and what was found of them.

use super::Fault;
use super::fault::known;
use super::numbers::count;
use super::prompt::Row;
use crate::select::Selector;

/// The columns (CSV) or keys (JSONL) to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of prompt ids.
    pub prompt: String,
    /// Of candidate ids, distinct within a prompt.
    pub candidate: String,
    /// Of rewards.
    pub reward: String,
    /// Whether rewards must be there. Where they need not be, they are read all the same if they are.
    pub needs_rewards: bool,
    /// Of what tells which candidates are alike.
    pub nearness: Nearness,
}

/// What tells which candidates of a prompt are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nearness {
    /// Nothing: the selector does not ask. Such columns are not read.
    Nothing,
    /// Embeddings or similarities under their usual names, whichever the file has.
    Either,
    /// Embeddings: one column of lists of this name, or one column per number of this name and 0, 1, ...
    /// None: `embedding`, else `e0`, `e1`, ...
    Embedding(Option<String>),
    /// Similarities to the prompt's candidates in the order of its rows, by name as for embeddings.
    /// None: `similarity`, else `s0`, `s1`, ...
    Similarity(Option<String>),
}

/// Whether lists of numbers are embeddings or similarities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Embedding,
    Similarity,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Embedding => "embedding",
            Kind::Similarity => "similarity",
        }
    }
}

/// A place where numbers may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub kind: Kind,
    /// The column of lists.
    pub list: String,
    /// What stands before the number in the names of single columns.
    pub prefix: String,
}

impl Nearness {
    /// Every place that may be looked at, in order.
    pub(super) fn sources(&self) -> Vec<Source> {
        let usual = |kind: Kind| Source {
            kind,
            list: kind.name().to_owned(),
            prefix: kind.name()[..1].to_owned(),
        };
        let named = |kind, name: &Option<String>| match name {
            None => usual(kind),
            Some(name) => Source {
                kind,
                list: name.clone(),
                prefix: name.clone(),
            },
        };
        match self {
            Nearness::Nothing => Vec::new(),
            Nearness::Either => vec![usual(Kind::Embedding), usual(Kind::Similarity)],
            Nearness::Embedding(name) => vec![named(Kind::Embedding, name)],
            Nearness::Similarity(name) => vec![named(Kind::Similarity, name)],
        }
    }
}

/// What the rows hold besides ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub rewards: bool,
    /// The name of rewards in messages.
    pub reward: String,
    pub values: Option<Values>,
}

/// The numbers of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values {
    pub kind: Kind,
    /// The column of lists, or the prefix of single columns.
    pub name: String,
    pub single_columns: bool,
    /// Numbers per embedding, and the line that says so; similarities have as many as the prompt has candidates.
    pub length: Option<(usize, u64)>,
}

impl Source {
    /// The numbers of rows that hold lists.
    pub fn lists(&self) -> Values {
        Values {
            kind: self.kind,
            name: self.list.clone(),
            single_columns: false,
            length: None,
        }
    }
}

impl Values {
    /// Takes the length of all embeddings from the first row's, where no header has said it.
    pub fn settle(&mut self, first: &Row) {
        if self.kind == Kind::Embedding && self.length.is_none() {
            self.length = Some((count(&first.values), first.line));
        }
    }

    /// The name of one number in messages.
    pub fn number(&self, index: usize) -> String {
        match self.single_columns {
            true => format!("{}{index}", self.name),
            false => format!("{}[{index}]", self.name),
        }
    }
}

/// That columns or keys are not there, each with the option that names it: all at once.
pub(super) fn missing<S: AsRef<str>>(line: u64, noun: &str, lacking: &[(&str, &str)], names: &[S]) -> Fault {
    let quoted: Vec<String> = lacking.iter().map(|(name, _)| format!("{name:?}")).collect();
    let options: Vec<&str> = lacking.iter().map(|(_, option)| *option).collect();
    let (wrong, them) = match lacking {
        [(name, _)] => (*name, "it"),
        _ => ("", "them"),
    };
    let what = format!(
        "no {noun} is called {} {}: name {them} with {}",
        enumerated(&quoted, "or"),
        known(wrong, names),
        enumerated(&options, "and")
    );
    Fault::line(line, what)
}

/// `a, b or c`.
fn enumerated<S: AsRef<str>>(words: &[S], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((end, before)) if !before.is_empty() => format!("{} {last} {end}", before.join(", ")),
        _ => words.concat(),
    }
}

/// That there is neither an embedding nor a similarity.
pub(super) fn missing_values<S: AsRef<str>>(line: u64, noun: &str, sources: &[Source], names: &[S]) -> Fault {
    let looked: Vec<String> = sources
        .iter()
        .flat_map(|source| match noun {
            "column" => vec![source.list.clone(), format!("{}0", source.prefix)],
            _ => vec![source.list.clone()],
        })
        .collect();
    let wrong = looked.first().map_or("", String::as_str);
    let what = format!(
        "the selector compares candidates, but no {noun} is called {} {}: name embeddings with --embedding or \
         similarities with --similarity-columns, or keep by {}",
        looked.join(" or "),
        known(wrong, names),
        Selector::names_where(Selector::needs_similarity, false, "or")
    );
    Fault::line(line, what)
}

/// That numbers could be read from several places.
pub(super) fn ambiguous(line: u64, found: &[String]) -> Fault {
    let what = format!(
        "{} tell which candidates are alike: say which with --embedding or --similarity-columns",
        found.join(" and ")
    );
    Fault::line(line, what)
}
