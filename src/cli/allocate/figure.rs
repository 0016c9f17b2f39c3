//! Owns the figure of `allocate`: the curve over K, its flat part, the design chosen, and one response of each prompt for contrast.

use super::asked::Asked;
use super::words::BANDS;
use crate::cli::CliError;
use crate::cli::results::picture;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::text::short;
use crate::record::replace;
use crate::report::figure::{
    At, Axis, Curve, Figure, Interval, Joined, Label, LabelError, Legend, LegendText, LinePanel, Panel, Place, Point,
    Reference, Scale, Series, Spread, Ticks, Width, render,
};
use crate::theory::design::Design;
use crate::theory::plan::Goal;
use std::path::Path;

/// Values of the curve: so near each other that they join to a line.
const VALUES: u32 = 1_000;

/// Draws the figure into a file, of the kind that its name says.
pub(super) fn draw(asked: &Asked, path: &Path) -> Result<(), CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::Run(format!("{}: {error}", path.display()));
    let figure = figure(asked).map_err(|error| failed(&error))?;
    let svg = render(&figure).map_err(|error| failed(&error))?;
    let bytes = picture(&svg, path)?;
    replace(path, &bytes).map_err(CliError::run)
}

fn figure(asked: &Asked) -> Result<Figure, LabelError> {
    let y = match asked.plan.goal {
        Goal::Budget(budget) => format!("variance for a budget of {}", short(budget)),
        Goal::Variance(target) => format!("cost of a variance of {}", short(target)),
    };
    let axis = |label: Label, scale: Scale| Axis {
        label,
        scale,
        ticks: Ticks::Auto,
    };
    let panel = LinePanel {
        x: axis(Label::parse("responses of each prompt $K$")?, Scale::Log2),
        y: axis(Label::plain(&y), Scale::Log10),
        series: series(asked)?,
        counted: false,
        references: flat(asked),
        legend: Legend {
            title: None,
            place: Place::Below,
            words: LegendText {
                exact: Label::plain("by the law"),
                ..LegendText::default()
            },
        },
    };
    Ok(Figure {
        name: format!("{y} against the number of responses"),
        title: None,
        panels: vec![Panel::of(panel)],
        columns: 1,
        width: Width::OneColumn,
        shared_y: false,
    })
}

/// The curve, and designs of whole numbers beside it: K = 1, 2, 4, ..., and the best.
fn series(asked: &Asked) -> Result<Vec<Series>, LabelError> {
    let plan = &asked.plan;
    let most = (plan.best.responses.saturating_mul(8)).clamp(8, plan.question.most_responses.max(8)) as f64;
    let point = |design: Design| Point {
        x: design.responses as f64,
        y: Some(plan.takes(&design)),
        error: Spread::Unknown,
    };
    let doubled = std::iter::successors(Some(2_u64), |k| k.checked_mul(2)).take_while(|k| *k as f64 <= most);
    let others = doubled.filter(|k| *k != plan.best.responses).filter_map(|k| plan.at(k));
    let chosen = format!("best: $K = {}$, $N_p = {}$", plan.best.responses, plan.best.prompts);
    let one = plan.at(1).filter(|one| *one != plan.best);
    let curve = Curve(spaced(1.0, most).map(|k| (k, plan.smooth(k))).collect());
    let all = [
        (Label::parse("$N_p$ in real numbers")?, Vec::new(), curve),
        (
            Label::parse("$N_p$ in whole numbers")?,
            others.map(point).collect(),
            Curve::none(),
        ),
        (
            Label::parse("$K = 1$")?,
            one.map(point).into_iter().collect(),
            Curve::none(),
        ),
        (Label::parse(&chosen)?, vec![point(plan.best)], Curve::none()),
    ];
    let shown = all
        .into_iter()
        .filter(|(_, points, curve)| !points.is_empty() || *curve != Curve::none());
    let series = shown.enumerate().map(|(look, (label, points, exact))| Series {
        label,
        look,
        points,
        interval: Interval::Bars,
        joined: Joined::Not,
        exact,
        floor: None,
    });
    Ok(series.collect())
}

/// The ends of the flat part.
fn flat(asked: &Asked) -> Vec<Reference> {
    let (low, high) = asked.plan.band(BANDS[0]);
    let label = Label::plain(&format!("within 5% of the best: {low} to {high}"));
    let line = |k: u64| Reference {
        at: At::X(k as f64),
        label: label.clone(),
    };
    [low, high].map(line).to_vec()
}

/// Numbers from the first to the last, at equal ratios.
fn spaced(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let ratio = ln(high / low) / f64::from(VALUES);
    (0..=VALUES).map(move |at| low * exp(ratio * f64::from(at)))
}
