//! Owns deserialising plain structs from a tree, with the origin of whatever is wrong.
//!
//! serde's own route through TOML loses positions for overlaid values; here each error is given the innermost key and
//! value that it concerns. Only what wire types use is supported; tagged, untagged and flattened forms are not.

use super::fault::{Fault, Origin, quoted};
use super::tree::{Entry, Node, Value};
use serde::de::{self, DeserializeSeed, Expected, Unexpected, Visitor};
use std::fmt;

/// Deserialises a struct from a table. `at` is the dotted path of the table, for messages.
pub fn from_node<T: de::DeserializeOwned>(node: &Node, at: &str) -> Result<T, Fault> {
    T::deserialize(node).map_err(|error| error.at(&node.origin).fault(at))
}

/// An error on its way out of the tree: it gathers the path as it passes tables.
#[derive(Debug)]
pub struct DeError {
    what: String,
    unknown: Option<Box<(&'static str, String)>>,
    known: Vec<String>,
    origin: Option<Origin>,
    path: Vec<String>,
}

impl DeError {
    fn new(what: String) -> Self {
        Self {
            what,
            unknown: None,
            known: Vec::new(),
            origin: None,
            path: Vec::new(),
        }
    }

    fn at(mut self, origin: &Origin) -> Self {
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    fn within(mut self, key: &str) -> Self {
        self.path.push(key.to_owned());
        self
    }

    fn fault(self, at: &str) -> Fault {
        let mut parts: Vec<&str> = self.path.iter().rev().map(String::as_str).collect();
        if !at.is_empty() {
            parts.insert(0, at);
        }
        let key = parts.join(".");
        // Cannot be absent because `from_node` gives the table's origin to errors without one.
        let Some(origin) = self.origin else {
            unreachable!("an error left the tree without an origin")
        };
        match self.unknown {
            Some(unknown) => Fault::unknown(&origin, key, unknown.0, &unknown.1, self.known),
            None => Fault {
                known: self.known,
                ..Fault::new(&origin, key, self.what)
            },
        }
    }
}

impl fmt::Display for DeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for DeError {}

impl de::Error for DeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{} where {} is expected", found(unexpected), wanted(expected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{} where {} is expected", found(unexpected), wanted(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self {
            unknown: Some(Box::new(("value", variant.to_owned()))),
            known: expected.iter().map(|&s| s.to_owned()).collect(),
            ..Self::new(String::new())
        }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self {
            unknown: Some(Box::new(("key", field.to_owned()))),
            known: expected.iter().map(|&s| s.to_owned()).collect(),
            ..Self::new(String::new())
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the key `{field}` is missing"))
    }
}

/// What serde expects, in the words of a user.
fn wanted(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "i64" => "an integer".to_owned(),
        "f64" => "a number".to_owned(),
        "a sequence" => "a list".to_owned(),
        text if text.starts_with("struct ") => "a table".to_owned(),
        _ => text,
    }
}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Str(s) => format!("the string {}", quoted(s)),
        Unexpected::Signed(i) => format!("the integer {i}"),
        // With its point: 1.0 where an integer is expected would puzzle as 1.
        Unexpected::Float(x) => format!("the number {x:?}"),
        Unexpected::Bool(b) => format!("the boolean {b}"),
        Unexpected::Map => "a table".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        other => other.to_string(),
    }
}

impl<'de> de::Deserializer<'de> for &'de Node {
    type Error = DeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        let result = match &self.value {
            Value::String(s) => visitor.visit_borrowed_str(s),
            Value::Datetime(_) => Err(de::Error::invalid_type(Unexpected::Other("a date"), &visitor)),
            Value::Integer(i) => visitor.visit_i64(*i),
            Value::Float(x) => visitor.visit_f64(*x),
            Value::Boolean(b) => visitor.visit_bool(*b),
            Value::Array(items) => visitor.visit_seq(Items { items, next: 0 }),
            Value::Table(entries) => visitor.visit_map(Entries { entries, next: 0 }),
        };
        result.map_err(|error| error.at(&self.origin))
    }

    /// A list is no table, though serde would take its items for the fields in order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        match &self.value {
            Value::Array(_) => Err(DeError::new("a list where a table is expected".to_owned()).at(&self.origin)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        match &self.value {
            Value::String(s) => {
                let word = de::value::BorrowedStrDeserializer::new(s);
                visitor
                    .visit_enum(word)
                    .map_err(|error: DeError| error.at(&self.origin))
            }
            other => Err(DeError {
                known: variants.iter().map(|&s| s.to_owned()).collect(),
                ..DeError::new(format!("{} where a word is expected", other.kind()))
            }
            .at(&self.origin)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

struct Items<'de> {
    items: &'de [Node],
    next: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = DeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DeError> {
        let Some(node) = self.items.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        seed.deserialize(node).map(Some).map_err(|error| error.at(&node.origin))
    }
}

struct Entries<'de> {
    entries: &'de [Entry],
    next: usize,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = DeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DeError> {
        let Some(entry) = self.entries.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        let word = de::value::BorrowedStrDeserializer::new(&entry.key);
        seed.deserialize(word)
            .map(Some)
            .map_err(|error: DeError| error.at(&entry.origin))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DeError> {
        let entry = &self.entries[self.next - 1];
        seed.deserialize(&entry.node)
            .map_err(|error| error.at(&entry.node.origin).within(&entry.key))
    }
}
