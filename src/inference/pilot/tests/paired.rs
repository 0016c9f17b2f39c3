//! The variances of a comparison against the truth over many pilots, and by the definition.

use super::super::{PairedPilot, PairedVariances, Refusal};
use super::*;

/// Questions with omega^2 = .5, sigma_A^2 = 1, sigma_B^2 = 2 and difference .3, one to three samples of A and one to four of B.
fn drawn(questions: usize, stream: &mut Stream) -> Vec<[Vec<f64>; 2]> {
    let mut question = |index: usize| {
        let (hard, own) = (3.0 * normal(stream), 0.5_f64.sqrt() * normal(stream));
        let a = (0..1 + index % 3).map(|_| hard + own + 0.3 + normal(stream)).collect();
        let b = (0..1 + index % 4)
            .map(|_| hard + 2.0_f64.sqrt() * normal(stream))
            .collect();
        [a, b]
    };
    (0..questions).map(&mut question).collect()
}

fn estimated(questions: &[[Vec<f64>; 2]]) -> PairedVariances {
    let mut pilot = PairedPilot::default();
    questions.iter().for_each(|[a, b]| pilot.push(a, b).unwrap());
    pilot.variances().unwrap()
}

/// 2,000 pilots of 60 questions, four standard errors. The control: the variance of the mean differences, samples' noise included.
#[test]
fn variances_of_a_comparison_are_unbiased() {
    let mut stream = stream("paired");
    let pilots: Vec<PairedVariances> = (0..2000).map(|_| estimated(&drawn(60, &mut stream))).collect();
    let off = |number: &dyn Fn(&PairedVariances) -> f64, truth: f64| {
        let (mean, error) = mean_of(&pilots.iter().map(number).collect::<Vec<f64>>());
        (mean - truth) / error
    };
    let all = [
        off(&|own| own.difference.value, 0.3),
        off(&|own| own.question.value, 0.5),
        off(&|own| own.sample_a.value, 1.0),
        off(&|own| own.sample_b.value, 2.0),
    ];
    assert!(all.iter().all(|z| z.abs() < 4.0), "{all:?}");
    let noisy = off(&|own| own.question.value + own.sample_a.value * 11.0 / 18.0, 0.5);
    assert!(noisy > 20.0, "{noisy}");
}

/// omega^2 by the definition, and its error from pilots without a question, of fewer questions than groups; about a mean of 1e9 the same.
#[test]
fn variances_and_errors_are_those_of_the_definition() {
    let questions = drawn(40, &mut stream("once"));
    let own = estimated(&questions);
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let spread = |numbers: &[f64]| {
        numbers
            .iter()
            .map(|x| (x - mean(numbers)) * (x - mean(numbers)))
            .sum::<f64>()
    };
    let by_definition = |questions: &[[Vec<f64>; 2]]| {
        let pooled = |at: usize| {
            questions.iter().map(|own| spread(&own[at])).sum::<f64>()
                / questions.iter().map(|own| own[at].len() as f64 - 1.0).sum::<f64>()
        };
        let noise = |at: usize| {
            pooled(at)
                * mean(
                    &questions
                        .iter()
                        .map(|own| 1.0 / own[at].len() as f64)
                        .collect::<Vec<_>>(),
                )
        };
        let differences: Vec<f64> = questions.iter().map(|[a, b]| mean(a) - mean(b)).collect();
        spread(&differences) / (questions.len() as f64 - 1.0) - noise(0) - noise(1)
    };
    assert!(
        (own.question.value - by_definition(&questions)).abs() < 1e-12,
        "{own:?}"
    );
    let without: Vec<f64> = (0..40)
        .map(|skip| {
            let mut rest = questions.clone();
            rest.remove(skip);
            by_definition(&rest)
        })
        .collect();
    let error = (spread(&without) * 39.0 / 40.0).sqrt();
    assert!((own.question.mcse / error - 1.0).abs() < 1e-9, "{own:?} {error}");
    let far: Vec<[Vec<f64>; 2]> = questions
        .iter()
        .map(|[a, b]| [a.iter().map(|x| x + 1e9).collect(), b.clone()])
        .collect();
    assert!((estimated(&far).question.value - own.question.value).abs() < 1e-5);
}

#[test]
fn pilots_of_one_sample_or_question_are_refused() {
    let mut pilot = PairedPilot::default();
    pilot.push(&[1.0, 0.0], &[1.0]).unwrap();
    assert_eq!(
        pilot.variances(),
        Err(Refusal::TooFewPrompts {
            prompts: 1,
            responses: 1,
            needed: 2
        })
    );
    pilot.push(&[1.0, 1.0], &[0.0]).unwrap();
    assert_eq!(
        pilot.variances(),
        Err(Refusal::NoSamples {
            model: 'B',
            questions: 2
        })
    );
    assert_eq!(pilot.push(&[], &[1.0]), Err(Refusal::NoResponses));
    assert!(matches!(
        pilot.push(&[1.0], &[f64::INFINITY]),
        Err(Refusal::NotFinite { .. })
    ));
    assert_eq!(pilot.questions(), 2);
}
