//! Owns the picks of one prompt: its numbers parsed, its candidates in the order of their ids, K of them kept.
//!
//! Candidates are ordered by id before anything is added up, because a sum in another order has other bits: so the
//! order of rows decides neither a pick nor the last digit of a gain.

use super::Fault;
use super::fault::{About, shown};
use super::numbers::{count, number, parts};
use super::prompt::Prompt;
use super::wanted::{Kind, Shape, Values};
use super::words::Words;
use crate::numerics::text;
use crate::select::{Picker, Pool, Rule, SelectError, Shares, Similarity};

/// What is kept of each prompt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keeping {
    /// The selector and what it maximises.
    pub rule: Rule,
    /// How alike two embeddings are; given similarities are taken as they are.
    pub similarity: Similarity,
    /// K, at least 1.
    pub keep: usize,
    /// Decides ties and `random`.
    pub seed: u64,
    /// Whether a prompt of fewer than K candidates is left out, and not an error.
    pub skip_short: bool,
}

/// What was kept of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// In the order kept; empty where the prompt was skipped.
    pub picks: Vec<Pick>,
    /// Mean reward of the prompt's candidates, where there are rewards.
    pub before: Option<f64>,
    /// Mean reward of what was kept, by weight, where there are rewards.
    pub after: Option<f64>,
}

/// One kept candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Its row within the prompt, from 0.
    pub row: usize,
    /// Its share among the kept, in [0, 1]: 1/K, or of a weighted selector the share of the pool that it represents: see
    /// [`CoverageTies`](crate::select::CoverageTies).
    pub weight: f64,
    /// What it added when it was kept: see [`Picks`](crate::select::Picks).
    pub gain: f64,
    /// Its reward, where there are rewards.
    pub reward: Option<f64>,
}

/// Scratch for one thread: it grows to the largest prompt.
#[derive(Debug)]
pub(super) struct Keeper {
    room: usize,
    picker: Picker,
    shares: Shares,
    /// Rows in the order of candidate ids.
    order: Vec<usize>,
    /// The place of each row in that order.
    place: Vec<usize>,
    rewards: Vec<f64>,
    words: Vec<u64>,
    values: Vec<f64>,
    scratch: Vec<f64>,
    matrix: Vec<f64>,
}

impl Keeper {
    pub fn new() -> Self {
        Self {
            room: 0,
            picker: Picker::new(0),
            shares: Shares::new(0),
            order: Vec::new(),
            place: Vec::new(),
            rewards: Vec::new(),
            words: Vec::new(),
            values: Vec::new(),
            scratch: Vec::new(),
            matrix: Vec::new(),
        }
    }

    /// Keeps K of a prompt's candidates. An error where its rows are wrong, or too few.
    pub fn keep(&mut self, how: &Keeping, shape: &Shape, prompt: &Prompt) -> Result<Kept, Fault> {
        self.parse(shape, prompt)?;
        let n = prompt.candidates();
        if how.keep > n {
            return too_few(how, prompt);
        }
        if n > self.room {
            self.room = n.next_power_of_two();
            self.picker = Picker::new(self.room);
        }
        let words = Words::new(how.seed, prompt.id().text);
        self.words.clear();
        let ids = self.order.iter().map(|&row| prompt.candidate(row).text);
        self.words.extend(ids.map(|id| words.word(id)));
        self.pick(how, shape, n).map_err(|error| self.placed(&error, prompt))
    }

