//! The numbers page and its files, told by a story whose numbers are counted by hand.

use jiff::{SignedDuration, Timestamp};
use scraper::{ElementRef, Html, Selector};
use skranke::app::{Decider, TopicDecision};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Outcome, Source};
use skranke::record::Change;
use skranke::review::{Gap, GapEvent, Step};
use skranke::week::Week;

use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

const POOL: &str = "når opnar symjehallen på laurdag";
const PRICE: &str = "kva kostar barnehageplass i månaden";
const ANYBODY: Decider = Decider { by: None, version: None };

/// The Tuesday of a week after 2025-W07, at noon.
fn week(n: i64) -> Timestamp {
    let first: Timestamp = "2025-02-11T11:00:00Z".parse().expect("an instant");
    first + SignedDuration::from_hours(7 * 24 * n)
}

fn iso_week(text: &str) -> Week {
    text.parse().expect("a week")
}

struct Story {
    town: Town,
    admin: Visitor,
    pool: TopicNumber,
}

fn log(town: &Town, (text, n): (&str, u16), asked: Timestamp, outcome: Outcome) {
    let name = format!("{text} {asked} {:?}", outcome.name());
    let entry = Entry {
        id: Id::derived(&[name.as_bytes()]),
        text: Some(text.to_owned()),
        asked,
        channel: if text == POOL { Channel::Phone } else { Channel::Email },
        desk: String::new(),
        outcome,
        note: None,
        count: n,
        counts_only: false,
        source: Source::Screen,
        by: None,
        keep: Kinds::NONE,
    };
    town.app.log(entry).expect("logged");
}

fn log_week(town: &Town, n: i64, pool: u16) {
    let page = Outcome::Page { address: "https://www.example.org/barnehage".to_owned() };
    log(town, (POOL, pool), week(n), Outcome::Unknown);
    log(town, (PRICE, 24), week(n), page);
    log(town, (PRICE, 6), week(n), Outcome::NotOnSite);
}

/// Puts every inquiry of some words under one topic.
fn place(town: &Town, words: &str, topic: Option<TopicNumber>) -> TopicNumber {
    let app = &town.app;
    app.settle().expect("folded");
    let lines: Vec<_> = app.state.inquiries.columns().live().cloned().collect();
    let said = |seq| app.state.inquiries.words(seq).expect("read").unwrap_or_default();
    let ids: Vec<_> =
        lines.iter().filter(|it| !it.pinned && said(it.seq) == words).map(|it| it.id).collect();
    let topic = match topic {
        None => app.split(TopicNumber(1), &ids, None).expect("split"),
        Some(topic) => {
            for id in ids {
                app.move_inquiry(id, Some(topic), None).expect("moved");
            }
            topic
        }
    };
    app.settle().expect("folded");
    topic
}

/// Nine weeks, a page about the pool in the last of them, and six weeks and a day after it.
fn mended_pool() -> (tempfile::TempDir, Story) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(&folder.path().join("data"), &Clock::fixed(week(8)));
    let admin = town.set_up();
    (0..=8).for_each(|n| log_week(&town, n, 12));
    let pool = place(&town, POOL, None);
    let price = place(&town, PRICE, None);
    let name = TopicDecision::Rename("=Symjehallen".to_owned());
    town.app.decide_topic(pool, name, ANYBODY).expect("named");
    let step = Step::LinkPage { address: "https://www.example.org/symjing".to_owned() };
    let event = GapEvent::Changed { topic: pool, step, by: None };
    let change = Change { entity: Gap::entity(pool), version: None, now: town.app.now() };
    change.tell(&town.app.journal, &event).expect("told");
    town.app.clock.advance_to(week(15));
    (9..=14).for_each(|n| log_week(&town, n, 2));
    log_week(&town, 15, 40);
    place(&town, POOL, Some(pool));
    place(&town, PRICE, Some(price));
    // Signing in has run out in the meantime.
    let admin = Visitor::sign_in(admin.address, "marit");
    (folder, Story { town, admin, pool })
}

