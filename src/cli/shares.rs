//! Owns which shares of a run blocks belong to that are missing.

use super::shortened;
use crate::engine::Shard;
use crate::record::journal::Kept;
use std::ops::Range;
use std::path::Path;

/// Which shares blocks belong to, by their places in the list of all, where names of files tell how many shares there were.
pub(super) fn shares(kept: &Kept, missing: &[Range<u64>]) -> String {
    let of = |path: &Path| path.file_stem()?.to_str()?.rsplit_once("-of-")?.1.parse::<u64>().ok();
    let Some(of) = kept.files().find_map(of).filter(|&of| Shard::new(0, of).is_some()) else {
        return String::new();
    };
    let counts = counts(missing, of);
    let shares = (0..).zip(&counts).filter(|(_, n)| **n > 0);
    let words: Vec<String> = shares.map(|(share, n)| format!("{n} of share {share}/{of}")).collect();
    format!(" ({})", shortened(&words, 8))
}

/// How many places belong to each of `of` shares, without a look at every place.
fn counts(places: &[Range<u64>], of: u64) -> Vec<u64> {
    // Steps up and down from one share to the next, of those that have a place more than others.
    let (mut each, mut steps) = (0, vec![0_i64; of as usize + 1]);
    let mut step = |shares: Range<u64>| {
        steps[shares.start as usize] += 1;
        steps[shares.end as usize] -= 1;
    };
    for Range { start, end } in places {
        let (first, more) = (start % of, (end - start) % of);
        each += (end - start) / of;
        step(first..of.min(first + more));
        step(0..(first + more).saturating_sub(of));
    }
    let mut own = each;
    let up_to = steps[..of as usize].iter().map(|step| {
        own = own.wrapping_add_signed(*step);
        own
    });
    up_to.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_one_by_one() {
        let places = [0..1, 3..9, 12..13, 20..57, 60..60, 61..63];
        for of in 1..30 {
            let mut expected = vec![0; of as usize];
            places
                .iter()
                .flat_map(Clone::clone)
                .for_each(|place: u64| expected[(place % of) as usize] += 1);
            assert_eq!(counts(&places, of), expected, "{of} shares");
        }
        let million_million = 1..1_000_000_000_001;
        assert_eq!(
            counts(std::slice::from_ref(&million_million), 3),
            [333_333_333_333, 333_333_333_334, 333_333_333_333]
        );
    }
}
