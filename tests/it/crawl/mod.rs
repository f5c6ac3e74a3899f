//! A real website on loopback, read by the program and by the application.

mod again;
mod dated;
mod hostile;
mod memory;
mod remembered;
mod screens;
mod secure;
mod stalled;
mod traps;
mod twice;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use skranke::app::{App, CrawlOutcome, Decider, ImportFile, OpenOptions, PagesOutcome};
use skranke::clock::Clock;
use skranke::id::TopicNumber;
use skranke::inquiry::import::Reading;
use skranke::net::{Manner, Patience};
use skranke::organisation::{Settings, Site};
use skranke::page::{Page, Parser, ReasonCode};
use skranke::review::{Gap, State, StateName, Step};

use crate::harness::program::{PROGRAM, run, told};
use crate::harness::website::{Reply, Website};

fn page(title: &str, text: &str, links: &[&str]) -> String {
    let links: String = links.iter().map(|it| format!("<a href='{it}'>{it}</a> ")).collect();
    format!(
        "<html lang=nn><title>{title} | Fjordvik</title><nav>{links}</nav>\
         <main><h1>{title}</h1>{text}</main>"
    )
}

/// A site with rules, a list, links, and a page of its own for each thing that can happen.
fn fjordvik() -> Website {
    let front = page("Fjordvik", "<p>Velkomen.</p>", &["/skule", "/hall", "/intern", "/kart.zip"]);
    let robots = "User-agent: *\nDisallow: /intern\nSitemap: /liste.xml\n".to_owned();
    let list = "<urlset><url><loc>/gamal</loc></url></urlset>".to_owned();
    let price = "<p>Innleiing.</p><h2 id=pris>Pris</h2><p>Ein plass kostar 2 000 kroner.</p>";
    Website::start(&[
        ("/", Reply::Tagged("1".into(), front)),
        ("/robots.txt", Reply::File("text/plain", robots)),
        ("/liste.xml", Reply::File("application/xml", list)),
        ("/skule", Reply::Tagged("1".into(), page("Skule", price, &["/skule/sfo"]))),
        ("/skule/sfo", Reply::Page(page("Sfo", "<p>Sfo opnar klokka 7.</p>", &[]))),
        ("/hall", Reply::Page(page("Symjehallen", "<p>Open laurdag.</p>", &["/borte"]))),
        ("/gamal", Reply::Page(page("Gamal side", "<p>Noko gammalt.</p>", &[]))),
        ("/intern", Reply::Page(page("Intern", "<p>Ikkje for alle.</p>", &[]))),
    ])
}

fn skranke(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("the program was built")
}

fn json_lines(file: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(file).expect("the file was written");
    text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
}

#[test]
fn a_site_is_read_into_a_file_and_into_a_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let site = fjordvik();
    let start = site.at("/");
    let quick = ["--allow-private", "--pace-ms", "0"];
    let out = at("pages.jsonl");
    let output = skranke(&[&["crawl", "--site", &start, "--out", &out][..], &quick].concat());
    assert!(output.status.success(), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("5 pages, 6 passages, "), "{said}");
    assert!(said.contains("1: robots.txt asks not to read it"), "{said}");
    assert!(said.contains("1: files of this kind are not read"), "{said}");
    assert!(said.contains("1: it answers with status 404"), "{said}");
    assert!(said.contains("/intern") && said.contains("/kart.zip") && said.contains("/borte"));
    assert!(!site.asked().iter().any(|it| it.ends_with("/intern")));
    let pages = json_lines(Path::new(&out));
    let titles: Vec<&str> = pages.iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(titles, ["Fjordvik", "Gamal side", "Skule", "Symjehallen", "Sfo"]);
    assert_eq!(pages[2]["text"], "Skule\nInnleiing.\n\nPris\nEin plass kostar 2 000 kroner.");

    std::fs::write(at("log.csv"), "tekst\nkva kostar skuleplass\nnår opnar sfo\n")
        .expect("written");
    let log = at("log.csv");
    for (from, out) in [(["--site", &start], at("one")), (["--pages", &out], at("two"))] {
        let all = [&["analyse", "--inquiries", &log, "--out", &out][..], &from].concat();
        let all = if from[0] == "--site" { [&all[..], &quick].concat() } else { all };
        let output = skranke(&all);
        assert!(output.status.success(), "{}", told(&output));
        let lines = json_lines(&Path::new(&out).join("inquiries.jsonl"));
        assert_eq!(lines[1]["urls"][0], site.at("/skule/sfo"));
    }
}

