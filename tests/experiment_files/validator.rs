//! A small JSON Schema validator: the keywords that our schema uses, and a panic on any other.
//!
//! It is written from the specification and shares no code with the parser: files that one takes and the other refuses
//! are found.

use serde_json::Value;

/// Whether a value is valid under a schema, whose definitions are its own.
pub fn valid(schema: &Value, value: &Value) -> bool {
    Root(schema).valid(schema, value)
}

/// The schema that references lead into.
struct Root<'a>(&'a Value);

impl Root<'_> {
    fn valid(&self, schema: &Value, value: &Value) -> bool {
        let Some(schema) = schema.as_object() else {
            return schema.as_bool().unwrap_or(false);
        };
        schema.iter().all(|(keyword, argument)| match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => true,
            "$ref" => {
                let path = argument.as_str().and_then(|text| text.strip_prefix('#')).unwrap_or("");
                let target = self.0.pointer(path);
                self.valid(target.unwrap_or_else(|| panic!("{argument} leads nowhere")), value)
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let extra = |key: &String| !known.is_some_and(|known| known.contains_key(key));
                let mut entries = value.as_object().into_iter().flatten();
                entries.all(|(key, value)| !extra(key) || self.valid(argument, value))
            }
            other => self.keyword_holds(other, argument, value),
        })
    }

    fn keyword_holds(&self, keyword: &str, argument: &Value, value: &Value) -> bool {
        let numbers = value.as_f64().zip(argument.as_f64());
        let number = |holds: fn(f64, f64) -> bool| numbers.is_none_or(|(value, bound)| holds(value, bound));
        let list = value.as_array();
        let bound = argument.as_u64().unwrap_or(0) as usize;
        let schemas = || argument.as_array().into_iter().flatten();
        match keyword {
            "type" => match argument {
                Value::Array(types) => types.iter().any(|one| is(one, value)),
                one => is(one, value),
            },
            "const" => argument == value,
            "enum" => schemas().any(|one| one == value),
            "oneOf" => schemas().filter(|schema| self.valid(schema, value)).count() == 1,
            "allOf" => schemas().all(|schema| self.valid(schema, value)),
            "anyOf" => schemas().any(|schema| self.valid(schema, value)),
            "properties" => argument.as_object().into_iter().flatten().all(|(key, schema)| {
                let own = value.get(key);
                own.is_none_or(|own| self.valid(schema, own))
            }),
            "required" => schemas().all(|key| !value.is_object() || value.get(key.as_str().unwrap_or("")).is_some()),
            "minProperties" => value.as_object().is_none_or(|object| object.len() >= bound),
            "items" => list.is_none_or(|items| items.iter().all(|item| self.valid(argument, item))),
            "minItems" => list.is_none_or(|items| items.len() >= bound),
            "maxItems" => list.is_none_or(|items| items.len() <= bound),
            "uniqueItems" => {
                list.is_none_or(|items| (1..items.len()).all(|i| !items[..i].iter().any(|one| same(one, &items[i]))))
            }
            "minimum" => number(|value, bound| value >= bound),
            "maximum" => number(|value, bound| value <= bound),
            "exclusiveMinimum" => number(|value, bound| value > bound),
            "exclusiveMaximum" => number(|value, bound| value < bound),
            "pattern" => value
                .as_str()
                .is_none_or(|text| matches(argument.as_str().unwrap_or(""), text)),
            other => panic!("the validator does not know {other:?}"),
        }
    }
}

/// Numbers are equal by value: 8 is 8.0.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a == b)
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.as_f64().is_some_and(|x| x.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("null") => value.is_null(),
        other => panic!("the validator does not know the type {other:?}"),
    }
}

/// The patterns of the schema.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[a-z0-9-]{1,100}$" => {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            (1..=100).contains(&text.len()) && text.chars().all(plain)
        }
        "^[^\\u0000-\\u001f\\u007f]+$" => !text.is_empty() && !text.chars().any(|c| c < ' ' || c == '\u{7f}'),
        _ if pattern.starts_with("^(shared|log-linear|") => {
            let size = |size: &str| {
                size.parse()
                    .is_ok_and(|own: u32| (1..=256).contains(&own) && own.to_string() == size)
            };
            match text.split_once(' ') {
                None => ["shared", "log-linear"].contains(&text),
                Some((word, own)) => ["log-linear", "low-rank", "network"].contains(&word) && size(own),
            }
        }
        other => panic!("the validator does not know the pattern {other:?}"),
    }
}
