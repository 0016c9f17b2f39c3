//! Answers by products of factors against softmaxes of logits, within reach, at its border and beyond; votes against a search by hand.

use super::answers::REACH;
use super::*;
use crate::numerics::lanes::{LANES, Lanes, Level};
use crate::numerics::stream::Streams;
use std::f64::consts::LN_2;

const MODES: usize = 5;
const FEATURES: usize = 3;
const GROUPS: usize = 4;
/// Where a factor is put at the border of its reach.
const ROW: usize = 2 * MODES + 1;
const LANE: usize = 3;

const PASS: Pass = Pass {
    lapse: 0.25,
    pseudo_votes: 0.5,
};

/// Numbers from `low` to `high`.
fn lanes(count: usize, name: &str, [low, high]: [f64; 2]) -> Vec<Lanes<f64>> {
    let mut stream = Streams::new("answers").purpose(name).stream(0, 0);
    let row = |_| std::array::from_fn(|_| low + (high - low) * stream.uniform());
    (0..count).map(row).collect()
}

/// Numbers of votes, none to `most`.
fn votes(most: u32) -> Vec<Lanes<f64>> {
    let votes = lanes(GROUPS * MODES, "votes", [0.0, f64::from(most) + 1.0]);
    votes.iter().map(|row| row.map(f64::floor)).collect()
}

struct Data {
    features: Vec<Lanes<f64>>,
    prior: Vec<Lanes<f64>>,
    evidence: Vec<Lanes<f64>>,
    counts: Vec<Lanes<f64>>,
    weights: Weights,
}

impl Data {
    fn new() -> Self {
        let rows = GROUPS * MODES;
        Self {
            features: lanes(rows * FEATURES, "features", [-1.0, 1.0]),
            prior: lanes(rows, "prior", [-1.0, 1.0]),
            evidence: lanes(rows, "evidence", [-1.0, 1.0]),
            counts: votes(3),
            weights: Weights::new(&[0.7, -0.3, 0.2], [-0.4, 0.5, 0.6, -0.2]),
        }
    }

    fn proposer(&self) -> Proposer<'_> {
        let rows = SlotRows {
            modes: MODES,
            features: &self.features,
            prior: &self.prior,
            evidence: &self.evidence,
        };
        Proposer::new(&self.weights, PASS, rows)
    }

    fn answers(&self, width: u32, temperature: f64) -> Vec<Lanes<f64>> {
        let mut p = vec![[0.0; LANES]; self.prior.len()];
        self.proposer().aggregate(&self.counts, width, temperature, &mut p);
        p
    }

    /// The same by softmaxes alone.
    fn by_logits(&self, width: u32, temperature: f64) -> Vec<Lanes<f64>> {
        let mut own = vec![[0.0; LANES]; self.prior.len()];
        answers::opinion::run(&self.features, self.weights.features(), &mut own);
        let votes = |n| self.weights.votes() * PASS.votes(n, width, MODES);
        let table: Vec<f64> = (0..=width).map(votes).collect();
        let shown = answers::Shown {
            counts: &self.counts,
            prior: &self.prior,
            evidence: &self.evidence,
            table: &table,
            weights: [self.weights.prior(), self.weights.evidence(), self.weights.presence()],
        };
        let mut p = own.clone();
        answers::by_logits::run(&own, shown, None, MODES, [1.0 / temperature, PASS.lapse], &mut p);
        p
    }
}

/// The largest relative difference.
fn apart(a: &[Lanes<f64>], b: &[Lanes<f64>]) -> f64 {
    let pairs = a.as_flattened().iter().zip(b.as_flattened());
    pairs.fold(0.0, |most, (a, b)| f64::max(most, (a / b - 1.0).abs()))
}

/// Logarithms of at most three times 160 to base 2, each of a few roundings: 2^-53 times 480 ln 2 times six.
const ROUNDING: f64 = 2.2e-13;

