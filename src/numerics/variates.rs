//! Owns gamma variates, of which distributions over modes are made where no urn can stand in for them.
//!
//! Rejection from a cubed normal (Marsaglia and Tsang 2000, ACM Transactions on Mathematical Software 26, 363-372). How many uniforms
//! one takes is random, so that each stream serves one purpose and is read from its start. They are given by their logarithm: of
//! small shapes most lie below the smallest double, and what counts is how they compare.

use super::elementary::{ln, ln_1p};
use super::special::normal_from_uniform;
use super::stream::Stream;

/// ln of a draw from Gamma(`shape`, 1), of a positive and finite shape; minus infinity where 1/`shape` overflows.
///
/// A shape below 1 is that of one more times U^(1/shape), U uniform.
pub fn ln_gamma_variate(shape: f64, stream: &mut Stream) -> f64 {
    if shape >= 1.0 {
        return by_rejection(shape, stream);
    }
    let boost = ln(positive(stream)) / shape;
    boost + by_rejection(shape + 1.0, stream)
}

/// A uniform in (0, 1): no logarithm of it is infinite.
fn positive(stream: &mut Stream) -> f64 {
    const HALF_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
    stream.uniform() + HALF_STEP
}

/// Of a shape of at least 1: one proposal in 20 or fewer is rejected.
fn by_rejection(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal_from_uniform(stream.uniform());
        let t = c * x;
        if t <= -1.0 {
            continue;
        }
        let (u, ln_v) = (positive(stream), 3.0 * ln_1p(t));
        // The squeeze of the paper: it accepts nothing that the next line would not, and spares most logarithms.
        if u < 1.0 - 0.0331 * (x * x) * (x * x) {
            return ln(d) + ln_v;
        }
        // v = (1 + t)^3; 1 - v + ln v by differences, since d may be large.
        let exponent = 0.5 * x * x + d * (ln_v - t * (3.0 + t * (3.0 + t)));
        if ln(u) < exponent {
            return ln(d) + ln_v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::exp;
    use crate::numerics::special::digamma;
    use crate::numerics::stream::Streams;
    use statrs::distribution::{ContinuousCDF, Gamma};

    const DRAWS: usize = 40_000;
    const SHAPES: [f64; 8] = [0.02, 0.3, 0.9999, 1.0, 1.7, 8.0, 100.0, 1e6];

    fn drawn(shape: f64) -> Vec<f64> {
        let mut stream = Streams::new("gamma").purpose("draws").stream(0, 0);
        (0..DRAWS).map(|_| ln_gamma_variate(shape, &mut stream)).collect()
    }

    /// The largest distance from the distribution function of Gamma(`shape`, 1), times sqrt(n).
    fn kolmogorov(mut logs: Vec<f64>, shape: f64) -> f64 {
        let law = Gamma::new(shape, 1.0).unwrap();
        logs.sort_by(f64::total_cmp);
        let n = logs.len() as f64;
        let distance = |(rank, log): (usize, &f64)| {
            let below = law.cdf(exp(*log));
            f64::max(below - rank as f64 / n, (rank as f64 + 1.0) / n - below)
        };
        logs.iter().enumerate().map(distance).fold(0.0, f64::max) * n.sqrt()
    }

    /// Kolmogorov's limit passes 2.23 once in ten thousand times, and there are eight shapes. The controls: a shape off by 6%, and
    /// the boost left out.
    #[test]
    fn variates_have_the_gamma_distribution() {
        for shape in SHAPES {
            let own = kolmogorov(drawn(shape), shape);
            assert!(own < 2.23, "{shape}: {own}");
            let other = kolmogorov(drawn(shape * 1.06), shape);
            assert!(other > 2.23, "{shape} by 6%: {other}");
        }
        assert!(kolmogorov(drawn(1.3), 0.3) > 2.23, "without the boost");
    }

    /// E ln G = digamma(shape) and E G = shape, within five standard errors: the logarithm's variance is trigamma(shape), below
    /// 1/shape^2 + 1/shape, and the variate's is the shape.
    #[test]
    fn moments_are_those_of_the_gamma_distribution() {
        for shape in SHAPES {
            let logs = drawn(shape);
            let n = DRAWS as f64;
            let mean_log = logs.iter().sum::<f64>() / n;
            let error = ((1.0 / (shape * shape) + 1.0 / shape) / n).sqrt();
            assert!((mean_log - digamma(shape)).abs() < 5.0 * error, "{shape}: {mean_log}");
            let mean = logs.iter().map(|log| exp(*log)).sum::<f64>() / n;
            assert!((mean - shape).abs() < 5.0 * (shape / n).sqrt(), "{shape}: {mean}");
        }
    }

    /// Of shapes at either end of the doubles there is a draw, and of two that are both tiny one is the larger.
    #[test]
    fn shapes_at_the_ends_have_draws() {
        let mut stream = Streams::new("ends").purpose("draws").stream(0, 0);
        for shape in [1e-290, 1e-30, 1e15, 1e30, 1e290] {
            let logs: Vec<f64> = (0..1000).map(|_| ln_gamma_variate(shape, &mut stream)).collect();
            assert!(logs.iter().all(|log| log.is_finite()), "{shape}");
            let spread = logs
                .iter()
                .fold(0.0, |most, log| f64::max(most, (log - ln(shape)).abs()));
            let expected = if shape < 1.0 { 1.0 / shape } else { 6.0 / shape.sqrt() };
            assert!(spread < 40.0 * expected + 1e-12, "{shape}: {spread}");
        }
        assert_eq!(ln_gamma_variate(1e-310, &mut stream), f64::NEG_INFINITY);
    }

    /// A change of these bits moves numbers that people have published.
    #[test]
    fn bits_are_pinned() {
        let mut stream = Streams::new("pinned").purpose("gamma").stream(3, 5);
        let found = [0.1, 0.5, 1.0, 4.0, 1000.0].map(|shape| ln_gamma_variate(shape, &mut stream).to_bits());
        let pinned = [
            0xc045_4c20_c167_f18c,
            0xc02a_aeb3_8612_0ba1,
            0xbff0_4a7d_0c94_04a0,
            0xbfd9_54b2_701a_8e84,
            0x401b_afdf_507d_69f2,
        ];
        assert_eq!(found, pinned, "{found:#x?}");
    }
}
