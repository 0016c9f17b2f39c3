//! Owns one prompt as it was read: its candidates as text, numbers still unparsed, in one piece of memory.
//!
//! Numbers are parsed where prompts are spread over threads; the reader only finds where each candidate's text begins.

use super::numbers::{number, parts};
use crate::data::Fault;
use crate::data::fault::Place;
use std::ops::Range;

/// An id as the input gives it: JSON may write it as a number or a list of messages, and so does the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id<'a> {
    /// The text that identifies: 7 and "7" are the same id.
    pub text: &'a str,
    /// Whether JSON wrote it without quotes.
    pub is_bare: bool,
}

/// One value of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// As it is written, a JSON string without its quotes; none where the candidate has none (JSON: null).
    pub text: Option<&'a str>,
    /// Whether JSON wrote it without quotes.
    pub is_bare: bool,
    place: Place,
    /// In characters, from 1; 0 where it is not known.
    column: usize,
}

impl Cell<'_> {
    /// The number; none where there is none: an empty field, null, NaN or NA. An error, which begins with `name`, where it is no finite
    /// number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Fault> {
        match self.text.map(str::trim_ascii) {
            None | Some("" | "NA" | "null" | "None") => Ok(None),
            Some(text) if text.trim_start_matches(['-', '+']).eq_ignore_ascii_case("nan") => Ok(None),
            Some("true" | "True" | "TRUE") => Ok(Some(1.0)),
            Some("false" | "False" | "FALSE") => Ok(Some(0.0)),
            Some(text) => number(text)
                .map(Some)
                .map_err(|what| self.fault(format!("{name}{what}"))),
        }
    }

    /// The numbers of a list into `out`; an error, which begins with `name`, where one is no finite number.
    pub fn numbers(&self, name: &str, out: &mut Vec<f64>) -> Result<(), Fault> {
        out.clear();
        let list = self.text.unwrap_or_default();
        for (index, (offset, text)) in parts(list).enumerate() {
            let x = number(text).map_err(|what| self.fault_within(offset, format!("{name}[{index}]{what}")))?;
            out.push(x);
        }
        Ok(())
    }

    /// A fault at its place.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::at(self.place, self.column, what)
    }

    /// A fault at a byte of its text.
    pub(in crate::data) fn fault_within(&self, byte: usize, what: impl Into<String>) -> Fault {
        let before = self.text.and_then(|text| text.get(..byte)).unwrap_or_default();
        let column = match self.column {
            0 => 0,
            column => column + before.chars().count(),
        };
        Fault::at(self.place, column, what)
    }
}

/// A text that is reused from row to row, and whether JSON wrote it without quotes.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct Written {
    pub text: String,
    pub is_bare: bool,
}

/// One value of a row, reused from row to row.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct Text {
    pub text: String,
    pub is_there: bool,
    pub is_bare: bool,
    /// Where it begins, the column 0 where not known.
    pub at: (u64, usize),
}

/// One candidate, reused from one to the next.
#[derive(Debug, Clone, Default)]
pub(in crate::data) struct Row {
    pub place: Place,
    pub prompt: Written,
    /// Empty where candidates are numbered.
    pub candidate: Written,
    /// The values, and then the list if there are lists.
    pub cells: Vec<Text>,
    /// Whether it begins a record that is a whole prompt.
    pub begins: bool,
    /// Whether that prompt has no candidate.
    pub is_void: bool,
    /// The record as it stands, if it is wanted; of a whole prompt with the first candidate only.
    pub record: String,
}

impl Row {
    /// Bytes of text that it holds.
    pub fn bytes(&self) -> usize {
        self.candidate.text.len() + self.record.len() + self.cells.iter().map(|cell| cell.text.len()).sum::<usize>()
    }
}

/// The candidates of one prompt, in the order read.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    text: String,
    place: Place,
    id: Span,
    id_is_bare: bool,
    is_whole: bool,
    is_cut: bool,
    has_list: bool,
    columns: usize,
    rows: Vec<Candidate>,
    /// `columns` of each candidate.
    cells: Vec<At>,
}

/// Where a text stands in that of its prompt.
type Span = Range<usize>;

#[derive(Debug, Clone)]
struct Candidate {
    line: u64,
    file: u32,
    id_is_bare: bool,
    id: Span,
    record: Span,
}

/// Where a value stands in the text of its prompt, and in its input.
#[derive(Debug, Clone)]
struct At {
    text: Span,
    is_there: bool,
    is_bare: bool,
    line: u64,
    column: u32,
}

