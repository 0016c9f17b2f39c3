//! Owns the keys of the study's files.

use super::{AftDrafts, Asked, Cell, DraftsArm, MEASURES, Measure, NAME, Reward, measures};
use crate::format::keys::{File, Got, Integer, Read, Table, Words, key, named};
use crate::study::Question;
use crate::study::aft::model_keys::{ModelKeys, temperature, verification};
use crate::study::aft::worlds::ONE_QUERY;
use crate::study::kind::{Site, StudyKind, made, setting};
use crate::world::SlotWorld;
use std::sync::Arc;

/// The study, as files know it.
pub static KIND: StudyKind = StudyKind {
    name: NAME,
    about: "what of a group of drafts makes its aggregation good: the quality of its drafts or their diversity",
    symbols: "r the result of a group, q the rank of its quality and d that of its diversity within the query; r_xy a correlation within \
              the query, mean over queries",
    measures: MEASURES,
    template: include_str!("template.toml"),
    read,
};

fn read(file: &mut File<'_>, site: &mut Site<'_>) -> Read<Arc<dyn Question>> {
    let ask = |file: &mut File<'_>| file.world_of("queries", "kind of queries", &[&ONE_QUERY]);
    let (own, setting) = setting(file, Measure::ALL, ask, arm)?;
    site.reserve(&own, measures::SLOTS, setting.arms.len())?;
    made(&own, AftDrafts::read(setting))
}

named!(Reward {
    Reward::Expected => "expected": "its probabilities are scored",
    Reward::Sampled => "sampled": "one answer is drawn for each group",
});

/// The largest pool.
const MOST: i64 = 64;

fn arm(keys: &mut Table<'_>, world: Option<&SlotWorld>) -> Read<DraftsArm> {
    let model = ModelKeys::ask(keys);
    let pool = key("pool", "Drafts of a query, of which groups are made.", Integer(3, MOST));
    let pool = keys.get(pool.symbol("drafts", "drafts of a query").or(10));
    let width = key(
        "width",
        "Drafts of a group. Every group of so many is aggregated.",
        Integer(2, MOST),
    );
    let width = keys.get(width.symbol("$N$", "drafts of a group $N$").or(5));
    let temperature = temperature(keys);
    let reward = key(
        "answer",
        "What the answer to a group is worth.",
        Words(&[Reward::Expected, Reward::Sampled]),
    );
    let reward = keys.get(reward.symbol("answer", "answer").or(Reward::Expected));
    let verification = verification(keys);
    let quality = rank(
        keys,
        "quality",
        "Only groups of this rank count, from 1 to 10 within the query, by the mean reward of their drafts.",
        ["quality", "quality of drafts (rank)"],
    );
    let diversity = rank(
        keys,
        "diversity",
        "The same by the Vendi score of their drafts, two of which are as alike as the share of slots in which they agree.",
        ["diversity", "diversity of drafts (rank)"],
    );
    let own = keys.end()?;
    let ranked = |rank: Option<i64>| rank.map(|rank| rank as u32);
    let arm = DraftsArm {
        asked: Asked {
            model: model.take(&own),
            temperature: temperature.take(&own),
            pool: pool.take(&own) as u32,
            width: width.take(&own) as u32,
            reward: reward.take(&own),
            verification: verification.take(&own),
        },
        cell: Cell {
            quality: ranked(quality.take(&own)),
            diversity: ranked(diversity.take(&own)),
        },
    };
    match world.map(|world| arm.check(world)) {
        Some(Err((key, what))) => own.refuse(own.fault(key, what)),
        _ => Ok(arm),
    }
}

fn rank(
    keys: &mut Table<'_>,
    name: &'static str,
    about: &'static str,
    [short, long]: [&'static str; 2],
) -> Got<Option<i64>> {
    let rank = key(name, about, Integer(1, i64::from(Asked::RANKS)));
    keys.find(rank.symbol(short, long), "all")
}
