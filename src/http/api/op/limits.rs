//! What the description says of a value is held by the description's own schema: how long, how
//! large, how many, which of several. By then serde has seen to the types and the names.

use std::sync::Arc;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Wrong;

/// The schema of what an operation takes.
#[derive(Clone, Debug)]
pub(in crate::http::api) struct Limits(Arc<Value>);

/// A field, and what is wrong with it.
type Fault = (String, String);

impl Limits {
    /// The limits of a type, as its schema tells them.
    pub(in crate::http::api) fn of<T: JsonSchema>() -> Self {
        let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
        Self(Arc::new(generator.into_root_schema_for::<T>().to_value()))
    }

    /// The schemas of a whole description.
    #[cfg(test)]
    pub(in crate::http::api) fn whole(description: Value) -> Self {
        Self(Arc::new(description))
    }

    /// What is wrong with a value, by a schema of the description.
    #[cfg(test)]
    pub(in crate::http::api) fn of_schema(&self, schema: &Value, value: &Value) -> Option<Fault> {
        self.fault(schema, value, "")
    }

    /// Holds a body to them.
    pub(super) fn hold(&self, value: &Value) -> Result<(), Wrong> {
        let told = |(field, says): Fault| {
            Wrong::field(if field.is_empty() { "body" } else { &field }, says)
        };
        self.fault(&self.0, value, "").map_or(Ok(()), |it| Err(told(it)))
    }

    /// Holds a query to them, whose values are texts and numbers.
    pub(super) fn hold_query(&self, query: &str) -> Result<(), Wrong> {
        for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
            let schema = self.resolved(&self.0["properties"][&*name]);
            let number = text.parse::<i64>().ok().filter(|_| has_type(schema, "integer"));
            let value = number.map_or_else(|| Value::from(&*text), Value::from);
            if let Some((field, says)) = self.fault(schema, &value, &name) {
                return Err(Wrong::field(&field, says));
            }
        }
        Ok(())
    }

    /// A schema, or the one that it points to.
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let pointed = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        pointed.and_then(|it| self.0.pointer(it)).unwrap_or(schema)
    }

    /// The first thing that is wrong with a value.
    fn fault(&self, schema: &Value, value: &Value, at: &str) -> Option<Fault> {
        let schema = self.resolved(schema);
        let ways = ["oneOf", "anyOf"].into_iter().find_map(|it| schema[it].as_array());
        let mut ways = ways.into_iter().flatten().map(|it| self.resolved(it));
        let way = ways.find(|it| is_meant(it, value));
        let in_way = || way.and_then(|it| self.fault(it, value, at));
        let in_itself = || fault_in_itself(schema, value).map(|it| (at.to_owned(), it));
        in_itself().or_else(in_way).or_else(|| self.fault_within(schema, value, at))
    }

    fn fault_within(&self, schema: &Value, value: &Value, at: &str) -> Option<Fault> {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(n, it)| self.fault(&schema["items"], it, &format!("{at}[{n}]"))),
            Value::Object(fields) => fields.iter().find_map(|(name, it)| {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                self.fault(&schema["properties"][name], it, &at)
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }
}

fn has_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::Array(all) => all.iter().any(|it| it == name),
        one => one == name,
    }
}

/// Whether one of several ways is the one that a value goes: by the constants that tell them apart.
fn is_meant(way: &Value, value: &Value) -> bool {
    let fits = |schema: &Value, value: &Value| schema.get("const").is_none_or(|it| it == value);
    let Some(fields) = way["properties"].as_object() else {
        return fits(way, value) && value.is_null() == has_type(way, "null");
    };
    !value.is_null() && fields.iter().all(|(name, schema)| fits(schema, &value[name]))
}

/// What is wrong with a value whatever lies within it.
fn fault_in_itself(schema: &Value, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let known = schema["enum"].as_array().filter(|it| !it.contains(value));
            let names = known.map(|all| {
                let names: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                format!("it must be one of {}", names.join(", "))
            });
            let limits = (&schema["minLength"], &schema["maxLength"]);
            names.or_else(|| beyond(text.chars().count(), limits, "characters"))
        }
        Value::Array(items) => {
            beyond(items.len(), (&schema["minItems"], &schema["maxItems"]), "things")
        }
        Value::Number(number) => {
            let (least, most) = (&schema["minimum"], &schema["maximum"]);
            let is_below = least.as_f64() > number.as_f64() && least.is_number();
            let is_above = most.is_number() && most.as_f64() < number.as_f64();
            let least = if least.is_number() { least.to_string() } else { "0".to_owned() };
            match (is_below || is_above, most.is_number()) {
                (false, _) => None,
                (true, true) => Some(format!("it must be {least} to {most}")),
                (true, false) => Some(format!("it must be {least} or more")),
            }
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

fn beyond(n: usize, (least, most): (&Value, &Value), what: &str) -> Option<String> {
    let n = u64::try_from(n).unwrap_or(u64::MAX);
    let is_short = least.as_u64().is_some_and(|it| n < it);
    let is_long = most.as_u64().is_some_and(|it| it < n);
    if is_short {
        return Some(format!("it has {least} {what} at least"));
    }
    is_long.then(|| format!("it has {most} {what} at most"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema counts")]
    struct Outer {
        #[schemars(length(min = 1, max = 3))]
        name: Option<String>,
        #[schemars(range(min = 1, max = 9))]
        n: Option<u16>,
        #[schemars(length(max = 2))]
        inner: Vec<Inner>,
        one: Option<Inner>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "way", rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema counts")]
    enum Inner {
        Short {
            #[schemars(length(max = 2))]
            text: String,
        },
        Long {
            #[schemars(length(max = 5))]
            text: String,
        },
    }

    #[test]
    fn each_limit_is_held_where_it_stands_however_deep() {
        let limits = Limits::of::<Outer>();
        let short = |text: &str| json!({ "way": "short", "text": text });
        for (value, field) in [
            (json!({}), None),
            (json!({ "name": null, "n": null, "one": null }), None),
            (json!({ "name": "æøå", "n": 9, "inner": [short("ab")], "one": short("") }), None),
            (json!({ "inner": [{ "way": "long", "text": "abcde" }] }), None),
            (json!({ "name": "" }), Some("name")),
            (json!({ "name": "æøåæ" }), Some("name")),
            (json!({ "n": 0 }), Some("n")),
            (json!({ "n": 10 }), Some("n")),
            (json!({ "inner": [short("a"), short("a"), short("a")] }), Some("inner")),
            (json!({ "inner": [short("a"), short("abc")] }), Some("inner[1].text")),
            (json!({ "one": short("abc") }), Some("one.text")),
        ] {
            let told = limits.fault(&limits.0, &value, "").map(|it| it.0);
            assert_eq!(told.as_deref(), field, "{value}");
        }
    }

    #[test]
    fn a_query_is_held_to_numbers_and_texts() {
        let limits = Limits::of::<Outer>();
        assert!(limits.hold_query("n=9&name=abc").is_ok() && limits.hold_query("").is_ok());
        for wrong in ["n=0", "n=10", "name=", "name=abcd"] {
            assert!(limits.hold_query(wrong).is_err(), "{wrong}");
        }
    }
}
