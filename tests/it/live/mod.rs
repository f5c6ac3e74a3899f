//! Beside the service: what is logged is found and finds its topic at once.

mod evidence;
mod worked;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::{App, Decider, OpenOptions, TopicDecision, verify};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Inquiry, Outcome, Source};
use skranke::lookup::{FoundQuestion, LookUp};
use skranke::page::{Body, FilePage, Passage};
use skranke::record::Change;
use skranke::topic::{Run, RunEvent, RunRow};

const SECOND: Duration = Duration::from_secs(1);
/// For what takes as long as it takes on a busy machine.
const LONG: Duration = Duration::from_secs(60);

fn now() -> Timestamp {
    "2026-03-04T10:00:00Z".parse().expect("a time")
}

fn open(data: &Path) -> Arc<App> {
    let (clock, zone) = (Clock::fixed(now()), TimeZone::UTC);
    let app = App::open(OpenOptions { data: data.to_owned(), clock, zone }).expect("it opens");
    app.start_live();
    assert!(wait(LONG, || app.assigned_through() == app.journal.position().seq));
    app
}

fn entry(text: Option<&str>, outcome: Outcome) -> Entry {
    Entry {
        id: Id::new(now()),
        text: text.map(str::to_owned),
        asked: now(),
        channel: Channel::Phone,
        desk: String::new(),
        outcome,
        note: None,
        count: 1,
        counts_only: false,
        source: Source::Screen,
        by: None,
        keep: Kinds::NONE,
    }
}

fn log(app: &App, text: &str) -> Id<Inquiry> {
    app.log(entry(Some(text), Outcome::Unknown)).expect("it is logged").id
}

fn wait(time: Duration, is_there: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while !is_there() {
        if time < begun.elapsed() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
    true
}

fn topic_of(app: &App, id: Id<Inquiry>) -> Option<TopicNumber> {
    app.state.inquiries.columns().of_id(id).and_then(|it| it.topic)
}

fn found(app: &App, query: &str) -> LookUp {
    assert!(app.settle_index(LONG));
    app.look_up(query, 5, 5).expect("the view answers")
}

fn questions(app: &App, query: &str) -> Vec<String> {
    found(app, query).questions.into_iter().map(|it: FoundQuestion| it.text).collect()
}

pub(crate) fn take_pages(app: &App, pages: &[(&str, &str, &str)]) {
    let page = |(url, title, text): &(&str, &str, &str)| FilePage {
        url: format!("https://www.example.org/{url}"),
        body: Body {
            title: (*title).to_owned(),
            passages: vec![Passage {
                path: vec![],
                heading: (*title).to_owned(),
                anchor: Some("her".to_owned()),
                text: (*text).to_owned(),
                norm: skranke_index::detect(text).into(),
            }],
        },
    };
    let pages: Vec<FilePage> = pages.iter().map(page).collect();
    app.take_pages("https://www.example.org/", &pages, None).expect("they are taken in");
}

fn check_verified(data: &Path) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let outcome = verify(data, scratch.path()).expect("it can be checked");
    assert_eq!(outcome.differences, Vec::<String>::new());
}

#[test]
fn each_of_many_calls_is_found_within_a_second() {
    const THINGS: [&str; 10] = [
        "barnehage",
        "sjukeheim",
        "kulturskule",
        "feieren",
        "hyttetomt",
        "gravplass",
        "bassenget",
        "skjenkeløyve",
        "renovasjon",
        "parkering",
    ];
    const ASKED: [&str; 10] = [
        "fristen",
        "prisen",
        "opningstida",
        "klagen",
        "skjemaet",
        "adressa",
        "regelen",
        "ventelista",
        "rekninga",
        "kontakten",
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    assert!(app.settle_index(LONG));
    for n in 0..200 {
        let (thing, asked) = (THINGS[n % 10], ASKED[n / 10 % 10]);
        let text = format!("{asked} for {thing} nummer{n}");
        let id = log(&app, &text);
        let is_found = || {
            let found = app.look_up(&text, 0, 3).expect("the view answers");
            found.questions.first().is_some_and(|it| it.id == id)
        };
        assert!(wait(SECOND, is_found), "{text}");
    }
}

#[test]
fn three_alike_share_a_topic_at_once_and_a_run_keeps_its_number() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let alone = log(&app, "er det lov å ha høns i hagen");
    let same = ["når opnar symjehallen", "Når opnar svømmehallen?", "når opnar symjehallen i dag"];
    let ids = same.map(|text| log(&app, text));
    let shared = || {
        topic_of(&app, ids[0])
            .is_some_and(|topic| ids.iter().all(|id| topic_of(&app, *id) == Some(topic)))
    };
    assert!(wait(SECOND, shared));
    assert_eq!(topic_of(&app, alone), None);
    let number = topic_of(&app, ids[0]);
    let written = app.journal.position().seq;
    app.close();
    drop(app);

    let app = open(folder.path());
    assert!(shared_again(&app, &ids, number));
    assert_eq!(app.journal.position().seq, written, "a restart decides nothing again");
    app.group().expect("the run comes to its end");
    app.settle().expect("the view follows");
    assert!(shared_again(&app, &ids, number), "a run keeps the number");
    app.close();
    drop(app);
    check_verified(folder.path());
}

