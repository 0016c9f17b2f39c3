//! Nested-loop panels (Ruecker and Schwarzer 2014): values as steps, and below them the steps of the factors whose combinations these are.

use super::FigureError;
use super::axes::AxisLayout;
use super::canvas::{At, Canvas, Frame};
use super::described::listed;
use super::entries::{Entry, Sample, headed, omitted, present};
use super::label::Label;
use super::legend::{Key, Legend};
use super::line::Axis;
use super::marks;
use super::model::{Body, Drawing, Filling, Site, Spot};
use super::scale::Range;
use super::style;
use super::text_layout::{Anchor, set};
use super::ticks;
use super::wrap::fitting;
use std::any::Any;

/// Values over all combinations of some factors, in the order of nested loops.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedLoopPanel {
    /// The upright axis.
    pub y: Axis,
    /// The factors, from the outermost loop to the innermost.
    pub loops: Vec<Loop>,
    /// The series, in the order of the legend.
    pub series: Vec<StepSeries>,
    /// The legend.
    pub legend: Legend,
}

/// A factor: the level that it has at each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// Its name.
    pub name: Label,
    /// Its levels, from the lowest.
    pub levels: Vec<Label>,
    /// For each step an index into the levels.
    pub of_step: Vec<usize>,
}

/// A line of steps with one colour.
#[derive(Clone, Debug, PartialEq)]
pub struct StepSeries {
    /// Name in the legend.
    pub label: Label,
    /// One per combination, from left to right; none where there is nothing to show.
    pub steps: Vec<Option<Step>>,
}

/// A value over one combination. One that the axis cannot hold is left out, and the legend counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its height.
    pub value: f64,
    /// Lower and upper bound, drawn as a band.
    pub error: Option<[f64; 2]>,
    /// The exact value, which is marked.
    pub exact: Option<f64>,
}

impl Body for NestedLoopPanel {
    fn fill<'a>(&'a self, site: &Site<'a>) -> Result<Filling<'a>, FigureError> {
        marks::check(site.number(), self.series.len(), style::SERIES.len())?;
        let data = range(&site.sharing(self));
        let usual = site.size.1.max(1);
        let mut marks = ticks::ticks(&self.y.ticks, &data, usual / style::TICK_ROOM_Y);
        marks.retain(|tick| data.contains(tick.value));
        // The axis goes on below the values, beside the loops, where it has no ticks.
        let below = f64::from(self.room()) / f64::from(usual);
        let whole = Range::new(data.scale, data.low - below * (data.high - data.low), data.high);
        let repeats = |left: &Self| site.figure.shared_y && left.y == self.y;
        let y = AxisLayout::numeric(AxisLayout::name(&self.y.label, usual), &whole, &marks);
        let name = Label::plain(&format!("{} combinations", self.steps()));
        Ok(Filling {
            x: AxisLayout::categories(AxisLayout::name(&name, site.size.0), &[]),
            y: y.hidden_if(site.left().is_some_and(repeats)),
            bar: None,
            inside: Box::new(Nested {
                panel: self,
                range: whole,
                low: data.low,
            }),
        })
    }

    fn described(&self) -> String {
        let series = listed(self.legend.title.as_ref(), self.series.iter().map(|own| &own.label));
        let loops: Vec<String> = self.loops.iter().map(|own| own.name.spoken()).collect();
        format!(
            "steps of {} over loops of {}{series}",
            self.y.label.spoken(),
            loops.join(", ")
        )
    }

    fn key(&self) -> Option<Key> {
        let series = self.series.iter().enumerate();
        let series = series.map(|(index, own)| (Mark::Steps(index), &own.label));
        let any = |has: fn(&Step) -> bool| self.all().any(has);
        let mut marks: Vec<Entry> = present([
            (any(|own| own.error.is_some()), Mark::Band, &self.legend.words.points),
            (any(|own| own.exact.is_some()), Mark::Exact, &self.legend.words.exact),
        ])
        .collect();
        let omits = self.all().filter(|own| !self.y.scale.holds(own.value)).count();
        marks.extend(omitted(omits, "not on this axis"));
        let series = headed(self.legend.title.as_ref(), series);
        Some(Key::new(self.legend.place, [series, marks]))
    }
}

impl NestedLoopPanel {
    fn all(&self) -> impl Iterator<Item = &Step> {
        self.series.iter().flat_map(|own| own.steps.iter().flatten())
    }

    fn steps(&self) -> usize {
        self.series.first().map_or(0, |own| own.steps.len())
    }

    /// Room of the loops below the values.
    fn room(&self) -> i32 {
        self.loops.len() as i32 * style::LOOP_ROW + style::LOOP_GAP
    }
}

