//! Owns the JSON Schema of described keys, for editors: it accepts every right file, and refuses each fault within one key.
//!
//! What depends on other keys, on columns or on a number's form is beyond it. Values that several places share are definitions,
//! so that it stays small.

use super::grid::EXPANDING;
use super::keys::{Absent, KeyDoc, Kind, Pattern, Range, TableDoc};
use serde_json::{Map, Value, json};

/// Files of one study.
pub struct StudyFiles<'a> {
    /// The study's name.
    pub name: &'a str,
    /// The keys of its files.
    pub keys: &'a TableDoc,
    /// Keys that `[sweep]` takes, as grids name them, and those of them that `[arms]` takes too.
    pub varying: Vec<(String, &'a KeyDoc, bool)>,
    /// The names of its estimands.
    pub estimands: Vec<String>,
}

/// The schema of files that are one table, with a final line feed.
pub fn of_table(title: &str, keys: &TableDoc) -> String {
    let mut defs = Defs::default();
    let mut schema = object(&mut defs, "", keys, true);
    schema["title"] = json!(title);
    finish(schema, defs)
}

/// The schema of experiment files, with a final line feed.
pub fn of_experiments(title: &str, studies: &[StudyFiles<'_>]) -> String {
    let mut defs = Defs::default();
    let files: Vec<Value> = studies.iter().map(|study| file(&mut defs, study)).collect();
    let schema = json!({ "title": title, "type": "object", "oneOf": files });
    finish(schema, defs)
}

fn finish(mut schema: Value, defs: Defs) -> String {
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    if !defs.0.is_empty() {
        schema["$defs"] = Value::Object(defs.0);
    }
    let mut out = String::new();
    write(&schema, 0, &mut out);
    out + "\n"
}

/// More characters than this stand on several lines.
const LINE: usize = 120;

/// A value as JSON text: what is short on one line, so that changes are easy to read and the file is small.
fn write(value: &Value, depth: usize, out: &mut String) {
    let plain = value.to_string();
    let break_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth));
    };
    match value {
        Value::Object(entries) if plain.len() > LINE => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                break_line(out, depth + 1);
                *out += &format!("{}: ", Value::from(key.as_str()));
                write(value, depth + 1, out);
            }
            break_line(out, depth);
            out.push('}');
        }
        Value::Array(items) if plain.len() > LINE => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                break_line(out, depth + 1);
                write(value, depth + 1, out);
            }
            break_line(out, depth);
            out.push(']');
        }
        _ => *out += &plain,
    }
}

/// Schemas by name, each stated once.
#[derive(Default)]
struct Defs(Map<String, Value>);

impl Defs {
    /// A reference to a schema, which is called `name`, or `name` and a number where another is called so.
    fn refer(&mut self, name: &str, schema: Value) -> Value {
        let mut own = name.to_owned();
        let mut number = 1;
        while self.0.get(&own).is_some_and(|other| *other != schema) {
            number += 1;
            own = format!("{name}-{number}");
        }
        let reference = json!({ "$ref": format!("#/$defs/{own}") });
        self.0.insert(own, schema);
        reference
    }
}

/// The schema of one study's files.
fn file(defs: &mut Defs, study: &StudyFiles<'_>) -> Value {
    let mut schema = object(defs, "", study.keys, true);
    let properties = &mut schema["properties"];
    properties["study"] = json!({ "const": study.name, "description": properties["study"]["description"] });
    for table in ["sweep", "arms"] {
        let varying = study
            .varying
            .iter()
            .filter(|(.., in_arms)| *in_arms || table == "sweep");
        let values: Vec<(&str, Value)> = varying
            .map(|(path, key, _)| (path.as_str(), value(defs, path, key)))
            .collect();
        for part in EXPANDING {
            let about = properties[table]["properties"][part]["description"].take();
            let name = format!("{}.{table}.{part}", study.name);
            let part_schema = expanding(defs, part, &values);
            let mut own = defs.refer(&name, part_schema);
            own["description"] = about;
            properties[table]["properties"][part] = own;
        }
    }
    // The names of estimands are those of the study.
    let names = defs.refer(&format!("{}.estimands", study.name), json!({ "enum": study.estimands }));
    let named = json!({ "properties": { "estimand": names } });
    for list in ["/claims/items", "/run/properties/precision/items"] {
        if let Some(items) = properties.pointer_mut(list) {
            *items = json!({ "allOf": [items.take(), named] });
        }
    }
    // The seed and the world may come from the sweep.
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|key| key != "seed" && key != "world");
    }
    schema
}

