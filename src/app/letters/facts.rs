//! The facts of a week or a month out of the tables, as they stood when it was over.
//!
//! A later step on a gap changes no earlier letter. What the records keep in one version only is
//! read as it stands: the last verdict with its page and its weight, a topic's name, scope and
//! inquiries, and inquiries logged or taken back afterward.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::known::Known;
use crate::app::{App, AsOf, Share};
use crate::digest::{
    Answered, ByChannel, Effect, Facts, OpenGap, Period, Place, Rise, StillAsked, Taken, Verified,
};
use crate::effect::{self, Measured};
use crate::gap::{Candidate, Verdict, rank};
use crate::id::TopicNumber;
use crate::inquiry::{Channel, Line, WeekSums};
use crate::messages::Lang;
use crate::organisation::{Names, Settings};
use crate::review::StateName;
use crate::topic::{Scope, Window};
use crate::view::ViewError;
use crate::week::Week;

/// What a mend is measured against: so many weeks before it.
const MEND_WEEKS_BEFORE: i32 = 4;
/// A mended topic is told as still asked from so many inquiries in the period on.
const STILL_MIN: u32 = 2;
/// A topic rises when it is asked half as often again as before, and so many times more.
const RISE_MIN: f64 = 3.0;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A week or a month as it was when it was over.
struct Told<'a> {
    app: &'a App,
    period: Period,
    /// Its first instant.
    start: Timestamp,
    /// Its last instant.
    end: Timestamp,
    /// The first week that anything was asked in, and the first instant.
    first: Option<(Week, Timestamp)>,
    topics: Vec<Known>,
}

impl App {
    /// What the letter of a week or a month tells; the address of the service is for the caller to
    /// fill in.
    pub fn letter_facts(&self, period: impl Into<Period>) -> Result<Facts, ViewError> {
        let period = period.into();
        let told = Told::of(self, period);
        let decide = told.decide();
        let verified = told.verified();
        let before = told.has_before();
        let (inquiries, inquiries_before) = told.inquiries();
        Ok(Facts {
            organization: self.state.settings().name,
            base: String::new(),
            period,
            inquiries: inquiries.into(),
            inquiries_before: before.then(|| told.mean(inquiries_before)),
            channels: told.channels(),
            answered: told.answered(),
            open_gaps: told.topics.iter().filter(|it| told.is_open_gap(it)).count() as u64,
            n_waiting: decide.iter().filter(|it| !it.is_new).count() as u64,
            still_asked: told.still_asked(&verified),
            verified: verified.iter().map(|it| told.verified_gap(it)).collect(),
            taken: told.taken(),
            effect: told.effect()?,
            rises: told.rises(),
            logging_rate: told.logging_rate(),
            n_masked: told.n_masked(),
            is_new: !before,
            decide,
        })
    }
}

/// What the organisation itself calls a channel, for each reader.
fn own_names(settings: &Settings, channel: Channel) -> Names {
    let names = settings.channel_names.get(&channel);
    let own = |lang| names.and_then(|it| it.of(lang, settings.lang)).unwrap_or_default().to_owned();
    Lang::ALL.into_iter().map(|lang| (lang, own(lang))).collect()
}

impl<'a> Told<'a> {
    fn of(app: &'a App, period: Period) -> Self {
        let start = period.first().start(&app.zone);
        let week = period.last();
        let end = week.plus(1).start(&app.zone) - SignedDuration::from_nanos(1);
        let first = {
            let columns = app.state.inquiries.columns();
            columns.live().map(|it| (it.week, it.asked)).min()
        };
        let candidate_inquiries = app.state.settings().candidate_inquiries;
        let topics = app.topics_then(Window { now: end, week, weeks: 1, candidate_inquiries });
        Self { app, period, start, end, first, topics }
    }

    /// Whether the weeks before can be compared with.
    fn has_before(&self) -> bool {
        let first_before = self.period.first().plus(-i64::from(self.period.n_before()));
        self.first.is_some_and(|it| it.0 <= first_before)
    }

    /// What the weeks before make over so long a time as is told.
    fn mean(&self, before: u32) -> f64 {
        f64::from(before * self.period.n_weeks()) / f64::from(self.period.n_before())
    }

    /// Inquiries in the period, and in the weeks before.
    fn inquiries(&self) -> (u32, u32) {
        self.summed(WeekSums::contacts)
    }

    /// What the period has come to, and the weeks before.
    fn summed(&self, of: impl Fn(&WeekSums) -> u32) -> (u32, u32) {
        let columns = self.app.state.inquiries.columns();
        let sum = |week| columns.in_week(week).map_or(0, &of);
        (self.period.weeks().map(sum).sum(), self.period.before().map(sum).sum())
    }

