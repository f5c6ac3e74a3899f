//! One long story, read by every newcomer first: Monday's calls become topics, two are gaps, an
//! editor takes one and links a page, the page is mended, the next crawl verifies it, and the
//! letter says so.

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use skranke::clock::Clock;
use skranke::schedule::Job;

use crate::harness::mail;
use crate::harness::program::run;
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};
use crate::harness::website::{Reply, Website};

/// What people ask on Monday, as reception types it.
pub(crate) const CALLS: [&str; 10] = [
    "når opnar symjehallen på laurdag",
    "symjehallen opningstid laurdag",
    "når åpner svømmehallen lørdag?",
    "når opnar symjehallen på laurdag",
    "kva kostar barnehageplass i månaden",
    "pris på barnehageplass",
    "kva kostar ein barnehageplass",
    "er det lov å ha høns i hagen",
    "har me lov til å ha høns i hagen i byggjefelt",
    "høns i hagen lov, fnr 01818510078",
];

pub(crate) fn page(title: &str, text: &str) -> Reply {
    let links = "<a href='/barnehage'>Barnehage</a> <a href='/symjehall'>Symjehallen</a> \
        <a href='/bibliotek'>Biblioteket</a>";
    let html = format!(
        "<html lang='nn'><head><title>{title}</title></head><body><nav>{links}</nav>\
         <main><h1>{title}</h1>{text}</main></body></html>"
    );
    Reply::Page(html)
}

pub(crate) fn website() -> Website {
    Website::start(&[
        ("/", page("Fjordvik kommune", "<p>Velkomen til heimesida vår.</p>")),
        ("/bibliotek", page("Biblioteket", "<p>Lån bøker og film.</p>")),
        ("/symjehall", page("Symjehallen", "<p>Symjehallen ligg ved skulen i Vika.</p>")),
        (
            "/barnehage",
            page(
                "Kva kostar barnehageplass",
                "<p>Pris: ein barnehageplass kostar 2 000 kroner i månaden.</p>",
            ),
        ),
    ])
}

