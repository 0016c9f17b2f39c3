//! Owns what selectors other than `random` keep: for each rule, pool size and K the kept responses by mode.
//!
//! One pool of a prompt serves every rule and every K: where picks nest, one greedy run of the largest K is cut short for
//! the others (law 3). It knows nothing of measures, and draws only what [`Attributes`] draw.

mod one;

use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::select::{Balance, Objective, Picker, Pool, RewardScale, Rule, SelectError, Selector, Shares, Similarity};
use crate::world::{AttributeSampler, Attributes, World};
use std::ops::Range;

/// How an arm chooses among candidates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The selector and what it maximises.
    pub rule: Rule,
    /// How alike two embeddings are.
    pub similarity: Similarity,
}

impl Choice {
    /// The first K candidates, which are a random K-subset.
    pub const RANDOM: Self = Self {
        rule: Rule {
            selector: Selector::Random,
            objective: Objective {
                reward_share: 0.5,
                rewards: RewardScale::MinMax,
                balance: Balance::Sums,
            },
        },
        similarity: Similarity::Cosine,
    };

    /// The canonical text: part of the work key. `random` looks at nothing, so nothing but its name counts.
    pub(super) fn canonical(&self) -> String {
        let name = self.rule.selector.name();
        if self.is_random() {
            return name.to_owned();
        }
        let objective = self.rule.objective;
        format!(
            "{name} share {} scale {} balance {} similarity {}",
            crate::numerics::text::float(objective.reward_share),
            objective.rewards.name(),
            objective.balance.name(),
            self.similarity.canonical()
        )
    }

    /// Whether the first K candidates are kept, whatever they are.
    pub fn is_random(&self) -> bool {
        self.rule.selector == Selector::Random
    }
}

/// One rule on pools of one size, for every K that arms ask of it.
#[derive(Debug)]
struct Chooser {
    choice: Choice,
    candidates: usize,
    /// The K that arms ask for, ascending.
    keeps: Vec<usize>,
    /// The most prompts of an arm that uses it.
    prompts: u32,
    /// Where its rows begin: one per K and mode.
    first_row: usize,
}

/// Every chooser of a scenario.
#[derive(Debug, Default)]
pub(super) struct Choosers {
    all: Vec<Chooser>,
    rows: usize,
}

