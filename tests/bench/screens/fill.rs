//! Fills a data folder: records into the journal, of which the program makes all else itself.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;
use skranke::app::{App, OpenOptions};
use skranke::audit::{Audit, AuditRow, Chain, Line};
use skranke::clock::Clock;
use skranke::gap::{Evidence, Judgement, Judging, Nearest, Verdict, VerdictEvent};
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::{
    CallCount, Channel, Inquiry, InquiryEvent, InquiryFacts, Norm, Outcome, Question, Source,
};
use skranke::journal::{BATCH_RECORDS_MAX, Batch, Journal, NewRecord, Options, Seq, Stream};
use skranke::page::read_pages;
use skranke::people::Person;
use skranke::record::encode;
use skranke::review::{Gap, GapEvent, Step};
use skranke::rows::Stored;
use skranke::topic::{Run, RunEvent, RunRow, Topic, TopicEvent};
use skranke::week::Week;

use crate::Plan;
use crate::town::{SUBJECTS, WANTS};

/// So many batches are under way at once.
const UNDER_WAY: usize = 64;
/// The log goes so far back.
const DAYS: i64 = 3 * 364;
const WORDS: u32 = 1_000;
/// The switchboard counts so many calls a day.
const CALLS_A_DAY: u32 = 1_100;
/// One batch holds the totals of so many days.
const DAYS_A_BATCH: i64 = 300;
/// One of so many topics is worked on, and one of so many was merged into another.
const WORKED_ON_EVERY: u32 = 50;
const MERGED_EVERY: u32 = 200;
/// One of so many inquiries stands alone.
const ALONE_EVERY: u32 = 20;

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        u32::try_from(self.0 >> 33).unwrap() % n
    }
}

/// Writes batches, some at once, and knows the place of the last record.
struct Writer {
    journal: Journal,
    began: Timestamp,
    at: Timestamp,
    records: Vec<NewRecord>,
    under_way: VecDeque<skranke::journal::Pending>,
    next: Seq,
}

impl Writer {
    fn put(&mut self, record: NewRecord) -> Seq {
        self.records.push(record);
        let seq = self.next;
        self.next += 1;
        if BATCH_RECORDS_MAX <= self.records.len() {
            self.send();
        }
        seq
    }

    fn send(&mut self) {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() {
            return;
        }
        let key = Id::<Run>::new(self.at).uuid();
        let batch = Batch { key, body_hash: 0, at: self.at, expect: vec![], records };
        self.under_way.push_back(self.journal.submit(batch));
        if UNDER_WAY <= self.under_way.len() {
            self.under_way.pop_front().unwrap().wait().unwrap();
        }
    }

    /// What follows is told to have happened then.
    fn at_time(&mut self, at: Timestamp) {
        self.send();
        self.at = at;
    }

    fn end(mut self) {
        self.send();
        for last in self.under_way.drain(..) {
            last.wait().unwrap();
        }
        self.journal.close();
    }
}

pub(crate) fn fill(plan: &Plan, folder: &Path) {
    let clock = Clock::System;
    let now = clock.now();
    let last = site_words_and_calls(plan, folder, clock);
    let journal = Journal::open(&folder.join("journal"), Options::new(Stream::Journal)).unwrap();
    let next = journal.position().seq + 1;
    let (records, under_way) = (vec![], VecDeque::new());
    let mut writer = Writer { journal, began: now, at: now, records, under_way, next };
    let mut chance = Chance(7);
    audit(plan, &Chain::after(last.as_deref().map(|it| &it.row)), &mut writer);
    let first_of = inquiries(plan, now, (&mut writer, &mut chance));
    for (number, exemplar) in first_of {
        let page = address(number.0 % plan.pages);
        topic(number, (exemplar, page), (&mut writer, &mut chance));
    }
    writer.end();
}

