//! Tests of whole figures, through [`render`].

use super::*;

pub(super) fn axis(scale: Scale) -> Axis {
    Axis {
        label: Label::plain("axis"),
        scale,
        ticks: Ticks::Auto,
    }
}

pub(super) fn point(x: f64, y: f64) -> Point {
    Point {
        x,
        y: Some(y),
        error: Spread::Between(y * 0.9, y * 1.1),
    }
}

pub(super) fn series(points: Vec<Point>) -> Series {
    Series {
        label: Label::plain("series"),
        look: 0,
        points,
        interval: Interval::Bars,
        joined: Joined::Not,
        exact: Curve::none(),
        floor: None,
    }
}

pub(super) fn line(scale: Scale, series: Vec<Series>) -> LinePanel {
    let looks = series.into_iter().enumerate();
    let series = looks.map(|(look, series)| Series { look, ..series });
    LinePanel {
        x: axis(scale),
        y: axis(scale),
        series: series.collect(),
        counted: false,
        references: vec![],
        legend: Legend {
            title: None,
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

pub(super) fn heat(columns: usize, rows: usize, values: Vec<Option<f64>>) -> HeatPanel {
    HeatPanel {
        x_label: Label::plain("columns"),
        x: (0..columns).map(|column| Label::plain(&column.to_string())).collect(),
        y_label: Label::plain("rows"),
        y: (0..rows).map(|row| Label::plain(&row.to_string())).collect(),
        values,
        value: Label::plain("value"),
        colours: Colours::Sequential,
        logarithmic: false,
        printed: true,
    }
}

pub(super) fn figure(panels: Vec<Panel>) -> Figure {
    Figure {
        name: "figure".to_owned(),
        title: None,
        columns: panels.len(),
        panels,
        width: Width::TwoColumn,
        shared_y: false,
    }
}

pub(super) fn draw(body: LinePanel) -> Result<String, FigureError> {
    render(&figure(vec![Panel::of(body)]))
}

/// Markers are discs for the first series: one of paper under one of colour. The legend has one for the series and one for all.
pub(super) fn markers(svg: &str) -> usize {
    svg.matches("<circle").count() / 2 - 2
}

#[test]
fn the_same_data_give_the_same_bytes_on_any_thread() {
    let figure = figure(vec![
        Panel::of(line(
            Scale::Log10,
            vec![series(
                (1..50)
                    .map(|step| point(f64::from(step), 3.7 / f64::from(step)))
                    .collect(),
            )],
        )),
        Panel::of(heat(3, 2, (0..6).map(|value| Some(f64::from(value) / 7.0)).collect())),
    ]);
    let here = render(&figure).unwrap();
    let there = std::thread::scope(|scope| scope.spawn(|| render(&figure).unwrap()).join().unwrap());
    assert_eq!(here, there);
    assert_eq!(here, render(&figure).unwrap());
}

#[test]
fn coordinates_are_integers() {
    let svg = draw(line(Scale::Log10, vec![series(vec![point(1.0, 0.3), point(7.0, 2.0)])])).unwrap();
    let attribute = |name: &str| {
        svg.split(&format!(" {name}=\""))
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let names = [
        "x",
        "y",
        "dx",
        "dy",
        "x1",
        "cx",
        "cy",
        "r",
        "points",
        "font-size",
        "stroke-width",
    ];
    let values: Vec<String> = names.iter().flat_map(|name| attribute(name)).collect();
    assert!(values.len() > 50);
    assert!(values.iter().all(|value| !value.contains('.')), "{values:?}");
}

#[test]
fn text_of_labels_is_escaped() {
    let mut body = line(Scale::Linear, vec![series(vec![point(1.0, 1.0)])]);
    body.series[0].label = Label::plain("</text><script>&\"");
    let svg = draw(body).unwrap();
    assert!(svg.contains("&lt;/text&gt;&lt;script&gt;&amp;\""), "{svg}");
    assert!(!svg.contains("<script"));
}

#[test]
fn small_figures_draw() {
    for scale in [Scale::Linear, Scale::Log10, Scale::Log2, Scale::Log1p] {
        assert_eq!(
            markers(&draw(line(scale, vec![series(vec![point(3.0, 5.0)])])).unwrap()),
            1
        );
        assert!(draw(line(scale, vec![])).unwrap().ends_with("</svg>\n"));
        assert!(draw(line(scale, vec![series(vec![])])).is_ok());
        let level = (1..4)
            .map(|step| Point {
                error: Spread::Unknown,
                ..point(f64::from(step), 2.0)
            })
            .collect();
        // Without errors the legend has no entry that explains them.
        assert_eq!(markers(&draw(line(scale, vec![series(level)])).unwrap()) + 1, 3);
    }
    let one = render(&figure(vec![Panel::of(heat(1, 1, vec![Some(0.25)]))])).unwrap();
    assert!(one.contains(">0.25"), "the value stands in its cell");
}

#[test]
fn estimates_that_the_axis_cannot_hold_are_left_out_and_counted() {
    let points = vec![
        point(1.0, 2.0),
        point(2.0, -1.0),
        point(3.0, f64::NAN),
        point(4.0, f64::INFINITY),
        point(5.0, 0.0),
    ];
    let svg = draw(line(Scale::Log10, vec![series(points.clone())])).unwrap();
    assert_eq!(markers(&svg), 1);
    assert!(svg.contains("4\u{a0}not\u{a0}shown\u{a0}(not\u{a0}positive)"));
    let svg = draw(line(Scale::Linear, vec![series(points)])).unwrap();
    assert_eq!(markers(&svg), 3);
    assert!(svg.contains("2\u{a0}not\u{a0}shown\u{a0}(not\u{a0}finite)"));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn an_estimate_that_does_not_exist_is_no_omission() {
    let absent = Point {
        y: None,
        ..point(2.0, 1.0)
    };
    let svg = draw(line(Scale::Log10, vec![series(vec![point(1.0, 2.0), absent])])).unwrap();
    assert_eq!(markers(&svg), 1);
    assert!(!svg.contains("shown"));
}

#[test]
fn a_position_that_the_axis_cannot_hold_is_an_error() {
    let error = draw(line(Scale::Log2, vec![series(vec![point(0.0, 1.0)])])).unwrap_err();
    assert_eq!(
        error,
        FigureError::Position {
            panel: 1,
            axis: 'x',
            value: 0.0,
            scale: Scale::Log2
        }
    );
    assert_eq!(error.to_string(), "panel 1: x = `0` cannot stand on this axis (Log2)");
    let mut body = line(Scale::Log10, vec![]);
    body.y.ticks = Ticks::Listed(vec![-1.0]);
    assert!(matches!(
        draw(body).unwrap_err(),
        FigureError::Position { axis: 'y', .. }
    ));
    let mut body = line(Scale::Linear, vec![]);
    body.x.ticks = Ticks::Listed(vec![1.0, f64::INFINITY]);
    assert!(matches!(
        draw(body).unwrap_err(),
        FigureError::Position { axis: 'x', .. }
    ));
}

#[test]
fn bounds_below_zero_do_not_stretch_a_log_axis() {
    let bounded = |low: f64| {
        let mut points = vec![point(1.0, 1.0), point(10.0, 0.1)];
        points[1].error = Spread::Between(low, 0.11);
        draw(line(Scale::Log10, vec![series(points)])).unwrap()
    };
    for low in [-1.0, 0.0, 1e-9, f64::NEG_INFINITY] {
        assert!(!bounded(low).contains(">−9<"), "{low}");
        assert_eq!(bounded(low), bounded(-2.0), "{low}");
    }
    assert_ne!(bounded(0.05), bounded(-2.0));
}

#[test]
fn malformed_figures_are_errors() {
    let mut none = figure(vec![]);
    assert_eq!(render(&none), Err(FigureError::NoPanels));
    none.panels = figure(vec![Panel::of(line(Scale::Linear, vec![]))]).panels;
    assert_eq!(render(&none), Err(FigureError::NoColumns));
    let cells = render(&figure(vec![Panel::of(heat(2, 2, vec![Some(1.0)]))]));
    assert_eq!(
        cells,
        Err(FigureError::Cells {
            panel: 1,
            rows: 2,
            columns: 2,
            values: 1
        })
    );
    let mut off = heat(1, 1, vec![Some(1.0)]);
    off.colours = Colours::Diverging {
        centre: f64::NAN,
        margin: None,
    };
    assert!(matches!(
        render(&figure(vec![Panel::of(off)])),
        Err(FigureError::Centre { panel: 1, .. })
    ));
    let crowd = (0..40).map(|_| Panel::of(line(Scale::Linear, vec![]))).collect();
    assert_eq!(render(&figure(crowd)), Err(FigureError::Narrow { columns: 40 }));
    let mut mixed = figure(vec![
        Panel::of(line(Scale::Linear, vec![])),
        Panel::of(line(Scale::Log10, vec![])),
    ]);
    mixed.shared_y = true;
    assert_eq!(render(&mixed), Err(FigureError::Shared));
}

#[test]
fn missing_cells_are_grey_and_unprinted() {
    let mut panel = heat(4, 1, vec![Some(1.0), None, Some(f64::NAN), Some(-1.0)]);
    panel.logarithmic = true;
    let svg = render(&figure(vec![Panel::of(panel)])).unwrap();
    assert_eq!(svg.matches("#ECECEC").count(), 3);
    assert!(!svg.contains("NaN"));
}

#[test]
fn values_are_written_in_cells_only_where_all_fit() {
    let values = |count: u32| (0..count).map(|value| Some(f64::from(value) + 0.125)).collect();
    let wide = render(&figure(vec![Panel::of(heat(4, 1, values(4)))])).unwrap();
    assert!(wide.contains(">2.1<"));
    let narrow = render(&figure(vec![Panel::of(heat(80, 1, values(80)))])).unwrap();
    assert!(!narrow.contains(">2<"), "{narrow}");
}

#[test]
fn equal_legends_of_several_panels_become_one() {
    let own = || line(Scale::Linear, vec![series(vec![point(1.0, 1.0)])]);
    let count = |figure: &Figure| render(figure).unwrap().matches(">series<").count();
    assert_eq!(count(&figure(vec![Panel::of(own()), Panel::of(own())])), 1);
    let mut other = own();
    other.series.push(Series {
        look: 1,
        ..series(vec![])
    });
    let two = figure(vec![Panel::of(own()), Panel::of(other)]);
    assert_eq!(count(&two), 3, "two looks of one name");
}

#[test]
fn a_legend_moves_out_of_the_frame_where_it_would_cover_data() {
    let height = |points: Vec<Point>| {
        let svg = draw(line(Scale::Linear, vec![series(points)])).unwrap();
        let height = svg.split("height=\"").nth(1).unwrap().split("pt").next().unwrap();
        height.parse::<f64>().unwrap()
    };
    let diagonal = (0..9).map(|step| point(f64::from(step), f64::from(step))).collect();
    let everywhere = (0..400)
        .map(|step| point(f64::from(step % 20), f64::from(step / 20)))
        .collect();
    assert!(height(everywhere) > height(diagonal) + 5.0);
}

#[test]
fn no_text_is_smaller_than_six_points() {
    let mut body = line(Scale::Log10, vec![series(vec![point(1.0, 1e-3), point(1e4, 1e3)])]);
    body.y.label = Label::parse(
        "$a_{b_{c_d}}$ and a label much longer than the axis that it is meant to name, by far, so that it must shrink",
    )
    .unwrap();
    let svg = draw(body).unwrap();
    let sizes: Vec<i32> = svg
        .split("font-size=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(sizes.len() > 10);
    assert!(
        sizes.iter().all(|size| *size >= 6 * style::UNITS_PER_POINT),
        "{sizes:?}"
    );
}

#[cfg(feature = "png")]
#[test]
fn a_raster_has_the_print_size_and_the_same_bytes_each_time() {
    let svg = draw(line(Scale::Log10, vec![series(vec![point(1.0, 1.0)])])).unwrap();
    let picture = png(&svg, 100).unwrap();
    assert_eq!(picture[..8], [0x89, b'P', b'N', b'G', 13, 10, 26, 10]);
    assert_eq!(u32::from_be_bytes(picture[16..20].try_into().unwrap()), 700);
    assert_eq!(picture, png(&svg, 100).unwrap());
    assert!(matches!(png("no picture", 100), Err(FigureError::Png(_))));
    assert!(matches!(png(&svg, 0), Err(FigureError::Png(_))));
}

#[cfg(feature = "pdf")]
#[test]
fn a_page_has_the_print_size_its_font_and_the_same_bytes_each_time() {
    let svg = draw(line(Scale::Log10, vec![series(vec![point(1.0, 1.0)])])).unwrap();
    let page = pdf(&svg).unwrap();
    let text = String::from_utf8_lossy(&page);
    assert!(text.starts_with("%PDF-"));
    assert!(
        text.contains("/FontFile2") && text.contains("DejaVuSans"),
        "the font is embedded"
    );
    let size = text.split("/MediaBox [").nth(1).unwrap().split(']').next().unwrap();
    let sides: Vec<f64> = size.split_whitespace().map(|side| side.parse().unwrap()).collect();
    assert!((sides[2] - 504.0).abs() < 0.01, "7 inches in points: {sides:?}");
    assert_eq!(page, pdf(&svg).unwrap());
    assert!(matches!(pdf("no picture"), Err(FigureError::Pdf(_))));
}

#[cfg(feature = "png")]
#[test]
fn labels_in_any_script_survive_the_raster() {
    let mut body = line(Scale::Linear, vec![series(vec![point(1.0, 1.0)])]);
    let odd = "e\u{301} 中文 \u{1f600}\u{200d} \u{5d0}\u{5b0} \u{915}\u{94d}\u{937} fi \u{1100}\u{1161}";
    body.x.label = Label::parse(&format!(r"{odd} $\hat\theta_{{\mathrm{{{odd}}}}}$")).unwrap();
    assert!(png(&draw(body).unwrap(), 50).is_ok());
}
