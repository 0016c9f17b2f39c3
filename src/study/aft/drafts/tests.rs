//! Tests of the study: ranks, scores and coefficients by hand, groups by a second route, and an aggregator whose answers are known.

use super::groups::{self, vendi};
use super::measures::{CORRELATIONS, GROUPS, RESULT, SLOTS, VARIES};
use super::ranks::{correlation, partial, ranks, tenth};
use super::worker::Plan;
use super::*;
use crate::engine;
use crate::inference::groups::Group;
use crate::numerics::elementary::{exp, ln};
use crate::policy::Schedule;
use crate::policy::aggregator::Descent;
use crate::study::aft::{BaseModel, Kind, Model};
use crate::world::Teacher;

/// Two groups of lanes, so that slots are told apart from rows.
fn world() -> SlotWorld {
    SlotWorld {
        slots: 9,
        modes: 6,
        valid: 2,
        features: 4,
        discriminability: 1.5,
        lapse: 0.25,
        verification: 1.5,
        others: Vec::new(),
        adversary: -1.5,
        others_lapse: 0.25,
        correlation: 0.3,
        teacher: Teacher {
            discriminability: 2.5,
            verification: 2.5,
            votes: 1.0,
        },
    }
}

fn arm(kind: Kind) -> DraftsArm {
    let base = BaseModel {
        informative: 0.6,
        nuisance: 0.6,
        copy: 0.4,
        votes: 0.4,
        evidence: 0.0,
    };
    let descent = Descent {
        rate: 0.3,
        steps: 20,
        schedule: Schedule::Cosine,
        minibatch: Some(8),
    };
    let asked = Asked {
        model: Model {
            kind,
            base,
            descent,
            queries: 20,
            drafts: 5,
        },
        temperature: 0.7,
        pool: 7,
        width: 4,
        reward: Reward::Expected,
        verification: None,
    };
    DraftsArm {
        asked,
        cell: Cell::default(),
    }
}

fn at(temperature: f64, kind: Kind) -> DraftsArm {
    let mut arm = arm(kind);
    arm.asked.temperature = temperature;
    arm
}

fn study(arms: &[DraftsArm]) -> AftDrafts {
    AftDrafts::new(7, world(), arms.to_vec(), Measure::ALL.to_vec()).expect("a study")
}

fn total(study: &AftDrafts, replicates: u64) -> Group {
    engine::run(study, replicates).expect("a run").total().clone()
}

#[test]
fn equal_numbers_share_their_ranks_and_their_tenths() {
    let found = ranks(&[0.5, 0.25, 0.5, 1.0, 0.5, 0.25]);
    assert_eq!(found, [4.0, 1.5, 4.0, 6.0, 4.0, 1.5]);
    // 10 r/n is 6.67, 2.5 and 10.
    let tenths: Vec<u32> = found.iter().map(|&rank| tenth(rank, 6)).collect();
    assert_eq!(tenths, [7, 3, 7, 10, 7, 3]);
    // Without ties each of 20 has its own, two to a tenth; where all are equal all stand in the middle.
    let all: Vec<u32> = (1..=20).map(|rank| tenth(f64::from(rank), 20)).collect();
    let expected: Vec<u32> = (0..20).map(|index| 1 + index / 2).collect();
    assert_eq!(all, expected);
    assert!(ranks(&[3.0; 252]).iter().all(|&rank| tenth(rank, 252) == 6));
}

#[test]
fn the_diversity_of_drafts_is_an_effective_number_of_them() {
    let alike = vec![vec![0, 1, 2, 3]; 5];
    assert_eq!(vendi(&alike, &[0, 1, 2, 3, 4]), 1.0);
    let different: Vec<Vec<usize>> = (0..5).map(|draft| vec![draft; 4]).collect();
    assert_eq!(vendi(&different, &[0, 1, 2, 3, 4]), 5.0);
    // Two drafts that agree in 3 of 4 slots: eigenvalues (1 + 3/4)/2 and (1 - 3/4)/2.
    let pair = [vec![0, 1, 2, 3], vec![0, 1, 2, 0]];
    let entropy = -(0.875 * ln(0.875) + 0.125 * ln(0.125));
    assert!((vendi(&pair, &[0, 1]) - exp(entropy)).abs() < 1e-11);
    // Two of one kind and three of another: shares of 2/5 and 3/5.
    let kinds: Vec<Vec<usize>> = [0, 1, 0, 1, 1].map(|kind| vec![kind; 4]).to_vec();
    let entropy = -(0.4 * ln(0.4) + 0.6 * ln(0.6));
    assert!((vendi(&kinds, &[0, 1, 2, 3, 4]) - exp(entropy)).abs() < 1e-11);
}

