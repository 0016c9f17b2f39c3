//! Diagnostics, and the two tests of the model: false alarms where it holds, and power where it does not.

use super::super::{DirichletFit, Exchangeability, Refusal, Verdict, implied_spread};
use super::*;

/// The share of pilots whose p-value is at most .05.
fn alarms(pilots: usize, mut p: impl FnMut() -> f64) -> f64 {
    (0..pilots).filter(|_| p() <= 0.05).count() as f64 / pilots as f64
}

/// Half of the prompts have one answer, the others any of eight.
fn closed_and_open(prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut prompt = |index: usize| {
        let own = (8.0 * stream.uniform()) as u32;
        let any = |stream: &mut Stream| (8.0 * stream.uniform()) as u32;
        (0..k)
            .map(|_| if index.is_multiple_of(2) { own } else { any(stream) })
            .collect()
    };
    (0..prompts).map(&mut prompt).collect()
}

/// World A in which a response is the one before it with probability `share`.
fn copied(alpha: f64, share: f64, prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut labels = world_a(alpha, prompts, |_| k, stream);
    for prompt in &mut labels {
        for at in 1..k {
            if stream.uniform() < share {
                prompt[at] = prompt[at - 1];
            }
        }
    }
    labels
}

/// World A in which each response is one common draw with probability `share`.
fn common(alpha: f64, share: f64, prompts: usize, k: usize, stream: &mut Stream) -> Labels {
    let mut labels = world_a(alpha, prompts, |_| k + 1, stream);
    for prompt in &mut labels {
        let own = prompt[k];
        prompt.truncate(k);
        for label in prompt {
            *label = if stream.uniform() < share { own } else { *label };
        }
    }
    labels
}

/// 400 pilots of 64 prompts, by halves of two concentrations: standard error .011, four of them. The control of both: the alarms below.
#[test]
fn where_the_model_holds_alarms_are_as_rare_as_they_should_be() {
    let mut stream = stream("false alarms");
    let (mut by_fit, mut by_order) = (0.0, 0.0);
    for alpha in [1.0, 16.0] {
        let mut own = || pilot(&world_a(alpha, 64, |_| 4, &mut stream));
        by_fit += 0.5 * alarms(200, || own().dirichlet_fit(199).unwrap().p);
        by_order += 0.5 * alarms(200, || own().exchangeability(199).unwrap().p);
    }
    // The smaller of two p-values is doubled, which two statistics that go together make too careful.
    assert!((0.05 - 0.044..0.05 + 0.044).contains(&by_fit), "{by_fit}");
    assert!((0.01..0.05 + 0.044).contains(&by_order), "{by_order}");
}

#[test]
fn alpha_of_the_fit_is_that_of_the_components() {
    let labels = world_a(
        4.0,
        50,
        |stream| 1 + (stream.uniform() * 6.0) as usize,
        &mut stream("alpha"),
    );
    let own = pilot(&labels);
    let (fit, ratio) = (own.dirichlet_fit(1).unwrap(), own.components().unwrap().ratio());
    assert!((fit.alpha * ratio - 1.0).abs() < 1e-12, "{fit:?} {ratio}");
}

#[test]
fn closed_and_open_prompts_side_by_side_are_seen() {
    let mut stream = stream("mixture");
    for k in [4, 8] {
        let seen = alarms(50, || {
            pilot(&closed_and_open(128, k, &mut stream))
                .dirichlet_fit(199)
                .unwrap()
                .p
        });
        assert!(seen > 0.9, "{k}: {seen}");
    }
    // Their true variances are 0 and 7/8 by halves: a coefficient of variation of 1; the fit, of alpha 1, implies half of that.
    let own = pilot(&closed_and_open(4000, 8, &mut stream));
    let (spread, implied) = (own.diagnostics().spread.unwrap(), own.dirichlet_fit(19).unwrap().spread);
    assert!((spread - 1.0).abs() < 0.05 && implied < 0.6, "{spread} {implied}");
}

/// Copies of the neighbour are seen by their order, copies of a common draw by the fit where there are eight responses. Of four, the fit
/// cannot see them, as its module says.
#[test]
fn copies_are_seen_by_one_test_or_the_other() {
    let mut stream = stream("copies");
    for (alpha, k) in [(1.0, 4), (4.0, 6), (16.0, 8)] {
        let seen = alarms(50, || {
            pilot(&copied(alpha, 0.4, 128, k, &mut stream))
                .exchangeability(199)
                .unwrap()
                .p
        });
        assert!(seen > 0.9, "alpha {alpha}, {k}: {seen}");
    }
    let mut in_any_order = |k: usize| {
        alarms(50, || {
            pilot(&common(16.0, 0.5, 128, k, &mut stream))
                .dirichlet_fit(199)
                .unwrap()
                .p
        })
    };
    let (of_eight, of_four) = (in_any_order(8), in_any_order(4));
    assert!(of_eight > 0.9 && of_four < 0.5, "{of_eight} {of_four}");
}

