//! Owns what is told of input that is no pool in rows: which other shape it has, and the command that makes rows of it.

use super::fault::shown;
use serde_json::{Map, Value};

/// Formats that are no text: how they begin, what they are, and the command that gives text on standard output.
const BINARY: [(&[u8], &str, &str); 7] = [
    (b"\x1f\x8b", "compressed with gzip", "gzip -dc FILE"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "zstd -dc FILE"),
    (b"BZh", "compressed with bzip2", "bzip2 -dc FILE"),
    (b"\xfd7zXZ", "compressed with xz", "xz -dc FILE"),
    (b"PK\x03\x04", "a zip archive", "unzip -p FILE"),
    (
        b"PAR1",
        "Parquet",
        "duckdb -c \"copy 'FILE' to '/dev/stdout' (format json)\"",
    ),
    (
        b"ARROW1",
        "Arrow",
        "python3 -c \"import pandas; print(pandas.read_feather('FILE').to_json(orient='records', lines=True))\"",
    ),
];

/// What a file is whose first bytes are these, if it is one of the usual formats that are no text.
pub(super) fn of_bytes(start: &[u8]) -> Option<String> {
    let (_, what, command) = BINARY.iter().find(|(magic, ..)| start.starts_with(magic))?;
    Some(piped(what, command))
}

/// What the ending of a file's name says, where it is none of the two formats.
#[cfg(feature = "cli")]
pub fn of_ending(ending: &str) -> Option<String> {
    let is = |place: usize| {
        let (_, what, command) = BINARY[place];
        piped(what, command)
    };
    match ending {
        "gz" => Some(is(0)),
        "zst" => Some(is(1)),
        "bz2" => Some(is(2)),
        "xz" => Some(is(3)),
        "zip" => Some(is(4)),
        "parquet" => Some(is(5)),
        "arrow" | "feather" => Some(is(6)),
        "tsv" | "tab" => Some(TABS.to_owned()),
        "json" => Some(ARRAY.to_owned()),
        _ => None,
    }
}

fn piped(what: &str, command: &str) -> String {
    format!("it is {what}: {command} | mode-lottery select - --format jsonl (or csv) ...")
}

/// What is said of fields between tabs.
pub(super) const TABS: &str =
    "tabs stand between its fields: where no field holds a comma or a quote, tr '\\t' ',' < FILE makes CSV of it";

/// What is said of one JSON array.
pub(super) const ARRAY: &str = "one JSON array is no JSONL: jq -c '.[]' FILE gives a line for each of its objects";

/// A word that other programs write for a number and that JSON does not know, if a text begins with one.
pub(super) fn no_json(text: &str) -> Option<String> {
    const WORDS: [&str; 7] = ["NaN", "Infinity", "-Infinity", "-NaN", "None", "True", "False"];
    let word = WORDS.into_iter().find(|word| text.starts_with(word))?;
    Some(match word {
        "True" | "False" => format!("{word} is Python's and not JSON's: write {}", word.to_lowercase()),
        word => format!("{word} is no JSON: give a finite number, or leave the row out"),
    })
}

/// A message of a dialogue: a list of them is one text.
fn is_message(item: &Value) -> bool {
    item.get("role").is_some() && item.get("content").is_some()
}

/// A row that holds all candidates of its prompt in lists, or none: what it is, and how it becomes a row for each.
pub(super) fn nested(row: &Map<String, Value>, prompt: &str) -> Option<String> {
    let lists: Vec<(&str, &Vec<Value>)> = row
        .iter()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_array()?)))
        .filter(|(key, items)| *key != prompt && !items.is_empty() && !items.iter().any(is_message))
        .collect();
    let text = |(key, value): (&String, &Value)| value.is_string().then(|| key.clone());
    let prompt = match row.contains_key(prompt) {
        true => prompt.to_owned(),
        // The longest text is the question more likely than the name of a source.
        false => row
            .iter()
            .filter_map(text)
            .max_by_key(|key| row[key].as_str().map_or(0, str::len))
            .unwrap_or_else(|| prompt.to_owned()),
    };
    in_parallel(row, &lists, &prompt).or_else(|| of_objects(&lists, &prompt))
}

/// Candidates as the items of one list of objects.
fn of_objects(lists: &[(&str, &Vec<Value>)], prompt: &str) -> Option<String> {
    let (list, items) = lists.iter().find(|(_, items)| items.iter().all(Value::is_object))?;
    let numbers = items[0].as_object()?.iter().filter(|(_, value)| value.is_number());
    let numbers: Vec<&str> = numbers.map(|(key, _)| key.as_str()).collect();
    let rewards = match numbers[..] {
        [] => String::new(),
        _ => format!("; then name the reward, --reward {}", numbers.join(" or ")),
    };
    Some(format!(
        "the row is of a whole prompt, with its candidates in the list {}: jq -c '. as $row | .{list} | to_entries[] | \
         {{prompt: $row.{prompt}, candidate: .key}} + .value' FILE makes a row for each{rewards}",
        shown(list)
    ))
}

/// Candidates as the items of several lists, one of them of rewards, and perhaps one of embeddings.
fn in_parallel(row: &Map<String, Value>, lists: &[(&str, &Vec<Value>)], prompt: &str) -> Option<String> {
    let all = |key: &str, is: fn(&Value) -> bool| row[key].as_array().is_some_and(|own| own.iter().all(is));
    let (reward, items) = lists.iter().find(|(key, _)| all(key, Value::is_number))?;
    let alike: Vec<&str> = lists
        .iter()
        .filter(|(_, own)| own.len() == items.len())
        .map(|(key, _)| *key)
        .collect();
    // Embeddings and similarities are lists of numbers too, and of one candidate.
    if alike.iter().all(|key| all(key, Value::is_number)) {
        return None;
    }
    let embedding = alike.iter().find(|key| all(key, Value::is_array));
    let embedding = embedding.map_or_else(String::new, |key| format!(", embedding: $row.{key}[$i]"));
    Some(format!(
        "the row is of a whole prompt, with its candidates in the lists {}: jq -c '. as $row | range(.{reward} | length) as $i | \
         {{prompt: $row.{prompt}, candidate: $i, reward: $row.{reward}[$i]{embedding}}}' FILE makes a row for each",
        alike.join(" and ")
    ))
}
