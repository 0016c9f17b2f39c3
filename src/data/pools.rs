//! Owns the grouping of candidates into prompts, over one input or several, and the bounds on what is held in memory.

use super::Fault;
use super::containers::{Format, Input, Records};
use super::fault::{About, Place, shown};
use super::shapes::{Kind, Prompt, Row, Rows, Shape, Wanted};
use super::words::digest;
use std::collections::HashMap;
use std::vec;

/// The most candidates of a prompt whose embeddings are compared. Beyond 4096 of them no matrix of their similarities is held, which would
/// be 134 MB there and 137 GB here: each is worked out where it is needed, from the embeddings in memory. Gains of as many are sums whose
/// rounding stays far below [`TOLERANCE`](crate::select::TOLERANCE).
pub const MOST_COMPARED: usize = 1 << 17;

/// The most candidates of a prompt whose similarities are given, each to each.
pub const MOST_GIVEN: usize = 4096;

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
pub struct Pools<'a> {
    inputs: vec::IntoIter<Input<'a>>,
    wanted: Wanted,
    /// The input that is read, counted from 0.
    file: u32,
    rows: Rows<'a>,
    shape: Shape,
    formats: Vec<(Format, bool)>,
    /// Of tables: the names of the first, and what stands between its fields.
    header: Vec<String>,
    delimiter: u8,
    order: Order,
    most: usize,
    row: Row,
    /// Whether `row` has been read and belongs to no prompt yet.
    waiting: bool,
    /// Prompts that have been numbered, for want of ids.
    numbered: u64,
    /// Where each prompt seen begins, by 128 bits of its id's SHA-256: some 50 bytes per prompt, and a
    /// collision among 10^12 of them has probability 1e-15. Looked up only, so its order reaches nothing.
    seen: HashMap<u128, Place>,
}

/// Some prompts of an input.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order read; none at the end.
    pub prompts: Vec<Prompt>,
    /// What ended the reading, with the rows of the prompt that it cut short.
    pub cut: Option<(Prompt, Fault)>,
}

impl<'a> Pools<'a> {
    /// Reads the first record of the first input. An error where a wanted column is missing or there is no row.
    pub fn open(inputs: Vec<Input<'a>>, wanted: &Wanted, order: Order) -> Result<Self, Fault> {
        let mut inputs = inputs.into_iter();
        let first = inputs.next().ok_or_else(|| Fault::whole("no file is given"))?;
        let mut formats = Vec::new();
        let (rows, delimiter) = open(first, wanted, 0, &mut formats)?;
        let mut own = Self {
            inputs,
            wanted: wanted.clone(),
            file: 0,
            shape: rows.shape(),
            header: rows.header().to_vec(),
            delimiter,
            rows,
            formats,
            order,
            most: MOST_CANDIDATES,
            row: Row::default(),
            waiting: true,
            numbered: 0,
            seen: HashMap::new(),
        };
        own.advance()?;
        if let Some(values) = &mut own.shape.list {
            values.settle(&own.row);
            own.most = match values.kind {
                Kind::Embedding => MOST_COMPARED,
                Kind::Similarity => MOST_GIVEN,
            };
        }
        Ok(own)
    }

    /// What the candidates have, which every input has alike.
    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The name under which a value stands, by its place in [`Wanted::values`]; none where the input has none.
    pub fn value_name(&self, column: usize) -> Option<&str> {
        self.shape.values.get(column)?.as_deref()
    }

    /// The names of prompts and candidates, as they were found or asked for.
    pub fn id_labels(&self) -> [&str; 2] {
        let [prompt, candidate] = self.id_names();
        [
            prompt.unwrap_or(self.wanted.prompt.name()),
            candidate.unwrap_or(self.wanted.candidate.name()),
        ]
    }

    /// The names of the first table.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// What stands between its fields.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The path to the list whose items are the candidates, where they are objects.
    pub(super) fn list_of_objects(&self) -> Option<String> {
        let names = self.shape.values.iter().chain(&self.shape.ids).flatten();
        let lists = names.filter_map(|name| name.split_once("[]"));
        lists.map(|(list, _)| list.to_owned()).next()
    }

    /// The names of prompts and candidates; none where they are numbered.
    pub fn id_names(&self) -> [Option<&str>; 2] {
        self.shape.ids.each_ref().map(Option::as_deref)
    }

    /// Whether a record is a whole prompt.
    pub fn is_whole(&self) -> bool {
        self.shape.whole
    }

    /// The format of each input that has been opened, and whether its bytes alone told it.
    pub fn formats(&self) -> &[(Format, bool)] {
        &self.formats
    }

