//! Owns which columns are read: the names that are asked for, and what was found of them.

use super::numbers::count;
use super::prompt::Row;
use crate::data::Fault;
use crate::data::fault::known;
use crate::select::Selector;

/// What to read of each prompt: columns of tables, keys or paths of objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of prompt ids. Where a row is a whole prompt and has none, prompts are numbered, unless it must be there.
    pub prompt: Column,
    /// Of candidate ids, distinct within a prompt. Where there is none, candidates are numbered, unless it must be there.
    pub candidate: Column,
    /// One value per candidate of each: what [`Prompt::cell`](super::Prompt::cell) gives.
    pub values: Vec<Column>,
    /// Of a list of numbers per candidate: what [`Prompt::list`](super::Prompt::list) gives.
    pub nearness: Nearness,
    /// Whether the records themselves are wanted.
    pub records: bool,
}

/// A column that is read if it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its names: the first that the first record has. A path such as `completions[].score` leads into objects and lists.
    pub names: Vec<String>,
    /// The option that names it, for messages.
    pub option: &'static str,
    /// Whether it must be there.
    pub must: bool,
    /// What its values are.
    pub kind: Value,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Numbers; true and false count as 1 and 0. Where a row is a whole prompt, lists of them.
    Number,
    /// Whatever stands there: text, or a dialogue as a list of messages. Where a row is a whole prompt, lists of such.
    Text,
    /// The same, but one for all candidates of a prompt will do.
    Shared,
}

impl Column {
    /// A column by its usual names, which need not be there.
    pub fn usual<S: Into<String>>(names: impl IntoIterator<Item = S>, option: &'static str, kind: Value) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            option,
            must: false,
            kind,
        }
    }

    /// A column that a user has named: it must be there.
    pub fn named(name: &str, option: &'static str, kind: Value) -> Self {
        Self {
            must: true,
            ..Self::usual([name], option, kind)
        }
    }

    /// The name that messages and outputs use.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// What tells which candidates of a prompt are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nearness {
    /// Nothing: the selector does not ask. Such columns are not read.
    Nothing,
    /// Embeddings or similarities under their usual names, if the file has them.
    IfThere,
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
pub(in crate::data) enum Kind {
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
pub(in crate::data) struct Source {
    pub kind: Kind,
    /// The column of lists.
    pub list: String,
    /// What it is called too where it holds those of all candidates; empty where it has one name.
    pub plural: String,
    /// What stands before the number in the names of single columns.
    pub prefix: String,
}

impl Nearness {
    /// Every place that may be looked at, in order.
    pub(in crate::data) fn sources(&self) -> Vec<Source> {
        let usual = |kind: Kind| Source {
            kind,
            list: kind.name().to_owned(),
            plural: match kind {
                Kind::Embedding => "embeddings".to_owned(),
                Kind::Similarity => "similarities".to_owned(),
            },
            prefix: kind.name()[..1].to_owned(),
        };
        let named = |kind, name: &Option<String>| match name {
            None => usual(kind),
            Some(name) => Source {
                kind,
                list: name.clone(),
                plural: String::new(),
                prefix: name.clone(),
            },
        };
        match self {
            Nearness::Nothing => Vec::new(),
            Nearness::Either | Nearness::IfThere => vec![usual(Kind::Embedding), usual(Kind::Similarity)],
            Nearness::Embedding(name) => vec![named(Kind::Embedding, name)],
            Nearness::Similarity(name) => vec![named(Kind::Similarity, name)],
        }
    }
}

/// What the candidates of an input have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) struct Shape {
    /// Whether a record is a whole prompt.
    pub whole: bool,
    /// The names of prompts and candidates that were found; none where they are numbered.
    pub ids: [Option<String>; 2],
    /// The names of values that were found, by place in [`Wanted::values`].
    pub values: Vec<Option<String>>,
    /// The lists of numbers.
    pub list: Option<Values>,
}

/// The numbers of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) struct Values {
    pub kind: Kind,
    /// The column of lists, or the prefix of single columns.
    pub name: String,
    pub single_columns: bool,
    /// Numbers per embedding, and the line that says so; similarities have as many as the prompt has candidates.
    pub length: Option<(usize, u64)>,
}

impl Source {
    /// The numbers of rows that hold lists.
    pub fn lists(&self, name: &str) -> Values {
        Values {
            kind: self.kind,
            name: name.to_owned(),
            single_columns: false,
            length: None,
        }
    }
}

impl Values {
    /// Takes the length of all embeddings from the first row's, where no header has said it.
    pub fn settle(&mut self, first: &Row) {
        if let (Kind::Embedding, None, Some(list)) = (self.kind, self.length, first.cells.last()) {
            self.length = Some((count(&list.text), first.place.line));
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
pub(in crate::data) fn missing<S: AsRef<str>>(line: u64, noun: &str, lacking: &[(&str, &str)], names: &[S]) -> Fault {
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
pub(in crate::data) fn missing_values<S: AsRef<str>>(line: u64, noun: &str, sources: &[Source], names: &[S]) -> Fault {
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
pub(in crate::data) fn ambiguous(line: u64, found: &[String]) -> Fault {
    let what = format!(
        "{} tell which candidates are alike: say which with --embedding or --similarity-columns",
        found.join(" and ")
    );
    Fault::line(line, what)
}
