//! Owns the candidates of one input, one after the other, whichever shape its records have.

use super::fill::Taken;
use super::found::{self, CANDIDATE, Layout, PROMPT, VALUES, needs_each};
use super::prompt::{Row, Text};
use super::wanted::{Shape, Value, Wanted};
use crate::data::Fault;
use crate::data::containers::{Found, Records, Span};
use crate::data::fault::{Place, shown};

/// The candidates of one input.
pub(in crate::data) struct Rows<'a> {
    records: Records<'a>,
    wanted: Wanted,
    layout: Layout,
    /// The place of the input among all.
    file: u32,
    /// The line of the record.
    line: u64,
    /// Whether the record has been read and not been used.
    fresh: bool,
    found: Vec<Found>,
    /// Of a whole prompt: its candidates, and how many have been given.
    whole: Whole,
}

#[derive(Default)]
struct Whole {
    /// What each slot has for each candidate.
    items: Vec<Items>,
    count: usize,
    given: usize,
}

enum Items {
    Nothing,
    Shared(Span),
    Each(Vec<Option<Span>>),
}

impl<'a> Rows<'a> {
    /// Reads the first record, which says where things stand.
    pub fn open(mut records: Records<'a>, wanted: &Wanted, file: u32) -> Result<Self, Fault> {
        let first = records.next()?;
        if first.is_none() {
            if !records.is_json() {
                Layout::of(&mut records, wanted, None)?;
                return Err(no_rows("the file holds a header only"));
            }
            return Err(no_rows("the file is empty"));
        }
        let layout = Layout::of(&mut records, wanted, first)?;
        Ok(Self {
            records,
            wanted: wanted.clone(),
            layout,
            file,
            line: first.unwrap_or(0),
            fresh: true,
            found: Vec::new(),
            whole: Whole::default(),
        })
    }

    /// The header of a table.
    pub fn header(&self) -> &[String] {
        self.records.header()
    }

    /// What candidates have.
    pub fn shape(&self) -> Shape {
        let name = |slot: &Option<(String, usize)>| slot.as_ref().map(|(name, _)| name.clone());
        let slots = &self.layout.slots;
        Shape {
            whole: self.layout.whole,
            ids: [name(&slots[PROMPT]), name(&slots[CANDIDATE])],
            values: slots[VALUES..slots.len() - 1].iter().map(name).collect(),
            list: self.layout.list.clone(),
        }
    }

