//! Tests of the urn against its definition, uniform by uniform. Its law is tested through the public surface.

use super::*;
use crate::numerics::lanes::Level;
use crate::numerics::stream::Streams;

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

/// Counts by position are those of the responses that are drawn, for any depth, any number of prompts, and after a shallower prompt.
#[test]
fn a_tally_counts_what_is_drawn() {
    let mut compared = 0;
    for (modes, ratio, concentration) in [
        (8, 0.638, 8.0),
        (8, 1.0, 1e-9),
        (2, 0.5, 500.0),
        (5, 0.3, 1e12),
        (3, 0.9, 0.7),
    ] {
        let urn = Urn::new(&geometric(modes, ratio), concentration);
        let mut responses = urn.responses(MOST_POSITIONS);
        let mut uniforms = vec![[0.0; LANES]; MOST_POSITIONS];
        let (mut tally, mut found, mut expected) = (
            PositionTally::new(modes),
            vec![[0; LANES]; 4 * modes],
            vec![[0; LANES]; 4 * modes],
        );
        let depths = [1, 7, 33, MOST_POSITIONS as u32];
        for item in 0..400 {
            let depth = [1, 7, 33, MOST_POSITIONS][item as usize % 4];
            Streams::new("tally")
                .purpose("test")
                .fill_uniforms(0, item, &mut uniforms);
            if !urn.tallies(depth) {
                continue;
            }
            urn.tally(&uniforms[..depth], &mut responses, &mut tally);
            if tally.is_full() {
                tally.empty_into(&depths, &mut found);
            }
            urn.draw(&uniforms[..depth], &mut responses);
            for (j, row) in responses.rows()[..depth].iter().enumerate() {
                let segment = depths.partition_point(|&end| end as usize <= j);
                (0..LANES).for_each(|l| expected[segment * modes + usize::from(row[l])][l] += 1);
            }
            compared += 1;
        }
        tally.empty_into(&depths, &mut found);
        assert_eq!(found, expected, "{modes} modes at {concentration}");
    }
    // Machines without the instructions draw, and have nothing to compare.
    assert_eq!(compared, if bytes::is_available() { 2000 } else { 0 });
}

/// Each response copies the one before it, so that the root of the last is 63 steps away: as many as six rounds of doubling reach.
#[test]
fn a_tally_follows_the_longest_chain() {
    let urn = Urn::new(&geometric(8, 0.638), 8.0);
    if !urn.tallies(MOST_POSITIONS) {
        return;
    }
    let mut uniforms = vec![[1.0 - f64::EPSILON; LANES]; MOST_POSITIONS];
    uniforms[0] = std::array::from_fn(|l| l as f64 / LANES as f64);
    let (mut responses, mut tally) = (urn.responses(MOST_POSITIONS), PositionTally::new(8));
    urn.draw(&uniforms, &mut responses);
    let expected: Vec<_> = responses.rows().iter().map(|row| row[7]).collect();
    assert_eq!(expected, [expected[0]; MOST_POSITIONS]);
    urn.tally(&uniforms, &mut responses, &mut tally);
    let mut counts = vec![[0; LANES]; 8];
    tally.empty_into(&[MOST_POSITIONS as u32], &mut counts);
    for l in 0..LANES {
        assert_eq!(
            counts[usize::from(responses.rows()[0][l])][l],
            MOST_POSITIONS as u32,
            "lane {l}"
        );
    }
}
