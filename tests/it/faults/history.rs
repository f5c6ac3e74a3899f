//! Histories: eight people log, repeat, correct, take back, move and rename while the service is
//! killed again and again. Each keeps a ledger; what was acknowledged must stand in the export.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::{export, key, log, wait};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};

/// Who log, repeat, correct and take back.
const RECEPTION: u32 = 4;
/// Who rename the same topic.
const EDITORS: u32 = 3;
/// What happened with a question, in the order in which each is corrected.
const OUTCOMES: [&str; 3] = ["answered", "passed_on", "not_on_site"];

/// So many rounds, unless `SKRANKE_KILL_ROUNDS` says otherwise.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn rounds() -> u64 {
    let told = std::env::var("SKRANKE_KILL_ROUNDS").ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(10)
}

/// What somebody did and whether it was acknowledged; none where no answer came.
#[derive(Default)]
struct Ledger {
    /// Texts, and repeats of the first question, by key.
    logged: BTreeMap<String, bool>,
    repeated: BTreeMap<String, bool>,
    /// By key: what it may be by now; one value once it was acknowledged.
    outcomes: BTreeMap<String, BTreeSet<String>>,
    removed: BTreeMap<String, BTreeSet<bool>>,
    /// Version seen, name given, whether it was taken.
    names: Vec<(u32, String, Option<bool>)>,
    /// Topics that the moved question may be under.
    places: BTreeSet<String>,
    /// Whether it was moved for sure, so that where it was before counts for nothing.
    was_moved: bool,
}

impl Ledger {
    fn add(&mut self, other: Self) {
        self.logged.extend(other.logged);
        self.repeated.extend(other.repeated);
        self.outcomes.extend(other.outcomes);
        self.removed.extend(other.removed);
        self.names.extend(other.names);
        if other.was_moved {
            self.places.clear();
        }
        self.places.extend(other.places);
    }
}

/// What everybody works on.
struct Scene {
    first: String,
    moved: String,
    topics: [String; 2],
}

/// A question of its own for each key. Digits would be masked as a number of somebody.
fn words(key: &str) -> String {
    let letter = |sign: char| match sign.to_digit(16) {
        Some(digit) => char::from(b'a' + u8::try_from(digit).expect("it is below 16")),
        None => ' ',
    };
    format!("spørsmål om sak {}", key[4..].chars().map(letter).collect::<String>())
}

/// Sends a form; none when it was not taken for sure. What was logged a moment ago can be changed
/// once the view has it.
fn post(visitor: &mut Visitor, csrf: &str, to: &str, fields: &[(&str, &str)]) -> Option<()> {
    const TRIES_MAX: u32 = 200;
    for _ in 0..TRIES_MAX {
        let answer = visitor.post(to, csrf, fields)?;
        match answer.status {
            303 => return Some(()),
            404 => std::thread::park_timeout(Duration::from_millis(5)),
            503 => return None,
            other => panic!("{to}: {other} {}", answer.body),
        }
    }
    None
}

fn reception(
    (mut visitor, who): (Visitor, u32),
    (round, scene): (u64, &Scene),
    done: &AtomicUsize,
) -> Ledger {
    let mut ledger = Ledger::default();
    let Some(csrf) = visitor.try_get("/help").and_then(|it| it.csrf()) else { return ledger };
    for n in round * 1_000_000.. {
        let id = key(who, 2 * n);
        let taken = log(&mut visitor, &csrf, &id, &words(&id)).is_some();
        ledger.logged.insert(id.clone(), taken);
        if !taken {
            break;
        }
        let again = key(who, 2 * n + 1);
        let body = serde_json::json!({ "key": again, "same_as": scene.first });
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body);
        ledger.repeated.insert(again, answer.is_some());
        if answer.is_none() {
            break;
        }
        done.fetch_add(2, Ordering::SeqCst);
        // The screen shows an entry once the view has it, a moment after it was acknowledged.
        let mut may_be = BTreeSet::from(["unknown".to_owned()]);
        for outcome in OUTCOMES {
            let fields = [("outcome", outcome)];
            may_be.insert(outcome.to_owned());
            if post(&mut visitor, &csrf, &format!("/log/{id}/outcome"), &fields).is_none() {
                break;
            }
            may_be = BTreeSet::from([outcome.to_owned()]);
            done.fetch_add(1, Ordering::SeqCst);
        }
        ledger.outcomes.insert(id.clone(), may_be);
        if n.is_multiple_of(3) {
            let gone = post(&mut visitor, &csrf, &format!("/log/{id}/undo"), &[]);
            let may_be = if gone.is_some() { vec![true] } else { vec![true, false] };
            ledger.removed.insert(id, may_be.into_iter().collect());
        } else {
            ledger.removed.insert(id, BTreeSet::from([false]));
        }
    }
    ledger
}

