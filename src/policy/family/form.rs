//! Owns what tells families apart: how logits follow from parameters, and how slopes in logits go back to them.

use super::columns::{add_rows, through_tanh};
use super::kernels::{Matrix, add_product, product};
use super::responses::reach;
use crate::numerics::elementary::{tanh, tanh_lanes};
use crate::numerics::lanes::{LANES, Lanes, Level};

/// Prompts whose features all have `coordinates` numbers, of which the first is 1.
#[derive(Clone, Copy)]
pub(super) struct Prompts<'a> {
    pub features: &'a [Lanes<f64>],
    pub coordinates: usize,
}

impl<'a> Prompts<'a> {
    pub fn count(&self) -> usize {
        self.features.len() / self.coordinates
    }

    /// The features from one on, as a matrix of a row per prompt.
    fn from(&self, first: usize) -> Matrix<'a> {
        Matrix::of(&self.features[first.min(self.features.len())..], self.coordinates)
    }
}

/// A family for given modes. Kernels run at `level`, which changes no bit.
pub(super) trait Form: Send + Sync {
    fn parameters(&self) -> usize;

    /// How many features it sees, with the constant.
    fn seen(&self) -> usize;

    /// Rows of scratch that a prompt needs.
    fn inner(&self) -> usize {
        0
    }

    /// Writes the parameters in the order in which [`forward`](Self::forward) reads them.
    fn pack(&self, theta: &[Lanes<f64>], packed: &mut [Lanes<f64>]);

    /// What no logit is beyond in size, whatever the prompt is.
    fn reach(&self, _: Level, _: &[Lanes<f64>]) -> Lanes<f64> {
        [f64::INFINITY; LANES]
    }

    /// Writes prompts x modes logits, and leaves in `inner` what [`back`](Self::back) needs.
    fn forward(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        packed: &[Lanes<f64>],
        inner: &mut [Lanes<f64>],
        logits: &mut [Lanes<f64>],
    );

    /// Adds to `gradient` what slopes in the logits (prompts x modes) mean for the parameters.
    fn back(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        theta: &[Lanes<f64>],
        inner: &mut [Lanes<f64>],
        slopes: &[Lanes<f64>],
        gradient: &mut [Lanes<f64>],
    );

    /// d logits / d theta of one policy at one prompt, modes x parameters.
    fn jacobian(&self, theta: &[f64], features: &[f64], out: &mut [f64]);
}

/// Writes the transpose of a matrix of `columns` columns.
fn transpose(rows: &[Lanes<f64>], columns: usize, out: &mut [Lanes<f64>]) {
    let count = rows.len() / columns.max(1);
    for (i, row) in rows.chunks_exact(columns.max(1)).enumerate() {
        for (j, x) in row.iter().enumerate() {
            out[j * count + i] = *x;
        }
    }
}

/// Theta phi, with the last mode's row 0.
pub(super) struct LogLinear {
    pub modes: usize,
    pub inputs: usize,
}

impl Form for LogLinear {
    fn parameters(&self) -> usize {
        (self.modes - 1) * self.seen()
    }

    fn seen(&self) -> usize {
        1 + self.inputs
    }

    fn pack(&self, theta: &[Lanes<f64>], packed: &mut [Lanes<f64>]) {
        transpose(theta, self.seen(), packed);
    }

    fn forward(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        packed: &[Lanes<f64>],
        _: &mut [Lanes<f64>],
        logits: &mut [Lanes<f64>],
    ) {
        let free = self.modes - 1;
        // The first feature is 1: sums begin with what it gives.
        let (constants, slopes) = packed.split_at(free);
        logits
            .chunks_exact_mut(self.modes)
            .for_each(|row| row[free] = [0.0; LANES]);
        let size = [prompts.count(), free, self.inputs];
        let slopes = Matrix::of(slopes, free);
        product(
            level,
            logits,
            self.modes,
            Some(constants),
            prompts.from(1),
            slopes,
            size,
        );
    }

    fn back(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        _: &[Lanes<f64>],
        _: &mut [Lanes<f64>],
        slopes: &[Lanes<f64>],
        gradient: &mut [Lanes<f64>],
    ) {
        let size = [self.modes - 1, self.seen(), prompts.count()];
        let slopes = Matrix::transposed(slopes, self.modes);
        add_product(level, gradient, self.seen(), slopes, prompts.from(0), size);
    }

    fn jacobian(&self, _: &[f64], features: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (m, row) in out
            .chunks_exact_mut(self.parameters().max(1))
            .take(self.modes - 1)
            .enumerate()
        {
            row[m * self.seen()..][..self.seen()].copy_from_slice(&features[..self.seen()]);
        }
    }
}

/// b + W2 f(W1 x): first b, then W2 by mode, then W1 by unit. x is all that is seen and f is tanh, or else x leaves out the
/// constant and f is the identity.
pub(super) struct Layered {
    pub modes: usize,
    pub inputs: usize,
    pub units: usize,
    pub tanh: bool,
}

impl Layered {
    /// The first feature that units see, and how many.
    fn fan_in(&self) -> (usize, usize) {
        if self.tanh { (0, self.seen()) } else { (1, self.inputs) }
    }

