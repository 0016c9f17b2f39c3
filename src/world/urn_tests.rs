//! Tests of the urn against its definition, uniform by uniform. Its law is tested through the public surface.

use super::*;
use crate::numerics::bytes::Room;
use crate::numerics::lanes::Level;
use crate::numerics::stream::{Streams, uniform_from_bits};

/// The definition, in the words of the module: one uniform, no table, no vector.
fn by_definition(base: &[f64], concentration: f64, uniforms: &[f64]) -> Vec<u16> {
    let mut drawn: Vec<u16> = Vec::new();
    for (j, u) in uniforms.iter().enumerate() {
        let position = u * (concentration + j as f64);
        let mode = if position < concentration {
            let mut cumulative = 0.0;
            let passed = |weight: &&f64| {
                cumulative += **weight;
                cumulative * concentration <= position
            };
            base[..base.len() - 1].iter().take_while(passed).count() as u16
        } else {
            drawn[((position - concentration) as usize).min(j - 1)]
        };
        drawn.push(mode);
    }
    drawn
}

fn geometric(modes: usize, ratio: f64) -> Vec<f64> {
    let weights: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * ratio))
        .take(modes)
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

const CASES: [(usize, f64); 7] = [
    (2, 0.5),
    (8, 0.638),
    (8, 1.0),
    (24, 0.9),
    (100, 0.99),
    (1000, 0.999),
    (9000, 1.0),
];

#[test]
fn every_response_is_the_one_of_the_definition() {
    for (modes, ratio) in CASES {
        let base = geometric(modes, ratio);
        for concentration in [1e-9, 0.05, 1.0, 8.0, 500.0, 1e12] {
            let urn = Urn::new(&base, concentration);
            let mut responses = urn.responses(100);
            let mut uniforms = vec![[0.0; LANES]; 100];
            for item in 0..20 {
                Streams::new("urn")
                    .purpose("test")
                    .fill_uniforms(0, item, &mut uniforms);
                urn.draw(&uniforms, &mut responses);
                for l in 0..LANES {
                    let own: Vec<f64> = uniforms.iter().map(|u| u[l]).collect();
                    let found: Vec<u16> = responses.rows()[..100].iter().map(|row| row[l]).collect();
                    assert_eq!(
                        found,
                        by_definition(&base, concentration, &own),
                        "{modes} modes, {concentration}"
                    );
                }
            }
        }
    }
}

/// The largest uniform, zero, and uniforms on and beside every threshold and cell edge, in each place of a sequence.
#[test]
fn the_edges_of_intervals_give_a_mode_beside_the_edge() {
    let largest = 1.0 - f64::EPSILON;
    for (modes, ratio) in CASES {
        let base = geometric(modes, ratio);
        let urn = Urn::new(&base, 8.0);
        let mut responses = urn.responses(2);
        let edges = urn
            .thresholds
            .iter()
            .map(|t| t / 8.0)
            .chain((0..=256).map(|c| f64::from(c) / 256.0));
        for edge in edges.flat_map(|e| [e * (1.0 - f64::EPSILON), e, e * (1.0 + f64::EPSILON)]) {
            let u = edge.min(largest);
            urn.draw(&[[u; LANES], [largest; LANES]], &mut responses);
            let mode = responses.rows()[0][0];
            let above = (u * (1.0 + 4.0 * f64::EPSILON)).min(largest);
            let beside = [u * (1.0 - 4.0 * f64::EPSILON), above];
            let allowed = beside.map(|u| by_definition(&base, 8.0, &[u])[0]);
            assert!(
                (allowed[0]..=allowed[1]).contains(&mode),
                "{modes} modes, {u}: {mode}, not in {allowed:?}"
            );
            assert_eq!(
                responses.rows()[1][0],
                mode,
                "the largest uniform copies the only earlier response"
            );
        }
    }
}

#[test]
fn extreme_concentrations_give_one_answer_or_all_fresh() {
    let base = geometric(8, 0.638);
    let mut uniforms = vec![[0.0; LANES]; 64];
    Streams::new("urn").purpose("test").fill_uniforms(0, 0, &mut uniforms);
    for tiny in [f64::from_bits(1), f64::MIN_POSITIVE, 1e-200] {
        let urn = Urn::new(&base, tiny);
        let mut responses = urn.responses(64);
        urn.draw(&uniforms, &mut responses);
        assert!(responses.rows().iter().all(|row| *row == responses.rows()[0]), "{tiny}");
    }
    for huge in [1e200, f64::MAX] {
        let urn = Urn::new(&base, huge);
        let mut responses = urn.responses(64);
        urn.draw(&uniforms, &mut responses);
        for (row, u) in responses.rows().iter().zip(&uniforms) {
            assert_eq!(row[3], by_definition(&base, 1.0, &[u[3]])[0], "{huge}");
        }
    }
}

#[test]
fn every_vector_level_plans_the_same_rows() {
    let mut uniforms = vec![[0.0; LANES]; 300];
    Streams::new("urn").purpose("test").fill_uniforms(0, 1, &mut uniforms);
    let plan_at = |level| {
        let mut planned = vec![[0; LANES]; 300];
        plan::run_at(level, 3.7, 256.0 / 3.7, 256, &uniforms, &mut planned);
        planned
    };
    for level in Level::available() {
        assert_eq!(plan_at(level), plan_at(Level::Baseline), "{level:?}");
    }
}

/// The comparison with the definition can fail: an urn that copies one response too early is told apart.
#[test]
fn an_urn_with_a_wrong_copy_would_be_found() {
    let base = geometric(8, 0.638);
    let uniforms: Vec<f64> = (0..64).map(|j| (f64::from(j) * 0.618_034).fract()).collect();
    let right = by_definition(&base, 8.0, &uniforms);
    let wrong = by_definition(&base, 8.5, &uniforms);
    assert_ne!(right, wrong);
}

