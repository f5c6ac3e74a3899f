//! Journals that earlier versions wrote, kept byte by byte: every later version must read them
//! and make the same of them. The newest holds every kind of record. None is ever made anew: a new
//! form of records gets a folder of its own beside the others. What rows tell may grow: since the
//! fourth form, older readers and letters are exported with the fields that came then.

mod lists;
mod people;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use skranke::app::{
    App, Decider, ImportFile, NewReader, OpenOptions, Post, TopicDecision, Tried, Whom,
};
use skranke::clock::Clock;
use skranke::digest::Edition;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::import::Reading;
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Inquiry, Outcome, Source};
use skranke::messages::Lang;
use skranke::organisation::Site;
use skranke::page::{Parser, SiteAnswer, read_pages};
use skranke::people::By;
use skranke::post::{Chat, ChatKind, LinkFor, NoticeOf, Often, Outcome as LetterEnd, Way, Wishes};
use skranke::record::Kind;
use skranke::review::Step;
use skranke::schedule::Task;
use skranke::topic::Scope;

use crate::harness::program::run;
use crate::harness::website::{Reply, Website};

/// The streams of a data folder that cannot be made anew.
const STREAMS: [&str; 2] = ["journal", "pages"];

/// The forms of records that were ever written: pages and crawls have a second one, settings and
/// proofs a third, readers and letters a fourth, people, tokens and the audit a fifth, people and
/// tokens a sixth, in which all kinds of today stand.
const FORMS: [u32; 6] = [1, 2, 3, 4, 5, 6];

fn golden(form: u32) -> PathBuf {
    let name = format!("tests/fixtures/journal-{form}");
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn newest() -> PathBuf {
    golden(FORMS[FORMS.len() - 1])
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copied");
    }
}

#[test]
fn an_old_journal_reads_as_it_did() {
    if is_wanted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        make(&folder.path().join("first"));
    }
    FORMS.into_iter().for_each(|form| reads_as_it_did(&golden(form)));
}

