//! Owns the forms of values: how each is read from a tree, refused, written and described.

use super::doc::{Kind, Pattern, WordDoc};
use super::range::{Range, bound};
use super::sink::Place;
use crate::format::tree::{Node, Value};
use crate::format::{Fault, quoted};
use crate::numerics::text::float;

/// A form of values.
pub trait Form {
    /// What a value is read into.
    type Value;

    /// Reads a value. What is wrong is told at `place`.
    fn read(&self, node: &Node, place: &Place<'_>) -> Option<Self::Value>;

    /// Which values there are.
    fn kind(&self) -> Kind;

    /// A value as one would write it in a file; equal values have one text.
    fn text(&self, value: &Self::Value) -> String;
}

/// An enumeration whose values have names in files.
pub trait Named: Copy + PartialEq + 'static {
    /// Its name.
    fn name(self) -> &'static str;

    /// What it means, for help texts; empty where the key says all.
    fn about(self) -> &'static str {
        ""
    }
}

/// Names the values of an enumeration: `named!(Looks { Rounds: "rounds", "after every round"; ... })`.
///
/// Types that name their values themselves are listed: `named!(Selector, Balance)`.
macro_rules! named {
    ($($type:ty),+) => {
        $(impl $crate::format::keys::Named for $type {
            fn name(self) -> &'static str {
                <$type>::name(self)
            }

            fn about(self) -> &'static str {
                <$type>::about(self)
            }
        })+
    };
    ($type:ty { $($value:pat => $name:literal $(: $about:literal)?),+ $(,)? }) => {
        impl $crate::format::keys::Named for $type {
            fn name(self) -> &'static str {
                match self { $($value => $name),+ }
            }

            #[allow(unreachable_patterns, reason = "every value may say what it means")]
            fn about(self) -> &'static str {
                match self { $($($value => $about,)?)+ _ => "" }
            }
        }
    };
}
pub(crate) use named;

/// Integers from one to another, both included.
#[derive(Debug, Clone, Copy)]
pub struct Integer(pub i64, pub i64);

impl Form for Integer {
    type Value = i64;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<i64> {
        let Integer(low, high) = *self;
        match node.value {
            Value::Integer(own) if (low..=high).contains(&own) => Some(own),
            Value::Integer(own) => {
                let expected = match high {
                    i64::MAX => format!("an integer from {low}"),
                    high => format!("an integer from {low} to {high}"),
                };
                place.refuse(&node.origin, format!("{own} is out of range: {expected} is expected"))
            }
            _ => place.refuse_type(node, "an integer"),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Integer(self.0, self.1)
    }

    fn text(&self, value: &i64) -> String {
        value.to_string()
    }
}

/// Numbers of a range. Integers are numbers.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub Range);

impl Form for Number {
    type Value = f64;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<f64> {
        match node.value.number() {
            Some(own) if self.0.holds(own) => Some(own),
            Some(own) => {
                let what = format!("{} is out of range: {} is expected", float(own), self.0.expected(own));
                place.refuse(&node.origin, what)
            }
            None => place.refuse_type(node, "a number"),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Number(self.0)
    }

    fn text(&self, value: &f64) -> String {
        bound(*value)
    }
}

/// One of some named values.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a, T: 'static>(pub &'a [T]);

impl<T: Named> Words<'_, T> {
    /// The value of a word, if it is one of them.
    pub(super) fn find(&self, word: &str) -> Option<T> {
        self.0.iter().copied().find(|own| own.name() == word)
    }

    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|own| own.name())
    }

    /// Their names and what they mean.
    pub(super) fn docs(&self) -> Vec<WordDoc> {
        let doc = |own: &T| WordDoc {
            name: own.name(),
            about: own.about(),
        };
        self.0.iter().map(doc).collect()
    }
}

impl<T: Named> Form for Words<'_, T> {
    type Value = T;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<T> {
        match &node.value {
            Value::String(word) => match self.find(word) {
                Some(own) => Some(own),
                None => place.refuse_fault(Fault::unknown(&node.origin, place.key(), "value", word, self.names())),
            },
            _ => place.refuse_fault(Fault {
                known: self.names().map(str::to_owned).collect(),
                ..place.wrong_type(node, "a word")
            }),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Word(self.docs())
    }

    fn text(&self, value: &T) -> String {
        format!("{:?}", value.name())
    }
}

