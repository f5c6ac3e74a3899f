//! What screens could do and programs could not: people, tables, what comes back, and what is
//! taken away only by whoever has seen it.

use serde_json::{Value, json};

use super::{ANY, clock, header, post, problem, sent, town};
use crate::harness::visitor::{PASSPHRASE, Visitor, add, come};
use crate::machine::token;

const PEOPLE: &str = "/api/v1/admin/people";

fn invitation(login: &str, role: &str) -> Value {
    json!({ "login": login, "name": login, "role": role, "lang": "nn" })
}

/// The part of a link's address that leads to the form.
fn path_of(link: &Value) -> String {
    let address = link["address"].as_str().expect("an address");
    address[address.find("/welcome/").expect("a link")..].to_owned()
}

#[test]
fn a_program_invites_changes_and_closes_people_and_never_an_administrator() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let secret = token(&mut admin, &[("name", "Personal"), ("scope", "admin")]);
    let mut bot = Visitor::new(town.address).with_token(&secret);
    let made = post(&mut bot, PEOPLE, ("", invitation("kari", "reception")));
    assert_eq!(made.status, 201, "{}", made.body);
    let mut kari = come(town.address, &path_of(&made.json()), PASSPHRASE);
    let at = format!("{PEOPLE}/{}", made.json()["id"].as_str().expect("an id"));
    let changes = format!("{at}/changes");
    problem(&post(&mut bot, PEOPLE, ("", invitation("kari", "editor"))), 422, "login");
    problem(&post(&mut bot, &changes, ("", json!({ "change": "disable" }))), 428, "");
    let seen = bot.get(&at);
    assert_eq!((&seen.json()["has_come"], &seen.json()["sessions"]), (&json!(true), &json!(1)));
    let held = format!("if-match: {}\r\n", header(&seen, "etag"));
    let role = json!({ "change": "role", "role": "editor" });
    let changed = post(&mut bot, &changes, (&held, role.clone()));
    assert_eq!((changed.status, &changed.json()["role"]), (200, &json!("editor")));
    assert_eq!(kari.get("/api/v1/session").status, 401, "another role ends the sessions");
    problem(&post(&mut bot, &changes, (&held, role)), 412, "");
    for (change, field, value) in [
        (json!({ "change": "name", "name": "Kari Lid" }), "name", json!("Kari Lid")),
        (json!({ "change": "disable" }), "disabled", json!(true)),
        (json!({ "change": "enable" }), "disabled", json!(false)),
        (json!({ "change": "end_sessions" }), "sessions", json!(0)),
    ] {
        let answer = post(&mut bot, &changes, (ANY, change));
        assert_eq!((answer.status, &answer.json()[field]), (200, &value), "{}", answer.body);
    }
    let desks = json!({ "change": "desks", "desks": ["Atlantis"] });
    problem(&post(&mut bot, &changes, (ANY, desks)), 422, "desks");
    let link = post(&mut bot, &format!("{at}/link"), ("", json!({})));
    assert_eq!(link.status, 200, "{}", link.body);
    come(town.address, &path_of(&link.json()), "grøne bussar i regn og vind");

    // A machine that made an administrator would make itself a token by that one's hand.
    problem(&post(&mut bot, PEOPLE, ("", invitation("ola", "admin"))), 403, "");
    let rise = json!({ "change": "role", "role": "admin" });
    problem(&post(&mut bot, &changes, (ANY, rise.clone())), 403, "");
    let all = bot.get(PEOPLE).json();
    let boss = all["items"].as_array().into_iter().flatten().find(|it| it["role"] == "admin");
    let boss = format!("{PEOPLE}/{}", boss.expect("one")["id"].as_str().expect("an id"));
    problem(&post(&mut bot, &format!("{boss}/link"), ("", json!({}))), 403, "");
    let closed = json!({ "change": "disable" });
    problem(&post(&mut bot, &format!("{boss}/changes"), (ANY, closed.clone())), 403, "");
    problem(&post(&mut admin, &format!("{boss}/changes"), (ANY, closed)), 409, "");
    assert_eq!(post(&mut admin, &changes, (ANY, rise)).status, 200, "a person may");

    let audit = admin.get("/api/v1/admin/audit?area=access&limit=100").json();
    let by = |action: &str| {
        let lines = audit["items"].as_array().into_iter().flatten();
        lines.filter(|it| it["action"] == action && it["name"] == "Personal").count()
    };
    for action in ["person.invited", "person.role_set", "person.link_made", "person.disabled"] {
        assert_eq!(by(action), 1, "{action}: {audit}");
    }
}