#[track_caller]
fn reads_as_it_did(golden: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    STREAMS.iter().for_each(|it| copy(&golden.join(it), &data.join(it)));
    run(&data, &["export", &out.to_string_lossy()]);
    for kind in Kind::ALL {
        let name = format!("{}.jsonl", kind.tree());
        let read = |folder: &Path| std::fs::read_to_string(folder.join(&name)).expect("a file");
        if !golden.join("export").join(&name).exists() {
            // A kind that came later: an old journal has none of it.
            assert_eq!(read(&out), "", "{name}");
            continue;
        }
        let expected = read(&golden.join("export"));
        assert!(!expected.is_empty(), "{name} holds a row");
        assert_eq!(read(&out), expected, "{name} of {}", golden.display());
    }
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

/// Readers with wishes of their own, and letters that went, wait, and never come.
fn send(app: &App, post: Post<'_>, by: By) {
    let often = Often::Monthly;
    let wishes = Wishes {
        often,
        edition: Edition::Desk,
        at: Some("tuesday 13:00".parse().expect("a time")),
        empty_too: false,
        notices: NoticeOf::ALL.into(),
    };
    let per = NewReader::new("Per", "per@example.com", Lang::Nb);
    app.add_reader(NewReader { wishes, asks: true, ..per }, by).expect("added");
    let chat = Chat {
        kind: ChatKind::Mattermost,
        address: "https://chat.example.org/hooks/abc".to_owned(),
        allow_private: false,
    };
    let chat = NewReader { chat: Some(chat), ..NewReader::new("Samtale", "", Lang::Nn) };
    app.add_reader(chat, by).expect("added");
    for name in ["siri", "anne"] {
        let mail = format!("{name}@example.org");
        app.add_reader(NewReader::new(name, mail, Lang::En), by).expect("added");
    }
    app.settle().expect("folded");
    app.make_notices(post).expect("asked");
    app.write_letters(post, &Task::default()).expect("written");
    app.settle().expect("folded");
    let waiting = app.next_letters((Way::Mail, post.from), 10).expect("read");
    assert_eq!(waiting.len(), 3, "two letters and a question");
    let says = |it: &str| it.to_owned();
    let ends = [
        Tried::Ended(LetterEnd::Sent, says("250 2.0.0 queued")),
        Tried::Ended(LetterEnd::NoSuchReader, says("550 5.1.1 no such user")),
        Tried::Later(says("450 4.2.1 busy")),
    ];
    for (letter, tried) in waiting.iter().zip(ends) {
        app.note_post(letter.entity, letter.reader, &tried).expect("noted");
    }
    app.settle().expect("folded");
    let asked = app.readers().into_iter().find(|it| it.row.waits).expect("Per");
    app.answer_by_link(&asked, LinkFor::Agree).expect("told");
    let refused = app.readers().into_iter().find(|it| it.row.refused.is_some()).expect("one");
    app.retry_reader(Id::from_uuid(refused.id), by).expect("told");
    app.settle().expect("folded");
}

/// Whether somebody wants the journal of a new form of records.
#[expect(clippy::disallowed_methods, reason = "a test's own setting")]
fn is_wanted() -> bool {
    std::env::var("SKRANKE_GOLDEN").is_ok_and(|it| it == "make") && !newest().exists()
}

/// Writes the journal, once, through the verbs that people use.
fn make(data: &Path) {
    let clock = Clock::fixed("2026-03-02T08:00:00Z".parse().expect("a time"));
    let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
    let options = OpenOptions { data: data.to_owned(), clock: clock.clone(), zone };
    let app = App::open(options).expect("opened");
    let by = people::make(&app);
    take_site(&app, by);
    log(&app, &clock, by);
    app.group().expect("grouped");
    app.settle().expect("folded");
    decide(&app, by);
    clock.advance_by(SignedDuration::from_hours(24 * 7));
    app.after_crawl().expect("judged");
    app.settle().expect("folded");
    call_again(&app, &clock, by);
    lists::make(&app, by);
    let (week, base) = (app.week().plus(-1), "http://127.0.0.1:8080/".parse().expect("an address"));
    let outbox = data.join("outbox");
    let post = Post {
        week,
        whom: Whom::Everybody,
        ..app.posting(&outbox, (&base, "skranke@example.org"), false)
    };
    app.write_letters(post, &Task::default()).expect("written");
    app.settle().expect("folded");
    send(&app, Post { has_server: true, ..post }, by);
    app.close();
    drop(app);
    run(data, &["jobs", "run", "topics"]);
    STREAMS.iter().for_each(|it| copy(&data.join(it), &newest().join(it)));
    run(data, &["export", &newest().join("export").to_string_lossy()]);
}

fn take_site(app: &App, by: By) {
    let page = |name: &str, text: &str| {
        let url = format!("https://www.example.org/{name}");
        format!("{}\n", serde_json::json!({ "url": url, "title": name, "text": text }))
    };
    let pages = page("Barnehage", "Ein barnehageplass kostar 2 000 kroner i månaden.");
    let both = pages.clone() + &page("Gamalt", "Noko som snart er borte.");
    for site in [both, pages] {
        app.take_pages("https://www.example.org/", &read_pages(&site).0, by).expect("taken");
        app.settle().expect("folded");
    }
}

fn log(app: &Arc<App>, clock: &Clock, by: By) {
    let asked = [
        ("når opnar symjehallen på laurdag", Channel::Phone, Outcome::Unknown),
        ("symjehallen opningstid laurdag", Channel::Desk, Outcome::NotOnSite),
        ("når opnar symjehallen på laurdag", Channel::Email, Outcome::PassedOn),
        ("kva kostar barnehageplass", Channel::Chat, Outcome::Answered),
        ("pris på barnehageplass", Channel::Social, Outcome::OwnCase),
        ("er det lov å ha høns i hagen", Channel::Letter, Outcome::Unknown),
    ];
    let mut ids: Vec<Id<Inquiry>> = vec![];
    for (text, channel, outcome) in asked {
        clock.advance_by(SignedDuration::from_mins(10));
        ids.push(Id::new(app.now()));
        app.log(entry(app, ids[ids.len() - 1], (Some(text), channel, outcome), by))
            .expect("logged");
    }
    let address = "https://www.example.org/Barnehage".to_owned();
    let more = [Outcome::Page { address }, Outcome::SameAs { inquiry: ids[0] }];
    for outcome in more {
        ids.push(Id::new(app.now()));
        let said = (None, Channel::Phone, outcome);
        app.log(entry(app, ids[ids.len() - 1], said, by)).expect("logged");
    }
    app.settle().expect("folded");
    let note = Some("Han er open frå ti, ring 01 23 45 67".to_owned());
    app.edit_inquiry(ids[1], |entry| Entry { note, ..entry }).expect("corrected");
    app.settle().expect("folded");
    for removed in [true, false, true] {
        app.set_removed(ids[5], removed, by).expect("removed");
        app.settle().expect("folded");
    }
    let bytes = "tekst;kanal\nhar de ledige hybler;telefon\n".as_bytes();
    let reading = &Reading::plain(app.zone.clone());
    let file = ImportFile { name: "gammal.csv", source: "gammal.csv", bytes, reading, by };
    app.import(file).expect("imported");
}

fn entry(
    app: &App,
    id: Id<Inquiry>,
    (text, channel, outcome): (Option<&str>, Channel, Outcome),
    by: By,
) -> Entry {
    Entry {
        id,
        text: text.map(str::to_owned),
        asked: app.now(),
        channel,
        desk: "Rådhuset".to_owned(),
        outcome,
        note: None,
        count: 1,
        counts_only: text.is_none(),
        source: Source::Screen,
        by,
        keep: Kinds::NONE,
    }
}

fn decide(app: &App, by: By) {
    let who = Decider { by, version: None };
    let (hall, price) = (TopicNumber(1), TopicNumber(2));
    let step = |topic, step| {
        app.step(topic, step, who).expect("the step is taken");
        app.settle().expect("folded");
    };
    let owner = by.expect("somebody");
    step(hall, Step::Take { owner });
    step(hall, Step::Release);
    step(hall, Step::Undo);
    step(hall, Step::LinkPage { address: "https://www.example.org/Barnehage".to_owned() });
    step(price, Step::Snooze { until: app.now() + SignedDuration::from_hours(48) });
    step(price, Step::Reopen);
    step(price, Step::LinkPage { address: "https://www.example.org/Barnehage".to_owned() });
    let lines = app.lines_of(hall);
    let split = app.split(hall, &[lines[0].id], by).expect("split");
    app.settle().expect("folded");
    let decisions = [
        TopicDecision::Rename("Opningstid i symjehallen".to_owned()),
        TopicDecision::SetScope(Scope::OwnCase),
        TopicDecision::Merge(hall),
        TopicDecision::Unmerge,
    ];
    for decision in decisions {
        app.decide_topic(split, decision, who).expect("decided");
        app.settle().expect("folded");
    }
    app.move_inquiry(lines[0].id, Some(hall), by).expect("moved");
    app.settle().expect("folded");
}

/// A mended page is verified, calls return and open the gap again, the live assignment places
/// them, and an editor has had enough.
fn call_again(app: &Arc<App>, clock: &Clock, by: By) {
    app.start_live();
    for _ in 0..4 {
        clock.advance_by(SignedDuration::from_hours(1));
        let said = (Some("kva kostar barnehageplass"), Channel::Phone, Outcome::Unknown);
        app.log(entry(app, Id::new(app.now()), said, by)).expect("logged");
    }
    assert!(app.settle_assigned(), "the live assignment has placed them");
    app.after_crawl().expect("judged");
    app.settle().expect("folded");
    let reason = "Står på sida".to_owned();
    let who = Decider { by, version: None };
    app.step(TopicNumber(2), Step::Dismiss { reason, inquiries: 6 }, who).expect("dismissed");
    // A site that does not answer: the crawl says so.
    let site = Site { allow_private: true, pace_ms: 0, ..Site::new("http://127.0.0.1:1/") };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let crawled = runtime.block_on(app.crawl(&site, &Parser::InProcess, by));
    assert!(crawled.is_err(), "nobody listens there");
    read_site(app, clock, by);
}

/// A site that is as before, is in trouble, is well again, and loses most of its pages.
fn read_site(app: &Arc<App>, clock: &Clock, by: By) {
    let pages = ["/a", "/b", "/c", "/d"];
    let links: String = pages.iter().map(|it| format!("<a href='{it}'>{it}</a> ")).collect();
    let tagged = |tag: &str, text: &str| Reply::Tagged(tag.to_owned(), text.to_owned());
    let website = Website::start(&[("/", tagged("1", &format!("<p>Velkomen.</p>{links}")))]);
    let own = |it: &str| format!("<title>Om {it}</title><link rel=alternate hreflang=nb href=/nb>");
    let set = |it: &str| website.set(it, tagged("1", &format!("{}<p>Dette er {it}.", own(it))));
    pages.iter().for_each(|it| set(it));
    let site = Site { allow_private: true, pace_ms: 0, ..Site::new(&website.at("/")) };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let crawl = || {
        clock.advance_by(SignedDuration::from_hours(24));
        runtime.block_on(app.crawl(&site, &Parser::InProcess, by)).expect("read");
        app.settle().expect("folded");
    };
    crawl();
    website.set("/a", Reply::Status(503));
    website.set("/b", tagged("2", &format!("{}<p>Dette er noko anna.", own("/b"))));
    crawl();
    set("/a");
    crawl();
    pages.iter().for_each(|it| website.set(it, Reply::Status(410)));
    crawl();
    assert_eq!(app.answer_site(&site.start, SiteAnswer::Accept, by).expect("answered"), 4);
    app.settle().expect("folded");
}