#[test]
fn a_drift_within_prompts_is_seen_by_halves() {
    let mut stream = stream("drift");
    let prompts: Vec<Vec<f64>> = (0..60)
        .map(|_| (0..8).map(|at| f64::from(at / 4) * 0.8 + normal(&mut stream)).collect())
        .collect();
    let own = pilot_of_values(&prompts).exchangeability(999).unwrap();
    assert!(own.halves.value < 0.0 && own.halves.p < 0.01 && own.p < 0.02, "{own:?}");
}

/// One prompt, 0 0 1 1: of the six orders of these labels two have one change, three have... by enumeration of all 24 orders.
#[test]
fn the_p_value_is_the_share_of_all_orders() {
    let labels = [0_u32, 0, 1, 1];
    let changes = |order: &[usize]| order.windows(2).filter(|at| labels[at[0]] != labels[at[1]]).count() as f64;
    let mut far = 0;
    let mut all = 0;
    for code in 0..256_usize {
        let order: Vec<usize> = (0..4).map(|at| code >> (2 * at) & 3).collect();
        if (0..4).all(|one| order.contains(&one)) {
            all += 1;
            far += u32::from((changes(&order) - 2.0).abs() >= 1.0 - 1e-9);
        }
    }
    let own = pilot(&vec![labels.to_vec()]).exchangeability(9999).unwrap();
    assert!((own.neighbours.value - (1.0 - 2.0) / 3.0).abs() < 1e-15, "{own:?}");
    let exact = f64::from(far) / f64::from(all);
    let error = (exact * (1.0 - exact) / 1e4).sqrt();
    assert!((own.neighbours.p - exact).abs() < 4.0 * error, "{own:?} {exact}");
}

#[test]
fn labels_vectors_and_values_are_judged_alike() {
    let labels: Labels = world_a(
        4.0,
        30,
        |stream| 1 + (stream.uniform() * 6.0) as usize,
        &mut stream("alike"),
    );
    let one_hot = |of: f64| -> Vec<Vec<f64>> {
        let vector = move |&label: &u32| (0..8).map(move |m| if m == label { of } else { 0.0 });
        labels
            .iter()
            .map(|prompt| prompt.iter().flat_map(vector).collect())
            .collect()
    };
    let (counted, written) = (pilot(&labels), pilot_of_vectors(&one_hot(1.0), 8));
    assert_eq!(counted.exchangeability(99), written.exchangeability(99));
    let (a, b) = (counted.diagnostics(), written.diagnostics());
    assert!((a.spread.unwrap() - b.spread.unwrap()).abs() < 1e-12, "{a:?} {b:?}");
    assert_eq!(written.dirichlet_fit(9), Err(Refusal::NotLabels));
    let pairs = pilot(&vec![vec![0, 1], vec![1, 1]]);
    assert_eq!(
        pairs.exchangeability(9),
        Err(Refusal::TooFewPrompts {
            prompts: 0,
            responses: 3,
            needed: 1
        })
    );
    assert_eq!(
        pairs.dirichlet_fit(9),
        Err(Refusal::TooFewPrompts {
            prompts: 0,
            responses: 3,
            needed: 2
        })
    );
}

/// The mean over all choices of two disjoint pairs, by enumeration, less the mean product of two prompts' variances.
#[test]
fn the_spread_of_variances_is_that_of_its_definition() {
    let mut stream = stream("spread");
    let prompts: Vec<Vec<f64>> = (0..12)
        .map(|index| {
            (0..4 + index % 3)
                .map(|_| (1.0 + index as f64) * normal(&mut stream))
                .collect()
        })
        .collect();
    let (mut squares, mut variances) = (0.0, Vec::new());
    for x in &prompts {
        let half = |i: usize, j: usize| 0.5 * (x[i] - x[j]) * (x[i] - x[j]);
        let (mut sum, mut count) = (0.0, 0.0);
        for code in 0..x.len().pow(4) {
            let at: Vec<usize> = (0..4).map(|place| code / x.len().pow(place) % x.len()).collect();
            if (0..4).all(|one| (0..one).all(|other| at[one] != at[other])) {
                sum += half(at[0], at[1]) * half(at[2], at[3]);
                count += 1.0;
            }
        }
        squares += sum / count / 12.0;
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        variances.push(x.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (x.len() as f64 - 1.0));
    }
    let mut products = 0.0;
    for one in 0..12 {
        products += (0..12)
            .filter(|&other| other != one)
            .map(|other| variances[one] * variances[other])
            .sum::<f64>()
            / 132.0;
    }
    let expected = (squares - products).max(0.0).sqrt() / mean_of(&variances).0;
    let found = pilot_of_values(&prompts).diagnostics().spread.unwrap();
    assert!(
        expected > 0.1 && (found / expected - 1.0).abs() < 1e-9,
        "{found} {expected}"
    );
}