/// Renames a topic that others rename too, each time by the version that the page shows.
fn editor((mut visitor, who): (Visitor, u32), round: u64, topic: &str) -> Ledger {
    let mut ledger = Ledger::default();
    let path = format!("/topics/{topic}");
    for n in 0.. {
        let Some(page) = visitor.try_get(&path) else { break };
        if page.status != 200 {
            continue;
        }
        let (version, csrf) = (page.hidden("version"), page.csrf().expect("a form"));
        let name = format!("namn {who} {round} {n}");
        let fields = [("version", &*version), ("decision", "rename"), ("name", &*name)];
        let answer = visitor.post(&path, &csrf, &fields);
        let taken = answer.as_ref().map(|it| it.status == 303);
        let version = version.parse().expect("a number");
        ledger.names.push((version, name, taken));
        if taken.is_none() {
            break;
        }
    }
    ledger
}

/// Moves one question to and fro.
fn mover(mut visitor: Visitor, scene: &Scene) -> Ledger {
    let mut ledger = Ledger::default();
    let Some(csrf) = visitor.try_get("/help").and_then(|it| it.csrf()) else { return ledger };
    for topic in scene.topics.iter().cycle() {
        ledger.places.insert(topic.clone());
        let fields = [("to", &**topic), ("inquiry", &*scene.moved)];
        if post(&mut visitor, &csrf, "/topics", &fields).is_none() {
            break;
        }
        ledger.places = BTreeSet::from([topic.clone()]);
        ledger.was_moved = true;
    }
    ledger
}

/// Logs what the others work on, and waits until it has its topics.
fn scene(visitor: &mut Visitor) -> Scene {
    let csrf = visitor.get("/help").csrf().expect("a form");
    let asked = ["når opnar symjehallen", "kva kostar ein plass i SFO"];
    for (n, text) in (0..).zip(asked.iter().cycle().take(6)) {
        assert!(log(visitor, &csrf, &key(90, n), text).is_some_and(|it| it.status == 201));
    }
    let mut topics = vec![];
    let mut are_there = || {
        let told = visitor.get("/api/v1/topics?limit=500").json();
        let told = told["items"].as_array().cloned().unwrap_or_default();
        topics =
            told.iter().map(|it| it["topic"].as_str().unwrap_or_default().to_owned()).collect();
        topics.len() == 2
    };
    assert!(wait(Duration::from_secs(30), &mut are_there), "no topics");
    Scene { first: key(90, 0), moved: key(90, 5), topics: [topics[0].clone(), topics[1].clone()] }
}

fn run_round(
    (service, visitor): (&mut Service, &Visitor),
    (round, scene): (u64, &Scene),
) -> Ledger {
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let mut people = vec![];
        for who in 0..RECEPTION {
            let (visitor, done) = (visitor.clone(), &done);
            people.push(scope.spawn(move || reception((visitor, who), (round, scene), done)));
        }
        for who in 0..EDITORS {
            let visitor = visitor.clone();
            people.push(scope.spawn(move || editor((visitor, who), round, &scene.topics[0])));
        }
        let mover_visitor = visitor.clone();
        people.push(scope.spawn(move || mover(mover_visitor, scene)));
        let enough = 12 + usize::try_from(round % 25).expect("small");
        let is_busy = || enough <= done.load(Ordering::SeqCst);
        assert!(wait(Duration::from_secs(60), is_busy), "it does not acknowledge");
        service.kill();
        let mut ledger = Ledger::default();
        people.into_iter().for_each(|it| ledger.add(it.join().expect("a ledger")));
        ledger
    })
}

fn rows(files: &[(String, String)], name: &str) -> Vec<Value> {
    let file = files.iter().find(|it| it.0 == name).expect("it is exported");
    file.1.lines().map(|it| serde_json::from_str(it).expect("a line of JSON")).collect()
}

