//! Owns the sums of a group of prompts, from which everything of the analysis of variance follows, also without the group.
//!
//! k_i responses of prompt i with mean vector p_i, T = sum k_i. A group keeps its prompts, T, sum k_i^2, the squares within prompts
//! `sum_i sum_j |y_ij - p_i|^2`, those between its prompts `sum_i k_i |p_i - mean|^2`, and its mean. Numbers are never squared but as
//! differences from a mean, so that a large common part does no harm; groups are joined as by Chan, Golub and LeVeque (1983, The
//! American Statistician 37, 242-247). Of labels, whose vectors are one-hot, counts are kept instead: none of the vectors is written out.

use super::responses::{Responses, squared_distance};
use std::collections::{BTreeMap, HashMap};

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
}

/// All groups together.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    pub(super) prompts: u64,
    pub(super) responses: u64,
    centre: Centre,
}

/// The mean of all responses.
#[derive(Clone, Debug)]
enum Centre {
    /// Each label's count, only ever looked up by label, and the squared length of the vector of shares.
    Labels {
        counts: HashMap<u32, u64>,
        length: f64,
    },
    Numbers(Vec<f64>),
}

impl Whole {
    /// Of all groups; none of none.
    pub(super) fn of<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Option<Self> {
        let mut rest = groups.into_iter();
        let first = rest.next()?;
        let (mut prompts, mut responses) = (first.prompts, first.responses);
        let mut centre = match &first.place {
            Place::Labels { counts, .. } => Centre::Labels {
                counts: counts.iter().map(|(&label, &count)| (label, count)).collect(),
                length: 0.0,
            },
            Place::Numbers { mean, .. } => Centre::Numbers(mean.clone()),
        };
        for group in rest {
            prompts += group.prompts;
            responses += group.responses;
            centre.add(&group.place, group.responses as f64 / responses as f64);
        }
        if let Centre::Labels { counts, length } = &mut centre {
            // Whole numbers: their sum does not depend on the order of the map.
            let square: u128 = counts
                .values()
                .map(|&count| u128::from(count) * u128::from(count))
                .sum();
            *length = square as f64 / (responses as f64 * responses as f64);
        }
        Some(Self {
            prompts,
            responses,
            centre,
        })
    }

    /// The squared distance of the mean of one of its groups from its own.
    pub(super) fn distance(&self, group: &Group) -> f64 {
        match (&group.place, &self.centre) {
            (Place::Labels { counts, .. }, Centre::Labels { counts: all, length }) => {
                let (own, of_all) = (group.responses as f64, self.responses as f64);
                let term = |(label, &count): (&u32, &u64)| {
                    let share = count as f64 / own;
                    share * (share - 2.0 * all.get(label).map_or(0.0, |&count| count as f64 / of_all))
                };
                counts.iter().map(term).sum::<f64>() + length
            }
            (Place::Numbers { mean, .. }, Centre::Numbers(all)) => squared_distance(mean, all),
            _ => f64::NAN,
        }
    }
}

impl Centre {
    /// Adds a group that is this share of all with it.
    fn add(&mut self, place: &Place, share: f64) {
        match (self, place) {
            (Centre::Labels { counts, .. }, Place::Labels { counts: more, .. }) => more
                .iter()
                .for_each(|(&label, count)| *counts.entry(label).or_default() += count),
            (Centre::Numbers(mean), Place::Numbers { mean: more, .. }) => move_towards(mean, more, share),
            _ => {}
        }
    }
}

fn move_towards(mean: &mut [f64], other: &[f64], share: f64) {
    mean.iter_mut()
        .zip(other)
        .for_each(|(own, other)| *own += share * (other - *own));
}

impl Place {
    fn add(&mut self, other: &Self, weight: f64, other_weight: f64) {
        match (self, other) {
            (
                Place::Labels { counts, own },
                Place::Labels {
                    counts: more,
                    own: also,
                },
            ) => {
                more.iter()
                    .for_each(|(&label, count)| *counts.entry(label).or_default() += count);
                *own += also;
            }
            (
                Place::Numbers { mean, between },
                Place::Numbers {
                    mean: more,
                    between: also,
                },
            ) => {
                let share = other_weight / (weight + other_weight);
                *between += also + weight * share * squared_distance(mean, more);
                move_towards(mean, more, share);
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
