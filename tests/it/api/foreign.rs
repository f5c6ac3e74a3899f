//! Every operation, as the description itself lists them: ids that are not its own, fields that it
//! does not take, values beyond its limits. The answer is as described, and nothing changes.

use jiff::SignedDuration;
use serde_json::{Value, json};
use skranke::clock::Clock;
use skranke::record::Kind;

use super::{ANY, clock, post, town};
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

/// So many requests are sent before the clock goes on by a minute: an account has a limit.
const ASKED_A_MINUTE: u32 = 500;
/// Places beside the operations proper: whoever asks there needs no version and no example.
const OF_PAGES: [&str; 2] = ["/api/v1/suggest", "/api/v1/answers"];

/// An operation of the description.
struct Operation {
    verb: String,
    path: String,
    told: Value,
}

impl Operation {
    /// The bodies that the description shows for it, each with the schema of its way.
    fn bodies(&self, whole: &Value) -> Vec<(Value, Value)> {
        let media = &self.told["requestBody"]["content"]["application/json"];
        let schema = resolved(whole, &media["schema"]);
        let Some(ways) = schema["oneOf"].as_array() else {
            return media
                .get("example")
                .map(|it| (it.clone(), schema.clone()))
                .into_iter()
                .collect();
        };
        let is_named = |way: &Value, name: &str| {
            let mut fields = way["properties"].as_object().into_iter().flatten();
            fields.any(|it| it.1["const"] == name)
        };
        let named = media["examples"].as_object().into_iter().flatten();
        let way = |name: &str| ways.iter().find(|it| is_named(it, name)).expect("a way").clone();
        named.map(|(name, it)| (it["value"].clone(), way(name))).collect()
    }

    fn describes(&self, status: u16) -> bool {
        self.told["responses"].get(status.to_string()).is_some()
    }
}

fn resolved<'a>(whole: &'a Value, schema: &'a Value) -> &'a Value {
    let pointed = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    pointed.and_then(|it| whole.pointer(it)).unwrap_or(schema)
}

/// A town with one of each thing, somebody who asks, and how far the journal has been looked at.
struct Scene {
    town: Town,
    clock: Clock,
    asker: Visitor,
    csrf: String,
    asked: u32,
    whole: Value,
    seen: u64,
    wrong: Vec<String>,
}

impl Scene {
    fn operations(&self) -> Vec<Operation> {
        let paths = self.whole["paths"].as_object().expect("paths");
        let of_path = |(path, verbs): (&String, &Value)| {
            let verbs = verbs.as_object().cloned().unwrap_or_default().into_iter();
            let path = path.clone();
            verbs.map(move |(verb, told)| Operation {
                verb: verb.to_uppercase(),
                path: path.clone(),
                told,
            })
        };
        paths.iter().flat_map(of_path).collect()
    }

    fn ask(&mut self, operation: &Operation, path: &str, body: &str) -> Answer {
        self.asked += 1;
        if self.asked.is_multiple_of(ASKED_A_MINUTE) {
            self.clock.advance_by(SignedDuration::from_mins(1));
        }
        let csrf = format!("{ANY}x-csrf: {}\r\n", self.csrf);
        self.asker.call(&operation.verb, path, (&csrf, body)).expect("an answer")
    }

    /// What was written since the last look, but for the lines of who was refused.
    fn written(&mut self) -> usize {
        let records = self.town.app.journal.read(self.seen, 10_000).expect("read");
        self.seen = records.last().map_or(self.seen, |it| it.seq);
        records.iter().filter(|it| Kind::of(it.kind) != Some(Kind::Audit)).count()
    }

    /// Holds an answer to the description: one of these statuses, described, and nothing written.
    fn hold(&mut self, operation: &Operation, tried: &str, (answer, may): (&Answer, &[u16])) {
        let status = answer.status;
        let n_written = self.written();
        if !may.contains(&status) || !operation.describes(status) || n_written != 0 {
            let Operation { verb, path, .. } = operation;
            let told = format!("{verb} {path} {tried}: {status}, {n_written} written");
            self.wrong
                .push(format!("{told}: {}", answer.body.chars().take(200).collect::<String>()));
        }
    }
}

