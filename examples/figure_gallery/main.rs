//! Draws one figure of every kind, from invented data, into `target/gallery/`: look at them after any change of style.

mod odd;
mod selection;
mod theory;

use mode_lottery::report::figure::{
    At, Axis, Colours, Curve, Figure, HeatPanel, Interval, Joined, Label, Legend, LegendText, LinePanel, Panel, Place,
    Point, Reference, Scale, Series, Spread, Ticks, Width, render,
};
use std::error::Error;
use std::fs;
use std::path::Path;

/// `2^(1/64)`: steps of smooth curves over powers of two.
const FINE_STEP: f64 = 1.010_889_286_051_700_5;
const RESPONSES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("target/gallery");
    fs::create_dir_all(folder)?;
    for (name, figure) in [
        ("variance-law", variance_law()?),
        ("ratios", ratios()?),
        ("mixed", mixed()?),
        ("shared", shared()?),
        ("many", many()?),
        ("odd", odd::odd()?),
        ("inside", places(Place::Auto, Width::OneColumn)?),
        ("right", places(Place::Right, Width::OneColumn)?),
        ("bars", selection::bars()?),
        ("bars-odd", selection::bars_odd()?),
        ("pools", selection::pools()?),
        ("theory", theory::theory()?),
    ] {
        write(folder, name, &figure)?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, figure: &Figure) -> Result<(), Box<dyn Error>> {
    let svg = render(figure)?;
    fs::write(folder.join(format!("{name}.svg")), &svg)?;
    #[cfg(feature = "png")]
    fs::write(
        folder.join(format!("{name}.png")),
        mode_lottery::report::figure::png(&svg, 300)?,
    )?;
    println!("{name}: {} bytes", svg.len());
    Ok(())
}

fn axis(label: &str, scale: Scale) -> Result<Axis, Box<dyn Error>> {
    Ok(Axis {
        label: Label::parse(label)?,
        scale,
        ticks: Ticks::Auto,
    })
}

fn legend(title: Option<&str>) -> Result<Legend, Box<dyn Error>> {
    Ok(Legend {
        title: title.map(Label::parse).transpose()?,
        place: Place::Auto,
        words: LegendText::default(),
    })
}

/// Variance `between / N_p + within / (N_p K)`, with a curve, a floor and points that miss the curve by up to a standard error.
fn law_series((look, prompts): (usize, f64), between: f64, within: f64, relative: f64) -> Series {
    let law = |responses: f64| between / prompts + within / (prompts * responses);
    let misses = [0.4, -0.8, 0.1, 0.9, -0.3, -0.6, 0.5];
    let points = RESPONSES.iter().zip(misses).map(|(responses, miss)| {
        let exact = law(*responses);
        let y = exact * (1.0 + miss * relative);
        Point {
            x: *responses,
            y: Some(y),
            error: Spread::Between(y - relative * exact, y + relative * exact),
        }
    });
    Series {
        label: Label::plain(&prompts.to_string()),
        look,
        points: points.collect(),
        interval: Interval::Bars,
        joined: Joined::Not,
        exact: Curve(fine().map(|responses| (responses, law(responses))).collect()),
        floor: Some(between / prompts),
    }
}

/// 1 to 64 in fine equal ratios.
fn fine() -> impl Iterator<Item = f64> {
    std::iter::successors(Some(1.0), |x| Some(x * FINE_STEP)).take(385)
}

fn law_panel(between: f64, relative: f64) -> Result<LinePanel, Box<dyn Error>> {
    Ok(LinePanel {
        x: axis("responses per prompt $K$", Scale::Log2)?,
        y: axis(r"variance of $\hat\theta$", Scale::Log10)?,
        series: [(0, 16.0), (1, 64.0), (2, 256.0)]
            .map(|series| law_series(series, between, 0.681, relative))
            .to_vec(),
        counted: false,
        references: Vec::new(),
        legend: legend(Some("$N_p$"))?,
    })
}

fn single(panel: Panel, width: Width) -> Figure {
    Figure {
        name: "Gallery".to_owned(),
        title: None,
        panels: vec![panel],
        columns: 1,
        width,
        shared_y: false,
    }
}

fn variance_law() -> Result<Figure, Box<dyn Error>> {
    let panel = Panel::of(law_panel(0.0851, 0.01)?);
    Ok(single(panel, Width::OneColumn))
}

fn ratio_panel(tag: char, title: &str, shift: f64) -> Result<Panel, Box<dyn Error>> {
    let values = (0..35).map(|index| {
        let (row, column) = (f64::from(index / 7), f64::from(index % 7));
        // A fixed pattern that fills -1 to 1.
        let wave = ((row * 5.0 + column * 3.0 + shift) % 7.0) / 3.0 - 1.0;
        Some(1.0 + 0.03 * wave)
    });
    let heat = HeatPanel {
        x_label: Label::parse("responses $K$")?,
        x: RESPONSES
            .iter()
            .map(|responses| Label::plain(&responses.to_string()))
            .collect(),
        y_label: Label::parse("prompts $N_p$")?,
        y: ["16", "32", "64", "128", "256"].map(Label::plain).to_vec(),
        values: values.collect(),
        value: Label::parse("Monte Carlo / exact variance")?,
        colours: Colours::Diverging {
            centre: 1.0,
            margin: None,
        },
        logarithmic: false,
        printed: true,
    };
    Ok(Panel {
        title: Some(Label::parse(title)?),
        tag: Some(tag),
        ..Panel::of(heat)
    })
}

