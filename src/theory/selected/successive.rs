//! Owns the level that the greedy does not exhaust: which of its tied candidates get the places that are left.
//!
//! Such a level holds firsts (modes of which one candidate is taken, each of its `sizes` candidates as likely as any other in the
//! level) and later candidates, each for itself. Every pick takes one of the available candidates of the level with equal probability;
//! when a first is taken, the others of its mode leave the level. So modes are drawn by successive sampling in proportion to
//! their sizes, which is uniform only for equal sizes. The law of the set of modes drawn is a sum over subsets.

/// A tie to be resolved.
#[derive(Debug, Default)]
pub(super) struct SuccessiveDraws {
    /// The candidates of each first.
    pub(super) sizes: Vec<u32>,
    /// Later candidates in the level, all modes together.
    pub(super) later: u32,
    /// Places left: more than 0, fewer than the level can fill.
    pub(super) places: u32,
    table: Vec<f64>,
}

impl SuccessiveDraws {
    /// Calls `visit(V, P(V), share of the first pick by first)` for every set V of firsts (bit i for `sizes[i]`) that may be drawn, in
    /// increasing order. |V| places go to V, the others to later candidates. The third is empty unless `who_first`, for which
    /// there must be no later candidates: entry i is P(V, the first pick is i)/P(V).
    pub(super) fn resolve(&mut self, who_first: bool, mut visit: impl FnMut(usize, f64, &[f64])) {
        let firsts = self.sizes.len();
        if firsts == 0 {
            // All places go to later candidates, whichever.
            return visit(0, 1.0, &[]);
        }
        if !who_first {
            self.draw(None);
            for set in 0..1 << firsts {
                let probability = self.ended_at(set);
                if probability > 0.0 {
                    visit(set, probability, &[]);
                }
            }
            return;
        }
        let mut joint = vec![0.0; firsts << firsts];
        for i in 0..firsts {
            self.draw(Some(i));
            for set in 0..1 << firsts {
                joint[set * firsts + i] = self.ended_at(set);
            }
        }
        for (set, row) in joint.chunks_exact_mut(firsts).enumerate() {
            let probability: f64 = row.iter().sum();
            if probability > 0.0 {
                row.iter_mut().for_each(|p| *p /= probability);
                visit(set, probability, row);
            }
        }
    }

    /// The most later candidates that can be drawn.
    fn most_later(&self) -> u32 {
        self.later.min(self.places)
    }

    /// The probability that the draws ended with this set of firsts.
    fn ended_at(&self, set: usize) -> f64 {
        let width = self.most_later() as usize + 1;
        match self.places.checked_sub(set.count_ones()) {
            Some(later) if (later as usize) < width => self.table[set * width + later as usize],
            _ => 0.0,
        }
    }

    /// Fills `table[set][later drawn]` with the probability of passing there, from the first pick `start` where given.
    fn draw(&mut self, start: Option<usize>) {
        let (firsts, width) = (self.sizes.len(), self.most_later() as usize + 1);
        self.table.clear();
        self.table.resize(width << firsts, 0.0);
        let weight = |set: usize| -> u32 { (0..firsts).filter(|i| set >> i & 1 == 0).map(|i| self.sizes[i]).sum() };
        match start {
            None => self.table[0] = 1.0,
            Some(i) => self.table[width << i] = f64::from(self.sizes[i]) / f64::from(weight(0) + self.later),
        }
        // A set comes before the sets that contain it.
        for set in 0..1_usize << firsts {
            let open = weight(set);
            for later in 0..width {
                let here = self.table[set * width + later];
                if here == 0.0 || set.count_ones() + later as u32 == self.places {
                    continue;
                }
                let total = f64::from(open + self.later - later as u32);
                for i in (0..firsts).filter(|i| set >> i & 1 == 0) {
                    self.table[(set | 1 << i) * width + later] += here * f64::from(self.sizes[i]) / total;
                }
                if later + 1 < width {
                    self.table[set * width + later + 1] += here * f64::from(self.later - later as u32) / total;
                }
            }
        }
    }
}
