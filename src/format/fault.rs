//! Owns what a user is told about a wrong experiment file: place, key, what is wrong, what is known, what is near.

use std::fmt;
use std::sync::Arc;

/// A text that values come from: the experiment file or one `--set` argument.
#[derive(Debug)]
pub struct Source {
    /// The file's path as given, or `--set KEY=VALUE`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether lines and columns mean anything to the reader.
    pub is_file: bool,
}

/// Bytes `start..` of a source.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Which text.
    pub source: Arc<Source>,
    /// Where the value or key begins, in bytes.
    pub start: usize,
}

impl Source {
    /// The text of a file.
    pub fn file(name: &str, text: String) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            text,
            is_file: true,
        })
    }

    /// A text that is none, called so in messages.
    pub fn argument(name: &str, text: String) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            text,
            is_file: false,
        })
    }
}

impl Origin {
    /// A place in a text, by its byte.
    pub fn new(source: &Arc<Source>, start: usize) -> Self {
        Self {
            source: source.clone(),
            start,
        }
    }

    /// Line and column, both from 1; columns count characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let text = &self.source.text;
        let mut start = self.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        // A byte order mark stands before the first column: no editor counts it.
        let before = text[..start].trim_start_matches('\u{feff}');
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.source.is_file {
            return f.write_str(&self.source.name);
        }
        let (line, column) = self.line_and_column();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

/// More known values than this are counted, not listed.
const MOST_LISTED: usize = 40;

/// Longer values are shown by their beginning.
const LONGEST_SHOWN: usize = 80;

/// A text in quotes, shortened where nobody would read it to its end.
pub(crate) fn quoted(text: &str) -> String {
    let shown = shortened(text);
    match shown.len() == text.len() {
        true => format!("{text:?}"),
        false => format!("{shown:?}..."),
    }
}

/// A key as it stands in a grid.
pub(crate) fn bare_or_quoted(key: &str) -> String {
    match key.contains('.') {
        true => format!("{key:?}"),
        false => key.to_owned(),
    }
}

/// A text as far as a message shows it, on one line.
pub(crate) fn shown(text: &str) -> String {
    let plain: String = shortened(text)
        .chars()
        .map(|c| match c.is_control() {
            true => c.escape_debug().to_string(),
            false => c.to_string(),
        })
        .collect();
    match shortened(text).len() == text.len() {
        true => plain,
        false => format!("{plain}..."),
    }
}

/// The beginning of a text.
fn shortened(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// One thing wrong with an experiment file.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Where.
    pub origin: Origin,
    /// The dotted key, empty for the file as a whole.
    pub key: Box<str>,
    /// What is wrong, with the offending value.
    pub what: String,
    /// The values or keys that would have been right, where they can be listed.
    pub known: Vec<String>,
    /// The known one that was probably meant.
    pub nearest: Option<Box<str>>,
    /// Other places that take part in a contradiction, and what stands there.
    pub also: Vec<(Origin, String)>,
}

impl Fault {
    /// A fault with nothing listed.
    pub fn new(origin: &Origin, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            origin: origin.clone(),
            key: key.into().into_boxed_str(),
            what: what.into(),
            known: Vec::new(),
            nearest: None,
            also: Vec::new(),
        }
    }

    /// An unknown `value` among `known` ones; `kind` says what it is (`value`, `key`, `column`).
    pub fn unknown<S: AsRef<str>>(
        origin: &Origin,
        key: impl Into<String>,
        kind: &str,
        value: &str,
        known: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut fault = Self::new(origin, key, format!("unknown {kind} {}", quoted(value)));
        fault.known = known.into_iter().map(|s| s.as_ref().to_owned()).collect();
        fault.nearest = nearest(value, &fault.known).map(String::into_boxed_str);
        fault
    }

    /// Names a second place that takes part.
    #[must_use]
    pub fn and(mut self, origin: &Origin, what: impl Into<String>) -> Self {
        self.also.push((origin.clone(), what.into()));
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell(f, true)
    }
}

