//! Owns the keys of `[objective]`: what `diverse` and its kin maximise.

use crate::format::keys::{Branch, Either, Number, Range, Read, Single, Table, Words, key, named};
use crate::select::{Balance, CoverageTies, Objective, RewardScale, Selector, Similarity};

/// What the table is.
pub const ABOUT: &str = "What `diverse`, `diverse-best` and their kin maximise: F(S) = share * rewards of S + (1 - share) * \
                         coverage, the similarity of each candidate to the nearest kept one; and what `filter` lets pass.";

named!(Selector, RewardScale, Balance, CoverageTies);

/// The similarities that have names.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cosine {
    Positive,
    Raw,
}

named!(Cosine {
    Cosine::Positive => "cosine": "at least 0",
    Cosine::Raw => "raw-cosine": "may be negative, which breaks the greedy guarantee",
});

const SIMILARITY: Either<Similarity> = Either {
    expected: "\"cosine\", \"raw-cosine\" or { rbf = bandwidth }",
    forms: &[
        &Branch {
            form: Words(&[Cosine::Positive, Cosine::Raw]),
            into: |word| match word {
                Cosine::Positive => Similarity::Cosine,
                Cosine::Raw => Similarity::RawCosine,
            },
            back: |own| match own {
                Similarity::Cosine => Some(Cosine::Positive),
                Similarity::RawCosine => Some(Cosine::Raw),
                Similarity::Rbf { .. } => None,
            },
        },
        &Branch {
            form: Single {
                name: "rbf",
                about: "Bandwidth h of exp(-|a - b|^2 / (2 h^2)).",
                of: Number(Range::between(1e-6, 1e6)),
            },
            into: |bandwidth| Similarity::Rbf { bandwidth },
            back: |own| match own {
                Similarity::Rbf { bandwidth } => Some(*bandwidth),
                _ => None,
            },
        },
    ],
};

/// Reads the table; `ties` says whether the study weighs and filters what is kept.
pub fn read(table: &mut Table<'_>, ties: bool) -> Read<(Objective, Similarity)> {
    let usual = Objective::USUAL;
    let share = key(
        "reward-share",
        "lambda: the weight of rewards against coverage in diverse-best.",
        Number(Range::between(0.0, 1.0)),
    );
    let share = table.get(
        share
            .or(usual.reward_share)
            .symbol("$\\lambda$", "weight of rewards $\\lambda$"),
    );
    let scales = Words(&RewardScale::ALL);
    let scale = table.get(key("reward-scale", "How rewards enter.", scales).or(usual.rewards));
    let balances = Words(&Balance::ALL);
    let about = "How rewards and coverage are added up. It decides which wins.";
    let balance = table.get(key("balance", about, balances).or(usual.balance));
    let about = "How alike two embeddings are. Those of a world's responses have length 1.";
    let similarity = table.get(key("similarity", about, SIMILARITY).or(Similarity::Cosine));
    let about = "tau: the reward that a candidate must exceed to pass `filter`.";
    let threshold = key("threshold", about, Number(Range::between(-1e6, 1e6)));
    let threshold = threshold.symbol("$\\tau$", "threshold $\\tau$").or(usual.threshold);
    let threshold = match ties {
        true => Some(table.get(threshold)),
        false => None,
    };
    let tie = match ties {
        true => Some(table.get(self::ties().or(usual.ties))),
        false => None,
    };
    let own = table.end()?;
    let objective = Objective {
        reward_share: share.take(&own),
        rewards: scale.take(&own),
        balance: balance.take(&own),
        ties: tie.map_or(usual.ties, |ties| ties.take(&own)),
        threshold: threshold.map_or(usual.threshold, |threshold| threshold.take(&own)),
    };
    Ok((objective, similarity.take(&own)))
}

fn ties() -> crate::format::keys::Key<Words<'static, CoverageTies>> {
    const ABOUT: &str = "Of diverse-weighted and diverse-best-weighted: whose weight a candidate adds to that is as similar to several \
                         kept ones (or, with similarity 0, to none). It decides whether weighting adds bias at small K.";
    key("ties", ABOUT, Words(&CoverageTies::ALL))
}