#[test]
fn what_is_taken_away_is_held_against_what_was_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let word = json!({ "said": "søppel", "written": "avfall" });
    let word = post(&mut admin, "/api/v1/words", ("", word)).json();
    let at = format!("/api/v1/words/{}", word["id"].as_str().expect("an id"));
    problem(&sent(&mut admin, ("DELETE", &at), ("", "")), 428, "");
    let seen = admin.get(&at);
    let held = format!("if-match: {}\r\n", header(&seen, "etag"));
    let other = json!({ "said": "søppel", "written": "renovasjon" }).to_string();
    assert_eq!(sent(&mut admin, ("PUT", &at), (&held, &other)).status, 200);
    let stale = sent(&mut admin, ("DELETE", &at), (&held, ""));
    problem(&stale, 412, "");
    assert_eq!(stale.json()["current"]["written"], "renovasjon");
    let held = format!("if-match: {}\r\n", header(&stale, "etag"));
    assert_eq!(sent(&mut admin, ("DELETE", &at), (&held, "")).status, 204);
    assert_eq!(admin.get(&at).json()["removed"], true);

    // Counts have no version: the print of what was read is good for one.
    let day = |calls: u32| json!({ "day": "2026-03-01", "calls": calls });
    let counted = post(&mut admin, "/api/v1/admin/calls", ("", day(4))).json();
    let id = counted["items"][0]["id"].as_str().expect("an id").to_owned();
    let at = format!("/api/v1/admin/calls/{id}");
    let print = header(&admin.get(&at), "etag").to_owned();
    problem(
        &sent(&mut admin, ("DELETE", &at), ("if-match: \"0011aabbccddeeff\"\r\n", "")),
        412,
        "",
    );
    let held = format!("if-match: {print}\r\n");
    assert_eq!(sent(&mut admin, ("DELETE", &at), (&held, "")).status, 204);
    assert_eq!(admin.get("/api/v1/admin/calls").json()["total"], 0);
    drop(town);
}

#[test]
fn tables_are_taken_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let mut table =
        |path: &str, table: &str| post(&mut admin, path, ("", json!({ "table": table })));
    let words = "/api/v1/words/import";
    let taken = table(words, "søppel,avfall\nbad,symjehall,to ord\n");
    assert_eq!((taken.status, &taken.json()["added"]), (200, &json!(2)), "{}", taken.body);
    assert_eq!(table(words, "søppel,avfall\n").json()["added"], 0);
    let broken = table(words, "vatn,vassverk\nsøppel\n");
    problem(&broken, 422, "table");
    assert!(broken.body.contains("line 2"), "{}", broken.body);
    let calls = "/api/v1/admin/calls/import";
    let taken = table(calls, "dato;samtalar\n01.03.2026;61\n02.03.2026;40\n");
    assert_eq!((taken.status, &taken.json()["days"]), (200, &json!(2)), "{}", taken.body);
    problem(&table(calls, "dato;samtalar\n01.03.2026;mange\n"), 422, "table");
    problem(&table(calls, &"a".repeat(50_001)), 422, "table");
    assert_eq!(admin.get("/api/v1/words").json()["total"], 2);
    assert_eq!(admin.get("/api/v1/admin/calls").json()["items"][0]["calls"], 101);
    drop(town);
}

