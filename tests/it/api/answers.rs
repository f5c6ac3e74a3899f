//! What is answered, held against what the description says of it.

use serde_json::{Value, json};

use super::{clock, post, town};

/// What a value lacks to be what a schema says; as much of JSON Schema as the description uses.
fn faults(all: &Value, schema: &Value, value: &Value) -> Vec<String> {
    if let Some(to) = schema["$ref"].as_str() {
        let found = all.pointer(to.trim_start_matches('#')).expect("it leads somewhere");
        return faults(all, found, value);
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(some) = schema[several].as_array() {
            let fits = some.iter().any(|it| faults(all, it, value).is_empty());
            return if fits { vec![] } else { vec![format!("none of {several}: {value}")] };
        }
    }
    let mut found = vec![];
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        found.push(format!("{value} is none of {values:?}"));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_whole = kind == "integer" && kinds.contains(&"number");
    if !kinds.is_empty() && !kinds.contains(&kind) && !is_whole {
        found.push(format!("{value} is no {kinds:?}"));
    }
    if let Some(items) = value.as_array() {
        found.extend(items.iter().flat_map(|it| faults(all, &schema["items"], it)));
    }
    if let Some(fields) = value.as_object() {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let lacking =
            required.iter().filter_map(Value::as_str).filter(|it| !fields.contains_key(*it));
        found.extend(lacking.map(|it| format!("{it} is not there")));
        for (name, value) in fields {
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Null | Value::Bool(false)) => {
                    found.push(format!("{name} is not described"));
                }
                (Value::Null, Value::Bool(true)) => {}
                (Value::Null, more) => found.extend(faults(all, more, value)),
                (field, _) => {
                    let inner = faults(all, field, value);
                    found.extend(inner.into_iter().map(|it| format!("{name}: {it}")));
                }
            }
        }
    }
    found
}

/// Where something is read that is there.
fn address(path: &str, id: &str, (number, link): (&str, &str)) -> String {
    match path {
        "/api/v1/admin/inspection" => format!("{path}?from=2026-03-01&to=2026-03-02"),
        "/api/v1/gaps/{number}/links/{id}" => format!("/api/v1/gaps/{number}/links/{link}"),
        path => {
            let part = |it| if str::starts_with(it, '{') { id } else { it };
            path.split('/').map(part).collect::<Vec<_>>().join("/")
        }
    }
}

#[test]
fn what_is_read_is_what_the_description_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock());
    let all = admin.get("/api/v1/openapi.json").json();
    for (path, body) in [
        ("/api/v1/words", json!({ "said": "søppel", "written": "avfall", "topic": number })),
        (
            "/api/v1/messages",
            json!({ "text": "Vatnet er borte i Lia", "until": "2026-03-02T15:00:00Z" }),
        ),
        ("/api/v1/views", json!({ "name": "Nye", "of": "gaps", "query": "state=new" })),
        ("/api/v1/readers", json!({ "name": "Post", "mail": "post@example.org", "lang": "nn" })),
        ("/api/v1/admin/sites", json!({ "start": "https://www.example.org/" })),
        ("/api/v1/admin/hooks", json!({ "address": "https://hooks.example.org/x", "of": ["new"] })),
        ("/api/v1/admin/tokens", json!({ "name": "Bot", "scopes": ["read"], "channel": null })),
        ("/api/v1/admin/calls", json!({ "day": "2026-03-01", "calls": 40 })),
    ] {
        let answer = post(&mut admin, path, ("", body));
        assert!(matches!(answer.status, 200 | 201), "{path}: {}", answer.body);
        let status = answer.status.to_string();
        let said = &all["paths"][path]["post"]["responses"][&status]["content"]["application/json"];
        assert_eq!(faults(&all, &said["schema"], &answer.json()), [""; 0], "{path}");
    }
    let mut made = |path: &str, body: Value| {
        let answer = post(&mut admin, path, ("", body)).json();
        answer["id"].as_str().unwrap_or_else(|| panic!("{path}: {answer}")).to_owned()
    };
    let look = made("/api/v1/admin/looks", json!({ "start": "https://www.example.org/" }));
    let link = made(&format!("/api/v1/gaps/{number}/links"), json!({ "until": "2026-03-20" }));
    let mut read = 0;
    let paths = all["paths"].as_object().expect("paths").clone();
    for (path, operations) in paths.iter().filter(|it| it.1["get"].is_object()) {
        let list = path.split("/{").next().unwrap_or(path);
        let id = match list {
            "/api/v1/gaps" | "/api/v1/topics" => number.clone(),
            "/api/v1/digests" => "2026-W10".to_owned(),
            "/api/v1/admin/jobs" => "crawl".to_owned(),
            "/api/v1/admin/looks" => look.clone(),
            list if path.contains('{') => {
                let items = admin.get(list).json();
                items["items"][0]["id"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{list}: {items}"))
                    .to_owned()
            }
            _ => String::new(),
        };
        let asked = address(path, &id, (&number, &link));
        let answer = admin.get(&asked);
        assert_eq!(answer.status, 200, "{asked}: {}", answer.body);
        let said = &operations["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(faults(&all, said, &answer.json()), [""; 0], "{asked}");
        read += 1;
    }
    assert!(35 <= read, "{read} operations were read");
    let wrong = admin.get("/api/v1/words?limit=0").json();
    assert_eq!(faults(&all, &all["components"]["schemas"]["Problem"], &wrong), [""; 0]);
    drop(town);
}

#[test]
fn a_wrong_answer_would_be_seen() {
    let schema = json!({
        "type": "object",
        "required": ["a"],
        "properties": { "a": { "type": ["string", "null"] }, "b": { "enum": [1] } },
    });
    let n = |value: Value| faults(&json!({}), &schema, &value).len();
    assert_eq!((n(json!({ "a": null })), n(json!({ "a": 1 })), n(json!({}))), (0, 1, 1));
    assert_eq!((n(json!({ "a": "", "b": 2 })), n(json!({ "a": "", "c": 2 }))), (1, 1));
}
