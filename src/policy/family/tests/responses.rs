//! Slopes of single responses.

use super::super::evaluation::{BLOCK, Evaluation};
use super::super::kernels::slopes;
use super::super::responses::response_slopes;
use super::*;
use crate::numerics::lanes::Level;

const MODES: usize = 5;
/// Examples, more than are taken together.
const COUNT: usize = 19;

/// Logits up to `size`, and the modes of its responses.
fn examples(size: f64) -> [Vec<Lanes<f64>>; 2] {
    let mut streams = streams("responses");
    let mut rows = |count: usize, of: &dyn Fn(f64) -> f64| -> Vec<Lanes<f64>> {
        let mut row = |_| std::array::from_fn(|l| of(streams[l].uniform()));
        (0..count).map(&mut row).collect()
    };
    let logits = rows(COUNT * MODES, &|u| size * (2.0 * u - 1.0));
    [logits, rows(COUNT, &|u| (u * MODES as f64).floor())]
}

fn found(level: Level, [logits, of]: &[Vec<Lanes<f64>>; 2], reach: Lanes<f64>) -> Vec<Lanes<f64>> {
    let mut slopes = logits.clone();
    response_slopes::run_at(level, &mut slopes, of, MODES, 0.25, &reach);
    slopes
}

/// Slopes of shares of 1 and 0: near or far, powers of a few ulp divided by their sum. The control: another mode.
#[test]
fn a_response_has_the_slopes_of_a_whole_share() {
    for (size, reach) in [(3.0, 3.0), (600.0, 600.0), (3.0, f64::INFINITY), (5000.0, 5000.0)] {
        let [logits, of] = examples(size);
        let shares = of.iter().flat_map(|of| (0..MODES).map(move |m| (of, m)));
        let shares: Vec<Lanes<f64>> = shares.map(|(of, m)| of.map(|of| f64::from(of == m as f64))).collect();
        let mut expected = logits.clone();
        slopes::run(&mut expected, &shares, MODES, 0.25);
        let (mut other, far) = (of.clone(), [reach; LANES]);
        let own = found(Level::current(), &[logits.clone(), of], far);
        other[3][2] = (other[3][2] + 1.0) % MODES as f64;
        let other = found(Level::current(), &[logits, other], far);
        for l in 0..LANES {
            // A logit of 600 is rounded by 2^-44 before it is a power.
            let bound = 1e-15 * (1.0 + size);
            assert!(furthest(&column(&own, l), &column(&expected, l)) < bound, "{size} {l}");
            let moved = furthest(&column(&other, l), &column(&expected, l)) > 0.2;
            assert_eq!(moved, l == 2, "{size} {l}");
        }
    }
}

/// To the bit, at every level; and far from itself among near ones, if only by bits.
#[test]
fn a_lane_that_is_near_stays_what_it_is_among_far_ones() {
    let examples = examples(3.0);
    let near = found(Level::Baseline, &examples, [3.0; LANES]);
    let far = found(Level::Baseline, &examples, [f64::INFINITY; LANES]);
    let mut mixed = [3.0; LANES];
    mixed[5] = f64::INFINITY;
    for level in Level::available() {
        assert_eq!(bits(&found(level, &examples, [3.0; LANES])), bits(&near), "{level:?}");
        let own = found(level, &examples, mixed);
        for l in 0..LANES {
            let expected = if l == 5 { &far } else { &near };
            assert_eq!(column(&own, l), column(expected, l), "{level:?} {l}");
        }
    }
    assert_ne!(column(&near, 5), column(&far, 5));
}

#[test]
fn no_logit_of_a_network_is_out_of_reach() {
    let set = Set::new(50, MODES, 1);
    for family in [FAMILIES[3], FAMILIES[5]] {
        let mut theta = policies(family, MODES);
        theta.iter_mut().flatten().for_each(|x| *x *= 9.0);
        let mut evaluation = Evaluation::new(family.form(MODES), MODES);
        let reach = evaluation.form.reach(Level::current(), &theta);
        evaluation.pack(&theta);
        let prompts = set.data().prompts;
        let mut largest = [0.0_f64; LANES];
        for features in prompts.features.chunks(BLOCK * prompts.coordinates) {
            let mut logits = vec![[0.0; LANES]; features.len() / prompts.coordinates * MODES];
            evaluation.forward(super::form::Prompts { features, ..prompts }, &mut logits);
            logits
                .iter()
                .for_each(|row| (0..LANES).for_each(|l| largest[l] = largest[l].max(row[l].abs())));
        }
        for l in 0..LANES {
            assert!(
                largest[l] <= reach[l] && reach[l] < 4.0 * largest[l],
                "{largest:?} {reach:?}"
            );
        }
    }
    let linear = Evaluation::new(FAMILIES[1].form(MODES), MODES);
    assert_eq!(
        linear.form.reach(Level::current(), &policies(FAMILIES[1], MODES)),
        [f64::INFINITY; LANES]
    );
}
