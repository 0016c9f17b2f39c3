//! Tests of bar panels, through [`render`]: what stands where is read off the SVG.

use super::*;
use crate::report::figure::{Figure, Legend, LegendText, Panel, Place, Width, render};

fn bar(parts: &[f64]) -> Option<Bar> {
    Some(Bar {
        parts: parts.to_vec(),
        exact: Vec::new(),
        error: None,
    })
}

/// One series of bars.
fn panel(bars: Vec<Option<Bar>>) -> BarsPanel {
    BarsPanel {
        x_label: Label::plain("x"),
        x: (0..bars.len())
            .map(|index| Label::plain(&format!("c{index}")))
            .collect(),
        y_label: Label::plain("height"),
        cut: None,
        series: vec![BarSeries {
            label: Label::plain("series"),
            bars,
        }],
        parts: vec![Label::plain("lower"), Label::plain("upper")],
        legend: Legend {
            title: None,
            place: Place::Absent,
            words: LegendText::default(),
        },
    }
}

fn figure(panels: Vec<BarsPanel>, shared_y: bool) -> Figure {
    let columns = panels.len();
    Figure {
        name: "figure".to_owned(),
        title: None,
        panels: panels.into_iter().map(Panel::of).collect(),
        columns,
        width: Width::TwoColumn,
        shared_y,
    }
}

fn draw(panel: BarsPanel) -> String {
    render(&figure(vec![panel], false)).unwrap()
}

/// Left, top, right and bottom of the rectangles of a colour, in the order drawn.
fn rectangles(svg: &str, (red, green, blue): Rgb) -> Vec<[i32; 4]> {
    let fill = format!("fill=\"#{red:02X}{green:02X}{blue:02X}\"");
    let attribute = |element: &str, name: &str| -> i32 {
        let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let elements = svg.split('<').filter(|e| e.starts_with("rect") && e.contains(&fill));
    let corners = elements.map(|e| {
        let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| attribute(e, name));
        [x, y, x + width, y + height]
    });
    corners.collect()
}

/// The points of the lines of a colour and width.
fn lines(svg: &str, (red, green, blue): Rgb, stroke: i32) -> Vec<Vec<(i32, i32)>> {
    let look = format!("stroke=\"#{red:02X}{green:02X}{blue:02X}\" stroke-width=\"{stroke}\"");
    let elements = svg
        .split('<')
        .filter(|e| e.starts_with("polyline") && e.contains(&look));
    let points = elements.map(|e| {
        let list = e.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        let point = |text: &str| {
            let (x, y) = text.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        };
        list.split_whitespace().map(point).collect()
    });
    points.collect()
}

fn lower() -> Rgb {
    part_colour(marks::colour(0), 0)
}

fn upper() -> Rgb {
    part_colour(marks::colour(0), 1)
}

/// Lengths are in whole units, so that ratios hold to one in some thousand.
fn near(ratio: f64, expected: f64) -> bool {
    (ratio / expected - 1.0).abs() < 0.003
}

#[test]
fn parts_stand_on_each_other_in_proportion() {
    let svg = draw(panel(vec![bar(&[1.0, 3.0]), bar(&[2.0, 0.5])]));
    let (low, high) = (rectangles(&svg, lower()), rectangles(&svg, upper()));
    assert_eq!((low.len(), high.len()), (2, 2), "{svg}");
    let tall = |r: &[i32; 4]| f64::from(r[3] - r[1]);
    assert_eq!(low[0][3], low[1][3], "on one foot");
    for (low, high) in low.iter().zip(&high) {
        assert_eq!((low[0], low[2]), (high[0], high[2]));
        assert_eq!(low[1], high[3], "the upper part begins where the lower ends");
    }
    assert!(near(tall(&high[0]) / tall(&low[0]), 3.0));
    assert!(near(tall(&low[1]) / tall(&low[0]), 2.0));
    assert!(near(tall(&high[1]) / tall(&low[0]), 0.5));
}

