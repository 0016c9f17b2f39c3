//! Owns rows of JSONL: one object per line, its wanted keys, and the column of each value.
//!
//! serde_json checks that a line is JSON and finds where each value begins; numbers are parsed later from their text, as
//! those of CSV are. Values of keys that are not wanted are skipped.

use super::Fault;
use super::fault::{column, shown};
use super::hints;
use super::lines::Lines;
use super::prompt::Row;
use super::wanted::{Shape, Source, Wanted, ambiguous, missing, missing_values};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::io::Read;

pub(super) struct JsonRows<R> {
    lines: Lines<R>,
    /// Prompt, candidate and reward, then the keys where numbers may be found.
    keys: Vec<String>,
    sources: Vec<Source>,
    needs_rewards: bool,
    shape: Option<Shape>,
    /// Which of the sources is read.
    source: usize,
}

const PROMPT: usize = 0;
const CANDIDATE: usize = 1;
const REWARD: usize = 2;
const SOURCES: usize = 3;

/// The options that name the first three.
const OPTIONS: [&str; 3] = ["--prompt", "--candidate", "--reward"];

/// The wanted values of one row, by place in `keys`.
type Found<'a> = Vec<Option<&'a RawValue>>;

impl<R: Read> JsonRows<R> {
    pub fn new(reader: R, wanted: &Wanted) -> Self {
        let sources = wanted.nearness.sources();
        let ids = [&wanted.prompt, &wanted.candidate, &wanted.reward];
        let lists = sources.iter().map(|source| &source.list);
        Self {
            lines: Lines::new(reader),
            keys: ids.into_iter().chain(lists).cloned().collect(),
            sources,
            needs_rewards: wanted.needs_rewards,
            shape: None,
            source: 0,
        }
    }

    /// What the first row holds, once it has been read.
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.as_ref()
    }

    /// The next row; false after the last. The first says whether there are rewards and where the numbers stand.
    pub fn next(&mut self, row: &mut Row) -> Result<bool, Fault> {
        let (text, number) = loop {
            match self.lines.next()? {
                None => return Ok(false),
                Some((text, _)) if text.trim_ascii().is_empty() => {}
                Some((text, number)) => break (text.trim_end_matches(['\r', '\n']), number),
            }
        };
        let line = Line {
            text,
            number,
            keys: &self.keys,
        };
        let found = line.parse()?;
        let shape = match &mut self.shape {
            Some(shape) => shape,
            none => {
                let (shape, source) = line.shape(&found, &self.sources, self.needs_rewards)?;
                self.source = source;
                none.insert(shape)
            }
        };
        row.line = number;
        row.prompt_is_number = line.id(&found, PROMPT, &mut row.prompt)?;
        row.candidate_is_number = line.id(&found, CANDIDATE, &mut row.candidate)?;
        row.reward.clear();
        if shape.rewards {
            row.reward_at = line.reward(&found, &mut row.reward)?;
        }
        if shape.values.is_some() {
            row.values_at = line.list(&found, SOURCES + self.source, &mut row.values)?;
        }
        Ok(true)
    }
}

/// One line, to be read and complained of.
struct Line<'a> {
    text: &'a str,
    number: u64,
    keys: &'a [String],
}

