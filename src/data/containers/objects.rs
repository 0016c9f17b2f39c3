//! Owns records that are JSON objects: one per line, or the items of an array, over any lines.
//!
//! serde_json checks that each is JSON and finds where its values begin; numbers are parsed later from their text, as those of tables
//! are. What Python writes for numbers that JSON lacks (NaN, Infinity) is taken for such a number.

use super::lines::Lines;
use super::path::{Found, Path, Span, Step};
use super::stretch::Stretches;
use super::values;
use crate::data::Fault;
use crate::data::fault::{Place, column, shown};
use crate::data::hints;
use serde_json::{Map, Value};
use std::io::Read;

/// Objects, one at a time.
pub(in crate::data) struct Objects<R> {
    source: Source<R>,
    /// The text of the object as serde_json can read it, where that is not its text as it stands. As long as that.
    mended: Option<String>,
    /// The keys to look for at the top of each object, and which of the paths begins with which.
    heads: Vec<String>,
    paths: Vec<Path>,
}

enum Source<R> {
    Lines(Lines<R>),
    Stretches(Stretches<R>),
}

impl<R: Read> Objects<R> {
    /// Objects in an array or one after the other (`array`), or one per line.
    pub fn open(reader: R, array: bool) -> Self {
        let source = match array {
            false => Source::Lines(Lines::new(reader)),
            true => Source::Stretches(Stretches::new(reader)),
        };
        Self {
            source,
            mended: None,
            heads: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Says what is looked for from now on.
    pub fn look_for(&mut self, paths: Vec<Path>) {
        self.heads.clear();
        for key in paths.iter().flat_map(|path| [&path.text, &path.head]) {
            if !self.heads.contains(key) {
                self.heads.push(key.clone());
            }
        }
        self.paths = paths;
    }

    /// The line of the next object; none after the last.
    pub fn next(&mut self) -> Result<Option<u64>, Fault> {
        self.mended = None;
        match &mut self.source {
            Source::Stretches(stretches) => stretches.next(),
            Source::Lines(lines) => loop {
                match lines.next()? {
                    Some((text, _)) if text.trim_ascii().is_empty() => {}
                    next => return Ok(next.map(|(_, line)| line)),
                }
            },
        }
    }

    /// The text of the object as it stands.
    pub fn text(&self) -> &str {
        match &self.source {
            Source::Lines(lines) => lines.text().trim_end_matches(['\r', '\n']),
            Source::Stretches(stretches) => stretches.text(),
        }
    }

    /// Its text without what is no JSON, the same in length.
    pub fn json(&self) -> &str {
        self.mended.as_deref().unwrap_or_else(|| self.text())
    }

    /// The place of a byte of the text.
    pub fn place(&self, byte: usize) -> (u64, usize) {
        let (line, before) = match &self.source {
            Source::Lines(lines) => (lines.number(), 0),
            Source::Stretches(stretches) => stretches.start(),
        };
        let before_it = &self.text()[..byte];
        match before_it.rfind('\n') {
            None => (line, before + column(before_it, byte)),
            Some(end) => {
                let lines = before_it.bytes().filter(|byte| *byte == b'\n').count();
                (line + lines as u64, column(&before_it[end + 1..], byte - end - 1))
            }
        }
    }

    /// A fault at a byte of the text.
    pub fn fault(&self, byte: usize, what: impl Into<String>) -> Fault {
        let text = self.text();
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let (line, column) = self.place(byte);
        Fault::at(Place::from(line), column, what)
    }

    /// What is found at the paths, by place in `found`.
    pub fn find(&mut self, found: &mut Vec<Found>) -> Result<(), Fault> {
        let top = self.top()?;
        found.clear();
        for path in &self.paths {
            let at = |key: &str| {
                let place = self.heads.iter().position(|head| head == key);
                place.and_then(|place| top[place].clone())
            };
            found.push(match at(&path.text) {
                Some(span) => Found::One(span),
                None => match at(&path.head) {
                    Some(span) if !path.steps.is_empty() => self.follow(span, &path.steps),
                    _ => Found::Nothing,
                },
            });
        }
        Ok(())
    }

    /// The keys of the object, and then the paths to the values of objects within it.
    pub fn names(&self) -> Vec<String> {
        let object: Map<String, Value> = serde_json::from_str(self.json()).unwrap_or_default();
        let mut names: Vec<String> = object.keys().cloned().collect();
        for (key, value) in &object {
            let (key, within) = match value {
                Value::Array(items) => (format!("{key}[]"), items.first().and_then(Value::as_object)),
                value => (key.clone(), value.as_object()),
            };
            names.extend(within.into_iter().flatten().map(|(inner, _)| format!("{key}.{inner}")));
        }
        names
    }

    /// Where the values of the keys stand that are looked for.
    fn top(&mut self) -> Result<Vec<Option<Span>>, Fault> {
        let body = self.text().trim_ascii();
        if !body.starts_with('{') {
            let start: String = body.chars().take(10).collect();
            let at = self.text().find(body).unwrap_or(0);
            return Err(match &self.source {
                Source::Lines(_) => self.fault(
                    at,
                    format!(
                        "the line begins with {}, but each line of JSONL is one object in braces",
                        shown(&start)
                    ),
                ),
                Source::Stretches(_) => self.fault(
                    at,
                    format!(
                        "{} stands here, but each item of the array is one object in braces",
                        shown(&start)
                    ),
                ),
            });
        }
        let error = match values::of_keys(self.text(), &self.heads) {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        let at = self.offset(&error);
        if self.text().get(at..).is_some_and(|rest| hints::no_json(rest).is_some()) {
            self.mended = hints::mended(self.text());
        }
        match &self.mended {
            Some(mended) => match values::of_keys(mended, &self.heads) {
                Ok(found) => Ok(found),
                Err(error) => Err(self.no_json(&error)),
            },
            None => Err(self.no_json(&error)),
        }
    }

    /// The byte at which serde_json stopped.
    fn offset(&self, error: &serde_json::Error) -> usize {
        let before = self.text().split_inclusive('\n').take(error.line().saturating_sub(1));
        before.map(str::len).sum::<usize>() + error.column().saturating_sub(1)
    }

    fn no_json(&self, error: &serde_json::Error) -> Fault {
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let at = self.offset(error);
        let what = match self.text().get(at..).and_then(hints::no_json) {
            Some(word) => word,
            None => format!("not JSON: {what}"),
        };
        self.fault(at, what)
    }

    /// What is found further down a path.
    fn follow(&self, from: Span, steps: &[Step]) -> Found {
        let Some((step, rest)) = steps.split_first() else {
            return Found::One(from);
        };
        let text = self.json();
        match step {
            Step::Key(key) => match values::of_keys(&text[from.clone()], &[key]) {
                Ok(found) => match &found[0] {
                    Some(within) => self.follow(from.start + within.start..from.start + within.end, rest),
                    None => Found::Nothing,
                },
                Err(_) => Found::Nothing,
            },
            Step::Each => match values::split(text, &from) {
                None => Found::Nothing,
                Some(items) => Found::Each {
                    list: from,
                    items: items
                        .into_iter()
                        .map(|item| match self.follow(item, rest) {
                            Found::One(span) => Some(span),
                            Found::Nothing | Found::Each { .. } => None,
                        })
                        .collect(),
                },
            },
        }
    }
}
