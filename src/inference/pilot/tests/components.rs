//! Components against matrices written out, against pilots without a prompt, and their refusals.

use super::super::{Estimated, Refusal};
use super::*;

/// One-hot vectors of eight labels.
fn one_hots(labels: &Labels) -> Vec<Vec<f64>> {
    let vector = |&label: &u32| (0..8).map(move |m| f64::from(u8::from(m == label)));
    labels
        .iter()
        .map(|prompt| prompt.iter().flat_map(vector).collect())
        .collect()
}

/// V_x and V_y|x from vectors of eight numbers, by the definition.
fn by_definition(vectors: &[Vec<f64>]) -> [f64; 2] {
    let mean = |rows: &[&[f64]]| -> Vec<f64> {
        (0..8)
            .map(|m| rows.iter().map(|row| row[m]).sum::<f64>() / rows.len() as f64)
            .collect()
    };
    let apart = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum() };
    let prompts: Vec<Vec<&[f64]>> = vectors
        .iter()
        .map(|numbers| numbers.chunks_exact(8).collect())
        .collect();
    let all: Vec<&[f64]> = prompts.iter().flatten().copied().collect();
    let (n, t, grand) = (prompts.len() as f64, all.len() as f64, mean(&all));
    let within: f64 = prompts
        .iter()
        .flat_map(|rows| rows.iter().map(|row| apart(row, &mean(rows))))
        .sum();
    let between: f64 = prompts
        .iter()
        .map(|rows| rows.len() as f64 * apart(&mean(rows), &grand))
        .sum();
    let squares: f64 = prompts.iter().map(|rows| (rows.len() * rows.len()) as f64).sum();
    let response = within / (t - n);
    [
        (between / (n - 1.0) - response) / ((t - squares / t) / (n - 1.0)),
        response,
    ]
}

fn values(of: &Estimated) -> [f64; 2] {
    [of.prompt.value, of.response.value]
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{found:?} {expected:?}");
    }
}

fn unbalanced(name: &str, prompts: usize) -> Labels {
    world_a(
        4.0,
        prompts,
        |stream| 1 + (stream.uniform() * 6.0) as usize,
        &mut stream(name),
    )
}

/// Two prompts of two responses, (0, 1) and (1, 1): MSW = (1 + 0)/2, MSB = 2 (1/16 + 1/16) 2 = 1/2, k0 = 2.
#[test]
fn four_responses_give_the_components_by_hand() {
    let own = pilot(&vec![vec![0, 1], vec![1, 1]]).components().unwrap();
    assert_eq!(values(&own), [0.0, 0.5]);
    assert_eq!((own.prompts, own.responses, own.size), (2, 4, 2.0));
    assert!(own.prompt.mcse.is_nan() && own.ratios(0.95) == super::super::RatioSet::Everything);
    assert_eq!(own.best_responses(4.0, 0.95).value, f64::INFINITY);
}

#[test]
fn labels_are_one_hot_vectors() {
    for seed in ["a", "b", "c"] {
        let labels = unbalanced(seed, 40);
        let vectors = one_hots(&labels);
        let (counted, written) = (
            pilot(&labels).components().unwrap(),
            pilot_of_vectors(&vectors, 8).components().unwrap(),
        );
        close(&values(&counted), &by_definition(&vectors), 1e-13);
        close(&values(&written), &by_definition(&vectors), 1e-13);
        close(
            &[counted.prompt.mcse, counted.response.mcse, counted.covariance],
            &[written.prompt.mcse, written.response.mcse, written.covariance],
            1e-12,
        );
    }
}

/// The jackknife of equal units, (n-1)/n sum (theta_i - mean)^2, from pilots that never saw prompt i.
#[test]
fn errors_are_those_of_pilots_without_a_prompt() {
    let vectors = one_hots(&unbalanced("left out", 25));
    let own = pilot_of_vectors(&vectors, 8).components().unwrap();
    let without: Vec<[f64; 2]> = (0..25)
        .map(|skip| {
            let mut rest = vectors.clone();
            rest.remove(skip);
            by_definition(&rest)
        })
        .collect();
    let mean = |at: usize| without.iter().map(|row| row[at]).sum::<f64>() / 25.0;
    let product = |a: usize, b: usize| {
        let sum: f64 = without.iter().map(|row| (row[a] - mean(a)) * (row[b] - mean(b))).sum();
        sum * 24.0 / 25.0
    };
    close(
        &[own.prompt.mcse, own.response.mcse, own.covariance],
        &[product(0, 0).sqrt(), product(1, 1).sqrt(), product(0, 1)],
        1e-12,
    );
    assert_eq!(own.prompt.df, 24.0);
}

