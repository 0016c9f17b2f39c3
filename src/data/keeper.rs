//! Owns the picks of one prompt: who of its candidates may be kept, and which K of them are.

use super::Fault;
use super::beside::Beside;
use super::fault::{About, shown};
use super::keeping::{Keeping, Missing, OwnKeep};
use super::parsed::Parsed;
use super::shapes::{Kind, Prompt, Shape};
use super::words::Words;
use crate::numerics::text;
use crate::select::{Large, Picker, Pool, Rule, SelectError, Selector, Shares};
use std::collections::HashSet;

/// The most candidates whose similarities are a matrix, 134 MB at this size; of more each is worked out where it is needed.
const MOST_IN_MATRIX: usize = 4096;

/// What was kept of a prompt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// In the order kept; empty where the prompt was skipped.
    pub picks: Vec<Pick>,
    /// Mean reward of the prompt's candidates, where there are rewards.
    pub before: Option<f64>,
    /// Mean reward of what was kept, by weight, where there are rewards.
    pub after: Option<f64>,
    /// Why nothing was kept, where that is so.
    pub skipped: Option<Skipped>,
    /// Candidates left out for want of a reward.
    pub missing: usize,
    /// Candidates left out as copies of another.
    pub copies: usize,
    /// What was kept beside what was there, if that is asked for.
    pub beside: Option<Beside>,
}

/// Why a prompt was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// It has fewer than K candidates.
    Short,
    /// All its rewards are equal.
    Equal,
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
    /// Its reward, where it has one.
    pub reward: Option<f64>,
}

/// Scratch for one thread: it grows to the largest prompt.
#[derive(Debug)]
pub(super) struct Keeper {
    room: usize,
    picker: Picker,
    shares: Shares,
    parsed: Parsed,
    words: Vec<u64>,
    scratch: Vec<f64>,
    matrix: Vec<f64>,
}

impl Keeper {
    pub fn new() -> Self {
        Self {
            room: 0,
            picker: Picker::new(0),
            shares: Shares::new(0),
            parsed: Parsed::default(),
            words: Vec::new(),
            scratch: Vec::new(),
            matrix: Vec::new(),
        }
    }

    /// Keeps K of a prompt's candidates. An error where its rows are wrong, or too few.
    pub fn keep(&mut self, how: &Keeping, shape: &Shape, prompt: &Prompt) -> Result<Kept, Fault> {
        self.parsed.read(how, shape, prompt)?;
        if prompt.is_cut() {
            return Ok(Kept::default());
        }
        let kind = shape.list.as_ref().map(|list| list.kind);
        let (missing, last) = self.without_reward(how, kind);
        let copies = self.copies(how, kind, prompt);
        let n = self.parsed.order.len();
        let keep = match &how.own {
            Some(own) => own.of(prompt)?,
            None => how.keep.unwrap_or((n + last.len()).max(1)),
        };
        let left_out = Kept {
            missing,
            copies,
            ..Kept::default()
        };
        if keep > n + last.len() {
            return too_few(how, keep, prompt, left_out);
        }
        if how.skip_equal && self.all_equal() {
            return Ok(Kept {
                skipped: Some(Skipped::Equal),
                ..left_out
            });
        }
        let mut kept = self.pick(how, kind, prompt, keep.min(n))?;
        if how.report && (1..=MOST_IN_MATRIX).contains(&n) {
            kept.beside = self.beside(how, kind, prompt, &kept);
        }
        Ok(Kept {
            missing,
            copies,
            ..kept
        }
        .followed(self.in_random_order(how, prompt, last), keep))
    }

    /// How many candidates of a prompt may be kept; none of one that is skipped whatever there is.
    pub fn available(&mut self, how: &Keeping, shape: &Shape, prompt: &Prompt) -> Result<Option<usize>, Fault> {
        self.parsed.read(how, shape, prompt)?;
        let kind = shape.list.as_ref().map(|list| list.kind);
        let (_, last) = self.without_reward(how, kind);
        self.copies(how, kind, prompt);
        let there = self.parsed.order.len() + last.len();
        let skipped = prompt.is_cut() || there == 0 || (how.skip_equal && self.all_equal());
        Ok((!skipped).then_some(there))
    }

    /// Takes out the candidates without a reward: how many are gone for good, and the rows of those that may follow the others.
    fn without_reward(&mut self, how: &Keeping, kind: Option<Kind>) -> (usize, Vec<usize>) {
        let parsed = &mut self.parsed;
        if how.missing == Missing::Error || !parsed.rewards.iter().any(|reward| reward.is_nan()) {
            return (0, Vec::new());
        }
        let stays: Vec<bool> = parsed.rewards.iter().map(|reward| !reward.is_nan()).collect();
        let rows = parsed.order.iter().zip(&stays).filter(|(_, stays)| !**stays);
        let rows: Vec<usize> = rows.map(|(row, _)| *row).collect();
        let gone = parsed.retain(&stays, kind);
        match how.missing {
            Missing::Last => (0, rows),
            _ => (gone, Vec::new()),
        }
    }

