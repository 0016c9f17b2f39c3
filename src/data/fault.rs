//! Owns what is wrong with a row: its place, and how it is said.

use std::fmt;

/// A line of one of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Which of the inputs, from 0.
    pub file: u32,
    /// From 1; 0 where it is no line.
    pub line: u64,
}

impl Place {
    /// The line as a message about another names it.
    pub fn beside(self, other: Place) -> String {
        match self.file == other.file {
            true => format!("line {}", self.line),
            false => format!("line {} of input {}", self.line, self.file + 1),
        }
    }
}

impl From<u64> for Place {
    /// A line of the first input: who knows better says so with [`Fault::of_input`].
    fn from(line: u64) -> Self {
        Self { file: 0, line }
    }
}

/// Something wrong in what a user brought: where it stands, and a message with the offending value and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    place: Place,
    /// In characters, from 1; 0 where it is not known.
    column: usize,
    what: String,
    about: About,
}

/// What a fault is about, where another may be the cause of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing that matters to others.
    Itself,
    /// A prompt with too few candidates: more may follow where rows stand apart.
    TooFew,
    /// A prompt whose rows stand apart.
    Apart,
}

impl Fault {
    /// A fault of the whole input.
    pub(super) fn whole(what: impl Into<String>) -> Self {
        Self::at(Place::default(), 0, what)
    }

    /// A fault of a line.
    pub(super) fn line(line: impl Into<Place>, what: impl Into<String>) -> Self {
        Self::at(line, 0, what)
    }

    /// A fault at a character of a line; column 0 where it is not known.
    pub(super) fn at(line: impl Into<Place>, column: usize, what: impl Into<String>) -> Self {
        Self {
            place: line.into(),
            column,
            what: what.into(),
            about: About::Itself,
        }
    }

    /// The same, about something that others may follow from.
    pub(super) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// Whether it is about this.
    pub(super) fn is(&self, about: About) -> bool {
        self.about == about
    }

    /// The same, in an input that the one who found it does not know.
    pub(super) fn of_input(mut self, file: u32) -> Self {
        self.place.file = file;
        self
    }

    /// `file:line:column: message`, as far as the place is known; `files` are the names of the inputs.
    pub fn in_files<S: AsRef<str>>(&self, files: &[S]) -> String {
        let file = files.get(self.place.file as usize).map_or("", AsRef::as_ref);
        match (self.place.line, self.column) {
            (0, _) => format!("{file}: {}", self.what),
            _ => format!("{file}:{self}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.place.line, self.column) {
            (0, _) => f.write_str(&self.what),
            (line, 0) => write!(f, "{line}: {}", self.what),
            (line, column) => write!(f, "{line}:{column}: {}", self.what),
        }
    }
}

impl std::error::Error for Fault {}

/// The most characters of an offending value that a message repeats.
const SHOWN: usize = 40;

/// An offending value in quotes, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}...", &text[..end]),
    }
}

/// The most names that a message lists.
const LISTED: usize = 12;

/// `(known: a, b; did you mean "b"?)`: a long list is cut, the nearest name is looked for in all.
pub(super) fn known<S: AsRef<str>>(wrong: &str, names: &[S]) -> String {
    let listed: Vec<String> = names.iter().take(LISTED).map(|name| bare(name.as_ref())).collect();
    let more = match names.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let hint = match nearest(wrong, names) {
        Some(name) => format!("; did you mean {name:?}?"),
        None => String::new(),
    };
    format!("(known: {}{more}{hint})", listed.join(", "))
}

/// A name as in [`shown`], without quotes.
fn bare(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        None => name.escape_debug().to_string(),
        Some((end, _)) => format!("{}...", name[..end].escape_debug()),
    }
}

/// The name that is a slip of the fingers away: at most two edits, and at most a third of the letters.
fn nearest<'a, S: AsRef<str>>(wrong: &str, names: &'a [S]) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let allowed = (length / 3).clamp(1, 2);
    let names = names.iter().map(S::as_ref);
    names
        // A difference in length is at least as many edits, and the distance of long texts takes long.
        .filter(|name| name.chars().count().abs_diff(length) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&wrong, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// The column, in characters from 1, of a byte of a line.
pub(super) fn column(line: &str, byte: usize) -> usize {
    // Every character has one byte that continues none.
    1 + line.as_bytes()[..byte]
        .iter()
        .filter(|byte| (**byte as i8) >= -0x40)
        .count()
}
