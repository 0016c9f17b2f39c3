//! What a bar panel shows, and where its bars stand.

use crate::numerics::scale::Scale;
use crate::report::figure::canvas::Frame;
use crate::report::figure::label::Label;
use crate::report::figure::legend::Legend;
use crate::report::figure::style;

/// Stacked bars that stand on 0, over a list of categories, side by side by series.
#[derive(Clone, Debug, PartialEq)]
pub struct BarsPanel {
    /// Name of the categories.
    pub x_label: Label,
    /// The categories, from left to right.
    pub x: Vec<Label>,
    /// Name of the height.
    pub y_label: Label,
    /// Where higher bars are cut: each then has its value written above it. None: the axis reaches to every bar.
    pub cut: Option<f64>,
    /// The series, in the order of the legend and, in each category, from left to right.
    pub series: Vec<BarSeries>,
    /// Names of the parts of a stack, from the bottom.
    pub parts: Vec<Label>,
    /// The legend.
    pub legend: Legend,
}

/// A family of bars with one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct BarSeries {
    /// Name in the legend.
    pub label: Label,
    /// One per category; none where there is nothing to show.
    pub bars: Vec<Option<Bar>>,
}

/// A bar. One with a part that is not finite is left out, and the legend counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Heights of its parts, from the bottom. A lone part may be negative: it hangs. In a stack a part below 0, such as
    /// the estimate of a small square, shortens the next instead.
    pub parts: Vec<f64>,
    /// Heights above 0 at which exact values are marked.
    pub exact: Vec<f64>,
    /// Lower and upper bound of the whole, drawn as an error bar.
    pub error: Option<[f64; 2]>,
}

impl BarsPanel {
    /// Every bar that can be drawn, with its category and series.
    pub(super) fn shown(&self) -> impl Iterator<Item = ((usize, usize), &Bar)> {
        self.series.iter().enumerate().flat_map(|(series, own)| {
            let bars = own.bars.iter().enumerate();
            bars.filter_map(move |(category, bar)| {
                let bar = bar.as_ref().filter(|bar| bar.is_drawable())?;
                Some(((category, series), bar))
            })
        })
    }

    /// Whether a bar has this.
    pub(super) fn any(&self, has: impl Fn(&Bar) -> bool) -> bool {
        self.series.iter().flat_map(|own| own.bars.iter().flatten()).any(has)
    }

    /// How many bars cannot be drawn.
    pub(super) fn omitted(&self) -> usize {
        let bars = self.series.iter().flat_map(|own| own.bars.iter().flatten());
        bars.filter(|bar| !bar.is_drawable()).count()
    }

    /// Left and right end of the bar of a category and series that fills `fill` per mille of its place.
    pub(super) fn place(&self, (category, series): (usize, usize), frame: Frame, fill: i64) -> (i32, i32) {
        let (categories, count) = (self.x.len().max(1) as i64, self.series.len().max(1) as i64);
        // In thousandths of a thousandth of a category.
        let slot = 1000 * style::BARS_FILL / count;
        let start = 1_000_000 * category as i64 + 500 * (1000 - style::BARS_FILL) + slot * series as i64;
        let inset = slot * (1000 - fill) / 2000;
        let at = |part: i64| frame.left + (part * i64::from(frame.width()) / (1_000_000 * categories)) as i32;
        (at(start + inset), at(start + slot - inset))
    }
}

impl Bar {
    fn is_drawable(&self) -> bool {
        self.parts.iter().all(|part| Scale::Linear.holds(*part))
    }

    /// The upper ends of the parts. In a stack no end lies below 0.
    pub(super) fn edges(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let ends = self.parts.iter().map(|part| {
            sum += part;
            if self.parts.len() > 1 { sum.max(0.0) } else { sum }
        });
        ends.collect()
    }

    pub(super) fn top(&self) -> f64 {
        self.edges().last().copied().unwrap_or(0.0)
    }
}
