//! Legend entries: which marks of a panel are explained, in what words, with what sample.

use super::FigureError;
use super::bars;
use super::canvas::{At, Canvas, Frame};
use super::colour::tint;
use super::curve::Signs;
use super::label::Label;
use super::marks;
use super::model::{At as Stands, Bar, BarsPanel, Interval, LinePanel, Point, PoolPanel, Scale, Series, Spread};
use super::pool;
use super::reach;
use super::style;
use super::text_layout::{TextLayout, set};

/// The sample before an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A series: its marker where it has points, its line where it has one.
    Series { index: usize, marked: bool, line: Thread },
    /// Any point with its error bar.
    Points,
    /// Any point whose error says little.
    Unsure,
    /// Any bound.
    Bound,
    /// Any line from estimate to estimate.
    Joined,
    /// Any band through points.
    Band,
    /// Exact values, in lines, marks or both.
    Exact(Signs),
    /// Values of theory that are not exact, likewise.
    Along(Signs),
    /// Any floor.
    Floor,
    /// A reference line.
    Reference,
    /// A series of bars.
    Block { index: usize },
    /// A part of any stack.
    Part { index: usize },
    /// Any error bar without a marker.
    Error,
    /// Any exact mark across a bar.
    Tick,
    /// Any bar that is cut.
    Cut,
    /// A group of candidates.
    Group { index: usize },
    /// Any candidate that is kept, or not.
    Kept { kept: bool },
    /// Circles of two sizes.
    Sizes,
    /// None: a heading or a remark.
    Nothing,
}

/// The line of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    /// None.
    None,
    /// One from estimate to estimate.
    Joined,
    /// An exact one.
    Exact,
}

impl Swatch {
    pub(super) fn length(self) -> i32 {
        match self {
            Self::Points | Self::Unsure | Self::Bound => style::SHORT_SWATCH,
            Self::Series { line: Thread::None, .. } => style::SHORT_SWATCH,
            Self::Exact(Signs { lines: false, .. }) | Self::Along(Signs { lines: false, .. }) => style::SHORT_SWATCH,
            Self::Block { .. } | Self::Part { .. } | Self::Error | Self::Tick | Self::Cut => style::SHORT_SWATCH,
            Self::Group { .. } | Self::Kept { .. } => 2 * style::DOT_RADII[1],
            Self::Sizes => pool::size_sample_length(),
            _ => style::SWATCH,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) swatch: Swatch,
    label: Label,
}

impl Entry {
    pub(super) fn setting(&self) -> TextLayout {
        set(&self.label, style::LEGEND)
    }

    /// Where the text begins; `aligned` with entries above and below, whose samples may be longer.
    pub(super) fn indent(&self, aligned: bool) -> i32 {
        match self.swatch {
            Swatch::Nothing => 0,
            _ if aligned => style::SWATCH + style::SWATCH_GAP,
            swatch => swatch.length() + style::SWATCH_GAP,
        }
    }