#[test]
fn products_of_factors_are_the_softmax_of_logits() {
    let mut data = Data::new();
    // Up to seven drafts, up to 31 and more are looked up in three ways.
    for width in [3, 7, 8, 31, 40] {
        data.counts = votes(width);
        for temperature in [2.0, 0.7, 0.03] {
            let (found, expected) = (data.answers(width, temperature), data.by_logits(width, temperature));
            assert!(apart(&found, &expected) < ROUNDING, "{width} {temperature}");
            assert_ne!(found, expected, "it is another way");
        }
    }
    // The control: a vote more is seen.
    data.counts = votes(3);
    let before = data.answers(3, 0.7);
    data.counts[ROW][LANE] = 3.0 - data.counts[ROW][LANE];
    assert!(apart(&data.answers(3, 0.7), &before) > 1e-3);
}

#[test]
fn lanes_beyond_reach_alone_take_the_other_way() {
    let temperature = 0.7;
    let tame = Data::new().answers(3, temperature);
    // 1/T (gamma s + eta) to base 2 is so far from 0.
    let evidence = |reach: f64| (reach * LN_2 * temperature + 0.2) / 0.6;
    for sign in [1.0, -1.0] {
        for (reach, is_far) in [(REACH - 1e-9, false), (REACH + 1e-9, true), (1e5, true)] {
            let mut data = Data::new();
            data.counts[ROW][LANE] = 1.0;
            data.evidence[ROW][LANE] = evidence(sign * reach);
            let (found, expected) = (data.answers(3, temperature), data.by_logits(3, temperature));
            let own = |p: &[Lanes<f64>]| -> Vec<f64> { p[2 * MODES..3 * MODES].iter().map(|p| p[LANE]).collect() };
            assert_eq!(own(&found) == own(&expected), is_far, "{reach}");
            for (found, expected) in own(&found).iter().zip(own(&expected)) {
                assert!(
                    (found - expected).abs() <= ROUNDING * expected,
                    "{reach}: {found} {expected}"
                );
            }
            // Neighbours keep their bits.
            let others = found.as_flattened().iter().zip(tame.as_flattened()).enumerate();
            for (at, (found, tame)) in others {
                let (row, lane) = (at / LANES, at % LANES);
                assert!(
                    row / MODES == 2 && lane == LANE || found == tame,
                    "{reach} {row} {lane}"
                );
            }
        }
    }
}

#[test]
fn votes_beyond_reach_are_answered_by_logits_and_what_is_no_number_stays_in_its_lane() {
    let mut data = Data::new();
    data.weights = Weights::new(&[0.7, -0.3, 0.2], [-0.4, 60.0, 0.6, -0.2]);
    assert_eq!(data.answers(3, 0.7), data.by_logits(3, 0.7));
    let mut data = Data::new();
    data.evidence[ROW][LANE] = f64::NAN;
    data.counts[ROW][LANE] = 2.0;
    for (at, p) in data.answers(3, 0.7).as_flattened().iter().enumerate() {
        let is_own = at / LANES / MODES == 2 && at % LANES == LANE;
        assert_eq!(p.is_nan(), is_own, "{at}");
    }
}

#[test]
fn answers_do_not_depend_on_what_was_asked_before() {
    let data = Data::new();
    let proposer = data.proposer();
    let mut found = vec![[0.0; LANES]; data.prior.len()];
    for (width, temperature) in [(3, 0.7), (5, 0.7), (3, 1.0), (3, 0.7)] {
        proposer.aggregate(&data.counts, width, temperature, &mut found);
        assert_eq!(found, data.answers(width, temperature));
    }
    // Opinions that come with a direct answer are those that come alone.
    let (mut direct, late) = (found.clone(), data.proposer());
    late.aggregate(&data.counts, 3, 0.7, &mut found);
    late.direct(0.7, &mut found);
    data.proposer().direct(0.7, &mut direct);
    assert_eq!(found, direct);
}