impl Prompt {
    /// A prompt that begins with a row, which is not added yet.
    pub(in crate::data) fn new(row: &Row, has_list: bool) -> Self {
        let mut prompt = Prompt {
            place: row.place,
            is_whole: row.begins,
            has_list,
            columns: row.cells.len(),
            ..Prompt::default()
        };
        prompt.id = prompt.store(&row.prompt.text);
        prompt.id_is_bare = row.prompt.is_bare;
        prompt
    }

    pub(in crate::data) fn push(&mut self, row: &Row) {
        let number = self.rows.len().to_string();
        let is_numbered = row.candidate.text.is_empty();
        let record = match self.rows.first() {
            Some(first) if self.is_whole => first.record.clone(),
            _ => self.store(&row.record),
        };
        let candidate = Candidate {
            line: row.place.line,
            file: row.place.file,
            id_is_bare: row.candidate.is_bare || is_numbered,
            id: self.store(if is_numbered { &number } else { &row.candidate.text }),
            record,
        };
        self.rows.push(candidate);
        for cell in &row.cells {
            let place = At {
                text: self.store(&cell.text),
                is_there: cell.is_there,
                is_bare: cell.is_bare,
                line: cell.at.0,
                column: u32::try_from(cell.at.1).unwrap_or(0),
            };
            self.cells.push(place);
        }
    }

    fn store(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    fn text(&self, span: &Span) -> &str {
        &self.text[span.clone()]
    }

    /// Bytes of text held.
    pub(in crate::data) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Bytes of memory held. Where few columns are read, the rows weigh more than their text.
    pub(in crate::data) fn bytes(&self) -> usize {
        self.text.len() + self.rows.len() * size_of::<Candidate>() + self.cells.len() * size_of::<At>()
    }

    /// The prompt's id.
    pub fn id(&self) -> Id<'_> {
        Id {
            text: self.text(&self.id),
            is_bare: self.id_is_bare,
        }
    }

    /// N; 0 only where a record is a whole prompt.
    pub fn candidates(&self) -> usize {
        self.rows.len()
    }

    /// The line on which it begins, from 1.
    pub fn first_line(&self) -> u64 {
        self.place.line
    }

    /// Where it begins.
    pub(in crate::data) fn place(&self) -> Place {
        self.place
    }

    /// Where a candidate stands.
    pub(in crate::data) fn line(&self, row: usize) -> Place {
        let Candidate { file, line, .. } = self.rows[row];
        Place { file, line }
    }

    /// Whether it was one record.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The id of a candidate. Candidates count from 0, in the order read.
    ///
    /// # Panics
    ///
    /// Where the prompt has no such candidate.
    pub fn candidate(&self, row: usize) -> Id<'_> {
        let own = &self.rows[row];
        Id {
            text: self.text(&own.id),
            is_bare: own.id_is_bare,
        }
    }

    /// The same, ended by a fault in what follows.
    pub(in crate::data) fn cut(self) -> Self {
        Self { is_cut: true, ..self }
    }

    /// Whether a fault has ended it: others of its candidates are not known, and only what is wrong with these matters.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// A fault of the prompt as a whole.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::line(self.place, what)
    }

    /// A fault of a line of its input.
    pub(in crate::data) fn fault_in(&self, line: u64, what: impl Into<String>) -> Fault {
        let place = Place { line, ..self.place };
        Fault::line(place, what)
    }

    /// The record of a candidate as it stands, if [`Wanted::records`](super::Wanted::records) asks for it.
    ///
    /// # Panics
    ///
    /// Where the prompt has no such candidate.
    pub fn record(&self, row: usize) -> &str {
        self.text(&self.rows[row].record)
    }

    /// The value of a candidate in a column, by its place in [`Wanted::values`](super::Wanted::values).
    ///
    /// # Panics
    ///
    /// Where the prompt has no such candidate or column.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let place = &self.cells[row * self.columns + column];
        Cell {
            text: place.is_there.then(|| self.text(&place.text)),
            is_bare: place.is_bare,
            place: Place {
                line: place.line,
                file: self.rows[row].file,
            },
            column: place.column as usize,
        }
    }

    /// The list of numbers of a candidate; none where the input has no lists.
    ///
    /// # Panics
    ///
    /// Where the prompt has no such candidate.
    pub fn list(&self, row: usize) -> Option<Cell<'_>> {
        self.has_list.then(|| self.cell(row, self.columns - 1))
    }
}