fn shared_again(app: &App, ids: &[Id<Inquiry>], number: Option<TopicNumber>) -> bool {
    ids.iter().all(|id| topic_of(app, *id) == number)
}

#[test]
fn repeats_go_with_what_they_repeat_and_editors_win() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let first = log(&app, "kva kostar SFO");
    let repeat = Outcome::SameAs { inquiry: first };
    let waiting = app.log(entry(None, repeat.clone())).expect("it is logged").id;
    let second = log(&app, "hva koster SFO?");
    assert!(wait(SECOND, || topic_of(&app, waiting).is_some()), "it came along");
    let topic = topic_of(&app, first);
    assert_eq!((topic_of(&app, second), topic_of(&app, waiting)), (topic, topic));
    let later = app.log(entry(None, repeat)).expect("it is logged").id;
    assert!(wait(SECOND, || topic_of(&app, later) == topic));

    app.move_inquiry(second, None, None).expect("moved");
    let third = log(&app, "hva koster sfo");
    assert!(wait(SECOND, || topic_of(&app, third) == topic));
    assert_eq!(topic_of(&app, second), None, "what an editor has placed stays");

    let into = app.split(topic.expect("it has one"), &[third], None).expect("split");
    app.settle().expect("the view follows");
    let decider = Decider { by: None, version: None };
    let merge = TopicDecision::Merge(into);
    app.decide_topic(topic.expect("it has one"), merge, decider).expect("merged");
    app.settle().expect("the view follows");
    let fourth = log(&app, "kva kostar SFO");
    assert!(wait(SECOND, || topic_of(&app, fourth) == Some(into)), "a merged topic is its whole");
    app.close();
    drop(app);
    check_verified(folder.path());
}

/// Nobody is told that somebody else was first when it was only the view that had not seen it.
#[test]
fn a_question_can_be_moved_again_before_the_view_has_seen_the_first_move() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let moved = log(&app, "kva kostar SFO");
    log(&app, "hva koster SFO?");
    assert!(wait(SECOND, || topic_of(&app, moved).is_some()));
    let topic = topic_of(&app, moved);
    for _ in 0..50 {
        app.move_inquiry(moved, None, None).expect("moved");
        app.move_inquiry(moved, topic, None).expect("moved back");
    }
    app.settle().expect("the view follows");
    assert_eq!(topic_of(&app, moved), topic);
}

#[test]
fn imported_inquiries_wait_for_the_full_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let mut imported = entry(Some("kva kostar SFO"), Outcome::Unknown);
    imported.source = Source::Import;
    let imported = app.log(imported).expect("it is logged").id;
    assert!(app.settle_assigned());
    assert_eq!(topic_of(&app, imported), None);
    let logged = log(&app, "kva kostar SFO");
    assert!(wait(SECOND, || topic_of(&app, logged).is_some()), "a call may pair with one");
    assert_eq!(topic_of(&app, imported), topic_of(&app, logged));
}