    /// The contacts of a topic in the period, and in the weeks before.
    fn count(&self, topic: &Known) -> (u32, u32) {
        let (first, last) = (self.period.first(), self.period.last());
        let first_before = first.plus(-i64::from(self.period.n_before()));
        (topic.asked_in(first, last), topic.asked_in(first_before, first.plus(-1)))
    }

    fn channels(&self) -> Vec<ByChannel> {
        let settings = self.app.state.settings();
        let has_before = self.has_before();
        let by_channel = Channel::ALL.into_iter().map(|channel| {
            let (inquiries, before) = self.summed(|it| it.by(channel));
            let before = has_before.then(|| self.mean(before));
            let names = own_names(&settings, channel);
            ByChannel { channel, names, inquiries: inquiries.into(), before }
        });
        by_channel.filter(|it| 0 < it.inquiries || it.before.is_some_and(|it| 0.0 < it)).collect()
    }

    /// How many the website answered, of those of which the staff said: the reckoning of the
    /// figures, which rests on records alone and is the same whenever it is made.
    fn answered(&self) -> Option<Answered> {
        let columns = self.app.state.inquiries.columns();
        let share = |week| columns.in_week(week).map_or_else(Share::default, Share::answered);
        let percent = |it: Share| it.is_sure().then(|| it.percent());
        let now = percent(self.period.weeks().map(share).fold(Share::default(), Share::with))?;
        let before =
            || percent(self.period.before().map(share).fold(Share::default(), Share::with));
        Some(Answered { percent: now, percent_before: self.has_before().then(before).flatten() })
    }

    /// Whether a topic stood in the list of gaps then, in a state that editors have before them.
    fn is_open_gap(&self, topic: &Known) -> bool {
        let threshold = self.app.state.settings().candidate_inquiries;
        let touched = topic.past.name != StateName::New;
        let wanted = threshold <= topic.demand.within_30_days_max;
        let is_gap = touched || (topic.needs_an_editor() && wanted);
        topic.scope == Scope::General && is_gap && topic.past.name.is_open()
    }

    /// The gaps that nobody had taken, most wanted first.
    fn decide(&self) -> Vec<OpenGap> {
        let free = |it: &&Known| {
            let is_free = match it.past.name {
                StateName::New | StateName::Reopened => true,
                StateName::Taken
                | StateName::Done
                | StateName::Verified
                | StateName::Dismissed
                | StateName::Snoozed => false,
            };
            is_free && it.needs_an_editor() && self.is_open_gap(it)
        };
        let topics: BTreeMap<TopicNumber, &Known> =
            self.topics.iter().filter(free).map(|it| (it.number, it)).collect();
        let candidates: Vec<Candidate> = topics.values().map(|it| it.candidate()).collect();
        let ranked = rank(&candidates);
        ranked.iter().filter_map(|it| topics.get(&it.topic)).map(|it| self.open_gap(it)).collect()
    }

    fn open_gap(&self, topic: &Known) -> OpenGap {
        let since = topic.past.since.or(topic.demand.candidate_since);
        let nearest = topic.nearest.as_ref().map(|url| Place {
            title: self.app.page_title(url).filter(|it| !it.is_empty()).unwrap_or(url.clone()),
            url: url.clone(),
        });
        OpenGap {
            topic: topic.number.to_string(),
            name: topic.name.clone(),
            count: self.asked_lately(topic).into(),
            is_new: since.is_some_and(|it| self.start <= it),
            trend: self.has_before().then_some(topic.demand.trend),
            verdict: topic.verdict.unwrap_or(Verdict::Missing),
            nearest,
            link: link(topic.number),
        }
    }

    /// The contacts of a topic over the month, or over the four weeks that end with the week.
    fn asked_lately(&self, topic: &Known) -> u32 {
        let last = self.period.last();
        topic.asked_in(last.plus(1 - i64::from(self.period.n_before())), last)
    }

    /// The gaps that editors worked on, those taken last first.
    fn taken(&self) -> Vec<Taken> {
        let is_taken = |it: &&Known| it.past.name == StateName::Taken && self.is_open_gap(it);
        let mut taken: Vec<&Known> = self.topics.iter().filter(is_taken).collect();
        taken.sort_by_key(|it| std::cmp::Reverse(it.past.since));
        let named = |it: &Known| Taken { name: it.name.clone(), link: link(it.number) };
        taken.into_iter().map(named).collect()
    }

