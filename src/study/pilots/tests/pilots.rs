//! Pilots as they are drawn and analysed: by a plain second route, and with an analysis that is wrong.

use super::*;
use crate::engine::ExactCache;
use crate::inference::pilot::{ALARM, Estimated, Kind, Meaning, Pilot, Responses};
use crate::numerics::lanes::LANES;
use crate::numerics::stream::Streams;

/// The pilot of a replicate, drawn prompt by prompt: its labels, and the seed of its tests.
fn plainly(study: &Pilots, arm: &PilotArm, replicate: u64) -> Pilot {
    let streams = Streams::new(study.scenario.spec.draws.text());
    let (lane, depth) = ((replicate % LANES as u64) as usize, 600);
    let mut sampler = study.world.sampler(&streams, depth);
    let mut pilot = Pilot::new(
        Kind::Labels(Meaning::Shared),
        streams.purpose("tests of pilots").stream(replicate, 0).word(),
    );
    for prompt in 0..arm.prompts {
        let size = match arm.sizes {
            PilotSizes::Equal => arm.responses as usize,
            PilotSizes::Unequal => {
                let uniform = streams
                    .purpose("numbers of responses")
                    .stream(replicate, prompt)
                    .uniform();
                super::super::sizes::SizeLaw::of(arm.sizes, arm.responses).size(uniform)
            }
        };
        let rows = sampler.draw(replicate - lane as u64, prompt, size);
        let labels: Vec<u32> = rows.iter().map(|row| u32::from(row[lane])).collect();
        pilot.push(Responses::Labels(&labels), None).unwrap();
    }
    pilot
}

/// What is measured of a pilot, by the sets and intervals that people are shown.
fn measured(arm: &PilotArm, pilot: &Pilot, alpha: f64) -> Vec<f64> {
    let own = pilot.components().unwrap();
    let verdict = pilot.verdict(arm.test_draws as usize);
    let yes = |seen: bool| f64::from(u8::from(seen));
    let best = own.best_responses(arm.cost_ratio, 0.95);
    let truth = (arm.cost_ratio * alpha).sqrt();
    let t = crate::inference::laws::student_quantile(0.975, own.prompt.df);
    let off = crate::numerics::elementary::ln(own.ratio() * alpha);
    let law = |k: f64| (arm.cost_ratio + k) * (1.0 + alpha / k);
    vec![
        own.prompt.value,
        own.response.value,
        yes(own.prompt.value <= 0.0),
        yes(own.ratios(0.95).contains(1.0 / alpha)),
        yes(off.abs() <= t * own.log_ratio_error()),
        yes(best.interval.high.is_finite()),
        yes((0.75..=1.25).contains(&(best.value / truth))),
        law(best.value.clamp(1.0, 64.0)) / law(truth) - 1.0,
        yes(verdict.order.unwrap().p < 0.05),
        yes(verdict.law.unwrap().p < 0.05),
        yes([verdict.order.unwrap().p, verdict.law.unwrap().p]
            .iter()
            .any(|p| 2.0 * p < 0.05)),
    ]
}

/// 192 pilots, of which few bound K*, and some find no V_x: every number of each is that of the second route.
#[test]
fn a_replicate_is_the_pilot_that_a_plain_route_draws_and_analyses() {
    let arms = [
        arm(24, 4, PilotSizes::Equal),
        arm(40, 4, PilotSizes::Unequal),
        arm(16, 9, PilotSizes::Equal),
    ];
    let study = study(dirichlet(8.0), &arms, Measure::ALL);
    let prepared = study.prepare(&ExactCache::empty()).unwrap();
    let mut worker = prepared.worker();
    let mut totals = vec![0.0; Measure::ALL.len()];
    for replicate in 0..64 {
        let mut alone = Group::empty(&study.scenario.spec.layout);
        worker.replay(replicate, &mut alone);
        for (index, arm) in arms.iter().enumerate() {
            assert_eq!(alone.valid[index], 1);
            let found = &alone.sums[index * Measure::ALL.len()..][..Measure::ALL.len()];
            let expected = measured(arm, &plainly(&study, arm, replicate), 8.0);
            for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let what = Measure::ALL[at].name();
                assert!(
                    (found - expected).abs() < 1e-12,
                    "{replicate} {index} {what}: {found} {expected}"
                );
                totals[at] += expected;
            }
        }
    }
    // Every event is seen, and so is its absence.
    for (measure, total) in Measure::ALL.iter().zip(&totals) {
        assert!(
            !measure.own().event || (*total > 0.0 && *total < 192.0),
            "{measure:?} {total}"
        );
    }
}

