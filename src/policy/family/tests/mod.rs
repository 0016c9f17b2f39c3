//! Tests of families and fits: against scalar arithmetic of their own (`plain`), closed forms, and one another.

mod batches;
mod fits;
mod gradients;
mod kept;
mod kernels;
mod lanes;
mod plain;
mod responses;

use super::*;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::{LaneStreams, Purpose, Stream, Streams};

/// One of each kind; widths that fill no tile, and one whose rows are set apart.
const FAMILIES: [Family; 6] = [
    Family::LogLinear { inputs: 0 },
    Family::LogLinear { inputs: 3 },
    Family::LowRank { inputs: 3, rank: 2 },
    Family::Network { inputs: 4, hidden: 5 },
    Family::Network { inputs: 2, hidden: 64 },
    Family::Network { inputs: 0, hidden: 1 },
];

const GRADIENT: Optimiser = Optimiser::Gradient {
    rate: 0.5,
    momentum: 0.9,
    schedule: Schedule::Constant,
};

const ADAM: Optimiser = Optimiser::Adam {
    rate: 0.02,
    schedule: Schedule::Cosine,
};

const TRAINING: Training = Training {
    optimiser: GRADIENT,
    decay: 0.01,
    steps: 40,
    tolerance: 0.0,
    batch: Batch::Full,
    average: Average::Last,
};

/// Data sets with the numbers that `Examples` borrows.
#[derive(Clone)]
struct Set {
    modes: usize,
    coordinates: usize,
    responses: usize,
    features: Vec<Lanes<f64>>,
    target: Vec<Lanes<f64>>,
}

fn purpose(name: &str) -> Purpose {
    Streams::new("family").purpose(name)
}

fn streams(name: &str) -> [Stream; LANES] {
    std::array::from_fn(|l| purpose(name).stream(l as u64, 0))
}

/// The same in lanes.
fn in_lanes(name: &str) -> LaneStreams {
    LaneStreams::open(purpose(name), 0, 0)
}

impl Set {
    /// Normal features, of which there are five, and responses whose modes lean on the second.
    fn new(prompts: usize, modes: usize, responses: usize) -> Self {
        let coordinates = 5;
        let mut features = vec![[0.0; LANES]; prompts * coordinates];
        let mut target = vec![[0.0; LANES]; prompts * modes];
        for (l, stream) in streams("data").iter_mut().enumerate() {
            let prompts = features
                .chunks_exact_mut(coordinates)
                .zip(target.chunks_exact_mut(modes));
            for (x, shares) in prompts {
                x.iter_mut()
                    .for_each(|row| row[l] = normal_from_uniform(stream.uniform()));
                x[0][l] = 1.0;
                for _ in 0..responses {
                    let u = stream.uniform();
                    let u = if x[1][l] > 0.0 { u * u } else { u };
                    shares[(u * modes as f64) as usize][l] += 1.0 / responses as f64;
                }
            }
        }
        Self {
            modes,
            coordinates,
            responses,
            features,
            target,
        }
    }

    fn examples(&self) -> Examples<'_> {
        Examples {
            prompts: self.features.len() / self.coordinates,
            coordinates: self.coordinates,
            modes: self.modes,
            features: &self.features,
            target: &self.target,
            weights: None,
            responses: self.responses,
        }
    }

    fn data(&self) -> evaluation::Data<'_> {
        evaluation::Data {
            prompts: form::Prompts {
                features: &self.features,
                coordinates: self.coordinates,
            },
            target: evaluation::Target::Shares(&self.target),
            weights: None,
        }
    }
}

/// Shares of the responses of data by mode, which single ones have all of.
fn shares(data: evaluation::Data<'_>, modes: usize) -> Vec<Lanes<f64>> {
    match data.target {
        evaluation::Target::Shares(rows) => rows.to_vec(),
        evaluation::Target::Modes(of) => {
            let all = of.iter().flat_map(|of| (0..modes).map(move |m| (of, m)));
            all.map(|(of, m)| of.map(|of| if of == m as f64 { 1.0 } else { 0.0 }))
                .collect()
        }
    }
}

/// Parameters of eight policies, normal with standard deviation 0.7.
fn policies(family: Family, modes: usize) -> Vec<Lanes<f64>> {
    let mut streams = streams("theta");
    let row = |_| std::array::from_fn(|l| 0.7 * normal_from_uniform(streams[l].uniform()));
    (0..family.parameters(modes)).map(row).collect()
}

fn column(rows: &[Lanes<f64>], l: usize) -> Vec<f64> {
    rows.iter().map(|row| row[l]).collect()
}

/// The largest distance between two lists; NaN counts as infinite.
fn furthest(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    gaps.fold(0.0, |far, gap| {
        if gap <= far {
            far
        } else if gap.is_nan() {
            f64::INFINITY
        } else {
            gap
        }
    })
}

fn bits(rows: &[Lanes<f64>]) -> Vec<Lanes<u64>> {
    rows.iter().map(|row| row.map(f64::to_bits)).collect()
}

