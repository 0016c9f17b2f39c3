//! Owns what propose-and-aggregate and the best of n cost, in units F: the work of one answer without drafts.
//!
//! Section 6.4 and Appendix C of arXiv 2501.11877, after Brown et al. 2024: all answers have the same length, reading a token costs as much as
//! writing one, the query's own tokens are left out, and the reward model is as large as the policy. Width N counts the drafts of a
//! layer, depth L the layers, the first included; a head answers last. A number beyond `u64` is its largest.

/// LN + 1: the answers written.
pub fn generations(width: u32, depth: u32) -> u64 {
    (u64::from(depth) * u64::from(width)).saturating_add(1)
}

/// 2LN + 1: every draft is written once and read once, for what the N passes of a layer read is the same and is kept.
pub fn aggregate(width: u32, depth: u32) -> u64 {
    (u64::from(depth) * u64::from(width))
        .saturating_mul(2)
        .saturating_add(1)
}

/// LN + (L - 1) N^2 + N + 1: each pass reads all drafts of the layer before anew; 1 for L = 0, and as [`aggregate`] for L = 1. Not in the paper.
pub fn aggregate_unshared(width: u32, depth: u32) -> u64 {
    if depth == 0 {
        return 1;
    }
    let n = u64::from(width);
    let again = u64::from(depth - 1).saturating_mul(n * n);
    generations(width, depth).saturating_add(again).saturating_add(n)
}

/// 2n: each of n candidates is written once and read once by the reward model.
pub fn best_of(n: u32) -> u64 {
    2 * u64::from(n)
}

/// The depth at which [`aggregate`] costs exactly this; none where there is none.
pub fn depth_of(compute: u32, width: u32) -> Option<u32> {
    let layers = compute.checked_sub(1)?;
    let each = 2 * width;
    (layers.is_multiple_of(each)).then_some(layers / each)
}

/// The candidates at which [`best_of`] costs exactly this; none where there are none.
pub fn candidates_of(compute: u32) -> Option<u32> {
    (compute > 0 && compute.is_multiple_of(2)).then_some(compute / 2)
}

/// A transformer, as far as the work per token goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transformer {
    /// Its parameters.
    pub parameters: f64,
    /// Its layers.
    pub layers: f64,
    /// The dimension of a token.
    pub dimension: f64,
}

impl Transformer {
    /// Floating-point operations per token in a context of so many tokens: 2 (parameters + 2 layers x dimension x context), Appendix C.
    pub fn per_token(&self, context: f64) -> f64 {
        2.0 * (self.parameters + 2.0 * self.layers * self.dimension * context)
    }

    /// [`aggregate`] with answers of so many tokens, where tokens of a pass that reads drafts cost what they do in its context of N + 1 answers:
    /// N + (2LN - N + 1) g((N + 1) tokens)/g(tokens), g the work [`per_token`](Self::per_token), for L >= 1; 1 for L = 0.
    ///
    /// The paper leaves the context of F out, which is the limit of many parameters.
    pub fn aggregate(&self, width: u32, depth: u32, tokens: f64) -> f64 {
        if depth == 0 {
            return 1.0;
        }
        let n = f64::from(width);
        let longer = self.per_token((n + 1.0) * tokens) / self.per_token(tokens);
        n + (aggregate(width, depth) as f64 - n) * longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_those_of_the_paper() {
        assert_eq!((aggregate(5, 2), best_of(11), generations(5, 2)), (21, 22, 11));
        assert_eq!(
            (aggregate(5, 0), aggregate_unshared(5, 0), generations(5, 0)),
            (1, 1, 1)
        );
        assert_eq!(aggregate_unshared(5, 2), 41);
        assert_eq!(
            (aggregate(u32::MAX, 5), aggregate(u32::MAX, u32::MAX)),
            (42_949_672_951, u64::MAX)
        );
        assert_eq!(aggregate_unshared(u32::MAX, 3), u64::MAX);
    }

    /// Pass by pass: what it writes, and what of the layer before it reads, by everyone or by the first alone.
    #[test]
    fn costs_are_those_of_all_passes() {
        for (width, depth) in (0..6).flat_map(|n| (1..5).map(move |l| (n, l))) {
            let (mut shared, mut unshared, mut written) = (0, 0, 0);
            for layer in 0..=depth {
                let passes = if layer == depth { 1 } else { u64::from(width) };
                let read = if layer == 0 { 0 } else { u64::from(width) };
                written += passes;
                shared += passes + if passes > 0 { read } else { 0 };
                unshared += passes * (1 + read);
            }
            let found = (
                generations(width, depth),
                aggregate(width, depth),
                aggregate_unshared(width, depth),
            );
            assert_eq!(found, (written, shared, unshared), "{width} {depth}");
        }
    }

    /// One parameter, one layer of dimension 1: g(c) = 2 + 4c, 6 in an answer of one token and 22 after four.
    #[test]
    fn longer_contexts_cost_more() {
        let small = Transformer {
            parameters: 1.0,
            layers: 1.0,
            dimension: 1.0,
        };
        assert_eq!((small.per_token(1.0), small.per_token(5.0)), (6.0, 22.0));
        assert_eq!(small.aggregate(4, 1, 1.0), 4.0 + 5.0 * 22.0 / 6.0);
        assert_eq!(small.aggregate(4, 0, 1.0), 1.0);
        let large = Transformer {
            parameters: 1e18,
            ..small
        };
        assert!((large.aggregate(5, 2, 100.0) - 21.0).abs() < 1e-9, "without context");
    }
}
