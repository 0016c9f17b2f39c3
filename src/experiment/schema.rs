//! Owns the JSON Schema of experiment files: derived from the wire types, composed where kinds and grids need it,
//! described from the table of keys. A test keeps the committed copy equal.

use super::claim::wire::{WireAgrees, WireBound, WireMonotone, WireOptimum, WireOrdering, WireSignClaim, WireZero};
use super::keys::{self, KeyDoc, STUDY_KEYS, StudyKeys};
use super::wire::{
    WireAdversarial, WireAlignment, WireArm, WireBars, WireBinary, WireBudget, WireClusters, WireCopies, WireDescent,
    WireDirichlet, WireEmbedded, WireExponential, WireGreedy, WireGreedyArm, WireHeatMap, WireLine, WireNormal,
    WireObjective, WirePath, WirePolicy, WirePool, WireSelection, WireSphere, WireStopping, WireStoppingArm, WireTheta,
    WireTraining, WireUniformPairs,
};
use super::{greedy, stopping, worlds};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema, as JSON text with a final line feed.
pub fn schema() -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|s| s.inline_subschemas = true)
        .into_generator();
    let mut selection = object::<WireSelection>(&mut generator, "");
    let mut training = object::<WireTraining>(&mut generator, "");
    let mut alignment = object::<WireAlignment>(&mut generator, "");
    let mut greedy = object::<WireGreedy>(&mut generator, "");
    let stopping = object::<WireStopping>(&mut generator, "");
    // The keys of these tables may come from the sweep or from arms.
    for key in ["training", "budget", "objective"] {
        training["properties"][key] = table(&mut generator, key);
    }
    for key in ["objective", "policy", "budget"] {
        selection["properties"][key] = table(&mut generator, key);
    }
    for key in ["objective", "path"] {
        alignment["properties"][key] = table(&mut generator, key);
    }
    greedy["properties"]["objective"] = table(&mut generator, "objective");
    let studies: Vec<Value> = STUDY_KEYS
        .iter()
        .zip([selection, training, alignment, greedy, stopping])
        .map(|(keys, root)| compose(&mut generator, root, keys))
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mode-lottery experiment",
        "type": "object",
        "oneOf": studies,
    });
    // Cannot fail because a JSON value always has a text.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// A table of method keys, none of them required.
fn table(generator: &mut SchemaGenerator, key: &str) -> Value {
    let mut table = match key {
        "training" => object::<WireDescent>(generator, key),
        "budget" => object::<WireBudget>(generator, key),
        "policy" => object::<WirePolicy>(generator, key),
        "path" => object::<WirePath>(generator, key),
        _ => object::<WireObjective>(generator, key),
    };
    table["description"] = description(key);
    none_required(table)
}

/// The schema of one study's files: kinds, grids and claims put where the wire struct has subtrees.
fn compose(generator: &mut SchemaGenerator, mut root: Value, keys: &StudyKeys) -> Value {
    let worlds = world_kinds(generator, keys);
    let values = values(generator, keys);
    let properties = &mut root["properties"];
    let about = properties["study"]["description"].take();
    properties["study"] = json!({ "const": keys.study, "description": about });
    // Every key of a world may come from the sweep, even its kind: none is required, and several kinds may fit.
    properties["world"] = json!({ "anyOf": worlds });
    properties["arms"] = expanding(&values, "arms", keys.arms, keys.methods);
    let swept: Vec<&str> = keys.draws.iter().chain(keys.methods).copied().collect();
    properties["sweep"] = expanding(&values, "sweep", &[], &swept);
    properties["claims"] = list(vec![
        filtered(of_kind::<WireAgrees>(generator, "claims[]", &["agrees"])),
        filtered(of_kind::<WireBound>(generator, "claims[]", &["at-most", "at-least"])),
        filtered(of_kind::<WireSignClaim>(generator, "claims[]", &["sign"])),
        filtered(of_kind::<WireZero>(generator, "claims[]", &["zero"])),
        filtered(of_kind::<WireMonotone>(generator, "claims[]", &["monotone"])),
        filtered(of_kind::<WireOrdering>(generator, "claims[]", &["ordering"])),
        filtered(of_kind::<WireOptimum>(generator, "claims[]", &["optimum"])),
    ]);
    properties["figures"] = list(vec![
        filtered(of_kind::<WireLine>(generator, "figures[]", &["line"])),
        filtered(of_kind::<WireHeatMap>(generator, "figures[]", &["heat-map"])),
        filtered(of_kind::<WireBars>(generator, "figures[]", &["bars"])),
        filtered(of_kind::<WirePool>(generator, "figures[]", &["pool"])),
    ]);
    for key in ["world", "arms", "sweep", "claims", "figures"] {
        properties[key]["description"] = description(key);
    }
    if let Some(root) = root.as_object_mut() {
        root.remove("title");
    }
    root
}

