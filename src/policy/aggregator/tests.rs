//! Losses against central differences, passes against one slot by hand, draws against frequencies, and the shared softmax where both are
//! the same.

use super::*;
use crate::numerics::elementary::ln;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::softmax::softmax;
use crate::numerics::stream::{Stream, Streams};
use crate::policy::{Schedule, SharedSoftmax};

const MODES: usize = 5;
const WIDTH: usize = 3;
const QUERIES: usize = 12;

fn stream(name: &str) -> Stream {
    Streams::new("aggregator").purpose(name).stream(0, 0)
}

/// Numbers from -1 to 1.
fn lanes(count: usize, name: &str) -> Vec<Lanes<f64>> {
    let mut stream = stream(name);
    (0..count)
        .map(|_| std::array::from_fn(|_| 2.0 * stream.uniform() - 1.0))
        .collect()
}

/// Twelve queries of eleven slots, in two groups each.
struct Data {
    features: Vec<Lanes<f64>>,
    prior: Vec<Lanes<f64>>,
    evidence: Vec<Lanes<f64>>,
    counts: Vec<Lanes<f64>>,
    target: Vec<Lanes<f64>>,
    drafted: Drafted,
    active: Vec<Lanes<f64>>,
}

const PASS: Pass = Pass {
    lapse: 0.25,
    pseudo_votes: 0.5,
};

impl Data {
    fn new() -> Self {
        let rows = QUERIES * 2 * MODES;
        let features = lanes(rows * WIDTH, "features");
        let prior: Vec<Lanes<f64>> = features
            .chunks_exact(WIDTH)
            .map(|x| std::array::from_fn(|l| 0.6 * x[0][l] + 0.6 * x[1][l]))
            .collect();
        let evidence = lanes(rows, "evidence");
        let (mut counts, mut target) = (vec![[0.0; LANES]; rows], vec![[0.0; LANES]; rows]);
        let flat = vec![[1.0 / MODES as f64; LANES]; rows];
        let uniforms: Vec<Lanes<f64>> = lanes(QUERIES * 2 * 4, "u")
            .iter()
            .map(|u| u.map(|u| 0.5 + 0.5 * u))
            .collect();
        draw(&flat, MODES, (&uniforms, 4), 0..3, &mut counts, (&[], &mut []));
        draw(&flat, MODES, (&uniforms, 4), 3..4, &mut target, (&[], &mut []));
        let presence: Vec<Lanes<f64>> = counts
            .iter()
            .map(|n| n.map(|n| if n > 0.0 { 1.0 } else { 0.0 }))
            .collect();
        Self {
            drafted: Drafted {
                votes: counts
                    .iter()
                    .map(|n| n.map(|n| PASS.votes(n as u32, 3, MODES)))
                    .collect(),
                checked: presence
                    .iter()
                    .zip(&evidence)
                    .map(|(z, s)| std::array::from_fn(|l| z[l] * s[l]))
                    .collect(),
                presence,
            },
            features,
            prior,
            evidence,
            counts,
            target,
            active: vec![[1.0; LANES], std::array::from_fn(|l| if l < 3 { 1.0 } else { 0.0 })],
        }
    }

    fn examples(&self, drafts: bool) -> Examples<'_> {
        Examples {
            rows: Rows {
                modes: MODES,
                features: &self.features,
                prior: &self.prior,
                drafts: drafts.then_some(&self.drafted),
                target: &self.target,
                active: &self.active,
            },
            groups: 2,
            slots: 11,
        }
    }
}

fn weights() -> Weights {
    Weights::new(&[0.7, -0.3, 0.2], [-0.4, 0.5, 0.6, -0.2])
}

fn moved(weights: &Weights, place: usize, by: f64) -> Weights {
    let mut all = weights.all().to_vec();
    all[place] += by;
    Weights(all)
}

