//! Tests of nets: slopes against central differences, the tree against responses one by one, lanes and levels against each other.

use super::*;
use crate::numerics::elementary::{exp, tanh};
use crate::numerics::stream::Stream;
use crate::policy::{Average, Batch, Optimiser, Schedule, Training};

const SHAPE: Shape = Shape { tokens: 3, length: 4 };

fn stream(name: &str) -> Stream {
    Streams::new("tests of nets").purpose(name).stream(0, 0)
}

fn random(name: &str, count: usize, low: f64, high: f64) -> Vec<Lanes<f64>> {
    let mut stream = stream(name);
    (0..count)
        .map(|_| std::array::from_fn(|_| low + (high - low) * stream.uniform()))
        .collect()
}

fn log_p(net: Net, theta: &[Lanes<f64>]) -> Vec<Lanes<f64>> {
    let mut out = vec![[0.0; LANES]; SHAPE.prefixes() * SHAPE.tokens];
    net.log_probabilities(Level::current(), SHAPE, theta, &mut Scratch::default(), &mut out);
    out
}

fn loss(net: Net, theta: &[Lanes<f64>], cells: &[Lanes<f64>]) -> Lanes<f64> {
    let mut sum = [0.0; LANES];
    for (log_p, cell) in log_p(net, theta).iter().zip(cells) {
        (0..LANES).for_each(|l| sum[l] -= cell[l] * log_p[l]);
    }
    sum
}

fn slopes(net: Net, theta: &[Lanes<f64>], cells: &[Lanes<f64>]) -> Vec<Lanes<f64>> {
    let mut out = vec![[0.0; LANES]; theta.len()];
    net.slopes(Level::current(), SHAPE, theta, cells, &mut Scratch::default(), &mut out);
    out
}

#[test]
fn nets_have_so_many_parameters() {
    assert_eq!(Net::ALL.map(|net| net.parameters(4, 5)), [226, 238]);
    assert_eq!((Shape { tokens: 4, length: 5 }).prefixes(), 341);
    assert_eq!((Shape { tokens: 4, length: 5 }).parents(), 85);
    for net in Net::ALL {
        let [one, other] = [0, 1].map(|which| net.start(4, 5, which));
        assert_eq!(one.len(), net.parameters(4, 5));
        assert_ne!(one, other);
        let squares: f64 = one.iter().map(|x| x * x).sum();
        let weights = one.iter().filter(|x| **x != 0.0).count() as f64;
        // The mean square of normals: three standard errors are 3 sqrt(2/200).
        assert!(
            (squares / weights * 6.0 - 1.0).abs() < 0.3,
            "{net:?} {squares} {weights}"
        );
    }
}

/// Central differences with a step of 1e-5 err by the third derivative times 1e-10/6 and by rounding of the loss, 1e-15 of about 10, over the
/// step: 1e-9.
#[test]
fn slopes_are_central_differences() {
    for net in Net::ALL {
        let theta = random("theta", net.parameters(3, 4), -0.8, 0.8);
        let cells = random("cells", SHAPE.prefixes() * 3, 0.0, 0.2);
        let found = slopes(net, &theta, &cells);
        let step = 1e-5;
        for at in 0..theta.len() {
            let moved = |by: f64| {
                let mut theta = theta.clone();
                theta[at] = theta[at].map(|x| x + by);
                loss(net, &theta, &cells)
            };
            let (up, down) = (moved(step), moved(-step));
            for l in 0..LANES {
                let slope = (up[l] - down[l]) / (2.0 * step);
                assert!(
                    (found[at][l] - slope).abs() < 2e-8,
                    "{net:?} {at}: {} {slope}",
                    found[at][l]
                );
            }
        }
        // Not a test of nothing: slopes are far above what is let through.
        let least = found.iter().filter(|row| row[0].abs() > 1e-3).count();
        assert!(least > theta.len() / 2, "{net:?} {least}");
    }
}

type Matrix<'a> = &'a [f64];

fn product(matrix: Matrix<'_>, x: &[f64]) -> Vec<f64> {
    matrix
        .chunks_exact(WIDTH)
        .map(|row| row.iter().zip(x).map(|(m, x)| m * x).sum())
        .collect()
}

fn sums(vectors: &[&[f64]]) -> Vec<f64> {
    (0..WIDTH).map(|i| vectors.iter().map(|own| own[i]).sum()).collect()
}

/// The state after a prefix by the formulas of the unit, one increment after the other.
fn recurrent(theta: &[f64], prefix: &[usize]) -> Vec<f64> {
    let part = |first: usize, size: usize| &theta[first..first + size];
    let sigma = |x: f64| 1.0 / (1.0 + exp(-x));
    let mut h = vec![0.0; WIDTH];
    for &d in prefix {
        let input = |gate: usize| part((gate * 3 + d) * WIDTH, WIDTH);
        let shift = |gate: usize| part(54 + gate * WIDTH, WIDTH);
        let matrix = |gate: usize| part(72 + gate * 36, 36);
        let gate = |gate: usize| -> Vec<f64> {
            let all = sums(&[input(gate), shift(gate), &product(matrix(gate), &h)]);
            all.into_iter().map(sigma).collect()
        };
        let (z, r) = (gate(0), gate(1));
        let reset: Vec<f64> = r.iter().zip(&h).map(|(r, h)| r * h).collect();
        let c = sums(&[input(2), shift(2), &product(matrix(2), &reset)]);
        h = (0..WIDTH).map(|i| (1.0 - z[i]) * h[i] + z[i] * tanh(c[i])).collect();
    }
    h
}

