//! Owns one head of causal attention and a layer after it: of a prefix d_1 .. d_t, x_0 = E_start + P_0 and x_j = E_{d_j} + P_j; from the last of
//! them, softmax over j <= t of q_t' k_j/sqrt(width) weighs the v_j, with q, k and v products of the x (Vaswani et al. 2017). Their sum added to x_t is
//! h, and the state is h + tanh(W h + b).
//!
//! What is embedded depends on an increment and its place alone, so there are 1 + (n - 1) V of it, however many prefixes.

use super::parts::{
    Shape, Vector, WIDTH, ZERO, add_outer, add_product, add_rows, add_scaled, add_transposed, dot, plus, tanh, vector,
};
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::family::kernels::powers;
use std::ops::Range;

/// Where parameters stand: embeddings of increments and of the start, of positions, Q, K, V, the layer and its shift.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    positions: usize,
    heads: usize,
    layer: usize,
    /// One past them.
    pub end: usize,
}

const SQUARE: usize = WIDTH * WIDTH;

/// The longest response: prefixes of it and the start.
const LONGEST: usize = 64;

impl Layout {
    pub fn of(shape: Shape) -> Self {
        let positions = (shape.tokens + 1) * WIDTH;
        let heads = positions + shape.length * WIDTH;
        let layer = heads + 3 * SQUARE;
        Self {
            positions,
            heads,
            layer,
            end: layer + SQUARE + WIDTH,
        }
    }

    /// Those that start at 0.
    pub fn shifts(&self) -> Range<usize> {
        self.layer + SQUARE..self.end
    }

    fn embedding(&self, increment: usize) -> Range<usize> {
        increment * WIDTH..(increment + 1) * WIDTH
    }

    fn position(&self, position: usize) -> Range<usize> {
        let at = self.positions + position * WIDTH;
        at..at + WIDTH
    }

    /// Q, K or V.
    fn head(&self, which: usize) -> Range<usize> {
        let at = self.heads + which * SQUARE;
        at..at + SQUARE
    }

    fn layer(&self) -> Range<usize> {
        self.layer..self.layer + SQUARE
    }
}

const Q: usize = 0;
const K: usize = 1;
const V: usize = 2;

/// What is embedded, with q, k and v of each; of prefixes the weights of their paths, n rows for each, h and what the layer adds.
#[derive(Debug, Default)]
pub(super) struct Trace {
    inputs: Vec<Vector>,
    heads: [Vec<Vector>; 3],
    weights: Vec<Lanes<f64>>,
    summed: Vec<Vector>,
    layers: Vec<Vector>,
    /// Slopes in q, k, v, and in what is embedded.
    slopes: [Vec<Vector>; 3],
    back: Vec<Vector>,
}

/// An embedding and position of each input: the increment, or V for the start.
fn input(shape: Shape, at: usize) -> (usize, usize) {
    match at {
        0 => (shape.tokens, 0),
        _ => ((at - 1) % shape.tokens, 1 + (at - 1) / shape.tokens),
    }
}

/// The inputs of a prefix from the start to its last increment: `path` of them are filled.
#[inline(always)]
fn path(shape: Shape, prefix: usize, length: usize, path: &mut [usize; LONGEST]) {
    let mut at = prefix;
    for place in (1..length).rev() {
        path[place] = 1 + (place - 1) * shape.tokens + (at - 1) % shape.tokens;
        at = (at - 1) / shape.tokens;
    }
    path[0] = 0;
}

/// How many inputs each prefix has, the start among them.
fn lengths(shape: Shape) -> impl Iterator<Item = usize> {
    let of_length = move |length: usize| std::iter::repeat_n(length, shape.tokens.pow(length as u32 - 1));
    (1..=shape.length).flat_map(of_length)
}

/// Writes the weights of attention of a prefix, in the order of its path.
#[inline(always)]
fn attend(heads: &[Vec<Vector>; 3], path: &[usize], weights: &mut [Lanes<f64>]) {
    let scale = 1.0 / (WIDTH as f64).sqrt();
    let q = &heads[Q][path[path.len() - 1]];
    for (out, &input) in weights.iter_mut().zip(path) {
        *out = dot(q, &heads[K][input]);
        for l in 0..LANES {
            out[l] *= scale;
        }
    }
    let scale = powers(weights, 1.0);
    for row in weights {
        for l in 0..LANES {
            row[l] *= scale[l];
        }
    }
}