#[test]
fn slopes_and_curvature_are_those_of_central_differences() {
    let data = Data::new();
    let (weights, h) = (weights(), 1e-5);
    for examples in [data.examples(true), data.examples(false)] {
        let slopes = examples.gradient(&weights, 0.25);
        let hessian = examples.hessian(&weights, 0.25);
        for i in 0..slopes.len() {
            let [up, down] = [h, -h].map(|by| moved(&weights, i, by));
            let difference = (examples.loss(&up, 0.25) - examples.loss(&down, 0.25)) / (2.0 * h);
            assert!((slopes[i] - difference).abs() < 1e-9, "{i}: {} {difference}", slopes[i]);
            let [up, down] = [&up, &down].map(|own| examples.gradient(own, 0.25));
            for j in 0..slopes.len() {
                let difference = (up[j] - down[j]) / (2.0 * h);
                assert!((hessian.at(i, j) - difference).abs() < 1e-9, "{i} {j}");
            }
        }
        // The control: without drafts three parameters are seen nowhere.
        assert_eq!(
            slopes[WIDTH + 1..].iter().all(|slope| *slope == 0.0),
            examples.rows.drafts.is_none()
        );
    }
}

/// One slot by hand: logits as stated in the module, two passes, and their mixture.
#[test]
fn a_pass_is_the_mixture_of_its_two_recall_bits() {
    let (data, weights) = (Data::new(), weights());
    let rows = SlotRows {
        modes: MODES,
        features: &data.features,
        prior: &data.prior,
        evidence: &data.evidence,
    };
    let proposer = Proposer::new(&weights, PASS, rows);
    let mut found = vec![[0.0; LANES]; data.prior.len()];
    // Of so many drafts votes are looked up in another way.
    const MANY: u32 = 40;
    for (temperature, width) in [(1.0, MANY), (1.0, 3), (0.7, 3)] {
        proposer.aggregate(&data.counts, width, temperature, &mut found);
        for (group, lane) in [(0, 0), (5, 7), (23, 2)] {
            let by_hand = |recall: f64| {
                let mut logits: Vec<f64> = (0..MODES)
                    .map(|m| {
                        let row = group * MODES + m;
                        let (n, s) = (data.counts[row][lane], data.evidence[row][lane]);
                        let opinion = |w: &[f64]| -> f64 {
                            (0..WIDTH).map(|d| w[d] * data.features[row * WIDTH + d][lane]).sum()
                        };
                        let own = opinion(&[0.7, -0.3, 0.2]) - 0.4 * opinion(&[0.6, 0.6, 0.0]);
                        let seen = if n > 0.0 { 0.6 * s - 0.2 } else { 0.0 };
                        let votes = ln((n + 0.5) / (f64::from(width) + 5.0 * 0.5));
                        (recall * own + 0.5 * votes + seen) / temperature
                    })
                    .collect();
                softmax(&mut logits);
                logits
            };
            let (recalled, lapsed) = (by_hand(1.0), by_hand(0.0));
            for m in 0..MODES {
                let expected = 0.75 * recalled[m] + 0.25 * lapsed[m];
                assert!((found[group * MODES + m][lane] - expected).abs() < 1e-14);
            }
        }
    }
    // Some of the groups alone are answered alike, at their own votes.
    let (part, mut alone) = (5 * MODES..7 * MODES, vec![[0.0; LANES]; 2 * MODES]);
    let mut in_part = |counts: &[Lanes<f64>]| {
        proposer.part(5..7).aggregate(counts, 3, 0.7, &mut alone);
        alone.clone()
    };
    assert_eq!(in_part(&data.counts[part.clone()]), found[part.clone()]);
    assert_ne!(in_part(&data.counts), found[part]);
    // At a low temperature the likeliest mode of each pass is what it takes; at .7 it is not.
    let mut greedy = found.clone();
    proposer.greedy(Some((&data.counts, 3)), &mut greedy);
    let distance = |a: &[Lanes<f64>]| {
        a.iter()
            .zip(&greedy)
            .flat_map(|(a, b)| (0..LANES).map(|l| (a[l] - b[l]).abs()))
            .fold(0.0, f64::max)
    };
    assert!(distance(&found) > 0.2);
    proposer.aggregate(&data.counts, 3, 1e-6, &mut found);
    assert!(distance(&found) < 1e-6);
}

