//! What is refused, and in which words.

use super::*;

fn message<T: std::fmt::Debug>(result: Result<T, LawError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_law_is_refused_with_the_value_and_what_to_give() {
    let law = |weights: &[f64], alpha, n| message(PoolLaw::new(weights.to_vec(), alpha, n));
    assert_eq!(law(&[], 1.0, 4), "no mode weights: give one per mode");
    assert_eq!(
        law(&[0.5, f64::NAN], 1.0, 4),
        "weight `NaN` of mode 1: give finite weights of at least 0"
    );
    assert_eq!(
        law(&[1.5, -0.5], 1.0, 4),
        "weight `-0.5` of mode 1: give finite weights of at least 0"
    );
    assert_eq!(
        law(&[0.5, 0.25], 1.0, 4),
        "mode weights sum to `0.75`: give weights that sum to 1"
    );
    let concentration = "give a number of at least 1e-12, or infinity for prompts that are all alike";
    for alpha in [0.0, -1.0, f64::NAN] {
        assert_eq!(
            law(&[1.0], alpha, 4),
            format!("concentration `{alpha}`: {concentration}")
        );
    }
    assert_eq!(law(&[1.0], 1.0, 0), "`0` candidates: give 1 to 1024");
    assert_eq!(law(&[1.0], 1.0, 1025), "`1025` candidates: give 1 to 1024");
}

#[test]
fn a_question_is_refused_with_the_value_and_what_to_give() {
    let law = pi8(4.0, 16);
    assert_eq!(message(best(&law, &R8, 0)), "`0` kept of 16 candidates: give 1 to 16");
    assert_eq!(
        message(best_mean(&law, &R8, 17)),
        "`17` kept of 16 candidates: give 1 to 16"
    );
    assert_eq!(
        message(best(&law, &[1.0; 3], 4)),
        "`3` rewards for 8 modes: give one per mode"
    );
    let infinite = [0.0, 0.0, f64::INFINITY, 0.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(
        message(best_mean(&law, &infinite, 4)),
        "reward `inf` of mode 2: give finite rewards"
    );
    assert_eq!(
        message(best_noisy(&law, &R8, -0.1, 4)),
        "reward noise `-0.1`: give a finite standard deviation of at least 0"
    );
    assert_eq!(
        message(best_noisy(&pi8(4.0, 129), &R8, 0.1, 4)),
        "`129` candidates with noisy rewards where prompts differ, responses may be wrong or are filtered: give 1 to 128"
    );
    let wrong = Wrong {
        share: 0.1,
        modes: 1,
        clustering: 0.0,
    };
    assert_eq!(
        message(law.clone().with_wrong(Wrong { share: 1.0, ..wrong })),
        "wrong responses of 1 modes at a share of 1, clustering 0: give at least 1 mode, a share in [0, 1) and a clustering in [0, 1]"
    );
    let with_wrong = law.clone().with_wrong(wrong).unwrap();
    assert!(matches!(
        with_wrong.clone().with_wrong(wrong),
        Err(LawError::Wrong { .. })
    ));
    assert_eq!(
        message(best(&with_wrong, &[0.5; 9], 4)),
        "`best` where responses may be wrong: known by enumeration of counts, and with noisy rewards"
    );
    let one = |rule, weights| message(by_counts(&law, &[ask(rule, 4, weights)]));
    assert_eq!(
        one(diverse_best(1.5, Scaling::Raw), Equal),
        "lambda `1.5`: give a number from 0 (diversity alone) to 1 (reward alone)"
    );
    assert!(one(Rule::Random, SplitCoverage).starts_with("coverage weights of `random`: known for diverse, "));
    assert!(one(diverse_best(1.0, Scaling::Raw), FirstCoverage).starts_with("coverage weights of `diverse-best`: "));
}

#[test]
fn what_would_take_too_long_is_refused_before_it_starts() {
    let wide = law(&[1.0 / 16.0; 16], 4.0, 16);
    assert_eq!(
        message(by_counts(&wide, &[ask(Rule::Diverse, 4, Equal)])),
        "`300540195` count vectors of 16 candidates over 16 modes: at most 3000000 are enumerated; take fewer of either, or a closed form"
    );
    let many = law(&vec![1.0 / 2048.0; 2048], 4.0, 2);
    assert_eq!(
        message(best(&many, &vec![0.0; 2048], 1)),
        "`2048` modes: a second moment is given for at most 1024; ask for the mean alone"
    );
    assert_eq!(best_mean(&many, &vec![0.0; 2048], 1).unwrap().len(), 2048);
}

#[test]
fn without_noise_it_is_the_closed_form() {
    let noiseless = best_noisy(&pi8(4.0, 16), &R8, 0.0, 4).unwrap();
    assert_eq!(noiseless, best(&pi8(4.0, 16), &R8, 4).unwrap());
}
