//! Owns the input's own rows on their way out: everything that stands in them comes along, with rank, weight and gain added.

use super::added::{ADDED_COLUMNS, added};
use super::containers::{Span, entries, split};
use super::hints::mended;
use super::shapes::{Prompt, is_message};
use super::sheet::{Sheet, json_text};
use super::{Format, Kept, Pick, Pools, StreamError};
use crate::numerics::text::float;
use std::collections::BTreeSet;
use std::io::Write;

/// How rows are carried, and what is known of their lists.
pub(super) struct Carried {
    format: Format,
    /// What stands between the fields of the input.
    delimiter: u8,
    names: Vec<String>,
    /// The name of prompt ids.
    prompt: String,
    /// The list of objects that are candidates, if they are.
    objects: Option<String>,
    /// Lists that once had another length than the candidates: they are of something else.
    others: BTreeSet<String>,
}

impl Carried {
    pub fn new(pools: &Pools<'_>, format: Format) -> Self {
        Self {
            format,
            delimiter: pools.delimiter(),
            names: pools.header().to_vec(),
            prompt: pools.id_labels()[0].to_owned(),
            objects: pools.list_of_objects(),
            others: BTreeSet::new(),
        }
    }

    pub fn header(&self) -> Vec<String> {
        let added = ADDED_COLUMNS.map(str::to_owned);
        self.names.iter().cloned().chain(added).collect()
    }

    /// Writes the rows of what was kept.
    pub fn write<W: Write>(&mut self, prompt: &Prompt, kept: &Kept, sheet: &mut Sheet<W>) -> Result<(), StreamError> {
        if kept.picks.is_empty() {
            return Ok(());
        }
        match (prompt.is_whole(), self.format.is_table()) {
            (true, true) => {
                let fields = self.fields(prompt, 0);
                let picked = |field: &String| match split(field, &(0..field.len())) {
                    Some(items) if items.len() == prompt.candidates() => list(field, &items, kept),
                    _ => field.clone(),
                };
                let mut row: Vec<String> = fields.iter().map(picked).collect();
                row.extend(columns(kept).map(|(_, list)| list));
                sheet.fields(&row)?;
            }
            (true, false) => {
                let text = self.whole(prompt, kept)?;
                sheet.object(&text)?;
            }
            (false, is_table) => {
                for (rank, pick) in (1_usize..).zip(&kept.picks) {
                    match is_table {
                        true => {
                            let mut row = self.fields(prompt, pick.row);
                            row.extend(added(rank, pick));
                            sheet.fields(&row)?;
                        }
                        false => sheet.object(&with_added(prompt, prompt.record(pick.row), rank, pick)?)?,
                    }
                }
            }
        }
        Ok(())
    }

    /// The fields of a row.
    fn fields(&self, prompt: &Prompt, row: usize) -> Vec<String> {
        let text = prompt.record(row).as_bytes();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(self.delimiter)
            .from_reader(text);
        let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
        record.iter().map(str::to_owned).collect()
    }

    /// A record that is a whole prompt, with its lists cut to what was kept.
    fn whole(&mut self, prompt: &Prompt, kept: &Kept) -> Result<String, StreamError> {
        let text = prompt.record(0);
        let json = mended(text).unwrap_or_else(|| text.to_owned());
        let entries = entries(&json, &(0..json.len())).unwrap_or_default();
        let mut parts = Vec::new();
        for (key, at) in &entries {
            parts.push(format!(
                "{}:{}",
                json_text(key),
                self.value(prompt, kept, (text, &json), key, at)?
            ));
        }
        if self.objects.is_none() {
            refuse_taken(prompt, entries.iter().map(|(key, _)| key.as_str()), prompt.first_line())?;
            parts.extend(columns(kept).map(|(name, list)| format!("{}:{list}", json_text(name))));
        }
        Ok(format!("{{{}}}", parts.join(",")))
    }

