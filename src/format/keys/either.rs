//! Owns values of several forms: a word, a number, a list or a table.

use super::doc::{Kind, Role};
use super::form::Form;
use super::key::key;
use super::own::Read;
use super::sink::Place;
use super::table::Table;
use crate::format::nearest;
use crate::format::tree::{Node, Value};

/// Reads a form into the value that all forms of a key become, and writes such a value where it has that form.
pub struct Branch<F, T>
where
    F: Form,
{
    /// The form.
    pub form: F,
    /// What a value of it becomes.
    pub into: fn(F::Value) -> T,
    /// The value of this form that it was, if it was one.
    pub back: fn(&T) -> Option<F::Value>,
}

/// A value that is a word, or has one of the other forms.
pub struct Either<T: 'static> {
    /// How messages say what is expected: `"uniform", { geometric = r } or a list of weights`.
    pub expected: &'static str,
    /// The forms, which are told apart by the type of the value.
    pub forms: &'static [&'static dyn Alternative<T>],
}

/// One of the forms of [`Either`].
pub trait Alternative<T>: Sync {
    /// Whether a value has this type.
    fn takes(&self, value: &Value) -> bool;
    /// Whether a word is one of those that are taken, or nearly.
    fn may_mean(&self, word: &str) -> bool;
    /// Reads it.
    fn read(&self, node: &Node, place: &Place<'_>) -> Option<T>;
    /// Which values there are.
    fn kind(&self) -> Kind;
    /// The value as one would write it, if it has this form.
    fn text(&self, value: &T) -> Option<String>;
}

impl<F: Form + Sync, T> Alternative<T> for Branch<F, T> {
    fn takes(&self, value: &Value) -> bool {
        let kind = self.form.kind();
        match value {
            Value::String(_) => matches!(kind, Kind::Word(_)),
            Value::Integer(_) | Value::Float(_) => matches!(kind, Kind::Number(_)),
            Value::Array(_) => matches!(kind, Kind::List { .. }),
            Value::Table(_) => matches!(kind, Kind::Table(_)),
            Value::Boolean(_) | Value::Datetime(_) => false,
        }
    }

    fn may_mean(&self, word: &str) -> bool {
        let Kind::Word(words) = self.form.kind() else {
            return true;
        };
        let names: Vec<&str> = words.iter().map(|own| own.name).collect();
        names.contains(&word) || nearest(word, &names).is_some()
    }

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<T> {
        self.form.read(node, place).map(self.into)
    }

    fn kind(&self) -> Kind {
        self.form.kind()
    }

    fn text(&self, value: &T) -> Option<String> {
        Some(self.form.text(&(self.back)(value)?))
    }
}

impl<T> Form for Either<T> {
    type Value = T;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<T> {
        let form = self.forms.iter().find(|form| form.takes(&node.value));
        match (form, &node.value) {
            (Some(form), Value::String(word)) if !form.may_mean(word) => place.refuse_type(node, self.expected),
            (Some(form), _) => form.read(node, place),
            (None, _) => place.refuse_type(node, self.expected),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Either(self.forms.iter().map(|form| form.kind()).collect())
    }

    fn text(&self, value: &T) -> String {
        let texts = self.forms.iter().find_map(|form| form.text(value));
        texts.unwrap_or_default()
    }
}

/// A table with one key, as a form of a value: `{ geometric = r }`.
pub struct Single<F> {
    /// The key.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// Its values.
    pub of: F,
}

impl<F: Form + Copy> Form for Single<F> {
    type Value = F::Value;

    fn read(&self, node: &Node, place: &Place<'_>) -> Option<F::Value> {
        let mut table = Table::inline(node, place);
        self.single(&mut table).ok()
    }

    fn kind(&self) -> Kind {
        Kind::Table(Table::described(Role::Fixed, |table| self.single(table)))
    }

    fn text(&self, value: &F::Value) -> String {
        format!("{{ {} = {} }}", self.name, self.of.text(value))
    }
}

impl<F: Form + Copy> Single<F> {
    fn single(&self, table: &mut Table<'_>) -> Read<F::Value> {
        let value = table.get(key(self.name, self.about, self.of));
        let own = table.end()?;
        Ok(value.take(&own))
    }
}
