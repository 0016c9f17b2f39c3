//! Tests of ticks: exact lists of values and labels.

use super::*;
use crate::report::figure::font::Face;
use crate::report::figure::markup::Node;

/// A label as text, with `^` before a superscript.
fn read(label: &Label) -> String {
    let part = |node: &Node| match node {
        Node::Run { text, .. } => text.replace('\u{200a}', ""),
        Node::Scripts { sup, .. } => format!("^{}", read(&Label { nodes: sup.clone() })),
        Node::Accent { .. } => panic!("no tick has an accent"),
    };
    label.nodes.iter().map(part).collect()
}

fn majors(ticks: &[Tick]) -> Vec<(f64, String)> {
    ticks
        .iter()
        .filter_map(|tick| Some((tick.value, read(tick.label.as_ref()?))))
        .collect()
}

fn labels(scale: Scale, values: [f64; 2], room: i32) -> Vec<String> {
    let range = Range::padded(scale, values.into_iter());
    majors(&ticks(&Ticks::Auto, &range, room))
        .into_iter()
        .map(|(_, label)| label)
        .collect()
}

#[test]
fn linear_ticks_are_round_and_reach_both_ends() {
    assert_eq!(
        labels(Scale::Linear, [0.0, 1.0], 6),
        ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    );
    assert_eq!(
        labels(Scale::Linear, [0.97, 1.03], 7),
        ["0.97", "0.98", "0.99", "1.00", "1.01", "1.02", "1.03"]
    );
    assert_eq!(labels(Scale::Linear, [-2.0, 2.0], 5), ["−2", "−1", "0", "1", "2"]);
    assert_eq!(
        labels(Scale::Linear, [0.0, 5000.0], 6),
        ["0", "1000", "2000", "3000", "4000", "5000"]
    );
}

#[test]
fn linear_ticks_of_extreme_sizes_carry_a_power_of_ten() {
    assert_eq!(
        labels(Scale::Linear, [0.0, 2e7], 5),
        ["0", "0.5×10^7", "1.0×10^7", "1.5×10^7", "2.0×10^7"]
    );
    assert_eq!(labels(Scale::Linear, [-2e-7, 0.0], 3), ["−2×10^−7", "−1×10^−7", "0"]);
}

#[test]
fn linear_tick_values_are_the_nearest_doubles() {
    let range = Range {
        scale: Scale::Linear,
        low: 0.0,
        high: 0.3,
    };
    let values: Vec<f64> = majors(&ticks(&Ticks::Auto, &range, 4))
        .into_iter()
        .map(|(value, _)| value)
        .collect();
    assert_eq!(values, [0.0, 0.1, 0.2, 0.3]);
}

#[test]
fn both_end_decades_are_labelled() {
    assert_eq!(
        labels(Scale::Log10, [1e-3, 1.0], 6),
        ["10^−3", "10^−2", "10^−1", "10^0"]
    );
    assert_eq!(
        labels(Scale::Log10, [1e-12, 1.0], 5),
        ["10^−12", "10^−9", "10^−6", "10^−3", "10^0"]
    );
}

#[test]
fn a_longer_stride_is_taken_where_it_also_labels_the_last_decade() {
    assert_eq!(labels(Scale::Log10, [1e-8, 1.0], 4), ["10^−8", "10^−4", "10^0"]);
}

#[test]
fn decades_have_minor_ticks_between_them() {
    let range = Range::tight(Scale::Log10, [1.0, 100.0].into_iter());
    let minors: Vec<f64> = ticks(&Ticks::Auto, &range, 5)
        .iter()
        .filter(|tick| tick.label.is_none())
        .map(|tick| tick.value)
        .collect();
    assert_eq!(
        minors,
        [
            2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0
        ]
    );
}

#[test]
fn less_than_two_decades_are_labelled_at_round_multiples() {
    assert_eq!(
        labels(Scale::Log10, [0.02, 0.5], 6),
        ["0.02", "0.05", "0.1", "0.2", "0.5"]
    );
    assert_eq!(labels(Scale::Log10, [2e-6, 9e-6], 6), ["2×10^−6", "5×10^−6", "10^−5"]);
}

