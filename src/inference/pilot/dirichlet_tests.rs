//! Rates of the Dirichlet-multinomial law against all sequences, and those of the data against all choices.

use super::*;

/// The rates by the urn: the probability of every sequence of four labels of three, summed over those that agree.
#[test]
fn rates_are_those_of_all_sequences() {
    let base = [0.5, 0.3, 0.2];
    for alpha in [0.3, 1.0, 16.0] {
        let mut expected = [0.0; 4];
        for code in 0..81_usize {
            let y: Vec<usize> = [1, 3, 9, 27].iter().map(|by| code / by % 3).collect();
            let step = |at: usize| {
                let before = y[..at].iter().filter(|&&label| label == y[at]).count() as f64;
                (alpha * base[y[at]] + before) / (alpha + at as f64)
            };
            let probability: f64 = (0..4).map(step).product();
            let agree = [
                y[0] == y[1],
                y[0] == y[1] && y[1] == y[2],
                y.iter().all(|label| *label == y[0]),
                y[0] == y[1] && y[2] == y[3],
            ];
            (0..4)
                .filter(|&at| agree[at])
                .for_each(|at| expected[at] += probability);
        }
        for (own, expected) in rates(alpha, &base).iter().zip(expected) {
            assert!((own - expected).abs() < 1e-14, "{alpha}: {own} {expected}");
        }
    }
    // Without differences between prompts labels are independent.
    let independent = rates(ALPHAS.1, &base);
    assert!((independent[3] - 0.38 * 0.38).abs() < 1e-9, "{independent:?}");
}

/// Rates by going through all ordered choices of labels, prompts of k weighing k-2 and k-3.
#[test]
fn departures_are_those_of_all_choices() {
    let table = Table {
        sizes: vec![4, 5, 3, 6],
        labels: vec![0, 0, 1, 1, 2, 2, 2, 2, 0, 1, 1, 1, 0, 0, 0, 1, 1, 2],
        modes: 3,
    };
    let (mut sums, mut weights) = ([0.0; 3], [0.0; 3]);
    let mut from = 0;
    for &k in &table.sizes {
        let y = &table.labels[from..from + k];
        from += k;
        let (mut agree, mut choices) = ([0.0; 3], [0.0; 3]);
        for code in 0..k.pow(4) {
            let at = [0, 1, 2, 3].map(|place| code / k.pow(place) % k);
            let apart = |n: usize| (0..n).all(|one| (0..one).all(|other| at[one] != at[other]));
            let same = |one: usize, other: usize| y[at[one]] == y[at[other]];
            let three = same(0, 1) && same(1, 2);
            // Triples are counted once for each fourth response.
            for (of, n, holds) in [
                (0, 3, three),
                (1, 4, three && same(2, 3)),
                (2, 4, same(0, 1) && same(2, 3)),
            ] {
                choices[of] += f64::from(u8::from(apart(n)));
                agree[of] += f64::from(u8::from(apart(n) && holds));
            }
        }
        for (of, weight) in [(0, k - 2), (1, k - 3), (2, k - 3)] {
            if weight > 0 {
                sums[of] += weight as f64 * agree[of] / choices[of];
                weights[of] += weight as f64;
            }
        }
    }
    let own = table.fitted();
    let [_, implied @ ..] = rates(own.alpha, &own.base);
    for of in 0..3 {
        let expected = sums[of] / weights[of] - implied[of];
        assert!(
            (own.departures[of] - expected).abs() < 1e-14,
            "{of}: {:?} {expected}",
            own.departures
        );
    }
}

/// The second route: Mahalanobis' distance of two columns by the inverse of their covariance.
#[test]
fn leverages_are_distances_of_mahalanobis() {
    let rows: Vec<Departures> = (0..9)
        .map(|i| [f64::from(i), f64::from(i * i % 5), f64::from(2 * i)])
        .collect();
    let mean = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / 9.0;
    let product = |a: usize, b: usize| {
        rows.iter()
            .map(|row| (row[a] - mean(a)) * (row[b] - mean(b)))
            .sum::<f64>()
    };
    let (a, b, c) = (product(0, 0), product(0, 1), product(1, 1));
    for (row, own) in rows.iter().zip(leverages(&rows)) {
        let (x, y) = (row[0] - mean(0), row[1] - mean(1));
        let expected = (c * x * x - 2.0 * b * x * y + a * y * y) / (a * c - b * b);
        assert!((own - expected).abs() < 1e-12, "{own} {expected}");
    }
}