#[test]
fn a_private_address_needs_leave_and_a_site_and_a_file_exclude_each_other() {
    let output = skranke(&["crawl", "--site", "http://127.0.0.1:1/", "--out", "/nowhere/x"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("is not fetched"), "{}", told(&output));
    let both = ["analyse", "--inquiries", "a", "--out", "b", "--site", "c", "--pages", "d"];
    assert_eq!(skranke(&both).status.code(), Some(2));
}

fn open(data: &Path, clock: &Clock) -> Arc<App> {
    let zone = jiff::tz::TimeZone::UTC;
    let options = OpenOptions { data: data.to_owned(), clock: clock.clone(), zone };
    let app = App::open(options).expect("the data folder opens");
    app.set_manner(impatient());
    app
}

/// Servers of tests are given up, and asked again, soon.
fn impatient() -> Manner {
    let patience = Patience {
        headers: Duration::from_millis(1_000),
        grace: Duration::from_millis(1_000),
        total: Duration::from_secs(4),
    };
    Manner { patience, ..Manner::default() }
}

fn clock(at: &str) -> Clock {
    Clock::fixed(at.parse().expect("a time"))
}

fn settings(site: &Website) -> Site {
    Site { allow_private: true, pace_ms: 0, ..Site::new(&site.at("/")) }
}

fn crawl(app: &Arc<App>, site: &Website) -> CrawlOutcome {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let parser = Parser::child(PROGRAM.into());
    let outcome = runtime.block_on(app.crawl(&settings(site), &parser, None));
    app.settle().expect("the view follows");
    outcome.expect("the site is read")
}

fn row(app: &App, address: &str) -> skranke::page::PageRow {
    app.state.pages.get(Page::entity(address)).expect("the page is known").row.clone()
}

#[test]
fn the_next_crawl_takes_in_only_what_has_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T02:00:00Z");
    let app = open(folder.path(), &clock);
    let site = fjordvik();
    let first = crawl(&app, &site).pages;
    assert_eq!(first, PagesOutcome { new: 5, passages: 6, ..PagesOutcome::default() });
    site.asked();

    let next: Timestamp = "2026-03-03T02:00:00Z".parse().expect("a time");
    clock.advance_to(next);
    site.set("/hall", Reply::Page(page("Symjehallen", "<p>Open laurdag 10-16.</p>", &["/ny"])));
    site.set("/ny", Reply::Page(page("Ny", "<p>Noko nytt.</p>", &[])));
    site.set("/gamal", Reply::Status(410));
    site.set("/skule/sfo", Reply::Status(503));
    let second = crawl(&app, &site);
    let expected = PagesOutcome { new: 1, changed: 1, unchanged: 2, gone: 1, passages: 5 };
    assert_eq!(second.pages, expected);
    let asked = site.asked();
    assert!(asked.contains(&"304 /skule".to_owned()), "{asked:?}");
    // Only an unchanged page, which is not sent again, leads to it.
    assert!(asked.contains(&"503 /skule/sfo".to_owned()), "{asked:?}");
    assert!(!row(&app, &site.at("/skule/sfo")).gone, "a page that fails is not gone");
    assert!(row(&app, &site.at("/gamal")).gone);
    assert_eq!(row(&app, &site.at("/hall")).changed, next);
    assert_ne!(row(&app, &site.at("/skule")).changed, next);

    let third = crawl(&app, &site).pages;
    assert_eq!((third.new, third.changed, third.gone), (0, 0, 0));
    let crawls = app.state.crawls.all();
    let counts = crawls[1].row.counts.as_ref().expect("it came to its end");
    assert_eq!((counts.read, counts.new, counts.changed, counts.gone), (4, 1, 1, 1));
    assert!(counts.reasons.iter().any(|it| it.1 == ReasonCode::Status.naming(503)));
}

