//! Who may use which route, asked of a running service: one line for each row of the table.

use skranke::http::routes::{Input, ROUTES, Route, Verb};

use super::machines_may::MACHINES_MAY;
use crate::harness::visitor::{Answer, Service, Visitor, add};

const ROLES: [&str; 6] = ["nobody", "reader", "auditor", "reception", "editor", "admin"];
const ANYBODY: &[&str] = &ROLES;
const SIGNED_IN: &[&str] = &["reader", "auditor", "reception", "editor", "admin"];
const LOGS: &[&str] = &["reception", "editor", "admin"];
const READS_GAPS: &[&str] = &["auditor", "editor", "admin"];
const WORKS_ON_GAPS: &[&str] = &["editor", "admin"];
const READS_ALL: &[&str] = &["auditor", "admin"];
const SETS_UP: &[&str] = &["admin"];

/// So many routes are asked with one token.
const ROUTES_A_TOKEN: usize = 130;
pub(super) const SCOPES: &[&str] = &["log", "answers", "read", "work", "admin", "metrics"];

/// Written by hand, so that a slip in the route table shows.
const MAY: &[(&str, &[&str])] = &[
    ("GET /", SIGNED_IN),
    ("POST /log", LOGS),
    ("POST /log/{id}/outcome", LOGS),
    ("POST /log/{id}/undo", LOGS),
    ("POST /log/{id}/names", LOGS),
    ("POST /log/{id}/edit", LOGS),
    ("GET /today", LOGS),
    ("POST /today/batch", LOGS),
    ("POST /today/message", WORKS_ON_GAPS),
    ("GET /log/shell", LOGS),
    ("GET /gaps", READS_GAPS),
    ("GET /gaps/{number}", READS_GAPS),
    ("POST /gaps/{number}", WORKS_ON_GAPS),
    ("GET /gaps/{number}/draft", READS_GAPS),
    ("POST /gaps/{number}/links", WORKS_ON_GAPS),
    ("GET /shared/{secret}", ANYBODY),
    ("GET /feed/{secret}", ANYBODY),
    ("GET /views", READS_GAPS),
    ("POST /views", WORKS_ON_GAPS),
    ("GET /account", SIGNED_IN),
    ("POST /account", SIGNED_IN),
    ("GET /welcome/{secret}", ANYBODY),
    ("GET /welcome", ANYBODY),
    ("POST /welcome", ANYBODY),
    ("GET /forgotten", ANYBODY),
    ("GET /topics", READS_GAPS),
    ("POST /topics", WORKS_ON_GAPS),
    ("GET /inquiries", READS_GAPS),
    ("POST /inquiries", WORKS_ON_GAPS),
    ("GET /topics/{number}", READS_GAPS),
    ("POST /topics/{number}", WORKS_ON_GAPS),
    ("GET /figures", SIGNED_IN),
    ("GET /figures/{file}", SIGNED_IN),
    ("GET /lists/{file}", READS_GAPS),
    ("GET /words", READS_GAPS),
    ("POST /words", WORKS_ON_GAPS),
    ("GET /words/{file}", READS_GAPS),
    ("GET /digest", SIGNED_IN),
    ("GET /digest/{week}", SIGNED_IN),
    ("GET /digest/{week}/letter", READS_GAPS),
    ("GET /digest/{week}/letter/{form}", READS_GAPS),
    ("GET /readers", READS_GAPS),
    ("POST /readers", WORKS_ON_GAPS),
    ("GET /stop/{link}", ANYBODY),
    ("POST /stop/{link}", ANYBODY),
    ("GET /agree/{link}", ANYBODY),
    ("POST /agree/{link}", ANYBODY),
    ("GET /help", ANYBODY),
    ("GET /help/{topic}", ANYBODY),
    ("GET /sign-in", ANYBODY),
    ("POST /sign-in", ANYBODY),
    ("GET /sign-in/code", ANYBODY),
    ("POST /sign-in/code", ANYBODY),
    ("GET /sign-in/oidc", ANYBODY),
    ("GET /sign-in/oidc/back", ANYBODY),
    ("POST /sign-in/oidc/ended", ANYBODY),
    ("GET /sign-in/oidc/out", ANYBODY),
    ("POST /lock", SIGNED_IN),
    ("GET /locked", ANYBODY),
    ("POST /unlock", ANYBODY),
    ("GET /account/second-step", SIGNED_IN),
    ("POST /account/second-step", SIGNED_IN),
    ("POST /sign-out", ANYBODY),
    ("GET /setup", ANYBODY),
    ("POST /setup", ANYBODY),
    ("POST /lang", ANYBODY),
    ("GET /admin", READS_ALL),
    ("POST /admin", SETS_UP),
    ("GET /admin/desks", READS_ALL),
    ("POST /admin/desks", SETS_UP),
    ("GET /admin/sites", READS_ALL),
    ("POST /admin/sites", SETS_UP),
    ("GET /admin/site", READS_ALL),
    ("GET /admin/site/progress", READS_ALL),
    ("GET /admin/look/{look}", READS_ALL),
    ("POST /admin/site", SETS_UP),
    ("POST /admin/look", SETS_UP),
    ("GET /admin/people", READS_ALL),
    ("POST /admin/people", SETS_UP),
    ("GET /admin/people/{id}", READS_ALL),
    ("POST /admin/people/{id}", SETS_UP),
    ("GET /admin/tokens", READS_ALL),
    ("POST /admin/tokens", SETS_UP),
    ("GET /admin/hooks", READS_ALL),
    ("POST /admin/hooks", SETS_UP),
    ("GET /admin/jobs", READS_ALL),
    ("GET /admin/retention", READS_ALL),
    ("POST /admin/retention", SETS_UP),
    ("POST /admin/jobs", SETS_UP),
    ("GET /admin/personal-data", READS_ALL),
    ("POST /admin/personal-data", SETS_UP),
    ("GET /admin/timing", READS_ALL),
    ("GET /admin/calls", READS_ALL),
    ("POST /admin/calls", SETS_UP),
    ("GET /admin/audit", READS_ALL),
    ("GET /admin/audit.csv", READS_ALL),
    ("GET /admin/system", READS_ALL),
    ("GET /admin/papers", READS_ALL),
    ("GET /admin/papers/{paper}", READS_ALL),
    ("GET /admin/inspection", READS_ALL),
    ("GET /admin/inspection.csv", READS_ALL),
    ("GET /admin/mail", READS_ALL),
    ("POST /admin/mail", SETS_UP),
    ("GET /admin/licences", READS_ALL),
    ("GET /admin/licences.txt", READS_ALL),
    ("GET /admin/sbom.json", READS_ALL),
    ("POST /api/v1/inquiries", LOGS),
    ("POST /api/v1/answers", LOGS),
    ("POST /api/v1/suggest", LOGS),
    ("GET /api/v1/session", LOGS),
    ("GET /api/v1/browser-key", LOGS),
    ("POST /api/v1/screen/inquiries", LOGS),
    ("POST /api/v1/screen/inquiries/{id}/outcome", LOGS),
    ("POST /api/v1/screen/inquiries/{id}/undo", LOGS),
    ("POST /api/v1/screen/inquiries/{id}/names", LOGS),
    ("POST /api/v1/screen/took", LOGS),
    ("POST /api/v1/personal-data", LOGS),
    ("GET /api/v1/published", LOGS),
    ("GET /api/v1/gaps", READS_GAPS),
    ("GET /api/v1/topics", READS_GAPS),
    ("GET /api/v1/inquiries", READS_GAPS),
    ("GET /api/v1/inquiries/{id}", READS_GAPS),
    ("POST /api/v1/inquiries/{id}/changes", LOGS),
    ("POST /api/v1/inquiries/changes", WORKS_ON_GAPS),
    ("GET /api/v1/topics/{number}", READS_GAPS),
    ("POST /api/v1/topics/{number}/decisions", WORKS_ON_GAPS),
    ("GET /api/v1/gaps/{number}", READS_GAPS),
    ("POST /api/v1/gaps/{number}/steps", WORKS_ON_GAPS),
    ("GET /api/v1/gaps/{number}/draft", READS_GAPS),
    ("GET /api/v1/gaps/{number}/links", READS_GAPS),
    ("POST /api/v1/gaps/{number}/links", WORKS_ON_GAPS),
    ("DELETE /api/v1/gaps/{number}/links/{id}", WORKS_ON_GAPS),
    ("GET /api/v1/words", READS_GAPS),
    ("POST /api/v1/words", WORKS_ON_GAPS),
    ("GET /api/v1/words/{id}", READS_GAPS),
    ("PUT /api/v1/words/{id}", WORKS_ON_GAPS),
    ("DELETE /api/v1/words/{id}", WORKS_ON_GAPS),
    ("POST /api/v1/words/{id}/steps", WORKS_ON_GAPS),
    ("GET /api/v1/messages", LOGS),
    ("POST /api/v1/messages", WORKS_ON_GAPS),
    ("GET /api/v1/messages/{id}", LOGS),
    ("DELETE /api/v1/messages/{id}", WORKS_ON_GAPS),
    ("GET /api/v1/views", READS_GAPS),
    ("POST /api/v1/views", WORKS_ON_GAPS),
    ("GET /api/v1/views/{id}", READS_GAPS),
    ("PUT /api/v1/views/{id}", WORKS_ON_GAPS),
    ("DELETE /api/v1/views/{id}", WORKS_ON_GAPS),
    ("GET /api/v1/figures", SIGNED_IN),
    ("GET /api/v1/digests/{week}", SIGNED_IN),
    ("GET /api/v1/readers", READS_GAPS),
    ("POST /api/v1/readers", WORKS_ON_GAPS),
    ("GET /api/v1/readers/{id}", READS_GAPS),
    ("DELETE /api/v1/readers/{id}", WORKS_ON_GAPS),
    ("POST /api/v1/readers/{id}/retry", WORKS_ON_GAPS),
    ("GET /api/v1/admin/settings", READS_ALL),
    ("PUT /api/v1/admin/settings", SETS_UP),
    ("GET /api/v1/admin/codes", READS_ALL),
    ("PUT /api/v1/admin/codes", SETS_UP),
    ("GET /api/v1/admin/retention", READS_ALL),
    ("PUT /api/v1/admin/retention", SETS_UP),
    ("POST /api/v1/admin/retention/count", SETS_UP),
    ("GET /api/v1/admin/places", READS_ALL),
    ("POST /api/v1/admin/places/changes", SETS_UP),
    ("GET /api/v1/admin/sites", READS_ALL),
    ("POST /api/v1/admin/sites", SETS_UP),
    ("GET /api/v1/admin/sites/{id}", READS_ALL),
    ("PUT /api/v1/admin/sites/{id}", SETS_UP),
    ("DELETE /api/v1/admin/sites/{id}", SETS_UP),
    ("POST /api/v1/admin/sites/{id}/stop", SETS_UP),
    ("GET /api/v1/admin/jobs", READS_ALL),
    ("GET /api/v1/admin/jobs/{job}", READS_ALL),
    ("PUT /api/v1/admin/jobs/{job}", SETS_UP),
    ("POST /api/v1/admin/jobs/{job}/run", SETS_UP),
    ("POST /api/v1/admin/jobs/{job}/stop", SETS_UP),
    ("GET /api/v1/admin/people", READS_ALL),
    ("GET /api/v1/admin/people/{id}", READS_ALL),
    ("GET /api/v1/admin/tokens", READS_ALL),
    ("POST /api/v1/admin/tokens", SETS_UP),
    ("DELETE /api/v1/admin/tokens/{id}", SETS_UP),
    ("GET /api/v1/admin/hooks", READS_ALL),
    ("POST /api/v1/admin/hooks", SETS_UP),
    ("GET /api/v1/admin/hooks/{id}", READS_ALL),
    ("DELETE /api/v1/admin/hooks/{id}", SETS_UP),
    ("POST /api/v1/admin/hooks/{id}/secret", SETS_UP),
    ("POST /api/v1/admin/hooks/{id}/steps", SETS_UP),
    ("GET /api/v1/admin/calls", READS_ALL),
    ("POST /api/v1/admin/calls", SETS_UP),
    ("DELETE /api/v1/admin/calls/{id}", SETS_UP),
    ("GET /api/v1/admin/findings", READS_ALL),
    ("POST /api/v1/admin/findings/{id}/steps", SETS_UP),
    ("GET /api/v1/admin/audit", READS_ALL),
    ("GET /api/v1/admin/system", READS_ALL),
    ("GET /api/v1/today", LOGS),
    ("GET /api/v1/gaps/{number}/links/{id}", READS_GAPS),
    ("POST /api/v1/words/import", WORKS_ON_GAPS),
    ("POST /api/v1/views/{id}/steps", WORKS_ON_GAPS),
    ("PUT /api/v1/readers/{id}", WORKS_ON_GAPS),
    ("POST /api/v1/readers/{id}/steps", WORKS_ON_GAPS),
    ("POST /api/v1/admin/chats", SETS_UP),
    ("POST /api/v1/admin/sites/{id}/answers", SETS_UP),
    ("POST /api/v1/admin/looks", SETS_UP),
    ("GET /api/v1/admin/looks/{id}", READS_ALL),
    ("POST /api/v1/admin/people", SETS_UP),
    ("POST /api/v1/admin/people/{id}/changes", SETS_UP),
    ("POST /api/v1/admin/people/{id}/link", SETS_UP),
    ("GET /api/v1/admin/tokens/{id}", READS_ALL),
    ("GET /api/v1/admin/calls/{id}", READS_ALL),
    ("POST /api/v1/admin/calls/import", SETS_UP),
    ("GET /api/v1/admin/mail", READS_ALL),
    ("POST /api/v1/admin/mail/trials", SETS_UP),
    ("GET /api/v1/admin/timing", READS_ALL),
    ("GET /api/v1/admin/inspection", READS_ALL),
    ("GET /api", SIGNED_IN),
    ("GET /api/v1/openapi.json", ANYBODY),
    ("GET /service-worker.js", ANYBODY),
    ("GET /manifest.webmanifest", ANYBODY),
    ("GET /assets/{print}/{*name}", ANYBODY),
    ("GET /healthz", ANYBODY),
    ("GET /livez", ANYBODY),
    ("GET /metrics", ANYBODY),
    ("GET /readyz", ANYBODY),
];