    pub(super) fn width(&self, aligned: bool) -> i32 {
        self.indent(aligned) + self.setting().width
    }
}

/// The series, after the legend's title.
pub(super) fn series_entries(panel: &LinePanel) -> Vec<Entry> {
    let range = reach::x_range(panel);
    let thread = |series: &Series| match Signs::of(panel, &range, std::iter::once(&series.exact)).lines {
        true => Thread::Exact,
        false if series.joined => Thread::Joined,
        false => Thread::None,
    };
    let named = panel.series.iter().enumerate();
    let named = named.filter(|(_, series)| series.label != Label::plain(""));
    let of_series = |(index, series): (usize, &Series)| Swatch::Series {
        index,
        marked: !series.points.is_empty(),
        line: thread(series),
    };
    let mut entries: Vec<Entry> = named.map(|own| entry(of_series(own), &own.1.label)).collect();
    if let (Some(title), false) = (&panel.legend.title, entries.is_empty()) {
        entries.insert(0, entry(Swatch::Nothing, title));
    }
    entries
}

/// What the marks mean, the references, and what is not shown.
pub(super) fn mark_entries(panel: &LinePanel) -> Vec<Entry> {
    let words = &panel.legend.words;
    let mut entries = point_entries(panel);
    let mut add = |present: bool, swatch: Swatch, label: &Label| entries.extend(present.then(|| entry(swatch, label)));
    let exact = panel.series.iter().map(|series| &series.exact);
    let exact = Signs::of(panel, &reach::x_range(panel), exact);
    add(exact.any(), Swatch::Exact(exact), &words.exact);
    let floors = panel.series.iter().any(|series| series.floor.is_some());
    add(floors, Swatch::Floor, &words.floor);
    entries.extend(reference_entries(panel));
    let omitted = reach::omitted(panel);
    let why = if panel.y.scale == Scale::Linear {
        "not finite"
    } else {
        "not positive"
    };
    let remark = Label::plain(&format!("{omitted} not shown ({why})"));
    entries.extend((omitted > 0).then(|| entry(Swatch::Nothing, &remark)));
    entries
}

/// What points and the lines between them mean.
fn point_entries(panel: &LinePanel) -> Vec<Entry> {
    let words = &panel.legend.words;
    let any = |has: &dyn Fn(&Series) -> bool| panel.series.iter().any(has);
    let shown = |point: &Point| point.y.is_some_and(|y| panel.y.scale.holds(y));
    let of_error = |has: fn(Spread) -> bool| {
        any(&|series: &Series| series.points.iter().any(|point| shown(point) && has(point.error)))
    };
    let sure = |interval: Interval| {
        let usual = |point: &Point| !matches!(point.error, Spread::Unsure | Spread::Bound(_));
        any(&|series: &Series| series.interval == interval && series.points.iter().any(usual))
    };
    let (barred, banded) = (sure(Interval::Bars), sure(Interval::Band));
    let bounded = any(&|series: &Series| series.points.iter().any(|p| reach::bound(p, panel.y.scale).is_some()));
    let joined = any(&|series: &Series| series.joined && series.points.len() > 1);
    let entries = [
        (barred, Swatch::Points, &words.points),
        // Bars and bands side by side mean the same and are explained once.
        (banded && !barred, Swatch::Band, &words.points),
        (of_error(|error| error == Spread::Unsure), Swatch::Unsure, &words.unsure),
        (bounded, Swatch::Bound, &words.bound),
        (joined, Swatch::Joined, &words.joined),
    ];
    let present = entries.into_iter().filter(|(present, ..)| *present);
    present.map(|(_, swatch, label)| entry(swatch, label)).collect()
}

/// The references, those of one name once.
fn reference_entries(panel: &LinePanel) -> Vec<Entry> {
    let range = reach::x_range(panel);
    let mut entries: Vec<Entry> = Vec::new();
    for reference in &panel.references {
        let of_name = panel.references.iter().filter(|other| other.label == reference.label);
        let curves = of_name.filter_map(|other| match &other.at {
            Stands::Along { curve, .. } => Some(curve),
            Stands::X(_) => None,
        });
        let swatch = match reference.at {
            Stands::Along { .. } => Swatch::Along(Signs::of(panel, &range, curves)),
            Stands::X(_) => Swatch::Reference,
        };
        let own = entry(swatch, &reference.label);
        if !entries.contains(&own) {
            entries.push(own);
        }
    }
    entries
}

fn entry(swatch: Swatch, label: &Label) -> Entry {
    Entry {
        swatch,
        label: label.clone(),
    }
}

/// The series of bars, after the legend's title.
pub(super) fn bar_entries(panel: &BarsPanel) -> Vec<Entry> {
    let named = panel.series.iter().enumerate();
    let named = named.filter(|(_, series)| series.label != Label::plain(""));
    let blocks: Vec<Entry> = named
        .map(|(index, series)| entry(Swatch::Block { index }, &series.label))
        .collect();
    let title = panel.legend.title.as_ref().filter(|_| !blocks.is_empty());
    let heading = title.map(|title| entry(Swatch::Nothing, title));
    heading.into_iter().chain(blocks).collect()
}

/// What the parts and marks of bars mean, and what is not shown.
pub(super) fn bar_mark_entries(panel: &BarsPanel) -> Vec<Entry> {
    let any = |has: fn(&Bar) -> bool| panel.series.iter().flat_map(|s| s.bars.iter().flatten()).any(has);
    let mut entries = Vec::new();
    if panel.parts.len() > 1 {
        // From the top, as they stand.
        let parts = panel.parts.iter().enumerate().rev();
        entries.extend(parts.map(|(index, label)| entry(Swatch::Part { index }, label)));
    }
    let words = &panel.legend.words;
    if any(|bar| bar.error.is_some()) {
        entries.push(entry(Swatch::Error, &words.points));
    }
    if any(|bar| !bar.exact.is_empty()) {
        entries.push(entry(Swatch::Tick, &words.exact));
    }
    if bars::is_cut(panel) {
        entries.push(entry(Swatch::Cut, &Label::plain("cut: value above")));
    }
    let omitted = bars::omitted(panel);
    if omitted > 0 {
        let remark = Label::plain(&format!("{omitted} not shown (not finite)"));
        entries.push(entry(Swatch::Nothing, &remark));
    }
    entries
}

/// The groups of candidates, after what they are.
pub(super) fn group_entries(panel: &PoolPanel) -> Vec<Entry> {
    let named = panel.groups.iter().enumerate();
    let named = named.filter(|(_, label)| **label != Label::plain(""));
    let mut entries = vec![entry(Swatch::Nothing, &panel.groups_label)];
    entries.extend(named.map(|(index, label)| entry(Swatch::Group { index }, label)));
    entries
}

/// What the looks of candidates mean.
pub(super) fn candidate_entries(panel: &PoolPanel) -> Vec<Entry> {
    vec![
        entry(Swatch::Kept { kept: true }, &Label::plain("kept, numbered in order")),
        entry(Swatch::Kept { kept: false }, &Label::plain("not kept")),
        entry(Swatch::Sizes, &panel.size),
    ]
}

/// Draws a sample with its left end at the point.
pub(super) fn swatch(canvas: &mut Canvas, (x, y): At, swatch: Swatch) -> Result<(), FigureError> {
    let (end, middle) = (x + swatch.length(), x + swatch.length() / 2);
    let line = [(x, y), (end, y)];
    match swatch {
        Swatch::Series {
            index,
            marked,
            line: thread,
        } => {
            let colour = marks::colour(index);
            match thread {
                Thread::None => {}
                Thread::Joined => canvas.path(&line, style::JOIN_STROKE, tint(colour, style::JOIN_TINT))?,
                Thread::Exact => canvas.path(&line, style::CURVE_STROKE, colour)?,
            }
            if marked {
                marks::marker(canvas, (middle, y), index, false)
            } else {
                Ok(())
            }
        }
        Swatch::Points => {
            let half = style::LEGEND_ROW * 2 / 5;
            marks::error_bar(canvas, middle, (y + half, true), (y - half, true), style::NEUTRAL)?;
            marks::neutral_marker(canvas, (middle, y), false)
        }
        Swatch::Unsure => marks::neutral_marker(canvas, (middle, y), true),
        Swatch::Bound => {
            let half = style::ARROW / 2;
            marks::bound(canvas, (middle, y - half), y + half, style::NEUTRAL)
        }
        Swatch::Joined => canvas.path(&line, style::JOIN_STROKE, tint(style::NEUTRAL, style::JOIN_TINT)),
        Swatch::Band => {
            let half = style::LEGEND_ROW / 4;
            let band = [(x, y - half), (end, y - half), (end, y + half), (x, y + half)];
            canvas.polygon(&band, style::NEUTRAL, style::BAND_OPACITY)?;
            marks::neutral_marker(canvas, (middle, y), false)
        }
        Swatch::Exact(signs) => {
            if signs.lines {
                canvas.path(&line, style::CURVE_STROKE, style::NEUTRAL)?;
            }
            if signs.marks {
                marks::value(canvas, (middle, y), style::NEUTRAL)?;
            }
            Ok(())
        }
        Swatch::Along(signs) => {
            if signs.lines {
                marks::along(canvas, &line, style::NEUTRAL)?;
            }
            if signs.marks {
                marks::cross(canvas, (middle, y), style::NEUTRAL)?;
            }
            Ok(())
        }
        Swatch::Floor => canvas.dashed(line[0], line[1], style::FLOOR_DASH, style::FLOOR_STROKE, style::NEUTRAL),
        Swatch::Reference => canvas.dashed(
            line[0],
            line[1],
            style::REFERENCE_DASH,
            style::REFERENCE_STROKE,
            style::NEUTRAL,
        ),
        Swatch::Block { index } => canvas.fill(block((x, end), y), marks::colour(index)),
        Swatch::Part { index } => {
            canvas.fill(block((x, end), y), bars::part_colour(style::NEUTRAL, index))?;
            canvas.outline(block((x, end), y), style::BAR_EDGE, style::NEUTRAL)
        }
        Swatch::Error => {
            let half = style::LEGEND_ROW * 2 / 5;
            marks::error_bar(canvas, middle, (y + half, true), (y - half, true), style::INK)
        }
        Swatch::Tick => bars::exact_mark(canvas, (x, end), y),
        Swatch::Cut => {
            let bar = block((x, end), y);
            canvas.fill(bar, style::NEUTRAL)?;
            let [height, distance, rise] = style::CUT_MARK;
            bars::cut_mark(canvas, (x, end), y - distance - (height + rise) / 2)
        }
        Swatch::Group { index } => pool::group_sample(canvas, (middle, y), index),
        Swatch::Kept { kept } => pool::kept_sample(canvas, (middle, y), kept),
        Swatch::Sizes => pool::size_sample(canvas, (x, y)),
        Swatch::Nothing => Ok(()),
    }
}

/// A bar in a legend.
fn block((left, right): (i32, i32), y: i32) -> Frame {
    Frame {
        left,
        right,
        top: y - style::BAR_SWATCH / 2,
        bottom: y + style::BAR_SWATCH / 2,
    }
}
