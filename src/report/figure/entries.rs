//! Owns legend entries: a sample of a mark beside the words that explain it. Each kind of panel has samples of its own marks.

use super::canvas::{At, Canvas};
use super::label::Label;
use super::style;
use super::text_layout::{TextLayout, set};
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// The sample of a mark.
pub(super) trait Sample: Any + Debug {
    fn length(&self) -> i32;

    /// Draws it with its left end at the point.
    fn draw(&self, canvas: &mut Canvas, at: At);

    /// Whether entries with such samples stand in even columns where they need several rows.
    fn is_tabular(&self) -> bool {
        false
    }

    /// Whether it is the same sample as another.
    fn is(&self, other: &dyn Any) -> bool;
}

/// A sample beside what it means.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// None before a heading or a remark.
    pub(super) sample: Option<Arc<dyn Sample>>,
    label: Label,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.is_sampled_like(other) && self.label == other.label
    }
}

impl Entry {
    pub(super) fn new(sample: impl Sample, label: &Label) -> Self {
        Self {
            sample: Some(Arc::new(sample)),
            label: label.clone(),
        }
    }

    /// A heading or a remark.
    pub(super) fn words(label: &Label) -> Self {
        Self {
            sample: None,
            label: label.clone(),
        }
    }

    fn is_sampled_like(&self, other: &Self) -> bool {
        match (&self.sample, &other.sample) {
            (Some(own), Some(other)) => own.is(other.as_ref()),
            (own, other) => own.is_none() && other.is_none(),
        }
    }

    /// Whether one sign would stand for two things, or one thing have two signs.
    pub(super) fn clashes(&self, other: &Self) -> bool {
        self.sample.is_some() && self.is_sampled_like(other) != (self.label == other.label)
    }

    pub(super) fn is_tabular(&self) -> bool {
        self.sample.as_ref().is_some_and(|sample| sample.is_tabular())
    }

    pub(super) fn setting(&self) -> TextLayout {
        set(&self.label, style::LEGEND)
    }

    /// Where the text begins; `aligned` with entries above and below, whose samples may be longer.
    pub(super) fn indent(&self, aligned: bool) -> i32 {
        match &self.sample {
            None => 0,
            Some(_) if aligned => style::SWATCH + style::SWATCH_GAP,
            Some(sample) => sample.length() + style::SWATCH_GAP,
        }
    }

    pub(super) fn width(&self, aligned: bool) -> i32 {
        self.indent(aligned) + self.setting().width
    }
}

/// Entries below a heading: those that have a name. None of them, no heading.
pub(super) fn headed<'a, S: Sample>(
    heading: Option<&Label>,
    entries: impl Iterator<Item = (S, &'a Label)>,
) -> Vec<Entry> {
    let named = entries.filter(|(_, label)| **label != Label::plain(""));
    let named: Vec<Entry> = named.map(|(sample, label)| Entry::new(sample, label)).collect();
    let heading = heading.filter(|_| !named.is_empty()).map(Entry::words);
    heading.into_iter().chain(named).collect()
}

/// Entries of the marks that occur.
pub(super) fn present<'a, S: Sample>(
    marks: impl IntoIterator<Item = (bool, S, &'a Label)>,
) -> impl Iterator<Item = Entry> {
    let occurring = marks.into_iter().filter(|(occurs, ..)| *occurs);
    occurring.map(|(_, sample, label)| Entry::new(sample, label))
}

/// What is said of so many estimates that are not shown; nothing of none.
pub(super) fn omitted(count: usize, why: &str) -> Option<Entry> {
    (count > 0).then(|| Entry::words(&Label::plain(&format!("{count} not shown ({why})"))))
}