impl Choosers {
    /// Takes in an arm that keeps `keep` of `candidates`.
    pub fn ask(&mut self, choice: Choice, candidates: usize, keep: usize, prompts: u32) {
        let same = |c: &&mut Chooser| c.choice == choice && c.candidates == candidates;
        match self.all.iter_mut().find(same) {
            Some(chooser) => {
                chooser.prompts = chooser.prompts.max(prompts);
                if let Err(place) = chooser.keeps.binary_search(&keep) {
                    chooser.keeps.insert(place, keep);
                }
            }
            None => self.all.push(Chooser {
                choice,
                candidates,
                keeps: vec![keep],
                prompts,
                first_row: 0,
            }),
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
        let own = |c: &&Chooser| c.choice == *choice && c.candidates == candidates;
        // Cannot be absent because every arm has asked.
        let chooser = self
            .all
            .iter()
            .find(own)
            .map(|c| (c.first_row, c.keeps.partition_point(|&k| k < keep)));
        chooser.map_or(0, |(first, place)| first + place * modes)
    }

    /// Random words that what choosers look at takes in one replicate: of each prompt as deep as the deepest that uses it.
    pub fn words(&self, world: &dyn World) -> u64 {
        let Some(attributes) = world.attributes() else {
            return 0;
        };
        let compared = self.all.iter().any(|c| c.choice.rule.selector.needs_similarity());
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
    pub fn keeper<'a>(&'a self, world: &'a dyn World, streams: &Streams) -> Option<Keeper<'a>> {
        let most = self.all.iter().map(|c| c.candidates).max()?;
        let attributes = world.attributes()?;
        let exact = attributes.embedding.noise == 0.0;
        let mut tables: Vec<Table> = Vec::new();
        for chooser in self.all.iter().filter(|c| c.choice.rule.selector.needs_similarity()) {
            match tables.iter_mut().find(|t| t.similarity == chooser.choice.similarity) {
                Some(table) => table.candidates = table.candidates.max(chooser.candidates),
                None => tables.push(Table::new(chooser, attributes, exact)),
            }
        }
        tables.iter_mut().for_each(Table::make_room);
        let embedded = !exact && !tables.is_empty();
        Some(Keeper {
            choosers: self,
            modes: world.mean().len(),
            kept: Kept {
                modes: world.mean().len(),
                rows: vec![[0.0; LANES]; self.rows],
            },
            sampler: attributes.sampler(streams, most),
            picker: Picker::new(most),
            shares: Shares::new(most),
            tables,
            embeddings: vec![0.0; most * attributes.embedding.dimension * usize::from(embedded)],
            coordinates: attributes.embedding.dimension,
            own: vec![0; most],
            rewards: vec![0.0; most],
            words: vec![0; most],
        })
    }
}

/// The similarities of one pool under one measure of likeness.
struct Table {
    similarity: Similarity,
    /// The largest pool that is compared.
    candidates: usize,
    /// From one row of `values` to the next.
    stride: usize,
    /// Between modes, where responses of a mode do not differ; else empty.
    of_modes: Vec<f64>,
    values: Vec<f64>,
    scratch: Vec<f64>,
}

impl Table {
    fn new(chooser: &Chooser, attributes: &Attributes, exact: bool) -> Self {
        let similarity = chooser.choice.similarity;
        let (modes, q) = (attributes.rewards.values.len(), attributes.embedding.dimension);
        let mut of_modes = Vec::new();
        if exact {
            let mut centres = vec![0.0; modes * q];
            for (mode, out) in centres.chunks_exact_mut(q).enumerate() {
                attributes.embedding.write_centre(mode, modes, out);
            }
            of_modes = vec![0.0; modes * modes];
            fill(similarity, &centres, q, &mut Vec::new(), &mut of_modes);
        }
        Self {
            similarity,
            candidates: chooser.candidates,
            stride: 0,
            of_modes,
            values: Vec::new(),
            scratch: Vec::new(),
        }
    }

    fn make_room(&mut self) {
        self.values = vec![0.0; self.candidates * self.candidates];
    }

    /// Fills the table for a pool, by the candidates' modes or their embeddings of `q` coordinates: one row per candidate.
    fn fill(&mut self, own: &[u16], modes: usize, embeddings: &[f64], q: usize) {
        // Some chooser that compares nothing may have a deeper pool.
        let n = own.len().min(self.candidates);
        let own = &own[..n];
        self.stride = n;
        if self.of_modes.is_empty() {
            fill(
                self.similarity,
                &embeddings[..n * q],
                q,
                &mut self.scratch,
                &mut self.values,
            );
            return;
        }
        for (row, &one) in self.values.chunks_exact_mut(n).zip(own) {
            let of_mode = &self.of_modes[usize::from(one) * modes..][..modes];
            for (out, &other) in row.iter_mut().zip(own) {
                *out = of_mode[usize::from(other)];
            }
        }
    }
}

/// The similarities of embeddings that a world drew: finite, and never 0 in length.
fn fill(similarity: Similarity, embeddings: &[f64], q: usize, scratch: &mut Vec<f64>, out: &mut [f64]) {
    if let Err(error) = similarity.fill(embeddings, q, scratch, out) {
        unreachable!("a world drew embeddings without similarity: {error}");
    }
}

/// What every chooser keeps, prompt by prompt, in eight replicates: one worker's scratch.
pub(super) struct Keeper<'a> {
    choosers: &'a Choosers,
    modes: usize,
    kept: Kept,
    sampler: AttributeSampler<'a>,
    picker: Picker,
    shares: Shares,
    tables: Vec<Table>,
    /// One lane's pool.
    own: Vec<u16>,
    rewards: Vec<f64>,
    words: Vec<u64>,
    embeddings: Vec<f64>,
    /// Of an embedding.
    coordinates: usize,
}

impl Keeper<'_> {
    /// Begins eight replicates.
    pub fn start(&mut self) {
        self.kept.rows.fill([0.0; LANES]);
    }