    /// The next prompts, some 4 MiB of them: none at the end.
    pub fn batch(&mut self) -> Batch {
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
                    batch.cut = Some(*cut);
                }
            }
        }
        batch
    }

    /// A prompt of the waiting row.
    fn begin(&self) -> Prompt {
        let mut prompt = Prompt::new(&self.row, self.shape.list.is_some());
        if !self.row.is_void {
            prompt.push(&self.row);
        }
        prompt
    }

    /// The prompt of the waiting row, and the row after it.
    fn prompt(&mut self) -> Result<Prompt, Box<(Prompt, Fault)>> {
        let mut prompt = self.begin();
        if let Err(fault) = self.first_time(&prompt) {
            return Err(Box::new((Prompt::default().cut(), fault)));
        }
        loop {
            match self.advance() {
                Ok(true) if !self.row.begins && self.row.prompt.text == prompt.id().text => {
                    if let Err(fault) = self.add(&mut prompt) {
                        return Err(Box::new((prompt.cut(), fault)));
                    }
                }
                Ok(_) => return Ok(prompt),
                Err(fault) => return Err(Box::new((prompt.cut(), fault))),
            }
        }
    }

    /// Every prompt of the inputs, each with all its rows.
    fn all(&mut self) -> Batch {
        let mut batch = Batch::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        while self.waiting {
            let known = places.get(&self.row.prompt.text).copied().filter(|_| !self.row.begins);
            let done = match known {
                Some(place) => self.add(&mut batch.prompts[place]),
                None => {
                    places.insert(self.row.prompt.text.clone(), batch.prompts.len());
                    batch.prompts.push(self.begin());
                    Ok(())
                }
            };
            if let Err(fault) = done.and_then(|()| self.advance().map(drop)) {
                self.waiting = false;
                return Batch {
                    prompts: Vec::new(),
                    cut: Some((Prompt::default().cut(), fault)),
                };
            }
        }
        batch
    }

    /// Reads the next row, of the next input where one ends; false after the last.
    fn advance(&mut self) -> Result<bool, Fault> {
        loop {
            self.waiting = self
                .rows
                .next(&mut self.row)
                .map_err(|fault| fault.of_input(self.file))?;
            if self.waiting {
                break;
            }
            let Some(input) = self.inputs.next() else {
                return Ok(false);
            };
            self.file += 1;
            let (rows, delimiter) = open(input, &self.wanted, self.file, &mut self.formats)?;
            self.rows = rows;
            self.check_shape(delimiter)?;
        }
        if self.row.begins && self.shape.ids[0].is_none() {
            self.row.prompt.text = self.numbered.to_string();
            self.row.prompt.is_bare = true;
            self.numbered += 1;
        }
        Ok(true)
    }

    /// Every input must have what the first has, so that prompts can be told alike.
    fn check_shape(&self, delimiter: u8) -> Result<(), Fault> {
        let (own, first) = (self.rows.shape(), &self.shape);
        let kind = |shape: &Shape| shape.list.as_ref().map(|list| list.kind);
        let has = |shape: &Shape| -> Vec<bool> { shape.ids.iter().chain(&shape.values).map(Option::is_some).collect() };
        // Rows that go out as they stand are all of one kind.
        let fits = !self.wanted.records || (self.rows.header() == self.header && delimiter == self.delimiter);
        if fits && own.whole == first.whole && kind(&own) == kind(first) && has(&own) == has(first) {
            return Ok(());
        }
        let what = "its rows have other columns than those of the first file: give such files one at a time";
        Err(Fault::whole(what).of_input(self.file))
    }

    fn first_time(&mut self, prompt: &Prompt) -> Result<(), Fault> {
        // A record that is a whole prompt is one by itself.
        if prompt.is_whole() {
            return Ok(());
        }
        let (id, place) = (prompt.id().text, prompt.place());
        match self.seen.insert(digest(id), place) {
            None => Ok(()),
            Some(before) => {
                let what = format!(
                    "prompt {} comes back: its rows begin in {} and other prompts stand between; put them \
                     together, or give --unsorted, which holds the whole file in memory",
                    shown(id),
                    before.beside(place)
                );
                Err(Fault::line(place, what).about(About::Apart))
            }
        }
    }

    /// Adds the waiting row, within the bounds.
    fn add(&self, prompt: &mut Prompt) -> Result<(), Fault> {
        let (row, most) = (&self.row, self.most);
        let over = |limit: String| {
            let id = shown(prompt.id().text);
            let what = format!("prompt {id} has {limit}: split it, so that it fits into memory");
            Err(Fault::line(row.place, what))
        };
        if prompt.candidates() == most {
            return over(format!("more than {most} candidates"));
        }
        if prompt.text_bytes() + row.bytes() > MOST_PROMPT_BYTES {
            return over(format!("more than {MOST_PROMPT_BYTES} bytes of text"));
        }
        prompt.push(row);
        Ok(())
    }
}

/// The candidates of an input, whose faults are those of that input.
fn open<'a>(
    input: Input<'a>,
    wanted: &Wanted,
    file: u32,
    formats: &mut Vec<(Format, bool)>,
) -> Result<(Rows<'a>, u8), Fault> {
    let opened = input.open().and_then(|input| {
        formats.push((input.format, input.guessed));
        let delimiter = input.delimiter;
        Ok((
            Rows::open(Records::open(input, wanted.records)?, wanted, file)?,
            delimiter,
        ))
    });
    opened.map_err(|fault| fault.of_input(file))
}
