//! Owns the division of blocks among processes: block j belongs to shard j mod N, whoever computes the others.

use std::str::FromStr;

/// One of N shares of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shard {
    index: u64,
    of: u64,
}

/// More shards than any cluster takes as one job.
const MOST: u64 = 1_000_000;

impl Shard {
    /// Share `index`, counted from 0, of `of`; none unless it is below.
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (index < of && of <= MOST).then_some(Self { index, of })
    }

    /// Counted from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many shares there are.
    pub fn of(&self) -> u64 {
        self.of
    }

    /// Those of a scenario's first `blocks` blocks that belong to it, ascending, when `before` blocks of earlier scenarios
    /// come first in the list: costs of scenarios differ, and so each is spread over all shards.
    pub fn mine(&self, before: u64, blocks: u64) -> impl Iterator<Item = u64> + use<> {
        let first = (self.index + self.of - before % self.of) % self.of;
        // Cannot overflow a usize that holds a million.
        (first..blocks).step_by(self.of as usize)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no shard: I/N with I from 0 to N - 1, N at most {MOST}, such as 0/16");
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let [Ok(index), Ok(of)] = [index, of].map(u64::from_str) else {
            return Err(wrong());
        };
        Self::new(index, of).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every block of every scenario belongs to one shard, the one that its place in the whole list says.
    #[test]
    fn each_block_has_one_owner() {
        let sizes = [5_u64, 0, 1, 12, 7];
        for of in 1..9 {
            let mut owner = Vec::new();
            for (scenario, &blocks) in sizes.iter().enumerate() {
                let before = sizes[..scenario].iter().sum();
                let mut own = vec![Vec::new(); blocks as usize];
                for index in 0..of {
                    let shard = Shard::new(index, of).expect("it is below");
                    shard
                        .mine(before, blocks)
                        .for_each(|block| own[block as usize].push(index));
                }
                owner.extend(own);
            }
            for (j, owners) in owner.iter().enumerate() {
                assert_eq!(*owners, [j as u64 % of], "block {j} of {of} shards");
            }
        }
    }

    #[test]
    fn only_shares_below_their_number_are_shards() {
        for good in ["0/1", "15/16", "999999/1000000"] {
            assert_eq!(good.parse::<Shard>().map(|s| s.to_string()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "1",
            "1/1",
            "0/0",
            "-1/2",
            "2/1",
            "0/1000001",
            "1/2/3",
            "a/b",
            " 0/1",
        ] {
            let message = bad.parse::<Shard>().expect_err(bad);
            assert!(message.contains(&format!("{bad:?}")), "{message}");
        }
    }
}
