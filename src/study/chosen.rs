//! Owns what selectors other than `random` keep: for each rule, pool size and K the kept responses by mode.
//!
//! One pool of a prompt serves every rule and every K: where picks nest, one greedy run of the largest K is cut short for
//! the others (law 3). It knows nothing of measures, and draws only what [`Attributes`] draw.

mod choice;
mod chooser;
mod one;
mod table;

pub use choice::Choice;

use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::select::{Picker, Pool, SelectError, Selector, Shares};
use crate::world::{AttributeSampler, Attributes};
use chooser::Chooser;
use std::collections::HashMap;
use std::ops::Range;
use table::{Compared, Table, tables};

/// Every chooser of a scenario.
#[derive(Debug, Default)]
pub(super) struct SelectionPlan {
    all: Vec<Chooser>,
    /// Where each stands, by the choice's canonical text and the pool's size.
    places: HashMap<(String, usize), usize>,
    rows: usize,
}

impl SelectionPlan {
    /// Takes in an arm that keeps `keep` of `candidates`.
    pub fn ask(&mut self, choice: Choice, candidates: usize, keep: usize, prompts: u32) {
        let place = *self.places.entry((choice.canonical(), candidates)).or_insert_with(|| {
            self.all.push(Chooser {
                choice,
                candidates,
                keeps: Vec::new(),
                prompts,
                first_row: 0,
            });
            self.all.len() - 1
        });
        let chooser = &mut self.all[place];
        chooser.prompts = chooser.prompts.max(prompts);
        if let Err(place) = chooser.keeps.binary_search(&keep) {
            chooser.keeps.insert(place, keep);
        }
    }

    /// Gives every K of every chooser its rows, once all arms have asked.
    pub fn settle(&mut self, modes: usize) {
        self.rows = 0;
        for chooser in &mut self.all {
            chooser.first_row = self.rows;
            self.rows += chooser.keeps.len() * modes;
        }
    }

    /// The first row of what an arm keeps.
    pub fn row(&self, choice: &Choice, candidates: usize, keep: usize, modes: usize) -> usize {
        // Cannot be absent because every arm has asked.
        let place = self.places.get(&(choice.canonical(), candidates)).copied().unwrap_or(0);
        let chooser = &self.all[place];
        chooser.first_row + chooser.keeps.partition_point(|&k| k < keep) * modes
    }

    /// Random words that what choosers look at takes in one replicate: of each prompt as deep as the deepest that uses it.
    pub fn words(&self, attributes: Option<&Attributes>) -> u64 {
        let Some(attributes) = attributes else {
            return 0;
        };
        let compared = self.all.iter().any(|c| c.choice.rule.selector.needs_embeddings());
        let mut needs: Vec<(u32, usize)> = self.all.iter().map(|c| (c.prompts, c.candidates)).collect();
        needs.sort_unstable();
        let (mut total, mut depth) = (0, 0);
        // From the last prompts, which few choosers use, to the first.
        while let Some((prompts, candidates)) = needs.pop() {
            depth = depth.max(candidates);
            let before = needs.last().map_or(0, |&(prompts, _)| prompts);
            total += u64::from(prompts - before) * attributes.words(depth as u64, compared);
        }
        total
    }

    /// Scratch for one worker; none where every arm keeps at random or the world has no attributes.
    pub fn keeper<'a>(&'a self, attributes: Option<&'a Attributes>, streams: &Streams) -> Option<Keeper<'a>> {
        let most = self.all.iter().map(|c| c.candidates).max()?;
        let attributes = attributes?;
        let tables = tables(&self.all, attributes);
        // Where responses of a mode do not differ, tables compare modes.
        let looks = |c: &Chooser| match c.choice.rule.selector {
            Selector::Own(kind) => kind.embeddings,
            selector => selector.needs_similarity() && attributes.embedding.noise > 0.0,
        };
        let embedded = self.all.iter().any(looks);
        let plain = |index: &usize| !self.all[*index].choice.rule.selector.needs_similarity();
        Some(Keeper {
            choosers: self,
            kept: Kept {
                modes: attributes.rewards.values.len(),
                rows: vec![[0.0; LANES]; self.rows],
            },
            sampler: attributes.sampler(streams, most),
            picker: Picker::new(most),
            shares: Shares::new(most),
            plain: (0..self.all.len()).filter(plain).collect(),
            seen: Seen {
                modes: Vec::with_capacity(most),
                rewards: vec![0.0; most],
                words: vec![0; most],
                embeddings: vec![0.0; most * attributes.embedding.dimension * usize::from(embedded)],
                coordinates: attributes.embedding.dimension,
                compared: Compared::for_any(&tables),
            },
            tables,
        })
    }
}

/// What every chooser keeps, prompt by prompt, in eight replicates: one worker's scratch.
pub(super) struct Keeper<'a> {
    choosers: &'a SelectionPlan,
    kept: Kept,
    sampler: AttributeSampler<'a>,
    picker: Picker,
    shares: Shares,
    /// The choosers that compare nothing.
    plain: Vec<usize>,
    /// The others, by how they compare.
    tables: Vec<Table>,
    seen: Seen,
}