/// Values around 1e9: the numbers are multiples of 2^-10, so that both pilots have the same differences exactly.
#[test]
fn a_large_mean_does_no_harm() {
    let mut stream = stream("large");
    let mut prompts = Vec::new();
    for _ in 0..6000 {
        let own = normal(&mut stream);
        prompts.push(
            (0..3)
                .map(|_| (1024.0 * (own + normal(&mut stream))).round() / 1024.0)
                .collect::<Vec<f64>>(),
        );
    }
    let moved: Vec<Vec<f64>> = prompts
        .iter()
        .map(|prompt| prompt.iter().map(|x| x + 1e9).collect())
        .collect();
    let (near, far) = (
        pilot_of_values(&prompts).components().unwrap(),
        pilot_of_values(&moved).components().unwrap(),
    );
    close(&values(&far), &values(&near), 1e-6);
    close(&[far.prompt.mcse], &[near.prompt.mcse], 1e-6);
    // The control: by sums of squares as they are, V_y|x = 1 is lost.
    let naive = |of: &[Vec<f64>]| {
        let square: f64 = of.iter().flatten().map(|x| x * x).sum();
        let sums: f64 = of
            .iter()
            .map(|prompt| prompt.iter().sum::<f64>())
            .map(|sum| sum * sum / 3.0)
            .sum();
        (square - sums) / 12_000.0
    };
    assert!((naive(&prompts) / near.response.value - 1.0).abs() < 1e-9);
    assert!((naive(&moved) / near.response.value - 1.0).abs() > 0.1);
}

/// 10,000 prompts are kept in groups of four; the components do not change, and the error by groups is within its own noise.
#[test]
fn groups_of_prompts_have_the_same_components() {
    let labels = world_a(4.0, 10_000, |_| 3, &mut stream("grouped"));
    let own = pilot(&labels);
    assert!(
        own.groups.len() <= 4096 && own.groups.len() > 2048,
        "{}",
        own.groups.len()
    );
    assert_eq!(own.groups.iter().map(|group| group.prompts).sum::<u64>(), 10_000);
    let found = own.components().unwrap();
    close(&values(&found), &by_definition(&one_hots(&labels)), 1e-11);
    let first = pilot(&labels[..4096].to_vec()).components().unwrap();
    // From 2,500 groups the error is good to 1.4 % for normal effects, from 4,096 to 1.1 %: somewhat more here; six of both together.
    let ratio = found.prompt.mcse / first.prompt.mcse * (10_000.0_f64 / 4096.0).sqrt();
    assert!((ratio - 1.0).abs() < 0.12, "{ratio}");
}

#[test]
fn local_labels_tell_how_often_two_agree_and_no_more() {
    let labels = unbalanced("local", 30);
    let mut local = Pilot::new(Kind::Labels(Meaning::Local), 7);
    for (index, prompt) in labels.iter().enumerate() {
        // Other names in every prompt.
        let renamed: Vec<u32> = prompt
            .iter()
            .map(|label| 100 * index as u32 + (label * 5) % 8)
            .collect();
        local.push(Responses::Labels(&renamed), None).unwrap();
    }
    assert_eq!(local.components(), Err(Refusal::LocalLabels));
    assert_eq!(local.nested(), Err(Refusal::LocalLabels));
    assert_eq!(local.dirichlet_fit(9), Err(Refusal::LocalLabels));
    let (own, shared) = (local.response_variance().unwrap(), pilot(&labels).components().unwrap());
    close(
        &[own.value, own.mcse],
        &[shared.response.value, shared.response.mcse],
        1e-13,
    );
}

#[test]
fn pilots_that_tell_nothing_are_refused() {
    let few = Refusal::TooFewPrompts {
        prompts: 1,
        responses: 1,
        needed: 2,
    };
    assert_eq!(pilot(&vec![vec![0, 1]]).components(), Err(few));
    assert_eq!(
        pilot(&vec![]).components(),
        Err(Refusal::TooFewPrompts {
            prompts: 0,
            responses: 1,
            needed: 2
        })
    );
    assert_eq!(
        pilot(&vec![vec![0], vec![1], vec![1]]).components(),
        Err(Refusal::NoRepeats { prompts: 3 })
    );
    let mut own = Pilot::new(Kind::Vectors { dimension: 2 }, 7);
    let numbers = [1.0, 2.0, 3.0, f64::NAN];
    let refused = own.push(
        Responses::Vectors {
            numbers: &numbers,
            dimension: 2,
        },
        None,
    );
    assert!(matches!(refused, Err(Refusal::NotFinite { response: 1, coordinate: 1, value }) if value.is_nan()));
    let odd = Responses::Vectors {
        numbers: &numbers[..3],
        dimension: 2,
    };
    assert_eq!(own.push(odd, None), Err(Refusal::OtherKind));
    assert_eq!(own.push(Responses::Labels(&[1]), None), Err(Refusal::OtherKind));
    assert_eq!(
        own.push(
            Responses::Vectors {
                numbers: &[],
                dimension: 2
            },
            None
        ),
        Err(Refusal::NoResponses)
    );
    assert_eq!(own.prompts(), 0);
    assert_eq!(
        pilot_of_values(&[vec![1e200, -1e200], vec![0.0, 1.0]]).components(),
        Err(Refusal::TooLarge)
    );
}

/// Responses that never differ have K* = 0: one of each prompt is enough.
#[test]
fn responses_that_never_differ_want_one_each() {
    let own = pilot(&vec![vec![0, 0], vec![1, 1], vec![2, 2], vec![1, 1]])
        .components()
        .unwrap();
    let best = own.best_responses(4.0, 0.95);
    assert_eq!((own.response.value, best.value, own.icc(0.95).value), (0.0, 0.0, 1.0));
}
