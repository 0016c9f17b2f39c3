//! The kernels that `roofline.rs` times and `instructions.rs` runs to be counted, each at a small fixed size through public functions.

use mode_lottery::engine::{ExactCache, Study, Tally};
use mode_lottery::numerics::lanes::{LANES, Lanes};
use mode_lottery::numerics::special::normal_from_uniform;
use mode_lottery::numerics::stream::{LaneStreams, Stream, Streams};
use mode_lottery::policy::aggregator::{Pass, Proposer, SlotRows, Weights, draw};
use mode_lottery::policy::{Average, Batch, Descent, Examples, Family, Fitter, Optimiser, SETS, Schedule, Training};
use mode_lottery::select::{Picker, Pool, Rule, Selector, Similarity};
use mode_lottery::study::BATCH;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Measure, Method, Selection, Theta};
use mode_lottery::world::{BaseWeights, Dirichlet};
use std::hint::black_box;
use std::sync::Arc;

/// One kernel: how often one call does its work, in units that are named, and what sets it up.
pub struct Kernel {
    pub name: &'static str,
    pub unit: &'static str,
    pub units: u64,
    pub ready: fn() -> Box<dyn FnMut()>,
}

pub const DRAW: Kernel = Kernel {
    name: "variance law draw",
    unit: "draw",
    units: BATCH * (LAW_PROMPTS * DEPTH) as u64,
    ready: variance_law,
};
pub const DESCENT: Kernel = Kernel {
    name: "shared descent",
    unit: "step and fit",
    units: SHARED.steps as u64 * (SETS * LANES) as u64,
    ready: shared_descent,
};
pub const LOG_LINEAR: Kernel = Kernel {
    name: "log-linear fit",
    unit: "step and fit",
    units: FULL.steps as u64 * LANES as u64,
    ready: || fit(Family::LogLinear { inputs: 8 }, FULL),
};
pub const NETWORK: Kernel = Kernel {
    name: "network minibatch",
    unit: "step and fit",
    units: MINIBATCHES.steps as u64 * LANES as u64,
    ready: || {
        fit(
            Family::Network {
                inputs: 4,
                hidden: HIDDEN,
            },
            MINIBATCHES,
        )
    },
};
pub const FACILITY: Kernel = Kernel {
    name: "greedy facility location",
    unit: "gain",
    units: (POOLS * KEPT * CANDIDATES) as u64,
    ready: facility_location,
};
pub const AGGREGATION: Kernel = Kernel {
    name: "aggregation pass",
    unit: "slot",
    units: SLOTS as u64,
    ready: aggregation,
};

pub const MODES: usize = 8;
/// Prompts of a data set that policies are fitted to.
pub const PROMPTS: usize = 256;
/// Responses of a minibatch.
pub const MINIBATCH: usize = 64;
/// Hidden units of the network.
pub const HIDDEN: usize = 8;
pub const CANDIDATES: usize = 64;
pub const KEPT: usize = 8;
/// Pools that are picked from in turn: none is met often enough to be learned by heart by a branch predictor.
const POOLS: usize = 16;
const LAW_PROMPTS: usize = 64;
const DEPTH: usize = 64;
const RESPONSES: usize = 8;
const SLOTS: usize = 1024;

const SHARED: Descent = Descent {
    rate: 0.25,
    steps: 300,
    tolerance: 0.0,
    ..Descent::USUAL
};

