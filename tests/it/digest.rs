//! The weekly letter through the command line: true numbers, written once, in three languages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::{App, Decider, FiguresOf, NewReader, OpenOptions, Share, TopicDecision};
use skranke::clock::Clock;
use skranke::digest::{Answered, Facts, Period};
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Outcome, Source};
use skranke::messages::Lang;
use skranke::organisation::Settings;
use skranke::page::read_pages;
use skranke::record::Change;
use skranke::review::{Gap, GapEvent, Step};
use skranke::week::Week;

use crate::harness::mail;
use crate::harness::program::{run, told, tried};

const POOL: &str = "når opnar symjehallen på laurdag";
const PRICE: &str = "kva kostar barnehageplass i månaden";
const SNOW: &str = "når vert gangvegen brøytt om vinteren";
const HENS: &str = "er det lov å ha høns i hagen";
const PARKING: &str = "fnr [fødselsnummer] spør om parkeringskort";
const SEARCH: &str = "parkeringskort søknad skjema";
const ANYBODY: Decider = Decider { by: None, version: None };

/// The Monday of 2025-W07, the first week of the story.
const FIRST: &str = "2025-02-10T08:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// So many days after the first Monday.
fn day(n: i64) -> Timestamp {
    at(FIRST) + jiff::SignedDuration::from_hours(24 * n)
}

struct Desk {
    app: Arc<App>,
    logged: u32,
    /// By words: the topic that an editor has put them under.
    topics: BTreeMap<&'static str, TopicNumber>,
}

impl Desk {
    fn open(data: &Path, now: Timestamp) -> Self {
        let zone = TimeZone::get("Europe/Oslo").expect("the zone is in the program");
        let options = OpenOptions { data: data.to_owned(), clock: Clock::fixed(now), zone };
        Self {
            app: App::open(options).expect("the folder opens"),
            logged: 0,
            topics: BTreeMap::new(),
        }
    }

    /// Logs `n` calls, a minute apart.
    fn log(&mut self, words: (&str, Channel), from: Timestamp, n: u32) {
        self.log_as((words.0, words.1, Outcome::Unknown), from, n);
    }

    fn log_as(&mut self, words: (&str, Channel, Outcome), from: Timestamp, n: u32) {
        let (text, channel, outcome) = words;
        for _ in 0..n {
            let minutes = jiff::SignedDuration::from_mins(i64::from(self.logged));
            self.logged += 1;
            let entry = Entry {
                id: Id::derived(&[
                    text.as_bytes(),
                    from.to_string().as_bytes(),
                    &[self.logged as u8],
                ]),
                text: Some(text.to_owned()),
                asked: from + minutes,
                channel,
                desk: "Rådhuset".to_owned(),
                outcome: outcome.clone(),
                note: None,
                count: 1,
                counts_only: false,
                source: Source::Screen,
                by: None,
                keep: Kinds::NONE,
            };
            self.app.log(entry).expect("logged");
        }
    }

    fn take_site(&self, with_snow: bool) {
        let price = "<p>Kva kostar barnehageplass i månaden? Ein plass kostar 2 000 kroner.</p>";
        let mut site = page("barnehage", "Kva kostar barnehageplass", price);
        site += &page("bibliotek", "Biblioteket", "<p>Lån bøker og film.</p>");
        if with_snow {
            let text = "<p>Når vert gangvegen brøytt om vinteren? Gangvegen vert brøytt før 7.</p>";
            site += &page("gangveg", "Når vert gangvegen brøytt om vinteren", text);
        }
        let (pages, faults) = read_pages(&site);
        assert!(faults.is_empty(), "{faults:?}");
        self.app.take_pages("site", &pages, None).expect("taken");
        self.app.settle().expect("folded");
        self.app.group().expect("judged");
        self.app.settle().expect("folded");
    }

