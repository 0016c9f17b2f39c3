//! Owns the gated recurrent unit: z = s(W_z e_d + U_z h + b_z), r = s(W_r e_d + U_r h + b_r), c = tanh(W_c e_d + U_c (r h) + b_c), and after
//! increment d the state is (1 - z) h + z c; s the logistic function, products of vectors by element (Cho et al. 2014).

use super::parts::{
    Shape, Vector, WIDTH, ZERO, add_outer, add_product, add_rows, add_transposed, logistic, plus, tanh, vector,
};
use crate::numerics::lanes::{LANES, Lanes};
use std::ops::Range;

/// Where parameters stand: for z, r and c by turns columns of W, a row per increment; then shifts; then the U.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    tokens: usize,
    shifts: usize,
    recurrent: usize,
    /// One past them.
    pub end: usize,
}

const SQUARE: usize = WIDTH * WIDTH;

/// The gates.
const Z: usize = 0;
const R: usize = 1;
const C: usize = 2;

impl Layout {
    pub fn of(shape: Shape) -> Self {
        let shifts = 3 * shape.tokens * WIDTH;
        let recurrent = shifts + 3 * WIDTH;
        Self {
            tokens: shape.tokens,
            shifts,
            recurrent,
            end: recurrent + 3 * SQUARE,
        }
    }

    /// Those that start at 0.
    pub fn shifts(&self) -> Range<usize> {
        self.shifts..self.recurrent
    }

    /// The column of W of a gate and an increment.
    fn input(&self, gate: usize, increment: usize) -> Range<usize> {
        let at = (gate * self.tokens + increment) * WIDTH;
        at..at + WIDTH
    }

    fn shift(&self, gate: usize) -> Range<usize> {
        let at = self.shifts + gate * WIDTH;
        at..at + WIDTH
    }

    fn matrix(&self, gate: usize) -> Range<usize> {
        let at = self.recurrent + gate * SQUARE;
        at..at + SQUARE
    }
}

/// z, r, c and r h of every prefix but the empty one, by its number.
#[derive(Debug, Default)]
pub(super) struct Trace {
    gates: Vec<[Vector; 4]>,
}

/// The states of all prefixes.
#[inline(always)]
pub(super) fn forward(shape: Shape, theta: &[Lanes<f64>], states: &mut [Vector], trace: &mut Trace) {
    let at = Layout::of(shape);
    trace.gates.resize(states.len(), [ZERO; 4]);
    states[0] = ZERO;
    for parent in 0..shape.parents() {
        let h = states[parent];
        let mut seen = [ZERO; 3];
        for gate in [Z, R, C] {
            seen[gate] = vector(&theta[at.shift(gate)]);
        }
        add_product(&mut seen[Z], &theta[at.matrix(Z)], &h);
        add_product(&mut seen[R], &theta[at.matrix(R)], &h);
        for d in 0..shape.tokens {
            let z = logistic(&plus(&seen[Z], &vector(&theta[at.input(Z, d)])));
            let r = logistic(&plus(&seen[R], &vector(&theta[at.input(R, d)])));
            let mut c = plus(&seen[C], &vector(&theta[at.input(C, d)]));
            let mut reset = ZERO;
            for i in 0..WIDTH {
                for l in 0..LANES {
                    reset[i][l] = r[i][l] * h[i][l];
                }
            }
            add_product(&mut c, &theta[at.matrix(C)], &reset);
            let c = tanh(&c);
            let child = shape.tokens * parent + 1 + d;
            for i in 0..WIDTH {
                for l in 0..LANES {
                    states[child][i][l] = h[i][l] + z[i][l] * (c[i][l] - h[i][l]);
                }
            }
            trace.gates[child] = [z, r, c, reset];
        }
    }
}

/// Adds the slopes in parameters, from those in states, to which the slopes through longer prefixes are added on the way.
#[inline(always)]
pub(super) fn backward(
    shape: Shape,
    theta: &[Lanes<f64>],
    states: &[Vector],
    slopes: &mut [Vector],
    trace: &Trace,
    out: &mut [Lanes<f64>],
) {
    let at = Layout::of(shape);
    for parent in (0..shape.parents()).rev() {
        let h = &states[parent];
        let (mut back, mut sums) = (slopes[parent], [ZERO; 3]);
        for d in 0..shape.tokens {
            let child = shape.tokens * parent + 1 + d;
            let own = gate_slopes(theta, &at, h, &slopes[child], &trace.gates[child], &mut back);
            for gate in [Z, R, C] {
                add_rows(&mut out[at.input(gate, d)], &own[gate]);
                sums[gate] = plus(&sums[gate], &own[gate]);
            }
            add_outer(&mut out[at.matrix(C)], &own[C], &trace.gates[child][3]);
        }
        for gate in [Z, R] {
            add_transposed(&mut back, &theta[at.matrix(gate)], &sums[gate]);
            add_outer(&mut out[at.matrix(gate)], &sums[gate], h);
        }
        [Z, R, C]
            .into_iter()
            .for_each(|gate| add_rows(&mut out[at.shift(gate)], &sums[gate]));
        slopes[parent] = back;
    }
}

/// The slopes in what gates of a child see, from those in its state; adds to those in its parent's what does not go through gates z and r.
#[inline(always)]
fn gate_slopes(
    theta: &[Lanes<f64>],
    at: &Layout,
    h: &Vector,
    slope: &Vector,
    [z, r, c, _]: &[Vector; 4],
    back: &mut Vector,
) -> [Vector; 3] {
    let mut own = [ZERO; 3];
    for i in 0..WIDTH {
        for l in 0..LANES {
            let (slope, z, c) = (slope[i][l], z[i][l], c[i][l]);
            own[Z][i][l] = slope * (c - h[i][l]) * (z * (1.0 - z));
            own[C][i][l] = slope * z * (1.0 - c * c);
            back[i][l] += slope * (1.0 - z);
        }
    }
    let mut reset = ZERO;
    add_transposed(&mut reset, &theta[at.matrix(C)], &own[C]);
    for i in 0..WIDTH {
        for l in 0..LANES {
            let r = r[i][l];
            own[R][i][l] = reset[i][l] * h[i][l] * (r * (1.0 - r));
            back[i][l] += reset[i][l] * r;
        }
    }
    own
}