/// Groups that hold the same resemblances in another order tie, bit for bit, which they would not without rounding.
#[test]
fn the_order_of_drafts_does_not_part_equal_groups() {
    let modes: Vec<Vec<usize>> = [[0, 1, 2], [0, 1, 0], [0, 2, 2], [1, 1, 2]].map(Vec::from).to_vec();
    let orders = [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0], [1, 0, 3, 2]];
    let scores = orders.map(|order| vendi(&modes, &order));
    assert!(scores.iter().all(|score| *score == scores[0]), "{scores:?}");
}

/// By the normal equations of numbers as they are, with an intercept; slopes in units of standard deviations afterwards.
fn least_squares(r: &[f64], q: &[f64], d: &[f64]) -> [f64; 2] {
    let mut system = [[0.0; 4]; 3];
    for ((r, q), d) in r.iter().zip(q).zip(d) {
        let row = [1.0, *q, *d];
        for i in 0..3 {
            (0..3).for_each(|j| system[i][j] += row[i] * row[j]);
            system[i][3] += row[i] * r;
        }
    }
    for pivot in 0..3 {
        for other in (0..3).filter(|&other| other != pivot) {
            let factor = system[other][pivot] / system[pivot][pivot];
            (0..4).for_each(|j| system[other][j] -= factor * system[pivot][j]);
        }
    }
    let spread = |x: &[f64]| {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>().sqrt()
    };
    let slope = |place: usize, x: &[f64]| system[place][3] / system[place][place] * spread(x) / spread(r);
    [slope(1, q), slope(2, d)]
}

#[test]
fn partial_coefficients_are_those_of_a_fit() {
    let study = study(&[arm(Kind::AftOn)]);
    let plan = Plan::new(&study);
    let queries = plan.query(3);
    let (_, groups) = plan.groups(&plan.asked[0], &queries, 3);
    let [quality, diversity] = [&groups.quality, &groups.diversity].map(|values| ranks(values));
    let result = &groups.result;
    let pairs = [(result, &quality), (result, &diversity), (&quality, &diversity)];
    let found = partial(pairs.map(|(x, y)| correlation(x, y).expect("they vary")));
    let expected = least_squares(result, &quality, &diversity);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
    // Marginal correlations are others: the check can fail.
    assert!((correlation(result, &quality).unwrap_or(0.0) - expected[0]).abs() > 1e-3);
}