/// Writes lines of the audit after the last one there is.
fn audit(plan: &Plan, chain: &Chain, writer: &mut Writer) {
    for n in 0..plan.audit {
        let id = Id::<Audit>::new(writer.at).uuid();
        let target = format!("T{}", 1 + n % plan.topics);
        let line = Line {
            id,
            at: writer.at,
            who: None,
            machine: None,
            action: "gap.take",
            target,
            done: true,
        };
        chain.note(line, |record| Ok::<_, ()>(writer.put(record))).unwrap();
    }
}

/// What the application's own verbs write fast enough. Tells the last line of the audit.
fn site_words_and_calls(plan: &Plan, folder: &Path, clock: Clock) -> Option<Arc<Stored<AuditRow>>> {
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let app = App::open(OpenOptions { data: folder.to_owned(), clock, zone }).unwrap();
    let mut pages = String::new();
    for n in 0..plan.pages {
        let subject = SUBJECTS[(n % 12) as usize];
        let text = format!(
            "Her finn du opningstider og prisar for {subject} i krins {n}. Du kan søkje heile \
             året, og svaret kjem innan tre veker. Ta kontakt med kommunen om du lurer på noko."
        );
        let page = json!({ "url": address(n), "title": format!("{subject} {n}"), "text": text });
        writeln!(pages, "{page}").unwrap();
    }
    let pages = read_pages(&pages).0;
    app.take_pages("https://storby.example/", &pages, None).unwrap();
    for some in 0..WORDS / 500 {
        let row = |n: u32| format!("seiemåte{n};sideord{n};\n");
        let table: String = (some * 500..(some + 1) * 500).map(row).collect();
        app.import_words(&table, None).unwrap();
    }
    let today = app.now().to_zoned(app.zone.clone()).date();
    for first in (1..DAYS).step_by(DAYS_A_BATCH as usize) {
        let days = (first..DAYS.min(first + DAYS_A_BATCH)).map(|back| {
            let count = CallCount { desk: None, channel: Channel::Phone, calls: CALLS_A_DAY };
            (today.saturating_sub(back.days()), vec![count])
        });
        app.put_calls(days.collect(), None).unwrap();
    }
    app.settle().unwrap();
    let last = app.state.audit.all().last().cloned();
    app.close();
    last
}

fn address(page: u32) -> String {
    format!("https://storby.example/{page}")
}

/// Writes the inquiries with the topics that they are under, and tells each topic's first one.
fn inquiries(
    plan: &Plan,
    now: Timestamp,
    (writer, chance): (&mut Writer, &mut Chance),
) -> Vec<(TopicNumber, Id<Inquiry>)> {
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let mut first_of: Vec<Option<Id<Inquiry>>> = vec![None; plan.topics as usize];
    let mut pairs = vec![];
    let seconds = DAYS * 86_400 / i64::from(plan.inquiries.max(1));
    for n in 0..plan.inquiries {
        let back = SignedDuration::from_secs(seconds * i64::from(plan.inquiries - n));
        let asked = now - back;
        let alone = n.is_multiple_of(ALONE_EVERY) && plan.topics <= n;
        // Each topic once, then a few far more often than most.
        let topic = if n < plan.topics { n } else { skewed(plan.topics, chance) };
        let id = Id::<Inquiry>::new(asked);
        let page = address(topic % plan.pages);
        let facts = facts((topic, page), (asked, Week::of(asked, &zone)), chance);
        let seq = writer.put(encode(id.uuid(), &InquiryEvent::Logged(facts)));
        if !alone {
            first_of[topic as usize].get_or_insert(id);
            pairs.push((seq, Some(TopicNumber(topic + 1))));
        }
    }
    let through = writer.next - 1;
    for pairs in pairs.chunks(RunRow::PAIRS_MAX) {
        let event = RunEvent::Assigned { pairs: pairs.to_vec(), through };
        writer.put(encode(RunRow::live(), &event));
    }
    let numbered = (1..).map(TopicNumber).zip(first_of);
    numbered.filter_map(|(number, id)| Some((number, id?))).collect()
}