    /// A value within such a record, `path` from its top.
    fn value(
        &mut self,
        prompt: &Prompt,
        kept: &Kept,
        (text, json): (&str, &str),
        path: &str,
        at: &Span,
    ) -> Result<String, StreamError> {
        let raw = &text[at.clone()];
        if raw.starts_with('{') {
            let mut parts = Vec::new();
            for (key, at) in entries(json, at).unwrap_or_default() {
                let value = self.value(prompt, kept, (text, json), &format!("{path}.{key}"), &at)?;
                parts.push(format!("{}:{value}", json_text(&key)));
            }
            return Ok(format!("{{{}}}", parts.join(",")));
        }
        let Some(items) = split(json, at) else {
            return Ok(raw.to_owned());
        };
        if self.objects.as_deref() == Some(path) {
            let mut rows = Vec::new();
            for (rank, pick) in (1_usize..).zip(&kept.picks) {
                rows.push(with_added(prompt, &text[items[pick.row].clone()], rank, pick)?);
            }
            return Ok(format!("[{}]", rows.join(",")));
        }
        let is_dialogue = || items.iter().any(|item| is_message(&json[item.clone()]));
        if items.len() != prompt.candidates() {
            self.others.insert(path.to_owned());
        }
        match self.others.contains(path) || self.prompt == path || is_dialogue() {
            true => Ok(raw.to_owned()),
            false => Ok(list(text, &items, kept)),
        }
    }
}

/// A list of what was kept.
fn list(text: &str, items: &[Span], kept: &Kept) -> String {
    let items: Vec<&str> = kept.picks.iter().map(|pick| &text[items[pick.row].clone()]).collect();
    format!("[{}]", items.join(","))
}

/// Rank, weight and gain as lists, each with its name.
fn columns(kept: &Kept) -> impl Iterator<Item = (&'static str, String)> {
    let list = |one: &dyn Fn(usize, &Pick) -> String| {
        let all: Vec<String> = (1_usize..)
            .zip(&kept.picks)
            .map(|(rank, pick)| one(rank, pick))
            .collect();
        format!("[{}]", all.join(","))
    };
    let lists = [
        list(&|rank, _| rank.to_string()),
        list(&|_, pick| float(pick.weight)),
        list(&|_, pick| float(pick.gain)),
    ];
    ADDED_COLUMNS.into_iter().zip(lists)
}

/// An object with rank, weight and gain as its last keys.
fn with_added(prompt: &Prompt, object: &str, rank: usize, pick: &Pick) -> Result<String, StreamError> {
    let object = object.trim_ascii();
    let line = prompt.line(pick.row).line;
    let Some(body) = object.strip_suffix('}').map(str::trim_ascii_end) else {
        return Err(StreamError::Input(
            prompt.fault("a candidate is no object: leave out --carry"),
        ));
    };
    if ADDED_COLUMNS.iter().any(|name| object.contains(&format!("\"{name}\""))) {
        let json = mended(object).unwrap_or_else(|| object.to_owned());
        let taken = entries(&json, &(0..json.len())).unwrap_or_default();
        refuse_taken(prompt, taken.iter().map(|(key, _)| key.as_str()), line)?;
    }
    let values = added(rank, pick);
    let pairs: Vec<String> = ADDED_COLUMNS
        .iter()
        .zip(values)
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    let comma = if body.ends_with('{') { "" } else { "," };
    Ok(format!("{body}{comma}{}}}", pairs.join(",")))
}

/// A key that is added must not stand there already.
fn refuse_taken<'a>(prompt: &Prompt, keys: impl Iterator<Item = &'a str>, line: u64) -> Result<(), StreamError> {
    match keys.into_iter().find(|key| ADDED_COLUMNS.contains(key)) {
        None => Ok(()),
        Some(key) => {
            let what = format!("{key} stands here, and --carry adds a value of this name: rename the input's");
            Err(StreamError::Input(prompt.fault_in(line, what)))
        }
    }
}