fn ratios() -> Result<Figure, Box<dyn Error>> {
    let panels = vec![
        ratio_panel('a', r"$V_{y|x}/V_x = 2$", 0.0)?,
        ratio_panel('b', r"$V_{y|x}/V_x = 8$", 2.0)?,
        ratio_panel('c', r"$V_{y|x}/V_x = 32$", 4.0)?,
    ];
    Ok(Figure {
        name: "Gallery".to_owned(),
        title: None,
        panels,
        columns: 3,
        width: Width::TwoColumn,
        shared_y: false,
    })
}

/// A cost curve with its optimum beside a logarithmic map with gaps.
fn mixed() -> Result<Figure, Box<dyn Error>> {
    let emse = |responses: f64| 0.085 * (1.0 + 0.04 * responses) + 0.68 * (1.0 / responses + 0.04);
    let series = Series {
        label: Label::plain("random"),
        look: 0,
        points: Vec::new(),
        interval: Interval::Bars,
        joined: Joined::Not,
        exact: Curve(fine().map(|x| (x, emse(x))).collect()),
        floor: None,
    };
    let points = RESPONSES.iter().map(|x| {
        let y = 0.93 * emse(*x) + 0.002 * x;
        Point {
            x: *x,
            y: Some(y),
            error: Spread::Between(y - 0.012, y + 0.012),
        }
    });
    let diverse = Series {
        label: Label::plain("diverse"),
        look: 1,
        points: points.collect(),
        exact: Curve::none(),
        joined: Joined::Straight,
        ..series.clone()
    };
    let line = LinePanel {
        x: axis("responses per prompt $K$", Scale::Log2)?,
        y: axis(r"$\mathrm{Var} \times \mathrm{cost}$ (nats$^2$)", Scale::Linear)?,
        series: vec![series, diverse],
        counted: false,
        references: vec![Reference {
            at: At::X(14.14),
            label: Label::parse(r"$K^\star = \sqrt{c_x V_{y|x} / (c_y V_x)}$")?,
        }],
        legend: legend(None)?,
    };
    let values = (0..30).map(|index| {
        let (row, column) = (index / 6, index % 6);
        let value = 8.0 / f64::from((1 << row) * (1 << column));
        (row + column < 9).then_some(value * value)
    });
    let heat = HeatPanel {
        x_label: Label::parse(r"Dirichlet concentration $\alpha$")?,
        x: ["1", "2", "4", "8", "16", "32"].map(Label::plain).to_vec(),
        y_label: Label::parse("candidates $N$")?,
        y: ["4", "8", "16", "32", "64"].map(Label::plain).to_vec(),
        values: values.collect(),
        value: Label::parse(r"$\mathrm{bias}^2$ of the selected mean")?,
        colours: Colours::Sequential,
        logarithmic: true,
        printed: true,
    };
    let panels = vec![
        Panel {
            title: Some(Label::plain("cost of a design")),
            tag: Some('a'),
            ..Panel::of(line)
        },
        Panel {
            title: Some(Label::plain("bias of selection")),
            tag: Some('b'),
            ..Panel::of(heat)
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

fn shared() -> Result<Figure, Box<dyn Error>> {
    let panel = |tag, between: f64, ratio: &str| -> Result<Panel, Box<dyn Error>> {
        let title = Some(Label::parse(&format!(r"$V_{{y|x}} / V_x = {ratio}$"))?);
        Ok(Panel {
            title,
            tag: Some(tag),
            ..Panel::of(law_panel(between, 0.08)?)
        })
    };
    let panels = vec![
        panel('a', 0.34, "2")?,
        panel('b', 0.0851, "8")?,
        panel('c', 0.0213, "32")?,
    ];
    let title = Some(Label::plain("The variance law in three worlds"));
    Ok(Figure {
        name: "Gallery".to_owned(),
        title,
        panels,
        columns: 3,
        width: Width::TwoColumn,
        shared_y: true,
    })
}

/// Nine series, so that colours repeat, with bands, at one column.
fn many() -> Result<Figure, Box<dyn Error>> {
    let families = [
        "linear",
        "bilinear",
        "low rank",
        "mixture",
        "MLP 1",
        "MLP 2",
        "attention",
        "kernel",
        "table",
    ];
    let series = families.iter().enumerate().map(|(index, family)| {
        let level = 0.2 + 0.35 * index as f64;
        let points = (1..=10).map(|step| {
            let y = level + 2.0 / f64::from(step);
            Point {
                x: f64::from(step) * 100.0,
                y: Some(y),
                error: Spread::Between(y - 0.12, y + 0.12),
            }
        });
        Series {
            label: Label::plain(family),
            look: index,
            points: points.collect(),
            interval: if index < 3 { Interval::Band } else { Interval::Bars },
            joined: Joined::Straight,
            exact: Curve::none(),
            floor: None,
        }
    });
    let line = LinePanel {
        x: axis("training step", Scale::Linear)?,
        y: axis(r"excess loss $L(\hat\theta) - L(\theta^\star)$ (nats)", Scale::Linear)?,
        series: series.collect(),
        counted: false,
        references: vec![],
        legend: legend(None)?,
    };
    Ok(single(Panel::of(line), Width::OneColumn))
}

/// The law without floors on linear axes, whose upper right corner is free.
fn places(place: Place, width: Width) -> Result<Figure, Box<dyn Error>> {
    let mut line = law_panel(0.0851, 0.05)?;
    line.y.scale = Scale::Linear;
    for series in &mut line.series {
        series.floor = None;
    }
    line.legend.place = place;
    Ok(single(Panel::of(line), width))
}