/// What the values of these panels span.
fn range(panels: &[&NestedLoopPanel]) -> Range {
    let scale = panels[0].y.scale;
    let values = panels.iter().flat_map(|panel| {
        panel.all().filter(|own| scale.holds(own.value)).flat_map(|own| {
            let ends = own.error.into_iter().flatten().chain(own.exact);
            [own.value].into_iter().chain(ends)
        })
    });
    Range::padded(scale, values)
}

/// A nested-loop panel, ready to be drawn.
struct Nested<'a> {
    panel: &'a NestedLoopPanel,
    /// The axis, which goes on below the values.
    range: Range,
    /// Where the values end, as a position of the axis.
    low: f64,
}

impl Drawing for Nested<'_> {
    fn height(&self, _: i32, usual: i32) -> i32 {
        usual + self.panel.room()
    }

    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        let end = frame.up((self.low - self.range.low) / (self.range.high - self.range.low));
        canvas.path(
            &[(frame.left, end), (frame.right, end)],
            style::GRID_STROKE,
            style::FRAME,
        );
        for (index, own) in self.panel.series.iter().enumerate() {
            self.bands(canvas, frame, (index, own));
        }
        for (index, own) in self.panel.series.iter().enumerate() {
            self.steps(canvas, frame, (index, own));
        }
        for own in &self.panel.series {
            self.exact(canvas, frame, own);
        }
        // The frame may be a little higher than was foretold: the loops share what is there.
        let top = end + style::LOOP_GAP / 2;
        let each = (frame.bottom - style::LOOP_PAD - top) / self.panel.loops.len().max(1) as i32;
        for (index, own) in self.panel.loops.iter().enumerate() {
            let top = top + index as i32 * each;
            let row = Frame::between((frame.left, top), (frame.right, top + each));
            self.factor(canvas, row, own);
        }
    }

    fn spots(&self, frame: Frame) -> Vec<Spot> {
        let all = self.panel.series.iter().enumerate().flat_map(|(series, own)| {
            own.steps.iter().enumerate().filter_map(move |(step, own)| {
                let y = self.height_of(own.as_ref()?.value, frame)?;
                let [left, right] = self.across(step, frame, 0.0);
                Some(Spot {
                    at: ((left + right) / 2, y),
                    reach: (right - left) / 2,
                    item: (series, step),
                })
            })
        });
        all.collect()
    }
}

impl Nested<'_> {
    /// Left and right end of a step, so much narrower on either side.
    fn across(&self, step: usize, frame: Frame, inset: f64) -> [i32; 2] {
        let share = |at: f64| frame.across(at / self.panel.steps().max(1) as f64);
        [share(step as f64 + inset), share(step as f64 + 1.0 - inset)]
    }

    fn height_of(&self, value: f64, frame: Frame) -> Option<i32> {
        let held = self.range.scale.holds(value);
        held.then(|| self.range.place(value, frame.bottom, frame.top))
    }

    fn bands(&self, canvas: &mut Canvas, frame: Frame, (index, own): (usize, &StepSeries)) {
        for (step, value) in own.steps.iter().enumerate() {
            let ends = value.as_ref().and_then(|own| own.error);
            let Some([low, high]) = ends.map(|ends| ends.map(|end| self.height_of(end, frame))) else {
                continue;
            };
            let [left, right] = self.across(step, frame, 0.0);
            if let (Some(low), Some(high)) = (low, high) {
                let band = [(left, low), (right, low), (right, high), (left, high)];
                canvas.polygon(&band, marks::colour(index), style::BAND_OPACITY);
            }
        }
    }

    /// Flat over each combination, upright between neighbours; broken where there is nothing to show.
    fn steps(&self, canvas: &mut Canvas, frame: Frame, (index, own): (usize, &StepSeries)) {
        let mut piece: Vec<At> = Vec::new();
        let height = |step: &Option<Step>| step.as_ref().and_then(|own| self.height_of(own.value, frame));
        for (step, value) in own.steps.iter().map(height).chain([None]).enumerate() {
            match value {
                Some(y) => piece.extend(self.across(step, frame, 0.0).map(|x| (x, y))),
                None if piece.is_empty() => {}
                None => canvas.path(&std::mem::take(&mut piece), style::CURVE_STROKE, marks::colour(index)),
            }
        }
    }

    fn exact(&self, canvas: &mut Canvas, frame: Frame, own: &StepSeries) {
        for (step, value) in own.steps.iter().enumerate() {
            let exact = value.as_ref().and_then(|own| self.height_of(own.exact?, frame));
            if let Some(y) = exact {
                let [left, right] = self.across(step, frame, 0.25);
                canvas.path(&[(left, y), (right, y)], style::EXACT_TICK, style::INK);
            }
        }
    }

    /// The name and levels of a factor, and below them its own steps.
    fn factor(&self, canvas: &mut Canvas, row: Frame, own: &Loop) {
        let mut name = own.name.clone();
        for (index, level) in own.levels.iter().enumerate() {
            let before = if index == 0 { ": " } else { ", " };
            name = name.joined(before, level);
        }
        let text = fitting(&name, style::SMALLEST, row.width() - 2 * style::LOOP_PAD);
        let baseline = row.top + set(&name, style::SMALLEST).ascent();
        canvas.text(&text, (row.left + style::LOOP_PAD, baseline), Anchor::Start, style::INK);
        let (foot, rise) = (row.bottom - style::LOOP_PAD, style::LOOP_RISE);
        let most = (own.levels.len().max(2) - 1) as i32;
        let points = own.of_step.iter().enumerate().flat_map(|(step, &level)| {
            let y = foot - rise * level as i32 / most;
            self.across(step, row, 0.0).map(|x| (x, y))
        });
        canvas.path(&points.collect::<Vec<At>>(), style::JOIN_STROKE, style::NEUTRAL);
    }
}

