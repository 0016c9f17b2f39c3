//! The weighted selectors against the numbers of the reference: bias and variance of the share by mode, through picks and shares.

use super::modes::{PI8, draw_modes, of_modes};
use super::*;

/// Bias^2 and variance of the weighted share of pools of 16 on [`PI8`], from the picks and shares of this room, with their standard
/// errors: that of bias^2 by the gradient 2 (mean - pi), that of the variance by the fourth moment.
fn measured(rule: &Rule, keep: usize, noise: f64, pools: usize) -> [(f64, f64); 2] {
    let (mut picker, mut shares) = (Picker::new(16), Shares::new(16));
    let mut drawn_shares: Vec<[f64; 8]> = Vec::new();
    for pool in 0..pools {
        let mut stream = stream("rows", pool);
        let modes = draw_modes(16, &mut stream);
        let mut drawn = of_modes(&modes, &mut stream);
        for reward in &mut drawn.rewards {
            *reward += noise * crate::numerics::special::normal_from_uniform(stream.uniform());
        }
        let order = picker
            .pick(rule, &drawn.pool(), keep)
            .expect("a fit pool")
            .order
            .to_vec();
        let mut share = [0.0; 8];
        if rule.selector.weighted() {
            shares
                .fill(&drawn.pool(), &order, rule.objective.ties)
                .expect("candidates");
            order
                .iter()
                .zip(shares.weights())
                .for_each(|(&j, w)| share[modes[j]] += w);
        } else {
            order.iter().for_each(|&j| share[modes[j]] += 1.0 / keep as f64);
        }
        drawn_shares.push(share);
    }
    let n = pools as f64;
    let mean: [f64; 8] = std::array::from_fn(|m| drawn_shares.iter().map(|f| f[m]).sum::<f64>() / n);
    let square = |f: &[f64; 8]| (0..8).map(|m| (f[m] - mean[m]) * (f[m] - mean[m])).sum::<f64>();
    let along = |f: &[f64; 8]| (0..8).map(|m| 2.0 * (mean[m] - PI8[m]) * (f[m] - mean[m])).sum::<f64>();
    let variance = drawn_shares.iter().map(square).sum::<f64>() / n;
    let of_variance = drawn_shares
        .iter()
        .map(|f| square(f) - variance)
        .map(|x| x * x)
        .sum::<f64>()
        / n;
    let of_bias = drawn_shares.iter().map(along).map(|x| x * x).sum::<f64>() / n;
    let bias: f64 = mean.iter().zip(PI8).map(|(q, p)| (q - p) * (q - p)).sum();
    // The squared mean of n pools has the variance of a mean in it.
    let of_bias = (of_bias / n).sqrt() + variance / n;
    [(bias - variance / n, of_bias), (variance, (of_variance / n).sqrt())]
}

/// The rows of correction 18 (two other routes; rewards with noise 0.1, min-max, half of the objective): bias^2 and variance at K = 2, 4,
/// 8. Printed to four digits, so half a unit of the last is allowed beside four standard errors of 20,000 pools: 30 numbers, false alarm
/// 0.2%.
#[test]
fn rows_of_weighted_selectors_are_those_of_the_reference() {
    use CoverageTies::{First, Split};
    use Selector::{Diverse, DiverseBest, DiverseBestWeighted, DiverseWeighted};
    let rows = [
        (
            Diverse,
            Split,
            [(0.02028, 0.22272), (0.0052, 0.0744), (0.00887, 0.0508)],
        ),
        (
            DiverseWeighted,
            First,
            [(0.0514, 0.3083), (0.0078, 0.1047), (0.0, 0.0506)],
        ),
        (
            DiverseWeighted,
            Split,
            [(0.0278, 0.2174), (0.0022, 0.0770), (0.0, 0.0506)],
        ),
        (
            DiverseBest,
            Split,
            [(0.0278, 0.2127), (0.0061, 0.0758), (0.0392, 0.0487)],
        ),
        (
            DiverseBestWeighted,
            First,
            [(0.0538, 0.3061), (0.0081, 0.1056), (0.0, 0.0506)],
        ),
        (
            DiverseBestWeighted,
            Split,
            [(0.0333, 0.2100), (0.0025, 0.0779), (0.0, 0.0506)],
        ),
    ];
    let off = |selector, ties, keep, (bias, variance): (f64, f64)| {
        let objective = Objective {
            ties,
            ..Objective::USUAL
        };
        let [(b, of_b), (v, of_v)] = measured(&Rule { selector, objective }, keep, 0.1, 20_000);
        println!("{selector:?} {ties:?} {keep}: {b:.5} +- {of_b:.5} ({bias}), {v:.5} +- {of_v:.5} ({variance})");
        let excess = |found: f64, printed: f64, error: f64| ((found - printed).abs() - 5e-5).max(0.0) / error;
        excess(b, bias, of_b).max(excess(v, variance, of_v))
    };
    for (selector, ties, row) in rows {
        for (keep, printed) in [2, 4, 8].into_iter().zip(row) {
            let off = off(selector, ties, keep, printed);
            assert!(off < 4.0, "{selector:?} {ties:?} {keep}: {off}");
        }
    }
    // One rule is not the other, and noise in the rewards tells.
    assert!(off(DiverseWeighted, First, 2, rows[2].2[0]) > 8.0);
    assert!(off(DiverseBestWeighted, Split, 4, rows[4].2[1]) > 8.0);
}