#[test]
fn less_than_a_decade_takes_finer_multiples() {
    assert_eq!(labels(Scale::Log10, [3e-6, 7e-6], 6), ["3×10^−6", "5×10^−6", "7×10^−6"]);
}

#[test]
fn a_sliver_of_a_log_axis_is_labelled_like_a_linear_one() {
    assert_eq!(
        labels(Scale::Log10, [0.97, 1.03], 7),
        ["0.97", "0.98", "0.99", "1.00", "1.01", "1.02", "1.03"]
    );
}

#[test]
fn powers_of_two_are_plain_numbers_with_both_ends() {
    assert_eq!(
        labels(Scale::Log2, [1.0, 64.0], 7),
        ["1", "2", "4", "8", "16", "32", "64"]
    );
    assert_eq!(labels(Scale::Log2, [0.25, 2.0], 7), ["0.25", "0.5", "1", "2"]);
}

#[test]
fn too_many_powers_of_two_are_thinned_evenly_to_both_ends() {
    assert_eq!(labels(Scale::Log2, [1.0, 64.0], 5), ["1", "4", "16", "64"]);
    let range = Range::padded(Scale::Log2, [1.0, 64.0].into_iter());
    let minors: Vec<f64> = ticks(&Ticks::Auto, &range, 5)
        .iter()
        .filter(|tick| tick.label.is_none())
        .map(|tick| tick.value)
        .collect();
    assert_eq!(minors, [2.0, 8.0, 32.0]);
}

#[test]
fn large_powers_of_two_are_set_as_powers() {
    assert_eq!(
        labels(Scale::Log2, [1024.0, 1_048_576.0], 6),
        ["2^10", "2^12", "2^14", "2^16", "2^18", "2^20"]
    );
}

#[test]
fn listed_ticks_are_kept_as_they_are() {
    let listed = Ticks::Listed(vec![16.0, 64.0, 256.0, 1e6, 2.5e-7]);
    let range = Range::padded(Scale::Log10, [16.0, 256.0].into_iter());
    let read: Vec<String> = majors(&ticks(&listed, &range, 2))
        .into_iter()
        .map(|(_, label)| label)
        .collect();
    assert_eq!(read, ["16", "64", "256", "10^6", "2.5×10^−7"]);
}

#[test]
fn every_range_gets_ticks_within_it_and_never_more_than_fit() {
    let values = [
        -1e300,
        -3.7,
        -1e-12,
        0.0,
        1e-300,
        2e-9,
        0.3,
        0.30001,
        1.0,
        7.0,
        1e5,
        123_456_789.0,
        1e300,
    ];
    for scale in [Scale::Linear, Scale::Log10, Scale::Log2, Scale::Log1p] {
        for low in values {
            for high in values.into_iter().filter(|high| *high >= low) {
                for room in [2, 3, 7] {
                    let range = Range::padded(scale, [low, high].into_iter());
                    let ticks = ticks(&Ticks::Auto, &range, room);
                    let labelled = ticks.iter().filter(|tick| tick.label.is_some()).count();
                    assert!(
                        labelled <= room as usize + 1,
                        "{scale:?} {low:e} {high:e} {room}: {labelled}"
                    );
                    assert!(labelled >= 1, "{scale:?} {low:e} {high:e} {room}: no label");
                    assert!(
                        ticks.iter().all(|tick| range.contains(tick.value)),
                        "{scale:?} {low} {high}: {ticks:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn counts_from_zero_have_zero_and_then_round_numbers() {
    assert_eq!(
        labels(Scale::Log1p, [0.0, 200.0], 10),
        ["0", "1", "2", "5", "10", "20", "50", "100", "200"]
    );
    assert_eq!(labels(Scale::Log1p, [0.0, 200.0], 6), ["0", "1", "10", "100"]);
    assert_eq!(labels(Scale::Log1p, [0.0, 1e6], 6), ["0", "1", "100", "10^4", "10^6"]);
    assert_eq!(labels(Scale::Log1p, [0.0, 4.0], 6), ["0", "1", "2", "3", "4"]);
}

#[test]
fn powers_of_ten_are_upright() {
    let label = Label::power("", 10, -3);
    assert_eq!(
        label.nodes[0],
        Node::Run {
            text: "10".to_owned(),
            face: Face::Upright
        }
    );
}
