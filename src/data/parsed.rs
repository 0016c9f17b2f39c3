//! Owns the numbers of one prompt: parsed, checked, and in the order of the candidates' ids.
//!
//! Candidates are ordered by id before anything is added up, because a sum in another order has other bits: so the
//! order of rows decides neither a pick nor the last digit of a gain.

use super::Fault;
use super::fault::shown;
use super::keeping::{Keeping, Missing};
use super::shapes::numbers::{count, number, parts};
use super::shapes::{Kind, Prompt, Shape, Values};

/// The numbers of one prompt; scratch for many.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// Rows in the order of candidate ids, but for those left out.
    pub order: Vec<usize>,
    /// The place of each row in the order of all.
    place: Vec<usize>,
    /// By place; NaN where there is none. Empty where the input has no rewards.
    pub rewards: Vec<f64>,
    /// By place: embeddings, or similarities to each place.
    pub values: Vec<f64>,
    /// Numbers of each in `values`.
    pub length: usize,
}

impl Parsed {
    /// Parses and checks all rows, whether or not they are enough.
    pub fn read(&mut self, how: &Keeping, shape: &Shape, prompt: &Prompt) -> Result<(), Fault> {
        self.sort(prompt)?;
        let n = prompt.candidates();
        let has_rewards = how.has_rewards(shape);
        self.rewards.clear();
        self.rewards.resize(if has_rewards { n } else { 0 }, 0.0);
        self.length = shape.list.as_ref().map_or(0, |values| match values.length {
            Some((length, _)) => length,
            None => n,
        });
        self.values.clear();
        self.values.resize(n * self.length, 0.0);
        for row in 0..n {
            if has_rewards {
                self.rewards[self.place[row]] = reward(how, shape, prompt, row)?;
            }
            if let Some(values) = &shape.list {
                self.numbers(values, prompt, row, self.length)?;
            }
        }
        Ok(())
    }

    /// Leaves out all but the places that are to stay; how many go.
    pub fn retain(&mut self, stays: &[bool], kind: Option<Kind>) -> usize {
        let (n, length) = (self.order.len(), self.length);
        let left: Vec<usize> = (0..n).filter(|&place| stays[place]).collect();
        if left.len() == n {
            return 0;
        }
        for (to, &from) in left.iter().enumerate() {
            self.order[to] = self.order[from];
            if let Some(&reward) = self.rewards.get(from) {
                self.rewards[to] = reward;
            }
            match kind {
                Some(Kind::Similarity) => {
                    for (to_column, &column) in left.iter().enumerate() {
                        self.values[to * left.len() + to_column] = self.values[from * length + column];
                    }
                }
                _ => self.values.copy_within(from * length..(from + 1) * length, to * length),
            }
        }
        if kind == Some(Kind::Similarity) {
            self.length = left.len();
        }
        self.order.truncate(left.len());
        self.rewards.truncate(left.len());
        self.values.truncate(left.len() * self.length);
        n - left.len()
    }

    /// Puts rows in the order of candidate ids. An error where two have one id.
    fn sort(&mut self, prompt: &Prompt) -> Result<(), Fault> {
        let n = prompt.candidates();
        let id = |row: usize| prompt.candidate(row).text;
        self.order.clear();
        self.order.extend(0..n);
        self.order.sort_unstable_by(|&a, &b| (id(a), a).cmp(&(id(b), b)));
        let twins = self.order.windows(2).filter(|pair| id(pair[0]) == id(pair[1]));
        if let Some(pair) = twins.min_by_key(|pair| pair[1]) {
            let what = format!(
                "candidate {} of prompt {} stands in {} too: give every candidate of a prompt an id of its own",
                shown(id(pair[1])),
                shown(prompt.id().text),
                prompt.line(pair[0]).beside(prompt.line(pair[1]))
            );
            return Err(Fault::line(prompt.line(pair[1]), what));
        }
        self.place.clear();
        self.place.resize(n, 0);
        for (place, &row) in self.order.iter().enumerate() {
            self.place[row] = place;
        }
        Ok(())
    }

    /// The numbers of one row, each to its place.
    fn numbers(&mut self, values: &Values, prompt: &Prompt, row: usize, length: usize) -> Result<(), Fault> {
        let Some(cell) = prompt.list(row) else {
            return Ok(());
        };
        let list = cell.text.unwrap_or_default();
        let list = match (values.kind, values.single_columns) {
            // A file has as many columns of similarities as its largest prompt has candidates.
            (Kind::Similarity, true) => list.trim_ascii().trim_end_matches([',', ' ']),
            _ => list,
        };
        let have = count(list);
        let start = self.place[row] * length;
        for (index, (offset, text)) in parts(list).enumerate() {
            let fault = |what| cell.fault_within(offset, format!("{}{what}", values.number(index)));
            let x = number(text).map_err(fault)?;
            if have == length {
                let place = match values.kind {
                    Kind::Embedding => index,
                    Kind::Similarity => self.place[index],
                };
                self.values[start + place] = x;
            }
        }
        let is_open = prompt.is_cut() && values.kind == Kind::Similarity;
        if (have == length && have > 0) || is_open {
            return Ok(());
        }
        Err(Fault::line(prompt.line(row), wrong_length(values, prompt, have)))
    }
}

/// The reward of a row: the weighted sum where there are several; NaN where one is missing and may be.
fn reward(how: &Keeping, shape: &Shape, prompt: &Prompt, row: usize) -> Result<f64, Fault> {
    let mut sum = 0.0;
    for (column, &weight) in how.rewards.iter().enumerate() {
        let name = shape.values[column].as_deref().unwrap_or_default();
        let cell = prompt.cell(row, column);
        let own = match (cell.number(name)?, how.missing) {
            (Some(own), _) => own,
            (None, Missing::Drop | Missing::Last) => return Ok(f64::NAN),
            (None, Missing::Error) => {
                let is = match cell.text.map(str::trim_ascii) {
                    None => " is missing".to_owned(),
                    Some("") => " is empty".to_owned(),
                    Some(text) => format!(": {} is no number", shown(text)),
                };
                return Err(cell.fault(format!(
                    "{name}{is}: give one, leave the row out, or say --missing drop or last"
                )));
            }
        };
        // A single reward keeps its bits.
        sum = if how.rewards.len() == 1 && weight == 1.0 {
            own
        } else {
            sum + weight * own
        };
    }
    Ok(sum)
}

fn wrong_length(values: &Values, prompt: &Prompt, have: usize) -> String {
    let (kind, name) = (values.kind.name(), &values.name);
    match values.length {
        None => format!(
            "{name} has length {have}, but prompt {} has {} candidates: give the similarity to each, in the order of its rows",
            shown(prompt.id().text),
            prompt.candidates()
        ),
        Some(_) if have == 0 => format!("{name} is an empty list: give every candidate an {kind}"),
        Some((length, line)) => {
            format!("{name} has length {have}, but {length} in line {line}: every {kind} needs the same")
        }
    }
}