/// The rows of a file, its head first, as a spreadsheet reads them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|it| it.expect("a row").iter().map(str::to_owned).collect());
    rows.collect()
}

/// The rows of a table of the page, its head first.
fn table(page: &str, name: &str) -> Vec<Vec<String>> {
    let select = |what: &str| Selector::parse(what).expect("a selector");
    let page = Html::parse_document(page);
    let rows = select(&format!("#{name}-table tr"));
    let cells = select("th, td");
    let text = |it: ElementRef<'_>| it.text().collect::<String>();
    page.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
}

#[test]
fn the_numbers_are_those_counted_by_hand() {
    let (_folder, mut story) = mended_pool();
    let page = story.admin.get("/figures").body;
    assert!(page.contains("32 spørsmål i veke 21, om lag som i dei fire vekene før"), "{page}");
    assert!(page.contains("Nettsidene svarte på 80\u{a0}% av spørsmåla"), "{page}");
    assert!(page.contains(&format!("Mest spurt i veke 21: {PRICE} (30 spørsmål)")), "{page}");
    let weeks = table(&page, "weeks");
    assert_eq!(weeks.len(), 14, "a head and 13 whole weeks: {weeks:?}");
    assert_eq!(weeks[0], ["Veke", "Telefon", "E-post", "I alt"]);
    assert_eq!(weeks[1], ["2025-W09", "12", "30", "42"]);
    assert_eq!(weeks[13], ["2025-W21", "2", "30", "32"]);
    let topics = table(&page, "topics");
    assert_eq!(topics[2][2..], ["2", "2,00"], "{topics:?}");

    let year = story.admin.get("/figures?year=2025").body;
    assert!(year.contains("570 spørsmål i 2025, flest i veke 15 (42)"), "{year}");
    assert_eq!(table(&year, "weeks").len(), 16);
    for wrong in ["/figures?year=x", "/figures?year=9999", "/figures/none.csv", "/figures/weeks"] {
        assert_eq!(story.admin.get(wrong).status, 404, "{wrong}");
    }
    assert!(story.admin.get("/figures?year=2019").body.contains("Ingen tal enno"));
}

#[test]
fn a_mend_is_measured_against_all_other_questions_in_page_file_and_letter() {
    let (_folder, mut story) = mended_pool();
    let row = |it: &mut Visitor| rows(&it.get("/figures/effects.csv").body).swap_remove(1);
    // 96 of 240 before, so 72 beside the 180 after: 60 fewer.
    let periods = ["2025-W07–2025-W14", "2025-W16–2025-W21"];
    let found = row(&mut story.admin);
    assert_eq!(found[..2], ["'=Symjehallen".to_owned(), story.pool.to_string()]);
    assert_eq!(found[2..4], periods);
    assert_eq!(found[4..8], ["96", "12", "72,0", "60,0"]);
    assert_eq!(found[10..14], ["", "", "", ""], "no minutes, no hours");
    assert!(found[15].starts_with("60 færre spørsmål enn venta, mellom "), "{found:?}");
    let page = story.admin.get("/figures").body;
    assert!(page.contains("Målt på eitt retta hol. 60 færre spørsmål enn venta"), "{page}");
    let facts = story.town.app.letter_facts(iso_week("2025-W21")).expect("read");
    let effect = facts.effect.expect("it was measured");
    assert_eq!((effect.n_gaps, effect.n_weeks, effect.fewer), (1, 6, 60));
    let early = story.town.app.letter_facts(iso_week("2025-W18")).expect("read");
    assert_eq!(early.effect, None, "three weeks are too few");

    let mut admin = story.admin.clone();
    let form = |minutes| {
        let fields = [("name", "Fjordvik"), ("lang", "nn")];
        let more = [("candidate_inquiries", "3"), ("version", "1"), ("minutes_each", minutes)];
        [&fields[..], &more[..]].concat()
    };
    assert_eq!(admin.submit("/admin", "/admin", &form("121")).status, 422);
    assert_eq!(admin.submit("/admin", "/admin", &form("6")).status, 303);
    assert_eq!(row(&mut admin)[10..12], ["6", "6,0"], "60 questions of 6 minutes");
    assert!(admin.get("/figures").body.contains("6,0 timar spart"), "hours are told");
}

