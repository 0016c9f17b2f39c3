//! Legends: entries set in rows or in a column, and the corner of a frame where they cover no data.

use super::canvas::{At, Canvas, Frame};
use super::entries::Entry;
use super::font;
use super::label::Label;
use super::style;
use super::text_layout::Anchor;

/// The legend of a line panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// Stands before the entries, such as the symbol whose values the series are.
    pub title: Option<Label>,
    /// Where it stands.
    pub place: Place,
    /// What the marks mean.
    pub words: LegendText,
}

/// Where a legend stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a free corner of a figure's only panel; below where it would cover data. Equal legends of several panels become one, below them all.
    Auto,
    /// Right of the panel.
    Right,
    /// Below the panel.
    Below,
    /// None at all.
    Absent,
}

/// What the marks of a line panel mean; a mark that does not occur is not explained.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendText {
    /// The points.
    pub points: Label,
    /// Points whose error rests on too few groups.
    pub unsure: Label,
    /// A marker around another.
    pub around: Label,
    /// Arrows.
    pub bound: Label,
    /// The thin lines from point to point.
    pub joined: Label,
    /// Those in steps.
    pub steps: Label,
    /// The curves and marks of exact values.
    pub exact: Label,
    /// The dashed lines.
    pub floor: Label,
}

impl Default for LegendText {
    fn default() -> Self {
        Self {
            points: Label::plain("Monte Carlo \u{b1} 1 s.e."),
            unsure: Label::plain("error from fewer than 20 groups"),
            around: Label::plain("at the same place"),
            bound: Label::plain("95% bound (seen never or always)"),
            joined: Label::plain("joins estimates"),
            steps: Label::plain("distribution function, known at the marks"),
            exact: Label::plain("exact"),
            floor: Label::plain("prompt floor"),
        }
    }
}

/// A legend's entries: the series, then what the marks mean.
#[derive(Debug, PartialEq)]
pub struct Key {
    /// Where it wants to stand.
    pub(super) place: Place,
    groups: Vec<Vec<Entry>>,
}

/// A legend whose entries have their places.
#[derive(Clone, Debug)]
pub(super) struct Laid<'a> {
    /// Entries with the left end of their row's middle line.
    entries: Vec<(At, &'a Entry)>,
    /// Whether texts stand below one another.
    aligned: bool,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Key {
    /// These groups of entries.
    pub(super) fn new(place: Place, groups: impl IntoIterator<Item = Vec<Entry>>) -> Self {
        let groups = groups.into_iter().filter(|group| !group.is_empty());
        Self {
            place,
            groups: groups.collect(),
        }
    }

    /// One legend for all panels, where what looks alike means the same in each of them, and what is said in words is said of all.
    pub(super) fn united(keys: &[&Self]) -> Option<Self> {
        let first = keys.first().filter(|key| !key.is_empty())?;
        let mut groups: Vec<Vec<Entry>> = first.groups.clone();
        for key in keys {
            if key.groups.len() != groups.len() {
                return None;
            }
            for (group, own) in groups.iter_mut().zip(&key.groups) {
                let new = own.iter().filter(|entry| !group.contains(entry));
                let new: Vec<Entry> = new.cloned().collect();
                group.extend(new);
            }
        }
        let entries: Vec<&Entry> = groups.iter().flatten().collect();
        let clear = entries.iter().enumerate().all(|(index, entry)| {
            let clashes = entries[..index].iter().any(|other| entry.clashes(other));
            let said_of_all = keys
                .iter()
                .all(|key| key.groups.iter().flatten().any(|own| own == *entry));
            !clashes && (entry.sample.is_some() || said_of_all)
        });
        clear.then_some(Self {
            place: first.place,
            groups,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Entries in rows of at most `room`: all in one, or each group in rows of its own.
    pub(super) fn rows(&self, room: i32) -> Laid<'_> {
        let all: Vec<&Entry> = self.groups.iter().flatten().collect();
        let mut rows = vec![run(&all)];
        if rows[0].width > room {
            rows = self.groups.iter().flat_map(|group| wrapped(group, room)).collect();
        }
        Laid::new(rows, false)
    }

    /// Entries one below the other.
    pub(super) fn column(&self) -> Laid<'_> {
        let all = self.groups.iter().flatten();
        let width = all.clone().map(|entry| entry.width(true)).max().unwrap_or_default();
        let row = |entry| Row {
            entries: vec![(0, entry)],
            width,
        };
        Laid::new(all.map(row).collect(), true)
    }
}

/// A row of entries with their left ends, centred as if it were that wide.
struct Row<'a> {
    entries: Vec<(i32, &'a Entry)>,
    width: i32,
}

/// Entries side by side.
fn run<'a>(entries: &[&'a Entry]) -> Row<'a> {
    let (mut x, mut width) = (0, 0);
    let mut placed = Vec::new();
    for entry in entries {
        placed.push((x, *entry));
        width = x + entry.width(false);
        // A heading stands close to what it heads.
        x = width
            + if entry.sample.is_none() {
                style::ENTRY_GAP * 2 / 3
            } else {
                style::ENTRY_GAP
            };
    }
    Row { entries: placed, width }
}