/// The states of all prefixes.
#[inline(always)]
pub(super) fn forward(shape: Shape, theta: &[Lanes<f64>], states: &mut [Vector], trace: &mut Trace) {
    let at = Layout::of(shape);
    let inputs = 1 + (shape.length - 1) * shape.tokens;
    trace.inputs.resize(inputs, ZERO);
    trace.weights.resize(states.len() * shape.length, [0.0; LANES]);
    trace.summed.resize(states.len(), ZERO);
    trace.layers.resize(states.len(), ZERO);
    for own in 0..inputs {
        let (increment, position) = input(shape, own);
        let x = plus(
            &vector(&theta[at.embedding(increment)]),
            &vector(&theta[at.position(position)]),
        );
        trace.inputs[own] = x;
        for which in [Q, K, V] {
            trace.heads[which].resize(inputs, ZERO);
            let mut product = ZERO;
            add_product(&mut product, &theta[at.head(which)], &x);
            trace.heads[which][own] = product;
        }
    }
    for (prefix, length) in lengths(shape).enumerate() {
        let mut seen = [0; LONGEST];
        path(shape, prefix, length, &mut seen);
        let seen = &seen[..length];
        let weights = &mut trace.weights[prefix * shape.length..][..length];
        attend(&trace.heads, seen, weights);
        let mut h = trace.inputs[seen[length - 1]];
        for (weight, &input) in weights.iter().zip(seen) {
            add_scaled(&mut h, weight, &trace.heads[V][input]);
        }
        let mut layer = vector(&theta[at.shifts()]);
        add_product(&mut layer, &theta[at.layer()], &h);
        let layer = tanh(&layer);
        trace.summed[prefix] = h;
        trace.layers[prefix] = layer;
        states[prefix] = plus(&h, &layer);
    }
}

/// Adds the slopes in parameters, from those in states.
#[inline(always)]
pub(super) fn backward(
    shape: Shape,
    theta: &[Lanes<f64>],
    slopes: &[Vector],
    trace: &mut Trace,
    out: &mut [Lanes<f64>],
) {
    let at = Layout::of(shape);
    let inputs = trace.inputs.len();
    for rows in trace.slopes.iter_mut().chain([&mut trace.back]) {
        rows.clear();
        rows.resize(inputs, ZERO);
    }
    for (prefix, length) in lengths(shape).enumerate() {
        let mut seen = [0; LONGEST];
        path(shape, prefix, length, &mut seen);
        let (layer, mut h) = (&trace.layers[prefix], slopes[prefix]);
        let mut bent = ZERO;
        for i in 0..WIDTH {
            for l in 0..LANES {
                bent[i][l] = slopes[prefix][i][l] * (1.0 - layer[i][l] * layer[i][l]);
            }
        }
        add_transposed(&mut h, &theta[at.layer()], &bent);
        add_outer(&mut out[at.layer()], &bent, &trace.summed[prefix]);
        add_rows(&mut out[at.shifts()], &bent);
        attend_back(trace, prefix * shape.length, &seen[..length], &h);
    }
    for own in 0..inputs {
        let (increment, position) = input(shape, own);
        let mut back = trace.back[own];
        for which in [Q, K, V] {
            let slope = &trace.slopes[which][own];
            add_transposed(&mut back, &theta[at.head(which)], slope);
            add_outer(&mut out[at.head(which)], slope, &trace.inputs[own]);
        }
        add_rows(&mut out[at.embedding(increment)], &back);
        add_rows(&mut out[at.position(position)], &back);
    }
}

/// The slopes in q, k, v and the last input of a prefix whose weights begin at row `first`, from those in h.
#[inline(always)]
fn attend_back(trace: &mut Trace, first: usize, path: &[usize], h: &Vector) {
    let Trace {
        heads,
        weights,
        slopes,
        back,
        ..
    } = trace;
    let (weights, last) = (&weights[first..][..path.len()], path[path.len() - 1]);
    add_scaled(&mut back[last], &[1.0; LANES], h);
    let mut mean = [0.0; LANES];
    for (weight, &input) in weights.iter().zip(path) {
        let own = dot(h, &heads[V][input]);
        for l in 0..LANES {
            mean[l] += weight[l] * own[l];
        }
        add_scaled(&mut slopes[V][input], weight, h);
    }
    let scale = 1.0 / (WIDTH as f64).sqrt();
    let q = heads[Q][last];
    for (weight, &input) in weights.iter().zip(path) {
        let mut own = dot(h, &heads[V][input]);
        for l in 0..LANES {
            own[l] = scale * (weight[l] * (own[l] - mean[l]));
        }
        add_scaled(&mut slopes[Q][last], &own, &heads[K][input]);
        add_scaled(&mut slopes[K][input], &own, &q);
    }
}
