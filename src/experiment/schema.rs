//! Owns the JSON Schema of experiment files: derived from the wire types, composed where kinds and grids need it,
//! described from the table of keys. A test keeps the committed copy equal.

use super::claim::wire::{WireAgrees, WireBound, WireMonotone, WireOptimum, WireOrdering, WireSignClaim, WireZero};
use super::keys::{self, ARM_KEYS, DRAWS_KEYS, KeyDoc};
use super::wire::{WireArm, WireCopies, WireDirichlet, WireHeatMap, WireLine, WireSelection, WireTheta};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema, as JSON text with a final line feed.
pub fn schema() -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.inline_subschemas = true)
        .into_generator();
    let mut root = object::<WireSelection>(&mut generator, "");
    let properties = &mut root["properties"];
    properties["world"] = json!({ "oneOf": [
        of_kind::<WireDirichlet>(&mut generator, "world", &["dirichlet"]),
        of_kind::<WireCopies>(&mut generator, "world", &["copies"]),
    ]});
    let values = values(&mut generator);
    properties["arms"] = expanding(&values, "arms", &ARM_KEYS, &keys::METHOD_KEYS);
    let swept: Vec<&str> = DRAWS_KEYS.iter().chain(&keys::METHOD_KEYS).copied().collect();
    properties["sweep"] = expanding(&values, "sweep", &[], &swept);
    properties["claims"] = list(vec![
        filtered(of_kind::<WireAgrees>(&mut generator, "claims[]", &["agrees"])),
        filtered(of_kind::<WireBound>(
            &mut generator,
            "claims[]",
            &["at-most", "at-least"],
        )),
        filtered(of_kind::<WireSignClaim>(&mut generator, "claims[]", &["sign"])),
        filtered(of_kind::<WireZero>(&mut generator, "claims[]", &["zero"])),
        filtered(of_kind::<WireMonotone>(&mut generator, "claims[]", &["monotone"])),
        filtered(of_kind::<WireOrdering>(&mut generator, "claims[]", &["ordering"])),
        filtered(of_kind::<WireOptimum>(&mut generator, "claims[]", &["optimum"])),
    ]);
    properties["figures"] = list(vec![
        filtered(of_kind::<WireLine>(&mut generator, "figures[]", &["line"])),
        filtered(of_kind::<WireHeatMap>(&mut generator, "figures[]", &["heat-map"])),
    ]);
    for key in ["world", "arms", "sweep", "claims", "figures"] {
        properties[key]["description"] = description(key);
    }
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("mode-lottery experiment"));
    if let Value::Object(root) = root {
        schema.extend(root.into_iter().filter(|(key, _)| key != "title" && key != "$schema"));
    }
    // Cannot fail because a JSON value always has a text.
    serde_json::to_string_pretty(&Value::Object(schema)).unwrap_or_default() + "\n"
}

/// The schema of a wire struct, its properties described from the table of keys.
fn object<T: JsonSchema>(generator: &mut SchemaGenerator, at: &str) -> Value {
    let mut schema = T::json_schema(generator).to_value();
    describe(&mut schema, at);
    schema
}

fn describe(schema: &mut Value, at: &str) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (key, property) in properties {
            let path = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            describe(property, &path);
            if let Some(object) = property.as_object_mut() {
                object.insert("description".into(), description(&path));
            }
        }
    }
}

fn description(path: &str) -> Value {
    let doc = keys::KEYS.iter().find(|doc| doc.path == path);
    doc.map_or(Value::Null, |doc: &KeyDoc| {
        json!(format!("{} ({}; default: {})", doc.meaning, doc.range, doc.default))
    })
}

/// A wire struct whose `kind` is one of a few constants.
fn of_kind<T: JsonSchema>(generator: &mut SchemaGenerator, at: &str, kinds: &[&str]) -> Value {
    let mut schema = object::<T>(generator, at);
    let description = schema["properties"]["kind"]["description"].take();
    schema["properties"]["kind"] = match kinds {
        [one] => json!({ "const": one, "description": description }),
        many => json!({ "enum": many, "description": description }),
    };
    schema
}

/// Puts in the schema of `where` and `versus`: columns are those of the file, so any key may stand there.
fn filtered(mut schema: Value) -> Value {
    for key in ["where", "versus"] {
        if let Some(property) = schema["properties"].get_mut(key) {
            let description = property["description"].take();
            *property = json!({ "type": "object", "description": description });
        }
    }
    schema
}

fn list(kinds: Vec<Value>) -> Value {
    json!({ "type": "array", "items": { "oneOf": kinds } })
}

/// The schemas of the values of all keys that grids take.
fn values(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut values = Map::new();
    let arm = object::<WireArm>(generator, "arms");
    for (prefix, object) in [
        ("", arm),
        (
            "world.",
            of_kind::<WireCopies>(generator, "world", &["dirichlet", "copies"]),
        ),
    ] {
        if let Some(properties) = object["properties"].as_object() {
            values.extend(
                properties
                    .iter()
                    .map(|(key, value)| (format!("{prefix}{key}"), value.clone())),
            );
        }
    }
    values.insert("policy.theta".into(), WireTheta::json_schema(generator).to_value());
    values.insert("seed".into(), json!({ "type": "integer", "minimum": 0 }));
    values
}

/// `[sweep]` or `[arms]`: keys that stand alone, and the four that expand.
fn expanding(values: &Map<String, Value>, at: &str, alone: &[&str], keys: &[&str]) -> Value {
    let each = |wrap: &dyn Fn(&Value) -> Value| {
        let properties: Map<String, Value> = keys
            .iter()
            .filter_map(|&key| Some((key.to_owned(), wrap(values.get(key)?))))
            .collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    };
    let lists = each(&|value| json!({ "type": "array", "items": value, "minItems": 1 }));
    let points = json!({ "type": "array", "items": each(&Value::clone) });
    let patterns = each(&|value| json!({ "anyOf": [value, { "type": "array", "items": value }] }));
    let mut properties = Map::new();
    for &key in alone {
        properties.insert(key.to_owned(), values.get(key).cloned().unwrap_or_default());
    }
    let excluded = json!({ "type": "array", "items": patterns });
    for (key, mut schema) in [
        ("grid", lists.clone()),
        ("zip", lists),
        ("points", points),
        ("exclude", excluded),
    ] {
        schema["description"] = description(&format!("{at}.{key}"));
        properties.insert(key.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that is documented but unknown, or known but undocumented, would be found here.
    #[test]
    fn the_schema_and_the_table_of_keys_list_the_same_keys() {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let mut found = Vec::new();
        walk(&schema, "", &mut found);
        found.sort();
        found.dedup();
        let mut documented: Vec<String> = keys::KEYS.iter().map(|doc| doc.path.to_owned()).collect();
        documented.sort();
        assert_eq!(found, documented);
    }

    fn walk(schema: &Value, at: &str, found: &mut Vec<String>) {
        for branch in schema["oneOf"].as_array().into_iter().flatten() {
            walk(branch, at, found);
        }
        if schema["items"]["oneOf"].is_array() {
            walk(&schema["items"], &format!("{at}[]"), found);
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            found.push(path.clone());
            if !["grid", "zip", "points", "exclude", "base", "theta"].contains(&key.as_str()) {
                walk(property, &path, found);
            }
        }
    }

    #[test]
    fn every_key_has_a_description() {
        let text = schema();
        assert!(
            !text.contains("\"description\": null"),
            "a property without a description"
        );
    }
}