#[test]
fn every_level_answers_with_the_same_bits() {
    let (data, by) = (Data::new(), [1.0 / 0.7, 0.25]);
    let at = |level| {
        let mut rows = [(); 6].map(|()| vec![[0.0; LANES]; data.prior.len()]);
        let [own, direct, few, many, sums, counts] = &mut rows;
        let w = data.weights.features();
        answers::opinion_and_direct::run_at(level, &data.features, w, MODES, by, own, direct);
        let mut factors = factors::Factors {
            recalled: own.clone(),
            checked: own.clone(),
            reach: vec![[0.0; LANES]; GROUPS],
        };
        let seen = [&own[..], &data.prior, &data.evidence];
        factors::factors::run_at(level, seen, [-0.4, 0.6, -0.2], by[0], MODES, &mut factors);
        for (width, out) in [(3, few), (9, many)] {
            let table: Vec<f64> = (0..=width).map(|n| 0.5 * PASS.votes(n, width, MODES)).collect();
            let votes = factors::Votes::new(&table, by[0]).expect("in reach");
            factors::by_factors::run_at(level, &factors, &votes, &data.counts, MODES, by[1], out);
        }
        kernels::expected::run_at(level, direct, &data.evidence, MODES, &mut sums[..GROUPS]);
        let uniforms = lanes(GROUPS * 7, "uniforms", [0.0, 1.0]);
        kernels::draw::run_at(level, direct, MODES, (&uniforms, 7), 0..7, counts, (&[], &mut []));
        rows
    };
    let base = at(Level::Baseline);
    assert!(Level::available().into_iter().all(|level| at(level) == base));
    // By hand, what `evidence` is on average.
    for l in 0..LANES {
        let terms = base[1][..MODES].iter().zip(&data.evidence);
        let expected: f64 = terms.map(|(p, s)| p[l] * s[l]).sum();
        assert!((base[4][0][l] - expected).abs() < 1e-15);
    }
}

#[test]
fn votes_are_those_of_a_search_from_the_first_mode() {
    for modes in [1, 2, 5, 8] {
        let p: Vec<Lanes<f64>> = lanes(GROUPS * modes, "p", [0.0, 2.0 / modes as f64]);
        for width in 0..13 {
            let uniforms = lanes(GROUPS * (width + 2), "u", [0.0, 1.0]);
            let mut counts = vec![[1.0; LANES]; GROUPS * modes];
            let mut expected = counts.clone();
            let drafts = 1..width + 1;
            draw(
                &p,
                modes,
                (&uniforms, width + 2),
                drafts.clone(),
                &mut counts,
                (&[], &mut []),
            );
            for (group, lane) in (0..GROUPS).flat_map(|group| (0..LANES).map(move |lane| (group, lane))) {
                for draft in drafts.clone() {
                    let (u, mut sum) = (uniforms[group * (width + 2) + draft][lane], 0.0);
                    let reached = (0..modes - 1).find(|m| {
                        sum += p[group * modes + m][lane];
                        u < sum
                    });
                    expected[group * modes + reached.unwrap_or(modes - 1)][lane] += 1.0;
                }
            }
            assert_eq!(counts, expected, "{modes} {width}");
        }
    }
}

/// By factors it would be the same but for rounding, which would stand in tables as a gain.
#[test]
fn a_model_that_minds_no_drafts_answers_them_as_it_would_without() {
    let data = Data {
        weights: Weights::new(&[0.7, -0.3, 0.2], [0.0; 4]),
        ..Data::new()
    };
    let proposer = data.proposer();
    let mut answers = [(); 2].map(|()| vec![[0.0; LANES]; GROUPS * MODES]);
    let [direct, aggregate] = &mut answers;
    proposer.direct(0.7, direct);
    proposer.aggregate(&data.counts, 3, 0.7, aggregate);
    assert_eq!(direct, aggregate);
    let [of_others, _] = &mut answers;
    Data::new().proposer().aggregate(&data.counts, 3, 0.7, of_others);
    assert!(answers[0] != answers[1]);
}
