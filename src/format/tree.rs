//! Owns the tree of a TOML text in which every value keeps its origin, and laying one tree over another.

use super::fault::{Fault, Origin, Source, quoted, shown};
use std::sync::Arc;
use toml::de::{DeInteger, DeTable, DeValue};

/// Tables nested deeper than this are refused: no experiment needs it, and recursion must end.
pub const DEEPEST: usize = 32;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it begins.
    pub origin: Origin,
}

/// A TOML value. Tables keep the order of the text.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string.
    String(String),
    /// An integer.
    Integer(i64),
    /// A float, possibly infinite or NaN.
    Float(f64),
    /// A boolean.
    Boolean(bool),
    /// A date or time, which no key takes.
    Datetime(String),
    /// An array.
    Array(Vec<Node>),
    /// A table: key, where the key stands, value.
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub origin: Origin,
    /// Its value.
    pub node: Node,
}

impl Value {
    /// What the value is, for messages: with article.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::Datetime(_) => "a date",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value as a user would write it on one line; strings without quotes.
    pub fn text(&self) -> String {
        match self {
            Value::String(s) | Value::Datetime(s) => s.clone(),
            Value::Integer(i) => i.to_string(),
            Value::Float(x) => crate::numerics::text::float(*x),
            Value::Boolean(b) => b.to_string(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|node| node.value.text()).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|entry| format!("{} = {}", entry.key, entry.node.value.text()))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }

    /// The number it is, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(i) => Some(*i as f64),
            Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// The value in a message: strings in quotes, long ones shortened.
    pub fn shown(&self) -> String {
        match self {
            Value::String(s) => quoted(s),
            other => shown(&other.text()),
        }
    }

    /// Whether two values mean the same: numbers by value, so that 8 matches 8.0; the rest by kind and content.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value.same(&b.value))
            }
            (Value::Table(a), Value::Table(b)) => {
                let pairs = || a.iter().zip(b);
                a.len() == b.len() && pairs().all(|(a, b)| a.key == b.key && a.node.value.same(&b.node.value))
            }
            (Value::String(a), Value::String(b)) | (Value::Datetime(a), Value::Datetime(b)) => a == b,
            (Value::Boolean(a), Value::Boolean(b)) => a == b,
            _ => matches!((self.number(), other.number()), (Some(a), Some(b)) if a == b),
        }
    }

    /// A text that is equal for the same values, to look them up by.
    pub fn identity(&self) -> String {
        match self.number() {
            Some(number) => crate::numerics::text::float(number),
            None => format!("{} {}", self.kind(), self.text()),
        }
    }
}

impl Node {
    /// The entries of a table, none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of one key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Node> {
        path.split('.')
            .try_fold(self, |node, key| node.entry(key).map(|entry| &entry.node))
    }

    /// The items of the list at a dotted path; none of anything else.
    pub fn items(&self, path: &str) -> &[Node] {
        match self.get(path).map(|node| &node.value) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    /// The origin of an item of a list, or of the list itself.
    pub fn origin_of_item(&self, path: &str, index: usize) -> Origin {
        match self.items(path).get(index) {
            Some(item) => item.origin.clone(),
            None => self.origin_of(path),
        }
    }

    /// The origin of the value at a dotted path, or of the deepest table on the way to it.
    pub fn origin_of(&self, path: &str) -> Origin {
        let mut node = self;
        for key in path.split('.') {
            match node.entry(key) {
                Some(entry) => node = &entry.node,
                None => break,
            }
        }
        node.origin.clone()
    }

    /// Lays `value` over the value at a path, making tables on the way.
    ///
    /// Fails with the origin of a value on the way that is no table.
    pub fn overlay<S: AsRef<str>>(&mut self, path: &[S], key_origin: &Origin, value: Node) -> Result<(), Fault> {
        let mut node = self;
        for (depth, key) in path.iter().enumerate() {
            let (found, stands) = (node.value.kind(), node.origin.clone());
            let Value::Table(entries) = &mut node.value else {
                let joined = |parts: &[S]| parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(".");
                let what = format!("{} is {found}, so it holds no keys", joined(&path[..depth]));
                return Err(Fault::new(key_origin, joined(path), what).and(&stands, "it stands here"));
            };
            let place = entries.iter().position(|entry| entry.key == key.as_ref());
            let index = place.unwrap_or_else(|| {
                entries.push(Entry {
                    key: key.as_ref().to_owned(),
                    origin: key_origin.clone(),
                    node: Node {
                        value: Value::Table(Vec::new()),
                        origin: key_origin.clone(),
                    },
                });
                entries.len() - 1
            });
            if depth + 1 == path.len() {
                entries[index].origin = key_origin.clone();
            }
            node = &mut entries[index].node;
        }
        *node = value;
        Ok(())
    }

    /// Takes away what stands at a path, if anything does.
    pub fn remove<S: AsRef<str>>(&mut self, path: &[S]) {
        let (Value::Table(entries), Some((first, rest))) = (&mut self.value, path.split_first()) else {
            return;
        };
        match rest.is_empty() {
            true => entries.retain(|entry| entry.key != first.as_ref()),
            false => {
                let inner = entries.iter_mut().filter(|entry| entry.key == first.as_ref());
                inner.for_each(|entry| entry.node.remove(rest));
            }
        }
    }
}