#[test]
fn drafts_are_drawn_as_often_as_they_are_likely() {
    const DRAFTS: usize = 20_000;
    let p: [f64; MODES] = [0.1, 0.0, 0.4, 0.3, 0.2];
    let rows: Vec<Lanes<f64>> = p.iter().map(|&p| [p; LANES]).collect();
    let mut stream = stream("drafts");
    let uniforms: Vec<Lanes<f64>> = (0..DRAFTS).map(|_| std::array::from_fn(|_| stream.uniform())).collect();
    let values: Vec<Lanes<f64>> = (0..MODES).map(|m| [m as f64; LANES]).collect();
    let (mut counts, mut found) = (vec![[0.0; LANES]; MODES], vec![[0.0; LANES]; DRAFTS]);
    draw(
        &rows,
        MODES,
        (&uniforms, DRAFTS),
        0..DRAFTS,
        &mut counts,
        (&values, &mut found),
    );
    let n = DRAFTS as f64;
    for (count, p) in counts.iter().zip(p) {
        // Forty counts within four standard errors of a binomial.
        let error = (n * p * (1.0 - p)).sqrt();
        assert!(
            count.iter().all(|count| (count - n * p).abs() <= 4.0 * error),
            "{counts:?}"
        );
    }
    for l in 0..LANES {
        let sum: f64 = found.iter().map(|found| found[l]).sum();
        let expected: f64 = counts.iter().enumerate().map(|(m, count)| m as f64 * count[l]).sum();
        assert_eq!(sum, expected);
    }
    // Drawn in two parts they are the same.
    let mut parts = vec![[0.0; LANES]; MODES];
    for part in [0..7, 7..DRAFTS] {
        draw(&rows, MODES, (&uniforms, DRAFTS), part, &mut parts, (&[], &mut []));
    }
    assert_eq!(parts, counts);
}

#[test]
fn ties_of_a_plurality_share_it() {
    let counts: Vec<Lanes<f64>> = [2.0, 1.0, 2.0].map(|n| [n; LANES]).to_vec();
    let values: Vec<Lanes<f64>> = [1.0, 0.0, 0.0].map(|v| [v; LANES]).to_vec();
    assert_eq!(plurality(&counts, &values, 3), vec![[0.5; LANES]]);
}

/// One slot, no lapses and features that name the mode: the policy of the other worlds that is the same for all prompts. Losses, slopes and
/// hence fits are those of the shared softmax.
#[test]
fn one_slot_with_indicators_is_the_shared_softmax() {
    let theta = [0.3, -0.2, 0.9, 0.1];
    let targets = [0, 2, 2, 1, 3, 2, 0, 2];
    let at = |on: bool| if on { 1.0 } else { 0.0 };
    // A query per lane would need one slot each: eight queries of one slot take a group each.
    let features: Vec<Lanes<f64>> = (0..8 * 4 * 4).map(|row| [at(row % 4 == row / 4 % 4); LANES]).collect();
    let target: Vec<Lanes<f64>> = (0..8 * 4).map(|row| [at(targets[row / 4] == row % 4); LANES]).collect();
    let prior = vec![[0.0; LANES]; 8 * 4];
    let active = [std::array::from_fn(|l| at(l == 0))];
    let examples = Examples {
        rows: Rows {
            modes: 4,
            features: &features,
            prior: &prior,
            drafts: None,
            target: &target,
            active: &active,
        },
        groups: 1,
        slots: 1,
    };
    let weights = Weights::new(&theta, [0.0; 4]);
    let shares: Vec<f64> = (0..4)
        .map(|m| targets.iter().filter(|&&t| t == m).count() as f64 / 8.0)
        .collect();
    let shared = SharedSoftmax::from_logits(&theta);
    assert!((examples.loss(&weights, 0.0) - shared.nll(&shares)).abs() < 1e-14);
    for (slope, expected) in examples.gradient(&weights, 0.0).iter().zip(shared.gradient(&shares)) {
        assert!((slope - expected).abs() < 1e-14);
    }
    // The minimum is the shares themselves.
    let minimum = examples.minimum(&weights, 0.0);
    let mut fitted = minimum.features().to_vec();
    softmax(&mut fitted);
    assert!(
        fitted.iter().zip(&shares).all(|(p, share)| (p - share).abs() < 1e-6),
        "{fitted:?}"
    );
}

