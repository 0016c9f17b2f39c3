//! Owns keys as they are stated, and the values that readers get of them.

use super::doc::{Absent, KeyDoc, Role, Symbol};
use super::form::Form;
use super::own::Own;

/// A value that may have been refused; [`Table::end`](super::table::Table::end) gives what is needed to take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Got<T>(pub(super) Option<T>);

impl<T> Got<T> {
    /// The value.
    pub fn take(self, _: &Own<'_, '_>) -> T {
        // Cannot be absent because a table that refused a value, or described it, gives no `Own`.
        self.0
            .unwrap_or_else(|| unreachable!("a value was taken of another table"))
    }

    /// The same, turned into something else.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Got<U> {
        Got(self.0.map(into))
    }

    /// The value, if it was not refused: for rules that other values take part in.
    pub fn known(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

/// A key, as it is stated: name, meaning, form of values, default.
pub struct Key<F: Form> {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) form: F,
    pub(super) default: Option<F::Value>,
    pub(super) fixed: bool,
    pub(super) symbol: Option<Symbol>,
}

/// A key that is required, unless [`Key::or`] says what holds without it.
pub const fn key<F: Form>(name: &'static str, about: &'static str, form: F) -> Key<F> {
    Key {
        name,
        about,
        form,
        default: None,
        fixed: false,
        symbol: None,
    }
}

impl<F: Form> Key<F> {
    /// What holds where it is absent.
    #[must_use]
    pub fn or(mut self, default: F::Value) -> Self {
        self.default = Some(default);
        self
    }

    /// One for the whole file, whatever the rest of its table may do.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }

    /// How figures call it: the symbol alone, and with its name.
    #[must_use]
    pub fn symbol(mut self, short: &'static str, long: &'static str) -> Self {
        self.symbol = Some(Symbol { short, long });
        self
    }

    pub(super) fn doc(&self, role: Role, absent: Absent) -> KeyDoc {
        KeyDoc {
            name: self.name,
            about: self.about,
            kind: self.form.kind(),
            absent,
            role: if self.fixed { Role::Fixed } else { role },
            symbol: self.symbol,
        }
    }
}
