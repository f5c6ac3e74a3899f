//! The description of the programming interface (OpenAPI 3.1): each operation from its row in the
//! route table and from the types of its handler, so that neither can say what the other does not.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::op::{Manner, Shape};
use super::{CSRF_HEADER, example};
use crate::http::handlers::handler;
use crate::http::routes::{Least, Machines, ROUTES, Route, To, Verb};

/// Where the schemas stand that several operations share.
const SCHEMAS: &str = "/components/schemas";

/// The description, made once.
pub(super) fn describe() -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    DESCRIPTION.get_or_init(|| Describing::new().all())
}

/// What is described: all but what the pages of the service ask for themselves.
pub(super) fn described() -> impl Iterator<Item = (&'static Route, Shape)> {
    let shaped = |route: &'static Route| Some((route, handler(route.to).shape?));
    ROUTES.iter().filter(|it| it.is_api()).filter_map(shaped)
}

struct Describing {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Describing {
    fn new() -> Self {
        let settings = |it: SchemaSettings| {
            it.with(|it| {
                it.definitions_path = SCHEMAS.into();
                it.meta_schema = None;
            })
        };
        Self {
            taken: settings(SchemaSettings::draft2020_12().for_deserialize()).into_generator(),
            given: settings(SchemaSettings::draft2020_12().for_serialize()).into_generator(),
        }
    }

    fn all(mut self) -> Value {
        let mut paths: Map<String, Value> = Map::new();
        for (route, shape) in described() {
            let operation = self.operation(route, shape);
            let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
            path[route.verb.name().to_lowercase()] = operation;
        }
        let mut schemas: Map<String, Value> = self.taken.take_definitions(true);
        schemas.extend(self.given.take_definitions(true));
        schemas.insert("Problem".to_owned(), problem());
        let mut description = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Skranke",
                "version": env!("CARGO_PKG_VERSION"),
                "summary": "Everything that the screens do, for programs.",
            },
            "servers": [{ "url": "/" }],
            "paths": paths,
            "components": { "schemas": schemas, "securitySchemes": security_schemes() },
        });
        example::put(&mut description);
        description
    }

    fn operation(&mut self, route: &Route, shape: Shape) -> Value {
        let mut parameters: Vec<Value> = in_path(route.path);
        if let Some(query) = (shape.manner == Manner::Read).then(|| (shape.query)(&mut self.taken))
        {
            parameters.extend(in_query(&self.resolved(&query)));
        }
        parameters.extend(in_headers(shape.manner));
        let mut operation = json!({
            "operationId": name(route.to),
            "summary": route.says,
            "tags": [tag(route.path)],
            "x-least-role": route.least.name(),
            "parameters": parameters,
            "security": security(route, shape),
            "responses": self.responses(route, shape),
        });
        if let Machines::With(scope) = route.machines {
            operation["x-scope"] = scope.name().into();
        }
        let takes = !matches!(shape.manner, Manner::Read | Manner::Remove);
        let schema = takes.then(|| (shape.takes)(&mut self.taken));
        if let Some(schema) = schema {
            let whole = self.resolved(&schema);
            let needs = whole.get("required").is_some() || whole.get("oneOf").is_some();
            operation["requestBody"] = json!({
                "required": needs,
                "content": { "application/json": { "schema": schema } },
            });
        }
        operation
    }

    /// A schema, or the one that it points to.
    fn resolved(&self, schema: &Schema) -> Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next());
        let known = name.and_then(|it| self.taken.definitions().get(it));
        known.cloned().unwrap_or_else(|| schema.clone().to_value())
    }

    fn responses(&mut self, route: &Route, shape: Shape) -> Value {
        let mut responses: Map<String, Value> = Map::new();
        let headers = json!({ "ETag": {
            "description": "The version, if it has one, and a print of the answer.",
            "schema": { "type": "string" },
        } });
        let mut body = || {
            let schema = (shape.gives)(&mut self.given);
            json!({
                "description": route.says,
                "headers": headers,
                "content": { "application/json": { "schema": schema } },
            })
        };
        match shape.manner {
            Manner::Read => {
                responses.insert("200".to_owned(), body());
                let none = json!({ "description": "The asker has it." });
                responses.insert("304".to_owned(), none);
            }
            Manner::Act | Manner::Step | Manner::Replace => {
                responses.insert("200".to_owned(), body());
            }
            Manner::Make | Manner::Create => {
                responses.insert("201".to_owned(), body());
            }
            Manner::Remove => {
                responses.insert("204".to_owned(), json!({ "description": "It is gone." }));
            }
        }
        if route.to == To::ApiLog {
            responses.insert("201".to_owned(), body());
        }
        for (status, says) in faults(route, shape.manner) {
            responses.insert(
                status.to_owned(),
                json!({
                    "description": says,
                    "content": { "application/problem+json": {
                        "schema": { "$ref": format!("#{SCHEMAS}/Problem") },
                    } },
                }),
            );
        }
        Value::Object(responses)
    }
}

