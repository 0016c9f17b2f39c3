//! Owns the reading of a value that may be a word, a list or a table.

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Forms of different types are told apart by a visitor: serde's untagged enums forget positions and known values.
struct Forms<T> {
    expected: &'static str,
    form: std::marker::PhantomData<T>,
}

pub(super) trait FromForm: Sized {
    const EXPECTED: &'static str;
    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error>;
    fn list<E: de::Error>(numbers: Vec<f64>) -> Result<Self, E>;
    fn table<'de, D: Deserializer<'de>>(table: D) -> Result<Self, D::Error>;
}

impl<'de, T: FromForm> Visitor<'de> for Forms<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_borrowed_str<E: de::Error>(self, word: &'de str) -> Result<T, E> {
        T::word(de::value::BorrowedStrDeserializer::new(word))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::list(Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::table(de::value::MapAccessDeserializer::new(map))
    }
}

pub(super) fn forms<'de, T: FromForm, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Forms {
        expected: T::EXPECTED,
        form: std::marker::PhantomData,
    })
}

/// A form that this value does not have.
pub(super) fn refused<E: de::Error>(found: &str, expected: &str) -> E {
    E::custom(format!("{found} where {expected} is expected"))
}
