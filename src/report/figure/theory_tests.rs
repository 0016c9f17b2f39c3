//! Tests of what is drawn beside estimates: curves and marks of theory, bounds, points that say little, notes.

use super::tests::{draw, figure, line, markers, point, series};
use super::*;

/// A panel with one curve of exact values and nothing else.
fn curve(counted: bool, values: &[(f64, f64)]) -> LinePanel {
    let own = Series {
        exact: Curve(values.to_vec()),
        ..series(vec![])
    };
    LinePanel {
        counted,
        ..line(Scale::Linear, vec![own])
    }
}

/// The lines in a colour and width.
fn polylines(svg: &str, colour: style::Rgb, stroke: i32) -> Vec<Vec<(i32, i32)>> {
    let (red, green, blue) = colour;
    let look = format!("stroke=\"#{red:02X}{green:02X}{blue:02X}\" stroke-width=\"{stroke}\"");
    let lines = svg.split("<polyline").filter(|line| line.contains(&look));
    let points = lines.map(|line| line.split("points=\"").nth(1).unwrap().split('"').next().unwrap());
    let place = |place: &str| {
        let (x, y) = place.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    points
        .map(|points| points.split_whitespace().map(place).collect())
        .collect()
}

/// Vertices of such lines, without those of legends, which have two.
fn vertices(svg: &str, colour: style::Rgb, stroke: i32) -> Vec<usize> {
    let lines = polylines(svg, colour, stroke);
    lines.iter().map(Vec::len).collect()
}

fn longest(svg: &str, colour: style::Rgb, stroke: i32) -> usize {
    vertices(svg, colour, stroke).into_iter().max().unwrap_or(0)
}

#[test]
fn whole_numbers_that_follow_each_other_are_joined_and_others_are_marks() {
    let exact = |counted, xs: &[f64]| {
        let values: Vec<(f64, f64)> = xs.iter().map(|x| (*x, x * x)).collect();
        draw(curve(counted, &values)).unwrap()
    };
    let found = |svg: &str| {
        let marks = vertices(svg, style::SERIES[0], style::VALUE_STROKE).len();
        (longest(svg, style::SERIES[0], style::CURVE_STROKE), marks)
    };
    assert_eq!(found(&exact(true, &[1.0, 2.0, 3.0, 4.0])), (4, 0));
    assert_eq!(
        found(&exact(true, &[1.0, 4.0, 8.0, 16.0])),
        (0, 4),
        "there are numbers between"
    );
    assert_eq!(
        found(&exact(false, &[1.0, 2.0, 3.0, 4.0])),
        (0, 4),
        "there are values between"
    );
    assert_eq!(
        found(&exact(true, &[0.5, 1.5, 2.5])),
        (0, 3),
        "these are no whole numbers"
    );
    let parted = exact(true, &[1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 11.0, 16.0]);
    assert_eq!(found(&parted), (4, 1), "gaps part the line");
}

#[test]
fn places_that_paper_cannot_tell_apart_are_joined_and_no_farther_ones() {
    let fine = |parts: u32| {
        let values: Vec<(f64, f64)> = (0..=parts)
            .map(|part| (f64::from(part) / f64::from(parts), 1.0))
            .collect();
        let svg = draw(curve(false, &values)).unwrap();
        longest(&svg, style::SERIES[0], style::CURVE_STROKE)
    };
    assert_eq!(fine(400), 401);
    assert_eq!(fine(200), 0);
}

#[test]
fn a_value_that_the_axis_cannot_hold_parts_the_line() {
    let mut panel = curve(
        true,
        &[(1.0, 1.0), (2.0, 2.0), (3.0, 0.0), (4.0, 2.0), (5.0, 2.0), (6.0, 1.0)],
    );
    panel.y.scale = Scale::Log10;
    assert_eq!(longest(&draw(panel).unwrap(), style::SERIES[0], style::CURVE_STROKE), 3);
}

/// Lines from estimate to estimate had the stroke and colour of exact curves.
#[test]
fn what_joins_estimates_does_not_look_like_theory() {
    let points: Vec<Point> = (1..6).map(|x| point(f64::from(x), 2.0)).collect();
    let joined = Series {
        joined: Joined::Straight,
        ..series(points.clone())
    };
    let svg = draw(line(Scale::Linear, vec![joined])).unwrap();
    assert_eq!(longest(&svg, style::SERIES[0], style::CURVE_STROKE), 0);
    let pale = colour::tint(style::SERIES[0], style::JOIN_TINT);
    assert_eq!(longest(&svg, pale, style::JOIN_STROKE), 5);
    assert!(svg.contains(">joins\u{a0}estimates<"));
    let apart = draw(line(Scale::Linear, vec![series(points)])).unwrap();
    assert!(!apart.contains("joins"));
}

/// A distribution function was drawn as straight lines from place to place.
#[test]
fn steps_hold_the_height_of_each_place_as_far_as_the_next() {
    let points = [(1.0, 1.0), (2.0, 3.0), (4.0, 9.0)].map(|(x, y)| point(x, y)).to_vec();
    let stepped = Series {
        joined: Joined::InSteps,
        ..series(points)
    };
    let svg = draw(line(Scale::Linear, vec![stepped])).unwrap();
    let pale = colour::tint(style::SERIES[0], style::JOIN_TINT);
    let line = polylines(&svg, pale, style::JOIN_STROKE)
        .into_iter()
        .max_by_key(Vec::len)
        .unwrap();
    assert_eq!(line.len(), 5);
    for pair in line.windows(2) {
        assert!(pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1, "{pair:?} slants");
    }
    assert_eq!(line[0].1, line[1].1, "the first height is held, then left");
    assert!(svg.contains(">distribution\u{a0}function") && !svg.contains("joins"));
}

/// Of two selectors that keep the same only the later was seen.
#[test]
fn a_marker_shows_around_one_that_lies_on_it() {
    let at = |y: f64| series(vec![point(1.0, 1.0), point(2.0, y)]);
    let radii = |svg: &str| {
        let discs = svg.split("<circle").skip(1).filter(|disc| disc.contains("#0072B2"));
        let radius = |disc: &str| {
            disc.split("r=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .parse::<i32>()
        };
        discs.map(|disc| radius(disc).unwrap()).collect::<Vec<_>>()
    };
    let (usual, rim) = (style::MARKER_RADIUS, style::MARKER_RADIUS + style::MARKER_RIM);
    let together = draw(line(Scale::Linear, vec![at(2.0), at(9.0)])).unwrap();
    assert_eq!(radii(&together), [rim, usual, usual], "the last is that of the legend");
    assert!(together.contains(">at\u{a0}the\u{a0}same\u{a0}place<"));
    let alone = draw(line(Scale::Linear, vec![at(2.0)])).unwrap();
    assert_eq!(radii(&alone), [usual; 3]);
    assert!(!alone.contains("same\u{a0}place"));
}

#[test]
fn references_of_one_name_are_explained_once_and_never_as_exact() {
    let along = |level: f64, index: usize| Reference {
        at: At::Along {
            curve: Curve((1..6).map(|x| (f64::from(x), level)).collect()),
            series: Some(index),
        },
        label: Label::plain("first order"),
    };
    let both = vec![series(vec![point(1.0, 2.0)]), series(vec![point(5.0, 3.0)])];
    let panel = LinePanel {
        references: vec![along(2.0, 0), along(3.0, 1)],
        counted: true,
        ..line(Scale::Linear, both)
    };
    let svg = draw(panel).unwrap();
    assert_eq!(svg.matches(">first\u{a0}order<").count(), 1);
    assert!(!svg.contains(">exact<"));
    for colour in &style::SERIES[..2] {
        let dashes = vertices(&svg, *colour, style::REFERENCE_STROKE).len();
        assert!(dashes > 20, "{dashes} strokes");
    }
}

/// On a logarithmic axis an event never seen was 'not shown (not positive)', and nothing else.
#[test]
fn a_bound_stands_where_its_estimate_cannot() {
    let never = |bound: f64| Point {
        error: Spread::Bound(bound),
        ..point(2.0, 0.0)
    };
    let log = |bound: f64| draw(line(Scale::Log10, vec![series(vec![point(1.0, 0.1), never(bound)])])).unwrap();
    let bounded = log(7.5e-4);
    assert_eq!(markers(&bounded), 1, "0 has no place there");
    assert!(
        bounded.contains(">95%\u{a0}bound") && !bounded.contains("not\u{a0}shown"),
        "{bounded}"
    );
    assert!(
        bounded.contains(">\u{2212}3<") || bounded.contains(">\u{2212}4<"),
        "the axis reaches to it"
    );
    assert_ne!(bounded, log(1e-3));
    // Where the axis cannot hold the bound either, the point is left out and counted.
    assert!(log(0.0).contains("1\u{a0}not\u{a0}shown"));
    let linear = draw(line(Scale::Linear, vec![series(vec![point(1.0, 0.1), never(7.5e-4)])])).unwrap();
    assert_eq!(markers(&linear), 2);
}

#[test]
fn points_whose_error_says_little_are_hollow_and_have_no_bar() {
    let unsure = Point {
        error: Spread::Unsure,
        ..point(2.0, 3.0)
    };
    let svg = draw(line(Scale::Linear, vec![series(vec![unsure])])).unwrap();
    // The sample of the series is full; the point and its explanation have a disc of paper inside.
    let inside = style::MARKER_RADIUS - style::OPEN_MARKER_STROKE;
    assert_eq!(svg.matches(&format!("r=\"{inside}\"")).count(), 2, "{svg}");
    assert!(svg.contains(">error\u{a0}from\u{a0}fewer\u{a0}than\u{a0}20\u{a0}groups<"));
    assert!(!svg.contains("s.e."), "no bar is drawn, so none is explained");
}

/// Hollow markers once meant the eighth series.
#[test]
fn where_colours_repeat_outlines_differ() {
    let all = (0..9).map(|index| series(vec![point(f64::from(index), 1.0)])).collect();
    let svg = draw(line(Scale::Linear, all)).unwrap();
    let inside = style::MARKER_RADIUS - style::OPEN_MARKER_STROKE;
    assert!(!svg.contains(&format!("r=\"{inside}\"")));
    let shapes = |colour: style::Rgb| {
        let fill = format!("fill=\"#{:02X}{:02X}{:02X}\"", colour.0, colour.1, colour.2);
        let own = |shape: &str| {
            svg.split(shape)
                .filter(|part| part.split('>').next().unwrap().contains(&fill))
                .count()
        };
        (own("<circle") > 0, own("<polygon") > 0)
    };
    assert_eq!(
        shapes(style::SERIES[0]),
        (true, true),
        "a disc, and as the eighth another"
    );
}

#[test]
fn notes_stand_below_once_and_name_the_panels_that_they_concern() {
    let of = |notes: [&[&str]; 2]| {
        let bodies = (0..2).map(|_| Panel::of(line(Scale::Linear, vec![]))).collect();
        let mut figure = figure(bodies);
        for ((panel, notes), tag) in figure.panels.iter_mut().zip(notes).zip('a'..) {
            panel.notes = notes.iter().map(|note| (*note).to_owned()).collect();
            panel.tag = Some(tag);
        }
        render(&figure).unwrap().replace('\u{a0}', " ")
    };
    let height = |svg: &str| {
        svg.split("height=\"")
            .nth(1)
            .unwrap()
            .split("pt")
            .next()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let (none, one, all) = (
        of([&[], &[]]),
        of([&[], &["Few are left."]]),
        of([&["Few are left."], &["Few are left."]]),
    );
    assert!(one.contains(">(b): Few are left.<") && all.contains(">Few are left.<"));
    assert_eq!(all.matches("Few").count(), 1);
    assert!(height(&one) > height(&none) + 9.0 && height(&one) == height(&all));
    let long = "so that the line must be broken ".repeat(12);
    let broken = of([&[&long], &[]]);
    assert_eq!(broken.matches("broken").count(), 12);
    assert!(height(&broken) > height(&one) + 9.0);
}