/// One lane's pool.
struct Seen {
    modes: Vec<u16>,
    rewards: Vec<f64>,
    words: Vec<u64>,
    embeddings: Vec<f64>,
    /// Of an embedding.
    coordinates: usize,
    /// By one table at a time, for there may be thousands.
    compared: Compared,
}

impl Seen {
    fn compare(&mut self, table: &Table, modes: usize) {
        table.fill(
            &self.modes,
            modes,
            &self.embeddings,
            self.coordinates,
            &mut self.compared,
        );
    }

    /// The first `candidates` of the pool.
    fn pool(&self, candidates: usize) -> Pool<'_> {
        Pool {
            rewards: &self.rewards,
            similarity: &self.compared.values,
            stride: self.compared.stride,
            computed: true,
            words: &self.words,
            embeddings: &self.embeddings,
            dimension: self.coordinates,
            candidates,
        }
    }
}

impl Keeper<'_> {
    /// Begins eight replicates.
    pub fn start(&mut self) {
        self.kept.rows.fill([0.0; LANES]);
    }

    /// The rows of one chooser and K, one per mode.
    pub fn of(&self, first_row: usize) -> &[Lanes<f64>] {
        &self.kept.rows[first_row..first_row + self.kept.modes]
    }

    /// Chooses among the candidates of one prompt: the rows of `pool` are their modes, as deep as any chooser needs.
    pub fn prompt(&mut self, first: u64, prompt: u32, pool: &[Lanes<u16>]) {
        let active = |c: &&Chooser| prompt < c.prompts;
        let Some(depth) = self.choosers.all.iter().filter(active).map(|c| c.candidates).max() else {
            return;
        };
        let embedded = !self.seen.embeddings.is_empty();
        self.sampler.draw(first, prompt, depth, embedded);
        for l in 0..LANES {
            self.look(l, &pool[..depth]);
            for place in 0..self.plain.len() {
                self.choose_at(self.plain[place], prompt, l);
            }
            for table in 0..self.tables.len() {
                self.seen.compare(&self.tables[table], self.kept.modes);
                for place in 0..self.tables[table].choosers.len() {
                    self.choose_at(self.tables[table].choosers[place], prompt, l);
                }
            }
        }
    }

    /// Reads one lane's pool.
    fn look(&mut self, l: usize, pool: &[Lanes<u16>]) {
        let seen = &mut self.seen;
        seen.modes.clear();
        seen.modes.extend(pool.iter().map(|row| row[l]));
        let depth = pool.len();
        self.sampler.rewards(l, &seen.modes, &mut seen.rewards[..depth]);
        self.sampler.words(l, &mut seen.words[..depth]);
        if !seen.embeddings.is_empty() {
            let embeddings = &mut seen.embeddings[..depth * seen.coordinates];
            self.sampler.embeddings(l, &seen.modes, embeddings);
        }
    }

    /// Adds what one chooser keeps of the pool looked at and compared, where some arm of it has this prompt.
    fn choose_at(&mut self, index: usize, prompt: u32, l: usize) {
        let chooser = &self.choosers.all[index];
        if prompt >= chooser.prompts {
            return;
        }
        let rule = &chooser.choice.rule;
        let pool = self.seen.pool(chooser.candidates);
        // Where picks nest, those of the largest K serve all.
        let width = if rule.nested() { chooser.keeps.len() } else { 1 };
        for (index, keeps) in chooser.keeps.chunks(width).enumerate() {
            let picks = picked(self.picker.pick(rule, &pool, keeps[keeps.len() - 1]));
            let places = index * width..index * width + keeps.len();
            let shares = &mut self.shares;
            self.kept
                .add(chooser, places, picks.order, &self.seen.modes, l, shares, &pool);
        }
    }
}

/// Kept responses by chooser, K and mode since the first prompt. A weighted response counts K times its weight.
struct Kept {
    modes: usize,
    rows: Vec<Lanes<f64>>,
}

impl Kept {
    /// Adds the picks of one lane's pool to the rows of the chooser's K at `places`, each the first so many of `order`.
    #[expect(clippy::too_many_arguments, reason = "the borrows of one worker's scratch, apart")]
    fn add(
        &mut self,
        chooser: &Chooser,
        places: Range<usize>,
        order: &[usize],
        own: &[u16],
        l: usize,
        shares: &mut Shares,
        pool: &Pool<'_>,
    ) {
        let row = |place: usize, i: usize| chooser.first_row + place * self.modes + usize::from(own[i]);
        if !chooser.choice.rule.selector.weighted() {
            for place in places {
                for &i in &order[..chooser.keeps[place]] {
                    self.rows[row(place, i)][l] += 1.0;
                }
            }
            return;
        }
        for place in places {
            let kept = &order[..chooser.keeps[place]];
            picked(shares.fill(pool, kept, chooser.choice.rule.objective.ties));
            for (&i, count) in kept.iter().zip(shares.counts()) {
                self.rows[row(place, i)][l] += count;
            }
        }
    }
}

/// What was picked of a pool that a world drew: finite, and as large as the chooser was made for. A selector of one's own that
/// does not keep what it is asked for ends the run.
fn picked<T>(result: Result<T, SelectError>) -> T {
    match result {
        Ok(picks) => picks,
        Err(error @ SelectError::Own { .. }) => panic!("{error}"),
        Err(error) => unreachable!("a world drew a pool that cannot be chosen from: {error}"),
    }
}
