//! Tests of pool panels, through [`render`]: what stands where is read off the SVG.

use super::*;
use crate::report::figure::{Figure, Panel, Width, render};

fn candidate(x: f64, y: f64, size: f64, kept: Option<usize>) -> Candidate {
    Candidate {
        x,
        y,
        size,
        group: 0,
        kept,
    }
}

fn panel(candidates: Vec<Candidate>) -> PoolPanel {
    PoolPanel {
        x_label: Label::plain("first"),
        y_label: Label::plain("second"),
        candidates,
        groups_label: Label::plain("mode"),
        // Without names no sample of a group is drawn in the legend.
        groups: vec![Label::plain("")],
        size: Label::plain("reward"),
    }
}

fn figure(bodies: Vec<PoolPanel>) -> Figure {
    Figure {
        name: "figure".to_owned(),
        title: None,
        columns: bodies.len(),
        panels: bodies.into_iter().map(Panel::of).collect(),
        width: Width::TwoColumn,
        shared_y: false,
    }
}

fn draw(candidates: Vec<Candidate>) -> String {
    render(&figure(vec![panel(candidates)])).unwrap()
}

/// Middle and radius of the discs of a colour, in the order drawn.
fn discs(svg: &str, (red, green, blue): Rgb) -> Vec<(i32, i32, i32)> {
    let fill = format!("fill=\"#{red:02X}{green:02X}{blue:02X}\"");
    let attribute = |element: &str, name: &str| -> i32 {
        let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let elements = svg.split('<').filter(|e| e.starts_with("circle") && e.contains(&fill));
    elements
        .map(|e| (attribute(e, "cx"), attribute(e, "cy"), attribute(e, "r")))
        .collect()
}

fn faint_edge() -> Rgb {
    tint(marks::colour(0), style::FAINT[1])
}

#[test]
fn kept_ones_are_ringed_solid_and_on_top_and_others_faint() {
    let svg = draw(vec![
        candidate(0.0, 0.0, 1.0, Some(1)),
        candidate(1.0, 0.0, 0.0, None),
        candidate(2.0, 1.0, 0.0, Some(2)),
    ]);
    let solid = discs(&svg, marks::colour(0));
    assert_eq!(solid.len(), 2, "{svg}");
    assert_eq!(discs(&svg, faint_edge()).len(), 1);
    for &(x, y, radius) in &solid {
        assert!(
            discs(&svg, style::INK).contains(&(x, y, radius + style::DOT_RING)),
            "a ring"
        );
        let (baseline, text) = (y + font::cap_height(style::SMALLEST) / 2, format!("x=\"{x}\" y="));
        assert!(svg.contains(&format!("{text}\"{baseline}\"")), "a number in the middle");
    }
    let first = |colour: Rgb| {
        let (red, green, blue) = colour;
        svg.find(&format!("fill=\"#{red:02X}{green:02X}{blue:02X}\"")).unwrap()
    };
    assert!(
        first(faint_edge()) < first(marks::colour(0)),
        "kept ones are drawn last"
    );
}

#[test]
fn areas_run_in_proportion_between_the_two_sizes() {
    let svg = draw([0.0, 0.5, 1.0].map(|size| candidate(size, 0.0, size, None)).to_vec());
    let mut radii: Vec<i32> = discs(&svg, faint_edge()).iter().map(|disc| disc.2).collect();
    radii.sort_unstable();
    assert_eq!((radii[0], radii[2]), (style::DOT_RADII[0], style::DOT_RADII[1]));
    let area = |radius: i32| f64::from(radius * radius);
    let middle = (area(radii[0]) + area(radii[2])) / 2.0;
    assert!((area(radii[1]) / middle - 1.0).abs() < 0.02, "{radii:?}");
    // What has no size is small, and what is beyond the ends is at them.
    let odd = draw(
        [f64::NAN, -3.0, 9.0]
            .map(|size| candidate(0.0, 0.0, size, None))
            .to_vec(),
    );
    let radii: Vec<i32> = discs(&odd, faint_edge()).iter().map(|disc| disc.2).collect();
    assert!(
        radii.iter().all(|radius| style::DOT_RADII.contains(radius)),
        "{radii:?}"
    );
}

/// A square in the plane is a square on paper, whatever the shape of the frame.
#[test]
fn both_directions_have_one_scale() {
    for wide in [1.0, 4.0] {
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (wide, 0.5)];
        let svg = draw(corners.iter().map(|&(x, y)| candidate(x, y, 0.5, None)).collect());
        let at = discs(&svg, faint_edge());
        let (right, up) = (at[1].0 - at[0].0, at[0].1 - at[2].1);
        assert!(right > 100 && (right - up).abs() <= 1, "{right} {up}");
    }
}

