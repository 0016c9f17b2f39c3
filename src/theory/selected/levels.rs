//! Owns the greedy as a list of levels: what each candidate of a pool gains, and which gains are tied.
//!
//! On noiseless orthonormal modes every objective here is a sum over modes, concave in the number kept of a mode: the first
//! candidate of mode m gains one value, each later one a value that is no larger (science: F separable, so greedy is optimal). The
//! greedy therefore takes gains in decreasing order, and all chance is in the last level that it does not exhaust.

use super::rule::{Rule, Scaling};

/// Gains this close are tied: far above the rounding of a gain, far below any difference that is meant.
const TIE: f64 = 1e-9;

/// Equal gains of candidates of one mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gain {
    /// The marginal gain.
    pub(super) value: f64,
    /// The mode, as an index into the sizes of the present modes.
    pub(super) mode: usize,
    /// The candidates that have it: for a first, those of which only one can have it; else those that all do.
    pub(super) items: u32,
    /// Whether only the first candidate kept of the mode gains this.
    pub(super) first: bool,
}

impl Gain {
    /// How many picks it can serve.
    pub(super) fn picks(&self) -> u32 {
        if self.first { 1 } else { self.items }
    }
}

/// The gains of a pool in decreasing order, cut into levels of tied ones.
#[derive(Debug, Default)]
pub(super) struct Levels {
    gains: Vec<Gain>,
    /// Where each level ends among the gains.
    ends: Vec<usize>,
}

impl Levels {
    /// The levels of `rule` on a pool with `sizes[i]` candidates, all above 0, of mode `modes[i]`. The space is used again.
    pub(super) fn fill(&mut self, rule: &Rule, modes: &[usize], sizes: &[u32]) {
        self.gains.clear();
        self.ends.clear();
        match rule {
            Rule::Random => self.together(sizes, |_| 0.0),
            Rule::Best { rewards } => self.together(sizes, |i| rewards[modes[i]]),
            // All that pass are one level, above every reward.
            Rule::Filter { rewards, threshold } => self.together(sizes, |i| match rewards[modes[i]] {
                reward if reward > *threshold => f64::MAX,
                reward => reward,
            }),
            Rule::Diverse => self.first_apart(sizes, |i| (f64::from(sizes[i]), 0.0)),
            Rule::DiverseMaxMin => self.first_apart(sizes, |_| (1.0, 0.0)),
            Rule::DiverseBest {
                rewards,
                lambda,
                scaling,
            } => {
                let (low, range) = scale(rewards, modes, *scaling);
                let merit = |i: usize| lambda * ((rewards[modes[i]] - low) / range);
                let cover = |i: usize| (1.0 - lambda) * f64::from(sizes[i]);
                if cover(0) / f64::from(sizes[0]) <= TIE {
                    self.together(sizes, merit);
                } else {
                    self.first_apart(sizes, |i| (merit(i) + cover(i), merit(i)));
                }
            }
        }
        let exact = matches!(rule, Rule::Best { .. } | Rule::Filter { .. });
        let tie = if exact { 0.0 } else { TIE };
        self.cut(tie);
    }

    /// All candidates of a mode gain the same.
    fn together(&mut self, sizes: &[u32], value: impl Fn(usize) -> f64) {
        let gain = |(mode, &items): (usize, &u32)| Gain {
            value: value(mode),
            mode,
            items,
            first: false,
        };
        self.gains.extend(sizes.iter().enumerate().map(gain));
    }

    /// The first candidate of a mode gains more than the later ones.
    fn first_apart(&mut self, sizes: &[u32], values: impl Fn(usize) -> (f64, f64)) {
        for (mode, &items) in sizes.iter().enumerate() {
            let (value, later) = values(mode);
            self.gains.push(Gain {
                value,
                mode,
                items,
                first: true,
            });
            if items > 1 {
                self.gains.push(Gain {
                    value: later,
                    mode,
                    items: items - 1,
                    first: false,
                });
            }
        }
    }

    fn cut(&mut self, tie: f64) {
        self.gains.sort_unstable_by(|a, b| {
            b.value
                .total_cmp(&a.value)
                .then(a.mode.cmp(&b.mode))
                .then(b.first.cmp(&a.first))
        });
        let mut top = f64::INFINITY;
        for (i, gain) in self.gains.iter().enumerate() {
            // The first gain opens a level, for it is infinitely far from none.
            if top - gain.value > tie {
                if i > 0 {
                    self.ends.push(i);
                }
                top = gain.value;
            }
        }
        self.ends.push(self.gains.len());
    }

    /// The levels, best first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Gain]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.gains[start..end])
    }
}

/// The offset and the unit of the rewards of the pool's modes.
fn scale(rewards: &[f64], modes: &[usize], scaling: Scaling) -> (f64, f64) {
    if scaling == Scaling::Raw {
        return (0.0, 1.0);
    }
    let present = || modes.iter().map(|&m| rewards[m]);
    let low = present().fold(f64::INFINITY, f64::min);
    let high = present().fold(f64::NEG_INFINITY, f64::max);
    // Where all are equal each is 0 over 1.
    (low, if high > low { high - low } else { 1.0 })
}
