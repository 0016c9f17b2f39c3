//! Owns one prompt as it was read: its rows as text, numbers still unparsed, in one piece of memory.
//!
//! Numbers are parsed where prompts are spread over threads; the reader only finds where each row's text begins.

use std::ops::Range;

/// An id as the input gives it: JSON may write it as a number, and so does the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id<'a> {
    /// The text that identifies: 7 and "7" are the same id.
    pub text: &'a str,
    /// Whether JSON wrote it without quotes.
    pub is_number: bool,
}

/// One row, reused from row to row.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub line: u64,
    pub prompt: String,
    pub prompt_is_number: bool,
    pub candidate: String,
    pub candidate_is_number: bool,
    /// Empty where the input has no rewards.
    pub reward: String,
    /// The column of the reward in its line, 0 where not known.
    pub reward_at: usize,
    /// The numbers with commas between, without brackets.
    pub values: String,
    /// The column of the first of them, 0 where not known.
    pub values_at: usize,
}

/// Consecutive rows of one prompt.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    text: String,
    id: Span,
    id_is_number: bool,
    rows: Vec<Cells>,
}

/// Where a text stands in that of its prompt.
type Span = Range<usize>;

#[derive(Debug, Clone)]
struct Cells {
    line: u64,
    candidate: Span,
    candidate_is_number: bool,
    reward: Span,
    reward_at: usize,
    values: Span,
    values_at: usize,
}

impl Prompt {
    /// A prompt with its first row.
    pub(super) fn new(row: &Row) -> Self {
        let mut prompt = Prompt::default();
        prompt.id = prompt.store(&row.prompt);
        prompt.id_is_number = row.prompt_is_number;
        prompt.push(row);
        prompt
    }

    pub(super) fn push(&mut self, row: &Row) {
        let cells = Cells {
            line: row.line,
            candidate: self.store(&row.candidate),
            candidate_is_number: row.candidate_is_number,
            reward: self.store(&row.reward),
            reward_at: row.reward_at,
            values: self.store(&row.values),
            values_at: row.values_at,
        };
        self.rows.push(cells);
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
    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Bytes of memory held. Where few columns are read, the rows weigh more than their text.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.rows.len() * size_of::<Cells>()
    }

    /// The prompt's id.
    pub fn id(&self) -> Id<'_> {
        Id {
            text: self.text(&self.id),
            is_number: self.id_is_number,
        }
    }

    /// N, at least 1.
    pub fn candidates(&self) -> usize {
        self.rows.len()
    }

    /// The line of its first row, from 1.
    pub fn first_line(&self) -> u64 {
        self.rows.first().map_or(0, |cells| cells.line)
    }

    /// The line of a row, from 1. Rows count from 0, in the order read.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.rows[row].line
    }

    /// The id of a row's candidate. Rows count from 0, in the order read.
    ///
    /// # Panics
    ///
    /// Where the prompt has no such row.
    pub fn candidate(&self, row: usize) -> Id<'_> {
        let cells = &self.rows[row];
        Id {
            text: self.text(&cells.candidate),
            is_number: cells.candidate_is_number,
        }
    }

    /// The text of a row's reward and its column.
    pub(super) fn reward(&self, row: usize) -> (&str, usize) {
        let cells = &self.rows[row];
        (self.text(&cells.reward), cells.reward_at)
    }

    /// The text of a row's numbers and the column of the first.
    pub(super) fn values(&self, row: usize) -> (&str, usize) {
        let cells = &self.rows[row];
        (self.text(&cells.values), cells.values_at)
    }
}
