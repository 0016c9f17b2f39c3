//! Owns rows of CSV: the header, the fields of each row, and which of them are wanted.
//!
//! Fields are found by csv-core, fed line by line: the csv crate on the whole input would hold all that follows a quote
//! that is never closed, and counts lines from the end of the row before, blank ones included.

use super::Fault;
use super::fault::shown;
use super::hints;
use super::lines::{Lines, MOST_ROW_BYTES, too_long};
use super::prompt::Row;
use super::wanted::{Kind, Shape, Source, Values, Wanted, ambiguous, missing, missing_values};
use csv_core::ReadRecordResult;
use std::io::Read;

pub(super) struct CsvRows<R> {
    records: Records<R>,
    header: Header,
    layout: Layout,
}

/// Where the wanted fields stand.
struct Layout {
    prompt: usize,
    candidate: usize,
    reward: Option<usize>,
    values: Place,
}

enum Place {
    Nowhere,
    List(usize),
    Columns(Vec<usize>),
}

impl<R: Read> CsvRows<R> {
    pub fn open(reader: R, wanted: &Wanted) -> Result<(Self, Shape), Fault> {
        let mut records = Records::new(reader);
        let Some(header_line) = records.next()? else {
            return Err(Fault::whole(
                "the file is empty: a header row and one row per candidate are expected",
            ));
        };
        let header = Header {
            names: (0..records.fields).map(|i| records.field(i).to_owned()).collect(),
            line: header_line,
        };
        let (prompt, candidate, reward) = header.ids(wanted)?;
        let (shown, values) = header.values(&wanted.nearness.sources())?;
        let shape = Shape {
            rewards: reward.is_some(),
            reward: wanted.reward.clone(),
            values: shown,
        };
        let layout = Layout {
            prompt,
            candidate,
            reward,
            values,
        };
        let rows = Self {
            records,
            header,
            layout,
        };
        Ok((rows, shape))
    }

    /// The next row; false after the last.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        let Some(line) = self.records.next()? else {
            return Ok(false);
        };
        let (have, need) = (self.records.fields, self.header.names.len());
        if have != need {
            let what = format!(
                "{have} fields, but the header in line {} has {need}: give every row as many, and quote a field that \
                 holds a comma",
                self.header.line
            );
            return Err(Fault::line(line, what));
        }
        row.line = line;
        self.id(self.layout.prompt, line, &mut row.prompt)?;
        self.id(self.layout.candidate, line, &mut row.candidate)?;
        row.reward.clear();
        if let Some(column) = self.layout.reward {
            row.reward.push_str(self.records.field(column));
        }
        self.values(line, &mut row.values)?;
        Ok(true)
    }

    fn id(&self, column: usize, line: u64, out: &mut String) -> Result<(), Fault> {
        let id = self.records.field(column);
        if id.is_empty() {
            let what = format!(
                "{} is empty: give every prompt and candidate an id",
                self.header.names[column]
            );
            return Err(Fault::line(line, what));
        }
        out.clear();
        out.push_str(id);
        Ok(())
    }

    fn values(&self, line: u64, out: &mut String) -> Result<(), Fault> {
        out.clear();
        match &self.layout.values {
            Place::Nowhere => {}
            Place::List(column) => {
                let list = self.records.field(*column).trim_ascii();
                let inner = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
                let Some(inner) = inner else {
                    let name = &self.header.names[*column];
                    let what = format!("{name}: {} is not a list: write it like [0.5, 0.25]", shown(list));
                    return Err(Fault::line(line, what));
                };
                out.push_str(inner);
            }
            Place::Columns(columns) => {
                for (i, &column) in columns.iter().enumerate() {
                    let field = self.records.field(column);
                    if field.contains(',') {
                        let name = &self.header.names[column];
                        let what = format!("{name}: {} is not a number: write it like 0.5 or 5e-1", shown(field));
                        return Err(Fault::line(line, what));
                    }
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(field);
                }
            }
        }
        Ok(())
    }
}

/// The header row, to look names up in.
struct Header {
    names: Vec<String>,
    line: u64,
}

impl Header {
    /// Where prompts, candidates and rewards stand; all that is missing is told at once.
    fn ids(&self, wanted: &Wanted) -> Result<(usize, usize, Option<usize>), Fault> {
        let [prompt, candidate, reward] = [
            self.find(&wanted.prompt)?,
            self.find(&wanted.candidate)?,
            self.find(&wanted.reward)?,
        ];
        let needed = [
            (prompt, &wanted.prompt, "--prompt"),
            (candidate, &wanted.candidate, "--candidate"),
            (
                reward.or((!wanted.needs_rewards).then_some(0)),
                &wanted.reward,
                "--reward",
            ),
        ];
        match (prompt, candidate) {
            (Some(prompt), Some(candidate)) if needed.iter().all(|(found, ..)| found.is_some()) => {
                Ok((prompt, candidate, reward))
            }
            _ => {
                let lacking = needed.iter().filter(|(found, ..)| found.is_none());
                let lacking: Vec<(&str, &str)> = lacking.map(|(_, name, option)| (name.as_str(), *option)).collect();
                Err(self.missing(&lacking))
            }
        }
    }

