//! What should not break a figure.

use super::{axis, legend};
use mode_lottery::report::figure::{
    Colours, Curve, Figure, HeatPanel, Interval, Joined, Label, LinePanel, Panel, Point, Scale, Series, Spread, Width,
};
use std::error::Error;

/// One point, nothing at all, one cell, values that an axis cannot hold.
pub(super) fn odd() -> Result<Figure, Box<dyn Error>> {
    let series = |points: Vec<Point>| Series {
        label: Label::plain("A & <B>"),
        look: 0,
        points,
        interval: Interval::Bars,
        joined: Joined::Not,
        exact: Curve::none(),
        floor: None,
    };
    let point = |x: f64, y: f64, low: f64, high: f64| Point {
        x,
        y: Some(y),
        error: Spread::Between(low, high),
    };
    let panel = |tag, series, scale| -> Result<Panel, Box<dyn Error>> {
        let body = LinePanel {
            x: axis("$x$", scale)?,
            y: axis(r"$\mathrm{bias}^2$", scale)?,
            series,
            counted: false,
            references: vec![],
            legend: legend(None)?,
        };
        Ok(Panel {
            tag: Some(tag),
            ..Panel::of(body)
        })
    };
    let noisy = vec![
        point(1.0, 1e-3, -1e-3, 3e-3),
        point(10.0, 2e-4, 1e-6, 6e-4),
        point(100.0, -1e-4, -3e-4, 1e-4),
        point(1000.0, 4e-5, 2e-5, 6e-5),
    ];
    let one = HeatPanel {
        x_label: Label::plain("selector"),
        x: vec![Label::plain("random")],
        y_label: Label::plain("policy"),
        y: vec![Label::plain("linear")],
        values: vec![Some(0.25)],
        value: Label::plain("share"),
        colours: Colours::Sequential,
        logarithmic: false,
        printed: true,
    };
    let panels = vec![
        panel('a', vec![series(vec![point(3.0, 5.0, 4.9, 5.1)])], Scale::Linear)?,
        panel('b', vec![series(noisy)], Scale::Log10)?,
        panel('c', vec![], Scale::Linear)?,
        Panel {
            tag: Some('d'),
            ..Panel::of(one)
        },
    ];
    Ok(Figure {
        name: "Gallery".to_owned(),
        title: None,
        panels,
        columns: 2,
        width: Width::TwoColumn,
        shared_y: false,
    })
}