    /// Parses and checks the rows, whether or not they are enough.
    pub fn parse(&mut self, shape: &Shape, prompt: &Prompt) -> Result<(), Fault> {
        self.sort(prompt)?;
        let n = prompt.candidates();
        self.rewards.clear();
        self.rewards.resize(if shape.rewards { n } else { 0 }, 0.0);
        let length = shape.values.as_ref().map_or(0, |values| match values.length {
            Some((length, _)) => length,
            None => n,
        });
        self.values.clear();
        self.values.resize(n * length, 0.0);
        for row in 0..n {
            if shape.rewards {
                let (text, at) = prompt.reward(row);
                let fault = |what| Fault::at(prompt.line(row), at, format!("{}{what}", shape.reward));
                self.rewards[self.place[row]] = number(text).map_err(fault)?;
            }
            if let Some(values) = &shape.values {
                self.numbers(values, prompt, row, length)?;
            }
        }
        Ok(())
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
                "candidate {} of prompt {} stands in line {} too: give every candidate of a prompt an id of its own",
                shown(id(pair[1])),
                shown(prompt.id().text),
                prompt.line(pair[0])
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
        let (list, at) = prompt.values(row);
        let list = match (values.kind, values.single_columns) {
            // A file has as many columns of similarities as its largest prompt has candidates.
            (Kind::Similarity, true) => list.trim_ascii().trim_end_matches([',', ' ']),
            _ => list,
        };
        let have = count(list);
        let start = self.place[row] * length;
        for (index, (offset, text)) in parts(list).enumerate() {
            let fault = |what| {
                let column = if at == 0 {
                    0
                } else {
                    at + list[..offset].chars().count()
                };
                Fault::at(prompt.line(row), column, format!("{}{what}", values.number(index)))
            };
            let x = number(text).map_err(fault)?;
            if have == length {
                let place = match values.kind {
                    Kind::Embedding => index,
                    Kind::Similarity => self.place[index],
                };
                self.values[start + place] = x;
            }
        }
        if have == length && have > 0 {
            return Ok(());
        }
        Err(Fault::line(prompt.line(row), wrong_length(values, prompt, have)))
    }

    fn pick(&mut self, how: &Keeping, shape: &Shape, n: usize) -> Result<Kept, SelectError> {
        let compared = shape
            .values
            .as_ref()
            .is_some_and(|values| values.kind == Kind::Embedding);
        let similarity = match &shape.values {
            Some(_) if compared => {
                self.matrix.resize(self.matrix.len().max(n * n), 0.0);
                let length = self.values.len() / n;
                how.similarity
                    .fill(&self.values, length, &mut self.scratch, &mut self.matrix)?;
                &self.matrix[..n * n]
            }
            _ => &self.values[..],
        };
        let pool = Pool {
            rewards: &self.rewards,
            similarity,
            stride: n,
            computed: compared,
            words: &self.words,
            embeddings: if compared { &self.values } else { &[] },
            dimension: if compared { self.values.len() / n } else { 0 },
            candidates: n,
        };
        let picks = self.picker.pick(&how.rule, &pool, how.keep)?;
        let equal = 1.0 / how.keep as f64;
        let made = picks.order.iter().zip(picks.gains).map(|(&place, &gain)| Pick {
            row: self.order[place],
            weight: equal,
            gain,
            reward: self.rewards.get(place).copied(),
        });
        let mut made: Vec<Pick> = made.collect();
        if how.rule.selector.weighted() {
            self.shares.fill(&pool, picks.order, how.rule.objective.ties)?;
            let weights = made.iter_mut().zip(self.shares.weights());
            weights.for_each(|(pick, weight)| pick.weight = weight);
        }
        let before = (shape.rewards).then(|| self.rewards.iter().map(|reward| reward / n as f64).sum());
        let after = made.iter().map(|pick| Some(pick.weight * pick.reward?)).sum();
        Ok(Kept {
            picks: made,
            before,
            after,
        })
    }

    /// What the selectors say of a place in the pool, said of its line.
    fn placed(&self, error: &SelectError, prompt: &Prompt) -> Fault {
        let id = shown(prompt.id().text);
        let of = |place: usize| {
            let row = self.order[place];
            (prompt.line(row), shown(prompt.candidate(row).text))
        };
        match *error {
            SelectError::Length { candidate, squared } => {
                let (line, candidate) = of(candidate);
                let what = format!(
                    "the embedding of candidate {candidate} has squared length {squared:e}: it has no direction, so no \
                     cosine; leave the row out, or compare with --similarity rbf=H"
                );
                Fault::line(line, what)
            }
            SelectError::Similarity { row, column, value } => {
                let ((line, row), (_, column)) = (of(row), of(column));
                let what = format!(
                    "the similarity of candidates {row} and {column} is {value:e}: a number from 0 to 1 is usual"
                );
                Fault::line(line, what)
            }
            _ => Fault::line(prompt.first_line(), format!("prompt {id}: {error}")),
        }
    }
}

fn too_few(how: &Keeping, prompt: &Prompt) -> Result<Kept, Fault> {
    if how.skip_short {
        return Ok(Kept {
            picks: Vec::new(),
            before: None,
            after: None,
        });
    }
    let what = format!(
        "prompt {} has {}, so {} cannot be kept: lower --k, or leave such prompts out with --skip-short",
        shown(prompt.id().text),
        text::count(prompt.candidates(), "candidate"),
        how.keep
    );
    Err(Fault::line(prompt.first_line(), what).about(About::TooFew))
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