impl Fault {
    /// Writes it, with the known names or without.
    fn tell(&self, f: &mut fmt::Formatter<'_>, with_known: bool) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", shown(&self.key))?;
        }
        f.write_str(&self.what)?;
        let known = if with_known { self.known() } else { None };
        let meant = self.nearest.as_ref().map(|near| format!("did you mean {near:?}?"));
        let aside: Vec<String> = known.into_iter().chain(meant).collect();
        if !aside.is_empty() {
            write!(f, " ({})", aside.join("; "))?;
        }
        for (origin, what) in &self.also {
            write!(f, "\n  {origin}: {what}")?;
        }
        Ok(())
    }

    /// The known names, the first of them where there are many.
    fn known(&self) -> Option<String> {
        let listed = &self.known[..self.known.len().min(MOST_LISTED)];
        let more = match self.known.len() - listed.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!listed.is_empty()).then(|| format!("known: {}{more}", listed.join(", ")))
    }
}

impl std::error::Error for Fault {}

/// More faults than this are counted, not listed.
const MOST_FAULTS: usize = 20;

/// What is wrong with a file: one fault or several that do not follow from each other, in the order of their places.
#[derive(Debug, Clone)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// These faults, of which there is at least one; each is told once.
    pub fn new(mut faults: Vec<Fault>) -> Self {
        let place = |fault: &Fault| (!fault.origin.source.is_file, fault.origin.start);
        faults.sort_by_key(place);
        let mut seen = std::collections::HashSet::new();
        faults.retain(|fault| {
            // What contradicts several other places is told once.
            let what = if fault.also.is_empty() { fault.what.as_str() } else { "" };
            // The place as it is known: a line is found by reading all before it.
            let place = (std::sync::Arc::as_ptr(&fault.origin.source), fault.origin.start);
            seen.insert((place, fault.key.clone(), what.to_owned()))
        });
        Self(faults)
    }

    /// The faults.
    pub fn list(&self) -> &[Fault] {
        &self.0
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before: &[String] = &[];
        for (at, fault) in self.0.iter().take(MOST_FAULTS).enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            // The same names twice on end would hide what differs.
            fault.tell(f, fault.known != before)?;
            before = &fault.known;
        }
        match self.0.len().saturating_sub(MOST_FAULTS) {
            0 => Ok(()),
            // Readers stop looking where much is wrong.
            more => write!(f, "\nand at least {more} more"),
        }
    }
}

impl std::error::Error for Faults {}

/// The known name that a wrong one probably stands for: its last word, or at most two slips away. A number has none.
pub fn nearest<S: AsRef<str>>(wrong: &str, known: &[S]) -> Option<String> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    if wrong.parse::<f64>().is_ok() {
        return None;
    }
    if let Some(whole) = known.iter().find(|name| name.as_ref().ends_with(&format!(".{wrong}"))) {
        return Some(whole.as_ref().to_owned());
    }
    let allowed = (length / 3).clamp(1, 2);
    known
        .iter()
        // A difference in length is at least as many edits, and the distance of long texts takes long.
        .filter(|name| name.as_ref().chars().count().abs_diff(length) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&wrong, name.as_ref()), name.as_ref()))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let source = Source::file("x.toml", "α = 1\nβ = \"é\" # ?".into());
        let at = |start| Origin::new(&source, start).line_and_column();
        assert_eq!(at(0), (1, 1));
        assert_eq!(at("α = 1\nβ = \"é\" ".len()), (2, 9));
        assert_eq!(at(9999), (2, 12));
        assert_eq!(at(1), (1, 1), "inside a character: its start");
    }

    #[test]
    fn twenty_faults_are_listed_and_known_names_once_while_they_stay_the_same() {
        let source = Source::file("x.toml", "a\n".repeat(23));
        let fault = |i: usize| {
            let at = Origin::new(&source, 2 * i);
            let known: &[&str] = if i == 1 { &["best"] } else { &["random", "mean"] };
            Fault::unknown(&at, "k", "word", if i == 2 { "randon" } else { "x" }, known)
        };
        let said = Faults::new((0..23).rev().map(fault).collect()).to_string();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(
            lines[..4],
            [
                "x.toml:1:1: k: unknown word \"x\" (known: random, mean)",
                "x.toml:2:1: k: unknown word \"x\" (known: best)",
                "x.toml:3:1: k: unknown word \"randon\" (known: random, mean; did you mean \"random\"?)",
                "x.toml:4:1: k: unknown word \"x\"",
            ]
        );
        assert_eq!((lines.len(), lines[20]), (21, "and at least 3 more"));
    }

    #[test]
    fn the_nearest_name_is_a_slip_away_or_nothing() {
        let known = ["random", "best", "diverse", "diverse-best"];
        assert_eq!(nearest("randon", &known).as_deref(), Some("random"));
        assert_eq!(nearest("Best", &known).as_deref(), Some("best"));
        assert_eq!(nearest("greedy", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