/// A group in as many rows as it needs: the series as a table with even columns, the rest filled row by row.
fn wrapped(group: &[Entry], room: i32) -> Vec<Row<'_>> {
    let all: Vec<&Entry> = group.iter().collect();
    if run(&all).width <= room {
        return vec![run(&all)];
    }
    let table = group.iter().any(Entry::is_tabular);
    if table { columns(&all, room) } else { filled(&all, room) }
}

/// A table with even columns; its heading, if it has one, stands before the first row.
fn columns<'a>(all: &[&'a Entry], room: i32) -> Vec<Row<'a>> {
    let (heading, all) = match all.split_first() {
        Some((first, rest)) if first.sample.is_none() && !rest.is_empty() => (Some(*first), rest),
        _ => (None, all),
    };
    let start = heading.map_or(0, |heading| heading.width(false) + style::ENTRY_GAP * 2 / 3);
    let widest = all.iter().map(|entry| entry.width(false)).max().unwrap_or_default();
    let step = widest + style::ENTRY_GAP;
    let most = ((room - start + style::ENTRY_GAP) / step).max(1) as usize;
    // As even as the number of rows allows: 3 + 3 rather than 4 + 2.
    let columns = all.len().div_ceil(all.len().div_ceil(most));
    let width = start + step * columns as i32 - style::ENTRY_GAP;
    let row = |entries: &[&'a Entry]| Row {
        entries: entries
            .iter()
            .enumerate()
            .map(|(index, entry)| (start + step * index as i32, *entry))
            .collect(),
        width,
    };
    let mut rows: Vec<Row<'a>> = all.chunks(columns).map(row).collect();
    if let (Some(heading), Some(first)) = (heading, rows.first_mut()) {
        first.entries.insert(0, (0, heading));
    }
    rows
}

fn filled<'a>(all: &[&'a Entry], room: i32) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut rest = all;
    while !rest.is_empty() {
        let count = (1..=rest.len())
            .rev()
            .find(|count| run(&rest[..*count]).width <= room)
            .unwrap_or(1);
        rows.push(run(&rest[..count]));
        rest = &rest[count..];
    }
    rows
}

impl<'a> Laid<'a> {
    /// These rows below one another.
    fn new(rows: Vec<Row<'a>>, aligned: bool) -> Self {
        let width = rows.iter().map(|row| row.width).max().unwrap_or_default();
        let mut entries = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let shift = (width - row.width) / 2;
            let y = style::LEGEND_ROW * index as i32 + style::LEGEND_ROW / 2;
            entries.extend(row.entries.iter().map(|(x, entry)| ((x + shift, y), *entry)));
        }
        Self {
            entries,
            aligned,
            width,
            height: style::LEGEND_ROW * rows.len() as i32,
        }
    }

    /// Draws the entries with the upper left corner of their box at the point.
    pub(super) fn draw(&self, canvas: &mut Canvas, corner: At) {
        for ((x, y), entry) in &self.entries {
            let (x, y) = (corner.0 + x, corner.1 + y);
            if let Some(sample) = &entry.sample {
                let slack = if self.aligned {
                    style::SWATCH - sample.length()
                } else {
                    0
                };
                sample.draw(canvas, (x + slack / 2, y));
            }
            let baseline = y + font::cap_height(style::LEGEND) / 2;
            canvas.text(
                &entry.setting(),
                (x + entry.indent(self.aligned), baseline),
                Anchor::Start,
                style::INK,
            );
        }
    }

    /// Draws the legend on a white ground with a thin edge.
    pub(super) fn boxed(&self, canvas: &mut Canvas, place: Frame) {
        canvas.fill(place, style::PAPER);
        canvas.outline(place, style::GRID_STROKE, style::LEGEND_EDGE);
        self.draw(canvas, (place.left + style::LEGEND_PAD, place.top + style::LEGEND_PAD))
    }

    /// The corner of the frame where the boxed legend meets none of the segments.
    pub(super) fn free_corner(&self, frame: Frame, segments: &[[At; 2]]) -> Option<Frame> {
        let (width, height) = (self.width + 2 * style::LEGEND_PAD, self.height + 2 * style::LEGEND_PAD);
        let (left, top) = (frame.left + style::LEGEND_INSET, frame.top + style::LEGEND_INSET);
        let (right, bottom) = (
            frame.right - style::LEGEND_INSET - width,
            frame.bottom - style::LEGEND_INSET - height,
        );
        if right < left || bottom < top {
            return None;
        }
        [(right, top), (left, top), (right, bottom), (left, bottom)]
            .map(|corner| Frame::between(corner, (corner.0 + width, corner.1 + height)))
            .into_iter()
            .find(|place| !segments.iter().any(|segment| meets(*place, *segment)))
    }
}

/// Whether a segment comes within a marker's width of a rectangle.
fn meets(place: Frame, [from, to]: [At; 2]) -> bool {
    let near = 2 * style::MARKER_RADIUS;
    let steps = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / near).max(1);
    (0..=steps).any(|step| {
        let x = from.0 + ((to.0 - from.0) * step) / steps;
        let y = from.1 + ((to.1 - from.1) * step) / steps;
        (place.left - near..=place.right + near).contains(&x) && (place.top - near..=place.bottom + near).contains(&y)
    })
}
