//! The description as a page of our own, without a script from anybody.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::describe::{describe, described, tag};
use super::op::Manner;
use crate::http::edge::fields::Asking;
use crate::http::pages::{FieldSeen, InterfacePage, OperationGroup, OperationSeen};
use crate::http::routes::{Least, Machines, Route, Verb};
use crate::http::{Edge, page};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let base = edge.jobs.base().as_str().trim_end_matches('/');
    let mut groups: Vec<OperationGroup> = vec![];
    for (route, shape) in described() {
        let operation = operation(route, shape.manner, base);
        let name = tag(route.path);
        match groups.iter_mut().find(|it| it.name == name) {
            Some(group) => group.operations.push(operation),
            None => groups.push(OperationGroup { name, operations: vec![operation] }),
        }
    }
    page(&InterfacePage { f: edge.frame(&caller, "interface.title"), groups })
}

fn operation(route: &'static Route, manner: Manner, base: &str) -> OperationSeen {
    let said = &describe()["paths"][route.path][route.verb.name().to_lowercase()];
    let path = shown(route.path);
    let body = &said["requestBody"]["content"]["application/json"]["schema"];
    let mut fields: Vec<FieldSeen> =
        said["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    fields.extend(in_body(body));
    OperationSeen {
        verb: route.verb.name(),
        curl: curl(route, manner, (base, &path, body.is_object())),
        path,
        says: route.says,
        role: match route.least {
            Least::Anyone | Least::SignedIn => None,
            Least::Reception | Least::Editor | Least::Admin => Some(route.least.name()),
        },
        scope: match route.machines {
            Machines::With(scope) => Some(scope.name()),
            Machines::None | Machines::All => None,
        },
        fields,
    }
}

/// A path with the parts that stand for something in capitals.
fn shown(path: &str) -> String {
    let part = |it: &str| match it.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(name) => name.to_uppercase(),
        None => it.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn curl(route: &Route, manner: Manner, (base, path, takes): (&str, &str, bool)) -> String {
    let mut line = "curl --header \"Authorization: Bearer $TOKEN\"".to_owned();
    if route.verb != Verb::Get {
        line += &format!(" --request {}", route.verb.name());
    }
    if manner.is_held_against_a_version() {
        line += " --header 'If-Match: \"VERSION\"'";
    }
    if takes {
        line += " --json @BODY.json";
    }
    format!("{line} {base}{path}")
}

fn parameter(it: &Value) -> FieldSeen {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    FieldSeen {
        name: text(&it["name"]),
        place: match it["in"].as_str() {
            Some("path") => "path",
            Some("header") => "header",
            _ => "query",
        },
        required: it["required"] == true,
        says: [text(&it["description"]), kind(&it["schema"])].join(" ").trim().to_owned(),
    }
}

/// What a body holds; of one that has several forms, the fields of each.
fn in_body(schema: &Value) -> Vec<FieldSeen> {
    let schema = resolved(schema);
    if let Some(forms) = schema["oneOf"].as_array() {
        return forms.iter().flat_map(in_body).collect();
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let seen = fields.map(|(name, field)| {
        let says = field["description"].as_str().unwrap_or_default();
        FieldSeen {
            name: name.clone(),
            place: "body",
            required: required.iter().any(|it| it == name),
            says: format!("{says} {}", kind(field)).trim().to_owned(),
        }
    });
    seen.collect()
}

fn resolved(schema: &Value) -> &Value {
    let to = schema["$ref"].as_str().and_then(|it| describe().pointer(it.trim_start_matches('#')));
    to.unwrap_or(schema)
}

/// What may stand in a field, in a few words.
fn kind(schema: &Value) -> String {
    let schema = resolved(schema);
    if let Some(only) = schema["const"].as_str() {
        return format!("\"{only}\"");
    }
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        return names.join(" | ");
    }
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_on_a_gap_says_what_it_takes_and_how_it_is_asked() {
        let (route, shape) = described().find(|it| it.0.path.ends_with("/steps")).unwrap();
        let seen = operation(route, shape.manner, "https://skranke.example.org");
        assert_eq!((seen.verb, seen.path.as_str()), ("POST", "/api/v1/gaps/NUMBER/steps"));
        assert_eq!((seen.role, seen.scope), (Some("editor"), Some("work")));
        assert!(seen.fields.iter().any(|it| it.name == "If-Match" && it.required));
        assert!(seen.fields.iter().any(|it| it.name == "reason" && it.place == "body"));
        assert!(seen.curl.contains("If-Match") && seen.curl.ends_with("/steps"), "{}", seen.curl);
    }
}
