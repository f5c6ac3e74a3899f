//! The description of the programming interface, made from the route table.

use serde_json::{Map, Value, json};

use super::CSRF_HEADER;
use crate::http::routes::{Field, Input, Kind, Least, Machines, Output, ROUTES, Route, Verb};

/// The description of the programming interface (OpenAPI 3.1), from the route table.
pub(super) fn describe() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|it| it.is_api()) {
        let verb = match route.verb {
            Verb::Get => "get",
            Verb::Post => "post",
        };
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        path[verb] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Skranke", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-skranke" },
                "page": { "type": "apiKey", "in": "header", "name": CSRF_HEADER },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A machine's token, from Admin or `skranke token add`.",
                },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let problem = json!({
        "description": "What went wrong",
        "content": { "application/problem+json": { "schema": { "type": "object" } } },
    });
    let schema = match route.output {
        Output::Json(name) => json!({ "type": "object", "title": name }),
        Output::Page | Output::Onward | Output::Text | Output::File => json!({}),
    };
    let good = json!({
        "description": route.says,
        "content": { "application/json": { "schema": schema } },
    });
    let mut operation = json!({
        "operationId": format!("{:?}", route.to),
        "summary": route.says,
        "x-least-role": route.least.name(),
        "responses": { "200": good, "default": problem },
    });
    operation["security"] = security(route);
    if let Machines::With(scope) = route.machines {
        operation["x-scope"] = scope.name().into();
    }
    match route.input {
        Input::Nothing => {}
        Input::Query(fields) => {
            operation["parameters"] = fields
                .iter()
                .map(|it| {
                    json!({ "name": it.name, "in": "query", "required": it.required,
                            "schema": shape(it) })
                })
                .collect();
        }
        Input::Form(fields) | Input::Json(fields) => {
            let required: Vec<&str> =
                fields.iter().filter(|it| it.required).map(|it| it.name).collect();
            let named = fields.iter().map(|it| (it.name.to_owned(), shape(it)));
            let properties: Map<String, Value> = named.collect();
            let schema =
                json!({ "type": "object", "properties": properties, "required": required });
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": schema } },
            });
        }
    }
    operation
}

/// What a caller has to show: each is enough by itself.
fn security(route: &Route) -> Value {
    if route.least == Least::Anyone {
        return json!([]);
    }
    let session = match route.input {
        Input::Nothing | Input::Query(_) => json!({ "session": [] }),
        Input::Form(_) | Input::Json(_) => json!({ "session": [], "page": [] }),
    };
    match route.machines {
        Machines::None => json!([session]),
        Machines::All | Machines::With(_) => json!([session, { "token": [] }]),
    }
}

fn shape(field: &Field) -> Value {
    match field.kind {
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Number => json!({ "type": "integer", "minimum": 0 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::OneOf(values) => json!({ "type": "string", "enum": values }),
        Kind::Texts(max) => {
            json!({ "type": "array", "items": { "type": "string", "maxLength": max } })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_route_of_the_interface_and_its_role() {
        let described = describe();
        for route in ROUTES.iter().filter(|it| it.is_api()) {
            let verb = if route.verb == Verb::Get { "get" } else { "post" };
            let operation = &described["paths"][route.path][verb];
            assert_eq!(operation["x-least-role"], route.least.name(), "{}", route.path);
        }
        let log = &described["paths"]["/api/v1/inquiries"]["post"]["requestBody"];
        let schema = &log["content"]["application/json"]["schema"];
        assert_eq!(schema["required"], json!(["key"]));
        let fields: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        let taken = ["asked", "channel", "desk", "keep", "key", "note", "outcome", "page"];
        assert_eq!(fields, [&taken[..], &["same_as", "text"]].concat());
    }

    #[test]
    fn the_description_says_where_a_machine_s_token_is_enough() {
        let described = describe();
        let with_token: Vec<&str> = ROUTES
            .iter()
            .filter(|it| it.is_api() && it.verb == Verb::Post)
            .filter(|it| {
                let security = &described["paths"][it.path]["post"]["security"];
                security.as_array().unwrap().contains(&json!({ "token": [] }))
            })
            .map(|it| it.path)
            .collect();
        assert_eq!(with_token, ["/api/v1/inquiries", "/api/v1/answers"]);
        assert_eq!(described["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        assert_eq!(described["paths"]["/api/v1/inquiries"]["post"]["x-scope"], "log");
    }
}
