//! A town that lives through the days: people ask, some of it is logged, nights pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use skranke::app::{App, NewPerson, OpenOptions};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Inquiry, Outcome, Source};
use skranke::journal::Seq;
use skranke::messages::Lang;
use skranke::people::{Person, Role};
use skranke::week::Week;

use super::chance::{self, chance, share, times};
use super::content::{Once, Tongue, noted, once};
use super::truth::{Holds, Known, logging_rate, world};
use super::website::{SITE, Website};
use crate::personal::generator::Random;

/// What was logged, and of which need it truly is; none for what one person asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logged {
    pub(super) need: Option<usize>,
    pub(super) day: usize,
    pub(super) contacts: u32,
    id: Id<Inquiry>,
    is_in_other_norm: bool,
    has_text: bool,
}

/// How large a year is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) seed: u64,
    pub(super) weeks: usize,
    pub(super) needs: usize,
}

/// Questions that nobody else asks, on a day of work.
const ONCE_A_DAY: f64 = 4.2;

pub(super) struct Life {
    pub(super) app: Arc<App>,
    pub(super) world: Vec<Known>,
    pub(super) logged: BTreeMap<Seq, Logged>,
    pub(super) day: usize,
    pub(super) editor: Id<Person>,
    website: Website,
    once: Once,
    scale: Scale,
    start: Timestamp,
    _folder: tempfile::TempDir,
}

impl Life {
    pub(super) fn begin(scale: Scale) -> Self {
        let start: Timestamp = "2025-01-05T23:00:00Z".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let (data, clock) = (folder.path().join("data"), Clock::fixed(start));
        let app = App::open(OpenOptions { data, clock, zone }).unwrap();
        let new = NewPerson {
            login: "redaktor".to_owned(),
            name: "Redaktør".to_owned(),
            role: Role::Admin,
            lang: Lang::Nn,
            passphrase: "fire raude bussar i regn".to_owned(),
        };
        let editor = app.set_up(&app.setup_code().unwrap(), new).unwrap();
        let Scale { seed, weeks, needs } = scale;
        Self {
            app,
            world: world(seed, (weeks * 7, needs)),
            logged: BTreeMap::new(),
            day: 0,
            editor,
            website: Website::new(seed),
            once: once(),
            scale,
            start,
            _folder: folder,
        }
    }

    /// The clock stands at so many minutes of the day.
    pub(super) fn at(&self, minutes: i64) -> Timestamp {
        let days = i64::try_from(self.day).unwrap();
        let at = self.start + SignedDuration::from_mins(days * 24 * 60 + minutes);
        self.app.clock.advance_to(at);
        at
    }

    /// The week of the first day.
    pub(super) fn first_week(&self) -> Week {
        Week::of(self.start, &self.app.zone)
    }

    /// The website is visited, and what follows a visit is done, at two in the night.
    pub(super) fn night(&mut self) {
        self.at(120);
        let day = self.day;
        self.world.iter_mut().for_each(|it| it.live(day));
        self.app.take_pages(SITE, &self.website.read(&self.world), None).unwrap();
        self.app.after_crawl().unwrap();
        self.app.settle().unwrap();
    }

    /// People ask from eight to three.
    pub(super) fn ask(&mut self) {
        let mut asked: Vec<(usize, Option<usize>)> = vec![];
        for at in 0..self.world.len() {
            let mut random = chance::of(self.scale.seed, [3, at, self.day]);
            let n = times(self.world[at].expected(self.day), &mut random);
            asked.extend((0..n).map(|_| (480 + random.below(420), Some(at))));
        }
        let mut random = chance::of(self.scale.seed, [4, 0, self.day]);
        let mean = ONCE_A_DAY * crate::scores::count(self.world.len()) / 52.0;
        let n = if self.day % 7 < 5 { times(mean, &mut random) } else { 0 };
        asked.extend((0..n).map(|_| (480 + random.below(420), None)));
        asked.sort_unstable();
        for (minute, need) in asked {
            if chance(logging_rate(self.day), &mut random) {
                self.log(minute, need, &mut random);
            }
        }
        self.app.settle().unwrap();
    }

