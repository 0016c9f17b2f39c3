//! Owns one arm: whose drafts are aggregated in groups, and which of the groups count.

use crate::numerics::text::{count, float};
use crate::study::aft::Model;
use crate::world::SlotWorld;

/// One model, how it drafts and answers, and the groups that count.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftsArm {
    /// What decides groups and their results.
    pub asked: Asked,
    /// Which of them count.
    pub cell: Cell,
}

/// Drafts of a query, and the answers to groups of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// Who drafts and aggregates.
    pub model: Model,
    /// tau, of both.
    pub temperature: f64,
    /// Drafts of a query.
    pub pool: u32,
    /// Drafts of a group.
    pub width: u32,
    /// What an answer is worth.
    pub reward: Reward,
    /// kappa of what checking finds at answering, where it is not the world's.
    pub verification: Option<f64>,
}

/// What an answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reward {
    /// Its expected reward, by its probabilities.
    Expected,
    /// The reward of one answer drawn.
    Sampled,
}

/// Groups by their ranks within the query; all of them where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// The rank of their quality.
    pub quality: Option<u32>,
    /// That of their diversity.
    pub diversity: Option<u32>,
}

impl Cell {
    /// Whether some groups may be left out.
    pub fn is_part(&self) -> bool {
        *self != Self::default()
    }

    /// Whether groups with these ranks count.
    pub fn holds(&self, quality: u32, diversity: u32) -> bool {
        self.quality.is_none_or(|own| own == quality) && self.diversity.is_none_or(|own| own == diversity)
    }
}

impl Asked {
    /// Ranks within a query run from 1 to this.
    pub const RANKS: u32 = 10;

    /// The most groups of a query.
    pub const MOST_GROUPS: u64 = 10_000;

    /// Groups of a query.
    pub fn groups(&self) -> u64 {
        let (pool, width) = (u128::from(self.pool), u128::from(self.width.min(self.pool)));
        // Each step leaves a binomial coefficient; those of 64 fit.
        (0..width).fold(1, |all, taken| all * (pool - taken) / (taken + 1)) as u64
    }

    /// Answers drawn for each query.
    pub fn draws(&self) -> u64 {
        match self.reward {
            Reward::Expected => 0,
            Reward::Sampled => self.groups(),
        }
    }

    fn canonical(&self) -> String {
        let verification = self.verification.map_or("world".to_owned(), float);
        format!(
            "{} temperature {} pool {} width {} {:?} verification {verification}",
            self.model.canonical(),
            float(self.temperature),
            self.pool,
            self.width,
            self.reward,
        )
    }
}

impl DraftsArm {
    /// An error where there can be no such arm, and the key that makes it so.
    pub(super) fn check(&self, world: &SlotWorld) -> Result<(), (&'static str, String)> {
        self.asked.model.check(world)?;
        let Asked { pool, width, .. } = self.asked;
        if width > pool {
            return Err(("width", format!("{width} of {pool} drafts: name at most `pool`")));
        }
        let (groups, least) = (self.asked.groups(), u64::from(Asked::RANKS));
        if !(least..=Asked::MOST_GROUPS).contains(&groups) {
            let what = format!(
                "{pool} drafts have {} of {width}: {least} to {} are expected",
                count(groups as usize, "group"),
                Asked::MOST_GROUPS
            );
            return Err(("pool", what));
        }
        Ok(())
    }

    /// Part of the work key.
    pub(super) fn canonical(&self) -> String {
        let rank = |rank: Option<u32>| rank.map_or("all".to_owned(), |rank| rank.to_string());
        let [quality, diversity] = [self.cell.quality, self.cell.diversity].map(rank);
        format!("{} quality {quality} diversity {diversity}", self.asked.canonical())
    }
}

/// The models of arms.
pub(super) fn models(arms: &[DraftsArm]) -> impl Iterator<Item = &Model> {
    arms.iter().map(|arm| &arm.asked.model)
}