/// Parses a whole TOML document.
pub fn parse(source: &Arc<Source>) -> Result<Node, Fault> {
    let table = DeTable::parse(&source.text).map_err(|error| syntax(source, 0, &error))?;
    convert(source, table.span().start, 0, DeValue::Table(table.into_inner()), 0)
}

/// Parses one TOML value that begins at byte `start` of a source, as in `--set KEY=VALUE`.
pub fn parse_value(source: &Arc<Source>, start: usize) -> Result<Node, Fault> {
    let text = &source.text[start..];
    let value = DeValue::parse(text).map_err(|error| syntax(source, start, &error))?;
    let at = value.span().start;
    convert(source, at, start, value.into_inner(), 0)
}

fn syntax(source: &Arc<Source>, offset: usize, error: &toml::de::Error) -> Fault {
    let origin = Origin::new(source, offset + error.span().map_or(0, |span| span.start));
    let message = error.message().trim().replace('\n', "; ");
    let at = source.text.get(origin.start..).unwrap_or("");
    let what = match message.as_str() {
        m if m.contains("recurs") => return too_deep(&origin),
        "duplicate key" => {
            let end = error.span().map_or(0, |span| span.len());
            format!(
                "the key {} stands here a second time",
                shown(at.get(..end).unwrap_or(""))
            )
        }
        // What the parser says of a bare word and of nothing at all.
        m if m.starts_with("string values must be quoted") => match at.trim_start_matches([' ', '\t']).chars().next() {
            None | Some('\n' | '\r' | '#' | ',' | ']' | '}') => "a value is missing".to_owned(),
            Some(_) => {
                let word = at.lines().next().unwrap_or("").trim();
                format!("{} is not one value; strings stand in quotes", quoted(word))
            }
        },
        m if m.starts_with("unexpected content") && !source.is_file => {
            let value = source.text.get(offset..).unwrap_or("").trim();
            let advice = match value.contains(char::is_alphabetic) {
                true => "; strings of more than one word stand in quotes",
                false => "",
            };
            format!("{} is not one value{advice}", quoted(value))
        }
        m => m.trim_end_matches(", expected nothing").to_owned(),
    };
    Fault::new(&origin, "", format!("not TOML: {what}"))
}

fn too_deep(origin: &Origin) -> Fault {
    Fault::new(origin, "", format!("nested more than {DEEPEST} deep"))
}

fn convert(source: &Arc<Source>, at: usize, offset: usize, value: DeValue<'_>, depth: usize) -> Result<Node, Fault> {
    let origin = Origin::new(source, at + offset);
    if depth > DEEPEST {
        return Err(too_deep(&origin));
    }
    let below = |value: toml::Spanned<DeValue<'_>>| {
        let at = value.span().start;
        convert(source, at, offset, value.into_inner(), depth + 1)
    };
    let value = match value {
        DeValue::String(s) => Value::String(s.into_owned()),
        DeValue::Integer(i) => Value::Integer(integer(&i).ok_or_else(|| {
            Fault::new(
                &origin,
                "",
                format!(
                    "the integer {}{} does not fit into 64 bits",
                    prefix(i.radix()),
                    shown(i.as_str())
                ),
            )
        })?),
        DeValue::Float(x) => Value::Float(
            number(x.as_str())
                .ok_or_else(|| Fault::new(&origin, "", format!("the number {} cannot be read", shown(x.as_str()))))?,
        ),
        DeValue::Boolean(b) => Value::Boolean(b),
        DeValue::Datetime(d) => Value::Datetime(d.to_string()),
        DeValue::Array(items) => Value::Array(items.into_iter().map(below).collect::<Result<_, _>>()?),
        DeValue::Table(table) => {
            let mut entries = Vec::with_capacity(table.len());
            for (key, value) in table {
                entries.push(Entry {
                    origin: Origin::new(source, key.span().start + offset),
                    key: key.into_inner().into_owned(),
                    node: below(value)?,
                });
            }
            // The parser sorts by name; a user's order of keys decides the order of grids.
            entries.sort_by_key(|entry| entry.origin.start);
            Value::Table(entries)
        }
    };
    Ok(Node { value, origin })
}

fn prefix(radix: u32) -> &'static str {
    match radix {
        16 => "0x",
        8 => "0o",
        2 => "0b",
        _ => "",
    }
}

fn integer(i: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(i.as_str(), i.radix()).ok()
}

fn number(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    match plain.as_str() {
        "inf" | "+inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        "nan" | "+nan" | "-nan" => Some(f64::NAN),
        other => other.parse().ok(),
    }
}