    /// The gaps that a crawl verified in the period.
    fn verified(&self) -> Vec<&Known> {
        let in_week = |it: &Known| it.past.since.is_some_and(|at| self.start <= at);
        let verified = |it: &&Known| it.past.name == StateName::Verified && in_week(it);
        self.topics.iter().filter(verified).collect()
    }

    fn verified_gap(&self, topic: &Known) -> Verified {
        let linked = topic.past.linked.unwrap_or(self.end);
        let asked = |from: Timestamp, to: Timestamp| -> u32 {
            let lines = topic.lines.iter().filter(|it| from <= it.asked && it.asked < to);
            lines.map(Line::contacts).sum()
        };
        let weeks = |from: Timestamp, to: Timestamp| to.duration_since(from).div_duration_f64(WEEK);
        let from = linked - WEEK * MEND_WEEKS_BEFORE;
        // A log that is younger than four weeks is measured by its own age.
        let first = self.first.map_or(from, |it| it.1.max(from));
        let after = weeks(linked, self.end);
        Verified {
            name: topic.name.clone(),
            inquiries: asked(Timestamp::MIN, linked).into(),
            before: f64::from(asked(from, linked)) / weeks(first, linked).max(1.0),
            after: (1.0 <= after).then(|| f64::from(asked(linked, self.end)) / after),
            published: Week::of(linked, &self.app.zone),
            link: link(topic.number),
        }
    }

    /// What the mends have led to by the end of the period; none while none can be measured.
    fn effect(&self) -> Result<Option<Effect>, ViewError> {
        let effects = self.app.effects(AsOf { last: self.period.last(), at: self.end }, false)?;
        let measured: Vec<&Measured> = effects.iter().filter_map(|it| it.measured()).collect();
        let Some(saved) = effect::together(measured.iter().copied()) else { return Ok(None) };
        Ok(Some(Effect {
            n_gaps: measured.len() as u64,
            n_weeks: measured.iter().map(|it| it.after.weeks as u64).max().unwrap_or(0),
            fewer: outward(saved.contacts),
            range: Some((outward(saved.interval.low), outward(saved.interval.high))),
            minutes_each: self.app.state.settings().minutes_each.map(u32::from),
        }))
    }

    /// Topics mended before the period that people still asked about in it, most asked first.
    fn still_asked(&self, verified: &[&Known]) -> Vec<StillAsked> {
        let told: BTreeSet<TopicNumber> = verified.iter().map(|it| it.number).collect();
        let mut still: Vec<StillAsked> = vec![];
        for topic in self.topics.iter().filter(|it| !told.contains(&it.number)) {
            let Some(linked) = topic.past.linked.filter(|it| *it < self.start) else { continue };
            let (count, _) = self.count(topic);
            if STILL_MIN <= count {
                still.push(StillAsked {
                    name: topic.name.clone(),
                    count: count.into(),
                    published: Week::of(linked, &self.app.zone),
                    link: link(topic.number),
                });
            }
        }
        still.sort_by_key(|it| std::cmp::Reverse(it.count));
        still
    }

    /// The topic that rose most.
    fn rises(&self) -> Option<Rise> {
        if !self.has_before() {
            return None;
        }
        let mut most: Option<(f64, Rise)> = None;
        for topic in &self.topics {
            let (to, before) = self.count(topic);
            let (from, to) = (self.mean(before), f64::from(to));
            let rise = to - from;
            let is_rise = RISE_MIN <= rise && from * 1.5 <= to;
            if is_rise && most.as_ref().is_none_or(|it| it.0 < rise) {
                let (name, link) = (topic.name.clone(), format!("/topics/{}", topic.number));
                most = Some((rise, Rise { name, from, to, link }));
            }
        }
        most.map(|it| it.1)
    }

    /// The share of the calls that were logged; none without totals of the switchboard.
    fn logging_rate(&self) -> Option<u8> {
        let rates = self.app.logging_rates(self.period.last());
        let known = self.period.weeks().filter_map(|it| rates.get(&it).copied());
        let share = known.fold(Share::default(), Share::with);
        (0 < share.all).then(|| share.percent())
    }

    /// Texts of the period that hold a mask.
    fn n_masked(&self) -> u64 {
        self.summed(|it| it.quality().masked).0.into()
    }
}

/// A whole number, away from zero: what is certain but small stays certain.
#[expect(clippy::cast_possible_truncation, reason = "so many contacts nobody has")]
fn outward(contacts: f64) -> i64 {
    (contacts.abs().ceil() * contacts.signum()) as i64
}

fn link(topic: TopicNumber) -> String {
    format!("/gaps/{topic}")
}
