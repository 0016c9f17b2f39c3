//! Owns the probability that Best-K-of-N keeps no candidate of a set of modes.
//!
//! Modes are gone through from the best reward down. As long as fewer than K candidates have come all of them are kept, so that
//! none may be of the set; from where K have come the rest is not kept. Counts are those of the urn, mode by mode:
//! beta-binomial among the candidates that are left. Every term is positive.

use super::best::blocks;
use super::urn::pmf;
use super::{LawError, PoolLaw};

/// The law of which modes Best-K-of-N keeps, with one reward per mode and no two alike.
#[derive(Debug, Clone)]
pub struct Avoided {
    /// Modes, best reward first.
    order: Vec<usize>,
    /// By place in that order and candidates of better modes, fewer than K: the law of how many are of the mode.
    counts: Vec<Vec<Vec<f64>>>,
}

impl Avoided {
    /// Of pools of this law. None where two modes have equal rewards, between which chance decides.
    ///
    /// # Errors
    ///
    /// When K is not 1 to N, the rewards are not M finite numbers, or responses may be wrong.
    pub fn best(law: &PoolLaw, rewards: &[f64], keep: u32) -> Result<Option<Self>, LawError> {
        law.check_right("avoided")?;
        law.check_keep(keep)?;
        law.check_rewards(rewards)?;
        let blocks = blocks(law.weights(), rewards);
        if blocks.len() < law.modes() {
            return Ok(None);
        }
        let left = |come: u32| law.candidates() - come;
        let counts = blocks.iter().map(|block| {
            let of = |come: u32| pmf(left(come), block.mass, block.worse, law.spread());
            (0..keep).map(of).collect()
        });
        Ok(Some(Self {
            counts: counts.collect(),
            order: blocks.iter().map(|block| block.modes[0]).collect(),
        }))
    }

    /// The probability that no kept candidate of one prompt is of the modes in `set` (bit m for mode m; modes from 32 on are
    /// never in it).
    pub fn probability(&self, set: u32) -> f64 {
        let keep = self.counts.first().map_or(0, Vec::len);
        let mut fewer = vec![0.0; keep];
        fewer[0] = 1.0;
        let mut enough = 0.0;
        for (&mode, counts) in self.order.iter().zip(&self.counts) {
            let in_set = mode < 32 && set >> mode & 1 == 1;
            let mut next = vec![0.0; keep];
            for (come, &here) in fewer.iter().enumerate().filter(|(_, here)| **here > 0.0) {
                let most = if in_set { 1 } else { counts[come].len() };
                for (count, p) in counts[come][..most].iter().enumerate() {
                    match next.get_mut(come + count) {
                        Some(slot) => *slot += here * p,
                        None => enough += here * p,
                    }
                }
            }
            fewer = next;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::selected::best_mean;
    use crate::theory::selected::enumerate::for_each_count_vector;

    const WEIGHTS: [f64; 5] = [0.4, 0.25, 0.2, 0.1, 0.05];
    const REWARDS: [f64; 5] = [0.3, 0.9, 0.1, 1.0, 0.5];

    fn law(concentration: f64, candidates: u32) -> PoolLaw {
        PoolLaw::new(WEIGHTS.to_vec(), concentration, candidates).unwrap()
    }

    /// By definition: of every vector of counts the K best candidates, one by one.
    fn by_counts(law: &PoolLaw, rewards: &[f64], keep: u32, set: u32) -> f64 {
        let mut order: Vec<usize> = (0..rewards.len()).collect();
        order.sort_by(|&a, &b| rewards[b].total_cmp(&rewards[a]));
        let mut sum = 0.0;
        for_each_count_vector(law, |counts, probability| {
            let candidates = order.iter().flat_map(|&m| std::iter::repeat_n(m, counts[m] as usize));
            let avoids = candidates.take(keep as usize).all(|m| set >> m & 1 == 0);
            sum += if avoids { probability } else { 0.0 };
        })
        .unwrap();
        sum
    }

    #[test]
    fn it_is_that_of_every_vector_of_counts() {
        let mut noticed = 0;
        for concentration in [0.5, 4.0, f64::INFINITY] {
            let law = law(concentration, 9);
            for keep in [1, 2, 5, 9] {
                let avoided = Avoided::best(&law, &REWARDS, keep).unwrap().unwrap();
                for set in 0..32_u32 {
                    let expected = by_counts(&law, &REWARDS, keep, set);
                    let found = avoided.probability(set);
                    assert!(
                        (found - expected).abs() < 1e-14,
                        "{concentration} {keep} {set:b}: {found} {expected}"
                    );
                    // Control: one candidate fewer is kept.
                    noticed +=
                        usize::from(keep > 1 && (by_counts(&law, &REWARDS, keep - 1, set) - expected).abs() > 1e-4);
                }
            }
        }
        assert!(noticed > 100, "{noticed}");
    }

    /// With K = 1 what is kept avoids a set unless its one mode lies in it: the mean share by another route.
    #[test]
    fn a_single_response_avoids_what_it_is_not() {
        let law = law(3.0, 16);
        let mean = best_mean(&law, &REWARDS, 1).unwrap();
        let avoided = Avoided::best(&law, &REWARDS, 1).unwrap().unwrap();
        for (mode, share) in mean.iter().enumerate() {
            assert!((avoided.probability(1 << mode) - (1.0 - share)).abs() < 1e-14);
        }
        assert!(Avoided::best(&law, &[0.1, 0.2, 0.2, 0.3, 0.4], 2).unwrap().is_none());
        assert!(Avoided::best(&law, &REWARDS, 17).is_err());
    }
}