/// .54, .21 and .09 at alpha 1, 4 and 16, and the same from pilots: the mean of 60 of 500 prompts, four standard errors. The control: the
/// spread of the estimated variances themselves.
#[test]
fn the_spread_of_world_a_is_implied_and_found() {
    let base = geo8();
    let mut stream = stream("implied");
    for (alpha, listed) in [(1.0, 0.54), (4.0, 0.21), (16.0, 0.09)] {
        let implied = implied_spread(alpha, &base);
        assert!((implied - listed).abs() < 0.006, "{alpha}: {implied}");
        let found: Vec<[f64; 2]> = (0..60)
            .map(|_| {
                let own = pilot(&world_a(alpha, 500, |_| 8, &mut stream));
                let variances: Vec<f64> = own.kept.prompts().iter().map(|prompt| prompt.variance).collect();
                let (mean, error) = mean_of(&variances);
                let relative = own.diagnostics().spread.unwrap();
                [relative * relative, error * error * 500.0 / (mean * mean)]
            })
            .collect();
        let square = |at: usize| mean_of(&found.iter().map(|own| own[at]).collect::<Vec<f64>>());
        let (mean, error) = square(0);
        // Of values below 0, which are told as 0, a part of the mean comes at alpha = 16.
        assert!(
            (mean - implied * implied).abs() < 4.0 * error + 0.001,
            "{alpha}: {mean} {error} {implied}"
        );
        assert!(square(1).0 > implied * implied + 0.004, "{alpha}: {:?}", square(1));
    }
}

/// Prompts that vary more get fewer responses: seen. Numbers by chance: 200 pilots, four standard errors of .015.
#[test]
fn numbers_of_responses_that_depend_on_the_prompt_are_seen() {
    let mut stream = stream("sizes");
    let mut tested = |depends: bool| {
        let prompts: Vec<Vec<f64>> = (0..40)
            .map(|_| {
                let wide = stream.uniform() < 0.5;
                let many = if depends { !wide } else { stream.uniform() < 0.5 };
                let scale = if wide { 2.0 } else { 1.0 };
                (0..if many { 8 } else { 4 })
                    .map(|_| scale * normal(&mut stream))
                    .collect()
            })
            .collect();
        pilot_of_values(&prompts).diagnostics().size_and_variance.unwrap()
    };
    let seen = tested(true);
    assert!(seen.value < -0.3 && seen.p < 0.01, "{seen:?}");
    let by_chance = alarms(200, || tested(false).p);
    assert!((0.0..0.05 + 0.06).contains(&by_chance), "{by_chance}");
    let equal = pilot_of_values(&[vec![0.0, 1.0], vec![1.0, 5.0]]).diagnostics();
    assert_eq!(
        (equal.size_and_variance, equal.spread, equal.skewness),
        (None, None, None)
    );
    // Variances 0, 0 and 1/2: about the mean 1/6, a skewness of 1/sqrt 2.
    let skew = pilot_of_values(&[vec![0.0, 0.0], vec![1.0, 1.0], vec![2.0, 3.0]])
        .diagnostics()
        .skewness;
    assert!((skew.unwrap() - 0.5_f64.sqrt()).abs() < 1e-12, "{skew:?}");
}

/// The variance of prompt i is i: the mean of those kept of 20,000 is in the middle, within four standard errors. The first 4,096 are not.
#[test]
fn every_prompt_has_the_same_chance_to_be_kept() {
    let prompts: Vec<Vec<f64>> = (0..20_000).map(|i| vec![0.0, (2.0 * f64::from(i)).sqrt()]).collect();
    let own = pilot_of_values(&prompts);
    let kept: Vec<f64> = own.kept.prompts().iter().map(|prompt| prompt.variance).collect();
    let (mean, error) = mean_of(&kept);
    assert_eq!(kept.len(), 4096);
    assert!((mean - 10_000.0).abs() < 4.0 * error, "{mean} {error}");
}

/// Of each test the p-value is doubled where there are two, and taken as it is where there is one.
#[test]
fn a_verdict_takes_both_tests_at_half_the_level() {
    let mut stream = stream("verdict");
    let own = pilot(&world_a(4.0, 40, |_| 4, &mut stream)).verdict(99);
    let with = |order: Option<f64>, law: Option<f64>| Verdict {
        order: own.order.zip(order).map(|(own, p)| Exchangeability { p, ..own }),
        law: own.law.zip(law).map(|(own, p)| DirichletFit { p, ..own }),
    };
    for (order, law, alarms) in [
        (Some(0.03), Some(0.03), false),
        (Some(0.024), Some(0.9), true),
        (Some(0.9), Some(0.024), true),
        (Some(0.025), Some(0.025), false),
        (Some(0.03), None, true),
        (None, Some(0.05), false),
        (None, None, false),
    ] {
        assert_eq!(with(order, law).alarms(), alarms, "{order:?} {law:?}");
    }
    let numbers = pilot_of_values(&[vec![0.0, 1.0, 3.0], vec![2.0, 5.0, 1.0]]).verdict(99);
    assert!(numbers.order.is_some() && numbers.law.is_none());
    let pairs = pilot(&vec![vec![0, 1]; 9]).verdict(99);
    assert_eq!((pairs.order, pairs.law, pairs.alarms()), (None, None, false));
}