    /// The next candidate; false after the last.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        if self.layout.whole && self.whole.given < self.whole.count {
            row.begins = false;
            self.of_whole(row)?;
            return Ok(true);
        }
        if !std::mem::take(&mut self.fresh) {
            match self.records.next()? {
                Some(line) => self.line = line,
                None => return Ok(false),
            }
        }
        let (slots, list) = self.layout.slots.split_at(self.layout.slots.len() - 1);
        found::find(&mut self.records, slots, list[0].as_ref(), &mut self.found)?;
        row.place = Place {
            file: self.file,
            line: self.line,
        };
        row.record.clear();
        if self.wanted.records {
            row.record.push_str(self.records.whole());
        }
        match self.layout.whole {
            true => self.begin_whole(row)?,
            false => self.single(row)?,
        }
        Ok(true)
    }

    /// A record that is one candidate.
    fn single(&mut self, row: &mut Row) -> Result<(), Fault> {
        (row.begins, row.is_void) = (false, false);
        let is_json = self.records.is_json();
        for slot in [PROMPT, CANDIDATE] {
            let out = if slot == PROMPT {
                &mut row.prompt
            } else {
                &mut row.candidate
            };
            match &self.found[slot] {
                Found::One(at) => self.taken(slot, at.clone(), is_json).id(out)?,
                _ if self.layout.slots[slot].is_none() => out.text.clear(),
                _ => return Err(self.absent(slot)),
            }
        }
        self.size(row);
        for slot in VALUES..self.found.len() {
            let cell = row.cells.get_mut(slot - VALUES);
            let Some(cell) = cell else { break };
            match &self.found[slot] {
                Found::One(at) => self.cell(slot, at.clone(), is_json, cell)?,
                _ => self.no_cell(slot, cell)?,
            }
        }
        Ok(())
    }

    /// A record that is a whole prompt, and its first candidate.
    fn begin_whole(&mut self, row: &mut Row) -> Result<(), Fault> {
        row.begins = true;
        row.prompt.text.clear();
        let is_json = self.records.is_json();
        match &self.found[PROMPT] {
            Found::One(at) => self.taken(PROMPT, at.clone(), is_json).id(&mut row.prompt)?,
            Found::Nothing if self.layout.slots[PROMPT].is_none() => {}
            _ => return Err(self.absent(PROMPT)),
        }
        self.whole = self.items(&row.prompt.text)?;
        self.size(row);
        row.is_void = self.whole.count == 0;
        match row.is_void {
            true => Ok(()),
            false => self.of_whole(row),
        }
    }

    /// The values of all candidates of the record.
    fn items(&self, prompt: &str) -> Result<Whole, Fault> {
        let mut whole = Whole::default();
        let mut first: Option<(&str, usize)> = None;
        for slot in 0..self.found.len() {
            let items = self.items_of(slot)?;
            if let (Items::Each(own), Some((name, _))) = (&items, &self.layout.slots[slot]) {
                match first {
                    None => first = Some((name, own.len())),
                    Some((other, count)) if count != own.len() => {
                        let id = if prompt.is_empty() {
                            String::new()
                        } else {
                            format!("prompt {}: ", shown(prompt))
                        };
                        let what = format!(
                            "{id}{other} has {count} and {name} {}: each needs one for every candidate",
                            own.len()
                        );
                        return Err(Fault::line(self.line, what));
                    }
                    Some(_) => {}
                }
            }
            whole.items.push(items);
        }
        whole.count = first.map_or(0, |(_, count)| count);
        Ok(whole)
    }

    fn items_of(&self, slot: usize) -> Result<Items, Fault> {
        let Some((name, _)) = &self.layout.slots[slot] else {
            return Ok(Items::Nothing);
        };
        let column = slot.checked_sub(VALUES).and_then(|place| self.wanted.values.get(place));
        let shared = slot == PROMPT || column.is_some_and(|column| column.kind == Value::Shared);
        match &self.found[slot] {
            Found::Each { items, .. } => Ok(Items::Each(items.clone())),
            Found::One(at) if slot == PROMPT => Ok(Items::Shared(at.clone())),
            Found::One(at) => match found::items(&self.records, at) {
                Some(items) => Ok(Items::Each(items.into_iter().map(Some).collect())),
                None if shared => Ok(Items::Shared(at.clone())),
                None if column.is_some_and(|column| !needs_each(column)) => Ok(Items::Nothing),
                None => {
                    let raw = shown(&self.records.text()[at.clone()]);
                    let what = format!("{name}: {raw} where a list is expected, with one for every candidate");
                    Err(self.records.fault(self.line, at, what))
                }
            },
            Found::Nothing if column.is_some_and(|column| !needs_each(column)) => Ok(Items::Nothing),
            Found::Nothing => Err(self.absent(slot)),
        }
    }

    /// The next candidate of a whole prompt.
    fn of_whole(&mut self, row: &mut Row) -> Result<(), Fault> {
        let index = self.whole.given;
        self.whole.given += 1;
        row.candidate.text.clear();
        for slot in CANDIDATE..self.whole.items.len() {
            let (at, is_json) = match &self.whole.items[slot] {
                Items::Nothing => (None, false),
                Items::Shared(at) => (Some(at.clone()), self.records.is_json()),
                Items::Each(items) => (items[index].clone(), true),
            };
            if slot == CANDIDATE {
                match at {
                    Some(at) => self.taken(slot, at, is_json).id(&mut row.candidate)?,
                    None if self.layout.slots[slot].is_none() => {}
                    None => return Err(self.absent(slot)),
                }
                continue;
            }
            let Some(cell) = row.cells.get_mut(slot - VALUES) else {
                break;
            };
            match at {
                Some(at) => self.cell(slot, at, is_json, cell)?,
                None => self.no_cell(slot, cell)?,
            }
        }
        Ok(())
    }

    /// Room for the values, and for a list where there are lists.
    fn size(&self, row: &mut Row) {
        let lists = usize::from(self.layout.list.is_some());
        row.cells.resize(self.wanted.values.len() + lists, Text::default());
    }

    fn taken(&self, slot: usize, at: Span, is_json: bool) -> Taken<'_, 'a> {
        Taken {
            records: &self.records,
            line: self.line,
            name: self.layout.slots[slot].as_ref().map_or("", |(name, _)| name),
            at,
            is_json,
        }
    }

    fn cell(&self, slot: usize, at: Span, is_json: bool, out: &mut Text) -> Result<(), Fault> {
        let taken = self.taken(slot, at, is_json);
        match self.wanted.values.get(slot - VALUES) {
            Some(column) => taken.value(column.kind, out),
            None => taken.list(out),
        }
    }

    /// What stands for a value that is not there. A list must be.
    fn no_cell(&self, slot: usize, out: &mut Text) -> Result<(), Fault> {
        out.text.clear();
        (out.is_there, out.is_bare) = (false, false);
        out.at = (self.line, 0);
        if slot - VALUES < self.wanted.values.len() {
            return Ok(());
        }
        match self.layout.numbered[..] {
            [] => Err(self.absent(slot)),
            ref columns => {
                out.is_there = true;
                self.numbered(columns, out)
            }
        }
    }

    /// Numbers that have a column each.
    fn numbered(&self, columns: &[usize], out: &mut Text) -> Result<(), Fault> {
        let Records::Table(table) = &self.records else {
            return Ok(());
        };
        let text = table.text();
        for (i, &column) in columns.iter().enumerate() {
            let field = &text[table.field(column)];
            if field.contains(',') {
                let name = &table.names()[column];
                let what = format!("{name}: {} is not a number: write it like 0.5 or 5e-1", shown(field));
                return Err(Fault::line(self.line, what));
            }
            if i > 0 {
                out.text.push(',');
            }
            out.text.push_str(field);
        }
        Ok(())
    }

    /// That a record lacks what the first had.
    fn absent(&self, slot: usize) -> Fault {
        let name = self.layout.slots[slot].as_ref().map_or("", |(name, _)| name);
        let what = match (&self.layout.list, slot == VALUES + self.wanted.values.len()) {
            (Some(_), true) => {
                format!("{name} is missing, but the first row has it: give every candidate a list of numbers")
            }
            _ => format!("{name} is missing, but the first row has it: give it to every row"),
        };
        Fault::line(self.line, what)
    }
}

fn no_rows(what: &str) -> Fault {
    Fault::whole(format!("{what}: one row per candidate is expected"))
}
