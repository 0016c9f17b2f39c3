//! Why there is no law: each reason where it holds.

use super::tests::{REWARDS, choice};
use super::*;
use crate::engine::ExactCache;
use crate::select::Similarity;
use crate::world::{BaseWeights, Centres, Embedded, Embedding, Rewards};

/// Each reason where it holds, and the law where none does: a choice on a world, 8 candidates of which 3 are kept.
#[test]
fn what_has_no_law_says_why() {
    let attributes = |noise: f64, blur: f64, centres| Attributes {
        rewards: Rewards {
            values: REWARDS.to_vec(),
            noise,
        },
        embedding: Embedding {
            centres,
            dimension: 7,
            noise: blur,
        },
    };
    let base = || BaseWeights::geometric(6, 0.7).unwrap();
    let plain = || Embedded::new(base(), 3.0, attributes(0.0, 0.0, Centres::OneHot)).unwrap();
    let noisy = || Embedded::new(base(), 3.0, attributes(0.1, 0.0, Centres::OneHot)).unwrap();
    let blurred = Embedded::new(base(), 3.0, attributes(0.0, 0.2, Centres::OneHot)).unwrap();
    let correlated = Embedded::new(base(), 3.0, attributes(0.0, 0.0, Centres::Correlated(0.2))).unwrap();
    let why = |world: &Embedded, choice: Choice, candidates| {
        let asked = std::iter::once((choice, candidates, 3));
        let laws = Laws::new(world, asked, &mut ExactBudget::default());
        match laws.known(&ExactCache::empty()).of(world, &choice, candidates, 3) {
            Law::None(why) => why,
            Law::Is(_) | Law::Pending => "",
        }
    };
    let mut rbf = choice(Selector::Diverse);
    rbf.similarity = Similarity::Rbf { bandwidth: 1.0 };
    let mut z_score = choice(Selector::DiverseBest);
    z_score.rule.objective.rewards = RewardScale::ZScore;
    let mut rewards_alone = choice(Selector::DiverseBestWeighted);
    rewards_alone.rule.objective.reward_share = 1.0;
    for (world, choice, candidates, said) in [
        (plain(), choice(Selector::DiverseWeighted), 8, ""),
        (noisy(), choice(Selector::DiverseWeighted), 8, ""),
        (blurred, choice(Selector::DiverseWeighted), 8, "embeddings are noisy, "),
        (
            correlated,
            choice(Selector::DiverseMaxMin),
            8,
            "centres are correlated, ",
        ),
        (plain(), rbf, 8, "similarities are rbf, "),
        (
            noisy(),
            choice(Selector::DiverseBest),
            8,
            "rewards are noisy, and what diverse-best keeps",
        ),
        (plain(), z_score, 8, "rewards enter as z-scores, "),
        (
            noisy(),
            choice(Selector::Best),
            129,
            "rewards are noisy, and what is kept of them is known of prompts that are all alike, ",
        ),
        (plain(), rewards_alone, 8, "with a reward share above 1 - 1e-6 "),
        (
            plain(),
            choice(Selector::Diverse),
            60,
            "candidates can fall on the modes in more than 3,000,000 ways",
        ),
        (
            plain(),
            choice(Selector::Best),
            1025,
            "the law of what is kept is worked out for 1 to 1024 candidates",
        ),
    ] {
        let found = why(&world, choice, candidates);
        assert!(
            found.starts_with(said) && found.is_empty() == said.is_empty(),
            "{said}: {found}"
        );
    }
    // All laws of one kind together: of 120 ways to keep some of 46 to 48 candidates, each a look at two and a half million counts.
    let long = (1..41).flat_map(|keep| [46, 47, 48].map(|n| (choice(Selector::DiverseBest), n, keep)));
    let world = plain();
    let laws = Laws::new(&world, long, &mut ExactBudget::default());
    let laws = laws.known(&ExactCache::empty());
    let found = laws.of(&world, &choice(Selector::DiverseBest), 48, 3);
    assert!(
        matches!(found, Law::None(why) if why.contains("more than 90 seconds")),
        "{found:?}"
    );
    // A K for which no arm asked.
    let found = laws.of(&world, &choice(Selector::DiverseBest), 48, 41);
    assert!(
        matches!(found, Law::None(why) if why.contains("for the arms of the file only")),
        "{found:?}"
    );
}