#[test]
fn views_and_readers_come_back_and_readers_are_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let mut editor = add(&mut admin, "editor");
    let view = json!({ "name": "Hol", "of": "gaps", "query": "state=new", "shared": true });
    let view = post(&mut admin, "/api/v1/views", ("", view)).json();
    let at = format!("/api/v1/views/{}", view["id"].as_str().expect("an id"));
    assert_eq!(sent(&mut admin, ("DELETE", &at), (ANY, "")).status, 204);
    problem(&editor.get(&at), 404, "");
    let gone = admin.get(&at);
    assert_eq!(gone.json()["removed"], true, "whoever deleted it sees how it stands");
    let back = json!({ "removed": false });
    let held = format!("if-match: {}\r\n", header(&gone, "etag"));
    problem(&post(&mut editor, &format!("{at}/steps"), (ANY, back.clone())), 404, "");
    let put = post(&mut admin, &format!("{at}/steps"), (&held, back));
    assert_eq!((put.status, &put.json()["removed"]), (200, &json!(false)), "{}", put.body);
    assert_eq!(editor.get(&at).status, 200);

    let reader = json!({ "name": "Kari", "mail": "kari@example.org", "lang": "nn" });
    let reader = post(&mut editor, "/api/v1/readers", ("", reader)).json();
    let at = format!("/api/v1/readers/{}", reader["id"].as_str().expect("an id"));
    let other = json!({ "name": "Kari Lid", "mail": "kari@example.org", "lang": "nb" }).to_string();
    problem(&sent(&mut editor, ("PUT", &at), ("", &other)), 428, "");
    let put = sent(&mut editor, ("PUT", &at), (ANY, &other));
    assert_eq!((put.status, &put.json()["lang"]), (200, &json!("nb")), "{}", put.body);
    assert_eq!(sent(&mut editor, ("DELETE", &at), (ANY, "")).status, 204);
    let steps = format!("{at}/steps");
    let back = post(&mut editor, &steps, (ANY, json!({ "step": "put_back" })));
    assert!(back.status == 200 && back.json()["state"] != "stopped", "{}", back.body);
    problem(&post(&mut editor, &steps, (ANY, json!({ "step": "put_back" }))), 409, "");
    let moved = json!({ "name": "Kari Lid", "mail": "lid@example.org", "lang": "nb" }).to_string();
    let moved = sent(&mut editor, ("PUT", &at), (ANY, &moved));
    assert_eq!((moved.status, &moved.json()["mail"]), (200, &json!("lid@example.org")));
    assert_eq!(editor.get(&at).json()["state"], "stopped", "the old address gets no more");

    let chat =
        json!({ "name": "Kanalen", "kind": "slack", "address": "https://hooks.example.org/x" });
    problem(&post(&mut editor, "/api/v1/admin/chats", ("", chat.clone())), 403, "");
    let chat = post(&mut admin, "/api/v1/admin/chats", ("", chat));
    assert!(chat.status == 201 && !chat.body.contains("hooks.example"), "{}", chat.body);
    let at = format!("/api/v1/readers/{}", chat.json()["id"].as_str().expect("an id"));
    problem(&sent(&mut editor, ("DELETE", &at), (ANY, "")), 403, "");
    assert_eq!(sent(&mut admin, ("DELETE", &at), (ANY, "")).status, 204);
    drop(town);
}

#[test]
fn a_program_reads_the_day_the_mail_the_times_and_what_is_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let day = admin.get("/api/v1/today?q=kvervlingen").json();
    assert_eq!(day["own"].as_array().map(Vec::len), Some(3), "{day}");
    assert!(!day["asked"].as_array().expect("a list").is_empty(), "{day}");
    let times = admin.get("/api/v1/admin/timing").json();
    assert_eq!((&times["figures"], &times["entries_min"]), (&Value::Null, &json!(20)));
    let mail = admin.get("/api/v1/admin/mail").json();
    assert_eq!((&mail["server"], &mail["waiting"]), (&Value::Null, &json!(0)));
    let trial = json!({ "to": "kari@example.org" });
    problem(&post(&mut admin, "/api/v1/admin/mail/trials", ("", trial)), 409, "");
    let kept = admin.get("/api/v1/admin/inspection?from=2026-03-01&to=2026-03-02").json();
    assert_eq!(kept["total"], 3, "{kept}");
    problem(&admin.get("/api/v1/admin/inspection?from=2026-03-03&to=2026-03-02"), 422, "from");
    let audit = admin.get("/api/v1/admin/audit?area=privacy").json();
    assert_eq!(audit["items"][0]["action"], "inspection.export", "{audit}");

    let looks = "/api/v1/admin/looks";
    problem(&post(&mut admin, looks, ("", json!({ "start": "ftp://example.org" }))), 422, "start");
    let begun = post(&mut admin, looks, ("", json!({ "start": "https://www.example.org/" })));
    assert_eq!(begun.status, 200, "{}", begun.body);
    let at = format!("{looks}/{}", begun.json()["id"].as_str().expect("an id"));
    assert_eq!(admin.get(&at).json()["start"], "https://www.example.org/");
    drop(town);
}

#[test]
fn what_a_machine_corrects_is_masked_as_what_it_logs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let token = token(&mut admin, &[("name", "Sentralbord"), ("scope", "log")]);
    let mut bot = Visitor::new(town.address).with_token(&token);
    let said = json!({ "key": "call-1", "text": "når opnar badet" });
    let id = post(&mut bot, "/api/v1/inquiries", ("", said)).json()["id"].clone();
    town.app.settle().expect("folded");
    let path = format!("/api/v1/inquiries/{}", id.as_str().expect("an id"));
    let edit = json!({ "change": "edit", "text": "når opnar badet? Mvh Kari Nordmann",
                       "note": "Mvh Kari Nordmann" });
    let edited = post(&mut bot, &format!("{path}/changes"), (ANY, edit));
    assert_eq!(edited.status, 200, "{}", edited.body);
    let kept = admin.get(&path).body;
    assert!(kept.contains("opnar badet") && !kept.contains("Nordmann"), "{kept}");
}