#[test]
fn a_site_that_cannot_be_read_changes_nothing_and_says_why() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path(), &clock("2026-03-02T02:00:00Z"));
    let site = fjordvik();
    crawl(&app, &site);
    site.set("/robots.txt", Reply::Status(500));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outcome = runtime.block_on(app.crawl(&settings(&site), &Parser::InProcess, None));
    assert!(outcome.is_err());
    app.settle().expect("the view follows");
    assert!(app.state.pages.all().iter().all(|it| !it.row.gone));
    let last = app.state.crawls.all().pop().expect("a crawl");
    let why = last.row.failed.clone().unwrap_or_default();
    assert!(why.contains("robots.txt") && why.contains("500"), "{why}");
}

#[test]
fn the_sites_of_the_organisation_are_read_by_the_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = fjordvik();
    let app = open(folder.path(), &Clock::System);
    let sites = vec![settings(&site)];
    let decider = Decider { by: None, version: None };
    app.set_settings(Settings { sites, ..Settings::default() }, decider).expect("they are set");
    app.close();
    drop(app);
    let said = run(folder.path(), &["crawl"]);
    assert!(
        said.contains("5 new, 0 changed, 0 unchanged, 0 gone, 6 passages, 3 left out"),
        "{said}"
    );
    let said = run(folder.path(), &["crawl"]);
    assert!(said.contains("0 new, 0 changed, 5 unchanged, 0 gone, 6 passages"), "{said}");
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
}

#[test]
fn a_hostile_page_costs_itself_and_is_named() {
    let deep = "<div>".repeat(100_000);
    let large = format!("<p>{}", "stor ".repeat(4 * 1024 * 1024));
    // Misnested formatting is rebuilt again and again: small on the wire, endless in the parser.
    let endless = format!("<p>{}{}", "<b><i><u>".repeat(160), "<p>x".repeat(60_000));
    let site = Website::start(&[
        ("/", Reply::Page(page("Framside", "<p>Hei.</p>", &["/djup", "/stor", "/evig", "/god"]))),
        ("/djup", Reply::Page(deep)),
        ("/stor", Reply::Page(large)),
        ("/evig", Reply::Page(endless)),
        ("/god", Reply::Page(page("God", "<p>Ei god side.</p>", &[]))),
    ]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path(), &Clock::System);
    let outcome = crawl(&app, &site);
    assert_eq!(outcome.pages.new, 2, "{:?}", outcome.report);
    let left_out: Vec<&str> =
        outcome.report.left_out.iter().map(|it| &it.0[site.address.len()..]).collect();
    assert_eq!(left_out, ["/djup", "/stor", "/evig"], "{:?}", outcome.report);
    let why = &outcome.report.left_out[2].1;
    assert!(why.code == ReasonCode::Limits, "the child has a limit: {why}");
    assert!(!row(&app, &site.at("/god")).gone);
}

fn log(app: &App, name: &str, rows: &str) {
    let bytes = format!("tidspunkt;tekst\n{rows}");
    let reading = &Reading::plain(app.zone.clone());
    let file = ImportFile { name, source: name, bytes: bytes.as_bytes(), reading, by: None };
    assert_eq!(app.import(file).expect("the file is read").faults, []);
}

fn state(app: &App, topic: TopicNumber) -> State {
    app.settle().expect("the view follows");
    app.state.gaps.get(Gap::entity(topic)).map_or(State::New, |it| it.row.state.clone())
}