/// Fits from `theta`; returns where that led.
fn fit(family: Family, training: Training, set: &Set, theta: &[Lanes<f64>]) -> (Vec<Lanes<f64>>, FitReport) {
    let mut theta = theta.to_vec();
    let report =
        Fitter::new(family, set.modes, training).fit(&set.examples(), &mut theta, Some(&mut in_lanes("order")));
    (theta, report)
}

#[test]
fn canonical_texts_differ_where_settings_do() {
    let cosine = Schedule::Cosine;
    let gradient = |rate, momentum, schedule| Optimiser::Gradient {
        rate,
        momentum,
        schedule,
    };
    let constant = Schedule::Constant;
    let others = [
        Training {
            optimiser: Optimiser::Newton,
            ..TRAINING
        },
        Training {
            optimiser: gradient(0.4, 0.9, constant),
            ..TRAINING
        },
        Training {
            optimiser: gradient(0.5, 0.8, constant),
            ..TRAINING
        },
        Training {
            optimiser: gradient(0.5, 0.9, cosine),
            ..TRAINING
        },
        Training {
            optimiser: ADAM,
            ..TRAINING
        },
        Training {
            optimiser: Optimiser::Adam {
                rate: 0.5,
                schedule: constant,
            },
            ..TRAINING
        },
        Training {
            decay: 0.02,
            ..TRAINING
        },
        Training { steps: 41, ..TRAINING },
        Training {
            tolerance: 1e-9,
            ..TRAINING
        },
        Training {
            batch: Batch::Grouped(8),
            ..TRAINING
        },
        Training {
            batch: Batch::Grouped(9),
            ..TRAINING
        },
        Training {
            batch: Batch::Shuffled(8),
            ..TRAINING
        },
        Training {
            average: Average::SecondHalf,
            ..TRAINING
        },
        Training {
            average: Average::Exponential(0.9),
            ..TRAINING
        },
        Training {
            average: Average::Exponential(0.99),
            ..TRAINING
        },
    ];
    let mut texts: Vec<String> = others.iter().map(Training::canonical).collect();
    texts.push(TRAINING.canonical());
    texts.extend(FAMILIES.iter().map(Family::canonical));
    texts.extend(
        [
            Family::LowRank { inputs: 3, rank: 3 },
            Family::LowRank { inputs: 2, rank: 3 },
        ]
        .map(|f| f.canonical()),
    );
    let known = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), known);
    assert_eq!(
        TRAINING.canonical(),
        "gradient rate 0.5 momentum 0.9 constant decay 0.01 steps 40 tolerance 0 batch full"
    );
}

#[test]
fn families_have_the_parameters_that_their_formulas_count() {
    let parameters = |family: Family| family.parameters(8);
    assert_eq!(parameters(Family::Network { inputs: 4, hidden: 8 }), 112);
    assert_eq!(parameters(Family::LogLinear { inputs: 8 }), 7 * 9);
    assert_eq!(parameters(Family::LowRank { inputs: 5, rank: 2 }), 8 + 2 * 8 + 2 * 5);
}

/// Biases start at 0; weights have the deviations that are said, within five standard errors of a standard deviation.
#[test]
fn fits_start_at_small_random_weights() {
    let start = |family: Family| family.start(64, &mut streams("start")[0]);
    assert!(start(Family::LogLinear { inputs: 64 }).iter().all(|x| *x == 0.0));
    let deviation = |x: &[f64]| (x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64).sqrt();
    let near = |x: &[f64], expected: f64| (deviation(x) / expected - 1.0).abs() < 5.0 / (2.0 * x.len() as f64).sqrt();
    let theta = start(Family::Network {
        inputs: 16,
        hidden: 100,
    });
    assert!(theta[..64].iter().all(|b| *b == 0.0));
    assert!(near(&theta[64..6464], 0.03) && !near(&theta[64..6464], 0.032));
    let inner: Vec<&[f64]> = theta[6464..].chunks_exact(17).collect();
    assert!(inner.iter().all(|unit| unit[0] == 0.0));
    assert!(near(
        &inner.iter().flat_map(|unit| &unit[1..]).copied().collect::<Vec<_>>(),
        0.25
    ));
    let theta = start(Family::LowRank { inputs: 64, rank: 20 });
    assert!(theta[..64].iter().all(|b| *b == 0.0) && near(&theta[64..], 0.1));
}

#[test]
fn newton_is_of_convex_losses_and_full_batches() {
    let newton = Training {
        optimiser: Optimiser::Newton,
        ..TRAINING
    };
    assert!(newton.fits(&FAMILIES[1]).is_ok() && TRAINING.fits(&FAMILIES[3]).is_ok());
    assert!(newton.fits(&FAMILIES[2]).unwrap_err().contains("log-linear"));
    let minibatches = Training {
        batch: Batch::Shuffled(3),
        ..newton
    };
    assert!(minibatches.fits(&FAMILIES[1]).unwrap_err().contains("full batches"));
}
