//! Owns the allocation of whole responses to prompts that are there: exact, by marginal gains.
//!
//! With K_i responses of prompt i, of variance v_i, the variance of the mean over the prompts is a constant and sum v_i/K_i over the square
//! of their number. One more response of a prompt takes v/(K (K + 1)) off the sum, less with every one: so the best of all designs with so
//! many responses in all are those that always took the largest step next (Fox 1966; Wright 2012 for this sum).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A prompt that waits for its next response.
#[derive(PartialEq)]
struct Step {
    gain: f64,
    place: usize,
}

impl Eq for Step {}

impl Ord for Step {
    /// By gain; of equal ones the prompt that comes first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.gain.total_cmp(&other.gain).then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The numbers of responses, one of each prompt at least and `most` at most, whose sum is `total` and for which sum v/K is least. None
/// where `total` is fewer than one of each, or more than there can be. Prompts of variance 0 have one each, and more only once all others
/// have all they can have; of equal ones those that stand first are served first.
///
/// Takes some `variances.len() log(variances.len())` steps, however large `total` is.
///
/// # Panics
///
/// Where the two lists are not of one length, or a prompt could have none.
pub fn spread(variances: &[f64], most: &[u64], total: u64) -> Option<Vec<u64>> {
    assert_eq!(variances.len(), most.len(), "one bound of each prompt");
    assert!(most.iter().all(|&most| most > 0), "each prompt can have one response");
    let room: u64 = most.iter().fold(0, |sum, &most| sum.saturating_add(most));
    if total < variances.len() as u64 || total > room {
        return None;
    }
    let mut responses = above_threshold(variances, most, total);
    let mut left = total - responses.iter().sum::<u64>();
    let step = |place: usize, k: u64| {
        (k < most[place]).then(|| Step {
            gain: variances[place] / (k as f64 * (k as f64 + 1.0)),
            place,
        })
    };
    let waiting = responses.iter().enumerate();
    let mut heap: BinaryHeap<Step> = waiting.filter_map(|(place, &k)| step(place, k)).collect();
    while left > 0 {
        // Cannot run dry, since `total` has room.
        let Step { gain, place } = heap.pop()?;
        // Those that gain nothing take what is left at once.
        let more = if gain > 0.0 {
            1
        } else {
            left.min(most[place] - responses[place])
        };
        responses[place] += more;
        left -= more;
        heap.extend(step(place, responses[place]));
    }
    Some(responses)
}

/// Every step that gains more than a threshold, which is as low as `total` allows but for a few steps per prompt: the heap does the rest.
fn above_threshold(variances: &[f64], most: &[u64], total: u64) -> Vec<u64> {
    // The largest K with v/((K - 1) K) > threshold: K (K - 1) < v/threshold. A bit less, so that rounding makes no step too many.
    let at = |threshold: f64| -> Vec<u64> {
        let of = |(v, &most): (&f64, &u64)| {
            let k = (0.5 + (0.25 + v / threshold).sqrt()) * (1.0 - 1e-9);
            (k.min(most as f64) as u64).clamp(1, most)
        };
        variances.iter().zip(most).map(of).collect()
    };
    let fits = |responses: &[u64]| responses.iter().fold(0_u64, |sum, &k| sum.saturating_add(k)) <= total;
    let largest = variances.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 {
        return vec![1; variances.len()];
    }
    // No step gains more than half of the largest variance; below the other end all have more than a prompt can count.
    let (mut high, mut low) = (largest, largest * 1e-40);
    for _ in 0..200 {
        let middle = (high * low).sqrt();
        match fits(&at(middle)) {
            true => high = middle,
            false => low = middle,
        }
    }
    at(high)
}
