//! Owns small nets that read their own prefix: a gated recurrent unit, and one head of causal attention with a layer after it.
//!
//! All prefixes of responses form a tree, and a net's state at a prefix serves every response that begins with it: a pass goes through each of
//! the 1 + V + ... + V^(n-1) prefixes once, not through every position of every response. Prefixes are numbered breadth first, as in
//! [`Contexts::tree`](crate::theory::sequences::Contexts::tree): increment d leads from prefix s to V s + 1 + d. A loss depends on the data through
//! how often a response makes each increment after each prefix alone. Everything is on rows of lanes, eight nets at once.
//!
//! - [`Net`]: which net; parameters, starts, and passes.
//! - [`NetFitter`]: fits by Adam on the whole data.

mod attention;
mod fitter;
mod gru;
mod parts;
#[cfg(test)]
mod tests;

pub use fitter::NetFitter;

use crate::numerics::lanes::{LANES, Lanes, Level, dispatch};
use crate::numerics::special::normal_from_uniform;
use crate::numerics::stream::Streams;
use parts::{Shape, Vector, WIDTH, log_softmax, read_out};

/// A net whose states have six numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Net {
    /// A gated recurrent unit (Cho et al. 2014), which reads increments one after the other. The state of the empty prefix is 0.
    Gru,
    /// Increments and positions are embedded; one head of causal attention (Vaswani et al. 2017) from the last of them, added to it, then a layer
    /// of tanh, added again.
    Attention,
}

/// What a pass keeps of each prefix.
#[derive(Debug, Default)]
pub(in crate::policy::nets) struct Scratch {
    /// What is read out of, and the slopes of the loss in it.
    states: Vec<Vector>,
    slopes: Vec<Vector>,
    gru: gru::Trace,
    attention: attention::Trace,
}

impl Net {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Gru, Self::Attention];

    /// Its parameters, for responses of so many increments, each one of `tokens`. Logits are read out for every token.
    pub fn parameters(self, tokens: usize, length: usize) -> usize {
        let shape = Shape { tokens, length };
        let inside = match self {
            Self::Gru => gru::Layout::of(shape).end,
            Self::Attention => attention::Layout::of(shape).end,
        };
        inside + tokens * (WIDTH + 1)
    }

    /// A random start, `which` of many: weights are normal, of variance 1 over the width, and shifts are 0. It is part of the method and not
    /// of the data: the same in all experiments.
    pub fn start(self, tokens: usize, length: usize, which: u32) -> Vec<f64> {
        let shape = Shape { tokens, length };
        let count = self.parameters(tokens, length);
        let mut stream = Streams::new("starts of nets")
            .purpose("weights")
            .stream(u64::from(which), self as u32);
        let scale = 1.0 / (WIDTH as f64).sqrt();
        let shifts = match self {
            Self::Gru => gru::Layout::of(shape).shifts(),
            Self::Attention => attention::Layout::of(shape).shifts(),
        };
        let weight = |at| {
            let own = scale * normal_from_uniform(stream.uniform());
            let is_shift = shifts.contains(&at) || at >= count - tokens;
            if is_shift { 0.0 } else { own }
        };
        (0..count).map(weight).collect()
    }

    /// Writes the slopes of sum over prefixes and increments of -cells ln p in all parameters, eight nets at once: parameters rows.
    fn slopes(
        self,
        level: Level,
        shape: Shape,
        theta: &[Lanes<f64>],
        cells: &[Lanes<f64>],
        scratch: &mut Scratch,
        out: &mut [Lanes<f64>],
    ) {
        slopes::run_at(level, self, shape, theta, cells, scratch, out);
    }

    /// Writes ln p of each increment after each prefix: prefixes x tokens rows.
    fn log_probabilities(
        self,
        level: Level,
        shape: Shape,
        theta: &[Lanes<f64>],
        scratch: &mut Scratch,
        out: &mut [Lanes<f64>],
    ) {
        log_probabilities::run_at(level, self, shape, theta, scratch, out);
    }

    /// The slopes of -ln p of each cell, an increment after a prefix, in all parameters of one net: cells x parameters.
    pub fn gradients(self, tokens: usize, length: usize, theta: &[f64]) -> Vec<f64> {
        let shape = Shape { tokens, length };
        let (cells, parameters) = (shape.prefixes() * tokens, theta.len());
        let same: Vec<Lanes<f64>> = theta.iter().map(|&x| [x; LANES]).collect();
        let (mut scratch, mut slopes) = (Scratch::default(), vec![[0.0; LANES]; parameters]);
        let mut found = vec![0.0; cells * parameters];
        // A lane for each of eight cells.
        for (chunk, rows) in found.chunks_mut(LANES * parameters).enumerate() {
            let mut data = vec![[0.0; LANES]; cells];
            let here = rows.len() / parameters;
            (0..here).for_each(|l| data[chunk * LANES + l][l] = 1.0);
            self.slopes(Level::current(), shape, &same, &data, &mut scratch, &mut slopes);
            for (l, row) in rows.chunks_exact_mut(parameters).enumerate() {
                row.iter_mut().zip(&slopes).for_each(|(out, slope)| *out = slope[l]);
            }
        }
        found
    }
}

#[inline(always)]
fn forward(net: Net, shape: Shape, theta: &[Lanes<f64>], scratch: &mut Scratch) {
    let Scratch {
        states, gru, attention, ..
    } = scratch;
    states.resize(shape.prefixes(), [[0.0; LANES]; WIDTH]);
    match net {
        Net::Gru => gru::forward(shape, theta, states, gru),
        Net::Attention => attention::forward(shape, theta, states, attention),
    }
}

#[inline(always)]
fn slopes_kernel(
    net: Net,
    shape: Shape,
    theta: &[Lanes<f64>],
    cells: &[Lanes<f64>],
    scratch: &mut Scratch,
    out: &mut [Lanes<f64>],
) {
    forward(net, shape, theta, scratch);
    out.fill([0.0; LANES]);
    let inside = theta.len() - shape.tokens * (WIDTH + 1);
    let ((theta, last), (out, last_out)) = (theta.split_at(inside), out.split_at_mut(inside));
    let Scratch {
        states,
        slopes,
        gru,
        attention,
    } = scratch;
    slopes.resize(states.len(), [[0.0; LANES]; WIDTH]);
    read_out(shape.tokens, last, cells, states, slopes, last_out);
    match net {
        Net::Gru => gru::backward(shape, theta, states, slopes, gru, out),
        Net::Attention => attention::backward(shape, theta, slopes, attention, out),
    }
}

dispatch!(mod slopes = slopes_kernel(
    net: Net,
    shape: Shape,
    theta: &[Lanes<f64>],
    cells: &[Lanes<f64>],
    scratch: &mut Scratch,
    out: &mut [Lanes<f64>],
));

#[inline(always)]
fn log_probabilities_kernel(
    net: Net,
    shape: Shape,
    theta: &[Lanes<f64>],
    scratch: &mut Scratch,
    out: &mut [Lanes<f64>],
) {
    forward(net, shape, theta, scratch);
    let inside = theta.len() - shape.tokens * (WIDTH + 1);
    log_softmax(shape.tokens, &theta[inside..], &scratch.states, out);
}

dispatch!(mod log_probabilities = log_probabilities_kernel(
    net: Net,
    shape: Shape,
    theta: &[Lanes<f64>],
    scratch: &mut Scratch,
    out: &mut [Lanes<f64>],
));