/// Urns that are tallied, of few and many fresh responses.
const TALLIED: [(usize, f64, f64); 6] = [
    (8, 0.638, 8.0),
    (8, 1.0, 1e-9),
    (2, 0.5, 500.0),
    (5, 0.3, 1e12),
    (3, 0.9, 0.7),
    (1, 1.0, 3.0),
];

/// Counts by position are those of the responses that are drawn, for any depth, any number of prompts, and after shallower prompts.
#[test]
fn a_tally_counts_what_is_drawn() {
    let mut compared = 0;
    for (modes, ratio, concentration) in TALLIED {
        let urn = Urn::new(&geometric(modes, ratio), concentration);
        let purpose = Streams::new("tally").purpose("test");
        let mut responses = urn.responses(MOST_POSITIONS);
        let mut uniforms = vec![[0.0; LANES]; MOST_POSITIONS];
        let (mut tally, mut found, mut expected) = (
            PositionTally::new(modes),
            vec![[0; LANES]; 4 * modes],
            vec![[0; LANES]; 4 * modes],
        );
        let depths = [1, 7, 33, MOST_POSITIONS as u32];
        let mut prompts = 0..0;
        for call in 0..200 {
            let depth = [1, 7, 33, MOST_POSITIONS][call % 4];
            if !urn.tallies(depth) {
                continue;
            }
            prompts = prompts.end..prompts.end + [1, 2, 5][call % 3].min(tally.room());
            urn.tally(purpose, 16, prompts.clone(), depth, &mut tally);
            if tally.room() == 0 {
                tally.empty_into(&depths, &mut found);
            }
            for prompt in prompts.clone() {
                purpose.fill_uniforms(16, prompt, &mut uniforms);
                urn.draw(&uniforms[..depth], &mut responses);
                for (j, row) in responses.rows()[..depth].iter().enumerate() {
                    let segment = depths.partition_point(|&end| end as usize <= j);
                    (0..LANES).for_each(|l| expected[segment * modes + usize::from(row[l])][l] += 1);
                }
                compared += 1;
            }
        }
        tally.empty_into(&depths, &mut found);
        assert_eq!(found, expected, "{modes} modes at {concentration}");
    }
    // Machines without the instructions draw, and have nothing to compare.
    assert_eq!(compared > 6 * 500, bytes::is_available());
}

/// Responses from words that are given.
struct Given<'a> {
    plan: BytePlan<'a>,
    words: &'a [Lanes<u64>],
}

impl Items for Given<'_> {
    type State = ();

    fn open(&self, _: u32) {}

    fn next(&self, (): &mut (), place: usize) -> (Lanes<f64>, Lanes<u64>) {
        self.plan.of(&self.words[place], place)
    }
}

/// Compares what a tally would be given with what is drawn.
fn compare_with_drawn(urn: &Urn, words: &[Lanes<u64>]) {
    let Some(tallied) = &urn.tallied else {
        assert!(!bytes::is_available());
        return;
    };
    let uniforms: Vec<_> = words.iter().map(|row| row.map(uniform_from_bits)).collect();
    let mut responses = urn.responses(words.len());
    urn.draw(&uniforms, &mut responses);
    let plan = tallied.plan(urn.concentration);
    let mut rooms = [Room::EMPTY];
    bytes::write_values(&Given { plan, words }, (0, words.len()), &tallied.cuts, &mut rooms);
    for (j, (row, own)) in responses.rows().iter().zip(words).enumerate() {
        let found: Lanes<u16> = std::array::from_fn(|l| rooms[0].values[l].0[j].trailing_zeros() as u16);
        assert_eq!(found, *row, "place {j}, words {own:?}");
        let (position, _) = plan.of(own, j);
        let expected = uniforms[j].map(|u| u * (urn.concentration + j as f64));
        assert_eq!(position, expected, "place {j}, words {own:?}");
    }
}

/// Each response copies the one before it, so that the root of the last is 63 steps away: as many as six rounds of doubling reach.
#[test]
fn a_tally_follows_the_longest_chain() {
    let mut words = [[u64::MAX; LANES]; MOST_POSITIONS];
    words[0] = std::array::from_fn(|l| (l as u64) << 61);
    for (modes, ratio, concentration) in TALLIED {
        compare_with_drawn(&Urn::new(&geometric(modes, ratio), concentration), &words);
    }
}

/// Positions on and beside every threshold, every edge of a cell and every earlier response, at each place.
#[test]
fn a_tally_has_the_edges_of_what_is_drawn() {
    for (modes, ratio, concentration) in TALLIED {
        let urn = Urn::new(&geometric(modes, ratio), concentration);
        let halves = (0..2 * CELLS).map(|half| half as f64 / (2 * CELLS - 2) as f64 * concentration);
        let copies = (0..MOST_POSITIONS).map(|place| concentration + place as f64);
        let edges: Vec<f64> = urn.thresholds.iter().copied().chain(halves).chain(copies).collect();
        for first in (0..edges.len()).step_by(LANES) {
            for beside in -2..=2 {
                let words: [Lanes<u64>; MOST_POSITIONS] = std::array::from_fn(|place| {
                    std::array::from_fn(|l| {
                        // Each edge comes to each place, among others: so what is copied is seen.
                        let edge = edges[(first + l + 37 * place) % edges.len()];
                        let u = (edge / (concentration + place as f64)).min(1.0);
                        let units = (u / f64::EPSILON) as i64 + beside;
                        // The low bits of a word are of no meaning.
                        (units.clamp(0, (1 << 52) - 1) as u64) << 12 | 0xABC
                    })
                });
                compare_with_drawn(&urn, &words);
            }
        }
    }
}