fn name(route: &Route) -> String {
    format!("{} {}", route.verb.name(), route.path)
}

/// Asks a route with nothing in its form: whoever may is told what is wrong with that.
fn try_route(visitor: &mut Visitor, route: &Route) -> Answer {
    let path = route.path.replace("{week}", "2026-W10").replace("{number}", "T1");
    let path = path.replace("{id}", "inq_none").replace("{print}", "0").replace("{*name}", "none");
    let path =
        path.replace("{look}", "none").replace("{secret}", "none").replace("{file}", "weeks.csv");
    let path = path.replace("{link}", "none").replace("{form}", "text").replace("{job}", "none");
    match (route.verb, route.input) {
        (Verb::Get, _) => visitor.get(&path),
        (Verb::Post, Input::Json(_) | Input::Typed) => {
            let csrf = visitor.get("/help").csrf().unwrap_or_default();
            visitor.send(&path, &csrf, &serde_json::json!({})).expect("an answer")
        }
        (Verb::Post, _) => {
            let csrf = visitor.get("/help").csrf().unwrap_or_default();
            visitor.post(&path, &csrf, &[]).expect("an answer")
        }
        (Verb::Put | Verb::Delete, _) => {
            let csrf = visitor.get("/help").csrf().unwrap_or_default();
            let headers = format!("x-csrf: {csrf}\r\n");
            visitor.call(route.verb.name(), &path, (&headers, "")).expect("an answer")
        }
    }
}