/// One of the four parts that expand.
fn expanding(defs: &mut Defs, part: &str, values: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    for (key, value) in values {
        let wrapped = match part {
            "grid" => json!({ "type": "array", "items": value, "minItems": 1, "uniqueItems": true }),
            // One key of a zip may repeat a value; only whole rows may not.
            "zip" => json!({ "type": "array", "items": value, "minItems": 1 }),
            "exclude" => json!({ "anyOf": [value, { "type": "array", "items": value }] }),
            _ => value.clone(),
        };
        let own = match part {
            "points" => wrapped,
            _ => defs.refer(&format!("{key}.{part}"), wrapped),
        };
        properties.insert((*key).to_owned(), own);
    }
    let mut point = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    match part {
        "points" => json!({ "type": "array", "items": point, "minItems": 1, "uniqueItems": true }),
        "exclude" => {
            point["minProperties"] = json!(1);
            json!({ "type": "array", "items": point })
        }
        _ => point,
    }
}

/// A table. Keys are required where `strict`: those of tables whose keys the sweep or arms may set are not.
fn object(defs: &mut Defs, at: &str, table: &TableDoc, strict: bool) -> Value {
    if table.variants.is_empty() {
        return with_keys(defs, at, table.keys.iter(), strict);
    }
    let kinds: Vec<Value> = table
        .variants
        .iter()
        .map(|variant| {
            let mut own = with_keys(defs, at, table.keys.iter().chain(&variant.keys), strict);
            own["properties"]["kind"] = json!({ "const": variant.name, "description": variant.about });
            own
        })
        .collect();
    // Where no kind is required several may fit.
    match strict {
        true => json!({ "oneOf": kinds }),
        false => json!({ "anyOf": kinds }),
    }
}

fn with_keys<'a>(defs: &mut Defs, at: &str, keys: impl Iterator<Item = &'a KeyDoc>, strict: bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in keys {
        let path = match at {
            "" => key.name.to_owned(),
            at => format!("{at}.{}", key.name),
        };
        properties.insert(key.name.to_owned(), value(defs, &path, key));
        if strict && key.absent == Absent::Required {
            required.push(key.name);
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The value of a key: a definition, or a table where it stands.
fn value(defs: &mut Defs, path: &str, key: &KeyDoc) -> Value {
    let mut schema = of_kind(defs, path, &key.kind);
    schema["description"] = json!(format!(
        "{} ({}; default: {})",
        key.about,
        key.kind.values(),
        key.absent.said()
    ));
    match key.kind {
        Kind::Table(_) | Kind::Tables(_) | Kind::Elsewhere => schema,
        _ => defs.refer(path.strip_prefix("arms.").unwrap_or(path), schema),
    }
}

fn of_kind(defs: &mut Defs, path: &str, kind: &Kind) -> Value {
    match kind {
        Kind::Integer(low, i64::MAX) => json!({ "type": "integer", "minimum": low }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Number(range) => number(range),
        Kind::Word(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.name).collect();
            json!({ "enum": words })
        }
        Kind::Line(Pattern::Line) => json!({ "type": "string", "pattern": "^[^\\u0000-\\u001f\\u007f]+$" }),
        Kind::Line(Pattern::Matching { regex, .. }) => json!({ "type": "string", "pattern": regex }),
        Kind::Line(Pattern::FileName) => json!({ "type": "string", "pattern": "^[a-z0-9-]{1,100}$" }),
        Kind::Line(_) | Kind::Text => json!({ "type": "string" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::List {
            of,
            fewest,
            most,
            unique,
        } => {
            let mut schema = json!({ "type": "array", "items": of_kind(defs, path, of) });
            if *fewest > 0 {
                schema["minItems"] = json!(fewest);
            }
            if *most < usize::MAX {
                schema["maxItems"] = json!(most);
            }
            if *unique {
                schema["uniqueItems"] = json!(true);
            }
            schema
        }
        Kind::Either(forms) => {
            let forms: Vec<Value> = forms
                .iter()
                .map(|form| match form {
                    Kind::Table(table) => object(defs, path, table, true),
                    form => of_kind(defs, path, form),
                })
                .collect();
            json!({ "anyOf": forms })
        }
        Kind::Table(table) => object(defs, path, table, path == "run"),
        Kind::Tables(table) => {
            let item = object(defs, path, table, true);
            json!({ "type": "array", "items": defs.refer(&format!("{path}.item"), item) })
        }
        Kind::Columns { several: true } => json!({ "type": "object" }),
        // Each row has one partner, so a list of values cannot stand here.
        Kind::Columns { several: false } => {
            json!({ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } })
        }
        Kind::Elsewhere => json!({ "type": "object" }),
    }
}

fn number(range: &Range) -> Value {
    let mut schema = json!({ "type": "number" });
    if range.low.is_finite() {
        let bound = if range.with_low { "minimum" } else { "exclusiveMinimum" };
        schema[bound] = json!(range.low);
    }
    if range.high.is_finite() {
        let bound = if range.with_high { "maximum" } else { "exclusiveMaximum" };
        schema[bound] = json!(range.high);
    }
    match range.or_zero {
        true => json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 0 }, schema] }),
        false => schema,
    }
}