/// Sends again what got no answer, as an outbox does.
fn send_again(visitor: &mut Visitor, ledger: &Ledger, scene: &Scene) {
    let csrf = visitor.get("/help").csrf().expect("the session outlives the kills");
    for (id, _) in ledger.logged.iter().filter(|it| !it.1) {
        let answer = log(visitor, &csrf, id, &words(id));
        assert!(answer.is_some_and(|it| it.status < 300));
    }
    for (id, _) in ledger.repeated.iter().filter(|it| !it.1) {
        let body = serde_json::json!({ "key": id, "same_as": scene.first });
        let answer = visitor.send("/api/v1/inquiries", &csrf, &body);
        assert!(answer.is_some_and(|it| it.status < 300));
    }
}

#[track_caller]
fn check_inquiries(rows: &[Value], ledger: &Ledger, scene: &Scene) {
    let mut found: BTreeMap<String, &Value> = BTreeMap::new();
    for row in rows {
        let id = format!("inq_{}", row["id"].as_str().expect("an id"));
        assert!(found.insert(id, row).is_none(), "twice: {row}");
    }
    for id in ledger.logged.keys() {
        let row = found.get(id).unwrap_or_else(|| panic!("lost: {id}"));
        assert_eq!(row["text"], words(id), "altered");
        let outcome = row["outcome"]["name"].as_str().expect("it has one");
        let may_be = ledger.outcomes.get(id);
        assert!(may_be.is_none_or(|it| it.contains(outcome)), "{id}: {outcome}, not {may_be:?}");
        let removed = row["removed"].as_bool().unwrap_or(false);
        let may_be = ledger.removed.get(id);
        assert!(may_be.is_none_or(|it| it.contains(&removed)), "{id}: undo is not exact");
    }
    let first = scene.first.trim_start_matches("inq_").replace('-', "");
    let is_repeat = |it: &&Value| it["outcome"]["inquiry"].to_string().contains(&first);
    let counted = rows.iter().filter(is_repeat).count();
    assert_eq!(counted, ledger.repeated.len(), "the sum of all +1");
    let place = found[&scene.moved]["topic"].to_string();
    let is_there = |it: &String| place == it.trim_start_matches('T');
    assert!(ledger.places.iter().any(is_there), "{place}, not {:?}", ledger.places);
}

/// Of all who changed the same version, exactly one at the most was taken, and the last is kept.
#[track_caller]
fn check_names(rows: &[Value], ledger: &Ledger) {
    let mut taken: BTreeMap<u32, &str> = BTreeMap::new();
    for (version, name, _) in ledger.names.iter().filter(|it| it.2 == Some(true)) {
        let before = taken.insert(*version, name);
        assert!(before.is_none(), "both {before:?} and {name} were taken at version {version}");
    }
    let last = taken.last_key_value().map(|(version, name)| (*version, *name));
    let (version, name) = last.expect("somebody was taken");
    let kept = rows.iter().filter_map(|it| it["name"].as_str()).collect::<Vec<_>>();
    let later = ledger.names.iter().filter(|it| it.2.is_none() && version < it.0);
    let may_be: Vec<&str> = later.map(|it| it.1.as_str()).chain([name]).collect();
    assert!(kept.iter().any(|it| may_be.contains(it)), "{kept:?}, not {may_be:?}");
    let refused = ledger.names.iter().filter(|it| it.2 == Some(false)).count();
    println!("{} names taken, {refused} refused since somebody was first", taken.len());
}

#[test]
fn histories_hold_through_kills() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut visitor = service.set_up();
    let scene = scene(&mut visitor);
    let mut ledger = Ledger::default();
    ledger.places.insert(scene.topics[1].clone());
    for round in 0..rounds() {
        visitor.address = service.address;
        let is_ready = || visitor.clone().get("/topics").status == 200;
        assert!(wait(Duration::from_secs(30), is_ready));
        ledger.add(run_round((&mut service, &visitor), (round, &scene)));
        service = Service::start(folder.path());
    }
    visitor.address = service.address;
    send_again(&mut visitor, &ledger, &scene);
    service.kill();
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
    let exported = export(folder.path());
    check_inquiries(&rows(&exported, "inquiries.jsonl"), &ledger, &scene);
    check_names(&rows(&exported, "topics.jsonl"), &ledger);
    let (logged, repeated) = (ledger.logged.len(), ledger.repeated.len());
    println!("{} rounds: {logged} questions, {repeated} times +1", rounds());
}