/// What can go wrong with an operation, by what it is.
fn faults(route: &Route, manner: Manner) -> Vec<(&'static str, &'static str)> {
    let changes = manner != Manner::Read;
    let is_guarded = route.least != Least::Anyone;
    let is_of_one = route.path.contains('{');
    let takes = changes && manner != Manner::Remove;
    let all = [
        (takes, "400", "The body is no JSON."),
        (is_guarded, "401", "Nobody has signed in, or the token lets nobody in."),
        (is_guarded, "403", "The role or the token does not allow it."),
        (is_of_one, "404", "There is no such thing."),
        (true, "406", "The asker takes no JSON."),
        (changes, "409", "It cannot be done as things stand."),
        (changes, "412", "Somebody else has changed it; what stands now goes along."),
        (changes, "413", "The body is too large."),
        (takes, "415", "The body is of another kind than JSON."),
        (true, "422", "A field cannot be right; each is named."),
        (manner.is_held_against_a_version(), "428", "If-Match is missing."),
        (true, "429", "Too many requests in a minute; Retry-After tells how long to wait."),
        (true, "503", "Not just now: send it again in a moment."),
        (changes, "507", "The disk is full."),
    ];
    all.into_iter().filter(|it| it.0).map(|it| (it.1, it.2)).collect()
}

/// The name of an operation.
pub(super) fn name(to: To) -> String {
    let name = format!("{to:?}");
    name.strip_prefix("Api").unwrap_or(&name).to_owned()
}

/// The resource that an operation is listed under: the first part of its path after the version.
pub(super) fn tag(path: &str) -> String {
    let mut parts = path.split('/').skip(3);
    match (parts.next(), parts.next()) {
        (Some("admin"), Some(part)) => format!("admin/{part}"),
        (Some(part), _) => part.to_owned(),
        (None, _) => String::new(),
    }
}