/// The first topics are asked far more often than the last.
fn skewed(topics: u32, chance: &mut Chance) -> u32 {
    let share = f64::from(chance.below(1 << 20)) / f64::from(1 << 20);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to topics")]
    let topic = (f64::from(topics) * share.powi(4)) as u32;
    topic.min(topics - 1)
}

fn facts(
    (topic, page): (u32, String),
    (asked, week): (Timestamp, Week),
    chance: &mut Chance,
) -> InquiryFacts {
    let (want, subject) = (WANTS[chance.below(6) as usize], SUBJECTS[(topic % 12) as usize]);
    let channel = match chance.below(100) {
        0..70 => Channel::Phone,
        70..85 => Channel::Desk,
        85..94 => Channel::Email,
        94..98 => Channel::Chat,
        _ => Channel::SiteSearch,
    };
    let outcome = match chance.below(10) {
        0..3 => Outcome::Page { address: page },
        3..5 => Outcome::NotOnSite,
        5..7 => Outcome::Answered,
        7 => Outcome::OwnCase,
        _ => Outcome::Unknown,
    };
    let text = format!("{want} {subject} på stad {topic} {}", chance.below(40));
    InquiryFacts {
        text: Question::redacted(&text),
        asked,
        week,
        channel,
        desk: format!("Mottak {}", 1 + chance.below(8)),
        norm: [Norm::Nn, Norm::Nn, Norm::Nb, Norm::Unsure][chance.below(4) as usize],
        outcome,
        note: None,
        count: 1,
        source: Source::Screen,
        by: None,
    }
}

/// Writes a topic with its verdict and the work on it.
fn topic(
    number: TopicNumber,
    (exemplar, page): (Id<Inquiry>, String),
    (writer, chance): (&mut Writer, &mut Chance),
) {
    let entity = Topic::entity(number);
    let created = TopicEvent::Created { number, exemplar, split_from: None, by: None };
    writer.put(encode(entity, &created));
    let subject = SUBJECTS[((number.0 - 1) % 12) as usize];
    let words = vec![subject.to_owned(), format!("stad {}", number.0)];
    writer.put(encode(entity, &TopicEvent::Labelled { exemplar, words }));
    if number.0.is_multiple_of(MERGED_EVERY) {
        let event = TopicEvent::Merged { into: TopicNumber(number.0 - 1), by: None };
        writer.put(encode(entity, &event));
    }
    let verdict = Verdict::ALL[chance.below(6) as usize];
    let evidence = Evidence {
        nearest: vec![Nearest { address: page.clone(), passage: 0 }],
        pages: vec![page.clone()],
        covered: vec![subject.to_owned()],
        missing: vec!["stad".to_owned(), "opnar".to_owned()],
        ..Evidence::default()
    };
    let gap_score = f64::from(chance.below(100)) / 100.0;
    let based_on = writer.next - 1;
    let judged =
        VerdictEvent::Judged(Judgement { topic: number, verdict, gap_score, evidence, based_on });
    writer.put(encode(Judging::entity(number), &judged));
    if number.0.is_multiple_of(WORKED_ON_EVERY) {
        work(number, page, (writer, chance));
    }
}

fn work(topic: TopicNumber, address: String, (writer, chance): (&mut Writer, &mut Chance)) {
    let owner = Id::<Person>::new(writer.at);
    // Worked on long enough ago for its effect to be measured.
    let worked = writer.began - SignedDuration::from_hours(24 * i64::from(30 + chance.below(300)));
    writer.at_time(worked);
    let step = match chance.below(3) {
        0 => Step::Take { owner },
        1 => Step::LinkPage { address },
        _ => Step::Dismiss { reason: "er ikkje vårt".to_owned(), inquiries: 9 },
    };
    writer.put(encode(Gap::entity(topic), &GapEvent::Changed { topic, step, by: None }));
    writer.at_time(writer.began);
}
