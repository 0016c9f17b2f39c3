//! Many tests at once: p-values adjusted so that the chance of any false rejection stays at the level of one.

/// Adjusted p-values of Holm's step-down procedure (Holm 1979), in the order given.
///
/// With the p-values sorted, `adjusted_(i) = max over j <= i of min(1, (m - j + 1) p_(j))`. Valid under any dependence. A NaN p-value
/// (a test that could not be made) counts as a test and never rejects: it comes out as 1.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut running = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        running = running.max((p.len() - rank) as f64 * usable(p[index])).min(1.0);
        adjusted[index] = running;
    }
    adjusted
}

/// The p-value of 'fewer than `needed` of these statements hold' (Benjamini and Heller 2008, with Bonferroni's combination).
///
/// With the p-values sorted it is `(m - needed + 1) p_(needed)`: if fewer than `needed` hold, at least `m - needed + 1` of the single
/// nulls are true, and one of those must be among the `needed` smallest. `needed = m` is the intersection-union test (the largest p);
/// `needed = 1` is the smallest p after Holm. Valid under any dependence. Returns the index of the deciding statement too.
///
/// # Panics
///
/// When `needed` is not in `1..=p.len()`.
#[must_use]
pub fn at_least(needed: usize, p: &[f64]) -> (f64, usize) {
    assert!((1..=p.len()).contains(&needed), "{needed} of {} statements", p.len());
    let decisive = ascending(p)[needed - 1];
    let factor = (p.len() - needed + 1) as f64;
    ((factor * usable(p[decisive])).min(1.0), decisive)
}

/// A missing test never rejects.
fn usable(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p }
}

/// Indices by p-value, missing tests last, so that they are named where they decide.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| {
        let missing = p[a].is_nan().cmp(&p[b].is_nan());
        missing.then(p[a].total_cmp(&p[b]))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_by_hand() {
        // Sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, made monotone: .02 .03 .06 .06.
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (got, want) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((got - want).abs() < 1e-15, "{adjusted:?}");
        }
    }

    #[test]
    fn holm_is_capped_and_keeps_order_and_counts_missing_tests() {
        assert_eq!(holm(&[0.5, 0.9, 0.7]), [1.0, 1.0, 1.0]);
        assert_eq!(holm(&[0.02]), [0.02]);
        assert!(holm(&[]).is_empty());
        assert_eq!(holm(&[0.02, f64::NAN]), [0.04, 1.0]);
    }

    #[test]
    fn all_is_the_largest_and_one_is_the_smallest_after_holm() {
        let p = [0.03, 0.2, 0.001, 0.04];
        assert_eq!(at_least(4, &p), (0.2, 1));
        assert_eq!(at_least(1, &p), (0.004, 2));
        let smallest = holm(&p).into_iter().fold(1.0, f64::min);
        assert_eq!(at_least(1, &p).0, smallest);
        // Three of four: twice the third smallest.
        assert_eq!(at_least(3, &p), (0.08, 3));
        assert_eq!(at_least(2, &[0.01, f64::NAN]), (1.0, 1));
        assert_eq!(at_least(2, &[f64::NAN, 1.0]), (1.0, 0));
    }

    #[test]
    #[should_panic(expected = "5 of 4 statements")]
    fn more_than_all_is_refused() {
        let _ = at_least(5, &[0.1; 4]);
    }
}