#[test]
fn a_part_below_zero_shortens_the_next_and_a_lone_one_hangs() {
    let svg = draw(panel(vec![bar(&[-1.0, 3.0]), bar(&[1.0, 1.0])]));
    let (low, high) = (rectangles(&svg, lower()), rectangles(&svg, upper()));
    assert_eq!((low.len(), high.len()), (1, 2), "no part below 0");
    assert_eq!(high[0][3], low[0][3], "it stands on the foot");
    assert_eq!(high[0][1], high[1][1], "-1 + 3 is as high as 1 + 1");
    let mut lone = panel(vec![bar(&[-1.0]), bar(&[2.0])]);
    lone.parts.truncate(1);
    let low = rectangles(&draw(lone), lower());
    assert_eq!(low[0][1], low[1][3], "one ends at 0 where the other begins");
    assert!(near(
        f64::from(low[1][3] - low[1][1]) / f64::from(low[0][3] - low[0][1]),
        2.0
    ));
}

#[test]
fn bars_beyond_the_cut_end_there_and_have_their_value_above() {
    let mut body = panel(vec![bar(&[0.5, 0.5]), bar(&[3.0, 9.345]), bar(&[0.0, 7.0])]);
    let whole = draw(body.clone());
    assert!(
        !whole.contains(">12.3<") && !whole.contains("<polygon"),
        "nothing is cut"
    );
    body.cut = Some(2.0);
    let svg = draw(body.clone());
    assert!(svg.contains(">12.3<") && svg.contains(">7.00<"), "{svg}");
    assert_eq!(svg.matches("<polygon").count(), 2, "two marks of a cut");
    let tops: Vec<i32> = rectangles(&svg, upper()).iter().map(|r| r[1]).collect();
    // The second bar is cut within its lower part: it has no upper one.
    assert_eq!(tops.len(), 2);
    let low = rectangles(&svg, lower());
    assert_eq!(low[1][1], tops[1], "all are cut at one height");
    assert!(near(
        f64::from(low[1][3] - low[1][1]) / f64::from(low[0][3] - tops[0]),
        2.0
    ));
    assert!(
        !svg.contains(">2.5<") && svg.contains(">2.0<"),
        "no tick beyond the cut: {svg}"
    );
    body.cut = Some(20.0);
    assert_eq!(draw(body.clone()), whole, "a cut that no bar reaches changes nothing");
    body.legend.place = Place::Below;
    assert!(!draw(body.clone()).contains("cut:"));
    body.cut = Some(2.0);
    assert!(draw(body).contains("cut:\u{a0}value\u{a0}above"));
}

#[test]
fn values_of_cut_bars_read_upward_only_where_they_would_touch() {
    let rotated = |count: usize| {
        let mut body = panel((0..count).map(|_| bar(&[5.0])).collect());
        body.cut = Some(1.0);
        let svg = draw(body);
        assert_eq!(svg.matches(">5.00<").count(), count);
        // The name of the axis is turned in any case.
        svg.matches("rotate(-90)").count() - 1
    };
    assert_eq!(rotated(3), 0);
    assert_eq!(rotated(40), 40);
}

#[test]
fn exact_marks_and_error_bars_stand_at_their_heights() {
    let mut body = panel(vec![bar(&[1.0, 1.0]), bar(&[0.0, 4.0])]);
    if let Some(bar) = &mut body.series[0].bars[0] {
        bar.exact = vec![0.0, 1.0, 4.0];
        bar.error = Some([1.0, 2.0]);
    }
    let svg = draw(body.clone());
    let (low, high) = (rectangles(&svg, lower()), rectangles(&svg, upper()));
    let ticks = lines(&svg, style::INK, style::EXACT_TICK);
    let heights: Vec<i32> = ticks
        .iter()
        .filter(|t| t.len() == 2 && t[0].1 == t[1].1)
        .map(|t| t[0].1)
        .collect();
    assert!(
        heights.contains(&low[0][1]) && heights.contains(&high[1][1]),
        "{heights:?}"
    );
    assert!(!heights.contains(&low[0][3]), "no mark on the foot");
    assert!(
        ticks[0][0].0 < low[0][0] && ticks[0][1].0 > low[0][2],
        "a mark sticks out of its bar"
    );
    let upright = lines(&svg, style::INK, style::BAR_STROKE);
    let middle = (low[0][0] + low[0][2]) / 2;
    assert!(
        upright
            .iter()
            .any(|t| *t == [(middle, low[0][1]), (middle, high[0][1])]),
        "{upright:?}"
    );
    // Beyond a cut there is no height to stand at.
    body.cut = Some(1.5);
    let cut = draw(body);
    assert_eq!(lines(&cut, style::INK, style::EXACT_TICK).len(), 1);
}

