//! Bits: of a lane among others, at every vector level, in a second fit, and as they were.

use super::*;
use crate::numerics::lanes::Level;

/// Fits of every kind, some of whose lanes stop early.
fn cases() -> Vec<(Family, Training)> {
    let stopping = Training {
        tolerance: 0.02,
        steps: 60,
        ..TRAINING
    };
    let newton = Training {
        optimiser: Optimiser::Newton,
        tolerance: 1e-8,
        ..stopping
    };
    let mut all = vec![(FAMILIES[1], newton)];
    for family in FAMILIES {
        let optimiser = if family.is_convex() { GRADIENT } else { ADAM };
        all.push((family, Training { optimiser, ..stopping }));
        all.extend([Batch::Grouped(12), Batch::Shuffled(7)].map(|batch| (family, Training { batch, ..TRAINING })));
    }
    all
}

fn run(
    level: Level,
    case: (Family, Training),
    set: &Set,
    theta: &[Lanes<f64>],
    mut order: LaneStreams,
) -> Vec<Lanes<u64>> {
    let mut theta = theta.to_vec();
    let mut fitter = Fitter::new(case.0, set.modes, case.1);
    fitter.at(level);
    let report = fitter.fit(&set.examples(), &mut theta, Some(&mut order));
    theta.extend([report.steps, report.gradient, report.converged]);
    bits(&theta)
}

#[test]
fn every_vector_level_gives_the_same_bits() {
    let set = Set::new(21, 5, 4);
    for case in cases() {
        let theta = policies(case.0, 5);
        let at = |level| run(level, case, &set, &theta, in_lanes("order"));
        for level in Level::available() {
            assert_eq!(at(level), at(Level::Baseline), "{case:?} {level:?}");
        }
        let mut moved = theta.clone();
        moved[0][3] += 1e-9;
        let other = run(Level::Baseline, case, &set, &moved, in_lanes("order"));
        assert_ne!(other, at(Level::Baseline), "{case:?}");
    }
}

/// A lane's bits are those it has among seven copies of itself.
#[test]
fn a_lane_does_not_know_its_neighbours() {
    let set = Set::new(21, 5, 4);
    for case in cases() {
        let theta = policies(case.0, 5);
        let together = run(Level::current(), case, &set, &theta, in_lanes("order"));
        let column = |rows: &[Lanes<u64>], l: usize| rows.iter().map(|row| row[l]).collect::<Vec<_>>();
        for l in 0..LANES {
            let copies = |rows: &[Lanes<f64>]| rows.iter().map(|row| [row[l]; LANES]).collect::<Vec<_>>();
            let alone = Set {
                features: copies(&set.features),
                target: copies(&set.target),
                ..set.clone()
            };
            let order = LaneStreams::of(purpose("order"), &[l as u64; LANES], &[0; LANES]);
            let own = run(Level::current(), case, &alone, &copies(&theta), order);
            assert_eq!(column(&own, 3), column(&together, l), "{case:?} lane {l}");
            assert!(l == 3 || column(&own, 3) != column(&together, 3), "{case:?} lane {l}");
        }
    }
}

#[test]
fn lanes_stop_at_steps_of_their_own() {
    let set = Set::new(21, 5, 4);
    for case in [cases()[0], cases()[4]] {
        let (_, report) = fit(case.0, case.1, &set, &policies(case.0, 5));
        assert!(
            report.steps.iter().any(|steps| *steps != report.steps[0]),
            "{case:?} {report:?}"
        );
    }
}

/// Neither after one of the same data, nor after one of more.
#[test]
fn a_fit_does_not_depend_on_those_before_it() {
    let (set, more) = (Set::new(21, 5, 4), Set::new(50, 5, 3));
    for case in cases() {
        let mut fitter = Fitter::new(case.0, 5, case.1);
        let mut again = |set: &Set, order: &str| {
            let mut theta = policies(case.0, 5);
            fitter.fit(&set.examples(), &mut theta, Some(&mut in_lanes(order)));
            bits(&theta)
        };
        let fresh = fit(case.0, case.1, &set, &policies(case.0, 5)).0;
        for before in [&set, &more] {
            let other = again(before, "other");
            assert!(case.1.batch == Batch::Full || other != bits(&fresh), "{case:?}");
            assert_eq!(again(&set, "order"), bits(&fresh), "{case:?}");
        }
    }
}

/// Every bit of a fit of each kind.
#[test]
fn fits_have_the_bits_that_they_had() {
    let set = Set::new(21, 5, 4);
    let digest = |case: (Family, Training)| {
        let rows = run(Level::current(), case, &set, &policies(case.0, 5), in_lanes("order"));
        rows.iter().flatten().fold(0xcbf2_9ce4_8422_2325_u64, |hash, bits| {
            (hash ^ bits).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        })
    };
    let found = [0, 4, 5, 6, 10].map(|case| digest(cases()[case]));
    let expected = [
        0x06c4_adb5_64f9_00cb,
        0xf272_dabf_11f2_f1bc,
        0xd846_44f7_3986_ea4b,
        0x6600_2c5c_7f81_c4f2,
        0x6aed_196a_37be_60be,
    ];
    assert_eq!(found, expected, "{found:#x?}");
}