    /// Takes out candidates whose response another has that comes before it in the order of ids; how many.
    fn copies(&mut self, how: &Keeping, kind: Option<Kind>, prompt: &Prompt) -> usize {
        let Some(column) = how.response.filter(|_| how.distinct) else {
            return 0;
        };
        let mut seen = HashSet::new();
        let text = |row: &usize| prompt.cell(*row, column).text;
        let stays: Vec<bool> = self
            .parsed
            .order
            .iter()
            .map(|row| text(row).is_none_or(|text| seen.insert(text)))
            .collect();
        self.parsed.retain(&stays, kind)
    }

    fn all_equal(&self) -> bool {
        let rewards = &self.parsed.rewards;
        !rewards.is_empty() && rewards.windows(2).all(|two| two[0] == two[1])
    }

    /// Rows by their words.
    fn in_random_order(&self, how: &Keeping, prompt: &Prompt, mut rows: Vec<usize>) -> Vec<usize> {
        let words = Words::new(how.seed, prompt.id().text);
        rows.sort_by_cached_key(|&row| words.word(prompt.candidate(row).text));
        rows
    }

    /// The picks of a selector among those left.
    fn pick(&mut self, how: &Keeping, kind: Option<Kind>, prompt: &Prompt, keep: usize) -> Result<Kept, Fault> {
        let n = self.parsed.order.len();
        if keep == 0 {
            return Ok(Kept::default());
        }
        if n > self.room {
            self.room = n.next_power_of_two();
            self.picker = Picker::new(self.room);
        }
        let words = Words::new(how.seed, prompt.id().text);
        self.words.clear();
        let ids = self.parsed.order.iter().map(|&row| prompt.candidate(row).text);
        self.words.extend(ids.map(|id| words.word(id)));
        self.picked(how, kind, keep)
            .map_err(|error| self.placed(&error, prompt))
    }

    fn picked(&mut self, how: &Keeping, kind: Option<Kind>, keep: usize) -> Result<Kept, SelectError> {
        let parsed = &self.parsed;
        let (n, compared) = (parsed.order.len(), kind == Some(Kind::Embedding));
        if compared && n > MOST_IN_MATRIX && how.rule.selector.needs_similarity() {
            return self.picked_of_many(how, keep);
        }
        let compared = compared && n <= MOST_IN_MATRIX;
        let similarity = match compared {
            true => {
                self.matrix.resize(self.matrix.len().max(n * n), 0.0);
                how.similarity
                    .fill(&parsed.values, parsed.length, &mut self.scratch, &mut self.matrix)?;
                &self.matrix[..n * n]
            }
            false if kind == Some(Kind::Similarity) => &parsed.values[..],
            false => &[],
        };
        let pool = Pool {
            rewards: &parsed.rewards,
            similarity,
            stride: n,
            computed: compared,
            words: &self.words,
            embeddings: if compared { &parsed.values } else { &[] },
            dimension: if compared { parsed.length } else { 0 },
            candidates: n,
        };
        let picks = self.picker.pick(&how.rule, &pool, keep)?;
        let mut made = made(parsed, picks.order, picks.gains);
        if how.rule.selector.weighted() {
            self.shares.fill(&pool, picks.order, how.rule.objective.ties)?;
            let weights = made.iter_mut().zip(self.shares.weights());
            weights.for_each(|(pick, weight)| pick.weight = weight);
        }
        Ok(Kept::of(parsed, made))
    }

    /// The same of candidates too many for a matrix.
    fn picked_of_many(&mut self, how: &Keeping, keep: usize) -> Result<Kept, SelectError> {
        let parsed = &self.parsed;
        let pool = Pool {
            rewards: &parsed.rewards,
            similarity: &[],
            stride: parsed.order.len(),
            computed: true,
            words: &self.words,
            embeddings: &[],
            dimension: 0,
            candidates: parsed.order.len(),
        };
        let large = Large::new(how.similarity, &parsed.values, parsed.length)?;
        let picks = large.pick(&how.rule, &pool, keep)?;
        let mut made = made(parsed, &picks.order, &picks.gains);
        if how.rule.selector.weighted() {
            let columns: Vec<Vec<f64>> = picks.order.iter().map(|&place| large.column(place)).collect();
            let near: Vec<f64> = (0..pool.candidates)
                .flat_map(|i| columns.iter().map(move |column| column[i]))
                .collect();
            self.shares.fill_near(&near, keep, how.rule.objective.ties);
            let weights = made.iter_mut().zip(self.shares.weights());
            weights.for_each(|(pick, weight)| pick.weight = weight);
        }
        Ok(Kept::of(parsed, made))
    }

