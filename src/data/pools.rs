//! Owns the grouping of rows into prompts, and the bounds on what is held in memory.

use super::csv_rows::CsvRows;
use super::fault::{About, shown};
use super::json_rows::JsonRows;
use super::prompt::{Prompt, Row};
use super::wanted::{Nearness, Shape, Wanted};
use super::words::digest;
use super::{Fault, Format};
use std::collections::HashMap;
use std::io::Read;

/// The most candidates of a prompt whose candidates are compared: their similarities are a matrix, 134 MB at this size.
/// Gains of as many are sums whose rounding stays far below [`TOLERANCE`](crate::select::TOLERANCE).
pub const MOST_COMPARED: usize = 4096;

/// The most candidates of a prompt whose candidates are not compared.
pub const MOST_CANDIDATES: usize = 1 << 20;

/// The most bytes of the text of one prompt that are read: ids, rewards and numbers.
pub const MOST_PROMPT_BYTES: usize = 1 << 28;

/// Bytes of the prompts that are handed over at once: enough to keep all threads busy for some milliseconds.
const BATCH_BYTES: usize = 4 << 20;

/// Where the rows of a prompt stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// One after the other; a prompt that comes back later is refused.
    Grouped,
    /// Anywhere. The whole input is held in memory.
    Any,
}

/// A reader of prompts, in the order in which they begin.
pub struct Pools<R> {
    rows: Rows<R>,
    shape: Shape,
    order: Order,
    most: usize,
    row: Row,
    /// Whether `row` has been read and belongs to no prompt yet.
    waiting: bool,
    /// The line on which each prompt seen begins, by 128 bits of its id's SHA-256: some 50 bytes per prompt, and a
    /// collision among 10^12 of them has probability 1e-15. Looked up only, so its order reaches nothing.
    seen: HashMap<u128, u64>,
}

enum Rows<R> {
    Csv(Box<CsvRows<R>>),
    Json(Box<JsonRows<R>>),
}

/// Some prompts of an input.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub prompts: Vec<Prompt>,
    /// What ended the reading, with the rows of the prompt that it cut short.
    pub cut: Option<(Prompt, Fault)>,
}

impl<R: Read> Pools<R> {
    /// Reads the header and the first row. An error where a wanted column is missing or there is no row.
    pub fn open(reader: R, format: Format, wanted: &Wanted, order: Order) -> Result<Self, Fault> {
        let mut row = Row::default();
        let (rows, mut shape) = match format {
            Format::Csv => {
                let (mut rows, shape) = CsvRows::open(reader, wanted)?;
                if !rows.next(&mut row)? {
                    return Err(no_rows("the file holds a header only"));
                }
                (Rows::Csv(Box::new(rows)), shape)
            }
            Format::Jsonl => {
                let mut rows = JsonRows::new(reader, wanted);
                let shape = match rows.next(&mut row)? {
                    true => rows.shape().cloned(),
                    false => None,
                };
                (
                    Rows::Json(Box::new(rows)),
                    shape.ok_or_else(|| no_rows("the file is empty"))?,
                )
            }
        };
        if let Some(values) = &mut shape.values {
            values.settle(&row);
        }
        let most = match wanted.nearness {
            Nearness::Nothing => MOST_CANDIDATES,
            _ => MOST_COMPARED,
        };
        Ok(Self {
            rows,
            shape,
            order,
            most,
            row,
            waiting: true,
            seen: HashMap::new(),
        })
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The next prompts; none at the end.
    pub(super) fn batch(&mut self) -> Batch {
        match self.order {
            Order::Any => self.all(),
            Order::Grouped => self.some(),
        }
    }

    fn some(&mut self) -> Batch {
        let mut batch = Batch::default();
        let mut bytes = 0;
        while bytes < BATCH_BYTES && self.waiting {
            match self.prompt() {
                Ok(prompt) => {
                    bytes += prompt.bytes();
                    batch.prompts.push(prompt);
                }
                Err(cut) => {
                    self.waiting = false;
                    batch.cut = Some(cut);
                }
            }
        }
        batch
    }

    /// The prompt of the waiting row, and the row after it.
    fn prompt(&mut self) -> Result<Prompt, (Prompt, Fault)> {
        let mut prompt = Prompt::new(&self.row);
        if let Err(fault) = self.first_time(&prompt) {
            return Err((Prompt::default(), fault));
        }
        loop {
            match self.advance() {
                Ok(true) if self.row.prompt == prompt.id().text => {
                    if let Err(fault) = self.add(&mut prompt) {
                        return Err((prompt, fault));
                    }
                }
                Ok(_) => return Ok(prompt),
                Err(fault) => return Err((prompt, fault)),
            }
        }
    }

    /// Every prompt of the input, each with all its rows.
    fn all(&mut self) -> Batch {
        let mut batch = Batch::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        while self.waiting {
            let done = match places.get(&self.row.prompt) {
                Some(&place) => self.add(&mut batch.prompts[place]),
                None => {
                    places.insert(self.row.prompt.clone(), batch.prompts.len());
                    batch.prompts.push(Prompt::new(&self.row));
                    Ok(())
                }
            };
            if let Err(fault) = done.and_then(|()| self.advance().map(drop)) {
                self.waiting = false;
                return Batch {
                    prompts: Vec::new(),
                    cut: Some((Prompt::default(), fault)),
                };
            }
        }
        batch
    }

    /// Reads the next row; false after the last.
    fn advance(&mut self) -> Result<bool, Fault> {
        self.waiting = match &mut self.rows {
            Rows::Csv(rows) => rows.next(&mut self.row)?,
            Rows::Json(rows) => rows.next(&mut self.row)?,
        };
        Ok(self.waiting)
    }

    fn first_time(&mut self, prompt: &Prompt) -> Result<(), Fault> {
        let (id, line) = (prompt.id().text, prompt.first_line());
        match self.seen.insert(digest(id), line) {
            None => Ok(()),
            Some(before) => {
                let what = format!(
                    "prompt {} comes back: its rows begin in line {before} and other prompts stand between; put them \
                     together, or give --unsorted, which holds the whole file in memory",
                    shown(id)
                );
                Err(Fault::line(line, what).about(About::Apart))
            }
        }
    }

    /// Adds the waiting row, within the bounds.
    fn add(&self, prompt: &mut Prompt) -> Result<(), Fault> {
        let (row, most) = (&self.row, self.most);
        let over = |limit: String| {
            let id = shown(prompt.id().text);
            let what = format!("prompt {id} has {limit}: split it, so that it fits into memory");
            Err(Fault::line(row.line, what))
        };
        if prompt.candidates() == most {
            return over(format!("more than {most} candidates"));
        }
        if prompt.text_bytes() + row.values.len() > MOST_PROMPT_BYTES {
            return over(format!("more than {MOST_PROMPT_BYTES} bytes of text"));
        }
        prompt.push(row);
        Ok(())
    }
}

fn no_rows(what: &str) -> Fault {
    Fault::whole(format!("{what}: one row per candidate is expected"))
}