const FULL: Training = Training {
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

const MINIBATCHES: Training = Training {
    optimiser: Optimiser::Gradient {
        rate: 0.1,
        momentum: 0.9,
        schedule: Schedule::Cosine,
    },
    steps: 200,
    batch: Batch::Shuffled(MINIBATCH as u32),
    ..FULL
};

fn stream(purpose: &str, item: u32) -> Stream {
    Streams::new("kernels").purpose(purpose).stream(0, item)
}

/// One block of the variance law at N_p = 64 and seven K, as commands draw and sum it.
fn variance_law() -> Box<dyn FnMut()> {
    let arm = |responses| Method {
        pool: PoolArm::all(LAW_PROMPTS as u32, responses),
        theta: Theta::Uniform,
    };
    let arms = [1, 2, 4, 8, 16, 32, DEPTH as u32].map(arm).to_vec();
    let base = BaseWeights::geometric(MODES, 0.638).expect("eight positive weights");
    let study = Selection::new(1, Arc::new(Dirichlet::new(base, 8.0)), arms, vec![Measure::ModeMass]).expect("arms");
    let ready = study
        .prepare(&ExactCache::empty())
        .expect("nothing to prepare can fail");
    // A worker borrows what is prepared; both live as long as the program.
    let ready = Box::leak(Box::new(ready));
    let mut worker = ready.worker();
    Box::new(move || {
        let mut tally = Tally::new(study.spec(), 0..BATCH);
        worker.run(0..BATCH, &mut tally);
        black_box(tally);
    })
}

fn shared_descent() -> Box<dyn FnMut()> {
    let mut stream = stream("descent", 0);
    let mut target = vec![[0.0; LANES]; SETS * MODES];
    for rows in target.chunks_exact_mut(MODES) {
        let numbers = rows.as_flattened_mut().iter_mut();
        numbers.for_each(|w| *w = 0.05 + stream.uniform());
        for l in 0..LANES {
            let total: f64 = rows.iter().map(|row| row[l]).sum();
            rows.iter_mut().for_each(|row| row[l] /= total);
        }
    }
    let mut scratch = vec![[0.0; LANES]; Descent::scratch(SETS * MODES)];
    Box::new(move || {
        let mut logits = [[0.0; LANES]; SETS * MODES];
        black_box(SHARED.fit_together(black_box(&target), &mut logits, &mut scratch));
    })
}

/// Eight fits to data sets of 256 prompts with eight responses each.
fn fit(family: Family, training: Training) -> Box<dyn FnMut()> {
    let coordinates = 1 + family.inputs();
    let mut features = vec![[0.0; LANES]; PROMPTS * coordinates];
    let mut target = vec![[0.0; LANES]; PROMPTS * MODES];
    for l in 0..LANES {
        let mut stream = stream("data", l as u32);
        for x in features.chunks_exact_mut(coordinates) {
            x.iter_mut()
                .for_each(|row| row[l] = normal_from_uniform(stream.uniform()));
            x[0][l] = 1.0;
        }
        for shares in target.chunks_exact_mut(MODES) {
            for _ in 0..RESPONSES {
                shares[(stream.uniform() * MODES as f64) as usize][l] += 1.0 / RESPONSES as f64;
            }
        }
    }
    let start = family.start(MODES, &mut stream("start", 0));
    let start: Vec<Lanes<f64>> = start.into_iter().map(|x| [x; LANES]).collect();
    let (mut fitter, mut theta) = (Fitter::new(family, MODES, training), start.clone());
    let order = LaneStreams::open(Streams::new("kernels").purpose("order"), 0, 0);
    Box::new(move || {
        let examples = Examples {
            prompts: PROMPTS,
            coordinates,
            modes: MODES,
            features: &features,
            target: &target,
            weights: None,
            responses: RESPONSES,
        };
        theta.copy_from_slice(&start);
        black_box(fitter.fit(black_box(&examples), &mut theta, Some(&mut order.clone())));
    })
}

/// Eight of 64, from similarities that are given.
fn facility_location() -> Box<dyn FnMut()> {
    const COORDINATES: usize = 16;
    let mut stream = stream("pools", 0);
    let centres: Vec<f64> = (0..8 * COORDINATES).map(|_| stream.uniform() - 0.5).collect();
    let mut pool = || {
        let mut embedding = |at: usize| centres[at % centres.len()] + 0.6 * (stream.uniform() - 0.5);
        let embeddings: Vec<f64> = (0..CANDIDATES * COORDINATES).map(&mut embedding).collect();
        let words: Vec<u64> = (0..CANDIDATES).map(|_| stream.word()).collect();
        let mut similarity = vec![0.0; CANDIDATES * CANDIDATES];
        let filled = Similarity::Cosine.fill(&embeddings, COORDINATES, &mut Vec::new(), &mut similarity);
        filled.expect("directions");
        (similarity, words)
    };
    let pools: Vec<_> = (0..POOLS).map(|_| pool()).collect();
    let (mut picker, rule) = (Picker::new(CANDIDATES), Rule::new(Selector::Diverse));
    Box::new(move || {
        for (similarity, words) in &pools {
            let pool = Pool {
                rewards: &[],
                similarity,
                stride: CANDIDATES,
                computed: true,
                words,
                embeddings: &[],
                dimension: 0,
                candidates: CANDIDATES,
            };
            black_box(picker.pick(&rule, black_box(&pool), KEPT).expect("a fit pool"));
        }
    })
}

/// Two layers of five drafts and the answer, uniforms given.
fn aggregation() -> Box<dyn FnMut()> {
    const FEATURES: usize = 6;
    const WIDTH: usize = 5;
    const DEPTH: usize = 2;
    let (mut stream, groups) = (stream("slots", 0), SLOTS / LANES);
    let mut rows = |count: usize, of: fn(f64) -> f64| -> Vec<Lanes<f64>> {
        let mut row = |_| std::array::from_fn(|_| of(stream.uniform()));
        (0..count).map(&mut row).collect()
    };
    let features = rows(groups * MODES * FEATURES, normal_from_uniform);
    let [prior, evidence] = [(); 2].map(|()| rows(groups * MODES, normal_from_uniform));
    let uniforms = [(); DEPTH].map(|()| rows(groups * WIDTH, |u| u));
    let weights = Weights::new(&[0.87, 0.23, 0.0, 0.0, 0.0, 0.0], [-0.46, 0.40, 0.64, 0.54]);
    let pass = Pass {
        lapse: 0.25,
        pseudo_votes: 0.5,
    };
    let [mut p, mut counts] = [(); 2].map(|()| vec![[0.0; LANES]; groups * MODES]);
    Box::new(move || {
        let seen = SlotRows {
            modes: MODES,
            features: &features,
            prior: &prior,
            evidence: &evidence,
        };
        let proposer = Proposer::new(&weights, pass, black_box(seen));
        proposer.direct(0.7, &mut p);
        for uniforms in &uniforms {
            counts.fill([0.0; LANES]);
            draw(&p, MODES, (uniforms, WIDTH), 0..WIDTH, &mut counts, (&[], &mut []));
            proposer.aggregate(&counts, WIDTH as u32, 0.7, &mut p);
        }
        black_box(&p);
    })
}