    /// Puts every inquiry of these words under a topic of their own, as an editor may: so few
    /// questions tell too little for the grouping to be counted on.
    fn place(&mut self, words: &'static str) {
        self.app.settle().expect("folded");
        let lines: Vec<_> = self.app.state.inquiries.columns().live().cloned().collect();
        let said = |seq| self.app.state.inquiries.words(seq).expect("read").unwrap_or_default();
        let new = lines.iter().filter(|it| !it.pinned && said(it.seq) == words);
        let ids: Vec<_> = new.map(|it| it.id).collect();
        match self.topics.get(words) {
            Some(topic) => ids.iter().for_each(|id| {
                self.app.move_inquiry(*id, Some(*topic), None).expect("moved");
            }),
            None => {
                let topic = self.app.split(TopicNumber(1), &ids, None).expect("split");
                self.topics.insert(words, topic);
            }
        }
        self.app.settle().expect("folded");
    }

    fn step(&self, topic: TopicNumber, step: Step) {
        let event = GapEvent::Changed { topic, step, by: None };
        let change = Change { entity: Gap::entity(topic), version: None, now: self.app.now() };
        change.tell(&self.app.journal, &event).expect("told");
        self.app.settle().expect("folded");
    }

    fn facts(&self, week: &str) -> Facts {
        self.app.letter_facts(week.parse::<Week>().expect("a week")).expect("read")
    }
}

fn page(path: &str, title: &str, rest: &str) -> String {
    let url = format!("https://www.example.org/{path}");
    let html = format!("<main><h1>{title}</h1>{rest}</main>");
    format!("{}\n", serde_json::json!({ "url": url, "title": title, "html": html }))
}

/// Five weeks at a front desk: one page is mended on the way, one question is new in the last.
fn five_weeks(data: &Path) -> Desk {
    let mut desk = Desk::open(data, day(14));
    let settings =
        Settings { name: "Fjordvik kommune".into(), lang: Lang::Nb, ..Settings::default() };
    desk.app.set_settings(settings, ANYBODY).expect("set");
    for week in 0..4 {
        desk.log((POOL, Channel::Phone), day(7 * week), 1);
        desk.log((PRICE, Channel::Email), day(7 * week), 2);
        desk.log((SNOW, Channel::Phone), day(7 * week), if week < 2 { 4 } else { 1 });
    }
    [POOL, PRICE, SNOW].into_iter().for_each(|words| desk.place(words));
    desk.take_site(false);
    let snow = desk.topics[SNOW];
    let name = TopicDecision::Rename("Brøyting av gangveg".into());
    desk.app.decide_topic(snow, name, ANYBODY).expect("named");
    desk.app.settle().expect("folded");
    desk.step(snow, Step::LinkPage { address: "https://www.example.org/gangveg".into() });

    desk.app.clock.advance_to(day(30));
    desk.log((POOL, Channel::Phone), day(28), 6);
    desk.log((PRICE, Channel::Email), day(28), 4);
    desk.log((HENS, Channel::Desk), day(29), 3);
    desk.log(("fnr 01818510078 spør om parkeringskort", Channel::Desk), day(29), 1);
    desk.log((SEARCH, Channel::SiteSearch), day(29), 1);
    [POOL, PRICE, HENS, PARKING, SEARCH].into_iter().for_each(|words| desk.place(words));
    desk.take_site(true);
    desk.step(snow, Step::Verified { found: 3, of: 3, missing: vec![] });
    desk.app.clock.advance_to(day(35));
    desk
}

fn files(outbox: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(outbox).expect("the outbox");
    let mut files: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn the_facts_of_a_week_are_those_counted_by_hand() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let desk = five_weeks(folder.path());
    let facts = desk.facts("2025-W11");
    assert_eq!((facts.inquiries, facts.inquiries_before), (14, Some(5.5)));
    let channels: Vec<_> =
        facts.channels.iter().map(|it| (it.channel, it.inquiries, it.before)).collect();
    let expected = [
        (Channel::Phone, 6, Some(3.5)),
        (Channel::Desk, 4, Some(0.0)),
        (Channel::Email, 4, Some(2.0)),
    ];
    assert_eq!(channels, expected);
    assert_eq!(facts.answered, None, "nobody has said what the website answered");
    assert_eq!(facts.open_gaps, 2);
    let decide: Vec<_> = facts.decide.iter().map(|it| (it.count, it.is_new)).collect();
    assert_eq!(decide, [(9, false), (3, true)], "{:?}", facts.decide);
    assert_eq!(facts.n_waiting, 1);
    let verified = &facts.verified[0];
    assert_eq!((verified.name.as_str(), verified.before), ("Brøyting av gangveg", 4.0));
    assert_eq!(verified.published.to_string(), "2025-W09");
    let after = verified.after.expect("three weeks have passed");
    assert!((0.6..0.7).contains(&after), "2 in three weeks but a few hours: {after}");
    let rises = facts.rises.expect("the pool rises");
    assert_eq!((rises.from, rises.to), (1.0, 6.0));
    assert_eq!((facts.n_masked, facts.is_new), (1, false));
    assert_eq!(verified.inquiries, 8, "as many had asked before the page was linked");
    assert!(facts.still_asked.is_empty() && facts.taken.is_empty());
}