#[test]
fn what_was_made_is_held_by_the_tag_that_came_with_it_and_a_secret_is_told_while_it_holds() {
    const HOOKS: &str = "/api/v1/admin/hooks";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let hook = json!({ "address": "https://hooks.example.org/x", "of": ["new"] });
    let make = |admin: &mut Visitor, key: &str| {
        post(admin, HOOKS, (&format!("idempotency-key: {key}\r\n"), hook.clone()))
    };
    let made = make(&mut admin, "a");
    assert_eq!(make(&mut admin, "a").json()["secret"], made.json()["secret"], "sent again");
    let path = format!("{HOOKS}/{}", made.json()["id"].as_str().expect("an id"));
    let renewed = post(&mut admin, &format!("{path}/secret"), ("", json!({})));
    assert_ne!(renewed.json()["secret"], made.json()["secret"]);
    problem(&make(&mut admin, "a"), 409, "");
    let held =
        |it: &crate::harness::visitor::Answer| format!("if-match: {}\r\n", header(it, "etag"));
    problem(&sent(&mut admin, ("DELETE", &path), (&held(&made), "")), 412, "");
    assert_eq!(sent(&mut admin, ("DELETE", &path), (&held(&renewed), "")).status, 204);
    problem(&make(&mut admin, "a"), 409, "");
    let other = make(&mut admin, "b");
    let path = format!("{HOOKS}/{}", other.json()["id"].as_str().expect("an id"));
    assert_eq!(sent(&mut admin, ("DELETE", &path), (&held(&other), "")).status, 204);
    drop(town);
}

#[test]
fn fields_are_read_by_their_names_alone_and_each_fault_names_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock());
    let calls = json!(["2026-03-02", 4_000_000_000_u32]);
    problem(&post(&mut admin, "/api/v1/admin/calls", ("", calls)), 422, "body");
    let token = token(&mut admin, &[("name", "Chatbot"), ("scope", "answers")]);
    let mut bot = Visitor::new(town.address).with_token(&token);
    let answers = "/api/v1/answers";
    problem(&post(&mut bot, answers, ("", json!(["opnar"]))), 422, "");
    problem(&post(&mut bot, answers, ("", json!({}))), 422, "text");
    problem(&post(&mut bot, answers, ("", json!({ "text": 5 }))), 422, "");
    problem(&post(&mut bot, answers, ("", json!({ "text": "a", "foo": 1 }))), 422, "foo");
    problem(&sent(&mut bot, ("POST", answers), ("", "{")), 400, "");
}

#[test]
fn settings_are_changed_by_many_at_once_where_any_version_will_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, admin, _) = town(&folder.path().join("data"), &clock());
    let put = |day: u8| {
        let mut admin = admin.clone();
        let job = json!({ "is_on": true, "at": format!("0{day}:30") }).to_string();
        let jobs = ["topics", "digest", "backup", "retention"];
        let path = format!("/api/v1/admin/jobs/{}", jobs[usize::from(day) % jobs.len()]);
        sent(&mut admin, ("PUT", &path), (ANY, &job)).status
    };
    let done: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|day| scope.spawn(move || put(day))).collect();
        threads.into_iter().map(|it| it.join().expect("it ended")).collect()
    });
    assert_eq!(done, [200; 4]);
    assert_eq!(town.app.state.settings().schedules.len(), 4);
}

#[test]
fn the_letters_page_shows_no_words_of_callers_to_whoever_reads_no_gaps() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock();
    let (town, mut admin, _) = town(&folder.path().join("data"), &clock);
    let mut others = [add(&mut admin, "reader"), add(&mut admin, "reception")];
    let mut auditor = add(&mut admin, "auditor");
    const SAID: [&str; 3] = ["kor er kvervlingen", "kvar finn eg kvervlingen", "kvervlingen kor"];
    let quotes = |visitor: &mut Visitor| {
        let page = visitor.get("/digest/2026-W10").body;
        assert!(page.contains("kvervlingen"), "the gap is there: {page}");
        SAID.iter().any(|it| page.contains(it))
    };
    assert!(quotes(&mut admin) && quotes(&mut auditor), "or nothing is shown by this");
    for visitor in &mut others {
        assert!(!quotes(visitor), "whoever reads no gaps");
    }
    drop(town);
}