#[test]
fn a_crawl_verifies_a_mended_gap_and_returning_calls_reopen_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = clock("2026-03-02T08:00:00Z");
    let app = open(folder.path(), &clock);
    let words = ["når opnar symjehallen på laurdag", "symjehallen opningstid laurdag"];
    let calls = |day: &str| words.map(|it| format!("2026-03-{day}T07:00:00Z;{it}\n")).concat();
    log(&app, "a.csv", &(calls("01") + &calls("02")));
    let others = ["skule", "barnehage", "hagebruk", "bibliotek"];
    let links: Vec<String> = others.iter().map(|it| format!("/{it}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).chain(["/hall"]).collect();
    let site = Website::start(&[("/", Reply::Page(page("Fjordvik", "<p>Hei.</p>", &links)))]);
    for name in others {
        let text = format!("<p>Opningstid: {name} er open laurdag, opnar klokka 9.</p>");
        site.set(&format!("/{name}"), Reply::Page(page(name, &text, &[])));
    }
    site.set("/hall", Reply::Page(page("Idrett", "<p>Om idrett i bygda.</p>", &[])));
    crawl(&app, &site);
    let outcome = app.after_crawl().expect("it is judged");
    assert_eq!((outcome.verified, outcome.not_yet, outcome.reopened), (0, 0, 0));
    let topic = app.topics().expect("topics")[0].number;

    let step = Step::LinkPage { address: site.at("/hall") };
    app.step(topic, step, Decider { by: None, version: None }).expect("the step is taken");
    for not_yet in [1, 0] {
        crawl(&app, &site);
        let outcome = app.after_crawl().expect("it is judged");
        assert_eq!((outcome.verified, outcome.not_yet), (0, not_yet), "it is said once");
        assert_eq!(state(&app, topic).name(), StateName::Done);
    }

    let hours = "<p>Når opnar symjehallen? Laurdag opnar symjehallen klokka 10.</p>";
    site.set("/hall", Reply::Page(page("Symjehallen: opningstid", hours, &[])));
    clock.advance_to("2026-03-03T02:00:00Z".parse().expect("a time"));
    crawl(&app, &site);
    assert_eq!(app.after_crawl().expect("it is judged").verified, 1);
    assert_eq!(state(&app, topic).name(), StateName::Verified);
    assert_eq!(app.after_crawl().expect("it is judged").reopened, 0);

    log(&app, "b.csv", &(calls("04") + &calls("05")));
    clock.advance_to("2026-03-06T02:00:00Z".parse().expect("a time"));
    assert_eq!(app.after_crawl().expect("it is judged").reopened, 0, "so many may be chance");
    log(&app, "c.csv", &calls("06"));
    clock.advance_to("2026-03-07T02:00:00Z".parse().expect("a time"));
    assert_eq!(app.after_crawl().expect("it is judged").reopened, 1);
    let State::Reopened { why, address, .. } = state(&app, topic) else { panic!("not reopened") };
    assert_eq!(address, Some(site.at("/hall")));
    assert_eq!(why, Some(skranke::review::Return::KeepsComing { inquiries: 6 }));
}

#[test]
fn what_repeats_over_a_site_is_not_searched_and_the_nearest_passage_is_the_right_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path(), &clock("2026-03-02T08:00:00Z"));
    log(&app, "a.csv", &"2026-03-01T07:00:00Z;når opnar symjehallen på laurdag\n".repeat(3));
    let names = ["skule", "barnehage", "hagebruk", "hall"];
    let links: Vec<String> = names.iter().map(|it| format!("/{it}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let box_of_all = "<p>Når opnar vi? Ring servicetorget på laurdag.</p><h2>Om</h2>";
    let front = page("Fjordvik", &format!("{box_of_all}<p>Hei.</p>"), &links);
    let site = Website::start(&[("/", Reply::Page(front))]);
    for name in names {
        let own = if name == "hall" { "Symjehallen opnar laurdag klokka 10." } else { name };
        let text = format!("{box_of_all}<p>{own}</p>");
        site.set(&format!("/{name}"), Reply::Page(page(name, &text, &[])));
    }
    crawl(&app, &site);
    app.after_crawl().expect("it is judged");
    app.settle().expect("the view follows");
    let topic = app.topics().expect("topics")[0].number;
    let gap = app.gap(topic).expect("the view is read").expect("it is asked");
    let nearest: Vec<&str> = gap.passages.iter().map(|it| it.0.text.as_str()).collect();
    assert_eq!(nearest.first(), Some(&"Symjehallen opnar laurdag klokka 10."), "{nearest:?}");
    assert!(!nearest.iter().any(|it| it.contains("servicetorget")), "{nearest:?}");
}