    /// From one prompt's units to the next: not a multiple of 4,096 bytes, which a cache would keep in one place.
    fn stride(&self) -> usize {
        if self.units.is_multiple_of(64) {
            self.units + 1
        } else {
            self.units
        }
    }

    /// b, W2 and W1 of parameters.
    fn split<'a, T>(&self, theta: &'a [T]) -> [&'a [T]; 3] {
        let (b, rest) = theta.split_at(self.modes);
        let (outer, inner) = rest.split_at(self.modes * self.units);
        [b, outer, inner]
    }

    fn split_mut<'a, T>(&self, theta: &'a mut [T]) -> [&'a mut [T]; 3] {
        let (b, rest) = theta.split_at_mut(self.modes);
        let (outer, inner) = rest.split_at_mut(self.modes * self.units);
        [b, outer, inner]
    }

    fn unit(&self, weights: &[f64], seen: &[f64]) -> f64 {
        let sum = weights.iter().zip(seen).map(|(w, x)| w * x).sum();
        if self.tanh { tanh(sum) } else { sum }
    }
}

impl Form for Layered {
    fn parameters(&self) -> usize {
        self.modes * (1 + self.units) + self.units * self.fan_in().1
    }

    fn seen(&self) -> usize {
        1 + self.inputs
    }

    fn inner(&self) -> usize {
        2 * self.stride()
    }

    fn reach(&self, level: Level, theta: &[Lanes<f64>]) -> Lanes<f64> {
        let [b, outer, _] = self.split(theta);
        match self.tanh {
            true => reach::run_at(level, b, outer, self.units),
            false => [f64::INFINITY; LANES],
        }
    }

    fn pack(&self, theta: &[Lanes<f64>], packed: &mut [Lanes<f64>]) {
        let [b, outer, inner] = self.split(theta);
        let [b_packed, outer_packed, inner_packed] = self.split_mut(packed);
        b_packed.copy_from_slice(b);
        transpose(outer, self.units, outer_packed);
        transpose(inner, self.fan_in().1, inner_packed);
    }

    fn forward(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        packed: &[Lanes<f64>],
        inner: &mut [Lanes<f64>],
        logits: &mut [Lanes<f64>],
    ) {
        let [b, outer, first] = self.split(packed);
        let count = prompts.count();
        let units = &mut inner[..count * self.stride()];
        // The first feature is 1: sums begin with what it gives, where units see it.
        let (constants, slopes) = first.split_at(if self.tanh { self.units } else { 0 });
        let start = self.tanh.then_some(constants);
        let size = [count, self.units, self.inputs];
        let slopes = Matrix::of(slopes, self.units);
        product(level, units, self.stride(), start, prompts.from(1), slopes, size);
        if self.tanh {
            tanh_lanes::run_at(level, units.as_flattened_mut());
        }
        let size = [count, self.modes, self.units];
        let (units, outer) = (Matrix::of(units, self.stride()), Matrix::of(outer, self.modes));
        product(level, logits, self.modes, Some(b), units, outer, size);
    }

    fn back(
        &self,
        level: Level,
        prompts: Prompts<'_>,
        theta: &[Lanes<f64>],
        inner: &mut [Lanes<f64>],
        slopes: &[Lanes<f64>],
        gradient: &mut [Lanes<f64>],
    ) {
        let ([_, outer, _], fan_in, stride) = (self.split(theta), self.fan_in().1, self.stride());
        let [b_gradient, outer_gradient, inner_gradient] = self.split_mut(gradient);
        let count = prompts.count();
        let (units, rest) = inner.split_at_mut(count * stride);
        let own = &mut rest[..count * stride];
        add_rows::run_at(level, b_gradient, slopes);
        let size = [self.modes, self.units, count];
        let by_mode = Matrix::transposed(slopes, self.modes);
        add_product(
            level,
            outer_gradient,
            self.units,
            by_mode,
            Matrix::of(units, stride),
            size,
        );

        let size = [count, self.units, self.modes];
        product(
            level,
            own,
            stride,
            None,
            Matrix::of(slopes, self.modes),
            Matrix::of(outer, self.units),
            size,
        );
        let mut inner_gradient = inner_gradient;
        if self.tanh {
            // The first feature is 1.
            through_tanh::run_at(level, own, units, stride, inner_gradient, fan_in);
            inner_gradient = &mut inner_gradient[1..];
        }
        let size = [self.units, self.inputs, count];
        let by_unit = Matrix::transposed(own, stride);
        add_product(level, inner_gradient, fan_in, by_unit, prompts.from(1), size);
    }

    fn jacobian(&self, theta: &[f64], features: &[f64], out: &mut [f64]) {
        let ([_, outer, first], (from, fan_in)) = (self.split(theta), self.fan_in());
        let seen = &features[from..][..fan_in];
        out.fill(0.0);
        for (m, row) in out.chunks_exact_mut(self.parameters()).enumerate() {
            let [b, to_outer, to_inner] = self.split_mut(row);
            b[m] = 1.0;
            for u in 0..self.units {
                let unit = self.unit(&first[u * fan_in..][..fan_in], seen);
                let slope = if self.tanh { 1.0 - unit * unit } else { 1.0 };
                to_outer[m * self.units + u] = unit;
                for (to, x) in to_inner[u * fan_in..].iter_mut().zip(seen) {
                    *to = outer[m * self.units + u] * slope * x;
                }
            }
        }
    }
}