/// One line of text.
#[derive(Debug, Clone, Copy)]
pub struct Line(pub Pattern);

impl Form for Line {
    type Value = String;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<String> {
        let text = Text.read(node, place)?;
        match wrong(self.0, &text) {
            None => Some(text),
            Some(what) => place.refuse(&node.origin, what),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Line(self.0)
    }

    fn text(&self, value: &String) -> String {
        format!("{value:?}")
    }
}

/// What is wrong with a line, if anything.
fn wrong(pattern: Pattern, text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match pattern {
        Pattern::Line if text.trim().is_empty() => Some("the text is empty".to_owned()),
        Pattern::Line => {
            let bad = text.chars().find(|c| c.is_control())?;
            Some(format!(
                "the character {bad:?} cannot stand here: one line of plain text is expected"
            ))
        }
        Pattern::FileName if text.is_empty() || text.len() > 100 || !text.chars().all(plain) => Some(format!(
            "{} cannot name a file: at most 100 lower-case letters, digits and hyphens are expected",
            quoted(text)
        )),
        // The names there are depend on the rest of the file.
        Pattern::Matching { .. } | Pattern::FileName | Pattern::Estimand | Pattern::Column => None,
    }
}

/// Any text.
#[derive(Debug, Clone, Copy)]
pub struct Text;

impl Form for Text {
    type Value = String;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            _ => place.refuse_type(node, "a string"),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Text
    }

    fn text(&self, value: &String) -> String {
        format!("{value:?}")
    }
}

/// True or false.
#[derive(Debug, Clone, Copy)]
pub struct Flag;

impl Form for Flag {
    type Value = bool;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<bool> {
        match node.value {
            Value::Boolean(own) => Some(own),
            _ => place.refuse_type(node, "a boolean"),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Flag
    }

    fn text(&self, value: &bool) -> String {
        value.to_string()
    }
}

/// A list of values of one form.
#[derive(Debug, Clone, Copy)]
pub struct List<F> {
    /// The form of each.
    pub of: F,
    /// The fewest values.
    pub fewest: usize,
    /// The most.
    pub most: usize,
    /// Whether no value may stand twice.
    pub unique: bool,
    /// What an empty list would do, for messages.
    pub empty: &'static str,
}

impl<F: Form> List<F> {
    /// Lists of any length.
    pub const fn of(of: F) -> Self {
        Self {
            of,
            fewest: 0,
            most: usize::MAX,
            unique: false,
            empty: "",
        }
    }
}

impl<F: Form> Form for List<F> {
    type Value = Vec<F::Value>;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<Vec<F::Value>> {
        let Value::Array(items) = &node.value else {
            return place.refuse_type(node, "a list");
        };
        if items.is_empty() && self.fewest > 0 {
            let what = match self.empty {
                "" => "the list is empty".to_owned(),
                why => format!("the list is empty: {why}"),
            };
            return place.refuse(&node.origin, what);
        }
        if !(self.fewest..=self.most).contains(&items.len()) {
            let at = items.get(self.most).map_or(&node.origin, |item| &item.origin);
            let taken = match items.len() > self.most {
                true => format!("at most {}", self.most),
                false => format!("at least {}", self.fewest),
            };
            return place.refuse(at, format!("{} values; {taken} are taken", items.len()));
        }
        let read: Vec<Option<F::Value>> = items.iter().map(|item| self.of.read(item, place)).collect();
        let values: Vec<F::Value> = read.into_iter().collect::<Option<_>>()?;
        let twice = |at: &usize| items[..*at].iter().any(|item| item.value.same(&items[*at].value));
        match (0..items.len()).find(|at| self.unique && twice(at)) {
            None => Some(values),
            Some(at) => place.refuse(
                &items[at].origin,
                format!("{} stands here twice", items[at].value.shown()),
            ),
        }
    }

    fn kind(&self) -> Kind {
        Kind::List {
            of: Box::new(self.of.kind()),
            fewest: self.fewest,
            most: self.most,
            unique: self.unique,
        }
    }

    fn text(&self, values: &Vec<F::Value>) -> String {
        let texts: Vec<String> = values.iter().map(|value| self.of.text(value)).collect();
        format!("[{}]", texts.join(", "))
    }
}