/// Weeks 6 to 9 of 2025 are those of February, and 10 to 13 those of March.
#[test]
fn a_month_is_told_by_its_weeks_and_compared_with_as_many() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut desk = Desk::open(folder.path(), day(-7));
    let found = || Outcome::Page { address: "https://www.example.org/barnehage".into() };
    for week in -1..7 {
        desk.app.clock.advance_to(day(7 * week + 1));
        let page = if week < 3 { 3 } else { 6 };
        desk.log_as((PRICE, Channel::Email, found()), day(7 * week), page);
        desk.log_as((POOL, Channel::Phone, Outcome::NotOnSite), day(7 * week), 2);
        desk.log_as((POOL, Channel::Phone, Outcome::Answered), day(7 * week), 1);
        desk.log((HENS, Channel::Desk), day(7 * week), 1);
    }
    [POOL, PRICE, HENS].into_iter().for_each(|words| desk.place(words));
    desk.app.settle().expect("folded");
    let last: Week = "2025-W13".parse().expect("a week");
    let march = desk.app.letter_facts(Period::month_of(last)).expect("read");
    assert_eq!(march.period, Period::Month(last));
    assert_eq!((march.inquiries, march.inquiries_before), (40, Some(28.0)));
    let email = march.channels.iter().find(|it| it.channel == Channel::Email).expect("it came");
    assert_eq!((email.inquiries, email.before), (24, Some(12.0)));
    // 24 of 36, and 12 of 24 before; what nobody has marked does not tell.
    let answered = Answered { percent: 67, percent_before: Some(50) };
    assert_eq!(march.answered, Some(answered));
    let rises = march.rises.expect("the price rises");
    assert_eq!((rises.from, rises.to), (12.0, 24.0));

    let week = desk.app.letter_facts(last).expect("read");
    assert_eq!((week.inquiries, week.inquiries_before), (10, Some(9.25)));
    assert_eq!(week.answered, None, "nine marked questions are too few");
    let figures = desk.app.figures(FiguresOf::default()).expect("read");
    let told = figures.weeks.iter().filter(|it| "2025-W10" <= &*it.week.to_string());
    let told = told.fold(Share::default(), |sum, it| sum.with(it.answered));
    assert_eq!(told.percent(), answered.percent, "the figures page reckons the same");
}

#[test]
fn a_later_step_changes_no_earlier_letter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut desk = five_weeks(folder.path());
    let monday = desk.facts("2025-W11");
    desk.app.clock.advance_to(day(38));
    let snow = desk.topics[SNOW];
    desk.step(desk.topics[POOL], Step::Take { owner: Id::derived(&[b"kari"]) });
    desk.log((SNOW, Channel::Phone), day(36), 3);
    desk.place(SNOW);
    desk.app.group().expect("grouped");
    desk.step(snow, Step::Reopen);
    assert_eq!(desk.facts("2025-W11"), monday);

    let next = desk.facts("2025-W12");
    let still = &next.still_asked[0];
    assert_eq!((still.name.as_str(), still.count), ("Brøyting av gangveg", 3));
    assert_eq!(still.published.to_string(), "2025-W09");
    assert_eq!(next.decide.len(), 1, "the pool is taken: {:?}", next.decide);
    assert_eq!(next.open_gaps, 3, "taken, reopened and the hens");
    assert_eq!(next.taken.len(), 1, "those who log hear of it: {:?}", next.taken);
    assert!(monday.taken.is_empty());
}

