//! Owns the sums of a group of prompts, from which everything of the analysis of variance follows, also without the group.
//!
//! k_i responses of prompt i with mean vector p_i, T = sum k_i. A group keeps its prompts, T, sum k_i^2, the squares within prompts
//! `sum_i sum_j |y_ij - p_i|^2`, those between its prompts `sum_i k_i |p_i - mean|^2`, and its mean. Numbers are never squared but as
//! differences from a mean, so that a large common part does no harm; groups are joined as by Chan, Golub and LeVeque (1983, The
//! American Statistician 37, 242-247). Of labels, whose vectors are one-hot, counts are kept instead: none of the vectors is written out.

use super::responses::{Responses, squared_distance};
use std::collections::BTreeMap;

/// Sums of some prompts.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) prompts: u64,
    pub(super) responses: u64,
    /// Sum of k_i^2.
    pub(super) squares: f64,
    /// Squares within prompts.
    pub(super) within: f64,
    place: Place,
}

/// Where the responses of a group lie.
#[derive(Clone, Debug)]
enum Place {
    /// Each label's count, and the sum over prompts of `|sum of one-hots|^2/k_i`.
    Labels { counts: BTreeMap<u32, u64>, own: f64 },
    /// The mean vector, and the squares between prompts.
    Numbers { mean: Vec<f64>, between: f64 },
}

impl Group {
    /// Of the responses of one prompt, of which there is at least one.
    pub(super) fn of(responses: &Responses<'_>) -> Self {
        let (count, within, place) = match responses {
            Responses::Labels(labels) => of_labels(labels),
            _ => of_numbers(responses),
        };
        Self {
            prompts: 1,
            responses: count as u64,
            squares: count as f64 * count as f64,
            within,
            place,
        }
    }

    /// Joins the prompts of another group to it.
    pub(super) fn add(&mut self, other: &Self) {
        let (own, more) = (self.responses as f64, other.responses as f64);
        self.place.add(&other.place, own, more);
        self.prompts += other.prompts;
        self.responses += other.responses;
        self.squares += other.squares;
        self.within += other.within;
    }

    /// Keeps the squares within prompts only: labels that are local to a prompt have no place among those of others.
    pub(super) fn forget_place(&mut self) {
        self.place = Place::Numbers {
            mean: Vec::new(),
            between: 0.0,
        };
    }

    /// Squares between the prompts of the group.
    pub(super) fn between(&self) -> f64 {
        match &self.place {
            Place::Labels { counts, own } => {
                let square: f64 = counts.values().map(|&count| count as f64 * count as f64).sum();
                own - square / self.responses as f64
            }
            Place::Numbers { between, .. } => *between,
        }
    }

    /// The squared distance of the group's mean from that of another, of which it is a part.
    pub(super) fn distance(&self, whole: &Self, whole_length: f64) -> f64 {
        match (&self.place, &whole.place) {
            (Place::Labels { counts, .. }, Place::Labels { counts: all, .. }) => {
                let (own, of_all) = (self.responses as f64, whole.responses as f64);
                let term = |(label, &count): (&u32, &u64)| {
                    let share = count as f64 / own;
                    share * (share - 2.0 * all.get(label).map_or(0.0, |&count| count as f64 / of_all))
                };
                counts.iter().map(term).sum::<f64>() + whole_length
            }
            (Place::Numbers { mean, .. }, Place::Numbers { mean: all, .. }) => squared_distance(mean, all),
            _ => f64::NAN,
        }
    }

    /// The squared length of the mean of one-hots, which [`Group::distance`] asks for; 0 of numbers, which it does not.
    pub(super) fn length(&self) -> f64 {
        self.shares().map(|share| share * share).sum()
    }

    /// The share of each label that is there, by its number; none of numbers.
    pub(super) fn shares(&self) -> impl Iterator<Item = f64> + '_ {
        let counts = match &self.place {
            Place::Labels { counts, .. } => Some(counts),
            Place::Numbers { .. } => None,
        };
        let all = self.responses as f64;
        counts
            .into_iter()
            .flat_map(BTreeMap::values)
            .map(move |&count| count as f64 / all)
    }
}

impl Place {
    fn add(&mut self, other: &Self, weight: f64, other_weight: f64) {
        match (self, other) {
            (Place::Labels { counts, own }, Place::Labels { counts: more, own: also }) => {
                more.iter()
                    .for_each(|(&label, count)| *counts.entry(label).or_default() += count);
                *own += also;
            }
            (Place::Numbers { mean, between }, Place::Numbers { mean: more, between: also }) => {
                let share = other_weight / (weight + other_weight);
                *between += also + weight * share * squared_distance(mean, more);
                mean.iter_mut().zip(more).for_each(|(own, more)| *own += share * (more - *own));
            }
            // A pilot is of one kind: `Responses::checked` lets no other in.
            _ => {}
        }
    }
}

fn of_labels(labels: &[u32]) -> (usize, f64, Place) {
    let mut counts = BTreeMap::new();
    labels
        .iter()
        .for_each(|&label| *counts.entry(label).or_insert(0_u64) += 1);
    let square: f64 = counts.values().map(|&count| count as f64 * count as f64).sum();
    let k = labels.len() as f64;
    let own = square / k;
    (labels.len(), k - own, Place::Labels { counts, own })
}

fn of_numbers(responses: &Responses<'_>) -> (usize, f64, Place) {
    let (numbers, dimension) = responses.numbers();
    let rows = || numbers.chunks_exact(dimension);
    let count = numbers.len() / dimension;
    let mut mean = numbers[..dimension].to_vec();
    for (at, own) in mean.iter_mut().enumerate() {
        let first = *own;
        *own += rows().map(|row| row[at] - first).sum::<f64>() / count as f64;
    }
    let within = rows().map(|row| squared_distance(row, &mean)).sum();
    (count, within, Place::Numbers { mean, between: 0.0 })
}
