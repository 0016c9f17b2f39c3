//! Owns what is said of a key: the one description that help, schema, reference and messages are made of.

use super::range::Range;
use crate::numerics::lists::distinct;

/// What one key means.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyDoc {
    /// Its name in its table.
    pub name: &'static str,
    /// What it means, in one or two sentences.
    pub about: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// What holds where it is absent.
    pub absent: Absent,
    /// Where it may vary.
    pub role: Role,
    /// How figures call it.
    pub symbol: Option<Symbol>,
}

impl KeyDoc {
    fn word(&self) -> WordDoc {
        WordDoc {
            name: self.name,
            about: self.about,
        }
    }
}

/// What holds where a key is absent.
#[derive(Debug, Clone, PartialEq)]
pub enum Absent {
    /// It must not be.
    Required,
    /// The file counts as if this value stood there.
    Default(String),
    /// In words.
    Said(&'static str),
}

/// Where a key may vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It changes the draws: in `[sweep]` alone.
    Draws,
    /// It changes what is done with them: in `[sweep]` and in `[arms]`.
    Method,
    /// It is one for the whole file.
    Fixed,
}

/// How figures call a key, in the markup of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol {
    /// The symbol alone, or a word: `$K$`.
    pub short: &'static str,
    /// With its name, for an axis.
    pub long: &'static str,
}

/// A word that a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordDoc {
    /// The word.
    pub name: &'static str,
    /// What it means; empty where the key says all.
    pub about: &'static str,
}

/// Which values a key takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An integer in a range.
    Integer(i64, i64),
    /// A number in a range.
    Number(Range),
    /// One of these words.
    Word(Vec<WordDoc>),
    /// One line of text, of this pattern.
    Line(Pattern),
    /// Any text.
    Text,
    /// True or false.
    Flag,
    /// So many values, from the first number to the second; no two of them the same where `unique`.
    List {
        /// The kind of each.
        of: Box<Kind>,
        /// The fewest.
        fewest: usize,
        /// The most.
        most: usize,
        /// Whether none may stand twice.
        unique: bool,
    },
    /// A value of one of several forms.
    Either(Vec<Kind>),
    /// A table with these keys.
    Table(TableDoc),
    /// A list of such tables.
    Tables(TableDoc),
    /// A table of columns with a value each, or a list of values where `several`.
    Columns {
        /// Whether a list may stand for a value.
        several: bool,
    },
    /// A table whose keys are described elsewhere: `[sweep]`.
    Elsewhere,
}

/// The form of a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// What this regular expression matches, and how that is said.
    Matching {
        /// Anchored at both ends, as JSON Schema knows it.
        regex: &'static str,
        /// In words.
        words: &'static str,
    },
    /// No control characters, not empty.
    Line,
    /// What can name a file everywhere.
    FileName,
    /// The name of an estimand: `measure.quantity`.
    Estimand,
    /// The name of a column of the results.
    Column,
}

/// The keys of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableDoc {
    /// Those that it always has.
    pub keys: Vec<KeyDoc>,
    /// Those that its `kind` decides; empty where it has none.
    pub variants: Vec<VariantDoc>,
}

/// One kind of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantDoc {
    /// The word under `kind`.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its keys beside those that every kind has.
    pub keys: Vec<KeyDoc>,
}

impl TableDoc {
    /// Every key, those of all kinds included, each name as often as it is described differently.
    pub fn all(&self) -> Vec<&KeyDoc> {
        let of_variants = self.variants.iter().flat_map(|variant| &variant.keys);
        distinct(self.keys.iter().chain(of_variants))
    }

    /// The kinds that have a key like this one; empty where every kind does.
    pub fn kinds_with(&self, key: &KeyDoc) -> Vec<&'static str> {
        let with: Vec<&VariantDoc> = self.variants.iter().filter(|kind| kind.keys.contains(key)).collect();
        match with.len() == self.variants.len() {
            true => Vec::new(),
            false => with.iter().map(|kind| kind.name).collect(),
        }
    }
}

