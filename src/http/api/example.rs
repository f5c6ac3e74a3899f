//! Examples of what is taken and given, made of the schemas that the code's own types have: what a
//! field may hold is said by its type, and what it looks like by its name.

use serde_json::{Map, Value, json};

/// Types lie within each other so deep at most.
const DEPTH_MAX: usize = 8;

/// What a text looks like, by the name of its field.
const TEXTS: [(&str, &str); 46] = [
    ("id", "inq_0197f000-0000-7000-8000-000000000001"),
    ("inquiry", "inq_0197f000-0000-7000-8000-000000000001"),
    ("inquiries", "inq_0197f000-0000-7000-8000-000000000001"),
    ("same_as", "inq_0197f000-0000-7000-8000-000000000002"),
    ("person", "per_0197f000-0000-7000-8000-000000000001"),
    ("owner", "per_0197f000-0000-7000-8000-000000000001"),
    ("owner_id", "per_0197f000-0000-7000-8000-000000000001"),
    ("key", "call-1842"),
    ("text", "når opnar symjehallen"),
    ("note", "Måndag klokka 16"),
    ("answer", "Symjehallen opnar måndag klokka 16."),
    ("comment", "ser på det"),
    ("reason", "sesongen er over"),
    ("said", "søppel"),
    ("written", "avfall"),
    ("table", "søppel,avfall,i daglegtale"),
    ("name", "Sentralbordet"),
    ("organisation", "Fjordvik kommune"),
    ("login", "kari"),
    ("by", "Kari Lid"),
    ("mail", "kari@example.org"),
    ("to", "kari@example.org"),
    ("from", "skranke@example.org"),
    ("address", "https://www.example.org/symjehall"),
    ("page", "https://www.example.org/symjehall"),
    ("start", "https://www.example.org/"),
    ("more", "https://www.example.org/en/"),
    ("topic", "T12"),
    ("into", "T12"),
    ("part", "T13"),
    ("apart", "T13"),
    ("desk", "Rådhuset"),
    ("desks", "Rådhuset"),
    ("nn", "Rådhuset"),
    ("nb", "Rådhuset"),
    ("en", "Town hall"),
    ("at", "monday 07:00"),
    ("week", "2026-W10"),
    ("query", "state=new"),
    ("token", "skr_0123456789ab_..."),
    ("secret", "whsec_..."),
    ("csrf", "0123456789abcdef"),
    ("title", "Symjehallen"),
    ("heading", "Opningstider"),
    ("languages", "nn"),
    ("days", "monday"),
];

/// Puts examples beside each schema of what operations take and of what they answer.
pub(super) fn put(description: &mut Value) {
    let whole = description.clone();
    let maker = Maker { schemas: &whole["components"]["schemas"] };
    let paths = description["paths"].as_object_mut().into_iter().flatten();
    for operation in paths.flat_map(|it| it.1.as_object_mut().into_iter().flatten()) {
        let operation = operation.1;
        if let Some(taken) = operation.pointer_mut("/requestBody/content/application~1json") {
            maker.put(taken, Of::Taken);
        }
        for status in ["200", "201"] {
            let at = format!("/responses/{status}/content/application~1json");
            if let Some(given) = operation.pointer_mut(&at) {
                maker.put(given, Of::Given);
            }
        }
    }
}

/// Whether an example is of what is sent, which has what must be there, or of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Taken,
    Given,
}

struct Maker<'a> {
    schemas: &'a Value,
}

impl Maker<'_> {
    /// One example, or one of each way where there are several.
    fn put(&self, media: &mut Value, of: Of) {
        let schema = media["schema"].clone();
        let schema = self.resolved(&schema);
        let Some(ways) = schema["oneOf"].as_array() else {
            media["example"] = self.example("", schema, (of, 0));
            return;
        };
        let named = ways.iter().map(|way| {
            let value = self.example("", way, (of, 0));
            (tag_of(self.resolved(way)), json!({ "value": value }))
        });
        media["examples"] = Value::Object(named.collect());
    }

    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        let name = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next());
        name.and_then(|it| self.schemas.get(it)).unwrap_or(schema)
    }

    fn example(&self, name: &str, schema: &Value, (of, depth): (Of, usize)) -> Value {
        let schema = self.resolved(schema);
        let own = schema["examples"].get(0).or_else(|| schema.get("const"));
        if let Some(own) = own {
            return own.clone();
        }
        if let Some(all) = schema["enum"].as_array() {
            return all.first().cloned().unwrap_or_default();
        }
        let ways = ["anyOf", "oneOf"].into_iter().find_map(|it| schema[it].as_array());
        if let Some(way) = ways.and_then(|it| it.iter().find(|it| it["type"] != "null")) {
            return self.example(name, way, (of, depth));
        }
        match kind(schema) {
            "object" if depth < DEPTH_MAX => self.object(schema, (of, depth + 1)),
            "array" if depth < DEPTH_MAX => {
                let n = schema["minItems"].as_u64().unwrap_or(1).max(1);
                let item = self.example(name, &schema["items"], (of, depth + 1));
                Value::Array((0..n).map(|_| item.clone()).collect())
            }
            "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
            "boolean" => json!(false),
            "string" => text(name, schema),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, at: (Of, usize)) -> Value {
        let required = schema["required"].as_array();
        let must = |name: &str| required.is_some_and(|all| all.iter().any(|it| it == name));
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields = fields.filter(|(name, _)| at.0 == Of::Given || must(name));
        let made = fields.map(|(name, field)| (name.clone(), self.example(name, field, at)));
        Value::Object(made.collect::<Map<_, _>>())
    }
}

/// The name by which one way is told from the others.
fn tag_of(way: &Value) -> String {
    let fields = way["properties"].as_object().into_iter().flatten();
    let mut tags = fields.filter_map(|it| it.1["const"].as_str());
    tags.next().unwrap_or("example").to_owned()
}

/// The type of a schema that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).find(|it| *it != "null"),
        one => one.as_str(),
    }
    .unwrap_or_default()
}

fn text(name: &str, schema: &Value) -> Value {
    let known = TEXTS.iter().find(|it| it.0 == name).map(|it| it.1);
    match schema["format"].as_str() {
        Some("date") => json!("2026-03-02"),
        Some("date-time") => json!("2026-03-02T09:00:00Z"),
        _ => json!(known.unwrap_or("...")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::describe::describe;
    use super::super::op::Limits;
    use super::*;

    #[test]
    fn every_body_and_every_answer_has_an_example_within_its_own_limits() {
        let limits = Limits::whole(describe().clone());
        let mut wrong = vec![];
        for (path, verbs) in describe()["paths"].as_object().unwrap() {
            for (verb, operation) in verbs.as_object().unwrap() {
                let answers = operation["responses"].as_object().unwrap().values();
                let bodies = answers.chain(operation.get("requestBody"));
                for media in bodies.filter_map(|it| it["content"].get("application/json")) {
                    let several = media["examples"].as_object();
                    let several = several.into_iter().flatten().map(|it| &it.1["value"]);
                    let all: Vec<&Value> = several.chain(media.get("example")).collect();
                    if all.is_empty() {
                        wrong.push(format!("{verb} {path} has none"));
                    }
                    let faults =
                        all.into_iter().filter_map(|it| limits.of_schema(&media["schema"], it));
                    wrong.extend(faults.map(|it| format!("{verb} {path}: {it:?}")));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
