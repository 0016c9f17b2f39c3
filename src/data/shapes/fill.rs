//! Owns the values of one candidate, from where they stand into its row.

use super::prompt::{Text, Written};
use super::wanted::Value;
use crate::data::Fault;
use crate::data::containers::{Records, Span, unquoted};
use crate::data::fault::shown;

/// A value to be taken over.
pub(super) struct Taken<'a, 'r> {
    pub records: &'a Records<'r>,
    pub line: u64,
    /// The name of its column.
    pub name: &'a str,
    pub at: Span,
    /// Whether it is written as JSON.
    pub is_json: bool,
}

impl Taken<'_, '_> {
    fn raw(&self) -> &str {
        &self.records.text()[self.at.clone()]
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        self.records.fault(self.line, &self.at, what)
    }

    /// The text of a JSON string.
    fn unquoted(&self) -> Result<std::borrow::Cow<'_, str>, Fault> {
        let raw = self.raw();
        unquoted(raw).ok_or_else(|| self.fault(format!("{}: {} is not text", self.name, shown(raw))))
    }

    /// An id.
    pub fn id(&self, out: &mut Written) -> Result<(), Fault> {
        let (raw, name) = (self.raw(), self.name);
        out.text.clear();
        out.is_bare = self.is_json && !raw.starts_with('"');
        match (self.is_json, out.is_bare) {
            (true, false) => out.text.push_str(&self.unquoted()?),
            _ => out.text.push_str(raw),
        }
        if out.text.is_empty() {
            return Err(self.fault(format!("{name} is empty: give every prompt and candidate an id")));
        }
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if !out.is_bare
            || raw.starts_with(['[', '{'])
            || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Ok(());
        }
        Err(self.fault(format!(
            "{name}: {} where a string or an integer is expected",
            shown(raw)
        )))
    }

    /// A value.
    pub fn value(&self, kind: Value, out: &mut Text) -> Result<(), Fault> {
        let raw = self.raw();
        out.text.clear();
        out.is_bare = self.is_json && !raw.starts_with('"');
        out.is_there = !(out.is_bare && raw == "null" && kind != Value::Number);
        out.at = match kind {
            Value::Number => self.records.place(self.line, self.at.start),
            Value::Text | Value::Shared => (self.line, 0),
        };
        if out.is_bare && kind == Value::Number && raw.starts_with(['[', '{']) {
            return Err(self.fault(format!("{}: {} where a number is expected", self.name, shown(raw))));
        }
        match self.is_json && !out.is_bare {
            true => out.text.push_str(&self.unquoted()?),
            false => out.text.push_str(raw),
        }
        Ok(())
    }

    /// The numbers of a list, with commas between.
    pub fn list(&self, out: &mut Text) -> Result<(), Fault> {
        let raw = self.raw();
        out.text.clear();
        (out.is_there, out.is_bare) = (true, false);
        out.at = (self.line, 0);
        if self.is_json && raw.starts_with('"') {
            flatten(&self.unquoted()?, &mut out.text);
            return Ok(());
        }
        if self.is_json && !raw.starts_with('[') {
            return Err(self.fault(format!(
                "{}: {} where a list of numbers is expected",
                self.name,
                shown(raw)
            )));
        }
        if flatten(raw, &mut out.text) {
            let start = raw.len() - raw.trim_ascii_start().len();
            out.at = self.records.place(self.line, self.at.start + start + 1);
        }
        Ok(())
    }
}

/// The numbers of a list as it is written, with commas between; whether they stand as they did after a first bracket. Lists of lists are one
/// list, and where there are no commas spaces stand between numbers.
fn flatten(list: &str, out: &mut String) -> bool {
    let list = list.trim_ascii();
    let inner = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    let plain = inner.unwrap_or(list);
    let nested = plain.contains(['[', ']']);
    let bare = if nested {
        plain.replace(['[', ']'], " ")
    } else {
        String::new()
    };
    let numbers = if nested { bare.as_str() } else { plain };
    if numbers.contains(',') {
        out.push_str(numbers);
        return inner.is_some();
    }
    for (i, number) in numbers.split_ascii_whitespace().enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str(number);
    }
    false
}