impl Kind {
    /// The values in words: `integer from 1 to 9`.
    pub fn values(&self) -> String {
        match self {
            Kind::Integer(low, i64::MAX) => format!("integer from {low}"),
            Kind::Integer(low, high) => format!("integer from {low} to {high}"),
            Kind::Number(range) => format!("number{}", range.said()),
            Kind::Word(words) => said(words),
            Kind::Line(pattern) => pattern.said().to_owned(),
            Kind::Text => "text".to_owned(),
            Kind::Flag => "true, false".to_owned(),
            Kind::List { of, fewest, most, .. } => format!("list{} of: {}", count(*fewest, *most), of.values()),
            Kind::Either(forms) => {
                let forms: Vec<String> = forms.iter().map(Kind::form).collect();
                forms.join(", or ")
            }
            Kind::Table(_) | Kind::Elsewhere => "table".to_owned(),
            Kind::Tables(_) => "list of tables".to_owned(),
            Kind::Columns { several: true } => "table of columns, each with a value or a list".to_owned(),
            Kind::Columns { several: false } => "table of columns, each with one value".to_owned(),
        }
    }

    /// Whether a list is one of its values.
    pub fn takes_lists(&self) -> bool {
        match self {
            Kind::List { .. } => true,
            Kind::Either(forms) => forms.iter().any(Kind::takes_lists),
            _ => false,
        }
    }

    /// The words among its values, those of lists and of other forms included: of `{ rbf = H }` the key.
    pub fn words(&self) -> Vec<WordDoc> {
        let form = |kind: &Kind| match kind {
            Kind::Table(table) => table.keys.iter().map(KeyDoc::word).collect(),
            other => other.words(),
        };
        match self {
            Kind::Word(words) => words.clone(),
            Kind::List { of, .. } => of.words(),
            Kind::Either(forms) => forms.iter().flat_map(form).collect(),
            _ => Vec::new(),
        }
    }

    /// One form of several: words in quotes, so that they are not taken for prose.
    fn form(&self) -> String {
        match self {
            Kind::Word(words) => {
                let quoted: Vec<String> = words
                    .iter()
                    .map(|word| match word.about {
                        "" => format!("{:?}", word.name),
                        about => format!("{:?} ({about})", word.name),
                    })
                    .collect();
                quoted.join(", ")
            }
            Kind::Table(table) => {
                let keys: Vec<String> = table
                    .keys
                    .iter()
                    .map(|key| format!("{} = {}", key.name, key.kind.values()))
                    .collect();
                format!("{{ {} }}", keys.join(", "))
            }
            other => other.values(),
        }
    }
}

impl Pattern {
    fn said(self) -> &'static str {
        match self {
            Pattern::Matching { words, .. } => words,
            Pattern::Line => "text on one line",
            Pattern::FileName => "lower-case letters, digits, hyphens",
            Pattern::Estimand => "measure.quantity: see `mode-lottery explain`",
            Pattern::Column => "name of a column",
        }
    }
}

impl Absent {
    /// In words.
    pub fn said(&self) -> &str {
        match self {
            Absent::Required => "required",
            Absent::Default(value) => value,
            Absent::Said(words) => words,
        }
    }
}

/// Words with what they mean, where that is said.
fn said(words: &[WordDoc]) -> String {
    let explained = words.iter().any(|word| !word.about.is_empty());
    let each: Vec<String> = words
        .iter()
        .map(|word| match word.about {
            "" => word.name.to_owned(),
            about => format!("{}: {about}", word.name),
        })
        .collect();
    each.join(if explained { "; " } else { ", " })
}

/// How many values a list has, in words.
fn count(fewest: usize, most: usize) -> String {
    match (fewest, most) {
        (_, usize::MAX) => String::new(),
        (fewest, most) if fewest == most => format!(" of {most} values"),
        (fewest, most) => format!(" of {fewest} to {most} values"),
    }
}
