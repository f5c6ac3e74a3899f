//! The description of the programming interface as a page of our own, made from the same one.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::describe::{describe, described, tag};
use crate::http::edge::fields::Asking;
use crate::http::pages::{FieldSeen, InterfacePage, OperationGroup, OperationSeen};
use crate::http::routes::{Least, Machines, Route, Verb};
use crate::http::{Edge, page};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let mut groups = BTreeMap::<String, Vec<OperationSeen>>::new();
    for (route, _) in described() {
        groups.entry(tag(route.path)).or_default().push(operation(route));
    }
    let groups = groups.into_iter().map(|(name, operations)| OperationGroup { name, operations });
    page(&InterfacePage { f: edge.frame(&caller, "interface.title"), groups: groups.collect() })
}

fn operation(route: &'static Route) -> OperationSeen {
    let whole = &describe()["paths"][route.path][route.verb.name().to_lowercase()];
    let parameters = whole["parameters"].as_array().into_iter().flatten().map(parameter);
    let mut fields: Vec<FieldSeen> = parameters.collect();
    let body = &whole["requestBody"]["content"]["application/json"]["schema"];
    fields.extend(in_body(body));
    let path = shown(route.path);
    OperationSeen {
        verb: route.verb.name(),
        curl: curl(route, &path, !body.is_null()),
        path,
        says: route.says,
        role: (!matches!(route.least, Least::Anyone | Least::SignedIn)).then(|| route.least.name()),
        scope: match route.machines {
            Machines::With(scope) => Some(scope.name()),
            Machines::None | Machines::All => None,
        },
        fields,
    }
}

/// A path with names in capitals where something is to be put.
fn shown(path: &str) -> String {
    let part = |it: &str| match it.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(name) => name.to_uppercase(),
        None => it.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn parameter(told: &'static Value) -> FieldSeen {
    let place = match told["in"].as_str() {
        Some("path") => "path",
        Some("header") => "header",
        _ => "query",
    };
    FieldSeen {
        name: text(&told["name"]).to_owned(),
        place,
        required: told["required"] == true,
        says: says(told, &told["schema"]),
    }
}

/// The fields of a body; where it is one of several, those of each.
fn in_body(schema: &'static Value) -> Vec<FieldSeen> {
    let schema = resolved(schema);
    let ways = ["oneOf", "anyOf"].into_iter().find_map(|it| schema[it].as_array());
    let mut seen = BTreeMap::<&str, FieldSeen>::new();
    for way in ways.into_iter().flatten().map(resolved).chain([schema]) {
        let required = way["required"].as_array();
        for (name, field) in way["properties"].as_object().into_iter().flatten() {
            let is_required = ways.is_none()
                && required.is_some_and(|it| it.iter().any(|it| it == name.as_str()));
            seen.entry(name).or_insert_with(|| FieldSeen {
                name: name.clone(),
                place: "body",
                required: is_required,
                says: says(field, field),
            });
        }
    }
    seen.into_values().collect()
}

/// A schema, or the one that it points to.
fn resolved(schema: &'static Value) -> &'static Value {
    let pointed = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    pointed.and_then(|it| describe().pointer(it)).unwrap_or(schema)
}

/// What a field is for, and what it holds.
fn says(told: &'static Value, schema: &'static Value) -> String {
    let parts = [text(&told["description"]).to_owned(), holds(schema)];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

fn holds(schema: &'static Value) -> String {
    let schema = resolved(schema);
    let several = ["oneOf", "anyOf"].into_iter().find_map(|it| schema[it].as_array());
    if let Some(all) = several {
        let all = all.iter().map(holds).filter(|it| !it.is_empty());
        return all.collect::<Vec<_>>().join(" | ");
    }
    if let Some(all) = schema["enum"].as_array() {
        return all.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    if let Some(one) = schema["const"].as_str() {
        return one.to_owned();
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(all) => all.iter().map(text).filter(|it| *it != "null").collect(),
        one => vec![text(one)],
    };
    let limit = schema["maxLength"].as_u64().or(schema["maximum"].as_u64());
    let limit = limit.map_or_else(String::new, |it| format!(" (at most {it})"));
    kinds.join(" | ") + &limit
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// How a command line asks for it, with the token in a variable.
fn curl(route: &Route, path: &str, takes: bool) -> String {
    let mut line = "curl".to_owned();
    if route.verb != Verb::Get {
        line += &format!(" --request {}", route.verb.name());
    }
    line += " --header \"authorization: Bearer $TOKEN\"";
    if takes {
        line += " --header 'content-type: application/json' --data '{...}'";
    }
    format!("{line} \"$ADDRESS{path}\"")
}
