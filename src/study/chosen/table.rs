//! Owns the similarities of the candidates of one pool under one measure of likeness, for all choosers that share it.

use super::Chooser;
use crate::select::Similarity;
use crate::world::Attributes;
use std::collections::HashMap;

/// A measure of likeness, and who compares by it.
pub(super) struct Table {
    pub similarity: Similarity,
    /// The largest pool that is compared.
    candidates: usize,
    /// Among all choosers.
    pub choosers: Vec<usize>,
    /// Between modes, where responses of a mode do not differ; else empty.
    of_modes: Vec<f64>,
}

/// The similarities of one pool, by the table that was filled last.
#[derive(Default)]
pub(super) struct Compared {
    pub values: Vec<f64>,
    /// From one row of `values` to the next.
    pub stride: usize,
    scratch: Vec<f64>,
}

impl Compared {
    /// Room for every table.
    pub fn for_any(tables: &[Table]) -> Self {
        let most = tables.iter().map(|table| table.candidates).max().unwrap_or(0);
        Self {
            values: vec![0.0; most * most],
            ..Self::default()
        }
    }
}

/// One table for each measure of likeness that some chooser needs, in order of first use.
pub(super) fn tables(choosers: &[Chooser], attributes: &Attributes) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, chooser) in choosers.iter().enumerate() {
        if !chooser.choice.rule.selector.needs_similarity() {
            continue;
        }
        let similarity = chooser.choice.similarity;
        let place = *places.entry(similarity.canonical()).or_insert_with(|| {
            tables.push(Table::new(similarity, attributes));
            tables.len() - 1
        });
        let table = &mut tables[place];
        table.candidates = table.candidates.max(chooser.candidates);
        table.choosers.push(index);
    }
    tables
}

impl Table {
    fn new(similarity: Similarity, attributes: &Attributes) -> Self {
        let (modes, q) = (attributes.rewards.values.len(), attributes.embedding.dimension);
        let mut of_modes = Vec::new();
        if attributes.embedding.noise == 0.0 {
            let mut centres = vec![0.0; modes * q];
            for (mode, out) in centres.chunks_exact_mut(q).enumerate() {
                attributes.embedding.write_centre(mode, modes, out);
            }
            of_modes = vec![0.0; modes * modes];
            fill(similarity, &centres, q, &mut Vec::new(), &mut of_modes);
        }
        Self {
            similarity,
            candidates: 0,
            choosers: Vec::new(),
            of_modes,
        }
    }

    /// Writes the similarities of a pool, by the candidates' modes or their embeddings of `q` coordinates: one row per
    /// candidate.
    pub fn fill(&self, own: &[u16], modes: usize, embeddings: &[f64], q: usize, out: &mut Compared) {
        // Some chooser that compares otherwise, or nothing, may have a deeper pool.
        let n = own.len().min(self.candidates);
        let own = &own[..n];
        out.stride = n;
        if self.of_modes.is_empty() {
            fill(
                self.similarity,
                &embeddings[..n * q],
                q,
                &mut out.scratch,
                &mut out.values,
            );
            return;
        }
        for (row, &one) in out.values.chunks_exact_mut(n).zip(own) {
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