pub(crate) fn mended() -> Reply {
    page(
        "Symjehallen",
        "<h2 id='opning'>Opningstid</h2><p>Når opnar symjehallen? Laurdag opnar symjehallen \
         klokka 10. Opningstid laurdag: 10–16.</p>",
    )
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Adds the website by the form in Admin.
#[track_caller]
pub(crate) fn add_site(admin: &mut Visitor, website: &Website) {
    let version = admin.get("/admin/sites").hidden("version");
    let start = website.at("/");
    let site = [
        ("version", version.as_str()),
        ("change", "add"),
        ("start", start.as_str()),
        ("allow_private", "yes"),
        ("pace_ms", "0"),
        ("pages_max", "100"),
    ];
    let answer = admin.submit("/admin/sites", "/admin/sites", &site);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Logs a question by the form on the log screen, and hands the next page over.
#[track_caller]
pub(crate) fn log(reception: &mut Visitor, question: &str) -> Answer {
    let key = reception.get("/").hidden("key");
    let fields = [("key", key.as_str()), ("text", question), ("channel", "phone"), ("act", "save")];
    let answer = reception.submit("/", "/log", &fields);
    assert_eq!((answer.status, answer.location()), (303, "/"), "{}", answer.body);
    reception.get("/")
}

/// The gap about some words, as its line in the list of the interface.
pub(crate) fn gap(editor: &mut Visitor, words: &str) -> serde_json::Value {
    let list = editor.get("/api/v1/gaps?state=all").json();
    let gaps = list["items"].as_array().cloned().unwrap_or_default();
    let found = gaps.iter().find(|it| it["name"].as_str().is_some_and(|it| it.contains(words)));
    found.unwrap_or_else(|| panic!("no gap about {words} in {list}")).clone()
}

/// Takes a step on a gap by the form on its screen.
#[track_caller]
pub(crate) fn step(editor: &mut Visitor, gap: &str, fields: &[(&str, &str)]) {
    let on = format!("/gaps/{gap}");
    let version = editor.get(&on).hidden("version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    let answer = editor.submit(&on, &on, &all);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Runs a command in this process, by the story's clock.
#[track_caller]
fn command(data: &Path, arguments: &[&str], clock: &Clock) {
    let all = ["skranke", "--data", &data.to_string_lossy()].map(Into::into);
    let all = all.into_iter().chain(arguments.iter().map(Into::into));
    assert_eq!(skranke::cli::run_at(all, clock.clone()), ExitCode::SUCCESS, "{arguments:?}");
}

#[test]
fn mondays_calls_become_gaps_and_a_mended_page_is_verified_and_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let clock = Clock::fixed(at("2026-03-02T07:00:00Z"));
    let website = website();
    let town = Town::open(&data, &clock);

    // Before the doors open, the administrator sets up; adding the site starts its first crawl.
    let mut admin = town.set_up();
    let mut reception = add(&mut admin, "reception");
    add(&mut admin, "editor");
    add_site(&mut admin, &website);
    town.wait_for(Job::Crawl);
    assert!(admin.get("/admin/sites").body.contains("4 "), "four pages were read");

    // Monday: ten calls. The look-up shows the page that answers; a number is masked.
    for (n, question) in CALLS.iter().enumerate() {
        clock.advance_to(at("2026-03-02T08:00:00Z"));
        clock.advance_by(jiff::SignedDuration::from_mins(n as i64 * 20));
        let shown = log(&mut reception, question).body;
        let words = question.split(',').next().unwrap_or_default();
        assert!(shown.contains(words), "it stands among the last: {shown}");
        assert!(!shown.contains("01818510078"));
    }
    assert!(reception.get("/").body.contains("[fødselsnummer]"));

    // That night the topics are made: prices are answered, the hall and the hens are not.
    clock.advance_to(at("2026-03-03T01:30:00Z"));
    let mut admin = Visitor::sign_in(town.address, "marit");
    let mut editor = Visitor::sign_in(town.address, "editor");
    town.run(&mut admin, Job::Topics);
    let list = editor.get("/api/v1/gaps").json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    let hall = gap(&mut editor, "symjehall");
    let number = hall["topic"].as_str().expect("a number").to_owned();
    assert_eq!(hall["inquiries"], 4);
    assert_eq!(gap(&mut editor, "høns")["verdict"], "missing");

    // Wednesday: an editor takes the hall and links the page that she means to mend.
    clock.advance_to(at("2026-03-04T12:00:00Z"));
    let mut editor = Visitor::sign_in(town.address, "editor");
    step(&mut editor, &number, &[("step", "take")]);
    assert_eq!(gap(&mut editor, "symjehall")["state"], "taken");
    step(&mut editor, &number, &[("step", "link_page"), ("address", &website.at("/symjehall"))]);
    assert_eq!(gap(&mut editor, "symjehall")["state"], "done");

    // Thursday: the page is mended; the night's crawl asks the same questions of it.
    website.set("/symjehall", mended());
    clock.advance_to(at("2026-03-06T01:30:00Z"));
    let mut admin = Visitor::sign_in(town.address, "marit");
    let mut editor = Visitor::sign_in(town.address, "editor");
    town.run(&mut admin, Job::Crawl);
    let hall = gap(&mut editor, "symjehall");
    assert_eq!((&hall["state"], &hall["topic"]), (&"verified".into(), &number.clone().into()));

    // Monday: the letter tells that the hall is done and the hens are waiting.
    clock.advance_to(at("2026-03-09T06:00:00Z"));
    drop(town);
    command(&data, &["digest", "--week", "2026-W10"], &clock);
    let letter = mail::read(&data.join("outbox/2026-W10.eml"));
    assert!(letter.header("Subject").contains("10"), "{}", letter.header("Subject"));
    assert!(letter.text.contains(&number), "{}", letter.text);
    assert!(!letter.html.contains("01818510078"));

    // The views can be thrown away: what they said, they say again.
    let before = run(&data, &["report", "--format", "csv"]);
    assert!(run(&data, &["verify"]).contains("0 differences"));
    run(&data, &["reindex"]);
    assert_eq!(run(&data, &["report", "--format", "csv"]), before);
}