fn scene(folder: &tempfile::TempDir) -> (Scene, Vec<(&'static str, String)>) {
    let clock = clock();
    let (town, mut admin, number) = town(&folder.path().join("data"), &clock);
    let editor = add(&mut admin, "editor");
    drop(editor);
    let mut made = |path: &str, body: Value| {
        let answer = post(&mut admin, path, ("", body));
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer.json()["id"].as_str().unwrap_or_default().to_owned()
    };
    let links = format!("/api/v1/gaps/{number}/links");
    let day = json!({ "day": "2026-03-01", "calls": 4 });
    let word = json!({ "said": "søppel", "written": "avfall" });
    let message = json!({ "text": "Vatnet er borte", "until": "2026-03-03T09:00:00Z" });
    let view = json!({ "name": "Mine", "of": "gaps", "query": "state=new" });
    let reader = json!({ "name": "Kari", "mail": "kari@example.org", "lang": "nn" });
    let hook = json!({ "address": "https://hooks.example.org/a", "of": ["new"] });
    let token = json!({ "name": "Bot", "scopes": ["log"] });
    let site = json!({ "start": "https://www.example.org/" });
    let mut own = vec![
        ("/api/v1/gaps/{number}/links", made(&links, json!({ "until": "2026-03-20" }))),
        ("/api/v1/words", made("/api/v1/words", word)),
        ("/api/v1/messages", made("/api/v1/messages", message)),
        ("/api/v1/views", made("/api/v1/views", view)),
        ("/api/v1/readers", made("/api/v1/readers", reader)),
        ("/api/v1/admin/hooks", made("/api/v1/admin/hooks", hook)),
        ("/api/v1/admin/tokens", made("/api/v1/admin/tokens", token)),
        ("/api/v1/admin/sites", made("/api/v1/admin/sites", site)),
    ];
    made("/api/v1/admin/calls", day);
    let first = |admin: &mut Visitor, path: &str| {
        admin.get(path).json()["items"][0]["id"].as_str().expect("an id").to_owned()
    };
    own.push(("/api/v1/admin/calls", first(&mut admin, "/api/v1/admin/calls")));
    own.push(("/api/v1/admin/people", first(&mut admin, "/api/v1/admin/people")));
    own.push(("/api/v1/inquiries", "inq_0197f000-0000-7000-8000-000000000000".to_owned()));
    own.push(("/api/v1/admin/findings", "inq_0197f000-0000-7000-8000-000000000000".to_owned()));
    own.extend(["/api/v1/gaps", "/api/v1/topics"].map(|it| (it, number.clone())));
    own.push(("/api/v1/admin/jobs", "verify".to_owned()));
    own.push(("/api/v1/digests", "2026-W09".to_owned()));
    town.app.settle().expect("folded");
    let whole = admin.get("/api/v1/openapi.json").json();
    let csrf = admin.get("/api/v1/session").json()["csrf"].as_str().expect("one").to_owned();
    let seen = town.app.journal.position().seq;
    let (asker, asked, wrong) = (admin, 0, vec![]);
    (Scene { town, clock, asker, csrf, asked, whole, seen, wrong }, own)
}

/// Well-formed ids that nobody has, and what is no id at all, however it is put.
fn nobodys(own: &[(&'static str, String)]) -> Vec<String> {
    let with_prefix = own.iter().filter_map(|it| it.1.split_once('_').map(|it| it.0));
    let mut all: Vec<String> =
        with_prefix.map(|it| format!("{it}_0197f000-0000-7000-8000-0000000fffff")).collect();
    let odd = [
        "T999",
        "T99999999999999999999",
        "2099-W54",
        "0197f000-0000-7000-8000-0000000fffff",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "..",
        "%00",
        "%FF",
        "null",
        "*",
        "'%20or%201=1--",
    ];
    all.extend(odd.map(str::to_owned));
    all.push("a".repeat(2_000));
    all.sort();
    all.dedup();
    all
}

/// The resource that a parameter of a path is of: what stands before it.
fn resource(path: &str, parameter: &str) -> String {
    path.split(&format!("/{{{parameter}}}")).next().unwrap_or_default().to_owned()
}

/// The path with an id of its own in each place.
fn filled(operation: &Operation, own: &[(&'static str, String)], but: (&str, &str)) -> String {
    let mut path = operation.path.clone();
    for parameter in parameters(operation) {
        let at = resource(&operation.path, &parameter);
        let known = own.iter().find(|it| it.0 == at).map_or("none", |it| it.1.as_str());
        let value = if parameter == but.0 { but.1 } else { known };
        path = path.replace(&format!("{{{parameter}}}"), value);
    }
    path
}

fn parameters(operation: &Operation) -> Vec<String> {
    let parts = operation.path.split('/');
    let names = parts.filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    names.map(str::to_owned).collect()
}

#[test]
fn no_operation_takes_an_id_that_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut scene, own) = scene(&folder);
    let nobodys = nobodys(&own);
    let mut n_operations = 0;
    for operation in scene.operations().iter().filter(|it| it.path.contains('{')) {
        n_operations += 1;
        let bodies: Vec<Value> =
            operation.bodies(&scene.whole).into_iter().map(|it| it.0).collect();
        for parameter in parameters(operation) {
            let at = resource(&operation.path, &parameter);
            let is_own = |id: &str| own.iter().any(|it| it.0 == at && it.1 == id);
            let others = own.iter().map(|it| &it.1).filter(|it| !is_own(it));
            for (n, id) in others.chain(&nobodys).enumerate() {
                let path = filled(operation, &own, (&parameter, id));
                // One of each way; the other ways are read alike.
                let body = bodies.get(n % bodies.len().max(1));
                let body = body.map(ToString::to_string).unwrap_or_default();
                let answer = scene.ask(operation, &path, &body);
                let tried: String = id.chars().take(60).collect();
                scene.hold(operation, &tried, (&answer, &[404]));
            }
        }
    }
    assert!(40 < n_operations && scene.wrong.is_empty(), "{n_operations}: {:#?}", scene.wrong);
}

#[test]
fn no_operation_takes_what_is_another_persons() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut scene, own) = scene(&folder);
    scene.asker = Visitor::sign_in(scene.town.address, "editor");
    let session = scene.asker.get("/api/v1/session").json();
    scene.csrf = session["csrf"].as_str().expect("one").to_owned();
    let is_anothers = |path: &str| {
        path.starts_with("/api/v1/views/{") || path == "/api/v1/inquiries/{id}/changes"
    };
    let mut n_asked = 0;
    for operation in scene.operations().iter().filter(|it| is_anothers(&it.path)) {
        let path = filled(operation, &own, ("", ""));
        let bodies = operation.bodies(&scene.whole);
        let bodies = bodies.iter().map(|it| it.0.to_string());
        for body in if bodies.len() == 0 { vec![String::new()] } else { bodies.collect() } {
            n_asked += 1;
            let answer = scene.ask(operation, &path, &body);
            scene.hold(operation, "another's", (&answer, &[403, 404]));
        }
    }
    assert!(6 < n_asked && scene.wrong.is_empty(), "{n_asked}: {:#?}", scene.wrong);
}

#[test]
fn no_body_has_a_field_more() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut scene, own) = scene(&folder);
    let mut n_bodies = 0;
    for operation in scene.operations() {
        let path = filled(&operation, &own, ("", ""));
        for (body, schema) in operation.bodies(&scene.whole) {
            n_bodies += 1;
            let taken = |name: &str| schema["properties"].get(name).is_some();
            let more = ["role", "by", "id", "owner", "version", "hash", "disabled", "__proto__"];
            for name in more.into_iter().filter(|it| !taken(it)) {
                let mut more = body.clone();
                more[name] = json!("admin");
                let answer = scene.ask(&operation, &path, &more.to_string());
                scene.hold(&operation, name, (&answer, &[422]));
                let named = answer.json()["errors"][0]["field"] == name;
                if !named && !OF_PAGES.contains(&operation.path.as_str()) {
                    scene.wrong.push(format!("{path} {name}: {}", answer.body));
                }
            }
        }
    }
    assert!(60 < n_bodies && scene.wrong.is_empty(), "{n_bodies}: {:#?}", scene.wrong);
}