/// What a legend of steps explains.
#[derive(Debug, PartialEq)]
enum Mark {
    /// A series.
    Steps(usize),
    /// Any error.
    Band,
    /// Any exact value.
    Exact,
}

impl Sample for Mark {
    fn length(&self) -> i32 {
        style::SWATCH
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): At) {
        let (end, middle, half) = (x + self.length(), x + self.length() / 2, style::BAR_SWATCH / 4);
        match self {
            Self::Steps(series) => {
                let steps = [(x, y + half), (middle, y + half), (middle, y - half), (end, y - half)];
                canvas.path(&steps, style::CURVE_STROKE, marks::colour(*series))
            }
            Self::Band => {
                let band = [(x, y - half), (end, y - half), (end, y + half), (x, y + half)];
                canvas.polygon(&band, style::NEUTRAL, style::BAND_OPACITY);
                canvas.path(&[(x, y), (end, y)], style::CURVE_STROKE, style::NEUTRAL)
            }
            Self::Exact => {
                let quarter = self.length() / 4;
                canvas.path(&[(x + quarter, y), (end - quarter, y)], style::EXACT_TICK, style::INK)
            }
        }
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::scale::Scale;
    use crate::report::figure::{Figure, LegendText, Panel, Place, Ticks, Width, render};

    fn panel() -> NestedLoopPanel {
        let step = |value: f64| {
            Some(Step {
                value,
                error: Some([0.9 * value, 1.1 * value]),
                exact: Some(value),
            })
        };
        let factor = |name: &str, of_step: [usize; 4]| Loop {
            name: Label::plain(name),
            levels: vec![Label::plain("low"), Label::plain("high")],
            of_step: of_step.to_vec(),
        };
        NestedLoopPanel {
            y: Axis {
                label: Label::plain("variance"),
                scale: Scale::Log10,
                ticks: Ticks::Auto,
            },
            loops: vec![factor("outer", [0, 0, 1, 1]), factor("inner", [0, 1, 0, 1])],
            series: vec![StepSeries {
                label: Label::plain("random"),
                steps: vec![step(1.0), step(0.1), None, step(-1.0)],
            }],
            legend: Legend {
                title: None,
                place: Place::Auto,
                words: LegendText::default(),
            },
        }
    }

    fn svg(panel: NestedLoopPanel) -> String {
        let figure = Figure {
            name: "Loops".to_owned(),
            title: None,
            panels: vec![Panel::of(panel)],
            columns: 1,
            width: Width::OneColumn,
            shared_y: false,
        };
        // Words of a label do not part.
        render(&figure).unwrap().replace('\u{a0}', " ")
    }

    #[test]
    fn values_stand_above_the_loops_and_levels_are_named() {
        let text = svg(panel());
        for said in [
            "outer: low, high",
            "inner: low, high",
            "4 combinations",
            "1 not shown (not on this axis)",
            "steps of variance over loops of outer, inner",
        ] {
            assert!(text.contains(said), "{said}");
        }
        // The negative control: other levels are another picture.
        let mut other = panel();
        other.loops[1].of_step = vec![0, 1, 1, 0];
        assert_ne!(svg(other), text);
    }

    #[test]
    fn steps_fill_the_frame_side_by_side() {
        let own = panel();
        let nested = Nested {
            range: range(&[&own]),
            low: 0.0,
            panel: &own,
        };
        let frame = Frame::between((0, 0), (400, 100));
        assert_eq!(nested.across(0, frame, 0.0), [0, 100]);
        assert_eq!(nested.across(3, frame, 0.25), [325, 375]);
        assert_eq!(nested.height_of(-1.0, frame), None);
        // Log axis: halfway between .1 and 1, as far as padding is even.
        let [low, high] = [0.1, 1.0].map(|value| nested.height_of(value, frame).unwrap());
        assert!(high < low, "upward");
    }
}
