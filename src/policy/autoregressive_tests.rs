use super::super::family::{Average, Batch, Optimiser};
use super::*;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::stream::Streams;

const TOKENS: usize = 3;
const LENGTH: usize = 4;

const NEWTON: Training = Training {
    optimiser: Optimiser::Newton,
    decay: 0.0,
    steps: 100,
    tolerance: 1e-10,
    batch: Batch::Full,
    average: Average::Last,
};

/// Mean cells of so many responses in each lane, whose increments repeat the one before half of the time.
fn cells(contexts: &Contexts, responses: usize) -> Vec<Lanes<f64>> {
    let mut cells = vec![[0.0; LANES]; contexts.states() * TOKENS];
    for l in 0..LANES {
        let mut stream = Streams::new("autoregressive").purpose("responses").stream(l as u64, 0);
        for _ in 0..responses {
            let (mut state, mut last) = (0, 0);
            for _ in 0..LENGTH {
                let fresh = (stream.uniform() * TOKENS as f64) as usize;
                last = if stream.uniform() < 0.5 { last } else { fresh };
                cells[state * TOKENS + last][l] += 1.0 / responses as f64;
                state = contexts.next()[state * TOKENS + last] as usize;
            }
        }
    }
    cells
}

/// The NLL of a response in one lane, plainly, with half the decay times the squared parameters.
fn loss(contexts: &Contexts, cells: &[Lanes<f64>], theta: &[f64], decay: f64, l: usize) -> f64 {
    let width = contexts.coordinates();
    let features = contexts.features().chunks_exact(width);
    let nll: f64 = features
        .zip(cells.chunks_exact(TOKENS))
        .map(|(phi, row)| {
            let logit = |d: usize| match d + 1 < TOKENS {
                true => theta[d * width..][..width].iter().zip(phi).map(|(t, x)| t * x).sum(),
                false => 0.0,
            };
            let total = ln((0..TOKENS).map(|d| exp(logit(d))).sum());
            row.iter()
                .enumerate()
                .map(|(d, cell)| cell[l] * (total - logit(d)))
                .sum::<f64>()
        })
        .sum();
    nll + 0.5 * decay * theta.iter().map(|x| x * x).sum::<f64>()
}

/// Central differences of step 1e-4 err by 1e-8 times a third derivative and by rounding over the step: 1e-7 is beyond both.
#[test]
fn every_fit_ends_where_the_loss_of_responses_is_least() {
    for features in PrefixFeatures::ALL {
        let contexts = features.contexts(TOKENS, LENGTH);
        let decay = 1e-3;
        let mut fitter = SequenceFitter::new(&contexts, Training { decay, ..NEWTON });
        let cells = cells(&contexts, 300);
        let report = fitter.fit(&cells, &mut || false);
        assert_eq!(report.converged, [1.0; LANES], "{features:?}");
        for l in [0, 6] {
            let theta: Vec<f64> = fitter.theta().iter().map(|row| row[l]).collect();
            let slope = |at: usize, decay: f64| {
                let moved = |by: f64| {
                    let mut theta = theta.clone();
                    theta[at] += by;
                    loss(&contexts, &cells, &theta, decay, l)
                };
                (moved(1e-4) - moved(-1e-4)) / 2e-4
            };
            let steepest = |decay| (0..theta.len()).map(|at| slope(at, decay).abs()).fold(0.0, f64::max);
            assert!(steepest(decay) < 1e-7, "{features:?}: {}", steepest(decay));
            assert!(
                steepest(2.0 * decay) > 1e-5,
                "{features:?}: a steeper penalty has another minimum"
            );
        }
    }
}

/// A policy that may have any distribution in each state has that of the responses in it: counts, in closed form.
#[test]
fn fits_of_saturated_policies_are_shares_of_counts() {
    let saturated = [
        PrefixFeatures::Tied,
        PrefixFeatures::PerPosition,
        PrefixFeatures::OrderOne,
    ];
    for features in saturated {
        let contexts = features.contexts(TOKENS, LENGTH);
        let mut fitter = SequenceFitter::new(&contexts, NEWTON);
        let cells = cells(&contexts, 200);
        fitter.fit(&cells, &mut || false);
        let mut log_p = vec![[f64::NAN; LANES]; cells.len()];
        fitter.log_probabilities(&mut log_p);
        for (row, log_p) in cells.chunks_exact(TOKENS).zip(log_p.chunks_exact(TOKENS)) {
            for l in 0..LANES {
                let total: f64 = row.iter().map(|cell| cell[l]).sum();
                for (cell, log_p) in row.iter().zip(log_p) {
                    assert!((exp(log_p[l]) - cell[l] / total).abs() < 1e-9, "{features:?}");
                }
            }
        }
    }
}

#[test]
fn states_are_counted_before_they_are_made() {
    for features in PrefixFeatures::ALL {
        for (tokens, length) in [(2, 1), (2, 6), (3, 4), (4, 5)] {
            let found = features.states(tokens, length, usize::MAX);
            let contexts = features.contexts(tokens, length);
            assert_eq!(found, contexts.states(), "{features:?} {tokens} {length}");
            assert_eq!(features.parameters(tokens, length), contexts.parameters());
            assert_eq!(features.is_saturated(), contexts.is_saturated());
        }
    }
    assert!(PrefixFeatures::Tree.states(16, 64, 1 << 20) > 1 << 20);
    assert!(PrefixFeatures::Counts.states(16, 64, 1 << 20) > 1 << 20);
}
