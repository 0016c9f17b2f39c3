//! Owns paths into records, and what is found at their end.

use std::ops::Range;

/// Where a value stands in the text of its record.
pub(in crate::data) type Span = Range<usize>;

/// What is found of a path in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) enum Found {
    /// Nothing.
    Nothing,
    /// One value.
    One(Span),
    /// One value in each item of a list, or none in some.
    Each {
        /// The list.
        list: Span,
        /// The values.
        items: Vec<Option<Span>>,
    },
}

impl Found {
    /// Whether there is a value, or might be: of an empty list nobody knows.
    pub fn is_there(&self) -> bool {
        match self {
            Found::Nothing => false,
            Found::One(_) => true,
            Found::Each { items, .. } => items.is_empty() || items.iter().any(Option::is_some),
        }
    }
}

/// Where a value stands within objects: `completions[].scores.help`. A key of that very name goes before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) struct Path {
    /// As it was given.
    pub text: String,
    /// The key at the top.
    pub head: String,
    /// What follows it.
    pub steps: Vec<Step>,
}

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::data) enum Step {
    /// The value of a key.
    Key(String),
    /// Each item of a list.
    Each,
}

impl Path {
    pub fn new(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let key = part.trim_end_matches("[]");
            steps.push(Step::Key(key.to_owned()));
            steps.extend((key.len()..part.len()).step_by(2).map(|_| Step::Each));
        }
        let head = match steps.remove(0) {
            Step::Key(head) => head,
            Step::Each => String::new(),
        };
        Self {
            text: text.to_owned(),
            head,
            steps,
        }
    }
}