#[test]
fn descents_fall_to_the_minimum_and_hands_them_no_parameter_that_is_unseen() {
    let data = Data::new();
    let examples = data.examples(false);
    let start = weights();
    let minimum = examples.minimum(&start, 0.25);
    assert!(examples.gradient(&minimum, 0.25).iter().all(|slope| slope.abs() < 1e-9));
    let full = Descent {
        rate: 1.0,
        steps: 4000,
        schedule: Schedule::Constant,
        minibatch: None,
    };
    let go = |descent| {
        let [mut choices, mut recall] = ["choices", "recall"].map(stream);
        let begun = Ended::at(start.clone());
        examples.descend(begun, descent, 0.25, [&mut choices, &mut recall], &|| false)
    };
    let ended = go(full);
    assert!((examples.loss(&ended.weights, 0.25) - examples.loss(&minimum, 0.25)).abs() < 1e-9);
    assert!(ended.losses.windows(2).all(|pair| pair[1] <= pair[0] + 1e-15));
    assert_eq!(ended.weights.all()[WIDTH..], start.all()[WIDTH..]);
    // Minibatches of eight, with fresh recall bits, end near it: their last losses average what all examples give.
    let noisy = go(Descent {
        rate: 0.3,
        minibatch: Some(8),
        schedule: Schedule::Cosine,
        ..full
    });
    let excess = examples.loss(&noisy.weights, 0.25) - examples.loss(&minimum, 0.25);
    assert!((0.0..2e-3).contains(&excess), "{excess}");
    assert!(examples.sharpness(&minimum, 0.25) > 0.0 && examples.sharpness(&minimum, 0.25) < 2.0);
}

/// Training that goes on from where a shorter one ended is training in one go, where it may.
#[test]
fn a_descent_that_goes_on_has_the_bits_of_one_in_one_go() {
    let data = Data::new();
    let examples = data.examples(true);
    let go = |begun: Ended, descent: Descent| {
        let [mut choices, mut recall] = ["choices", "recall"].map(stream);
        examples.descend(begun, descent, 0.25, [&mut choices, &mut recall], &|| false)
    };
    let full = Descent {
        rate: 0.5,
        steps: 30,
        schedule: Schedule::Constant,
        minibatch: None,
    };
    let cosine = Descent {
        schedule: Schedule::Cosine,
        ..full
    };
    let minibatch = Descent {
        minibatch: Some(8),
        ..full
    };
    for (whole, goes_on) in [(full, true), (cosine, false), (minibatch, false)] {
        let (short, start) = (Descent { steps: 11, ..whole }, Ended::at(weights()));
        assert_eq!(whole.is_begun_by(&short), goes_on);
        let (on, at_once) = (go(go(start.clone(), short), whole), go(start, whole));
        assert_eq!(on.weights == at_once.weights, goes_on);
        assert_eq!(on.losses == at_once.losses, goes_on);
        assert!(!short.is_begun_by(&whole) && !whole.is_begun_by(&Descent { rate: 0.4, ..short }));
    }
}