#[test]
fn what_does_not_vary_has_no_correlation() {
    assert_eq!(correlation(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
    assert_eq!(correlation(&[1.0, 2.0], &[0.3, 0.3]), None);
    assert!((correlation(&[1.0, 2.0, 3.0], &[-2.0, -4.0, -6.0]).unwrap_or(0.0) + 1.0).abs() < 1e-15);
}

#[test]
fn every_group_stands_once() {
    for (pool, width) in [(10, 5), (5, 2), (6, 6), (12, 3)] {
        let found = groups::all(pool, width);
        let of_bits = |bits: u32| (0..pool).filter(|draft| bits >> draft & 1 == 1).collect::<Vec<_>>();
        let mut expected: Vec<Vec<usize>> = (0..1_u32 << pool).map(of_bits).collect();
        expected.retain(|group| group.len() == width);
        expected.sort();
        assert_eq!(found, expected);
        let mut asked = arm(Kind::Copy).asked;
        (asked.pool, asked.width) = (pool as u32, width as u32);
        assert_eq!(asked.groups(), expected.len() as u64);
    }
}

/// At temperature 1 a draft copied at random is worth what drafts are worth on average.
#[test]
fn pure_copies_are_worth_their_drafts() {
    let study = study(&[at(1.0, Kind::Copy), arm(Kind::Copy)]);
    let plan = Plan::new(&study);
    for replicate in 0..4 {
        let queries = plan.query(replicate);
        let apart = |of| {
            let (_, groups) = plan.groups(of, &queries, replicate);
            let pairs = groups.quality.iter().zip(&groups.result);
            pairs
                .map(|(quality, result)| (quality - result).abs())
                .fold(0.0, f64::max)
        };
        assert!(apart(&plan.asked[0]) < 1e-9);
        // A lower temperature makes votes of copies.
        assert!(apart(&plan.asked[1]) > 1e-3);
    }
}

/// Quality is the share of slots that are right, by what the query itself says of them.
#[test]
fn quality_is_the_mean_reward_of_drafts() {
    let study = study(&[arm(Kind::Base)]);
    let plan = Plan::new(&study);
    let queries = plan.query(5);
    let (pool, groups) = plan.groups(&plan.asked[0], &queries, 5);
    let right = |draft: usize| {
        let of_slot = |slot: &usize| queries.right(0, *slot).contains(&pool.modes[draft][*slot]);
        (0..9).filter(of_slot).count()
    };
    for (group, quality) in plan.asked[0].groups.iter().zip(&groups.quality) {
        let expected = group.iter().map(|&draft| right(draft)).sum::<usize>() as f64 / 36.0;
        assert!((quality - expected).abs() < 1e-15);
    }
}

/// Cells share out the groups of a query among them.
#[test]
fn cells_add_up_to_all_groups() {
    let ranks = || (1..=Asked::RANKS).map(Some);
    let cell = |(quality, diversity)| DraftsArm {
        cell: Cell { quality, diversity },
        ..arm(Kind::AftOn)
    };
    let cells = ranks().flat_map(|quality| ranks().map(move |diversity| (quality, diversity)));
    let rows = ranks().map(|quality| (quality, None));
    let mut arms = vec![arm(Kind::AftOn)];
    arms.extend(cells.chain(rows).map(cell));
    let total = total(&study(&arms), 16);
    let sum = |slot: usize, arms: std::ops::Range<usize>| arms.map(|arm| total.sums[arm * SLOTS + slot]).sum::<f64>();
    for part in [1..101, 101..111] {
        assert_eq!(sum(GROUPS, part.clone()), 16.0 * 35.0);
        assert!((sum(RESULT, part) - total.sums[RESULT]).abs() < 1e-9);
    }
    assert!(total.sums[SLOTS + GROUPS] < 16.0 * 35.0);
}

/// Answers drawn are worth what is expected of them: 64 queries of 35 groups, each with a standard deviation of at most 1/2 over the square
/// root of its slots.
#[test]
fn sampled_answers_are_worth_their_expectation() {
    let mut sampled = arm(Kind::Copy);
    sampled.asked.reward = Reward::Sampled;
    let total = total(&study(&[arm(Kind::Copy), sampled]), 64);
    let groups = total.sums[GROUPS];
    let apart = (total.sums[SLOTS + RESULT] - total.sums[RESULT]) / groups;
    assert!(
        apart != 0.0 && apart.abs() < 4.0 * 0.5 / (9.0 * groups).sqrt(),
        "{apart}"
    );
    // One answer says less of its group than what is expected: correlations with quality shrink.
    let with_quality = [0, 1].map(|arm| total.sums[arm * SLOTS + CORRELATIONS] / total.sums[arm * SLOTS + VARIES]);
    assert!(with_quality[1] < 0.5 * with_quality[0], "{with_quality:?}");
}

#[test]
fn the_same_seed_gives_the_same_bits_and_a_replicate_alone_those_of_its_block() {
    let arms = [arm(Kind::AftOn), at(1.0, Kind::Copy)];
    let study = study(&arms);
    let all = total(&study, 32);
    assert_eq!(all, total(&self::study(&arms), 32));
    let plan = Plan::new(&study);
    let mut alone = Group::empty(&study.scenario.spec.layout);
    // Batches of one replicate are added one by one.
    (0..32).for_each(|replicate| plan.measure(replicate, &mut alone));
    assert_eq!(all, alone);
    let other = AftDrafts::new(8, world(), arms.to_vec(), Measure::ALL.to_vec()).expect("a study");
    assert_ne!(all, total(&other, 32));
}

#[test]
fn what_cannot_be_grouped_is_refused() {
    let with = |pool, width| {
        let mut arm = arm(Kind::Copy);
        (arm.asked.pool, arm.asked.width) = (pool, width);
        let made = AftDrafts::new(7, world(), vec![arm], Measure::ALL.to_vec());
        made.map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(with(10, 5), Ok(()));
    assert_eq!(with(10, 1), Ok(()));
    assert_eq!(with(5, 6), Err("arm 0: 6 of 5 drafts: name at most `pool`".to_owned()));
    let few = "arm 0: 5 drafts have 1 group of 5: 10 to 10000 are expected";
    assert_eq!(with(5, 5), Err(few.to_owned()));
    let many = "arm 0: 64 drafts have 1832624140942590534 groups of 32: 10 to 10000 are expected";
    assert_eq!(with(64, 32), Err(many.to_owned()));
    let mut others = arm(Kind::AftOff);
    others.asked.pool = 10;
    assert!(AftDrafts::new(7, world(), vec![others], Measure::ALL.to_vec()).is_err());
}