/// A value beyond each limit of a schema.
fn beyond(whole: &Value, schema: &Value) -> Vec<Value> {
    let schema = resolved(whole, schema);
    let mut all = vec![];
    let number = |name: &str| schema[name].as_u64();
    let text = |n: u64| json!("a".repeat(usize::try_from(n).expect("it fits")));
    all.extend(number("maxLength").map(|it| text(it + 1)));
    all.extend(number("minLength").filter(|it| 0 < *it).map(|it| text(it - 1)));
    all.extend(number("maximum").map(|it| json!(it + 1)));
    all.extend(schema["minimum"].as_i64().map(|it| json!(it - 1)));
    let items = |n: u64| Value::Array((0..n).map(|_| json!("a")).collect());
    all.extend(number("maxItems").map(|it| items(it + 1)));
    all.extend(number("minItems").filter(|it| 0 < *it).map(|it| items(it - 1)));
    if schema["enum"].is_array() {
        all.push(json!("fax"));
    }
    all
}

#[test]
fn each_limit_that_the_description_tells_is_held() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut scene, own) = scene(&folder);
    let mut n_limits = 0;
    for operation in scene.operations() {
        let path = filled(&operation, &own, ("", ""));
        for (body, schema) in operation.bodies(&scene.whole) {
            let fields = schema["properties"].as_object().cloned().unwrap_or_default();
            for (name, field) in fields {
                for value in beyond(&scene.whole, &field) {
                    n_limits += 1;
                    let mut body = body.clone();
                    body[&name] = value;
                    let answer = scene.ask(&operation, &path, &body.to_string());
                    scene.hold(&operation, &name, (&answer, &[422]));
                }
            }
        }
        let asked = operation.told["parameters"].as_array().cloned().unwrap_or_default();
        for parameter in asked.iter().filter(|it| it["in"] == "query") {
            let name = parameter["name"].as_str().expect("a name");
            for value in beyond(&scene.whole, &parameter["schema"]) {
                n_limits += 1;
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let answer = scene.ask(&operation, &format!("{path}?{name}={value}"), "");
                scene.hold(&operation, name, (&answer, &[422]));
            }
        }
    }
    assert!(150 < n_limits && scene.wrong.is_empty(), "{n_limits}: {:#?}", scene.wrong);
}
