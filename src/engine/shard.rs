//! Owns the division of blocks among processes: block j belongs to shard j mod N, whoever computes the others.

use std::iter::StepBy;
use std::ops::Range;
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
    pub fn mine(&self, before: u64, blocks: u64) -> Share {
        Share {
            first: (self.index + self.of - before % self.of) % self.of,
            end: blocks,
            step: self.of,
        }
    }
}

/// Some of a scenario's blocks: every so many, from a first one to an end. It says which, and holds no list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    first: u64,
    end: u64,
    step: u64,
}

impl Share {
    /// The first `blocks` blocks.
    pub fn all(blocks: u64) -> Self {
        Self {
            first: 0,
            end: blocks,
            step: 1,
        }
    }

    /// How many they are.
    pub fn blocks(&self) -> u64 {
        self.end.saturating_sub(self.first).div_ceil(self.step)
    }

    /// Whether a block is one of them.
    pub fn has(&self, block: u64) -> bool {
        (self.first..self.end).contains(&block) && (block - self.first).is_multiple_of(self.step)
    }

    /// Those of them from `block` on.
    #[must_use]
    pub fn from(&self, block: u64) -> Self {
        let steps = block.saturating_sub(self.first).div_ceil(self.step);
        Self {
            first: self.first + steps * self.step,
            ..*self
        }
    }
}

impl IntoIterator for Share {
    type Item = u64;
    type IntoIter = StepBy<Range<u64>>;

    fn into_iter(self) -> Self::IntoIter {
        // Cannot overflow a usize that holds a million.
        (self.first..self.end).step_by(self.step as usize)
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
                        .into_iter()
                        .for_each(|block| own[block as usize].push(index));
                }
                owner.extend(own);
            }
            for (j, owners) in owner.iter().enumerate() {
                assert_eq!(*owners, [j as u64 % of], "block {j} of {of} shards");
            }
        }
    }

    /// What a share says of its blocks is what the list of them would say.
    #[test]
    fn a_share_says_what_its_list_would() {
        for (of, index) in [(1, 0), (3, 0), (3, 2), (7, 5), (30, 29)] {
            for (before, blocks) in [(0, 0), (0, 1), (4, 20), (5, 21), (2, 3)] {
                let share = Shard::new(index, of).expect("it is below").mine(before, blocks);
                let list: Vec<u64> = share.into_iter().collect();
                assert_eq!(share.blocks(), list.len() as u64);
                for block in 0..40 {
                    assert_eq!(share.has(block), list.contains(&block), "{share:?}: {block}");
                    let later: Vec<u64> = list.iter().copied().filter(|own| *own >= block).collect();
                    assert!(share.from(block).into_iter().eq(later), "{share:?} from {block}");
                }
            }
        }
    }

    #[test]
    fn a_share_of_more_blocks_than_memory_holds_takes_no_room() {
        let most = u64::MAX / 2;
        let share = Shard::new(1, 3).expect("it is below").mine(0, most);
        assert_eq!(share.blocks(), most / 3);
        assert!(share.has(most / 3 * 3 - 2) && !share.has(most));
        assert!(share.from(1 << 40).into_iter().take(2).eq([(1 << 40), (1 << 40) + 3]));
        assert_eq!(Share::all(most).blocks(), most);
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