impl<'a> Line<'a> {
    fn parse(&self) -> Result<Found<'a>, Fault> {
        let body = self.text.trim_ascii();
        if !body.starts_with('{') {
            let start: String = body.chars().take(10).collect();
            let at = self.text.find(body).unwrap_or(0);
            if self.number == 1 && body.starts_with('[') {
                return Err(self.fault(at, hints::ARRAY));
            }
            let what = format!(
                "the line begins with {}, but each line of JSONL is one object in braces",
                shown(&start)
            );
            return Err(self.fault(at, what));
        }
        let mut json = serde_json::Deserializer::from_str(self.text);
        let found = json.deserialize_map(Keys(self.keys)).and_then(|found| {
            json.end()?;
            Ok(found)
        });
        found.map_err(|error| {
            let text = error.to_string();
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            let at = error.column().saturating_sub(1);
            let what = match self.text.get(at..).and_then(hints::no_json) {
                Some(word) => word,
                None => format!("not JSON: {what}"),
            };
            self.fault(at, what)
        })
    }

    fn fault(&self, byte: usize, what: impl Into<String>) -> Fault {
        Fault::at(self.number, column(self.text, byte.min(self.text.len() - 1)), what)
    }

    /// A fault at the start of a value.
    fn fault_at(&self, value: &RawValue, what: impl Into<String>) -> Fault {
        self.fault(self.offset(value.get()), what)
    }

    /// Where a part of the line begins.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr() as usize - self.text.as_ptr() as usize
    }

    fn shape(&self, found: &Found<'_>, sources: &[Source], needs_rewards: bool) -> Result<(Shape, usize), Fault> {
        let rewards = found[REWARD].is_some();
        let needed = [PROMPT, CANDIDATE, REWARD]
            .into_iter()
            .filter(|&key| key != REWARD || needs_rewards);
        let lacking: Vec<usize> = needed.filter(|&key| found[key].is_none()).collect();
        if !lacking.is_empty() {
            return Err(match hints::nested(&self.object(), &self.keys[PROMPT]) {
                Some(what) => Fault::line(self.number, what),
                None => self.missing(&lacking),
            });
        }
        let there: Vec<usize> = (0..sources.len()).filter(|&s| found[SOURCES + s].is_some()).collect();
        let values = match there[..] {
            [] if sources.is_empty() => None,
            [] => return Err(missing_values(self.number, "key", sources, &self.all_keys())),
            [source] => Some(sources[source].lists()),
            _ => {
                let names: Vec<String> = there.iter().map(|&s| sources[s].list.clone()).collect();
                return Err(ambiguous(self.number, &names));
            }
        };
        let shape = Shape {
            rewards,
            reward: self.keys[REWARD].clone(),
            values,
        };
        Ok((shape, there.first().copied().unwrap_or(0)))
    }

    fn missing(&self, lacking: &[usize]) -> Fault {
        let lacking: Vec<(&str, &str)> = lacking
            .iter()
            .map(|&key| (self.keys[key].as_str(), OPTIONS[key]))
            .collect();
        missing(self.number, "key", &lacking, &self.all_keys())
    }

    /// The line, read again: only a message needs it.
    fn object(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(self.text).unwrap_or_default()
    }

    fn all_keys(&self) -> Vec<String> {
        self.object().keys().cloned().collect()
    }

    /// An id into `out`; whether it is a number.
    fn id(&self, found: &Found<'_>, key: usize, out: &mut String) -> Result<bool, Fault> {
        let value = found[key].ok_or_else(|| self.missing(&[key]))?;
        let (raw, name) = (value.get(), &self.keys[key]);
        out.clear();
        if raw.starts_with('"') {
            let inner = &raw[1..raw.len() - 1];
            if inner.contains('\\') {
                let text: String = serde_json::from_str(raw)
                    .map_err(|_| self.fault_at(value, format!("{name}: {} is not text", shown(raw))))?;
                out.push_str(&text);
            } else {
                out.push_str(inner);
            }
            if out.is_empty() {
                let what = format!("{name} is empty: give every prompt and candidate an id");
                return Err(self.fault_at(value, what));
            }
            return Ok(false);
        }
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(raw);
            return Ok(true);
        }
        let advice = match raw.starts_with(['[', '{']) {
            true => format!("; jq -c '.{name} |= tostring' FILE makes a text of it"),
            false => String::new(),
        };
        let what = format!(
            "{name}: {} where a string or an integer is expected{advice}",
            shown(raw)
        );
        Err(self.fault_at(value, what))
    }

    /// The text of the reward into `out`; its column.
    fn reward(&self, found: &Found<'_>, out: &mut String) -> Result<usize, Fault> {
        let value = found[REWARD].ok_or_else(|| self.missing(&[REWARD]))?;
        let raw = value.get();
        if !raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            let name = &self.keys[REWARD];
            let advice = match raw {
                "true" | "false" => format!("; jq -c '.{name} |= (if . then 1 else 0 end)' FILE makes one of it"),
                "null" => "; leave the row out, or give it one".to_owned(),
                _ => String::new(),
            };
            let what = format!("{name}: {} where a number is expected{advice}", shown(raw));
            return Err(self.fault_at(value, what));
        }
        out.push_str(raw);
        Ok(column(self.text, self.offset(raw)))
    }

    /// The numbers of a list into `out`, without brackets; the column of the first.
    fn list(&self, found: &Found<'_>, key: usize, out: &mut String) -> Result<usize, Fault> {
        let name = &self.keys[key];
        let Some(value) = found[key] else {
            let what = format!("{name} is missing, but the first row has it: give every candidate a list of numbers");
            return Err(Fault::line(self.number, what));
        };
        let raw = value.get();
        let Some(inner) = raw.strip_prefix('[').and_then(|list| list.strip_suffix(']')) else {
            let what = format!("{name}: {} where a list of numbers is expected", shown(raw));
            return Err(self.fault_at(value, what));
        };
        out.clear();
        out.push_str(inner);
        Ok(column(self.text, self.offset(inner)))
    }
}

/// Collects the wanted values of an object.
struct Keys<'k>(&'k [String]);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let mut found = vec![None; self.0.len()];
        while let Some(place) = map.next_key_seed(Key(self.0))? {
            match place {
                None => drop(map.next_value::<IgnoredAny>()?),
                // Told before its value is read, so that the place is the key's.
                Some(place) if found[place].is_some() => {
                    let what = format!("the key {} stands here a second time", shown(&self.0[place]));
                    return Err(serde::de::Error::custom(what));
                }
                Some(place) => found[place] = Some(map.next_value()?),
            }
        }
        Ok(found)
    }
}

/// The place of a key among the wanted, without copying it.
struct Key<'k>(&'k [String]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| wanted == key))
    }
}