    fn log(&mut self, minute: usize, need: Option<usize>, random: &mut Random) {
        let asked = self.at(i64::try_from(minute).unwrap());
        let n = self.logged.len() as u64;
        let id = Id::<Inquiry>::derived(&[b"year", &n.to_be_bytes()]);
        let before = need.and_then(|it| self.before(it, random));
        let repeated = before.filter(|_| chance(0.12, random));
        let many = if chance(0.05, random) { 2 + random.below(3) } else { 1 };
        let (text, is_in_other_norm) = match (need, repeated) {
            (_, Some(_)) => (None, false),
            (Some(need), None) => {
                let known = &self.world[need];
                let page = self.website.tongue(known);
                let tongue = known.tongue(page, share(random));
                let is_other = tongue != Tongue::En && tongue != page && !known.need.own_case;
                (Some(noted(&known.need.phrase(tongue, random), random)), is_other)
            }
            (None, None) => (Some(noted(&self.once.phrase(random), random)), false),
        };
        let has_text = text.is_some();
        let outcome = match repeated {
            Some(inquiry) => Outcome::SameAs { inquiry },
            None => self.outcome(need, random),
        };
        let count = u16::try_from(if need.is_some() { many } else { 1 }).unwrap();
        let entry = Entry {
            id,
            text,
            asked,
            channel: [Channel::Phone, Channel::Phone, Channel::Desk, Channel::Email]
                [random.below(4)],
            desk: "Rådhuset".to_owned(),
            outcome,
            note: None,
            count,
            counts_only: false,
            source: Source::default(),
            by: Some(self.editor),
            keep: Kinds::NONE,
        };
        let seq = self.app.log(entry).unwrap().seq;
        let (day, contacts) = (self.day, u32::from(count));
        self.logged.insert(seq, Logged { need, day, contacts, id, is_in_other_norm, has_text });
    }

    /// A question of the same need that was noted in words.
    fn before(&self, need: usize, random: &mut Random) -> Option<Id<Inquiry>> {
        let noted = self.logged.values().filter(|it| it.need == Some(need) && it.has_text);
        let noted: Vec<Id<Inquiry>> = noted.map(|it| it.id).collect();
        (!noted.is_empty()).then(|| noted[random.below(noted.len())])
    }

    /// What the desk says came of it: mostly nothing, and now and then something wrong.
    fn outcome(&self, need: Option<usize>, random: &mut Random) -> Outcome {
        let Some(known) = need.map(|it| &self.world[it]) else { return Outcome::Unknown };
        let address = Website::address(&known.need.page);
        let (page, not_there) = match known.holds {
            _ if known.need.own_case => {
                return if chance(0.6, random) { Outcome::OwnCase } else { Outcome::Unknown };
            }
            Holds::Answer | Holds::Mended => (0.25, 0.01),
            Holds::OtherWords | Holds::OtherNorm => (0.15, 0.04),
            Holds::Part | Holds::Old => (0.04, 0.08),
            Holds::Nothing => (0.01, 0.15),
        };
        match share(random) {
            it if it < page => Outcome::Page { address },
            it if it < page + not_there => Outcome::NotOnSite,
            it if it < 0.5 => Outcome::Answered,
            _ => Outcome::Unknown,
        }
    }

    /// Contacts of a topic by what they truly are of.
    pub(super) fn members(&self, topic: TopicNumber) -> BTreeMap<Option<usize>, u32> {
        let mut members = BTreeMap::new();
        for line in self.app.lines_of(topic) {
            *members.entry(self.logged[&line.seq].need).or_default() += line.contacts();
        }
        members
    }

    /// Where the questions of a need stand: topics with their verdicts and their share of them.
    pub(super) fn stands(&self, need: usize) -> String {
        let columns = self.app.state.inquiries.columns();
        let lines: Vec<_> = columns.live().cloned().collect();
        drop(columns);
        let mut counts: BTreeMap<Option<TopicNumber>, u32> = BTreeMap::new();
        for line in lines.iter().filter(|it| self.logged[&it.seq].need == Some(need)) {
            let topic = line.topic.and_then(|it| self.app.resolve(it));
            *counts.entry(topic).or_default() += line.contacts();
        }
        let told = counts.into_iter().map(|(topic, n)| {
            let Some(topic) = topic else { return format!("{n} alone") };
            let all: u32 = self.members(topic).values().sum();
            let line = self.app.topic(topic).unwrap().unwrap();
            let verdict = line.verdict.map(|it| it.row.judgement.verdict.name());
            format!(
                "{n} of {all} in {topic} ({}, {})",
                verdict.unwrap_or("-"),
                line.state.name().name()
            )
        });
        told.collect::<Vec<_>>().join(", ")
    }

    /// The need that more than half of a topic's contacts are of.
    pub(super) fn majority(&self, topic: TopicNumber) -> Option<usize> {
        let members = self.members(topic);
        let all: u32 = members.values().sum();
        members.into_iter().find(|it| all < 2 * it.1)?.0
    }

    /// Shares of what was noted: in the other norm than the page, and asked by one person only.
    pub(super) fn shares(&self) -> (f64, f64) {
        let notes = || self.logged.values().filter(|it| it.has_text);
        let count = |n: usize| crate::scores::count(n);
        let of_pages = |it: &&Logged| it.need.is_some_and(|it| !self.world[it].need.own_case);
        let other = notes().filter(|it| it.is_in_other_norm).count();
        let alone = notes().filter(|it| it.need.is_none()).count();
        let of_pages = notes().filter(of_pages).count();
        (count(other) / count(of_pages), count(alone) / count(notes().count()))
    }
}