/// Whether an answer turns somebody away.
fn is_refusal(answer: &Answer) -> bool {
    let to_sign_in = answer.status == 303 && answer.location().starts_with("/sign-in?next=");
    matches!(answer.status, 401 | 403) || to_sign_in
}

#[test]
fn each_route_lets_in_the_roles_that_may_and_nobody_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut wrong = vec![];
    for role in ROLES {
        let mut visitor = match role {
            "nobody" => Visitor::new(service.address),
            "admin" => admin.clone(),
            _ => add(&mut admin, role),
        };
        // Locking and signing out end the visit, so they come last.
        let (out, others): (Vec<_>, Vec<_>) =
            ROUTES.iter().partition(|it| matches!(it.path, "/lock" | "/sign-out"));
        for route in others.into_iter().chain(out) {
            let name = name(route);
            let row = MAY.iter().find(|it| it.0 == name);
            let may = row.unwrap_or_else(|| panic!("{name} has no row")).1.contains(&role);
            let answer = try_route(&mut visitor, route);
            if may == is_refusal(&answer) || 500 <= answer.status {
                wrong.push(format!("{role} {name}: {}", answer.status));
            }
        }
    }
    assert_eq!(ROUTES.len(), MAY.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_machine_reaches_what_its_token_is_for_and_no_page_even_beside_a_session() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut wrong = vec![];
    for scope in SCOPES {
        for visitor in [Visitor::new(service.address), admin.clone()] {
            // One token is not good for so many calls in a minute.
            for part in ROUTES.chunks(ROUTES_A_TOKEN) {
                let named = [("name", *scope), ("scope", *scope)];
                let token = crate::machine::token(&mut admin, &named);
                let mut machine = visitor.clone().with_token(&token);
                for route in part {
                    let name = name(route);
                    let may = MACHINES_MAY.iter().any(|it| it.0 == name && it.1.contains(scope));
                    let answer = try_route(&mut machine, route);
                    if (may && is_refusal(&answer)) || (!may && answer.status != 403) {
                        wrong.push(format!("{scope} {name}: {}", answer.status));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_form_without_its_token_or_with_another_visitors_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut other = add(&mut admin, "reception");
    let key = "inq_0197f000-0000-7000-8000-000000000001";
    let body = serde_json::json!({ "key": key, "text": "når opnar de" });
    let strange = other.get("/help").csrf().expect("a form");
    for token in ["", "0", strange.as_str()] {
        let answer = admin.send("/api/v1/inquiries", token, &body).expect("an answer");
        assert_eq!(answer.status, 403, "{token}");
    }
    let own = admin.get("/help").csrf().expect("a form");
    let answer = admin.send("/api/v1/inquiries", &own, &body).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.body);
    let again = admin.send("/api/v1/inquiries", &own, &body).expect("an answer");
    assert_eq!((again.status, again.json()["again"].as_bool()), (200, Some(true)));
}
