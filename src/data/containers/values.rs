//! Owns what is found within JSON text: where the values of keys and the items of lists stand.

use super::path::Span;
use crate::data::fault::shown;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Where a part of a text stands in it.
pub(super) fn span(text: &str, part: &str) -> Span {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// Where the values of these keys of an object stand, by place; the text must hold nothing else.
pub(super) fn of_keys<S: AsRef<str>>(text: &str, keys: &[S]) -> serde_json::Result<Vec<Option<Span>>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = json.deserialize_map(Keys(keys))?;
    json.end()?;
    let place = |value: Option<&RawValue>| value.map(|value| span(text, value.get()));
    Ok(found.into_iter().map(place).collect())
}

/// Where the items of a list stand; none where it is no list.
pub(in crate::data) fn split(text: &str, list: &Span) -> Option<Vec<Span>> {
    let items: Vec<&RawValue> = serde_json::from_str(&text[list.clone()]).ok()?;
    Some(items.into_iter().map(|item| span(text, item.get())).collect())
}

/// The keys of an object and where their values stand; none where it is no object.
pub(in crate::data) fn entries(text: &str, object: &Span) -> Option<Vec<(String, Span)>> {
    let mut json = serde_json::Deserializer::from_str(&text[object.clone()]);
    let entries = json.deserialize_map(Entries).ok()?;
    Some(
        entries
            .into_iter()
            .map(|(key, value)| (key, span(text, value.get())))
            .collect(),
    )
}

/// Collects all values of an object.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// The text that a JSON string stands for; none where it stands for none.
pub(in crate::data) fn unquoted(raw: &str) -> Option<std::borrow::Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        false => Some(inner.into()),
        true => serde_json::from_str::<String>(raw).ok().map(Into::into),
    }
}

/// Collects the wanted values of an object.
struct Keys<'k, S>(&'k [S]);

impl<'de, S: AsRef<str>> Visitor<'de> for Keys<'_, S> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = vec![None; self.0.len()];
        while let Some(place) = map.next_key_seed(Key(self.0))? {
            match place {
                None => drop(map.next_value::<IgnoredAny>()?),
                // Told before its value is read, so that the place is the key's.
                Some(place) if found[place].is_some() => {
                    let what = format!("the key {} stands here a second time", shown(self.0[place].as_ref()));
                    return Err(serde::de::Error::custom(what));
                }
                Some(place) => found[place] = Some(map.next_value()?),
            }
        }
        Ok(found)
    }
}

/// The place of a key among the wanted, without copying it.
struct Key<'k, S>(&'k [S]);

impl<'de, S: AsRef<str>> DeserializeSeed<'de> for Key<'_, S> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<S: AsRef<str>> Visitor<'_> for Key<'_, S> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| wanted.as_ref() == key))
    }
}
