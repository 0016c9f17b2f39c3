//! Owns what was kept beside what was there and what `random` would have kept: rewards, modes, clusters.
//!
//! The effective number of modes is that of order 2 (a Vendi score): 1 / sum over i, j of w_i w_j s_ij^2, with weights w that sum to 1 and
//! similarities s. Of m equally frequent modes that have nothing in common it is m. Clusters are made around leaders: in the order of ids a
//! candidate joins the first leader that it is at least [`SAME_CLUSTER`] similar to, or leads one.

/// A candidate this similar to the leader of a cluster belongs to it.
pub const SAME_CLUSTER: f64 = 0.9;

/// What some candidates of a prompt are like; none where nothing tells.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Looks {
    /// Their mean reward, by weight.
    pub reward: Option<f64>,
    /// The effective number of modes among them.
    pub modes: Option<f64>,
    /// The share of the prompt's clusters that they are of.
    pub covered: Option<f64>,
}

/// Of one prompt, or means over prompts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Beside {
    /// All its candidates.
    pub there: Looks,
    /// Those kept.
    pub kept: Looks,
    /// Those that `random` would have kept, by the same seed.
    pub random: Looks,
    /// Its clusters.
    pub clusters: Option<f64>,
    /// How many prompts this is of.
    pub prompts: u64,
}

/// Candidates by place, and the weight of each.
pub(super) type Weighted<'a> = &'a [(usize, f64)];

impl Beside {
    /// Of one prompt's candidates: `rewards` by place (or none), and how alike two places are, if anything tells.
    pub(super) fn of(
        rewards: &[f64],
        alike: Option<&dyn Fn(usize, usize) -> f64>,
        n: usize,
        kept: Weighted<'_>,
        random: Weighted<'_>,
    ) -> Self {
        let all: Vec<(usize, f64)> = (0..n).map(|place| (place, 1.0 / n as f64)).collect();
        let clusters = alike.map(|alike| clusters(n, alike));
        let count = clusters.as_ref().map(|of| 1 + of.iter().copied().max().unwrap_or(0));
        let looks = |some: Weighted<'_>| Looks {
            reward: (!rewards.is_empty()).then(|| some.iter().map(|(place, weight)| weight * rewards[*place]).sum()),
            modes: alike.map(|alike| modes(some, alike)),
            covered: clusters.as_ref().zip(count).map(|(of, count)| {
                let mut own: Vec<usize> = some.iter().map(|(place, _)| of[*place]).collect();
                own.sort_unstable();
                own.dedup();
                own.len() as f64 / count as f64
            }),
        };
        Self {
            there: looks(&all),
            kept: looks(kept),
            random: looks(random),
            clusters: count.map(|count| count as f64),
            prompts: 1,
        }
    }

    /// Adds those of another prompt: sums, until [`Beside::mean`].
    pub(super) fn add(&mut self, other: &Beside) {
        let looks = |own: &mut Looks, other: &Looks| {
            for (own, other) in [
                (&mut own.reward, other.reward),
                (&mut own.modes, other.modes),
                (&mut own.covered, other.covered),
            ] {
                *own = sum(*own, other);
            }
        };
        looks(&mut self.there, &other.there);
        looks(&mut self.kept, &other.kept);
        looks(&mut self.random, &other.random);
        self.clusters = sum(self.clusters, other.clusters);
        self.prompts += other.prompts;
    }

    /// Means of sums.
    pub(super) fn mean(&self) -> Self {
        let n = self.prompts as f64;
        let looks = |own: &Looks| Looks {
            reward: own.reward.map(|sum| sum / n),
            modes: own.modes.map(|sum| sum / n),
            covered: own.covered.map(|sum| sum / n),
        };
        Self {
            there: looks(&self.there),
            kept: looks(&self.kept),
            random: looks(&self.random),
            clusters: self.clusters.map(|sum| sum / n),
            prompts: self.prompts,
        }
    }
}

fn sum(own: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (own, other) {
        (Some(own), Some(other)) => Some(own + other),
        (own, other) => own.or(other),
    }
}

fn modes(some: Weighted<'_>, alike: &dyn Fn(usize, usize) -> f64) -> f64 {
    let pair = |(i, w): &(usize, f64), (j, v): &(usize, f64)| {
        let s = alike(*i, *j);
        w * v * s * s
    };
    let total: f64 = some
        .iter()
        .map(|one| some.iter().map(|other| pair(one, other)).sum::<f64>())
        .sum();
    1.0 / total
}

/// The cluster of each place.
fn clusters(n: usize, alike: &dyn Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut leaders: Vec<usize> = Vec::new();
    let mut of = Vec::with_capacity(n);
    for place in 0..n {
        let found = leaders.iter().position(|&leader| alike(place, leader) >= SAME_CLUSTER);
        of.push(found.unwrap_or(leaders.len()));
        if found.is_none() {
            leaders.push(place);
        }
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four candidates in two modes that have nothing in common, three to one.
    #[test]
    fn modes_and_clusters_are_those_counted_by_hand() {
        let alike = |i: usize, j: usize| f64::from((i < 3) == (j < 3));
        let own = Beside::of(
            &[1.0, 2.0, 3.0, 6.0],
            Some(&alike),
            4,
            &[(2, 0.5), (3, 0.5)],
            &[(0, 0.5), (1, 0.5)],
        );
        // 1 / ((3/4)^2 + (1/4)^2)
        assert_eq!(own.there.modes, Some(1.6));
        assert_eq!((own.kept.modes, own.random.modes), (Some(2.0), Some(1.0)));
        assert_eq!(
            (own.kept.covered, own.random.covered, own.clusters),
            (Some(1.0), Some(0.5), Some(2.0))
        );
        assert_eq!(
            (own.there.reward, own.kept.reward, own.random.reward),
            (Some(3.0), Some(4.5), Some(1.5))
        );
        let none = Beside::of(&[], None, 4, &[(0, 1.0)], &[(1, 1.0)]);
        assert_eq!(
            (none.there, none.kept, none.clusters),
            (Looks::default(), Looks::default(), None)
        );
    }
}