#[test]
fn absent_bars_leave_a_gap_and_only_those_without_a_number_are_counted() {
    let mut body = panel(vec![
        bar(&[1.0, 1.0]),
        None,
        bar(&[f64::NAN, 1.0]),
        bar(&[1.0, f64::INFINITY]),
    ]);
    body.legend.place = Place::Below;
    let svg = draw(body);
    assert_eq!(rectangles(&svg, upper()).len(), 1);
    assert!(svg.contains(">2\u{a0}not\u{a0}shown\u{a0}(not\u{a0}finite)<"), "{svg}");
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn panels_share_their_height_only_where_the_figure_says_so() {
    let bodies = || vec![panel(vec![bar(&[1.0, 0.0])]), panel(vec![bar(&[4.0, 0.0])])];
    let tall = |shared| {
        let svg = render(&figure(bodies(), shared)).unwrap();
        let low = rectangles(&svg, lower());
        f64::from(low[1][3] - low[1][1]) / f64::from(low[0][3] - low[0][1])
    };
    assert!(near(tall(true), 4.0));
    assert!(near(tall(false), 1.0));
}

#[test]
fn bars_of_a_category_stand_beside_each_other_in_the_order_of_series() {
    let mut body = panel(vec![bar(&[1.0]), bar(&[1.0])]);
    body.series = vec![body.series[0].clone(); 3];
    let svg = draw(body);
    let mut x = Vec::new();
    for category in 0..2 {
        for series in 0..3 {
            x.push(rectangles(&svg, marks::colour(series))[category]);
        }
    }
    assert!(x.windows(2).all(|pair| pair[0][2] < pair[1][0]), "{x:?}");
    let gap = |at: usize| x[at + 1][0] - x[at][2];
    assert!(gap(2) > 3 * gap(1), "categories stand apart: {x:?}");
}

#[test]
fn figures_without_bars_or_with_equal_ones_draw() {
    for bars in [
        vec![],
        vec![None],
        vec![bar(&[0.0, 0.0])],
        vec![bar(&[])],
        vec![bar(&[-1e-9, 0.0])],
    ] {
        assert!(draw(panel(bars)).ends_with("</svg>\n"));
    }
    let mut none = panel(vec![]);
    none.series.clear();
    assert!(draw(none).ends_with("</svg>\n"));
}

#[test]
fn malformed_bars_are_errors() {
    let mut body = panel(vec![bar(&[1.0])]);
    body.x.push(Label::plain("another"));
    let error = render(&figure(vec![panel(vec![bar(&[1.0])]), body], false)).unwrap_err();
    assert_eq!(error.to_string(), "panel 2: 1 bars for 2 categories");
    for cut in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut body = panel(vec![bar(&[1.0])]);
        body.cut = Some(cut);
        assert!(matches!(
            render(&figure(vec![body], false)),
            Err(FigureError::Position {
                panel: 1,
                axis: 'y',
                ..
            })
        ));
    }
}

#[test]
fn values_have_three_significant_digits() {
    for (height, text) in [
        (0.387_64, "0.388"),
        (0.068, "0.0680"),
        (12.345, "12.3"),
        (999.96, "1000"),
        (100.4, "100"),
        (123_456.0, "123000"),
        (1.234e-7, "1.23e\u{2212}7"),
    ] {
        assert_eq!(heights::value(height), Label::plain(text), "{height}");
    }
}