#[test]
fn with_totals_of_calls_the_rate_is_shown_and_the_effect_is_corrected_for_it() {
    let (_folder, mut story) = mended_pool();
    let page = story.admin.get("/figures").body;
    assert!(page.contains("100\u{a0}% av det mottaket har talt"), "{page}");
    // Of 20 calls on each Tuesday 12 were logged, and after the mend 2 of 4.
    let mut table = "dato;kanal;samtalar\n".to_owned();
    for n in 0..=14 {
        let day = &week(n).to_string()[..10];
        table += &format!("{day};telefon;{}\n", if n <= 8 { 20 } else { 4 });
    }
    assert_eq!(story.town.app.import_calls(&table, None).expect("taken"), 15);
    story.town.app.settle().expect("folded");
    let page = story.admin.get("/figures").body;
    assert!(page.contains("50\u{a0}% av samtalane dei siste fire vekene er loggførte"), "{page}");
    let coverage = self::table(&page, "coverage");
    assert_eq!(coverage[1][..4], ["2025-W09", "20", "12", "60\u{a0}%"]);
    assert_eq!(coverage[13][..4], ["2025-W21", "4", "2", "50\u{a0}%"]);
    let rates = "Korrigert for loggføringsgraden: 60\u{a0}% av samtalane før, 50\u{a0}% etter.";
    assert!(page.contains(rates), "{page}");
    let effect = rows(&story.admin.get("/figures/effects.csv").body).swap_remove(1);
    // 60 fewer among the logged half are 120 fewer in all.
    assert_eq!(effect[7], "120,0");
    assert_eq!(effect[17..], ["0,600", "0,500"]);
    let facts = story.town.app.letter_facts(iso_week("2025-W21")).expect("read");
    assert_eq!(facts.logging_rate, Some(50));
}

#[test]
fn a_file_holds_what_the_table_shows() {
    let (_folder, mut story) = mended_pool();
    for query in ["", "?year=2025"] {
        let page = story.admin.get(&format!("/figures{query}")).body;
        for name in ["weeks", "answers", "topics", "effects"] {
            let file = story.admin.get(&format!("/figures/{name}.csv{query}"));
            let kind = file.headers.iter().find(|it| it.0 == "content-type").expect("a kind");
            assert_eq!(kind.1, "text/csv; charset=utf-8");
            let plain = |it: &String| match it.trim_start_matches('\'') {
                "–" => String::new(),
                text => text.replace('\u{2212}', "-"),
            };
            let shown: Vec<Vec<String>> =
                table(&page, name).iter().map(|row| row.iter().map(plain).collect()).collect();
            let mut held = rows(&file.body);
            if name == "answers" {
                // Whole percent on the page, the share itself in the file.
                for cell in held.iter_mut().skip(1).flat_map(|row| &mut row[3..]) {
                    let share: f64 = cell.replace(',', ".").parse().expect("a share");
                    *cell = format!("{:.0}\u{a0}%", share * 100.0);
                }
            }
            held.iter_mut().flatten().for_each(|it| *it = plain(it));
            assert_eq!(shown, held, "{name}{query}");
            assert!(1 < shown.len(), "{name}{query}");
        }
    }
}

#[test]
fn who_may_only_read_gets_no_words_of_a_caller() {
    let (_folder, mut story) = mended_pool();
    assert!(story.admin.get("/figures").body.contains(PRICE));
    let mut reader = add(&mut story.admin, "reader");
    for path in ["/figures", "/figures/topics.csv", "/figures?year=2025"] {
        let body = reader.get(path).body;
        assert!(!body.contains(PRICE) && body.contains("Symjehallen"), "{path}: {body}");
    }
    assert!(!reader.get("/figures").body.contains("href=\"/topics/"), "no link that is refused");
}