#[test]
fn other_arms_and_measures_leave_a_pilot_alone() {
    let arms = [
        arm(24, 4, PilotSizes::Equal),
        arm(40, 4, PilotSizes::Unequal),
        arm(64, 6, PilotSizes::Equal),
    ];
    let whole = study(dirichlet(4.0), &arms, &untested());
    let all = groups(&whole, 64);
    for (index, arm) in arms.iter().enumerate() {
        let own = study(dirichlet(4.0), std::slice::from_ref(arm), &untested());
        let alone = groups(&own, 64);
        let count = untested().len();
        assert_eq!(all.total().sums[index * count..][..count], alone.total().sums[..]);
    }
    let one = study(dirichlet(4.0), &arms[..1], &[Measure::PilotRegret]);
    let place = untested().iter().position(|own| *own == Measure::PilotRegret).unwrap();
    assert_eq!(groups(&one, 64).total().sums[0], all.total().sums[place]);
}

/// An interval on the normal scale whose error leaves out what V_y|x-hat and V_x-hat have in common and is half as wide covers much less.
#[test]
fn a_wrong_interval_is_found() {
    fn narrow(own: &Estimated, ratio: f64) -> bool {
        (own.prompt.value - ratio * own.response.value).abs() <= 0.98 * own.prompt.mcse
    }
    let coverage = |covers: cover::Covers| {
        let own = Pilots {
            covers,
            ..study(
                dirichlet(4.0),
                &[arm(64, 4, PilotSizes::Equal)],
                &[Measure::PilotCoverage],
            )
        };
        estimate(&own, &groups(&own, 1_600), 0, "pilot-coverage.mean").0
    };
    let (right, wrong) = (coverage(cover::covers), coverage(narrow));
    // Standard errors of 1,600 pilots near .95: .0055.
    assert!((0.92..0.97).contains(&right) && wrong < 0.8, "{right} {wrong}");
}

/// Pilots whose prompts all agree have V_x and V_y|x of 0, of which no K* follows: they are void, and counted.
#[test]
fn pilots_without_any_variance_are_void() {
    let own = study(
        dirichlet(1e-3),
        &[arm(2, 2, PilotSizes::Equal)],
        &[Measure::PilotRegret],
    );
    let found = groups(&own, 3_200);
    let void = 3_200 - found.total().valid[0];
    // Both prompts have one mode, the same one, if a draw of two from the base agrees: sum of squares .234, less what alpha takes.
    let share = f64::from(u32::try_from(void).unwrap()) / 3_200.0;
    assert!((share - 0.2337).abs() < 0.03, "{share}");
}

#[test]
fn there_is_no_arm_that_could_not_be_drawn_or_tested() {
    let good = arm(8, 2, PilotSizes::Equal);
    let said = |arm: PilotArm, measure: Measure| {
        let made = Pilots::new(1, Arc::new(dirichlet(1.0)), vec![arm], vec![measure]);
        made.err().map_or(String::new(), |error| error.to_string())
    };
    assert_eq!(said(good, Measure::Bounded), "");
    let untested = said(good, Measure::LawAlarm);
    assert!(
        untested.starts_with("arm 0: 2 responses of each prompt do not test the model"),
        "{untested}"
    );
    let unequal = PilotArm {
        sizes: PilotSizes::Unequal,
        ..good
    };
    assert_eq!(said(unequal, Measure::LawAlarm), "");
    for (bad, says) in [
        (
            PilotArm { prompts: 1, ..good },
            "arm 0: 1 prompts: there must be 2 to 65536",
        ),
        (
            PilotArm { responses: 1, ..good },
            "arm 0: 1 responses: there must be 2 to 512",
        ),
        (
            PilotArm {
                cost_ratio: 0.0,
                ..good
            },
            "arm 0: a cost ratio of 0e0: it must be above 0",
        ),
        (
            PilotArm {
                most_responses: 0,
                ..good
            },
            "arm 0: 0 responses at most: there must be 1 to 4294967295",
        ),
        (
            PilotArm { test_draws: 79, ..good },
            "arm 0: 79 draws of a test: there must be 80 to 4294967295",
        ),
    ] {
        assert_eq!(said(bad, Measure::Bounded), says);
    }
}

/// With the fewest draws both tests can give alarm by themselves within a verdict, with one less that of order cannot.
#[test]
fn the_fewest_draws_are_those_with_which_a_verdict_can_give_alarm() {
    let least = |draws: u32| 2.0 * 2.0 / (f64::from(draws) + 1.0);
    assert!(least(PilotArm::FEWEST_DRAWS) < ALARM && least(PilotArm::FEWEST_DRAWS - 1) >= ALARM);
}
