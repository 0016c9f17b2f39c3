//! The jobs that peers of fits to prompts are timed on: 256 fits to data sets of 256 prompts with 8 responses each.
//!
//!     cargo run --release --example families_job -- JOB [THREADS] [REPEATS]
//!
//! JOB `log-linear`: 8 inputs and a constant, 300 steps of gradient descent on the whole data set. `shuffled`, `grouped`: a network of
//! 4 inputs and 8 hidden units, 3,000 steps on minibatches of 64 responses, with momentum and a rate that falls along a cosine.
//!
//! Prints one line: milliseconds per fit (the median of REPEATS after one to warm up, on all threads) and the mean loss of the fitted
//! policies on their own data, without the penalty, which peers must reproduce.

mod peers;

use mode_lottery::numerics::lanes::{LANES, Lanes};
use mode_lottery::numerics::stream::{LaneStreams, Streams};
use mode_lottery::policy::{Average, Batch, Examples, Family, Fitter, Optimiser, Schedule, Training};
use peers::{uniform, word};
use rayon::prelude::*;

const FITS: usize = 256;
const PROMPTS: usize = 256;
const RESPONSES: usize = 8;
const MODES: usize = 8;

const LOG_LINEAR: Training = Training {
    optimiser: Optimiser::Gradient {
        rate: 1.0,
        momentum: 0.0,
        schedule: Schedule::Constant,
    },
    decay: 1e-4,
    steps: 300,
    tolerance: 0.0,
    batch: Batch::Full,
    average: Average::Last,
};

const NETWORK: Training = Training {
    optimiser: Optimiser::Gradient {
        rate: 0.1,
        momentum: 0.9,
        schedule: Schedule::Cosine,
    },
    steps: 3000,
    batch: Batch::Shuffled(64),
    ..LOG_LINEAR
};

/// Between -1/2 and 1/2.
fn centred(n: usize) -> f64 {
    uniform(n as u64) - 0.5
}

/// Eight data sets and where their fits start.
struct Eight {
    features: Vec<Lanes<f64>>,
    target: Vec<Lanes<f64>>,
    start: Vec<Lanes<f64>>,
    streams: LaneStreams,
}

impl Eight {
    fn new(group: usize, family: Family) -> Self {
        let coordinates = 1 + family.inputs();
        let lanes = |of: &dyn Fn(usize) -> f64| std::array::from_fn(|l| of(group * LANES + l));
        let feature = |at: usize| match at % coordinates {
            0 => [1.0; LANES],
            _ => lanes(&|fit| 12.0_f64.sqrt() * centred(fit * PROMPTS * coordinates + at)),
        };
        let mut target = vec![[0.0; LANES]; PROMPTS * MODES];
        for l in 0..LANES {
            for response in 0..PROMPTS * RESPONSES {
                let mode =
                    word(((1 << 40) + (group * LANES + l) * PROMPTS * RESPONSES + response) as u64) as usize % MODES;
                target[response / RESPONSES * MODES + mode][l] += 1.0 / RESPONSES as f64;
            }
        }
        let parameters = family.parameters(MODES);
        let scale = if family.is_convex() { 0.0 } else { 1.0 };
        let start = |at: usize| lanes(&|fit| scale * centred((1 << 41) + fit * parameters + at));
        let purpose = Streams::new("families job").purpose("order");
        Self {
            features: (0..PROMPTS * coordinates).map(feature).collect(),
            target,
            start: (0..parameters).map(start).collect(),
            streams: LaneStreams::open(purpose, (group * LANES) as u64, 0),
        }
    }

    fn fit(&self, fitter: &mut Fitter, theta: &mut Vec<Lanes<f64>>) {
        theta.clone_from(&self.start);
        let examples = Examples {
            prompts: PROMPTS,
            coordinates: self.features.len() / PROMPTS,
            modes: MODES,
            features: &self.features,
            target: &self.target,
            weights: None,
            responses: RESPONSES,
        };
        fitter.fit(&examples, theta, Some(&mut self.streams.clone()));
    }

    /// The sum over lanes of the mean of -sum_m target_m ln p_m.
    fn losses(&self, family: Family, theta: &[Lanes<f64>]) -> f64 {
        let mut log_p = vec![[0.0; LANES]; PROMPTS * MODES];
        let mut loss = |l: usize| {
            let features: Vec<f64> = self.features.iter().map(|row| row[l]).collect();
            family.log_policies(MODES, theta, &features, 1 + family.inputs(), &mut log_p);
            let terms = self
                .target
                .iter()
                .zip(&log_p)
                .map(|(target, log_p)| -target[l] * log_p[l]);
            terms.sum::<f64>() / PROMPTS as f64
        };
        (0..LANES).map(&mut loss).sum()
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let network = Family::Network { inputs: 4, hidden: 8 };
    let (family, training) = match arguments.get(1).map(String::as_str) {
        Some("log-linear") => (Family::LogLinear { inputs: 8 }, LOG_LINEAR),
        Some("shuffled") => (network, NETWORK),
        Some("grouped") => {
            let batch = Batch::Grouped(64);
            (network, Training { batch, ..NETWORK })
        }
        _ => panic!("a job: log-linear, shuffled or grouped"),
    };
    let (threads, repeats) = (peers::threads(peers::argument(2, 2)), peers::argument(3, 9));
    let data: Vec<Eight> = (0..FITS / LANES).map(|group| Eight::new(group, family)).collect();
    let mut thetas = vec![Vec::new(); data.len()];
    let seconds = peers::timed(repeats, || {
        let fitter = || Fitter::new(family, MODES, training);
        let all = thetas.par_iter_mut().zip(&data);
        threads.install(|| all.for_each_init(fitter, |fitter, (theta, own)| own.fit(fitter, theta)));
    });
    let losses = data.iter().zip(&thetas).map(|(own, theta)| own.losses(family, theta));
    println!(
        "{:.4} {:e}",
        seconds * 1e3 / FITS as f64,
        losses.sum::<f64>() / FITS as f64
    );
}
