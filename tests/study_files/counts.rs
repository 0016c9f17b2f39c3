//! The rule that a replicate has fewer than 2^32 responses: one check, for files and for scenarios made in code.

use mode_lottery::policy::Descent;
use mode_lottery::study::alignment::{self, Alignment, PathArm};
use mode_lottery::study::selection::{self, Method, Pool, Selection, Theta};
use mode_lottery::study::training::{self, FitArm, Training};
use mode_lottery::study::{Choice, countable};
use mode_lottery::theory::gradient_path::Along;
use mode_lottery::world::{BaseWeights, Dirichlet, World};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

#[test]
fn responses_are_countable_up_to_the_last_number_of_32_bits() {
    assert!(countable(u32::MAX, 1));
    assert!(countable(65_535, 65_537), "2^32 - 1");
    assert!(!countable(65_536, 65_536), "2^32");
}

const DESCENT: Descent = Descent {
    rate: 1.0,
    steps: 1,
    ridge: 0.0,
    tolerance: 0.0,
};

/// Makes a scenario of each study with so many prompts of two candidates, of which one is kept; whether it was made.
fn made(prompts: u32) -> [bool; 3] {
    let world = || -> Arc<dyn World> { Arc::new(Dirichlet::new(BaseWeights::listed(&[0.5, 0.5]).unwrap(), 4.0)) };
    let (choice, responses, candidates, budget) = (Choice::RANDOM, 1, 2, None);
    let method = Method {
        choice,
        prompts,
        responses,
        candidates: Pool::Of(candidates),
        budget,
        theta: Theta::Uniform,
    };
    let fit = FitArm {
        choice,
        prompts,
        responses,
        candidates,
        budget,
        descent: DESCENT,
    };
    let path = PathArm {
        choice,
        prompts,
        responses,
        candidates,
        along: Along::Own,
        rate: 1.0,
    };
    let is_made = |make: &dyn Fn()| catch_unwind(AssertUnwindSafe(make)).is_ok();
    [
        is_made(&|| {
            drop(Selection::new(
                1,
                world(),
                vec![method.clone()],
                vec![selection::Measure::ModeMass],
            ))
        }),
        is_made(&|| {
            drop(Training::new(
                1,
                world(),
                vec![fit.clone()],
                vec![training::Measure::TotalVariation],
            ))
        }),
        is_made(&|| {
            let measures = vec![alignment::Measure::Path];
            drop(Alignment::new(1, world(), vec![path.clone()], measures, vec![1]));
        }),
    ]
}

#[test]
fn no_study_takes_more_responses_than_can_be_counted() {
    assert_eq!(made((1 << 31) - 1), [true; 3]);
    assert_eq!(made(1 << 31), [false; 3]);
}