    /// The rows of one chooser and K, one per mode.
    pub fn of(&self, first_row: usize) -> &[Lanes<f64>] {
        &self.kept.rows[first_row..first_row + self.modes]
    }

    /// Chooses among the candidates of one prompt: the rows of `pool` are their modes, as deep as any chooser needs.
    pub fn prompt(&mut self, first: u64, prompt: u32, pool: &[Lanes<u16>]) {
        let active = |c: &&Chooser| prompt < c.prompts;
        let Some(depth) = self.choosers.all.iter().filter(active).map(|c| c.candidates).max() else {
            return;
        };
        let embedded = !self.embeddings.is_empty();
        self.sampler.draw(first, prompt, depth, embedded);
        for l in 0..LANES {
            self.look(l, &pool[..depth]);
            for index in 0..self.choosers.all.len() {
                if prompt < self.choosers.all[index].prompts {
                    self.choose(index, l);
                }
            }
        }
    }

    /// Reads one lane's pool.
    fn look(&mut self, l: usize, pool: &[Lanes<u16>]) {
        let depth = pool.len();
        for (own, row) in self.own.iter_mut().zip(pool) {
            *own = row[l];
        }
        let own = &self.own[..depth];
        self.sampler.rewards(l, own, &mut self.rewards[..depth]);
        self.sampler.words(l, &mut self.words[..depth]);
        if !self.embeddings.is_empty() {
            let coordinates = depth * self.coordinates;
            self.sampler.embeddings(l, own, &mut self.embeddings[..coordinates]);
        }
        for table in &mut self.tables {
            table.fill(own, self.modes, &self.embeddings, self.coordinates);
        }
    }

    /// Adds what one chooser keeps of the pool.
    fn choose(&mut self, index: usize, l: usize) {
        let chooser = &self.choosers.all[index];
        let rule = &chooser.choice.rule;
        let table = self.tables.iter().find(|t| t.similarity == chooser.choice.similarity);
        let pool = Pool {
            rewards: &self.rewards,
            similarity: table.map_or(&[], |table| &table.values),
            stride: table.map_or(0, |table| table.stride),
            words: &self.words,
            candidates: chooser.candidates,
        };
        let every = 0..chooser.keeps.len();
        if rule.nested() {
            let most = chooser.keeps.last().copied().unwrap_or(0);
            let picks = picked(self.picker.pick(rule, &pool, most));
            self.kept
                .add(chooser, every, picks.order, &self.own, l, &mut self.shares, &pool);
            return;
        }
        for place in every {
            let picks = picked(self.picker.pick(rule, &pool, chooser.keeps[place]));
            let only = place..place + 1;
            self.kept
                .add(chooser, only, picks.order, &self.own, l, &mut self.shares, &pool);
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
        shares.start();
        let mut place = places.start;
        for (count, &i) in (1..).zip(order) {
            let weights = picked(shares.keep(pool, i));
            if place < places.end && count == chooser.keeps[place] {
                for (&i, weight) in order.iter().zip(weights) {
                    self.rows[row(place, i)][l] += weight * count as f64;
                }
                place += 1;
            }
        }
    }
}

/// What was picked of a pool that a world drew: finite, and as large as the chooser was made for.
fn picked<T>(result: Result<T, SelectError>) -> T {
    match result {
        Ok(picks) => picks,
        Err(error) => unreachable!("a world drew a pool that cannot be chosen from: {error}"),
    }
}