    fn missing(&self, lacking: &[(&str, &str)]) -> Fault {
        match &self.names[..] {
            [one] if one.contains('\t') => Fault::line(self.line, hints::TABS),
            [one] if one.contains(';') => {
                let what = format!("the header is one field, {}: put commas between fields", shown(one));
                Fault::line(self.line, what)
            }
            _ => missing(self.line, "column", lacking, &self.names),
        }
    }

    fn find(&self, name: &str) -> Result<Option<usize>, Fault> {
        let mut found = self.names.iter().enumerate().filter(|(_, other)| *other == name);
        let first = found.next().map(|(column, _)| column);
        if found.next().is_some() {
            let what = format!("two columns are called {}: rename one", shown(name));
            return Err(Fault::line(self.line, what));
        }
        Ok(first)
    }

    /// Where the numbers of each row stand.
    fn values(&self, sources: &[Source]) -> Result<(Option<Values>, Place), Fault> {
        let mut found = Vec::new();
        for source in sources {
            if let Some(column) = self.find(&source.list)? {
                found.push((source.list.clone(), source.lists(), Place::List(column)));
            }
            if let Some(columns) = self.numbered(&source.prefix)? {
                let values = Values {
                    kind: source.kind,
                    name: source.prefix.clone(),
                    single_columns: true,
                    length: (source.kind == Kind::Embedding).then_some((columns.len(), self.line)),
                };
                let what = format!("{}0", source.prefix);
                found.push((what, values, Place::Columns(columns)));
            }
        }
        if found.len() > 1 {
            let names: Vec<String> = found.into_iter().map(|(what, ..)| what).collect();
            return Err(ambiguous(self.line, &names));
        }
        match found.pop() {
            Some((_, values, place)) => Ok((Some(values), place)),
            None if sources.is_empty() => Ok((None, Place::Nowhere)),
            None => Err(missing_values(self.line, "column", sources, &self.names)),
        }
    }

    /// The columns of a prefix and 0, 1, ...; none where there is no such column.
    fn numbered(&self, prefix: &str) -> Result<Option<Vec<usize>>, Fault> {
        let number = |name: &str| -> Option<usize> {
            let digits = name.strip_prefix(prefix)?;
            let number: usize = digits.parse().ok()?;
            (number.to_string() == digits).then_some(number)
        };
        let named = self.names.iter().enumerate();
        let mut columns: Vec<(usize, usize)> = named.filter_map(|(at, name)| Some((number(name)?, at))).collect();
        columns.sort_unstable();
        for (expected, &(number, at)) in columns.iter().enumerate() {
            if number < expected {
                self.find(&self.names[at])?;
            }
            if number > expected {
                let name = format!("{prefix}{expected}");
                let last = &self.names[at];
                let what = format!("there is a column {last}, but no column {name}: number the columns 0, 1, 2, ...");
                return Err(Fault::line(self.line, what));
            }
        }
        let columns: Vec<usize> = columns.into_iter().map(|(_, at)| at).collect();
        Ok((!columns.is_empty()).then_some(columns))
    }
}

/// Rows as fields.
struct Records<R> {
    lines: Lines<R>,
    core: csv_core::Reader,
    text: Vec<u8>,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
    fields: usize,
}

impl<R: Read> Records<R> {
    fn new(reader: R) -> Self {
        Self {
            lines: Lines::new(reader),
            core: csv_core::Reader::new(),
            text: Vec::new(),
            ends: Vec::new(),
            fields: 0,
        }
    }

    /// Reads the next row that is not blank; returns the line on which it begins.
    fn next(&mut self) -> Result<Option<u64>, Fault> {
        let mut filled = 0;
        let mut begun = None;
        self.fields = 0;
        loop {
            let Some((line, number)) = self.lines.next()? else {
                return match begun {
                    None => Ok(None),
                    Some(first) => Err(Fault::line(first, "a quote is opened in this row and never closed")),
                };
            };
            if begun.is_none() && line.trim_ascii().is_empty() {
                continue;
            }
            let first = *begun.get_or_insert(number);
            if filled + line.len() > MOST_ROW_BYTES {
                return Err(too_long(first));
            }
            let bytes = line.as_bytes();
            let commas = bytes.iter().filter(|byte| **byte == b',').count();
            // One more than can be needed, so that csv-core never asks for room.
            self.text.resize(self.text.len().max(filled + bytes.len() + 1), 0);
            self.ends.resize(self.ends.len().max(self.fields + commas + 2), 0);
            let output = (&mut self.text[filled..], &mut self.ends[self.fields..]);
            let (result, read, written, ended) = self.core.read_record(bytes, output.0, output.1);
            filled += written;
            self.fields += ended;
            if matches!(result, ReadRecordResult::InputEmpty) {
                continue;
            }
            if !bytes[read..].trim_ascii().is_empty() {
                let what = "a carriage return stands within this line: end lines by line feeds, and quote a field \
                            that holds one";
                return Err(Fault::line(number, what));
            }
            return Ok(Some(first));
        }
    }

    fn field(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        // Cannot fail because lines are UTF-8 and fields are cut at ASCII characters only.
        std::str::from_utf8(&self.text[start..self.ends[index]]).unwrap_or_default()
    }
}