#[test]
fn a_letter_is_written_once_for_each_reader() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, outbox) = (folder.path().join("data"), folder.path().join("data/outbox"));
    drop(five_weeks(&data));
    let said = run(&data, &["digest", "--week", "2025-W11"]);
    assert!(said.starts_with("2025-W11: 1 written, 0 written before"), "{said}");
    assert!(said.contains("nobody is on the list"), "{said}");
    assert_eq!(files(&outbox), [outbox.join("2025-W11.eml")]);
    let first = std::fs::read(&files(&outbox)[0]).expect("the letter");

    let again = run(&data, &["digest", "--week", "2025-W11"]);
    assert!(again.starts_with("2025-W11: 0 written, 1 written before"), "{again}");
    assert!(again.contains("--force"), "{again}");
    assert_eq!(std::fs::read(&files(&outbox)[0]).expect("the letter"), first);

    std::fs::remove_file(&files(&outbox)[0]).expect("taken away by the mail service");
    run(&data, &["digest", "--week", "2025-W11"]);
    assert!(files(&outbox).is_empty(), "what was taken away is not written anew");
    let forced = run(&data, &["digest", "--week", "2025-W11", "--force"]);
    assert!(forced.starts_with("2025-W11: 1 written, 0 written before"), "{forced}");
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

#[test]
fn each_reader_gets_the_week_in_their_own_language() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, outbox) = (folder.path().join("data"), folder.path().join("out"));
    let desk = five_weeks(&data);
    for lang in Lang::ALL {
        let (name, mail) = ("Kari Nes".to_owned(), format!("kari.{}@example.org", lang.code()));
        desk.app.add_reader(NewReader::new(name, mail, lang), None).expect("added");
    }
    drop(desk);
    let out = outbox.to_string_lossy().into_owned();
    run(&data, &["digest", "--week", "2025-W11", "--outbox", &out]);
    let letters: Vec<mail::Mail> = files(&outbox).iter().map(|it| mail::read(it)).collect();
    assert_eq!(letters.len(), 3);
    for (lang, says) in [
        ("nn", "I veke 11 vart det logga 14 spørsmål."),
        ("nb", "I uke 11 ble det logget 14 spørsmål."),
        ("en", "14 questions were logged in week 11."),
    ] {
        let letter = letters.iter().find(|it| it.header("Content-Language") == lang);
        let letter = letter.unwrap_or_else(|| panic!("no letter in {lang}"));
        assert!(letter.header("To").contains(&format!("kari.{lang}@example.org")));
        assert!(letter.header("Content-Type").starts_with("multipart/alternative"));
        assert!(letter.text.contains(says) && letter.html.contains(says), "{}", letter.text);
        assert!(letter.text.contains("Brøyting av gangveg"), "an editor's name is shown");
        for words in [POOL, PRICE, SNOW, HENS, "fnr"] {
            let quoted = letter.text.contains(words) || letter.html.contains(words);
            assert!(!quoted, "a caller's words left the system: {words}\n{}", letter.text);
        }
        assert!(letter.html.contains("http://127.0.0.1:8080/gaps/T"), "{}", letter.html);
    }
}

#[test]
fn a_week_without_calls_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    run(&data, &["digest", "--week", "2024-W10"]);
    let letter = mail::read(&data.join("outbox/2024-W10.eml"));
    assert!(letter.text.contains("I veke 10 vart det ikkje logga nokon spørsmål."));
    assert_eq!(letter.header("To"), "skranke@localhost");
}

#[test]
fn last_week_is_told_unless_another_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = run(folder.path(), &["digest"]);
    assert!(said.contains(": 1 written"), "{said}");
    let names = files(&folder.path().join("outbox"));
    assert!(names[0].to_string_lossy().contains("-W"), "{names:?}");
}

#[track_caller]
fn check_refused(week: &str, why: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = tried(folder.path(), &["digest", "--week", week]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains(why), "{}", told(&output));
}

#[test]
fn a_week_that_cannot_be_told_is_wrong_use() {
    check_refused("2026-12", "not a week of the form 2026-W12");
    check_refused("2027-W53", "not a week of the form 2026-W12");
    check_refused("2199-W01", "week 2199-W01 is not over");
}
