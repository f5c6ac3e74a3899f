//! What the site has for a question is found once, and kept.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use skranke::app::{App, GroupError, GroupOutcome, OpenOptions};
use skranke::clock::Clock;
use skranke::gap::Judgement;
use skranke::id::Id;
use skranke::inquiry::{Entry, Inquiry};

use super::{log, now, take_pages};

const THINGS: [&str; 8] = [
    "barnehage",
    "sjukeheim",
    "kulturskule",
    "feiing",
    "hyttetomt",
    "gravplass",
    "symjehall",
    "SFO",
];
const ASKED: [&str; 7] = [
    "når er fristen for",
    "kva kostar",
    "når opnar",
    "kor lang er ventelista til",
    "kven svarar på",
    "kvar finn eg skjemaet for",
    "kan eg klage på",
];

/// Without the followers that go on beside the service.
fn open(data: &Path) -> Arc<App> {
    let (clock, zone) = (Clock::fixed(now()), TimeZone::UTC);
    App::open(OpenOptions { data: data.to_owned(), clock, zone }).expect("it opens")
}

/// 52 different questions: the site has then learned from the first 51 (8 x 1.125 and so on), and
/// learns anew from the 57th.
fn log_all(app: &App) -> Id<Inquiry> {
    let asked = ASKED.iter().flat_map(|asked| THINGS.map(|thing| format!("{asked} {thing}")));
    asked.take(52).map(|text| log(app, &text)).last().expect("there are some")
}

fn take_site(app: &App, things: &[&str], text: &str) {
    let texts: Vec<String> = things.iter().map(|it| format!("{text} {it} {}", it.len())).collect();
    let pages = things.iter().zip(&texts).map(|(thing, text)| (*thing, *thing, text.as_str()));
    take_pages(app, &pages.collect::<Vec<_>>());
}

fn run(app: &App) -> GroupOutcome {
    app.group().expect("the run comes to its end")
}

fn judgements(app: &App) -> Vec<Judgement> {
    app.settle().expect("the view follows");
    let rows = app.state.verdicts.all();
    rows.iter().map(|it| Judgement { based_on: 0, ..it.row.judgement.clone() }).collect()
}

#[test]
fn a_run_looks_up_only_what_nobody_has_looked_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    take_site(&app, &THINGS[..6], "Fristen er 1. mars, og prisen er 300 kroner. Ring oss om");
    let last = log_all(&app);
    assert_eq!(run(&app).found_anew, 52, "nobody has looked anything up");
    assert_eq!(run(&app).found_anew, 0);
    log(&app, "er det kø på gjenvinningsstasjonen i dag");
    assert_eq!(run(&app).found_anew, 1, "it is new");
    let corrected = Some("kva kostar det å levere hageavfall".to_owned());
    app.edit_inquiry(last, |entry| Entry { text: corrected, ..entry }).expect("corrected");
    assert_eq!(run(&app).found_anew, 1, "it is another question");
    assert_eq!(run(&app).found_anew, 0);
    take_site(&app, &THINGS, "Fristen er 15. april. Ring oss om");
    assert_eq!(run(&app).found_anew, 53, "the site is another one");
    drop(app);

    let app = open(folder.path());
    assert_eq!(run(&app).found_anew, 0, "it is kept over a restart");
    for n in 54..57 {
        log(&app, &format!("kva tyder paragraf nummer {n}"));
    }
    assert_eq!(run(&app).found_anew, 3);
    log(&app, "kan eg få ny nøkkel");
    assert_eq!(run(&app).found_anew, 57, "the log has grown by an eighth");
}

#[test]
fn what_is_kept_changes_no_judgement_and_may_be_damaged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    take_site(&app, &THINGS[..6], "Fristen er 1. mars, og prisen er 300 kroner. Ring oss om");
    app.start_live();
    log_all(&app);
    run(&app);
    let kept = judgements(&app);
    assert!(!kept.is_empty());
    drop(app);
    let evidence = folder.path().join("evidence");
    std::fs::write(evidence.join("db"), "not a store").expect("damaged");
    let app = open(folder.path());
    let written = app.journal.position().seq;
    assert_eq!(run(&app).found_anew, 52, "what is damaged counts for nothing");
    assert_eq!(judgements(&app), kept);
    let told = app.journal.read(written, 100).expect("the journal answers");
    assert_eq!(told.len(), 1, "only that there was a run: {told:?}");
    drop(app);
    std::fs::remove_dir_all(&evidence).expect("removed");
    std::fs::write(&evidence, "in the way").expect("written");
    let app = open(folder.path());
    assert_eq!(run(&app).found_anew, 104, "nothing can be kept, and all goes on");
    assert_eq!(judgements(&app), kept);
}

#[test]
fn a_process_of_its_own_judges_as_this_one_does_and_its_end_shows_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    take_site(&app, &THINGS[..6], "Fristen er 1. mars, og prisen er 300 kroner. Ring oss om");
    log_all(&app);
    run(&app);
    let (here, written) = (judgements(&app), app.journal.position().seq);
    drop(app);
    let app = open(folder.path());
    app.judge_apart(env!("CARGO_BIN_EXE_skranke").into());
    assert_eq!(run(&app).found_anew, 0, "it finds what was kept");
    assert_eq!(judgements(&app), here);
    assert_eq!(app.journal.position().seq, written + 1, "only that there was a run");
    drop(app);
    for program in ["/bin/false", "/bin/cat", "/nowhere/skranke"] {
        let app = open(folder.path());
        app.judge_apart(program.into());
        log(&app, "kan eg få ny nøkkel");
        let written = app.journal.position().seq;
        assert!(matches!(app.group(), Err(GroupError::Judge(_))), "{program}");
        assert_eq!(app.journal.position().seq, written, "{program} has decided nothing");
    }
}
