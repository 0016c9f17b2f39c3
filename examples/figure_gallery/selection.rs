//! Figures of selection: stacked bars with cuts, exact marks and gaps, and pools of candidates.

use std::error::Error;

use mode_lottery::report::figure::{
    Bar, BarSeries, BarsPanel, Candidate, Figure, Label, Legend, LegendText, Panel, Place, PoolPanel, Width,
};

/// Squared bias and variance by selector and K, of the size that real ones have.
const STACKS: [(&str, [[f64; 2]; 5]); 5] = [
    (
        "random",
        [
            [0.0, 0.0120],
            [0.0, 0.0067],
            [0.0, 0.0040],
            [0.0, 0.0027],
            [0.0, 0.0020],
        ],
    ),
    (
        "best",
        [
            [0.379, 0.0085],
            [0.340, 0.0065],
            [0.276, 0.0050],
            [0.143, 0.0039],
            [0.0, 0.0020],
        ],
    ),
    (
        "diverse",
        [
            [0.0273, 0.0102],
            [0.0014, 0.0038],
            [0.0134, 0.0015],
            [0.0031, 0.0018],
            [0.0, 0.0020],
        ],
    ),
    (
        "diverse-max-min",
        [
            [0.0, 0.0120],
            [0.0026, 0.0045],
            [0.0149, 0.0016],
            [0.0031, 0.0018],
            [0.0, 0.0020],
        ],
    ),
    (
        "diverse-best",
        [
            [0.0156, 0.0106],
            [0.0033, 0.0039],
            [0.0230, 0.0016],
            [0.0609, 0.0023],
            [0.0, 0.0020],
        ],
    ),
];

/// Bars that are wrong by up to `miss` of their exact value.
fn stacks(count: usize, miss: f64) -> Vec<BarSeries> {
    let bar = |(index, exact): (usize, &[f64; 2])| {
        let wave = ((index * 7 + 3) % 5) as f64 / 2.0 - 1.0;
        let parts = exact.map(|part| part * (1.0 + miss * wave) - 1e-5 * (1.0 + wave));
        let (total, spread) = (parts.iter().sum::<f64>(), miss * (exact[0] + exact[1]));
        Some(Bar {
            parts: parts.to_vec(),
            exact: vec![exact[0], exact[0] + exact[1]],
            error: Some([total - spread, total + spread]),
        })
    };
    let series = STACKS.iter().take(count).map(|(name, exact)| BarSeries {
        label: Label::plain(name),
        bars: exact.iter().enumerate().map(bar).collect(),
    });
    series.collect()
}

fn panel(series: Vec<BarSeries>, cut: Option<f64>) -> Result<BarsPanel, Box<dyn Error>> {
    Ok(BarsPanel {
        x_label: Label::parse("responses kept per prompt $K$")?,
        x: ["1", "2", "4", "8", "16"].map(Label::plain).to_vec(),
        y_label: Label::plain("EMSE of gradient"),
        cut,
        series,
        parts: vec![Label::parse(r"$\mathrm{bias}^2$")?, Label::plain("variance")],
        legend: Legend {
            title: Some(Label::plain("selector")),
            place: Place::Auto,
            words: LegendText::default(),
        },
    })
}

fn figure(panels: Vec<Panel>, columns: usize, width: Width) -> Figure {
    let many = panels.len() > 1;
    let tagged = panels.into_iter().zip('a'..).map(|(panel, tag)| Panel {
        tag: many.then_some(tag),
        ..panel
    });
    Figure {
        name: "Gallery".to_owned(),
        title: None,
        panels: tagged.collect(),
        columns,
        width,
        shared_y: false,
    }
}

/// One column, bars cut: the values read upward where they would touch.
pub fn bars() -> Result<Figure, Box<dyn Error>> {
    let body = Panel::of(panel(stacks(5, 0.03), Some(0.04))?);
    Ok(figure(vec![body], 1, Width::OneColumn))
}

/// Two panels: nothing cut and a legend inside, and what should not break bars: gaps, values below 0, no number.
pub fn bars_odd() -> Result<Figure, Box<dyn Error>> {
    let mut tall = panel(stacks(2, 0.1), None)?;
    tall.legend.title = None;
    let mut odd = panel(stacks(3, 0.0), Some(0.1))?;
    odd.parts = vec![Label::plain("crossover")];
    odd.y_label = Label::plain("crossover (prompts)");
    odd.cut = None;
    for (index, series) in odd.series.iter_mut().enumerate() {
        for (place, bar) in series.bars.iter_mut().enumerate() {
            let value = (place as f64 - 1.5) * (index as f64 + 1.0);
            *bar = (place != index + 1).then(|| Bar {
                parts: vec![if place == 4 { f64::NAN } else { value }],
                exact: vec![value * 1.1],
                error: Some([value - 0.3, value + 0.3]),
            });
        }
    }
    Ok(figure(vec![Panel::of(tall), Panel::of(odd)], 2, Width::TwoColumn))
}

/// Clusters on a circle; each panel keeps others.
pub fn pools() -> Result<Figure, Box<dyn Error>> {
    // Cosines and sines of six directions, and offsets that fill -1 to 1.
    let directions = [
        (1.0, 0.0),
        (0.5, 0.87),
        (-0.5, 0.87),
        (-1.0, 0.0),
        (-0.5, -0.87),
        (0.5, -0.87),
    ];
    let wave = |index: usize, step: usize| ((index * step + 3) % 17) as f64 / 8.0 - 1.0;
    let all: Vec<Candidate> = (0..26)
        .map(|index| {
            let group = [0, 0, 0, 1, 1, 2, 3, 4, 5][index % 9];
            let (x, y) = directions[group];
            Candidate {
                x: x + 0.22 * wave(index, 7),
                y: 0.8 * y + 0.22 * wave(index, 5),
                size: (wave(index, 11) + 1.0) / 2.0,
                group,
                kept: None,
            }
        })
        .collect();
    let kept: [(&str, &[usize]); 5] = [
        ("random", &[0, 1, 2, 3]),
        ("best", &[8, 20, 12, 5]),
        ("diverse", &[1, 3, 6, 8]),
        ("diverse-max-min", &[5, 7, 6, 16, 17, 4, 3, 2, 0, 13, 14, 15]),
        ("none", &[]),
    ];
    let panels = kept.iter().zip('a'..).map(|((name, order), tag)| {
        let mut candidates = all.clone();
        for (rank, &index) in (1..).zip(*order) {
            candidates[index].kept = Some(rank);
        }
        Ok(Panel {
            title: Some(Label::plain(name)),
            tag: Some(tag),
            ..Panel::of(PoolPanel {
                x_label: Label::plain("first principal axis (52%)"),
                y_label: Label::plain("second (31%)"),
                candidates,
                groups_label: Label::plain("mode"),
                groups: ["0", "1", "2", "3", "4", "5"].map(Label::plain).to_vec(),
                size: Label::plain("reward, 0.1 to 1.3"),
            })
        })
    });
    Ok(Figure {
        name: "Gallery".to_owned(),
        title: None,
        panels: panels.collect::<Result<_, Box<dyn Error>>>()?,
        columns: 3,
        width: Width::TwoColumn,
        shared_y: false,
    })
}