#[test]
fn what_was_decided_after_the_look_wins() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (clock, zone) = (Clock::fixed(now()), TimeZone::UTC);
    let options = OpenOptions { data: folder.path().to_owned(), clock, zone };
    let app = App::open(options).expect("it opens");
    let logged = ["når opnar symjehallen", "kva kostar SFO"].map(|text| log(&app, text));
    let seqs = [1, 2];
    let tell = |entity, event: &RunEvent| {
        let change = Change { entity, version: None, now: now() };
        change.tell(&app.journal, event).expect("written")
    };
    let pairs = |topic| seqs.map(|seq| (seq, Some(TopicNumber(topic)))).to_vec();
    let looked = app.journal.position().seq;
    app.settle().expect("the view follows");
    app.move_inquiry(logged[1], None, None).expect("moved");
    let part = Id::<Run>::new(now()).uuid();
    tell(part, &RunEvent::Changes { pairs: pairs(9) });
    tell(RunRow::live(), &RunEvent::Assigned { pairs: pairs(5), through: looked });
    let changes = vec![part];
    let committed = RunEvent::Committed { based_on: looked, changes, topics: 1, alone: 0 };
    tell(Id::<Run>::new(now()).uuid(), &committed);
    // Decided by a look from before the assignment: too late.
    tell(RunRow::live(), &RunEvent::Assigned { pairs: pairs(7), through: looked });
    app.settle().expect("the view follows");
    assert_eq!(logged.map(|id| topic_of(&app, id)), [Some(TopicNumber(5)), None]);
    app.close();
    drop(app);
    check_verified(folder.path());
}

#[test]
fn what_is_corrected_taken_back_or_gone_is_no_longer_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let id = log(&app, "når opnar symjehallen");
    take_pages(
        &app,
        &[
            ("symjehall", "Symjehallen", "Opningstid i symjehallen: frå klokka 10."),
            ("barnehage", "Barnehage", "Fristen for å søkje barnehageplass er 1. mars."),
        ],
    );
    let passages = |query: &str| -> Vec<String> {
        found(&app, query).passages.into_iter().map(|it| it.address).collect()
    };
    assert_eq!(passages("opningstid symjehallen"), ["https://www.example.org/symjehall#her"]);
    assert_eq!(passages("barneha"), ["https://www.example.org/barnehage#her"]);
    assert_eq!(passages("asbest i taket"), Vec::<String>::new());
    assert_eq!(questions(&app, "symjehallen"), ["når opnar symjehallen"]);

    let edit = |entry: Entry| Entry { text: Some("kva kostar SFO".to_owned()), ..entry };
    app.edit_inquiry(id, edit).expect("corrected");
    assert_eq!(questions(&app, "symjehallen"), Vec::<String>::new());
    assert_eq!(questions(&app, "sfo kostar"), ["kva kostar SFO"]);
    app.settle().expect("the view follows");
    app.set_removed(id, true, None).expect("taken back");
    assert_eq!(questions(&app, "sfo"), Vec::<String>::new());
    app.settle().expect("the view follows");
    app.set_removed(id, false, None).expect("undone");
    assert_eq!(questions(&app, "sfo"), ["kva kostar SFO"]);
    take_pages(&app, &[("barnehage", "Barnehage", "Me har to barnehagar.")]);
    assert_eq!(passages("opningstid symjehallen"), Vec::<String>::new());
    assert_eq!(app.index_counts(), Some((1, 1)));
}

#[test]
fn a_damaged_index_is_moved_aside_and_made_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    log(&app, "kva kostar SFO");
    assert_eq!(questions(&app, "sfo"), ["kva kostar SFO"]);
    app.close();
    drop(app);
    let index = folder.path().join("index");
    for part in ["inquiries", "passages"] {
        std::fs::write(index.join(part).join("meta.json"), "{}").expect("written");
    }
    let app = open(folder.path());
    assert_eq!(questions(&app, "sfo"), ["kva kostar SFO"]);
    app.close();
    let names = std::fs::read_dir(folder.path()).expect("the data folder");
    let names = names.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|it| it.starts_with("index.damaged-")).count(), 1);
    drop(app);
    std::fs::write(index.join("stamp"), "analyzer 0\n").expect("written");
    let app = open(folder.path());
    assert_eq!(questions(&app, "sfo"), ["kva kostar SFO"]);
}

#[test]
fn logging_needs_no_index() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("index"), "in the way").expect("written");
    let app = open(folder.path());
    let ids = ["kva kostar SFO", "kva kostar SFO?"].map(|text| log(&app, text));
    assert!(wait(SECOND, || topic_of(&app, ids[1]).is_some()));
    let found = app.look_up("sfo", 3, 3).expect("the view answers");
    assert!(found.is_down && found.passages.is_empty() && found.questions.is_empty());
}
