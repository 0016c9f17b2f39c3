//! Values of theory beside estimates: curves and marks, references, bounds, points that say little, notes.

use super::{axis, legend};
use mode_lottery::report::figure::{
    At, Curve, Figure, Interval, Joined, Label, LinePanel, Panel, Point, Reference, Scale, Series, Spread, Width,
};
use std::error::Error;

/// Share of fits with a missing mode: rarer with each prompt, until it is never seen.
fn share(prompts: f64, falls: f64) -> f64 {
    0.4 / (1.0 + (prompts / falls) * (prompts / falls) * (prompts / falls))
}

fn points(falls: f64) -> Vec<Point> {
    let prompts = [16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0, 256.0];
    let of = |x: f64| {
        let y = share(x, falls);
        match y {
            y if y < 1e-3 => Point {
                x,
                y: Some(0.0),
                error: Spread::Bound(7.5e-4),
            },
            // As if the run had been cut short there.
            _ if x == 48.0 => Point {
                x,
                y: Some(1.2 * y),
                error: Spread::Unsure,
            },
            y => Point {
                x,
                y: Some(1.03 * y),
                error: Spread::Between(0.95 * y, 1.11 * y),
            },
        }
    };
    prompts.into_iter().map(of).collect()
}

fn series(look: usize, label: &str, falls: f64, exact: Vec<(f64, f64)>) -> Series {
    Series {
        label: Label::plain(label),
        look,
        points: points(falls),
        interval: Interval::Bars,
        joined: if exact.is_empty() {
            Joined::Straight
        } else {
            Joined::Not
        },
        exact: Curve(exact),
        floor: None,
    }
}

fn panel(tag: char, scale: Scale) -> Result<Panel, Box<dyn Error>> {
    let every = |falls| (16..=256).map(|x| (f64::from(x), share(f64::from(x), falls))).collect();
    let arms = |falls| {
        points(falls)
            .iter()
            .map(|point| (point.x, share(point.x, falls)))
            .collect()
    };
    let order = |falls: f64| {
        Curve(
            (16..=256)
                .map(|x| (f64::from(x), 1.3 * share(f64::from(x), falls)))
                .collect(),
        )
    };
    let along = |index, falls| -> Result<Reference, Box<dyn Error>> {
        Ok(Reference {
            at: At::Along {
                curve: order(falls),
                series: Some(index),
            },
            label: Label::parse("first order")?,
        })
    };
    let line = LinePanel {
        x: axis("training prompts $N_p$", Scale::Log10)?,
        y: axis("share of fits with a missing mode", scale)?,
        series: vec![
            series(0, "random", 20.0, every(20.0)),
            series(1, "diverse", 35.0, arms(35.0)),
            series(2, "noisy", 60.0, Vec::new()),
        ],
        counted: true,
        references: vec![along(0, 20.0)?, along(1, 35.0)?],
        legend: legend(Some("selector"))?,
    };
    Ok(Panel {
        tag: Some(tag),
        notes: vec!["Up to 20.4% of replicates do not meet the condition of the estimand and are left out.".to_owned()],
        ..Panel::of(line)
    })
}

pub(super) fn theory() -> Result<Figure, Box<dyn Error>> {
    Ok(Figure {
        name: "Gallery".to_owned(),
        title: Some(Label::plain("What theory and few events look like")),
        panels: vec![panel('a', Scale::Linear)?, panel('b', Scale::Log10)?],
        columns: 2,
        width: Width::TwoColumn,
        shared_y: false,
    })
}