fn in_path(path: &str) -> Vec<Value> {
    let parts = path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    let described = |name: &str| {
        let schema = match name {
            "number" => {
                json!({ "type": "string", "pattern": "^T[0-9]{1,9}$", "examples": ["T12"] })
            }
            "week" => {
                json!({ "type": "string", "pattern": "^20[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])$",
                        "examples": ["2026-W10"] })
            }
            _ => json!({ "type": "string", "minLength": 1, "maxLength": 60 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    parts.map(described).collect()
}

fn in_query(query: &Value) -> Vec<Value> {
    let required = query["required"].as_array().cloned().unwrap_or_default();
    let fields = query["properties"].as_object().cloned().unwrap_or_default();
    let described = |(name, mut schema): (String, Value)| {
        let says = schema.as_object_mut().and_then(|it| it.remove("description"));
        // Nothing in an address is null: what is not wanted is left out.
        without_null(&mut schema);
        let is_required = required.iter().any(|it| *it == name);
        let mut it =
            json!({ "name": name, "in": "query", "required": is_required, "schema": schema });
        if let Some(says) = says {
            it["description"] = says;
        }
        it
    };
    fields.into_iter().map(described).collect()
}

fn without_null(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    schema.remove("default");
    if let Some(Value::Array(kinds)) = schema.get("type") {
        let kind = kinds.iter().find(|it| *it != "null").cloned();
        schema.extend(kind.map(|it| ("type".to_owned(), it)));
    }
    let only = match schema.get("anyOf") {
        Some(Value::Array(some)) => some.iter().find(|it| it["type"] != "null").cloned(),
        _ => None,
    };
    if let Some(Value::Object(only)) = only {
        schema.remove("anyOf");
        schema.extend(only);
    }
}

fn in_headers(manner: Manner) -> Vec<Value> {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" });
    let header = |name: &str, required: bool, says: &str| {
        json!({ "name": name, "in": "header", "required": required, "schema": text,
                "description": says })
    };
    let mut headers = vec![];
    if manner == Manner::Read {
        // What was never an ETag of ours is none that fits, and no fault.
        let says = "What stood in ETag: 304 if nothing is new.";
        let mut any = header("If-None-Match", false, says);
        any["schema"] = json!({ "type": "string" });
        headers.push(any);
    }
    if manner.is_held_against_a_version() {
        headers.push(header(
            "If-Match",
            true,
            "What stood in ETag, or its version alone; * changes whatever is there.",
        ));
    }
    if manner.takes_a_key() {
        headers.push(header(
            "Idempotency-Key",
            false,
            "A key of the asker's own: under it the same is made once, however often it is sent.",
        ));
    }
    headers
}

fn security_schemes() -> Value {
    json!({
        "session": { "type": "apiKey", "in": "cookie", "name": "__Host-skranke" },
        "page": { "type": "apiKey", "in": "header", "name": CSRF_HEADER },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A machine's token, from Admin or `skranke token add`.",
        },
    })
}

/// What a caller has to show: each is enough by itself.
fn security(route: &Route, shape: Shape) -> Value {
    if route.least == Least::Anyone {
        return json!([]);
    }
    // What is read by POST is sent by pages too.
    let session = match (shape.manner, route.verb) {
        (Manner::Read, Verb::Get) => json!({ "session": [] }),
        _ => json!({ "session": [], "page": [] }),
    };
    match route.machines {
        Machines::None => json!([session]),
        Machines::All | Machines::With(_) => json!([session, { "token": [] }]),
    }
}

/// Problem details as in RFC 9457.
fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string", "examples": ["urn:skranke:invalid"] },
            "title": text,
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": text,
            "instance": { "type": "string", "description": "The request's id, as logs have it." },
            "field": text,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "detail"],
                    "properties": { "field": text, "detail": text },
                },
            },
            "current": { "description": "What stands now, where somebody else was first." },
            "version": { "type": ["integer", "null"] },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_with_typed_input_is_described_with_its_role_and_scope() {
        let description = describe();
        for (route, _) in described() {
            let operation = &description["paths"][route.path][route.verb.name().to_lowercase()];
            assert_eq!(operation["x-least-role"], route.least.name(), "{}", route.path);
            let scope = match route.machines {
                Machines::With(scope) => json!(scope.name()),
                Machines::None | Machines::All => Value::Null,
            };
            assert_eq!(operation["x-scope"], scope, "{}", route.path);
        }
        let log = &description["paths"]["/api/v1/inquiries"]["post"];
        assert_eq!(log["x-scope"], "log");
    }

    #[test]
    fn every_reference_of_the_description_leads_somewhere() {
        fn look(at: &Value, found: &mut Vec<String>) {
            match at {
                Value::Object(map) => {
                    if let Some(Value::String(to)) = map.get("$ref") {
                        found.push(to.clone());
                    }
                    map.values().for_each(|it| look(it, found));
                }
                Value::Array(all) => all.iter().for_each(|it| look(it, found)),
                _ => {}
            }
        }
        let (description, mut found) = (describe(), vec![]);
        look(description, &mut found);
        let lost: Vec<&String> = found
            .iter()
            .filter(|it| description.pointer(it.trim_start_matches('#')).is_none())
            .collect();
        assert!(lost.is_empty() && !found.is_empty(), "{lost:?}");
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut names: Vec<String> = described().map(|it| name(it.0.to)).collect();
        let n = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), n);
    }
}