    /// What was kept beside what was there and what `random` would have kept.
    fn beside(&mut self, how: &Keeping, kind: Option<Kind>, prompt: &Prompt, kept: &Kept) -> Option<Beside> {
        let (parsed, n) = (&self.parsed, self.parsed.order.len());
        let pool = Pool {
            rewards: &parsed.rewards,
            similarity: &[],
            stride: n,
            computed: false,
            words: &self.words,
            embeddings: &[],
            dimension: 0,
            candidates: n,
        };
        let rule = Rule::new(Selector::Random);
        // Never an error: `random` reads words only, and as many have just been kept.
        let random = self.picker.pick(&rule, &pool, kept.picks.len()).ok()?;
        let equal = 1.0 / kept.picks.len() as f64;
        let random: Vec<(usize, f64)> = random.order.iter().map(|&place| (place, equal)).collect();
        let place = |pick: &Pick| Some((parsed.order.iter().position(|&row| row == pick.row)?, pick.weight));
        let own: Vec<(usize, f64)> = kept.picks.iter().filter_map(place).collect();
        let matrix = match kind {
            Some(Kind::Embedding) => &self.matrix[..n * n],
            _ => &parsed.values[..],
        };
        let by_numbers = |i: usize, j: usize| matrix[i * n + j];
        let text = |place: usize| {
            how.response
                .and_then(|column| prompt.cell(parsed.order[place], column).text)
        };
        let by_text = |i: usize, j: usize| f64::from(i == j || (text(i).is_some() && text(i) == text(j)));
        let alike: Option<&dyn Fn(usize, usize) -> f64> = match kind {
            Some(_) => Some(&by_numbers),
            None if text(0).is_some() => Some(&by_text),
            None => None,
        };
        Some(Beside::of(&parsed.rewards, alike, n, &own, &random))
    }

    /// What the selectors say of a place in the pool, said of its line.
    fn placed(&self, error: &SelectError, prompt: &Prompt) -> Fault {
        let id = shown(prompt.id().text);
        let of = |place: usize| {
            let row = self.parsed.order[place];
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
            _ => prompt.fault(format!("prompt {id}: {error}")),
        }
    }
}

impl Kept {
    fn of(parsed: &Parsed, picks: Vec<Pick>) -> Self {
        let n = parsed.order.len() as f64;
        Self {
            before: (!parsed.rewards.is_empty()).then(|| parsed.rewards.iter().map(|reward| reward / n).sum()),
            after: picks.iter().map(|pick| Some(pick.weight * pick.reward?)).sum(),
            picks,
            ..Self::default()
        }
    }

    /// The same, followed by as many of these rows as make K.
    fn followed(mut self, rows: Vec<usize>, keep: usize) -> Self {
        let more = keep - self.picks.len();
        if more == 0 {
            return self;
        }
        let follow = rows.into_iter().take(more).map(|row| Pick {
            row,
            weight: 0.0,
            gain: 0.0,
            reward: None,
        });
        self.picks.extend(follow);
        self.picks.iter_mut().for_each(|pick| pick.weight = 1.0 / keep as f64);
        self
    }
}

/// Picks of equal weight.
fn made(parsed: &Parsed, order: &[usize], gains: &[f64]) -> Vec<Pick> {
    let equal = 1.0 / order.len() as f64;
    let pick = |(&place, &gain): (&usize, &f64)| Pick {
        row: parsed.order[place],
        weight: equal,
        gain,
        reward: parsed.rewards.get(place).copied(),
    };
    order.iter().zip(gains).map(pick).collect()
}

fn too_few(how: &Keeping, keep: usize, prompt: &Prompt, left_out: Kept) -> Result<Kept, Fault> {
    if how.skip_short {
        return Ok(Kept {
            skipped: Some(Skipped::Short),
            ..left_out
        });
    }
    let have = prompt.candidates() - left_out.missing - left_out.copies;
    let what = format!(
        "prompt {} has {}, so {keep} cannot be kept: lower {}, or leave such prompts out with --skip-short",
        shown(prompt.id().text),
        text::count(have, "candidate"),
        match &how.own {
            Some(OwnKeep::Column { name, .. }) => name,
            _ => "--k",
        }
    );
    Err(prompt.fault(what).about(About::TooFew))
}