/// The tables that `[world]` may be.
fn world_kinds(generator: &mut SchemaGenerator, keys: &StudyKeys) -> Vec<Value> {
    let kinds = match keys.study {
        "greedy" => vec![
            of_kind::<WireSphere>(generator, "world", &["sphere"]),
            of_kind::<WireClusters>(generator, "world", &["clusters"]),
            of_kind::<WireUniformPairs>(generator, "world", &["uniform"]),
            of_kind::<WireBinary>(generator, "world", &["binary"]),
            of_kind::<WireAdversarial>(generator, "world", &["adversarial"]),
        ],
        "stopping" => vec![
            of_kind::<WireNormal>(generator, "world", &["normal"]),
            of_kind::<WireExponential>(generator, "world", &["exponential"]),
        ],
        _ => vec![
            of_kind::<WireDirichlet>(generator, "world", &["dirichlet"]),
            of_kind::<WireCopies>(generator, "world", &["copies"]),
            of_kind::<WireEmbedded>(generator, "world", &["embedded"]),
        ],
    };
    kinds.into_iter().map(none_required).collect()
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
            if let Some(items) = property.get_mut("items") {
                describe(items, &path);
            }
            if let Some(object) = property.as_object_mut() {
                object.insert("description".into(), description(&path));
            }
        }
    }
}

fn description(path: &str) -> Value {
    let doc = keys::all().find(|doc| doc.path == path);
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

fn none_required(mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.remove("required");
    }
    schema
}

/// Puts in the schema of `where` and `versus`: columns are those of the file, so any key may stand there.
fn filtered(mut schema: Value) -> Value {
    for key in ["where", "versus"] {
        if let Some(property) = schema["properties"].get_mut(key) {
            let description = property["description"].take();
            *property = json!({ "type": "object", "description": description });
            if key == "versus" {
                // Each row has one partner, so a list of values cannot stand here.
                property["additionalProperties"] = json!({ "type": ["string", "number", "boolean"] });
            }
        }
    }
    schema
}

fn list(kinds: Vec<Value>) -> Value {
    json!({ "type": "array", "items": { "oneOf": kinds } })
}

/// The schemas of the values of all keys that the grids of a study take.
fn values(generator: &mut SchemaGenerator, keys: &StudyKeys) -> Map<String, Value> {
    let mut values = Map::new();
    let objects = match keys.study {
        "greedy" => vec![
            ("", object::<WireGreedyArm>(generator, "arms")),
            ("world.", object::<WireClusters>(generator, "world")),
            ("world.", of_kind::<WireAdversarial>(generator, "world", &greedy::KINDS)),
        ],
        "stopping" => vec![
            ("", object::<WireStoppingArm>(generator, "arms")),
            ("world.", of_kind::<WireNormal>(generator, "world", &stopping::KINDS)),
        ],
        _ => vec![
            ("", object::<WireArm>(generator, "arms")),
            ("world.", object::<WireEmbedded>(generator, "world")),
            ("world.", of_kind::<WireCopies>(generator, "world", &worlds::KINDS)),
        ],
    };
    for (prefix, object) in objects {
        if let Some(properties) = object["properties"].as_object() {
            let named = properties
                .iter()
                .map(|(key, value)| (format!("{prefix}{key}"), value.clone()));
            values.extend(named);
        }
    }
    values.insert("policy.theta".into(), WireTheta::json_schema(generator).to_value());
    let descent = object::<WireDescent>(generator, "training");
    let budget = object::<WireBudget>(generator, "budget");
    let objective = object::<WireObjective>(generator, "objective");
    let path = object::<WirePath>(generator, "path");
    for (table, object) in [
        ("training", descent),
        ("budget", budget),
        ("objective", objective),
        ("path", path),
    ] {
        for (key, value) in object["properties"].as_object().into_iter().flatten() {
            values.insert(format!("{table}.{key}"), value.clone());
        }
    }
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
    let grid = each(&|value| json!({ "type": "array", "items": value, "minItems": 1, "uniqueItems": true }));
    // One key of a zip may repeat a value; only whole rows may not.
    let zip = each(&|value| json!({ "type": "array", "items": value, "minItems": 1 }));
    let points = json!({ "type": "array", "items": each(&Value::clone), "minItems": 1, "uniqueItems": true });
    let mut patterns = each(&|value| json!({ "anyOf": [value, { "type": "array", "items": value }] }));
    let mut properties = Map::new();
    for &key in alone {
        properties.insert(key.to_owned(), values.get(key).cloned().unwrap_or_default());
    }
    patterns["minProperties"] = json!(1);
    let excluded = json!({ "type": "array", "items": patterns });
    for (key, mut schema) in [("grid", grid), ("zip", zip), ("points", points), ("exclude", excluded)] {
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
        let mut documented: Vec<String> = keys::all().map(|doc| doc.path.to_owned()).collect();
        documented.sort();
        assert_eq!(found, documented);
    }

    fn walk(schema: &Value, at: &str, found: &mut Vec<String>) {
        let branches = ["oneOf", "anyOf"].map(|key| schema[key].as_array().into_iter().flatten());
        for branch in branches.into_iter().flatten() {
            walk(branch, at, found);
        }
        if schema["items"]["oneOf"].is_array() {
            walk(&schema["items"], &format!("{at}[]"), found);
        }
        if schema["items"]["properties"].is_object() {
            walk(&schema["items"], at, found);
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            found.push(path.clone());
            if ![
                "grid",
                "zip",
                "points",
                "exclude",
                "base",
                "theta",
                "reward",
                "similarity",
            ]
            .contains(&key.as_str())
            {
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
