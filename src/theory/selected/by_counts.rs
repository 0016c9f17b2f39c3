//! Owns the exact moments of any rule: one enumeration of count vectors serves every question about one pool law.

use super::enumerate::for_each_count_vector;
use super::kept::{Kept, Scratch};
use super::levels::Levels;
use super::{Ask, LawError, PoolLaw, Rule, Selected};
use std::collections::{BTreeMap, HashMap};

/// The most entries (sorted sizes times questions) that are remembered; beyond, they are computed again, with the same bits.
const MOST_REMEMBERED: usize = 1 << 16;

/// The answers to `asks`, in their order: E f and E f f^T over prompts, pools and ties, the latter averaged exactly for both.
/// One pass over the count vectors for all of them; the sum over vectors has the order of
/// [`for_each_count_vector`].
///
/// # Errors
///
/// When there are more count vectors than are enumerated, or an ask is out of range.
pub fn by_counts(law: &PoolLaw, asks: &[Ask]) -> Result<Vec<Selected>, LawError> {
    law.check_modes()?;
    asks.iter().try_for_each(|ask| ask.check(law))?;
    let mut groups = group_by_rule(asks);
    let modes = law.modes();
    let mut totals: Vec<Selected> = asks
        .iter()
        .map(|_| Selected {
            mean: vec![0.0; modes],
            second: vec![0.0; modes * modes],
        })
        .collect();
    let (mut present, mut sizes) = (Vec::new(), Vec::new());
    for_each_count_vector(law, |counts, probability| {
        for group in &mut groups {
            present.clear();
            present.extend((0..modes).filter(|&m| counts[m] > 0));
            if group.rule.is_symmetric() {
                present.sort_by(|&a, &b| counts[b].cmp(&counts[a]));
            }
            sizes.clear();
            sizes.extend(present.iter().map(|&m| counts[m]));
            group.answer(asks, &present, &sizes, |ask, kept| {
                add(&mut totals[ask], modes, &present, probability, kept);
            });
        }
    })?;
    totals.iter_mut().for_each(|total| fold(&mut total.second, modes));
    Ok(totals)
}

/// The asks of one rule, which share its levels.
struct Group<'a> {
    rule: &'a Rule,
    asks: Vec<usize>,
    levels: Levels,
    scratch: Scratch,
    kept: Kept,
    /// By sorted sizes, for rules that treat all modes alike: the answers in the order of `asks`.
    remembered: BTreeMap<Vec<u32>, Vec<Kept>>,
}

fn group_by_rule(asks: &[Ask]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    // Thousands of rules may be asked about: no search through all of them for each.
    let mut places: HashMap<Vec<u64>, usize> = HashMap::new();
    for (i, ask) in asks.iter().enumerate() {
        let place = *places.entry(ask.rule.bits()).or_insert_with(|| {
            groups.push(Group {
                rule: &ask.rule,
                asks: Vec::new(),
                levels: Levels::default(),
                scratch: Scratch::default(),
                kept: Kept::default(),
                remembered: BTreeMap::new(),
            });
            groups.len() - 1
        });
        groups[place].asks.push(i);
    }
    groups
}

impl Group<'_> {
    /// Calls `give` with the moments for each ask of the group.
    fn answer(&mut self, asks: &[Ask], modes: &[usize], sizes: &[u32], mut give: impl FnMut(usize, &Kept)) {
        // Only symmetric rules remember anything.
        if let Some(answers) = self.remembered.get(sizes) {
            self.asks.iter().zip(answers).for_each(|(&ask, kept)| give(ask, kept));
            return;
        }
        let remember = self.rule.is_symmetric() && (self.remembered.len() + 1) * self.asks.len() <= MOST_REMEMBERED;
        let mut answers = Vec::new();
        self.levels.fill(self.rule, modes, sizes);
        for &i in &self.asks {
            let Ask { keep, weights, .. } = asks[i];
            self.kept.fill(&self.levels, sizes, keep, weights, &mut self.scratch);
            give(i, &self.kept);
            if remember {
                answers.push(self.kept.clone());
            }
        }
        if remember {
            self.remembered.insert(sizes.to_vec(), answers);
        }
    }
}

/// Adds the moments over the modes present to those over all modes: row <= column in the order of `present`.
fn add(total: &mut Selected, modes: usize, present: &[usize], probability: f64, kept: &Kept) {
    for (i, &a) in present.iter().enumerate() {
        total.mean[a] += probability * kept.mean[i];
        let row = &kept.second[i * present.len()..(i + 1) * present.len()];
        for (j, &b) in present.iter().enumerate().skip(i) {
            total.second[a * modes + b] += probability * row[j];
        }
    }
}

/// Each pair of modes was added on one side of the diagonal or the other: both sides become their sum.
fn fold(second: &mut [f64], modes: usize) {
    for a in 0..modes {
        for b in a + 1..modes {
            let sum = second[a * modes + b] + second[b * modes + a];
            second[a * modes + b] = sum;
            second[b * modes + a] = sum;
        }
    }
}
