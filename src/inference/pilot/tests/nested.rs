//! Three components against the truth over many pilots, and against two where clusters do not matter.

use super::super::{Nested, Refusal};
use super::*;

/// Normal effects with variances 2, .5 and 1, in an unbalanced design that is the same in all pilots.
fn drawn(stream: &mut Stream) -> Pilot {
    let mut own = Pilot::new(Kind::Values, 7);
    for cluster in 0..12_u64 {
        let of_cluster = 2.0_f64.sqrt() * normal(stream);
        for prompt in 0..1 + cluster % 4 {
            let centre = of_cluster + 0.5_f64.sqrt() * normal(stream);
            let values: Vec<f64> = (0..1 + (cluster + prompt) % 3)
                .map(|_| centre + normal(stream))
                .collect();
            own.push(Responses::Values(&values), Some(cluster)).unwrap();
        }
    }
    own
}

/// 4,000 pilots, four standard errors. The control: without clusters V_x takes up theirs.
#[test]
fn three_components_are_unbiased_in_an_unbalanced_design() {
    let mut stream = stream("nested");
    let pilots: Vec<Pilot> = (0..4000).map(|_| drawn(&mut stream)).collect();
    let nested: Vec<Nested> = pilots.iter().map(|own| own.nested().unwrap()).collect();
    let off = |number: &dyn Fn(&Nested) -> f64, truth: f64| {
        let (mean, error) = mean_of(&nested.iter().map(number).collect::<Vec<f64>>());
        (mean - truth) / error
    };
    let all = [
        off(&|own| own.cluster.value, 2.0),
        off(&|own| own.prompt.value, 0.5),
        off(&|own| own.response.value, 1.0),
    ];
    assert!(all.iter().all(|z| z.abs() < 4.0), "{all:?}");
    let two: Vec<f64> = pilots
        .iter()
        .map(|own| own.components().unwrap().prompt.value)
        .collect();
    let (mean, error) = mean_of(&two);
    assert!(mean > 0.5 + 20.0 * error, "{mean} {error}");
    // Errors: their mean square is the variance, to the jackknife's usual excess in so few clusters.
    let values: Vec<f64> = nested.iter().map(|own| own.cluster.value).collect();
    let squares: Vec<f64> = nested.iter().map(|own| own.cluster.mcse * own.cluster.mcse).collect();
    let (_, error) = mean_of(&values);
    let ratio = mean_of(&squares).0 / (error * error * 4000.0);
    assert!((0.8..1.6).contains(&ratio), "{ratio}");
}

/// Balanced: the textbook mean squares of three levels, by sums written out.
#[test]
fn a_balanced_design_has_the_textbook_components() {
    let mut stream = stream("balanced");
    let (clusters, prompts, responses) = (5_usize, 4_usize, 3_usize);
    let mut own = Pilot::new(Kind::Values, 7);
    let mut data = Vec::new();
    for cluster in 0..clusters {
        for _ in 0..prompts {
            let values: Vec<f64> = (0..responses).map(|_| cluster as f64 + normal(&mut stream)).collect();
            own.push(Responses::Values(&values), Some(cluster as u64)).unwrap();
            data.push(values);
        }
    }
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let spread = |numbers: &[f64]| {
        numbers
            .iter()
            .map(|x| (x - mean(numbers)) * (x - mean(numbers)))
            .sum::<f64>()
    };
    let means: Vec<f64> = data.iter().map(|values| mean(values)).collect();
    let of_clusters: Vec<f64> = means.chunks(prompts).map(mean).collect();
    let (b, k) = (prompts as f64, responses as f64);
    let response =
        data.iter().map(|values| spread(values)).sum::<f64>() / (clusters * prompts * (responses - 1)) as f64;
    let between: f64 = means.chunks(prompts).map(spread).sum::<f64>() * k / (clusters * (prompts - 1)) as f64;
    let top = b * k * spread(&of_clusters) / (clusters - 1) as f64;
    let found = own.nested().unwrap();
    for (own, expected) in [
        (found.response.value, response),
        (found.prompt.value, (between - response) / k),
        (found.cluster.value, (top - between) / (b * k)),
    ] {
        assert!(
            (own - expected).abs() < 1e-12 * (1.0 + expected.abs()),
            "{own} {expected}"
        );
    }
}

/// Labels by counts and as vectors, clusters out of order.
#[test]
fn labels_in_clusters_are_one_hot_vectors() {
    let labels = world_a(
        4.0,
        30,
        |stream| 2 + (stream.uniform() * 3.0) as usize,
        &mut stream("clusters"),
    );
    let mut counted = Pilot::new(Kind::Labels(Meaning::Shared), 7);
    let mut written = Pilot::new(Kind::Vectors { dimension: 8 }, 7);
    for (index, prompt) in labels.iter().enumerate() {
        let numbers: Vec<f64> = prompt
            .iter()
            .flat_map(|&label| (0..8).map(move |m| f64::from(u8::from(m == label))))
            .collect();
        counted.push(Responses::Labels(prompt), Some(index as u64 % 7)).unwrap();
        let vectors = Responses::Vectors {
            numbers: &numbers,
            dimension: 8,
        };
        written.push(vectors, Some(index as u64 % 7)).unwrap();
    }
    let (counted, written) = (counted.nested().unwrap(), written.nested().unwrap());
    for (a, b) in [
        (counted.cluster, written.cluster),
        (counted.prompt, written.prompt),
        (counted.response, written.response),
    ] {
        assert!(
            (a.value - b.value).abs() < 1e-13 && (a.mcse - b.mcse).abs() < 1e-12,
            "{a:?} {b:?}"
        );
    }
}

#[test]
fn clusters_that_tell_nothing_are_refused() {
    let of = |clusters: &[Option<u64>]| {
        let mut own = Pilot::new(Kind::Values, 7);
        for &cluster in clusters {
            own.push(Responses::Values(&[1.0, 2.0]), cluster).unwrap();
        }
        own.nested()
    };
    assert_eq!(
        of(&[Some(1), None, Some(2), None]),
        Err(Refusal::PartlyClustered { without: 2, prompts: 4 })
    );
    let few = |clusters, prompts| Err(Refusal::TooFewClusters { clusters, prompts });
    assert_eq!(of(&[None, None]), few(0, 0));
    assert_eq!(of(&[Some(1), Some(1)]), few(1, 2));
    assert_eq!(of(&[Some(1), Some(2), Some(3)]), few(3, 3));
}
