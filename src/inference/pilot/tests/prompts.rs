//! Tests of what the responses of one prompt say of its variance, by every pilot that there can be.

use super::*;

/// Every list of so many responses, each with its probability.
fn all(shares: &[f64], count: usize) -> Vec<(Vec<u32>, f64)> {
    (0..count).fold(vec![(Vec::new(), 1.0)], |lists, _| {
        let longer = |(list, p): &(Vec<u32>, f64)| {
            let (list, p) = (list.clone(), *p);
            let with = move |(label, share): (usize, &f64)| ([&list[..], &[label as u32]].concat(), p * share);
            shares.iter().enumerate().map(with).collect::<Vec<_>>()
        };
        lists.iter().flat_map(longer).collect()
    })
}

/// Sums of some hundred terms.
#[test]
fn variances_and_their_squares_are_unbiased() {
    let shares = [0.5, 0.3, 0.2];
    let labels = 1.0 - shares.iter().map(|p| p * p).sum::<f64>();
    // Of the numbers 0, 1 and 5: E x^2 - (E x)^2.
    let places = [0.0, 1.0, 5.0];
    let mean: f64 = shares.iter().zip(places).map(|(p, x)| p * x).sum();
    let values = shares
        .iter()
        .zip(places)
        .map(|(p, x)| p * (x - mean) * (x - mean))
        .sum::<f64>();
    for count in [4, 5] {
        let mut sums = [0.0; 6];
        for (list, p) in all(&shares, count) {
            let numbers: Vec<f64> = list.iter().map(|&label| places[label as usize]).collect();
            // Twice the same coordinate: a vector of twice the variance.
            let doubled: Vec<f64> = numbers.iter().flat_map(|&x| [x, x]).collect();
            let kinds = [
                Responses::Labels(&list),
                Responses::Values(&numbers),
                Responses::Vectors {
                    numbers: &doubled,
                    dimension: 2,
                },
            ];
            for (place, kind) in kinds.iter().enumerate() {
                sums[2 * place] += p * kind.variance().expect("two responses");
                sums[2 * place + 1] += p * kind.variance_squared().expect("four responses");
            }
        }
        for (place, variance) in [labels, values, 2.0 * values].into_iter().enumerate() {
            assert!(
                (sums[2 * place] / variance - 1.0).abs() < 1e-12,
                "{count} {place}: {sums:?}"
            );
            let square = variance * variance;
            assert!(
                (sums[2 * place + 1] / square - 1.0).abs() < 1e-12,
                "{count} {place}: {sums:?}"
            );
        }
    }
    assert_eq!(Responses::Labels(&[3]).variance(), None);
    assert_eq!(Responses::Values(&[1.0, 2.0, 4.0]).variance_squared(), None);
    // Of many responses the first sixteen, and no more.
    let many: Vec<u32> = (0..40).map(|at| u32::from(at >= 16)).collect();
    assert_eq!(Responses::Labels(&many).variance_squared(), Some(0.0));
}