#[test]
fn all_circles_lie_inside_their_frame() {
    let spread = (0..60).map(|i| candidate(f64::from(i % 8), f64::from(i / 8) * 3.0, 1.0, Some(i as usize + 1)));
    let svg = draw(spread.collect());
    let frame = svg.split('<').find(|e| e.starts_with("polyline")).unwrap();
    let list = frame.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
    let points = list.split_whitespace().map(|point| point.split_once(',').unwrap());
    let (xs, ys): (Vec<i32>, Vec<i32>) = points
        .map(|(x, y)| (x.parse::<i32>().unwrap(), y.parse::<i32>().unwrap()))
        .unzip();
    let inside = |value: i32, radius: i32, ends: &[i32]| {
        value - radius > *ends.iter().min().unwrap() && value + radius < *ends.iter().max().unwrap()
    };
    let rings = discs(&svg, style::INK);
    // The last is the sample in the legend.
    for &(x, y, radius) in &rings[..60] {
        assert!(
            inside(x, radius, &xs) && inside(y, radius, &ys),
            "{x} {y} {radius}: {xs:?} {ys:?}"
        );
    }
}

#[test]
fn a_number_that_would_be_covered_stands_beside_its_circle_away_from_what_covers_it() {
    let number = |offset: f64| {
        // The larger is drawn first; a third one far away sets the scale.
        let svg = draw(vec![
            candidate(0.0, 0.0, 1.0, Some(7)),
            candidate(offset, 0.0, 0.0, Some(8)),
            candidate(100.0, 0.0, 0.0, None),
        ]);
        let disc = discs(&svg, marks::colour(0))[0];
        let text = svg.split("<text ").find(|text| text.contains(">7<")).unwrap();
        let x: i32 = text
            .split("x=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (x - disc.0, text.contains("text-anchor=\"end\""))
    };
    assert_eq!(number(50.0), (0, false), "nothing covers it");
    let (x, ends) = number(0.5);
    assert!(x < -style::DOT_RADII[1] && ends, "to the left of its circle: {x}");
    let (x, ends) = number(-0.5);
    assert!(x > style::DOT_RADII[1] && !ends, "to the right: {x}");
}

#[test]
fn after_all_colours_circles_are_hollow() {
    let of_group = |group| {
        let mut one = candidate(0.0, 0.0, 1.0, None);
        one.group = group;
        let svg = draw(vec![one]);
        let papers = discs(&svg, style::PAPER)
            .iter()
            .filter(|disc| disc.2 == style::DOT_RADII[1] / 2)
            .count();
        (discs(&svg, faint_edge()).len(), papers)
    };
    assert_eq!(of_group(0), (1, 0));
    assert_eq!(of_group(style::SERIES.len()), (1, 1));
}

#[test]
fn pools_of_none_of_one_and_on_a_line_draw() {
    for candidates in [
        vec![],
        vec![candidate(3.0, -2.0, 0.5, Some(1))],
        vec![candidate(0.0, 1.0, 0.5, None), candidate(0.0, 2.0, 0.5, None)],
        vec![candidate(-1e300, 0.0, 0.5, None), candidate(1e300, 0.0, 0.5, None)],
    ] {
        let svg = draw(candidates);
        assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN"));
    }
}

#[test]
fn a_position_without_a_number_is_an_error() {
    let body = panel(vec![
        candidate(0.0, 0.0, 0.5, None),
        candidate(1.0, f64::NAN, 0.5, None),
    ]);
    let error = render(&figure(vec![panel(vec![]), body])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "panel 2: y = `NaN` cannot stand on this axis (Linear)"
    );
}

#[test]
fn panels_of_one_pool_share_one_legend_and_the_name_of_the_upright_axis() {
    let svg = render(&figure(vec![panel(vec![]), panel(vec![])])).unwrap();
    assert_eq!(svg.matches(">not\u{a0}kept<").count(), 1);
    assert_eq!(
        (svg.matches(">second<").count(), svg.matches(">first<").count()),
        (1, 2)
    );
}
