//! What is kept ready for screens says what one made anew would say, whatever has happened: the
//! board, the order of the gaps, the figures.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use skranke::app::{App, Decider, FiguresOf, GapFilter, OpenOptions, TopicDecision};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{CallCount, Channel, Entry, Inquiry, Outcome, Source};
use skranke::review::Step;
use skranke::topic::Scope;

const WORDS: [&str; 6] = [
    "symjehallen opnar",
    "barnehage pris",
    "bosstømming dag",
    "hund i band",
    "snø i gata",
    "feiar",
];

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }
}

fn open(data: &Path, clock: &Clock) -> Arc<App> {
    let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
    let options = OpenOptions { data: data.to_owned(), clock: clock.clone(), zone };
    App::open(options).expect("opened")
}

fn log(app: &App, chance: &mut Chance) -> Id<Inquiry> {
    let channels = [Channel::Phone, Channel::Desk, Channel::SiteSearch];
    // Some come from a list that was written down weeks ago, or by a clock that is ahead.
    let days = [0, 0, 0, 3, 27, 40, -2][chance.below(7)];
    let entry = Entry {
        id: Id::new(app.now() + SignedDuration::from_nanos(chance.below(999_999) as i64)),
        text: Some(format!("{} {}", WORDS[chance.below(6)], chance.below(3))),
        asked: app.now() - SignedDuration::from_hours(24 * days),
        channel: channels[chance.below(3)],
        desk: String::new(),
        outcome: Outcome::Unknown,
        note: None,
        count: 1,
        counts_only: false,
        source: Source::Screen,
        by: None,
        keep: Kinds::NONE,
    };
    app.log(entry).expect("logged").id
}

/// One thing that people or time do.
fn happen(app: &App, clock: &Clock, (chance, ids): (&mut Chance, &mut Vec<Id<Inquiry>>)) {
    let topics: Vec<TopicNumber> = app.state.topics.all().iter().map(|it| it.row.number).collect();
    let (who, id) = (Decider { by: None, version: None }, ids[chance.below(ids.len())]);
    let what = chance.below(12);
    let (Some(&topic), Some(&other)) = (
        topics.get(chance.below(topics.len().max(1))),
        topics.get(chance.below(topics.len().max(1))),
    ) else {
        app.group().expect("grouped");
        return;
    };
    let until = app.now() + SignedDuration::from_hours(24 * 9);
    let inquiries = 3;
    // What is refused changes nothing, which is as good a step as any.
    match what {
        0 | 1 => ids.push(log(app, chance)),
        2 => clock.advance_by(SignedDuration::from_hours(chance.below(24 * 16) as i64)),
        3 => drop(app.move_inquiry(id, Some(topic), None)),
        4 => drop(app.decide_topic(topic, TopicDecision::Merge(other), who)),
        5 => drop(app.decide_topic(topic, TopicDecision::Unmerge, who)),
        6 => drop(app.set_removed(id, chance.below(2) == 0, None)),
        7 => drop(app.step(topic, Step::Snooze { until }, who)),
        9 => {
            let address = "https://fjordvik.example/".to_owned();
            drop(app.step(topic, Step::LinkPage { address }, who));
        }
        10 => {
            let day = app.now().to_zoned(app.zone.clone()).date();
            let calls = 1 + chance.below(30) as u32;
            let count = CallCount { desk: None, channel: Channel::Phone, calls };
            drop(app.put_call_count(day, count, None));
        }
        8 => drop(app.decide_topic(topic, TopicDecision::SetScope(Scope::OwnCase), who)),
        _ => {
            drop(app.step(topic, Step::Dismiss { reason: "nei".into(), inquiries }, who));
            drop(app.split(topic, &[id], None));
        }
    }
}

#[test]
fn what_is_kept_says_what_is_counted_anew() {
    for seed in 1..4 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("a time");
        let clock = Clock::fixed(start);
        let mut app = open(folder.path(), &clock);
        let (mut chance, mut ids) = (Chance(seed), vec![]);
        (0..20).for_each(|_| ids.push(log(&app, &mut chance)));
        app.settle().expect("folded");
        app.group().expect("grouped");
        for round in 0..8 {
            for _ in 0..12 {
                app.settle().expect("folded");
                happen(&app, &clock, (&mut chance, &mut ids));
                app.settle().expect("folded");
                kept_ready(&app);
            }
            let kept = kept_ready(&app);
            app.close();
            drop(app);
            app = open(folder.path(), &clock);
            let anew = kept_ready(&app);
            assert_eq!(kept, anew, "seed {seed}, round {round}");
        }
        assert!(!app.board().expect("it can be read").is_empty());
    }
}

/// All that is kept, as it stands.
fn kept_ready(app: &App) -> String {
    let board = app.board().expect("it can be read");
    let gaps = app.gaps(&GapFilter { all: true, ..GapFilter::default() }).expect("they can be");
    let of = |year| app.figures(FiguresOf { year, quotes: true }).expect("they can be read");
    let lines: Vec<_> = board.lines().collect();
    format!("{lines:#?}{gaps:#?}{:#?}{:#?}", of(None), of(Some(2026)))
}