/// The same of attention, from the definition.
fn attending(theta: &[f64], prefix: &[usize]) -> Vec<f64> {
    let part = |first: usize, size: usize| &theta[first..first + size];
    let embedded = |place: usize, d: usize| sums(&[part(d * WIDTH, WIDTH), part(24 + place * WIDTH, WIDTH)]);
    let mut inputs = vec![embedded(0, 3)];
    inputs.extend(prefix.iter().enumerate().map(|(place, &d)| embedded(place + 1, d)));
    let head = |which: usize, x: &[f64]| product(part(48 + which * 36, 36), x);
    let last = &inputs[prefix.len()];
    let scores: Vec<f64> = inputs
        .iter()
        .map(|x| head(0, last).iter().zip(head(1, x)).map(|(q, k)| q * k).sum::<f64>() / 6.0_f64.sqrt())
        .map(exp)
        .collect();
    let all: f64 = scores.iter().sum();
    let mut h = last.clone();
    for (score, x) in scores.iter().zip(&inputs) {
        h.iter_mut().zip(head(2, x)).for_each(|(h, v)| *h += score / all * v);
    }
    let layer = sums(&[&product(part(156, 36), &h), part(192, 6)]);
    h.iter().zip(layer).map(|(h, x)| h + tanh(x)).collect()
}

/// Passes over the tree against single prefixes, read out by hand.
#[test]
fn the_tree_has_what_every_prefix_has_alone() {
    for net in Net::ALL {
        let theta = random("alone", net.parameters(3, 4), -1.0, 1.0);
        let found = log_p(net, &theta);
        for lane in [0, 5] {
            let own: Vec<f64> = theta.iter().map(|row| row[lane]).collect();
            let mut prefixes: Vec<Vec<usize>> = vec![Vec::new()];
            for at in 0..SHAPE.parents() {
                let longer = (0..3).map(|d| [&prefixes[at][..], &[d]].concat()).collect::<Vec<_>>();
                prefixes.extend(longer);
            }
            for (prefix, found) in prefixes.iter().zip(found.chunks_exact(3)) {
                let state = match net {
                    Net::Gru => recurrent(&own, prefix),
                    Net::Attention => attending(&own, prefix),
                };
                let last = &own[own.len() - 21..];
                let logits: Vec<f64> = product(&last[..18], &state)
                    .iter()
                    .zip(&last[18..])
                    .map(|(x, b)| x + b)
                    .collect();
                let all: f64 = logits.iter().map(|&x| exp(x)).sum();
                for (found, logit) in found.iter().zip(&logits) {
                    assert!(
                        (exp(found[lane]) - exp(*logit) / all).abs() < 1e-13,
                        "{net:?} {prefix:?}"
                    );
                }
            }
        }
    }
}

fn training(steps: u32) -> Training {
    Training {
        optimiser: Optimiser::Adam {
            rate: 0.02,
            schedule: Schedule::Cosine,
        },
        decay: 1e-5,
        steps,
        tolerance: 0.0,
        batch: Batch::Full,
        average: Average::Last,
    }
}

/// What eight different data sets give does not depend on the vector unit, nor a lane on its neighbours; and the loss falls.
#[test]
fn fits_have_the_same_bits_on_every_vector_unit_and_in_every_lane() {
    for net in Net::ALL {
        let cells = random("data", SHAPE.prefixes() * 3, 0.0, 0.1);
        let fit = |level: Level, cells: &[Lanes<f64>]| {
            let mut fitter = NetFitter::new(net, (3, 4), 0, training(40));
            fitter.at(level);
            fitter.fit(cells, &mut || false);
            fitter.theta().to_vec()
        };
        let found = fit(Level::current(), &cells);
        for level in Level::available() {
            assert_eq!(fit(level, &cells), found, "{net:?} {level:?}");
        }
        let moved: Vec<Lanes<f64>> = cells
            .iter()
            .map(|row| std::array::from_fn(|l| row[(l + 3) % LANES]))
            .collect();
        let elsewhere = fit(Level::current(), &moved);
        assert!(found.iter().zip(&elsewhere).all(|(a, b)| a[3] == b[0] && a[2] == b[7]));
        let start: Vec<Lanes<f64>> = net.start(3, 4, 0).iter().map(|&x| [x; LANES]).collect();
        let (before, after) = (loss(net, &start, &cells), loss(net, &found, &cells));
        assert!((0..LANES).all(|l| after[l] < before[l] - 0.05), "{before:?} {after:?}");
    }
}

/// Weighted by how often cells occur, single gradients sum to the slopes.
#[test]
fn gradients_of_cells_sum_to_the_slopes() {
    for net in Net::ALL {
        let theta = net.start(3, 4, 2);
        let cells = random("gradients", SHAPE.prefixes() * 3, 0.0, 0.2);
        let same: Vec<Lanes<f64>> = theta.iter().map(|&x| [x; LANES]).collect();
        let whole = slopes(net, &same, &cells);
        let each = net.gradients(3, 4, &theta);
        for (at, whole) in whole.iter().enumerate() {
            let sum: f64 = each
                .iter()
                .skip(at)
                .step_by(theta.len())
                .zip(&cells)
                .map(|(g, cell)| g * cell[4])
                .sum();
            assert!((sum - whole[4]).abs() < 1e-11, "{net:?} {at}");
        }
    }
}
